//! Calendars: when they open and close, business time, texts that are periods and texts that are none. The instants
//! expected stand in `tests/calendar`.

mod independent;

use gonogo::calendar::length::length;
use gonogo::calendar::overlap::overlap;
use gonogo::calendar::text::{Form, period};
use gonogo::calendar::zone::zone;
use gonogo::calendar::{Calendar, Denied, Lasting, Period};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::sync::Arc;

const CHANGES: &str = include_str!("calendar/changes.txt");
const BUSINESS: &str = include_str!("calendar/business.txt");

fn one(text: &str) -> Period {
    period(text, Form::Any).unwrap_or_else(|mistake| panic!("{text}: {}", mistake.message))
}

fn calendar(name: &str, allow: &str, deny: &str) -> Calendar {
    let periods = |text: &str| -> Vec<Period> {
        let texts = text.split(';').map(str::trim);
        texts.filter(|text| !text.is_empty()).map(one).collect()
    };
    let denied = |period| Denied {
        period,
        reason: None,
    };
    Calendar {
        name: "hours".into(),
        zone: zone(name).expect("a time zone"),
        allow: periods(allow),
        deny: periods(deny).into_iter().map(denied).collect(),
    }
}

fn instant(text: &str) -> Timestamp {
    let seconds = text.replace('Z', ":00Z");
    seconds
        .parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The lines of a table, each with its columns.
fn rows(table: &str) -> Vec<Vec<&str>> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.split('|').map(str::trim).collect())
        .collect()
}

fn told(at: Option<Timestamp>) -> String {
    at.map_or("never".to_owned(), |at| {
        at.strftime("%Y-%m-%dT%H:%MZ").to_string()
    })
}

#[test]
fn it_opens_and_closes_when_the_clocks_say() {
    let rows = rows(CHANGES);
    assert!(rows.len() > 20, "{}", rows.len());
    for row in rows {
        let [name, allow, deny, from, to, expected] = row.as_slice() else {
            panic!("{row:?}")
        };
        let calendar = calendar(name, allow, deny);
        let (mut at, to) = (instant(from), instant(to));
        let mut open = calendar.is_open(at);
        let mut seen = vec![if open { "open" } else { "closed" }.to_owned()];
        while let Some(change) = calendar.next_change(at).filter(|change| *change <= to) {
            let before = change - SignedDuration::from_nanos(1);
            assert!(change > at && calendar.is_open(before) == open, "{row:?}");
            let next = calendar.next_open(at).expect("an opening");
            assert_eq!(next, if open { at } else { change }, "{row:?}");
            open = !open;
            assert_eq!(calendar.is_open(change), open, "{row:?} at {change}");
            let sign = if open { '+' } else { '-' };
            seen.push(format!("{sign}{}", told(Some(change))));
            at = change;
        }
        assert_eq!(seen.join(" "), *expected, "{row:?}");
    }
}

#[test]
fn business_time_ends_when_it_has_been_open_for_so_long() {
    let rows = rows(BUSINESS);
    assert!(rows.len() > 30, "{}", rows.len());
    for row in rows {
        let [name, allow, deny, from, long, expected] = row.as_slice() else {
            panic!("{row:?}")
        };
        let calendar = calendar(name, allow, deny);
        let (days, open) = length(long).expect("a length");
        let end = calendar.plus(instant(from), days, open);
        assert_eq!(told(end), *expected, "{row:?}");
        let calendar = Arc::new(calendar);
        let lasting = Lasting::Business {
            days,
            open,
            calendar,
        };
        assert_eq!(
            lasting.after(instant(from)),
            end.unwrap_or(Timestamp::MAX),
            "{row:?}"
        );
    }
}

