//! The action of GitHub: its script, run with the variables that a runner sets.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use gonogo::source::tree::Node;

use super::{Change, Done, bash, document, entries, get, items, short, spike, text, world};
use crate::support::place::{Place, output};

/// The one step of the action.
fn step(action: &Node) -> &Node {
    let steps = items(get(action, "runs/steps"));
    assert_eq!(steps.len(), 1);
    steps[0]
}

/// The input that a variable has the value of.
fn input(value: &Node) -> String {
    let value = text(value);
    let name = value.strip_prefix("${{ inputs.");
    let name = name.and_then(|rest| rest.strip_suffix(" }}"));
    name.unwrap_or_else(|| panic!("`{value}` is no input"))
        .to_owned()
}

/// What a step left.
struct Step {
    code: i32,
    told: String,
    outputs: BTreeMap<String, String>,
    summary: String,
}

/// Runs the action as a runner would.
fn run(place: &Place, inputs: &[(&str, &str)]) -> Step {
    let action = document("action.yml");
    let step = step(&action);
    let given: BTreeMap<&str, &str> = inputs.iter().copied().collect();
    let declared: BTreeMap<String, &Node> = entries(get(&action, "inputs")).into_iter().collect();
    for name in given.keys() {
        assert!(declared.contains_key(*name), "`{name}` is no input");
    }
    let value = |name: &str| {
        let default = || declared[name].get("default").map(text).unwrap_or_default();
        given
            .get(name)
            .map_or_else(default, |value| (*value).to_owned())
    };
    let mut variables: Vec<(String, String)> = Vec::new();
    for (name, from) in entries(get(step, "env")) {
        variables.push((name, value(&input(from))));
    }
    let files = tempfile::tempdir().expect("a folder");
    for (name, file) in [
        ("GITHUB_OUTPUT", "output"),
        ("GITHUB_STEP_SUMMARY", "summary"),
    ] {
        let path = files.path().join(file);
        fs::write(&path, "").expect("a file");
        variables.push((name.to_owned(), path.display().to_string()));
    }
    let temporary = place.path().join("runner temp");
    fs::create_dir_all(&temporary).expect("a folder");
    for (name, folder) in [
        ("GITHUB_WORKSPACE", place.path()),
        ("RUNNER_TEMP", &temporary),
    ] {
        variables.push((name.to_owned(), folder.display().to_string()));
    }
    variables.push(("GITHUB_ACTIONS".to_owned(), "true".to_owned()));
    let folder = place
        .path()
        .join(value(&input(get(step, "working-directory"))));
    let Done { code, told } = bash(&text(get(step, "run")), &folder, &variables);
    let file = |name: &str| fs::read_to_string(files.path().join(name)).expect("a file");
    Step {
        code,
        told,
        outputs: outputs(&file("output")),
        summary: file("summary"),
    }
}

/// The outputs of a file as a runner reads it: `NAME=VALUE`, or `NAME<<END` up to a line that is END; the last one counts.
fn outputs(file: &str) -> BTreeMap<String, String> {
    let mut outputs = BTreeMap::new();
    let mut lines = file.lines();
    while let Some(line) = lines.next() {
        let equals = line.find('=').unwrap_or(usize::MAX);
        let heredoc = line.find("<<").unwrap_or(usize::MAX);
        if heredoc < equals {
            let (name, end) = line.split_at(heredoc);
            let end = &end[2..];
            let mut value = Vec::new();
            loop {
                match lines.next() {
                    Some(line) if line == end => break,
                    Some(line) => value.push(line),
                    None => panic!("`{name}` does not end: {file}"),
                }
            }
            outputs.insert(name.to_owned(), value.join("\n"));
        } else {
            let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("{file}"));
            outputs.insert(name.to_owned(), value.to_owned());
        }
    }
    outputs
}

