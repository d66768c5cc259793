//! Two passes over files on the disk: a first look, and all samples, in the order of time.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use gonogo::policy::Policy;
use gonogo::policy::check::{Settings, check};
use gonogo::snapshot::Sample;
use gonogo::source::{Problem, Source};

use super::{Role, Sources};
use crate::cli::progress::Progress;

const POLICY: &str = "\
gonogo: 1
name: canary
baselines: [before, {name: blue, live: true}]
inputs: {error_rate: {type: double}}
require: [{id: errors, expr: error_rate < 0.01}]
";

fn policy() -> Policy {
    check(&Source::new("policy.yaml", POLICY), &Settings::new())
        .0
        .expect("a policy")
}

fn line(minute: u32, rate: &str) -> String {
    format!(
        "{{\"at\": \"2025-10-16T10:{minute:02}:00Z\", \"stage\": {{\"name\": \"canary\"}}, \"metrics\": {{\"error_rate\": {rate}}}}}\n"
    )
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).expect("a file");
    path.display().to_string()
}

/// Minutes and names of all that samples say.
fn told(policy: &Policy, samples: impl IntoIterator<Item = Sample>) -> Vec<String> {
    let name = |sample: &Sample| {
        let values = sample.values.iter();
        values
            .map(|one| format!("{}={:?}", policy.layout.name(one.slot), one.value))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let samples = samples.into_iter();
    samples
        .map(|sample| format!("{} {}", &sample.at.to_string()[14..16], name(&sample)))
        .collect()
}

fn look(sources: &mut Sources<'_>) -> Vec<Sample> {
    sources.look(Vec::new, Vec::push)
}

fn messages(problems: &[Problem]) -> Vec<&str> {
    problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect()
}

#[test]
fn both_passes_see_every_sample_in_order() {
    let (folder, policy) = (tempfile::tempdir().expect("a folder"), policy());
    let lines = line(1, "0.1") + &line(3, "0.3");
    let table =
        "at,error_rate,blue.error_rate\n2025-10-16T10:02:00Z,0.2,\n2025-10-16T10:03:00Z,,0.5\n";
    let files = [
        write(folder.path(), "a.jsonl", &lines),
        write(folder.path(), "b.csv", table),
        write(folder.path(), "c.json", &line(0, "0")),
    ];
    let mut sources = Sources::new(&policy.layout, Progress::off());
    for file in &files {
        sources.add(file, None, Role::Judged);
    }
    assert_eq!(sources.judged.streamed.len(), 2);
    assert_eq!(sources.judged.held.len(), 1);
    let seen = look(&mut sources);
    let unknown = "error_rate=Unknown(Absent)";
    let name = "stage.name=String(\"canary\")";
    assert_eq!(
        told(&policy, seen),
        [
            format!("00 {unknown} {name}"),
            format!("01 {unknown} {name}"),
            format!("02 {unknown}"),
            format!("03 {unknown} {name}"),
        ]
    );
    let samples: Vec<Sample> = sources.samples().collect();
    assert_eq!(
        told(&policy, samples),
        [
            format!("00 error_rate=Double(0.0) {name}"),
            format!("01 error_rate=Double(0.1) {name}"),
            "02 error_rate=Double(0.2)".to_owned(),
            format!("03 error_rate=Double(0.3) blue.error_rate=Double(0.5) {name}"),
        ]
    );
    assert_eq!(messages(&sources.finish()), Vec::<&str>::new());
}

#[test]
fn what_is_not_in_order_is_held_and_sorted_and_told_of_once() {
    let (folder, policy) = (tempfile::tempdir().expect("a folder"), policy());
    let sorted = line(1, "0.1") + &line(4, "0.4");
    let unsorted = line(5, "0.5") + &line(2, "\"fast\"") + &line(3, "0.3");
    let mut sources = Sources::new(&policy.layout, Progress::off());
    for (name, text) in [("a.jsonl", &sorted), ("b.jsonl", &unsorted)] {
        sources.add(&write(folder.path(), name, text), None, Role::Judged);
    }
    let minutes = |samples: Vec<Sample>| {
        let samples = samples.iter();
        samples
            .map(|sample| sample.at.to_string()[14..16].to_owned())
            .collect::<String>()
    };
    assert_eq!(minutes(look(&mut sources)), "0102030405");
    assert_eq!(sources.judged.streamed.len(), 1);
    assert_eq!(minutes(sources.samples().collect()), "0102030405");
    assert_eq!(
        messages(&sources.finish()),
        ["`error_rate` is a text, not a number"]
    );
}

#[test]
fn what_is_added_while_it_is_read_is_left_and_what_is_changed_is_told() {
    let (folder, policy) = (tempfile::tempdir().expect("a folder"), policy());
    let text = line(1, "0.1") + &line(2, "0.2");
    let path = write(folder.path(), "a.jsonl", &text);
    for (added, expected) in [(true, None), (false, Some("was changed while it was read"))] {
        fs::write(&path, &text).expect("a file");
        let mut sources = Sources::new(&policy.layout, Progress::off());
        sources.add(&path, None, Role::Judged);
        assert_eq!(look(&mut sources).len(), 2);
        if added {
            let mut file = OpenOptions::new().append(true).open(&path).expect("a file");
            file.write_all(line(0, "0.9").as_bytes()).expect("a line");
        } else {
            let swapped = line(2, "0.1") + &line(1, "0.2");
            fs::write(&path, swapped).expect("a file");
        }
        assert_eq!(sources.samples().count(), 2);
        let problems = sources.finish();
        let told = messages(&problems).concat();
        assert!(
            expected.map_or(told.is_empty(), |expected| told.contains(expected)),
            "{told}"
        );
    }
}

#[test]
fn many_histories_are_held_and_not_kept_open() {
    let (folder, policy) = (tempfile::tempdir().expect("a folder"), policy());
    for number in 0..5_u32 {
        write(
            folder.path(),
            &format!("{number}.jsonl"),
            &line(9 - number, "0.1"),
        );
    }
    let mut sources = Sources::new(&policy.layout, Progress::off());
    sources.room = 2;
    sources.add(&folder.path().display().to_string(), None, Role::Judged);
    assert_eq!(
        (sources.judged.streamed.len(), sources.judged.held.len()),
        (2, 3)
    );
    assert_eq!(look(&mut sources).len(), 5);
    let samples: Vec<Sample> = sources.samples().collect();
    assert!(samples.is_sorted_by_key(|sample| sample.at) && samples.len() == 5);
    assert!(sources.finish().is_empty());
}

#[test]
fn a_baseline_is_merged_where_it_is_live_and_stands_apart_where_it_is_not() {
    let (folder, policy) = (tempfile::tempdir().expect("a folder"), policy());
    let mut sources = Sources::new(&policy.layout, Progress::off());
    let text = line(2, "0.2") + &line(1, "0.1");
    for (name, role) in [
        ("judged.jsonl", Role::Judged),
        ("blue.jsonl", Role::Live(1)),
        ("before.jsonl", Role::Apart(0)),
    ] {
        sources.add(&write(folder.path(), name, &text), None, role);
    }
    look(&mut sources);
    let samples: Vec<Sample> = sources.samples().collect();
    assert_eq!(
        told(&policy, samples)[0],
        "01 error_rate=Double(0.1) blue.error_rate=Double(0.1) stage.name=String(\"canary\")"
    );
    assert_eq!(sources.baselines().collect::<Vec<_>>(), [0]);
    let before: Vec<Sample> = sources.baseline(0).collect();
    assert_eq!(
        told(&policy, before)[1],
        "02 error_rate=Double(0.2) stage.name=String(\"canary\")"
    );
    assert!(sources.finish().is_empty());
}
