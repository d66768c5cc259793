//! A plan in words: one step for each thing to be done, the worst finding's first. Never whether it is enough.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::Value as Json;

use super::super::reason;
use super::ask::{Ask, Of, Plan, Wanted, beside, is_one};
use super::seed::is_held;
use super::{STEPS, Scene};
use crate::expr::brief;
use crate::expr::duration::parse_duration;
use crate::verdict::{Change, Lack, Step, StepKind};

/// The most people that one step names.
const PEOPLE: usize = 3;

/// The steps of a plan.
pub(super) fn steps(
    plan: &Plan,
    scene: &Scene<'_, '_>,
    done: Timestamp,
    wait: Option<(Timestamp, Vec<String>)>,
) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let asks: Vec<&Ask> = plan.asks().iter().collect();
    let mut told: Vec<&Ask> = Vec::new();
    let mut stays: Vec<Step> = Vec::new();
    for ask in &asks {
        if told.iter().any(|other| std::ptr::eq(*other, *ask)) {
            continue;
        }
        if let Of::Stays { slot, text } = &ask.of {
            stays.push(stay(ask, *slot, text, scene));
            continue;
        }
        let Of::Value(wanted) = &ask.of else {
            told.push(ask);
            steps.push(step(ask, plan.enters().map(|at| super::told(at, done))));
            continue;
        };
        // Of bounds on one side the tightest is told, and both sides of one value together, for all that ask.
        let same: Vec<(&Ask, &Wanted)> = asks
            .iter()
            .filter_map(|other| match &other.of {
                Of::Value(bound) if is_one(wanted, bound) => Some((*other, bound)),
                _ => None,
            })
            .collect();
        told.extend(same.iter().map(|(ask, _)| *ask));
        let mut bounds: Vec<&Wanted> = Vec::new();
        for (_, one) in &same {
            match bounds.iter_mut().find(|bound| beside(bound, one)) {
                Some(bound) if tighter(one, bound) => *bound = one,
                Some(_) => {}
                None => bounds.push(one),
            }
        }
        let mut rules: Vec<String> = Vec::new();
        for rule in same.iter().flat_map(|(ask, _)| &ask.rules) {
            if !rules.contains(rule) {
                rules.push(rule.clone());
            }
        }
        steps.push(value(
            &bounds,
            wanted,
            rules,
            is_held(scene.world, &wanted.target),
            done,
        ));
    }
    // What must be otherwise when the stage is entered again comes before that; what counts from the entry on, after it.
    steps.sort_by_key(|step| match step.kind {
        StepKind::Value | StepKind::Field => 0,
        StepKind::Enter => 1,
        StepKind::People | StepKind::Evidence | StepKind::Stage => 2,
        StepKind::Wait | StepKind::Open => 3,
    });
    // What is to stay as it is while time passes.
    steps.append(&mut stays);
    steps.extend(wait.map(|(until, rules)| Step {
        kind: StepKind::Wait,
        what: format!("wait until {until}"),
        rules,
        change: None,
        missing: None,
        until: Some(until),
    }));
    if steps.is_empty() {
        steps.push(Step {
            kind: StepKind::Wait,
            what: "wait for the next sample".to_owned(),
            rules: Vec::new(),
            change: None,
            missing: None,
            until: None,
        });
    }
    steps.truncate(STEPS);
    steps.extend(open(&scene.open));
    steps
}

/// What is left open: no step was found for it.
fn open(rules: &[String]) -> Option<Step> {
    if rules.is_empty() {
        return None;
    }
    let told = rules.iter().take(PEOPLE).cloned();
    let told = told.collect::<Vec<_>>().join(", ");
    let more = match rules.len().saturating_sub(PEOPLE) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(Step {
        kind: StepKind::Open,
        what: format!("no steps were found for {told}{more}"),
        rules: rules.to_vec(),
        change: None,
        missing: None,
        until: None,
    })
}

/// Whether one bound hides another of its side.
fn tighter(one: &Wanted, other: &Wanted) -> bool {
    let strict = |wanted: &Wanted| !wanted.op.ends_with('=');
    match order(&one.limit, &other.limit) {
        None => false,
        Some(Ordering::Equal) => strict(one) && !strict(other),
        Some(order) => order.is_lt() == one.op.starts_with('<'),
    }
}

/// The order of two limits: numbers, instants or lengths of time.
fn order(one: &Json, other: &Json) -> Option<Ordering> {
    if let (Some(a), Some(b)) = (one.as_f64(), other.as_f64()) {
        return Some(a.total_cmp(&b));
    }
    let (a, b) = (one.as_str()?, other.as_str()?);
    if let (Ok(a), Ok(b)) = (a.parse::<Timestamp>(), b.parse::<Timestamp>()) {
        return Some(a.cmp(&b));
    }
    Some(parse_duration(a).ok()?.cmp(&parse_duration(b).ok()?))
}

