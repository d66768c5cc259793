//! What `diff` says of two policies: each change by its direction, and nothing where nothing changed.

use gonogo::diff::{Difference, Direction, diff, text};
use gonogo::policy::Policy;
use gonogo::policy::check::Settings;

use crate::support;

const POLICY: &str = r#"
gonogo: 1
name: canary
data: {max_age: 5m}
baselines: [before]
inputs:
  error_rate: {type: double, unit: ratio, range: [0, 1]}
  latency: {type: double, unit: ms}
  tickets: {type: double, range: [0, 1000000]}
  drift: {type: double}
  mood: {type: string, values: [negative, neutral, positive]}
  shards: {type: "map<string, double>"}
  spare: {type: double}
params:
  margin: {type: double, default: 1.1}
  limit: {type: double, default: 0.01}
let:
  quiet: tickets < 500.0
roles:
  sre: {people: [jon, mira, ada]}
  lead: {}
severities: [{id: P0, respond_within: 5m, notify: [sre]}, {id: P1}]
calendars:
  hours: {timezone: Europe/Berlin, allow: ["Mon-Thu 10:00-16:00"], deny: [{dates: 2026-12-24/2026-12-26}]}
stages:
  - name: live
    abstract: true
    rollback:
      - {id: spike, expr: error_rate >= 0.05, for: 2m, severity: P0}
      - {id: slow, expr: latency > 800.0 || quiet}
      - {id: stop, attest: {role: sre}}
    hold:
      - {id: elevated, expr: "!(error_rate < 0.02)"}
      - {id: broken, evidence: {id: smoke, status: failed}}
  - name: c5
    extends: live
    traffic: 5%
    bake: 24h
    record: {fields: [deployer]}
    require:
      - {id: errors, expr: error_rate < params.limit, for: 10m}
      - {id: tickets, expr: tickets <= before.tickets * params.margin}
      - {id: drift, expr: drift <= before.drift * 1.5}
      - {id: steady, expr: latency < 500.0, for: bake}
      - {id: near, expr: 'within(latency, before.latency, q("10%"))'}
      - {id: mood, expr: 'mood in ["neutral", "positive"]'}
      - {id: shards, expr: 'shards.all(s, shards[s] < 5.0)'}
      - {id: each, for_each: {f: [csv, pdf]}, expr: 'shards[f] < 7.0'}
      - {id: peak, expr: 'latency.max("10m") < 900.0'}
      - {id: two, expr: latency < 700.0 && error_rate < 0.03}
      - {id: sometimes, expr: latency < 650.0, when: tickets > 10.0}
      - {id: checked, expr: latency < 640.0, at: {times: [1h, 6h], within: 30m}}
      - {id: tests, evidence: {id: unit, max_age: 1d, commit: same}}
      - {id: drill, attest: {role: sre, count: 2, max_age: 7d, not_by: [author]}}
      - {id: board, approve: {roles: [sre, lead]}}
      - {id: window, during: hours}
  - name: c25
    extends: c5
    bake: 48h
    needs: [c5]
    rollback:
      - {id: third, expr: error_rate >= 0.03, for: 5m}
"#;

fn policy(text: &str) -> Policy {
    support::policy(text, &Settings::new())
}

fn changed(from: &str, to: &str) -> (Policy, Policy) {
    assert_eq!(
        POLICY.matches(from).count(),
        1,
        "`{from}` stands there once"
    );
    (policy(POLICY), policy(&POLICY.replace(from, to)))
}

/// The changes as `direction about name change`.
fn told(difference: &Difference) -> Vec<String> {
    let one = |item: &gonogo::diff::Item| {
        let direction = item.direction.name();
        format!(
            "{direction} {} {} {}",
            item.about,
            item.name,
            item.change.name()
        )
    };
    difference.changes.iter().map(one).collect()
}

