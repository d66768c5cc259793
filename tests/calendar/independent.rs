//! What is open at an instant, and when that changes next, against a table that another program worked out: as the
//! calendar says, as a rule says that must lie in its hours, and as the program says.

use super::{calendar, rows};
use crate::support::place::Place;
use crate::support::{judge, policy};
use gonogo::policy::check::Settings;
use gonogo::verdict::{Cause, Decision};
use jiff::Timestamp;
use serde_json::Value as Json;

const TABLE: &str = include_str!("independent.csv");

/// What is asked of which calendar, and what must come of it.
#[derive(Clone, Debug)]
struct Row {
    zone: String,
    allow: String,
    deny: String,
    at: Timestamp,
    state: String,
    next_open: Option<Timestamp>,
    next_change: Option<Timestamp>,
}

fn table() -> Vec<Row> {
    let text = TABLE.replace(',', "|");
    let rows = rows(&text);
    let (head, rows) = rows.split_first().expect("a head");
    assert_eq!(head[4..], ["state", "next open", "next change"]);
    assert!(rows.len() > 500, "{}", rows.len());
    let instant = |text: &str| (text != "never").then(|| text.parse().expect("an instant"));
    let row = |row: &Vec<&str>| {
        let [zone, allow, deny, at, state, next_open, next_change] = row.as_slice() else {
            panic!("{row:?}")
        };
        Row {
            zone: (*zone).to_owned(),
            allow: (*allow).to_owned(),
            deny: (*deny).to_owned(),
            at: instant(at).expect("an instant"),
            state: (*state).to_owned(),
            next_open: instant(next_open),
            next_change: instant(next_change),
        }
    };
    rows.iter().map(row).collect()
}

impl Row {
    /// A policy of one rule: what is rolled out is rolled out in these hours.
    fn policy(&self) -> String {
        let periods = |text: &str| {
            let one = |period: &str| format!("'{}'", period.trim());
            let periods = text.split(';').filter(|text| !text.is_empty()).map(one);
            periods.collect::<Vec<_>>().join(", ")
        };
        let deny = |period: &str| {
            let key = if period.contains("20") {
                "dates"
            } else {
                "weekly"
            };
            format!("\n      - {{{key}: '{}', reason: not then}}", period.trim())
        };
        let denied = self.deny.split(';').filter(|text| !text.is_empty());
        let denied: String = denied.map(deny).collect();
        let deny = if denied.is_empty() { " []" } else { &denied };
        format!(
            "gonogo: 1\nname: hours\ncalendars:\n  hours:\n    timezone: {}\n    allow: [{}]\n    deny:{deny}\n\
             require: [{{id: in-hours, during: hours}}]\n",
            self.zone,
            periods(&self.allow),
        )
    }
}

#[test]
fn an_instant_is_open_or_closed_as_the_table_says() {
    for row in table() {
        let calendar = calendar(&row.zone, &row.allow, &row.deny);
        let state = match (calendar.is_open(row.at), calendar.denied(row.at)) {
            (true, None) => "open",
            (false, Some(_)) => "denied",
            (false, None) => "closed",
            (true, Some(_)) => "open and denied",
        };
        assert_eq!(state, row.state, "{row:?}");
        assert_eq!(calendar.next_open(row.at), row.next_open, "{row:?}");
        assert_eq!(calendar.next_change(row.at), row.next_change, "{row:?}");
    }
}

/// A sample long before: what holds at an instant is a matter of the clock alone.
const SAMPLE: &str = "{\"at\": \"2025-12-31T00:00:00Z\"}\n";

#[test]
fn a_rule_is_met_in_the_hours_of_the_table_and_tells_the_next_ones() {
    for row in table() {
        let policy = policy(&row.policy(), &Settings::new());
        let verdict = judge(&policy, &[SAMPLE], None, Some(row.at));
        let [finding] = verdict.findings.as_slice() else {
            panic!("{row:?}: {verdict:?}")
        };
        if row.state == "open" {
            assert_eq!(verdict.verdict, Decision::Go, "{row:?}");
            assert_eq!(finding.status.name(), "met", "{row:?}");
            continue;
        }
        assert_eq!(verdict.verdict, Decision::NoGo, "{row:?}");
        assert_eq!(verdict.causes, [Cause::Closed], "{row:?}");
        assert_eq!(finding.status.name(), "pending", "{row:?}");
        assert_eq!(finding.met_at, row.next_open, "{row:?}");
    }
}

#[test]
fn the_program_keeps_the_hours_of_the_table() {
    let rows = table();
    for row in rows.iter().step_by(29) {
        let place = Place::empty()
            .with("policy.yaml", row.policy())
            .with("history.jsonl", SAMPLE);
        let arguments = format!("eval -p policy.yaml -s history.jsonl --now {}", row.at);
        let told = place.run(&format!("{arguments} --format json"));
        let open = row.state == "open";
        assert_eq!(
            told.code,
            if open { 0 } else { 11 },
            "{row:?}\n{}",
            told.transcript
        );
        let record: Json = serde_json::from_str(&told.stdout).expect("a record");
        let met_at = row.next_open.filter(|_| !open).map(|at| at.to_string());
        assert_eq!(
            record["findings"][0]["met_at"].as_str(),
            met_at.as_deref(),
            "{row:?}"
        );
        let text = place.run(&arguments).stdout;
        assert_eq!(
            text.contains("not then"),
            row.state == "denied",
            "{row:?}\n{text}"
        );
    }
}
