//! `gonogo attest`: what somebody says of a rule, as a line of a file that `eval` reads.

use std::path::PathBuf;

use clap::ValueEnum;
use gonogo::expr::duration::parse_duration;
use gonogo::policy::check::Settings;
use gonogo::policy::draft::statement::Draft;
use gonogo::snapshot::facts;
use gonogo::verdict::ExitCode;
use jiff::{SignedDuration, Timestamp};

use super::append::{self, To};
use super::judge::Refused;
use super::{Color, clock, diagnostics, files, say};

const AFTER_HELP: &str = "\
Examples:
  gonogo attest -p policy.yaml --rule drill --by jon --field minutes=4
  gonogo attest -p policy.yaml --rule board --by ada --expires 7d
  gonogo attest -p policy.yaml --rule board --by ada --decision withdrawn
  gonogo eval -p policy.yaml -s snapshot.json -s attestations.jsonl

For a rule with `attest` it writes an attestation, for one with `approve` an approval. What the rule would never count is \
refused, and nothing written.

Exit codes: 0 written, 2 usage, 3 bad policy, 4 the file cannot be written, 5 no policy in the folder.";

/// Write down what somebody attests or approves.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The policy: a file, or a folder with a `policy.yaml`.
    #[arg(short, long, value_name = "PATH")]
    policy: PathBuf,
    /// The rule it is about.
    #[arg(long, value_name = "ID")]
    rule: String,
    /// Who says it.
    #[arg(long, value_name = "NAME")]
    by: String,
    /// In which role.
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// The item it is about, of a rule that speaks for each of several.
    #[arg(long, value_name = "ITEM")]
    key: Option<String>,
    /// The stage it is for; by default the one that is current then.
    #[arg(long, value_name = "NAME")]
    stage: Option<String>,
    /// The commit it is for; by default whatever is rolled out.
    #[arg(long, value_name = "COMMIT")]
    commit: Option<String>,
    /// Fill in a field that the rule asks for; repeatable.
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = field)]
    fields: Vec<(String, String)>,
    /// From when on it does not count any more: a length of time such as 30d, or an instant.
    #[arg(long, value_name = "WHEN", value_parser = expires)]
    expires: Option<Expires>,
    /// What is said; by default yes.
    #[arg(long, value_name = "WORD")]
    decision: Option<Decision>,
    /// Where to look it up.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// What else there is to say.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// When it was said; by default now.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    at: Option<Timestamp>,
    /// The file of JSON Lines it is added to, or `-` for standard output.
    #[arg(long, value_name = "FILE", default_value = "attestations.jsonl", value_parser = append::to)]
    to: To,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Decision {
    /// Yes.
    Attested,
    /// Yes.
    Approved,
    /// No: an approval only.
    Rejected,
    /// What was said before is taken back.
    Withdrawn,
}

#[derive(Clone, Copy, Debug)]
enum Expires {
    After(SignedDuration),
    At(Timestamp),
}

fn field(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write NAME=VALUE".to_owned()),
    }
}

fn expires(text: &str) -> Result<Expires, String> {
    let at = text.parse().map(Expires::At);
    at.or_else(|_| parse_duration(text).map(Expires::After))
        .map_err(|_| {
            "write a length of time such as `30d`, or an instant such as 2026-01-31T12:00:00Z"
                .to_owned()
        })
}

fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse()
        .map_err(|_| "write an instant such as 2026-01-31T12:00:00Z".to_owned())
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    match attest(arguments) {
        Ok(()) => ExitCode::Success,
        Err((code, problems)) => {
            diagnostics::report(&problems, color);
            code
        }
    }
}

fn attest(arguments: &Arguments) -> Result<(), Refused> {
    let (policy, _) = files::policy(&arguments.policy, &Settings::new())?;
    let now = clock();
    let at = arguments.at.unwrap_or(now);
    let expires = arguments.expires.map(|expires| match expires {
        Expires::At(at) => at,
        Expires::After(after) => at.checked_add(after).unwrap_or(Timestamp::MAX),
    });
    let draft = Draft {
        rule: arguments.rule.clone(),
        key: arguments.key.clone(),
        by: arguments.by.clone(),
        role: arguments.role.clone(),
        stage: arguments.stage.clone(),
        commit: arguments.commit.clone(),
        fields: arguments.fields.clone(),
        at,
        expires,
        decision: arguments.decision.map(|decision| match decision {
            Decision::Attested | Decision::Approved => facts::Decision::Given,
            Decision::Rejected => facts::Decision::Rejected,
            Decision::Withdrawn => facts::Decision::Withdrawn,
        }),
        url: arguments.url.clone(),
        note: arguments.note.clone(),
    };
    let (line, word) = draft
        .line(&policy, now)
        .map_err(|problems| (ExitCode::Usage, problems))?;
    arguments
        .to
        .add(&line)
        .map_err(|problem| (ExitCode::Input, vec![problem]))?;
    let role = arguments.role.as_ref();
    let role = role.map_or_else(String::new, |role| format!(" ({role})"));
    say(&format!(
        "{word} `{}` by {}{role}, at {at}: written to {}",
        draft.rule,
        draft.by.trim(),
        arguments.to.name()
    ));
    Ok(())
}