#[test]
fn what_is_always_open_or_never_again_does_not_change() {
    let from = instant("2026-01-06T15:00Z");
    let always = calendar("UTC", "Mon-Sun", "");
    assert!(always.is_open(from) && always.next_change(from).is_none());
    assert_eq!(always.next_open(from), Some(from));
    let past = calendar("UTC", "2025-01-01", "");
    assert!(!past.is_open(from) && past.next_open(from).is_none());
    assert!(past.next_change(from).is_none() && past.ever_opens());
    let last = instant("2025-01-01T10:00Z");
    assert_eq!(past.next_change(last), Some(instant("2025-01-02T00:00Z")));
    let nothing = calendar("UTC", "Mon", "Mon");
    assert!(!nothing.ever_opens() && nothing.next_change(from).is_none());
}

#[test]
fn the_ends_of_time_are_no_fault() {
    for name in [
        "UTC",
        "Pacific/Kiritimati",
        "Pacific/Niue",
        "Africa/Monrovia",
    ] {
        for (allow, deny) in [
            ("Mon-Sun", ""),
            ("22:00-06:00", "Fri 22:00-21:00"),
            ("0001-01-01/9999-12-31", "1st Mon"),
            ("last Fri", ""),
        ] {
            let calendar = calendar(name, allow, deny);
            for at in [Timestamp::MIN, Timestamp::MAX, Timestamp::UNIX_EPOCH] {
                let _ = (calendar.is_open(at), calendar.denied(at));
                let _ = (calendar.next_open(at), calendar.next_change(at));
                for days in [0, 1, 5_000, u32::MAX] {
                    let end = calendar.plus(at, days, SignedDuration::MAX);
                    assert_eq!(end, None);
                    let _ = calendar.plus(at, days, SignedDuration::from_hours(1));
                    assert_eq!(calendar.plus_open(at, SignedDuration::MIN), Some(at));
                }
            }
        }
    }
}

#[test]
fn what_closes_it_is_known_with_its_reason() {
    let mut calendar = calendar("UTC", "Mon-Sun", "2026-12-24/2027-01-02; Fri 22:00-02:00");
    calendar.deny[0].reason = Some("holidays".into());
    let reason = |at: &str| {
        calendar
            .denied(instant(at))
            .map(|denied| denied.reason.clone())
    };
    assert_eq!(reason("2026-12-23T23:59Z"), None);
    assert_eq!(reason("2026-12-24T00:00Z"), Some(Some("holidays".into())));
    assert_eq!(reason("2027-01-02T23:59Z"), Some(Some("holidays".into())));
    assert_eq!(reason("2027-01-03T00Z"), None);
    assert_eq!(reason("2026-12-12T01:59Z"), Some(None));
}

#[test]
fn lengths_are_told_as_people_say_them() {
    let calendar = Arc::new(calendar("UTC", "Mon-Fri", ""));
    for (text, expected) in [
        ("1d", "1 business day (hours)"),
        ("10d", "10 business days (hours)"),
        ("4h", "4h of business time (hours)"),
        ("1h30m", "1h30m of business time (hours)"),
        ("1d4h", "1 business day and 4h of business time (hours)"),
    ] {
        let (days, open) = length(text).expect("a length");
        let calendar = Arc::clone(&calendar);
        let lasting = Lasting::Business {
            days,
            open,
            calendar,
        };
        assert_eq!(lasting.to_string(), expected);
    }
    let plain = Lasting::Wall(SignedDuration::from_hours(24));
    assert_eq!(plain.to_string(), "24h");
}