const RECORDED: [(&str, &str); 3] = [
    ("policy", "policies/checkout"),
    ("snapshots", "policies/checkout/snapshots/healthy.jsonl"),
    ("now", "latest"),
];

/// The inputs of a recorded history, with others over them.
fn with<'i>(others: &[(&'i str, &'i str)]) -> Vec<(&'i str, &'i str)> {
    RECORDED.iter().chain(others).copied().collect()
}

#[test]
fn it_is_put_together_as_it_says() {
    let action = document("action.yml");
    assert_eq!(text(get(&action, "runs/using")), "composite");
    let step = step(&action);
    let script = text(get(step, "run"));
    // Nothing that is given becomes a part of the script.
    assert!(!script.contains("${{"), "{script}");
    let mut used: Vec<String> = Vec::new();
    for (name, value) in entries(get(step, "env")) {
        assert!(
            script.contains(&format!("${{{name}")) || script.contains(&format!("${name}")),
            "{name}"
        );
        used.push(input(value));
    }
    used.push(input(get(step, "working-directory")));
    used.sort();
    let mut declared = Vec::new();
    let page = crate::support::read(&super::at("docs/ci.md"));
    for (name, declaration) in entries(get(&action, "inputs")) {
        assert!(!text(get(declaration, "description")).is_empty());
        let required = declaration.get("required").is_some();
        assert_ne!(required, declaration.get("default").is_some(), "{name}");
        assert!(page.contains(&format!("`{name}`")), "{name}");
        declared.push(name);
    }
    declared.sort();
    assert_eq!(used, declared);
    let id = text(get(step, "id"));
    let mut told = Vec::new();
    for (name, output) in entries(get(&action, "outputs")) {
        let value = text(get(output, "value"));
        assert_eq!(value, format!("${{{{ steps.{id}.outputs.{name} }}}}"));
        told.push(name);
    }
    assert_eq!(told, ["verdict", "exit-code", "reason", "record"]);
}

#[test]
fn shellcheck_has_nothing_to_say() {
    let action = document("action.yml");
    let script = format!("#!/usr/bin/env bash\n{}", text(get(step(&action), "run")));
    let there = Command::new("shellcheck")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if there.is_err() {
        println!("skipped: `shellcheck` is not installed");
        return;
    }
    let told = output(Command::new("shellcheck").arg("-"), &script);
    assert!(
        told.status.success(),
        "{}",
        String::from_utf8_lossy(&told.stdout)
    );
}

#[test]
fn each_verdict_is_an_output_and_the_exit_code_that_of_the_step() {
    let cases: [(Change, i32, &str); 3] = [
        (|_| (), 0, "go"),
        (short, 11, "no-go"),
        (spike, 20, "rollback"),
    ];
    for (change, code, verdict) in cases {
        let place = world();
        change(&place);
        let step = run(&place, &RECORDED);
        assert_eq!(step.code, code, "{}", step.told);
        assert_eq!(step.outputs["verdict"], verdict);
        assert_eq!(step.outputs["exit-code"], code.to_string());
        assert!(!step.outputs["reason"].is_empty());
        assert!(step.summary.contains("checkout"), "{}", step.summary);
        let record = &step.outputs["record"];
        assert!(
            record.starts_with(&place.path().join("runner temp").display().to_string()),
            "{record}"
        );
        let record = fs::read_to_string(record).expect("a record");
        assert!(
            record.contains(&format!("\"verdict\": \"{verdict}\"")),
            "{record}"
        );
        if code != 0 {
            assert!(step.told.contains("::error "), "{}", step.told);
        }
        // A step that only tells goes on, with the same outputs.
        let other = run(&place, &with(&[("fail-on", "none")]));
        assert_eq!(other.code, 0, "{}", other.told);
        assert_eq!(other.outputs["verdict"], verdict);
        if code != 0 {
            let named = code.to_string();
            let own = run(&place, &with(&[("fail-on", &named)]));
            assert_eq!(own.code, code);
            let rest = ["10", "11", "20"]
                .into_iter()
                .filter(|other| **other != *named);
            let rest = rest.collect::<Vec<_>>().join("\n  ");
            assert_eq!(run(&place, &with(&[("fail-on", &rest)])).code, 0, "{rest}");
        }
    }
}

