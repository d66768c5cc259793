//! Histories as they are read: tables of CSV, sources merged in the order of time, and the digest of what was observed.
//!
//! What a table comes to is approved in `tests/snapshots/histories`: a line for each value and its place, and one for each
//! problem.

use std::fmt::Write as _;
use std::sync::Arc;

use gonogo::policy::Policy;
use gonogo::policy::check::Settings;
use gonogo::snapshot::{
    Digest, Extent, Format, Given, History, Lines, Merge, Observed, Place, Reader, Reading, Sample,
};
use gonogo::source::{Severity, Source};
use proptest::prelude::*;

use crate::support;

const POLICY: &str = r#"
gonogo: 1
name: canary
baselines: [before, {name: canary-5, live: true}]
inputs:
  error_rate: {type: double, unit: ratio, range: [0, 1]}
  requests: {type: int}
  healthy: {type: bool}
  mood: {type: string, values: [good, bad]}
  note: {type: string}
  since: {type: timestamp}
  lag: {type: duration}
  incidents: {type: "map<string, int>"}
  info: {type: "{version: string, hosts: map<string, double>}"}
  regions: {type: list<string>}
require:
  - {id: errors, expr: error_rate < 0.01}
"#;

fn policy() -> Policy {
    support::policy(POLICY, &Settings::new())
}

/// What a text comes to.
fn told(text: &str) -> String {
    let policy = policy();
    let mut reading = Reading::new(&policy.layout);
    let mut given = Vec::new();
    let everything = Extent::Everything;
    let mut lines = Lines::new(&mut reading, Arc::from("h.csv"), Format::Csv, everything);
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        lines.line(&mut reading, number, line, &mut given);
    }
    lines.end(&mut reading);
    given.sort_by_key(|sample| sample.at);
    let mut merge = Merge::new([Given(given.into_iter())]);
    let mut told = String::new();
    while let Some(sample) = merge.sample(&mut reading) {
        let _ = writeln!(told, "{}", sample.at);
        for Observed { slot, value, place } in &sample.values {
            let name = policy.layout.name(*slot);
            let place = place.display(reading.files());
            let _ = writeln!(told, "  {name} = {value:?}  {place}");
        }
    }
    for problem in reading.finish() {
        let warning = if problem.severity == Severity::Warning {
            " (warning)"
        } else {
            ""
        };
        let label = problem.labels.first();
        let marked =
            label.and_then(|label| label.source.text().get(label.span.start..label.span.end));
        let _ = writeln!(
            told,
            "{}{warning} {} {marked:?}\n  {}\n  {}",
            problem.code,
            problem.place().unwrap_or_default(),
            problem.message,
            problem.help.unwrap_or_default()
        );
    }
    told
}

