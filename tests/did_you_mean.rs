//! A name that is nearly right is answered with the right one, wherever a policy has names.

use gonogo::policy::check::{Settings, check};
use gonogo::source::{Problem, Source};

/// A policy without a fault that has every kind of name.
const POLICY: &str = r#"gonogo: 1
name: canary
data: {max_age: 5m}
baselines: [before]
inputs:
  error_rate: {type: double, unit: ratio}
  latency: {type: double, unit: ms}
  health: {type: "{status: int, body: string}"}
  incidents: {type: "map<string, int>"}
  feedback: {type: string, values: [negative, positive]}
params:
  limit: {type: double, unit: ratio, default: 0.01}
let:
  quiet: error_rate < 0.1
roles:
  on-call: {contact: pager}
severities:
  - {id: urgent, respond_within: 5m, notify: [on-call]}
  - {id: later, respond_within: {business: 1d, calendar: office-hours}}
calendars:
  office-hours: {timezone: Europe/Berlin, allow: [Mon-Fri 09:00-17:00], deny: [{dates: 2026-12-24, reason: eve}]}
stages:
  - name: canary-5
    traffic: 5%
    bake: 24h
    require:
      - {id: errors, expr: error_rate < params.limit, for: bake, severity: urgent}
      - {id: health, expr: quiet && health.status == 200, on_unmet: rollback}
      - {group: users, rules: [{id: feedback, expr: feedback != "negative"}]}
    hold:
      - {id: incidents, expr: "incidents.exists(k, incidents[k] > 0)", missing: ignore}
    rollback:
      - {id: latency, expr: latency > before.latency * q("110%"), latch: true}
  - name: canary-25
    extends: canary-5
    drop: [errors]
"#;

fn problems(text: &str) -> Vec<Problem> {
    check(&Source::new("policy.yaml", text), &Settings::new()).1
}

/// What is wrong once a text of the policy is written in another way.
fn misspelt(right: &str, wrong: &str) -> Vec<Problem> {
    assert!(POLICY.contains(right), "{right}");
    problems(&POLICY.replacen(right, wrong, 1))
}