#[test]
fn without_a_verdict_it_fails_whatever_it_is_told() {
    let place = world()
        .with(
            "wrong.yaml",
            "gonogo: 1\nname: wrong\nrequire: [{id: a, expr: nonsuch}]\n",
        )
        .with("wrong.json", "{");
    for fail_on in ["none", "10 11 20"] {
        for (name, value, code) in [
            ("policy", "nonsuch", 3),
            ("policy", ".", 5),
            ("policy", "", 2),
            ("policy", "wrong.yaml", 3),
            ("snapshots", "nonsuch.json", 4),
            ("snapshots", "wrong.json", 4),
            ("snapshots", " \n\t\n", 2),
            ("now", "yesterday", 2),
            ("set", "nonsuch=1", 2),
            ("stage", "nonsuch", 2),
            ("waivers", "nonsuch.yaml", 4),
            ("reports", "nonsuch=a.txt", 2),
            ("reports", "junit=none/a.xml", 4),
        ] {
            let step = run(&place, &with(&[(name, value), ("fail-on", fail_on)]));
            assert_eq!(step.code, code, "{name}={value}: {}", step.told);
            assert_eq!(step.outputs["verdict"], "", "{name}={value}");
            assert_eq!(step.outputs["exit-code"], code.to_string());
        }
    }
}

#[test]
fn the_job_of_the_page_goes_as_it_is() {
    let workflow = document("docs/ci/github-action.yml");
    let steps = items(get(&workflow, "jobs/gate/steps"));
    let with = steps.iter().find_map(|step| step.get("with"));
    let inputs: Vec<(String, String)> = entries(with.expect("the action"))
        .into_iter()
        .map(|(name, value)| (name, text(value)))
        .filter(|(name, _)| name != "version")
        .collect();
    let inputs: Vec<(&str, &str)> = inputs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let step = run(&world(), &inputs);
    assert_eq!(step.code, 0, "{}", step.told);
    assert_eq!(step.outputs["verdict"], "go");
}

#[test]
fn a_report_that_cannot_be_written_undoes_no_stop_and_is_no_go() {
    let changes: [(Change, &str); 3] = [(|_| (), ""), (short, "no-go"), (spike, "rollback")];
    for (change, verdict) in changes {
        let place = world();
        change(&place);
        for fail_on in ["none", "10 11 20"] {
            let inputs = [("reports", "junit=none/a.xml"), ("fail-on", fail_on)];
            let step = run(&place, &with(&inputs));
            assert_eq!(step.code, 4, "{}", step.told);
            assert_eq!(step.outputs["verdict"], verdict, "{}", step.told);
            assert_eq!(step.outputs["exit-code"], "4");
        }
    }
}

#[test]
fn what_it_cannot_start_with_is_told() {
    let place = world();
    for (name, value, told) in [
        ("fail-on", "", "fail-on is empty"),
        ("fail-on", "  \n", "fail-on is empty"),
        ("fail-on", "3", "something else than"),
        ("fail-on", "10,20", "something else than"),
        ("fail-on", "*", "something else than"),
        ("gonogo", "/nonsuch/gonogo", "there is no gonogo here"),
        ("gonogo", "", "there is no gonogo here"),
        ("version", "99.0.0", "another version"),
        ("record", "a\nverdict=go", "a line break"),
        ("policy", "a\u{1b}[31m", "control characters"),
        ("snapshots", "a.json\nb\u{7}.json", "control characters"),
        ("record", "policies", "no file that can be written"),
    ] {
        let step = run(&place, &with(&[(name, value)]));
        assert_eq!(step.code, 2, "{name}={value:?}: {}", step.told);
        assert!(
            step.told.contains("::error title=gonogo::"),
            "{}",
            step.told
        );
        assert!(step.outputs["reason"].contains(told), "{:?}", step.outputs);
        assert_eq!(step.outputs["verdict"], "");
        assert_eq!(step.outputs["exit-code"], "2");
    }
    let version = with(&[("version", env!("CARGO_PKG_VERSION"))]);
    assert_eq!(run(&place, &version).code, 0);
}

