//! `gonogo diff` from outside: exit codes, formats, bad input, hostile texts.

use serde_json::Value as Json;

use crate::support::place::Place;

const OLD: &str = "\
gonogo: 1
name: canary
inputs:
  error_rate: {type: double, unit: ratio}
params:
  limit: {type: double, default: 0.01}
stages:
  - name: c5
    require:
      - {id: errors, expr: error_rate < params.limit}
    rollback:
      - {id: spike, expr: error_rate >= 0.05}
  - name: c25
    extends: c5
";

fn history() -> String {
    let mut lines = String::new();
    for minute in 0..20 {
        let (stage, entered) = if minute < 10 {
            ("c5", "10:00")
        } else {
            ("c25", "10:10")
        };
        let errors = match minute {
            4 | 5 => 0.055,
            14 => 0.015,
            _ => 0.001,
        };
        lines.push_str(&format!(
            "{{\"at\": \"2025-10-16T10:{minute:02}:00Z\", \"stage\": {{\"name\": \"{stage}\", \"entered\": \"2025-10-16T{entered}:00Z\"}}, \"metrics\": {{\"error_rate\": {errors}}}}}\n"
        ));
    }
    lines
}

fn place(from: &str, to: &str) -> Place {
    Place::empty()
        .with("old.yaml", OLD)
        .with("new.yaml", OLD.replace(from, to))
        .with("history.jsonl", history())
}

#[test]
fn a_difference_is_no_failure_unless_asked_for() {
    let looser = place("0.05}", "0.06}");
    for (arguments, code) in [
        ("diff old.yaml new.yaml", 0),
        ("diff old.yaml new.yaml --fail-on-loosened", 1),
        ("diff new.yaml old.yaml --fail-on-loosened", 0),
        ("diff old.yaml old.yaml --fail-on-loosened", 0),
        ("diff old.yaml new.yaml -s history.jsonl", 0),
        ("diff old.yaml new.yaml -s history.jsonl --fail-on-flip", 1),
        ("diff new.yaml old.yaml -s history.jsonl --fail-on-flip", 1),
        (
            "diff new.yaml old.yaml -s history.jsonl --fail-on-loosened",
            0,
        ),
        ("diff old.yaml old.yaml -s history.jsonl --fail-on-flip", 0),
        // At no sample of that stage the limit matters.
        (
            "diff old.yaml new.yaml -s history.jsonl --now 2025-10-16T10:03:00Z --fail-on-flip",
            0,
        ),
        ("diff old.yaml new.yaml --fail-on-flip", 2),
        ("diff old.yaml new.yaml --stage c5", 2),
        ("diff old.yaml", 2),
        ("diff old.yaml new.yaml -s history.jsonl --stage c50", 2),
        ("diff old.yaml new.yaml --set limits=1", 2),
        ("diff old.yaml new.yaml --set limit=many", 2),
        ("diff old.yaml new.yaml -s - -s -", 2),
        ("diff old.yaml new.yaml -s none.jsonl", 4),
        (
            "diff old.yaml new.yaml -s history.jsonl --waivers none.yaml",
            4,
        ),
        (
            "diff old.yaml new.yaml -s history.jsonl --baseline before=history.jsonl",
            2,
        ),
        ("diff old.yaml none.yaml", 3),
        ("diff none.yaml new.yaml", 3),
        ("diff old.yaml .", 5),
        ("diff old.yaml new.yaml --format html", 2),
    ] {
        let run = looser.run(arguments);
        assert_eq!(run.code, code, "{}", run.transcript);
        assert_eq!(run.stdout.is_empty(), code > 1, "{}", run.transcript);
    }
}

#[test]
fn the_report_is_this() {
    let run =
        place("0.05}", "0.06}").run("diff old.yaml new.yaml -s history.jsonl --set limit=0.02");
    insta::assert_snapshot!("diff-report", run.transcript);
    let run =
        place("0.05}", "0.06}").run("diff old.yaml new.yaml -s history.jsonl --format markdown");
    insta::assert_snapshot!("diff-markdown", run.transcript);
    for line in run.stdout.lines() {
        assert!(!line.starts_with("::"), "{line}");
    }
}

#[test]
fn nothing_is_told_in_one_line() {
    let place = place("# none", "");
    let run = place.run("diff old.yaml old.yaml");
    assert_eq!(
        run.stdout,
        "same      no difference: old.yaml and old.yaml are the same\n"
    );
    place.write("new.yaml", format!("# a comment\n{OLD}"));
    let run = place.run("diff old.yaml new.yaml");
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.transcript);
    assert!(run.stdout.contains("differ only in"), "{}", run.transcript);
}

