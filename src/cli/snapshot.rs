//! `gonogo snapshot`: what `eval` would read, written as the lines of a history. It judges nothing.

use std::io::{BufReader, BufWriter, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use gonogo::policy::check::Settings;
use gonogo::snapshot::{Layout, write};
use gonogo::source::problem::any_error;
use gonogo::source::{Code, MAX_LINE, Problem, Source, json};
use gonogo::verdict::ExitCode;
use jiff::Timestamp;

use super::append::{self, To};
use super::files::{self, Role, Sources};
use super::given::{Given, given};
use super::judge::{self, Now, Refused, SnapshotFormat};
use super::progress::Progress;
use super::{Color, baseline, diagnostics};

const AFTER_HELP: &str = "\
Examples:
  gonogo snapshot -p policy.yaml -s canary.json -s incidents.yaml
  gonogo snapshot -p policy.yaml -s canary.json >> history.jsonl
  gonogo snapshot -p policy.yaml -s app=scrape.prom -s health=health.json
  curl -s http://app:9090/metrics | gonogo snapshot -p . -s app=- -o all.jsonl
  gonogo eval -p policy.yaml -s history.jsonl

A line for each instant, in the order of time: stage, subject, metrics and baselines, merged. What was run, said and decided \
is on lines of its own, each with what it is about. Only what the policy declares is written; a value that does not fit is \
null, and told on standard error. Where anything is an error nothing is written.

Exit codes: 0 written, 2 usage, 3 bad policy, 4 bad input, or a file that cannot be written, 5 no policy in the \
folder.";

/// Write what snapshots say as lines of a history.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The policy: a file, or a folder with a `policy.yaml`.
    #[arg(short, long, value_name = "PATH")]
    policy: PathBuf,
    /// Snapshots: a file, a folder, a quoted pattern, or `-` for standard input; or NAME=FILE[@TIME], a document in a shape
    /// of its own that the policy reads with `from`. Repeatable, all are merged.
    #[arg(short, long = "snapshot", value_name = "[NAME=]PATH[@TIME]", value_parser = given, required = true)]
    snapshots: Vec<Given>,
    /// How the snapshots are written; by default their ending and content tell.
    #[arg(long, value_name = "FORMAT")]
    snapshot_format: Option<SnapshotFormat>,
    /// The snapshots of a live baseline, merged as its values at the same time: a file, a folder, a quoted pattern, or `-`
    /// for standard input; or NAME=FILE[@TIME], as of `-s`. Repeatable.
    #[arg(long, value_name = "BASELINE=[NAME=]PATH[@TIME]", value_parser = judge::named)]
    baseline: Vec<(String, Given)>,
    /// Set a parameter of the policy; repeatable.
    #[arg(long, value_name = "PARAM=VALUE", value_parser = judge::setting)]
    set: Vec<(String, String)>,
    /// The instant of a document without a time: `system` (the clock), `latest` (the newest sample's), or an instant such as
    /// 2025-10-16T10:05:00Z.
    #[arg(long, value_name = "WHEN", default_value = "system", value_parser = judge::now)]
    now: Now,
    /// The file of JSON Lines that the lines are added to, or `-` for standard output.
    #[arg(short = 'o', long, value_name = "FILE", default_value = "-", value_parser = append::to)]
    to: To,
    /// Show no progress; it is shown on a terminal only, of what takes longer than half a second.
    #[arg(long)]
    no_progress: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    let (code, problems) = match snapshot(arguments) {
        Ok(warnings) => (ExitCode::Success, warnings),
        Err(refused) => refused,
    };
    diagnostics::report(&problems, color);
    code
}

fn snapshot(arguments: &Arguments) -> Result<Vec<Problem>, Refused> {
    let settings: Settings = arguments.set.iter().cloned().collect();
    let (policy, mut problems) = files::policy(&arguments.policy, &settings)?;
    let usage = |problem| (ExitCode::Usage, vec![problem]);
    let baselines = baseline::roles(&arguments.baseline, &policy.layout).map_err(usage)?;
    live(&baselines, &policy.layout).map_err(usage)?;
    let named = baselines.iter().map(|(_, path)| path);
    let named: Vec<&Given> = arguments.snapshots.iter().chain(named).collect();
    if named.iter().filter(|given| given.path() == "-").count() > 1 {
        return Err(usage(judge::stdin_twice()));
    }
    if let To::File(path) = &arguments.to {
        named
            .iter()
            .try_for_each(|argument| other(argument, path))
            .map_err(usage)?;
    }
    let input = |problem| (ExitCode::Input, vec![problem]);
    arguments.to.ready().map_err(input)?;
    let mut sources = Sources::new(&policy.layout, Progress::new(!arguments.no_progress));
    judge::add_all(
        &mut sources,
        &arguments.snapshots,
        &baselines,
        arguments.snapshot_format,
    );
    sources.settle(arguments.now.instant());
    let mut spool = Spool::new().map_err(input)?;
    let written = lines(&policy.layout, &mut sources, &mut spool);
    problems.extend(sources.finish());
    if any_error(&problems) {
        return Err((ExitCode::Input, problems));
    }
    written.map_err(input)?;
    if spool.empty {
        let problem = Problem::new(Code::NoData, "there is nothing to write");
        problems.push(problem.help("give snapshots that have values the policy declares"));
        return Err((ExitCode::Input, problems));
    }
    spool.give(&arguments.to).map_err(|problem| {
        problems.push(problem);
        (ExitCode::Input, std::mem::take(&mut problems))
    })?;
    Ok(problems)
}

