//! What people say and what commands come to, written down by the program and read again by it.

use gonogo::policy::check::Settings;
use gonogo::source::problem::any_error;

use crate::support::{self, place::Place};

const POLICY: &str = "\
gonogo: 1
name: renderer
inputs:
  services: {type: \"list<string>\"}
roles:
  sre: {contact: PagerDuty, people: [jon, Mira Öz]}
  eng-lead: {people: [ada]}
  security: {}
calendars:
  hours: {timezone: UTC, allow: [\"Mon-Fri 10:00-16:00\"]}
stages:
  - name: staging
    require:
      - {id: unit-tests, evidence: {id: unit-tests, commit: same}}
      - {id: load-test, evidence: {id: load, environment: staging, where: data.p95 < 500}}
      - {id: smoke, for_each: {service: [api, web]}, evidence: {id: smoke}}
      - {id: drill, attest: {role: sre, fields: {minutes: null, outcome: [clean, rough]}}}
      - {id: owners, for_each: {service: [api, web]}, attest: {}}
  - name: production
    require:
      - {id: board, approve: {roles: [sre, eng-lead]}}
      - {id: window, during: hours}
";

const AT: &str = "2025-10-16T10:00:00Z";

fn place() -> Place {
    Place::empty().with("policy.yaml", POLICY)
}

fn approved(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => "snapshots/people",
        prepend_module_to_snapshot => false,
        omit_expression => true,
        filters => vec![
            (r#""(at|started)":"[^"]*""#, r#""$1":"[now]""#),
            (r"20(2[6-9]|[3-9]\d)-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[now]"),
        ],
    }, { insta::assert_snapshot!(name, text) });
}

fn file(place: &Place, name: &str) -> String {
    std::fs::read_to_string(place.path().join(name)).unwrap_or_default()
}

fn attest<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["attest", "-p", "policy.yaml", "--at", AT], more].concat()
}

fn evidence<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["evidence", "-p", "policy.yaml"], more].concat()
}

#[test]
fn a_statement_is_one_line_that_is_read_again() {
    let place = place();
    let drill = [
        "--rule",
        "drill",
        "--role",
        "sre",
        "--field",
        "minutes=4",
        "--field",
        "outcome=clean",
    ];
    let run = place.call(&attest(
        &[
            &drill[..],
            &["--by", " Mira ÖZ ", "--expires", "2999-01-01T00:00:00Z"],
        ]
        .concat(),
    ));
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, ""),
        "{}",
        run.transcript
    );
    let run = place.call(&attest(&[
        "--rule",
        "board",
        "--role",
        "eng-lead",
        "--by",
        "ada",
        "--commit",
        "0123456",
        "--stage",
        "production",
        "--url",
        "https://x/1",
        "--note",
        "line\nbreak",
    ]));
    assert_eq!(run.code, 0, "{}", run.transcript);
    let run = place.call(&attest(&[
        "--rule",
        "board",
        "--role",
        "eng-lead",
        "--by",
        "ada",
        "--decision",
        "withdrawn",
    ]));
    assert_eq!(run.code, 0, "{}", run.transcript);
    let run = place.call(&attest(&[
        "--rule",
        "owners",
        "--key",
        "api",
        "--by",
        "a \"b\" \\ {c}",
    ]));
    assert_eq!(run.code, 0, "{}", run.transcript);
    let text = file(&place, "attestations.jsonl");
    assert_eq!(text.lines().count(), 4);
    approved("statements", &text);
    let policy = support::policy(POLICY, &Settings::new());
    let (history, problems) = support::history(&policy, &[&text]);
    assert!(!any_error(&problems), "{}", support::told(&problems));
    assert_eq!(history.len(), 0, "facts are no samples");
}

