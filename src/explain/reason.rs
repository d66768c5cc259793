//! The worst finding in one line.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use super::number::{pair, quantity};
use crate::expr::duration::{format_duration, parse_duration};
use crate::verdict::{Cause, Change, Compared, Decision, Finding, Margin, Operand, Status};

/// What the cause `empty` says.
pub const EMPTY: &str = "no requirement applies, so nothing was promised";

/// The reason of a verdict in one line, without a line end.
#[must_use]
pub fn reason(findings: &[Finding], decision: Decision, causes: &[Cause]) -> String {
    let worst = findings.iter().find(|finding| finding.decisive);
    match (decision, worst) {
        (Decision::Go, _) => {
            let met = findings
                .iter()
                .filter(|finding| finding.status == Status::Met && !finding.watch)
                .count();
            let requirements = if met == 1 {
                "requirement holds"
            } else {
                "requirements hold"
            };
            let waived = findings
                .iter()
                .filter(|finding| finding.status == Status::Waived)
                .count();
            if waived > 0 {
                format!("{met} {requirements}, {waived} waived, no other stop fired")
            } else {
                format!("{met} {requirements}, no stop fired")
            }
        }
        (Decision::NoGo, _) if causes.first() == Some(&Cause::Empty) => EMPTY.to_owned(),
        (_, Some(finding)) => format!("{}: {}", finding.name(), one(finding)),
        (_, None) => "nothing could be judged".to_owned(),
    }
}

/// What is the matter with one finding.
#[must_use]
pub fn one(finding: &Finding) -> String {
    if let Some(line) = super::proof::line(finding) {
        return line;
    }
    match finding.status {
        Status::Unknown => unknown(finding).unwrap_or_else(|| "unknown".to_owned()),
        Status::Pending if finding.held.is_none() => {
            let next = finding.checkpoint.as_ref().and_then(|one| one.due);
            let next = next.map(|at| format!(", next checkpoint {at}"));
            let due = finding.due.map(|at| format!(", due {at}"));
            let (next, due) = (next.unwrap_or_default(), due.unwrap_or_default());
            format!("not yet{next}{due}")
        }
        Status::Pending => {
            let held = finding.held.map(format_duration).unwrap_or_default();
            let hold = finding.hold_time().unwrap_or_default();
            let earliest = finding
                .met_at
                .map(|at| format!(", earliest {at}"))
                .unwrap_or_default();
            format!("held {held}{}{earliest}", of(hold))
        }
        Status::Unmet if is_late_alone(finding) => {
            let hold = finding.hold_time().unwrap_or_default();
            let held = match finding.kept {
                Some(kept) => format!("held {}{}", format_duration(kept), of(hold)),
                // It is remembered that it was late, not by how much.
                None => format!("not held for {hold} in time"),
            };
            let due = finding
                .due
                .map_or_else(String::new, |at| format!(", was due {at}"));
            let earliest = finding
                .met_at
                .map_or_else(String::new, |at| format!(", earliest {at}"));
            format!("{held}{due}{earliest}{}", over(finding))
        }
        _ => {
            let stated = match &finding.margin {
                Some(margin) => stated(finding, margin),
                None if is_unknown(finding) => unknown(finding).unwrap_or_default(),
                None => compared(finding)
                    .or_else(|| first(finding))
                    .or_else(|| unknown(finding))
                    .unwrap_or_else(|| finding.status.name().to_owned()),
            };
            let others = match finding.others {
                0 => String::new(),
                others => format!(", and {others} more"),
            };
            let held = match (finding.status, finding.held, finding.hold_time()) {
                (Status::Fired, Some(held), Some(hold)) => {
                    format!(", for {} ({hold})", format_duration(held))
                }
                _ => String::new(),
            };
            let over = over(finding);
            let checkpoint = finding.checkpoint.as_ref();
            let checkpoint = checkpoint
                .and_then(|one| one.judged.or(one.due))
                .map(|at| format!(", at the checkpoint {at}"))
                .unwrap_or_default();
            format!("{stated}{others}{held}{over}{checkpoint}")
        }
    }
}

