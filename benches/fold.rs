//! The fold over 90 days of samples, one every 30 seconds: 259,200 samples of 50 metrics, 10 conditions, one thread.
//!
//! `cargo bench --bench fold`; `-- once` for a profiler. Medians of interleaved rounds; the growth from a tenth of the samples; where the time goes, by
//! leaving conditions out; and the memory of the columns beside what the process holds.

#![expect(
    clippy::cast_precision_loss,
    reason = "figures for people, who read fewer than 16 digits"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use gonogo::evaluate::{Question, evaluate};
use gonogo::expr::value::Value;
use gonogo::policy::Policy;
use gonogo::policy::check::{Settings, check};
use gonogo::snapshot::layout::{Context, Layout};
use gonogo::snapshot::{History, Observed, Place, Sample};
use gonogo::source::Source;
use jiff::{SignedDuration, Timestamp};

const SAMPLES: u32 = 259_200;
const METRICS: usize = 50;
const ROUNDS: usize = 15;

/// Two sustained, one greatest of a window, three means, one value of a while ago, three of the present.
const CONDITIONS: [(&str, &str, &str); 10] = [
    ("rollback", "sustained-errors", "expr: m00 >= 0.95, for: 2m"),
    ("require", "sustained-latency", "expr: m01 < 0.99, for: 24h"),
    ("require", "peak", "expr: 'm02.max(\"10m\") < 0.999'"),
    ("require", "mean-5m", "expr: 'm03.avg(\"5m\") < 0.9'"),
    ("require", "mean-1h", "expr: 'm04.avg(\"1h\") < 0.9'"),
    ("hold", "mean-10m", "expr: 'm05.avg(\"10m\") >= 0.9'"),
    ("require", "ago", "expr: 'm06 < m06.ago(\"1h\") + 0.999'"),
    ("require", "now-1", "expr: m07 < 0.9999"),
    ("require", "now-2", "expr: m08 < 0.9999 && m09 < 0.9999"),
    ("hold", "now-3", "expr: m09 >= 0.9999"),
];

/// What is left out to see what it costs.
const PARTS: [(&str, &[&str]); 6] = [
    ("all ten", &[]),
    (
        "without the two sustained",
        &["sustained-errors", "sustained-latency"],
    ),
    ("without the greatest", &["peak"]),
    (
        "without the three means",
        &["mean-5m", "mean-1h", "mean-10m"],
    ),
    ("without .ago", &["ago"]),
    (
        "one of the present alone",
        &[
            "sustained-errors",
            "sustained-latency",
            "peak",
            "mean-5m",
            "mean-1h",
            "mean-10m",
            "ago",
            "now-2",
            "now-3",
        ],
    ),
];

fn main() {
    if std::env::args().any(|argument| argument == "once") {
        // For a profiler: one fold over a tenth of the samples.
        let policy = policy(&[]);
        time(&policy, &history(&policy.layout, SAMPLES / 10));
        return;
    }
    let policies: Vec<Policy> = PARTS.iter().map(|(_, without)| policy(without)).collect();
    let before = resident();
    let long = history(&policies[0].layout, SAMPLES);
    let columns = (METRICS * 8 + 16) * SAMPLES as usize;
    let held = resident().saturating_sub(before);
    let short = history(&policies[0].layout, SAMPLES / 10);
    let mut medians = vec![Vec::new(); PARTS.len() + 1];
    for _ in 0..ROUNDS {
        for (policy, times) in policies.iter().zip(&mut medians) {
            times.push(time(policy, &long));
        }
        if let Some(times) = medians.last_mut() {
            times.push(time(&policies[0], &short));
        }
    }
    let medians: Vec<f64> = medians.into_iter().map(median).collect();
    let all = medians[0];
    for ((name, without), median) in PARTS.iter().zip(&medians) {
        let conditions = CONDITIONS.len() - without.len();
        println!(
            "{name:<28} {:>7.1} ms {:>6.1} ns per sample {:>6.1} ns per sample and condition",
            median * 1e3,
            median * 1e9 / f64::from(SAMPLES),
            median * 1e9 / f64::from(SAMPLES) / conditions as f64,
        );
    }
    println!();
    println!(
        "all ten: {:.1} ms for {SAMPLES} samples (goal 40)",
        all * 1e3
    );
    println!(
        "growth from {} to {SAMPLES} samples: {:.3} times linear (goal 1.1)",
        SAMPLES / 10,
        all / medians[PARTS.len()] / 10.0
    );
    println!(
        "columns {:.1} MB, held for the history {:.1} MB, at most during the fold {:.1} MB: {:.2} and {:.2} times the columns (goal 2)",
        mega(columns),
        mega(held),
        mega(peak().saturating_sub(before)),
        held as f64 / columns as f64,
        peak().saturating_sub(before) as f64 / columns as f64,
    );
}

fn mega(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

/// The bytes that the process holds, where the system tells.
fn resident() -> usize {
    told("VmRSS:")
}

/// The most it ever held.
fn peak() -> usize {
    told("VmHWM:")
}

fn told(key: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    kibibytes.unwrap_or(0) * 1024
}

fn policy(without: &[&str]) -> Policy {
    let mut text = "gonogo: 1\nname: bench\ninputs:\n".to_owned();
    for metric in 0..METRICS {
        text.push_str(&format!("  m{metric:02}: {{type: double}}\n"));
    }
    text.push_str("stages:\n  - name: canary\n");
    for effect in ["require", "hold", "rollback"] {
        let rules: Vec<_> = CONDITIONS
            .iter()
            .filter(|(of, id, _)| *of == effect && !without.contains(id))
            .collect();
        if !rules.is_empty() {
            text.push_str(&format!("    {effect}:\n"));
        }
        for (_, id, rest) in rules {
            text.push_str(&format!("      - {{id: {id}, {rest}}}\n"));
        }
    }
    let (policy, problems) = check(&Source::new("bench", text), &Settings::new());
    policy.unwrap_or_else(|| panic!("{problems:?}"))
}

/// A healthy history: each metric walks up and down below the limits.
fn history(layout: &Layout, samples: u32) -> History {
    let begin: Timestamp = "2026-01-01T00:00:00Z".parse().expect("an instant");
    let every = SignedDuration::from_secs(30);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let samples = (0..samples).map(move |index| {
        let at = begin + every * i32::try_from(index).expect("few samples");
        let mut values = Vec::with_capacity(METRICS + 2);
        for slot in 0..METRICS {
            // xorshift64: any numbers will do, the same in each run.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let value = (state >> 11) as f64 / (1_u64 << 53) as f64 * 0.9;
            values.push(observed(slot, Value::Double(value)));
        }
        if index == 0 {
            values.push(observed(
                layout.context(Context::StageName),
                Value::String(Arc::from("canary")),
            ));
            values.push(observed(
                layout.context(Context::StageEntered),
                Value::Timestamp(at.into()),
            ));
        }
        Sample { at, values }
    });
    History::of(layout, vec![Arc::from("bench")], samples)
}

fn observed(slot: usize, value: Value) -> Observed {
    Observed {
        slot,
        value,
        place: Place::default(),
    }
}

fn time(policy: &Policy, history: &History) -> f64 {
    let stage = policy.stage("canary").expect("the stage");
    let now = history.newest().expect("a sample");
    let question = Question {
        stage,
        asked: None,
        now,
    };
    let begin = Instant::now();
    let judgement = evaluate(policy, history, question);
    let elapsed = begin.elapsed().as_secs_f64();
    black_box(judgement.outcomes.len());
    elapsed
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
