//! What a policy has of a proof as it was written: every key in its place, and what a stage takes over from another.

use std::sync::Arc;

use gonogo::policy::check::{Settings, check};
use gonogo::policy::proof::{Asked, Environment, Quorum};
use gonogo::policy::{Due, DueFrom, Hold, Policy, Proof, Rule};
use gonogo::source::Source;

use crate::support;

const HEAD: &str = "\
gonogo: 1
name: canary
inputs:
  error_rate: {type: double, unit: ratio}
  calm: {type: bool}
roles:
  sre: {contact: PagerDuty, people: [ada, jon]}
  lead: {people: mira}
  guest: {}
calendars:
  hours: {timezone: UTC, allow: Mon-Fri 10:00-16:00, deny: [{weekly: Fri}, {when: error_rate > 0.5, reason: trouble}, {when: calm}]}
record: {fields: [deployer, version]}
";

fn policy(rest: &str) -> Policy {
    let (policy, problems) = check(
        &Source::new("policy.yaml", format!("{HEAD}{rest}")),
        &Settings::new(),
    );
    policy.unwrap_or_else(|| panic!("{rest}\n{}", support::told(&problems)))
}

fn rule(keys: &str) -> Arc<Rule> {
    let policy = policy(&format!("require: [{{id: r, {keys}}}]\n"));
    Arc::clone(&policy.stages[0].rules[0])
}

fn words(texts: &[Arc<str>]) -> String {
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    texts.join("+")
}

fn asked(asked: &Asked) -> String {
    let mut said = String::new();
    if let Some(age) = asked.max_age {
        said += &format!(" within {age:#}");
    }
    for (name, _) in &asked.not_by {
        said += &format!(" not-by {name}");
    }
    if asked.any_time {
        said += " any-time";
    }
    for field in &asked.fields {
        let values = field.values.as_deref().map_or("*".to_owned(), words);
        said += &format!(" {}={values}", field.name);
    }
    said
}

fn due(due: Due) -> String {
    let from = match due.from {
        DueFrom::Planned => "planned",
        DueFrom::Entered => "entered",
    };
    format!(" due {from} {:#}", due.offset)
}

/// A rule in words.
fn said(rule: &Rule) -> String {
    let mut said = match &rule.proof {
        Proof::Expr(expr) => format!("expr {}", expr.text()),
        Proof::Evidence(proof) => {
            let environment = match &proof.environment {
                None => String::new(),
                Some(Environment::Same) => " of this environment".to_owned(),
                Some(Environment::Named(name)) => format!(" of {name}"),
            };
            format!(
                "evidence {}{}{}{environment}{}{}",
                proof.id,
                proof
                    .max_age
                    .map_or_else(String::new, |age| format!(" within {age:#}")),
                if proof.same_commit {
                    " of this commit"
                } else {
                    ""
                },
                if proof.failed { " failed" } else { "" },
                proof
                    .condition
                    .as_ref()
                    .map_or_else(String::new, |expr| format!(" where {}", expr.text())),
            )
        }
        Proof::Attest(proof) => {
            let role = proof.role.as_deref().unwrap_or("anybody");
            format!("attest {}x{role}{}", proof.count, asked(&proof.asked))
        }
        Proof::Approve(proof) => {
            let quorum = match &proof.quorum {
                Quorum::Each(roles, each) => format!("each {each} of {}", words(roles)),
                Quorum::Any(roles, any) => format!("any {any} of {}", words(roles)),
            };
            format!("approve {quorum}{}", asked(&proof.asked))
        }
        Proof::During(proof) => format!("during {}", proof.calendar.name),
    };
    match &rule.hold {
        Some(Hold::For(length)) => said += &format!(" for {length:#}"),
        Some(Hold::Bake(_)) => said += " for bake",
        None => {}
    }
    if rule.at.is_some() {
        said += " at";
    }
    said += &rule.due.map_or_else(String::new, due);
    if rule.waivable {
        said += " waivable";
    }
    said
}

