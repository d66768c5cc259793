//! One outcome to one finding.

use std::sync::Arc;

use super::allowance::Allowance;
use super::{change, limit, owned, proof, reason, skipped, values, waivers, with_item};
use crate::evaluate::{Doubt, Exceeded, Outcome, Question, Subject, World};
use crate::expr::duration::format_duration;
use crate::expr::value::{Missing, Value};
use crate::expr::{Budget, Compiled, Limit, brief, shortened};
use crate::policy::template::{Piece, Template};
use crate::policy::{self, Hold, Policy, Rule};
use crate::snapshot::Facts;
use crate::snapshot::layout::{Context, Derived};
use crate::source::Position;
use crate::verdict::{Checkpoint, Decision, Effect, Finding, Gap, Margin, Operand, Region, Status};

/// The steps that looking for what would change one finding may take.
const TRIALS: u64 = 4_000_000;
/// The most characters of a message with its holes filled.
const MESSAGE: usize = 4_000;

/// The id of the built-in finding on the least time in a stage.
pub const BAKE: &str = "stage.bake";
/// The id of the built-in finding on exposed traffic.
pub const TRAFFIC: &str = "stage.traffic";
/// The id of the built-in finding on stages that must have gone well first.
pub const NEEDS: &str = "stage.needs";

/// The name of what an outcome is about, with its item.
#[must_use]
pub fn name(outcome: &Outcome<'_>) -> String {
    match named(outcome) {
        (rule, Some(key)) => format!("{rule}[{key}]"),
        (rule, None) => rule.to_string(),
    }
}

/// The id of what an outcome is about, and its item.
#[must_use]
pub fn named(outcome: &Outcome<'_>) -> (Arc<str>, Option<String>) {
    match &outcome.of {
        Subject::Rule(rule, item) => {
            let key = item.as_ref().map(|(key, _)| key.to_string());
            (Arc::clone(&rule.id), key)
        }
        Subject::Bake(_) => (BAKE.into(), None),
        Subject::Traffic(_) => (TRAFFIC.into(), None),
        Subject::Needs(need) => (NEEDS.into(), Some(proof::stages(need))),
        Subject::Field(name, _) => (format!("record.{name}").into(), None),
    }
}

/// The finding of an outcome, explained on what is known.
pub(super) fn finding(
    policy: &Policy,
    question: Question<'_>,
    outcome: &Outcome<'_>,
    decision: Decision,
    world: &mut World<'_>,
    facts: &Facts,
    allowance: &mut Allowance,
) -> Finding {
    let mut finding = blank(outcome, decision);
    if let Some(Doubt::Slot(slot)) = outcome.doubt {
        finding.unknown.push(proof::gap(world, slot));
    }
    match &outcome.of {
        Subject::Rule(rule, _) => {
            finding.at = Some(region(policy, (rule.place, rule.end)));
            describe(policy, rule, &mut finding);
            let shown = with_item(world, policy.item_slot, outcome);
            finding.proof = proof::of_rule(policy, rule, outcome, world, facts);
            if outcome.status == Status::Skipped {
                finding.skipped = skipped::skipped(rule, world, allowance);
                shown
                    .iter()
                    .for_each(|slot| world.set(*slot, crate::evaluate::ABSENT));
                return finding;
            }
            if outcome.doubt == Some(Doubt::Condition) && !outcome.timing.fired_on.is_empty() {
                // What a latched stop cannot see any more is told as it is now.
                for expr in read(rule, world) {
                    let gaps = allowance.run(|budget| values::gaps(expr, world, budget));
                    finding.unknown.extend(gaps);
                }
            }
            let before: Vec<(usize, Value)> = outcome
                .timing
                .fired_on
                .iter()
                .map(|(slot, _)| (*slot, world.value(*slot).clone()))
                .collect();
            // A stop that is clear again is explained by what it fired on.
            outcome
                .timing
                .fired_on
                .iter()
                .for_each(|(slot, value)| world.set(*slot, value.clone()));
            explain_rule(policy, rule, outcome, world, allowance, &mut finding);
            allowance.told(&finding.values, &finding.unknown);
            for (slot, value) in before {
                world.set(slot, value);
            }
            shown
                .iter()
                .for_each(|slot| world.set(*slot, crate::evaluate::ABSENT));
        }
        Subject::Bake(bake) => {
            finding.hold = Some(bake.to_string());
            finding.title = Some("the least time in this stage".to_owned());
            finding.at = Some(stage_place(policy, question));
            if outcome.status == Status::Unknown {
                finding.unknown.push(entry_gap(world));
            }
        }
        Subject::Needs(need) => {
            finding.title = Some("a stage that must have gone well first".to_owned());
            finding.at = Some(stage_place(policy, question));
            finding.proof = Some(proof::of_need(need, outcome, world, facts));
        }
        Subject::Field(name, _) => {
            finding.title = Some("a field of the subject that an audit needs".to_owned());
            finding.at = Some(stage_place(policy, question));
            finding.proof = Some(proof::of_field(name, outcome));
        }
        Subject::Traffic(limit) => {
            finding.title = Some("no more traffic than this stage may expose".to_owned());
            finding.at = Some(stage_place(policy, question));
            match world.context(Context::StageTraffic) {
                Value::Double(exposed) => {
                    finding.values.push(Operand {
                        expr: Context::StageTraffic.name().to_owned(),
                        value: serde_json::Value::from(*exposed),
                        unit: Some("ratio".to_owned()),
                    });
                    finding.margin = Some(Margin {
                        input: Context::StageTraffic.name().to_owned(),
                        value: *exposed,
                        relation: if exposed <= limit { "<=" } else { ">" }.to_owned(),
                        limit: *limit,
                        relative: Margin::share(*exposed, *limit),
                    });
                }
                other => finding.unknown.push(Gap {
                    expr: Context::StageTraffic.name().to_owned(),
                    reason: values::missing(other),
                }),
            }
        }
    }
    finding
}

