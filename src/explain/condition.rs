//! What a rule's condition was judged on: its values, its trace, its windows, what was unknown, what would change it.

use std::sync::Arc;

use super::allowance::Allowance;
use super::finding::entry_gap;
use super::{compared, gaps, limit, margin, reason, trace, values, ways, windows};
use crate::evaluate::{Doubt, Exceeded, Looked, Outcome, World};
use crate::expr::duration::format_duration;
use crate::expr::value::{Missing, Value};
use crate::expr::{Budget, Compiled, Limit, Trace, Traced, Tri, brief, shortened};
use crate::policy::proof::During;
use crate::policy::template::{Piece, Template};
use crate::policy::{self, Items, Policy, Rule};
use crate::snapshot::layout::{Context, Derived, Input};
use crate::verdict::{Effect, Finding, Gap, Status};

/// The steps that looking for what would change one finding may take.
const TRIALS: u64 = 4_000_000;
/// The most characters of a message with its holes filled.
const MESSAGE: usize = 4_000;

pub(super) fn explain(
    policy: &Policy,
    rule: &Rule,
    outcome: &Outcome<'_>,
    (world, looked): (&mut World<'_>, &Looked<'_>),
    allowance: &mut Allowance,
    finding: &mut Finding,
) {
    let reaches = |slot| windows::seen(slot, outcome, looked).and_then(|seen| seen.reaches);
    if !allowance.any() {
        // So many findings that nobody reads this one: why it is unknown must be told still.
        if let Some(exceeded) = outcome.limit() {
            finding.unknown.push(beyond(rule, exceeded));
        }
        return;
    }
    finding.message = rule
        .message
        .as_ref()
        .map(|message| allowance.run(|budget| filled(message, world.slots(), budget)));
    match outcome.doubt {
        Some(Doubt::When) => {
            for when in &rule.when {
                let gaps = allowance.run(|budget| gaps::gaps(when, world, &reaches, budget));
                finding.unknown.extend(gaps);
            }
        }
        Some(Doubt::Limit(Exceeded {
            limit: Limit::Each, ..
        })) => {
            finding.unknown.push(Gap {
                expr: "for_each".to_owned(),
                reason: Limit::Each.to_string(),
            });
            return;
        }
        Some(Doubt::Items) => {
            let none = no_items(rule, world, allowance);
            finding.unknown.push(none);
            return;
        }
        Some(Doubt::Entry) => finding.unknown.push(entry_gap(world)),
        Some(Doubt::Checkpoint) => {
            finding.unknown.extend(missed(rule, outcome));
        }
        _ => {}
    }
    if rule.at.is_some() && outcome.timing.fired_on.is_empty() {
        // What is so now says nothing about the checkpoints.
        return;
    }
    let read: Vec<&Arc<Compiled>> = read(rule, world).collect();
    // What holds is told without what it was decided without, where its values are not told either.
    let tells = allowance.tells(outcome);
    for expr in read.iter().filter(|_| tells) {
        let gaps = allowance.run(|budget| gaps::gaps(expr, world, &reaches, budget));
        finding.unknown.extend(gaps);
    }
    if let Some(exceeded) = outcome.limit() {
        // Alone it may be within a limit that all items together exceed.
        let reason = exceeded.limit.to_string();
        if !finding.unknown.iter().any(|gap| gap.reason == reason) {
            finding.unknown.push(beyond(rule, exceeded));
        }
    }
    let Some(expr) = rule.expr() else {
        finding.unknown.dedup();
        if !allowance.tells(outcome) {
            return;
        }
        for expr in read {
            let trace = allowance.run(|budget| expr.traced(world.slots(), budget));
            finding.values.extend(values::values(expr, &trace));
            if finding.counts {
                let parts =
                    allowance.run(|budget| trace::parts(expr, &trace, world.slots(), budget));
                finding.trace.extend(parts);
            }
        }
        asked_beside(policy, rule, outcome, world, allowance, finding);
        return;
    };
    if outcome.doubt == Some(Doubt::Throughout) {
        let since = finding
            .since
            .map_or_else(String::new, |since| format!(" before {since}"));
        finding.unknown.push(Gap {
            expr: values::told(expr.text()),
            reason: format!(
                "not known{since}, and it must be known for {}",
                finding.hold_time().unwrap_or("longer")
            ),
        });
    }
    finding.unknown.dedup();
    judged(
        policy,
        (rule, expr),
        outcome,
        (world, looked),
        allowance,
        finding,
    );
}

/// The list of a rule that speaks for each, where nothing is in it or it is not known.
fn no_items(rule: &Rule, world: &World<'_>, allowance: &mut Allowance) -> Gap {
    let list = match rule.for_each.as_ref().map(|each| &each.items) {
        Some(Items::Expression(list)) => Some(list),
        _ => None,
    };
    let over = list.map_or_else(String::new, |list| format!(" over {}", list.text().trim()));
    let is_empty =
        list.is_some_and(|list| allowance.run(|budget| list.value(world.slots(), budget).is_ok()));
    let what = if is_empty {
        "empty"
    } else {
        "unknown or empty"
    };
    Gap {
        expr: values::told(&format!("for_each{over}")),
        reason: format!("the list is {what}"),
    }
}

