//! Policies, samples and facts in a small world, in which people, roles, rules and instants meet often.

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// A stage whose rules are proved by people, a command and an earlier stage.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key of the language, given or not"
)]
#[derive(Clone, Debug)]
pub(super) struct Policy {
    pub(super) role: Option<&'static str>,
    pub(super) count: usize,
    pub(super) max_age: Option<i64>,
    pub(super) not_by: bool,
    pub(super) any_time: bool,
    pub(super) roles: Vec<&'static str>,
    pub(super) each: Option<usize>,
    pub(super) any: usize,
    pub(super) listed: bool,
    needs: bool,
    due: Option<i64>,
    hard: bool,
}

/// Samples of one subject.
#[derive(Clone, Debug)]
pub(super) struct World {
    /// When the stage was entered, as each sample tells it, by the minute of the sample.
    entries: Vec<(i64, i64)>,
    pub(super) author: Option<&'static str>,
}

/// A minute after ten.
pub(super) fn at(minute: i64) -> Timestamp {
    let ten: Timestamp = "2026-03-02T10:00:00Z".parse().expect("an instant");
    ten.checked_add(jiff::SignedDuration::from_mins(minute))
        .expect("an instant")
}

pub(super) const ROLES: [&str; 3] = ["dev", "qa", "sre"];

impl Policy {
    pub(super) fn text(&self) -> String {
        let mut asked = String::new();
        if let Some(age) = self.max_age {
            asked += &format!(", max_age: {age}m");
        }
        if self.not_by {
            asked += ", not_by: [author]";
        }
        if self.any_time {
            asked += ", since: any";
        }
        let role = self
            .role
            .map_or_else(String::new, |role| format!("role: {role}, "));
        let roles = self.roles.join(", ");
        let quorum = match self.each {
            Some(each) => format!("roles: [{roles}], each: {each}"),
            None if self.roles.is_empty() => format!("any: {}", self.any),
            None => format!("roles: [{roles}], any: {}", self.any),
        };
        let due = self
            .due
            .map_or_else(String::new, |due| format!(", due: +{due}m"));
        let hard = if self.hard {
            ", on_unmet: rollback"
        } else {
            ""
        };
        let listed = if self.listed {
            "roles:\n  sre: {people: [ada, bob, cleo]}\n  dev: {}\n"
        } else {
            ""
        };
        let needs = if self.needs {
            "    needs: [staging]\n"
        } else {
            ""
        };
        format!(
            "gonogo: 1\nname: release\n{listed}stages:\n  - name: staging\n    require: [{{id: x, expr: 'true'}}]\n  - name: prod\n{needs}    require:\n      \
             - {{id: drill, attest: {{{role}count: {}{asked}}}}}\n      \
             - {{id: cab, approve: {{{quorum}{asked}}}}}\n      \
             - {{id: tests, evidence: {{id: unit-tests, max_age: 9m}}{due}{hard}}}\n    \
             hold:\n      - {{id: broken, evidence: {{id: smoke, status: failed}}}}\n    \
             rollback:\n      - {{id: stop, attest: {{}}}}\n",
            self.count
        )
    }
}

impl World {
    /// Samples, and facts, each in a document of its own.
    pub(super) fn documents(&self, facts: &[Json]) -> Vec<String> {
        let sample = |(minute, entered): &(i64, i64)| {
            let mut subject = json!({"service": "slideb", "version": "9.0.1", "commit": "abc"});
            if let Some(author) = self.author {
                subject["author"] = json!(author);
            }
            json!({
                "at": at(*minute).to_string(),
                "subject": subject,
                "stage": {"name": "prod", "entered": at(*entered).to_string()},
            })
        };
        let samples = self
            .entries
            .iter()
            .map(|entry| sample(entry).to_string() + "\n");
        let mut documents = vec![samples.collect()];
        documents.extend(facts.iter().map(ToString::to_string));
        documents
    }

    /// When the stage was entered as it is known at a minute.
    pub(super) fn entered(&self, now: i64) -> Option<i64> {
        let told = self.entries.iter().filter(|(minute, _)| *minute <= now);
        told.map(|(_, entered)| *entered).next_back()
    }

    pub(super) fn enters_between(&self, from: i64, to: i64) -> bool {
        self.entries
            .iter()
            .any(|(minute, _)| from < *minute && *minute <= to)
    }
}

pub(super) fn policy() -> impl Strategy<Value = Policy> {
    let age = prop::option::weighted(0.4, 3_i64..12);
    let quorum = (
        prop::sample::subsequence(ROLES.to_vec(), 0..=3),
        prop::option::of(1_usize..3),
        1_usize..4,
    );
    let flags = (
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        prop::bool::weighted(0.3),
        any::<bool>(),
    );
    let due = prop::option::of(1_i64..20);
    (
        prop::option::of(prop::sample::select(ROLES.to_vec())),
        1_usize..4,
        age,
        quorum,
        flags,
        due,
    )
        .prop_map(
            |(
                role,
                count,
                max_age,
                (roles, each, any),
                (not_by, any_time, needs, listed, hard),
                due,
            )| {
                // Where roles are listed there is no qa.
                let known = |role: &&str| !listed || *role != "qa";
                let roles: Vec<&str> = roles.into_iter().filter(known).collect();
                Policy {
                    role: role.filter(known),
                    count,
                    max_age,
                    not_by,
                    any_time,
                    each: each.filter(|_| !roles.is_empty()),
                    roles,
                    any,
                    listed,
                    needs,
                    due,
                    hard,
                }
            },
        )
}

