//! Limits and lengths of time, with a verdict at and on each side of them.

use super::{Kind, Watched, see, written};
use gonogo::suite::coverage::{Coverage, Seen};
use serde_json::{Value as Json, json};

const INPUTS: &str = "inputs:
  a: {type: double}
  share: {type: double, unit: ratio, range: [0, 1]}
  ms: {type: double, unit: ms}
  n: {type: int}
  ok: {type: bool}
  at: {type: timestamp}
  list: {type: 'list<int>'}
params: {most: {type: double, default: 5.0}}
";

fn of(expr: &str) -> Watched {
    Watched::new(&format!("{INPUTS}require: [{{id: r, expr: '{expr}'}}]"))
}

/// What is seen of the limits of a condition in these verdicts.
fn seen(expr: &str, tests: &[Json]) -> Vec<String> {
    let mut watched = of(expr);
    for metrics in tests {
        watched.see(&[(0, metrics.clone())]);
    }
    watched.points("r", Kind::Boundaries)
}

#[test]
fn a_limit_needs_a_verdict_below_at_and_above_it_whatever_the_operator() {
    for op in ["<", "<=", ">", ">=", "==", "!="] {
        let told = seen(
            &format!("a {op} 5.0"),
            &[json!({"a": 4.9}), json!({"a": 5.0})],
        );
        assert_eq!(told, [format!("a {op} 5.0: below at (above)")]);
    }
    // Seen from the limit, whichever side it stands on.
    assert_eq!(
        seen("5.0 > a", &[json!({"a": 4.9})]),
        ["5.0 > a: below (at) (above)"]
    );
}

#[test]
fn what_is_given_is_compared_to_the_bit_and_what_is_computed_may_be_rounded() {
    let beside = 0.3_f64.next_up();
    assert_eq!(
        seen("a < 0.3", &[json!({"a": beside})]),
        ["a < 0.3: (below) (at) above"]
    );
    // 0.1 + 0.2 is not 0.3 for a machine.
    assert_eq!(
        seen("a + 0.2 < 0.3", &[json!({"a": 0.1})]),
        ["a + 0.2 < 0.3: (below) at (above)"]
    );
    assert_eq!(
        seen("ms < q(\"0.3s\")", &[json!({"ms": 300.0})]),
        ["ms < q(\"0.3s\"): (below) at (above)"]
    );
}

#[test]
fn beyond_a_declared_range_there_is_nothing_to_see() {
    assert_eq!(seen("share < 1.0", &[]), ["share < 1.0: (below) (at)"]);
    assert_eq!(seen("share > 0.0", &[]), ["share > 0.0: (at) (above)"]);
    assert_eq!(
        seen("share > 0.5", &[]),
        ["share > 0.5: (below) (at) (above)"]
    );
    assert_eq!(
        seen("share.avg(\"1m\") < q(\"100%\")", &[]),
        ["share.avg(\"1m\") < q(\"100%\"): (below) (at)"]
    );
}

#[test]
fn what_can_never_be_is_not_asked_for() {
    assert_eq!(
        seen("list.size() > 0", &[]),
        ["list.size() > 0: (at) (above)"]
    );
    assert_eq!(
        seen("a.count(\"1m\") > 0", &[]),
        ["a.count(\"1m\") > 0: (at) (above)"]
    );
    assert_eq!(
        seen("ok.share(\"1m\") >= 1.0", &[]),
        ["ok.share(\"1m\") >= 1.0: (below) (at)"]
    );
    assert_eq!(
        seen("stage.elapsed > duration(\"0s\")", &[]),
        ["stage.elapsed > duration(\"0s\"): (at) (above)"]
    );
}

#[test]
fn whole_numbers_lengths_of_time_and_instants_have_limits_too() {
    assert_eq!(
        seen(
            "n <= 2",
            &[json!({"n": 1}), json!({"n": 2}), json!({"n": 3})]
        ),
        ["n <= 2: below at above"]
    );
    let mut watched =
        of("stage.elapsed >= duration(\"1m\") && now < timestamp(\"2026-03-01T10:02:00Z\")");
    for at in [59, 60, 120] {
        watched.see(&[(at, json!({"n": 1}))]);
    }
    assert_eq!(
        watched.points("r", Kind::Boundaries),
        [
            "stage.elapsed >= duration(\"1m\"): below at above",
            "now < timestamp(\"2026-03-01T10:02:00Z\"): below at (above)"
        ]
    );
}

#[test]
fn a_window_counts_as_any_value_does() {
    let mut watched = of("a.avg(\"1m\") < 5.0");
    let minute = |a: f64| {
        [
            (0, json!({ "a": a })),
            (30, json!({ "a": a })),
            (60, json!({ "a": a })),
        ]
    };
    watched.see(&minute(5.0));
    assert_eq!(
        watched.points("r", Kind::Boundaries),
        ["a.avg(\"1m\") < 5.0: (below) at (above)"]
    );
}

