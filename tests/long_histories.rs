//! Long histories are read in the memory that short ones take: the program is run with as little of it as it can do with.
//!
//! How little that is depends on the machine, so it is found with a short history first. That the same lines do not fit
//! when they are held, as those of a file that goes back in time are, shows that the limit is one.

#![cfg(target_os = "linux")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Room for buffers and windows, in KiB, beyond what a short history needs.
const MARGIN: u32 = 12 * 1024;
const LINES: u32 = 60_000;

const POLICY: &str = "\
gonogo: 1
name: long
inputs:
  a: {type: double}
  b: {type: double}
  c: {type: double}
  d: {type: double}
  e: {type: double}
  f: {type: double}
require:
  - {id: sustained, expr: a < 10.0, for: 1h}
  - {id: mean, expr: 'b.avg(\"1h\") < 10.0'}
  - {id: median, expr: 'c.median(\"10m\") < 10.0'}
  - {id: before, expr: 'd <= d.ago(\"1h\") + 10.0'}
  - {id: level, expr: '!e.rising(\"1h\", 1.0)'}
rollback:
  - {id: spike, expr: f >= 10.0, for: 2m}
";

fn lines(count: u32) -> Vec<String> {
    let begin: jiff::Timestamp = "2025-10-01T00:00:00Z".parse().expect("an instant");
    (0..count)
        .map(|index| {
            let at = begin + jiff::SignedDuration::from_secs(30 * i64::from(index));
            let n = index % 7;
            format!("{{\"at\":\"{at}\",\"metrics\":{{\"a\":{n},\"b\":{n},\"c\":{n},\"d\":{n},\"e\":{n},\"f\":{n}}}}}\n")
        })
        .collect()
}

/// Judges a history with so many KiB of addresses.
fn run(folder: &Path, arguments: &str, memory: u32) -> Output {
    Command::new("sh")
        .args(["-c", &format!("ulimit -v {memory} && exec \"$0\" \"$@\"")])
        .arg(env!("CARGO_BIN_EXE_gonogo"))
        .args(["eval", "-p", "policy.yaml", "--now", "latest", "-q"])
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("the program")
}

fn goes(output: &Output) -> bool {
    output.status.code() == Some(0)
}

#[test]
fn memory_does_not_grow_with_the_history() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let write =
        |name: &str, lines: &[String]| fs::write(path.join(name), lines.concat()).expect("a file");
    let mut lines = lines(LINES);
    write("policy.yaml", &[POLICY.to_owned()]);
    write("short.jsonl", &lines[..600]);
    write("long.jsonl", &lines);
    let mut table = "at,a,b,c,d,e,f\n".to_owned();
    for (index, line) in lines.iter().enumerate() {
        let n = index % 7;
        let _ = writeln!(table, "{},{n},{n},{n},{n},{n},{n}", &line[7..27]);
    }
    write("long.csv", &[table]);
    lines.reverse();
    write("backwards.jsonl", &lines);

    let enough = (2..128)
        .map(|step| step * 8 * 1024)
        .find(|memory| goes(&run(path, "-s short.jsonl", *memory)));
    let Some(enough) = enough else {
        println!("`ulimit -v` is of no use here: nothing is tried");
        return;
    };
    let memory = enough + MARGIN;
    for history in [
        "-s long.jsonl",
        "-s long.csv",
        "-s short.jsonl --baseline before=long.jsonl",
    ] {
        if history.contains("before") {
            write(
                "policy.yaml",
                &[POLICY
                    .replace("inputs:", "baselines: [before]\ninputs:")
                    .replace("a < 10.0", "a <= before.b.max(\"1h\")")],
            );
        }
        let output = run(path, history, memory);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(
            goes(&output),
            "{history} with {memory} KiB: {}\n{told}",
            output.status
        );
    }
    let held = run(path, "-s backwards.jsonl", memory);
    assert!(
        !goes(&held),
        "a history that is held fits into {memory} KiB: the limit is none"
    );
}