/// From a text of the policy, to another one, and what must be told of it there and, turned, of the way back.
const TABLE: &[(&str, &str, &str)] = &[
    // Limits, by the side that lets more pass.
    (
        "error_rate >= 0.05",
        "error_rate >= 0.06",
        "loosened rule spike changed",
    ),
    (
        "error_rate >= 0.05",
        "error_rate > 0.05",
        "loosened rule spike changed",
    ),
    (
        "error_rate >= 0.05",
        "error_rate >= q(\"4%\")",
        "tightened rule spike changed",
    ),
    (
        "error_rate >= 0.05",
        "0.04 <= error_rate",
        "tightened rule spike changed",
    ),
    (
        "!(error_rate < 0.02)",
        "!(error_rate < 0.03)",
        "loosened rule elevated changed",
    ),
    (
        "!(error_rate < 0.02)",
        "error_rate > 0.02",
        "loosened rule elevated changed",
    ),
    (
        "latency < 500.0",
        "latency < 501",
        "loosened rule steady changed",
    ),
    (
        "latency < 500.0",
        "latency <= 500.0",
        "loosened rule steady changed",
    ),
    (
        "latency < 500.0",
        "drift < 500.0",
        "changed rule steady changed",
    ),
    (
        "drift <= before.drift * 1.5",
        "drift <= before.drift * 1.6",
        "loosened rule drift changed",
    ),
    ("q(\"10%\")", "q(\"20%\")", "loosened rule near changed"),
    (
        "in [\"neutral\", \"positive\"]",
        "in [\"positive\"]",
        "tightened rule mood changed",
    ),
    (
        "mood in [\"neutral\", \"positive\"]",
        "mood == \"neutral\"",
        "tightened rule mood changed",
    ),
    (
        "shards[s] < 5.0",
        "shards[s] < 6.0",
        "loosened rule shards changed",
    ),
    (
        "latency.max(\"10m\") < 900.0",
        "latency.max(\"10m\") < 800.0",
        "tightened rule peak changed",
    ),
    (
        "latency.max(\"10m\")",
        "latency.max(\"20m\")",
        "changed rule peak changed",
    ),
    // Joined conditions, operand by operand.
    (
        "latency < 700.0 && error_rate < 0.03",
        "latency < 700.0",
        "loosened rule two changed",
    ),
    (
        "latency < 700.0 && error_rate < 0.03",
        "error_rate < 0.03 && latency < 600.0",
        "tightened rule two changed",
    ),
    (
        "latency < 700.0 && error_rate < 0.03",
        "latency < 700.0 || error_rate < 0.03",
        "loosened rule two changed",
    ),
    (
        "latency < 700.0 && error_rate < 0.03",
        "latency < 600.0 && error_rate < 0.04",
        "both rule two changed",
    ),
    (
        "latency > 800.0 || quiet",
        "latency > 800.0",
        "loosened rule slow changed",
    ),
    // Through names: what they stand for is known.
    (
        "tickets < 500.0",
        "tickets < 400.0",
        "loosened rule slow changed",
    ),
    (
        "limit: {type: double, default: 0.01}",
        "limit: {type: double, default: 0.02}",
        "loosened rule errors changed",
    ),
    (
        "margin: {type: double, default: 1.1}",
        "margin: {type: double, default: 1.2}",
        "loosened rule tickets changed",
    ),
    // Times.
    ("for: 2m", "for: 5m", "loosened rule spike changed"),
    ("for: 10m", "for: 5m", "loosened rule errors changed"),
    (
        "error_rate < params.limit, for: 10m",
        "error_rate < params.limit",
        "loosened rule errors changed",
    ),
    ("bake: 24h", "bake: 12h", "loosened rule stage.bake changed"),
    (
        "times: [1h, 6h]",
        "times: [1h]",
        "loosened rule checked changed",
    ),
    (
        "within: 30m",
        "within: 20m",
        "tightened rule checked changed",
    ),
    (
        "at: {times: [1h, 6h], within: 30m}",
        "for: 1m",
        "changed rule checked changed",
    ),
    // When a rule applies, whom it speaks for, and how it counts.
    (", when: tickets > 10.0", "", "both rule sometimes changed"),
    (
        "when: tickets > 10.0",
        "when: tickets > 20.0",
        "loosened rule sometimes changed",
    ),
    ("[csv, pdf]", "[csv]", "loosened rule each changed"),
    (
        "expr: 'shards[f] < 7.0'",
        "expr: 'shards[f] < 7.0', watch: true",
        "loosened rule each changed",
    ),
    (
        "severity: P0",
        "severity: P0, latch: false",
        "loosened rule spike changed",
    ),
    (
        "severity: P0",
        "severity: P0, missing: ignore",
        "loosened rule spike changed",
    ),
    (
        "severity: P0",
        "severity: P0, missing: fire",
        "tightened rule spike changed",
    ),
    (
        "severity: P0",
        "severity: P0, waivable: true",
        "loosened rule spike changed",
    ),
    ("severity: P0", "severity: P1", "neutral rule spike changed"),
    (
        "expr: latency < 500.0, for: bake",
        "expr: latency < 500.0, for: bake, on_unmet: rollback",
        "tightened rule steady changed",
    ),
    (
        "expr: latency < 500.0, for: bake",
        "expr: latency < 500.0, for: bake, waivable: false",
        "tightened rule steady changed",
    ),
    // Proofs.
    (
        "max_age: 1d, commit: same",
        "max_age: 2d, commit: same",
        "loosened rule tests changed",
    ),
    (
        "max_age: 1d, commit: same",
        "max_age: 1d",
        "changed rule tests changed",
    ),
    (
        "commit: same",
        "commit: same, environment: same",
        "changed rule tests changed",
    ),
    (
        "commit: same",
        "commit: same, where: data.p95 < 500",
        "tightened rule tests changed",
    ),
    ("id: unit", "id: units", "changed rule tests changed"),
    (
        "{id: smoke, status: failed}",
        "{id: smoke, status: failed, max_age: 1h}",
        "loosened rule broken changed",
    ),
    ("count: 2", "count: 3", "tightened rule drill changed"),
    ("max_age: 7d, ", "", "loosened rule drill changed"),
    (", not_by: [author]", "", "loosened rule drill changed"),
    (
        "not_by: [author]",
        "not_by: [author], fields: [minutes]",
        "tightened rule drill changed",
    ),
    (
        "not_by: [author]",
        "not_by: [author], since: any",
        "loosened rule drill changed",
    ),
    (
        "{id: stop, attest: {role: sre}}",
        "{id: stop, attest: {role: sre, count: 2}}",
        "loosened rule stop changed",
    ),
    (
        "roles: [sre, lead]",
        "roles: [sre]",
        "both rule board changed",
    ),
    (
        "approve: {roles: [sre, lead]}",
        "approve: {roles: [sre, lead], each: 2}",
        "tightened rule board changed",
    ),
    (
        "approve: {roles: [sre, lead]}",
        "approve: {any: 2, roles: [sre, lead]}",
        "changed rule board changed",
    ),
    (
        "evidence: {id: unit, max_age: 1d, commit: same}",
        "attest: {role: sre}",
        "changed rule tests changed",
    ),
    // What stages ask for by themselves.
    (
        "traffic: 5%",
        "traffic: 10%",
        "loosened rule stage.traffic changed",
    ),
    ("    needs: [c5]\n", "", "loosened rule stage.needs removed"),
    (
        "fields: [deployer]",
        "fields: [deployer, migrations]",
        "tightened rule record.migrations added",
    ),
    // What is read.
    (
        "tickets: {type: double,",
        "tickets: {type: double, max_age: 1h,",
        "changed input tickets changed",
    ),
    (
        "tickets: {type: double,",
        "tickets: {type: double, default: 0.0,",
        "changed input tickets changed",
    ),
    // A rollback that latches reads it: where the sample that fires it is not known any more, the stage goes.
    (
        "range: [0, 1]",
        "range: [0, 0.5]",
        "changed input error_rate changed",
    ),
    (
        "range: [0, 1]",
        "range: [0, 2]",
        "changed input error_rate changed",
    ),
    (
        "drift: {type: double}",
        "drift: {type: double, max_age: 1h}",
        "loosened input drift changed",
    ),
    (
        "drift: {type: double}",
        "drift: {type: double, range: [0, 9]}",
        "tightened input drift changed",
    ),
    (
        "[negative, neutral, positive]",
        "[negative, neutral, positive, great]",
        "loosened input mood changed",
    ),
    (
        "spare: {type: double}",
        "spare: {type: double, max_age: 1h}",
        "neutral input spare changed",
    ),
    (
        "latency: {type: double, unit: ms}",
        "latency: {type: double, unit: s}",
        "changed input latency changed",
    ),
    (
        "baselines: [before]",
        "baselines: [{name: before, live: true}]",
        "tightened baseline before changed",
    ),
    (
        "\"Mon-Thu 10:00-16:00\"",
        "\"Mon-Fri 10:00-16:00\"",
        "loosened calendar hours changed",
    ),
    (
        "\"Mon-Thu 10:00-16:00\"",
        "\"Mon-Thu 11:00-15:00\"",
        "tightened calendar hours changed",
    ),
    (
        "\"Mon-Thu 10:00-16:00\"",
        "\"Mon-Thu 11:00-17:00\"",
        "changed calendar hours changed",
    ),
    (
        "2026-12-24/2026-12-26",
        "2026-12-24/2027-01-02",
        "tightened calendar hours changed",
    ),
    (
        "people: [jon, mira, ada]",
        "people: [jon, mira]",
        "both role sre changed",
    ),
    (
        "respond_within: 5m",
        "respond_within: 9m",
        "neutral severity P0 changed",
    ),
    (
        "name: canary",
        "name: other",
        "changed policy other renamed",
    ),
];