/// Writes every sample and every fact in the order of time. All is read, whatever becomes of what is written: what is wrong
/// with it is to be told.
fn lines(layout: &Layout, sources: &mut Sources<'_>, spool: &mut Spool) -> Result<(), Problem> {
    sources.look(|| (), |(), _| ());
    let facts = write::facts(&sources.facts());
    let mut facts = facts.into_iter().peekable();
    let mut result = Ok(());
    for sample in sources.samples() {
        // What was told of an instant stands behind its sample.
        while let Some((at, line)) = facts.next_if(|(at, _)| *at < Some(sample.at)) {
            result = result.and_then(|()| spool.add(at, &line));
        }
        let line = write::sample(layout, &sample);
        result = result.and_then(|()| spool.add(Some(sample.at), &line));
    }
    for (at, line) in facts {
        result = result.and_then(|()| spool.add(at, &line));
    }
    result
}

/// What is to be written, kept in a file without a name until all is known to be right: half of it in a history would be
/// worse than none.
struct Spool {
    file: BufWriter<std::fs::File>,
    empty: bool,
}

/// A shorter line has fewer values than the limit on those of a document.
const TRIED: usize = 256 * 1024;

impl Spool {
    fn new() -> Result<Self, Problem> {
        let file = tempfile::tempfile().map_err(|_| full())?;
        Ok(Self {
            file: BufWriter::new(file),
            empty: true,
        })
    }

    fn add(&mut self, at: Option<Timestamp>, line: &str) -> Result<(), Problem> {
        // The line end does not count.
        let length = line.len().saturating_sub(1);
        if length > MAX_LINE {
            let of = at.map_or_else(|| "an undated fact".to_owned(), |at| at.to_string());
            let message = format!(
                "the line of {of} has {length} bytes, more than the {MAX_LINE} that are read"
            );
            let help = "no history takes it: give less in one snapshot, or keep its file as it is";
            return Err(Problem::new(Code::TooLarge, message).help(help));
        }
        // Of a line this long it is tried whether it would be read: it may have more values than a document may.
        if length > TRIED {
            let (_, problems) = json::parse(&Source::new("the line that is written", line));
            if let Some(problem) = problems.into_iter().next() {
                return Err(problem);
            }
        }
        self.empty = false;
        self.file.write_all(line.as_bytes()).map_err(|_| full())
    }

    /// Adds all of it to where it goes.
    fn give(self, to: &To) -> Result<(), Problem> {
        let mut file = self.file.into_inner().map_err(|_| full())?;
        file.seek(SeekFrom::Start(0)).map_err(|_| full())?;
        to.add_all(&mut BufReader::new(file))
    }
}

fn full() -> Problem {
    let message = "what is written cannot be kept in the folder of temporary files";
    Problem::new(Code::Unreadable, message).help("make room there, or name another one in TMPDIR")
}

/// A baseline that has a history of its own cannot be part of another one.
fn live(baselines: &[(Role, Given)], layout: &Layout) -> Result<(), Problem> {
    let apart = baselines.iter().find_map(|(role, _)| match role {
        Role::Apart(index) => layout.baselines().get(*index),
        _ => None,
    });
    let Some(baseline) = apart else {
        return Ok(());
    };
    let name = &baseline.name;
    let message = format!("the baseline `{name}` has a history of its own");
    let help = format!(
        "write it to a file of its own, without --baseline, and give that to eval: --baseline {name}=FILE"
    );
    Err(Problem::new(Code::Conflict, message).help(help))
}

/// What is read cannot be what is added to: it would say everything twice.
fn other(given: &Given, to: &Path) -> Result<(), Problem> {
    let Ok(own) = to.canonicalize() else {
        return Ok(());
    };
    let argument = given.path();
    if argument == "-" {
        return Ok(());
    }
    // What cannot be opened is told when it is read.
    let paths = files::expand(argument).unwrap_or_default();
    let same = |path: &PathBuf| path.canonicalize().is_ok_and(|path| path == own);
    if !paths.iter().any(same) {
        return Ok(());
    }
    let message = format!("`{}` is both read and added to", to.display());
    let help = "give only what is new with --snapshot: the lines that are there stay as they are";
    Err(Problem::new(Code::Conflict, message).help(help))
}
