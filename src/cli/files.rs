//! Files, folders, globs and standard input: the only place that opens anything for reading.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};

use gonogo::policy::Policy;
use gonogo::policy::check::Settings;
use gonogo::snapshot::{Format, Reader};
use gonogo::source::{Code, MAX_DOCUMENT, MAX_LINE, Problem, Source, text};
use gonogo::verdict::ExitCode;

/// The name of a policy in a folder.
const POLICY: &str = "policy.yaml";
/// The endings of files that are read from a folder of snapshots.
const ENDINGS: [&str; 5] = ["json", "jsonl", "ndjson", "yaml", "yml"];

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

/// Reads a policy's text.
pub(super) fn policy_source(path: &Path) -> Result<Source, (ExitCode, Problem)> {
    let path = policy_path(path)?;
    let bytes = read(&path).map_err(|problem| (ExitCode::Policy, problem))?;
    text(&path.display().to_string(), bytes).map_err(|problem| (ExitCode::Policy, problem))
}

/// Reads and checks a policy: the policy if it can be evaluated, and all that is to be said about it.
pub(super) fn policy(
    path: &Path,
    settings: &Settings,
) -> Result<(Policy, Vec<Problem>), (ExitCode, Vec<Problem>)> {
    let source = policy_source(path).map_err(|(code, problem)| (code, vec![problem]))?;
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

/// What reading brings: a document, or a problem.
pub(super) enum Read {
    /// A text in a format; of JSON Lines, one line as JSON.
    Text(Source, Format),
    /// Something that cannot be read.
    Problem(Problem),
}

/// Reads everything that one `-s` names, piece by piece.
pub(super) fn snapshots(argument: &str, format: Option<Format>, sink: &mut dyn FnMut(Read)) {
    if argument == "-" {
        return stream(
            &mut BufReader::new(std::io::stdin().lock()),
            "<stdin>",
            format,
            sink,
        );
    }
    match expand(argument) {
        Ok(paths) => paths.iter().for_each(|path| file(path, format, sink)),
        Err(problem) => sink(Read::Problem(problem)),
    }
}

/// Takes what was read into a history.
pub(super) fn into<'r>(reader: &'r mut Reader<'_>) -> impl FnMut(Read) + 'r {
    move |read| match read {
        Read::Text(source, format) => reader.document(&source, format),
        Read::Problem(problem) => reader.problem(problem),
    }
}

/// The files an argument names: itself, those in a folder, those that match a pattern; in alphabetical order.
fn expand(argument: &str) -> Result<Vec<PathBuf>, Problem> {
    let path = Path::new(argument);
    if path.is_dir() {
        let mut paths = folder(path)?;
        if paths.is_empty() {
            return Err(Problem::new(
                Code::NoData,
                format!("there are no snapshots in the folder `{argument}`"),
            )
            .help(format!("files ending in {} are read", ENDINGS.join(", "))));
        }
        paths.sort();
        return Ok(paths);
    }
    if path.exists() || !argument.contains(['*', '?', '[']) {
        return Ok(vec![path.to_owned()]);
    }
    let bad = |message: String| {
        Problem::new(Code::Unreadable, message).help("write a pattern such as 'snapshots/*.json'")
    };
    let matches = glob::glob(argument)
        .map_err(|error| bad(format!("`{argument}` is not a pattern: {}", error.msg)))?;
    let mut paths = Vec::new();
    for path in matches {
        paths.push(
            path.map_err(|error| bad(format!("`{}` cannot be read", error.path().display())))?,
        );
    }
    paths.retain(|path| path.is_file());
    paths.sort();
    if paths.is_empty() {
        Err(bad(format!("no file matches `{argument}`")))
    } else {
        Ok(paths)
    }
}

fn folder(path: &Path) -> Result<Vec<PathBuf>, Problem> {
    let entries = std::fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(path, &error))?.path();
        let known = path
            .extension()
            .and_then(|ending| ending.to_str())
            .is_some_and(|ending| ENDINGS.contains(&ending));
        if known && path.is_file() {
            paths.push(path);
        }
    }
    Ok(paths)
}

fn file(path: &Path, format: Option<Format>, sink: &mut dyn FnMut(Read)) {
    let ending = path
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default();
    let format = format.or(match ending {
        "jsonl" | "ndjson" => Some(Format::JsonLines),
        "yaml" | "yml" => Some(Format::Yaml),
        _ => None,
    });
    match open(path) {
        Ok(file) => stream(
            &mut BufReader::new(file),
            &path.display().to_string(),
            format,
            sink,
        ),
        Err(problem) => sink(Read::Problem(problem)),
    }
}

