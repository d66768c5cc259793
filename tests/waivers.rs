//! Waivers: what they set aside, what they never touch, and what is told of them.

use gonogo::evaluate::{Question, evaluate_waiving, stage};
use gonogo::explain::{Digested, explain_digested, waivers};
use gonogo::policy::check::Settings;
use gonogo::policy::{Policy, Waiver, waiver};
use gonogo::snapshot::Format;
use gonogo::source::problem::any_error;
use gonogo::source::{Problem, Source};
use gonogo::verdict::{Decision, Status, Verdict};
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::subsequence;

use crate::support::{self, place::Place};

const POLICY: &str = "\
gonogo: 1
name: canary
inputs:
  a: {type: double}
  b: {type: double}
  c: {type: double}
  pages: {type: \"map<string, int>\"}
stages:
  - name: canary
    require:
      - {id: small, expr: a < 1.0, severity: P1}
      - {id: long, expr: b < 1.0, for: 10m}
      - {id: gate, expr: c < 1.0, on_unmet: rollback, waivable: true}
      - {id: quiet, expr: 'pages[each] == 0', for_each: {each: [P0, P1]}}
      - {id: seen, expr: a < 1.0, watch: true}
      - {id: other, expr: b < 1.0, when: a < 1.0}
    hold:
      - {id: high, expr: a >= 1.0}
    rollback:
      - {id: stop, expr: b >= 1.0, waivable: true}
      - {id: hard, expr: c >= 3.0}
  - name: full
    require:
      - {id: small, expr: a < 1.0}
severities:
  - {id: P1}
";

/// What can be waived, and what is not there.
const NAMES: [&str; 13] = [
    "small",
    "long",
    "gate",
    "quiet",
    "quiet[P0]",
    "quiet[P1]",
    "quiet[P2]",
    "seen",
    "other",
    "high",
    "stop",
    "small[x]",
    "gone",
];

fn now() -> Timestamp {
    "2025-10-16T10:05:00Z".parse().expect("an instant")
}

fn written(rule: &str, stage: &str, expires: &str, more: &str) -> String {
    format!(
        "- {{rule: \"{rule}\", stage: {stage}, reason: a drill, owner: mira, approved_by: jon, expires: {expires}{more}}}\n"
    )
}

fn one(rule: &str) -> String {
    written(rule, "canary", "2025-10-20T12:00:00Z", "")
}

fn read(policy: &Policy, text: &str) -> (Vec<Waiver>, Vec<Problem>) {
    waiver::read(&Source::new("waivers.yaml", text), Format::Yaml, policy)
}

/// The verdict on a sample, with what is set aside, and what is told of the waivers.
fn judged(sample: &str, aside: &str) -> (Verdict, Vec<Problem>) {
    let policy = support::policy(POLICY, &Settings::new());
    let (aside, problems) = read(&policy, aside);
    assert!(!any_error(&problems), "{}", support::told(&problems));
    let (history, problems) = support::history(&policy, &[sample]);
    assert!(!any_error(&problems), "{}", support::told(&problems));
    let asked = Some("canary");
    let stage = stage(&policy, &history, asked, now()).expect("a stage");
    let question = Question {
        stage,
        asked,
        now: now(),
    };
    let judgement = evaluate_waiving(&policy, &history, question, &[], &aside);
    let told = waivers::problems(&judgement.waivers);
    let digested = Digested {
        history: "",
        waivers: Some("sha256:of the file"),
    };
    (
        explain_digested(&policy, digested, question, judgement, &told),
        told,
    )
}

fn sample(a: &str, b: &str, c: &str, p0: &str, p1: &str) -> String {
    format!(
        "{{\"at\": \"2025-10-16T10:05:00Z\", \"subject\": {{\"version\": \"9.0.1\"}}, \"metrics\": {{\"a\": {a}, \"b\": {b}, \"c\": {c}, \"pages\": {{\"P0\": {p0}, \"P1\": {p1}}}}}}}"
    )
}

fn status(verdict: &Verdict, name: &str) -> Status {
    let found = verdict
        .findings
        .iter()
        .find(|finding| finding.name() == name);
    found.unwrap_or_else(|| panic!("no finding {name}")).status
}

#[test]
fn an_unmet_rule_is_waived_and_says_what_it_would_be() {
    let bad = sample("2", "0", "0", "0", "0");
    let (without, _) = judged(&bad, "[]");
    assert_eq!(without.verdict, Decision::NoGo);
    let aside = one("small") + &one("high") + &one("long");
    let (verdict, told) = judged(&bad, &aside);
    assert_eq!(verdict.verdict, Decision::Go, "{}", verdict.to_json());
    assert!(told.is_empty(), "{}", support::told(&told));
    let finding = verdict
        .findings
        .iter()
        .find(|one| one.rule == "small")
        .expect("a finding");
    let waiver = finding.waiver.as_ref().expect("a waiver");
    assert_eq!(
        (finding.status, waiver.instead_of),
        (Status::Waived, Status::Unmet)
    );
    assert_eq!(
        (
            waiver.reason.as_str(),
            waiver.owner.as_str(),
            waiver.approved_by.as_str()
        ),
        ("a drill", "mira", "jon")
    );
    assert!(!finding.counts && !finding.decisive);
    assert_eq!(verdict.waivers.used.len(), 3);
    assert_eq!(
        verdict.digests.waivers.as_deref(),
        Some("sha256:of the file")
    );
    // What only watches is as bad as it was, and nobody is called for what is set aside.
    assert_eq!(status(&verdict, "seen"), Status::Unmet);
    assert!(verdict.escalation.is_empty() && !without.escalation.is_empty());
}

#[test]
fn a_pending_an_unknown_and_a_fired_rule_are_waived() {
    let (verdict, _) = judged(
        &sample("0", "0", "null", "0", "0"),
        &(one("long") + &one("gate")),
    );
    assert_eq!(status(&verdict, "long"), Status::Waived);
    assert_eq!(status(&verdict, "gate"), Status::Waived);
    // `hard` reads the same value, and nothing sets it aside.
    assert_eq!(verdict.verdict, Decision::NoGo);
    let (verdict, _) = judged(
        &sample("0", "2", "2", "0", "0"),
        &(one("long") + &one("gate") + &one("stop") + &one("other")),
    );
    assert_eq!(status(&verdict, "stop"), Status::Waived);
    assert_eq!(verdict.verdict, Decision::Go, "{}", verdict.to_json());
}

#[test]
fn a_waiver_is_over_at_the_very_second() {
    let bad = sample("2", "0", "0", "0", "0");
    let aside =
        |expires: &str| one("high") + &one("long") + &written("small", "canary", expires, "");
    let (verdict, _) = judged(&bad, &aside("2025-10-16T10:05:01Z"));
    assert_eq!(verdict.verdict, Decision::Go);
    let (verdict, told) = judged(&bad, &aside("2025-10-16T10:05:00Z"));
    assert_eq!(verdict.verdict, Decision::NoGo);
    assert_eq!(status(&verdict, "small"), Status::Unmet);
    let expired = &verdict.waivers.expired[0];
    assert!(expired.missed, "it would be needed still");
    assert_eq!(told.len(), 1);
    assert!(
        verdict
            .warnings
            .iter()
            .any(|warning| warning.starts_with("idle-waiver: the waiver for `small`"))
    );
}

#[test]
fn a_waiver_for_an_item_sets_that_item_aside_alone() {
    let bad = sample("0", "0", "0", "1", "1");
    let (verdict, _) = judged(&bad, &(one("quiet[P1]") + &one("long")));
    assert_eq!(status(&verdict, "quiet[P1]"), Status::Waived);
    assert_eq!(status(&verdict, "quiet[P0]"), Status::Unmet);
    assert_eq!(verdict.verdict, Decision::NoGo);
    let (verdict, _) = judged(&bad, &(one("quiet") + &one("long")));
    assert_eq!(verdict.verdict, Decision::Go, "{}", verdict.to_json());
}

#[test]
fn of_two_waivers_of_one_rule_both_are_used_and_the_one_that_lasts_is_told() {
    let late = written("small", "canary", "2025-10-21T12:00:00Z", "");
    let aside = one("high") + &one("long") + &one("small") + &late;
    let (verdict, told) = judged(&sample("2", "0", "0", "0", "0"), &aside);
    assert!(told.is_empty());
    assert_eq!(verdict.waivers.used.len(), 4);
    let finding = verdict
        .findings
        .iter()
        .find(|one| one.rule == "small")
        .expect("a finding");
    let expires = finding.waiver.as_ref().expect("a waiver").expires;
    assert_eq!(expires.to_string(), "2025-10-21T12:00:00Z");
}

#[test]
fn a_waiver_for_another_subject_stage_or_rule_sets_nothing_aside() {
    let bad = sample("2", "0", "0", "0", "0");
    let until = "2025-10-20T12:00:00Z";
    for (aside, unused, unknown) in [
        (
            written("small", "canary", until, ", subject: {version: 9.0.2}"),
            1,
            0,
        ),
        // Nobody knows the commit: it might be another one.
        (
            written(
                "small",
                "canary",
                until,
                ", subject: {version: 9.0.1, commit: 0f1e2d3}",
            ),
            1,
            0,
        ),
        (written("small", "full", until, ""), 0, 0),
        (written("small", "nowhere", until, ""), 0, 1),
        (written("gone", "canary", until, ""), 0, 1),
        (written("seen", "canary", until, ""), 1, 0),
    ] {
        let (verdict, _) = judged(&bad, &aside);
        assert_eq!(status(&verdict, "small"), Status::Unmet, "{aside}");
        assert_eq!(verdict.waivers.used.len(), 0, "{aside}");
        assert_eq!(verdict.waivers.unused.len(), unused, "{aside}");
        assert_eq!(verdict.waivers.unknown.len(), unknown, "{aside}");
    }
    let ours = written("small", "canary", until, ", subject: {version: 9.0.1}");
    assert_eq!(status(&judged(&bad, &ours).0, "small"), Status::Waived);
}

#[test]
fn a_stage_whose_only_rule_is_waived_is_not_empty() {
    let policy = support::policy(
        "gonogo: 1\nname: a\ninputs: {x: {type: double}}\nrequire: [{id: small, expr: x < 1.0}]\n",
        &Settings::new(),
    );
    let (aside, problems) = read(
        &policy,
        &written("small", "default", "2025-10-20T12:00:00Z", ""),
    );
    assert!(problems.is_empty());
    let (history, _) = support::history(
        &policy,
        &["{\"at\": \"2025-10-16T10:05:00Z\", \"metrics\": {\"x\": 2}}"],
    );
    let stage = stage(&policy, &history, None, now()).expect("a stage");
    let question = Question {
        stage,
        asked: None,
        now: now(),
    };
    let judgement = evaluate_waiving(&policy, &history, question, &[], &aside);
    assert_eq!(judgement.decision, Decision::Go);
    assert!(judgement.causes.is_empty());
}

#[test]
fn json_and_yaml_bare_and_with_a_version_say_the_same() {
    let policy = support::policy(POLICY, &Settings::new());
    let json = "{\"gonogo\": 1, \"waivers\": [{\"rule\": \"small\", \"stage\": \"canary\", \"reason\": \"a drill\", \"owner\": \"mira\", \"approved_by\": \"jon\", \"expires\": \"2025-10-20T12:00:00Z\"}]}";
    let (of_json, problems) = waiver::read(&Source::new("w.json", json), Format::Json, &policy);
    assert!(problems.is_empty(), "{}", support::told(&problems));
    let (bare, _) = read(&policy, &one("small"));
    let whole = format!("gonogo: 1\nwaivers:\n{}", one("small"));
    let (whole, _) = read(&policy, &whole);
    for other in [&bare[0], &whole[0]] {
        assert_eq!(other.name(), of_json[0].name());
        assert_eq!(other.expires, of_json[0].expires);
        assert_eq!(other.reason, of_json[0].reason);
    }
}

#[test]
fn the_schema_takes_what_the_reader_takes() {
    let validator = jsonschema::validator_for(&gonogo::schema::waivers()).expect("a schema");
    let good = serde_json::json!({"rule": "small", "stage": "canary", "reason": "a drill", "owner": "mira",
        "approved_by": "jon", "expires": "2025-10-20T12:00:00Z", "subject": {"version": "9.0.1"}});
    assert!(validator.is_valid(&serde_json::json!([good])));
    assert!(validator.is_valid(&serde_json::json!({"gonogo": 1, "waivers": [good]})));
    for key in ["rule", "stage", "reason", "owner", "approved_by", "expires"] {
        let mut bad = good.clone();
        bad.as_object_mut().expect("a map").remove(key);
        assert!(!validator.is_valid(&serde_json::json!([bad])), "{key}");
    }
    let mut bad = good;
    bad["until"] = serde_json::json!("tomorrow");
    assert!(!validator.is_valid(&serde_json::json!([bad])));
}

#[test]
fn the_program_tells_of_waivers() {
    let place = Place::empty()
        .with("policy.yaml", POLICY)
        .with("bad.json", sample("2", "0", "0", "0", "0"))
        .with(
            "waivers.yaml",
            one("small") + &one("high") + &one("long") + &one("gate"),
        )
        .with(
            "ended.yaml",
            one("high") + &one("long") + &written("small", "canary", "2025-10-16T10:05:00Z", ""),
        )
        .with(
            "wrong.yaml",
            one("hard") + &written("small", "canary", "2025-10-20", ""),
        );
    let run = |name: &str, arguments: &str, code: i32| {
        let run = place.run(&format!(
            "eval -p policy.yaml -s bad.json --stage canary --now latest {arguments}"
        ));
        assert_eq!(run.code, code, "{}", run.transcript);
        approved(name, &run.transcript);
    };
    run("waived", "--waivers waivers.yaml", 0);
    run("expired", "--waivers ended.yaml", 10);
    run("wrong", "--waivers wrong.yaml", 4);
    run("absent", "--waivers nowhere.yaml", 4);
}

fn approved(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => "snapshots/waivers",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!(name, text) });
}

