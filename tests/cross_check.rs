//! Which expressions a second engine is asked about, and what follows where it differs: no verdict, exit code 70.

use crate::support::{cases, history, policy};
use gonogo::evaluate::{Condition, Part, Question, conditions, evaluate, stage};
use gonogo::expr::Budget;
use gonogo::expr::oracle::{KNOWN, Opinion, STACK, Second};
use gonogo::policy::check::Settings;
use gonogo::report::cross_check::{CrossCheck, cross_check};
use gonogo::verdict::ExitCode;
use jiff::Timestamp;

const POLICY: &str = "\
gonogo: 1
name: canary
inputs:
  error_rate: {type: double, unit: ratio}
  formats: {type: \"map<string, double>\"}
  gone: {type: double}
let:
  calm: error_rate < q(\"5%\")
  quiet: calm && !known(gone)
require:
  - {id: errors, expr: quiet || gone > 1, when: error_rate > 0}
  - {id: formats, expr: \"formats[f] < 0.1\", for_each: {f: formats}}
rollback:
  - {id: spike, expr: error_rate > 0.2}
";

const SAMPLES: &str = "\
{\"at\": \"2025-10-16T10:05:00Z\", \"metrics\": {\"error_rate\": 0.3, \"formats\": {\"csv\": 0.01}}}
{\"at\": \"2025-10-16T10:06:00Z\", \"metrics\": {\"error_rate\": 0.01, \"formats\": {\"csv\": 0.02, \"pdf\": 0.5}}}
";

/// What a judgement of these rests on.
fn asked_of(
    text: &str,
    samples: &str,
    asked: Option<&str>,
    now: Option<Timestamp>,
    settings: &Settings,
) -> Vec<Condition> {
    let policy = policy(text, settings);
    let (history, _) = history(&policy, &[samples]);
    let now = now.or(history.newest()).expect("a sample");
    let stage = stage(&policy, &history, asked, now).expect("a stage");
    let judgement = evaluate(&policy, &history, Question { stage, asked, now });
    conditions(&policy, &judgement)
}

fn asked() -> Vec<Condition> {
    asked_of(POLICY, SAMPLES, None, None, &Settings::new())
}

fn compare(conditions: &[Condition]) -> CrossCheck {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || {
                cross_check(
                    &Second::new().expect("the second engine"),
                    "policy.yaml",
                    conditions,
                )
            });
        thread.expect("a thread").join().expect("a comparison")
    })
}

#[test]
fn every_expression_a_verdict_rests_on_is_compared() {
    let conditions = asked();
    let mut names: Vec<String> = conditions
        .iter()
        .map(|condition| format!("{} {:?}", condition.rule, condition.part))
        .collect();
    names.sort();
    // The items of a list are asked for once for each item; named expressions with each expression that refers to them.
    assert_eq!(
        names,
        [
            "errors Expr",
            "errors Let(\"calm\")",
            "errors Let(\"quiet\")",
            "errors When",
            "formats[csv] Expr",
            "formats[csv] ForEach",
            "formats[pdf] Expr",
            "formats[pdf] ForEach",
            "spike Expr",
            "spike Fired",
        ]
    );
    let compared = compare(&conditions);
    assert_eq!(
        (compared.same, compared.exit_code()),
        (10, None),
        "{}",
        compared.text()
    );
    assert_eq!(
        compared.text(),
        "cross-check: 10 conditions agree with cel 0.15.0\n"
    );
}

#[test]
fn a_stop_that_is_clear_again_is_compared_on_what_it_fired_on() {
    let conditions = asked();
    let rate = |part: Part| {
        let condition = conditions
            .iter()
            .find(|condition| condition.part == part && condition.rule == "spike");
        let condition = condition.expect("the stop");
        condition.slots[condition.expr.slots()[0]].to_string()
    };
    assert_eq!(
        (rate(Part::Expr), rate(Part::Fired)),
        ("0.01".to_owned(), "0.3".to_owned())
    );
}

#[test]
fn where_two_engines_differ_there_is_no_verdict() {
    let conditions = asked();
    let stop = conditions
        .iter()
        .find(|condition| condition.part == Part::Fired)
        .expect("the stop");
    let mut compared = compare(&conditions);
    compared.add(
        "policy.yaml",
        stop,
        Opinion::Different {
            ours: "true".to_owned(),
            theirs: "no value: Division by zero of Int(1)".to_owned(),
        },
    );
    assert_eq!(compared.exit_code(), Some(ExitCode::Bug));
    assert_eq!(ExitCode::Bug.code(), 70);
    assert_eq!(
        compared.text(),
        "\
cross-check: two engines differ, so there is no verdict
  spike as it fired  policy.yaml:14:23
    error_rate > 0.2
    gonogo      true
    cel 0.15.0  no value: Division by zero of Int(1)
this is a bug in gonogo or in the second engine; please report it with policy and snapshots
"
    );
}

#[test]
fn no_case_of_the_language_differs() {
    let (mut same, mut apart) = (0, 0);
    for case in cases() {
        let conditions = asked_of(
            &case.policy,
            &case.history,
            case.stage.as_deref(),
            case.now,
            &case.settings,
        );
        let compared = compare(&conditions);
        assert!(
            compared.different.is_empty(),
            "{}: {}",
            case.name,
            compared.text()
        );
        same += compared.same;
        apart += compared.apart.values().sum::<usize>();
    }
    println!("{same} conditions agree, {apart} not compared");
    assert!(
        same > 300 && apart < same / 20,
        "{same} agree, {apart} not compared"
    );
}

/// Everything a policy can name, and how it can name it.
#[test]
fn whatever_a_policy_names_is_handed_over() {
    let conditions = asked_of(
        include_str!("cross_check/policy.yaml"),
        include_str!("cross_check/snapshot.jsonl"),
        None,
        None,
        &Settings::new(),
    );
    let compared = compare(&conditions);
    assert_eq!(
        compared.text(),
        format!(
            "cross-check: {} conditions agree with cel 0.15.0\n",
            conditions.len()
        )
    );
    // None of them agrees because both know nothing.
    for condition in &conditions {
        let value = condition
            .expr
            .value(&condition.slots, &mut Budget::default());
        assert!(
            value.is_ok(),
            "{} {:?}: {value:?}",
            condition.rule,
            condition.part
        );
    }
}

#[test]
fn every_known_difference_is_documented() {
    let page = std::fs::read_to_string("docs/cross-check.md").expect("the page");
    let rows: Vec<String> = KNOWN
        .iter()
        .map(|known| format!("| {} | {} |", known.name, known.reason))
        .collect();
    let listed: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(1)
        .collect();
    assert_eq!(
        listed, rows,
        "docs/cross-check.md lists the known differences in their order"
    );
}