fn turned(line: &str) -> String {
    let pairs = [("loosened", "tightened"), ("tightened", "loosened")];
    let turned = pairs
        .iter()
        .find_map(|(from, to)| Some(format!("{to}{}", line.strip_prefix(from)?)));
    let turned = turned.unwrap_or_else(|| line.to_owned());
    let turned = turned.replace(" policy other ", " policy canary ");
    match (
        turned.strip_suffix(" removed"),
        turned.strip_suffix(" added"),
    ) {
        (Some(start), _) => format!("{start} added"),
        (_, Some(start)) => format!("{start} removed"),
        _ => turned,
    }
}

#[test]
fn each_change_is_told_by_its_direction_there_and_back() {
    for (from, to, line) in TABLE {
        let (old, new) = changed(from, to);
        let there = diff(&old, &new);
        assert!(
            told(&there).iter().any(|one| one == line),
            "{from} → {to}: {:?}",
            told(&there)
        );
        // Nothing else has a direction: what else is told are names that the change goes through.
        let (word, _) = line.split_once(' ').expect("a word");
        for item in &there.changes {
            let own = item.direction.name() == word || item.direction == Direction::Neutral;
            let through = item.about == "rule" && item.direction == Direction::Changed;
            assert!(own || through, "{from} → {to}: {:?}", told(&there));
        }
        let back = diff(&new, &old);
        // Tighter only where nothing is negative: nobody promised that.
        let exact = !from.starts_with("drift <=");
        let wanted = if exact {
            turned(line)
        } else {
            "changed rule drift changed".to_owned()
        };
        assert!(
            told(&back).contains(&wanted),
            "{to} → {from}: {:?}",
            told(&back)
        );
    }
}

