//! A cold `gonogo eval` of 40 conditions, from the start of the process to its exit code, beside an empty process, one
//! `jq` program that asks the same and a `bash` script around it.
//!
//! `cargo bench --bench cold`. Medians and least times of interleaved rounds, the time of the processor, the most memory
//! that was resident; and how many instructions callgrind counts, which a busy machine does not change.
//! What is not installed is left out, and that is said. The workload stands in `benches/data`.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

const ROUNDS: usize = 101;
const SNAPSHOTS: usize = 4;
/// One go, one rollback.
const TIMED: [usize; 2] = [0, 1];
/// What a pipeline without gonogo does with the answer.
const SCRIPT: &str = r#"
set -euo pipefail
answer=$(jq -c -f policy40.jq "$1")
case $answer in
  *'"verdict":"go"'*) exit 0 ;;
  *'"verdict":"rollback"'*) exit 20 ;;
  *) exit 10 ;;
esac
"#;

/// A command line by the name it is told by.
struct Peer {
    name: String,
    line: Vec<String>,
}

fn main() {
    let jq = installed("jq");
    if jq {
        agree();
        println!(
            "jq's program gives gonogo's verdict and failing rules on all {SNAPSHOTS} snapshots"
        );
    } else {
        println!("jq is not installed: nothing is compared with it");
    }
    let peers = peers(jq);
    let times = times(&peers);
    let empty = times.first().copied().expect("the empty process");
    let memory = installed("/usr/bin/time");
    if !memory {
        println!("/usr/bin/time is not installed: no figures of memory");
    }
    let processor = installed("perf");
    if !processor {
        println!("perf is not installed: no figures of processor time");
    }
    let busy = |peer: &Peer| processor.then(|| processor_time(peer)).flatten();
    let least_busy = peers.first().and_then(busy);
    println!(
        "\n{ROUNDS} rounds{:>34} {:>18} {:>18} {:>10}",
        "median", "least", "processor", "resident"
    );
    for (peer, took) in peers.iter().zip(&times) {
        let told = |took: Duration, empty: Duration| {
            let (millis, share) = (took.as_secs_f64() * 1e3, took.div_duration_f64(empty));
            format!("{millis:.2} ms {share:.2} ×")
        };
        let median = told(took.median, empty.median);
        let least = told(took.least, empty.least);
        let processor = busy(peer).zip(least_busy);
        let processor = processor.map_or_else(String::new, |(took, empty)| told(took, empty));
        let resident = if memory {
            resident(peer)
        } else {
            String::new()
        };
        println!(
            "{:<25} {median:>18} {least:>18} {processor:>18} {resident:>10}",
            peer.name
        );
    }
    println!();
    if !installed("valgrind") {
        println!("valgrind is not installed: no count of instructions");
        return;
    }
    let program = |peer: &&Peer| !peer.name.contains("jq");
    for peer in peers.iter().filter(program) {
        println!("{:<25} {:>12} instructions", peer.name, instructions(peer));
    }
}

/// What is timed, the empty process first.
fn peers(jq: bool) -> Vec<Peer> {
    let mut peers = vec![peer("an empty process (true)", ["/bin/true"])];
    for index in TIMED {
        let (snapshot, what) = (snapshot(index), if index == 0 { "go" } else { "rollback" });
        for format in ["text", "json"] {
            let mut line = eval(index);
            line.extend(["--format".to_owned(), format.to_owned()]);
            peers.push(peer(&format!("gonogo eval, {what}, {format}"), line));
        }
        if jq {
            let program = ["jq", "-c", "-f", "policy40.jq", &snapshot];
            peers.push(peer(&format!("jq, {what}"), program));
            let script = ["bash", "-c", SCRIPT, "gate", &snapshot];
            peers.push(peer(&format!("bash + jq, {what}"), script));
        }
    }
    peers
}

fn peer(name: &str, line: impl IntoIterator<Item = impl Into<String>>) -> Peer {
    Peer {
        name: name.to_owned(),
        line: line.into_iter().map(Into::into).collect(),
    }
}

fn snapshot(index: usize) -> String {
    format!("snapshot{index}.json")
}

