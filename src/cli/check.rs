//! `gonogo check`: policies, or snapshots against a policy.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;
use gonogo::policy::check::Settings;
use gonogo::policy::lint::lint;
use gonogo::schema::fit::Fit;
use gonogo::snapshot::raw::{Document, Kind, Raws};
use gonogo::snapshot::{Format, Reader};
use gonogo::source::problem::any_error;
use gonogo::source::{Code, Problem, Problems, Severity, Source};
use gonogo::verdict::ExitCode;
use serde_json::json;

use super::files::Opened;
use super::given::{Given, Raw, given};
use super::judge::SnapshotFormat;
use super::levels::{self, Levels};
use super::progress::Progress;
use super::{Color, Printed, diagnostics, files, print};

const AFTER_HELP: &str = "\
Examples:
  gonogo check policies/
  gonogo check policy.yaml --format json
  gonogo check -W pedantic -A unused-input --deny-warnings policies/
  gonogo check -p policies/checkout -s history.jsonl   # do they fit

Exit codes: 0 nothing wrong, or warnings only, 1 findings, 2 usage, 3 a policy cannot be read, \
4 a snapshot cannot be read, 5 no policy found.";

/// Check and lint policies, or check snapshots against a policy.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// Policies, or folders with a `policy.yaml` anywhere below; by default this folder.
    #[arg(value_name = "PATH", conflicts_with_all = ["policy", "snapshots"])]
    paths: Vec<PathBuf>,
    /// The policy that snapshots are to fit.
    #[arg(short, long, value_name = "PATH", requires = "snapshots")]
    policy: Option<PathBuf>,
    /// Snapshots to check against the policy: a file, a folder, a quoted pattern, or `-`; or NAME=FILE[@TIME], a document
    /// that the policy reads with `from`. Repeatable.
    #[arg(short, long = "snapshot", value_name = "[NAME=]PATH[@TIME]", requires = "policy", value_parser = given)]
    snapshots: Vec<Given>,
    /// How the snapshots are written; by default their ending and content tell.
    #[arg(long, value_name = "FORMAT")]
    snapshot_format: Option<SnapshotFormat>,
    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ReportFormat,
    #[command(flatten)]
    levels: Levels,
    /// Take every warning for an error.
    #[arg(long, conflicts_with = "policy")]
    deny_warnings: bool,
    /// List the lints, each with its default level, and check nothing.
    #[arg(long)]
    list_lints: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// What was checked, and what was found.
struct Checked {
    /// One line for each file that was checked.
    summary: Vec<String>,
    problems: Vec<Problem>,
    code: ExitCode,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    if arguments.list_lints {
        print(&Printed::Text(&levels::list()));
        return ExitCode::Success;
    }
    let checked = match &arguments.policy {
        Some(policy) => snapshots(arguments, policy),
        None => policies(arguments),
    };
    match arguments.format {
        ReportFormat::Json => {
            let told = gonogo::report::diagnostics::json(&checked.problems);
            print(&Printed::Json(&json!({"diagnostics": told})));
        }
        ReportFormat::Text => {
            let unread = !matches!(checked.code, ExitCode::Success | ExitCode::Findings);
            if unread {
                diagnostics::report(&checked.problems, color);
            } else {
                let color = color.on(&std::io::stdout());
                let told = diagnostics::render(&checked.problems, color);
                print(&Printed::Text(&told));
            }
            for line in &checked.summary {
                print(&Printed::Text(line));
            }
        }
    }
    checked.code
}