#[test]
fn every_key_of_a_proof_is_kept() {
    let table = [
        ("expr: calm", "expr calm waivable"),
        ("expr: calm, waivable: false", "expr calm"),
        ("evidence: {id: tests}", "evidence tests waivable"),
        (
            "evidence: {id: tests, max_age: 24h, commit: same, environment: same, where: data.coverage >= 0.8}",
            "evidence tests within 24h of this commit of this environment where data.coverage >= 0.8 waivable",
        ),
        (
            "evidence: {id: scan, status: failed, environment: staging}",
            "evidence scan of staging failed waivable",
        ),
        ("attest: {}", "attest 1xanybody waivable"),
        (
            "attest: {role: sre, count: 2, max_age: 7d, not_by: author, since: any, fields: minutes}",
            "attest 2xsre within 168h not-by author any-time minutes=* waivable",
        ),
        (
            "attest: {role: guest, since: entry, not_by: [deployer, author], fields: {minutes: , outcome: [bug, limit], by: one}}",
            "attest 1xguest not-by deployer not-by author minutes=* outcome=bug+limit by=one waivable",
        ),
        ("approve: {roles: lead}", "approve each 1 of lead waivable"),
        (
            "approve: {roles: [sre, guest], each: 2, max_age: 1h}",
            "approve each 2 of sre+guest within 1h waivable",
        ),
        ("approve: {any: 3}", "approve any 3 of  waivable"),
        (
            "approve: {any: 3, roles: [sre, lead]}",
            "approve any 3 of sre+lead waivable",
        ),
        ("during: hours", "during hours waivable"),
        ("expr: calm, due: T", "expr calm due planned 0s waivable"),
        (
            "expr: calm, due: T-48h",
            "expr calm due planned 48h ago waivable",
        ),
        (
            "attest: {}, due: T+1h30m",
            "attest 1xanybody due planned 1h 30m waivable",
        ),
        (
            "during: hours, due: +1d",
            "during hours due entered 24h waivable",
        ),
    ];
    for (keys, expected) in table {
        assert_eq!(said(&rule(keys)), expected, "{keys}");
    }
}

#[test]
fn a_stop_is_only_waivable_where_it_says_so() {
    let policy = policy(
        "hold: [{id: a, attest: {}}, {id: b, attest: {}, waivable: false}]\n\
         rollback: [{id: c, approve: {any: 1}}, {id: d, evidence: {id: scan, status: failed}, waivable: true}]\n",
    );
    let waivable: Vec<(&str, bool)> = policy.stages[0]
        .rules
        .iter()
        .map(|rule| (rule.id.as_ref(), rule.waivable))
        .collect();
    assert_eq!(
        waivable,
        [("a", true), ("b", false), ("c", false), ("d", true)]
    );
}

#[test]
fn a_calendar_brings_what_closes_it() {
    let during = rule("during: hours");
    let Proof::During(during) = &during.proof else {
        panic!("{during:?}")
    };
    assert_eq!(during.calendar.deny.len(), 1, "a period");
    let closed: Vec<(&str, Option<&str>)> = during
        .closed
        .iter()
        .map(|closed| (closed.condition.text(), closed.reason.as_deref()))
        .collect();
    assert_eq!(
        closed,
        [("error_rate > 0.5", Some("trouble")), ("calm", None)]
    );
}

#[test]
fn everything_that_is_read_is_among_the_expressions() {
    for (keys, expected) in [
        (
            "expr: calm, when: error_rate < 0.1",
            "error_rate < 0.1, calm",
        ),
        ("evidence: {id: x, where: data.ok}", "data.ok"),
        ("evidence: {id: x}", ""),
        ("during: hours", "error_rate > 0.5, calm"),
        ("attest: {}", ""),
    ] {
        let rule = rule(keys);
        let texts: Vec<&str> = rule.expressions().map(|expr| expr.text()).collect();
        assert_eq!(texts.join(", "), expected, "{keys}");
    }
}

