//! What follows a verdict: escalation, the plan of a rollback, duties. It never has a part in what was decided.

mod cli;
mod mistakes;
mod promises;

use crate::support;
use gonogo::policy::check::Settings;
use gonogo::report::text::{Style, report};
use gonogo::verdict::{Decision, Verdict};

/// A policy with rules of every kind, and what is to follow.
pub(crate) fn judged(process: &str, history: &str, now: &str) -> Verdict {
    let text = format!("{HEAD}{process}{RULES}");
    let policy = support::policy(&text, &Settings::new());
    support::judge(&policy, &[history], None, now.parse().ok())
}

const HEAD: &str = "gonogo: 1\nname: canary\ninputs:\n  a: {type: double}\n  b: {type: double}\n\
                    roles: {on-call: {contact: PagerDuty}, sre: {contact: '#sre'}, manager: {}}\n\
                    severities:\n  - {id: P0, respond_within: 5m, notify: [on-call], then: [{after: 10m, notify: [sre]}, {after: 30m, notify: [manager]}]}\n  - {id: P1, respond_within: 15m, notify: [on-call]}\n";

const RULES: &str = "require:\n  - {id: low, expr: a < 5.0}\n  - {id: gate, expr: b < 5.0, on_unmet: rollback, latch: false}\n\
                     hold:\n  - {id: soft, expr: a > 7.0, severity: P1}\n\
                     rollback:\n  - {id: stop, expr: a > 9.0, severity: P0, action: switch it off}\n  - {id: each, for_each: {x: [one, two]}, expr: 'a > 20.0 && x == \"two\"'}\n";

/// Samples of `a` and `b`, a minute apart from 10:00 on.
fn samples(values: &[(f64, f64)]) -> String {
    let one = |(minute, (a, b)): (usize, &(f64, f64))| {
        format!(
            "{{\"at\": \"2026-03-02T10:{minute:02}:00Z\", \"metrics\": {{\"a\": {a}, \"b\": {b}}}}}\n"
        )
    };
    values.iter().enumerate().map(one).collect()
}

fn rows(verdict: &Verdict) -> Vec<String> {
    let named = verdict
        .escalation
        .iter()
        .filter(|row| row.severity.is_none());
    named
        .map(|row| format!("{}{}", row.row, if row.undecided { "?" } else { "" }))
        .collect()
}

/// A condition, and on which of four histories it is true: all calm, soft stop, hard stop, and a gate whose failure is one.
const SEEN: &[(&str, [bool; 4])] = &[
    ("verdict == \"go\"", [true, false, false, false]),
    ("verdict == \"no-go\"", [false, true, false, false]),
    ("verdict != \"go\"", [false, true, true, true]),
    ("size(fired) == 0", [true, false, false, false]),
    // A soft stop that fired is among the fired, and among the held.
    ("\"soft\" in fired", [false, true, true, false]),
    ("\"soft\" in held", [false, true, true, false]),
    ("\"stop\" in fired", [false, false, true, false]),
    ("\"gate\" in fired", [false, false, false, true]),
    ("\"gate\" in unmet", [false, false, false, true]),
    ("\"low\" in unmet", [false, true, true, false]),
    ("fired == [\"soft\", \"stop\"]", [false, false, true, false]),
    (
        "fired.exists(id, id.startsWith(\"s\"))",
        [false, true, true, false],
    ),
    ("unmet.all(id, id == \"gate\")", [true, false, false, true]),
    (
        "sets.contains(fired, [\"gate\"])",
        [false, false, false, true],
    ),
    (
        "size(unknown) + size(pending) > 0",
        [false, false, false, false],
    ),
];

#[test]
fn conditions_see_what_became_of_rules() {
    let histories = [(1.0, 1.0), (8.0, 1.0), (10.0, 1.0), (1.0, 6.0)];
    for (expr, want) in SEEN {
        let process = format!("escalation:\n  - {{id: row, expr: '{expr}', notify: manager}}\n");
        let found = histories.map(|sample| {
            let verdict = judged(&process, &samples(&[sample]), "2026-03-02T10:00:00Z");
            rows(&verdict) == ["row"]
        });
        assert_eq!(found, *want, "{expr}");
    }
}

#[test]
fn an_id_is_listed_once_however_many_of_its_items_fired() {
    let process = "escalation:\n  - {id: row, expr: 'fired == [\"each\", \"soft\", \"stop\"]', notify: manager}\n";
    let verdict = judged(process, &samples(&[(21.0, 1.0)]), "2026-03-02T10:00:00Z");
    assert_eq!(rows(&verdict), ["row"]);
}

/// What the text report says from `do now` on.
fn told(verdict: &Verdict) -> String {
    let text = report(verdict, Style::default());
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let from = text.rfind("do now").or_else(|| text.find("duties"));
    from.map_or_else(String::new, |from| text[from..].to_owned())
}

