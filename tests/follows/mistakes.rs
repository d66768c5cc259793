//! What is said of escalation, plans and duties that are wrong, word by word.

use crate::support;

const HEAD: &str = r#"gonogo: 1
name: canary
inputs:
  error_rate: {type: double, unit: ratio}
roles: {on-call: {}, sre: {}}
severities:
  - {id: P0, respond_within: 5m, notify: on-call}
  - {id: P1, respond_within: 15m, notify: sre}
calendars:
  office: {timezone: UTC, allow: "Mon-Fri 09:00-17:00"}
stages:
  - name: live
    abstract: true
    rollback:
      - {id: error-spike, expr: error_rate >= 0.05}
  - name: canary-5
    extends: live
    traffic: 5%
    require:
      - {id: errors, expr: error_rate < 0.01}
      - {id: gate, expr: error_rate < 0.02, on_unmet: rollback}
    hold:
      - {id: warm, expr: error_rate > 0.005}
      - {id: dry, expr: error_rate > 0.005, watch: true}
  - name: rolled-back
    require:
      - {id: calm, expr: error_rate < 0.01}
"#;

/// What follows, and for each thing wrong with it `code [underlined] message — help`.
const TABLE: &[(&str, &[&str])] = &[
    (
        "escalation: {rows: [{id: a, expr: error_rate > 0.0, severity: P0}]}",
        &[
            "missing-key [[{id: a, expr: error_rate > 0.0, severity: P0}]] a matrix without a name — name it: `escalation: {NAME: {hit: first, rows: […]}}`, or write a plain list of rows",
        ],
    ),
    (
        "escalation: {who: {hit: firts, rows: [{id: a, expr: error_rate > 0.0, severity: P0}]}}",
        &["bad-value [firts] `hit: firts` means nothing — did you mean `first`?"],
    ),
    (
        "escalation: {who: {hit: some, rows: [{id: a, expr: error_rate > 0.0, severity: P0}]}}",
        &[
            "bad-value [some] `hit: some` means nothing — write `first`, `all` or `unique`; without it all speak",
        ],
    ),
    (
        "escalation: {who: {hit: first}}",
        &["missing-key [{hit: first}] a matrix without `rows` — add `rows: […]`"],
    ),
    (
        "escalation: {Who is it: [{id: a, expr: error_rate > 0.0, severity: P0}]}",
        &[
            "bad-name [Who is it] `Who is it` cannot be the id of a matrix — write it in kebab-case, such as `error-spike`",
        ],
    ),
    (
        "escalation: []",
        &["bad-value [[]] a matrix without a row — add a row or remove it"],
    ),
    (
        "escalation: [{id: a_b, expr: error_rate > 0.0, severity: P0}]",
        &[
            "bad-name [a_b] `a_b` cannot be the id of a row — write it in kebab-case, such as `error-spike`",
        ],
    ),
    (
        "escalation: [{id: a, expr: error_rate > 0.0}]",
        &[
            "missing-key [{id: a, expr: error_rate > 0.0}] the row `a` asks nothing of anybody — add a `severity`, an `action` or whom to `notify`",
        ],
    ),
    (
        "escalation: [{id: a, severity: P0}]",
        &["missing-key [{id: a, severity: P0}] a row without `expr` — add `expr: …`"],
    ),
    (
        "escalation: [{id: a, expr: error_rate > 0.0, severity: P2}]",
        &["unknown-severity [P2] there is no severity `P2` — did you mean `P0`?"],
    ),
    (
        "escalation: [{id: a, expr: error_rate > 0.0, notify: oncall}]",
        &["unknown-role [oncall] there is no role `oncall` — did you mean `on-call`?"],
    ),
    (
        "escalation: [{id: a, expr: error_rate > 0.0, severity: P0, respond_within: 5m}]",
        &[
            "unknown-key [respond_within] a row has no `respond_within` — the keys of a row are id, title, expr, for, severity, action, within, notify, cite",
        ],
    ),
    (
        "escalation: [{id: a, expr: error_rate > 0.0, severity: P0, within: {business: 1d, calendar: ofice}}]",
        &["unknown-calendar [ofice] there is no calendar `ofice` — did you mean `office`?"],
    ),
    (
        "escalation: [{id: a, expr: error_rate > 0.0, action: \" \"}]",
        &["bad-value [\" \"] `action` is empty — write what it is, or remove it"],
    ),
    (
        "escalation: [{id: a, expr: error_rate > 0.0, for: 5, severity: P0}]",
        &["bad-duration [5] `5` is not a duration — say the unit, such as `10s` or `10m`"],
    ),
    (
        "escalation: {one: [{id: a, expr: error_rate > 0.0, severity: P0}], two: [{id: a, expr: error_rate > 0.1, severity: P0}]}",
        &["duplicate-id [a] two rows `a` — give each its own id"],
    ),
    (
        "escalation: [{id: a, expr: error_rate, severity: P0}]",
        &[
            "not-bool [error_rate] a condition must be true or false, this is a `double` — compare it, such as `error_rate > 0`",
        ],
    ),
    (
        "escalation: [{id: a, expr: '\"error-spikes\" in fired', severity: P0}]",
        &[
            "value-not-listed [\"error-spikes\"] `\"error-spikes\"` is no value of `fired` — did you mean `\"error-spike\"`?",
        ],
    ),
    // A requirement never fires, unless its failure is a hard stop; what only watches is in no list.
    (
        "escalation: [{id: a, expr: '\"errors\" in fired', severity: P0}]",
        &[
            "value-not-listed [\"errors\"] `\"errors\"` is no value of `fired` — it is one of `error-spike`, `gate`, `warm`",
        ],
    ),
    (
        "escalation: [{id: a, expr: '\"dry\" in held', severity: P0}]",
        &["value-not-listed [\"dry\"] `\"dry\"` is no value of `held` — it is one of `warm`"],
    ),
    (
        "escalation: [{id: a, expr: '\"stage.bake\" in pending', severity: P0}]",
        &[
            "value-not-listed [\"stage.bake\"] `\"stage.bake\"` is no value of `pending` — it is one of `calm`, `error-spike`, `errors`, `gate`, `warm`",
        ],
    ),
    (
        "escalation: [{id: a, expr: 'fired.exists(r, r == \"eror-spike\")', severity: P0}]",
        &[
            "value-not-listed [\"eror-spike\"] `\"eror-spike\"` is no value of `r` — did you mean `\"error-spike\"`?",
        ],
    ),
    (
        "escalation: [{id: a, expr: 'sets.intersects(fired, [\"warm\", \"wram\"])', severity: P0}]",
        &[
            "value-not-listed [\"wram\"] `\"wram\"` is no value of `fired` — did you mean `\"warm\"`?",
        ],
    ),
    (
        "escalation: [{id: a, expr: 'unmet == [\"erors\"]', severity: P0}]",
        &[
            "value-not-listed [\"erors\"] `\"erors\"` is no value of `unmet` — did you mean `\"errors\"`?",
        ],
    ),
    (
        "escalation: [{id: a, expr: 'verdict == \"rolback\"', severity: P0}]",
        &[
            "value-not-listed [\"rolback\"] `\"rolback\"` is no value of `verdict` — did you mean `\"rollback\"`?",
        ],
    ),
    (
        "escalation: [{id: a, expr: 'verdict == \"rollback\"', for: 10m, severity: P0}]",
        &[
            "bad-value ['verdict == \"rollback\"'] `for` of the row `a` counts how long rules have been so, and `verdict` is no rule — ask for the rules it comes from, such as `size(fired) > 0`",
        ],
    ),
    (
        "escalation: [{id: a, expr: 'size(fired) > 0 && error_rate > 0.1', for: 10m, severity: P0}]",
        &[
            "bad-value ['size(fired) > 0 && error_rate > 0.1'] `for: 10m` of the row `a` counts how long rules have been so, and `error_rate` is an input — write two rows, one over inputs and one over rules, or make what is asked of inputs a rule and name it here",
        ],
    ),
    (
        "escalation: [{id: a, expr: '(size(fired) > 0).streak() > 3', severity: P0}]",
        &[
            "wrong-argument [size(fired) > 0] `streak` looks back at inputs, and `fired` is none — write `fired` outside of the window",
        ],
    ),
    (
        "escalation: [{id: a, expr: '(error_rate > 0.1 && size(unmet) > 0).share(\"1h\") > 0.5', severity: P0}]",
        &[
            "wrong-argument [error_rate > 0.1 && size(unmet) > 0] `share` looks back at inputs, and `unmet` is none — write `unmet` outside of the window",
        ],
    ),
    (
        "rollback_plan: []",
        &["bad-value [[]] `rollback_plan` without a row — add a row or remove it"],
    ),
    (
        "rollback_plan: [{expr: error_rate > 0.5, mode: full, target: 0%}]",
        &[
            "bad-value [error_rate > 0.5] the plan says nothing for where none of its rows is true — end it with a row without `expr`: where to go in any other case",
        ],
    ),
    (
        "rollback_plan: [{mode: full, target: 0%}, {mode: instant, target: 0%}]",
        &[
            "bad-value [{mode: instant, target: 0%}] a row of the plan that is never reached — put the row without `expr` last, or give it one",
        ],
    ),
    (
        "rollback_plan: [{mode: full}]",
        &["missing-key [{mode: full}] a row of the plan without `target` — add `target: …`"],
    ),
    (
        "rollback_plan: [{mode: full, target: 0%, reenter: canary5}]",
        &["unknown-stage [canary5] there is no stage `canary5` — did you mean `canary-5`?"],
    ),
    (
        "rollback_plan: [{mode: full, target: 0%, reenter: live}]",
        &[
            "unknown-stage [live] the stage `live` is only there to be extended — name one of canary-5, rolled-back",
        ],
    ),
    (
        "rollback_plan: [{mode: full, target: 0%, check: roled-back}]",
        &[
            "unknown-stage [roled-back] there is no stage `roled-back` — did you mean `rolled-back`?",
        ],
    ),
    (
        "rollback_plan: [{mode: full, target: 0%, check: rolled-back, reenter: rolled-back}]",
        &[
            "bad-value [rolled-back] `rolled-back` only says whether a rollback is done — name the stage of the rollout to start again with",
        ],
    ),
    (
        "rollback_plan: [{mode: full, target: 0%, requires: eror-spike}]",
        &["unknown-rule [eror-spike] there is no rule `eror-spike` — did you mean `error-spike`?"],
    ),
    (
        "rollback_plan: [{mode: full, target: 0%, duties: [{by: sre}]}]",
        &["missing-key [{by: sre}] a duty without `do` — add `do: …`"],
    ),
    (
        "after: {rolback: []}",
        &["unknown-key [rolback] `after` has no `rolback` — did you mean `rollback`?"],
    ),
    (
        "after: {no_go: [{do: x}]}",
        &["unknown-key [no_go] `after` has no `no_go` — did you mean `no-go`?"],
    ),
    (
        "after: {go: [{do: \"\"}]}",
        &["bad-value [\"\"] `do` is empty — write what it is, or remove it"],
    ),
    (
        "after: {go: [{do: x, by: cto}]}",
        &["unknown-role [cto] there is no role `cto` — there are on-call, sre"],
    ),
    (
        "after: {go: [{do: x, within: soon}]}",
        &[
            "bad-duration [soon] `soon` is not a duration — write a number and one of `ms`, `s`, `m`, `h`, `d`, `w`, such as `10m` or `1h30m`",
        ],
    ),
    (
        "after: {go: [{do: x, when: errors_rate > 0.0}]}",
        &["unknown-input [errors_rate] `errors_rate` is not declared — did you mean `error_rate`?"],
    ),
];