/// How long something must hold, behind how long it has held: business time is counted otherwise than the clock's.
#[must_use]
pub(crate) fn of(hold: &str) -> String {
    let by = if hold.contains(" business ") {
        " by the clock,"
    } else {
        ""
    };
    format!("{by} of {hold}")
}

/// What a stop is now that stays fired although what made it fire is over.
pub(super) fn over(finding: &Finding) -> String {
    match (finding.cleared_at, finding.again_since, finding.ended_at) {
        _ if !finding.is_over() => String::new(),
        (Some(at), _, _) => format!(", clear since {at}"),
        (None, Some(at), _) => format!(", again since {at}"),
        (None, None, Some(at)) => format!(", until {at}"),
        (None, None, None) => String::new(),
    }
}

/// Whether a requirement is not met for no other reason than that its condition has not been true for long enough.
fn is_late_alone(finding: &Finding) -> bool {
    let whole = finding.trace.first();
    let is_true = whole.is_some_and(|whole| {
        whole.value == Some(Json::Bool(true)) && finding.expr.as_ref() == Some(&whole.expr)
    });
    finding.late && finding.hold.is_some() && (finding.kept.is_some() || is_true)
}

/// Whether a stop counts as fired because nobody knows (`missing: fire`).
#[must_use]
pub fn is_unknown(finding: &Finding) -> bool {
    let fires = finding.status == Status::Fired && finding.fired_at.is_none();
    fires && !finding.unknown.is_empty() && finding.margin.is_none()
}

/// The first thing that is not known.
fn unknown(finding: &Finding) -> Option<String> {
    let gap = finding.unknown.first()?;
    Some(format!("{} is unknown: {}", gap.expr, gap.reason))
}

/// Of a stop that stays fired although it is over, the values are those it fired on.
fn verb(finding: &Finding) -> &'static str {
    if finding.is_over() { "was" } else { "is" }
}

/// `error_rate is 6.1%, limit 5%`.
fn stated(finding: &Finding, margin: &Margin) -> String {
    let unit = unit(finding, &margin.input);
    let (value, limit) = pair(margin.value, margin.limit, unit);
    let is_wrong = matches!(finding.status, Status::Unmet | Status::Fired);
    let limit = match (margin.relation.as_str(), is_wrong) {
        ("!=", true) | ("==", false) => format!("wanted {limit}"),
        ("==", true) => "wanted another".to_owned(),
        ("!=", false) => format!("wanted other than {limit}"),
        _ => format!("limit {limit}"),
    };
    format!("{} {} {value}, {limit}", margin.input, verb(finding))
}

/// The value that decided, and its limit, where both are known.
pub(super) fn decided(finding: &Finding) -> Option<String> {
    let margin = finding.margin.as_ref();
    let stated = margin.map(|margin| stated(finding, margin));
    stated.or_else(|| compared(finding))
}

/// How much of a value is told in a line, and how many items of a list.
const VALUE: usize = 60;
const ITEMS: usize = 3;

/// `st is "red", wanted "green"`: what is no comparison of numbers.
fn compared(finding: &Finding) -> Option<String> {
    let Compared {
        input,
        value,
        relation,
        limit,
    } = finding.compared.as_ref()?;
    // What is as it should be is no other than what is wanted.
    let is_wrong =
        matches!(finding.status, Status::Unmet | Status::Fired) || finding.proof.is_some();
    if !is_wrong && !relation.starts_with(['<', '>']) {
        return None;
    }
    let wanted = match (relation.as_str(), limit) {
        ("==", Json::Bool(limit)) => format!("wanted {}", !limit),
        ("==", _) => "wanted another".to_owned(),
        ("!=", limit) => format!("wanted {}", quoted(limit)),
        ("in", limit) => format!("wanted none of {}", listed(limit)),
        ("not in", limit) => format!("wanted one of {}", listed(limit)),
        ("has", limit) => format!("wanted without {}", quoted(limit)),
        ("has not", limit) => format!("wanted with {}", quoted(limit)),
        (_, limit) => format!("limit {}", quoted(limit)),
    };
    let value = listed(value);
    Some(format!("{input} {} {value}, {wanted}", verb(finding)))
}

