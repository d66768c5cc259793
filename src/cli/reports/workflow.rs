//! What a step of GitHub Actions gives beside its output: the summary of the job, and the outputs for later steps. Only added
//! to: others may have written there before.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use gonogo::report::github::outputs;
use gonogo::report::{Told, markdown};
use gonogo::source::Problem;

use super::unwritable;

/// The most bytes that GitHub takes of a step's summary.
const MOST: u64 = 1024 * 1024;

/// The files that GitHub names, each by its variable.
pub(in crate::cli) struct Workflow {
    summary: Option<PathBuf>,
    outputs: Option<PathBuf>,
}

impl Workflow {
    /// Those of the step that this process is in.
    pub(in crate::cli) fn here() -> Self {
        let named = |variable: &str| {
            let path = std::env::var_os(variable);
            path.filter(|path| path != OsStr::new(""))
                .map(PathBuf::from)
        };
        Self {
            summary: named("GITHUB_STEP_SUMMARY"),
            outputs: named("GITHUB_OUTPUT"),
        }
    }

    /// The files, each with what is added to it.
    pub(in crate::cli) fn files(&self) -> impl Iterator<Item = (&Path, String)> + Clone {
        let summary = self.summary.iter().map(|path| (path, "the job's summary"));
        let outputs = self.outputs.iter().map(|path| (path, "the step's outputs"));
        let files = summary.chain(outputs);
        files.map(|(path, what)| (path.as_path(), what.to_owned()))
    }

    /// Adds the summary and the outputs, where GitHub asks for them; what could not be written.
    pub(in crate::cli) fn write(&self, told: &Told<'_>, record: Option<&Path>) -> Vec<Problem> {
        let record = record.map(|path| path.display().to_string());
        let outputs = || outputs(told, record.as_deref().unwrap_or_default());
        let added = self.files().map(|(path, what)| {
            let text = if Some(path) == self.summary.as_deref() {
                summary(path, told)
            } else {
                outputs()
            };
            add(path, &text).map_err(|error| unwritable(path, &what, &error))
        });
        added.filter_map(Result::err).collect()
    }
}

/// The summary in the room that is left: one that is too long is not shown at all.
fn summary(path: &Path, told: &Told<'_>) -> String {
    let before = std::fs::metadata(path).map_or(0, |found| found.len());
    let room = MOST.saturating_sub(before);
    markdown::bounded(told, usize::try_from(room).unwrap_or(usize::MAX))
}

fn add(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(text.as_bytes())
}