fn explain_rule(
    policy: &Policy,
    rule: &Rule,
    outcome: &Outcome<'_>,
    world: &mut World<'_>,
    allowance: &mut Allowance,
    finding: &mut Finding,
) {
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
                let gaps = allowance.run(|budget| values::gaps(when, world, budget));
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
            finding.unknown.push(Gap {
                expr: "for_each".to_owned(),
                reason: "the list is unknown or empty".to_owned(),
            });
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
    for expr in &read {
        let gaps = allowance.run(|budget| values::gaps(expr, world, budget));
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
        for expr in read {
            let decided = allowance.run(|budget| values::values(expr, world.slots(), budget));
            finding.values.extend(decided.operands);
        }
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
                finding.hold.as_deref().unwrap_or("longer")
            ),
        });
    }
    finding.unknown.dedup();
    finding.assumed = assumed(expr, world);
    let decided = allowance.run(|budget| values::values(expr, world.slots(), budget));
    finding.values = decided.operands;
    let mut budget = Budget::of(TRIALS);
    let changes = change::changes(expr, world, policy.layout.inputs(), &mut budget);
    allowance.took(TRIALS.saturating_sub(budget.left()));
    // A margin beside an unknown would look like a decision.
    finding.margin = changes
        .margin
        .or(decided.margin)
        .filter(|_| outcome.status != Status::Unknown);
    let now = outcome.timing.fired_on.is_empty() && outcome.doubt.is_none();
    if matches!(outcome.status, Status::Fired | Status::Unmet) && now {
        finding.to_change = changes.changes;
    }
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

fn blank(outcome: &Outcome<'_>, decision: Decision) -> Finding {
    let timing = &outcome.timing;
    let (rule, key) = named(outcome);
    let effect = match &outcome.of {
        Subject::Rule(rule, _) => rule.effect,
        _ => Effect::Require,
    };
    Finding {
        rule: rule.to_string(),
        key,
        title: None,
        group: None,
        effect,
        status: outcome.status,
        decisive: decision != Decision::Go
            && outcome.weight.is_some_and(|(worst, _)| worst == decision),
        counts: outcome.weight.is_some(),
        watch: false,
        latched: false,
        expr: None,
        proof: None,
        due: timing.due,
        late: timing.late,
        waiver: waivers::waived(outcome),
        skipped: None,
        hold: None,
        at: None,
        values: Vec::new(),
        trace: Vec::new(),
        windows: Vec::new(),
        unknown: Vec::new(),
        assumed: Vec::new(),
        margin: None,
        since: timing.since,
        held: timing.held,
        fired_at: timing.fired_at,
        cleared_at: timing.cleared_at,
        met_at: timing.met_at,
        checkpoints: None,
        checkpoint: timing.checkpoint.as_ref().map(|one| Checkpoint {
            due: one.due,
            judged: one.judged,
            met: one.met,
        }),
        message: None,
        to_change: Vec::new(),
        severity: None,
        action: None,
        runbook: None,
        cite: Vec::new(),
        controls: Vec::new(),
    }
}

/// What the rule says of itself, whatever became of it.
fn describe(policy: &Policy, rule: &Rule, finding: &mut Finding) {
    finding.title = owned(rule.title.as_ref());
    finding.watch = rule.watch;
    finding.latched = rule.latch
        && matches!(finding.status, Status::Fired | Status::Unmet)
        && finding.fired_at.is_some();
    finding.group = owned(rule.group.as_ref());
    finding.expr = rule.expr().map(|expr| expr.text().to_owned());
    finding.hold = rule.hold.as_ref().map(|hold| match hold {
        Hold::For(duration) => format_duration(*duration),
        Hold::Bake(_) => "bake".to_owned(),
    });
    finding.checkpoints = rule.at.as_ref().map(ToString::to_string);
    finding.severity = rule
        .severity
        .and_then(|index| policy.severities.get(index))
        .map(|severity| severity.id.to_string());
    finding.action = owned(rule.action.as_ref());
    finding.runbook = owned(rule.runbook.as_ref());
    finding.cite = rule.cite.iter().map(ToString::to_string).collect();
    finding.controls = rule.controls.iter().map(ToString::to_string).collect();
}

fn stage_place(policy: &Policy, question: Question<'_>) -> Region {
    region(policy, (question.stage.place, question.stage.end))
}

fn region(policy: &Policy, (begin, end): (Position, Position)) -> Region {
    Region {
        file: policy.path.to_string(),
        line: begin.line,
        column: begin.column,
        end_line: end.line,
        end_column: end.column,
    }
}

fn entry_gap(world: &World<'_>) -> Gap {
    Gap {
        expr: Context::StageEntered.name().to_owned(),
        reason: values::missing(world.context(Context::StageEntered)),
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