#[test]
fn a_record_of_an_earlier_run_is_never_told_as_one_of_this() {
    let place = world().with("out/record.json", "{\"verdict\": \"go\"}");
    let step = run(
        &place,
        &with(&[("record", "out/record.json"), ("now", "yesterday")]),
    );
    assert_eq!(step.code, 2);
    assert_eq!(step.outputs["record"], "");
    let step = run(&place, &with(&[("record", "out/record.json")]));
    assert_eq!(step.code, 0, "{}", step.told);
    assert_eq!(
        step.outputs["record"],
        place.path().join("out/record.json").display().to_string()
    );
}

#[test]
fn what_it_reads_is_never_written_over() {
    let place = world();
    for file in [
        "policies/checkout/policy.yaml",
        "policies/checkout/snapshots/healthy.jsonl",
    ] {
        let before = fs::read_to_string(place.path().join(file)).expect("a file");
        let step = run(&place, &with(&[("record", file), ("fail-on", "none")]));
        assert_eq!(step.code, 2, "{}", step.told);
        assert_eq!(step.outputs["record"], "");
        assert!(!step.outputs["reason"].is_empty());
        let after = fs::read_to_string(place.path().join(file)).expect("a file");
        assert_eq!(before, after);
    }
}

#[test]
fn a_program_that_leaves_no_record_of_its_exit_code_gives_no_verdict() {
    let place = world();
    // Of an earlier run, and a go.
    let before = run(&place, &with(&[("record", "record.json")]));
    assert_eq!(before.code, 0, "{}", before.told);
    let liar = "#!/bin/sh\ngonogo \"$@\"\nexit 0\n";
    short(&place);
    place.write("liar", liar);
    let made = fs::Permissions::from_mode(0o755);
    fs::set_permissions(place.path().join("liar"), made).expect("a program");
    for program in ["/bin/true", "./liar"] {
        let inputs = [
            ("record", "record.json"),
            ("gonogo", program),
            ("fail-on", "none"),
        ];
        let step = run(&place, &with(&inputs));
        assert_eq!(step.code, 70, "{program}: {}", step.told);
        assert_eq!(step.outputs["verdict"], "");
        let record = &step.outputs["record"];
        assert_eq!(record.is_empty(), program == "/bin/true", "{record}");
        assert!(step.outputs["reason"].contains("is not gonogo"));
    }
}

#[test]
fn reports_baselines_and_parameters_are_handed_on_line_by_line() {
    let place = world();
    let reports = "junit=a b.xml\r\n\njson=c.json\n";
    let step = run(&place, &with(&[("reports", reports)]));
    assert_eq!(step.code, 0, "{}", step.told);
    for file in ["a b.xml", "c.json"] {
        assert!(place.path().join(file).is_file(), "{file}");
    }
    let place = world()
        .with("own.yaml", "gonogo: 1\nname: own\nbaselines: [before]\ninputs: {x: {type: double}}\nparams: {a: {type: double}, b: {type: double}}\nrequire: [{id: r, expr: x < before.x && params.a < params.b}]\n")
        .with("now.json", "{\"at\": \"2025-10-16T10:00:00Z\", \"metrics\": {\"x\": 1}}")
        .with("before.json", "{\"at\": \"2025-10-16T10:00:00Z\", \"metrics\": {\"x\": 2}}");
    let own = [
        ("policy", "own.yaml"),
        ("snapshots", "now.json"),
        ("now", "latest"),
        ("baselines", "before=before.json"),
        ("set", "a=1\nb=2"),
        ("stage", "default"),
    ];
    let step = run(&place, &own);
    assert_eq!(step.code, 0, "{}", step.told);
    // In a folder below, paths are from there.
    let place = world();
    let below = [
        ("policy", "checkout"),
        ("snapshots", "checkout/snapshots"),
        ("now", "latest"),
        ("working-directory", "policies"),
    ];
    assert_eq!(run(&place, &below).code, 0);
}

