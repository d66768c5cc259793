//! A plan in words: one step for each thing to be done, the worst finding's first. Never whether it is enough.

use jiff::Timestamp;

use super::super::reason;
use super::ask::{Ask, Of, Plan, Wanted, beside, is_one};
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

fn value(bounds: &[&Wanted], first: &Wanted, rules: Vec<String>, held: bool) -> Step {
    let target = &first.target;
    let mut changes = bounds.iter().map(|bound| Change {
        input: target.text.clone(),
        op: bound.op.clone(),
        value: bound.limit.clone(),
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
