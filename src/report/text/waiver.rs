//! Waivers for people: what a finding would be without, and which one has ended.

use super::{indented, printable};
use crate::verdict::{Finding, Verdict, Waived};

/// What sets a finding aside.
pub(super) fn waived(out: &mut String, waiver: &Waived) {
    let status = waiver.instead_of.name();
    indented(
        out,
        &format!("{status} but for a waiver: {}", printable(&waiver.reason)),
    );
    indented(
        out,
        &format!(
            "owner {}, approved by {}, until {}",
            printable(&waiver.owner),
            printable(&waiver.approved_by),
            waiver.expires
        ),
    );
}

/// The waivers of a finding that have ended, where it would need one.
pub(super) fn ended(out: &mut String, finding: &Finding, verdict: &Verdict) {
    let name = finding.name();
    for expired in &verdict.waivers.expired {
        let waiver = &expired.waiver;
        if expired.missed && finding.counts && (waiver.rule == finding.rule || waiver.rule == name)
        {
            let line = format!(
                "its waiver expired {}: {} (owner {}, approved by {})",
                waiver.expires,
                printable(&waiver.reason),
                printable(&waiver.owner),
                printable(&waiver.approved_by)
            );
            indented(out, &line);
        }
    }
}