const PLAN: &str = "rollback_plan:\n  - {expr: a > 100.0, mode: full, target: 0%}\n  - {mode: instant, target: 0%, within: 5m, requires: [low], duties: [{do: drain the queue, by: on-call, within: 10m}]}\n\
                    after:\n  rollback:\n    - {do: write down what happened and who was there when it did, by: manager, within: 1d}\n    - {do: thank them}\n";

#[test]
fn what_to_do_now_is_told_with_whom_and_by_when() {
    // stop fired at 10:01.
    let history = samples(&[(1.0, 1.0), (10.0, 1.0), (10.0, 1.0)]);
    let verdict = judged(PLAN, &history, "2026-03-02T10:02:00Z");
    let want = "do now    roll back: instant to 0%, by 10:06:00Z; it needs low, which is unmet
          switch it off
          tell on-call (PagerDuty), respond by 10:06:00Z (P0); no answer: tell
            sre (#sre) at 10:11:00Z, tell manager at 10:31:00Z
          tell on-call (PagerDuty), respond by 10:16:00Z (P1)
duties    drain the queue, by 10:11:00Z (on-call, PagerDuty)
          write down what happened and who was there when it did, by
            2026-03-03T10:01:00Z (manager)
          thank them
";
    assert_eq!(told(&verdict), want);
}

#[test]
fn later_the_same_times_are_overdue() {
    let history = samples(&[(1.0, 1.0), (10.0, 1.0), (10.0, 1.0), (1.0, 1.0)]);
    let verdict = judged(PLAN, &history, "2026-03-02T10:12:00Z");
    let want = "do now    roll back: instant to 0%, by 10:06:00Z, overdue; it needs low, which
            is unknown
          switch it off
          tell on-call (PagerDuty), respond by 10:06:00Z, overdue (P0); no
            answer: tell sre (#sre) since 10:11:00Z, tell manager at 10:31:00Z
duties    drain the queue, by 10:11:00Z, overdue (on-call, PagerDuty)
          write down what happened and who was there when it did, by
            2026-03-03T10:01:00Z (manager)
          thank them
note      each[one] was decided without a (too old: last given at
          2026-03-02T10:03:00Z, good for 5m)
note      nobody can tell whether the plan `full to 0%` applies (a > 100.0): it
          was passed over
";
    assert_eq!(told(&verdict), want);
}

#[test]
fn a_quiet_report_is_the_verdict_and_its_reason() {
    let verdict = judged(PLAN, &samples(&[(10.0, 1.0)]), "2026-03-02T10:00:00Z");
    let style = Style {
        brief: true,
        ..Style::default()
    };
    assert_eq!(report(&verdict, style).lines().count(), 2);
}

#[test]
fn the_record_says_how_those_it_names_are_reached() {
    let verdict = judged(PLAN, &samples(&[(10.0, 1.0)]), "2026-03-02T10:00:00Z");
    let contacts: Vec<(&str, &str)> = verdict
        .contacts
        .iter()
        .map(|(role, contact)| (role.as_str(), contact.as_str()))
        .collect();
    assert_eq!(contacts, [("on-call", "PagerDuty"), ("sre", "#sre")]);
    assert_eq!(verdict.verdict, Decision::Rollback);
}

#[test]
fn a_row_with_its_own_time_and_people_adds_them_to_those_of_its_severity() {
    let process = "escalation:\n  - {id: row, expr: a > 7.0, severity: P0, within: 2m, notify: [manager, on-call], action: look}\n";
    let history = samples(&[(1.0, 1.0), (8.0, 1.0)]);
    let verdict = judged(process, &history, "2026-03-02T10:01:00Z");
    let row = &verdict.escalation[0];
    assert_eq!(row.notify, ["on-call", "manager"]);
    let by = row.respond_by.map(|by| by.to_string());
    assert_eq!(by.as_deref(), Some("2026-03-02T10:03:00Z"));
    assert_eq!(row.then.len(), 2);
}

#[test]
fn a_rule_that_has_been_so_for_an_unknown_time_may_matter() {
    // `stage.traffic` is unmet; since when nobody knows.
    let text = "gonogo: 1\nname: canary\ninputs: {a: {type: double}}\n\
                escalation:\n  - {id: row, expr: '\"stage.traffic\" in unmet', for: 5m, notify: x}\n\
                stages:\n  - {name: s, traffic: 5%, require: [{id: low, expr: a < 5.0}]}\n";
    let policy = support::policy(text, &Settings::new());
    let sample = "{\"at\": \"2026-03-02T10:00:00Z\", \"stage\": {\"name\": \"s\", \"traffic\": \"10%\"}, \"metrics\": {\"a\": 1}}";
    let verdict = support::judge(&policy, &[sample], None, None);
    assert_eq!(rows(&verdict), ["row?"]);
}
