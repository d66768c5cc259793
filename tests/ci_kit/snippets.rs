//! The pipelines of GitHub, GitLab and Jenkins, and the page that speaks of them.

use std::fs;

use gonogo::source::tree::Node;

use super::{Change, at, bash, document, entries, get, items, short, spike, text, texts, world};
use crate::support::place::Place;
use crate::support::read;

/// The commands of a pipeline, those of each job or stage together, and what they are to leave behind.
struct Pipeline {
    variables: Vec<(String, String)>,
    jobs: Vec<Vec<String>>,
    left: Vec<&'static str>,
}

fn variables(node: &Node) -> Vec<(String, String)> {
    let entries = entries(node).into_iter();
    entries.map(|(name, value)| (name, text(value))).collect()
}

fn github() -> Pipeline {
    let workflow = document("docs/ci/github.yml");
    let runs = |job: &Node| {
        let steps = items(get(job, "steps")).into_iter();
        steps.filter_map(|step| step.get("run")).map(text).collect()
    };
    Pipeline {
        variables: variables(get(&workflow, "env")),
        jobs: entries(get(&workflow, "jobs"))
            .iter()
            .map(|(_, job)| runs(job))
            .collect(),
        left: vec!["verdict.json"],
    }
}

fn gitlab() -> Pipeline {
    let jobs = document("docs/ci/gitlab.yml");
    let scripts = entries(&jobs).into_iter();
    let scripts = scripts.filter_map(|(_, job)| job.get("script"));
    Pipeline {
        variables: variables(get(&jobs, "variables")),
        jobs: scripts.map(texts).collect(),
        left: vec![
            "policy-tests.xml",
            "ready.xml",
            "ready.json",
            "verdict.json",
            "gate.xml",
        ],
    }
}

/// The texts between `start` and a quote.
fn between<'t>(text: &'t str, start: &str) -> Vec<&'t str> {
    let parts = text.split(start).skip(1);
    parts.filter_map(|part| part.split('\'').next()).collect()
}

fn jenkins() -> Pipeline {
    let pipeline = read(&at("docs/ci/Jenkinsfile"));
    let variables = ["POLICY", "SNAPSHOTS", "NOW"].map(|name| {
        let value = between(&pipeline, &format!("    {name} = '"));
        assert_eq!(value.len(), 1, "{name}");
        (name.to_owned(), value[0].to_owned())
    });
    let lines = |start| {
        between(&pipeline, start)
            .into_iter()
            .map(str::to_owned)
            .collect()
    };
    Pipeline {
        variables: variables.to_vec(),
        jobs: vec![lines("        sh '"), lines("script: '")],
        left: vec!["policy-tests.xml", "verdict.json", "gate.xml"],
    }
}

impl Pipeline {
    /// Runs each job up to the first command that fails: its exit code, and what was told.
    fn run(&self, place: &Place) -> Vec<(i32, String)> {
        let jobs = self.jobs.iter();
        jobs.map(|commands| {
            let script = commands.join("\n");
            let done = bash(&script, place.path(), &self.variables);
            (done.code, format!("{script}\n{}", done.told))
        })
        .collect()
    }
}

#[test]
fn every_pipeline_passes_as_it_is_and_stops_where_it_must() {
    for (name, pipeline, gates) in [
        ("github", github(), 1),
        ("gitlab", gitlab(), 2),
        ("jenkins", jenkins(), 1),
    ] {
        assert_eq!(pipeline.jobs.len(), 1 + gates, "{name}");
        assert!(
            pipeline.jobs.iter().all(|commands| !commands.is_empty()),
            "{name}"
        );
        let place = world();
        for (code, told) in pipeline.run(&place) {
            assert_eq!(code, 0, "{name}: {told}");
        }
        for file in &pipeline.left {
            assert!(place.path().join(file).is_file(), "{name}: {file}");
        }
        let changes: [(Change, i32); 2] = [(short, 11), (spike, 20)];
        for (change, wanted) in changes {
            let place = world();
            change(&place);
            for (code, told) in &pipeline.run(&place)[1..] {
                assert_eq!(*code, wanted, "{name}: {told}");
            }
        }
        // A policy that is wrong is found before anything is judged by it.
        let place = world();
        place.write("policies/checkout/policy.yaml", "gonogo: 1\n");
        for (code, told) in pipeline.run(&place) {
            assert!([1, 3].contains(&code), "{name}: {told}");
        }
    }
}

#[test]
fn no_pipeline_lets_anything_but_go_through() {
    let gitlab = document("docs/ci/gitlab.yml");
    let gate = get(&gitlab, "gate");
    assert!(gate.get("allow_failure").is_none());
    assert_eq!(texts(get(gate, "retry/exit_codes")), ["11"]);
    assert_eq!(
        texts(get(&gitlab, "ready/allow_failure/exit_codes")),
        ["11"]
    );
    // Stages of what is told come before the gate.
    assert_eq!(texts(get(&gitlab, "stages")), ["test", "gate"]);
    assert_eq!(text(get(&gitlab, "ready/stage")), "test");
    let ready = get(&gitlab, "ready/artifacts/reports");
    assert_eq!(
        (text(get(ready, "junit")), text(get(ready, "codequality"))),
        ("ready.xml".into(), "ready.json".into())
    );
    for file in [
        "github.yml",
        "github-action.yml",
        "gitlab.yml",
        "Jenkinsfile",
    ] {
        let pipeline = read(&at("docs/ci").join(file));
        for word in ["continue-on-error", "|| true", "unstable(\"", "unstable('"] {
            assert!(!pipeline.contains(word), "{file}: {word}");
        }
    }
    let jenkins = read(&at("docs/ci/Jenkinsfile"));
    let decided = jenkins
        .split_once("int code = sh(returnStatus: true")
        .expect("a gate")
        .1;
    assert!(
        decided.contains("} else if (code != 0) {\n            error("),
        "{decided}"
    );
}

