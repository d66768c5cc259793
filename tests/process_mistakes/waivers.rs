//! What can be wrong in a waiver. The attestation of the drill is missing, so that it has something to set aside.

use super::{Mistake, mistake};

pub(super) const MISTAKES: &[Mistake] = &[
    mistake(
        "a waiver without an end",
        "waivers.yaml",
        ", expires: 2026-03-13T17:00:00Z",
        "",
        4,
        &["missing-key", "a waiver without `expires`"],
    ),
    mistake(
        "a waiver that ends on a date",
        "waivers.yaml",
        "2026-03-13T17:00:00Z",
        "2026-03-13",
        4,
        &["`2026-03-13` is no instant"],
    ),
    mistake(
        "a waiver without a reason",
        "waivers.yaml",
        "reason: the drill is on Friday",
        "reason: ''",
        4,
        &["`reason` of a waiver is empty"],
    ),
    mistake(
        "a waiver nobody allowed",
        "waivers.yaml",
        "approved_by: ada, ",
        "",
        4,
        &["a waiver without `approved_by`"],
    ),
    mistake(
        "a waiver for a hard stop",
        "waivers.yaml",
        "rule: drill",
        "rule: called-off",
        4,
        &["not-waivable", "`called-off`"],
    ),
    mistake(
        "a waiver for a built-in",
        "waivers.yaml",
        "rule: drill",
        "rule: stage.bake",
        4,
        &["not-waivable"],
    ),
    mistake(
        "a waiver for a rule that does not exist",
        "waivers.yaml",
        "rule: drill",
        "rule: dril",
        11,
        &["`dril`", "did you mean `drill`?"],
    ),
    mistake(
        "a waiver for another stage",
        "waivers.yaml",
        "stage: ready",
        "stage: redy",
        11,
        &["`redy`"],
    ),
    mistake(
        "a waiver that ends at the very second",
        "waivers.yaml",
        "2026-03-13T17:00:00Z",
        "2026-03-10T18:00:00Z",
        11,
        &["expired"],
    ),
];