/// Reads a stream: JSON Lines line by line, however long; anything else as one document.
fn stream(
    input: &mut impl BufRead,
    name: &str,
    format: Option<Format>,
    sink: &mut dyn FnMut(Read),
) {
    let mut head = Vec::new();
    let format = match format {
        Some(format) => format,
        None => {
            // Two lines tell JSON Lines from one document.
            for _ in 0..2 {
                if let Err(error) = input
                    .by_ref()
                    .take(MAX_LINE as u64)
                    .read_until(b'\n', &mut head)
                {
                    return sink(Read::Problem(unreadable(Path::new(name), &error)));
                }
            }
            Format::of(&String::from_utf8_lossy(&head))
        }
    };
    let mut input = head.as_slice().chain(input);
    if format == Format::JsonLines {
        return lines(&mut BufReader::new(input), name, sink);
    }
    let mut bytes = Vec::new();
    if let Err(error) = input
        .by_ref()
        .take(MAX_DOCUMENT as u64 + 1)
        .read_to_end(&mut bytes)
    {
        return sink(Read::Problem(unreadable(Path::new(name), &error)));
    }
    match text(name, bytes) {
        Ok(source) => sink(Read::Text(source, format)),
        Err(problem) => sink(Read::Problem(problem)),
    }
}

fn lines(input: &mut impl BufRead, name: &str, sink: &mut dyn FnMut(Read)) {
    let name: std::sync::Arc<str> = name.into();
    let mut any = false;
    for number in 1_u32.. {
        let mut line = Vec::new();
        let read = input
            .by_ref()
            .take(MAX_LINE as u64 + 1)
            .read_until(b'\n', &mut line);
        match read {
            Ok(0) => break,
            Ok(_) if line.len() > MAX_LINE => {
                let message = format!("line {number} of `{name}` is longer than 4 MiB");
                let help = "write one snapshot on each line";
                return sink(Read::Problem(
                    Problem::new(Code::TooLarge, message).help(help),
                ));
            }
            Ok(_) => {}
            Err(error) => return sink(Read::Problem(unreadable(Path::new(name.as_ref()), &error))),
        }
        match String::from_utf8(line) {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => {
                any = true;
                let line = if number == 1 {
                    line.trim_start_matches('\u{feff}')
                } else {
                    &line
                };
                let line = line.trim_end_matches(['\n', '\r']);
                sink(Read::Text(
                    Source::fragment(name.clone(), line, number),
                    Format::Json,
                ));
            }
            Err(_) => {
                any = true;
                let message = format!("line {number} of `{name}` is not UTF-8 text");
                sink(Read::Problem(
                    Problem::new(Code::NotUtf8, message).help("write the file in UTF-8"),
                ));
            }
        }
    }
    if !any {
        let problem = Problem::new(Code::Empty, format!("`{name}` has nothing in it"));
        sink(Read::Problem(
            problem.help("write one snapshot on each line"),
        ));
    }
}

/// Every policy under some paths: files as named, and each `policy.yaml` below a folder, in alphabetical order.
pub(super) fn policies(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Problem> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            below(path, 0, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn below(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Problem> {
    let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|error| unreadable(folder, &error))?.path());
    }
    paths.sort();
    for path in paths {
        let hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !hidden && !path.is_symlink() && depth < 16 {
            below(&path, depth + 1, found)?;
        } else if path.file_name().is_some_and(|name| name == POLICY) {
            found.push(path);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let file = open(path)?;
    file.take(MAX_DOCUMENT as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(path, &error))?;
    Ok(bytes)
}

fn open(path: &Path) -> Result<File, Problem> {
    if path.is_dir() {
        return Err(Problem::new(
            Code::Unreadable,
            format!("`{}` is a folder", path.display()),
        )
        .help("name a file in it"));
    }
    File::open(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    let (what, help) = match error.kind() {
        std::io::ErrorKind::NotFound => ("there is no file", "check the path"),
        std::io::ErrorKind::PermissionDenied => {
            ("permission is denied to read", "check who may read it")
        }
        _ => ("cannot read", "check the file and its disk"),
    };
    Problem::new(Code::Unreadable, format!("{what} `{}`", path.display())).help(help)
}
