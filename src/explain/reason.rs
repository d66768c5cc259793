//! The worst finding in one line.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::finding::BAKE;
use super::number::{pair, quantity};
use crate::expr::duration::{format_duration, parse_duration};
use crate::verdict::{Cause, Change, Decision, Finding, Margin, Operand, Status};

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
        Status::Unknown => finding.unknown.first().map_or_else(
            || "unknown".to_owned(),
            |gap| format!("{} is unknown: {}", gap.expr, gap.reason),
        ),
        Status::Pending if finding.held.is_none() => {
            let next = finding.checkpoint.as_ref().and_then(|one| one.due);
            let next = next.map(|at| format!(", next checkpoint {at}"));
            let due = finding.due.map(|at| format!(", due {at}"));
            let (next, due) = (next.unwrap_or_default(), due.unwrap_or_default());
            format!("not yet{next}{due}")
        }
        Status::Pending => {
            let held = finding.held.map(format_duration).unwrap_or_default();
            let hold = whole(finding)
                .or_else(|| finding.hold.clone())
                .unwrap_or_default();
            let earliest = finding
                .met_at
                .map(|at| format!(", earliest {at}"))
                .unwrap_or_default();
            format!("held {held} of {hold}{earliest}")
        }
        Status::Unmet if is_late_alone(finding) => {
            let hold = finding.hold.clone().unwrap_or_default();
            let held = match finding.kept {
                Some(kept) => format!("held {} of {hold}", format_duration(kept)),
                // It is remembered that it was late, not by how much.
                None => format!("not held for {hold} in time"),
            };
            let due = finding
                .due
                .map_or_else(String::new, |at| format!(", was due {at}"));
            format!("{held}{due}")
        }
        _ => {
            let stated = match &finding.margin {
                Some(margin) => stated(margin, unit(finding, &margin.input)),
                None => finding
                    .values
                    .first()
                    .map(|operand| {
                        format!(
                            "{} is {}",
                            operand.expr,
                            plain(&operand.value, operand.unit.as_deref())
                        )
                    })
                    .or_else(|| {
                        finding
                            .unknown
                            .first()
                            .map(|gap| format!("{} is unknown: {}", gap.expr, gap.reason))
                    })
                    .unwrap_or_else(|| finding.status.name().to_owned()),
            };
            let held = match (finding.status, finding.held, &finding.hold) {
                (Status::Fired, Some(held), Some(hold)) => {
                    format!(", for {} ({hold})", format_duration(held))
                }
                _ => String::new(),
            };
            let cleared = finding
                .cleared_at
                .map(|at| format!(", clear since {at}"))
                .unwrap_or_default();
            let checkpoint = finding.checkpoint.as_ref();
            let checkpoint = checkpoint
                .and_then(|one| one.judged.or(one.due))
                .map(|at| format!(", at the checkpoint {at}"))
                .unwrap_or_default();
            format!("{stated}{held}{cleared}{checkpoint}")
        }
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

/// How long a pending finding must hold in all. The bake time is told as it is written: business time is no length of
/// plain time.
fn whole(finding: &Finding) -> Option<String> {
    if finding.rule == BAKE {
        return finding.hold.clone();
    }
    let (since, met_at) = finding.since.zip(finding.met_at)?;
    Some(format_duration(met_at.duration_since(since)))
}

/// `error_rate is 6.1%, limit 5%`.
fn stated(margin: &Margin, unit: Option<&str>) -> String {
    let (value, limit) = pair(margin.value, margin.limit, unit);
    format!("{} is {value}, limit {limit}", margin.input)
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

/// Whether a value is a length of time or an instant, which need no quotes.
fn is_time(text: &str) -> bool {
    parse_duration(text).is_ok() || text.parse::<Timestamp>().is_ok()
}

fn one_change<'u>(change: &Change, unit: &dyn Fn(&str) -> Option<&'u str>) -> String {
    let Change { input, op, .. } = change;
    // Any value will do, as long as there is one.
    if change.value.is_null() {
        return format!("{input} has a value");
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
