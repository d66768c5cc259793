//! The steps a rule is away from another one: left out, a stop of the other kind, held half or twice as long, a key
//! forgotten; and those of a stage's bake. What its conditions say is another matter.

use std::sync::Arc;

use super::change::{At, Change, Key};
use super::{List, Subject, one_line};
use crate::expr::duration::{format_duration, parse_duration};
use crate::policy::decode::Text;
use crate::policy::document::rule::ItemsDocument;
use crate::policy::document::{LastingDocument, RuleDocument};
use crate::verdict::Effect;

impl List<'_> {
    /// The mutants of all rules, wherever they are written: of one that is taken over only there.
    pub(super) fn rules(&mut self) {
        let document = &self.checked.document;
        let mut groups = Vec::new();
        for (index, rule) in document.rules.rules.iter().enumerate() {
            let of = Subject::anywhere(rule.id.as_str());
            let at = At {
                stage: None,
                rule: index,
            };
            self.rule(&of, rule, at, &mut groups);
        }
        for (stage, written) in document.stages.iter().flatten().enumerate() {
            let stages = Some(self.heirs(written));
            let name: Arc<str> = Arc::from(written.name.as_str());
            if let Some(bake) = &written.bake {
                let of = Subject {
                    stage: Some(Arc::clone(&name)),
                    rule: Arc::from("stage.bake"),
                    stages: Some(vec![Arc::clone(&name)]),
                };
                self.bake(&of, bake);
            }
            for (index, rule) in written.rules.rules.iter().enumerate() {
                let of = Subject {
                    stage: Some(Arc::clone(&name)),
                    rule: Arc::from(rule.id.as_str()),
                    stages: stages.clone(),
                };
                let at = At {
                    stage: Some(stage),
                    rule: index,
                };
                self.rule(&of, rule, at, &mut groups);
            }
        }
    }

    fn rule(&mut self, of: &Subject, rule: &RuleDocument, at: At, groups: &mut Vec<usize>) {
        let gone = if rule.given().is_empty() {
            ("this override".to_owned(), "none".to_owned())
        } else {
            let was = format!("{}: {}", rule.effect.name(), said(rule));
            (was, "no rule".to_owned())
        };
        self.add(of, rule.id.span, gone, Change::Drop(at));
        let other = match rule.effect {
            Effect::Hold => Some("rollback"),
            Effect::Rollback => Some("hold"),
            Effect::Require => None,
        };
        if let Some(other) = other {
            let swapped = (rule.effect.name().to_owned(), other.to_owned());
            self.add(of, rule.id.span, swapped, Change::Swap(at));
        }
        if let Some(text) = &rule.expr {
            self.condition(of, text, "", rule.for_each.is_some());
        }
        if let Some(text) = &rule.when {
            self.condition(of, text, "when: ", rule.for_each.is_some());
        }
        if let Some(text) = rule.group.as_ref().and_then(|group| group.when.as_ref())
            // The condition of a group is one for all its rules: the first of them stands for it.
            && !groups.contains(&text.span.start)
        {
            groups.push(text.span.start);
            self.condition(of, text, "when of its group: ", rule.for_each.is_some());
        }
        if let Some(each) = &rule.for_each
            && let ItemsDocument::Expression(text) = &each.items
        {
            self.items(of, text);
        }
        if let Some(hold) = &rule.hold {
            self.length(of, hold, "for");
        }
        self.keys(of, rule, at);
        self.proofs(of, rule, at);
    }

    /// Keys that are easily forgotten.
    fn keys(&mut self, of: &Subject, rule: &RuleDocument, at: At) {
        let text = |key: &str, text: &Option<Text>| {
            text.as_ref()
                .map(|text| (format!("{key}: {}", text.as_str()), text.span))
        };
        let flag = |key: &str, value: Option<bool>, told: bool| {
            (value == Some(told)).then(|| (format!("{key}: {told}"), rule.id.span))
        };
        let keys = [
            (Key::Missing, "missing", text("missing", &rule.missing)),
            (Key::OnUnmet, "on_unmet", text("on_unmet", &rule.on_unmet)),
            (Key::Latch, "latch", flag("latch", rule.latch, false)),
            (Key::Watch, "watch", flag("watch", rule.watch, true)),
        ];
        for (key, name, written) in keys {
            if let Some((was, span)) = written {
                let told = (was, format!("no {name}"));
                self.add(of, span, told, Change::Without(at, key));
            }
        }
    }

    fn bake(&mut self, of: &Subject, bake: &LastingDocument) {
        match bake {
            LastingDocument::Plain(text) => self.length(of, text, "bake"),
            LastingDocument::Business {
                length: Some(text), ..
            } => self.counted(of, text, "bake"),
            LastingDocument::Business { .. } => {}
        }
    }

    /// A length of time, half of it and twice as long.
    pub(super) fn length(&mut self, of: &Subject, text: &Text, key: &str) {
        let Ok(length) = parse_duration(text.as_str()) else {
            return;
        };
        for other in [length.checked_div(2), length.checked_mul(2)]
            .into_iter()
            .flatten()
        {
            self.text(of, text, key, format_duration(other));
        }
    }

    /// A count of business days or hours: an hour of them is none of the clock's.
    fn counted(&mut self, of: &Subject, text: &Text, key: &str) {
        let written = text.as_str();
        let split = written
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(written.len());
        let (digits, unit) = written.split_at_checked(split).unwrap_or_default();
        let Ok(count) = digits.parse::<u32>() else {
            return;
        };
        let half = (count % 2 == 0).then(|| count.checked_div(2)).flatten();
        for other in [half, count.checked_mul(2)].into_iter().flatten() {
            self.text(of, text, key, format!("{other}{unit}"));
        }
    }

    /// A key whose text becomes another one.
    pub(super) fn text(&mut self, of: &Subject, text: &Text, key: &str, becomes: String) {
        let told = (
            format!("{key}: {}", text.as_str()),
            format!("{key}: {becomes}"),
        );
        self.add(of, text.span, told, Change::Text(text.span, becomes));
    }
}

/// What a rule says, in short.
fn said(rule: &RuleDocument) -> String {
    if let Some(text) = &rule.expr {
        return one_line(text.as_str());
    }
    let proofs = &rule.proofs;
    let evidence = proofs
        .evidence
        .as_ref()
        .and_then(|evidence| evidence.id.as_ref());
    let of = |key: &str, text: &Text| format!("{key}: {}", text.as_str());
    let text = evidence.map(|id| of("evidence", id));
    let text = text.or_else(|| proofs.during.as_ref().map(|name| of("during", name)));
    let key = || rule.given().first().map(|(key, _)| (*key).to_owned());
    text.or_else(key).unwrap_or_default()
}
