//! `gonogo eval --report`: many reports of one evaluation, and what happens where one cannot be written.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use crate::support::place::{Place, Run};

const POLICY: &str = "\
gonogo: 1
name: canary
inputs:
  error_rate: {type: double, unit: ratio}
  latency: {type: 'map<string, double>'}
require:
  - {id: errors, expr: error_rate < 0.01}
  - {id: fast, expr: 'latency[each] < 1.0', for_each: {each: [a, b]}}
";

const GOOD: &str = r#"{"at": "2025-10-16T10:05:00Z", "metrics": {"error_rate": 0.004, "latency": {"a": 0.5, "b": 0.5}}}"#;
const BAD: &str = r#"{"at": "2025-10-16T10:05:00Z", "metrics": {"error_rate": 0.061, "latency": {"a": 2, "b": 2}}}"#;
const EVAL: &str = "eval -p policy.yaml --now latest -s";

fn place() -> Place {
    Place::empty()
        .with("policy.yaml", POLICY)
        .with("good.json", GOOD)
        .with("bad.json", BAD)
}

fn ends(run: &Run, code: i32) {
    assert_eq!(run.code, code, "{}", run.transcript);
}

fn read(place: &Place, name: &str) -> String {
    fs::read_to_string(place.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn files(place: &Place) -> Vec<String> {
    let entries = fs::read_dir(place.path()).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

const FORMATS: [&str; 9] = [
    "text", "json", "jsonl", "markdown", "junit", "sarif", "github", "gitlab", "tap",
];

#[test]
fn a_report_in_a_file_is_what_would_be_printed() {
    let place = place();
    let all: String = FORMATS
        .iter()
        .map(|name| format!(" --report {name}=out/{name}"))
        .collect();
    place.write("out/json", "of an earlier run, and longer than nothing");
    ends(
        &place.run(&format!("{EVAL} bad.json --record record.json{all}")),
        10,
    );
    for name in FORMATS {
        let printed = place.run(&format!("{EVAL} bad.json --format {name}"));
        ends(&printed, 10);
        assert_eq!(
            printed.stdout,
            read(&place, &format!("out/{name}")),
            "{name}"
        );
    }
    assert_eq!(read(&place, "record.json"), read(&place, "out/json"));
    // Nothing is left beside them.
    assert_eq!(
        files(&place),
        ["bad.json", "good.json", "out", "policy.yaml", "record.json"]
    );
}

#[test]
fn two_reports_to_one_file_are_refused_before_anything_is_read() {
    let place = place().with("there.xml", "as it was").with("in/x", "");
    for files in [
        "--report junit=a.xml --report sarif=a.xml",
        "--report junit=a.xml --report sarif=./in/../a.xml",
        "--report json=a.json --record a.json",
        "--report junit=there.xml --report tap=link.xml",
        "--report junit=there.xml --report tap=hard.xml",
        "--report junit=new.xml --report tap=nowhere.xml",
    ] {
        let at = |name: &str| place.path().join(name);
        if !at("link.xml").exists() {
            #[cfg(unix)]
            {
                use std::os::unix::fs::symlink;
                symlink("there.xml", at("link.xml")).expect("a link");
                symlink("new.xml", at("nowhere.xml")).expect("a link");
                fs::hard_link(at("there.xml"), at("hard.xml")).expect("a second name");
            }
        }
        // Not even the policy was looked at.
        let run = place.run(&format!("eval -p none.yaml -s none.json {files}"));
        ends(&run, 2);
        assert!(
            run.stdout.is_empty() && run.stderr.contains("name-clash"),
            "{}",
            run.transcript
        );
        assert!(
            run.stderr
                .contains("help: give each report a file of its own")
        );
    }
    assert_eq!(read(&place, "there.xml"), "as it was");
    assert!(!place.path().join("a.xml").exists());
}

#[test]
fn nothing_is_written_over_what_is_read() {
    let place = place()
        .with("recorded/one.json", GOOD)
        .with("waivers.yaml", "gonogo: 1\nwaivers: []\n")
        .with(
            "tables.yaml",
            format!("{POLICY}tables:\n  limits: {{file: limits.csv, key: name}}\n"),
        )
        .with("limits.csv", "name,limit\na,1\n");
    for (call, file) in [
        (format!("{EVAL} good.json"), "policy.yaml"),
        ("eval -p . -s good.json".to_owned(), "./policy.yaml"),
        (format!("{EVAL} good.json"), "good.json"),
        (format!("{EVAL} raw=good.json"), "good.json"),
        (format!("{EVAL} recorded"), "recorded/one.json"),
        // It would be read by the next evaluation.
        (format!("{EVAL} recorded"), "recorded/new.json"),
        (format!("{EVAL} recorded/*.json"), "recorded/new.json"),
        (
            format!("{EVAL} good.json --waivers waivers.yaml"),
            "waivers.yaml",
        ),
        (
            "eval -p tables.yaml -s good.json --now latest".to_owned(),
            "limits.csv",
        ),
    ] {
        let before = fs::read(place.path().join(file)).ok();
        let run = place.run(&format!("{call} --report json={file}"));
        ends(&run, 2);
        assert!(
            run.stdout.is_empty() && run.stderr.contains("name-clash"),
            "{}",
            run.transcript
        );
        assert_eq!(fs::read(place.path().join(file)).ok(), before, "{file}");
    }
}

#[test]
fn what_is_no_format_is_told_with_those_there_are() {
    let place = place();
    for (asked, said) in [
        ("--report junti=a.xml", "did you mean `junit`?"),
        (
            "--report xyz=a.xml",
            "text, json, jsonl, markdown, junit, sarif, github, gitlab, tap",
        ),
        ("--report junit", "expected a format and a file"),
        ("--report junit=", "expected a format and a file"),
        ("--report junit=-", "write --format junit"),
        ("--format junti", "a similar value exists: 'junit'"),
        ("--format xml", "possible values: text, json"),
    ] {
        let run = place.run(&format!("{EVAL} good.json {asked}"));
        ends(&run, 2);
        assert!(
            run.stdout.is_empty() && run.stderr.contains(said),
            "{}",
            run.transcript
        );
    }
}

#[test]
fn a_report_that_cannot_be_written_is_told_after_the_verdict() {
    let place = place().with("folder/x", "");
    for (path, why) in [
        ("nowhere/a.xml", "its folder does not exist"),
        ("folder", "it is a folder"),
        ("/dev/full", "no space left on device"),
    ] {
        if path.starts_with("/dev") && !Path::new(path).exists() {
            continue;
        }
        let run = place.run(&format!(
            "{EVAL} good.json --report junit={path} --report tap=out.tap --record record.json"
        ));
        ends(&run, 4);
        assert!(run.stdout.starts_with("GO  "), "{}", run.transcript);
        let said = run
            .stderr
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .replace(" │", "");
        assert!(
            said.contains(&format!(
                "the junit report cannot be written to `{path}`: {why}"
            )),
            "{said}"
        );
        assert!(read(&place, "out.tap").starts_with("TAP version 14\n"));
        assert!(read(&place, "record.json").contains("\"verdict\": \"go\""));
        for name in ["out.tap", "record.json"] {
            fs::remove_file(place.path().join(name)).expect("a file");
        }
    }
    let run = place.run(&format!(
        "{EVAL} good.json --record nowhere/r.json --report tap=out.tap"
    ));
    ends(&run, 4);
    assert!(read(&place, "out.tap").starts_with("TAP"));
}

#[test]
fn without_a_verdict_no_old_report_is_left() {
    let place = place();
    let all: String = FORMATS
        .iter()
        .map(|name| format!(" --report {name}=out/{name}"))
        .collect();
    place.write("broken.json", "{\"at\": ");
    place.write("broken.yaml", "gonogo: 1\nname: canary\n");
    place.write("out/x", "");
    for (call, code) in [
        ("eval -p policy.yaml --now latest -s broken.json", 4),
        ("eval -p policy.yaml --now latest -s none.json", 4),
        ("eval -p broken.yaml --now latest -s good.json", 3),
        ("eval -p none.yaml --now latest -s good.json", 3),
        ("eval -p out --now latest -s good.json", 5),
    ] {
        ends(
            &place.run(&format!("{EVAL} good.json --record record.json{all}")),
            0,
        );
        let green: Vec<String> = FORMATS
            .iter()
            .map(|name| read(&place, &format!("out/{name}")))
            .collect();
        let run = place.run(&format!("{call} --record record.json{all}"));
        ends(&run, code);
        assert_eq!(run.stdout, "");
        for (name, green) in FORMATS.iter().zip(green) {
            let text = read(&place, &format!("out/{name}"));
            assert_ne!(text, green, "{name} is of the run before");
            let printed = place.run(&format!("{call} --format {name}"));
            ends(&printed, code);
            let wanted = if *name == "text" { "" } else { text.as_str() };
            assert_eq!(printed.stdout, wanted, "{name}");
        }
        let record: Json = serde_json::from_str(&read(&place, "record.json")).expect("JSON");
        assert!(record["verdict"].is_null(), "{record}");
        assert_eq!(record["exit_code"], code);
        assert!(!record["diagnostics"].as_array().expect("a list").is_empty());
        assert!(read(&place, "out/text").starts_with("NO VERDICT\n"));
    }
    // What is no command line leaves everything as it was.
    ends(&place.run(&format!("{EVAL} good.json{all}")), 0);
    let run = place.run(&format!("{EVAL} good.json --stagee nowhere{all}"));
    ends(&run, 2);
    assert!(read(&place, "out/text").starts_with("GO "));
}

#[test]
fn a_rule_filters_what_people_see_and_nothing_else() {
    let place = place();
    for name in FORMATS {
        let whole = place.run(&format!("{EVAL} bad.json --format {name}"));
        let one = place.run(&format!(
            "{EVAL} bad.json --format {name} --rule errors --report {name}=file"
        ));
        ends(&one, 10);
        assert_eq!(whole.stdout == one.stdout, name != "text", "{name}");
        assert_eq!(one.stdout, read(&place, "file"), "{name}");
    }
}

/// The same call with files for the summary and the outputs of a step.
fn in_a_step(place: &Place, arguments: &str) -> Run {
    let mut program = Command::new(env!("CARGO_BIN_EXE_gonogo"));
    program.env("GITHUB_STEP_SUMMARY", place.path().join("summary.md"));
    program.env("GITHUB_OUTPUT", place.path().join("outputs"));
    place.run_by(program, arguments, "")
}

#[test]
fn a_step_of_a_workflow_is_given_a_summary_and_outputs() {
    let place = place()
        .with("summary.md", "before\n")
        .with("outputs", "other=1\n");
    let run = in_a_step(
        &place,
        &format!("{EVAL} bad.json --format github --record record.json"),
    );
    ends(&run, 10);
    let summary = read(&place, "summary.md");
    assert!(
        summary.starts_with("before\n# NO-GO: canary @ "),
        "{summary}"
    );
    let outputs = read(&place, "outputs");
    let record: Json = serde_json::from_str(&read(&place, "record.json")).expect("JSON");
    let digest = record["digests"]["record"].as_str().expect("a digest");
    for line in [
        "other=1\nverdict=no-go\nexit-code=10\n",
        "reason=errors: error_rate is 6.1%, limit 1%\n",
        "\nerrors\nfast[a]\nfast[b]\n",
        "\nfired=\npending=\nrecord=record.json\n",
        &format!("\ndigest={digest}\n"),
    ] {
        assert!(outputs.contains(line), "{line}\nis not in\n{outputs}");
    }
    // Only that format has them.
    let run = in_a_step(
        &place,
        &format!("{EVAL} good.json --format markdown --report junit=a.xml"),
    );
    ends(&run, 0);
    assert_eq!(
        (read(&place, "summary.md"), read(&place, "outputs")),
        (summary, outputs)
    );
    ends(
        &in_a_step(&place, &format!("{EVAL} none.json --report github=a.log")),
        4,
    );
    assert!(read(&place, "outputs").contains("\nverdict=none\nexit-code=4\n"));
    assert!(read(&place, "summary.md").contains("\n# NO VERDICT\n"));
    // GitHub shows no summary that is longer.
    place.write("summary.md", "x".repeat((1 << 20) - 500));
    ends(
        &in_a_step(&place, &format!("{EVAL} bad.json --format github")),
        10,
    );
    assert!(read(&place, "summary.md").len() <= 1 << 20);
    let run = in_a_step(
        &place,
        &format!("{EVAL} good.json --format github --report tap=outputs"),
    );
    ends(&run, 2);
    place.write("outputs", "");
    fs::remove_file(place.path().join("summary.md")).expect("a file");
    fs::create_dir(place.path().join("summary.md")).expect("a folder");
    let run = in_a_step(&place, &format!("{EVAL} good.json --format github"));
    ends(&run, 4);
    assert!(
        read(&place, "outputs").starts_with("verdict=none\n"),
        "{}",
        run.transcript
    );
}

#[test]
fn a_hostile_snapshot_is_text_in_every_report() {
    let key = r"a\u0000::set-output name=x::y\n::error::z %0A | ]]><script>\ud800";
    let policy = "\
gonogo: 1
name: canary
inputs:
  latency: {type: 'map<string, double>'}
require:
  - {id: fast, expr: 'latency.all(k, latency[k] < 1.0)'}
";
    let snapshot = format!(
        r#"{{"at": "2025-10-16T10:05:00Z", "subject": {{"service": "{key}", "version": "\u202e1"}}, "metrics": {{"latency": {{"b": 2}}, "{key}": 1}}}}"#
    );
    let place = Place::empty()
        .with("policy.yaml", policy)
        .with("bad.json", snapshot);
    for name in FORMATS {
        let run = place.run(&format!("{EVAL} bad.json --format {name}"));
        assert_ne!(run.code, 0, "{}", run.transcript);
        let steers = |c: char| c != '\n' && gonogo::source::hidden::hides(c);
        let programs = ["json", "jsonl"].contains(&name);
        assert!(
            programs || !run.stdout.contains(steers),
            "{}",
            run.transcript
        );
    }
}

#[cfg(unix)]
#[test]
fn a_file_keeps_its_mode_and_a_link_its_file() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let place = place().with("kept.json", "old").with("linked.json", "old");
    let at = |name: &str| place.path().join(name);
    fs::set_permissions(at("kept.json"), fs::Permissions::from_mode(0o640)).expect("a mode");
    symlink("linked.json", at("link.json")).expect("a link");
    ends(
        &place.run(&format!("{EVAL} good.json --report json=kept.json --report jsonl=link.json --report tap=/dev/null")),
        0,
    );
    let mode = fs::metadata(at("kept.json"))
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
    assert!(
        fs::symlink_metadata(at("link.json"))
            .expect("a link")
            .is_symlink()
    );
    assert!(read(&place, "linked.json").starts_with('{'));
}
