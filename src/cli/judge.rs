//! What `eval` and `checklist` share: what is to be judged, and how it comes to a verdict.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use gonogo::evaluate::{Judgement, Question};
use gonogo::explain::{Digested, explain_shown, explain_unsealed, limit, waivers};
use gonogo::policy::Policy;
use gonogo::policy::check::Settings;
use gonogo::report::Plot;
use gonogo::snapshot::Format;
use gonogo::snapshot::raw::Kind;
use gonogo::source::problem::any_error;
use gonogo::source::{Code, Problem};
use gonogo::verdict::{ExitCode, Verdict};
use jiff::Timestamp;

use super::files::{self, Role, Sources};
use super::given::{Given, given};
use super::progress::Progress;
use super::whole::same;
use super::{baseline, clock, passes, plots, stream};

/// What is to be judged.
#[derive(Clone, Debug, clap::Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// The policy: a file, or a folder with a `policy.yaml`.
    #[arg(short, long, value_name = "PATH")]
    policy: PathBuf,
    /// Snapshots: a file, a folder, a quoted pattern, or `-` for standard input; or NAME=FILE[@TIME], a document in a shape
    /// of its own that the policy reads with `from`. Repeatable, all are merged.
    #[arg(short, long = "snapshot", value_name = "[NAME=]PATH[@TIME]", value_parser = given)]
    snapshots: Vec<Given>,
    /// How the snapshots are written; by default their ending and content tell. JSON Lines and CSV are never held in
    /// memory, unless they are not in the order of time.
    #[arg(long, value_name = "FORMAT")]
    snapshot_format: Option<SnapshotFormat>,
    /// The snapshots of a baseline: a file, a folder, a quoted pattern, or `-` for standard input; or NAME=FILE[@TIME], as
    /// of `-s`. Repeatable.
    #[arg(long, value_name = "BASELINE=[NAME=]PATH[@TIME]", value_parser = named)]
    baseline: Vec<(String, Given)>,
    /// The stage to judge; by default the newest snapshot's, or the only one.
    #[arg(long, value_name = "NAME")]
    stage: Option<String>,
    /// Set a parameter of the policy; repeatable.
    #[arg(long, value_name = "PARAM=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
    /// What is set aside, by whom, why and until when: a file of waivers, in YAML or JSON.
    #[arg(long, value_name = "FILE")]
    waivers: Option<PathBuf>,
    /// The instant to judge: `system` (the clock, so that stale data cannot go), `latest` (the newest sample's, for
    /// recorded histories; of facts alone the newest fact's), or an instant such as 2025-10-16T10:05:00Z. [default: system]
    #[arg(long, value_name = "WHEN", value_parser = now)]
    now: Option<Now>,
    /// Show no progress; it is shown on a terminal only, of what takes longer than half a second.
    #[arg(long)]
    no_progress: bool,
}

impl Arguments {
    /// The same, with what is not given taken from a record.
    pub(super) fn or(
        &self,
        now: Timestamp,
        stage: Option<String>,
        set: Vec<(String, String)>,
    ) -> Self {
        let mut own = self.clone();
        own.now = own.now.or(Some(Now::At(now)));
        own.stage = own.stage.or(stage);
        own.set.extend(set);
        own
    }

    /// Where the policy is.
    pub(super) fn policy(&self) -> &Path {
        &self.policy
    }

    /// The parameters that are given.
    pub(super) fn set(&self) -> &[(String, String)] {
        &self.set
    }

    /// The stage that is given.
    pub(super) fn stage(&self) -> Option<&str> {
        self.stage.as_deref()
    }

