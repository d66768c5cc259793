//! What proves a rule: exactly one proof, which may stand under its effect, with every word of it known. Never asks
//! whether it is proved.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Checker;
use super::rules::Context;
use crate::expr::{Binding, Compiled, Expect, Scope, Variable, compile};
use crate::policy::Proof;
use crate::policy::decode::Text;
use crate::policy::document::RuleDocument;
use crate::policy::document::proof::EvidenceDocument;
use crate::policy::proof::{During, Environment, Evidence};
use crate::snapshot::layout::Derived;
use crate::source::{Code, Problem, Span};
use crate::verdict::Effect;

impl Checker<'_> {
    /// What proves a rule; nothing where that is wrong, which has been told.
    pub(super) fn proof(
        &mut self,
        document: &RuleDocument,
        place: Option<Span>,
        scope: Option<&Scope>,
        context: &mut Context<'_>,
    ) -> Option<Proof> {
        let given = document.given();
        match given.as_slice() {
            [] => self.says_nothing(document),
            [(key, _)] => self.timed(document, key),
            [(one, first), (other, second), ..] => {
                let message = format!(
                    "the rule `{}` has two proofs: `{one}` and `{other}`",
                    document.id.as_str()
                );
                let problem = Problem::new(Code::BadValue, message)
                    .help("write two rules: one for each")
                    .at(self.source, *second, "second")
                    .at(self.source, *first, "first");
                self.problems.push(problem);
            }
        }
        // Each of several is read: all that is wrong is told at once.
        let proofs = &document.proofs;
        let expr = document.expr.as_ref();
        let expr = expr.map(|text| self.condition(text, place, scope, context).map(Proof::Expr));
        let evidence = proofs.evidence.as_ref().map(|written| {
            let evidence = self.evidence(written, document.effect, place, scope, context);
            evidence.map(|evidence| Proof::Evidence(Arc::new(evidence)))
        });
        let attest = proofs.attest.as_ref().map(|written| {
            let attest = self.attest(written, context);
            attest.map(|attest| Proof::Attest(Arc::new(attest)))
        });
        let approve = proofs.approve.as_ref().map(|written| {
            let approve = self.approve(written, context);
            approve.map(|approve| Proof::Approve(Arc::new(approve)))
        });
        let during = proofs.during.as_ref().map(|name| {
            let during = self.during(name, document.effect, context);
            during.map(|during| Proof::During(Arc::new(during)))
        });
        let mut proofs = [expr, evidence, attest, approve, during]
            .into_iter()
            .flatten();
        proofs.next().flatten()
    }

    fn says_nothing(&mut self, document: &RuleDocument) {
        // Its proof may be misspelt: that has been told.
        if self.blamed(document.span) {
            return;
        }
        let message = format!("the rule `{}` says nothing", document.id.as_str());
        let help =
            "add `expr: …`: what must be true; or `evidence`, `attest`, `approve` or `during`";
        self.error(
            Code::MissingKey,
            document.span,
            message,
            "no proof here",
            help,
        );
    }

    /// `for` and `at` say when a condition must be true: of any other proof they say nothing.
    fn timed(&mut self, document: &RuleDocument, proof: &str) {
        if proof == "expr" {
            return;
        }
        let help = match proof {
            "evidence" => "remove it; `max_age` says how old a record may be",
            "attest" | "approve" => "remove it; `max_age` says how old a statement may be",
            _ => "remove it: a calendar is open or closed at every instant",
        };
        let at = document.at.as_ref().map(|at| at.span);
        let hold = document.hold.as_ref().map(|text| text.span);
        for (key, span) in [("for", hold), ("at", at)] {
            let Some(span) = span else { continue };
            let message = format!("`{key}` is for a rule with `expr`");
            let label = format!("this one has `{proof}`");
            self.error(Code::BadValue, span, message, &label, help);
        }
    }

    fn evidence(
        &mut self,
        written: &EvidenceDocument,
        effect: Effect,
        place: Option<Span>,
        scope: Option<&Scope>,
        context: &mut Context<'_>,
    ) -> Option<Evidence> {
        let id = written.id.as_ref();
        let id = id.filter(|id| self.filled(id, "the id of evidence"));
        let max_age = written
            .max_age
            .as_ref()
            .and_then(|text| self.duration(text));
        if let Some(commit) = written
            .commit
            .as_ref()
            .filter(|text| text.as_str() != "same")
        {
            let message = format!("`commit: {}` means nothing", commit.as_str());
            let help = "write `commit: same`: the commit that is rolled out; or remove it";
            self.error(Code::BadValue, commit.span, message, "not `same`", help);
        }
        let environment = written.environment.as_ref();
        let environment = environment.filter(|text| self.filled(text, "an environment"));
        let environment = environment.map(|text| match text.as_str() {
            "same" => Environment::Same,
            name => Environment::Named(Arc::from(name)),
        });
        self.status(written, effect);
        let help = "write `entry` where only what was run since the stage's entry counts; without it the age does not matter";
        let since_entry = self.since(written.since.as_ref(), help) == Some("entry");
        let condition = written.condition.as_ref();
        let condition = condition.and_then(|text| self.of_data(text, place, scope, context));
        Some(Evidence {
            id: Arc::from(id?.as_str()),
            max_age,
            same_commit: written.commit.is_some(),
            environment,
            failed: written.status.is_some(),
            since_entry,
            condition,
        })
    }

    /// `status: failed`, without which a stop by evidence would fire on what passed.
    fn status(&mut self, written: &EvidenceDocument, effect: Effect) {
        match &written.status {
            Some(text) if text.as_str() != "failed" => {
                let message = format!("`status: {}` means nothing", text.as_str());
                let help = match text.as_str() {
                    "passed" => "remove it: without `status` the newest record must have passed",
                    _ => {
                        "write `status: failed`, or remove it: without it the record must have passed"
                    }
                };
                self.error(Code::BadValue, text.span, message, "not `failed`", help);
            }
            None if effect != Effect::Require => {
                let message = "a stop by evidence has `status: failed`";
                let help = "add `status: failed`: it fires where the newest record failed; or move the rule under `require`";
                self.error(Code::BadValue, written.span, message, "under a stop", help);
            }
            _ => {}
        }
    }

    /// A condition that sees the data of a record as well.
    fn of_data(
        &mut self,
        text: &Text,
        place: Option<Span>,
        scope: Option<&Scope>,
        context: &mut Context<'_>,
    ) -> Option<Arc<Compiled>> {
        let mut scope = scope.unwrap_or(&context.scope).clone();
        let data = Variable {
            slot: context.layout.derived(Derived::Data),
            ty: Derived::Data.ty(),
            unit: None,
            values: None,
        };
        scope.declare(Derived::Data.name(), Binding::Slot(data));
        self.condition(text, place, Some(&scope), context)
    }

    fn during(&mut self, name: &Text, effect: Effect, context: &Context<'_>) -> Option<During> {
        if effect != Effect::Require {
            let help = "move the rule under `require`: a calendar that is closed is no stop";
            let message = "`during` is for `require`";
            self.error(Code::BadValue, name.span, message, "under a stop", help);
        }
        let known = self.calendar_of(name, context.calendars)?;
        Some(During {
            calendar: Arc::clone(known.calendar.as_ref()?),
            closed: known.closed.clone(),
        })
    }

    /// Whether a text has anything in it.
    pub(super) fn filled(&mut self, text: &Text, what: &str) -> bool {
        let filled = !text.as_str().trim().is_empty();
        if !filled {
            let message = format!("{what} is empty");
            let help = "write what it is, or remove it";
            self.error(Code::BadValue, text.span, message, "nothing", help);
        }
        filled
    }

    /// Each of a list only once.
    pub(super) fn distinct<'t>(
        &mut self,
        texts: impl IntoIterator<Item = &'t Text>,
        what: &str,
        fold: fn(&str) -> String,
    ) {
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        for text in texts {
            if let Some(first) = seen.get(&fold(text.as_str())) {
                let message = format!("the {what} `{}` is listed twice", text.as_str());
                let problem = Problem::new(Code::DuplicateId, message)
                    .help("list each once")
                    .at(self.source, text.span, "second")
                    .at(self.source, *first, "first");
                self.problems.push(problem);
                continue;
            }
            seen.insert(fold(text.as_str()), text.span);
        }
    }

    /// A condition, compiled once for each place it stands at.
    pub(super) fn condition(
        &mut self,
        text: &Text,
        place: Option<Span>,
        scope: Option<&Scope>,
        context: &mut Context<'_>,
    ) -> Option<Arc<Compiled>> {
        if let Some(known) = context.compiled.get(&(text.span, place)) {
            return known.clone();
        }
        let compiled = match compile(text.as_str(), scope.unwrap_or(&context.scope), Expect::Bool) {
            Ok(compiled) => Some(Arc::new(compiled)),
            Err(mistakes) => {
                self.mistakes(text, mistakes);
                None
            }
        };
        context
            .compiled
            .insert((text.span, place), compiled.clone());
        compiled
    }
}
