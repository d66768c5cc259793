//! `gonogo test` over 1,000 tests of a policy of 50 rules, each with a series of 240 samples; and a tenth of them beside
//! `promtool test rules` on the same rules and values, where that is installed: all of them would take it minutes.
//!
//! `cargo bench --bench suite`. Medians of interleaved rounds, whole processes: files are read, rules checked, reports
//! written. `-- write FOLDER` leaves the generated files there.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const TESTS: usize = 1_000;
const RULES: usize = 50;
const SAMPLES: usize = 240;
const ROUNDS: usize = 7;
/// Of so many tests the peer is given one.
const PEER_SHARE: usize = 10;
const PEER_ROUNDS: usize = 3;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "write") {
        let folder = arguments.get(at + 1).expect("a folder");
        return write(Path::new(folder));
    }
    let folder = tempfile::tempdir().expect("a scratch folder");
    write(folder.path());
    let ours = |suite: &str, threads: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gonogo"));
        command.args(["test", "-j", threads, suite]);
        took(command.current_dir(folder.path()))
    };
    let [mut one, mut two] = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        one.push(ours(SUITE, "1"));
        two.push(ours(SUITE, "2"));
    }
    println!("{TESTS} tests, {RULES} rules, {SAMPLES} samples");
    println!("gonogo test -j 1      {:>9.1} ms", millis(median(one)));
    println!("gonogo test -j 2      {:>9.1} ms", millis(median(two)));
    let version = Command::new("promtool").arg("--version").output();
    if version.is_err() {
        println!("promtool is not installed");
        return;
    }
    let [mut one, mut two, mut peer] = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..PEER_ROUNDS {
        one.push(ours(SHARE, "1"));
        two.push(ours(SHARE, "2"));
        let mut command = Command::new("promtool");
        command.args(["test", "rules", "peer.test.yaml"]);
        peer.push(took(command.current_dir(folder.path())));
    }
    let (one, two, peer) = (median(one), median(two), median(peer));
    println!("{} of these tests", TESTS / PEER_SHARE);
    println!("gonogo test -j 1      {:>9.1} ms", millis(one));
    println!("gonogo test -j 2      {:>9.1} ms", millis(two));
    println!("promtool test rules   {:>9.1} ms", millis(peer));
    let ratio = |ours: Duration| peer.as_secs_f64() / ours.as_secs_f64();
    println!(
        "promtool takes {:.0} and {:.0} times as long",
        ratio(one),
        ratio(two)
    );
}

/// How long a process takes that must succeed.
fn took(command: &mut Command) -> Duration {
    let begun = Instant::now();
    let output = command.output().expect("the program runs");
    let took = begun.elapsed();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {told}");
    took
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// The metric whose values a test changes, and for how many samples it is too high: from too short to long enough.
fn changed(test: usize) -> (usize, usize) {
    (test % RULES, (test / RULES) % 10)
}

const SUITE: &str = "suite.test.yaml";
const SHARE: &str = "share.test.yaml";

/// A rule holds for two minutes where it fires: five samples, 30 seconds apart.
const FIRES: usize = 5;

fn write(folder: &Path) {
    let put = |name: &str, text: String| std::fs::write(folder.join(name), text).expect("a file");
    put("policy.yaml", policy());
    put(SUITE, suite(1));
    put(SHARE, suite(PEER_SHARE));
    put("rules.yaml", peer_rules());
    put("peer.test.yaml", peer_suite());
}

fn policy() -> String {
    let mut text = "gonogo: 1\nname: bench\ninputs:\n".to_owned();
    for metric in 0..RULES {
        let _ = writeln!(text, "  m{metric:02}: {{type: double, unit: ratio}}");
    }
    text.push_str("require:\n  - {id: known, expr: m00 <= 1.0}\nrollback:\n");
    for rule in 0..RULES {
        let _ = writeln!(
            text,
            "  - {{id: high-{rule:02}, expr: m{rule:02} >= q(\"5%\"), for: 2m}}"
        );
    }
    text
}

fn suite(share: usize) -> String {
    let metrics: Vec<String> = (0..RULES)
        .map(|metric| format!("m{metric:02}: 0.01"))
        .collect();
    let metrics = metrics.join(", ");
    let mut text = format!(
        "gonogo: 1\npolicy: policy.yaml\nsnapshots:\n  calm:\n\
         \x20   - {{at: 2026-03-01T10:00:00Z, metrics: {{{metrics}}}}}\n\
         \x20   - {{at: 2026-03-01T11:59:30Z, metrics: {{{metrics}}}}}\n\
         tests:\n"
    );
    for test in (0..TESTS).step_by(share) {
        let (metric, high) = changed(test);
        let values = match high {
            0 => format!("\"0.01*{SAMPLES}\""),
            high => format!("\"0.01*{}\", \"0.06*{high}\"", SAMPLES - high),
        };
        let expect = if high >= FIRES {
            format!("{{verdict: rollback, fired: [high-{metric:02}]}}")
        } else {
            "{verdict: go, fired: []}".to_owned()
        };
        let _ = writeln!(
            text,
            "  - name: test {test}\n    given: calm\n    series: {{every: 30s, m{metric:02}: [{values}]}}\n    expect: {expect}"
        );
    }
    text
}

fn peer_rules() -> String {
    let mut text = "groups:\n  - name: bench\n    interval: 30s\n    rules:\n".to_owned();
    for rule in 0..RULES {
        let _ = writeln!(
            text,
            "      - {{alert: high-{rule:02}, expr: 'm{rule:02} >= 0.05', for: 2m}}"
        );
    }
    text
}

fn peer_suite() -> String {
    let mut text = "rule_files: [rules.yaml]\nevaluation_interval: 30s\ntests:\n".to_owned();
    for test in (0..TESTS).step_by(PEER_SHARE) {
        let (changed, high) = changed(test);
        let _ = writeln!(text, "  - interval: 30s\n    input_series:");
        for metric in 0..RULES {
            // `AxN` is A and N times more of it.
            let values = match high {
                high if metric == changed && high > 0 => {
                    format!("0.01x{} 0.06x{}", SAMPLES - high - 1, high - 1)
                }
                _ => format!("0.01x{}", SAMPLES - 1),
            };
            let _ = writeln!(text, "      - {{series: m{metric:02}, values: '{values}'}}");
        }
        let alerts = if high >= FIRES {
            "[{exp_labels: {}}]"
        } else {
            "[]"
        };
        let last = (SAMPLES - 1) * 30;
        let _ = writeln!(
            text,
            "    alert_rule_test:\n      - {{eval_time: {last}s, alertname: high-{changed:02}, exp_alerts: {alerts}}}"
        );
    }
    text
}
