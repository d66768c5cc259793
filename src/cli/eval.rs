//! `gonogo eval`: the main job.

use std::path::PathBuf;

use clap::ValueEnum;
use gonogo::explain::{explain_digested, limit};
use gonogo::policy::check::Settings;
use gonogo::report::text::{self, Style};
use gonogo::snapshot::Format;
use gonogo::source::problem::any_error;
use gonogo::source::{Code, Problem};
use gonogo::verdict::ExitCode;
use jiff::Timestamp;

use super::files::{self, Role, Sources};
use super::progress::Progress;
use super::{Color, baseline, diagnostics, passes, print};

const AFTER_HELP: &str = "\
Examples:
  gonogo eval -p policies/phase9-canary -s history.jsonl
  gonogo eval -p policy.yaml -s canary.json -s incidents.json --stage canary-5
  curl -s https://metrics.example/snapshot | gonogo eval -p policy.yaml -s -
  gonogo eval -p policy.yaml -s recorded/ --now latest --format json | jq .reason

Exit codes: 0 go, 10 no-go, 11 no-go but not yet, 20 rollback; 2 usage, 3 bad policy, 4 bad input, 6 limit, \
70 a bug in gonogo.";

/// Judge a stage: verdict, reasons, exit code.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The policy: a file, or a folder with a `policy.yaml`.
    #[arg(short, long, value_name = "PATH")]
    policy: PathBuf,
    /// Snapshots: a file, a folder, a quoted pattern, or `-` for standard input; repeatable, all are merged.
    #[arg(short, long = "snapshot", value_name = "PATH", required = true)]
    snapshots: Vec<String>,
    /// How the snapshots are written; by default their ending and content tell. JSON Lines and CSV are never held in
    /// memory, unless they are not in the order of time.
    #[arg(long, value_name = "FORMAT")]
    snapshot_format: Option<SnapshotFormat>,
    /// The snapshots of a baseline: a file, a folder, a quoted pattern, or `-` for standard input; repeatable.
    #[arg(long, value_name = "NAME=PATH", value_parser = named)]
    baseline: Vec<(String, String)>,
    /// The stage to judge; by default the newest snapshot's, or the only one.
    #[arg(long, value_name = "NAME")]
    stage: Option<String>,
    /// Set a parameter of the policy; repeatable.
    #[arg(long, value_name = "PARAM=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
    /// The instant to judge: `system` (the clock, so that stale data cannot go), `latest` (the newest sample's, for
    /// recorded histories), or an instant such as 2025-10-16T10:05:00Z.
    #[arg(long, value_name = "WHEN", default_value = "system", value_parser = now)]
    now: Now,
    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ReportFormat,
    /// Also write the verdict record, as JSON, to a file.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Show the findings of this rule only; never changes the verdict. Repeatable.
    #[arg(long, value_name = "ID")]
    rule: Vec<String>,
    /// Evaluate every condition with a second engine too; where the two differ there is no verdict, and the exit code
    /// is 70.
    #[cfg(feature = "cross-check")]
    #[arg(long)]
    cross_check: bool,
    /// Print the verdict alone, and no warnings.
    #[arg(short, long)]
    quiet: bool,
    /// Show no progress; it is shown on a terminal only, of what takes longer than half a second.
    #[arg(long)]
    no_progress: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum SnapshotFormat {
    /// One JSON document.
    Json,
    /// YAML documents.
    Yaml,
    /// A JSON snapshot on each line.
    Jsonl,
    /// A table with a column `at`, and a column for each metric.
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    /// For people.
    Text,
    /// The verdict record.
    Json,
}

#[derive(Clone, Copy, Debug)]
enum Now {
    System,
    Latest,
    At(Timestamp),
}

impl From<SnapshotFormat> for Format {
    fn from(format: SnapshotFormat) -> Self {
        match format {
            SnapshotFormat::Json => Self::Json,
            SnapshotFormat::Yaml => Self::Yaml,
            SnapshotFormat::Jsonl => Self::JsonLines,
            SnapshotFormat::Csv => Self::Csv,
        }
    }
}

fn now(text: &str) -> Result<Now, String> {
    match text {
        "system" => Ok(Now::System),
        "latest" => Ok(Now::Latest),
        other => other.parse().map(Now::At).map_err(|_| {
            "write `system`, `latest` or an instant such as 2025-10-16T10:05:00Z".to_owned()
        }),
    }
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write PARAM=VALUE")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn named(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, path)) if !name.is_empty() && !path.is_empty() => {
            Ok((name.to_owned(), path.to_owned()))
        }
        _ => Err("write NAME=PATH".to_owned()),
    }
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    match judge(arguments, color) {
        Ok(code) => code,
        Err((code, problems)) => {
            diagnostics::report(&problems, color);
            code
        }
    }
}

