//! A plan in words: one step for each thing to be done, the worst finding's first. Never whether it is enough.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::super::number::quantity;
use super::ask::{Ask, Of, Plan, Wanted, beside};
use super::seed::is_held;
use super::{STEPS, Scene};
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
    for ask in &asks {
        if told.iter().any(|other| std::ptr::eq(*other, *ask)) {
            continue;
        }
        let Of::Value(wanted) = &ask.of else {
            told.push(ask);
            steps.push(step(ask, plan.enters().map(|at| super::told(at, done))));
            continue;
        };
        // Of bounds on one side the tightest is told, for all that ask.
        let alike: Vec<&&Ask> = asks
            .iter()
            .filter(|other| matches!(&other.of, Of::Value(other) if beside(wanted, other)))
            .collect();
        told.extend(alike.iter().map(|ask| **ask));
        let tightest = alike.iter().filter_map(|ask| match &ask.of {
            Of::Value(wanted) => Some(wanted),
            _ => None,
        });
        let tightest = tightest.fold(wanted, |tightest, one| {
            if tighter(one, tightest) {
                one
            } else {
                tightest
            }
        });
        let mut rules: Vec<String> = Vec::new();
        for rule in alike.iter().flat_map(|ask| &ask.rules) {
            if !rules.contains(rule) {
                rules.push(rule.clone());
            }
        }
        steps.push(value(
            tightest,
            rules,
            is_held(scene.world, &tightest.target),
        ));
    }
    // What must be otherwise when the stage is entered again comes before that; what counts from the entry on, after it.
    steps.sort_by_key(|step| match step.kind {
        StepKind::Value | StepKind::Field => 0,
        StepKind::Enter => 1,
        StepKind::People | StepKind::Evidence | StepKind::Stage | StepKind::Wait => 2,
    });
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
    steps
}

/// Whether one bound hides another of its side.
fn tighter(one: &Wanted, other: &Wanted) -> bool {
    let (Some(a), Some(b)) = (one.limit.as_f64(), other.limit.as_f64()) else {
        return false;
    };
    let strict = |wanted: &Wanted| !wanted.op.ends_with('=');
    if a.total_cmp(&b).is_eq() {
        return strict(one) && !strict(other);
    }
    (a < b) == one.op.starts_with('<')
}

fn value(wanted: &Wanted, rules: Vec<String>, held: bool) -> Step {
    let Wanted {
        target, op, limit, ..
    } = wanted;
    let shown = match limit {
        Json::Number(number) => number.as_f64().map_or_else(
            || number.to_string(),
            |number| quantity(number, target.unit.as_deref()),
        ),
        other => other.to_string(),
    };
    let given = if held { "" } else { "give " };
    let what = if wanted.keep {
        format!("{} to grow no further", target.text)
    } else if limit.is_null() {
        format!("give {}", target.text)
    } else {
        format!("{given}{} {op} {shown}", target.text)
    };
    Step {
        kind: StepKind::Value,
        what,
        rules,
        change: Some(Change {
            input: target.text.clone(),
            op: op.clone(),
            value: limit.clone(),
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
        // Told with its bounds.
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
