//! Logs of records: what is added follows what stands there, and whatever is changed behind it is found.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::process::{Command, Stdio};

use gonogo::verdict::log::{Audit, Chain};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use crate::record_read::{recorded, text};
use crate::support::place::{Place, Run};

const EVAL: &str = "eval -p policy.yaml -s day.jsonl --log log.jsonl -q --now";

fn add(place: &Place, minute: u32) -> Run {
    place.run(&format!("{EVAL} 2025-10-16T10:0{minute}:00Z"))
}

/// A log of six records.
fn logged() -> (Place, Vec<String>) {
    let place = recorded();
    for minute in 1..=6 {
        let run = add(&place, minute % 4);
        assert!(
            matches!(run.code, 0 | 10 | 11 | 20) && run.stderr.is_empty(),
            "{}",
            run.transcript
        );
    }
    let lines = text(&place, "log.jsonl")
        .split_inclusive('\n')
        .map(str::to_owned)
        .collect();
    (place, lines)
}

fn audit(lines: &[String]) -> Audit {
    let mut chain = Chain::new(None);
    lines.iter().for_each(|line| chain.take(line));
    chain.finish()
}

/// The lines with findings.
fn found(lines: &[String]) -> Vec<u64> {
    let audit = audit(lines);
    assert_eq!(audit.whole, audit.findings.is_empty());
    audit.findings.iter().map(|found| found.line).collect()
}

fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

#[test]
fn a_line_says_its_number_the_digest_before_it_its_record_and_its_own_digest() {
    let (place, lines) = logged();
    let mut previous = Json::Null;
    for (index, line) in lines.iter().enumerate() {
        let value: Json = serde_json::from_str(line).expect("JSON");
        assert_eq!(
            (&value["log"], &value["seq"]),
            (&Json::from(1), &Json::from(index + 1))
        );
        assert_eq!(value["previous"], previous);
        previous = value["digest"].clone();
        // As documented: the digest of the line without it.
        let digest = previous.as_str().expect("a digest");
        let without = line
            .trim_end()
            .replace(&format!(",\"digest\":\"{digest}\""), "");
        assert_eq!(sha256(&without), digest);
        // And the record is the one that `--record` writes.
        let minute = (index + 1) % 4;
        place.run(&format!("eval -p policy.yaml -s day.jsonl -q --now 2025-10-16T10:0{minute}:00Z --record one.json"));
        assert_eq!(
            value["record"],
            serde_json::from_str::<Json>(&text(&place, "one.json")).expect("JSON")
        );
    }
    assert_eq!(found(&lines), [0; 0]);
    let run = place.run("log verify log.jsonl");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for told in [
        "WHOLE",
        "6 records",
        "first     1  2025-10-16T10:01:00Z",
        "last      6  2025-10-16T10:02:00Z  no-go  canary @ default  slideb 9.0.1",
        "not found by this",
    ] {
        assert!(run.stdout.contains(told), "{}", run.stdout);
    }
    assert!(
        run.stdout.contains(&format!(
            "head      {}",
            previous.as_str().expect("a digest")
        )),
        "{}",
        run.stdout
    );
}

#[test]
fn every_byte_that_is_changed_is_found_in_its_line() {
    let (_, lines) = logged();
    let line = &lines[2];
    for at in 0..line.len() - 1 {
        let mut bytes = line.clone().into_bytes();
        bytes[at] = if bytes[at] == b'1' { b'2' } else { b'1' };
        let Ok(changed) = String::from_utf8(bytes) else {
            continue;
        };
        let mut lines = lines.clone();
        lines[2] = changed;
        let found = found(&lines);
        assert_eq!(found.first(), Some(&3), "byte {at}: {found:?}");
    }
}

