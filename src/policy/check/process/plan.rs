//! The plan of a rollback: its rows in order, and the stages and rules they name. Never which of them applies.

use std::sync::Arc;

use super::super::Checker;
use super::{Around, shared};
use crate::policy::Plan;
use crate::policy::decode::Text;
use crate::policy::document::PlanDocument;
use crate::source::{Code, Problem};

impl Checker<'_> {
    pub(super) fn plans(&mut self, around: &mut Around<'_, '_>) -> Vec<Plan> {
        let written = around
            .context
            .document
            .rollback_plan
            .as_deref()
            .unwrap_or_default();
        self.in_order(written);
        written
            .iter()
            .filter_map(|row| self.plan(row, written, around))
            .collect()
    }

    /// The last row applies in any other case, and none comes after it.
    fn in_order(&mut self, written: &[PlanDocument]) {
        let mut rows = written.iter();
        let always = rows.find(|row| row.expr.is_none());
        let beyond = rows.next();
        if let (Some(always), Some(beyond)) = (always, beyond) {
            let problem = Problem::new(Code::BadValue, "a row of the plan that is never reached")
                .help("put the row without `expr` last, or give it one")
                .at(self.source, beyond.span, "never reached")
                .at(self.source, always.span, "applies whatever happened");
            self.problems.push(problem);
        }
        if let (None, Some(expr)) = (always, written.last().and_then(|row| row.expr.as_ref())) {
            let help = "end it with a row without `expr`: where to go in any other case";
            self.error(
                Code::BadValue,
                expr.span,
                "the plan says nothing for where none of its rows is true",
                "the last row has an `expr` too",
                help,
            );
        }
    }

    fn plan(
        &mut self,
        written: &PlanDocument,
        all: &[PlanDocument],
        around: &mut Around<'_, '_>,
    ) -> Option<Plan> {
        for stage in written.reenter.iter().chain(&written.check) {
            self.judged(stage, around);
        }
        let checks = |stage: &&Text| {
            let mut named = all.iter().filter_map(|row| row.check.as_ref());
            named.any(|check| check.as_str() == stage.as_str())
        };
        if let Some(stage) = written.reenter.as_ref().filter(checks) {
            let message = format!("`{}` only says whether a rollback is done", stage.as_str());
            let help = "name the stage of the rollout to start again with";
            let label = "named by `check`";
            self.error(Code::BadValue, stage.span, message, label, help);
        }
        for rule in &written.requires {
            let known: Vec<String> = self
                .rules
                .iter()
                .flatten()
                .map(|rule| rule.id.as_str().to_owned())
                .collect();
            if !known.iter().any(|known| known == rule.as_str()) {
                self.unknown(
                    Code::UnknownRule,
                    rule,
                    "rule",
                    known.iter().map(String::as_str),
                );
            }
        }
        let expr = match &written.expr {
            Some(text) => Some(self.seeing(text, around)?),
            None => None,
        };
        let mode = self.worded("mode", written.mode.as_ref()?);
        let target = self.worded("target", written.target.as_ref()?);
        let name = |text: &Option<Text>| text.as_ref().map(|text| Arc::from(text.as_str()));
        Some(Plan {
            expr,
            mode,
            target,
            reenter: name(&written.reenter),
            within: self.within(written.within.as_ref(), around),
            requires: shared(&written.requires),
            check: name(&written.check),
            duties: self.duties(&written.duties, around),
            cite: shared(&written.cite),
            place: self.source.position(written.span.start),
        })
    }

    /// A stage that can be judged.
    fn judged(&mut self, name: &Text, around: &Around<'_, '_>) {
        let stages = around.stages.iter();
        let found = stages
            .clone()
            .find(|stage| stage.name.as_ref() == name.as_str());
        let known = || {
            let judged = stages.clone().filter(|stage| !stage.is_abstract);
            judged.map(|stage| stage.name.as_ref())
        };
        match found {
            Some(stage) if stage.is_abstract => {
                let message = format!("the stage `{}` is only there to be extended", name.as_str());
                let help = format!("name one of {}", known().collect::<Vec<_>>().join(", "));
                self.error(Code::UnknownStage, name.span, message, "abstract", help);
            }
            Some(_) => {}
            None => self.unknown(Code::UnknownStage, name, "stage", known()),
        }
    }
}
