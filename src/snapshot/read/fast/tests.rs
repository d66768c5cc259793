//! The fast reader against the tree reader, over lines that are plain, odd and broken.

use std::sync::Arc;

use jiff::SignedDuration;
use proptest::prelude::*;

use super::Fast;
use crate::expr::types::Type;
use crate::snapshot::Sample;
use crate::snapshot::layout::{Baseline, Input, Layout};
use crate::snapshot::read::{Extent, Format, Lines, Reading};
use crate::source::Source;

const INPUTS: [(&str, &str); 10] = [
    ("rate", "double"),
    ("share", "double"),
    ("count", "int"),
    ("on", "bool"),
    ("mood", "string"),
    ("note", "string"),
    ("since", "timestamp"),
    ("lag", "duration"),
    ("incidents", "map<string, int>"),
    ("info", "{version: string, ages: list<double>}"),
];

fn layout() -> Layout {
    let inputs = INPUTS.iter().map(|(name, ty)| Input {
        name: Arc::from(*name),
        title: None,
        ty: Type::parse(ty).expect("a type"),
        unit: None,
        range: (*name == "share").then_some((0.0, 1.0)),
        values: (*name == "mood").then(|| Arc::from(["good", "bad"].map(Arc::from))),
        default: None,
        max_age: SignedDuration::from_mins(5),
        from: None,
    });
    let baseline = Baseline {
        name: Arc::from("before"),
        live: false,
    };
    Layout::new(
        inputs.collect(),
        vec![baseline],
        SignedDuration::from_mins(5),
    )
    .with_fields(["deployer", "migrations"].map(Arc::from))
}

fn fast(layout: &Layout, reading: &mut Reading<'_>, line: &str, number: u32) -> Option<Sample> {
    let file = reading.file(&Arc::from("h.jsonl"));
    Fast::new(layout, file, Extent::Everything).sample(reading, "h.jsonl", line, number)
}

fn slow(reading: &mut Reading<'_>, line: &str, number: u32) -> Vec<Sample> {
    let mut samples = Vec::new();
    let source = Source::fragment("h.jsonl", line, number);
    reading.document(&source, Format::Json, &mut samples);
    samples
}

/// Values, well formed or not.
fn value() -> impl Strategy<Value = String> {
    const ODD: [&str; 44] = [
        "0.5",
        "1",
        "0",
        "-0",
        "-0.0",
        "1.0",
        "3.7e2",
        "1e400",
        "-1e400",
        "1e-400",
        "4.9e-324",
        "2.2250738585072011e-308",
        "9007199254740993",
        "9007199254740993.0",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551615",
        "18446744073709551616",
        "100000000000000000000000000",
        "01",
        "1.",
        ".5",
        "+1",
        "0x10",
        "NaN",
        "Infinity",
        "null",
        "true",
        "false",
        "\"good\"",
        "\"90s\"",
        "\"5%\"",
        "\"2025-10-16T10:05:00Z\"",
        "\"größe \\u00e9 \\\" \\/\"",
        "\"\\ud800\"",
        "\"a\tb\"",
        "[]",
        "[1, null, 2.5]",
        "{}",
        "{\"P0\": 1, \"P1\": null}",
        "{\"P0\": 1, \"P0\": 2}",
        "{\"version\": \"9\", \"ages\": [1, 2]}",
        "{\"version\": 9}",
    ];
    prop_oneof![
        6 => prop::sample::select(ODD.to_vec()).prop_map(str::to_owned),
        2 => any::<f64>().prop_map(|number| format!("{number:?}")),
        1 => any::<i64>().prop_map(|number| number.to_string()),
    ]
}

/// An entry of some map, with odd space around it.
fn entry(keys: Vec<&'static str>) -> impl Strategy<Value = String> {
    let space = prop::sample::select(vec!["", " ", "\t", " \r"]);
    (prop::sample::select(keys), space, value())
        .prop_map(|(key, space, value)| format!("\"{key}\"{space}:{space}{value}"))
}

fn map(keys: Vec<&'static str>, most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(entry(keys), 0..most)
        .prop_map(|entries| format!("{{{}}}", entries.join(", ")))
}

