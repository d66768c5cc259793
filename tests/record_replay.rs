//! Records computed again: the same wherever the program is called, and every change named.

use gonogo::source::Source;
use gonogo::verdict::differ::differences;
use gonogo::verdict::read::read;
use gonogo::verdict::{Decision, Verdict};
use serde_json::Value as Json;

use crate::record_read::{HISTORY, POLICY, recorded, text, value};
use crate::support;
use crate::support::place::Place;

#[test]
fn the_record_of_every_case_is_read_back_and_computed_again() {
    for case in support::cases() {
        let verdict = case.judge();
        let read = read(&Source::new("record.json", verdict.to_json()));
        let read =
            read.unwrap_or_else(|problems| panic!("{}: {}", case.name, support::told(&problems)));
        assert_eq!(read, verdict, "{}", case.name);
        assert_eq!(read.asked, case.stage.is_some(), "{}", case.name);
        let asked = read.asked.then_some(read.stage.as_str());
        let policy = support::policy(&case.policy, &case.settings);
        let again = support::judge(&policy, &[&case.history], asked, Some(read.now));
        assert_eq!(differences(&read, &again), [], "{}", case.name);
        assert_eq!(again.to_json(), read.to_json(), "{}", case.name);
    }
}

#[test]
fn the_program_computes_records_again_from_elsewhere() {
    // Those with a stage that is asked for or a parameter, and some of the others.
    let cases = support::cases();
    let chosen = cases.iter().enumerate().filter(|(index, case)| {
        index % 25 == 0 || !case.settings.is_empty() || case.stage.is_some() && index % 5 == 0
    });
    let mut count = 0;
    for (_, case) in chosen {
        let place = Place::empty()
            .with("policy.yaml", &case.policy)
            .with("runs/day.jsonl", &case.history);
        let stage = case.stage.iter().map(|stage| format!(" --stage {stage}"));
        let set = case
            .settings
            .iter()
            .map(|(name, value)| format!(" --set {name}={value}"));
        let more: String = stage.chain(set).collect();
        let now = case
            .now
            .map_or_else(|| "latest".to_owned(), |now| now.to_string());
        let run = place.run(&format!(
            "eval -p policy.yaml -s runs/day.jsonl --now {now}{more} --record record.json -q"
        ));
        assert!(
            place.path().join("record.json").exists(),
            "{}",
            run.transcript
        );
        // The files have other names now.
        place.write("elsewhere/p.yaml", &case.policy);
        place.write("elsewhere/the-day.jsonl", &case.history);
        let run = place.run("replay record.json -p elsewhere/p.yaml -s elsewhere/the-day.jsonl");
        assert_eq!(run.code, 0, "{}: {}", case.name, run.transcript);
        assert!(run.stdout.starts_with("SAME"), "{}", run.stdout);
        count += 1;
    }
    assert!(count >= 20, "{count}");
}

#[test]
fn the_records_of_shipped_policies_are_computed_again() {
    let mut count = 0;
    for folder in support::folders("policies") {
        let shipped = Place::empty();
        let policy = folder.display();
        for entry in std::fs::read_dir(folder.join("snapshots")).expect("snapshots") {
            let path = entry.expect("an entry").path();
            let given = format!("-p {policy} -s {}", path.display());
            let run = shipped.run(&format!(
                "eval {given} --now latest --record record.json -q"
            ));
            if run.code == 4 && run.stderr.starts_with("no-stage\n") {
                // Facts alone say no stage.
                continue;
            }
            let run = shipped.run(&format!("replay record.json {given}"));
            assert_eq!(run.code, 0, "{}", run.transcript);
            count += 1;
        }
    }
    assert!(count > 15, "{count}");
}

/// The paths of all differences.
fn paths(place: &Place, arguments: &str) -> Vec<String> {
    let run = place.run(&format!("replay record.json {arguments} --format json"));
    let told: Json =
        serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.transcript));
    let differences = told["differences"].as_array().expect("differences");
    assert_eq!(told["same"], differences.is_empty());
    assert_eq!(
        run.code,
        i32::from(!differences.is_empty()),
        "{}",
        run.transcript
    );
    let path = |one: &Json| one["path"].as_str().expect("a path").to_owned();
    differences.iter().map(path).collect()
}