fn judge(arguments: &Arguments, color: Color) -> Result<ExitCode, (ExitCode, Vec<Problem>)> {
    let settings: Settings = arguments.set.iter().cloned().collect();
    let (policy, mut problems) = files::policy(&arguments.policy, &settings)?;
    if !policy.unset.is_empty() {
        let missing = policy.unset.iter().map(|name| {
            Problem::new(
                Code::BadParam,
                format!("the parameter `{name}` has no value"),
            )
            .help(format!(
                "give --set {name}=VALUE, or a default in the policy"
            ))
        });
        return Err((ExitCode::Usage, missing.collect()));
    }
    let baselines = baseline::roles(&arguments.baseline, &policy.layout)
        .map_err(|problem| (ExitCode::Usage, vec![problem]))?;
    let paths = baselines.iter().map(|(_, path)| path);
    let paths = arguments.snapshots.iter().chain(paths);
    if paths.filter(|path| *path == "-").count() > 1 {
        return Err((ExitCode::Usage, vec![stdin_twice()]));
    }
    let progress = Progress::new(!arguments.quiet && !arguments.no_progress);
    let mut sources = Sources::new(&policy.layout, progress);
    let format = arguments.snapshot_format.map(Format::from);
    for argument in &arguments.snapshots {
        sources.add(argument, format, Role::Judged);
    }
    for (role, argument) in &baselines {
        sources.add(argument, format, *role);
    }
    let asked = passes::Asked {
        now: match arguments.now {
            Now::System => Some(clock()),
            Now::At(at) => Some(at),
            Now::Latest => None,
        },
        stage: arguments.stage.as_deref(),
    };
    let passed = passes::passes(&policy, sources, asked);
    problems.extend(passed.problems);
    if any_error(&problems) {
        return Err((ExitCode::Input, problems));
    }
    let passes::Judged {
        question,
        judgement,
        digest,
    } = passed
        .judged
        .map_err(|(code, problem)| (code, vec![problem]))?;
    let stage = question.stage;
    if let Some(problem) = arguments.rule.iter().find_map(|id| unknown_rule(stage, id)) {
        return Err((ExitCode::Usage, vec![problem]));
    }
    #[cfg(feature = "cross-check")]
    if arguments.cross_check
        && let Err(code) = super::cross_check::run(&policy, &judgement, arguments.quiet)
    {
        return Ok(code);
    }
    let limits = limit::problems(&policy, &judgement);
    let verdict = explain_digested(&policy, &digest, question, judgement, &problems);
    if !arguments.quiet {
        diagnostics::report(&problems, color);
    }
    // Even a quiet run says why it ends with a code of its own.
    diagnostics::report(&limits, color);
    match arguments.format {
        ReportFormat::Json => print(&verdict.to_json()),
        ReportFormat::Text => print(&text::report(
            &verdict,
            Style {
                color: color.on(&std::io::stdout()),
                rules: &arguments.rule,
                brief: arguments.quiet,
            },
        )),
    }
    if let Some(path) = &arguments.record
        && let Err(error) = std::fs::write(path, verdict.to_json())
    {
        return Err((ExitCode::Input, vec![unwritable(path, &error)]));
    }
    ExitCode::ALL
        .iter()
        .find(|code| code.code() == verdict.exit_code)
        .copied()
        .ok_or_else(|| (ExitCode::Bug, Vec::new()))
}

fn stdin_twice() -> Problem {
    let message = "standard input is named twice, and can be read only once";
    Problem::new(Code::Unreadable, message).help("give one of them as a file")
}

fn unwritable(path: &std::path::Path, error: &std::io::Error) -> Problem {
    let why = match error.kind() {
        std::io::ErrorKind::NotFound => "its folder does not exist",
        std::io::ErrorKind::PermissionDenied => "permission is denied",
        std::io::ErrorKind::IsADirectory => "it is a folder",
        _ => "the disk refuses it",
    };
    Problem::new(
        Code::Unreadable,
        format!(
            "the record cannot be written to `{}`: {why}",
            path.display()
        ),
    )
    .help("name a file that can be written; the verdict above stands")
}

/// The wall clock, to the millisecond: what a person can read.
fn clock() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

fn unknown_rule(stage: &gonogo::policy::Stage, id: &str) -> Option<Problem> {
    let ids = || {
        stage
            .rules
            .iter()
            .map(|rule| rule.id.as_ref())
            .chain(["stage.bake", "stage.traffic"])
    };
    if ids().any(|known| known == id) {
        return None;
    }
    let help = gonogo::source::problem::nearest(id, ids()).map_or_else(
        || format!("there are {}", ids().collect::<Vec<_>>().join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    Some(
        Problem::new(
            Code::UnknownRule,
            format!("the stage `{}` has no rule `{id}`", stage.name),
        )
        .help(help),
    )
}