#[test]
fn json_is_as_its_schema_says() {
    let validator = jsonschema::validator_for(&gonogo::schema::diff()).expect("a schema");
    let place = place("0.05}", "0.06, for: 1m}");
    for arguments in [
        "diff old.yaml new.yaml --format json",
        "diff old.yaml new.yaml -s history.jsonl --format json",
    ] {
        let run = place.run(arguments);
        let json: Json = serde_json::from_str(&run.stdout).expect("JSON");
        let errors: Vec<String> = validator
            .iter_errors(&json)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(json["counts"]["loosened"], 1);
        assert_eq!(json["changes"][0]["name"], "spike");
        assert_eq!(json["changes"][0]["old"]["line"], 12);
        assert_eq!(json["flips"].is_null(), !arguments.contains("-s"));
    }
    let run = place.run("diff old.yaml new.yaml -s history.jsonl --format json");
    let json: Json = serde_json::from_str(&run.stdout).expect("JSON");
    let flips = &json["flips"];
    assert_eq!(flips["samples"], 20);
    assert_eq!(
        flips["same"].as_u64().expect("a number") + flips["looser"].as_u64().expect("a number"),
        20
    );
    let run = &flips["runs"][0];
    assert_eq!(
        (&run["old"], &run["new"]),
        (&Json::from("rollback"), &Json::from("go"))
    );
    assert_eq!(run["because"][0]["rule"], "spike");
}

#[test]
fn a_bad_policy_is_told_by_its_side() {
    let place = place("error_rate >= 0.05", "error_rat >= 0.05");
    let run = place.run("diff old.yaml new.yaml");
    assert_eq!(run.code, 3, "{}", run.transcript);
    assert!(
        run.stderr.contains("the new policy, `new.yaml`:") && run.stderr.contains("error_rat"),
        "{}",
        run.transcript
    );
    assert!(!run.stderr.contains("the old policy"), "{}", run.transcript);
    let run = place.run("diff new.yaml none.yaml");
    assert!(
        run.stderr.contains("the old policy") && run.stderr.contains("the new policy"),
        "{}",
        run.transcript
    );
    // A setting that is wrong is no wrong policy.
    let run = place.run("diff old.yaml old.yaml --set limit=many");
    assert_eq!(run.code, 2, "{}", run.transcript);
}

#[test]
fn what_does_not_fit_one_policy_is_told_by_its_side() {
    let place = place(
        "error_rate: {type: double, unit: ratio}",
        "error_rate: {type: double, unit: ratio, range: [0, 0.05]}",
    );
    let run = place.run("diff old.yaml new.yaml -s history.jsonl");
    assert_eq!(run.code, 0, "{}", run.transcript);
    assert!(
        run.stderr.contains("for the new policy: ") && !run.stderr.contains("for the old policy: "),
        "{}",
        run.transcript
    );
    // What both say of it is said once.
    place.write("history.jsonl", "{\"at\": \"2025-10-16T10:00:00Z\", \"stage\": {\"name\": \"c5\"}, \"metrics\": {\"error_rate\": \n");
    let run = place.run("diff old.yaml old.yaml -s history.jsonl");
    assert_eq!(run.code, 4, "{}", run.transcript);
    assert!(!run.stderr.contains("for the "), "{}", run.transcript);
}

#[test]
fn a_stage_of_one_policy_alone_is_told() {
    let place = place("  - name: c25\n    extends: c5\n", "");
    let run = place.run("diff old.yaml new.yaml -s history.jsonl --fail-on-flip");
    assert_eq!(run.code, 1, "{}", run.transcript);
    assert!(
        run.stdout.contains("stage c25 removed") && run.stdout.contains("→ not judged"),
        "{}",
        run.transcript
    );
    assert!(
        run.stdout.contains("10 judged by one policy alone"),
        "{}",
        run.transcript
    );
    let run = place.run("diff old.yaml new.yaml -s history.jsonl --stage c5 --fail-on-flip");
    assert_eq!(run.code, 0, "{}", run.transcript);
    place.write(
        "history.jsonl",
        "{\"at\": \"2025-10-16T10:00:00Z\", \"stage\": {\"name\": \"c50\"}, \"metrics\": {}}\n",
    );
    let run = place.run("diff old.yaml new.yaml -s history.jsonl");
    assert_eq!(run.code, 4, "{}", run.transcript);
    place.write(
        "history.jsonl",
        "{\"at\": \"2025-10-16T10:00:00Z\", \"metrics\": {}}\n",
    );
    let run = place.run("diff old.yaml old.yaml -s history.jsonl");
    assert_eq!(run.code, 4, "{}", run.transcript);
    place.write("history.jsonl", "");
    let run = place.run("diff old.yaml old.yaml -s history.jsonl");
    assert_eq!(run.code, 4, "{}", run.transcript);
}