/// Values that meet a rule, fail it, or are not known.
fn value() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("0"), Just("2"), Just("4"), Just("null")]
}

fn any_sample() -> impl Strategy<Value = String> {
    (value(), value(), value(), value(), value())
        .prop_map(|(a, b, c, p0, p1)| sample(a, b, c, p0, p1))
}

/// Some of the names, each until then or over.
fn any_waivers() -> impl Strategy<Value = Vec<String>> {
    let one = |(name, over, stage)| {
        let expires = if over {
            "2025-10-16T10:05:00Z"
        } else {
            "2025-10-16T10:05:01Z"
        };
        written(name, stage, expires, "")
    };
    let stage = prop_oneof![4 => Just("canary"), 1 => Just("full")];
    subsequence(NAMES.to_vec(), 0..NAMES.len())
        .prop_flat_map(move |names| {
            let stage = stage.clone();
            let each: Vec<_> = names
                .into_iter()
                .map(|name| (Just(name), proptest::bool::weighted(0.2), stage.clone()))
                .collect();
            each
        })
        .prop_map(move |all| all.into_iter().map(one).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn removing_a_waiver_never_improves_a_verdict(sample in any_sample(), aside in any_waivers(), gone in any::<prop::sample::Index>()) {
        prop_assume!(!aside.is_empty());
        let (with, _) = judged(&sample, &aside.concat());
        let mut less = aside.clone();
        less.remove(gone.index(less.len()));
        let (without, _) = judged(&sample, if less.is_empty() { "[]".to_owned() } else { less.concat() }.as_str());
        prop_assert!(without.verdict >= with.verdict, "{} then {}", with.to_json(), without.to_json());
    }

    #[test]
    fn a_waiver_touches_nothing_it_does_not_name(sample in any_sample(), aside in any_waivers()) {
        let (with, _) = judged(&sample, if aside.is_empty() { "[]".to_owned() } else { aside.concat() }.as_str());
        let (without, _) = judged(&sample, "[]");
        prop_assert_eq!(with.findings.len(), without.findings.len());
        for finding in &with.findings {
            let before = without.findings.iter().find(|one| one.name() == finding.name()).expect("the same rules");
            let stands = |name: &str| aside.iter().any(|one| {
                one.contains(&format!("\"{name}\"")) && one.contains("stage: canary") && one.contains("10:05:01Z")
            });
            let named = stands(&finding.rule) || stands(&finding.name());
            let open = matches!(before.status, Status::Unmet | Status::Fired | Status::Pending | Status::Unknown);
            let expected = if named && open && !before.watch { Status::Waived } else { before.status };
            prop_assert_eq!(finding.status, expected, "{}", finding.name());
            prop_assert_eq!(finding.counts, before.counts && finding.status != Status::Waived);
        }
    }

    #[test]
    fn the_order_of_waivers_never_matters(sample in any_sample(), aside in any_waivers()) {
        prop_assume!(!aside.is_empty());
        let (forth, _) = judged(&sample, &aside.concat());
        let back: Vec<String> = aside.into_iter().rev().collect();
        let (mut back, _) = judged(&sample, &back.concat());
        // Their places differ.
        back.warnings = forth.warnings.clone();
        prop_assert_eq!(forth.sealed().to_json(), back.sealed().to_json());
    }
}
