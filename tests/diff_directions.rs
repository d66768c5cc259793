//! A direction is told only where it is certain: where `diff` says tightened no verdict gets looser, and where it says
//! loosened none gets tighter, whatever was measured, said and missed.

use gonogo::diff::{Difference, Direction, diff};
use gonogo::evaluate::{Question, evaluate, stage};
use gonogo::policy::Policy;
use gonogo::policy::check::{Settings, check};
use gonogo::snapshot::History;
use gonogo::source::Source;
use gonogo::verdict::Decision;
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::support;
use crate::support::world::instant;

/// A rule in one of several ways: `{…}` without its id. The empty one is no rule.
struct Kind {
    effect: &'static str,
    id: &'static str,
    /// What may be said of each part.
    parts: &'static [&'static [&'static str]],
}

const WHENS: &[&str] = &[
    "",
    "when: canary",
    "when: canary && lat < 4.0",
    "when: canary || lat < 4.0",
    "when: lat < 4.0",
    "when: lat < 6.0",
    "when: known(lat)",
    "when: 'stage.name == \"s\"'",
];
const CONDITIONS: &[&str] = &[
    "expr: err < 3.0",
    "expr: err < 5.0",
    "expr: n <= 4",
    "expr: n <= 4.5",
    "expr: n < 5.0",
    "expr: err < 3.0 && lat < 5.0",
    "expr: err < 5.0 && lat < 3.0",
    "expr: err < 3.0 || lat < 5.0",
    "expr: 'mood == \"a\" || mood == \"b\"'",
    "expr: 'mood in [\"a\", \"b\"]'",
    "expr: 'mood in [\"a\", \"b\", \"c\"]'",
    "expr: '(err < 3.0).share(\"30s\") > 0.5'",
    "expr: '(err < 5.0).share(\"30s\") > 0.5'",
    "expr: '(err < 5.0 && lat < 5.0).share(\"30s\") > 0.5'",
];
const STOPS: &[&str] = &[
    "expr: err > 4.0",
    "expr: err > 6.0",
    "expr: err > 4.0 || lat > 4.0",
    "expr: err > 4.0 && lat > 4.0",
    "expr: '!(err < 3.0)'",
];
const PEOPLE: &[&str] = &[
    "roles: [sre]",
    "roles: [sre, lead]",
    "roles: [lead]",
    "roles: [sre], each: 2",
    "any: 1",
    "any: 2",
    "any: 1, roles: [sre]",
    "any: 1, roles: [sre, lead]",
];
const ASKED: &[&str] = &[
    "",
    ", not_by: [author]",
    ", max_age: 30s",
    ", since: any",
    ", fields: [note]",
    ", fields: {note: [bug]}",
    ", fields: {note: [bug, lim]}",
];

/// The rules that are changed, one at a time.
const KINDS: &[Kind] = &[
    Kind {
        effect: "require",
        id: "asked",
        parts: &[
            CONDITIONS,
            WHENS,
            &[
                "",
                "for: 20s",
                "for: 40s",
                "due: T-1h",
                "due: +20s",
                "due: +40s",
            ],
            &["", "on_unmet: rollback"],
            &["", "watch: true"],
        ],
    },
    Kind {
        effect: "require",
        id: "checked",
        parts: &[
            &["expr: err < 3.0", "expr: err < 5.0"],
            &[
                "at: {times: [20s], within: 10s}",
                "at: {times: [20s], within: 40s}",
                "at: {times: [20s, 50s], within: 10s}",
                "at: {every: 20s, within: 10s}",
                "at: {every: 20s, times: 2, within: 10s}",
                "at: {every: 20s, times: 3, within: 10s}",
            ],
            &["", "on_unmet: rollback"],
        ],
    },
    Kind {
        effect: "hold",
        id: "held",
        parts: &[
            STOPS,
            WHENS,
            &["", "for: 20s", "for: 40s"],
            &["", "missing: ignore", "missing: fire"],
        ],
    },
    Kind {
        effect: "rollback",
        id: "back",
        parts: &[
            STOPS,
            WHENS,
            &["", "for: 20s", "for: 40s"],
            &["", "missing: ignore", "missing: fire"],
            &["", "latch: false"],
        ],
    },
    Kind {
        effect: "require",
        id: "agreed",
        parts: &[&["approve: {"], PEOPLE, ASKED, &["}"]],
    },
    Kind {
        effect: "require",
        id: "attested",
        parts: &[
            &["attest: {"],
            &["role: sre", "role: lead", "count: 1", "role: sre, count: 2"],
            ASKED,
            &["}"],
        ],
    },
    Kind {
        effect: "hold",
        id: "stopped",
        parts: &[
            &["attest: {"],
            &["role: sre", "role: lead", "count: 1", "role: sre, count: 2"],
            ASKED,
            &["}"],
        ],
    },
    Kind {
        effect: "require",
        id: "ran",
        parts: &[
            &["evidence: {id: t"],
            &["", ", environment: prod", ", environment: same"],
            &["", ", commit: same"],
            &["", ", max_age: 30s", ", max_age: 60s"],
            &["", ", since: entry"],
            &["", ", where: data.x < 3", ", where: data.x < 5"],
            &["}"],
            &["", ", on_unmet: rollback"],
        ],
    },
    Kind {
        effect: "hold",
        id: "failed",
        parts: &[
            &["evidence: {id: t, status: failed"],
            &["", ", environment: prod"],
            &["", ", max_age: 30s", ", max_age: 60s"],
            &["", ", where: data.x < 3", ", where: data.x < 5"],
            &["}"],
        ],
    },
    Kind {
        effect: "require",
        id: "open",
        parts: &[&["during: hours"]],
    },
];

/// The same for what is no rule.
const ELSEWHERE: &[(&str, &[&str])] = &[
    (
        "HOURS",
        &[
            "\"Thu 10:00-16:00\"",
            "\"Thu 10:00-10:01\", \"Thu 10:01-16:00\"",
            "\"Wed-Thu 10:00-16:00\"",
            "\"Wed 10:00-16:00\", \"Thu 10:00-16:00\"",
            "\"Thu 10:00-10:01\"",
            "\"Thu 10:01-16:00\"",
        ],
    ),
    (
        "SRE",
        &[
            "{}",
            "{people: [jon, eve, ada]}",
            "{people: [jon, eve]}",
            "{people: [eve, ada]}",
        ],
    ),
    ("FIRM", &["", "  - {id: firm, expr: lat < 9.0}\n"]),
];

/// A policy, as what is chosen of each rule and elsewhere; nothing: no such rule.
#[derive(Clone, Debug)]
struct Chosen {
    rules: Vec<Option<(&'static str, Vec<usize>)>>,
    elsewhere: Vec<usize>,
}

fn text(chosen: &Chosen) -> String {
    let mut effects = [
        ("require", String::new()),
        ("hold", String::new()),
        ("rollback", String::new()),
    ];
    for (kind, rule) in KINDS.iter().zip(&chosen.rules) {
        let Some((effect, parts)) = rule else {
            continue;
        };
        let said = kind
            .parts
            .iter()
            .zip(parts)
            .map(|(part, chosen)| part[*chosen]);
        let mut line = format!("id: {}", kind.id);
        for part in said.filter(|part| !part.is_empty()) {
            let joined = part.starts_with([',', '}']) || line.ends_with('{');
            line.push_str(if joined { "" } else { ", " });
            line.push_str(part);
        }
        line = line.replace("{, ", "{");
        let into = effects.iter_mut().find(|(name, _)| name == effect);
        let (_, rules) = into.expect("an effect");
        // A condition with `{`, `[` or a quote stands in quotes already.
        rules.push_str(&format!("      - {{{line}}}\n"));
    }
    let other = |name: &str| {
        let index = ELSEWHERE.iter().position(|(known, _)| *known == name);
        let index = index.expect("a place");
        ELSEWHERE[index].1[chosen.elsewhere[index]]
    };
    effects[0]
        .1
        .push_str(&other("FIRM").replace("  - ", "      - "));
    let mut text = format!(
        "gonogo: 1\nname: p\ninputs:\n  err: {{type: double, max_age: 25s}}\n  lat: {{type: double, max_age: 25s}}\n  n: {{type: int, max_age: 1h}}\n  canary: {{type: bool, max_age: 25s}}\n  mood: {{type: string, max_age: 1h}}\nroles: {{sre: {}, lead: {{people: [ada, jon]}}}}\ncalendars:\n  hours: {{timezone: UTC, allow: [{}]}}\nstages:\n  - name: s\n",
        other("SRE"),
        other("HOURS")
    );
    for (effect, rules) in effects {
        if !rules.is_empty() {
            text.push_str(&format!("    {effect}:\n{rules}"));
        }
    }
    text
}

fn any_rule(kind: usize) -> impl Strategy<Value = (&'static str, Vec<usize>)> {
    let parts = KINDS[kind].parts.iter().map(|part| 0..part.len());
    let parts: Vec<_> = parts.collect();
    (Just(KINDS[kind].effect), parts)
}

/// A policy of few rules, so that one of them decides often, and the same with something of it changed.
fn pair() -> impl Strategy<Value = (Chosen, Chosen)> {
    let rules: Vec<_> = (0..KINDS.len())
        .map(|kind| prop_oneof![14 => Just(None), 1 => any_rule(kind).prop_map(Some)])
        .collect();
    let elsewhere: Vec<_> = ELSEWHERE.iter().map(|(_, all)| 0..all.len()).collect();
    let all: Vec<_> = (0..KINDS.len()).map(any_rule).collect();
    let changed = (
        0..KINDS.len(),
        0_usize..8,
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
    );
    (rules, elsewhere, all, prop_oneof![4 => prop::collection::vec(changed.clone(), 1), 1 => prop::collection::vec(changed, 2)]).prop_map(
        |(rules, elsewhere, all, changes)| {
            let mut old = Chosen { rules, elsewhere };
            let mut new = old.clone();
            for (kind, how, part, choice) in changes {
                match how {
                    0 => new.rules[kind] = None,
                    1 => {
                        let place = part.index(ELSEWHERE.len());
                        new.elsewhere[place] = choice.index(ELSEWHERE[place].1.len());
                    }
                    2 => new.rules[kind] = Some(all[kind].clone()),
                    _ => {
                        let was = old.rules[kind]
                            .get_or_insert_with(|| all[kind].clone())
                            .clone();
                        let (effect, mut parts) = new.rules[kind].clone().unwrap_or(was);
                        let part = part.index(parts.len());
                        parts[part] = choice.index(KINDS[kind].parts[part].len());
                        new.rules[kind] = Some((effect, parts));
                    }
                }
            }
            (old, new)
        },
    )
}

fn value(most: i64) -> impl Strategy<Value = Option<Json>> {
    prop_oneof![6 => (1..most).prop_map(|value| Some(json!(value))), 1 => Just(Some(Json::Null)), 2 => Just(None)]
}

fn canary() -> impl Strategy<Value = Option<Json>> {
    prop_oneof![3 => any::<bool>().prop_map(|canary| Some(json!(canary))), 1 => Just(Some(Json::Null)), 2 => Just(None)]
}

/// Who says something of a rule, and when.
fn said() -> impl Strategy<Value = (i64, Json)> {
    let who = prop::sample::select(vec!["jon", "eve", "ada"]);
    let role = prop::sample::select(vec![None, Some("sre"), Some("lead")]);
    let note = prop::sample::select(vec![None, Some("bug"), Some("lim"), Some("else")]);
    (-20_i64..80, 0_u8..6, who, role, note, 0_u8..8).prop_map(
        |(at, kind, who, role, note, value)| {
            let when = instant(at).to_string();
            let mut fact = json!({"at": when});
            if kind < 2 {
                fact["id"] = json!("t");
                fact["status"] = json!(if value % 2 == 0 { "passed" } else { "failed" });
                fact["data"] = json!({"x": value});
                if value % 3 > 0 {
                    fact["environment"] = json!(["prod", "staging"][usize::from(value % 3) - 1]);
                }
                if role.is_some() {
                    fact["commit"] = json!(if who == "jon" { "abc" } else { "def" });
                }
                if note == Some("else") {
                    fact["started"] = json!(instant(at - 30).to_string());
                }
                return (at, json!({"evidence": [fact]}));
            }
            fact["by"] = json!(who);
            if let Some(role) = role {
                fact["role"] = json!(role);
            }
            if let Some(note) = note {
                fact["fields"] = json!({"note": note});
            }
            if kind < 4 {
                fact["rule"] = json!("agreed");
                fact["decision"] = json!(
                    ["approved", "approved", "rejected", "withdrawn"][usize::from(value % 4)]
                );
                return (at, json!({"approvals": [fact]}));
            }
            fact["rule"] = json!(if kind == 4 { "attested" } else { "stopped" });
            if value % 4 == 0 {
                fact["decision"] = json!("withdrawn");
            }
            (at, json!({"attestations": [fact]}))
        },
    )
}

fn history() -> impl Strategy<Value = String> {
    let gap = prop_oneof![4 => Just(10_i64), 2 => Just(20), 1 => Just(30)];
    let mood = prop::sample::select(vec![None, Some("a"), Some("b"), Some("c"), Some("d")]);
    let sample = (gap, value(8), value(8), value(8), canary(), mood);
    let planned = any::<bool>();
    let author = prop::sample::select(vec![None, Some("jon"), Some("eve")]);
    let samples = prop::collection::vec(sample, 1..7);
    (
        samples,
        prop::collection::vec(said(), 0..9),
        planned,
        author,
        any::<bool>(),
    )
        .prop_map(|(samples, said, planned, author, entered)| {
            let (mut at, mut lines) = (0, String::new());
            for (index, (gap, err, lat, n, canary, mood)) in samples.into_iter().enumerate() {
                let mut metrics = serde_json::Map::new();
                let mood = mood.map(|mood| json!(mood));
                for (name, value) in [
                    ("err", err),
                    ("lat", lat),
                    ("n", n),
                    ("canary", canary),
                    ("mood", mood),
                ] {
                    metrics.extend(value.map(|value| (name.to_owned(), value)));
                }
                let now = instant(at).to_string();
                let mut sample = json!({"at": now, "metrics": metrics});
                if index == 0 {
                    let mut subject =
                        json!({"service": "svc", "commit": "abc", "environment": "prod"});
                    if planned {
                        subject["planned_at"] = json!(now);
                    }
                    if let Some(author) = author {
                        subject["author"] = json!(author);
                    }
                    sample["subject"] = subject;
                    sample["stage"] = json!({"name": "s"});
                    if entered {
                        sample["stage"]["entered"] = json!(now);
                    }
                }
                lines.push_str(&format!("{sample}\n"));
                at += gap;
            }
            for (_, fact) in said {
                lines.push_str(&format!("{fact}\n"));
            }
            lines
        })
}

fn decision(policy: &Policy, history: &History, now: Timestamp) -> Decision {
    let stage = stage(policy, history, Some("s"), now).expect("a stage");
    evaluate(
        policy,
        history,
        Question {
            stage,
            asked: Some("s"),
            now,
        },
    )
    .decision
}

/// What all changes come to.
fn whole(difference: &Difference) -> Direction {
    let all = difference.changes.iter().map(|item| item.direction);
    all.fold(Direction::Neutral, Direction::and)
}

/// A policy, where what was chosen fits together.
fn policy(text: &str) -> Option<Policy> {
    let source = Source::new("policy.yaml", text);
    check(&source, &Settings::new()).0
}

fn one_way(old: &str, new: &str, lines: &str) -> Result<(), TestCaseError> {
    let (Some(old), Some(new)) = (policy(old), policy(new)) else {
        return Err(TestCaseError::reject("no policy"));
    };
    let difference = diff(&old, &new);
    let direction = whole(&difference);
    let (history, _) = support::history(&old, &[lines]);
    let end = history.newest().expect("a sample");
    let times = history.samples().map(|sample| sample.at);
    let times: Vec<Timestamp> = times
        .chain([end + jiff::SignedDuration::from_secs(15)])
        .collect();
    for now in times {
        let (was, is) = (decision(&old, &history, now), decision(&new, &history, now));
        let fits = match direction {
            Direction::Loosened => is <= was,
            Direction::Tightened => is >= was,
            Direction::Neutral => is == was,
            Direction::Both | Direction::Changed => true,
        };
        prop_assert!(
            fits,
            "{direction:?}, but {was:?} → {is:?} at {now}: {:#?}",
            difference.changes
        );
    }
    Ok(())
}

fn cases(default: u32) -> ProptestConfig {
    let given = std::env::var("PROPTEST_CASES").ok();
    let cases = given
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(default);
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn no_verdict_goes_against_the_direction((old, new) in pair(), lines in history()) {
        let (old, new) = (text(&old), text(&new));
        prop_assume!(old.contains("- {id") && new.contains("- {id"));
        one_way(&old, &new, &lines).map_err(|error| match error {
            TestCaseError::Fail(why) => TestCaseError::fail(format!("{why}\n{old}\n{new}\n{lines}")),
            rejected @ TestCaseError::Reject(_) => rejected,
        })?;
    }
}
