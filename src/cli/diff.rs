//! `gonogo diff`: what changed between two policies, and which verdicts it changes.

mod over;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use gonogo::diff::{Difference, diff, json, markdown, text};
use gonogo::policy::Policy;
use gonogo::policy::check::Settings;
use gonogo::source::{Code, Problem};
use gonogo::verdict::ExitCode;

use super::given::{Given, given};
use super::judge::{self, Now, Refused, SnapshotFormat};
use super::{Color, Printed, diagnostics, files, print, say};

const AFTER_HELP: &str = "\
Examples:
  gonogo diff policy.yaml policy.new.yaml
  git show main:policy.yaml > old.yaml
  gonogo diff old.yaml policy.yaml -s history.jsonl
  gonogo diff old/ new/ -s recorded/ --fail-on-flip
  gonogo diff old.yaml policy.yaml --format markdown --fail-on-loosened

With -s both policies are judged at every sample, each in the stage its samples are in: where their verdicts differ is told \
as runs, the worst first. Files that a policy names are read beside it.

Exit codes: 0 compared, 1 what --fail-on-flip or --fail-on-loosened asks for, 2 usage, 3 a bad policy, 4 bad input, \
5 no policy in a folder.";

/// Compare two policies: what changed in their rules, and which verdicts flip.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(super) struct Arguments {
    /// The policy as it was: a file, or a folder with a `policy.yaml`.
    old: PathBuf,
    /// The policy as it is to be.
    new: PathBuf,
    /// Recorded snapshots to judge under both: a file, a folder, a quoted pattern, or `-` for standard input; or
    /// NAME=FILE[@TIME], a document in a shape of its own that the policies read with `from`. Repeatable, all are merged.
    #[arg(short, long = "snapshot", value_name = "[NAME=]PATH[@TIME]", value_parser = given)]
    snapshots: Vec<Given>,
    /// How the snapshots are written; by default their ending and content tell.
    #[arg(long, value_name = "FORMAT", requires = "snapshots")]
    snapshot_format: Option<SnapshotFormat>,
    /// The snapshots of a baseline: a file, a folder, a quoted pattern, or `-` for standard input; or NAME=FILE[@TIME], as
    /// of `-s`. Repeatable.
    #[arg(long, value_name = "BASELINE=[NAME=]PATH[@TIME]", value_parser = judge::named, requires = "snapshots")]
    baseline: Vec<(String, Given)>,
    /// The stage to judge at every sample; by default the one its samples are in, or the only one.
    #[arg(long, value_name = "NAME", requires = "snapshots")]
    stage: Option<String>,
    /// Set a parameter of the policies, of whichever has it; repeatable.
    #[arg(long, value_name = "PARAM=VALUE", value_parser = judge::setting)]
    set: Vec<(String, String)>,
    /// What is set aside, by whom, why and until when: a file of waivers, in YAML or JSON, for both policies.
    #[arg(long, value_name = "FILE", requires = "snapshots")]
    waivers: Option<PathBuf>,
    /// The last instant to judge: `latest` (the newest sample's), `system` (the clock), or an instant such as
    /// 2025-10-16T10:05:00Z.
    #[arg(long, value_name = "WHEN", default_value = "latest", value_parser = judge::now)]
    now: Now,
    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// End with 1 where a verdict differs, in any direction, or only one of the policies gives one.
    #[arg(long, requires = "snapshots")]
    fail_on_flip: bool,
    /// End with 1 where a change lets more pass, or its direction is not known, or a verdict is looser.
    #[arg(long)]
    fail_on_loosened: bool,
    /// Show no progress; it is shown on a terminal only, of what takes longer than half a second.
    #[arg(long)]
    no_progress: bool,
    /// Print no warnings.
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs; `gonogo schema diff` has its shape.
    Json,
    /// For a comment on a change.
    Markdown,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    match compare(arguments, color) {
        Ok(code) => code,
        Err((code, problems)) => {
            diagnostics::report(&problems, color);
            code
        }
    }
}

fn compare(arguments: &Arguments, color: Color) -> Result<ExitCode, Refused> {
    let (old, new) = both(arguments, color)?;
    let mut difference = diff(&old, &new);
    let mut warnings = Vec::new();
    if !arguments.snapshots.is_empty() {
        let (flips, problems) = over::over(arguments, &old, &new)?;
        difference.flips = Some(flips);
        warnings = problems;
    }
    if !arguments.quiet {
        diagnostics::report(&warnings, color);
    }
    match arguments.format {
        Format::Text => {
            let told = text::report(&difference, color.on(&std::io::stdout()));
            print(&Printed::Text(&told));
        }
        Format::Json => print(&Printed::Made(&json::json(&difference))),
        Format::Markdown => print(&Printed::Text(&markdown::report(&difference))),
    }
    Ok(code(arguments, &difference))
}

fn code(arguments: &Arguments, difference: &Difference) -> ExitCode {
    let flips = difference.flips.as_ref();
    let any = flips.is_some_and(gonogo::diff::Flips::any);
    let looser = flips.is_some_and(gonogo::diff::Flips::any_looser);
    if (arguments.fail_on_flip && any)
        || (arguments.fail_on_loosened && (looser || difference.may_be_looser()))
    {
        ExitCode::Findings
    } else {
        ExitCode::Success
    }
}

/// Both policies; where one of them is none, that is told of both.
fn both(arguments: &Arguments, color: Color) -> Result<(Policy, Policy), Refused> {
    let old = policy(&arguments.old, arguments);
    let new = policy(&arguments.new, arguments);
    let (old, new) = match (old, new) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            let sides = [("old", &arguments.old, old), ("new", &arguments.new, new)];
            let mut worst = None;
            for (which, path, side) in sides {
                if let Err((code, problems)) = side {
                    say(&format!("the {which} policy, `{}`:", path.display()));
                    diagnostics::report(&problems, color);
                    worst = worst.or(Some(code));
                }
            }
            return Err((worst.unwrap_or(ExitCode::Policy), Vec::new()));
        }
    };
    let known = |policy: &Policy, name: &str| {
        let unset = policy.unset.iter().any(|unset| unset.as_ref() == name);
        policy.params.contains_key(name) || unset
    };
    for (name, _) in &arguments.set {
        if !known(&old, name) && !known(&new, name) {
            let message = format!("neither policy has a parameter `{name}`");
            let problem = Problem::new(Code::UnknownParam, message);
            let problem = problem.help("check its name, or leave out this --set");
            return Err((ExitCode::Usage, vec![problem]));
        }
    }
    Ok((old, new))
}

/// A policy with the settings that it has parameters for.
fn policy(path: &Path, arguments: &Arguments) -> Result<Policy, Refused> {
    // What stands in a pipe can be read once only.
    let source = files::policy_source(path).map_err(|(code, problem)| (code, vec![problem]))?;
    let bare = Settings::new();
    let (checked, problems) = gonogo::policy::check::check(&source, &bare);
    let refused = |problems| (ExitCode::Policy, problems);
    let policy = checked.ok_or_else(|| refused(problems))?;
    let has = |name: &str| {
        let unset = policy.unset.iter().any(|unset| unset.as_ref() == name);
        policy.params.contains_key(name) || unset
    };
    let own = arguments.set.iter().filter(|(name, _)| has(name));
    let settings: Settings = own.cloned().collect();
    if settings.is_empty() {
        return Ok(policy);
    }
    let (checked, problems) = gonogo::policy::check::check(&source, &settings);
    // The policy is right by itself: it is the setting that is not.
    checked.ok_or((ExitCode::Usage, problems))
}
