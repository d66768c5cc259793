//! What a finding tells of the condition it was judged on: the trace, the contents of windows, what it was decided without;
//! and how a full report shows it.

use gonogo::policy::check::Settings;
use gonogo::report::text::{Style, report};
use gonogo::verdict::{Finding, Verdict};
use serde_json::json;

use crate::support;

const POLICY: &str = r#"
gonogo: 1
name: looked
data: {max_age: 5m}
inputs:
  error_rate: {type: double, unit: ratio, range: [0, 1]}
  rates: {type: "map<string, double>", unit: ratio}
  n: {type: int}
  xs: {type: "list<int>", max_age: 1d}
require:
  - {id: errors, expr: 'error_rate < 0.01 && error_rate.avg("10m") < 0.01'}
  - {id: long, expr: 'error_rate.avg("2h") < 0.01'}
  - {id: ago, expr: 'error_rate > error_rate.ago("10m")'}
  - {id: streak, expr: '(error_rate < 0.05).streak() > 3'}
  - {id: share, expr: '(error_rate < 0.05).share("10m") > 0.9'}
  - {id: hole, expr: 'n.avg("20m") < 5.0'}
  - {id: each, for_each: {f: rates}, expr: 'rates[f].max("10m") < 0.01'}
  - {id: decided, expr: 'error_rate < 0.01 && n.avg("20m") < 5.0'}
  - {id: many, expr: 'xs.all(x, x < 3 || x > 100)', controls: [CC7.2], runbook: "https://runbooks.example/many"}
  - {id: none, expr: 'xs.exists(x, x > 100)'}
  - {id: some, expr: 'error_rate < 0.5 || n.avg("20m") < 5.0'}
hold:
  - {id: quiet, expr: 'error_rate > 0.2', for: 5m}
"#;

fn verdict() -> Verdict {
    let samples: Vec<String> = (0..31)
        .map(|minute| {
            let rate = if minute < 28 { 30 + 2 * minute } else { minute };
            let mut metrics = json!({
                "error_rate": f64::from(rate) / 1000.0,
                "rates": {"csv": 0.02, "json": 0.001},
                "xs": [1, 8, 2, 9, 12, 4, 5],
            });
            if !(3..28).contains(&minute) {
                metrics["n"] = json!(minute);
            }
            json!({"at": format!("2025-10-16T10:{minute:02}:00Z"), "metrics": metrics}).to_string()
        })
        .collect();
    let policy = support::policy(POLICY, &Settings::new());
    support::judge(&policy, &[&samples.join("\n")], None, None)
}

fn finding<'v>(verdict: &'v Verdict, name: &str) -> &'v Finding {
    let found = verdict.findings.iter().find(|one| one.name() == name);
    found.expect("a finding")
}

/// What the only window of a finding looked back at, in one line.
fn window(verdict: &Verdict, name: &str) -> String {
    let [window] = finding(verdict, name).windows.as_slice() else {
        panic!("{name} has {:?}", finding(verdict, name).windows)
    };
    let told = json!([
        window.expr,
        window.from,
        window.samples,
        window.min,
        window.avg,
        window.max,
        window.last,
        window.unit,
        window.holes
    ]);
    told.to_string()
}

#[test]
fn windows_tell_what_they_looked_back_at() {
    let verdict = verdict();
    let rows = [
        (
            "errors",
            r#"["error_rate.avg(\"10m\")","2025-10-16T10:20:00Z",10,0.028,0.0633,0.084,0.03,"ratio",[]]"#,
        ),
        (
            "long",
            r#"["error_rate.avg(\"2h\")","2025-10-16T08:30:00Z",31,0.028,0.05429032258064516,0.084,0.03,"ratio",[{"from":"2025-10-16T08:30:00Z","to":"2025-10-16T10:00:00Z"}]]"#,
        ),
        (
            "ago",
            r#"["error_rate.ago(\"10m\")","2025-10-16T10:20:00Z",0,null,null,null,0.03,"ratio",[]]"#,
        ),
        (
            "streak",
            r#"["(error_rate < 0.05).streak()",null,3,null,null,null,null,null,[]]"#,
        ),
        (
            "share",
            r#"["(error_rate < 0.05).share(\"10m\")","2025-10-16T10:20:00Z",10,null,null,null,true,null,[]]"#,
        ),
        (
            "hole",
            r#"["n.avg(\"20m\")","2025-10-16T10:10:00Z",3,28.0,29.0,30.0,30,null,[{"from":"2025-10-16T10:10:00Z","to":"2025-10-16T10:28:00Z"}]]"#,
        ),
        (
            "each[csv]",
            r#"["rates[f].max(\"10m\")","2025-10-16T10:20:00Z",10,0.02,0.02,0.02,0.02,"ratio",[]]"#,
        ),
    ];
    let told: Vec<(&str, String)> = rows
        .iter()
        .map(|(name, _)| (*name, window(&verdict, name)))
        .collect();
    let rows: Vec<(&str, String)> = rows.map(|(name, told)| (name, told.to_owned())).into();
    assert_eq!(told, rows);
    // What holds needs no contents.
    assert!(finding(&verdict, "some").windows.is_empty());
}

