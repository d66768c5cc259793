//! The verdicts that every format is held to: by the program itself, and some without a verdict.

use std::fmt::Write as _;

use gonogo::report::Told;
use gonogo::source::{Code, Problem, Source, Span};
use gonogo::verdict::{ExitCode, Verdict};

use crate::support::place::Place;

/// A verdict, or why there is none.
#[derive(Clone)]
pub(super) struct Fixture {
    pub(super) name: String,
    pub(super) verdict: Option<Verdict>,
    pub(super) exit: ExitCode,
    pub(super) problems: Vec<Problem>,
}

impl Fixture {
    pub(super) fn told(&self) -> Told<'_> {
        Told {
            verdict: self.verdict.as_ref(),
            exit: self.exit,
            policy: "./gate/policy.yaml",
            problems: &self.problems,
            folder: "",
            plots: &[],
        }
    }
}

const HEAD: &str = "\
gonogo: 1
name: canary
inputs:
  rate:  {type: double, unit: ratio}
  pages: {type: 'map<string, int>'}
  up:    {type: bool}
severities: [{id: P0, respond_within: 5m, notify: [sre]}, {id: P1}]
roles: {sre: {contact: '@sre'}}
calendars: {never: {timezone: UTC, allow: 2030-01-01/2030-01-02}}
after: {no-go: [{do: look at it, by: sre, within: 1h}]}
";

/// What each is made of: its name, its exit code, its rules, and what the program is called with beside them.
const MADE: [(&str, u8, &str, &str); 13] = [
    ("go", 0, "require: [{id: errors, expr: rate < 0.5}]", ""),
    (
        "unmet",
        10,
        "require: [{id: errors, title: few errors, expr: rate < 0.01, severity: P0, message: 'rate ${rate}', action: stop it, \
         runbook: 'https://wiki.example/errors', cite: [S1-2], controls: [CC8.1]}]",
        "",
    ),
    (
        "held",
        10,
        "require: [{id: errors, expr: rate < 0.5}]\nhold: [{id: look, expr: rate > 0.01}]",
        "",
    ),
    (
        "empty",
        10,
        "require: [{id: errors, expr: rate < 0.5, when: rate > 0.9}]",
        "",
    ),
    (
        "unknown",
        11,
        "require: [{id: alive, expr: up}, {id: errors, expr: rate < 0.5}]",
        "",
    ),
    (
        "pending",
        11,
        "require: [{id: errors, expr: rate < 0.5, for: 1h}, {id: seen, attest: {role: sre}}]",
        "",
    ),
    (
        "closed",
        11,
        "require: [{id: errors, expr: rate < 0.5}, {id: window, during: never}]",
        "",
    ),
    (
        "rollback",
        20,
        "require: [{id: errors, expr: rate < 0.01}]\nrollback:\n  - id: spike\n    expr: |\n      rate > 0.05\n      && rate < 1.0\n    severity: P0",
        "",
    ),
    (
        "waived",
        0,
        "require: [{id: errors, expr: rate < 0.01}, {id: others, expr: rate < 0.5}]",
        "--waivers waivers.yaml",
    ),
    (
        "skipped",
        0,
        "require: [{id: errors, expr: rate < 0.5}, {id: not-now, expr: rate < 0.01, when: rate > 0.9}]",
        "",
    ),
    (
        "watched",
        0,
        "require: [{id: errors, expr: rate < 0.5}, {id: low, expr: rate < 0.01, watch: true}, {id: up, expr: up, watch: true}]\n\
         rollback: [{id: later, expr: rate > 0.01, for: 2m}]",
        "",
    ),
    (
        "each",
        10,
        "require: [{id: quiet, expr: 'pages[each] == 0', for_each: {each: [P0, P1, P2]}}]",
        "",
    ),
    ("many", 10, "", ""),
];

const HISTORY: &str = r#"{"at": "2025-10-16T10:00:00Z", "metrics": {"rate": 0.004, "pages": {"P0": 0, "P1": 0}}}
{"at": "2025-10-16T10:05:00Z", "metrics": {"rate": 0.061, "pages": {"P0": 0, "P1": 3}, "extra": 1}, "subject": {"service": "slideb", "version": "9.0.1", "commit": "0f1e2d3"}}
"#;

const WAIVERS: &str = "\
gonogo: 1
waivers:
  - {rule: errors, stage: default, reason: known, owner: mira, approved_by: jon, expires: 2025-11-01T00:00:00Z}
";

/// All of them.
pub(super) fn all() -> Vec<Fixture> {
    let mut all: Vec<Fixture> = MADE
        .iter()
        .map(|(name, code, rules, with)| made(name, *code, rules, with))
        .collect();
    all.extend(unread());
    all
}

fn made(name: &str, code: u8, rules: &str, with: &str) -> Fixture {
    let mut policy = format!("{HEAD}{rules}\n");
    if name == "many" {
        policy.push_str("require:\n");
        for index in 0..300 {
            let _ = writeln!(
                policy,
                "  - {{id: errors-{index}, expr: rate < 0.00{index}1}}"
            );
        }
    }
    let place = Place::empty()
        .with("gate/policy.yaml", &policy)
        .with("history.jsonl", HISTORY)
        .with("waivers.yaml", WAIVERS);
    let run = place.run(&format!(
        "eval -q -p ./gate/policy.yaml -s history.jsonl --now 2025-10-16T10:05:30Z --format json {with}"
    ));
    assert_eq!(run.code, i32::from(code), "{name}: {}", run.transcript);
    let verdict: Verdict = serde_json::from_str(&run.stdout).expect("a record");
    let settings = gonogo::policy::check::Settings::new();
    let source = Source::new("./gate/policy.yaml", policy);
    let (_, problems) = gonogo::policy::check::check(&source, &settings);
    let exit = ExitCode::ALL.iter().find(|exit| exit.code() == code);
    Fixture {
        name: name.to_owned(),
        verdict: Some(verdict),
        exit: *exit.expect("a code"),
        problems,
    }
}

/// Those without a verdict: with errors, with warnings alone, and with nothing said at all.
fn unread() -> Vec<Fixture> {
    let source = Source::new("gate/policy.yaml", "gonogo: 1\nname: canary\nrules: []\n");
    let placed = Problem::new(Code::UnknownKey, "`rules` is no key of a policy")
        .at(&source, Span::new(23, 33), "here")
        .help("did you mean `require`?");
    let bare = Problem::new(Code::Unreadable, "there is no file `x.json`").help("check the path");
    let warning = Problem::new(Code::UndeclaredMetric, "nothing reads `y`").warning();
    let fixture = |name: &str, exit, problems| Fixture {
        name: name.to_owned(),
        verdict: None,
        exit,
        problems,
    };
    vec![
        fixture("unread", ExitCode::Policy, vec![placed, warning.clone()]),
        fixture("unread bare", ExitCode::Input, vec![bare.clone(), bare]),
        fixture("unread warned", ExitCode::Limit, vec![warning]),
        fixture("unread silent", ExitCode::Bug, Vec::new()),
    ]
}
