//! Records as people are shown them: `report`, `explain`, and what a text in one can do to a terminal.

use gonogo::verdict::Verdict;

use crate::record_read::{recorded, text, value};

#[test]
fn texts_of_a_record_steer_no_terminal() {
    let place = recorded();
    let mut verdict: Verdict =
        serde_json::from_str(&text(&place, "record.json")).expect("a record");
    let evil = "a\u{1b}[2J\u{7}\u{202e}b\u{200b}\n::error::c";
    verdict.policy.name = evil.to_owned();
    verdict.stage = evil.to_owned();
    verdict.reason = evil.to_owned();
    verdict.subject.service = Some(evil.to_owned());
    verdict.engine.version = evil.to_owned();
    verdict.warnings = vec![evil.to_owned()];
    for finding in &mut verdict.findings {
        finding.title = Some(evil.to_owned());
        finding.message = Some(evil.to_owned());
    }
    place.write("evil.json", verdict.sealed().to_json());
    let changed = text(&place, "evil.json").replacen("\"next\"", "\"\\u001b[2J`\": 1, \"next\"", 1);
    place.write("evil-key.json", changed);
    for (command, code) in [
        ("report evil.json", 0),
        ("explain evil.json", 0),
        ("explain evil.json errors", 0),
        ("replay evil.json -p policy.yaml -s day.jsonl", 1),
        ("report evil-key.json", 4),
    ] {
        let run = place.run(command);
        assert_eq!(run.code, code, "{}", run.transcript);
        for text in [&run.stdout, &run.stderr] {
            let hidden = text
                .chars()
                .find(|c| *c != '\n' && gonogo::source::hidden::hides(*c));
            assert_eq!(hidden, None, "{}", run.transcript);
            assert!(!text.lines().any(|line| line.starts_with("::")), "{text}");
        }
    }
}

#[test]
fn explain_shows_all_of_a_record_or_one_rule() {
    let place = recorded();
    let all = place.run("explain record.json");
    assert_eq!(all.code, 0, "{}", all.transcript);
    for rule in [
        "errors",
        "latency",
        "people",
        "incidents[P0]",
        "incidents[P1]",
        "error-spike",
    ] {
        assert!(all.stdout.contains(rule), "{rule}: {}", all.stdout);
    }
    for (rule, there, not_there) in [
        ("incidents", "incidents[P0]", "latency <"),
        ("incidents[P1]", "incidents[P1]", "incidents[P0]"),
        ("people", "people", "latency <"),
    ] {
        let run = place.run(&format!("explain record.json {rule}"));
        assert_eq!(run.code, 0, "{}", run.transcript);
        assert!(
            run.stdout.contains(there) && !run.stdout.contains(not_there),
            "{rule}: {}",
            run.stdout
        );
    }
    for (arguments, told) in [
        ("record.json eror-spike", "did you mean `error-spike`?"),
        ("record.json incidents[P9]", "did you mean `incidents[P0]`?"),
        ("record.json zzz", "there are error-spike"),
        ("no-bake errors", "is the code of a diagnostic"),
    ] {
        let run = place.run(&format!("explain {arguments}"));
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (2, ""),
            "{}",
            run.transcript
        );
        assert!(run.stderr.contains(told), "{}", run.stderr);
    }
    // A code wins over a file of its name; a file without an ending is found by being there.
    place.write("no-bake", text(&place, "record.json"));
    place.write("saved", text(&place, "record.json"));
    assert!(
        place
            .run("explain no-bake")
            .stdout
            .starts_with("# `no-bake`")
    );
    for name in ["./no-bake", "saved"] {
        assert_eq!(
            place.run(&format!("explain {name}")).stdout,
            all.stdout,
            "{name}"
        );
    }
}

#[test]
fn report_writes_files_and_over_nothing_that_is_read() {
    let place = recorded();
    let record = text(&place, "record.json");
    let run = place.run("report record.json --report json=a.json --report intoto=b.json -o c.txt");
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, ""),
        "{}",
        run.transcript
    );
    assert_eq!(text(&place, "a.json"), record);
    assert_eq!(
        value(&place, "b.json")["predicate"],
        value(&place, "a.json")
    );
    assert_eq!(
        text(&place, "c.txt"),
        place.run("report record.json").stdout
    );
    for (arguments, code) in [
        ("report record.json -o record.json", 2),
        ("report record.json -o ./record.json", 2),
        ("report record.json --report text=x --report json=./x", 2),
        ("report record.json --report text=x --report yaml=y", 2),
        ("report record.json --report text", 2),
        ("report record.json --report text=", 2),
        ("report record.json -o missing/x", 4),
        ("report record.json --report json=.", 4),
        ("report", 2),
        ("report missing.json", 4),
        ("report .", 4),
    ] {
        let run = place.run(arguments);
        assert_eq!(run.code, code, "{}", run.transcript);
        assert!(!run.stderr.is_empty());
    }
    assert_eq!(text(&place, "record.json"), record);
    assert!(!place.path().join("x").exists());
    // The exit code tells whether it was read; the verdict's own is in it.
    assert_eq!(value(&place, "record.json")["exit_code"], 20);
}

#[test]
fn a_record_is_still_a_snapshot() {
    let place = recorded();
    let run = place.run("eval -p policy.yaml -s day.jsonl -s record.json --now latest -q");
    assert_eq!(run.code, 20, "{}", run.transcript);
}
