//! Files, folders, globs and standard input: the only place that opens anything for reading.

mod beside;
mod expand;
mod feed;
mod opened;
mod physical;
mod raw;
mod sources;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use gonogo::policy::check::Settings;
use gonogo::policy::{Policy, Waiver};
use gonogo::snapshot::Format;
use gonogo::source::{Code, MAX_DOCUMENT, Problem, Source, text};
use gonogo::verdict::ExitCode;
use gonogo::verdict::record::digest;

pub(super) use beside::beside;
pub(super) use expand::{Found, among, expand, policies};
pub(super) use opened::{Opened, Text, keep_stdin, open_all};
pub(super) use raw::document as raw;
pub(super) use sources::{Role, Sources};

/// The name of a policy in a folder.
const POLICY: &str = "policy.yaml";

/// Where the policy of a path is: the file itself, or `policy.yaml` in a folder.
pub(super) fn policy_path(path: &Path) -> Result<PathBuf, (ExitCode, Problem)> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let inside = path.join(POLICY);
    if inside.is_file() {
        return Ok(inside);
    }
    let problem = Problem::new(
        Code::Unreadable,
        format!("there is no `{POLICY}` in the folder `{}`", path.display()),
    )
    .help("name the policy's file, or its folder");
    Err((ExitCode::Nothing, problem))
}

/// Reads a policy's text, and those of the files that it names.
pub(super) fn policy_source(path: &Path) -> Result<Source, (ExitCode, Problem)> {
    policy_source_noting(path, &mut |_| {})
}

/// The same; `note` sees the path of each file that it names before that is read.
pub(super) fn policy_source_noting(
    path: &Path,
    note: &mut dyn FnMut(&Path),
) -> Result<Source, (ExitCode, Problem)> {
    let path = policy_path(path)?;
    let source = document(&path).map_err(|problem| (ExitCode::Policy, problem))?;
    Ok(beside::with_files(source, &path, note))
}

/// Reads and checks a policy: the policy if it can be evaluated, and all that is to be said about it.
pub(super) fn policy(
    path: &Path,
    settings: &Settings,
) -> Result<(Policy, Vec<Problem>), (ExitCode, Vec<Problem>)> {
    policy_noting(path, settings, &mut |_| {})
}

/// The same; `note` sees the path of each file that it names before that is read.
pub(super) fn policy_noting(
    path: &Path,
    settings: &Settings,
    note: &mut dyn FnMut(&Path),
) -> Result<(Policy, Vec<Problem>), (ExitCode, Vec<Problem>)> {
    let source =
        policy_source_noting(path, note).map_err(|(code, problem)| (code, vec![problem]))?;
    match gonogo::policy::check::check(&source, settings) {
        (Some(policy), problems) => Ok((policy, problems)),
        (None, problems) => {
            let usage =
                |problem: &Problem| matches!(problem.code, Code::UnknownParam | Code::BadParam);
            let code = if problems.iter().all(usage) {
                ExitCode::Usage
            } else {
                ExitCode::Policy
            };
            Err((code, problems))
        }
    }
}

/// A file of waivers.
#[derive(Default)]
pub(super) struct Aside {
    pub(super) waivers: Vec<Waiver>,
    /// Of the file.
    pub(super) digest: Option<String>,
    /// All that is to be said about it.
    pub(super) problems: Vec<Problem>,
}

/// Reads a document.
pub(super) fn document(path: &Path) -> Result<Source, Problem> {
    text(&path.display().to_string(), read(path)?)
}

/// Reads all documents an argument names, whole: a file, those in a folder, those that match a pattern.
pub(super) fn documents(argument: &str) -> Result<Vec<(Source, Format)>, Problem> {
    let paths = expand(argument)?;
    let one = |path: &PathBuf| {
        let source = document(path)?;
        let format = opened::format(path).unwrap_or_else(|| Format::of(source.text()));
        Ok((source, format))
    };
    paths.iter().map(one).collect()
}

/// Reads waivers and holds them against a policy.
pub(super) fn waivers(path: &Path, policy: &Policy) -> Result<Aside, Problem> {
    let source = document(path)?;
    let json = path.extension().is_some_and(|ending| ending == "json");
    let format = if json { Format::Json } else { Format::Yaml };
    let (waivers, problems) = gonogo::policy::waiver::read(&source, format, policy);
    Ok(Aside {
        waivers,
        digest: Some(digest(source.text().as_bytes())),
        problems,
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    let file = open(path)?;
    let size = file.metadata().map_or(0, |about| about.len());
    // One more than there is: what ends there need not be asked for more.
    let size = usize::try_from(size).map_or(0, |size| size.min(MAX_DOCUMENT).saturating_add(1));
    let mut bytes = Vec::with_capacity(size);
    file.take(MAX_DOCUMENT as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(path, &error))?;
    Ok(bytes)
}

pub(super) fn open(path: &Path) -> Result<File, Problem> {
    if path.is_dir() {
        return Err(Problem::new(
            Code::Unreadable,
            format!("`{}` is a folder", path.display()),
        )
        .help("name a file in it"));
    }
    File::open(path).map_err(|error| unreadable(path, &error))
}

pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    let (what, help) = match error.kind() {
        std::io::ErrorKind::NotFound => ("there is no file", "check the path"),
        std::io::ErrorKind::PermissionDenied => {
            ("permission is denied to read", "check who may read it")
        }
        _ => ("cannot read", "check the file and its disk"),
    };
    Problem::new(Code::Unreadable, format!("{what} `{}`", path.display())).help(help)
}