fn policies(arguments: &Arguments) -> Checked {
    let here = [PathBuf::from(".")];
    let paths = if arguments.paths.is_empty() {
        here.as_slice()
    } else {
        &arguments.paths
    };
    let mut checked = Checked {
        summary: Vec::new(),
        problems: Vec::new(),
        code: ExitCode::Success,
    };
    let found = match files::policies(paths) {
        Ok(found) => found,
        Err(problem) => {
            checked.problems.push(problem);
            checked.code = ExitCode::Policy;
            return checked;
        }
    };
    if found.is_empty() {
        let problem = Problem::new(Code::Unreadable, "there is no `policy.yaml` here");
        checked
            .problems
            .push(problem.help("name a policy, or a folder that has one below"));
        checked.code = ExitCode::Nothing;
        return checked;
    }
    for path in &found {
        match files::policy_source(path) {
            Ok(source) => {
                let (policy, mut problems) = lint(&source, &Settings::new(), &arguments.levels.0);
                if arguments.deny_warnings {
                    for problem in &mut problems {
                        problem.severity = Severity::Error;
                    }
                }
                let name = source.name();
                let found = counts(&problems);
                checked.summary.push(match &policy {
                    Some(policy) if !any_error(&problems) => {
                        let stages = policy.judged().count();
                        let rules: usize = policy.judged().map(|stage| stage.rules.len()).sum();
                        let (stages, rules) = (count(stages, "stage"), count(rules, "rule"));
                        let found = found.map(|found| format!(", {found}")).unwrap_or_default();
                        format!("{name}: ok, {stages}, {rules}{found}")
                    }
                    _ => format!("{name}: {}", found.unwrap_or_default()),
                });
                if any_error(&problems) {
                    checked.code = checked.code.max(ExitCode::Findings);
                }
                checked.problems.extend(problems);
            }
            Err((code, problem)) => {
                checked.problems.push(problem);
                checked.code = checked.code.max(code);
            }
        }
    }
    checked
}

fn snapshots(arguments: &Arguments, policy: &std::path::Path) -> Checked {
    let failed = |code, problems| Checked {
        summary: Vec::new(),
        problems,
        code,
    };
    let (policy, _) = match files::policy(policy, &Settings::new()) {
        Ok(policy) => policy,
        Err((code, problems)) => return failed(code, problems),
    };
    let fit = match Fit::new(&policy) {
        Ok(fit) => fit,
        Err(message) => {
            return failed(
                ExitCode::Bug,
                vec![Problem::new(Code::SchemaViolation, message)],
            );
        }
    };
    let mut reader = Reader::new(&policy.layout);
    let mut violations = Problems::default();
    let mut unreadable = false;
    // What no schema can be held against: told by the reader alone.
    let mut tables = BTreeSet::new();
    let mut raws = Raws::default();
    for given in &arguments.snapshots {
        let format = arguments.snapshot_format;
        let argument = match given {
            Given::Path(path) => path,
            Given::Raw(raw) => {
                let kind = format.and_then(SnapshotFormat::raw);
                match document(raw, kind, &mut reader, &mut raws) {
                    Some(name) => {
                        tables.insert(name);
                    }
                    None => unreadable = true,
                }
                continue;
            }
        };
        let format = format.and_then(SnapshotFormat::snapshot);
        let sink = &mut |opened| match opened {
            Ok(Opened::Document(source, format)) => {
                violations.extend(fit.violations(&source, format));
                reader.document(&source, format);
            }
            Ok(Opened::Lines(text)) => {
                if text.format == Format::Csv {
                    tables.insert(Arc::clone(&text.name));
                }
                unreadable |= !lines(&text, &fit, &mut reader, &mut violations);
            }
            Err(problem) => {
                unreadable = true;
                reader.problem(problem);
            }
        };
        files::open_all(argument, format, Progress::off(), sink);
    }
    reader.raws(raws);
    let (history, problems) = reader.finish();
    let mut problems = misfits(problems, violations.finish(), &tables);
    let facts = history.facts().len();
    let named = named(&arguments.snapshots);
    if history.is_empty() && facts == 0 && problems.is_empty() {
        problems.push(nothing(&named));
    }
    // In the order of their places, whoever found them.
    problems.sort_by_cached_key(place);
    // Of a record that was changed nothing can be believed.
    let altered = |problem: &Problem| problem.code == Code::RecordAltered;
    let unreadable = unreadable || problems.iter().any(altered);
    let code = match (unreadable, any_error(&problems)) {
        (true, _) => ExitCode::Input,
        (false, true) => ExitCode::Findings,
        (false, false) => ExitCode::Success,
    };
    let mut read = count(history.len(), "sample");
    if facts > 0 {
        read = format!("{read}, {}", count(facts, "fact"));
    }
    let found = counts(&problems).unwrap_or_else(|| format!("all fit `{}`", policy.name));
    let summary = format!("{named}: {read}, {found}");
    Checked {
        summary: vec![summary],
        problems,
        code,
    }
}

