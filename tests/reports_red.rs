//! No report is left that is greener than the exit code, whatever cannot be read or written; and where reports go that are no
//! files of their own.

use std::fs;
use std::process::Command;

use gonogo::schema;
use serde_json::Value as Json;

use crate::support::place::{Place, Run, output};

const POLICY: &str = "\
gonogo: 1
name: canary
inputs:
  rate: {type: double, unit: ratio}
  pages: {type: 'map<string, double>'}
require:
  - {id: errors, expr: rate < 0.01}
  - {id: quiet, expr: 'pages[each] < 1.0', for_each: {each: [P0]}}
";
const STAGES: &str = "\
gonogo: 1
name: canary
params: {limit: {type: double, default: 0.5}}
baselines: [before]
inputs: {rate: {type: double, unit: ratio}}
stages:
  - {name: one, require: [{id: errors, expr: rate < params.limit}]}
  - {name: two, require: [{id: errors, expr: rate < params.limit}]}
";
const GOOD: &str =
    r#"{"at": "2025-10-16T10:05:00Z", "metrics": {"rate": 0.004, "pages": {"P0": 0}}}"#;
const STAGED: &str =
    r#"{"at": "2025-10-16T10:05:00Z", "stage": {"name": "one"}, "metrics": {"rate": 0.004}}"#;
const EVAL: &str = "eval -q -p policy.yaml --now latest -s";

fn place() -> Place {
    Place::empty()
        .with("policy.yaml", POLICY)
        .with("stages.yaml", STAGES)
        .with("good.json", GOOD)
        .with("staged.json", STAGED)
        .with("unstaged.json", STAGED.replace("\"one\"", "null"))
}

fn ends(run: &Run, code: i32) {
    assert_eq!(run.code, code, "{}", run.transcript);
}