#[test]
fn what_was_changed_is_named() {
    let place = recorded();
    assert_eq!(paths(&place, "-p policy.yaml -s day.jsonl"), [""; 0]);
    // One sample.
    place.write(
        "other.jsonl",
        HISTORY.replace("\"error_rate\": 0.06,", "\"error_rate\": 0.03,"),
    );
    let found = paths(&place, "-p policy.yaml -s other.jsonl");
    assert_eq!(found[0], "digests.history");
    assert!(
        found.contains(&"findings[error-spike].status".to_owned()),
        "{found:?}"
    );
    assert!(found.contains(&"verdict".to_owned()), "{found:?}");
    assert!(!found.contains(&"digests.policy".to_owned()), "{found:?}");
    // One limit.
    place.write(
        "other.yaml",
        POLICY.replace("latency < 500.0", "latency < 100.0"),
    );
    let found = paths(&place, "-p other.yaml -s day.jsonl");
    assert_eq!(found[0], "digests.policy");
    assert!(
        found.contains(&"findings[latency].status".to_owned()),
        "{found:?}"
    );
    assert!(!found.contains(&"digests.history".to_owned()), "{found:?}");
    // One parameter.
    let found = paths(&place, "-p policy.yaml -s day.jsonl --set most=4");
    assert_eq!(found[0], "params.most");
    // A comment: nothing but the digest of the policy.
    place.write("comment.yaml", format!("{POLICY}# another line\n"));
    assert_eq!(
        paths(&place, "-p comment.yaml -s day.jsonl"),
        ["digests.policy"]
    );
    // A rule that there was not, and one that there is no more.
    place.write(
        "renamed.yaml",
        POLICY.replace("id: people, ", "id: humans, "),
    );
    let found = paths(&place, "-p renamed.yaml -s day.jsonl");
    for rule in ["findings[people]", "findings[humans]"] {
        assert!(found.contains(&rule.to_owned()), "{found:?}");
    }
    let run = place.run("replay record.json -p other.yaml -s day.jsonl");
    assert_eq!(run.code, 1);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(
        lines[0].starts_with("DIFFERENT canary @ default"),
        "{}",
        run.stdout
    );
    assert_eq!(
        lines[1].trim(),
        "the policy, or a file it names, is another one"
    );
    assert!(
        lines.contains(&"findings[latency].status: met → unmet")
            || lines.contains(&"findings[latency].status: unknown → unmet"),
        "{}",
        run.stdout
    );
}

#[test]
fn the_instant_the_stage_and_the_parameters_are_those_of_the_record() {
    let policy = "gonogo: 1\nname: two\ninputs: {error_rate: {type: double, unit: ratio}}\n\
        params:\n  limit: {type: double}\n  window: {type: duration, default: 5m}\n  label: {type: string, default: '1'}\n  tags: {type: list<string>, default: []}\n  on: {type: bool, default: false}\n\
        stages:\n  - {name: one, bake: 1h, require: [{id: errors, expr: error_rate < params.limit}]}\n\
        \x20 - {name: two, require: [{id: errors, expr: 'error_rate < params.limit && params.on'}]}\n";
    let day = "{\"at\": \"2025-10-16T10:00:00Z\", \"stage\": {\"name\": \"one\", \"entered\": \"2025-10-16T08:00:00Z\"}, \"metrics\": {\"error_rate\": 0.02}}\n";
    let place = Place::empty()
        .with("policy.yaml", policy)
        .with("day.jsonl", day);
    let set = [
        "--set",
        "limit=0.025",
        "--set",
        "window=1h30m",
        "--set",
        "label=007",
        "--set",
        "tags=[a, 'b: c', \"7\"]",
        "--set",
        "on=true",
    ];
    for (more, code, asked) in [
        (vec![], 0, false),
        (vec!["--stage", "one"], 0, true),
        (vec!["--stage", "two"], 0, true),
    ] {
        let mut arguments = vec![
            "eval",
            "-p",
            "policy.yaml",
            "-s",
            "day.jsonl",
            "--now",
            "2025-10-16T10:02:00Z",
            "--record",
            "record.json",
            "-q",
        ];
        arguments.extend(set);
        arguments.extend(&more);
        let run = place.call(&arguments);
        assert!(run.code == code || asked, "{}", run.transcript);
        assert_eq!(value(&place, "record.json")["asked"], asked);
        assert_eq!(
            paths(&place, "-p policy.yaml -s day.jsonl"),
            [""; 0],
            "{more:?}"
        );
    }
    // What is given wins.
    let found = paths(
        &place,
        "-p policy.yaml -s day.jsonl --now 2025-10-16T10:03:00Z",
    );
    assert!(found.contains(&"now".to_owned()), "{found:?}");
    let found = paths(&place, "-p policy.yaml -s day.jsonl --stage one");
    assert!(found.contains(&"stage".to_owned()), "{found:?}");
    let found = paths(&place, "-p policy.yaml -s day.jsonl --set label=8");
    assert!(found.contains(&"params.label".to_owned()), "{found:?}");
    // A parameter that the policy does not have any more, or takes no such value of, is a difference.
    place.write(
        "less.yaml",
        policy.replace("  tags: {type: list<string>, default: []}\n", ""),
    );
    let found = paths(&place, "-p less.yaml -s day.jsonl");
    assert!(found.contains(&"params.tags".to_owned()), "{found:?}");
    place.write(
        "typed.yaml",
        policy.replace(
            "label: {type: string, default: '1'}",
            "label: {type: duration, default: 1m}",
        ),
    );
    let found = paths(&place, "-p typed.yaml -s day.jsonl");
    assert!(found.contains(&"params.label".to_owned()), "{found:?}");
    // A stage that the policy does not have any more is bad input, not a wrong command line.
    place.write(
        "renamed.yaml",
        policy.replace("name: two, req", "name: three, req"),
    );
    let run = place.run("replay record.json -p renamed.yaml -s day.jsonl");
    assert_eq!(run.code, 4, "{}", run.transcript);
    assert!(run.stderr.starts_with("unknown-stage"), "{}", run.stderr);
    let run = place.run("replay record.json -p policy.yaml -s day.jsonl --stage three");
    assert_eq!(run.code, 2, "{}", run.transcript);
}