/// All that does not fit, by the reader and by the schema; of `tables` and documents of other shapes the reader alone tells.
fn misfits(
    mut problems: Vec<Problem>,
    violations: Vec<Problem>,
    tables: &BTreeSet<Arc<str>>,
) -> Vec<Problem> {
    for problem in &mut problems {
        let label = problem.labels.first();
        let table = label.is_some_and(|label| tables.contains(label.source.name()));
        if table || problem.code == Code::NoValue {
            problem.severity = Severity::Error;
        }
    }
    // What does not fit its declaration has been told by the schema, at the same place.
    let told: BTreeSet<_> = violations.iter().filter_map(place).collect();
    problems.retain(|problem| {
        let shape = matches!(
            problem.code,
            Code::UnknownKey
                | Code::WrongKind
                | Code::MissingTime
                | Code::MissingKey
                | Code::BadValue
        );
        let told = shape && place(problem).is_some_and(|place| told.contains(&place));
        problem.severity == Severity::Error && !told
    });
    problems.extend(violations);
    problems
}

/// What is checked, as it was given.
fn named(snapshots: &[Given]) -> String {
    let paths: Vec<&str> = snapshots.iter().map(Given::path).collect();
    paths.join(" ")
}

fn nothing(named: &str) -> Problem {
    Problem::new(Code::NoData, format!("there is no sample in `{named}`"))
        .help("write a snapshot: {\"at\": \"2025-10-16T10:05:00Z\", \"metrics\": {…}}")
}

/// Reads a document in a shape of its own; its name, unless it cannot be read.
fn document(
    given: &Raw,
    kind: Option<Kind>,
    reader: &mut Reader<'_>,
    raws: &mut Raws,
) -> Option<Arc<str>> {
    match files::raw(&given.path, kind) {
        Ok((source, kind)) => {
            let (name, source) = (given.name.as_str(), &source);
            let document = Document { name, source, kind };
            // Whether it fits does not depend on when it is read.
            reader.raw(raws, document, given.at.unwrap_or_default());
            Some(Arc::clone(source.name()))
        }
        Err(problem) => {
            reader.problem(problem);
            None
        }
    }
}

/// Where a problem stands: file, line of its text, byte.
fn place(problem: &Problem) -> Option<(Arc<str>, u32, usize)> {
    let label = problem.labels.first()?;
    let source = &label.source;
    Some((
        Arc::clone(source.name()),
        source.first_line(),
        label.span.start,
    ))
}

/// Reads a text line by line; whether all of it could be read.
fn lines(
    text: &files::Text,
    fit: &Fit,
    reader: &mut Reader<'_>,
    violations: &mut Problems,
) -> bool {
    let mut physical = match text.lines() {
        Ok(physical) => physical,
        Err(problem) => {
            reader.problem(problem);
            return false;
        }
    };
    let mut readable = true;
    let mut lines = reader.lines(Arc::clone(&text.name), text.format);
    while let Some(line) = physical.next() {
        match line {
            Ok((number, line)) => {
                if text.format == Format::JsonLines && !line.trim().is_empty() {
                    let line = line.trim_end_matches(['\n', '\r']);
                    let source = Source::fragment(Arc::clone(&text.name), line, number);
                    violations.extend(fit.violations(&source, Format::Json));
                }
                reader.line(&mut lines, number, line);
            }
            Err(problem) => {
                readable = false;
                lines.unreadable();
                reader.problem(problem);
            }
        }
    }
    reader.end(lines);
    readable
}

/// How many errors and warnings there are; nothing where there are none.
fn counts(problems: &[Problem]) -> Option<String> {
    let of = |severity, what| {
        let found = problems
            .iter()
            .filter(|problem| problem.severity == severity);
        match found.count() {
            0 => None,
            number => Some(count(number, what)),
        }
    };
    let found = [
        of(Severity::Error, "error"),
        of(Severity::Warning, "warning"),
    ];
    found
        .into_iter()
        .flatten()
        .reduce(|errors, warnings| format!("{errors}, {warnings}"))
}

fn count(number: usize, what: &str) -> String {
    if number == 1 {
        format!("1 {what}")
    } else {
        format!("{number} {what}s")
    }
}
