//! Lints, one table each: what must be told, and above all what must not. Levels, and where they come from.

use std::path::Path;

use crate::support;
use gonogo::policy::check::{Settings, check};
use gonogo::policy::lint::{
    Level,
    level::{LINTS, lints},
    lint,
};
use gonogo::source::{Code, Problem, Severity, Source};

/// What every table begins with; a policy gives it rules and whatever else it needs.
const HEAD: &str = "\
gonogo: 1
name: canary
baselines: [before]
inputs:
  error_rate: {type: double, unit: ratio, range: [0, 1], max_age: 1m}
  latency_p95: {type: double, unit: ms, max_age: 5m}
  percent: {type: double, unit: percent}
  crashes: {type: int}
  health: {type: \"{status: string, load: double}\"}
  incidents: {type: \"map<string, int>\"}
  queues: {type: \"list<string>\"}
  enabled: {type: bool}
params:
  limit: {type: double, unit: ratio, default: 0.02}
  strict: {type: bool, default: true}
let:
  calm: error_rate < 0.5
";

/// What is told of a policy with every lint on, as errors.
fn told(policy: &str) -> Vec<Problem> {
    let all: Vec<(Code, Level)> = LINTS.map(|(code, _)| (code, Level::Deny)).to_vec();
    let (checked, problems) = lint(&Source::new("policy.yaml", policy), &Settings::new(), &all);
    assert!(checked.is_some(), "{policy}\n{}", support::told(&problems));
    problems
}

/// How often a lint is told of a policy that goes on behind [`HEAD`].
fn count(code: Code, rest: &str) -> usize {
    let problems = told(&format!("{HEAD}{rest}"));
    problems
        .iter()
        .filter(|problem| problem.code == code)
        .count()
}

/// Each text behind the head, and how often the lint is told.
fn table(code: Code, rows: &[(&str, usize)]) {
    let silent = rows.iter().filter(|(_, times)| *times == 0).count();
    assert!(
        silent >= 3 && silent < rows.len(),
        "{code}: both sides are tested"
    );
    for (rest, times) in rows {
        assert_eq!(count(code, rest), *times, "{code}: {rest}");
    }
}

/// A requirement with these keys beside its id.
fn require(keys: &str) -> String {
    format!("require: [{{id: a, {keys}}}]\n")
}

/// An expression as the condition of a requirement.
fn expr(expr: &str) -> String {
    require(&format!("expr: '{}'", expr.replace('\'', "''")))
}

#[test]
fn every_use_is_a_use() {
    let unused = |code: Code, name: &str, rest: &str| {
        let problems = told(&format!("{HEAD}{rest}"));
        let word = format!("`{name}`");
        let mut found = problems.iter().filter(|problem| problem.code == code);
        found.any(|problem| problem.message.contains(&word))
    };
    let of_input = [
        (expr("error_rate < 0.01"), false),
        (expr("before.error_rate < 0.01"), false),
        (expr("calm"), false),
        (expr("before.calm"), false),
        (require("expr: crashes == 0, when: error_rate < 0.01"), false),
        (require("expr: crashes == 0, message: 'at ${error_rate}'"), false),
        (require("expr: error_rate < 0.01, watch: true"), false),
        ("require: [{group: g, when: error_rate < 0.01, rules: [{id: a, expr: crashes == 0}]}]\n".to_owned(), false),
        (expr("[0.5].all(x, x < error_rate)"), false),
        // A macro's variable of that name is not the input.
        (expr("queues.all(error_rate, error_rate != \"\")"), true),
        (expr("crashes == 0"), true),
        (require("expr: crashes == 0, message: 'error_rate'"), true),
    ];
    for (rest, told) in of_input {
        assert_eq!(
            unused(Code::UnusedInput, "error_rate", &rest),
            told,
            "{rest}"
        );
    }
    for (rest, told) in [
        (expr("health.load < 1.0"), false),
        (expr("known(health)"), false),
        (expr("crashes == 0"), true),
    ] {
        assert_eq!(unused(Code::UnusedInput, "health", &rest), told, "{rest}");
    }
    for (rest, told) in [
        (require("for_each: {q: queues}, expr: q != ''"), false),
        (
            require("for_each: {q: before.queues}, expr: q != ''"),
            false,
        ),
        (expr("size(queues) > 0"), false),
        (require("for_each: {q: [queues]}, expr: q != ''"), true),
    ] {
        assert_eq!(unused(Code::UnusedInput, "queues", &rest), told, "{rest}");
    }
    for (rest, told) in [
        (expr("before.crashes == 0"), false),
        (expr("before.calm"), false),
        (
            require("expr: crashes == 0, message: 'was ${before.crashes}'"),
            false,
        ),
        (expr("crashes == 0"), true),
    ] {
        assert_eq!(
            unused(Code::UnusedBaseline, "before", &rest),
            told,
            "{rest}"
        );
    }
    for (rest, told) in [
        (expr("error_rate < params.limit"), false),
        (expr("error_rate < 2.0 * (params.limit + 0.1)"), false),
        (
            require("expr: crashes == 0, when: params.limit > 0.01"),
            false,
        ),
        (
            require("expr: crashes == 0, message: '${params.limit}'"),
            false,
        ),
        (expr("\"params.limit\" in queues"), true),
        (expr("crashes == 0"), true),
    ] {
        assert_eq!(unused(Code::UnusedParam, "limit", &rest), told, "{rest}");
    }
    for (rest, told) in [
        (expr("calm"), false),
        (expr("before.calm"), false),
        (require("expr: crashes == 0, when: calm"), false),
        (expr("crashes == 0"), true),
    ] {
        assert_eq!(unused(Code::UnusedLet, "calm", &rest), told, "{rest}");
    }
}

#[test]
fn roles_and_severities_are_used_by_whoever_names_them() {
    let policy = "roles: {on-call: {}, lead: {}, boss: {}, guest: {}}\n\
        severities: [{id: P0, notify: [on-call, lead], then: [{after: 1h, notify: boss}]}, {id: P1, notify: lead}, {id: P2}]\n\
        require: [{id: a, expr: crashes == 0, severity: P0}, {group: g, severity: P1, rules: [{id: b, expr: calm}]}]\n";
    assert_eq!(count(Code::UnusedRole, policy), 1);
    assert_eq!(count(Code::UnusedSeverity, policy), 1);
    let policy = "roles: {on-call: {}, lead: {}, boss: {}, guest: {}}\n\
        require: [{id: a, attest: {role: on-call}}, {id: b, approve: {roles: [lead, boss]}}]\n";
    assert_eq!(count(Code::UnusedRole, policy), 1);
}

#[test]
fn a_proof_uses_what_its_expressions_name() {
    let closed = |rule: &str| {
        format!(
            "calendars: {{hours: {{timezone: UTC, allow: Mon-Fri, deny: [{{when: error_rate > 0.3}}]}}}}\n\
             require: [{{id: a, {rule}}}]\n"
        )
    };
    let evidence = "evidence: {id: t, where: data.rate > error_rate}";
    let unused = |rest: &str| {
        let problems = told(&format!("{HEAD}{rest}"));
        let of = |problem: &&Problem| problem.code == Code::UnusedInput;
        let mut found = problems.iter().filter(of);
        found.any(|problem| problem.message.contains("`error_rate`"))
    };
    assert!(!unused(&require(evidence)));
    assert!(!unused(&closed("during: hours")));
    assert!(
        unused(&closed("expr: crashes == 0")),
        "nothing stands during it"
    );
}

#[test]
fn what_closes_a_calendar_is_looked_at_once() {
    let policy = |deny: &str| {
        format!(
            "calendars: {{hours: {{timezone: UTC, allow: Mon-Fri, deny: [{{when: {deny}}}]}}}}\n\
             require: [{{id: a, during: hours}}, {{id: b, during: hours, when: enabled}}]\n"
        )
    };
    assert_eq!(count(Code::FloatEquality, &policy("error_rate == 0.01")), 1);
    assert_eq!(count(Code::FloatEquality, &policy("error_rate > 0.01")), 0);
    assert_eq!(
        count(Code::ConstantCondition, &policy("error_rate < 0.0")),
        1
    );
    assert_eq!(
        count(Code::ConstantCondition, &policy("params.strict")),
        0,
        "a switch"
    );
    let evidence = |condition: &str| require(&format!("evidence: {{id: t, where: '{condition}'}}"));
    assert_eq!(count(Code::ConstantCondition, &evidence("data.ok")), 0);
    assert_eq!(
        count(Code::ConstantCondition, &evidence("params.strict")),
        1
    );
}

#[test]
fn calendars_are_used_by_what_is_counted_in_them() {
    let rules = expr("crashes == 0");
    let calendar =
        |used: &str| format!("calendars: {{hours: {{timezone: UTC, allow: Mon-Fri}}}}\n{used}");
    let answer = "severities: [{id: P3, respond_within: {business: 1d, calendar: hours}}]\n";
    let stage = "stages: [{name: canary, bake: {business: 1d, calendar: hours}, require: [{id: a, expr: crashes == 0}]}]\n";
    table(
        Code::UnusedCalendar,
        &[
            (&calendar(&rules), 1),
            (&calendar(&format!("{answer}{rules}")), 0),
            (&calendar(stage), 0),
            (&calendar("require: [{id: a, during: hours}]\n"), 0),
            (&rules, 0),
        ],
    );
}

#[test]
fn equality_of_what_is_exact_is_no_float_equality() {
    let rows: Vec<(String, usize)> = [
        ("error_rate == 0.01", 1),
        ("0.01 != error_rate", 1),
        ("percent == q(\"0.5%\")", 1),
        ("error_rate == before.error_rate", 1),
        ("error_rate == params.limit", 1),
        ("error_rate * 2.0 == health.load", 1),
        ("crashes == 0 || health.load in [0.5, 1.0]", 1),
        ("[0.1].exists(x, x == error_rate)", 1),
        // Whole numbers: configured, counted, or nothing at all.
        ("error_rate == 0.0", 0),
        ("error_rate == 0", 0),
        ("percent == 50.0", 0),
        ("latency_p95 == q(\"2s\")", 0),
        ("percent in [10.0, 50.0]", 0),
        ("crashes == before.crashes", 0),
        ("health.status == \"ok\"", 0),
        ("incidents[\"P0\"] in [0, 1]", 0),
        ("error_rate <= 0.01", 0),
        ("within(error_rate, 0.01, q(\"1%\"))", 0),
        ("math.round(health.load) == math.round(latency_p95)", 0),
    ]
    .map(|(text, times)| (expr(text), times))
    .to_vec();
    let rows: Vec<(&str, usize)> = rows
        .iter()
        .map(|(text, times)| (text.as_str(), *times))
        .collect();
    table(Code::FloatEquality, &rows);
}

#[test]
fn only_a_hard_stop_must_not_ignore_what_is_missing() {
    table(
        Code::IgnoredMissing,
        &[
            ("rollback: [{id: a, expr: crashes > 0, missing: ignore}]", 1),
            ("rollback: [{id: a, expr: crashes > 0, missing: fire}]", 0),
            ("rollback: [{id: a, expr: crashes > 0}]", 0),
            ("hold: [{id: a, expr: crashes > 0, missing: ignore}]", 0),
            (
                "rollback: [{id: a, expr: crashes > 0, missing: ignore, watch: true}]",
                0,
            ),
            // A hold that becomes a hard stop takes its `missing` with it; told once, wherever it is taken over.
            (
                "stages: [{name: a, hold: [{id: a, expr: crashes > 0, missing: ignore}]}, {name: b, extends: a, rollback: [{id: a}]}, {name: c, extends: b}]",
                1,
            ),
        ],
    );
}

/// A stage with a rule, and one that overrides it.
fn over(effect: &str, old: &str, new_effect: &str, new: &str) -> String {
    format!(
        "stages:\n  - name: s\n    {effect}: [{{id: a, {old}}}]\n  - name: t\n    extends: s\n    {new_effect}: [{{id: a, {new}}}]\n"
    )
}

/// A rule, and an override of it, each with its list: the override makes it looser.
const LOOSER: [(&str, &str, &str, &str); 22] = [
    (
        "rollback",
        "evidence: {id: scan, status: failed}",
        "rollback",
        "evidence: {id: scan, status: failed, since: entry}",
    ),
    (
        "rollback",
        "attest: {role: x}",
        "rollback",
        "attest: {role: x, count: 2}",
    ),
    (
        "hold",
        "approve: {any: 2}",
        "hold",
        "approve: {roles: [x, y, z]}",
    ),
    (
        "rollback",
        "expr: crashes > 3",
        "rollback",
        "waivable: true",
    ),
    (
        "require",
        "expr: calm, on_unmet: rollback, due: T",
        "require",
        "due: T+1h",
    ),
    (
        "require",
        "expr: calm, on_unmet: rollback",
        "require",
        "due: +1h",
    ),
    (
        "rollback",
        "expr: error_rate > 0.05",
        "rollback",
        "expr: error_rate > 0.06",
    ),
    (
        "rollback",
        "expr: error_rate >= 0.05",
        "rollback",
        "expr: error_rate > 0.05",
    ),
    (
        "rollback",
        "expr: error_rate > 0.05",
        "rollback",
        "expr: 0.06 < error_rate",
    ),
    (
        "rollback",
        "expr: percent < 95.0",
        "rollback",
        "expr: percent < 90.0",
    ),
    ("hold", "expr: crashes > 3", "hold", "expr: crashes > 4"),
    (
        "hold",
        "expr: 'error_rate > q(\"1%\")'",
        "hold",
        "expr: error_rate > 0.02",
    ),
    ("rollback", "expr: crashes > 3", "rollback", "for: 1m"),
    (
        "rollback",
        "expr: crashes > 3, for: 1m",
        "rollback",
        "for: 61s",
    ),
    ("rollback", "expr: crashes > 3", "hold", "action: look"),
    ("rollback", "expr: crashes > 3", "rollback", "watch: true"),
    ("rollback", "expr: crashes > 3", "rollback", "latch: false"),
    ("rollback", "expr: crashes > 3", "rollback", "when: enabled"),
    ("hold", "expr: crashes > 3", "hold", "missing: ignore"),
    (
        "rollback",
        "expr: crashes > 3",
        "rollback",
        "expr: crashes > 3 && enabled",
    ),
    (
        "require",
        "expr: error_rate < 0.01, on_unmet: rollback",
        "require",
        "expr: error_rate < 0.02",
    ),
    (
        "require",
        "expr: crashes == 0, on_unmet: rollback",
        "require",
        "expr: crashes == 0 || enabled",
    ),
];

/// The same, where it becomes stricter, stays as strict, or is something else.
const STRICTER: [(&str, &str, &str, &str); 22] = [
    (
        "rollback",
        "attest: {role: x, count: 2}",
        "rollback",
        "attest: {role: x}",
    ),
    (
        "require",
        "attest: {role: x}",
        "require",
        "attest: {role: x, count: 2}",
    ),
    (
        "rollback",
        "expr: crashes > 3, waivable: true",
        "rollback",
        "waivable: false",
    ),
    ("hold", "expr: crashes > 3", "hold", "waivable: true"),
    (
        "require",
        "expr: calm, on_unmet: rollback, due: T+1h",
        "require",
        "due: T",
    ),
    ("require", "expr: calm, due: T", "require", "due: T+1h"),
    (
        "rollback",
        "expr: error_rate > 0.05",
        "rollback",
        "expr: error_rate > 0.04",
    ),
    (
        "rollback",
        "expr: error_rate > 0.05",
        "rollback",
        "expr: error_rate >= 0.05",
    ),
    (
        "rollback",
        "expr: percent < 90.0",
        "rollback",
        "expr: percent < 95.0",
    ),
    (
        "rollback",
        "expr: error_rate > 0.05",
        "rollback",
        "expr: latency_p95 > 900.0",
    ),
    (
        "rollback",
        "expr: 'incidents[\"P0\"] > 0'",
        "rollback",
        "expr: 'incidents[\"P1\"] > 3'",
    ),
    (
        "rollback",
        "expr: crashes > 3, for: 2m",
        "rollback",
        "for: 1m",
    ),
    (
        "rollback",
        "expr: crashes > 3, for: 60s",
        "rollback",
        "for: 1m",
    ),
    (
        "rollback",
        "expr: crashes > 3, for: 2m",
        "rollback",
        "expr: crashes > 2",
    ),
    ("hold", "expr: crashes > 3", "rollback", "action: stop"),
    (
        "rollback",
        "expr: crashes > 3, watch: true",
        "rollback",
        "watch: false",
    ),
    ("rollback", "expr: crashes > 3", "rollback", "missing: fire"),
    (
        "rollback",
        "expr: crashes > 3",
        "rollback",
        "expr: crashes > 3 || enabled",
    ),
    (
        "require",
        "expr: error_rate < 0.01",
        "require",
        "expr: error_rate < 0.02",
    ),
    (
        "require",
        "expr: error_rate < 0.02, on_unmet: rollback",
        "require",
        "expr: error_rate < 0.01",
    ),
    (
        "require",
        "expr: crashes == 0, on_unmet: rollback",
        "require",
        "expr: crashes == 0 && enabled",
    ),
    (
        "require",
        "expr: crashes == 0, on_unmet: rollback",
        "require",
        "for: 1h",
    ),
];

#[test]
fn a_stop_may_become_stricter() {
    for (rows, times) in [(&LOOSER[..], 1), (&STRICTER[..], 0)] {
        for (old_list, old, new_list, new) in rows {
            let policy = over(old_list, old, new_list, new);
            assert_eq!(count(Code::LooserOverride, &policy), times, "{policy}");
            // What is left out openly and written anew is another rule.
            let dropped = policy.replace("extends: s", "extends: s\n    drop: a");
            let whole = new.contains("expr");
            if whole {
                assert_eq!(count(Code::LooserOverride, &dropped), 0, "{dropped}");
            }
        }
    }
}

#[test]
fn a_limit_is_looser_where_it_admits_less() {
    // By the definition: the new stop fires nowhere but where the old one did, and somewhere it does not.
    let fires = |op: &str, limit: i32, value: i32| match op {
        ">" => value > limit,
        ">=" => value >= limit,
        "<" => value < limit,
        _ => value <= limit,
    };
    let limits = [3, 4, 5];
    let mut looser = 0;
    for (old_op, new_op) in [">", ">=", "<", "<="]
        .into_iter()
        .flat_map(|old| [">", ">=", "<", "<="].map(|new| (old, new)))
    {
        for (old, new) in limits
            .into_iter()
            .flat_map(|old| limits.map(|new| (old, new)))
        {
            // In steps of one half, so that `> 3` is not `>= 4`.
            let grid = || (0..20).map(|half| half * 5);
            let was = |value: i32| fires(old_op, old * 10, value);
            let is = |value: i32| fires(new_op, new * 10, value);
            let expected = grid().all(|value| !is(value) || was(value))
                && grid().any(|value| was(value) && !is(value));
            let policy = over(
                "rollback",
                &format!("expr: percent {old_op} {old}.0"),
                "rollback",
                &format!("expr: percent {new_op} {new}.0"),
            );
            assert_eq!(
                count(Code::LooserOverride, &policy),
                usize::from(expected),
                "{policy}"
            );
            looser += usize::from(expected);
        }
    }
    assert!(looser > 0);
}

#[test]
fn a_limit_with_a_unit_is_not_in_doubt() {
    let rows = [
        (expr("latency_p95 < 0.5"), 1),
        (expr("0.25 < before.latency_p95 && percent > 0.8"), 2),
        (expr("latency_p95 == 0.0001"), 1),
        // Nothing is nothing in every unit; a quantity, a whole number and another unit are clear.
        (expr("latency_p95 > 0.0"), 0),
        (expr("latency_p95 < q(\"0.5s\")"), 0),
        (expr("latency_p95 < q(\"0.5ms\")"), 0),
        (expr("latency_p95 < 1.0"), 0),
        (expr("error_rate < 0.5"), 0),
        (expr("health.load < 0.5"), 0),
        (expr("percent < 80.0"), 0),
    ];
    let rows: Vec<(&str, usize)> = rows
        .iter()
        .map(|(text, times)| (text.as_str(), *times))
        .collect();
    table(Code::DoubtfulUnit, &rows);
}

#[test]
fn a_condition_on_anything_is_not_constant() {
    let rows = [
        (expr("true"), 1),
        (expr("!false"), 1),
        (expr("1 + 1 == 2"), 1),
        (expr("crashes == 0 || true"), 1),
        (expr("enabled && crashes == 0 && false"), 1),
        (expr("error_rate >= 0.0"), 1),
        (expr("error_rate == -0.5"), 1),
        (expr("before.error_rate > -0.1 || crashes > 0"), 1),
        (expr("!(error_rate <= 1.0) && crashes > 0"), 1),
        (expr("crashes <= crashes"), 1),
        (expr("params.limit < 0.5"), 1),
        (require("expr: crashes == 0, when: 'false'"), 1),
        // A switch, a clock, an item of a list: each can be either.
        (require("expr: crashes == 0, when: params.strict"), 0),
        (expr("params.strict || crashes == 0"), 0),
        (expr("!params.strict && crashes == 0"), 0),
        (expr("error_rate <= 0.99"), 0),
        (expr("error_rate > 0.0"), 0),
        (expr("error_rate < 1.0"), 0),
        (expr("percent <= 100.0"), 0),
        (expr("stage.elapsed > duration(\"1h\")"), 0),
        (expr("stage.name == \"default\""), 0),
        (expr("known(error_rate)"), 0),
        (expr("crashes < before.crashes"), 0),
        (require("for_each: {q: [a, b]}, expr: q != 'a'"), 0),
        (expr("queues.all(q, q == q || q in [\"a\"])"), 0),
    ];
    let rows: Vec<(&str, usize)> = rows
        .iter()
        .map(|(text, times)| (text.as_str(), *times))
        .collect();
    table(Code::ConstantCondition, &rows);
}

#[test]
fn rules_that_differ_at_all_are_no_duplicates() {
    table(
        Code::DuplicateCondition,
        &[
            (
                "require: [{id: a, expr: crashes == 0}, {id: b, expr: '(crashes)  ==  0'}]",
                1,
            ),
            (
                "hold: [{id: a, expr: crashes > 0}]\nrollback: [{id: b, expr: crashes > 0}]",
                1,
            ),
            (
                "require: [{id: a, expr: calm}, {id: b, expr: calm}, {id: c, expr: calm}]",
                2,
            ),
            // Told once, though two stages have both.
            (
                "stages: [{name: s, hold: [{id: a, expr: calm}, {id: b, expr: calm}]}, {name: t, extends: s}]",
                1,
            ),
            (
                "stages: [{name: s, hold: [{id: a, expr: calm}]}, {name: t, extends: s, hold: [{id: b, expr: calm}]}]",
                1,
            ),
            (
                "require: [{id: a, evidence: {id: t, where: data.ok}}, {id: b, evidence: {where: (data.ok), id: t}}]",
                1,
            ),
            (
                "calendars: {c: {timezone: UTC, allow: Mon}}\nrequire: [{id: a, during: c}, {id: b, during: c}]",
                1,
            ),
            (
                "require: [{id: a, evidence: {id: t}}, {id: b, evidence: {id: t, commit: same}}]",
                0,
            ),
            (
                "require: [{id: a, evidence: {id: t}}, {id: b, evidence: {id: t}, due: T}]",
                0,
            ),
            // People speak of one rule each.
            (
                "require: [{id: a, attest: {role: sre}}, {id: b, attest: {role: sre}}]",
                0,
            ),
            (
                "require: [{id: a, expr: crashes == 0}, {id: b, expr: crashes == 0, for: 1m}]",
                0,
            ),
            (
                "require: [{id: a, expr: crashes == 0}, {id: b, expr: crashes == 0, when: enabled}]",
                0,
            ),
            (
                "require: [{id: a, expr: crashes == 0}, {id: b, expr: crashes == 0, watch: true}]",
                0,
            ),
            (
                "require: [{id: a, expr: enabled}]\nhold: [{id: b, expr: enabled}]",
                0,
            ),
            (
                "hold: [{id: a, expr: calm, missing: ignore}]\nrollback: [{id: b, expr: calm}]",
                0,
            ),
            (
                "require: [{id: a, for_each: {q: [x]}, expr: q != 'y'}, {id: b, for_each: {q: [z]}, expr: q != 'y'}]",
                0,
            ),
            (
                "require: [{id: a, expr: error_rate < 0.02}, {id: b, expr: error_rate < params.limit}]",
                0,
            ),
            (
                "stages: [{name: s, hold: [{id: a, expr: calm}]}, {name: t, hold: [{id: b, expr: calm}]}]",
                0,
            ),
        ],
    );
}

#[test]
fn an_override_that_changes_anything_is_not_shadowed() {
    let stop = "rollback";
    let rows = [
        (
            over(stop, "expr: crashes > 3", stop, "expr: (crashes > 3)"),
            1,
        ),
        (
            over(
                stop,
                "expr: crashes > 3, for: 1m",
                stop,
                "for: 1m, severity: P0",
            )
            .replace("stages:", "severities: [{id: P0}]\nstages:"),
            1,
        ),
        (
            over(stop, "expr: crashes > 3", stop, "title: x").replace(", title: x", ""),
            1,
        ),
        (
            over(
                "require",
                "attest: {role: a, fields: [x, y]}",
                "require",
                "attest: {fields: [y, x], role: a}",
            ),
            1,
        ),
        (
            over(
                "require",
                "approve: {roles: [a, b]}, due: T",
                "require",
                "due: T",
            ),
            1,
        ),
        (
            over(
                "require",
                "approve: {roles: [a, b]}",
                "require",
                "approve: {roles: [a, b], each: 2}",
            ),
            0,
        ),
        (
            over(
                "require",
                "attest: {role: a}",
                "require",
                "approve: {roles: [a]}",
            ),
            0,
        ),
        (
            over("require", "attest: {role: a}", "require", "waivable: false"),
            0,
        ),
        (over(stop, "expr: crashes > 3, for: 1m", stop, "for: 2m"), 0),
        // Without the expression the old `for` would stay, and without the `for` there would be none.
        (
            over(
                stop,
                "expr: crashes > 3, for: 1m",
                stop,
                "expr: crashes > 3",
            ),
            0,
        ),
        (
            over(
                stop,
                "expr: crashes > 3, for: 1m",
                stop,
                "expr: crashes > 4, for: 1m",
            ),
            0,
        ),
        (over(stop, "expr: crashes > 3", "hold", "action: look"), 0),
        (over(stop, "expr: crashes > 3", stop, "title: too many"), 0),
        (
            over("require", "expr: calm", "require", "severity: P0")
                .replace("stages:", "severities: [{id: P0}]\nstages:"),
            0,
        ),
    ];
    let rows: Vec<(&str, usize)> = rows
        .iter()
        .map(|(text, times)| (text.as_str(), *times))
        .collect();
    table(Code::ShadowedOverride, &rows);
}

#[test]
fn an_override_of_an_abstract_stage_lives_where_one_stage_keeps_it() {
    let policy = |last: &str, is_abstract: bool| {
        format!(
            "stages:\n  - name: live\n    hold: [{{id: a, expr: crashes > 9}}]\n\
             \x20 - {{name: canary, abstract: {is_abstract}, extends: live, hold: [{{id: a, expr: crashes > 5}}]}}\n\
             \x20 - {{name: c5, extends: canary, hold: [{{id: a, expr: crashes > 3}}]}}\n\
             \x20 - {{name: c25, extends: canary{last}}}\n"
        )
    };
    let again = ", hold: [{id: a, expr: crashes > 2}]";
    let code = Code::ShadowedOverride;
    assert_eq!(count(code, &policy(again, true)), 1);
    assert_eq!(count(code, &policy("", true)), 0, "c25 keeps it");
    assert_eq!(
        count(code, &policy(", hold: [{id: a, title: x}]", true)),
        0,
        "c25 keeps its limit"
    );
    assert_eq!(
        count(code, &policy(again, false)),
        0,
        "the stage itself is judged"
    );
}

#[test]
fn a_for_as_long_as_values_are_held_is_not_short() {
    table(
        Code::ShortFor,
        &[
            ("require: [{id: a, expr: latency_p95 < 500.0, for: 4m}]", 1),
            (
                "require: [{id: a, expr: error_rate < 0.01 && crashes == 0, for: 1m}]",
                1,
            ),
            ("require: [{id: a, expr: error_rate < 0.01, for: 1m}]", 0),
            ("require: [{id: a, expr: latency_p95 < 500.0}]", 0),
            (
                "require: [{id: a, expr: error_rate <= before.health.load, for: 1m}]",
                0,
            ),
            (
                "require: [{id: a, expr: stage.elapsed > duration('1h'), for: 1s}]",
                0,
            ),
        ],
    );
}

/// The codes told of a policy with these lints set in it and on the command line, errors first.
fn levels(policy: &str, flags: &[(Code, Level)]) -> (Vec<Code>, Vec<Code>) {
    let text = format!(
        "{HEAD}{policy}\nrequire: [{{id: a, expr: crashes == 0, for: 1m}}, {{id: b, expr: 'true'}}]\n"
    );
    let (_, problems) = lint(&Source::new("policy.yaml", text), &Settings::new(), flags);
    let of = |severity| {
        let of = problems
            .iter()
            .filter(|problem| problem.severity == severity);
        let mut codes: Vec<Code> = of.map(|problem| problem.code).collect();
        codes.sort();
        codes.dedup();
        codes
    };
    (of(Severity::Error), of(Severity::Warning))
}

#[test]
fn defaults_then_the_policy_then_flags() {
    use Code::{ConstantCondition, ShortFor, UnusedBaseline, UnusedInput, UnusedLet, UnusedParam};
    let unused = [UnusedInput, UnusedBaseline, UnusedParam, UnusedLet];
    let with = |more: &[Code]| [&unused, more].concat();
    assert_eq!(levels("", &[]), (vec![], with(&[ConstantCondition])));
    assert_eq!(levels("lint: {all: allow}", &[]), (vec![], vec![]));
    assert_eq!(
        levels("lint: {all: allow, pedantic: deny}", &[]),
        (vec![ShortFor], vec![])
    );
    // A lint's own name is stronger than its group's, wherever it stands.
    for text in [
        "lint: {constant-condition: deny, all: allow}",
        "lint: {all: allow, constant-condition: deny}",
    ] {
        assert_eq!(levels(text, &[]), (vec![ConstantCondition], vec![]));
        let allowed = [(ConstantCondition, Level::Allow)];
        assert_eq!(levels(text, &allowed), (vec![], vec![]));
        let [deny, warn] = [Level::Deny, Level::Warn].map(|level| (UnusedLet, level));
        assert_eq!(
            levels(text, &[deny, warn]),
            (vec![ConstantCondition], vec![UnusedLet])
        );
        assert_eq!(
            levels(text, &[warn, deny]),
            (vec![UnusedLet, ConstantCondition], vec![])
        );
    }
}

#[test]
fn groups_hold_every_lint_once() {
    let mut grouped = [lints("all"), lints("pedantic")].concat();
    grouped.sort();
    let mut every: Vec<Code> = LINTS.iter().map(|(code, _)| *code).collect();
    every.sort();
    assert_eq!(grouped, every);
    every.dedup();
    assert_eq!(every.len(), LINTS.len());
    assert_eq!(lints("type-mismatch"), []);
}

#[test]
fn checking_never_lints_and_linting_never_spoils_a_policy() {
    let text = format!("{HEAD}lint: {{all: deny}}\nrequire: [{{id: a, expr: 'true'}}]\n");
    let source = Source::new("policy.yaml", text);
    let (policy, problems) = check(&source, &Settings::new());
    assert!(
        policy.is_some() && problems.is_empty(),
        "{}",
        support::told(&problems)
    );
    let (linted, problems) = lint(&source, &Settings::new(), &[]);
    assert!(linted.is_some() && !problems.is_empty());
}

#[test]
fn shipped_policies_are_clean() {
    for folder in support::folders("policies") {
        let path = folder.join("policy.yaml");
        let source = Source::new(path.display().to_string(), support::read(&path));
        let source = support::with_files(source, &folder);
        let (_, problems) = lint(&source, &Settings::new(), &[]);
        assert!(problems.is_empty(), "{}", support::told(&problems));
    }
}

#[test]
fn the_page_of_lints_is_the_table() {
    let page = support::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/lints.md"));
    let rows: String = LINTS
        .iter()
        .map(|(code, level)| {
            let link = format!("[`{code}`](diagnostics/{code}.md)");
            format!("| {link} | {} | {} |\n", level.name(), code.meaning())
        })
        .collect();
    assert!(
        page.contains(&rows),
        "docs/lints.md does not have the table\n{rows}"
    );
}