#[test]
fn less_that_is_known_is_tighter_only_where_every_rule_waits_for_it() {
    let with = |rules: &str, age: &str, range: &str| {
        let text = format!(
            "gonogo: 1\nname: p\ninputs:\n  f: {{type: double, max_age: {age}, range: {range}}}\n  g: {{type: double}}\n  m: {{type: \"map<string, double>\", max_age: {age}}}\n{rules}\n"
        );
        policy(&text)
    };
    for (rules, shorter) in [
        ("require: [{id: r, expr: f < 10.0}]", Direction::Tightened),
        (
            "require: [{id: r, expr: f < 10.0 && g > 1.0, for: 1m}]",
            Direction::Tightened,
        ),
        (
            "hold: [{id: r, expr: f > 10.0 || g > 1.0}]",
            Direction::Tightened,
        ),
        (
            "require: [{id: r, expr: \"!known(f) || f < 10.0\"}]",
            Direction::Changed,
        ),
        (
            "let: {odd: known(f)}\nrequire: [{id: r, expr: \"!odd || f < 10.0\"}]",
            Direction::Changed,
        ),
        (
            "hold: [{id: r, expr: f > 10.0, missing: ignore}]",
            Direction::Changed,
        ),
        (
            "require: [{id: r, expr: g < 10.0, when: f > 1.0}]",
            Direction::Changed,
        ),
        (
            "require: [{id: r, expr: 'f.max(\"5m\") < 10.0'}]",
            Direction::Changed,
        ),
        (
            "require: [{id: r, expr: m.?a.orValue(0.0) < 10.0}]",
            Direction::Changed,
        ),
        (
            "require: [{id: r, expr: has(m.a) && m.a < 10.0}]",
            Direction::Changed,
        ),
        (
            "require: [{id: r, for_each: {i: m}, expr: 'm[i] < 10.0'}]",
            Direction::Changed,
        ),
        ("rollback: [{id: r, expr: f > 10.0}]", Direction::Changed),
        // One that waits does not make up for one that does not.
        (
            "require: [{id: r, expr: f < 10.0}, {id: s, expr: known(f)}]",
            Direction::Changed,
        ),
        // What never counts does no harm.
        (
            "require: [{id: r, expr: f < 10.0}, {id: s, expr: known(f), watch: true}]",
            Direction::Tightened,
        ),
    ] {
        let old = with(rules, "5m", "[0, 100]");
        for (age, range) in [("1m", "[0, 100]"), ("5m", "[0, 50]")] {
            let new = with(rules, age, range);
            let input = |difference: &Difference| {
                let mut items = difference.changes.iter();
                let name = if rules.contains("m.") || rules.contains("m[") {
                    "m"
                } else {
                    "f"
                };
                items
                    .find(|item| item.about == "input" && item.name == name)
                    .map(|item| item.direction)
            };
            let there = diff(&old, &new);
            if let Some(found) = input(&there) {
                assert_eq!(found, shorter, "{rules}: {age} {range}");
                assert_eq!(
                    there.may_be_looser(),
                    shorter == Direction::Changed,
                    "{rules}"
                );
            } else {
                assert!(age == "5m" && rules.contains('m'), "{rules}: {age} {range}");
            }
            if let (Some(back), Direction::Tightened) = (input(&diff(&new, &old)), shorter) {
                assert_eq!(back, Direction::Loosened);
            }
        }
    }
}

