//! One outcome to one finding.

use std::sync::Arc;

use super::allowance::Allowance;
use super::{condition, gaps, owned, proof, skipped, waivers, with_item};
use crate::evaluate::{Doubt, Looked, Outcome, Question, Subject, World};
use crate::expr::duration::format_duration;
use crate::expr::value::Value;
use crate::policy::{Hold, Policy, Rule};
use crate::snapshot::Facts;
use crate::snapshot::layout::Context;
use crate::source::Position;
use crate::verdict::{Checkpoint, Decision, Effect, Finding, Gap, Margin, Operand, Region, Status};

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
    (facts, looked): (&Facts, &Looked<'_>),
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
                condition::unclear(rule, outcome, (world, looked), allowance, &mut finding);
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
            condition::explain(
                policy,
                rule,
                outcome,
                (world, looked),
                allowance,
                &mut finding,
            );
            allowance.told(&finding.values, &finding.unknown, &finding.trace);
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
                    reason: gaps::missing(other),
                }),
            }
        }
    }
    finding
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
        when: None,
        proof: None,
        due: timing.due,
        late: timing.late,
        waiver: waivers::waived(outcome),
        skipped: None,
        hold: None,
        bake: None,
        at: None,
        values: Vec::new(),
        trace: Vec::new(),
        windows: Vec::new(),
        unknown: Vec::new(),
        assumed: Vec::new(),
        margin: None,
        compared: None,
        others: 0,
        since: timing.since,
        held: timing.held,
        kept: timing.kept,
        fired_at: timing.fired_at,
        ended_at: timing.ended_at,
        cleared_at: timing.cleared_at,
        again_since: timing.again_since,
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
    finding.when = match rule.when.as_slice() {
        [] => None,
        [only] => Some(only.text().to_owned()),
        several => {
            let texts = several.iter().map(|when| format!("({})", when.text()));
            Some(texts.collect::<Vec<_>>().join(" && "))
        }
    };
    finding.hold = rule.hold.as_ref().map(|hold| match hold {
        Hold::For(duration) => format_duration(*duration),
        Hold::Bake(_) => "bake".to_owned(),
    });
    finding.bake = match &rule.hold {
        Some(Hold::Bake(bake)) => Some(bake.to_string()),
        Some(Hold::For(_)) | None => None,
    };
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

pub(super) fn entry_gap(world: &World<'_>) -> Gap {
    Gap {
        expr: Context::StageEntered.name().to_owned(),
        reason: gaps::missing(world.context(Context::StageEntered)),
    }
}