/// What would do harm if a shell, a runner or the command line took it for more than a text.
const HOSTILE: [&str; 14] = [
    "$(touch harm)",
    "`touch harm`",
    "\"; touch harm; \"",
    "'; touch harm; '",
    "x\nverdict=go\nexit-code=0",
    "x<<END\ngo\nEND",
    "--format=text",
    "-s=/dev/null\n--quiet",
    "${IFS}touch${IFS}harm",
    "a && touch harm",
    "::set-output name=verdict::go",
    "x\n::error::harm",
    "x\r::error::harm",
    "../../../../etc/passwd",
];

#[test]
fn a_hostile_input_is_a_text_and_no_go() {
    let names = [
        "policy",
        "snapshots",
        "stage",
        "now",
        "baselines",
        "set",
        "waivers",
        "reports",
        "record",
        "fail-on",
        "gonogo",
        "version",
    ];
    let place = world();
    for name in names {
        for hostile in HOSTILE {
            // A report may be written to any path that can be, and so may a record: of the snapshots here it is a go.
            if name == "record" && !hostile.contains(['\n', '\r']) {
                continue;
            }
            let step = run(&place, &with(&[(name, hostile)]));
            assert_ne!(step.code, 0, "{name}: {hostile}\n{}", step.told);
            assert_eq!(step.outputs["verdict"], "", "{name}: {hostile}");
            assert_eq!(step.outputs["exit-code"], step.code.to_string());
            assert!(!place.path().join("harm").exists(), "{name}: {hostile}");
            // A runner takes a line that begins so for a command, blanks before it or not.
            let command = |line: &str| {
                let line = line.trim_start();
                line.starts_with("::set-output") || line.starts_with("::error::harm")
            };
            assert!(
                !step.told.split(['\n', '\r']).any(command),
                "{name}: {}",
                step.told
            );
        }
    }
}

#[test]
fn a_path_may_be_called_whatever_a_path_may_be_called() {
    for name in [
        "a b",
        "$(touch harm)",
        "`touch harm`",
        "it's \"so\"",
        "*",
        "-x",
        "a;b",
        "émile",
    ] {
        let place = Place::empty();
        let made = place.call(&["init", "--ci=none", "--", name]);
        assert_eq!(made.code, 0, "{}", made.transcript);
        let snapshots = format!("{name}/snapshots");
        let record = format!("{name}/record.json");
        let report = format!("junit={name}/gate.xml");
        let inputs = [
            ("policy", name),
            ("snapshots", &snapshots),
            ("now", "latest"),
            ("record", &record),
            ("reports", &report),
        ];
        let step = run(&place, &inputs);
        assert_eq!(step.code, 0, "{name}: {}", step.told);
        assert_eq!(step.outputs["verdict"], "go");
        assert!(
            fs::exists(&step.outputs["record"]).expect("a path"),
            "{name}"
        );
        assert!(place.path().join(name).join("gate.xml").is_file());
        assert!(!place.path().join("harm").exists(), "{name}");
    }
}

#[test]
fn outputs_are_read_as_a_runner_reads_them() {
    let read = outputs("a=1\nb<<E\nx=2\na=3\nE\nc==\na=4\n");
    let read: Vec<(&str, &str)> = read
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    assert_eq!(read, [("a", "4"), ("b", "x=2\na=3"), ("c", "=")]);
}
