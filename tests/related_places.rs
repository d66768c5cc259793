//! Diagnostics that come of another place show it: the declaration, the first of two, the stage.

use gonogo::policy::check::{Settings, check};
use gonogo::source::Source;

const INPUTS: &str = "\
gonogo: 1
name: canary
baselines: [before]
inputs:
  rate: {type: double, unit: ratio}
  p95: {type: double, unit: ms}
  mood: {type: string, values: [low, high]}
  moods: {type: list<string>, values: [low, high]}
  ok: {type: bool}
  n: {type: int}
  health: {type: '{status: int}'}
params:
  limit: {type: double, unit: ratio, default: 0.01}
let:
  busy: n > 3
";

/// Every related place of every diagnostic: the text of its label, its line and column, and what is underlined.
fn related(policy: &str) -> Vec<String> {
    let (_, problems) = check(&Source::new("policy.yaml", policy), &Settings::new());
    assert!(!problems.is_empty(), "nothing is wrong with\n{policy}");
    let labels = problems
        .iter()
        .flat_map(|problem| problem.labels.iter().skip(1));
    labels
        .map(|label| {
            let at = label.source.position(label.span.start);
            let underlined = &label.source.text()[label.span.start..label.span.end];
            format!("{} {}:{} {underlined}", label.text, at.line, at.column)
        })
        .collect()
}

/// The declarations shown with the mistakes of a condition.
fn of_condition(expr: &str) -> Vec<String> {
    related(&format!(
        "{INPUTS}require:\n  - id: rule\n    expr: >-\n      {expr}\n"
    ))
}

#[test]
fn a_mistake_shows_the_declarations_it_comes_of() {
    let rate = "`rate` is declared here 5:30 ratio";
    let p95 = "`p95` is declared here 6:29 ms";
    for (expr, wanted) in [
        // Units: those of both.
        ("rate < p95", vec![rate, p95]),
        ("rate + q(\"5ms\") < 1.0", vec![rate]),
        ("rate > 5.0", vec![rate]),
        ("p95 > 1.0 && rate > 5.0", vec![rate]),
        (
            "before.rate < p95",
            vec!["`before.rate` is declared here 5:30 ratio", p95],
        ),
        (
            "params.limit > p95",
            vec!["`params.limit` is declared here 13:31 ratio", p95],
        ),
        // Types.
        ("rate < \"1%\"", vec!["`rate` is declared here 5:16 double"]),
        ("rate && ok", vec!["`rate` is declared here 5:16 double"]),
        ("n / n < 1", vec!["`n` is declared here 10:13 int"]),
        ("mood", vec!["`mood` is declared here 7:16 string"]),
        ("busy > 1.0", vec!["`busy` is declared here 15:3 busy"]),
        ("mood.startsWith(n)", vec!["`n` is declared here 10:13 int"]),
        (
            "health.state == 1",
            vec!["`health` is declared here 11:18 '{status: int}'"],
        ),
        (
            "health.status == \"ok\"",
            vec!["`health` is declared here 11:18 '{status: int}'"],
        ),
        // Listed values.
        (
            "mood != \"lo\"",
            vec!["`mood` is declared here 7:33 low, high"],
        ),
        (
            "mood in [\"low\", \"hi\"]",
            vec!["`mood` is declared here 7:33 low, high"],
        ),
        (
            "moods.exists(m, m == \"lo\")",
            vec!["`moods` is declared here 8:40 low, high"],
        ),
        // Nothing of the author's own is declared, or a name of a macro hides it.
        ("1 < \"a\"", vec![]),
        ("stage.traffic < q(\"5ms\")", vec![]),
        ("moods.exists(rate, rate > 1)", vec![]),
        // A whole call that is wrong, and a part about more than three, are about none of them.
        ("within(rate, rate)", vec![]),
        ("[rate, p95, double(n), double(mood)] < 1", vec![]),
    ] {
        assert_eq!(of_condition(expr), wanted, "{expr}");
    }
}

#[test]
fn the_first_of_two_is_shown() {
    for (policy, wanted) in [
        (
            "severities: [{id: P0}, {id: P0}]\nrequire: [{id: a, expr: ok}]\n",
            "first 16:19 P0",
        ),
        (
            "require: [{id: a, expr: ok}, {id: a, expr: busy}]\n",
            "first 16:16 a",
        ),
        (
            "require: [{id: a, expr: ok, expr: busy}]\n",
            "first given here 16:19 expr",
        ),
        (
            "require: [{id: a, for_each: {n: [x, y]}, expr: ok}]\n",
            "first 10:3 n",
        ),
        (
            "require: [{id: a, expr: ok}]\n---\nname: other\n",
            "the first one begins here 1:1 gonogo",
        ),
    ] {
        assert_eq!(related(&format!("{INPUTS}{policy}")), [wanted], "{policy}");
    }
}

#[test]
fn a_rule_that_holds_for_the_bake_shows_the_stage_without_one() {
    // The rule stands in one stage and is inherited by another, which is the one without a bake.
    let stages = "\
stages:
  - name: base
    abstract: true
    require: [{id: a, expr: ok, for: bake}]
  - {name: short, extends: base}
";
    let wanted = ["this stage has no `bake` 20:12 short"];
    assert_eq!(related(&format!("{INPUTS}{stages}")), wanted);
}

#[test]
fn a_cycle_shows_its_way() {
    let stages = "\
stages:
  - {name: a, extends: c, require: [{id: r, expr: ok}]}
  - {name: b, extends: a}
  - {name: c, extends: b}
";
    let (on_a, on_b, on_c) = (
        "`a` extends `c` 17:24 c",
        "`b` extends `a` 18:24 a",
        "`c` extends `b` 19:24 b",
    );
    let wanted = [on_c, on_b, on_a, on_c, on_b, on_a];
    assert_eq!(related(&format!("{INPUTS}{stages}")), wanted);
    let alone = "stages: [{name: a, extends: a, require: [{id: r, expr: ok}]}]\n";
    assert_eq!(related(&format!("{INPUTS}{alone}")), [""; 0]);
}
