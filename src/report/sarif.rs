//! A verdict as SARIF 2.1.0: a rule for each rule of the policy and each code of a diagnostic, a result for each finding. Never
//! a result without its place in the policy where it has one.

mod uri;

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::case::{Case, Outcome, asked, cases, order, reason, steps};
use super::path::relative;
use super::{Told, clip};
use crate::source::Severity;
use crate::source::visible::pretty;
use crate::verdict::{Region, Verdict};
use uri::{BASE, artifact};

/// The schema that the report keeps to.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The report, with a line end.
#[must_use]
pub fn sarif(told: &Told<'_>) -> String {
    let cases = cases(told);
    let ids = ids(&cases);
    let results: Vec<Json> = cases
        .iter()
        .zip(&ids)
        .filter(|(case, _)| !notified(case))
        .map(|(case, id)| result(case, id, told))
        .collect();
    let mut rules = Vec::new();
    for (case, (id, index)) in cases.iter().zip(&ids) {
        // The first case of a rule stands for it.
        if *index == rules.len() {
            rules.push(rule(case, id));
        }
    }
    let version = env!("CARGO_PKG_VERSION");
    let mut run = json!({
        "tool": {"driver": {
            "name": env!("CARGO_PKG_NAME"), "version": version, "semanticVersion": version, "rules": rules,
        }},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {BASE: {"description": text("the folder that gonogo was started in")}},
        "invocations": [invocation(told, &cases, &ids)],
        "results": results,
    });
    if let (Some(run), Some(verdict)) = (run.as_object_mut(), told.verdict) {
        let (policy, stage) = (clip::name(&verdict.policy.name), clip::name(&verdict.stage));
        run.insert(
            "automationDetails".to_owned(),
            json!({"id": format!("gonogo/{policy}/{stage}/")}),
        );
        run.insert("properties".to_owned(), about(verdict));
    }
    pretty(&json!({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}))
}

/// The id and the index of the rule of each case. A rule of a policy that is called like a code keeps its name.
fn ids(cases: &[Case<'_>]) -> Vec<(String, usize)> {
    let own = |id: &str| {
        cases
            .iter()
            .any(|case| case.finding.is_some() && case.rule == id)
    };
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let id = |case: &Case<'_>| {
        let id = if case.finding.is_none() && own(&case.rule) {
            format!("diagnostic/{}", case.rule)
        } else {
            case.rule.clone()
        };
        let next = known.len();
        let index = *known.entry(id.clone()).or_insert(next);
        (id, index)
    };
    cases.iter().map(id).collect()
}

