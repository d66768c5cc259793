//! Overrides: rules of a stage that change one it takes over, beside what they change. Never judges the change.

use std::collections::BTreeMap;

use super::{Pair, Subject};
use crate::policy::document::{RuleDocument, StageDocument};

/// A rule of a stage that changes one it takes over.
#[derive(Clone, Copy)]
pub(super) struct Override<'a> {
    /// The index of the stage.
    pub(super) stage: usize,
    /// What the stage itself says.
    pub(super) own: &'a RuleDocument,
    /// The rule it takes over.
    pub(super) inherited: Pair<'a>,
    /// What comes of both.
    pub(super) merged: Pair<'a>,
}

impl<'a> Subject<'a> {
    /// The stages as written; none in a policy without stages.
    pub(super) fn stages(&self) -> &'a [StageDocument] {
        self.checked.document.stages.as_deref().unwrap_or_default()
    }

    /// Every override of every stage. A rule that is dropped and written anew changes nothing: it is another rule.
    pub(super) fn overrides(&self) -> Vec<Override<'a>> {
        let pairs = self.pairs();
        let pairs: BTreeMap<(usize, &str), Pair<'_>> = pairs
            .into_iter()
            .map(|pair| ((pair.stage, pair.document.id.as_str()), pair))
            .collect();
        let find = |stage: usize, id: &'a str| pairs.get(&(stage, id)).copied();
        let stages = self.stages();
        let parent = |stage: &StageDocument| {
            let name = stage.extends.as_ref()?.as_str();
            stages.iter().position(|other| other.name.as_str() == name)
        };
        let mut overrides = Vec::new();
        for (index, stage) in stages.iter().enumerate() {
            let Some(parent) = parent(stage) else {
                continue;
            };
            for own in &stage.rules.rules {
                let id = own.id.as_str();
                if stage.drop.iter().any(|dropped| dropped.as_str() == id) {
                    continue;
                }
                if let (Some(inherited), Some(merged)) = (find(parent, id), find(index, id)) {
                    overrides.push(Override {
                        stage: index,
                        own,
                        inherited,
                        merged,
                    });
                }
            }
        }
        overrides
    }
}