#[test]
fn the_page_of_calendars_shows_what_is_read() {
    let page = include_str!("../docs/calendars.md");
    let part = |heading: &str| {
        let (_, behind) = page.split_once(heading).expect("a heading");
        behind.split("\n## ").next().unwrap_or_default()
    };
    let periods = part("\n## Periods\n").lines();
    let periods: Vec<Period> = periods
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .map(one)
        .collect();
    assert_eq!(periods.len(), 10);
    let examples: Vec<&str> = page
        .split("```yaml\n")
        .skip(1)
        .filter_map(|text| text.split("```").next())
        .collect();
    let [calendars, filed, during, business] = examples.as_slice() else {
        panic!("{examples:?}")
    };
    let head = "gonogo: 1\nname: page\ninputs: {error_rate: {type: double, unit: ratio}}\n";
    let rules = "require: [{id: errors, expr: error_rate < 0.01}]\n";
    let office = "calendars: {office-hours: {timezone: UTC, allow: Mon-Fri 09:00-17:00}}\n";
    for policy in [
        format!("{head}{calendars}{rules}"),
        format!("{head}{calendars}{during}"),
        format!("{head}{office}{business}"),
    ] {
        let _ = crate::support::policy(&policy, &gonogo::policy::check::Settings::new());
    }
    // The dates of a file close what the same dates in the policy close.
    let dates = page
        .split("```text\n")
        .nth(1)
        .and_then(|text| text.split("```").next());
    let dates = gonogo::source::Source::new("holidays.txt", dates.expect("dates"));
    let files = [("holidays.txt".to_owned(), Ok(dates))].into();
    let filed = format!(
        "{head}calendars:\n  c:\n    timezone: UTC\n    allow: Mon-Sun\n{filed}require: [{{id: open, during: c}}]\n"
    );
    let source = gonogo::source::Source::new("policy.yaml", filed).with(files);
    let (policy, problems) =
        gonogo::policy::check::check(&source, &gonogo::policy::check::Settings::new());
    let policy = policy.unwrap_or_else(|| panic!("{problems:?}"));
    let is_open = |at: &str| policy.calendars[0].is_open(instant(at));
    assert!(!is_open("2026-07-03T12:00Z") && is_open("2026-07-04T12:00Z"));
    assert!(!is_open("2027-01-02T23:59Z") && is_open("2027-01-03T00:00Z"));
    assert!(!is_open("2026-11-25T12:00Z") && is_open("2026-11-25T11:59Z"));
    // The table of lengths: the days of the week are those of 2 January 2026 and after.
    let day = |text: &str| match text.split(' ').collect::<Vec<_>>().as_slice() {
        [day, time] => {
            let days = ["Friday", "Saturday", "Sunday", "Monday", "Tuesday"];
            let index = days.iter().position(|known| known == day).expect("a day");
            instant(&format!("2026-01-0{}T{time}Z", index + 2))
        }
        [day, "December", time] => instant(&format!("2026-12-{day}T{time}Z")),
        [day, "January", time] => instant(&format!("2027-01-0{day}T{time}Z")),
        _ => panic!("{text}"),
    };
    let office = calendar("UTC", "Mon-Fri 09:00-17:00", "2026-12-24/2027-01-02");
    let rows = part("\n## Business time\n").lines();
    let rows: Vec<Vec<&str>> = rows
        .filter(|line| line.starts_with("| ") && line.contains(":00"))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    assert_eq!(rows.len(), 7);
    for row in rows {
        let (days, open) = length(row[2].trim_matches('`')).expect("a length");
        let from = day(row[1].split(',').next().unwrap_or_default());
        assert_eq!(office.plus(from, days, open), Some(day(row[3])), "{row:?}");
    }
}

#[test]
fn a_calendar_of_too_many_periods_is_refused_and_one_of_many_is_read() {
    let policy = |denied: usize| {
        let deny: Vec<String> = (0..denied)
            .map(|day| {
                let day = jiff::civil::date(2026, 1, 1)
                    + SignedDuration::from_hours(24 * i64::try_from(day).expect("a day"));
                format!("      - {day}\n")
            })
            .collect();
        format!(
            "gonogo: 1\nname: many\ncalendars:\n  hours:\n    timezone: UTC\n    allow: Mon-Sun\n    deny:\n{}\
             require: [{{id: a, expr: 'now > now'}}]\n",
            deny.concat()
        )
    };
    let codes = |denied: usize| -> Vec<&'static str> {
        let source = gonogo::source::Source::new("policy.yaml", policy(denied));
        let (_, problems) =
            gonogo::policy::check::check(&source, &gonogo::policy::check::Settings::new());
        problems.iter().map(|problem| problem.code.name()).collect()
    };
    assert_eq!(codes(365), [""; 0]);
    assert_eq!(codes(366), ["too-large"]);
}

