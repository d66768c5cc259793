//! `gonogo eval`: the main job.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use gonogo::report::text::{self, Style};
use gonogo::report::{Format, Plot, Told, render};
use gonogo::source::{Code, Problem};
use gonogo::verdict::{ExitCode, Verdict};

use super::judge::{self, Judged, Refused};
use super::reports::{self, Workflow};
use super::telling::{self, Places, Telling};
use super::{Color, diagnostics, whole};

const AFTER_HELP: &str = "\
Examples:
  gonogo eval -p policies/phase9-canary -s history.jsonl
  gonogo eval -p policy.yaml -s canary.json -s incidents.json --stage canary-5
  curl -s https://metrics.example/snapshot | gonogo eval -p policy.yaml -s -
  gonogo eval -p . -s recorded/ --now latest --format json | jq .reason
  gonogo eval -p . -s now.json --report junit=gate.xml --report sarif=gate.sarif

Exit codes: 0 go, 10 no-go, 11 no-go but not yet, 20 rollback; 2 usage, 3 bad policy, 4 bad input, \
5 no policy in the folder, 6 limit, 70 a bug in gonogo.";

/// Judge a stage: verdict, reasons, exit code.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    judged: judge::Arguments,
    #[command(flatten)]
    reports: reports::Arguments,
    /// Also write the verdict record, as JSON, to a file.
    #[arg(long, value_name = "FILE", value_parser = reports::file())]
    record: Option<PathBuf>,
    /// Also add the record, as a line that names the one before it, to a log that `gonogo log verify` checks.
    #[arg(long, value_name = "FILE", value_parser = reports::file())]
    log: Option<PathBuf>,
    /// How much is told of each finding: `full` shows what every part of its condition was worth, and what holds.
    #[arg(long, value_name = "HOW", default_value = "short")]
    explain: Explain,
    /// Show the findings of this rule only, in the report for people; never changes the verdict, nor what other formats
    /// tell. Repeatable.
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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Explain {
    /// What is wrong, and what would change it.
    Short,
    /// All that is known of every rule.
    Full,
}

/// What it came to, and how the process ends.
struct Outcome {
    verdict: Option<Verdict>,
    code: ExitCode,
    /// The file of the policy, as far as it is known.
    policy: String,
    /// What is told beside a verdict, or why there is none.
    problems: Vec<Problem>,
    /// Those that people are told after a verdict, which they came for.
    said: Vec<Problem>,
    plots: Vec<Plot>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    let workflow = arguments.reports.wants(Format::Github).then(Workflow::here);
    let workflow = workflow.as_ref();
    let files = || arguments.written(workflow);
    let clash = reports::twice(files())
        .or_else(|| reports::over(files(), &|path| arguments.judged.reads(path)))
        .or_else(|| reports::printed(files()));
    if let Some(problem) = clash {
        diagnostics::report(&[problem], color);
        return ExitCode::Usage;
    }
    let outcome = outcome(arguments, workflow, color);
    if outcome.clashes() {
        // Nothing is written over what is read.
        return outcome.code;
    }
    let render = |format, told: &Told<'_>, printed: Option<bool>| {
        let quiet = arguments.quiet && printed.is_some();
        arguments.report(format, told, printed == Some(true), quiet)
    };
    let places = Places {
        format: Some(arguments.reports.format),
        files: arguments.reported(),
        log: arguments.log.as_deref(),
        record: arguments.record.as_deref(),
        workflow,
        render: &render,
    };
    let mut telling = Telling::new(&places, outcome.told(), color);
    telling.all();
    diagnostics::report(&outcome.said, color);
    diagnostics::report(telling.failed(), color);
    telling.exit()
}

impl Outcome {
    /// What of it is told.
    fn told(&self) -> telling::Outcome<'_> {
        telling::Outcome {
            verdict: self.verdict.as_ref(),
            code: self.code,
            policy: &self.policy,
            problems: &self.problems,
            plots: &self.plots,
        }
    }

    /// Whether it ended because a file that would be written is one that is read.
    fn clashes(&self) -> bool {
        let mut problems = self.problems.iter();
        self.code == ExitCode::Usage && problems.any(|problem| problem.code == Code::NameClash)
    }
}

