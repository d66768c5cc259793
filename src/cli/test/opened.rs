//! A suite with all the files it names, opened. Runs nothing.

use std::path::{Path, PathBuf};

use gonogo::snapshot::Format;
use gonogo::source::problem::any_error;
use gonogo::source::{Code, Problem, Source, Span};
use gonogo::suite::bound::Unbound;
use gonogo::suite::document::{GivenDocument, SuiteDocument, WaiversDocument};
use gonogo::suite::{Files, Named, Suite, Use, bind, read};

use super::stamp::Stamps;
use crate::cli::files;

/// A suite that was opened.
#[derive(Debug)]
pub(super) struct Opened {
    /// Its file, as it was named.
    pub(super) file: PathBuf,
    /// The suite, or why there is none.
    pub(super) suite: Result<Suite, Unbound>,
    /// What is said about it all the same.
    pub(super) warnings: Vec<Problem>,
    /// The file of its policy.
    pub(super) policy: PathBuf,
    /// Files and folders that were read for it, or would have been.
    pub(super) read: Stamps,
    /// Those of them that are read as something else than an approved explanation.
    inputs: Vec<PathBuf>,
}

/// Opens a suite.
pub(super) fn open(file: &Path) -> Opened {
    let mut opened = Opened {
        file: file.to_owned(),
        suite: Err(Unbound::Suite(Vec::new())),
        warnings: Vec::new(),
        policy: PathBuf::new(),
        read: Stamps::default(),
        inputs: Vec::new(),
    };
    opened.input(file);
    opened.suite = opened.bound();
    opened
}

impl Opened {
    /// The path of something that the suite names.
    pub(super) fn path(&self, named: &str) -> PathBuf {
        files::beside(&self.file, named)
    }

    /// What its files lead to, but for its approved explanations.
    pub(super) fn inputs(&self) -> impl Iterator<Item = PathBuf> {
        self.inputs
            .iter()
            .filter_map(|path| path.canonicalize().ok())
    }

    fn input(&mut self, path: &Path) {
        self.read.note(path);
        self.inputs.push(path.to_owned());
    }

    fn bound(&mut self) -> Result<Suite, Unbound> {
        let source =
            files::document(&self.file).map_err(|problem| Unbound::Suite(vec![problem]))?;
        let (document, problems) = read(&source, format(&self.file));
        let wrong = any_error(&problems);
        let Some(document) = document.filter(|_| !wrong) else {
            // An empty file has no place to show: its name is what counts.
            let named = |mut problem: Problem| {
                if problem.code == Code::Empty {
                    problem.message = format!("there is nothing in `{}`", self.file.display());
                }
                problem
            };
            return Err(Unbound::Suite(problems.into_iter().map(named).collect()));
        };
        self.warnings = problems;
        let named = document.policy.as_ref();
        self.policy = named.map_or_else(PathBuf::new, |named| self.path(named.as_str()));
        self.input(&self.policy.clone());
        if let Ok(inside) = files::policy_path(&self.policy) {
            self.policy = inside;
            self.input(&self.policy.clone());
        }
        let mut beside = Vec::new();
        let mut note = |path: &Path| {
            self.read.note(path);
            beside.push(path.to_owned());
        };
        let policy = files::policy_source_noting(&self.policy, &mut note);
        self.inputs.extend(beside);
        let policy = policy.map_err(|(_, problem)| {
            let place = named.map(|named| (named.span, "named here"));
            Unbound::Policy(vec![placed(problem, &source, place)])
        })?;
        let mut found = Files::default();
        for named in document.named() {
            let contents = self.contents(&named);
            let place = || Some((span(&document, &named)?, "named here"));
            let contents = contents.map_err(|problem| placed(problem, &source, place()));
            found.found.insert(named, contents);
        }
        bind(&document, &policy, found)
    }

    fn contents(&mut self, named: &Named) -> Result<Vec<(Source, Format)>, Problem> {
        let path = self.path(&named.path);
        match named.of {
            Use::Approved => self.read.note(&path),
            Use::Snapshots | Use::Waivers => self.input(&path),
        }
        match named.of {
            Use::Snapshots => {
                let argument = path.display().to_string();
                for file in files::expand(&argument).unwrap_or_default() {
                    // A new file beside those of a pattern may be one of them.
                    if file != path
                        && let Some(folder) = file.parent()
                    {
                        self.read.note(folder);
                    }
                    self.input(&file);
                }
                files::documents(&argument)
            }
            Use::Waivers => Ok(vec![(files::document(&path)?, format(&path))]),
            Use::Approved if !path.exists() => Ok(Vec::new()),
            Use::Approved => Ok(vec![(files::document(&path)?, Format::Yaml)]),
        }
    }
}

fn format(path: &Path) -> Format {
    if path.extension().is_some_and(|ending| ending == "json") {
        Format::Json
    } else {
        Format::Yaml
    }
}

/// A problem without a place, at the place that leads to it.
fn placed(problem: Problem, source: &Source, at: Option<(Span, &str)>) -> Problem {
    match at {
        Some((span, label)) if problem.labels.is_empty() => problem.at(source, span, label),
        _ => problem,
    }
}

/// Where a suite names a file first.
fn span(document: &SuiteDocument, named: &Named) -> Option<Span> {
    let same = |text: &str| text == named.path;
    match named.of {
        Use::Snapshots => {
            let given = document.snapshots.iter().flat_map(|(_, given)| given);
            given
                .filter_map(|one| match one {
                    GivenDocument::Named(path) => Some(path),
                    GivenDocument::Inline(_) => None,
                })
                .find(|path| same(path.as_str()))
                .map(|path| path.span)
        }
        Use::Waivers => document.tests.iter().find_map(|test| match &test.waivers {
            Some(WaiversDocument::Path(path)) if same(path.as_str()) => Some(path.span),
            _ => None,
        }),
        Use::Approved => document.tests.iter().find_map(|test| {
            let node = test.expect.as_ref()?.get("approved")?;
            node.scalar().filter(|path| same(&path.text))?;
            Some(node.span)
        }),
    }
}
