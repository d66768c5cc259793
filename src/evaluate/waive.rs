//! Waivers applied to what became of the rules. A waiver sets aside what it names and nothing else, and never for the
//! better of anything that counts for itself.

use super::{Outcome, Question, Subject as Of};
use crate::policy::Waiver;
use crate::snapshot::Subject;
use crate::verdict::Status;

/// What became of the waivers themselves.
#[derive(Clone, Debug, Default)]
pub struct Waiving<'p> {
    /// Those that set a finding aside.
    pub used: Vec<&'p Waiver>,
    /// Those for this stage that nothing needed.
    pub unused: Vec<&'p Waiver>,
    /// Those for this stage that are past their end, each with whether it is missed: it would set something aside.
    pub expired: Vec<(&'p Waiver, bool)>,
    /// Those for a rule or a stage that there is not.
    pub unknown: Vec<&'p Waiver>,
}

/// Sets aside what waivers name. `is_stage` tells which stages can be judged.
pub(super) fn waive<'p>(
    waivers: &'p [Waiver],
    question: Question<'p>,
    subject: &Subject,
    outcomes: &mut [Outcome<'p>],
    is_stage: impl Fn(&str) -> bool,
) -> Waiving<'p> {
    let mut waiving = Waiving::default();
    let stage = question.stage;
    // In an order that depends on no file; of several for one rule the one that lasts longest is told.
    let mut waivers: Vec<&'p Waiver> = waivers.iter().collect();
    waivers.sort_by(|a, b| rank(b).cmp(&rank(a)));
    let (here, elsewhere): (Vec<&Waiver>, Vec<&Waiver>) = waivers
        .into_iter()
        .partition(|waiver| waiver.stage == stage.name);
    let (known, unknown): (Vec<&Waiver>, Vec<&Waiver>) = here
        .into_iter()
        .partition(|waiver| stage.rules.iter().any(|rule| rule.id == waiver.rule));
    waiving.unknown.extend(unknown);
    let nowhere = elsewhere
        .into_iter()
        .filter(|waiver| !is_stage(&waiver.stage));
    waiving.unknown.extend(nowhere);
    let (ours, others): (Vec<&Waiver>, Vec<&Waiver>) = known
        .into_iter()
        .partition(|waiver| waiver.subject.is_part_of(subject));
    waiving.unused.extend(others);
    let (standing, expired): (Vec<&Waiver>, Vec<&Waiver>) = ours
        .into_iter()
        .partition(|waiver| waiver.expires > question.now);
    let (used, unused): (Vec<&Waiver>, Vec<&Waiver>) = standing
        .into_iter()
        .partition(|waiver| outcomes.iter().any(|outcome| sets_aside(waiver, outcome)));
    waiving.unused.extend(unused);
    for outcome in &mut *outcomes {
        if let Some(waiver) = used.iter().find(|waiver| sets_aside(waiver, outcome)) {
            outcome.waived = Some((waiver, outcome.status));
            outcome.status = Status::Waived;
            outcome.weight = None;
        }
    }
    waiving.used = used;
    // What another one still sets aside is not missed.
    waiving.expired = expired
        .into_iter()
        .map(|waiver| {
            let missed = outcomes.iter().any(|outcome| sets_aside(waiver, outcome));
            (waiver, missed)
        })
        .collect();
    waiving
}

/// Whether a waiver names this outcome, and the outcome is one that can be set aside. What is only watched counts for
/// nothing and needs no waiver.
fn sets_aside(waiver: &Waiver, outcome: &Outcome<'_>) -> bool {
    let Of::Rule(rule, item) = &outcome.of else {
        return false;
    };
    let named = waiver.key.as_ref().is_none_or(|key| {
        item.as_ref()
            .is_some_and(|(item, _)| item.to_string() == key.as_ref())
    });
    let open = matches!(
        outcome.status,
        Status::Unmet | Status::Fired | Status::Pending | Status::Unknown
    );
    rule.id == waiver.rule && named && open && rule.waivable && !rule.watch
}

/// What orders waivers.
fn rank(waiver: &Waiver) -> impl Ord + '_ {
    (
        waiver.expires,
        &waiver.rule,
        &waiver.key,
        &waiver.stage,
        &waiver.owner,
        &waiver.approved_by,
        &waiver.reason,
    )
}
