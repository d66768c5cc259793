//! `gonogo replay`: a record computed again from what it was computed from.

use clap::ValueEnum;
use gonogo::policy::check::Settings;
use gonogo::report::replay::Replayed;
use gonogo::source::{Code, Problem};
use gonogo::verdict::{ExitCode, Verdict};

use super::judge::{self, Refused};
use super::record::record;
use super::{Color, Printed, diagnostics, files, print};

const AFTER_HELP: &str = "\
Examples:
  gonogo replay record.json -p policies/phase9-canary -s history.jsonl
  gonogo replay record.json -p . -s history.jsonl --waivers waivers.yaml
  gonogo replay record.json -p . -s recorded/ --format json | jq .same

The instant, the stage and the parameters are those of the record, unless others are given. Names of files and \
places in snapshots are not compared, nor is the version of the program, which is told.

Exit codes: 0 the same, 1 something differs, 2 usage, \
3 bad policy, 4 bad input.";

/// Compute a record again and say what differs.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The record: what `eval --record` wrote, a statement with it inside, a line of a log, or `-`.
    #[arg(value_name = "RECORD")]
    record: String,
    #[command(flatten)]
    judged: judge::Arguments,
    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    match replay(arguments) {
        Ok(replayed) => {
            match arguments.format {
                Format::Text => print(&Printed::Text(&replayed.to_text())),
                Format::Json => print(&Printed::Made(&replayed.to_json())),
            }
            if replayed.same {
                ExitCode::Success
            } else {
                ExitCode::Findings
            }
        }
        Err((code, problems)) => {
            diagnostics::report(&problems, color);
            code
        }
    }
}

fn replay(arguments: &Arguments) -> Result<Replayed, Refused> {
    let given = &arguments.judged;
    if arguments.record == "-" && given.reads_stdin() {
        return Err((ExitCode::Usage, vec![judge::stdin_twice()]));
    }
    let recorded = record(&arguments.record)?;
    let set = params(given, &recorded)?;
    let asked = recorded.asked.then(|| recorded.stage.clone());
    let again = given.or(recorded.now, asked, set);
    let beside = judge::Beside {
        quiet: false,
        draws: false,
        told: judge::Told::Record,
        refuse: &|_| None,
    };
    let judged = judge::judge(&again, beside, |_, _, _| Ok(()));
    let judged = judged.map_err(|(code, problems)| {
        // A stage that nobody gave is the record's: the command line is right.
        let stage = |problem: &Problem| matches!(problem.code, Code::UnknownStage | Code::NoStage);
        let of_record = given.stage().is_none() && problems.iter().any(stage);
        (if of_record { ExitCode::Input } else { code }, problems)
    })?;
    Ok(Replayed::of(&recorded, &judged.verdict))
}

/// The record's parameters as `--set` gives them: those that the policy has, takes, and would not have by itself. What it
/// does not take any more is told as a difference.
fn params(given: &judge::Arguments, recorded: &Verdict) -> Result<Vec<(String, String)>, Refused> {
    let own: Settings = given.set().iter().cloned().collect();
    let (policy, _) = files::policy(given.policy(), &own)?;
    let declared = |name: &String| {
        policy.params.contains_key(name.as_str())
            || policy
                .unset
                .iter()
                .any(|unset| unset.as_ref() == name.as_str())
    };
    let mut kept = Vec::new();
    for (name, value) in &recorded.params {
        let by_itself = policy.params.get(name.as_str()).map(gonogo::expr::json);
        if own.contains_key(name) || !declared(name) || by_itself.as_ref() == Some(value) {
            continue;
        }
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), ToOwned::to_owned);
        let mut settings = own.clone();
        settings.insert(name.clone(), text.clone());
        // Without it nothing is wrong with the policy: where it does not take that value any more, that is a difference.
        if files::policy(given.policy(), &settings).is_ok() {
            kept.push((name.clone(), text));
        }
    }
    Ok(kept)
}