/// The operand that decided; of what is only true or false, with what it reads.
fn first(finding: &Finding) -> Option<String> {
    let operand = finding.values.first()?;
    let value = plain(&operand.value, operand.unit.as_deref());
    let mut told = format!("{} {} {value}", operand.expr, verb(finding));
    let read = finding.values.iter().skip(1).filter(|read| {
        operand.value.is_boolean()
            && is_written(&operand.expr, &read.expr)
            && !read.value.is_object()
    });
    let read: Vec<String> = read
        .take(ITEMS)
        .map(|read| match read.value.as_f64() {
            Some(_) => format!(
                "{} = {}",
                read.expr,
                plain(&read.value, read.unit.as_deref())
            ),
            None => format!("{} = {}", read.expr, listed(&read.value)),
        })
        .collect();
    if !read.is_empty() {
        told.push_str(&format!(", with {}", read.join(", ")));
    }
    Some(told)
}

/// Whether a text has another one as a name of its own: `a` stands in `a > 3`, and not in `ab > 3`.
fn is_written(text: &str, name: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let mut places = text.match_indices(name);
    text != name
        && places.any(|(start, _)| {
            let before = text.get(..start).and_then(|text| text.chars().next_back());
            let after = text.get(start.saturating_add(name.len())..);
            let after = after.and_then(|text| text.chars().next());
            !before.is_some_and(is_name) && !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
        })
}

/// A value in a line: a text in quotes, a length of time or an instant without.
fn quoted(value: &Json) -> String {
    let told = match value {
        Json::String(text) if is_time(text) => text.clone(),
        Json::String(_) => value.to_string(),
        other => plain(other, None),
    };
    if told.chars().count() <= VALUE {
        return told;
    }
    let kept: String = told.chars().take(VALUE).collect();
    format!("{kept}…")
}

/// The first items of a list, or keys of a map; a value that is neither as it is.
fn listed(value: &Json) -> String {
    let items: Vec<String> = match value {
        Json::Array(items) => items.iter().map(quoted).collect(),
        Json::Object(entries) => entries.keys().map(|key| format!("{key:?}")).collect(),
        other => return quoted(other),
    };
    if items.is_empty() {
        return "nothing".to_owned();
    }
    let more = match items.len().saturating_sub(ITEMS) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let told: Vec<String> = items.into_iter().take(ITEMS).collect();
    format!("{}{more}", told.join(", "))
}

/// The unit of an operand of a finding, or of a part of an input: all parts of an input have one unit.
#[must_use]
pub fn unit<'f>(finding: &'f Finding, input: &str) -> Option<&'f str> {
    let values = finding.values.iter();
    let values = values.map(|operand: &Operand| (operand.expr.as_str(), operand.unit.as_deref()));
    let parts = finding.trace.iter();
    let parts = parts.map(|part| (part.expr.as_str(), part.unit.as_deref()));
    let all = || values.clone().chain(parts.clone());
    if let Some((_, unit)) = all().find(|(expr, _)| *expr == input) {
        return unit;
    }
    // What is computed has a unit of its own.
    let root = |text: &str| text.split(['[', '.']).next().unwrap_or_default().len();
    let is_part = |text: &str| !text.contains(['(', ' ', '*', '/', '+']) && root(text) < text.len();
    let own = input.get(..root(input)).filter(|_| is_part(input))?;
    let mut all = all();
    all.find_map(|(expr, unit)| {
        let same = expr.get(..root(expr)) == Some(own) && (expr == own || is_part(expr));
        unit.filter(|_| same)
    })
}