#[test]
fn whole_numbers_have_nothing_between_them() {
    let with = |expr: &str| {
        policy(&format!(
            "gonogo: 1\nname: p\ninputs: {{n: {{type: int}}, x: {{type: double}}, m: {{type: \"map<string, int>\"}}}}\nlet: {{k: n}}\nrequire: [{{id: r, expr: '{expr}'}}]\n"
        ))
    };
    for (one, other, wanted) in [
        ("n <= 4", "n < 5", None),
        ("4 < n", "n >= 5", None),
        ("k <= 4", "5 > k", None),
        ("!(n <= 4)", "n >= 5", None),
        ("m.a <= 4", "m.a < 5", None),
        ("n <= 4", "n < 6", Some(Direction::Loosened)),
        ("n < 5", "n <= 3", Some(Direction::Tightened)),
        ("x <= 4.0", "x < 5.0", Some(Direction::Loosened)),
        (
            "n <= 9223372036854775807",
            "n < 9223372036854775807",
            Some(Direction::Tightened),
        ),
    ] {
        let found = diff(&with(one), &with(other));
        let found = found.changes.first().map(|item| item.direction);
        assert_eq!(found, wanted, "{one} → {other}");
    }
}

#[test]
fn another_name_counts_where_earlier_verdicts_are_asked_for() {
    let with = |name: &str, rules: &str| policy(&format!("gonogo: 1\nname: {name}\n{rules}\n"));
    for (rules, wanted) in [
        (
            "inputs: {x: {type: double}}\nrequire: [{id: r, expr: x < 1.0}]",
            Direction::Neutral,
        ),
        (
            "require: [{id: r, expr: 'records.exists(r, r.verdict == \"go\")'}]",
            Direction::Changed,
        ),
        (
            "inputs: {x: {type: double}}\nstages:\n  - {name: a, require: [{id: r, expr: x < 1.0}]}\n  - {name: b, needs: [a], require: [{id: r, expr: x < 1.0}]}",
            Direction::Changed,
        ),
    ] {
        let found = diff(&with("one", rules), &with("other", rules));
        assert_eq!(found.changes.len(), 1, "{:?}", told(&found));
        assert_eq!(found.changes[0].direction, wanted, "{rules}");
        assert_eq!(found.may_be_looser(), wanted == Direction::Changed);
    }
}

