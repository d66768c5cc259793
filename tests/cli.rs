//! The program as a pipeline meets it: what it is called with, what it answers on each stream, and its exit code.
//!
//! Every transcript is approved in `tests/snapshots/cli`. Nothing depends on the clock: each `eval` is given its instant.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use crate::support::place::{Place, Run};

const POLICY: &str = "\
gonogo: 1
name: canary
inputs:
  error_rate: {type: double, unit: ratio, range: [0, 1]}
  latency_p95: {type: double, unit: ms}
require:
  - {id: errors, expr: error_rate < 0.01, for: 10m}
rollback:
  - {id: error-spike, expr: error_rate >= 0.05, for: 2m}
";

const STAGES: &str = "\
gonogo: 1
name: canary
inputs:
  error_rate: {type: double, unit: ratio}
params:
  limit: {type: double, unit: ratio, default: 0.01}
stages:
  - name: canary-5
    require:
      - {id: errors, expr: error_rate < params.limit}
  - name: canary-25
    extends: canary-5
    rollback:
      - {id: error-spike, expr: error_rate >= 0.05}
";

const WINDOWS: &str = "\
gonogo: 1
name: canary
inputs:
  error_rate: {type: double, unit: ratio}
require:
  - {id: mean, expr: 'error_rate.avg(\"10m\") < 0.01'}
  - {id: before, expr: 'error_rate.ago(\"10m\") < 0.01'}
  - {id: errors, expr: error_rate < 0.01, for: 3m}
rollback:
  - {id: growth, expr: 'error_rate.delta(\"10m\") > 0.01'}
";

const LENGTHS: &str = "\
gonogo: 1
name: canary
inputs:
  error_rate: {type: double, unit: ratio}
  length: {type: string}
require:
  - {id: nothing, expr: 'error_rate.avg(\"0s\") < 0.01'}
  - {id: ahead, expr: 'error_rate.max(\"-5m\") < 0.01'}
  - {id: month, expr: 'error_rate.ago(\"1mo\") < 0.01'}
  - {id: told, expr: error_rate.min(length) < 0.01}
  - {id: number, expr: error_rate.count(600) > 3}
  - {id: missing, expr: error_rate.count() > 3}
  - {id: for-nothing, expr: error_rate < 0.01, for: 0s}
  - {id: for-ahead, expr: error_rate < 0.01, for: -5m}
  - {id: for-a-month, expr: error_rate < 0.01, for: 1mo}
";

const SAMPLE: &str = "{\"at\": \"2025-10-16T10:05:00Z\", \"metrics\": {\"error_rate\": 0.004}}\n";

/// A folder with a good policy, one with stages, and a good snapshot.
fn place() -> Place {
    Place::empty()
        .with("policy.yaml", POLICY)
        .with("stages.yaml", STAGES)
        .with("good.json", SAMPLE)
        .with("history.jsonl", history(&["0.004"; 11]))
}

impl Place {
    /// A run that must fail with a code, a message and a help, and nothing on standard output.
    fn fails(&self, name: &str, arguments: &str, code: i32) {
        approved(name, &self.fails_unseen(name, arguments, code).transcript);
    }

    fn fails_unseen(&self, name: &str, arguments: &str, code: i32) -> Run {
        let run = self.run(arguments);
        assert_eq!(run.code, code, "{name}: {}", run.transcript);
        assert_eq!(run.stdout, "", "{name}: a report without a verdict");
        let helps = ["help: ", "For more information", "tip: "]
            .iter()
            .any(|help| run.stderr.contains(help));
        assert!(helps, "{name}: no help in {}", run.stderr);
        run
    }

    /// A run that must give a verdict, or another answer, with a code.
    fn answers(&self, name: &str, arguments: &str, code: i32) -> Run {
        let run = self.run(arguments);
        assert_eq!(run.code, code, "{name}: {}", run.transcript);
        approved(name, &run.transcript);
        run
    }
}

fn approved(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => "snapshots/cli",
        prepend_module_to_snapshot => false,
        omit_expression => true,
        filters => vec![(r"sha256:[0-9a-f]{64}", "sha256:[digest]")],
    }, { insta::assert_snapshot!(name, text) });
}

/// A sample each minute from 10:05.
fn history(rates: &[&str]) -> String {
    let lines = rates.iter().enumerate();
    lines.fold(String::new(), |mut text, (index, rate)| {
        let minute = 5 + index;
        let _ = writeln!(
            text,
            "{{\"at\": \"2025-10-16T10:{minute:02}:00Z\", \"metrics\": {{\"error_rate\": {rate}}}}}"
        );
        text
    })
}

fn with_rule(expr: &str) -> String {
    let head = POLICY.split("require:").next().expect("a head");
    format!("{head}require:\n  - id: errors\n    expr: {expr}\n")
}

const EVAL: &str = "eval -p policy.yaml --now latest -s";