pub(super) fn world() -> impl Strategy<Value = World> {
    let entries = prop::collection::btree_map(0_i64..24, 0_i64..6, 1..4);
    let author = prop::option::weighted(0.8, prop::sample::select(vec!["Ada", "mira"]));
    (entries, author).prop_map(|(entries, author)| World {
        // From before all questions on it is known whom it is about, and a stage is never entered after the sample that
        // says so.
        entries: std::iter::once((-5, -5))
            .chain(
                entries
                    .into_iter()
                    .map(|(minute, before)| (minute, minute - before)),
            )
            .collect(),
        author,
    })
}

/// A map with the entries that have a value.
fn given(entries: Vec<(&str, Json)>) -> Json {
    let entries = entries.into_iter().filter(|(_, value)| !value.is_null());
    Json::Object(
        entries
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}

fn maybe(minute: Option<i64>) -> Json {
    minute.map_or(Json::Null, |minute| json!(at(minute).to_string()))
}

fn statement(
    rules: Vec<&'static str>,
    decisions: Vec<&'static str>,
) -> impl Strategy<Value = Json> {
    let who = prop::sample::select(vec!["ada", "Ada ", "bob", "cleo", "dan"]);
    let role = prop::option::weighted(0.85, prop::sample::select(ROLES.to_vec()));
    let stage = prop::option::weighted(0.2, prop::sample::select(vec!["prod", "staging"]));
    let commit = prop::option::weighted(0.2, prop::sample::select(vec!["abc", "def"]));
    let when = prop::option::weighted(0.97, -3_i64..24);
    let lasts = prop::option::weighted(0.3, 1_i64..12);
    let (rule, decision) = (prop::sample::select(rules), prop::sample::select(decisions));
    (rule, who, role, when, decision, stage, commit, lasts).prop_map(
        |(rule, by, role, when, decision, stage, commit, lasts)| {
            given(vec![
                ("rule", json!(rule)),
                ("by", json!(by)),
                ("role", json!(role)),
                ("at", maybe(when)),
                ("decision", json!(decision)),
                ("stage", json!(stage)),
                ("commit", json!(commit)),
                (
                    "expires",
                    maybe(when.zip(lasts).map(|(when, lasts)| when + lasts)),
                ),
            ])
        },
    )
}

fn evidence() -> impl Strategy<Value = Json> {
    let id = prop::sample::select(vec!["unit-tests", "unit-tests", "smoke"]);
    let says = prop::sample::select(vec!["passed", "passed", "failed"]);
    (id, says, -3_i64..24).prop_map(|(id, says, when)| {
        given(vec![
            ("id", json!(id)),
            ("status", json!(says)),
            ("at", maybe(Some(when))),
        ])
    })
}

fn record() -> impl Strategy<Value = Json> {
    let stage = prop::sample::select(vec!["staging", "staging", "prod"]);
    let says = prop::sample::select(vec!["go", "go", "no-go", "rollback"]);
    let commit = prop::sample::select(vec!["abc", "abc", "def"]);
    (stage, says, commit, -9_i64..24).prop_map(|(stage, says, commit, when)| {
        json!({"stage": stage, "verdict": says, "at": at(when).to_string(), "subject": {"commit": commit}})
    })
}

/// Facts, of which no two contradict each other.
pub(super) fn facts() -> impl Strategy<Value = Json> {
    let attested = statement(
        vec!["drill", "drill", "drill", "stop"],
        vec!["attested", "attested", "attested", "withdrawn"],
    );
    let approved = statement(
        vec!["cab"],
        vec![
            "approved",
            "approved",
            "approved",
            "approved",
            "rejected",
            "withdrawn",
        ],
    );
    (
        prop::collection::vec(attested, 0..9),
        prop::collection::vec(approved, 0..9),
        prop::collection::vec(evidence(), 0..5),
        prop::collection::vec(record(), 0..4),
    )
        .prop_map(|(attested, approved, run, decided)| {
            json!({
                "attestations": apart(attested, |one| (one["rule"].to_string(), folded(one), one["at"].to_string())),
                "approvals": apart(approved, |one| (one["rule"].to_string(), folded(one), one["at"].to_string())),
                "evidence": apart(run, |one| (one["id"].to_string(), String::new(), one["at"].to_string())),
                "records": apart(decided, |one| (one["stage"].to_string(), one["subject"].to_string(), one["at"].to_string())),
            })
        })
}

pub(super) fn folded(one: &Json) -> String {
    one["by"].as_str().unwrap_or_default().trim().to_lowercase()
}

/// The first of those that would be of one key and instant.
fn apart<K: Ord>(all: Vec<Json>, key: impl Fn(&Json) -> K) -> Vec<Json> {
    let mut seen = std::collections::BTreeSet::new();
    all.into_iter()
        .filter(|one| seen.insert(key(one)))
        .collect()
}

/// The same facts in documents of their own, in another order.
pub(super) fn shuffled(facts: &Json, seed: u64) -> Vec<Json> {
    let mut documents: Vec<(u64, Json)> = Vec::new();
    for (list, all) in facts.as_object().expect("lists") {
        for (index, one) in all.as_array().expect("a list").iter().enumerate() {
            let text = format!("{list}{index}{seed}");
            let mark = text.bytes().fold(seed, |mark, byte| {
                (mark ^ u64::from(byte))
                    .wrapping_mul(0x0100_0000_01b3)
                    .rotate_left(7)
            });
            documents.push((mark, json!({ list: [one] })));
        }
    }
    documents.sort_by_key(|(mark, _)| *mark);
    documents
        .into_iter()
        .map(|(_, document)| document)
        .collect()
}