#[test]
fn a_statement_that_would_never_count_is_refused_and_nothing_written() {
    let drill = ["--rule", "drill", "--by", "jon"];
    let sre = [&drill[..], &["--role", "sre"]].concat();
    let filled = [
        &sre[..],
        &["--field", "minutes=4", "--field", "outcome=clean"],
    ]
    .concat();
    let filled_but = |more: &[&'static str]| [&filled[..], more].concat();
    let table: Vec<(&str, Vec<&str>)> = vec![
        ("no-such-rule", vec!["--rule", "dril", "--by", "jon"]),
        (
            "no-such-rule-in-the-stage",
            filled_but(&["--stage", "production"]),
        ),
        ("no-such-stage", filled_but(&["--stage", "prod"])),
        (
            "a-rule-of-evidence",
            vec!["--rule", "unit-tests", "--by", "jon"],
        ),
        (
            "a-rule-of-a-calendar",
            vec!["--rule", "window", "--by", "jon"],
        ),
        (
            "no-such-role",
            vec!["--rule", "board", "--by", "jon", "--role", "sree"],
        ),
        (
            "a-role-not-asked-for",
            vec!["--rule", "board", "--by", "jon", "--role", "security"],
        ),
        ("no-role", vec!["--rule", "board", "--by", "jon"]),
        (
            "not-among-the-people",
            vec!["--rule", "board", "--by", "jonn", "--role", "sre"],
        ),
        ("no-fields", sre.clone()),
        (
            "a-field-that-is-not-listed",
            [
                &sre[..],
                &["--field", "minutes= ", "--field", "outcome=clear"],
            ]
            .concat(),
        ),
        ("a-field-twice", filled_but(&["--field", "minutes=5"])),
        (
            "an-empty-name",
            vec!["--rule", "owners", "--key", "api", "--by", " "],
        ),
        (
            "a-hidden-character",
            vec!["--rule", "owners", "--key", "api", "--by", "jon\u{202e}ada"],
        ),
        ("no-item", vec!["--rule", "owners", "--by", "jon"]),
        ("an-item-of-no-list", filled_but(&["--key", "api"])),
        (
            "a-rejected-attestation",
            filled_but(&["--decision", "rejected"]),
        ),
        ("expired", filled_but(&["--expires", AT])),
        ("expired-by-length", filled_but(&["--expires", "1d"])),
    ];
    let place = place();
    for (name, arguments) in table {
        let run = place.call(&attest(&arguments));
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (2, ""),
            "{name}: {}",
            run.transcript
        );
        assert!(run.stderr.contains("help: "), "{name}: {}", run.stderr);
        assert_eq!(file(&place, "attestations.jsonl"), "", "{name}");
        approved(name, &run.transcript);
    }
    let run = place.call(&[
        "attest",
        "-p",
        "policy.yaml",
        "--rule",
        "owners",
        "--key",
        "api",
        "--by",
        "jon",
        "--at",
        "2999-01-01T00:00:00Z",
    ]);
    assert_eq!(run.code, 2, "{}", run.transcript);
    assert!(run.stderr.contains("yet to come"), "{}", run.stderr);
    for wrong in [
        ["--expires", "soon"],
        ["--at", "yesterday"],
        ["--field", "minutes"],
        ["--decision", "maybe"],
    ] {
        let run = place.call(&attest(&[&filled[..], &wrong].concat()));
        assert_eq!(run.code, 2, "{}", run.transcript);
    }
}

#[test]
fn a_withdrawal_needs_no_fields() {
    let place = place();
    let run = place.call(&attest(&[
        "--rule",
        "drill",
        "--by",
        "jon",
        "--role",
        "sre",
        "--decision",
        "withdrawn",
    ]));
    assert_eq!(run.code, 0, "{}", run.transcript);
}