#[test]
fn an_override_with_a_proof_drops_the_old_one_and_its_times() {
    let table = [
        (
            "expr: calm, for: 10m, due: T-48h, waivable: false",
            "require",
            "for: 20m",
            "expr calm for 20m due planned 48h ago",
        ),
        (
            "expr: calm, for: 10m, due: T-48h, waivable: false",
            "require",
            "attest: {role: sre}",
            "attest 1xsre due planned 48h ago",
        ),
        (
            "expr: calm, for: 10m",
            "require",
            "expr: '!calm'",
            "expr !calm waivable",
        ),
        (
            "expr: calm, at: {times: 1h}",
            "require",
            "during: hours",
            "during hours waivable",
        ),
        (
            "attest: {role: sre}, due: +24h",
            "require",
            "due: T, waivable: false",
            "attest 1xsre due planned 0s",
        ),
        (
            "attest: {role: sre}, due: +24h",
            "require",
            "expr: calm, for: 1m",
            "expr calm for 1m due entered 24h waivable",
        ),
        (
            "attest: {role: sre}, due: +24h",
            "require",
            "title: x",
            "attest 1xsre due entered 24h waivable",
        ),
        // A stop is not due at any time, and a hard one not waived unless it says so.
        (
            "attest: {role: sre}, due: +24h",
            "rollback",
            "title: x",
            "attest 1xsre",
        ),
        (
            "attest: {role: sre}, waivable: true",
            "rollback",
            "title: x",
            "attest 1xsre waivable",
        ),
        // A proof is one thing: nothing of an old one is kept in a new one of its kind.
        (
            "evidence: {id: tests, max_age: 1h}",
            "require",
            "evidence: {id: tests, commit: same}",
            "evidence tests of this commit waivable",
        ),
    ];
    for (before, list, over, expected) in table {
        let policy = policy(&format!(
            "stages:\n  - {{name: base, require: [{{id: r, {before}}}]}}\n\
             \x20 - {{name: next, extends: base, {list}: [{{id: r, {over}}}]}}\n"
        ));
        assert_eq!(
            said(&policy.stages[1].rules[0]),
            expected,
            "{before} + {over}"
        );
    }
}

#[test]
fn a_group_says_when_its_requirements_are_due() {
    let policy = policy(
        "stages:\n  - name: base\n    require:\n      - group: reviews\n        due: T-48h\n        rules:\n\
         \x20         - {id: a, attest: {}}\n          - {id: b, attest: {}, due: +1h}\n          - {id: c, attest: {}}\n\
         \x20 - name: next\n    extends: base\n    require: [{id: a, title: x}]\n    hold: [{id: c, title: x}]\n",
    );
    let said = |stage: usize| -> Vec<String> {
        policy.stages[stage]
            .rules
            .iter()
            .map(|rule| said(rule))
            .collect()
    };
    let before = "attest 1xanybody due planned 48h ago waivable";
    let own = "attest 1xanybody due entered 1h waivable";
    assert_eq!(said(0), [before, own, before]);
    assert_eq!(
        said(1),
        [before, own, "attest 1xanybody waivable"],
        "a hold is not due"
    );
}

#[test]
fn roles_needs_and_audits_are_kept() {
    let policy = policy(
        "stages:\n  - {name: lab, require: [{id: a, expr: calm}]}\n\
         \x20 - {name: staging, needs: lab, require: [{id: a, expr: calm}]}\n\
         \x20 - {name: live, needs: [lab, {any: [staging, late]}], record: {fields: [ticket, deployer]}, require: [{id: a, expr: calm}]}\n\
         \x20 - {name: late, needs: {any: [live, staging]}, require: [{id: a, expr: calm}]}\n",
    );
    let roles: Vec<String> = policy
        .roles
        .iter()
        .flatten()
        .map(|role| {
            let people = role.people.as_deref().map_or("anybody".to_owned(), words);
            format!("{} {:?} {people}", role.name, role.contact.as_deref())
        })
        .collect();
    assert_eq!(
        roles,
        [
            "sre Some(\"PagerDuty\") ada+jon",
            "lead None mira",
            "guest None anybody"
        ]
    );
    let needs = |stage: usize| -> Vec<String> {
        policy.stages[stage]
            .needs
            .iter()
            .map(|need| words(&need.stages))
            .collect()
    };
    assert_eq!(needs(0), Vec::<String>::new());
    assert_eq!(needs(1), ["lab"]);
    assert_eq!(needs(2), ["lab", "staging+late"]);
    let fields = |stage: usize| -> Vec<String> {
        let fields = policy.stages[stage].fields.iter();
        fields
            .map(|(name, slot)| format!("{name} {}", policy.layout.name(*slot)))
            .collect()
    };
    let whole = ["deployer subject.deployer", "version subject.version"];
    assert_eq!(fields(0), whole);
    assert_eq!(
        fields(2),
        [
            "deployer subject.deployer",
            "ticket subject.ticket",
            "version subject.version"
        ]
    );
    assert_eq!(
        policy.layout.fields().len(),
        2,
        "`version` has a slot of its own"
    );
}