#[test]
fn good_runs() {
    let place = place()
        .with(
            "spike.jsonl",
            history(&["0.004", "0.004", "0.06", "0.061", "0.062"]),
        )
        .with("short.jsonl", history(&["0.004"; 3]))
        .with("failing.jsonl", history(&["0.02"; 3]))
        .with("recorded/a.jsonl", history(&["0.004"; 6]))
        .with(
            "recorded/b.yaml",
            "at: 2025-10-16T10:14:00Z\nmetrics: {latency_p95: 180}\n",
        )
        .with("recorded/notes.txt", "not a snapshot");
    place.answers("eval-go", &format!("{EVAL} history.jsonl"), 0);
    place.answers("eval-rollback", &format!("{EVAL} spike.jsonl"), 20);
    place.answers("eval-no-go", &format!("{EVAL} failing.jsonl"), 10);
    place.answers("eval-not-yet", &format!("{EVAL} short.jsonl"), 11);
    place.answers(
        "eval-stale",
        "eval -p policy.yaml -s good.json --now 2025-10-17T00:00:00Z",
        11,
    );
    place.answers(
        "eval-json",
        &format!("{EVAL} spike.jsonl --format json"),
        20,
    );
    place.answers("eval-quiet", &format!("{EVAL} spike.jsonl -q"), 20);
    place.answers(
        "eval-one-rule",
        &format!("{EVAL} spike.jsonl --rule errors"),
        20,
    );
    place.answers("eval-folder", &format!("{EVAL} recorded"), 11);
    place.answers("eval-glob", &format!("{EVAL} recorded/*.jsonl"), 11);
    place.answers(
        "eval-merged",
        &format!("{EVAL} recorded/b.yaml -s history.jsonl -s good.json"),
        0,
    );
    place.answers(
        "eval-policy-folder",
        "eval -p . -s history.jsonl --now latest",
        0,
    );
    place.answers(
        "eval-stage",
        "eval -p stages.yaml -s good.json --now latest --stage canary-25",
        0,
    );
    place.answers(
        "eval-set",
        "eval -p stages.yaml -s good.json --now latest --stage canary-5 --set limit=0.001",
        10,
    );
    let run = place.run_with(&format!("{EVAL} -"), &history(&["0.004"; 11]));
    assert_eq!(run.code, 0, "{}", run.transcript);
    approved("eval-stdin", &run.transcript);
}

#[cfg(feature = "cross-check")]
#[test]
fn a_second_engine_is_asked_and_changes_no_byte_of_the_report() {
    let place = place().with(
        "apart.yaml",
        with_rule("cel.bind(limit, 0.01, error_rate < limit) && error_rate < q(\"5%\")"),
    );
    place.answers(
        "eval-cross-check",
        &format!("{EVAL} history.jsonl --cross-check"),
        0,
    );
    place.answers(
        "eval-cross-check-apart",
        "eval -p apart.yaml -s good.json --now latest --cross-check",
        0,
    );
    let json = format!("{EVAL} history.jsonl --format json");
    let (alone, checked) = (
        place.run(&json),
        place.run(&format!("{json} --cross-check")),
    );
    assert_eq!((&checked.stdout, checked.code), (&alone.stdout, alone.code));
    assert_eq!(
        checked.stderr,
        "cross-check: 2 conditions agree with cel 0.15.0\n"
    );
    let quiet = place.run(&format!("{json} --cross-check -q"));
    assert_eq!((quiet.stdout, quiet.stderr.as_str()), (alone.stdout, ""));
}

#[test]
fn a_record_is_the_same_as_the_report_in_json() {
    let place = place();
    let run = place.run(&format!(
        "{EVAL} history.jsonl --format json --record verdict.json"
    ));
    assert_eq!(run.code, 0, "{}", run.transcript);
    let written = |name: &str| fs::read_to_string(place.path().join(name)).expect("a record");
    assert_eq!(written("verdict.json"), run.stdout);
    // Whatever is shown beside it, a record has the digest of itself.
    for (name, shown) in [("text.json", ""), ("quiet.json", " -q")] {
        let run = place.run(&format!("{EVAL} history.jsonl --record {name}{shown}"));
        assert_eq!(run.code, 0, "{}", run.transcript);
        assert_eq!(written(name), written("verdict.json"));
    }
    let record: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let digest = record["digests"]["record"].as_str().expect("a digest");
    assert_eq!(digest.len(), "sha256:".len() + 64, "{digest}");
}

#[test]
fn a_record_that_cannot_be_written_is_told_after_the_verdict() {
    let place = place();
    place.answers(
        "record-unwritable",
        &format!("{EVAL} history.jsonl --record none/verdict.json"),
        4,
    );
    place.answers(
        "record-folder",
        &format!("{EVAL} history.jsonl --record ."),
        4,
    );
}

