//! Changes of which the direction is easily taken for certain: what is not known, what is not required and who is not asked
//! count too. And what only looks like a change.

use gonogo::diff::Direction::{self, Both, Changed, Loosened, Neutral, Tightened};
use gonogo::diff::diff;
use gonogo::policy::check::Settings;

use crate::support;

/// A policy of these rules, and what changed to another one: the direction of all of it.
fn comes_to(old: &str, new: &str) -> Direction {
    let with = |rules: &str| {
        support::policy(
            &format!(
                "gonogo: 1\nname: p\ninputs: {{err: {{type: double, unit: ratio}}, lat: {{type: double}}, n: {{type: int}}, canary: {{type: bool}}, mood: {{type: string}}}}\n{rules}"
            ),
            &Settings::new(),
        )
    };
    let found = diff(&with(old), &with(new));
    let all = found.changes.iter().map(|item| item.direction);
    all.fold(Neutral, Direction::and)
}

const FIRM: &str = "require:\n  - {id: z, expr: lat < 9.0}\n";

/// A rule beside a requirement that always applies.
fn rule(rule: &str) -> String {
    format!("{FIRM}  - {{id: a, {rule}}}\n")
}

/// A stop beside it.
fn stop(effect: &str, rule: &str) -> String {
    format!("{FIRM}{effect}:\n  - {{id: a, {rule}}}\n")
}

/// The one requirement there is.
fn one(rule: &str) -> String {
    format!("require:\n  - {{id: a, {rule}}}\n")
}

/// The same beside a rollback.
fn back(rule: &str) -> String {
    format!("rollback:\n  - {{id: b, expr: err > 0.5}}\n{rule}")
}

fn there_and_back(changes: &[(String, String, Direction)]) {
    for (old, new, wanted) in changes {
        assert_eq!(comes_to(old, new), *wanted, "{old} → {new}");
        let back = match wanted {
            Loosened => Tightened,
            Tightened => Loosened,
            other => *other,
        };
        assert_eq!(comes_to(new, old), back, "{new} → {old}");
    }
}

#[test]
fn where_nobody_knows_or_nothing_is_required_that_is_no_go() {
    there_and_back(&[
        // Where nobody knows whether it applies that is no-go.
        (
            rule("expr: err < 0.02, when: canary"),
            rule("expr: err < 0.02"),
            Both,
        ),
        (
            rule("expr: err < 0.02, when: canary && lat < 2.0"),
            rule("expr: err < 0.02, when: canary || lat < 2.0"),
            Both,
        ),
        (
            rule("expr: err < 0.02, when: n > 1"),
            rule("expr: err < 0.02, when: n > 2"),
            Loosened,
        ),
        (
            rule("expr: err < 0.02, when: known(lat)"),
            rule("expr: err < 0.02"),
            Tightened,
        ),
        (
            rule("expr: err < 0.02, when: 'stage.name == \"default\"'"),
            rule("expr: err < 0.02"),
            Tightened,
        ),
        (
            stop("hold", "expr: err > 0.1, when: canary, missing: ignore"),
            stop("hold", "expr: err > 0.1, missing: ignore"),
            Tightened,
        ),
        // Where nothing is required that is no-go.
        (back(""), back(&one("expr: err < 0.02")), Both),
        (
            one("expr: err < 0.02, watch: true"),
            one("expr: err < 0.02"),
            Both,
        ),
        (
            one("expr: err < 0.02, when: known(lat)"),
            one("expr: err < 0.02"),
            Both,
        ),
        (
            rule("expr: err < 0.02, watch: true"),
            rule("expr: err < 0.02"),
            Tightened,
        ),
        (FIRM.to_owned(), rule("expr: err < 0.02"), Tightened),
    ]);
}

#[test]
fn who_is_not_asked_cannot_say_no() {
    there_and_back(&[
        // Who is not asked cannot say no.
        (
            rule("approve: {any: 1}"),
            rule("approve: {any: 1, not_by: [author]}"),
            Both,
        ),
        (
            rule("approve: {any: 1}"),
            rule("approve: {any: 1, max_age: 1h}"),
            Both,
        ),
        (
            rule("approve: {any: 1, since: any}"),
            rule("approve: {any: 1}"),
            Both,
        ),
        (
            rule("approve: {any: 1}"),
            rule("approve: {any: 2}"),
            Tightened,
        ),
        (
            rule("approve: {any: 1}"),
            rule("approve: {any: 1, fields: [o]}"),
            Tightened,
        ),
        (
            rule("attest: {count: 1}"),
            rule("attest: {count: 1, not_by: [author]}"),
            Tightened,
        ),
        (
            rule("attest: {fields: {o: [bug]}}"),
            rule("attest: {fields: {o: [bug, lim]}}"),
            Loosened,
        ),
        (
            rule("attest: {fields: {o: [bug]}}"),
            rule("attest: {fields: [o]}"),
            Loosened,
        ),
        (
            rule("attest: {fields: {o: [bug]}}"),
            rule("attest: {fields: {o: [lim]}}"),
            Changed,
        ),
    ]);
}

