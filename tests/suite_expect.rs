//! What tests expect: each key right and wrong, what is told of it, and the reports of it. The expectations are written by
//! hand from the policy below.

mod keys;
mod mistakes;
mod reports;

use std::fmt::Write as _;

use gonogo::snapshot::Format;
use gonogo::source::Source;
use gonogo::suite::{
    Files, Named, Outcome, Suite, SuiteResult, TestResult, Use, bind, read, run::run,
};

const POLICY: &str = r#"gonogo: 1
name: shop
inputs:
  error_rate: {type: double, unit: ratio, range: [0, 1], max_age: 5m}
  latency: {type: double, unit: ms, max_age: 5m}
  queue: {type: int, max_age: 5m}
  night: {type: bool, max_age: 5m}
  seen: {type: int, max_age: 5m}
  backup: {type: bool, max_age: 5m}
  health: {type: "map<string, bool>", max_age: 5m}
roles: {on-call: {contact: Pager}, lead: {}}
severities: [{id: P0, respond_within: 5m, notify: [on-call]}, {id: P2}]
escalation:
  - {id: page-lead, expr: '"fast" in unmet', severity: P2, notify: [lead]}
rollback_plan: [{mode: instant, target: 0%, reenter: canary, requires: [idle]}]
after: {rollback: [{do: write the report, by: lead, within: 1d}]}
stages:
  - name: canary
    bake: 10m
    require:
      - {id: healthy, for_each: {check: '["api", "db"]'}, expr: 'health[check]', message: "look at ${check}"}
      - {id: fast, expr: 'latency < q("500ms")', message: "it takes ${latency}"}
      - {id: calm, expr: 'error_rate < q("1%")', watch: true}
      - {id: drained, expr: queue == 0, when: night}
      - {id: steady, expr: error_rate < 0.5, for: 10m}
      - {id: watched-over, expr: seen > 0}
      - {id: idle, expr: queue < 100, on_unmet: rollback, severity: P2}
      - {id: backed-up, expr: backup}
    hold:
      - {id: busy, expr: queue > 1000}
    rollback:
      - {id: spike, expr: 'error_rate >= q("5%")', for: 2m, severity: P0, action: switch it off}
  - name: full
    require:
      - {id: fast-everywhere, expr: 'latency < q("400ms")'}
"#;

/// A history in which every status occurs, and one in which all is well.
const HEAD: &str = "gonogo: 1
policy: policy.yaml
snapshots:
  sick:
    - at: 2025-10-16T10:00:00Z
      stage: {name: canary, entered: 2025-10-16T09:00:00Z}
      metrics: {error_rate: 0.06, latency: 600, queue: 0, night: false, backup: false, health: {api: true, db: false}}
    - at: 2025-10-16T10:03:00Z
      metrics: {error_rate: 0.061, latency: 600, queue: 0, night: false, backup: false, health: {api: true, db: false}}
  well:
    - at: 2025-10-16T10:00:00Z
      stage: {name: canary, entered: 2025-10-16T10:00:00Z}
      metrics: {error_rate: 0.001, latency: 100, queue: 0, night: true, seen: 1, backup: true, health: {api: true, db: true}}
    - at: 2025-10-16T10:05:00Z
      metrics: {error_rate: 0.001, latency: 100, queue: 0, night: true, seen: 1, backup: true, health: {api: true, db: true}}
    - at: 2025-10-16T10:10:00Z
      metrics: {error_rate: 0.001, latency: 100, queue: 0, night: true, seen: 1, backup: true, health: {api: true, db: true}}
tests:
  - {name: both are given, given: [well], stage: full, expect: {verdict: go}}
  - {name: so is the other, given: [sick], stage: full, expect: {verdict: no-go}}
";

/// A test of the sick history, in which the backup is waived.
const SICK: &str = "given: sick, waivers: [{rule: backed-up, stage: canary, reason: it runs, owner: jon, approved_by: Rae, expires: 2025-10-17T00:00:00Z}]";

/// A suite out of tests, with files of what was approved.
fn suite(tests: &str, approved: &[(&str, &str)]) -> Suite {
    let source = Source::new("suites/shop.test.yaml", format!("{HEAD}{tests}"));
    let (document, problems) = read(&source, Format::Yaml);
    assert_eq!(problems, []);
    let mut files = Files::default();
    for (path, text) in approved {
        let (of, path) = (Use::Approved, (*path).to_owned());
        let found = vec![(Source::new(path.as_str(), *text), Format::Yaml)];
        files.found.insert(Named { of, path }, Ok(found));
    }
    let policy = Source::new("suites/policy.yaml", POLICY);
    bind(&document.expect("a suite"), &policy, files).expect("a suite that is bound")
}

/// What becomes of a suite; the two tests at its head, which pass, are left out.
fn results(tests: &str, approved: &[(&str, &str)]) -> SuiteResult {
    let suite = suite(tests, approved);
    let mut tests: Vec<TestResult> = suite
        .cases
        .iter()
        .map(|case| run(&suite, case, None))
        .collect();
    for passed in tests.drain(..2) {
        assert_eq!(passed.outcome, Outcome::Passed, "{:?}", passed.problems);
    }
    SuiteResult {
        file: "suites/shop.test.yaml".to_owned(),
        policy: Some("shop".to_owned()),
        tests,
        problems: Vec::new(),
    }
}

/// What becomes of one test that is given something and expects something.
fn result(given: &str, expect: &str) -> TestResult {
    let test = format!("  - {{name: it, {given}, expect: {{{expect}}}}}\n");
    results(&test, &[]).tests.pop().expect("a test")
}

/// What becomes of a test of the sick history, for people who compare: each difference in a line, or each mistake with
/// the text it stands at.
fn told(expect: &str) -> String {
    text(&result(SICK, expect))
}

fn text(result: &TestResult) -> String {
    let mut told = String::new();
    for one in &result.differences {
        let _ = write!(told, "{}: {} but {}", one.key, one.expected, one.actual);
        for (what, names) in [("missing", &one.missing), ("extra", &one.extra)] {
            if !names.is_empty() {
                let _ = write!(told, "; {what} {}", names.join(", "));
            }
        }
        told.push('\n');
    }
    for problem in &result.problems {
        let at = problem.labels.first().expect("a place");
        let marked = at.source.text().get(at.span.start..at.span.end);
        let marked = marked.expect("a text");
        let _ = writeln!(told, "{}: {} @ {marked}", problem.code, problem.message);
        let _ = writeln!(told, "  {}", problem.help.as_deref().unwrap_or("-"));
    }
    if told.is_empty() {
        assert_eq!(result.outcome, Outcome::Passed);
        told.push_str("passed\n");
    }
    told
}
