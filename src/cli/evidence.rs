//! `gonogo evidence`: runs a command, and writes down how it went as a line of a file that `eval` reads.

mod command;

use std::path::PathBuf;

use gonogo::policy::check::Settings;
use gonogo::policy::draft::evidence::Draft;
use gonogo::source::{Code, Problem};
use gonogo::verdict::ExitCode;
use serde_json::{Map, Value as Json};

use super::append::{self, To};
use super::judge::Refused;
use super::{Color, diagnostics, files, say};

const AFTER_HELP: &str = "\
Examples:
  gonogo evidence -p policy.yaml --id unit --commit \"$(git rev-parse HEAD)\" \\
    -- make test
  gonogo evidence -p policy.yaml --id load --commit 0f1e2d3 \\
    --environment staging --data-file k6.json -- ./load.sh
  gonogo evidence -p policy.yaml --id coverage --commit 0f1e2d3 \\
    --data coverage=0.83 --url https://ci.example/1 -- true
  gonogo eval -p policy.yaml -s snapshot.json -s evidence.jsonl

The command's input and output are those of this one. A command that fails is written down all the same.

Exit codes: 0 the command passed, 1 it failed, 2 usage, 3 bad policy, 4 it could not be started, or a file not be read or \
written, 5 no policy in the folder.";

/// Run a command and write down how it went.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The policy: a file, or a folder with a `policy.yaml`.
    #[arg(short, long, value_name = "PATH")]
    policy: PathBuf,
    /// What it is evidence of, as a rule of the policy names it.
    #[arg(long, value_name = "ID")]
    id: String,
    /// The commit it is run on.
    #[arg(long, value_name = "COMMIT")]
    commit: String,
    /// The environment it is run in.
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// The item it is about, of a rule that speaks for each of several.
    #[arg(long, value_name = "ITEM")]
    key: Option<String>,
    /// What else it says: a number, true, false or null as JSON has it, any other value as text; repeatable.
    #[arg(long, value_name = "NAME=VALUE", value_parser = datum)]
    data: Vec<(String, Json)>,
    /// The same from a file with one JSON object, read after the command has run.
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    data_file: Option<PathBuf>,
    /// Where to look it up.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The file of JSON Lines it is added to, or `-` for standard output: then the command's goes to standard error.
    #[arg(long, value_name = "FILE", default_value = "evidence.jsonl", value_parser = append::to)]
    to: To,
    /// The command, behind `--`.
    #[arg(value_name = "COMMAND", required = true, last = true)]
    command: Vec<std::ffi::OsString>,
}

fn datum(text: &str) -> Result<(String, Json), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    if name.trim().is_empty() {
        return Err("write NAME=VALUE".to_owned());
    }
    let value = serde_json::from_str(value)
        .ok()
        .filter(|json: &Json| !json.is_object() && !json.is_array())
        .unwrap_or_else(|| Json::from(value));
    Ok((name.trim().to_owned(), value))
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    match evidence(arguments, color) {
        Ok(code) => code,
        Err((code, problems)) => {
            diagnostics::report(&problems, color);
            code
        }
    }
}

/// What is said by name, each once.
fn data(given: &[(String, Json)]) -> Result<Map<String, Json>, Problem> {
    let mut data = Map::new();
    for (name, value) in given {
        if data.insert(name.clone(), value.clone()).is_some() {
            let message = format!("the data say `{name}` twice");
            return Err(Problem::new(Code::DuplicateKey, message).help("give it once"));
        }
    }
    Ok(data)
}

fn evidence(arguments: &Arguments, color: Color) -> Result<ExitCode, Refused> {
    let (policy, _) = files::policy(&arguments.policy, &Settings::new())?;
    let data = data(&arguments.data).map_err(|problem| (ExitCode::Usage, vec![problem]))?;
    let mut draft = Draft {
        id: arguments.id.clone(),
        key: arguments.key.clone(),
        commit: arguments.commit.clone(),
        environment: arguments.environment.clone(),
        data,
        url: arguments.url.clone(),
    };
    let wrong = draft.wrong(&policy);
    if !wrong.is_empty() {
        return Err((ExitCode::Usage, wrong));
    }
    let input = |problem| (ExitCode::Input, vec![problem]);
    // Nobody wants to learn after an hour of tests that their result cannot be written down.
    arguments.to.ready().map_err(input)?;
    let aside = matches!(arguments.to, To::Stdout);
    let ran = command::run(&arguments.command, aside).map_err(input)?;
    if let Some(path) = &arguments.data_file {
        match object(path) {
            Ok(data) => draft.data = data,
            // A command that failed may have come to nothing else; that it failed must not be lost.
            Err(problem) if !ran.passed() => diagnostics::report(&[problem.warning()], color),
            Err(problem) => return Err(input(problem)),
        }
    }
    arguments.to.add(&draft.line(&ran)).map_err(input)?;
    let how = match ran.exit_code {
        Some(0) => "passed".to_owned(),
        Some(code) => format!("failed with exit code {code}"),
        None => "failed, ended by a signal".to_owned(),
    };
    say(&format!(
        "evidence `{}` of {} {how}: written to {}",
        draft.id,
        draft.commit,
        arguments.to.name()
    ));
    Ok(if ran.passed() {
        ExitCode::Success
    } else {
        ExitCode::Findings
    })
}

/// A file with one JSON object.
fn object(path: &std::path::Path) -> Result<Map<String, Json>, Problem> {
    let source = files::document(path)?;
    let (node, mut problems) = gonogo::source::json::parse(&source);
    if !problems.is_empty() {
        return Err(problems.swap_remove(0));
    }
    match (serde_json::from_str(source.text()), node) {
        (Ok(Json::Object(map)), _) => Ok(map),
        (_, node) => {
            let message = format!("`{}` is no JSON object", path.display());
            let problem = Problem::new(Code::WrongKind, message)
                .help("write what else the command says by name: {\"coverage\": 0.83}");
            Err(match node {
                Some(node) => problem.at(&source, node.span, "not an object"),
                None => problem,
            })
        }
    }
}