fn rule(case: &Case<'_>, id: &str) -> Json {
    let mut rule = Map::new();
    rule.insert("id".to_owned(), Json::from(id));
    let title = case.finding.and_then(|finding| finding.title.clone());
    let expr = case.finding.and_then(|finding| finding.expr.clone());
    let asks = case
        .finding
        .and_then(|finding| Some(finding.proof.as_ref()?.asks.clone()));
    let meaning = case.code.map(|code| code.meaning().to_owned());
    let short = [title, expr, asks, meaning].into_iter().flatten().next();
    let short = short.as_deref().unwrap_or(id);
    rule.insert("shortDescription".to_owned(), text(short));
    let expr = case.finding.and_then(|finding| finding.expr.as_deref());
    rule.insert("fullDescription".to_owned(), text(expr.unwrap_or(short)));
    rule.insert("help".to_owned(), text(&help(case, short)));
    let level = if case.outcome == Outcome::Warning {
        "warning"
    } else {
        "error"
    };
    rule.insert("defaultConfiguration".to_owned(), json!({"level": level}));
    if let Some(finding) = case.finding {
        if let Some(runbook) = finding.runbook.as_deref().filter(|url| uri::web(url)) {
            rule.insert("helpUri".to_owned(), Json::from(runbook));
        }
        let mut tags: Vec<String> = Vec::new();
        for tag in finding.cite.iter().chain(&finding.controls) {
            let tag = clip::name(tag);
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        let severity = finding.severity.as_ref().map(|text| clip::name(text));
        rule.insert(
            "properties".to_owned(),
            json!({"tags": tags, "effect": finding.effect.name(), "severity": severity}),
        );
    }
    Json::Object(rule)
}

/// What whoever is shown a rule reads of it: what it wants, and what to do where it fails.
fn help(case: &Case<'_>, short: &str) -> String {
    let mut lines = vec![short.to_owned()];
    if let Some(code) = case.code {
        lines.push(format!("For more: gonogo explain {}", code.name()));
    }
    if let Some(finding) = case.finding {
        lines.extend(finding.expr.clone());
        lines.extend(asked(finding));
        lines.extend(finding.runbook.iter().map(|url| format!("runbook: {url}")));
    }
    lines.dedup();
    lines.join(". ")
}

fn result(case: &Case<'_>, (id, index): &(String, usize), told: &Told<'_>) -> Json {
    let (kind, level) = kind(case);
    let suppressions: Vec<Json> = case
        .finding
        .and_then(|finding| finding.waiver.as_ref())
        .map(|_| json!({"kind": "external", "status": "accepted", "justification": unlinked(&case.says)}))
        .into_iter()
        .collect();
    let lines: Vec<&str> = [case.says.as_str()]
        .into_iter()
        .chain(case.details.iter().map(String::as_str))
        .collect();
    let mut result = json!({
        "ruleId": id,
        "ruleIndex": index,
        "kind": kind,
        "level": level,
        "message": {"text": unlinked(&format!("{}: {}", case.name, lines.join("\n")))},
        "partialFingerprints": {"gonogo/v1": case.fingerprint},
        // All or none: one that is left out would mean that nobody looked.
        "suppressions": suppressions,
    });
    if let Some(result) = result.as_object_mut() {
        if let Some(at) = super::case::place(case, told) {
            result.insert("locations".to_owned(), json!([location(case, &at, told)]));
        }
        if let Some(finding) = case.finding {
            result.insert(
                "properties".to_owned(),
                json!({"status": finding.status.name(), "decisive": finding.decisive, "watch": finding.watch}),
            );
        }
    }
    result
}

/// What it is for readers of SARIF: only what fails has a level.
fn kind(case: &Case<'_>) -> (&'static str, &'static str) {
    match case.outcome {
        Outcome::Error
        | Outcome::Failed
        | Outcome::Unknown
        | Outcome::Waiting
        | Outcome::Waived => ("fail", "error"),
        Outcome::Warning => ("fail", "warning"),
        Outcome::Watched if case.finding.is_some_and(undecided) => ("open", "none"),
        Outcome::Watched => ("fail", "note"),
        Outcome::Open => ("open", "none"),
        Outcome::Skipped => ("notApplicable", "none"),
        Outcome::Passed => ("pass", "none"),
    }
}

fn undecided(finding: &crate::verdict::Finding) -> bool {
    use crate::verdict::Status;
    matches!(finding.status, Status::Unknown | Status::Pending)
}

fn location(case: &Case<'_>, at: &Region, told: &Told<'_>) -> Json {
    let begin = (at.line.max(1), at.column.max(1));
    let end = (at.end_line.max(1), at.end_column.max(1)).max(begin);
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": artifact(&relative(&at.file, told.folder)),
            "region": {
                "startLine": begin.0, "startColumn": begin.1, "endLine": end.0, "endColumn": end.1,
            },
        },
    });
    if let (Some(location), Some(verdict)) = (location.as_object_mut(), told.verdict) {
        let (policy, stage) = (clip::name(&verdict.policy.name), clip::name(&verdict.stage));
        let name = format!("{policy}/{stage}/{}", case.name);
        location.insert(
            "logicalLocations".to_owned(),
            json!([{"name": case.name, "fullyQualifiedName": name}]),
        );
    }
    location
}

/// Whether a case is told of the run only: a warning that stands nowhere.
fn notified(case: &Case<'_>) -> bool {
    case.outcome == Outcome::Warning && case.at.is_none()
}

fn invocation(told: &Told<'_>, cases: &[Case<'_>], ids: &[(String, usize)]) -> Json {
    let errors = told.problems.iter();
    let failed = errors.filter(|problem| problem.severity == Severity::Error);
    let successful = told.verdict.is_some() && failed.count() == 0;
    let notifications: Vec<Json> = cases
        .iter()
        .zip(ids)
        .filter(|(case, _)| case.outcome == Outcome::Error || notified(case))
        .map(|(case, (id, index))| {
            let level = if case.outcome == Outcome::Error {
                "error"
            } else {
                "warning"
            };
            let mut notification = json!({
                "level": level,
                "message": {"text": unlinked(&format!("{}: {}", case.rule, case.says))},
                "associatedRule": {"id": id, "index": index},
            });
            if let (Some(notification), Some(at)) = (notification.as_object_mut(), &case.at) {
                notification.insert("locations".to_owned(), json!([location(case, at, told)]));
            }
            notification
        })
        .collect();
    json!({
        "executionSuccessful": successful,
        "exitCode": told.exit.code(),
        "exitCodeDescription": told.exit.meaning(),
        "toolExecutionNotifications": notifications,
    })
}

fn about(verdict: &Verdict) -> Json {
    let causes: Vec<&str> = verdict.causes.iter().map(|cause| cause.name()).collect();
    json!({
        "verdict": verdict.verdict.name(),
        "causes": causes,
        "reason": clip::line(&reason(verdict)),
        "now": verdict.now.to_string(),
        "doNow": order(verdict),
        "toGo": steps(verdict),
        "record": clip::name(&verdict.digests.record),
    })
}

fn text(text: &str) -> Json {
    json!({"text": unlinked(&clip::line(text))})
}

/// A message in which no text from outside is a link.
fn unlinked(text: &str) -> String {
    text.replace("](", "] (")
}