/// Days and times as a policy may write them.
fn texts() -> impl Strategy<Value = String> {
    let weekdays =
        prop::sample::subsequence(vec!["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], 1..=3);
    let nth = (
        prop::sample::select(vec!["1st", "2nd", "3rd", "4th", "5th", "last"]),
        prop::sample::select(vec!["Mon", "Tue", "Sun"]),
    );
    let dates = (1..=28_i32, 0..=40_i32).prop_map(|(day, days)| {
        let first = jiff::civil::date(2026, 2, i8::try_from(day).expect("a day"));
        let last = first + SignedDuration::from_hours(24 * i64::from(days));
        format!("{first}/{last}")
    });
    let days = prop_oneof![
        weekdays.prop_map(|days| days.join(",")),
        nth.prop_map(|(nth, day)| format!("{nth} {day}")),
        dates,
    ];
    let hours = (0..24_i32, 1..24_i32).prop_map(|(begin, long)| {
        let end = (begin + long) % 24;
        format!(" {begin:02}:00-{end:02}:00")
    });
    (days, prop_oneof![Just(String::new()), hours]).prop_map(|(days, hours)| days + &hours)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// In thirteen years every pattern meets every other one that it ever meets: the 28th of February, whose next day is the
    /// first of a month, has been every day of the week.
    #[test]
    fn periods_overlap_where_an_hour_is_in_both(one_text in texts(), other_text in texts()) {
        let (a, b) = (calendar("UTC", &one_text, ""), calendar("UTC", &other_text, ""));
        let end = instant("2034-01-01T00:00Z");
        let (mut at, mut both) = (instant("2021-01-01T00:00Z"), false);
        // To and fro: where the one opens, when does the other?
        while let (Some(one), false) = (a.next_open(at).filter(|one| *one < end), both) {
            let Some(other) = b.next_open(one) else { break };
            both = a.is_open(other);
            at = other;
        }
        let said = overlap(&one(&one_text), &one(&other_text));
        prop_assert_eq!(said, overlap(&one(&other_text), &one(&one_text)));
        prop_assert_eq!(said, both, "{} and {}", one_text, other_text);
    }

    /// Open time is counted as its definition says: so much of it lies between the two ends.
    #[test]
    fn open_time_lies_between_its_ends(
        allow in texts(), deny in texts(), from in 0..8_000_i64, minutes in 1..3_000_i64,
    ) {
        let calendar = calendar("Europe/Berlin", &allow, &deny);
        let from = instant("2026-01-01T00:00Z") + SignedDuration::from_hours(from);
        let length = SignedDuration::from_mins(minutes);
        if let Some(end) = calendar.plus_open(from, length) {
            let (mut at, mut open) = (from, SignedDuration::ZERO);
            while at < end {
                let next = calendar.next_change(at).unwrap_or(end).min(end);
                if calendar.is_open(at) {
                    open += next.duration_since(at);
                }
                at = next;
            }
            prop_assert_eq!(open, length);
            prop_assert!(calendar.is_open(end - SignedDuration::from_nanos(1)));
        }
    }

    /// Whatever stands in a policy is a period or a mistake at a place of the text.
    #[test]
    fn any_text_is_read_without_a_fault(text in "([A-Za-z0-9:,/ –-]|Mon|1st|10:00|2026-02-29){0,12}") {
        if let Err(mistake) = period(&text, Form::Any) {
            prop_assert!(text.get(mistake.range.clone()).is_some(), "{:?}", mistake);
            prop_assert!(!mistake.message.is_empty() && mistake.help.is_some());
        }
        let _ = (length(&text), zone(&text));
    }
}