#[test]
fn inside_a_macro_each_item_is_seen() {
    assert_eq!(
        seen("list.all(i, i < 3)", &[json!({"list": [2, 3, 9]})]),
        ["i < 3: below at above"]
    );
}

#[test]
fn a_comparison_of_two_things_that_change_or_of_texts_has_no_limit() {
    assert_eq!(seen("a < share * 2.0", &[]), Vec::<String>::new());
    assert_eq!(seen("stage.name == \"default\"", &[]), Vec::<String>::new());
}

#[test]
fn a_condition_that_nobody_can_tell_shows_no_limit() {
    assert_eq!(
        seen("a < 5.0 && ok", &[json!({"a": 1.0})]),
        ["a < 5.0: (below) (at) (above)"]
    );
}

#[test]
fn another_setting_counts_for_the_comparison_as_it_is_written() {
    let text = format!("{INPUTS}require: [{{id: r, expr: a < params.most}}]");
    let (plain, set) = (written(&text, &[]), written(&text, &[("most", "7.0")]));
    let mut all = Seen::default();
    see(&plain, &mut all, &[(0, json!({"metrics": {"a": 5.0}}))]);
    see(&set, &mut all, &[(0, json!({"metrics": {"a": 6.0}}))]);
    let coverage = Coverage::of(&plain, &all);
    let lines: Vec<String> = coverage.parts[0].points.iter().map(super::line).collect();
    assert_eq!(
        lines,
        ["r: met not met", "a < params.most: below at (above)"]
    );
}

#[test]
fn a_time_to_hold_needs_shorter_exactly_and_longer() {
    let mut watched = Watched::new(&format!(
        "{INPUTS}require: [{{id: r, expr: a < 5.0, for: 1m}}]\nrollback: [{{id: b, expr: a < 5.0, for: 1m, latch: false}}]"
    ));
    let held = |seconds: i64| {
        [
            (0, json!({"a": 9.0})),
            (30, json!({"a": 1.0})),
            (30 + seconds, json!({"a": 1.0})),
        ]
    };
    let times = |watched: &Watched| {
        let of = |rule| watched.points(rule, Kind::Boundaries)[1].clone();
        [of("r"), of("b")]
    };
    watched.see(&held(59));
    assert_eq!(times(&watched), ["for 1m: shorter (exactly) (longer)"; 2]);
    watched.see(&held(60));
    assert_eq!(times(&watched), ["for 1m: shorter exactly (longer)"; 2]);
    watched.see(&held(61));
    assert_eq!(times(&watched), ["for 1m: shorter exactly longer"; 2]);
    // What is false has not held at all.
    let mut watched = of("a < 5.0");
    watched.see(&[(0, json!({"a": 9.0}))]);
    assert_eq!(
        watched.points("r", Kind::Boundaries),
        ["a < 5.0: (below) (at) above"]
    );
}

#[test]
fn the_least_time_of_a_stage_is_one_too() {
    let mut watched = Watched::new(&format!(
        "{INPUTS}stages:\n  - name: s\n    bake: 1m\n    require: [{{id: r, expr: a < 5.0, for: bake}}]"
    ));
    let times = |watched: &Watched| {
        let bake = watched.points("stage.bake", Kind::Boundaries)[0].clone();
        [bake, watched.points("r", Kind::Boundaries)[1].clone()]
    };
    let good = json!({"a": 1.0});
    watched.see(&[(-60, good.clone()), (30, good.clone())]);
    assert_eq!(
        times(&watched),
        [
            "bake 1m: shorter (exactly) (longer)",
            "for bake (1m): shorter (exactly) (longer)"
        ]
    );
    watched.see(&[(-60, good.clone()), (60, good.clone())]);
    watched.see(&[(-60, good.clone()), (61, good)]);
    assert_eq!(
        times(&watched),
        [
            "bake 1m: shorter exactly longer",
            "for bake (1m): shorter exactly longer"
        ]
    );
}

#[test]
fn the_range_of_a_map_is_that_of_its_parts() {
    let mut watched = Watched::new(
        "inputs: {flag: {type: 'map<string, int>', range: [0, 1]}}\n\
         require: [{id: off, for_each: {env: flag}, expr: 'flag[env] == 0'}, {id: here, expr: 'flag[\"lab\"] < 1'}]\n",
    );
    watched.see(&[(0, json!({"flag": {"lab": 0}}))]);
    let points = |rule| watched.points(rule, Kind::Boundaries);
    assert_eq!(points("off"), ["flag[env] == 0: at (above)"]);
    assert_eq!(points("here"), ["flag[\"lab\"] < 1: below (at)"]);
}