#[test]
fn check_and_schema_and_version() {
    let place = place()
        .with("more/canary/policy.yaml", POLICY)
        .with("wrong/policy.yaml", with_rule("error_rat < 0.01"))
        .with("unfit.yaml", "at: 2025-10-16T10:05:00Z\nmetrics: {error_rat: 0.1, error_rate: 4, latency_p95: fast}\nsubjct: {}\n")
        .with("none.json", "[]")
        .with("empty/notes.txt", "");
    place.answers(
        "check-good",
        "check -A unused-input policy.yaml stages.yaml",
        0,
    );
    place.answers("check-folder", "check -A unused-input .", 1);
    place.answers("check-wrong", "check wrong", 1);
    place.answers("check-wrong-json", "check wrong --format json", 1);
    place.answers(
        "check-good-json",
        "check -A unused-input policy.yaml --format json",
        0,
    );
    place.answers(
        "check-snapshots",
        "check -p policy.yaml -s history.jsonl -s good.json",
        0,
    );
    place.answers(
        "check-snapshots-unfit",
        "check -p policy.yaml -s unfit.yaml",
        1,
    );
    place.answers(
        "check-snapshots-unfit-json",
        "check -p policy.yaml -s unfit.yaml --format json",
        1,
    );
    place.answers("check-no-sample", "check -p policy.yaml -s none.json", 1);
    place.fails("check-nothing", "check empty", 5);
    place.fails("check-no-file", "check missing.yaml", 3);
    place.answers("schema-policy", "schema policy", 0);
    place.answers("schema-snapshot", "schema snapshot", 0);
    place.answers(
        "schema-snapshot-of-policy",
        "schema snapshot -p policy.yaml",
        0,
    );
    place.answers("schema-record", "schema record", 0);
    place.fails("schema-policy-of-policy", "schema policy -p policy.yaml", 2);
    place.fails(
        "schema-snapshot-of-wrong-policy",
        "schema snapshot -p wrong",
        3,
    );
    place.answers("version", "version", 0);
    place.answers("version-json", "version --json", 0);
    place.answers("help", "--help", 0);
    place.answers("help-eval", "eval --help", 0);
    place.answers("help-check", "check --help", 0);
}

/// A policy with two unused inputs and a constant condition, which denies one lint itself.
const LINTED: &str = "\
gonogo: 1
name: canary
inputs:
  error_rate: {type: double, unit: ratio, range: [0, 1]}
  latency_p95: {type: double, unit: ms}
  queue_lag: {type: double, unit: ms}
lint: {constant-condition: deny}
require:
  - {id: errors, expr: error_rate < 0.01}
  - {id: always, expr: error_rate <= 1.0, for: 1m}
";

#[test]
fn lints() {
    let place = place().with("linted.yaml", LINTED);
    place.answers("lint-denied-by-the-policy", "check linted.yaml", 1);
    place.answers(
        "lint-warnings-only",
        "check -A constant-condition linted.yaml",
        0,
    );
    place.answers(
        "lint-json",
        "check linted.yaml -W constant-condition --format json",
        0,
    );
    place.answers(
        "lint-deny-warnings",
        "check linted.yaml -A constant-condition --deny-warnings",
        1,
    );
    place.answers("lint-list", "check --list-lints", 0);
    // The later flag wins, and every flag over the policy.
    for (flags, code) in [
        ("-A all", 0),
        ("-A all -D unused-input", 1),
        ("-D unused-input -A all", 0),
        ("-D all --allow all", 0),
        ("--deny all -A unused-input", 1),
        ("-D pedantic -A constant-condition", 1),
        ("-D short-for -A pedantic -W all", 0),
        ("--warn constant-condition", 0),
    ] {
        let run = place.run(&format!("check linted.yaml {flags}"));
        assert_eq!(run.code, code, "{flags}: {}", run.transcript);
    }
    place.fails("lint-unknown", "check linted.yaml -D unused-imput", 2);
    place.fails(
        "lint-of-snapshots",
        "check -p policy.yaml -s good.json -D unused-input",
        2,
    );
    // A verdict is none of the author's lints' business.
    let run = place.run("eval -p linted.yaml --now latest -s good.json");
    assert_eq!(run.code, 11, "{}", run.transcript);
    assert_eq!(run.stderr, "");
}

#[test]
fn explain() {
    let place = place();
    place.answers("explain-code", "explain no-bake", 0);
    place.answers("explain-list", "explain --list", 0);
    place.answers("help-explain", "explain --help", 0);
    place.fails("explain-misspelt", "explain type-mismach", 2);
    place.fails("explain-unknown", "explain E0308", 2);
    place.fails("explain-record", "explain runs/record.json", 4);
    place.fails("explain-nothing", "explain", 2);
    place.fails("explain-both", "explain no-bake --list", 2);
}

#[test]
fn a_page_on_a_terminal_has_bold_headings_and_no_marks_of_markdown() {
    let output = Command::new(env!("CARGO_BIN_EXE_gonogo"))
        .args(["explain", "no-data", "--color", "always"])
        .env_remove("NO_COLOR")
        .output()
        .expect("the program");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.starts_with("\u{1b}[1mno-data\u{1b}[0m\n"), "{text}");
    assert!(
        text.contains("\u{1b}[1mWrong\u{1b}[0m\n\n    gonogo: 1\n"),
        "{text}"
    );
    assert!(
        text.contains("\u{1b}[2mjson snapshots/canary.json\u{1b}[0m\n"),
        "{text}"
    );
    assert!(!text.contains("```") && !text.contains('#'), "{text}");
}

