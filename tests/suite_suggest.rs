//! Suggested tests: each is found, reads back when it is pasted, passes, and does what it was asked for.

use gonogo::evaluate::Subject;
use gonogo::policy::Policy;
use gonogo::policy::check::{Settings, check};
use gonogo::snapshot::Format;
use gonogo::source::Source;
use gonogo::suite::expect::Expected;
use gonogo::suite::run::{notices, run};
use gonogo::suite::suggest::{Sought, Suggestion, Tried, Wanted, suggest};
use gonogo::suite::{Files, Outcome, Suite, bind, read};
use gonogo::verdict::Status;

fn suite(policy: &str, suite: &str) -> Suite {
    let source = Source::new("a.test.yaml", suite.to_owned());
    let (document, problems) = read(&source, Format::Yaml);
    assert!(problems.is_empty(), "{suite}\n{problems:?}");
    let Some(document) = document else {
        panic!("no suite: {suite}");
    };
    let policy = Source::new("policy.yaml", policy.to_owned());
    match bind(&document, &policy, Files::default()) {
        Ok(suite) => suite,
        Err(problems) => panic!("{problems:?}"),
    }
}

/// What became of a rule, or of any of its items.
fn statuses(policy: &Policy, tried: &Tried<'_>, rule: &str) -> Vec<Status> {
    let Ok((_, judgement)) = tried.fixture.judge(policy) else {
        return Vec::new();
    };
    let own = judgement.outcomes.iter().filter(|outcome| {
        let id = match &outcome.of {
            Subject::Rule(one, _) => one.id.to_string(),
            Subject::Bake(_) => "stage.bake".to_owned(),
            Subject::Traffic(_) => "stage.traffic".to_owned(),
            Subject::Needs(_) => "stage.needs".to_owned(),
            Subject::Field(name, _) => format!("record.{name}"),
        };
        id == rule
    });
    own.map(|outcome| outcome.status).collect()
}

/// A fixture in which a rule becomes this.
struct Becomes<'a>(&'a str, Status);

impl Wanted for Becomes<'_> {
    fn shows(&mut self, tried: &Tried<'_>) -> bool {
        statuses(tried.policy, tried, self.0).contains(&self.1)
    }
}

/// A fixture that tells a policy from another one.
struct Tells {
    rule: &'static str,
    other: Policy,
}

impl Tells {
    fn new(rule: &'static str, other: &str) -> Self {
        let source = Source::new("policy.yaml", other.to_owned());
        let (other, problems) = check(&source, &Settings::new());
        match other {
            Some(other) => Self { rule, other },
            None => panic!("{problems:?}"),
        }
    }
}

impl Wanted for Tells {
    fn shows(&mut self, tried: &Tried<'_>) -> bool {
        statuses(tried.policy, tried, self.rule) != statuses(&self.other, tried, self.rule)
    }

    fn notices(&mut self, tried: &Tried<'_>) -> bool {
        let Ok(expected) = Expected::read(tried.suite, tried.case) else {
            return false;
        };
        notices(tried.suite, &expected, tried.fixture, &self.other).unwrap_or(true)
    }
}

/// A suggestion, which has been pasted into its suite and passes there.
fn asked(policy: &str, tests: &str, rule: &str, wanted: &mut dyn Wanted) -> Option<Suggestion> {
    let bound = suite(policy, tests);
    let stages: Vec<&str> = bound.policies[0]
        .1
        .judged()
        .map(|stage| stage.name.as_ref())
        .collect();
    let sought = Sought {
        stages,
        rule,
        hints: Vec::new(),
    };
    let found = suggest(&bound, &sought, wanted)?;
    let again = suggest(&bound, &sought, wanted);
    assert_eq!(again.as_ref(), Some(&found), "not the same one twice");
    println!("{}", found.line);
    assert!(!found.line.contains('\n'), "{}", found.line);
    let pasted = format!("{tests}  {}\n", found.line);
    let pasted = suite(policy, &pasted);
    let Some(case) = pasted.cases.last() else {
        panic!("nothing pasted");
    };
    assert_eq!(case.test.name, found.name);
    assert!(
        case.problems.is_empty(),
        "{}: {:?}",
        found.line,
        case.problems
    );
    let result = run(&pasted, case, None);
    assert_eq!(result.outcome, Outcome::Passed, "{}", found.line);
    let fixture = pasted.fixture(case).expect("a fixture");
    let tried = Tried {
        suite: &pasted,
        case,
        policy: &pasted.policies[fixture.policy].1,
        fixture: &fixture,
    };
    assert!(
        wanted.shows(&tried) && wanted.notices(&tried),
        "{}",
        found.line
    );
    Some(found)
}

