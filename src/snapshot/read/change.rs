//! A patch as it is read: what it says of every sample by slot, and the facts it changes, by the readers that snapshots
//! have. Never applies what it says of samples.

mod facts;
mod told;

use super::parts::{Parts, STAGE};
use super::{Reading, facts as read};
use crate::expr::value::{Missing, Value};
use crate::snapshot::Observed;
use crate::snapshot::convert::Conversion;
use crate::snapshot::cursor::Cursor;
use crate::snapshot::layout::Context;
use crate::source::tree::{Entry, Kind, Node};
use crate::source::{Code, Problem, Source};

/// What a patch says of every sample.
#[derive(Debug, Default)]
pub struct Patch {
    /// Slots that no sample gives.
    pub cleared: Vec<usize>,
    /// What every sample gives, by slot: null takes away, in a map too.
    pub values: Vec<Observed>,
}

impl Reading<'_> {
    /// Reads what a patch says of every sample.
    pub fn patch(&mut self, source: &Source, node: &Node) -> Patch {
        let mut patch = Patch::default();
        let Kind::Map(entries) = &node.kind else {
            let message = format!("a patch is a map, not {}", node.describe());
            let problem = Problem::new(Code::WrongKind, message)
                .help("write patch: {metrics: {error_rate: 0.06}}")
                .at(source, node.span, "expected a map");
            self.problems.push(problem);
            return patch;
        };
        let mut cursor = Cursor::beginning_at(source, node.span.start);
        self.changing(source, &mut cursor, |parts| {
            for entry in entries {
                match entry.key.text.as_str() {
                    "at" => parts.no_instant(entry),
                    "evidence" | "attestations" | "approvals" | "records" => {}
                    key => {
                        patch.cleared.extend(parts.cleared(key, &entry.value));
                        parts.top(entry);
                    }
                }
            }
            std::mem::swap(&mut patch.values, parts.values);
        });
        for observed in &patch.values {
            if matches!(observed.value, Value::Unknown(Missing::Null)) {
                patch.cleared.push(observed.slot);
            }
        }
        let null = |observed: &Observed| matches!(observed.value, Value::Unknown(Missing::Null));
        patch.values.retain(|observed| !null(observed));
        patch
    }

    /// Reads parts of a patch.
    fn changing(
        &mut self,
        source: &Source,
        cursor: &mut Cursor,
        read: impl FnOnce(&mut Parts<'_, '_>),
    ) {
        let file = self.file(source.name());
        let mut values = Vec::new();
        read(&mut Parts {
            layout: self.layout,
            conversion: Conversion {
                source,
                yaml: true,
                problems: &mut self.problems,
            },
            values: &mut values,
            cursor,
            file,
            gather: self.gathers.then_some(&mut self.facts),
            about: crate::snapshot::Subject::default(),
        });
    }
}

impl Parts<'_, '_> {
    fn no_instant(&mut self, entry: &Entry) {
        let problem = Problem::new(
            Code::UnknownKey,
            "a patch has no `at`: it changes every sample",
        )
        .help("move the history with `shift`, or say with `now` when to judge it")
        .at(self.conversion.source, entry.key_span, "unknown key");
        self.conversion.problems.push(problem);
    }

    /// The slots of all that a null takes away as a whole.
    fn cleared(&self, key: &str, node: &Node) -> Vec<usize> {
        let (layout, inputs) = (self.layout, self.layout.inputs().len());
        let of_baseline =
            |baseline: usize| (0..inputs).map(move |input| layout.baseline(baseline, input));
        match key {
            "metrics" if node.is_null() => (0..inputs).collect(),
            "baselines" => {
                let named = layout.baselines().iter().enumerate();
                let gone = named.filter(|(_, baseline)| {
                    let own = node.get(&baseline.name);
                    node.is_null() || own.is_some_and(Node::is_null)
                });
                gone.flat_map(|(index, _)| of_baseline(index)).collect()
            }
            "stage" if node.is_null() => {
                let contexts = STAGE.iter();
                contexts
                    .map(|(_, context)| layout.context(*context))
                    .collect()
            }
            "subject" if node.is_null() => {
                let first = layout.context(Context::SubjectService);
                let last = layout.context(Context::SubjectPlannedAt);
                let fields = layout.fields().iter();
                let fields = fields.filter_map(|field| layout.field(field));
                (first..=last).chain(fields).collect()
            }
            _ => Vec::new(),
        }
    }
}