#[test]
fn stages_that_wait_for_each_other_are_told_once() {
    let told = |needs: [&str; 4]| -> Vec<String> {
        let stages: String = needs
            .iter()
            .enumerate()
            .map(|(index, needs)| {
                format!(
                    "  - {{name: s{index}, needs: {needs}, require: [{{id: a, expr: calm}}]}}\n"
                )
                .replace("needs: -, ", "")
            })
            .collect();
        let text = format!("{HEAD}stages:\n{stages}");
        let problems = check(&Source::new("policy.yaml", text), &Settings::new()).1;
        let labels = problems.iter().flat_map(|problem| &problem.labels);
        labels.map(|label| label.text.clone()).collect()
    };
    let none: [&str; 0] = [];
    assert_eq!(told(["-", "s0", "s1", "[s0, s2]"]), none);
    assert_eq!(told(["s1", "s2", "s3", "-"]), none, "in any order");
    assert_eq!(
        told(["s1", "s0", "-", "-"]),
        ["`s0` needs `s1`", "`s1` needs `s0`"]
    );
    // The first waits for the cycle, and is not in it.
    assert_eq!(
        told(["s1", "s2", "s1", "-"]),
        ["`s1` needs `s2`", "`s2` needs `s1`"]
    );
    assert_eq!(
        told(["{any: [s1, s3]}", "s0", "-", "-"]),
        none,
        "one way out"
    );
    assert_eq!(
        told(["{any: [s1, s2]}", "s0", "s0", "-"]),
        ["`s0` needs `s1`", "`s1` needs `s0`"]
    );
}

#[test]
fn one_person_fills_one_role() {
    let possible = |roles: &str, quorum: &str| {
        let head = HEAD.replace("roles:\n", &format!("roles:\n{roles}"));
        let text = format!("{head}require: [{{id: r, approve: {{{quorum}}}}}]\n");
        check(&Source::new("policy.yaml", text), &Settings::new())
            .0
            .is_some()
    };
    let roles = "  x: {people: [p1, p2]}\n  y: {people: [P1 , p3]}\n  z: {people: [p1]}\n";
    assert!(possible(roles, "roles: [x, y, z]"), "p2, p3, p1");
    assert!(possible(roles, "roles: [z, y, x]"), "in any order");
    assert!(
        !possible(roles, "roles: [x, y], each: 2"),
        "three people for four places"
    );
    assert!(
        possible(roles, "roles: [x, guest], each: 2"),
        "guests are not listed"
    );
    assert!(!possible(roles, "roles: [x, guest], each: 3"));
    // p1 is moved twice until all have somebody.
    let roles = "  x: {people: [p1, p2]}\n  y: {people: [p2, p3]}\n  z: {people: [p3, p4]}\n  w: {people: [p4]}\n  v: {people: [p1, p4]}\n";
    assert!(
        !possible(roles, "roles: [x, y, z, w, v]"),
        "four people for five roles"
    );
    assert!(possible(roles, "roles: [x, y, z, w]"));
    assert!(possible(roles, "roles: [v, y, x, w]"));
}

