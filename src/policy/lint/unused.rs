//! `unused-…`: what is declared and nothing reads. Whatever is named by a rule is used, in `when`, `for_each`, messages
//! and rules that only watch as well; a named expression that nothing uses uses nothing. Never asks what a value is.

use std::collections::BTreeSet;

use super::{Subject, identifier};
use crate::policy::decode::Text;
use crate::policy::document::{
    AfterDocument, LastingDocument, MatrixDocument, PlanDocument, PolicyDocument, ProofsDocument,
    RowDocument,
};
use crate::source::{Code, Problem};

/// A kind of declaration: its lint, its word, what helps, and each name with whether it is used.
struct Kind<'a> {
    code: Code,
    what: &'static str,
    help: &'static str,
    declared: Vec<(&'a Text, bool)>,
}

/// `unused-input`, `unused-baseline`, `unused-param`, `unused-table`, `unused-let`, `unused-role`, `unused-severity`, `unused-calendar`
pub(super) fn unused(subject: &Subject<'_>) -> Vec<Problem> {
    let document = &subject.checked.document;
    let used = Used::of(subject);
    let severities = || document.severities.iter();
    let people = people(subject);
    let given: BTreeSet<&str> = subject
        .checked
        .rules
        .iter()
        .flatten()
        .flat_map(|rule| {
            let group = rule
                .group
                .as_ref()
                .and_then(|group| group.severity.as_ref());
            rule.severity.iter().chain(group)
        })
        .chain(rows(document).filter_map(|row| row.severity.as_ref()))
        .map(Text::as_str)
        .collect();
    let calendars = calendars(subject);
    let kinds = [
        Kind {
            code: Code::UnusedInput,
            what: "input",
            help: "use it in a rule, or remove it: whoever makes the snapshots measures it for nothing",
            declared: (document.inputs.iter())
                .map(|input| (&input.name, used.has(&input.name)))
                .collect(),
        },
        Kind {
            code: Code::UnusedBaseline,
            what: "baseline",
            help: "compare with it in a rule, or remove it: whoever makes the snapshots keeps it for nothing",
            declared: (document.baselines.iter())
                .map(|baseline| (&baseline.name, used.prefix(&identifier(&baseline.name))))
                .collect(),
        },
        Kind {
            code: Code::UnusedParam,
            what: "parameter",
            help: "write it where the rule has a number instead, or remove it: setting it changes nothing",
            declared: (document.params.iter())
                .map(|param| {
                    let name = format!("params.{}", identifier(&param.name));
                    (&param.name, used.names.contains(&name))
                })
                .collect(),
        },
        Kind {
            code: Code::UnusedTable,
            what: "table",
            help: "use it where a rule has a number instead, or remove it: changing its file changes nothing",
            declared: (document.tables.iter())
                .map(|table| (&table.name, used.has(&table.name)))
                .collect(),
        },
        Kind {
            code: Code::UnusedLet,
            what: "named expression",
            help: "use it in a rule, or remove it",
            declared: (document.lets.iter())
                .map(|(name, _)| (name, used.has(name)))
                .collect(),
        },
        Kind {
            code: Code::UnusedRole,
            what: "role",
            help: "notify it from a severity, let it attest or approve something, or remove it",
            declared: (document.roles.iter().flatten())
                .map(|role| (&role.name, people.contains(role.name.as_str())))
                .collect(),
        },
        Kind {
            code: Code::UnusedSeverity,
            what: "severity",
            help: "give it to a rule, or remove it",
            declared: severities()
                .map(|severity| (&severity.id, given.contains(severity.id.as_str())))
                .collect(),
        },
        Kind {
            code: Code::UnusedCalendar,
            what: "calendar",
            help: "let a rule stand `during` it, count a `bake` or `respond_within` in it, or remove it: it looks as if it protected something",
            declared: (document.calendars.iter())
                .map(|calendar| (&calendar.name, calendars.contains(calendar.name.as_str())))
                .collect(),
        },
    ];
    told(subject, &kinds)
}

/// What is told of the declarations that nothing uses.
fn told(subject: &Subject<'_>, kinds: &[Kind<'_>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for kind in kinds {
        let unused = kind.declared.iter().filter(|(_, used)| !used);
        problems.extend(unused.map(|(name, _)| {
            let message = format!("nothing uses the {} `{}`", kind.what, name.as_str());
            subject.problem(
                kind.code,
                name.span,
                message,
                "declared, never used",
                kind.help,
            )
        }));
    }
    problems
}

