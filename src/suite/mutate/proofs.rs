//! The steps a proof is away from another one: a person fewer, a statement twice as old, one that its author may make.
//! Never a role or a calendar taken away: without it the rule is another one.

use super::change::{At, Change, Key};
use super::{List, Subject};
use crate::expr::duration::{format_duration, parse_duration};
use crate::policy::decode::Text;
use crate::policy::document::proof::AskedDocument;
use crate::policy::document::{ListDocument, RuleDocument};
use crate::source::Span;

impl List<'_> {
    pub(super) fn proofs(&mut self, of: &Subject, rule: &RuleDocument, at: At) {
        let proofs = &rule.proofs;
        if let Some(evidence) = &proofs.evidence {
            if let Some(text) = &evidence.condition {
                self.condition(of, text, "where: ", true);
            }
            self.older(of, evidence.max_age.as_ref());
            let keys = [
                (Key::Commit, "commit", &evidence.commit),
                (Key::Environment, "environment", &evidence.environment),
            ];
            for (key, name, text) in keys {
                if let Some(text) = text {
                    let was = format!("{name}: {}", text.as_str());
                    self.without(of, text.span, (was, name), at, key);
                }
            }
        }
        if let Some(attest) = &proofs.attest {
            self.fewer(of, "count", attest.count.as_ref());
            self.asked(of, &attest.asked, at);
        }
        if let Some(approve) = &proofs.approve {
            self.fewer(of, "each", approve.each.as_ref());
            self.fewer(of, "any", approve.any.as_ref());
            self.asked(of, &approve.asked, at);
        }
    }

    fn asked(&mut self, of: &Subject, asked: &AskedDocument, at: At) {
        self.older(of, asked.max_age.as_ref());
        if let Some(ListDocument { span, texts }) = &asked.not_by {
            let names: Vec<&str> = texts.iter().map(Text::as_str).collect();
            let was = format!("not_by: [{}]", names.join(", "));
            self.without(of, *span, (was, "not_by"), at, Key::NotBy);
        }
    }

    /// One person fewer.
    fn fewer(&mut self, of: &Subject, key: &str, text: Option<&Text>) {
        let Some(text) = text else { return };
        let fewer = text
            .as_str()
            .parse::<u32>()
            .ok()
            .and_then(|count| count.checked_sub(1));
        if let Some(fewer) = fewer.filter(|fewer| *fewer > 0) {
            self.text(of, text, key, fewer.to_string());
        }
    }

    /// Twice as old.
    fn older(&mut self, of: &Subject, text: Option<&Text>) {
        let Some(text) = text else { return };
        let length = parse_duration(text.as_str()).ok();
        if let Some(twice) = length.and_then(|length| length.checked_mul(2)) {
            self.text(of, text, "max_age", format_duration(twice));
        }
    }

    fn without(&mut self, of: &Subject, at: Span, told: (String, &str), rule: At, key: Key) {
        let (was, name) = told;
        self.add(
            of,
            at,
            (was, format!("no {name}")),
            Change::Without(rule, key),
        );
    }
}