#[test]
fn what_cannot_be_written_is_told() {
    let place = place()
        .with("half.jsonl", "{\"approvals\": [")
        .with("one.json", "{}\n")
        .with("folder/file", "");
    let statement = [
        "--rule", "board", "--role", "eng-lead", "--by", "ada", "--to",
    ];
    for (name, to) in [
        ("to-half-a-line", "half.jsonl"),
        ("to-one-document", "one.json"),
        ("to-a-folder", "folder"),
        ("to-nowhere", "nowhere/x.jsonl"),
    ] {
        let run = place.call(&attest(&[&statement[..], &[to]].concat()));
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (4, ""),
            "{}",
            run.transcript
        );
        approved(name, &run.transcript);
        // A command is not even begun.
        let run = place.call(&evidence(&[
            "--id",
            "unit-tests",
            "--commit",
            "c",
            "--to",
            to,
            "--",
            "touch",
            "begun",
        ]));
        assert_eq!(run.code, 4, "{}", run.transcript);
        assert!(!place.path().join("begun").exists());
    }
    assert_eq!(file(&place, "half.jsonl"), "{\"approvals\": [");
    let run = place.call(&attest(&[&statement[..], &["-"]].concat()));
    assert_eq!(run.code, 0);
    assert!(
        run.stdout.starts_with("{\"approvals\":[{") && run.stdout.ends_with("}]}\n"),
        "{}",
        run.stdout
    );
    let run = place.call(&[
        "attest",
        "-p",
        "none.yaml",
        "--rule",
        "board",
        "--by",
        "ada",
    ]);
    assert_eq!(run.code, 3, "{}", run.transcript);
}

#[test]
fn a_command_is_run_and_written_down_however_it_ends() {
    let place = place().with("k6.json", "{\"p95\": 480.5, \"runs\": [1, 2]}");
    let unit = [
        "--id",
        "unit-tests",
        "--commit",
        "0f1e2d3",
        "--url",
        "https://ci/1",
        "--",
    ];
    let run = place.call(&evidence(
        &[&unit[..], &["sh", "-c", "printf out; printf err >&2"]].concat(),
    ));
    // The digest of `outerr`, worked out by sha256sum.
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "out"),
        "{}",
        run.transcript
    );
    assert!(run.stderr.starts_with("err"), "{}", run.stderr);
    assert!(
        file(&place, "evidence.jsonl")
            .contains("sha256:0db14a89d67977799dff485cc6419361e26b4b775037de1377bcf57e2efcf45f"),
        "{}",
        file(&place, "evidence.jsonl")
    );
    let run = place.call(&evidence(&[&unit[..], &["sh", "-c", "exit 3"]].concat()));
    assert_eq!(run.code, 1, "{}", run.transcript);
    let run = place.call(&evidence(
        &[&unit[..], &["sh", "-c", "kill -9 $$"]].concat(),
    ));
    assert_eq!(run.code, 1, "{}", run.transcript);
    let load = [
        "--id",
        "load",
        "--commit",
        "0f1e2d3",
        "--environment",
        "staging",
    ];
    let run = place.call(&evidence(
        &[
            &load[..],
            &[
                "--data",
                "p95=480.5",
                "--data",
                "tool=k6",
                "--data",
                "version=0123",
                "--",
                "true",
            ],
        ]
        .concat(),
    ));
    assert_eq!(run.code, 0, "{}", run.transcript);
    let run = place.call(&evidence(
        &[&load[..], &["--data-file", "k6.json", "--", "true"]].concat(),
    ));
    assert_eq!(run.code, 0, "{}", run.transcript);
    let run = place.call(&evidence(&[
        "--id",
        "smoke",
        "--key",
        "web",
        "--commit",
        "0f1e2d3",
        "--to",
        "-",
        "--",
        "echo",
        "it's fine",
    ]));
    assert_eq!(run.code, 0, "{}", run.transcript);
    assert!(
        run.stdout.starts_with("{\"evidence\"") && run.stderr.starts_with("it's fine\n"),
        "{}",
        run.transcript
    );
    let text = file(&place, "evidence.jsonl") + &run.stdout;
    approved("evidence", &text);
    let policy = support::policy(POLICY, &Settings::new());
    let (_, problems) = support::history(&policy, &[&text]);
    assert!(!any_error(&problems), "{}", support::told(&problems));
}

