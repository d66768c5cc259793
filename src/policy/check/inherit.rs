//! Which rules a stage has once `extends` and `drop` are applied. Knows nothing of what a rule says.

use std::sync::Arc;

use super::Checker;
use crate::policy::decode::Text;
use crate::policy::document::{RuleDocument, StageDocument};
use crate::source::{Code, Problem};

/// More stages in one chain than any rollout has: a longer one is a cycle that was not seen.
const LONGEST_CHAIN: usize = 64;

impl Checker<'_> {
    /// The rules of a stage: those of the stage it extends, less what it drops, with what it changes, and its own.
    pub(super) fn inherited(
        &mut self,
        stages: &[StageDocument],
        stage: &StageDocument,
    ) -> Vec<Arc<RuleDocument>> {
        self.unique(stage);
        self.chain(stages, stage, 0)
    }

    fn chain(
        &mut self,
        stages: &[StageDocument],
        stage: &StageDocument,
        depth: usize,
    ) -> Vec<Arc<RuleDocument>> {
        let mut rules = match &stage.extends {
            None => Vec::new(),
            Some(name) => match stages
                .iter()
                .find(|other| other.name.as_str() == name.as_str())
            {
                None => {
                    self.unknown(
                        Code::UnknownStage,
                        name,
                        "stage",
                        stages.iter().map(|stage| stage.name.as_str()),
                    );
                    Vec::new()
                }
                Some(_) if depth > LONGEST_CHAIN => {
                    let message = format!("`{}` extends itself", stage.name.as_str());
                    let help = "let each stage extend an earlier one";
                    let mut problem = Problem::new(Code::ExtendsCycle, message).help(help);
                    problem = problem.at(self.source, name.span, "comes back here");
                    for (from, to) in onward(stages, stage) {
                        let text = format!("`{}` extends `{}`", from.name.as_str(), to.as_str());
                        problem = problem.at(self.source, to.span, text);
                    }
                    self.problems.push(problem);
                    Vec::new()
                }
                Some(other) => self.chain(stages, other, depth.saturating_add(1)),
            },
        };
        if depth > LONGEST_CHAIN {
            return Vec::new();
        }
        // What a stage that does not exist would have had nobody knows.
        let lost = stage.extends.as_ref().is_some_and(|name| {
            stages
                .iter()
                .all(|other| other.name.as_str() != name.as_str())
        });
        for dropped in stage.drop.iter().filter(|_| !lost) {
            let before = rules.len();
            rules.retain(|rule| rule.id.as_str() != dropped.as_str());
            if rules.len() == before && stage.extends.is_some() {
                let known: Vec<String> = rules
                    .iter()
                    .map(|rule| rule.id.as_str().to_owned())
                    .collect();
                self.unknown(
                    Code::UnknownRule,
                    dropped,
                    "inherited rule",
                    known.iter().map(String::as_str),
                );
            } else if stage.extends.is_none() {
                let message = format!(
                    "`{}` drops a rule but extends no stage",
                    stage.name.as_str()
                );
                self.error(
                    Code::UnknownRule,
                    dropped.span,
                    message,
                    "nothing to drop from",
                    "add `extends`",
                );
            }
        }
        let inherited = rules.len();
        for own in &stage.rules.rules {
            // Two rules of its own with one id are both checked: each may be wrong in its own way.
            match rules
                .iter_mut()
                .take(inherited)
                .find(|rule| rule.id.as_str() == own.id.as_str())
            {
                Some(rule) => *rule = Arc::new(rule.overlaid(own)),
                None => rules.push(Arc::clone(own)),
            }
        }
        rules
    }

    /// No id twice among a stage's own rules.
    pub(super) fn unique(&mut self, stage: &StageDocument) {
        for (index, rule) in stage.rules.rules.iter().enumerate() {
            let earlier = stage.rules.rules.iter().take(index);
            if let Some(first) = earlier
                .into_iter()
                .find(|first| first.id.as_str() == rule.id.as_str())
            {
                let problem = Problem::new(
                    Code::DuplicateId,
                    format!("two rules `{}` in one stage", rule.id.as_str()),
                )
                .help("give each rule its own id")
                .at(self.source, rule.id.span, "second")
                .at(self.source, first.id.span, "first");
                self.problems.push(problem);
            }
        }
    }
}

/// The other stages of a cycle, each with the name it extends, until the first is reached again.
fn onward<'d>(
    stages: &'d [StageDocument],
    first: &'d StageDocument,
) -> Vec<(&'d StageDocument, &'d Text)> {
    let mut hops: Vec<(&StageDocument, &Text)> = Vec::new();
    let mut wanted = first.extends.as_ref();
    while let Some(from) = stages
        .iter()
        .find(|stage| wanted.is_some_and(|name| name.as_str() == stage.name.as_str()))
        .filter(|from| from.name.as_str() != first.name.as_str() && hops.len() < LONGEST_CHAIN)
    {
        wanted = from.extends.as_ref();
        hops.extend(wanted.map(|to| (from, to)));
    }
    hops
}
