//! Approved files written anew: only where a test names one, after the difference was shown, and where nothing else is wrong
//! with the test: what follows from a mistake is not to be approved.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gonogo::source::{Code, Problem};
use gonogo::suite::{Case, Outcome, TestResult};

use super::opened::Opened;
use super::ran::Ran;
use super::reports;
use crate::cli::whole::leads_to;
use crate::cli::{append, say};

/// How files end that no explanation is written over.
const THEIRS: [&str; 6] = ["yaml", "yml", "json", "jsonl", "ndjson", "csv"];

/// What one file is to say, and which tests want that.
#[derive(Default)]
struct Wanted {
    /// Each text with the name of the first test that wants it.
    texts: BTreeMap<String, String>,
    /// The tests that want another text than it has: the indexes of a suite's results and of a test among them.
    tests: Vec<(usize, usize)>,
    /// The path as it is told.
    path: PathBuf,
}

/// Shows what is new, writes it, and takes it for approved.
pub(super) fn update(ran: &mut Ran) {
    let wanted = wanted(ran);
    let tests = wanted.values().flat_map(|wanted| wanted.tests.iter());
    let tests: BTreeSet<(usize, usize)> = tests.copied().collect();
    if tests.is_empty() {
        return;
    }
    let result = |(suite, test): &(usize, usize)| ran.results.get(*suite)?.tests.get(*test);
    let shown = reports::difference(tests.iter().filter_map(result));
    say(shown.trim_end());
    let inputs: BTreeSet<PathBuf> = ran.opened.iter().flat_map(Opened::inputs).collect();
    for wanted in wanted
        .into_values()
        .filter(|wanted| !wanted.tests.is_empty())
    {
        match wanted.written(&inputs) {
            Ok(()) => {
                say(&format!("written: `{}`", wanted.path.display()));
                for (suite, test) in wanted.tests {
                    let test = ran
                        .results
                        .get_mut(suite)
                        .and_then(|one| one.tests.get_mut(test));
                    if let Some(test) = test {
                        approve(test);
                    }
                }
            }
            Err(problem) => ran.unwritten(problem),
        }
    }
}

/// All that tests want of approved files, by the file.
fn wanted(ran: &Ran) -> BTreeMap<PathBuf, Wanted> {
    let mut files: BTreeMap<PathBuf, Wanted> = BTreeMap::new();
    for (suite, result) in ran.results.iter().enumerate() {
        let opened = ran
            .opened
            .iter()
            .find(|one| one.file.display().to_string() == result.file);
        let Some(opened) = opened else { continue };
        for (index, test) in result.tests.iter().enumerate() {
            let Some((path, text)) = opened.text(test) else {
                continue;
            };
            let path = opened.path(&path);
            let name = format!("{} > {}", result.file, test.name);
            let other = test.differences.iter().any(|one| one.key != "approved");
            if test.approved.is_some() && other {
                let path = path.display();
                say(&format!(
                    "not written: `{path}`, for something else is wrong with `{name}` too"
                ));
                continue;
            }
            let file = files.entry(leads_to(&path)).or_default();
            file.path = path;
            file.texts.entry(text).or_insert(name);
            if test.approved.is_some() {
                file.tests.push((suite, index));
            }
        }
    }
    files
}

impl Opened {
    /// The approved file of a test that ran, and what it is to say.
    fn text(&self, test: &TestResult) -> Option<(String, String)> {
        if let Some(approved) = &test.approved {
            return Some((approved.path.clone(), approved.text.clone()));
        }
        // One that passed wants what is there.
        let suite = self.suite.as_ref().ok()?;
        let named = |case: &&Case| case.test.name == test.name && test.outcome == Outcome::Passed;
        let case = suite.cases.iter().find(named)?;
        let node = case.test.expect.as_ref()?.get("approved")?;
        let path = node.scalar()?.text.clone();
        let text = std::fs::read_to_string(self.path(&path)).ok()?;
        Some((path, text.replace("\r\n", "\n")))
    }
}

impl Wanted {
    fn written(&self, inputs: &BTreeSet<PathBuf>) -> Result<(), Problem> {
        let path = self.path.display();
        if inputs.contains(&leads_to(&self.path)) {
            let message =
                format!("`{path}` is read as something else: no explanation is written over it");
            return Err(Problem::new(Code::NameClash, message)
                .help("give the approved explanation a file of its own"));
        }
        // What ends like a policy, a suite or snapshots is theirs, whether this run reads it or not.
        let ending = self.path.extension().and_then(|ending| ending.to_str());
        if ending.is_some_and(|ending| THEIRS.contains(&ending)) {
            let message = format!("`{path}` has the name of a policy, a suite or snapshots");
            let help = "give the approved explanation a name such as `error-spike.txt`";
            return Err(Problem::new(Code::NameClash, message).help(help));
        }
        let mut names = self.texts.values().map(|name| format!("`{name}`"));
        let (Some(first), second) = (names.next(), names.next()) else {
            return Ok(());
        };
        if let Some(second) = second {
            let message =
                format!("{first} and {second} do not have the same explanation for `{path}`");
            let help = "give each test an approved file of its own";
            return Err(Problem::new(Code::NameClash, message).help(help));
        }
        let text = self.texts.keys().next().map_or("", String::as_str);
        write(&self.path, text).map_err(|error| {
            let why = append::unwritten(&error);
            let message = format!("the explanation cannot be written to `{path}`: {why}");
            Problem::new(Code::Unreadable, message).help("name a file that can be written")
        })
    }
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)
}

fn approve(test: &mut TestResult) {
    test.outcome = Outcome::Passed;
    test.differences.clear();
    test.warnings.clear();
    test.verdict = None;
    test.approved = None;
}