#[test]
fn what_is_said_in_other_words_is_no_change() {
    for (from, to) in [
        ("error_rate >= 0.05", "error_rate >= q(\"5%\")"),
        ("error_rate >= 0.05", "\"!(error_rate < 0.05)\""),
        ("!(error_rate < 0.02)", "0.02 <= error_rate"),
        (
            "latency < 700.0 && error_rate < 0.03",
            "(error_rate < 0.03 && latency < 700)",
        ),
        (
            "latency > 800.0 || quiet",
            "\"!(latency <= 800.0 && !quiet)\"",
        ),
        (
            "latency > 800.0 || quiet",
            "latency > 800.0 || tickets < 500.0",
        ),
        (
            "mood in [\"neutral\", \"positive\"]",
            "!!(mood in [\"neutral\", \"positive\"])",
        ),
        (
            "error_rate >= 0.05, for: 2m",
            "error_rate >= 0.05, for: 120s, cite: A-1, title: a spike",
        ),
    ] {
        let (old, new) = changed(from, to);
        let difference = diff(&old, &new);
        assert_eq!(told(&difference), Vec::<String>::new(), "{from} → {to}");
        assert_eq!(difference.counts.text_only, 1, "{from} → {to}");
        assert!(!difference.may_be_looser());
        let report = text::report(&difference, false);
        assert!(
            report.starts_with("same      no difference in what is decided"),
            "{report}"
        );
    }
}

#[test]
fn comments_and_order_are_no_change() {
    let (old, new) = (
        policy(POLICY),
        policy(&POLICY.replace("gonogo: 1", "# new\ngonogo: 1")),
    );
    let difference = diff(&old, &new);
    assert!(difference.same);
    assert!(text::report(&difference, false).contains("differ only in how they are written"));
    let one = "      - {id: spike, expr: error_rate >= 0.05, for: 2m, severity: P0}\n";
    let other = "      - {id: slow, expr: latency > 800.0 || quiet}\n";
    let swapped = POLICY.replace(&format!("{one}{other}"), &format!("{other}{one}"));
    assert_ne!(swapped, POLICY);
    assert!(diff(&old, &policy(&swapped)).same);
}

#[test]
fn a_rule_that_comes_goes_moves_or_is_renamed_is_told_in_every_stage_it_is_in() {
    let line = "      - {id: spike, expr: error_rate >= 0.05, for: 2m, severity: P0}\n";
    let (old, new) = changed(line, "");
    let gone = diff(&old, &new);
    assert_eq!(told(&gone), ["loosened rule spike removed"]);
    assert_eq!(gone.changes[0].stages, ["c5", "c25"]);
    assert_eq!(
        gone.changes[0].details[0].old.as_deref(),
        Some("error_rate >= 0.05")
    );
    assert!(gone.changes[0].old.is_some() && gone.changes[0].new.is_none());
    assert_eq!(told(&diff(&new, &old)), ["tightened rule spike added"]);

    let (old, new) = changed("id: spike", "id: error-spike");
    let renamed = diff(&old, &new);
    assert_eq!(told(&renamed), ["neutral rule error-spike renamed"]);
    assert_eq!(renamed.changes[0].was_name.as_deref(), Some("spike"));

    // People attest a rule by its id.
    let (old, new) = changed("id: drill", "id: rollback-drill");
    assert_eq!(
        told(&diff(&old, &new)),
        ["changed rule rollback-drill renamed"]
    );

    let watched = "{id: peak, expr: 'latency.max(\"10m\") < 900.0'}";
    let (old, new) = changed(
        watched,
        &watched.replace("{id: peak", "{id: peak, watch: true"),
    );
    assert_eq!(told(&diff(&old, &new)), ["loosened rule peak changed"]);
}

#[test]
fn another_effect_is_told_by_what_it_weighs() {
    let rules = |effect: &str, expr: &str, more: &str| {
        policy(&format!(
            "gonogo: 1\nname: p\ninputs: {{a: {{type: double}}}}\nrequire: [{{id: r, expr: a < 1.0}}]\n{effect}:\n  - {{id: x, expr: {expr}{more}}}\n",
            effect = if effect == "require" {
                "x-require"
            } else {
                effect
            },
        ))
    };
    let (hold, rollback) = (
        rules("hold", "a > 5.0", ""),
        rules("rollback", "a > 5.0", ""),
    );
    let there = diff(&hold, &rollback);
    assert_eq!(told(&there), ["tightened rule x moved"]);
    assert_eq!(told(&diff(&rollback, &hold)), ["loosened rule x moved"]);
    let required = policy(
        "gonogo: 1\nname: p\ninputs: {a: {type: double}}\nrequire: [{id: r, expr: a < 1.0}, {id: x, expr: a <= 5.0}]\n",
    );
    assert_eq!(told(&diff(&hold, &required)), ["neutral rule x moved"]);
    assert_eq!(
        told(&diff(&required, &rollback)),
        ["tightened rule x moved"]
    );
    let tighter = policy(
        "gonogo: 1\nname: p\ninputs: {a: {type: double}}\nrequire: [{id: r, expr: a < 1.0}, {id: x, expr: a <= 4.0}]\n",
    );
    assert_eq!(told(&diff(&hold, &tighter)), ["tightened rule x moved"]);
    assert_eq!(told(&diff(&tighter, &hold)), ["loosened rule x moved"]);
    // Looser by its limit, tighter by its weight.
    assert_eq!(
        told(&diff(&hold, &rules("rollback", "a > 6.0", ""))),
        ["both rule x moved"]
    );
    let held = rules("hold", "a > 5.0", ", for: 5m");
    assert_eq!(told(&diff(&held, &required)), ["changed rule x moved"]);
}

