//! What became of waivers, for the record and for people. Never whether one counts.

use crate::evaluate::{Outcome, Waiving};
use crate::policy::Waiver;
use crate::source::{Code, Problem};
use crate::verdict::Waived;
use crate::verdict::record;

/// What the record says of waivers.
pub(super) fn told(waiving: &Waiving<'_>) -> record::Waivers {
    let each = |waivers: &[&Waiver]| waivers.iter().map(|waiver| one(waiver)).collect();
    record::Waivers {
        used: each(&waiving.used),
        unused: each(&waiving.unused),
        expired: waiving
            .expired
            .iter()
            .map(|(waiver, missed)| record::Expired {
                waiver: one(waiver),
                missed: *missed,
            })
            .collect(),
        unknown: each(&waiving.unknown),
    }
}

fn one(waiver: &Waiver) -> record::Waiver {
    record::Waiver {
        rule: waiver.name(),
        stage: waiver.stage.to_string(),
        reason: waiver.reason.to_string(),
        owner: waiver.owner.to_string(),
        approved_by: waiver.approved_by.to_string(),
        expires: waiver.expires,
    }
}

/// The waiver that sets an outcome aside.
pub(super) fn waived(outcome: &Outcome<'_>) -> Option<Waived> {
    let (waiver, status) = outcome.waived?;
    Some(Waived {
        instead_of: status,
        reason: waiver.reason.to_string(),
        owner: waiver.owner.to_string(),
        approved_by: waiver.approved_by.to_string(),
        expires: waiver.expires,
    })
}

/// A warning for each waiver that sets nothing aside, at its place.
#[must_use]
pub fn problems(waiving: &Waiving<'_>) -> Vec<Problem> {
    let unused = waiving.unused.iter().map(|waiver| {
        let (name, stage) = (waiver.name(), &waiver.stage);
        let message = format!("nothing needs the waiver for `{name}` in the stage `{stage}`");
        idle(waiver, message, "sets nothing aside").help(
            "remove it, so that it hides nothing later; or mend the item or the subject it names",
        )
    });
    let expired = waiving.expired.iter().map(|(waiver, missed)| {
        let (name, stage, at) = (waiver.name(), &waiver.stage, waiver.expires);
        let message = format!("the waiver for `{name}` in the stage `{stage}` expired at {at}");
        let help = if *missed {
            format!(
                "`{name}` counts again: mend it, or have `{}` allow it anew with a later `expires`",
                waiver.approved_by
            )
        } else {
            "remove it: nothing needs it any more".to_owned()
        };
        idle(waiver, message, "expired").help(help)
    });
    unused.chain(expired).collect()
}

fn idle(waiver: &Waiver, message: String, label: &str) -> Problem {
    Problem::new(Code::IdleWaiver, message).warning().at(
        &waiver.place.source,
        waiver.place.span,
        label,
    )
}