fn metrics() -> Vec<&'static str> {
    let names = INPUTS.iter().map(|(name, _)| *name);
    names.chain(["zz", "größe", "r\\u0061te"]).collect()
}

const FACTS: [&str; 5] = [
    "\"evidence\": []",
    "\"records\": null",
    "\"evidence\": [{\"id\": \"unit\", \"status\": \"passed\", \"at\": \"2025-10-16T10:00:00Z\"}]",
    "\"approvals\": [{\"rule\": \"cab\", \"by\": \"ada\", \"decision\": \"approved\"}, {}]",
    "\"records\": [{\"stage\": \"a\", \"verdict\": \"go\", \"at\": \"2025-10-16T10:00:00Z\"}]",
];

/// A line of many parts.
fn line() -> impl Strategy<Value = String> {
    let at = prop::sample::select(vec![
        "\"2025-10-16T10:05:00Z\"",
        "\"2025-10-16T12:05:00.25+02:00\"",
        "\"2025-10-16 10:05\"",
        "7",
        "null",
    ]);
    let subject = vec![
        "service",
        "version",
        "deployer",
        "migrations",
        "planned_at",
        "team",
    ];
    let part = prop_oneof![
        4 => at.prop_map(|at| format!("\"at\": {at}")),
        6 => map(metrics(), 5).prop_map(|map| format!("\"metrics\": {map}")),
        2 => map(vec!["name", "entered", "traffic", "x-y"], 3).prop_map(|map| format!("\"stage\":{map}")),
        2 => map(subject, 3).prop_map(|map| format!("\"subject\": {map}")),
        1 => map(metrics(), 3).prop_map(|map| format!("\"baselines\": {{\"before\": {map}}}")),
        1 => entry(vec!["at", "metrics", "x-a", "gonogo", "stage", "baselines"]),
        1 => entry(vec!["evidence", "attestations", "approvals", "records"]),
        1 => prop::sample::select(FACTS.to_vec()).prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 1..5).prop_map(|parts| format!("{{{}}}", parts.join(", ")))
}

/// The same line with one character changed, or left out.
fn broken() -> impl Strategy<Value = String> {
    let put = prop::sample::select(vec![
        "", "\"", "{", "}", ",", ":", "0", "\u{feff}", "é", "\u{1}", "\\",
    ]);
    (line(), any::<prop::sample::Index>(), put).prop_map(|(line, at, put)| {
        let mut characters: Vec<String> = line.chars().map(String::from).collect();
        let at = at.index(characters.len());
        characters[at] = put.to_owned();
        characters.concat()
    })
}

/// A line as exporters write it.
fn plain() -> impl Strategy<Value = String> {
    let double = || (-1e9..1e9_f64).prop_map(|number| number.to_string());
    (
        0_u32..86_400,
        double(),
        0.0..1.0_f64,
        any::<i32>(),
        any::<bool>(),
        "[a-zé ]{0,8}",
        prop::collection::btree_map("P[0-9]", any::<i32>(), 0..4),
    )
        .prop_map(|(second, rate, share, count, on, note, incidents)| {
            let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
            format!(
                "{{\"at\": \"2025-10-16T{hour:02}:{minute:02}:{second:02}Z\", \
                 \"stage\": {{\"name\": \"canary\", \"traffic\": \"5%\"}}, \
                 \"subject\": {{\"service\": \"s\", \"deployer\": \"jon\", \"migrations\": 4, \"team\": \"a\"}}, \"evidence\": [], \"metrics\": {{\"rate\": {rate}, \
                 \"share\": {share}, \"count\": {count}, \"on\": {on}, \"note\": \"{note}\", \"mood\": null, \
                 \"lag\": \"90s\", \"incidents\": {incidents:?}, \"info\": {{\"version\": \"9\", \"ages\": [1, 2.5]}}}}, \
                 \"baselines\": {{\"before\": {{\"rate\": {rate}}}}}}}"
            )
        })
}