/// A change as people read it, with all that must change along with it: `error_rate < 1% and latency_p95 < 500 ms`. Two limits
/// of one input are told around it: `280 < latency < 281`.
#[must_use]
pub fn way(finding: &Finding, change: &Change) -> String {
    told(change, &|input| unit(finding, input))
}

/// The same, with the unit of each input.
pub(crate) fn told<'u>(change: &Change, unit: &dyn Fn(&str) -> Option<&'u str>) -> String {
    let all: Vec<&Change> = std::iter::once(change).chain(&change.and).collect();
    let mut told: Vec<String> = Vec::new();
    let mut done: Vec<&Change> = Vec::new();
    for one in &all {
        if done.iter().any(|other| std::ptr::eq(*other, *one)) {
            continue;
        }
        let mut others = all.iter().filter(|other| other.input == one.input);
        let band = others.find_map(|other| between(one, other, unit).map(|band| (band, *other)));
        match band {
            Some((band, other)) => {
                done.push(other);
                told.push(band);
            }
            None => told.push(one_change(one, unit)),
        }
    }
    told.join(" and ")
}

/// Both limits of one input, the lower one first; nothing where they are not that.
fn between<'u>(
    one: &Change,
    other: &Change,
    unit: &dyn Fn(&str) -> Option<&'u str>,
) -> Option<String> {
    let (low, high) = match (one.op.chars().next()?, other.op.chars().next()?) {
        ('>', '<') => (one, other),
        ('<', '>') => (other, one),
        _ => return None,
    };
    let sign = if low.op == ">" { "<" } else { "<=" };
    let least = limit(low, unit);
    Some(format!("{least} {sign} {}", one_change(high, unit)))
}

/// An instant as it is meant: what is at least a nanosecond later than noon is later than noon.
fn plainer<'o>(op: &'o str, text: &str) -> (&'o str, String) {
    let (strict, nanoseconds) = match op {
        ">=" => (">", -1),
        "<=" => ("<", 1),
        _ => return (op, text.to_owned()),
    };
    let meant = text.parse::<Timestamp>().ok();
    let meant = meant.and_then(|at| at.checked_add(SignedDuration::from_nanos(nanoseconds)).ok());
    match meant.filter(|at| at.subsec_nanosecond() == 0) {
        Some(at) => (strict, at.to_string()),
        None => (op, text.to_owned()),
    }
}

/// Whether a value is a length of time or an instant, which need no quotes.
fn is_time(text: &str) -> bool {
    parse_duration(text).is_ok() || text.parse::<Timestamp>().is_ok()
}

fn one_change<'u>(change: &Change, unit: &dyn Fn(&str) -> Option<&'u str>) -> String {
    let Change {
        input, op, value, ..
    } = change;
    // Any value will do, as long as there is one.
    if value.is_null() {
        return format!("{input} has a value");
    }
    if let Some(text) = value.as_str().filter(|text| is_time(text)) {
        let (op, at) = plainer(op, text);
        return format!("{input} {op} {at}");
    }
    format!("{input} {op} {}", limit(change, unit))
}

fn limit<'u>(change: &Change, unit: &dyn Fn(&str) -> Option<&'u str>) -> String {
    match &change.value {
        Json::String(text) if is_time(text) => text.clone(),
        value @ Json::Number(_) => plain(value, unit(&change.input)),
        other => other.to_string(),
    }
}

/// A value of a record for people: numbers in their unit, texts without quotes.
#[must_use]
pub fn plain(value: &Json, unit: Option<&str>) -> String {
    match value {
        Json::Number(number) if number.is_f64() || unit.is_some() => number
            .as_f64()
            .map_or_else(|| number.to_string(), |number| quantity(number, unit)),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