#[test]
fn usage() {
    let place = place();
    place.fails("usage-no-snapshot", "eval -p policy.yaml", 2);
    place.fails("usage-no-policy", "eval -s good.json", 2);
    place.fails(
        "usage-unknown-flag",
        &format!("{EVAL} good.json --stag x"),
        2,
    );
    place.fails("usage-unknown-command", "evaluate", 2);
    place.fails(
        "usage-bad-now",
        "eval -p policy.yaml -s good.json --now yesterday",
        2,
    );
    place.fails(
        "usage-now-without-offset",
        "eval -p policy.yaml -s good.json --now 2025-10-16T10:05:00",
        2,
    );
    place.fails(
        "usage-set-without-value",
        "eval -p stages.yaml -s good.json --now latest --set limit",
        2,
    );
    place.fails(
        "usage-set-wrong-type",
        "eval -p stages.yaml -s good.json --now latest --set limit=high",
        2,
    );
    place.fails(
        "usage-set-unknown",
        "eval -p stages.yaml -s good.json --now latest --set limt=0.1",
        2,
    );
    place.fails(
        "usage-unknown-stage",
        "eval -p stages.yaml -s good.json --now latest --stage canary5",
        2,
    );
    place.fails(
        "no-stage",
        "eval -p stages.yaml -s good.json --now latest",
        4,
    );
    place.fails(
        "usage-unknown-rule",
        &format!("{EVAL} good.json --rule error"),
        2,
    );
}