#[test]
fn a_window_that_is_too_short_says_when_it_is_not() {
    let verdict = verdict();
    let [gap] = finding(&verdict, "long").unknown.as_slice() else {
        panic!("one gap")
    };
    assert_eq!(
        gap.reason,
        "the history does not reach back so far; from 2025-10-16T12:00:00Z on it will"
    );
    // Nothing anybody does brings that about sooner.
    assert!(finding(&verdict, "long").to_change.is_empty());
}

/// `[item] part = value` of a trace.
fn trace(finding: &Finding) -> Vec<String> {
    let part = |part: &gonogo::verdict::Part| {
        let item = part.item.as_ref().map(|item| format!("[{item}] "));
        let value = part.value.as_ref().map(ToString::to_string);
        let value = value.or(part.unknown.clone()).unwrap_or_default();
        format!("{}{} = {value}", item.unwrap_or_default(), part.expr)
    };
    finding.trace.iter().map(part).collect()
}

#[test]
fn a_trace_shows_the_items_that_decided_and_counts_the_others() {
    let verdict = verdict();
    assert_eq!(
        trace(finding(&verdict, "many")),
        [
            "xs.all(x, x < 3 || x > 100) = false",
            "xs = [1,8,2,9,12,4,5]",
            "[1] x < 3 || x > 100 = false",
            "[1] x < 3 = false",
            "[1] x = 8",
            "[1] x > 100 = false",
            "[1] x = 8",
            "[3] x < 3 || x > 100 = false",
            "[3] x < 3 = false",
            "[3] x = 9",
            "[3] x > 100 = false",
            "[3] x = 9",
            "[4] x < 3 || x > 100 = false",
            "[4] x < 3 = false",
            "[4] x = 12",
            "[4] x > 100 = false",
            "[4] x = 12",
            "[… 2 more items] xs.all(x, x < 3 || x > 100) = ",
        ]
    );
    // An `exists` that is false was decided by all items together.
    assert_eq!(
        trace(finding(&verdict, "none")).last().map(String::as_str),
        Some("[… 4 more items] xs.exists(x, x > 100) = ")
    );
    // Only what stands against a go is traced.
    assert!(finding(&verdict, "some").trace.is_empty());
}

#[test]
fn a_trace_is_never_longer_than_a_person_reads() {
    let terms: Vec<String> = (0..60).map(|n| format!("n > {n}")).collect();
    let policy = format!(
        "gonogo: 1\nname: long\ninputs:\n  n: {{type: int}}\n  t: {{type: string}}\nrequire:\n  - {{id: long, expr: '{}'}}\n  - {{id: \
         text, expr: 't == \"a\"'}}\n",
        terms.join(" && ")
    );
    let policy = support::policy(&policy, &Settings::new());
    let metrics = json!({"n": 3, "t": "é\u{1b}".repeat(40_000)});
    let sample = json!({"at": "2025-10-16T10:00:00Z", "metrics": metrics}).to_string();
    let verdict = support::judge(&policy, &[&sample], None, None);
    let long = trace(finding(&verdict, "long"));
    assert_eq!(long.len(), 41);
    assert!(long[40].starts_with("[… 81 more parts] "), "{}", long[40]);
    let text = trace(finding(&verdict, "text")).join("");
    assert!(text.len() < 4_096, "{}", text.len());
    let told = report(
        &verdict,
        Style {
            full: true,
            ..Style::default()
        },
    );
    assert!(!told.contains('\u{1b}'), "{told}");
    assert!(
        told.lines().all(|line| line.chars().count() <= 80),
        "{told}"
    );
}

#[test]
fn what_was_decided_without_is_said_whatever_became_of_it() {
    let verdict = verdict();
    let told = report(&verdict, Style::default());
    let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let gap = "n.avg(\"20m\") (a hole in the window longer than `max_age`)";
    assert!(
        words.contains(&format!("note some was decided without {gap}")),
        "{told}"
    );
    assert!(
        words.contains(&format!("false 31m since 10:00:00Z decided without {gap}"))
            || words.contains(&format!("10:00:00Z decided without {gap}")),
        "{told}"
    );
    assert!(
        words.contains("unknown: n.avg(\"20m\"): a hole in the window"),
        "{told}"
    );
}

#[test]
fn a_full_report_is_what_the_page_shows() {
    let told = report(
        &verdict(),
        Style {
            full: true,
            ..Style::default()
        },
    );
    insta::assert_snapshot!(told);
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/explanations.md");
    let page = support::read(&page);
    let shown = page.split("```text\n").nth(1).expect("an example");
    let shown = shown.split("```").next().expect("its end");
    assert!(told.contains(shown), "{told}\n---\n{shown}");
}
