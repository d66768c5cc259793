//! What a step of GitHub Actions gives beside its output: the summary of the job, and the outputs for later steps. Only added
//! to: others may have written there before.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use gonogo::report::github::outputs;
use gonogo::report::{Told, markdown};
use gonogo::source::Problem;

use super::unwritable;

/// The most bytes that GitHub takes of a step's summary.
const MOST: u64 = 1024 * 1024;

const SUMMARY: &str = "the job's summary";
const OUTPUTS: &str = "the step's outputs";

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
        let summary = self.summary.iter().map(|path| (path, SUMMARY));
        let outputs = self.outputs.iter().map(|path| (path, OUTPUTS));
        let files = summary.chain(outputs);
        files.map(|(path, what)| (path.as_path(), what.to_owned()))
    }

    /// Adds the summary, where GitHub asks for one.
    pub(in crate::cli) fn summary(&self, told: &Told<'_>) -> Result<(), Problem> {
        let Some(path) = &self.summary else {
            return Ok(());
        };
        let added = add(path, &summary(path, told));
        added.map_err(|error| unwritable(path, SUMMARY, &error))
    }

    /// Adds the outputs, where GitHub asks for them; `record` is where the record was written.
    pub(in crate::cli) fn outputs(
        &self,
        told: &Told<'_>,
        record: Option<&Path>,
    ) -> Result<(), Problem> {
        let Some(path) = &self.outputs else {
            return Ok(());
        };
        let record = record.map(|path| path.display().to_string());
        let added = add(path, &outputs(told, record.as_deref().unwrap_or_default()));
        added.map_err(|error| unwritable(path, OUTPUTS, &error))
    }
}

/// The summary in the room that is left: one that is too long is not shown at all.
fn summary(path: &Path, told: &Told<'_>) -> String {
    let before = std::fs::metadata(path).map_or(0, |found| found.len());
    let room = MOST.saturating_sub(before);
    markdown::bounded(told, usize::try_from(room).unwrap_or(usize::MAX))
}

/// Adds lines, behind a line end: one that others left without it is not theirs and ours.
fn add(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .open(path)?;
    let mut last = [b'\n'];
    if file.metadata()?.is_file() && file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    let between = if last == *b"\n" { "" } else { "\n" };
    file.write_all(format!("{between}{text}").as_bytes())
}
