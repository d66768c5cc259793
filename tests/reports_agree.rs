//! What is told of one verdict says the same in every place: counts, rows, labels and outputs, who asks for a rollback, and by
//! which names. And what is told of a record is told as of an evaluation.

use std::fs;
use std::process::Command;

use crate::support::place::{Place, Run};

const AT: &str = "2025-10-16T10:05:00Z";
const POLICY: &str = "\
gonogo: 1
name: canary
inputs: {a: {type: int}, b: {type: int}, word: {type: string}}
let: {both: a + b}
require:
  - {id: hard, expr: a < 2, on_unmet: rollback}
  - {id: soft, expr: both < 3, when: b > 1}
hold:
  - {id: held, expr: a > 1}
rollback:
  - {id: spike, expr: a > 2}
rollback_plan: [{mode: instant, target: 0%, reenter: default}]
";
const EACH: &str = r###"{"gonogo": 1, "name": "canary", "inputs": {"m": {"type": "map<string, int>"}},
"require": [{"id": "each", "expr": "m[k] < 5", "for_each": {"k": ["x\u202ey", "x\u202dy", "##[error]z", "plain"]}}]}"###;

fn place() -> Place {
    let metrics = |metrics: &str| format!("{{\"at\": \"{AT}\", \"metrics\": {metrics}}}");
    Place::empty()
        .with("policy.yaml", POLICY)
        .with("bad.json", metrics(r#"{"a": 3, "b": 4}"#))
        .with("each.json", EACH)
        .with(
            "alike.json",
            metrics(r###"{"m": {"x\u202ey": 9, "x\u202dy": 9, "##[error]z": 9, "plain": 9}}"###),
        )
}

fn ends(run: &Run, code: i32) {
    assert_eq!(run.code, code, "{}", run.transcript);
}

/// The outputs of a step that is called so.
fn outputs(place: &Place, call: &str) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_gonogo"));
    program.env("GITHUB_OUTPUT", place.path().join("outputs"));
    place.run_by(program, call, "");
    fs::read_to_string(place.path().join("outputs")).expect("outputs")
}

/// The value of an output, in one line or in several.
fn output(outputs: &str, name: &str) -> Vec<String> {
    let mut lines = outputs.lines();
    let first = lines
        .find(|line| {
            line.starts_with(&format!("{name}=")) || line.starts_with(&format!("{name}<<"))
        })
        .unwrap_or_else(|| panic!("no {name} in {outputs}"));
    match first.split_once("<<") {
        Some((_, end)) => lines
            .take_while(|line| *line != end)
            .map(ToOwned::to_owned)
            .collect(),
        None => vec![first[name.len() + 1..].to_owned()],
    }
}

#[test]
fn a_status_is_the_same_in_counts_rows_and_outputs() {
    let place = place();
    let run = place.run("eval -p policy.yaml -s bad.json --now latest");
    ends(&run, 20);
    assert!(
        run.stdout.contains("\nrollback  hard  unmet (fired)\n"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("\n3 fired · 1 unmet · "),
        "{}",
        run.stdout
    );
    let told = outputs(
        &place,
        "eval -p policy.yaml -s bad.json --now latest --format github",
    );
    assert_eq!(output(&told, "verdict"), ["rollback"]);
    assert_eq!(output(&told, "fired"), ["hard", "spike", "held"]);
    assert_eq!(output(&told, "unmet"), ["soft"]);
    let page = place.run("eval -p policy.yaml -s bad.json --now latest --format html");
    assert!(page.stdout.contains("3 fired, 1 unmet"), "{}", page.stdout);
}

#[test]
fn only_what_asks_for_a_rollback_is_told_to_roll_back() {
    let place = place();
    let page = place
        .run("eval -p policy.yaml -s bad.json --now latest --format html")
        .stdout;
    let (_, order) = page.split_once("roll back: instant").expect("the order");
    let (order, _) = order.split_once("</li>").expect("its end");
    for (rule, named) in [
        ("hard", true),
        ("spike", true),
        ("held", false),
        ("soft", false),
    ] {
        assert_eq!(order.contains(rule), named, "{rule}: {order}");
    }
    let junit = place
        .run("eval -p policy.yaml -s bad.json --now latest --format junit")
        .stdout;
    for (rule, asked) in [
        ("hard", true),
        ("spike", true),
        ("held", false),
        ("soft", false),
    ] {
        let (_, case) = junit
            .split_once(&format!("name=\"{rule}\""))
            .expect("a case");
        let (case, _) = case.split_once("</testcase>").expect("its end");
        assert_eq!(case.contains("do now: roll back"), asked, "{rule}: {case}");
    }
}

#[test]
fn when_a_rule_applies_and_what_its_names_stand_for_is_told_on_pages() {
    let place = place();
    let call = "eval -p policy.yaml -s bad.json --now latest --format";
    let page = place.run(&format!("{call} markdown")).stdout;
    assert!(page.contains("  - applies when `b > 1`\n"), "{page}");
    let page = place.run(&format!("{call} html")).stdout;
    assert!(
        page.contains("<dt>applies when</dt><dd><code>b &gt; 1</code></dd>"),
        "{page}"
    );
    assert!(
        page.contains("<code>a + b</code> in <code>both</code>"),
        "{page}"
    );
}

#[test]
fn names_that_look_alike_are_told_apart_in_outputs_and_steps() {
    let place = place();
    let call = "eval -p each.json -s alike.json --now latest";
    let told = outputs(&place, &format!("{call} --format github"));
    let unmet = output(&told, "unmet");
    assert_eq!(unmet.len(), 4, "{told}");
    let mut marked: Vec<&String> = unmet
        .iter()
        .filter(|name| name.starts_with("each[x\u{fffd}y] #"))
        .collect();
    marked.dedup();
    assert_eq!(marked.len(), 2, "{told}");
    // A later step prints them.
    assert!(unmet.contains(&"each[## [error]z]".to_owned()), "{told}");
    assert!(!told.contains("##["), "{told}");
    let text = place.run(call).stdout;
    let first = text
        .lines()
        .find(|line| line.starts_with("to go"))
        .expect("steps");
    let at = text.find(first).expect("a line");
    let head: String = text[at..]
        .split("\n\n")
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    for name in marked {
        let (_, digits) = name.rsplit_once(" #").expect("digits");
        assert!(head.contains(&format!("#{digits}")), "{digits}: {text}");
        let tap = place.run(&format!("{call} --format tap")).stdout;
        let line = format!("# to go: m[\"x\u{fffd}y\"] < 5 #{digits} ({name})\n");
        assert!(tap.contains(&line), "{line} in {tap}");
    }
}

#[test]
fn long_names_are_cut_in_every_head() {
    let long = "N".repeat(700);
    let place = place()
        .with(
            "long.yaml",
            POLICY.replace("name: canary", &format!("name: {long}")),
        )
        .with("key.json", EACH.replace("plain", &long))
        .with(
            "keys.json",
            format!("{{\"at\": \"{AT}\", \"metrics\": {{\"m\": {{\"{long}\": 9}}}}}}"),
        );
    let judged = "-p long.yaml -s bad.json --now latest";
    place.run(&format!("eval {judged} --record r.json --log log.jsonl"));
    for call in [
        format!("eval {judged}"),
        "explain r.json".to_owned(),
        "log verify log.jsonl".to_owned(),
        "replay r.json -p long.yaml -s bad.json".to_owned(),
        "eval -p key.json -s keys.json --now latest".to_owned(),
    ] {
        let run = place.run(&call);
        let clipped = run.stdout.contains("NNN… (clipped: 7");
        assert!(
            clipped && !run.stdout.contains(&"N".repeat(201)),
            "{}",
            run.transcript
        );
        assert!(
            !run.stdout.contains("(clipped: 2"),
            "twice: {}",
            run.transcript
        );
    }
    // The rule is found by its own name all the same.
    let own = POLICY.replace("id: soft", &format!("id: {}", long.to_lowercase()));
    place.write("own.yaml", own);
    let call = format!(
        "eval -p own.yaml -s bad.json --now latest --rule {}",
        long.to_lowercase()
    );
    let run = place.run(&call);
    assert!(run.stdout.contains("both = 7"), "{}", run.transcript);
}

#[test]
fn counts_fit_the_width() {
    let root = env!("CARGO_MANIFEST_DIR");
    let policy = format!("{root}/policies/gradual-cutover");
    let snapshots = format!("{policy}/snapshots/canary-10-failing.jsonl");
    let run = Place::empty().call(&["eval", "-p", &policy, "-s", &snapshots, "--now", "latest"]);
    let (_, counts) = run.stdout.split_once(" fired · ").expect("counts");
    let (counts, _) = counts.split_once("\nto go").expect("what follows");
    assert!(
        counts.contains("·") && counts.contains("watched"),
        "{counts}"
    );
    for line in counts.lines() {
        assert!(line.chars().count() <= 80 - " fired · ".len(), "{line}");
        assert!(!line.ends_with('·') && !line.starts_with('·'), "{line}");
    }
}

#[test]
fn a_record_is_told_files_first_and_all_know_what_failed() {
    let place = place();
    place.run("eval -p policy.yaml -s bad.json --now latest --record r.json");
    let run = place.run("report r.json --report html=no/x --report junit=a.xml --format jsonl");
    ends(&run, 4);
    assert!(run.stdout.contains("\"exit_code\":4"), "{}", run.stdout);
    let read = |name: &str| fs::read_to_string(place.path().join(name)).expect("a report");
    assert!(read("a.xml").contains("errors=\"1\""), "{}", read("a.xml"));
    let run = place.run("report r.json --report html=no/x --format junit -o ok.xml");
    ends(&run, 4);
    assert!(run.stdout.is_empty(), "{}", run.transcript);
    assert!(
        read("ok.xml").contains("errors=\"1\""),
        "{}",
        read("ok.xml")
    );
    // And where all can be written it is what it was.
    ends(&place.run("report r.json --format junit -o ok.xml"), 0);
    assert!(
        read("ok.xml").contains("errors=\"0\""),
        "{}",
        read("ok.xml")
    );
}

#[test]
fn an_item_is_asked_for_by_its_rule() {
    let place = place();
    let run = place.call(&[
        "eval",
        "-p",
        "each.json",
        "-s",
        "alike.json",
        "--now",
        "latest",
        "--rule",
        "each[plain]",
    ]);
    ends(&run, 2);
    let said = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("name the rule, `each`"), "{}", run.transcript);
}

#[test]
fn what_replay_takes_from_a_record_is_what_its_help_says() {
    let run = Place::empty().run("replay --help");
    let said = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(!said.contains("default: system"), "{}", run.stdout);
    assert!(
        said.contains("2025-10-16T10:05:00Z; by default the record's"),
        "{}",
        run.stdout
    );
    // Of an evaluation it is the clock still.
    assert!(
        Place::empty()
            .run("eval --help")
            .stdout
            .contains("[default: system]")
    );
}

#[test]
fn a_character_that_yaml_takes_nowhere_is_named() {
    for text in [
        "\"a\u{fffe}b\"",
        "'\u{7}'",
        "a\u{ffff}b",
        "{x: \"a\u{fffe} < 5\"}",
    ] {
        let place = Place::empty().with("p.yaml", format!("gonogo: 1\nname: t\ntitle: {text}\n"));
        let run = place.run("check p.yaml");
        ends(&run, 1);
        let said = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            said.contains("nowhere, not even between quotes"),
            "{}",
            run.transcript
        );
        assert!(!said.contains("quote the"), "{}", run.transcript);
    }
    // As its number it may stand there, as the help says.
    let place = Place::empty().with("p.yaml", "gonogo: 1\nname: t\ntitle: \"a\\uFFFEb\"\n");
    assert!(!place.run("check p.yaml").stdout.contains("yaml-syntax"));
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_written_is_an_error_and_no_end() {
    let place = place();
    let shell = |line: &str| {
        let mut program = Command::new("sh");
        program
            .args(["-c", line])
            .env("G", env!("CARGO_BIN_EXE_gonogo"));
        program.current_dir(place.path()).output().expect("a shell")
    };
    let limited =
        shell("ulimit -f 1; $G eval -p policy.yaml -s bad.json --now latest --report html=a.html");
    let (told, code) = (
        String::from_utf8_lossy(&limited.stdout),
        limited.status.code(),
    );
    assert_eq!(code, Some(4), "{told}");
    assert!(told.starts_with("ROLLBACK  canary"), "{told}");
    let left = fs::read_dir(place.path()).expect("a folder").flatten();
    let left: Vec<_> = left
        .map(|entry| entry.file_name())
        .filter(|name| name != "outputs")
        .collect();
    assert_eq!(left.len(), 4, "{left:?}");
    // Nobody reads a help that is not there.
    for call in [
        "--help",
        "eval --help",
        "--version",
        "version",
        "completions bash",
        "man",
    ] {
        let full = shell(&format!("$G {call} >/dev/full"));
        assert_eq!(full.status.code(), Some(4), "{call}");
        let gone = shell(&format!("$G {call} | true"));
        assert_eq!(gone.status.code(), Some(0), "{call}");
    }
}