fn eval(index: usize) -> Vec<String> {
    let program = env!("CARGO_BIN_EXE_gonogo");
    let line = [
        program,
        "eval",
        "-p",
        "policy40.yaml",
        "--now",
        "latest",
        "-s",
    ];
    let mut line: Vec<String> = line.map(str::to_owned).into();
    line.push(snapshot(index));
    line
}

/// How long the runs of one took.
#[derive(Clone, Copy)]
struct Took {
    median: Duration,
    /// What a busy machine disturbs least.
    least: Duration,
}

fn times(peers: &[Peer]) -> Vec<Took> {
    let mut rounds = vec![Vec::new(); peers.len()];
    for _ in 0..ROUNDS {
        for (peer, times) in peers.iter().zip(&mut rounds) {
            let mut command = command(&peer.line);
            command.stdout(Stdio::null()).stderr(Stdio::null());
            let start = Instant::now();
            let status = command.status();
            let took = start.elapsed();
            let code = status.expect("a program that starts").code();
            assert!(matches!(code, Some(0 | 20)), "{}: {code:?}", peer.name);
            times.push(took);
        }
    }
    rounds
        .into_iter()
        .map(|mut times| {
            times.sort_unstable();
            Took {
                median: times[ROUNDS / 2],
                least: times[0],
            }
        })
        .collect()
}

/// The mean time that a processor works for a run: what a busy machine changes least.
fn processor_time(peer: &Peer) -> Option<Duration> {
    let tool = [
        "perf",
        "stat",
        "-r",
        "50",
        "-x",
        ",",
        "-e",
        "task-clock",
        "--",
    ];
    let mut line: Vec<String> = tool.map(str::to_owned).into();
    line.extend(peer.line.iter().cloned());
    let told = String::from_utf8_lossy(&output(&line).stderr).into_owned();
    let clock = told.lines().find(|line| line.contains("task-clock"))?;
    let millis: f64 = clock.split(',').next()?.parse().ok()?;
    Some(Duration::from_secs_f64(millis / 1e3))
}

/// The most memory that a run had resident, as the system tells it.
fn resident(peer: &Peer) -> String {
    let mut line = vec!["/usr/bin/time".to_owned(), "-f".to_owned(), "%M".to_owned()];
    line.extend(peer.line.iter().cloned());
    let told = String::from_utf8_lossy(&output(&line).stderr).into_owned();
    let kibibytes = told
        .lines()
        .last()
        .and_then(|line| line.parse::<f64>().ok());
    kibibytes.map_or_else(String::new, |kibibytes| {
        format!("{:.1} MiB", kibibytes / 1024.0)
    })
}

/// How many instructions a run takes.
fn instructions(peer: &Peer) -> String {
    let tool = [
        "valgrind",
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
    ];
    let mut line: Vec<String> = tool.map(str::to_owned).into();
    line.extend(peer.line.iter().cloned());
    let told = String::from_utf8_lossy(&output(&line).stderr).into_owned();
    let count = told
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    count.map_or_else(|| "no".to_owned(), |(_, count)| count.trim().to_owned())
}

/// Holds jq's answers against gonogo's.
fn agree() {
    for index in 0..SNAPSHOTS {
        let mut line = eval(index);
        line.extend(["--format".to_owned(), "json".to_owned()]);
        let record = json(&line);
        let findings = record["findings"].as_array().expect("findings");
        let failing =
            |finding: &&Json| matches!(finding["status"].as_str(), Some("fired" | "unmet"));
        let failing = findings.iter().filter(failing);
        let mut failed: Vec<&str> = failing
            .filter_map(|finding| finding["rule"].as_str())
            .collect();
        failed.sort_unstable();
        let answer = json(&["jq", "-c", "-f", "policy40.jq", &snapshot(index)].map(str::to_owned));
        assert_eq!(answer["verdict"], record["verdict"], "snapshot {index}");
        assert_eq!(answer["failed"], Json::from(failed), "snapshot {index}");
    }
}

fn json(line: &[String]) -> Json {
    serde_json::from_slice(&output(line).stdout).expect("JSON")
}

fn output(line: &[String]) -> Output {
    command(line).output().expect("a program that starts")
}

fn command(line: &[String]) -> Command {
    let mut words = line.iter();
    let mut command = Command::new(words.next().expect("a program"));
    command.args(words);
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/data"));
    command
}

fn installed(program: &str) -> bool {
    let found = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    found.is_ok()
}