#[test]
fn a_setting_is_for_whichever_policy_has_the_parameter() {
    let place =
        place("params.limit", "0.01").with("unset.yaml", OLD.replace(", default: 0.01", ""));
    place.write(
        "new.yaml",
        OLD.replace("params.limit", "0.01")
            .replace("params:\n  limit: {type: double, default: 0.01}\n", ""),
    );
    let run = place.run("diff old.yaml new.yaml --set limit=0.02");
    assert!(
        run.stdout.contains("tightened rule errors changed"),
        "{}",
        run.transcript
    );
    let run = place.run("diff old.yaml unset.yaml --set limit=0.02");
    assert_eq!(run.code, 0, "{}", run.transcript);
    let run = place.run("diff old.yaml unset.yaml -s history.jsonl");
    assert_eq!(run.code, 2, "{}", run.transcript);
}

#[test]
fn standard_input_is_read_for_both() {
    let place = place("0.05}", "0.06}");
    let file = place.run("diff old.yaml new.yaml -s history.jsonl");
    let piped = place.run_with("diff old.yaml new.yaml -s -", &history());
    assert_eq!((piped.code, piped.stdout), (0, file.stdout));
}

#[test]
fn samples_in_any_order_and_at_the_end_are_judged() {
    let place = place("0.05}", "0.06}");
    let forth = place.run("diff old.yaml new.yaml -s history.jsonl").stdout;
    let mut lines: Vec<String> = history().lines().map(|line| format!("{line}\n")).collect();
    lines.reverse();
    place.write("history.jsonl", lines.concat());
    assert_eq!(
        place.run("diff old.yaml new.yaml -s history.jsonl").stdout,
        forth
    );
    // A stop that fired in c5 is forgiven in c25; at a later instant all is stale, for both.
    let run = place.run("diff old.yaml new.yaml -s history.jsonl --now 2025-10-16T11:00:00Z");
    assert!(
        run.stdout.contains("looser") && !run.stdout.contains("at the end"),
        "{}",
        run.transcript
    );
    place.write(
        "new.yaml",
        OLD.replace(
            "{type: double, unit: ratio}",
            "{type: double, unit: ratio, max_age: 2h}",
        ),
    );
    let run = place.run("diff old.yaml new.yaml -s history.jsonl --now 2025-10-16T11:00:00Z");
    assert!(
        run.stdout
            .contains("no-go → go at the end, 2025-10-16T11:00:00Z"),
        "{}",
        run.transcript
    );
    let run = place.run("diff old.yaml new.yaml -s history.jsonl --now 2025-10-16T10:03:00Z");
    assert!(
        run.stdout.contains("4 samples") && run.stdout.contains("16 later and not used"),
        "{}",
        run.transcript
    );
}

#[test]
fn hostile_texts_stay_texts() {
    let hostile =
        "</td><script>alert(1)</script> | `x` @everyone ::set-output \\u202e\\u001b[31m %0A";
    let place = place(
        "error_rate >= 0.05}",
        &format!("error_rate >= 0.06, for_each: {{f: [\"{hostile}\"]}}}}"),
    );
    let run = place.run("diff old.yaml new.yaml -s history.jsonl --format markdown");
    assert_eq!(run.code, 0, "{}", run.transcript);
    assert!(
        !run.stdout.contains('\u{202e}') && !run.stdout.contains('\u{1b}'),
        "{}",
        run.transcript
    );
    for line in run.stdout.lines().filter(|line| line.contains("<script>")) {
        // In a cell of a table, between backticks, no bar that is not escaped.
        assert!(line.starts_with("| "), "{line}");
        let bars = line
            .match_indices('|')
            .filter(|(at, _)| !line[..*at].ends_with('\\'))
            .count();
        assert!(bars == 5 || bars == 4, "{bars}: {line}");
    }
    let run = place.run("diff old.yaml new.yaml");
    assert!(
        !run.stdout.contains('\u{202e}') && !run.stdout.contains('\u{1b}'),
        "{}",
        run.transcript
    );
    assert!(
        run.stdout
            .lines()
            .all(|line| line.chars().count() <= 80 || !line.contains(' ')),
        "{}",
        run.transcript
    );
}
