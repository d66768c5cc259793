//! Waivers held against a policy: which rule each names, until when. Never whether a rule needs one.

use std::sync::Arc;

use jiff::Timestamp;

use super::Waiver;
use super::document::{SUBJECT, WaiverDocument};
use crate::policy::decode::Text;
use crate::policy::{Policy, Rule, Stage};
use crate::snapshot::Subject;
use crate::source::hidden::blank;
use crate::source::problem::nearest;
use crate::source::{Code, Label, Problem, Problems, Source, Span};

/// Where waivers are collected.
struct Checker<'c> {
    source: &'c Source,
    policy: &'c Policy,
    problems: Problems,
}

/// The waivers that are right, and all that is wrong.
pub(super) fn check(
    source: &Source,
    documents: Vec<WaiverDocument>,
    policy: &Policy,
    problems: Problems,
) -> (Vec<Waiver>, Vec<Problem>) {
    let mut checker = Checker {
        source,
        policy,
        problems,
    };
    let waivers = documents
        .into_iter()
        .filter_map(|document| checker.waiver(&document))
        .collect();
    let mut problems = checker.problems.finish();
    problems.sort_by_key(|problem| problem.labels.first().map(|label| label.span.start));
    (waivers, problems)
}

impl Checker<'_> {
    fn waiver(&mut self, written: &WaiverDocument) -> Option<Waiver> {
        let rule = self.filled(written.rule.as_ref(), "rule");
        let stage = self.filled(written.stage.as_ref(), "stage");
        let reason = self.filled(written.reason.as_ref(), "reason");
        let owner = self.filled(written.owner.as_ref(), "owner");
        let approved_by = self.filled(written.approved_by.as_ref(), "approved_by");
        let expires = written.expires.as_ref().and_then(|text| self.instant(text));
        let mut subject: [Option<Arc<str>>; 4] = Default::default();
        for (key, text) in &written.subject {
            let at = SUBJECT.iter().position(|known| known == key);
            if let (Some(value), Some(field)) = (
                self.filled(Some(text), key),
                at.and_then(|at| subject.get_mut(at)),
            ) {
                *field = Some(value);
            }
        }
        let place = written.rule.as_ref()?.span;
        let (rule, key) = named(&rule?);
        let stage = stage?;
        self.known(&rule, &stage, place, written.stage.as_ref()?.span)
            .then_some(())?;
        Some(Waiver {
            rule,
            key,
            stage,
            reason: reason?,
            owner: owner?,
            approved_by: approved_by?,
            expires: expires?,
            subject: Subject::of(subject),
            place: Label {
                source: self.source.clone(),
                span: place,
                text: String::new(),
            },
        })
    }

    /// A text that says something.
    fn filled(&mut self, text: Option<&Text>, key: &str) -> Option<Arc<str>> {
        let text = text?;
        let said = text.as_str().trim();
        if blank(said) {
            let message = format!("the `{key}` of a waiver is empty");
            let help = match key {
                "reason" => "say why the rule is set aside",
                "owner" => "name who answers for it",
                "approved_by" => "name who allowed it",
                _ => "write what it stands for",
            };
            self.error(Code::BadValue, text.span, message, "empty", help);
            return None;
        }
        Some(Arc::from(said))
    }

    fn instant(&mut self, text: &Text) -> Option<Timestamp> {
        let parsed = text.as_str().trim().parse();
        if parsed.is_err() {
            let message = format!("`{}` is no instant", text.as_str());
            let date = text.as_str().trim().parse::<jiff::civil::Date>();
            let help = date.map_or_else(
                |_| "write an instant, such as `2026-01-31T12:00:00Z`".to_owned(),
                |date| format!("a date ends at another time in each zone: write an instant, such as `{date}T12:00:00Z`"),
            );
            self.error(Code::BadValue, text.span, message, "not an instant", help);
        }
        parsed.ok()
    }

    /// Whether what it names can be set aside. A rule or a stage that there is not only needs to be told.
    fn known(&mut self, rule: &str, stage: &str, at: Span, stage_at: Span) -> bool {
        if rule.starts_with("stage.") || rule.starts_with("record.") {
            let message = format!("`{rule}` is built in, and no waiver sets it aside");
            let help =
                "change what the stage declares, so that the change is reviewed with the policy";
            self.error(Code::NotWaivable, at, message, "built in", help);
            return false;
        }
        let found = match self.policy.stage(stage) {
            Some(stage) if !stage.is_abstract => Ok(stage),
            found => Err(found.is_some()),
        };
        match found {
            Ok(stage) => match stage.rules.iter().find(|one| one.id.as_ref() == rule) {
                Some(one) if !one.waivable => {
                    self.hard(one, stage, at);
                    false
                }
                Some(_) => true,
                None => {
                    self.no_rule(rule, stage, at);
                    true
                }
            },
            Err(is_abstract) => {
                self.no_stage(stage, is_abstract, stage_at);
                true
            }
        }
    }

    fn hard(&mut self, rule: &Rule, stage: &Stage, at: Span) {
        let message = format!(
            "no waiver sets aside the rule `{}` of the stage `{}`",
            rule.id, stage.name
        );
        let help = format!(
            "remove it; the rule stands in `{}` at {}:{}, and only `waivable: true` there would allow it",
            rule.effect.name(),
            self.policy.path,
            rule.place.line
        );
        self.error(Code::NotWaivable, at, message, "not waivable", help);
    }

    fn no_rule(&mut self, rule: &str, stage: &Stage, at: Span) {
        let ids = || stage.rules.iter().map(|rule| rule.id.as_ref());
        let message = format!("the stage `{}` has no rule `{rule}`", stage.name);
        let help = did_you_mean(rule, ids);
        self.warn(Code::UnknownRule, at, message, "sets nothing aside", help);
    }

    fn no_stage(&mut self, stage: &str, is_abstract: bool, at: Span) {
        let names = || self.policy.judged().map(|stage| stage.name.as_ref());
        let (message, help) = if is_abstract {
            (
                format!("the stage `{stage}` is only there to be extended"),
                format!("name one of {}", names().collect::<Vec<_>>().join(", ")),
            )
        } else {
            (
                format!("the policy has no stage `{stage}`"),
                did_you_mean(stage, names),
            )
        };
        self.warn(Code::UnknownStage, at, message, "sets nothing aside", help);
    }

    fn error(
        &mut self,
        code: Code,
        span: Span,
        message: String,
        label: &str,
        help: impl Into<String>,
    ) {
        let problem = Problem::new(code, message).help(help);
        self.problems.push(problem.at(self.source, span, label));
    }

    fn warn(&mut self, code: Code, span: Span, message: String, label: &str, help: String) {
        let problem = Problem::new(code, message).help(help).warning();
        self.problems.push(problem.at(self.source, span, label));
    }
}

/// `id` or `id[key]`.
fn named(text: &str) -> (Arc<str>, Option<Arc<str>>) {
    let item = text.strip_suffix(']').and_then(|open| open.split_once('['));
    match item {
        Some((rule, key)) => (Arc::from(rule), Some(Arc::from(key))),
        None => (Arc::from(text), None),
    }
}

fn did_you_mean<'a, I: Iterator<Item = &'a str>>(name: &str, known: impl Fn() -> I) -> String {
    nearest(name, known()).map_or_else(
        || {
            let known: Vec<&str> = known().collect();
            if known.is_empty() {
                "remove it: there is none to set aside".to_owned()
            } else {
                format!("there are {}", known.join(", "))
            }
        },
        |near| format!("did you mean `{near}`?"),
    )
}