#[test]
fn stages_are_told() {
    let stages = |stages: &[(&str, &str)]| {
        let one = |(name, limit): &(&str, &str)| {
            format!("  - name: {name}\n    require: [{{id: a, expr: a < {limit}}}]\n")
        };
        let all: String = stages.iter().map(one).collect();
        policy(&format!(
            "gonogo: 1\nname: p\ninputs: {{a: {{type: double}}}}\nstages:\n{all}"
        ))
    };
    let all = stages(&[("one", "1.0"), ("two", "2.0"), ("three", "3.0")]);
    let gone = diff(&all, &stages(&[("one", "1.0"), ("three", "3.0")]));
    assert_eq!(
        told(&gone),
        ["loosened stage two removed", "changed stage one changed"]
    );
    assert_eq!(gone.changes[1].details[0].what, "next");
    let come = diff(&stages(&[("one", "1.0"), ("three", "3.0")]), &all);
    assert_eq!(
        told(&come),
        ["changed stage one changed", "tightened stage two added"]
    );
    let moved = diff(
        &all,
        &stages(&[("two", "2.0"), ("one", "1.0"), ("three", "3.0")]),
    );
    assert!(
        told(&moved).contains(&"changed stage stages moved".to_owned()),
        "{:?}",
        told(&moved)
    );
    let renamed = diff(
        &all,
        &stages(&[("one", "1.0"), ("zwei", "2.0"), ("three", "3.0")]),
    );
    assert_eq!(told(&renamed), ["neutral stage zwei renamed"]);
}

#[test]
fn a_policy_is_no_other_than_itself() {
    let shipped = support::folders("policies");
    let all = shipped.iter().map(|folder| support::shipped(folder).0);
    for policy in all.chain([policy(POLICY)]) {
        let difference = diff(&policy, &policy);
        assert!(difference.same, "{}: {:?}", policy.name, told(&difference));
        assert!(difference.counts.unchanged > 0);
    }
    for case in support::cases() {
        let policy = support::policy(&case.policy, &case.settings);
        let again = support::policy(&case.policy, &case.settings);
        let difference = diff(&policy, &again);
        assert!(difference.same, "{}: {:?}", case.name, told(&difference));
    }
}

#[test]
fn names_in_one_another_are_held_against_one_another_in_no_time() {
    let nested = |limit: f64| {
        let mut lets = format!("  n0: a * {limit:?}\n");
        for index in 1..20 {
            lets.push_str(&format!(
                "  n{index}: n{} * n{} + a\n",
                index - 1,
                index - 1
            ));
        }
        policy(&format!(
            "gonogo: 1\nname: p\ninputs: {{a: {{type: double, range: [0, 1]}}}}\nlet:\n{lets}require: [{{id: x, expr: n19 < 5.0}}]\n"
        ))
    };
    let difference = diff(&nested(1.0), &nested(2.0));
    assert_eq!(difference.changes.len(), 1, "{:?}", told(&difference));
    let joined = |first: &str| {
        let mut lets = format!("  n0: a < {first}\n");
        for index in 1..20 {
            let (op, before) = (["&&", "||"][index % 2], index - 1);
            lets.push_str(&format!(
                "  n{index}: (n{before} {op} a > {index}.5) {op} !n{before}\n"
            ));
        }
        policy(&format!(
            "gonogo: 1\nname: p\ninputs: {{a: {{type: double}}}}\nlet:\n{lets}require: [{{id: x, expr: n19}}]\n"
        ))
    };
    let difference = diff(&joined("1.0"), &joined("2.0"));
    assert!(difference.changes.len() <= 1, "{:?}", told(&difference));
}