#[test]
fn policies_that_cannot_be_read() {
    let place = place()
        .with("empty.yaml", "")
        .with("latin1.yaml", b"gonogo: 1\nname: gr\xfcn\n")
        .with("none/notes.txt", "")
        .with("list.yaml", "- gonogo: 1\n")
        .with("large.yaml", "");
    // A hole in a file costs no disk.
    let large = fs::OpenOptions::new()
        .write(true)
        .open(place.path().join("large.yaml"))
        .expect("a file");
    large.set_len(64 * 1024 * 1024 + 1).expect("a length");
    for (name, file, code) in [
        ("missing", "missing.yaml", 3),
        ("empty", "empty.yaml", 3),
        ("not-utf8", "latin1.yaml", 3),
        ("folder-without", "none", 5),
        ("list", "list.yaml", 3),
        ("too-large", "large.yaml", 3),
    ] {
        place.fails(
            &format!("policy-{name}"),
            &format!("eval -p {file} -s good.json --now latest"),
            code,
        );
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of wrong policies")]
fn policies_that_are_wrong() {
    let head = POLICY.split("require:").next().expect("a head");
    let bomb = (1..12).fold("x-0: &x0 [lol, lol]\n".to_owned(), |mut text, level| {
        let before = level - 1;
        let _ = writeln!(
            text,
            "x-{level}: &x{level} [*x{before}, *x{before}, *x{before}, *x{before}]"
        );
        text
    });
    let nested = |open: &str, close: &str| open.repeat(10_000) + close.repeat(10_000).as_str();
    let cases = [
        ("unknown-key", POLICY.replace("require:", "requires:")),
        (
            "duplicate-key",
            POLICY.replace("for: 10m}", "for: 10m, for: 15m}"),
        ),
        (
            "duplicate-id",
            POLICY
                .replace("error-spike", "errors")
                .replace("rollback:", "hold:"),
        ),
        ("tab", POLICY.replace("  - {id: errors", "\t- {id: errors")),
        ("exclamation", with_rule("!(error_rate > 0.01)")),
        (
            "cut-at-comma",
            format!(
                "{head}require:\n  - {{id: close, expr: within(error_rate, 0.01, q(\"10%\")), for: 10m}}\n"
            ),
        ),
        ("unknown-metric", with_rule("eror_rate < 0.01")),
        ("syntax-plain", with_rule("error_rate <")),
        ("syntax-single", with_rule("'error_rate <'")),
        ("syntax-double", with_rule("\"error\\u005frate <\"")),
        (
            "syntax-literal",
            with_rule("|\n      error_rate < 0.01 &&\n      latency_p95 <\n"),
        ),
        (
            "syntax-folded",
            with_rule(">-\n      error_rate < 0.01 &&\n      latency_p95 <\n"),
        ),
        (
            "syntax-lines",
            with_rule("error_rate < 0.01 &&\n      latency_p95 <\n"),
        ),
        ("no-version", POLICY.replace("gonogo: 1\n", "")),
        (
            "many",
            POLICY
                .replace("0.01", "1%")
                .replace("error_rate >= 0.05", "eror_rate >= 0.05")
                .replace("10m", "ten"),
        ),
        (
            "bomb",
            format!("{head}{bomb}require:\n  - {{id: errors, expr: error_rate < 0.01}}\n"),
        ),
        (
            "flow-10000",
            format!(
                "{head}x-deep: {}\nrequire:\n  - {{id: errors, expr: error_rate < 0.01}}\n",
                nested("[", "]")
            ),
        ),
        (
            "brackets-10000",
            with_rule(&format!(
                "{} > 0.0",
                nested("(", ")").replacen("()", "(error_rate)", 1)
            )),
        ),
        (
            "evidence-without-an-id",
            format!("{head}require:\n  - {{id: tests, evidence: {{max_age: 1d}}}}\n"),
        ),
        (
            "due-without-an-anchor",
            POLICY.replace("for: 10m", "due: 48h"),
        ),
        (
            "table-without-type",
            format!("{POLICY}tables:\n  alerts: {{file: alerts.toml}}\n"),
        ),
        (
            "needs-itself",
            STAGES.replace(
                "    extends: canary-5\n",
                "    extends: canary-5\n    needs: [canary-25]\n",
            ),
        ),
        (
            "records-called",
            with_rule("records(\"staging\").size() > 0"),
        ),
    ];
    let mut place = place();
    for (name, text) in cases {
        place = place.with("wrong.yaml", text);
        let run = place.fails_unseen(name, "eval -p wrong.yaml -s good.json --now latest", 3);
        assert!(
            run.stderr.contains("wrong.yaml:"),
            "{name}: no place in {}",
            run.stderr
        );
        approved(&format!("policy-{name}"), &run.transcript);
    }
}

#[test]
fn an_endless_sum_is_refused_in_a_few_lines() {
    let place = place().with(
        "wrong.yaml",
        with_rule(&format!(
            "{} > 0.0",
            vec!["error_rate"; 100_000].join(" + ")
        )),
    );
    place.fails(
        "policy-sum-100000",
        "eval -p wrong.yaml -s good.json --now latest",
        3,
    );
    let place = place.with(
        "wrong.yaml",
        with_rule(&format!("{} > 0.0", vec!["error_rate"; 1_000].join(" + "))),
    );
    place.fails(
        "policy-sum-1000",
        "eval -p wrong.yaml -s good.json --now latest",
        3,
    );
}

#[test]
fn snapshots_that_cannot_be_read() {
    let deep = |open: &str, close: &str| open.repeat(10_000) + close.repeat(10_000).as_str();
    let at = "\"at\": \"2025-10-16T10:05:00Z\"";
    let line = format!("{{{at}, \"x-log\": \"{}\"}}\n", "x".repeat(4 * 1024 * 1024));
    let place = place()
        .with("empty.json", "")
        .with("empty.jsonl", "\n")
        .with("empty.yaml", "# nothing yet\n")
        .with("folder/notes.txt", "")
        .with("latin1.json", b"{\"at\": \"2025-10-16T10:05:00Z\",\n \"subject\": {\"service\": \"gr\xfcn\"}}")
        .with("latin1.jsonl", b"{\"at\": \"2025-10-16T10:05:00Z\", \"subject\": {\"service\": \"gr\xfcn\"}}\n")
        .with("truncated.json", "{\"at\": \"2025-10-16T10:05:00Z\",\n \"metrics\": {\"error_rate\": 0.00")
        .with("nested.json", format!("{{{at}, \"x-deep\": {}}}", deep("[", "]")))
        .with("nested.yaml", format!("at: 2025-10-16T10:05:00Z\nx-deep: {}\n", deep("{a: ", "}")))
        .with("bomb.yaml", "at: 2025-10-16T10:05:00Z\nx-a: &a [lol, lol]\nx-b: &b [*a, *a]\nmetrics: {error_rate: *b}\n")
        .with("long-line.jsonl", format!("{SAMPLE}{line}"))
        .with("lines.jsonl", format!("{SAMPLE}{{\"at\": \"2025-10-16T10:06:00Z\", \"metrics\": \n{SAMPLE}{{\"metrics\": {{}}}}\n[]\n7\n"))
        .with("nan.json", format!("{{{at}, \"metrics\": {{\"error_rate\": NaN}}}}"))
        .with("unknown-key.json", format!("{{{at}, \"metric\": {{\"error_rate\": 0.004}}}}"))
        .with("duplicate-key.json", format!("{{{at}, \"metrics\": {{\"error_rate\": 0.004, \"error_rate\": 0.04}}}}"))
        .with("tab.yaml", "at: 2025-10-16T10:05:00Z\nmetrics:\n\terror_rate: 0.004\n")
        .with("stage-key.json", format!("{{{at}, \"stage\": {{\"since\": \"2025-10-16T10:00:00Z\"}}}}"))
        .with("tag.yaml", "at: 2025-10-16T10:05:00Z\nmetrics: {error_rate: !rate 0.004}\n")
        .with("no-time.json", "{\"metrics\": {\"error_rate\": 0.004}}")
        .with("local-time.json", "{\"at\": \"2025-10-16 10:05\", \"metrics\": {\"error_rate\": 0.004}}")
        .with("other.json", SAMPLE.replace("0.004", "0.04"))
        .with("large.json", "");
    let large = fs::OpenOptions::new()
        .write(true)
        .open(place.path().join("large.json"))
        .expect("a file");
    large.set_len(64 * 1024 * 1024 + 1).expect("a length");
    for (name, arguments) in [
        ("missing", "missing.json"),
        ("no-match", "recorded/*.json"),
        ("empty-json", "empty.json"),
        ("empty-jsonl", "empty.jsonl"),
        ("empty-yaml", "empty.yaml"),
        ("empty-folder", "folder"),
        ("not-utf8", "latin1.json"),
        ("not-utf8-line", "latin1.jsonl"),
        ("truncated", "truncated.json"),
        ("nested-json", "nested.json"),
        ("nested-yaml", "nested.yaml"),
        ("bomb", "bomb.yaml"),
        ("too-large", "large.json"),
        ("long-line", "long-line.jsonl"),
        ("bad-lines", "lines.jsonl"),
        ("nan", "nan.json"),
        ("unknown-key", "unknown-key.json"),
        ("duplicate-key", "duplicate-key.json"),
        ("unknown-key-of-stage", "stage-key.json"),
        ("tag", "tag.yaml"),
        ("tab", "tab.yaml"),
        ("no-time", "no-time.json"),
        ("local-time", "local-time.json"),
        ("conflict", "good.json -s other.json"),
        ("conflict-of-lines", "history.jsonl -s other.json"),
    ] {
        place.fails(
            &format!("snapshot-{name}"),
            &format!("{EVAL} {arguments}"),
            4,
        );
    }
    place.fails("snapshot-stdin-empty", &format!("{EVAL} -"), 4);
}

#[test]
fn a_file_does_not_steer_the_terminal() {
    let hostile = "\u{1b}[2J\u{1b}]0;pwned\u{7}\u{9b}31m\u{202e}og";
    let policy = POLICY
        .replace(
            "  - {id: errors",
            &format!("  # {hostile}\n  - {{id: errors"),
        )
        .replace("0.01", "0.01 and");
    let place = place()
        .with("wrong.yaml", policy.replace('\n', "\r\n"))
        .with(
            "hostile.json",
            SAMPLE.replace("error_rate", "gr\u{202e}\\u001b[31mn"),
        );
    place.fails(
        "hostile-policy",
        "eval -p wrong.yaml -s good.json --now latest",
        3,
    );
    place.answers("hostile-snapshot", &format!("{EVAL} hostile.json"), 11);
    for (policy, snapshot) in [("wrong.yaml", "good.json"), ("policy.yaml", "hostile.json")] {
        let run = place.run(&format!("eval -p {policy} -s {snapshot} --now latest"));
        let steering =
            |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}');
        assert!(!run.transcript.contains(steering), "{:?}", run.transcript);
    }
}

#[test]
fn snapshots_that_name_what_is_not_there() {
    let place = place()
        .with(
            "stage.json",
            SAMPLE.replace(
                "\"metrics\"",
                "\"stage\": {\"name\": \"canary-50\"}, \"metrics\"",
            ),
        )
        .with(
            "undeclared.json",
            SAMPLE.replace("{\"error_rate\"", "{\"error_rat\": 0.2, \"error_rate\""),
        )
        .with("text.json", SAMPLE.replace("0.004", "\"0.004\""))
        .with("range.json", SAMPLE.replace("0.004", "4"))
        .with(
            "nan.yaml",
            "at: 2025-10-16T10:05:00Z\nmetrics: {error_rate: .nan}\n",
        )
        .with("now.yaml", with_rule("error_rate < 0.01"));
    place.fails(
        "snapshot-unknown-stage",
        "eval -p stages.yaml -s stage.json --now latest",
        4,
    );
    let eval = "eval -p now.yaml --now latest -s";
    place.answers("warning-undeclared", &format!("{eval} undeclared.json"), 0);
    place.answers(
        "warning-undeclared-quiet",
        &format!("{eval} undeclared.json -q"),
        0,
    );
    place.answers("warning-wrong-type", &format!("{eval} text.json"), 11);
    place.answers("warning-out-of-range", &format!("{eval} range.json"), 11);
    place.answers("warning-nan", &format!("{eval} nan.yaml"), 11);
}

/// A policy with a live baseline, and one that holds.
const COMPARED: &str = "\
gonogo: 1
name: canary
baselines: [before, {name: blue, live: true}]
inputs:
  error_rate: {type: double, unit: ratio, range: [0, 1]}
require:
  - {id: errors, expr: error_rate < blue.error_rate, for: 1m}
";

const TABLE: &str = "\
at,error_rate,stage.name
2025-10-16 10:05:00+00,0.004,default
2025-10-16 10:10:00+00,0.005,
2025-10-16 10:15:00+00,0.006,
";

#[test]
fn tables() {
    let wide = format!(
        "at,error_rate\n2025-10-16T10:05:00Z,\"{}\n",
        "x\n".repeat(2_500_000)
    );
    let place = place()
        .with("good.csv", TABLE)
        .with("table.txt", TABLE)
        .with("warned.csv", TABLE.replace("0.005", "NaN").replace("stage.name", "stage_name"))
        .with("folder/a.csv", TABLE)
        .with("folder/b.json", SAMPLE)
        .with("empty.csv", "")
        .with("names.csv", "at,error_rate\n")
        .with("no-time.csv", TABLE.replace("at,", "when,"))
        .with("semicolons.csv", TABLE.replace(',', ";"))
        .with("no-offset.csv", TABLE.replace("+00", ""))
        .with("same-names.csv", TABLE.replace("stage.name", "error_rate"))
        .with("cells.csv", TABLE.replace("0.005,", "0.005"))
        .with("more-cells.csv", TABLE.replace("0.005,", "0.005,,"))
        .with("unclosed.csv", TABLE.replace("0.004,", "\"0.004,"))
        .with("stray.csv", TABLE.replace("0.004", "0.0\"04"))
        .with("latin1.csv", b"at,error_rate,subject.service\n2025-10-16T10:05:00Z,0.004,gr\xfcn\n")
        .with("map.csv", "at,incidents\n2025-10-16T10:05:00Z,1\n")
        .with("maps.yaml", format!("{}  incidents: {{type: \"map<string, int>\"}}\nrequire:\n  - {{id: errors, expr: incidents.P0 == 0}}\n", POLICY.split("require:").next().expect("a head")))
        .with("conflict.csv", TABLE.replace("10:10:00", "10:05:00"))
        .with("endless.csv", wide);
    place.answers("csv-good", &format!("{EVAL} good.csv"), 0);
    place.answers("csv-folder", &format!("{EVAL} folder"), 0);
    place.answers(
        "csv-format",
        &format!("{EVAL} table.txt --snapshot-format csv"),
        0,
    );
    place.answers("csv-warned", &format!("{EVAL} warned.csv"), 11);
    place.answers("csv-check", "check -p policy.yaml -s good.csv", 0);
    place.answers("csv-check-warned", "check -p policy.yaml -s warned.csv", 1);
    for (name, arguments) in [
        ("empty", "empty.csv"),
        ("names-only", "names.csv"),
        ("no-time", "no-time.csv"),
        ("semicolons", "semicolons.csv"),
        ("no-offset", "no-offset.csv"),
        ("same-names", "same-names.csv"),
        ("cells", "cells.csv"),
        ("more-cells", "more-cells.csv"),
        ("unclosed", "unclosed.csv"),
        ("stray", "stray.csv"),
        ("not-utf8", "latin1.csv"),
        ("conflict", "conflict.csv"),
        ("endless", "endless.csv"),
        ("unnamed-format", "table.txt"),
    ] {
        place.fails(&format!("csv-{name}"), &format!("{EVAL} {arguments}"), 4);
    }
    place.fails("csv-map", "eval -p maps.yaml --now latest -s map.csv", 4);
    let run = place.run_with(&format!("{EVAL} - --snapshot-format csv"), TABLE);
    assert_eq!(run.code, 0, "{}", run.transcript);
    let run = place.run_with(&format!("{EVAL} - --snapshot-format csv"), "");
    assert_eq!(run.code, 4, "{}", run.transcript);
    approved("csv-stdin-empty", &run.transcript);
}

#[test]
fn histories_in_any_order_of_files_and_lines_give_one_record() {
    let lines = history(&["0.004", "0.005", "0.006", "0.007"]);
    let (even, odd): (Vec<_>, Vec<_>) = lines
        .lines()
        .enumerate()
        .partition(|(index, _)| index % 2 == 0);
    let text = |lines: Vec<(usize, &str)>| {
        lines
            .iter()
            .map(|(_, line)| format!("{line}\n"))
            .collect::<String>()
    };
    let backwards: String = lines
        .lines()
        .rev()
        .map(|line| format!("{line}\n"))
        .collect();
    let place = place()
        .with("all.jsonl", &lines)
        .with("backwards.jsonl", backwards)
        .with("even.jsonl", text(even))
        .with("odd.jsonl", text(odd));
    let record = |snapshots: &str| {
        let run = place.run(&format!("{EVAL} {snapshots} --format json"));
        assert_eq!(run.code, 11, "{}", run.transcript);
        run.stdout
    };
    let all = record("all.jsonl");
    for snapshots in [
        "backwards.jsonl",
        "even.jsonl -s odd.jsonl",
        "odd.jsonl -s even.jsonl",
        "all.jsonl -s odd.jsonl",
        "[aeo]*.jsonl",
    ] {
        assert_eq!(record(snapshots), all, "{snapshots}");
    }
    let piped = place.run_with(&format!("{EVAL} - --format json"), &lines);
    assert_eq!(piped.stdout, all);
}

#[test]
fn histories_that_are_too_little() {
    let conflict = history(&["0.004"; 3]) + &history(&["0.004", "0.04"]);
    let place = place()
        .with("windows.yaml", WINDOWS)
        .with("one.jsonl", history(&["0.004"]))
        .with("few.jsonl", history(&["0.004"; 10]))
        .with("conflict.jsonl", conflict)
        .with("empty.jsonl", "")
        .with("blank.jsonl", "\n\n")
        .with("empty.csv", "")
        .with("head.csv", "time,error_rate\n");
    let eval = "eval -p windows.yaml --now latest -s";
    let at = "eval -p windows.yaml --now 2025-10-16T10:05:00Z -s";
    place.answers("window-too-long", &format!("{eval} few.jsonl"), 11);
    place.answers("window-one-sample", &format!("{eval} one.jsonl"), 11);
    place.answers(
        "window-no-sample-yet",
        "eval -p windows.yaml --now 2025-10-16T10:04:59Z -s few.jsonl",
        11,
    );
    // A file with nothing in it is a mistake of whoever gives it, whatever the instant.
    for (file, instant) in [
        ("empty.jsonl", at),
        ("empty.jsonl", eval),
        ("blank.jsonl", at),
        ("empty.csv", at),
        ("head.csv", at),
        ("head.csv", eval),
    ] {
        let run = place.fails_unseen(file, &format!("{instant} {file}"), 4);
        assert!(run.stderr.starts_with("empty\n"), "{}", run.transcript);
    }
    let (beside, alone) = (
        place.run(&format!("{eval} few.jsonl -s empty.jsonl")),
        place.run(&format!("{eval} few.jsonl")),
    );
    assert_eq!((beside.code, alone.code), (4, 11), "{}", beside.transcript);
    place.fails("window-conflict", &format!("{eval} conflict.jsonl"), 4);
}

#[test]
fn lines_that_go_back_in_time_give_the_same_record() {
    // A value that changes within the window, a null, and a hole would each tell an order that is wrong.
    let rates: Vec<&str> = "0.004 0.009 null 0.002 0.006 0.001 0.004 0.009 0.003 0.004 0.005 0.002"
        .split(' ')
        .collect();
    let lines = history(&rates);
    let rows: Vec<String> = (5..)
        .zip(&rates)
        .map(|(minute, rate)| format!("2025-10-16T10:{minute:02}:00Z,{rate}\n"))
        .collect();
    let turned = |by: usize| -> (String, String) {
        let order = (0..rates.len()).map(|index| (index * by + 3) % rates.len());
        let (mut json, mut csv) = (String::new(), "time,error_rate\n".to_owned());
        for index in order {
            json.push_str(&format!("{}\n", lines.lines().nth(index).expect("a line")));
            csv.push_str(&rows[index]);
        }
        (json, csv)
    };
    let place = place()
        .with("windows.yaml", WINDOWS)
        .with("sorted.jsonl", &lines)
        .with("sorted.csv", format!("time,error_rate\n{}", rows.concat()));
    let record = |place: &Place, snapshots: &str| {
        let run = place.run(&format!(
            "eval -p windows.yaml --now latest --format json -s {snapshots}"
        ));
        assert_eq!(run.code, 0, "{}", run.transcript);
        run.stdout
    };
    let sorted = record(&place, "sorted.jsonl");
    assert!(sorted.contains("sha256:"), "no digest in {sorted}");
    assert_eq!(record(&place, "sorted.csv"), sorted);
    let mut place = place;
    // Both begin in the middle; one goes on upwards, one downwards, one in steps of five.
    for by in [1, 5, 11] {
        let (json, csv) = turned(by);
        place = place.with("turned.jsonl", json).with("turned.csv", csv);
        assert_eq!(record(&place, "turned.jsonl"), sorted, "by {by}");
        assert_eq!(record(&place, "turned.csv"), sorted, "by {by}");
    }
}

#[test]
fn lengths_of_windows_that_are_none() {
    let place = place().with("lengths.yaml", LENGTHS);
    place.answers("window-lengths", "check lengths.yaml", 1);
}

#[test]
fn baselines() {
    let place = place()
        .with("compared.yaml", COMPARED)
        .with("blue.jsonl", history(&["0.02"; 4]))
        .with("canary.jsonl", history(&["0.004"; 4]))
        .with("bad.jsonl", "{\"at\": 7}\n");
    let eval = "eval -p compared.yaml --now latest -s canary.jsonl";
    place.answers(
        "baseline-live",
        &format!("{eval} --baseline blue=blue.jsonl"),
        0,
    );
    place.answers("baseline-none", eval, 11);
    place.fails(
        "baseline-unknown",
        &format!("{eval} --baseline blu=blue.jsonl"),
        2,
    );
    place.fails(
        "baseline-of-none",
        &format!("{EVAL} good.json --baseline before=blue.jsonl"),
        2,
    );
    place.fails(
        "baseline-without-name",
        &format!("{eval} --baseline blue.jsonl"),
        2,
    );
    place.answers(
        "baseline-apart",
        &format!("{eval} --baseline before=blue.jsonl"),
        11,
    );
    place.fails(
        "baseline-missing",
        &format!("{eval} --baseline blue=none.jsonl"),
        4,
    );
    place.fails(
        "baseline-bad",
        &format!("{eval} --baseline blue=bad.jsonl"),
        4,
    );
}

#[cfg(unix)]
#[test]
fn what_comes_through_a_named_pipe_is_read_as_a_file_is() {
    let place = place();
    let made = Command::new("mkfifo")
        .arg(place.path().join("pipe"))
        .status();
    assert!(made.expect("mkfifo").success());
    let path = place.path().join("pipe");
    let writer = std::thread::spawn(move || fs::write(path, history(&["0.004"; 11])));
    let run = place.run(&format!("{EVAL} pipe"));
    assert_eq!(run.code, 0, "{}", run.transcript);
    writer.join().expect("a writer").expect("a pipe");
}

#[test]
fn a_command_that_there_is_not_is_told_with_the_one_that_is_meant_if_any_is() {
    let place = Place::empty();
    for (word, meant) in [
        ("evl", Some("eval")),
        ("chek", Some("check")),
        ("atest", Some("attest")),
        ("evaluate", Some("eval")),
        ("log verfy", Some("verify")),
        ("backtest", None),
    ] {
        let run = place.run(word);
        assert_eq!(run.code, 2, "{}", run.transcript);
        match meant {
            Some(meant) => {
                let tip = format!("  tip: a similar subcommand exists: '{meant}'\n");
                assert!(run.stderr.contains(&tip), "{}", run.transcript);
            }
            None => assert!(!run.stderr.contains("similar"), "{}", run.transcript),
        }
        assert!(!run.stderr.contains("\n\n\n"), "{}", run.transcript);
    }
}
