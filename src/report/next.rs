//! What would change one finding and what its rule says, for reports that have a line for each: never wrapped, and never told of
//! what is as it should be.

use super::text::proof::missing;
use crate::explain::reason::way;
use crate::snapshot::layout::Context;
use crate::verdict::{Effect, Finding, Gap, Status};

/// The next steps for a finding.
#[must_use]
pub(crate) fn steps(finding: &Finding) -> Vec<String> {
    let mut steps: Vec<String> = change(finding).into_iter().collect();
    let missing = finding
        .proof
        .iter()
        .flat_map(|proof| &proof.missing)
        .map(missing);
    steps.extend(missing);
    if let Some(at) = finding.met_at.filter(|_| finding.status == Status::Pending) {
        steps.push(format!("wait until {at}"));
    }
    if steps.is_empty() && finding.status == Status::Unknown {
        let gaps = finding.unknown.iter();
        steps.extend(gaps.map(fill));
    }
    steps
}

/// What fills a gap: what is given can be; of what is computed something it reads must be otherwise.
#[must_use]
pub(crate) fn fill(gap: &Gap) -> String {
    let Gap { expr, reason } = gap;
    let entry = [Context::StageEntered, Context::StageElapsed];
    if entry.iter().any(|clock| clock.name() == expr) {
        return format!("tell when the stage was entered ({reason})");
    }
    // What stands in quotes is a key.
    let mut outside = expr.split('"').step_by(2);
    if outside
        .any(|part| part.contains(['(', '+', '*', '/', '%', '<', '>', '=', '?', '&', '|', '-']))
    {
        return format!("a value for {expr} ({reason})");
    }
    format!("give {expr} ({reason})")
}

/// What its rule says of it.
#[must_use]
pub(crate) fn words(finding: &Finding) -> Vec<String> {
    [&finding.message, &finding.title]
        .into_iter()
        .flatten()
        .cloned()
        .collect()
}

/// What would change its condition.
fn change(finding: &Finding) -> Option<String> {
    if finding.checkpoint.is_some() {
        let judged = finding.status != Status::Met;
        let step = "a checkpoint is judged once, for good: enter the stage again";
        return judged.then(|| step.to_owned());
    }
    if finding.cleared_at.is_some() {
        return Some("stays fired until the stage is entered again".to_owned());
    }
    if finding.to_change.is_empty() {
        return None;
    }
    let clear = match finding.status {
        Status::Unknown => finding.effect != Effect::Require,
        status => status == Status::Fired,
    };
    let ways = finding.to_change.iter();
    let ways: Vec<String> = ways.map(|change| way(finding, change)).collect();
    let what = if clear { "to clear" } else { "to meet" };
    let long = match finding.hold.as_deref().filter(|_| !clear) {
        Some("bake") => ", for the bake time".to_owned(),
        Some(hold) => format!(", for {hold}"),
        None => String::new(),
    };
    let again = if finding.latched {
        ", and the stage entered again"
    } else {
        ""
    };
    Some(format!("{what}: {}{long}{again}", ways.join(" or ")))
}
