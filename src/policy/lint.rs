//! What is no error and still worth a second look: one file for each lint or small family. Runs on a policy that was
//! checked without an error; never changes it, and never has a part in a verdict.

mod constant;
mod duplicate;
mod equality;
pub mod level;
mod looser;
mod missing;
mod overrides;
mod said;
mod scale;
mod shadowed;
mod short;
mod unused;

use super::check::{Checked, Settings, in_full, tidy};
use super::decode::Text;
use super::document::RuleDocument;
use super::document::rule::ItemsDocument;
use super::{Items, Policy, Proof, Rule};
use crate::expr::{Binding, Compiled};
use crate::source::{Code, Problem, Source, Span};
pub use level::Level;

/// Each lint tells all it finds; what is told of it in the end is decided by its level alone.
const LINTS: [fn(&Subject<'_>) -> Vec<Problem>; 9] = [
    unused::unused,
    equality::float_equality,
    scale::doubtful_unit,
    missing::ignored_missing,
    looser::looser_override,
    constant::constant_condition,
    duplicate::duplicate_condition,
    shadowed::shadowed_override,
    short::short_for,
];

/// Checks a policy as [`check`](super::check::check) does, and where that finds no error runs the lints: those that
/// are denied are errors, but the policy stays one that can be evaluated.
#[must_use]
pub fn lint(
    source: &Source,
    settings: &Settings,
    flags: &[(Code, Level)],
) -> (Option<Policy>, Vec<Problem>) {
    let (checked, mut problems) = in_full(source, settings);
    let Some(checked) = checked else {
        return (None, problems);
    };
    let levels = level::levels(&checked.document, flags);
    let subject = Subject {
        source,
        checked: &checked,
    };
    for problem in LINTS.iter().flat_map(|lint| lint(&subject)) {
        match levels.get(&problem.code) {
            Some(Level::Deny) => problems.push(problem),
            Some(Level::Warn) => problems.push(problem.warning()),
            Some(Level::Allow) | None => {}
        }
    }
    tidy(source, &mut problems);
    (Some(checked.policy), problems)
}

/// What is linted.
struct Subject<'a> {
    source: &'a Source,
    checked: &'a Checked,
}

/// A rule of a stage, as written with what it took over, and as checked.
#[derive(Clone, Copy)]
struct Pair<'a> {
    /// The index of the stage.
    stage: usize,
    document: &'a RuleDocument,
    rule: &'a Rule,
}

impl<'a> Subject<'a> {
    /// Every rule of every stage, in the order written: one that is taken over stands in each of its stages.
    fn pairs(&self) -> Vec<Pair<'a>> {
        let checked = self.checked;
        let stages = checked.policy.stages.iter().zip(&checked.rules);
        stages
            .enumerate()
            .flat_map(|(index, (stage, documents))| {
                documents.iter().filter_map(move |document| {
                    let of = (document.effect, document.id.as_str());
                    let at = stage
                        .rules
                        .binary_search_by(|rule| (rule.effect, rule.id.as_ref()).cmp(&of));
                    Some(Pair {
                        stage: index,
                        document,
                        rule: stage.rules.get(at.ok()?)?,
                    })
                })
            })
            .collect()
    }

    /// Named expressions with their texts.
    fn lets(&self) -> impl DoubleEndedIterator<Item = (&'a Text, &'a Text, &'a Compiled)> {
        let checked = self.checked;
        checked.document.lets.iter().filter_map(|(name, text)| {
            match checked.scope.get(&identifier(name)) {
                Some(Binding::Let(compiled)) => Some((name, text, compiled.as_ref())),
                _ => None,
            }
        })
    }

    /// What closes calendars that rules stand during, whatever the time.
    fn closings(&self) -> Vec<(&'a Text, &'a Compiled)> {
        let mut found = Vec::new();
        for written in &self.checked.document.calendars {
            let stages = self.checked.policy.stages.iter();
            let mut proofs = stages.flat_map(|stage| stage.rules.iter().map(|rule| &rule.proof));
            let during = proofs.find_map(|proof| match proof {
                Proof::During(during) if during.calendar.name.as_ref() == written.name.as_str() => {
                    Some(during)
                }
                _ => None,
            });
            let closed = during.into_iter().flat_map(|during| &during.closed);
            let texts = written
                .deny
                .iter()
                .filter_map(|denied| denied.when.as_ref());
            found.extend(texts.zip(closed.map(|closed| closed.condition.as_ref())));
        }
        found
    }

    /// Every expression that has a part in a verdict, with its text: one that is taken over comes once for each stage.
    fn expressions(&self) -> impl Iterator<Item = (&'a Text, &'a Compiled)> {
        let pairs = self.pairs().into_iter();
        let of_rules = pairs.flat_map(|pair| pair.conditions().chain(pair.items()));
        let of_lets = self.lets().map(|(_, text, compiled)| (text, compiled));
        of_rules.chain(self.closings()).chain(of_lets)
    }

    fn problem(
        &self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) -> Problem {
        Problem::new(code, message)
            .help(help)
            .at(self.source, span, label)
    }
}

impl<'a> Pair<'a> {
    /// The conditions of the rule: what must be true, be it of a record's data, and when it applies.
    fn conditions(self) -> impl Iterator<Item = (&'a Text, &'a Compiled)> {
        let group = self.document.group.as_ref();
        let when = group.and_then(|group| group.when.as_ref());
        let texts = when.into_iter().chain(&self.document.when);
        let when = texts
            .zip(&self.rule.when)
            .map(|(text, compiled)| (text, compiled.as_ref()));
        self.condition().into_iter().chain(when)
    }

    /// The condition that proves the rule, or that a record's data must meet.
    fn condition(self) -> Option<(&'a Text, &'a Compiled)> {
        let evidence = self.document.proofs.evidence.as_ref();
        match &self.rule.proof {
            Proof::Expr(expr) => Some((self.document.expr.as_ref()?, expr)),
            Proof::Evidence(proof) => {
                Some((evidence?.condition.as_ref()?, proof.condition.as_ref()?))
            }
            Proof::Attest(_) | Proof::Approve(_) | Proof::During(_) => None,
        }
    }

    /// The list its `for_each` computes.
    fn items(self) -> Option<(&'a Text, &'a Compiled)> {
        match (
            &self.document.for_each.as_ref()?.items,
            &self.rule.for_each.as_ref()?.items,
        ) {
            (ItemsDocument::Expression(text), Items::Expression(compiled)) => {
                Some((text, compiled.as_ref()))
            }
            _ => None,
        }
    }
}

/// A name as expressions write it.
fn identifier(name: &Text) -> String {
    super::check::identifier(name.as_str())
}