#[test]
fn what_is_removed_reordered_inserted_or_cut_is_found_with_its_line() {
    let (_, lines) = logged();
    for at in 0..5 {
        let mut removed = lines.clone();
        removed.remove(at);
        assert_eq!(found(&removed), [at as u64 + 1]);
        let mut swapped = lines.clone();
        swapped.swap(at, at + 1);
        assert_eq!(found(&swapped).first(), Some(&(at as u64 + 1)));
        let mut twice = lines.clone();
        twice.insert(at, lines[at].clone());
        assert_eq!(found(&twice), [at as u64 + 2]);
        let mut cut = lines[..=at].to_vec();
        let half = cut[at].len() / 2;
        cut[at].truncate(half);
        assert_eq!(found(&cut), [at as u64 + 1]);
        let mut unended = lines[..=at].to_vec();
        unended[at].pop();
        assert_eq!(found(&unended), [at as u64 + 1]);
        for stray in ["\n", "{}\n", "hello\n", "\r\n"] {
            let mut inserted = lines.clone();
            inserted.insert(at, stray.to_owned());
            let found = found(&inserted);
            assert_eq!(found.first(), Some(&(at as u64 + 1)), "{stray:?} {found:?}");
        }
        let mut other_end = lines.clone();
        other_end[at].insert(lines[at].len() - 1, '\r');
        assert_eq!(found(&other_end), [at as u64 + 1]);
    }
    // Several at once are all found.
    let mut many = lines.clone();
    many[1] = many[1].replace("slideb", "slidec");
    many[3] = "x\n".to_owned();
    assert_eq!(found(&many), [2, 4]);
    // A line made anew with a digest of its own fits no more to the one behind it.
    let mut forged = lines.clone();
    let without = |line: &str| {
        line.rsplit_once(",\"digest\"")
            .expect("a digest")
            .0
            .to_owned()
    };
    let own = without(&forged[2].replace("\"exit_code\":20", "\"exit_code\":0"));
    forged[2] = format!("{own},\"digest\":\"{}\"}}\n", sha256(&format!("{own}}}")));
    let audit = audit(&forged);
    let told: Vec<&str> = audit
        .findings
        .iter()
        .map(|found| found.what.as_str())
        .collect();
    assert_eq!(
        audit
            .findings
            .iter()
            .map(|found| found.line)
            .collect::<Vec<_>>(),
        [3, 4],
        "{told:?}"
    );
    assert!(
        told[0].starts_with("its record is not what gonogo wrote")
            && told[1].contains("that one was changed or put in"),
        "{told:?}"
    );
    // What is cut off at the end is not found, as is said; the head that was kept tells.
    assert_eq!(found(&lines[..4]), [0; 0]);
}

#[test]
fn the_head_that_was_kept_is_looked_for() {
    let (place, lines) = logged();
    let digest = |line: &str| {
        serde_json::from_str::<Json>(line).expect("JSON")["digest"]
            .as_str()
            .expect("a digest")
            .to_owned()
    };
    let (last, third) = (digest(&lines[5]), digest(&lines[2]));
    for (head, code, told) in [
        (last.as_str(), 0, "it is the head that was kept"),
        (&third, 0, "is that of record 3"),
        (
            &format!("sha256:{}", "e".repeat(64)),
            1,
            "no line has the head that was kept",
        ),
        ("sha256:abc", 2, ""),
        ("", 2, ""),
    ] {
        let run = place.call(&["log", "verify", "log.jsonl", "--head", head]);
        assert_eq!(run.code, code, "{}", run.transcript);
        assert!(run.stdout.contains(told), "{}", run.stdout);
    }
    place.write("log.jsonl", lines[..5].concat());
    let run = place.run(&format!("log verify log.jsonl --head {last} --format json"));
    assert_eq!(run.code, 1, "{}", run.transcript);
    let told: Json = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(
        (&told["whole"], &told["kept"], &told["lines"]),
        (&false.into(), &"nowhere".into(), &5.into())
    );
    assert!(
        told["not_found_by_this"]
            .as_str()
            .expect("a text")
            .contains("records taken from the end")
    );
}

#[test]
fn what_cannot_be_followed_is_not_added_to() {
    let (place, lines) = logged();
    let whole = lines.concat();
    let half = whole.len() - lines[5].len() / 2;
    for (bytes, told) in [
        (whole.as_bytes()[..half].to_vec(), "is not finished"),
        (whole.trim_end().as_bytes().to_vec(), "is not finished"),
        (
            [whole.as_bytes(), b"\n"].concat(),
            "does not end with a line of a log",
        ),
        (
            [whole.as_bytes(), b"{\"at\": 1}\n"].concat(),
            "does not end with a line of a log",
        ),
        ([whole.as_bytes(), b"\xff\n"].concat(), "is not UTF-8"),
        (
            b"{\"at\": 1}\n".to_vec(),
            "does not end with a line of a log",
        ),
        (
            lines[5].replace("slideb", "slidec").into_bytes(),
            "is not what gonogo wrote",
        ),
        (
            lines[5].replacen("\"log\":1", "\"log\":2", 1).into_bytes(),
            "of version 2",
        ),
    ] {
        place.write("log.jsonl", &bytes);
        let run = add(&place, 3);
        assert_eq!(run.code, 4, "{}", run.transcript);
        assert!(
            run.stdout.starts_with("ROLLBACK"),
            "the verdict first: {}",
            run.transcript
        );
        let told_in_one = run
            .stderr
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .replace("│ ", "");
        assert!(
            told_in_one.contains(told) && run.stderr.contains("help:"),
            "{}",
            run.stderr
        );
        assert_eq!(
            std::fs::read(place.path().join("log.jsonl")).expect("the log"),
            bytes
        );
    }
    for (log, code) in [
        (".", 4),
        ("missing/log.jsonl", 4),
        ("log.json", 4),
        ("/dev/null", 4),
    ] {
        let run = place.run(&format!(
            "eval -p policy.yaml -s day.jsonl --now latest --log {log}"
        ));
        assert_eq!(run.code, code, "{}", run.transcript);
        assert!(run.stdout.starts_with("ROLLBACK"), "{}", run.transcript);
    }
    // What is read is never added to.
    let run = place.run("eval -p policy.yaml -s day.jsonl --now latest --log policy.yaml");
    assert_eq!(run.code, 2, "{}", run.transcript);
    // The record would be written over the log.
    place.write("log.jsonl", &whole);
    for record in ["log.jsonl", "./log.jsonl"] {
        let run = place.run(&format!(
            "eval -p policy.yaml -s day.jsonl --now latest --log log.jsonl --record {record}"
        ));
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (2, ""),
            "{}",
            run.transcript
        );
    }
    assert_eq!(text(&place, "log.jsonl"), whole);
    // An empty file is a log that begins.
    place.write("log.jsonl", "");
    assert_eq!(add(&place, 3).code, 20);
    assert_eq!(found(&[text(&place, "log.jsonl")]), [0; 0]);
    // Where there is no verdict nothing is logged.
    let run = place.run("eval -p policy.yaml -s missing.jsonl --log none.jsonl");
    assert_eq!(run.code, 4);
    assert!(!place.path().join("none.jsonl").exists());
}