fn value(
    bounds: &[&Wanted],
    first: &Wanted,
    rules: Vec<String>,
    held: bool,
    done: Timestamp,
) -> Step {
    let target = &first.target;
    // A limit that goes with the clock is told as it is at the verdict.
    let limit = |limit: &Json| {
        let at = limit.as_str().and_then(|text| text.parse().ok());
        at.map_or_else(
            || limit.clone(),
            |at| Json::from(super::told(at, done).to_string()),
        )
    };
    let mut changes = bounds.iter().map(|bound| Change {
        input: target.text.clone(),
        op: bound.op.clone(),
        value: limit(&bound.limit),
        and: Vec::new(),
    });
    let change = changes.next().map(|change| Change {
        and: changes.collect(),
        ..change
    });
    let given = if held { "" } else { "give " };
    let what = match &change {
        _ if first.keep => format!("{} to grow no further", target.text),
        Some(change) if !change.value.is_null() => {
            format!(
                "{given}{}",
                reason::told(change, &|_| target.unit.as_deref())
            )
        }
        _ => format!("give {}", target.text),
    };
    Step {
        kind: StepKind::Value,
        what,
        rules,
        change,
        missing: None,
        until: None,
    }
}

/// A value that is to stay as it is.
fn stay(ask: &Ask, slot: usize, text: &str, scene: &Scene<'_, '_>) -> Step {
    Step {
        kind: StepKind::Value,
        what: format!("{text} to stay as it is"),
        rules: ask.rules.clone(),
        change: Some(Change {
            input: text.to_owned(),
            op: "==".to_owned(),
            value: brief(scene.world.value(slot)),
            and: Vec::new(),
        }),
        missing: None,
        until: None,
    }
}

/// A step that is no value.
fn step(ask: &Ask, enters: Option<Timestamp>) -> Step {
    let rule = ask.rules.first().map(String::as_str).unwrap_or_default();
    let (kind, what, missing) = match &ask.of {
        Of::Said {
            lack,
            takes_back: true,
            ..
        } => {
            let who = lack.people.join(" and ");
            let what = format!("{who} to withdraw the {} of {rule}", lack.what);
            (StepKind::People, what, Some(lack))
        }
        Of::Said { lack, .. } => (StepKind::People, people(lack, rule), Some(lack)),
        Of::Ran {
            evidence,
            lack,
            what,
        } => {
            let name = format!("evidence {}", evidence.id);
            let rest = what.strip_prefix(&name).unwrap_or_default();
            let item = evidence.key.as_ref();
            let name = item.map_or(name.clone(), |_| format!("{name} for {rule}"));
            let rest = rest.strip_prefix(" that failed").unwrap_or(rest);
            let says = if evidence.passed { "passed" } else { "failed" };
            let what = format!("{name} that {says}{rest}");
            (StepKind::Evidence, what, Some(lack))
        }
        Of::Went { lack, .. } => (StepKind::Stage, lack.what.clone(), Some(lack)),
        Of::Told { lack, .. } => (StepKind::Field, format!("give {}", lack.what), Some(lack)),
        Of::Enter { untold } => {
            let what = match (untold, enters) {
                (true, _) => "tell when the stage was entered (stage.entered)".to_owned(),
                (false, Some(at)) => format!("enter the stage again, not before {at}"),
                (false, None) => "enter the stage again".to_owned(),
            };
            (StepKind::Enter, what, None)
        }
        // Told by themselves.
        Of::Stays { text, .. } => (StepKind::Value, text.clone(), None),
        Of::Value(wanted) => (StepKind::Value, wanted.target.text.clone(), None),
    };
    Step {
        kind,
        what,
        rules: ask.rules.clone(),
        change: None,
        missing: missing.cloned(),
        until: enters.filter(|_| kind == StepKind::Enter),
    }
}

/// `2 approvals of role sre for cab (#oncall)`.
fn people(lack: &Lack, rule: &str) -> String {
    let role = lack.role.as_ref().map(|role| format!(" of role {role}"));
    let contact = lack.contact.as_ref();
    let contact = contact.map_or_else(String::new, |contact| format!(" ({contact})"));
    let by = match lack.people.as_slice() {
        [] => String::new(),
        people if people.len() <= PEOPLE => format!(" by {}", people.join(" or ")),
        people => {
            let first = people.get(..PEOPLE).unwrap_or_default();
            format!(
                " by {} or {} more",
                first.join(", "),
                people.len().saturating_sub(PEOPLE)
            )
        }
    };
    format!(
        "{} {}{} for {rule}{by}{contact}",
        lack.count,
        lack.named(),
        role.unwrap_or_default()
    )
}