impl Arguments {
    /// The files that are written, each with what it is to be.
    fn files(&self) -> impl Iterator<Item = (&Path, String)> {
        let record = self.record.iter();
        let record = record.map(|path| (path.as_path(), "the record".to_owned()));
        let log = self.log.iter();
        let log = log.map(|path| (path.as_path(), "the log".to_owned()));
        self.reports.files().chain(record).chain(log)
    }

    /// The record and the reports beside the one that is printed.
    fn reported(&self) -> Vec<(Format, &Path, String)> {
        let record = self.record.iter();
        let record = record.map(|path| (Format::Json, path.as_path(), "the record".to_owned()));
        record.chain(self.reports.named()).collect()
    }

    /// All files that are written, by a step of a workflow too.
    fn written<'a>(
        &'a self,
        workflow: Option<&'a Workflow>,
    ) -> impl Iterator<Item = (&'a Path, String)> {
        let added = workflow.into_iter().flat_map(Workflow::files);
        self.files().chain(added)
    }

    /// How much of the verdict is written or shown.
    fn told(&self) -> judge::Told {
        let text = self.reports.format == Format::Text && self.reports.report.is_empty();
        if !text || self.record.is_some() || self.log.is_some() {
            judge::Told::Record
        } else if self.explain == Explain::Full || !self.rule.is_empty() {
            judge::Told::All
        } else {
            judge::Told::Wrong
        }
    }

    /// A report; that for people of the rules that are asked for.
    fn report(&self, format: Format, told: &Told<'_>, color: bool, brief: bool) -> String {
        match told.verdict.filter(|_| format == Format::Text) {
            Some(verdict) => text::report(
                verdict,
                Style {
                    color,
                    rules: &self.rule,
                    brief,
                    full: self.explain == Explain::Full,
                },
            ),
            None => render(format, told),
        }
    }
}

/// Judges; why there is no verdict is told on standard error.
fn outcome(arguments: &Arguments, workflow: Option<&Workflow>, color: Color) -> Outcome {
    let policy = arguments.judged.policy_file().display().to_string();
    match judge(arguments, workflow) {
        Ok(judged) => {
            let mut problems = judged.warnings;
            // Even a quiet run says why it ends with a code of its own.
            let first = if arguments.quiet { problems.len() } else { 0 };
            problems.extend(judged.limits);
            Outcome {
                verdict: Some(judged.verdict),
                code: judged.code,
                policy,
                said: problems.get(first..).unwrap_or_default().to_vec(),
                problems,
                plots: judged.plots,
            }
        }
        Err((code, problems)) => {
            diagnostics::report(&problems, color);
            Outcome {
                verdict: None,
                code,
                policy,
                said: Vec::new(),
                problems,
                plots: Vec::new(),
            }
        }
    }
}

fn judge(arguments: &Arguments, workflow: Option<&Workflow>) -> Result<Judged, Refused> {
    judge::judge(
        &arguments.judged,
        judge::Beside {
            quiet: arguments.quiet,
            draws: arguments.reports.wants(Format::Html),
            told: arguments.told(),
            refuse: &|read| {
                reports::over(arguments.written(workflow), &|path| whole::same(path, read))
            },
        },
        |policy, question, judgement| {
            let mut unknown = arguments
                .rule
                .iter()
                .filter_map(|id| unknown_rule(question.stage, id));
            if let Some(problem) = unknown.next() {
                return Err((ExitCode::Usage, vec![problem]));
            }
            #[cfg(not(feature = "cross-check"))]
            let _ = (policy, judgement);
            #[cfg(feature = "cross-check")]
            if arguments.cross_check
                && let Err(code) = super::cross_check::run(policy, judgement, arguments.quiet)
            {
                return Err((code, Vec::new()));
            }
            Ok(())
        },
    )
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
    let of_item = id.split_once('[').map(|(rule, _)| rule);
    let of_item = of_item.filter(|rule| ids().any(|known| known == *rule));
    let near = || gonogo::source::problem::nearest(id, ids());
    let help = match (of_item, of_item.is_none().then(near).flatten()) {
        (Some(rule), _) => format!(
            "name the rule, `{rule}`: all of its items are shown; `gonogo explain RECORD '{id}'` shows one"
        ),
        (None, Some(near)) => format!("did you mean `{near}`?"),
        (None, None) => format!("there are {}", ids().collect::<Vec<_>>().join(", ")),
    };
    Some(
        Problem::new(
            Code::UnknownRule,
            format!("the stage `{}` has no rule `{id}`", stage.name),
        )
        .help(help),
    )
}