fn becomes(policy: &str, tests: &str, rule: &str, status: Status) -> String {
    let found = asked(policy, tests, rule, &mut Becomes(rule, status));
    found
        .unwrap_or_else(|| panic!("{rule} never becomes {status:?}"))
        .line
}

/// The suggestion that tells a policy from the one that has `new` in the place of `old`.
fn tells(policy: &str, tests: &str, rule: &'static str, (old, new): (&str, &str)) -> String {
    assert_eq!(policy.matches(old).count(), 1, "{old}");
    let other = policy.replace(old, new);
    let found = asked(policy, tests, rule, &mut Tells::new(rule, &other));
    found
        .unwrap_or_else(|| panic!("nothing tells `{old}` from `{new}`"))
        .line
}

const POLICY: &str = r#"gonogo: 1
name: shop
data: {max_age: 10m}
baselines: [before]
inputs:
  error_rate: {type: double, unit: ratio, range: [0, 1]}
  latency: {type: double, unit: ms}
  users: {type: int}
  ready: {type: bool}
  tone: {type: string, values: [bad, fair, good]}
  incidents: {type: "map<string, int>"}
  health: {type: "map<string, bool>"}
rollback:
  - {id: errors, expr: 'error_rate >= q("5%")', for: 2m}
  - {id: slow, expr: latency > 900.0}
hold:
  - {id: worse, expr: 'latency > before.latency * 1.5'}
  - {id: burst, expr: 'error_rate.avg("5m") > q("2%")'}
  - {id: both, expr: 'error_rate >= q("1%") && latency >= 600.0'}
  - {id: either, expr: 'users < 10 || (latency > 800.0 && error_rate > q("3%"))'}
require:
  - {id: few, expr: users >= 100}
  - {id: is-ready, expr: ready}
  - {id: heard, expr: 'tone in ["fair", "good"]'}
  - {id: calm, expr: 'incidents["P0"] == 0'}
  - {id: healthy, for_each: {part: health}, expr: 'health[part]'}
  - {id: quick, when: ready, expr: 'latency <= 500.0'}
  - {id: settled, expr: 'stage.elapsed >= duration("30m")'}
"#;

const SUITE: &str = r"gonogo: 1
policy: policy.yaml
tests:
  - name: all is well
    given:
      - {at: 2026-01-14T11:00:00Z, metrics: {error_rate: 0.001}}
      - at: 2026-01-14T12:00:00Z
        stage: {entered: 2026-01-14T11:00:00Z}
        metrics: {error_rate: 0.001, latency: 300, users: 500, ready: true, tone: good, incidents: {P0: 0}, health: {api: true, db: true}}
        baselines: {before: {latency: 290}}
    expect: {fired: []}
";

#[test]
fn a_limit_is_found_with_its_sides() {
    assert_eq!(
        becomes(POLICY, SUITE, "slow", Status::Fired),
        "- {name: slow fires with latency 909, given: [{at: 2026-01-14T11:00:00Z, metrics: {error_rate: 0.001}}, \
         {at: 2026-01-14T12:00:00Z, stage: {entered: 2026-01-14T11:00:00Z}, metrics: {error_rate: 0.001, latency: 300, \
         users: 500, ready: true, tone: good, incidents: {P0: 0}, health: {api: true, db: true}}, \
         baselines: {before: {latency: 290}}}], patch: {metrics: {latency: 909}}, \
         expect: {verdict: rollback, fired: [slow, worse]}}"
    );
    tells(
        POLICY,
        SUITE,
        "slow",
        ("latency > 900.0", "latency >= 900.0"),
    );
    tells(
        POLICY,
        SUITE,
        "slow",
        ("latency > 900.0", "latency > 909.0"),
    );
    tells(
        POLICY,
        SUITE,
        "slow",
        ("latency > 900.0", "latency > 891.0"),
    );
    tells(
        POLICY,
        SUITE,
        "slow",
        ("latency > 900.0", "latency > 900.0000000000001"),
    );
    tells(
        POLICY,
        SUITE,
        "slow",
        ("latency > 900.0", "latency > 899.9999999999999"),
    );
    tells(POLICY, SUITE, "few", ("users >= 100", "users >= 101"));
    tells(POLICY, SUITE, "few", ("users >= 100", "users >= 99"));
    tells(POLICY, SUITE, "few", ("users >= 100", "users > 100"));
}