fn agrees(line: &str) -> Result<(), TestCaseError> {
    let layout = layout();
    let (mut reading, mut other) = (Reading::new(&layout), Reading::new(&layout));
    let read = fast(&layout, &mut reading, line, 7);
    let expected = slow(&mut other, line, 7);
    if let Some(sample) = read {
        prop_assert_eq!(
            format!("{:?}", [sample]),
            format!("{expected:?}"),
            "{}",
            line
        );
        prop_assert_eq!(
            format!("{:?}", reading.facts()),
            format!("{:?}", other.facts())
        );
        prop_assert_eq!(reading.finish(), other.finish(), "{}", line);
    } else {
        prop_assert_eq!(
            reading.finish(),
            Vec::new(),
            "a declined line is not told of"
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_read_fast_is_what_is_read_by_the_tree(line in line()) {
        agrees(&line)?;
    }

    #[test]
    fn what_is_broken_is_read_by_the_tree(line in broken()) {
        agrees(&line)?;
    }

    #[test]
    fn what_is_plain_is_not_declined(line in plain()) {
        agrees(&line)?;
        let layout = layout();
        prop_assert!(fast(&layout, &mut Reading::new(&layout), &line, 7).is_some(), "{}", line);
    }

    #[test]
    fn a_first_look_takes_the_context(line in prop_oneof![line(), plain()]) {
        let layout = layout();
        let (mut reading, mut other) = (Reading::new(&layout), Reading::new(&layout));
        let expected = slow(&mut other, &line, 7);
        let other_facts = other.facts();
        if other.finish().is_empty() {
            let mut lines = Lines::new(&mut reading, Arc::from("h.jsonl"), Format::JsonLines, Extent::Context);
            let mut samples = Vec::new();
            lines.line(&mut reading, 7, &line, &mut samples);
            prop_assert_eq!(format!("{:?}", reading.facts()), format!("{:?}", other_facts));
            let expected: Vec<Sample> = expected.iter().map(|sample| sorted(sample.glance(&layout))).collect();
            let samples: Vec<Sample> = samples.into_iter().map(sorted).collect();
            prop_assert_eq!(format!("{samples:?}"), format!("{expected:?}"), "{}", line);
        }
    }

    #[test]
    fn what_is_not_declared_is_counted_as_often(lines in prop::collection::vec(map(vec!["rate", "zz", "yy"], 4), 1..8)) {
        let layout = layout();
        let text: Vec<String> = lines
            .iter()
            .map(|metrics| format!("{{\"at\": \"2025-10-16T10:05:00Z\", \"metrics\": {metrics}}}"))
            .collect();
        let (mut reading, mut other) = (Reading::new(&layout), Reading::new(&layout));
        let mut lines = Lines::new(&mut reading, Arc::from("h.jsonl"), Format::JsonLines, Extent::Everything);
        let (mut read, mut expected) = (Vec::new(), Vec::new());
        for (number, line) in (1..).zip(&text) {
            lines.line(&mut reading, number, line, &mut read);
            expected.extend(slow(&mut other, line, number));
        }
        prop_assert_eq!(format!("{read:?}"), format!("{expected:?}"));
        prop_assert_eq!(reading.finish(), other.finish());
    }
}

fn sorted(mut sample: Sample) -> Sample {
    sample.values.sort_by_key(|observed| observed.slot);
    sample
}

#[test]
fn keys_that_repeat_from_line_to_line_are_found_in_any_order() {
    let layout = layout();
    let mut reading = Reading::new(&layout);
    let mut fast = Fast::new(&layout, 0, Extent::Everything);
    for metrics in [
        "\"rate\": 1, \"count\": 2",
        "\"count\": 2, \"rate\": 1",
        "\"rate\": 1, \"rate\": 1",
    ] {
        let line = format!("{{\"at\": \"2025-10-16T10:05:00Z\", \"metrics\": {{{metrics}}}}}");
        let read = fast.sample(&mut reading, "h.jsonl", &line, 1);
        let slots = read.map(|sample| sorted(sample).values.iter().map(|one| one.slot).collect());
        let expected = ["count", "rate"].map(|name| layout.input(name).expect("an input"));
        assert_eq!(
            slots,
            (!metrics.contains("1, \"rate\"")).then(|| expected.to_vec())
        );
    }
}