fn rows(document: &PolicyDocument) -> impl Iterator<Item = &RowDocument> {
    let matrices = document.escalation.iter();
    matrices.flat_map(|matrix| &matrix.rows)
}

/// What follows verdicts on any stage, and on each.
fn afters(document: &PolicyDocument) -> impl Iterator<Item = &AfterDocument> {
    let stages = document.stages.iter().flatten();
    std::iter::once(&document.after).chain(stages.map(|stage| &stage.after))
}

/// The roles that a severity or a row notifies, at once or later, those that a rule asks to attest or to approve, and
/// those that have a duty.
fn people<'a>(subject: &Subject<'a>) -> BTreeSet<&'a str> {
    let severities = subject.checked.document.severities.iter();
    let notified = severities.flat_map(|severity| {
        let next = severity.then.iter().flat_map(|next| &next.notify);
        severity.notify.iter().chain(next)
    });
    let proofs = proofs(subject);
    let asked = proofs.flat_map(|proofs| {
        let attest = proofs
            .attest
            .iter()
            .filter_map(|attest| attest.role.as_ref());
        let approve = proofs.approve.iter();
        let approve = approve.filter_map(|approve| approve.roles.as_ref());
        attest.chain(approve.flat_map(|roles| &roles.texts))
    });
    let document = &subject.checked.document;
    let planned = document.rollback_plan.iter().flatten();
    let duties = afters(document).flat_map(AfterDocument::duties);
    let duties = duties.chain(planned.flat_map(|plan| &plan.duties));
    let told = rows(document).flat_map(|row| &row.notify);
    let told = told.chain(duties.filter_map(|duty| duty.by.as_ref()));
    notified
        .chain(told)
        .chain(asked)
        .map(Text::as_str)
        .collect()
}

/// The calendars that a rule stands during, or that a bake time, a time to answer or one to do something is counted in.
fn calendars<'a>(subject: &Subject<'a>) -> BTreeSet<&'a str> {
    let document = &subject.checked.document;
    let planned = document.rollback_plan.iter().flatten();
    let duties = afters(document).flat_map(AfterDocument::duties);
    let bakes = document.stages.iter().flatten();
    let answers = document.severities.iter();
    let counted = bakes
        .filter_map(|stage| stage.bake.as_ref())
        .chain(answers.filter_map(|severity| severity.respond_within.as_ref()))
        .chain(document.escalation.iter().flat_map(MatrixDocument::lengths))
        .chain(planned.flat_map(PlanDocument::lengths))
        .chain(duties.filter_map(|duty| duty.within.as_ref()))
        .filter_map(LastingDocument::calendar);
    let during = proofs(subject).filter_map(|proofs| proofs.during.as_ref());
    counted.chain(during).map(Text::as_str).collect()
}

/// The proofs of all rules that are not conditions.
fn proofs<'a>(subject: &Subject<'a>) -> impl Iterator<Item = &'a ProofsDocument> + use<'a> {
    let rules = subject.checked.rules.iter().flatten();
    rules.map(|rule| &rule.proofs)
}

/// Every name that a rule refers to, itself or through named expressions.
struct Used {
    names: BTreeSet<String>,
    baselines: Vec<String>,
}

impl Used {
    fn of(subject: &Subject<'_>) -> Self {
        let baselines = subject.checked.document.baselines.iter();
        let mut used = Self {
            names: BTreeSet::new(),
            baselines: baselines
                .map(|baseline| identifier(&baseline.name))
                .collect(),
        };
        for pair in subject.pairs() {
            let expressions = pair.rule.mentioned();
            used.names
                .extend(expressions.flat_map(|compiled| compiled.names()));
        }
        let policy = &subject.checked.policy;
        let following = policy
            .stages
            .iter()
            .flat_map(|stage| policy.following(stage));
        used.names
            .extend(following.flat_map(|compiled| compiled.names()));
        // A named expression sees those above it only: from the last one up, each is decided once.
        for (name, _, compiled) in subject.lets().rev() {
            if used.has(name) {
                used.names.extend(compiled.names());
            }
        }
        used
    }

    /// Whether an input or a named expression is used, by its own name or that of a baseline.
    fn has(&self, name: &Text) -> bool {
        let name = identifier(name);
        let of = |baseline: &String| self.names.contains(&format!("{baseline}.{name}"));
        self.names.contains(&name) || self.baselines.iter().any(of)
    }

    /// Whether any name begins with this one and a dot.
    fn prefix(&self, name: &str) -> bool {
        let prefix = format!("{name}.");
        self.names.iter().any(|used| used.starts_with(&prefix))
    }
}
