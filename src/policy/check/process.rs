//! What follows a verdict: rows of escalation, the plan of a rollback, duties; every name looked up, every condition
//! compiled. It sees what rules see and what became of them. Never a part of a rule.

mod plan;
mod row;
mod sees;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Checker;
use super::rules::Context;
use crate::calendar::Lasting;
use crate::expr::{Compiled, Scope};
use crate::policy::decode::Text;
use crate::policy::document::{AfterDocument, DutyDocument, LastingDocument};
use crate::policy::{After, Duty, Matrix, Plan, Stage};
use crate::source::{Code, Problem, Span};

/// What follows a verdict.
#[derive(Default)]
pub(super) struct Process {
    pub(super) escalation: Vec<Matrix>,
    pub(super) rollback_plan: Vec<Plan>,
    pub(super) after: After,
}

/// What the parts of a process are checked against.
struct Around<'a, 'c> {
    stages: &'a [Stage],
    context: &'a mut Context<'c>,
    /// What conditions of a process may name.
    scope: Scope,
}

impl Checker<'_> {
    /// What follows a verdict; the duties of stages are put into them.
    pub(super) fn process(&mut self, stages: &mut [Stage], context: &mut Context<'_>) -> Process {
        let scope = self.sees(stages, context);
        let document = context.document;
        let mut around = Around {
            stages,
            context,
            scope,
        };
        let process = Process {
            escalation: self.escalation(&mut around),
            rollback_plan: self.plans(&mut around),
            after: self.after(&document.after, &mut around),
        };
        let written = document.stages.iter().flatten();
        let own: Vec<After> = written
            .map(|stage| self.after(&stage.after, &mut around))
            .collect();
        for (stage, after) in stages.iter_mut().zip(own) {
            stage.after = after;
        }
        process
    }

    fn after(&mut self, written: &AfterDocument, around: &mut Around<'_, '_>) -> After {
        After {
            rollback: self.duties(&written.rollback, around),
            no_go: self.duties(&written.no_go, around),
            go: self.duties(&written.go, around),
        }
    }

    fn duties(&mut self, written: &[DutyDocument], around: &mut Around<'_, '_>) -> Vec<Duty> {
        written
            .iter()
            .map(|written| {
                if let Some(role) = &written.by {
                    self.role(around.context.document, role);
                }
                Duty {
                    what: self.worded("do", &written.what),
                    by: written.by.as_ref().map(|by| Arc::from(by.as_str())),
                    within: self.within(written.within.as_ref(), around),
                    when: written
                        .when
                        .as_ref()
                        .and_then(|text| self.seeing(text, around)),
                    cite: shared(&written.cite),
                }
            })
            .collect()
    }

    /// A length of time somebody has, counted in plain or business time.
    fn within(
        &mut self,
        written: Option<&LastingDocument>,
        around: &Around<'_, '_>,
    ) -> Option<Lasting> {
        self.lasting(written?, around.context.calendars, Self::time)
    }

    /// A condition that also sees what became of rules.
    fn seeing(&mut self, text: &Text, around: &mut Around<'_, '_>) -> Option<Arc<Compiled>> {
        self.condition(text, None, Some(&around.scope), around.context)
    }

    /// A text that says something.
    fn worded(&mut self, key: &str, text: &Text) -> Arc<str> {
        self.filled(text, &format!("`{key}`"));
        Arc::from(text.as_str())
    }

    /// No name twice.
    fn once<'t>(&mut self, what: &str, names: impl Iterator<Item = &'t Text>) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for name in names {
            match seen.get(name.as_str()) {
                Some(first) => {
                    let message = format!("two {what} `{}`", name.as_str());
                    let problem = Problem::new(Code::DuplicateId, message)
                        .help("give each its own id")
                        .at(self.source, name.span, "second")
                        .at(self.source, *first, "first");
                    self.problems.push(problem);
                }
                None => {
                    seen.insert(name.as_str(), name.span);
                }
            }
        }
    }
}

fn shared(texts: &[Text]) -> Vec<Arc<str>> {
    texts.iter().map(|text| Arc::from(text.as_str())).collect()
}
