//! What an `expect` names and the policy does not have: in the stage that is judged, for a rule of another stage can never
//! be in a list. Never compares.

use super::ids::Id;
use super::want::{Part, Rows, Want};
use crate::explain::finding::{BAKE, NEEDS, TRAFFIC};
use crate::policy::decode::Text;
use crate::policy::{Duty, Policy, Rule, Stage};
use crate::source::problem::nearest;
use crate::source::tree::{Kind, Node};
use crate::source::{Code, Problem, Source, Span};

/// Looks names up.
pub(super) struct Lookup<'p> {
    source: &'p Source,
    policy: &'p Policy,
    stage: &'p Stage,
    /// What there is not.
    pub(super) problems: Vec<Problem>,
}

impl<'p> Lookup<'p> {
    pub(super) fn new(source: &'p Source, policy: &'p Policy, stage: &'p Stage) -> Self {
        Self {
            source,
            policy,
            stage,
            problems: Vec::new(),
        }
    }

    /// Looks up all names of one expectation.
    pub(super) fn wanted(&mut self, want: &Want) {
        match want {
            Want::Rules(_, ids) => ids.iter().for_each(|id| self.rule(id)),
            Want::Held(held) => held.iter().for_each(|(id, _)| self.rule(id)),
            Want::Messages(messages) => messages.iter().for_each(|(id, _)| self.rule(id)),
            Want::ToChange(changes) => changes.iter().for_each(|(id, _)| self.rule(id)),
            Want::Values(values) => {
                let mut last = None;
                for id in values.iter().filter_map(|value| value.of.as_ref()) {
                    // Several values of one rule are named once.
                    if last.replace(id.span) != Some(id.span) {
                        self.rule(id);
                    }
                }
            }
            Want::Next(Some(next)) => self.next(next.as_str(), next.span),
            Want::Escalation(rows) => self.rows(rows, Self::row),
            Want::Duties(rows) => self.rows(rows, Self::duty),
            Want::Rollback(Some(plan)) => self.parts(plan),
            Want::Verdict(_)
            | Want::Causes(_)
            | Want::ExitCode(_)
            | Want::Next(None)
            | Want::Reason(_)
            | Want::Warnings(_)
            | Want::Rollback(None)
            | Want::Approved(_) => {}
        }
    }

    fn rows(&mut self, rows: &Rows, known: fn(&mut Self, &Id)) {
        match rows {
            Rows::All(ids) => ids.iter().for_each(|id| known(self, id)),
            Rows::Some(rows) => {
                for (id, parts) in rows {
                    known(self, id);
                    self.parts(parts.as_deref().unwrap_or_default());
                }
            }
        }
    }

    /// A rule of the stage, built-in ones included, or an item of one that speaks for each.
    fn rule(&mut self, id: &Id) {
        if let Some(rule) = self.own(&id.rule) {
            if id.key.is_some() && rule.for_each.is_none() {
                self.no_items(id);
            }
            return;
        }
        let built_in = self.built_in();
        if built_in.contains(&id.rule) {
            if id.key.is_some() && id.rule != NEEDS {
                self.no_items(id);
            }
            return;
        }
        let message = format!("stage `{}` has no rule `{}`", self.stage.name, id.rule);
        let help = self.elsewhere(&id.rule).unwrap_or_else(|| {
            let own = self.stage.rules.iter().map(|rule| rule.id.as_ref());
            let all = own.chain(built_in.iter().map(String::as_str));
            near(&id.rule, all, "name a rule of that stage")
        });
        self.report(
            Code::UnknownRule,
            message,
            help,
            id.span,
            "not a rule of it",
        );
    }