#[test]
fn a_unit_is_that_of_the_input() {
    for other in [
        r#"error_rate > q("5%")"#,
        r#"error_rate >= q("4.95%")"#,
        r#"error_rate >= q("5.05%")"#,
    ] {
        tells(POLICY, SUITE, "errors", (r#"error_rate >= q("5%")"#, other));
    }
}

#[test]
fn a_time_it_must_hold_is_found_exactly_and_on_each_side() {
    let line = becomes(POLICY, SUITE, "errors", Status::Pending);
    assert!(line.contains("series"), "{line}");
    tells(POLICY, SUITE, "errors", ("for: 2m", "for: 1m"));
    tells(POLICY, SUITE, "errors", ("for: 2m", "for: 4m"));
}

#[test]
fn bools_and_texts_take_turns() {
    becomes(POLICY, SUITE, "is-ready", Status::Unmet);
    becomes(POLICY, SUITE, "is-ready", Status::Unknown);
    becomes(POLICY, SUITE, "heard", Status::Unmet);
    becomes(POLICY, SUITE, "quick", Status::Skipped);
    tells(
        POLICY,
        SUITE,
        "heard",
        (r#"["fair", "good"]"#, r#"["good"]"#),
    );
}

#[test]
fn parts_of_maps_and_items_are_changed() {
    becomes(POLICY, SUITE, "calm", Status::Unmet);
    becomes(POLICY, SUITE, "calm", Status::Unknown);
    becomes(POLICY, SUITE, "healthy", Status::Unmet);
    becomes(POLICY, SUITE, "healthy", Status::Unknown);
}

#[test]
fn a_part_of_a_map_that_not_every_sample_gives_keeps_its_others() {
    let policy = r#"gonogo: 1
name: parts
data: {max_age: 2h}
inputs:
  share: {type: "map<string, double>"}
let: {fast: 'share["a"] + share["b"]'}
require:
  - {id: most, expr: fast > 0.5}
"#;
    let tests = r"gonogo: 1
policy: policy.yaml
tests:
  - name: most are fast
    given:
      - {at: 2026-01-14T11:00:00Z, metrics: {share: {a: 0.25, b: 0.5}}}
      - {at: 2026-01-14T12:00:00Z, metrics: {}}
    expect: {verdict: go}
";
    let line = becomes(policy, tests, "most", Status::Unmet);
    assert!(line.contains("patch: {metrics: {share: {a: "), "{line}");
    for other in ["fast >= 0.5", "fast > 0.495", "fast > 0.505"] {
        tells(policy, tests, "most", ("fast > 0.5", other));
    }
}

#[test]
fn what_is_compared_with_another_input_is_found_where_it_turns() {
    becomes(POLICY, SUITE, "worse", Status::Fired);
    tells(
        POLICY,
        SUITE,
        "worse",
        ("latency > before.latency", "latency >= before.latency"),
    );
    tells(POLICY, SUITE, "worse", ("* 1.5", "* 1.515"));
}

#[test]
fn a_window_sees_a_value_that_holds_throughout() {
    becomes(POLICY, SUITE, "burst", Status::Fired);
    tells(POLICY, SUITE, "burst", (r#"> q("2%")"#, r#">= q("2%")"#));
}

#[test]
fn inputs_that_decide_together_are_changed_together() {
    let both = r#"error_rate >= q("1%") && latency >= 600.0"#;
    tells(POLICY, SUITE, "both", (both, r#"error_rate >= q("1%")"#));
    tells(POLICY, SUITE, "both", (both, "latency >= 600.0"));
    tells(
        POLICY,
        SUITE,
        "both",
        ("latency >= 600.0", "latency > 600.0"),
    );
    tells(
        POLICY,
        SUITE,
        "either",
        ("latency > 800.0 &&", "latency >= 800.0 &&"),
    );
    tells(
        POLICY,
        SUITE,
        "either",
        (
            r#"(latency > 800.0 && error_rate > q("3%"))"#,
            "latency > 800.0",
        ),
    );
    tells(
        POLICY,
        SUITE,
        "either",
        (
            r#"(latency > 800.0 && error_rate > q("3%"))"#,
            r#"error_rate > q("3%")"#,
        ),
    );
}

#[test]
fn the_time_in_the_stage_is_found_by_its_entry() {
    becomes(POLICY, SUITE, "settled", Status::Unmet);
    tells(
        POLICY,
        SUITE,
        "settled",
        (
            r#"stage.elapsed >= duration("30m")"#,
            r#"stage.elapsed > duration("30m")"#,
        ),
    );
    tells(
        POLICY,
        SUITE,
        "settled",
        (r#"duration("30m")"#, r#"duration("30m0.000000001s")"#),
    );
}

#[test]
fn what_cannot_be_is_not_suggested() {
    // Nothing waives it, and it is a stop.
    assert_eq!(
        asked(POLICY, SUITE, "slow", &mut Becomes("slow", Status::Waived)),
        None
    );
    // The range ends where it would begin.
    let policy = POLICY.replace(r#"error_rate >= q("5%")"#, r#"error_rate >= q("100%")"#);
    let other = policy.replace(r#"error_rate >= q("100%")"#, r#"error_rate == q("100%")"#);
    assert_eq!(
        asked(&policy, SUITE, "errors", &mut Tells::new("errors", &other)),
        None
    );
}

#[test]
fn a_name_is_one_that_no_test_has() {
    let first = becomes(POLICY, SUITE, "slow", Status::Fired);
    let more = format!("{SUITE}  {first}\n");
    let second = asked(POLICY, &more, "slow", &mut Becomes("slow", Status::Fired));
    assert!(second.is_some_and(|second| second.line != first));
}

const PROOFS: &str = r#"gonogo: 1
name: proofs
data: {max_age: 10m}
calendars:
  office: {timezone: UTC, allow: ["Mon-Fri 09:00-17:00"]}
roles: {sre: {}, dba: {}}
record: {fields: [ticket]}
stages:
  - name: staging
    traffic: 0%
    bake: 2h
    require:
      - {id: tests, evidence: {id: unit-tests, max_age: 1d, commit: same}}
      - {id: drill, attest: {role: sre, max_age: 7d}}
      - {id: cab, approve: {roles: [sre, dba], not_by: author}}
      - {id: window, during: office}
  - name: live
    traffic: 100%
    needs: staging
    require:
      - {id: tests, evidence: {id: unit-tests}}
"#;

const PROVED: &str = r#"gonogo: 1
policy: policy.yaml
tests:
  - name: all is given
    given:
      at: 2026-01-14T12:00:00Z
      subject: {service: shop, version: "2", commit: abcdef1, author: zoe, ticket: T-1}
      stage: {name: staging, entered: 2026-01-14T10:00:00Z, traffic: 0}
      evidence: [{id: unit-tests, status: passed, at: 2026-01-14T11:00:00Z, commit: abcdef1}]
      attestations: [{rule: drill, by: ann, role: sre, at: 2026-01-14T11:00:00Z}]
      approvals:
        - {rule: cab, by: ben, role: sre, decision: approved, at: 2026-01-14T11:00:00Z}
        - {rule: cab, by: cleo, role: dba, decision: approved, at: 2026-01-14T11:00:00Z}
    expect: {verdict: go}
"#;

#[test]
fn proofs_are_given_and_taken_away() {
    for (rule, status) in [
        ("tests", Status::Unmet),
        ("tests", Status::Pending),
        ("drill", Status::Pending),
        ("cab", Status::Pending),
        ("cab", Status::Unmet),
        ("window", Status::Pending),
        ("stage.bake", Status::Pending),
        ("stage.traffic", Status::Unmet),
        ("stage.needs", Status::Met),
        ("record.ticket", Status::Unmet),
    ] {
        becomes(PROOFS, PROVED, rule, status);
    }
    tells(PROOFS, PROVED, "tests", ("max_age: 1d", "max_age: 2d"));
    tells(PROOFS, PROVED, "tests", (", commit: same", ""));
    tells(PROOFS, PROVED, "cab", (", not_by: author", ""));
    tells(PROOFS, PROVED, "stage.bake", ("bake: 2h", "bake: 4h"));
    tells(PROOFS, PROVED, "stage.bake", ("bake: 2h", "bake: 1h"));
}

#[test]
fn a_stage_that_no_test_judges_is_judged() {
    let line = becomes(PROOFS, PROVED, "stage.needs", Status::Unmet);
    assert!(line.contains("stage: live"), "{line}");
}