/// What is right, what is written instead, the code, and the whole help.
const TABLE: &[(&str, &str, &str, &str)] = &[
    // Keys.
    ("data:", "dta:", "unknown-key", "did you mean `data`?"),
    (
        "max_age",
        "maxage",
        "unknown-key",
        "did you mean `max_age`?",
    ),
    ("inputs:", "input:", "unknown-key", "did you mean `inputs`?"),
    (
        "severities:",
        "severity:",
        "unknown-key",
        "did you mean `severities`?",
    ),
    (
        "type: string",
        "tpye: string",
        "unknown-key",
        "did you mean `type`?",
    ),
    (
        "default:",
        "defualt:",
        "unknown-key",
        "did you mean `default`?",
    ),
    (
        "contact:",
        "contcat:",
        "unknown-key",
        "did you mean `contact`?",
    ),
    (
        "respond_within",
        "respond_withing",
        "unknown-key",
        "did you mean `respond_within`?",
    ),
    (
        "traffic:",
        "trafic:",
        "unknown-key",
        "did you mean `traffic`?",
    ),
    (
        "extends:",
        "extend:",
        "unknown-key",
        "did you mean `extends`?",
    ),
    ("for:", "fro:", "unknown-key", "did you mean `for`?"),
    (
        "on_unmet:",
        "on_umnet:",
        "unknown-key",
        "did you mean `on_unmet`?",
    ),
    ("group:", "groop:", "unknown-key", "did you mean `group`?"),
    ("rules:", "rule:", "unknown-key", "did you mean `rules`?"),
    (
        "calendars:",
        "calendar:",
        "unknown-key",
        "did you mean `calendars`?",
    ),
    (
        "timezone:",
        "time_zone:",
        "unknown-key",
        "did you mean `timezone`?",
    ),
    ("allow:", "allows:", "unknown-key", "did you mean `allow`?"),
    ("dates:", "date:", "unknown-key", "did you mean `dates`?"),
    (
        "business:",
        "bussiness:",
        "unknown-key",
        "did you mean `business`?",
    ),
    // Words.
    (
        "calendar: office-hours",
        "calendar: ofice-hours",
        "unknown-calendar",
        "did you mean `office-hours`?",
    ),
    (
        "Europe/Berlin",
        "Europe/Berlim",
        "unknown-zone",
        "did you mean `Europe/Berlin`?",
    ),
    (
        "Mon-Fri 09:00-17:00",
        "Monday-Friday 9:00-17:00",
        "bad-period",
        "write `Mon-Fri 09:00-17:00`",
    ),
    (
        "business: 1d",
        "business: 1 day",
        "bad-duration",
        "write `1d`",
    ),
    (
        "type: string",
        "type: sting",
        "bad-type",
        "did you mean `string`?",
    ),
    (
        "map<string",
        "mpa<string",
        "bad-type",
        "did you mean `map`?",
    ),
    (
        "for: bake",
        "for: bakee",
        "bad-duration",
        "did you mean `bake`?",
    ),
    (
        "notify: [on-call]",
        "notify: [oncall]",
        "unknown-role",
        "did you mean `on-call`?",
    ),
    (
        "severity: urgent",
        "severity: urgnet",
        "unknown-severity",
        "did you mean `urgent`?",
    ),
    (
        "extends: canary-5",
        "extends: canary5",
        "unknown-stage",
        "did you mean `canary-5`?",
    ),
    (
        "drop: [errors]",
        "drop: [eror]",
        "unknown-rule",
        "did you mean `errors`?",
    ),
    // Names in expressions.
    (
        "error_rate < 0.1",
        "eror_rate < 0.1",
        "unknown-input",
        "did you mean `error_rate`?",
    ),
    (
        "quiet &&",
        "quite &&",
        "unknown-input",
        "did you mean `quiet`?",
    ),
    (
        "before.latency",
        "before.latncy",
        "unknown-input",
        "did you mean `before.latency`?",
    ),
    (
        "before.latency",
        "befor.latency",
        "unknown-input",
        "did you mean `before.latency`?",
    ),
    (
        "params.limit",
        "params.limt",
        "unknown-input",
        "did you mean `params.limit`?",
    ),
    (
        "params.limit",
        "param.limit",
        "unknown-input",
        "did you mean `params.limit`?",
    ),
    (
        "quiet &&",
        "stage.nmae == 'x' &&",
        "unknown-input",
        "did you mean `stage.name`?",
    ),
    (
        "quiet &&",
        "subject.comit == 'x' &&",
        "unknown-input",
        "did you mean `subject.commit`?",
    ),
    (
        "incidents[k] >",
        "incidents[kk] >",
        "unknown-input",
        "did you mean `k`?",
    ),
    (
        "health.status",
        "health.staus",
        "unknown-field",
        "did you mean `status`?",
    ),
    (
        "\"negative\"",
        "\"negativ\"",
        "value-not-listed",
        "did you mean `\"negative\"`?",
    ),
    // Functions: of a table, in a namespace, macros, of the policy language, of other languages.
    (
        "quiet &&",
        "health.body.startswith('ok') &&",
        "unknown-function",
        "did you mean `startsWith`?",
    ),
    (
        "quiet &&",
        "math.abss(latency) > 1.0 &&",
        "unknown-function",
        "did you mean `math.abs`?",
    ),
    (
        "quiet &&",
        "math.absolute(latency) > 1.0 &&",
        "unknown-function",
        "did you mean `math.abs`?",
    ),
    (
        "exists(",
        "exsits(",
        "unknown-function",
        "did you mean `exists`?",
    ),
    (
        "exists(",
        "any(",
        "unknown-function",
        "did you mean `exists`?",
    ),
    (
        "quiet &&",
        "knwon(latency) &&",
        "unknown-function",
        "did you mean `known`?",
    ),
    (
        "quiet &&",
        "health.body.lenght() > 1 &&",
        "unknown-function",
        "did you mean `size`?",
    ),
    (
        "quiet &&",
        "latency.averge('10m') > 1.0 &&",
        "unknown-function",
        "did you mean `avg`?",
    ),
    // Units.
    (
        "\"110%\"",
        "\"110 percent\"",
        "wrong-argument",
        "write `q(\"110%\")`",
    ),
    (
        "quiet &&",
        "latency < q('500 msec') &&",
        "wrong-argument",
        "write `q(\"500ms\")`",
    ),
    (
        "quiet &&",
        "latency < q('5 secs') &&",
        "wrong-argument",
        "write `q(\"5s\")`",
    ),
    (
        "unit: ratio, default",
        "unit: precent, default",
        "unit-mismatch",
        "`precent` is a unit of its own: did you mean `percent`?",
    ),
    (
        "unit: ratio, default",
        "unit: '%', default",
        "unit-mismatch",
        "`%` is a unit of its own: did you mean `percent`?",
    ),
];

#[test]
fn the_policy_itself_is_right() {
    assert_eq!(problems(POLICY), []);
}

#[test]
fn a_slip_is_answered_with_what_is_meant() {
    for (right, wrong, code, help) in TABLE {
        let told = misspelt(right, wrong);
        let found = told
            .iter()
            .any(|problem| problem.code.name() == *code && problem.help.as_deref() == Some(*help));
        assert!(found, "`{wrong}` for `{right}`: {told:#?}");
    }
}

#[test]
fn a_wrong_declaration_is_told_once_and_not_at_its_uses() {
    for (right, wrong, code) in [
        (
            "type: double, unit: ms",
            "type: doulbe, unit: ms",
            "bad-type",
        ),
        (
            "double, unit: ratio, default",
            "doulbe, unit: ratio, default",
            "bad-type",
        ),
        ("error_rate < 0.1", "error_rate <", "expression-syntax"),
        ("exists(k,", "exsits(k,", "unknown-function"),
        ("extends: canary-5", "extends: canary5", "unknown-stage"),
    ] {
        let told = misspelt(right, wrong);
        let codes: Vec<&str> = told.iter().map(|problem| problem.code.name()).collect();
        assert_eq!(codes, [code], "`{wrong}` for `{right}`");
    }
}