#[test]
fn many_at_once_make_one_chain() {
    let place = recorded();
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gonogo"));
        let command = command.args(EVAL.split_whitespace()).arg("latest");
        let command = command.current_dir(place.path()).stdout(Stdio::null());
        command.spawn().expect("a run")
    };
    let mut runs: Vec<_> = (0..16).map(|_| run()).collect();
    for run in &mut runs {
        assert_eq!(run.wait().expect("an end").code(), Some(20));
    }
    let log = text(&place, "log.jsonl");
    let lines: Vec<String> = log.split_inclusive('\n').map(str::to_owned).collect();
    assert_eq!((lines.len(), found(&lines)), (16, Vec::new()));
}

#[test]
fn a_long_last_line_is_followed_and_a_hostile_log_is_read() {
    let (place, lines) = logged();
    // Longer than what is read at once from the end: the record has many warnings.
    let mut verdict: gonogo::verdict::Verdict =
        serde_json::from_str(&text(&place, "record.json")).expect("a record");
    verdict.warnings = (0..9_000)
        .map(|number| format!("a warning, the {number}th"))
        .collect();
    let long = gonogo::verdict::log::line(None, &verdict.sealed());
    assert!(long.len() > 200_000);
    place.write("log.jsonl", &long);
    assert_eq!(add(&place, 3).code, 20);
    let log = text(&place, "log.jsonl");
    let both: Vec<String> = log.split_inclusive('\n').map(str::to_owned).collect();
    assert_eq!((both.len(), found(&both)), (2, Vec::new()));
    // Very many lines that are none: counted, not held.
    place.write("bad.jsonl", "x\n".repeat(200_000));
    let run = place.run("log verify bad.jsonl");
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("… and 199000 more lines") && run.stdout.len() < 200_000);
    let mut file = OpenOptions::new()
        .append(true)
        .open(place.path().join("bad.jsonl"))
        .expect("a file");
    file.write_all(&[0xff, 0, b'\n']).expect("bytes");
    assert!(
        place
            .run("log verify bad.jsonl")
            .stdout
            .contains("200001 lines")
    );
    // Deep nesting and numbers beyond all bounds in a record with a right digest.
    for record in [
        "[".repeat(100_000),
        "{\"gonogo\":1e999}".to_owned(),
        "{\"a\":1}".to_owned(),
        "\u{1b}[2J".to_owned(),
    ] {
        let body = format!("{{\"log\":1,\"seq\":1,\"previous\":null,\"record\":{record}");
        let line = format!("{body},\"digest\":\"{}\"}}\n", sha256(&format!("{body}}}")));
        place.write("forged.jsonl", &line);
        let run = place.run("log verify forged.jsonl");
        assert_eq!(run.code, 1, "{}", run.transcript);
        assert!(!run.stdout.contains('\u{1b}'), "{}", run.transcript);
    }
    for (name, code) in [("missing.jsonl", 4), (".", 4), ("empty.jsonl", 4)] {
        place.write("empty.jsonl", "");
        let run = place.run(&format!("log verify {name}"));
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (code, ""),
            "{}",
            run.transcript
        );
    }
    let run = place.run_with("log verify -", &lines.concat());
    assert_eq!(run.code, 0, "{}", run.transcript);
}