#[test]
fn the_pipeline_of_a_merge_request_has_the_jobs_that_tell_of_it() {
    let gitlab = document("docs/ci/gitlab.yml");
    let conditions: Vec<String> = items(get(&gitlab, "workflow/rules"))
        .iter()
        .map(|rule| text(get(rule, "if")))
        .collect();
    assert!(conditions[0].contains("merge_request_event"));
    // A job without rules of its own is in no such pipeline.
    for job in ["policy", "ready", "gate"] {
        assert!(get(&gitlab, job).get("rules").is_some(), "{job}");
    }
    let always = items(get(&gitlab, "policy/rules"));
    assert!(always.iter().all(|rule| rule.get("if").is_none()));
}

#[test]
fn the_job_with_the_action_gives_it_inputs_that_it_has() {
    let action = document("action.yml");
    let workflow = document("docs/ci/github-action.yml");
    let steps = items(get(&workflow, "jobs/gate/steps"));
    let used = |step: &&&Node| {
        step.get("with")
            .is_some_and(|with| with.get("policy").is_some())
    };
    let step = steps.iter().find(used).expect("the action");
    for (name, _) in entries(get(step, "with")) {
        assert!(get(&action, "inputs").get(&name).is_some(), "{name}");
    }
    let text = read(&at("docs/ci/github-action.yml"));
    for output in text.split("steps.gonogo.outputs.").skip(1) {
        let name = output.split(' ').next().expect("a name");
        assert!(get(&action, "outputs").get(name).is_some(), "{name}");
    }
    // Nothing that comes from outside is a part of a script.
    for step in steps.iter().filter_map(|step| step.get("run")) {
        assert!(!super::text(step).contains("${{"));
    }
}

/// The blocks of shell on the page.
fn blocks(page: &str) -> Vec<String> {
    let blocks = page.split("```").skip(1).step_by(2);
    let blocks = blocks.filter_map(|block| block.strip_prefix("sh\n"));
    blocks.map(|block| block.replace("\n  ", "\n")).collect()
}

#[test]
fn the_loop_asks_until_the_answer_is_another_one() {
    let page = read(&at("docs/ci.md"));
    let script = blocks(&page)
        .into_iter()
        .find(|block| block.contains("sleep"));
    let script = script.expect("a loop");
    let variables = [
        ("POLICY".to_owned(), "policies/checkout".to_owned()),
        (
            "SNAPSHOTS".to_owned(),
            "policies/checkout/snapshots".to_owned(),
        ),
    ];
    // Instead of waiting it is counted; after the third time there is another history.
    let run = |after: &str| {
        let place = world();
        let healthy = read(
            &place
                .path()
                .join("policies/checkout/snapshots/healthy.jsonl"),
        );
        place.write("healthy.jsonl", healthy);
        spike(&place);
        let rolled = read(
            &place
                .path()
                .join("policies/checkout/snapshots/healthy.jsonl"),
        );
        place.write("spike.jsonl", rolled);
        fs::copy(
            place.path().join("healthy.jsonl"),
            place
                .path()
                .join("policies/checkout/snapshots/healthy.jsonl"),
        )
        .expect("a copy");
        short(&place);
        let stubs = format!(
            "sleep() {{ echo \"$1\" >>waits; [ \"$(wc -l <waits)\" -lt 3 ] || {after}; }}\ngonogo() {{ command gonogo \"$@\" --now latest; }}\n"
        );
        let done = bash(
            &format!("{stubs}{}", script.trim_start()),
            place.path(),
            &variables,
        );
        let waits = read(&place.path().join("waits"));
        (done.code, waits.lines().count(), done.told)
    };
    let to = "policies/checkout/snapshots/healthy.jsonl";
    let (code, waits, told) = run(&format!("cp healthy.jsonl {to}"));
    assert_eq!((code, waits), (0, 3), "{told}");
    let (code, waits, told) = run(&format!("cp spike.jsonl {to}"));
    assert_eq!((code, waits), (20, 3), "{told}");
    let (code, waits, told) = run("true");
    assert_eq!((code, waits), (11, 11), "{told}");
}

#[test]
fn the_page_speaks_of_every_file() {
    let page = read(&at("docs/ci.md"));
    let mut files: Vec<String> = fs::read_dir(at("docs/ci"))
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    files.sort();
    assert_eq!(files.len(), 7, "{files:?}");
    for file in files {
        assert!(page.contains(&format!("(ci/{file})")), "{file}");
    }
}