#[test]
fn waivers_baselines_and_raw_documents_are_replayed() {
    let policy = "gonogo: 1\nname: all\nbaselines: [before]\ninputs:\n  a: {type: int, from: {json: n, file: app}}\n  b: {type: int}\n\
        require:\n  - {id: same, expr: b == before.b}\n  - {id: a, expr: a == 1}\n  - {id: never, expr: b == 0}\n";
    let sample =
        |b: i32| format!("{{\"at\": \"2025-10-16T10:00:00Z\", \"metrics\": {{\"b\": {b}}}}}\n");
    let waivers = "gonogo: 1\nwaivers: [{rule: never, stage: default, reason: r, owner: o, approved_by: p, expires: 2026-01-01T00:00:00Z}]\n";
    let place = Place::empty()
        .with("policy.yaml", policy)
        .with("day.jsonl", sample(2))
        .with("before.jsonl", sample(2))
        .with("app.json", "{\"n\": 1}")
        .with("waivers.yaml", waivers);
    let given = "-p policy.yaml -s day.jsonl -s app=app.json --baseline before=before.jsonl";
    let run = place.run(&format!(
        "eval {given} --waivers waivers.yaml --now latest --record record.json"
    ));
    assert_eq!(run.code, 0, "{}", run.transcript);
    assert_eq!(
        paths(&place, &format!("{given} --waivers waivers.yaml")),
        [""; 0]
    );
    let found = paths(&place, given);
    assert_eq!(found[0], "digests.waivers");
    let run = place.run(&format!("replay record.json {given}"));
    assert!(
        run.stdout
            .contains("it was computed with waivers, and none are given"),
        "{}",
        run.stdout
    );
    place.write("before.jsonl", sample(3));
    let found = paths(&place, &format!("{given} --waivers waivers.yaml"));
    assert_eq!(found[0], "digests.history");
}

#[test]
fn another_program_is_told_and_no_difference_by_itself() {
    let place = recorded();
    let mut verdict: Verdict =
        serde_json::from_str(&text(&place, "record.json")).expect("a record");
    verdict.engine.version = "0.0.1".to_owned();
    place.write("record.json", verdict.clone().sealed().to_json());
    assert_eq!(paths(&place, "-p policy.yaml -s day.jsonl"), [""; 0]);
    let run = place.run("replay record.json -p policy.yaml -s day.jsonl");
    assert!(
        run.stdout
            .contains("recorded by gonogo 0.0.1, computed again by gonogo "),
        "{}",
        run.stdout
    );
    verdict.verdict = Decision::NoGo;
    verdict.exit_code = 10;
    place.write("record.json", verdict.sealed().to_json());
    assert_eq!(
        paths(&place, "-p policy.yaml -s day.jsonl"),
        ["verdict", "exit_code"]
    );
}

#[test]
fn where_a_fact_stands_is_no_difference() {
    let place = recorded();
    let history = text(&place, "day.jsonl");
    place.write("other/elsewhere.jsonl", format!("\n\n{history}"));
    let given = "-p policy.yaml -s other/elsewhere.jsonl";
    assert_eq!(paths(&place, given), [""; 0]);
}