#[test]
fn no_more_roles_than_are_read_approve_one_rule() {
    let names: Vec<String> = (0..17).map(|index| format!("r{index}")).collect();
    let listed: String = names
        .iter()
        .map(|name| format!("  {name}: {{}}\n"))
        .collect();
    let head = HEAD.replace("roles:\n", &format!("roles:\n{listed}"));
    let told = |count: usize| {
        let roles = names[..count].join(", ");
        let text = format!("{head}require: [{{id: r, approve: {{roles: [{roles}]}}}}]\n");
        let problems = check(&Source::new("policy.yaml", text), &Settings::new()).1;
        support::told(&problems)
    };
    assert_eq!(told(16), "");
    assert!(
        told(17).starts_with("too-large: 17 roles for one rule, more than the 16 that are read")
    );
}

#[test]
fn a_condition_on_data_is_unknown_where_they_are_of_another_type() {
    use gonogo::expr::value::{Key, Map, Missing, Value};
    use gonogo::expr::{Budget, Tri};
    use gonogo::snapshot::layout::Derived;

    let say = |condition: &str| {
        let policy = policy(&format!(
            "require: [{{id: r, evidence: {{id: x, where: '{condition}'}}}}]\n"
        ));
        let Proof::Evidence(proof) = &policy.stages[0].rules[0].proof else {
            panic!("no evidence")
        };
        let text = |text: &str| Value::String(Arc::from(text));
        let map = |entries: Vec<(&str, Value)>| {
            let entries = entries.into_iter();
            Value::Map(Arc::new(Map::new(
                entries
                    .map(|(key, value)| (Key::String(Arc::from(key)), value))
                    .collect(),
            )))
        };
        let data = map(vec![
            ("share", Value::Double(0.8)),
            ("count", Value::Int(3)),
            ("level", text("high")),
            ("ok", Value::Bool(true)),
            ("tags", Value::List(Arc::from(vec![text("a"), text("b")]))),
            ("deep", map(vec![("n", Value::Int(1))])),
            ("gone", Value::Unknown(Missing::Null)),
        ]);
        let mut slots = vec![Value::Unknown(Missing::Absent); policy.slots()];
        slots[policy.layout.derived(Derived::Data)] = data;
        let condition = proof.condition.as_ref().expect("a condition");
        match condition.test(&slots, &mut Budget::default()) {
            Tri::True => "true",
            Tri::False => "false",
            Tri::Unknown(_) => "unknown",
        }
    };
    let table = [
        ("data.share >= 0.8", "true"),
        ("data.share > 0.8", "false"),
        ("data.share == 0.8", "true"),
        ("data.count == 3", "true"),
        ("data.count == 3.0", "true"),
        ("3 != data.count", "false"),
        ("data.count >= 2 && data.ok", "true"),
        ("data.count + 1 == 4", "true"),
        ("data.level == \"high\"", "true"),
        ("data.level in [\"low\", \"high\"]", "true"),
        ("data.level.startsWith(\"h\")", "true"),
        ("data.tags.all(tag, tag != \"c\")", "true"),
        ("\"a\" in data.tags", "true"),
        ("data.deep.n < 2", "true"),
        ("data[\"deep\"][\"n\"] < 2", "true"),
        ("known(data.deep.n)", "true"),
        ("known(data.deep.m)", "false"),
        ("has(data.share)", "true"),
        // Of another type, missing, or null: neither true nor false.
        ("data.level > 3", "unknown"),
        ("data.level == 3", "unknown"),
        ("data.level != 3", "unknown"),
        ("data.count != \"3\"", "unknown"),
        ("\"3\" == data.count", "unknown"),
        ("data.ok != \"yes\"", "unknown"),
        ("data.deep != true", "unknown"),
        ("!(data.count in [\"3\"])", "unknown"),
        ("data[\"count\"] != \"3\"", "unknown"),
        ("data.count", "unknown"),
        ("!data.level", "unknown"),
        ("data.missing != \"x\"", "unknown"),
        ("data.gone != \"x\"", "unknown"),
        ("data.level.n != 1", "unknown"),
        ("size(data.count) == 0", "unknown"),
        ("data.count / 0 == 1", "unknown"),
        ("data.missing == 1 || data.ok", "true"),
        ("data.missing == 1 && !data.ok", "false"),
    ];
    for (condition, expected) in table {
        assert_eq!(say(condition), expected, "{condition}");
    }
}