fn told(follows: &str) -> Vec<String> {
    support::mistakes(&format!("{HEAD}{follows}\n"))
}

#[test]
fn each_mistake_is_named_and_mended() {
    let mut wrong = String::new();
    for (follows, want) in TABLE {
        let told = told(follows);
        if told != *want {
            wrong += &format!("{follows}\n  says {told:#?}\n  not {want:#?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_is_right_is_accepted() {
    for follows in [
        "escalation: [{id: a, expr: 'size(unmet) > 1', for: 10m, notify: sre}]",
        "escalation: [{id: a, expr: '\"stage.traffic\" in unmet && verdict == \"go\"', notify: sre}]",
        "escalation: [{id: a, expr: 'error_rate.avg(\"1h\") > 0.1', for: 10m, notify: sre, x-why: S3}]",
        "escalation: {who: {hit: first, title: Whom, rows: [{id: a, title: A, expr: error_rate > 0.0, severity: P0}]}, what: [{id: b, expr: error_rate > 0.1, action: look}]}",
        "rollback_plan: [{expr: '\"gate\" in fired', mode: full, target: 0%, check: rolled-back, reenter: canary-5}, {mode: instant, target: 0%, within: 5m, requires: [errors, calm]}]",
        "after: {rollback: [{do: x}], no-go: [{do: x, by: sre, within: 0s}], go: [{do: x, within: {business: 1d, calendar: office}, when: 'size(held) > 0', cite: [S3-1]}]}",
        "after: {}",
    ] {
        let told = told(follows);
        assert!(told.is_empty(), "{follows}: {told:?}");
    }
}