#[test]
fn a_command_gets_the_input_of_the_program() {
    let place = place();
    let run = place.run_with(
        "evidence -p policy.yaml --id unit-tests --commit c -- cat",
        "all of it",
    );
    assert_eq!((run.code, run.stdout.as_str()), (0, "all of it"));
}

#[test]
fn evidence_that_would_never_count_is_refused_before_anything_runs() {
    let place = place()
        .with("list.json", "[1]")
        .with("twice.json", "{\"a\": 1, \"a\": 2}");
    let table: [(&str, &[&str], i32); 9] = [
        ("no-such-id", &["--id", "unit-test", "--commit", "c"], 2),
        (
            "an-empty-commit",
            &["--id", "unit-tests", "--commit", ""],
            2,
        ),
        ("no-environment", &["--id", "load", "--commit", "c"], 2),
        (
            "another-environment",
            &[
                "--id",
                "load",
                "--commit",
                "c",
                "--environment",
                "production",
            ],
            2,
        ),
        (
            "evidence-without-its-item",
            &["--id", "smoke", "--commit", "c"],
            2,
        ),
        (
            "evidence-with-an-item",
            &["--id", "unit-tests", "--commit", "c", "--key", "api"],
            2,
        ),
        (
            "data-that-is-a-list",
            &[
                "--id",
                "unit-tests",
                "--commit",
                "c",
                "--data-file",
                "list.json",
            ],
            4,
        ),
        (
            "data-with-a-key-twice",
            &[
                "--id",
                "unit-tests",
                "--commit",
                "c",
                "--data-file",
                "twice.json",
            ],
            4,
        ),
        (
            "data-that-is-not-there",
            &[
                "--id",
                "unit-tests",
                "--commit",
                "c",
                "--data-file",
                "none.json",
            ],
            4,
        ),
    ];
    for (name, arguments, code) in table {
        let run = place.call(&evidence(&[arguments, &["--", "true"]].concat()));
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (code, ""),
            "{name}: {}",
            run.transcript
        );
        assert!(run.stderr.contains("help: "), "{name}: {}", run.stderr);
        assert_eq!(file(&place, "evidence.jsonl"), "", "{name}");
        approved(name, &run.transcript);
    }
    let run = place.call(&evidence(&[
        "--id",
        "unit-tests",
        "--commit",
        "c",
        "--",
        "./no-such-program",
    ]));
    assert_eq!(run.code, 4, "{}", run.transcript);
    assert_eq!(file(&place, "evidence.jsonl"), "");
    approved("no-such-program", &run.transcript);
    let run = place.call(&evidence(&["--id", "unit-tests", "--commit", "c"]));
    assert_eq!(run.code, 2, "a command is missing: {}", run.transcript);
}

#[test]
fn a_command_that_failed_is_written_down_without_its_data() {
    let place = place();
    let load = [
        "--id",
        "unit-tests",
        "--commit",
        "c",
        "--data-file",
        "none.json",
    ];
    let run = place.call(&evidence(&[&load[..], &["--", "false"]].concat()));
    assert_eq!(run.code, 1, "{}", run.transcript);
    assert!(
        run.stderr.contains("there is no file `none.json`"),
        "{}",
        run.stderr
    );
    let text = file(&place, "evidence.jsonl");
    assert!(
        text.contains("\"status\":\"failed\"") && !text.contains("data"),
        "{text}"
    );
}

#[test]
fn data_said_twice_are_refused() {
    let place = place();
    let twice = ["--data", "p95=480", "--data", "p95=520", "--", "true"];
    let unit = ["--id", "unit-tests", "--commit", "c"];
    let run = place.call(&evidence(&[&unit[..], &twice].concat()));
    assert_eq!(run.code, 2, "{}", run.transcript);
    assert_eq!(file(&place, "evidence.jsonl"), "");
    approved("data-said-twice", &run.transcript);
}