#[test]
fn times_that_are_not_known_and_records_that_are_left_out_count() {
    there_and_back(&[
        // When it is due, and from when that counts.
        (
            rule("expr: err < 0.02, due: T-1h"),
            rule("expr: err < 0.02"),
            Loosened,
        ),
        (
            rule("expr: err < 0.02, due: T-1h"),
            rule("expr: err < 0.02, due: T-2h"),
            Neutral,
        ),
        (
            rule("expr: err < 0.02, due: T-1h"),
            rule("expr: err < 0.02, due: +1h"),
            Changed,
        ),
        (
            rule("expr: err < 0.02, due: T-1h, on_unmet: rollback"),
            rule("expr: err < 0.02, on_unmet: rollback"),
            Both,
        ),
        (
            rule("expr: err < 0.02, due: T-1h"),
            stop("hold", "expr: err >= 0.02"),
            Loosened,
        ),
        // What is left out leaves another record the newest.
        (
            rule("evidence: {id: t}"),
            rule("evidence: {id: t, environment: prod}"),
            Changed,
        ),
        (
            rule("evidence: {id: t}"),
            rule("evidence: {id: t, commit: same}"),
            Changed,
        ),
        (
            rule("evidence: {id: t}"),
            rule("evidence: {id: t, max_age: 1h}"),
            Tightened,
        ),
        (
            rule("evidence: {id: t}, on_unmet: rollback"),
            rule("evidence: {id: t, max_age: 1h}, on_unmet: rollback"),
            Both,
        ),
    ]);
}

#[test]
fn what_is_not_known_stops_at_once() {
    there_and_back(&[
        // What is not known stops at once, what is so only when it lasts.
        (
            stop("hold", "expr: err > 0.05, for: 3m"),
            stop("hold", "expr: err > 0.05 || lat > 100.0, for: 3m"),
            Both,
        ),
        (
            stop("hold", "expr: err > 0.05"),
            stop("hold", "expr: err > 0.05 || lat > 100.0"),
            Tightened,
        ),
        (
            stop("rollback", "expr: err > 0.05, for: 3m"),
            stop("rollback", "expr: err > 0.04, for: 3m"),
            Tightened,
        ),
        (
            stop("hold", "expr: err > 0.05, for: 3m, missing: ignore"),
            stop(
                "hold",
                "expr: err > 0.05 || lat > 100.0, for: 3m, missing: ignore",
            ),
            Tightened,
        ),
        (
            rule("expr: err < 0.05, at: {times: [10m], within: 5m}"),
            rule("expr: err < 0.05, at: {times: [10m], within: 2m}"),
            Tightened,
        ),
        (
            rule("expr: err < 0.05, at: {times: [10m], within: 5m}, on_unmet: rollback"),
            rule("expr: err < 0.05, at: {times: [10m], within: 2m}, on_unmet: rollback"),
            Both,
        ),
        (
            rule("expr: err < 0.05, at: {every: 10m, times: 4}"),
            rule("expr: err < 0.05, at: {every: 10m}"),
            Both,
        ),
    ]);
}

#[test]
fn the_same_in_other_words_has_no_direction_and_two_parts_may_have_two() {
    there_and_back(&[
        // The same in other words.
        (rule("expr: n <= 4"), rule("expr: n <= 4.5"), Neutral),
        (rule("expr: n <= 4"), rule("expr: n < 5.0"), Neutral),
        (rule("expr: n >= 5"), rule("expr: n > 4.5"), Neutral),
        (rule("expr: n <= 4"), rule("expr: n <= 5.5"), Loosened),
        (
            rule("expr: 'mood == \"a\" || mood == \"b\"'"),
            rule("expr: 'mood in [\"b\", \"a\"]'"),
            Neutral,
        ),
        (
            rule("expr: '!(mood in [\"a\", \"b\"])'"),
            rule("expr: 'mood != \"b\" && mood != \"a\"'"),
            Neutral,
        ),
        (
            rule("expr: err < 0.02, watch: true"),
            rule("expr: err < 0.03, watch: true"),
            Neutral,
        ),
        // One part for more, another one for less.
        (
            rule("expr: err < 0.02 && lat < 3.0"),
            rule("expr: err < 0.03 && lat < 2.0"),
            Both,
        ),
        (
            rule("expr: err < 0.02 && lat < 3.0"),
            rule("expr: err < 0.03 && n < 2"),
            Changed,
        ),
        (
            rule("expr: '(err < 0.02).share(\"10m\") > 0.9'"),
            rule("expr: '(err < 0.03).share(\"10m\") > 0.9'"),
            Loosened,
        ),
        (
            rule("expr: '(err < 0.02).share(\"10m\") > 0.9'"),
            rule("expr: '(err < 0.03 || lat < 1.0).share(\"10m\") > 0.9'"),
            Changed,
        ),
    ]);
}

#[test]
fn hours_are_compared_however_they_are_written() {
    let open = |allow: &str| {
        format!(
            "calendars: {{c: {{timezone: Europe/Berlin, allow: [{allow}]}}}}\nrequire: [{{id: a, during: c}}]\n"
        )
    };
    for (old, new, wanted) in [
        (
            "'Tue-Thu 10:00-16:00'",
            "'Tue-Thu 10:00-12:00', 'Tue-Thu 12:00-16:00'",
            Neutral,
        ),
        (
            "'Tue-Wed 10:00-16:00', 'Thu 10:00-16:00'",
            "'Tue-Thu 10:00-16:00'",
            Neutral,
        ),
        (
            "'Mon 22:00-02:00'",
            "'Mon 22:00-00:00', 'Tue 00:00-02:00'",
            Neutral,
        ),
        (
            "'2026-03-01/2026-03-02'",
            "'2026-03-01', '2026-03-02'",
            Neutral,
        ),
        (
            "'Tue-Thu 10:00-16:00'",
            "'Tue-Thu 10:00-12:00', 'Tue-Thu 13:00-16:00'",
            Direction::Tightened,
        ),
        (
            "'Tue-Wed 10:00-16:00'",
            "'Tue 10:00-16:00', 'Wed 10:00-17:00'",
            Direction::Loosened,
        ),
        (
            "'Mon 22:00-02:00'",
            "'Mon 22:00-00:00', 'Wed 00:00-02:00'",
            Direction::Changed,
        ),
    ] {
        assert_eq!(comes_to(&open(old), &open(new)), wanted, "{old} → {new}");
    }
}