    /// Whether anything is read from standard input.
    pub(super) fn reads_stdin(&self) -> bool {
        let baselines = self.baseline.iter().map(|(_, given)| given);
        let mut all = self.snapshots.iter().chain(baselines);
        all.any(|given| given.path() == "-")
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum SnapshotFormat {
    /// One JSON document.
    Json,
    /// YAML documents.
    Yaml,
    /// A JSON snapshot on each line.
    Jsonl,
    /// A table with a column `at`, and a column for each metric; as NAME=FILE any table.
    Csv,
    /// A TOML document, as NAME=FILE only.
    Toml,
    /// An exposition of Prometheus or OpenMetrics, as NAME=FILE only.
    Prometheus,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Now {
    System,
    Latest,
    At(Timestamp),
}

impl SnapshotFormat {
    /// How snapshots are written; nothing where only a document of another shape is written so.
    pub(super) fn snapshot(self) -> Option<Format> {
        match self {
            Self::Json => Some(Format::Json),
            Self::Yaml => Some(Format::Yaml),
            Self::Jsonl => Some(Format::JsonLines),
            Self::Csv => Some(Format::Csv),
            Self::Toml | Self::Prometheus => None,
        }
    }

    /// How documents of another shape are written; nothing where only snapshots are written so.
    pub(super) fn raw(self) -> Option<Kind> {
        match self {
            Self::Json => Some(Kind::Json),
            Self::Yaml => Some(Kind::Yaml),
            Self::Csv => Some(Kind::Csv),
            Self::Toml => Some(Kind::Toml),
            Self::Prometheus => Some(Kind::Prometheus),
            Self::Jsonl => None,
        }
    }
}

impl Now {
    /// The instant; none for that of the newest sample.
    pub(super) fn instant(self) -> Option<Timestamp> {
        match self {
            Self::System => Some(clock()),
            Self::At(at) => Some(at),
            Self::Latest => None,
        }
    }
}

pub(super) fn now(text: &str) -> Result<Now, String> {
    match text {
        "system" => Ok(Now::System),
        "latest" => Ok(Now::Latest),
        other => other.parse().map(Now::At).map_err(|_| {
            "write `system`, `latest` or an instant such as 2025-10-16T10:05:00Z".to_owned()
        }),
    }
}

/// `PARAM=VALUE`.
pub(super) fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write PARAM=VALUE")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

/// `NAME=PATH`, the path as an argument of snapshots.
pub(super) fn named(text: &str) -> Result<(String, Given), String> {
    match text.split_once('=') {
        Some((name, path)) if !name.is_empty() && !path.is_empty() => {
            Ok((name.to_owned(), given(path)?))
        }
        _ => Err("write NAME=PATH".to_owned()),
    }
}

/// Why there is no verdict, and the exit code for it.
pub(super) type Refused = (ExitCode, Vec<Problem>);

/// A verdict.
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    /// The verdict's exit code.
    pub(super) code: ExitCode,
    /// What is to be told beside it.
    pub(super) warnings: Vec<Problem>,
    /// The run-time limits that were exceeded.
    pub(super) limits: Vec<Problem>,
    /// What there is to draw, where that was asked for.
    pub(super) plots: Vec<Plot>,
}

impl Arguments {
    /// Whether a path is one of the files that are named, or would be one of those in the folders and of the patterns that
    /// are.
    pub(super) fn reads(&self, path: &Path) -> bool {
        let policy = self.policy_file();
        let named = [&policy].into_iter().chain(&self.waivers);
        let baselines = self.baseline.iter().map(|(_, given)| given);
        let mut given = self.snapshots.iter().chain(baselines).map(Given::path);
        named.into_iter().any(|named| same(path, named))
            || given.any(|given| match given {
                "-" => stream::is_stdin(path),
                given => files::among(path, given),
            })
    }

    /// The file of the policy; what is given where there is none.
    pub(super) fn policy_file(&self) -> PathBuf {
        files::policy_path(&self.policy).unwrap_or_else(|_| self.policy.clone())
    }
}

/// What stands beside a verdict that is asked for.
#[derive(Clone, Copy)]
pub(super) struct Beside<'b> {
    /// No progress is shown.
    pub(super) quiet: bool,
    /// The course of what decided is drawn.
    pub(super) draws: bool,
    /// What is told of the verdict.
    pub(super) told: Told,
    /// Why a file that is to be read may not be.
    pub(super) refuse: &'b dyn Fn(&Path) -> Option<Problem>,
}

/// What is told of a verdict: what nobody is told is not worked out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// All of it, with the digest of its record.
    Record,
    /// All but that digest.
    All,
    /// What is not as it should be.
    Wrong,
}