#[test]
fn a_line_goes_to_no_document_whatever_the_case_of_its_ending() {
    let place = place();
    let run = place.call(&attest(&[
        "--rule",
        "owners",
        "--key",
        "api",
        "--by",
        "jon",
        "--to",
        "Facts.JSON",
    ]));
    assert_eq!(run.code, 4, "{}", run.transcript);
    assert_eq!(file(&place, "Facts.JSON"), "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_line_that_does_not_fit_leaves_nothing_behind() {
    let place = place().with("attestations.jsonl", "{}\n");
    let call = |note: &str| {
        let line = format!(
            "ulimit -f 1; trap '' XFSZ; {} attest -p policy.yaml --rule owners --key api --by jon --note {note}",
            env!("CARGO_BIN_EXE_gonogo")
        );
        std::process::Command::new("bash")
            .args(["-c", &line])
            .current_dir(place.path())
            .output()
            .expect("a shell")
    };
    let output = call(&"x".repeat(3000));
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    assert_eq!(file(&place, "attestations.jsonl"), "{}\n");
}

#[cfg(target_os = "linux")]
#[test]
fn a_line_that_nobody_got_is_not_written() {
    let place = place();
    let line = format!(
        "{} attest -p policy.yaml --rule owners --key api --by jon --to - > /dev/full",
        env!("CARGO_BIN_EXE_gonogo")
    );
    let output = std::process::Command::new("sh")
        .args(["-c", &line])
        .current_dir(place.path())
        .output()
        .expect("a shell");
    assert_eq!(output.status.code(), Some(4), "{output:?}");
}

#[test]
fn many_at_once_add_whole_lines() {
    let place = place();
    let note = "x".repeat(20_000);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let run = place.call(&attest(&[
                    "--rule", "owners", "--key", "api", "--by", "jon", "--note", &note,
                ]));
                assert_eq!(run.code, 0, "{}", run.stderr);
            });
        }
    });
    let text = file(&place, "attestations.jsonl");
    assert_eq!(text.lines().count(), 8);
    for line in text.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("a whole line");
    }
}

#[test]
fn what_is_written_down_is_judged() {
    let place = place().with(
        "snapshot.json",
        "{\"at\": \"2025-10-16T10:00:00Z\", \"subject\": {\"commit\": \"0f1e2d3\"}, \"stage\": {\"name\": \"production\", \"entered\": \"2025-10-16T09:00:00Z\"}, \"metrics\": {}}",
    );
    let eval =
        "eval -p policy.yaml -s snapshot.json -s attestations.jsonl --now 2025-10-16T10:30:00Z";
    for (by, role) in [("JON", "sre"), ("ada", "eng-lead")] {
        let run = place.call(&attest(&[
            "--rule", "board", "--role", role, "--by", by, "--commit", "0f1e2d3",
        ]));
        assert_eq!(run.code, 0, "{}", run.transcript);
        let code = place.run(eval).code;
        assert_eq!(code, if by == "ada" { 0 } else { 11 });
    }
    let run = place.call(&[
        "attest",
        "-p",
        "policy.yaml",
        "--at",
        "2025-10-16T10:20:00Z",
        "--rule",
        "board",
        "--role",
        "eng-lead",
        "--by",
        "Ada",
        "--decision",
        "rejected",
    ]);
    assert_eq!(run.code, 0, "{}", run.transcript);
    assert_eq!(
        place.run(eval).code,
        10,
        "the newest decision of a person counts"
    );
}

#[test]
fn each_command_tells_how_it_is_called() {
    let place = Place::empty();
    for command in ["attest", "evidence", "checklist"] {
        let run = place.run(&format!("{command} --help"));
        assert_eq!(run.code, 0, "{}", run.transcript);
        assert!(run.stdout.contains("Examples:"), "{}", run.stdout);
        approved(&format!("help-{command}"), &run.transcript);
    }
}