fn read(place: &Place, name: &str) -> String {
    fs::read_to_string(place.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What is said, whatever lines it was broken into.
fn said(run: &Run) -> String {
    let text = run.stderr.replace(" │", "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_was_asked_wrong_leaves_no_green_report() {
    let place = place();
    let reports = "--report junit=gate.xml --report html=gate.html --report tap=gate.tap --report sarif=gate.sarif --record r.json";
    let validator = jsonschema::validator_for(&schema::record()).expect("a schema");
    let go = "eval -q -p stages.yaml --now latest -s staged.json";
    for (call, code, why) in [
        ("-s unstaged.json", 4, "no-stage"),
        ("-s staged.json --stage nope", 2, "unknown-stage"),
        ("-s staged.json --set nope=1", 2, "nope"),
        ("-s staged.json --baseline x=good.json", 2, "x"),
        ("-s staged.json --rule nope", 2, "unknown-rule"),
        ("-s - -s -", 2, "standard input"),
    ] {
        ends(&place.run(&format!("{go} {reports}")), 0);
        assert!(read(&place, "gate.html").contains("✓"));
        let call = format!("eval -q -p stages.yaml --now latest {call}");
        let run = place.run(&format!("{call} {reports}"));
        ends(&run, code);
        assert!(run.stderr.contains(why), "{}", run.transcript);
        assert!(read(&place, "gate.xml").contains("<error "), "{call}");
        assert!(read(&place, "gate.html").contains("NO VERDICT"), "{call}");
        assert!(read(&place, "gate.tap").contains("\nBail out!"), "{call}");
        let record: Json = serde_json::from_str(&read(&place, "r.json")).expect("JSON");
        assert!(record["verdict"].is_null(), "{record}");
        assert_eq!(record["exit_code"], code);
        let wrong: Vec<String> = validator
            .iter_errors(&record)
            .map(|e| e.to_string())
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        // Code scanning takes no result without a place.
        let sarif: Json = serde_json::from_str(&read(&place, "gate.sarif")).expect("JSON");
        let result = &sarif["runs"][0]["results"][0];
        let at = &result["locations"][0]["physicalLocation"];
        assert!(at["artifactLocation"]["uri"].is_string(), "{result}");
        assert!(at["region"]["startLine"].is_number(), "{result}");
    }
    // A verdict fits the same schema, and half of one does not.
    ends(&place.run(&format!("{go} {reports}")), 0);
    let mut record: Json = serde_json::from_str(&read(&place, "r.json")).expect("JSON");
    assert!(validator.is_valid(&record));
    record["verdict"] = Json::Null;
    assert!(!validator.is_valid(&record));
}

#[test]
fn a_list_without_snapshots_asks_for_the_stage() {
    ends(&place().run("checklist -p stages.yaml"), 2);
    ends(
        &place().run("checklist -p stages.yaml --now latest -s unstaged.json"),
        4,
    );
}

#[test]
fn one_report_that_fails_is_told_by_all_others() {
    let place = place();
    let mut program = Command::new(env!("CARGO_BIN_EXE_gonogo"));
    // The last line of somebody else is not finished.
    place.write("outputs", "other=1");
    program.env("GITHUB_OUTPUT", place.path().join("outputs"));
    program.env("GITHUB_STEP_SUMMARY", place.path().join("summary.md"));
    let reports = "--report html=g.html --report junit=g.xml --report markdown=g.md --report sarif=g.sarif --report gitlab=g.json --report tap=g.tap --report github=g.log --record r.json --report json=nope/x";
    let run = place.run_by(program, &format!("{EVAL} good.json {reports}"), "");
    ends(&run, 4);
    // Told once, however often the others were written.
    assert_eq!(
        run.stderr.matches("nope/x").count(),
        1,
        "{}",
        run.transcript
    );
    assert!(run.stdout.starts_with("GO  "), "{}", run.transcript);
    let html = read(&place, "g.html");
    assert!(
        html.contains("class=\"banner bad\"") && html.contains("GO, BUT"),
        "{html}"
    );
    assert!(html.contains("cannot be written to `nope/x`"), "{html}");
    assert!(read(&place, "g.xml").contains("<error "));
    assert!(read(&place, "g.md").starts_with("# GO, BUT: "));
    assert!(read(&place, "g.md").contains("The process ended with 4: "));
    assert!(read(&place, "summary.md").starts_with("# GO, BUT: "));
    assert!(read(&place, "g.sarif").contains("\"executionSuccessful\": false"));
    assert!(read(&place, "g.json").contains("\"blocker\""));
    assert!(read(&place, "g.tap").contains("\nnot ok "));
    assert!(read(&place, "g.log").contains("\n::error "));
    let outputs = read(&place, "outputs");
    assert!(
        outputs.starts_with("other=1\nverdict=none\nexit-code=4\n"),
        "{outputs}"
    );
    // The record is of the verdict, and the verdict is a go.
    assert!(read(&place, "r.json").contains("\"verdict\": \"go\""));
    // What is written last counts as well.
    fs::remove_file(place.path().join("outputs")).expect("a file");
    fs::create_dir(place.path().join("outputs")).expect("a folder");
    let mut program = Command::new(env!("CARGO_BIN_EXE_gonogo"));
    program.env("GITHUB_OUTPUT", place.path().join("outputs"));
    let run = place.run_by(
        program,
        &format!("{EVAL} good.json --report html=g.html --format github"),
        "",
    );
    ends(&run, 4);
    assert!(read(&place, "g.html").contains("GO, BUT"));
}

#[test]
fn what_nobody_sees_is_written_as_a_number_and_stays_what_it_is() {
    let name = "a\u{202e}b\u{2028}c\u{85}d\u{9b}e\u{e0041}f";
    let good = GOOD.replace(
        "\"metrics\"",
        &format!("\"subject\": {{\"service\": \"{name}\"}}, \"metrics\""),
    );
    let place = place().with("named.json", &good);
    let call = format!(
        "{EVAL} named.json --record r.json --report jsonl=r.jsonl --report intoto=s.json --log log.jsonl"
    );
    ends(&place.run(&call), 0);
    for file in ["r.json", "r.jsonl", "s.json"] {
        let text = read(&place, file);
        let hidden = |c: char| c != '\n' && gonogo::source::hidden::hides(c);
        assert!(!text.contains(hidden), "{file}");
        assert!(text.contains("a\\u202eb\\u2028c\\u0085d\\u009be\\udb40\\udc41f"));
    }
    let record: Json = serde_json::from_str(&read(&place, "r.json")).expect("JSON");
    assert_eq!(record["subject"]["service"], name);
    for file in ["r.json", "s.json"] {
        ends(&place.run(&format!("report {file}")), 0);
    }
    ends(&place.run("log verify log.jsonl"), 0);
    ends(&place.run("replay r.json -p policy.yaml -s named.json"), 0);
}

#[test]
fn what_looks_alike_has_names_of_its_own() {
    let keys = ["a\u{202e}", "a\u{200b}", "b"];
    let each: Vec<String> = keys.iter().map(|key| format!("{key:?}")).collect();
    let escaped = each
        .join(", ")
        .replace("\\u{202e}", "\\u202e")
        .replace("\\u{200b}", "\\u200b");
    let place = place().with(
        "alike.yaml",
        POLICY.replace("[P0]", &format!("[{escaped}]")),
    );
    let run = place.run("eval -q -p alike.yaml --now latest -s good.json --format junit");
    let names: Vec<&str> = run
        .stdout
        .split("<testcase name=\"")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('"')?.0))
        .collect();
    let mut distinct = names.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(names.len(), 4, "{}", run.transcript);
    assert_eq!(distinct.len(), 4, "{names:?}");
    assert!(names.contains(&"quiet[b]"), "{names:?}");
}

#[test]
fn no_text_is_a_command_on_standard_error() {
    let name = "##[set-output name=approved]yes";
    let place = place()
        .with(
            "hostile.json",
            GOOD.replace("\"rate\"", &format!("\"{name}\": 1, \"rate\"")),
        )
        .with("broken.json", format!("{{\"{name}\": \n::error::x\n}}"));
    for call in [
        "eval -p policy.yaml --now latest -s hostile.json".to_owned(),
        "eval -p policy.yaml --now latest -s broken.json".to_owned(),
        "eval -p policy.yaml --now latest -s ##[error]none.json".to_owned(),
        "eval -p policy.yaml --now ##[error]x -s good.json".to_owned(),
        "snapshot -p policy.yaml -s hostile.json".to_owned(),
    ] {
        let run = place.run(&call);
        assert!(!run.stderr.is_empty(), "{}", run.transcript);
        assert!(run.stderr.contains("## ["), "{}", run.transcript);
        let commands = |line: &str| line.contains("##[") || line.trim_start().starts_with("::");
        assert!(!run.stderr.lines().any(commands), "{}", run.transcript);
    }
}

#[test]
fn no_text_is_a_command_in_any_report() {
    let keys = [
        "##[add-mask]y",
        "##vso[task.complete result=Succeeded;]DONE",
        "##teamcity[buildStatus status='SUCCESS']",
        "a \n::set-output name=verdict::go",
    ];
    let quoted: Vec<String> = keys
        .iter()
        .map(|key| Json::from(*key).to_string())
        .collect();
    let place = place().with(
        "keys.yaml",
        POLICY.replace("[P0]", &format!("[{}]", quoted.join(", "))),
    );
    let values: Vec<String> = quoted.iter().map(|key| format!("{key}: 9")).collect();
    place.write("keys.json", GOOD.replace("\"P0\": 0", &values.join(", ")));
    let call = "eval -p keys.yaml --now latest -s keys.json --format";
    for format in gonogo::report::Format::ALL {
        let run = place.run(&format!("{call} {}", format.name()));
        ends(&run, 10);
        assert!(run.stdout.contains("task.complete"), "{}", run.transcript);
        // What the runner is told of a report for it is not of the texts.
        let own = |line: &str| {
            let own = ["::error ", "::notice ", "::stop-commands::", "::gonogo-"];
            *format == gonogo::report::Format::Github && own.iter().any(|own| line.starts_with(own))
        };
        for line in run.stdout.lines().chain(run.stderr.lines()) {
            let anywhere = ["##[", "##vso[", "##teamcity["];
            let commands = anywhere.iter().any(|begin| line.contains(begin));
            let begins = line.trim_start().starts_with("::") && !own(line);
            assert!(!commands && !begins, "{}: {line}", format.name());
        }
    }
    // Written otherwise, read as they are.
    ends(
        &place.run(&format!("{call} json --record r.json --log log.jsonl")),
        10,
    );
    let record: Json = serde_json::from_str(&read(&place, "r.json")).expect("JSON");
    let findings = record["findings"].as_array().expect("a list");
    let told: Vec<&str> = findings
        .iter()
        .filter_map(|one| one["key"].as_str())
        .collect();
    assert!(keys.iter().all(|key| told.contains(key)), "{told:?}");
    ends(&place.run("report r.json"), 0);
    ends(&place.run("log verify log.jsonl"), 0);
    ends(&place.run("replay r.json -p keys.yaml -s keys.json"), 0);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    /// Runs a line of a shell in which `$G` is the program with a policy.
    fn shell(place: &Place, line: &str) -> Run {
        let mut program = Command::new("sh");
        let call = format!("{} {EVAL}", env!("CARGO_BIN_EXE_gonogo"));
        program.args(["-c", line]).env("G", call);
        program.current_dir(place.path());
        let output = output(&mut program, "");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        let (stdout, stderr) = (text(output.stdout), text(output.stderr));
        let code = output.status.code().expect("a code");
        Run {
            transcript: format!("$ {line}\nexit code {code}\n{stdout}\n{stderr}"),
            code,
            stdout,
            stderr,
        }
    }

    #[test]
    fn what_cannot_be_printed_is_no_success() {
        if !std::path::Path::new("/dev/full").exists() {
            return;
        }
        let place = place();
        for format in ["text", "json", "junit"] {
            let line = format!("$G good.json --format {format} --report html=g.html >/dev/full");
            let run = shell(&place, &line);
            ends(&run, 4);
            let why = format!("the {format} report cannot be written to standard output: no space");
            assert!(said(&run).contains(&why), "{}", run.transcript);
            assert!(read(&place, "g.html").contains("GO, BUT"));
        }
        ends(&place.run(&format!("{EVAL} good.json --record r.json")), 0);
        let program = env!("CARGO_BIN_EXE_gonogo");
        let run = shell(&place, &format!("{program} report r.json >/dev/full"));
        ends(&run, 4);
        for command in [
            "version",
            "schema snapshot",
            "explain r.json",
            "completions bash",
            "man eval",
        ] {
            let run = shell(&place, &format!("{program} {command} >/dev/full"));
            ends(&run, 4);
            let why = "cannot be written to standard output: no space";
            assert!(said(&run).contains(why), "{command}: {}", run.transcript);
        }
        // Who has read enough is no failure.
        let run = shell(
            &place,
            "{ $G good.json --format json; echo $? >&2; } | true",
        );
        assert_eq!(run.stderr, "0\n", "{}", run.transcript);
    }

    #[test]
    fn what_is_printed_knows_of_all_that_failed() {
        if !std::path::Path::new("/dev/full").exists() {
            return;
        }
        let place = place();
        for (format, green, red) in [
            ("junit", "errors=\"0\"", "<error "),
            ("tap", "1..2\n", "\nnot ok "),
            ("sarif", "\"exitCode\": 0", "\"executionSuccessful\": false"),
            ("gitlab", "[]\n", "\"blocker\""),
            ("markdown", "# GO: ", "# GO, BUT: "),
            ("html", "class=\"banner good\"", "GO, BUT"),
            ("github", "no such text", "\n::error "),
            ("jsonl", "\"exit_code\":0", "\"event\":\"problem\""),
        ] {
            let line = format!("$G good.json --format {format}");
            let run = shell(&place, &line);
            ends(&run, 0);
            assert!(!run.stdout.contains(red), "{}", run.transcript);
            for broken in ["--record /dev/full", "--report tap=/dev/full"] {
                let run = shell(&place, &format!("{line} {broken}"));
                ends(&run, 4);
                assert!(run.stdout.contains(red), "{}", run.transcript);
                assert!(!run.stdout.contains(green), "{}", run.transcript);
                // So does what the process was given open, wherever it stands among the reports.
                let line = format!("$G good.json --report {format}=/dev/fd/3 {broken} 3>given");
                ends(&shell(&place, &line), 4);
                assert!(read(&place, "given").contains(red), "{line}");
            }
        }
        // The verdict is not lost.
        for format in ["text", "json"] {
            let line = format!("$G good.json --format {format} --record /dev/full");
            let run = shell(&place, &line);
            ends(&run, 4);
            let go = run.stdout.contains("\"verdict\": \"go\"") || run.stdout.starts_with("GO  ");
            assert!(go, "{}", run.transcript);
        }
    }

    #[test]
    fn no_later_step_takes_it_for_a_go() {
        if !std::path::Path::new("/dev/full").exists() {
            return;
        }
        let place = place();
        let step = "GITHUB_OUTPUT=outputs $G good.json --format github";
        for (line, wanted) in [
            (step.to_owned(), vec!["go"]),
            (format!("{step} --record /dev/full"), vec!["none"]),
            // Of two values of a name the runner takes the later one.
            (format!("{step} >/dev/full"), vec!["go", "none"]),
        ] {
            let run = shell(&place, &line);
            ends(&run, if wanted == ["go"] { 0 } else { 4 });
            let outputs = read(&place, "outputs");
            let verdicts = outputs.lines();
            let verdicts = verdicts.filter_map(|line| line.strip_prefix("verdict="));
            assert_eq!(verdicts.collect::<Vec<_>>(), wanted, "{outputs}");
            fs::remove_file(place.path().join("outputs")).expect("a file");
        }
    }

    #[test]
    fn a_file_that_is_somebody_elses_is_not_taken_away() {
        let place = place();
        let folder = place.path().join("shut");
        place.write("shut/mine.txt", "precious");
        place.write("open/mine.txt", "precious");
        let mode = |path: &str, mode| {
            let path = place.path().join(path);
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
        };
        mode("shut/mine.txt", 0o400);
        mode("open/mine.txt", 0o400);
        mode("shut", 0o555);
        // Whoever may put another file there may put a report there.
        ends(
            &place.run(&format!("{EVAL} good.json --report junit=open/mine.txt")),
            0,
        );
        assert!(read(&place, "open/mine.txt").starts_with("<?xml"));
        // Who runs as root may write anywhere.
        let kept = fs::File::create(folder.join("probe")).is_err();
        let run = place.run(&format!("{EVAL} good.json --report junit=shut/mine.txt"));
        mode("shut", 0o755);
        if kept {
            ends(&run, 4);
            assert_eq!(read(&place, "shut/mine.txt"), "precious");
            assert!(said(&run).contains("an older file stands there still"));
        }
    }

    #[test]
    fn a_path_of_a_folder_is_no_file() {
        let place = place();
        for (path, why) in [
            ("x.xml/", "its folder does not exist"),
            ("x.xml/.", "its folder does not exist"),
            ("staged.json/", "not a directory"),
            ("./", "it is a folder"),
        ] {
            let run = place.run(&format!("{EVAL} good.json --report junit={path}"));
            ends(&run, 4);
            assert!(said(&run).contains(why), "{}", run.transcript);
            assert!(!place.path().join("x.xml").exists());
        }
    }

    #[test]
    fn what_is_no_file_is_written_to_as_it_is() {
        let place = place();
        for (line, wanted) in [
            (
                "$G good.json --report tap=/dev/stderr 2>&1 | cat",
                "TAP version",
            ),
            (
                "{ $G good.json --report tap=/dev/fd/3 3>&1 >/dev/null; } | cat",
                "TAP version",
            ),
            (
                "{ echo before; $G good.json --report tap=/dev/fd/3; } 3>> out >&3; cat out",
                "before\n",
            ),
        ] {
            let run = shell(&place, line);
            ends(&run, 0);
            assert!(run.stdout.contains(wanted), "{}", run.transcript);
            assert_eq!(run.stderr, "", "{}", run.transcript);
        }
        ends(
            &shell(
                &place,
                "$G good.json --report tap=/dev/null --report json=/dev/null",
            ),
            0,
        );
    }

    #[test]
    fn what_is_printed_or_read_is_not_written_over() {
        let place = place();
        for (line, file) in [
            ("$G good.json --report tap=o4 > o4", "o4"),
            ("$G good.json --record o4 >> o4", "o4"),
            ("$G - < good.json --report tap=good.json", "good.json"),
            (
                "$G good.json --format json --report tap=/dev/stdout > o4",
                "o4",
            ),
            ("$G good.json --record /dev/fd/1 | cat > o4; exit 2", "o4"),
            (
                "$G good.json --report json=/dev/stdout --report tap=/dev/fd/1 > o4",
                "o4",
            ),
            (
                "GITHUB_OUTPUT=$PWD/good.json $G good.json --format github",
                "good.json",
            ),
            (
                "GITHUB_STEP_SUMMARY=policy.yaml $G good.json --report github=a",
                "policy.yaml",
            ),
        ] {
            place.write("o4", "");
            let before = read(&place, file);
            let run = shell(&place, line);
            ends(&run, 2);
            assert!(said(&run).contains("name-clash"), "{}", run.transcript);
            assert_eq!(read(&place, file), before, "{}", run.transcript);
        }
    }

    #[test]
    fn a_report_in_a_folder_that_takes_no_file_is_written_in_place() {
        let place = place().with("shut/gate.xml", "of an earlier run, longer than what comes");
        let folder = place.path().join("shut");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).expect("a mode");
        let run = place.run(&format!("{EVAL} good.json --report junit=shut/gate.xml"));
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("a mode");
        ends(&run, 0);
        let text = read(&place, "shut/gate.xml");
        assert!(text.starts_with("<?xml") && text.ends_with("</testsuites>\n"));
    }

    #[test]
    fn why_a_report_is_not_written_is_said_as_it_is() {
        let place = place();
        symlink("loop.xml", place.path().join("loop.xml")).expect("a link");
        for (path, why) in [
            ("loop.xml".to_owned(), "too many levels of symbolic links"),
            (format!("{}.xml", "n".repeat(300)), "file name too long"),
            ("good.json/gate.xml".to_owned(), "not a directory"),
        ] {
            let run = place.run(&format!("{EVAL} good.json --report junit={path}"));
            ends(&run, 4);
            assert!(said(&run).contains(why), "{}", run.transcript);
        }
    }
}