/// Reads all that is given and judges it. `consent` sees the judgement before anything of it is told.
pub(super) fn judge(
    arguments: &Arguments,
    beside: Beside<'_>,
    consent: impl FnOnce(&Policy, Question<'_>, &Judgement<'_>) -> Result<(), Refused>,
) -> Result<Judged, Refused> {
    let settings: Settings = arguments.set.iter().cloned().collect();
    let mut refused = None;
    let read = files::policy_noting(&arguments.policy, &settings, &mut |path| {
        refused = refused.take().or_else(|| (beside.refuse)(path));
    });
    if let Some(problem) = refused {
        return Err((ExitCode::Usage, vec![problem]));
    }
    let (policy, mut problems) = read?;
    all_set(&policy)?;
    let baselines = baseline::roles(&arguments.baseline, &policy.layout)
        .map_err(|problem| (ExitCode::Usage, vec![problem]))?;
    let paths = baselines.iter().map(|(_, path)| path);
    let paths = arguments.snapshots.iter().chain(paths);
    if paths.filter(|given| given.path() == "-").count() > 1 {
        return Err((ExitCode::Usage, vec![stdin_twice()]));
    }
    let aside = arguments.waivers.as_ref();
    let aside = aside.map(|path| files::waivers(path, &policy));
    let aside = aside
        .transpose()
        .map_err(|problem| (ExitCode::Input, vec![problem]))?
        .unwrap_or_default();
    problems.extend(aside.problems);
    let progress = Progress::new(!beside.quiet && !arguments.no_progress);
    let mut sources = Sources::new(&policy.layout, progress);
    if beside.draws {
        sources.keep();
    }
    add_all(
        &mut sources,
        &arguments.snapshots,
        &baselines,
        arguments.snapshot_format,
    );
    let asked = passes::Asked {
        now: arguments.now.unwrap_or(Now::System).instant(),
        stage: arguments.stage.as_deref(),
        waivers: &aside.waivers,
        digested: beside.told != Told::Wrong,
    };
    sources.settle(asked.now);
    let mut passed = passes::passes(&policy, sources, asked);
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
    consent(&policy, question, &judgement)?;
    let limits = limit::problems(&policy, &judgement);
    problems.extend(waivers::problems(&judgement.waivers));
    let mut verdict = match &digest {
        Some(history) => {
            let waivers = aside.digest.as_deref();
            let digested = Digested { history, waivers };
            explain_unsealed(&policy, digested, question, judgement, &problems)
        }
        None => explain_shown(&policy, question, judgement, &problems),
    };
    if beside.told == Told::Record {
        verdict = verdict.sealed();
    }
    let code = ExitCode::ALL
        .iter()
        .find(|code| code.code() == verdict.exit_code);
    let plots = if beside.draws {
        plots::plots(&policy, &verdict, &mut passed.sources)
    } else {
        Vec::new()
    };
    drop(passed.sources);
    // The process is about to end, and takes back all memory at once.
    std::mem::forget(policy);
    Ok(Judged {
        code: code.copied().unwrap_or(ExitCode::Bug),
        plots,
        verdict,
        warnings: problems,
        limits,
    })
}

/// Adds all that is given to what is read.
pub(super) fn add_all(
    sources: &mut Sources<'_>,
    snapshots: &[Given],
    baselines: &[(Role, Given)],
    format: Option<SnapshotFormat>,
) {
    let judged = snapshots.iter().map(|given| (Role::Judged, given));
    let compared = baselines.iter().map(|(role, given)| (*role, given));
    for (role, given) in judged.chain(compared) {
        match given {
            Given::Path(path) => sources.add(path, format.and_then(SnapshotFormat::snapshot), role),
            Given::Raw(raw) => sources.raw(raw, format.and_then(SnapshotFormat::raw), role),
        }
    }
}

pub(super) fn all_set(policy: &Policy) -> Result<(), Refused> {
    if policy.unset.is_empty() {
        return Ok(());
    }
    let missing = policy.unset.iter().map(|name| {
        Problem::new(
            Code::BadParam,
            format!("the parameter `{name}` has no value"),
        )
        .help(format!(
            "give --set {name}=VALUE, or a default in the policy"
        ))
    });
    Err((ExitCode::Usage, missing.collect()))
}

/// Nothing can be read twice from standard input.
pub(super) fn stdin_twice() -> Problem {
    let message = "standard input is named twice, and can be read only once";
    Problem::new(Code::Unreadable, message).help("give one of them as a file")
}