#[test]
fn a_parameter_that_is_no_duration_any_more_is_a_difference() {
    let policy = |expr: &str| {
        let rule = format!("require:\n  - {{id: waited, expr: '{expr}'}}\n");
        POLICY
            .replace(
                "  most: {",
                "  wait: {type: string, default: 2m}\n  most: {",
            )
            .replace("require:\n", &rule)
    };
    let place = recorded();
    place.write("policy.yaml", policy("params.wait != \"\""));
    let given = "-p policy.yaml -s day.jsonl";
    let run = place.run(&format!(
        "eval {given} --now latest --set wait=long --record record.json -q"
    ));
    assert_eq!(run.code, 20, "{}", run.transcript);
    place.write(
        "policy.yaml",
        policy("duration(params.wait) > duration(\"1s\")"),
    );
    let found = paths(&place, given);
    assert!(found.contains(&"params.wait".to_owned()), "{found:?}");
    assert_eq!(place.run(&format!("replay record.json {given}")).code, 1);
}

#[test]
fn what_nobody_sees_is_shown_where_it_makes_the_difference() {
    let judged = |version: &str| {
        let history = HISTORY.replace("9.0.1", version);
        let policy = support::policy(POLICY, &gonogo::policy::check::Settings::new());
        support::judge(&policy, &[&history], None, None)
    };
    let (one, other) = (judged("9.0.1\\u0001"), judged("9.0.1\\u0002"));
    let told = gonogo::report::replay::Replayed::of(&one, &other).to_text();
    assert!(
        told.contains("subject.version: 9.0.1\\u{1} → 9.0.1\\u{2}\n"),
        "{told}"
    );
}

#[test]
fn what_cannot_be_computed_has_the_usual_codes() {
    let place = recorded();
    place.write("broken.yaml", "gonogo: 1\nname: [\n");
    for (arguments, code) in [
        ("replay record.json -p broken.yaml -s day.jsonl", 3),
        ("replay record.json -p missing.yaml -s day.jsonl", 3),
        ("replay record.json -p policy.yaml -s missing.jsonl", 4),
        ("replay missing.json -p policy.yaml -s day.jsonl", 4),
        ("replay day.jsonl -p policy.yaml -s day.jsonl", 4),
        ("replay record.json -p policy.yaml", 2),
        ("replay record.json -s day.jsonl", 2),
        ("replay - -p policy.yaml -s -", 2),
        (
            "replay record.json -p policy.yaml -s day.jsonl --set nope=1",
            2,
        ),
        (
            "replay record.json -p policy.yaml -s day.jsonl --set most=many",
            2,
        ),
        (
            "replay record.json -p policy.yaml -s day.jsonl --format yaml",
            2,
        ),
    ] {
        let run = place.run(arguments);
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (code, ""),
            "{}",
            run.transcript
        );
        assert!(!run.stderr.is_empty(), "{arguments}");
    }
    let run = place.run_with(
        "replay - -p policy.yaml -s day.jsonl",
        &text(&place, "record.json"),
    );
    assert_eq!(run.code, 0, "{}", run.transcript);
}

#[test]
fn every_field_that_differs_is_a_difference() {
    // Whatever is changed in a record beside what is left out is found, and nothing else is.
    let place = recorded();
    let verdict: Verdict = serde_json::from_str(&text(&place, "record.json")).expect("a record");
    let left_out = |verdict: &mut Verdict| {
        verdict.policy.path = "x".to_owned();
        verdict.digests.record = "x".to_owned();
        verdict.engine.version = "x".to_owned();
        for finding in &mut verdict.findings {
            if let Some(at) = &mut finding.at {
                at.file = "x".to_owned();
            }
        }
    };
    let mut same = verdict.clone();
    left_out(&mut same);
    assert_eq!(differences(&verdict, &same), []);
    let mut swapped = verdict.clone();
    swapped.findings.swap(0, 1);
    assert_eq!(differences(&verdict, &swapped).len(), 1);
    let mut twice = verdict.clone();
    twice.findings.push(verdict.findings[0].clone());
    assert!(!differences(&verdict, &twice).is_empty());
    let mut other = verdict.clone();
    other.findings[0].at.as_mut().expect("a place").line += 1;
    assert_eq!(
        differences(&verdict, &other)[0].path,
        format!("findings[{}].at.line", verdict.findings[0].name())
    );
}