/// What the condition came to, and what would change it.
fn judged(
    policy: &Policy,
    (rule, expr): (&Rule, &Arc<Compiled>),
    outcome: &Outcome<'_>,
    (world, looked): (&mut World<'_>, &Looked<'_>),
    allowance: &mut Allowance,
    finding: &mut Finding,
) {
    finding.assumed = assumed(expr, world);
    if !allowance.tells(outcome) {
        return;
    }
    let trace = allowance.run(|budget| expr.traced(world.slots(), budget));
    finding.values = values::values(expr, &trace);
    if finding.counts {
        finding.trace = allowance.run(|budget| trace::parts(expr, &trace, world.slots(), budget));
    }
    let now = outcome.timing.fired_on.is_empty();
    if now && (finding.counts || outcome.status == Status::Unknown) {
        finding.windows = windows::contents(expr, outcome, looked);
    }
    let mut budget = Budget::of(TRIALS);
    let inputs = policy.layout.inputs();
    decided(policy, expr, &trace, world, &mut budget, finding);
    if let Some(missing) = asks(outcome, finding).filter(|_| now) {
        let asked = ways::Asked {
            expr,
            wanted: rule.effect == Effect::Require,
            missing,
            items: items(rule, world, inputs),
        };
        let found = ways::ways(asked, world, &mut budget);
        finding.to_change = found.changes;
        // What the condition reads by another name is told with its own, and with its unit.
        for operand in found.now {
            let written = |part: &Traced| expr.text().get(part.range.clone());
            let mut parts = trace.parts.iter();
            let own = parts.any(|part| written(part) == Some(&operand.expr));
            if !own
                && !finding
                    .values
                    .iter()
                    .any(|known| known.expr == operand.expr)
            {
                finding.values.push(operand);
            }
        }
    }
    allowance.took(TRIALS.saturating_sub(budget.left()));
}

/// What decided a condition, and by how much.
fn decided(
    policy: &Policy,
    expr: &Arc<Compiled>,
    trace: &Trace,
    world: &mut World<'_>,
    budget: &mut Budget,
    finding: &mut Finding,
) {
    let deciders = expr.deciders(world.slots(), budget);
    let inputs = policy.layout.inputs();
    let margin = margin::decisive(expr, (trace, &deciders), world, inputs, budget);
    // A margin beside an unknown would look like a decision.
    let margin = margin.filter(|_| finding.status != Status::Unknown);
    let decider = match &margin {
        Some((_, decider)) => Some(*decider),
        None => deciders.first(),
    };
    finding.margin = margin.map(|(margin, _)| margin);
    let Some(decider) = decider else { return };
    finding.others = u64::try_from(decider.others).unwrap_or(u64::MAX);
    // What a named expression was decided by stands in its text.
    let named = decider.named.as_ref();
    let named = named.map(|named| (named, named.traced(world.slots(), budget)));
    let (expr, trace) = named
        .as_ref()
        .map_or((expr, trace), |(own, seen)| (*own, seen));
    if finding.margin.is_none() {
        // What decided comes first: it is what the reason says.
        let decided = values::decisive(expr, decider, trace);
        finding.values.retain(|operand| *operand != decided);
        finding.values.insert(0, decided);
        finding.compared = compared::told(expr, decider, trace);
    }
    if named.is_some() {
        for operand in values::values(expr, trace) {
            if !finding
                .values
                .iter()
                .any(|known| known.expr == operand.expr)
            {
                finding.values.push(operand);
            }
        }
    }
}

/// What decided the condition that a calendar or evidence is under, where it is against it.
fn asked_beside(
    policy: &Policy,
    rule: &Rule,
    outcome: &Outcome<'_>,
    world: &mut World<'_>,
    allowance: &mut Allowance,
    finding: &mut Finding,
) {
    let require = rule.effect == Effect::Require;
    let (expr, wanted) = match &rule.proof {
        policy::Proof::During(during) => {
            let shut = outcome
                .proved
                .as_ref()
                .and_then(|proved| proved.shut.as_ref());
            let by = shut.and_then(|shut| during.closed.get(shut.condition?));
            match by {
                Some(closed) => (&closed.condition, false),
                None => return,
            }
        }
        policy::Proof::Evidence(evidence) => match &evidence.condition {
            Some(condition) if read(rule, world).next().is_some() => (condition, true),
            _ => return,
        },
        _ => return,
    };
    let mut budget = Budget::of(TRIALS);
    let against = match expr.test(world.slots(), &mut budget) {
        Tri::True => !wanted,
        Tri::False => wanted,
        Tri::Unknown(_) => false,
    };
    if against && require && finding.status != Status::Met {
        let trace = expr.traced(world.slots(), &mut budget);
        decided(policy, expr, &trace, world, &mut budget, finding);
        if let policy::Proof::During(during) = &rule.proof
            && is_alone(during, expr, world)
        {
            let asked = ways::Asked {
                expr,
                wanted,
                missing: false,
                items: None,
            };
            finding.to_change = ways::ways(asked, world, &mut budget).changes;
        }
        allowance.took(TRIALS.saturating_sub(budget.left()));
    }
}

