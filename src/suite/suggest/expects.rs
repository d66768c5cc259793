//! What a suggested test expects: what the present policy gives, in as few keys as notice what it is for. It compares
//! nothing.

use super::Sought;
use super::flow::Flow;
use crate::verdict::{Finding, Status, Verdict};

/// The lists of rules, and the status of what stands in each.
const LISTS: [(&str, Status); 8] = [
    ("fired", Status::Fired),
    ("unmet", Status::Unmet),
    ("unknown", Status::Unknown),
    ("pending", Status::Pending),
    ("waived", Status::Waived),
    ("skipped", Status::Skipped),
    ("met", Status::Met),
    ("clear", Status::Clear),
];

/// What can be expected of a verdict, with the fewest words first.
pub(super) fn expectations(verdict: &Verdict, sought: &Sought<'_>) -> Vec<Flow> {
    let statuses = statuses(verdict, sought.rule);
    let own = |key: &str| {
        LISTS
            .iter()
            .any(|(name, status)| *name == key && statuses.contains(status))
    };
    let stops = ["fired", "unmet", "unknown", "pending"];
    let told: Vec<&str> = stops.into_iter().filter(|key| own(key)).collect();
    let short: Vec<&str> = if told.is_empty() {
        // What holds, or is clear, is told by those that are not: their lists are short.
        let one = if statuses.contains(&Status::Met) {
            "unmet"
        } else {
            "fired"
        };
        vec![one]
    } else {
        told
    };
    let mut all: Vec<Vec<&str>> = vec![short.clone()];
    let mut causes = vec!["causes"];
    causes.extend(&short);
    all.push(causes.clone());
    for key in stops {
        if !causes.contains(&key) {
            causes.push(key);
        }
    }
    all.push(causes.clone());
    for key in ["waived", "skipped", "met", "clear"] {
        if own(key) {
            let mut more = short.clone();
            more.push(key);
            all.push(more);
            causes.push(key);
        }
    }
    all.push(causes);
    let expect = |keys: &Vec<&str>| {
        let mut words = vec![("verdict".to_owned(), Flow::text(verdict.verdict.name()))];
        words.extend(
            keys.iter()
                .map(|key| ((*key).to_owned(), list(verdict, sought, key))),
        );
        Flow::Map(words)
    };
    all.iter().map(expect).collect()
}

/// What became of a rule: of each of its items.
pub(super) fn statuses(verdict: &Verdict, rule: &str) -> Vec<Status> {
    let own = verdict.findings.iter().filter(|one| one.rule == rule);
    let mut statuses: Vec<Status> = own.map(|one| one.status).collect();
    statuses.dedup();
    statuses
}

fn list(verdict: &Verdict, sought: &Sought<'_>, key: &str) -> Flow {
    if key == "causes" {
        let causes = verdict.causes.iter();
        return Flow::List(causes.map(|cause| Flow::text(cause.name())).collect());
    }
    let wanted = LISTS.iter().find(|(name, _)| *name == key);
    let is_in = |finding: &&Finding| {
        // What only watches is in no list unless it is named.
        (!finding.watch || finding.rule == sought.rule)
            && (wanted.is_some_and(|(_, status)| *status == finding.status)
                || key == "fired" && is_hard(finding))
    };
    let mut ids: Vec<&str> = verdict
        .findings
        .iter()
        .filter(is_in)
        .map(|finding| finding.rule.as_str())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    Flow::List(ids.into_iter().map(Flow::text).collect())
}

/// Whether an unmet requirement is a hard stop: then it has fired as well.
fn is_hard(finding: &Finding) -> bool {
    finding.status == Status::Unmet && finding.asks_back()
}

/// What the name of a test says of a rule.
pub(super) fn told(verdict: &Verdict, rule: &str) -> String {
    let what = match statuses(verdict, rule).first() {
        Some(Status::Met) => "is met",
        Some(Status::Unmet) => "is not met",
        Some(Status::Fired) => "fires",
        Some(Status::Clear) => "is clear",
        Some(Status::Unknown) => "is unknown",
        Some(Status::Pending) => "is pending",
        Some(Status::Skipped) => "does not apply",
        Some(Status::Waived) => "is waived",
        None => verdict.verdict.name(),
    };
    format!("{rule} {what}")
}
