//! What comes before a stage and what an audit needs to know in it: `needs` and `record`. Never whether it has come.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Checker;
use crate::policy::Need;
use crate::policy::decode::Text;
use crate::policy::document::{ListDocument, PolicyDocument, StageDocument};
use crate::snapshot::Layout;
use crate::source::{Code, Problem};

impl Checker<'_> {
    /// The stages that must have gone well before this one.
    pub(super) fn needs(&mut self, stages: &[StageDocument], stage: &StageDocument) -> Vec<Need> {
        let names = stage.needs.iter().flat_map(|need| &need.stages);
        self.distinct(names, "stage", str::to_owned);
        for need in &stage.needs {
            for name in &need.stages {
                self.needed(stages, stage, name);
            }
        }
        let needs = stage.needs.iter().map(|need| Need {
            stages: need
                .stages
                .iter()
                .map(|name| Arc::from(name.as_str()))
                .collect(),
        });
        needs.collect()
    }

    fn needed(&mut self, stages: &[StageDocument], stage: &StageDocument, name: &Text) {
        let found = stages
            .iter()
            .find(|other| other.name.as_str() == name.as_str());
        if name.as_str() == stage.name.as_str() {
            let message = format!("the stage `{}` needs itself", name.as_str());
            let help = "name a stage that comes before it";
            self.error(Code::NeedsCycle, name.span, message, "this stage", help);
        } else if let Some(found) = found.filter(|found| found.is_abstract) {
            let message = format!("the stage `{}` is never judged", name.as_str());
            let problem = Problem::new(Code::UnknownStage, message)
                .help("name a stage that is not abstract")
                .at(self.source, name.span, "abstract")
                .at(self.source, found.name.span, "only there to be extended");
            self.problems.push(problem);
        } else if found.is_none() {
            let judged = stages
                .iter()
                .filter(|other| !other.is_abstract && other.name.as_str() != stage.name.as_str());
            let known = judged.map(|other| other.name.as_str());
            self.unknown(Code::UnknownStage, name, "stage", known);
        }
    }

    /// Stages of which each waits for another one, so that none of them can ever go.
    pub(super) fn needs_cycle(&mut self, stages: &[StageDocument]) {
        let names: BTreeSet<&str> = stages.iter().map(|stage| stage.name.as_str()).collect();
        let mut free: BTreeSet<&str> = BTreeSet::new();
        loop {
            let before = free.len();
            for stage in stages {
                let can = |name: &Text| {
                    // One that does not exist has been told.
                    !names.contains(name.as_str()) || free.contains(name.as_str())
                };
                if stage.needs.iter().all(|need| need.stages.iter().any(can)) {
                    free.insert(stage.name.as_str());
                }
            }
            if free.len() == before {
                break;
            }
        }
        let stuck = |name: &str| {
            let stage = stages.iter().find(|stage| stage.name.as_str() == name)?;
            let needs = stage.needs.iter();
            let mut waits = needs.filter(|need| {
                let mut names = need.stages.iter();
                !names.any(|name| free.contains(name.as_str()))
            });
            Some((stage, waits.next()?.stages.first()?))
        };
        let Some(first) = stages
            .iter()
            .find(|stage| !free.contains(stage.name.as_str()))
        else {
            return;
        };
        let mut hops: Vec<(&StageDocument, &Text)> = Vec::new();
        let mut name = first.name.as_str();
        // Whoever waits for a cycle is not in it.
        while let Some((stage, waits)) = stuck(name) {
            let seen = |(hop, _): &(&StageDocument, &Text)| hop.name.as_str() == name;
            if let Some(begin) = hops.iter().position(seen) {
                hops.drain(..begin);
                break;
            }
            hops.push((stage, waits));
            name = waits.as_str();
        }
        let [(begin, _), _, ..] = hops.as_slice() else {
            // A stage that needs itself has been told.
            return;
        };
        let message = format!("the stage `{}` needs itself", begin.name.as_str());
        let help = "let each stage need earlier ones only: none of these can ever be entered";
        let mut problem = Problem::new(Code::NeedsCycle, message).help(help);
        for (stage, waits) in &hops {
            let label = format!("`{}` needs `{}`", stage.name.as_str(), waits.as_str());
            problem = problem.at(self.source, waits.span, label);
        }
        self.problems.push(problem);
    }

    /// Every field of the subject that an audit needs anywhere.
    pub(super) fn audited(&mut self, document: &PolicyDocument) -> Vec<Arc<str>> {
        let stages = document.stages.iter().flatten();
        let lists = stages.filter_map(|stage| stage.record.as_ref());
        let lists: Vec<&ListDocument> = document.record.iter().chain(lists).collect();
        let mut found = Vec::new();
        for list in lists {
            self.distinct(&list.texts, "field", str::to_owned);
            for text in &list.texts {
                let name = text.as_str();
                let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
                if name.is_empty() || !name.chars().all(legal) {
                    let message = format!("`{name}` cannot be the name of a field");
                    let label = "letters, digits, `-` and `_`";
                    let help = "name a field of the subject, such as `deployer`";
                    self.error(Code::BadName, text.span, message, label, help);
                } else {
                    found.push(Arc::from(name));
                }
            }
        }
        found
    }
}

/// The fields that an audit needs in a stage: those of the policy and its own, by name.
pub(super) fn fields(
    whole: Option<&ListDocument>,
    own: Option<&ListDocument>,
    layout: &Layout,
) -> Vec<(Arc<str>, usize)> {
    let names = whole.into_iter().chain(own).flat_map(|list| &list.texts);
    let names: BTreeSet<&str> = names.map(Text::as_str).collect();
    names
        .into_iter()
        .filter_map(|name| Some((Arc::from(name), layout.field(name)?)))
        .collect()
}