/// Whether nothing closes a calendar but this condition.
fn is_alone(during: &During, expr: &Arc<Compiled>, world: &World<'_>) -> bool {
    let now = match world.context(Context::Now) {
        Value::Timestamp(now) => now.timestamp(),
        _ => None,
    };
    let others = during.closed.iter().map(|closed| &closed.condition);
    let mut others = others.filter(|other| !Arc::ptr_eq(other, expr));
    let is_clear = |other: &Arc<Compiled>| {
        let says = other.test(world.slots(), &mut Budget::default());
        says == Tri::False
    };
    now.is_some_and(|now| during.calendar.is_open(now)) && others.all(is_clear)
}

/// What a latched stop cannot see any more is told as it is now.
pub(super) fn unclear(
    rule: &Rule,
    outcome: &Outcome<'_>,
    (world, looked): (&World<'_>, &Looked<'_>),
    allowance: &mut Allowance,
    finding: &mut Finding,
) {
    let reaches = |slot| windows::seen(slot, outcome, looked).and_then(|seen| seen.reaches);
    for expr in read(rule, world) {
        let gaps = allowance.run(|budget| gaps::gaps(expr, world, &reaches, budget));
        finding.unknown.extend(gaps);
    }
}

/// Whether what would change a finding is asked for, and if so, whether only what is missing may change.
fn asks(outcome: &Outcome<'_>, finding: &Finding) -> Option<bool> {
    match (outcome.status, outcome.doubt) {
        (Status::Fired, Some(_)) if finding.latched => None,
        (Status::Fired | Status::Unmet, None)
        | (Status::Unknown | Status::Fired, Some(Doubt::Throughout)) => Some(false),
        (Status::Unknown | Status::Fired, Some(Doubt::Condition)) => Some(true),
        _ => None,
    }
}

/// The input whose items a rule speaks for, where they are those of one.
fn items<'i>(rule: &Rule, world: &World<'_>, inputs: &'i [Input]) -> Option<&'i Input> {
    let Items::Expression(list) = &rule.for_each.as_ref()?.items else {
        return None;
    };
    inputs.get(world.layout().input_of(list.plain()?)?)
}

/// The expressions that were asked: of evidence only where there was any.
fn read<'r>(rule: &'r Rule, world: &World<'_>) -> impl Iterator<Item = &'r Arc<Compiled>> {
    let data = world.value(world.layout().derived(Derived::Data));
    let none = matches!(data, Value::Unknown(Missing::Absent));
    let asked = !(none && matches!(rule.proof, policy::Proof::Evidence(_)));
    rule.proof.expressions().filter(move |_| asked)
}

/// A checkpoint without a sample in time.
fn missed(rule: &Rule, outcome: &Outcome<'_>) -> Option<Gap> {
    let due = outcome
        .timing
        .checkpoint
        .as_ref()
        .filter(|one| one.judged.is_none())?
        .due?;
    let within = format_duration(rule.at.as_ref()?.within);
    Some(Gap {
        expr: values::told(rule.expr()?.text()),
        reason: format!("no sample within {within} of the checkpoint at {due}"),
    })
}

/// A rule beyond a run-time limit.
fn beyond(rule: &Rule, exceeded: Exceeded) -> Gap {
    Gap {
        expr: limit::expression(rule, exceeded),
        reason: exceeded.limit.to_string(),
    }
}

/// Inputs of an expression whose default stood in.
fn assumed(expr: &Compiled, world: &World<'_>) -> Vec<String> {
    expr.reads()
        .iter()
        .filter(|slot| world.assumed(**slot))
        .map(|slot| world.layout().name(*slot))
        .collect()
}

/// A message with its holes filled, all of them within one budget; what is unknown reads `?`.
fn filled(template: &Template, slots: &[Value], budget: &mut Budget) -> String {
    let mut text = String::new();
    for piece in &template.pieces {
        match piece {
            Piece::Text(piece) => text.push_str(piece),
            Piece::Value(expr) => match expr.value(slots, budget) {
                Ok(value) => text.push_str(&reason::plain(
                    &brief(&value),
                    expr.unit().map(crate::expr::Unit::name),
                )),
                Err(_) => text.push('?'),
            },
        }
    }
    shortened(&text, MESSAGE)
}