    fn own(&self, id: &str) -> Option<&'p Rule> {
        let mut rules = self.stage.rules.iter();
        rules.find(|rule| *rule.id == *id).map(AsRef::as_ref)
    }

    /// The ids of what the stage asks for by itself.
    fn built_in(&self) -> Vec<String> {
        let stage = self.stage;
        let fields = stage
            .fields
            .iter()
            .map(|(name, _)| format!("record.{name}"));
        let asked = [
            (stage.bake.is_some(), BAKE),
            (stage.traffic.is_some(), TRAFFIC),
            (!stage.needs.is_empty(), NEEDS),
        ];
        let asked = asked.into_iter().filter(|(asked, _)| *asked);
        asked.map(|(_, id)| id.to_owned()).chain(fields).collect()
    }

    /// Which other stages have a rule.
    fn elsewhere(&self, id: &str) -> Option<String> {
        let has = |stage: &&Stage| stage.rules.iter().any(|rule| *rule.id == *id);
        let stages: Vec<String> = self
            .policy
            .judged()
            .filter(has)
            .map(|stage| format!("`{}`", stage.name))
            .collect();
        let (first, all) = (stages.first()?, stages.join(", "));
        let first = first.trim_matches('`');
        let have = if stages.len() == 1 { "has" } else { "have" };
        Some(format!(
            "{all} {have} it: give the test `stage: {first}`, or name a rule of this stage"
        ))
    }

    /// A rule that can ask for people, or a row of a matrix.
    fn row(&mut self, id: &Id) {
        let rows = self
            .policy
            .escalation
            .iter()
            .flat_map(|matrix| &matrix.rows);
        if rows.clone().any(|row| *row.id == *id.text) {
            return;
        }
        let asks = |rule: &&std::sync::Arc<Rule>| rule.severity.is_some();
        if let Some(rule) = self.own(&id.rule) {
            if id.key.is_some() && rule.for_each.is_none() {
                self.no_items(id);
            } else if rule.severity.is_none() {
                let message = format!("`{}` has no severity, so it asks for nobody", id.rule);
                let help = "give it a `severity` in the policy, or expect it in `fired` or `unmet`";
                self.report(
                    Code::BadExpectation,
                    message,
                    help,
                    id.span,
                    "never in `escalation`",
                );
            }
            return;
        }
        let message = format!("there is no row `{}` of escalation", id.text);
        let help = self.elsewhere(&id.rule).unwrap_or_else(|| {
            let rules = self.stage.rules.iter().filter(asks);
            let rules = rules.map(|rule| rule.id.as_ref());
            let all = rows.map(|row| row.id.as_ref()).chain(rules);
            near(
                &id.text,
                all,
                "name a rule with a severity, or a row of `escalation`",
            )
        });
        self.report(
            Code::UnknownRule,
            message,
            help,
            id.span,
            "neither a rule nor a row",
        );
    }

    /// Something the policy says is to be done.
    fn duty(&mut self, id: &Id) {
        let policy = self.policy;
        let planned = policy.rollback_plan.iter().flat_map(|plan| &plan.duties);
        let after = policy.after.duties().chain(self.stage.after.duties());
        let all: Vec<&Duty> = after.chain(planned).collect();
        if all.iter().any(|duty| *duty.what == *id.text) {
            return;
        }
        let message = format!("the policy has no duty `{}`", id.text);
        let all = all.iter().map(|duty| duty.what.as_ref());
        let help = near(&id.text, all, "name it by its `do`, word by word");
        self.report(Code::BadExpectation, message, help, id.span, "not a duty");
    }

    fn next(&mut self, name: &str, span: Span) {
        let judged = |stage: &Stage| *stage.name == *name;
        if self.policy.judged().any(judged) {
            return;
        }
        let message = format!("the policy has no stage `{name}`");
        let all = self.policy.judged().map(|stage| stage.name.as_ref());
        let help = near(name, all, "name a stage of the policy");
        self.report(Code::UnknownStage, message, help, span, "not a stage");
    }

    fn parts(&mut self, parts: &[Part]) {
        for part in parts {
            let texts = texts(&part.value);
            for text in texts {
                let name = text.as_str();
                match part.key {
                    "reenter" | "check" => self.next(name, text.span),
                    "notify" | "by" => self.role(name, text.span),
                    "severity" => self.severity(name, text.span),
                    _ => {}
                }
            }
        }
    }

    fn role(&mut self, name: &str, span: Span) {
        let Some(roles) = &self.policy.roles else {
            return;
        };
        if roles.iter().all(|role| *role.name != *name) {
            let message = format!("the policy has no role `{name}`");
            let all = roles.iter().map(|role| role.name.as_ref());
            let help = near(name, all, "name a role of the policy");
            self.report(Code::UnknownRole, message, help, span, "not a role");
        }
    }

    fn severity(&mut self, name: &str, span: Span) {
        let severities = &self.policy.severities;
        if severities.iter().all(|severity| *severity.id != *name) {
            let message = format!("the policy has no severity `{name}`");
            let all = severities.iter().map(|severity| severity.id.as_ref());
            let help = near(name, all, "name a severity of the policy");
            self.report(Code::UnknownSeverity, message, help, span, "not a severity");
        }
    }

    fn no_items(&mut self, id: &Id) {
        let message = format!(
            "`{}` does not speak for each of a list, so it has no items",
            id.rule
        );
        let help = format!("write `{}`", id.rule);
        self.report(Code::BadExpectation, message, help, id.span, "no such item");
    }

    fn report(
        &mut self,
        code: Code,
        message: impl Into<String>,
        help: impl Into<String>,
        span: Span,
        label: &str,
    ) {
        let problem = Problem::new(code, message).help(help);
        self.problems.push(problem.at(self.source, span, label));
    }
}

/// The nearest known name, or what to do where none is near.
fn near<'a>(name: &str, known: impl Iterator<Item = &'a str>, or: &str) -> String {
    nearest(name, known).map_or_else(|| or.to_owned(), |near| format!("did you mean `{near}`?"))
}

/// The texts of a value.
fn texts(node: &Node) -> Vec<Text> {
    match &node.kind {
        Kind::List(items) => items.iter().flat_map(texts).collect(),
        Kind::Scalar(_) if node.is_null() => Vec::new(),
        Kind::Scalar(scalar) => vec![Text {
            scalar: scalar.clone(),
            span: node.span,
        }],
        Kind::Map(_) => Vec::new(),
    }
}
