//! Which inputs found their value in the documents that were read, and which documents had none: what found nothing is
//! said. It never holds a value.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::origin::Way;
use super::{Document, Missed, Wanted};
use crate::snapshot::{Layout, Reading};
use crate::source::problem::nearest;
use crate::source::{Code, Problem};

/// What was found so far, for what is judged and for each baseline.
#[derive(Debug, Default)]
pub(super) struct Tally {
    sets: BTreeMap<Option<usize>, Set>,
}

/// The documents of one history.
#[derive(Debug, Default)]
struct Set {
    /// Whether one of them could not be read: nobody knows what it has.
    broken: bool,
    /// By input: why the first document that was asked does not have it; nothing where one has it.
    inputs: BTreeMap<usize, Option<Problem>>,
    documents: Vec<Given>,
}

/// A document that was read.
#[derive(Debug)]
struct Given {
    file: Arc<str>,
    /// The inputs that it was asked for and does not have, where it has none.
    missed: Vec<usize>,
}

impl Tally {
    /// Takes in a document; `missed` are the inputs it does not have, or nothing where it cannot be read.
    pub(super) fn take(
        &mut self,
        baseline: Option<usize>,
        file: &Arc<str>,
        wanted: &[Wanted<'_>],
        missed: Option<Vec<Missed>>,
    ) {
        let set = self.sets.entry(baseline).or_default();
        let Some(missed) = missed else {
            set.broken = true;
            return;
        };
        let mut why: BTreeMap<usize, Problem> = missed
            .into_iter()
            .map(|missed| (missed.input, missed.problem))
            .collect();
        if wanted.iter().all(|(input, _)| why.contains_key(input)) {
            let file = Arc::clone(file);
            let missed = why.keys().copied().collect();
            set.documents.push(Given { file, missed });
        }
        for (input, _) in wanted {
            match why.remove(input) {
                None => {
                    set.inputs.insert(*input, None);
                }
                Some(problem) => {
                    set.inputs.entry(*input).or_insert(Some(problem));
                }
            }
        }
    }

    /// Says which inputs found nothing, and which documents gave nothing.
    pub(super) fn finish(self, reading: &mut Reading<'_>) {
        for set in self.sets.into_values().filter(|set| !set.broken) {
            for given in set.documents {
                // Where each of the inputs found nothing, that is said of each of them.
                let elsewhere = |input: &usize| matches!(set.inputs.get(input), Some(None));
                if given.missed.iter().any(elsewhere) {
                    let message = format!("`{}` gives no value to any input", given.file);
                    let problem = Problem::new(Code::NoValue, message).warning().help(
                        "leave it out, or correct what writes it: the inputs that it could give are found elsewhere",
                    );
                    reading.problem(problem);
                }
            }
            set.inputs
                .into_values()
                .flatten()
                .for_each(|problem| reading.problem(problem));
        }
    }
}

/// Why no input reads a document.
pub(super) fn unread(layout: &Layout, document: &Document<'_>) -> Problem {
    let (name, kind) = (document.name, document.kind.word());
    let inputs = || {
        layout
            .inputs()
            .iter()
            .filter_map(|input| Some((input, input.from.as_deref()?)))
    };
    let meant = inputs().find(|(_, origin)| origin.file.as_deref() == Some(name));
    let (message, help) = match meant {
        Some((input, origin)) => {
            let reads = match origin.way {
                Way::Tree(_) => "JSON, YAML or TOML",
                Way::Series(_) => "an exposition of metrics",
                Way::Rows(_) => "CSV",
            };
            (
                format!("`{}` reads `{name}` as {reads}, and `{}` is {kind}", input.name, document.source.name()),
                "correct `from` in the policy; how a document is written is told by its ending, or by --snapshot-format".to_owned(),
            )
        }
        None => {
            let names = inputs().filter_map(|(_, origin)| origin.file.as_deref());
            let help = nearest(name, names).map_or_else(
                || format!("leave it out, or say in an input of the policy what is read from it: `from: {{{}, file: {name}}}`", example(document)),
                |near| format!("did you mean `{near}=…`?"),
            );
            (
                format!("no input of the policy reads `{name}`, which is {kind}"),
                help,
            )
        }
    };
    Problem::new(Code::NoValue, message).help(help)
}

/// A name that is almost one the policy asks for. The document is read all the same, by inputs that ask for none.
pub(super) fn misnamed(layout: &Layout, document: &Document<'_>) -> Option<Problem> {
    let origins = layout
        .inputs()
        .iter()
        .filter_map(|input| input.from.as_deref());
    let names = origins.filter_map(|origin| origin.file.as_deref());
    let near = nearest(document.name, names).filter(|near| *near != document.name)?;
    let message = format!("no input asks for a document `{}`", document.name);
    let help = format!("it is read by inputs that take any document; did you mean `{near}=…`?");
    Some(Problem::new(Code::NoValue, message).warning().help(help))
}

fn example(document: &Document<'_>) -> &'static str {
    match document.kind {
        super::Kind::Csv => "csv: COLUMN",
        super::Kind::Prometheus => "prometheus: SELECTOR",
        _ => "json: PATH",
    }
}