#[test]
fn tables() {
    let cases = [
        (
            "numbers",
            "at,error_rate,requests\n2026-02-03T08:00:00Z,0.004,12\n2026-02-03T08:01:00Z, 4e-3 ,-0\n",
        ),
        (
            "instants",
            "time,requests\n2026-02-03 08:00:00+00,1\n2026-02-03 08:00:00.123Z,2\n2026-02-03T10:00:01+02:00,3\n\"2026-02-03 08:00:02+0000\",4\n",
        ),
        ("timestamp", "requests,timestamp\n1,2026-02-03T08:00:00Z\n"),
        (
            "at-before-time",
            "time,at,requests\nnoon,2026-02-03T08:00:00Z,1\n",
        ),
        (
            "types",
            "at,healthy,mood,note,since,lag\n2026-02-03T08:00:00Z,true,good,1.10,2026-02-03 07:00:00+00,90s\n2026-02-03T08:01:00Z,False,bad,\"null\",2026-02-03T07:00:00Z,1h30m\n",
        ),
        (
            "nothing-and-null",
            "at,error_rate,healthy,note,incidents.P0\n2026-02-03T08:00:00Z,,,,\n2026-02-03T08:01:00Z,null,null,null,null\n2026-02-03T08:02:00Z,\" \",\"\",\"\",\"\"\n",
        ),
        (
            "paths",
            "at,incidents.P0,incidents.P1,incidents.v1.2,info.version,info.hosts.a.b,info.hosts.c\n2026-02-03T08:00:00Z,0,,2,9,0.5,1\n2026-02-03T08:01:00Z,,,,,,\n2026-02-03T08:02:00Z,null,many,1.5,,null,0.1\n",
        ),
        (
            "context",
            "at,stage.name,stage.entered,stage.traffic,subject.service,subject.version,subject.deployer,x-row\n2026-02-03T08:00:00Z,canary,2026-02-03 07:00:00+00,5%,slideb,1.10,jon,1\n2026-02-03T08:01:00Z,null,soon,7,,,,2\n2026-02-03T08:02:00Z,,,0.05,,,,3\n",
        ),
        (
            "baselines",
            "at,error_rate,before.error_rate,canary-5.incidents.P0,before.info.hosts.a\n2026-02-03T08:00:00Z,0.1,0.2,3,0.5\n",
        ),
        (
            "misfits",
            "at,error_rate,requests,healthy,mood,since,lag\n2026-02-03T08:00:00Z,NaN,1.5,1,fine,2026-02-03 07:00,90\n2026-02-03T08:01:00Z,+Inf,0x10,yes,GOOD,1770105600,-5s\n2026-02-03T08:02:00Z,4,\"1,234\",\"t\",,,\n2026-02-03T08:03:00Z,5%,9223372036854775808,,,,\n2026-02-03T08:04:00Z,-Infinity,1e400,,,,\n",
        ),
        (
            "lines-and-quotes",
            "\u{feff}\"at\",\"note\",requests\r\n2026-02-03T08:00:00Z,\"said \"\"no\"\",\r\nthen left\",1\r\n\r\n2026-02-03T08:01:00Z,größe,2",
        ),
        (
            "undeclared",
            "at,eror_rate,zz,incidents,requests\n2026-02-03T08:00:00Z,1,2,3,4\n",
        ),
        (
            "undeclared-parts",
            "at,info.versoin,requests.total,before,befor.requests\n2026-02-03T08:00:00Z,1,2,3,4\n",
        ),
        ("list", "at,regions\n2026-02-03T08:00:00Z,eu\n"),
        (
            "stage-key",
            "at,stage.nme,stage.elapsed\n2026-02-03T08:00:00Z,a,b\n",
        ),
        ("no-time", "error_rate\n0.5\n"),
        ("semicolons", "at;error_rate\n2026-02-03T08:00:00Z;0.5\n"),
        (
            "no-offset",
            "at,error_rate\n2026-02-03 08:00:00,0.5\n2026-02-03,0.5\n1770105600,0.5\n,0.5\n",
        ),
        (
            "same-names",
            "at,error_rate, error_rate\n2026-02-03T08:00:00Z,1,2\n",
        ),
        ("no-name", "at,,error_rate\n2026-02-03T08:00:00Z,1,2\n"),
        (
            "cells",
            "at,error_rate\n2026-02-03T08:00:00Z\n2026-02-03T08:01:00Z,0.5,1\n2026-02-03T08:02:00Z,0.5\n",
        ),
        (
            "unclosed",
            "at,note\n2026-02-03T08:00:00Z,\"one\n2026-02-03T08:01:00Z,two\n",
        ),
        (
            "stray",
            "at,note\n2026-02-03T08:00:00Z,5\" pipe\n2026-02-03T08:01:00Z,\"a\"b\n2026-02-03T08:02:00Z,c\n",
        ),
        ("stray-name", "at,\"no\"te\n2026-02-03T08:00:00Z,c\n"),
        ("empty", "\n \r\n"),
        ("names-only", "at,error_rate\n"),
        (
            "conflict",
            "at,error_rate\n2026-02-03T08:00:00Z,0.5\n2026-02-03T09:00:00+01:00,0.25\n2026-02-03T08:00:00Z,0.5\n",
        ),
    ];
    for (name, text) in cases {
        insta::with_settings!({
            snapshot_path => "snapshots/histories",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, { insta::assert_snapshot!(format!("csv-{name}"), format!("{text}---\n{}", told(text))) });
    }
}

#[test]
fn the_table_of_the_page_is_read_without_a_word() {
    let page =
        support::read(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/histories.md"));
    let table = page
        .split("```csv\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let told = told(table.expect("a table"));
    let rows = told
        .lines()
        .filter(|line| line.starts_with("2025-10-16T10:0"));
    assert_eq!(rows.count(), 3, "{told}");
    assert!(
        told.lines()
            .all(|line| line.starts_with("  ") || line.starts_with("2025")),
        "{told}"
    );
}

#[test]
fn a_cell_without_end_is_not_held() {
    let policy = policy();
    let mut reading = Reading::new(&policy.layout);
    let mut lines = Lines::new(
        &mut reading,
        Arc::from("h.csv"),
        Format::Csv,
        Extent::Everything,
    );
    let mut samples = Vec::new();
    lines.line(&mut reading, 1, "at,note\n", &mut samples);
    lines.line(&mut reading, 2, "2026-02-03T08:00:00Z,\"\n", &mut samples);
    let line = format!("{}\n", "x".repeat(1 << 20));
    (3..9).for_each(|number| lines.line(&mut reading, number, &line, &mut samples));
    assert!(lines.lost());
    lines.end(&mut reading);
    let problems = reading.finish();
    let told: Vec<_> = problems
        .iter()
        .map(|problem| (problem.code.name(), problem.place()))
        .collect();
    assert_eq!(told, [("too-large", Some("h.csv:2:22".to_owned()))]);
}

/// Samples of a few instants, with few different values.
fn samples() -> impl Strategy<Value = Vec<(i64, usize, u8, u32)>> {
    prop::collection::vec((0_i64..6, 0_usize..3, 0_u8..2, 1_u32..4), 0..24)
}

/// A sample with a value of each input told of `slot`.
fn sample((second, slot, value, file): &(i64, usize, u8, u32), line: usize) -> Sample {
    let place = Place {
        file: *file,
        line: u32::try_from(line).expect("a line"),
        column: 0,
    };
    let value = gonogo::expr::value::Value::Int(i64::from(*value));
    Sample {
        at: jiff::Timestamp::from_second(*second).expect("an instant"),
        values: vec![Observed {
            slot: *slot,
            value,
            place,
        }],
    }
}

fn merged(policy: &Policy, feeds: Vec<Vec<Sample>>) -> (String, Vec<String>, Vec<usize>) {
    let mut reading = Reading::new(&policy.layout);
    for name in ["a", "b", "c", "d"] {
        reading.file(&Arc::from(name));
    }
    let mut merge = Merge::new(feeds.into_iter().map(|feed| Given(feed.into_iter())));
    let mut samples = Vec::new();
    while let Some(sample) = merge.sample(&mut reading) {
        samples.push(sample);
    }
    let unsorted = merge.unsorted().collect();
    let problems = reading.finish().into_iter();
    let problems = problems.map(|problem| problem.message).collect();
    (format!("{samples:?}"), problems, unsorted)
}

/// A sample without the places of its values: a history in memory keeps none of metrics.
fn placeless(sample: &Sample) -> Sample {
    let values = sample.values.iter().map(|observed| Observed {
        place: Place::default(),
        ..observed.clone()
    });
    Sample {
        at: sample.at,
        values: values.collect(),
    }
}

proptest! {
    #[test]
    fn sources_in_order_give_one_history_however_they_are_cut_and_named(given in samples()) {
        let policy = policy();
        let numbered = || given.iter().enumerate().map(|(line, one)| (one.3 as usize, sample(one, line)));
        let mut feeds = vec![Vec::new(); 4];
        for (file, sample) in numbered() {
            feeds[file].push(sample);
        }
        feeds.iter_mut().for_each(|feed| feed.sort_by_key(|sample| sample.at));
        let (samples, problems, unsorted) = merged(&policy, feeds.clone());
        prop_assert!(unsorted.is_empty());
        let placeless_all = merged(&policy, feeds.iter().map(|feed| feed.iter().map(placeless).collect()).collect()).0;
        // Their order does not matter.
        feeds.reverse();
        prop_assert_eq!(&merged(&policy, feeds), &(samples.clone(), problems.clone(), Vec::new()));
        // All of them held and sorted are the same.
        let mut reading = Reading::new(&policy.layout);
        ["a", "b", "c", "d"].iter().for_each(|name| { reading.file(&Arc::from(*name)); });
        let history = History::new(numbered().map(|(_, sample)| sample).collect(), &mut reading);
        let held: Vec<Sample> = history.samples().collect();
        prop_assert_eq!(format!("{:?}", held.iter().map(placeless).collect::<Vec<_>>()), placeless_all);
        let messages: Vec<String> = reading.finish().into_iter().map(|problem| problem.message).collect();
        prop_assert_eq!(messages, problems);
        // So is the digest, sample by sample.
        let mut digest = Digest::new(&policy.layout);
        history.samples().for_each(|sample| digest.take(&sample));
        prop_assert_eq!(digest.finish(), history.digest(&policy.layout));
    }

    #[test]
    fn a_source_that_goes_back_is_told(given in samples()) {
        let policy = policy();
        let numbered = given.iter().enumerate().map(|(line, one)| sample(one, line));
        let sorted = given.is_sorted_by_key(|one| one.0);
        let second = vec![sample(&(3, 0, 0, 0), 0)];
        let (_, _, unsorted) = merged(&policy, vec![second, numbered.collect()]);
        prop_assert_eq!(unsorted, if sorted { vec![] } else { vec![1] });
    }

    #[test]
    fn a_table_says_what_json_lines_say(
        rows in prop::collection::vec((0_u8..60, 0.0..1.0_f64, any::<i32>(), "[a-z,\"é]{1,6}"), 1..8)
    ) {
        let policy = policy();
        let (mut table, mut lines) = ("requests,note,incidents.P0,error_rate,at\n".to_owned(), String::new());
        for (minute, rate, count, note) in &rows {
            let at = format!("2026-02-03T08:{minute:02}:00Z");
            let quoted = note.replace('"', "\"\"");
            let _ = writeln!(table, "{count},\"{quoted}\",{count},{rate},{at}");
            let note = serde_json::to_string(note).expect("JSON");
            let _ = writeln!(
                lines,
                "{{\"at\": \"{at}\", \"metrics\": {{\"error_rate\": {rate}, \"requests\": {count}, \"note\": {note}, \"incidents\": {{\"P0\": {count}}}}}}}"
            );
        }
        let read = |text: &str, format| {
            let mut reader = Reader::new(&policy.layout);
            reader.document(&Source::new("h", text), format);
            let (history, problems) = reader.finish();
            (history.digest(&policy.layout), problems.len())
        };
        prop_assert_eq!(read(&table, Format::Csv), read(&lines, Format::JsonLines));
    }
}

/// The digest of a known history never changes: records are compared by it.
#[test]
fn the_digest_of_a_history_stays_what_it_is() {
    let policy = policy();
    let text = "{\"at\": \"2026-02-03T08:00:00Z\", \"stage\": {\"name\": \"canary\"}, \"metrics\": {\"error_rate\": 0.004, \"incidents\": {\"P1\": null, \"P0\": 1}}}\n";
    let mut reader = Reader::new(&policy.layout);
    reader.document(&Source::new("h", text), Format::JsonLines);
    let digest = reader.finish().0.digest(&policy.layout);
    // SHA-256 of the three lines `INSTANT<tab>NAME<tab>VALUE`.
    let lines = "2026-02-03T08:00:00Z\terror_rate\t0.004\n2026-02-03T08:00:00Z\tincidents\t{\"P0\":1,\"P1\":unknown: null}\n2026-02-03T08:00:00Z\tstage.name\t\"canary\"\n";
    let expected = gonogo::snapshot::history::hex(&<sha2::Sha256 as sha2::Digest>::digest(lines));
    assert_eq!(digest, expected);
}
