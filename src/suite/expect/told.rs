//! Expectations of what an explained verdict tells: messages, values, changes, the reason, warnings, what follows. Never
//! explains by itself.

use serde_json::{Value as Json, json};

use super::Comparing;
use super::ids::{Id, apart, sorted};
use super::value::{same, written};
use super::want::{Shown, Want, Wanted, Way};
use super::{partial, want};
use crate::explain::reason::{self, plain, unit};
use crate::policy::decode::Text;
use crate::verdict::{Change, Finding, Operand, Verdict};

/// Adds what is other than expected.
pub(super) fn compare(into: &mut Comparing<'_>, wanted: &Wanted, verdict: &Verdict) {
    let (key, span) = (wanted.key, wanted.span);
    match &wanted.what {
        Want::Reason(text) if text.as_str() != verdict.reason => {
            into.differs(key, span, json!(text.as_str()), json!(verdict.reason));
        }
        Want::Warnings(texts) => warnings(into, wanted, texts, verdict),
        Want::Escalation(rows) => {
            let actual = partial::escalation(verdict);
            partial::rows(into, wanted, rows, &actual, Id::names_row);
        }
        Want::Duties(rows) => {
            let actual = partial::duties(verdict);
            partial::rows(into, wanted, rows, &actual, |id, name| id.text == name);
        }
        Want::Rollback(plan) => partial::plan(into, wanted, plan.as_deref(), verdict),
        Want::Messages(messages) => {
            for (id, texts) in messages {
                message(into, wanted, id, texts, verdict);
            }
        }
        Want::Values(values) => {
            for wanted in values {
                value(into, wanted, verdict);
            }
        }
        Want::ToChange(changes) => {
            for (id, ways) in changes {
                to_change(into, wanted, id, ways, verdict);
            }
        }
        _ => {}
    }
}

fn warnings(into: &mut Comparing<'_>, wanted: &Wanted, texts: &[Text], verdict: &Verdict) {
    let said = &verdict.warnings;
    let contained = |text: &&Text| said.iter().any(|one| one.contains(text.as_str()));
    let missing: Vec<String> = texts
        .iter()
        .filter(|text| !contained(text))
        .map(|text| text.as_str().to_owned())
        .collect();
    let extra = if texts.is_empty() {
        said.clone()
    } else {
        Vec::new()
    };
    if missing.is_empty() && extra.is_empty() {
        return;
    }
    let expected: Vec<&str> = texts.iter().map(Text::as_str).collect();
    let found = into.differs(wanted.key, wanted.span, json!(expected), json!(said));
    (found.missing, found.extra) = (missing, extra);
}

fn message(into: &mut Comparing<'_>, wanted: &Wanted, id: &Id, texts: &[Text], verdict: &Verdict) {
    let findings: Vec<&Finding> = named(verdict, id).collect();
    let said = findings.iter().filter_map(|one| one.message.clone());
    let said = sorted(said);
    let own = |text: &Text| text.as_str().to_owned();
    let apart = apart(texts, &said, |a, b| a.as_str() == b, own, String::clone);
    if apart.is_none() && !findings.is_empty() {
        return;
    }
    let expected = sorted(texts.iter().map(own));
    let key = format!("{}.{}", wanted.key, id.text);
    let found = into.differs(key, id.span, single(&expected), single(&said));
    found.rules = vec![id.text.clone()];
    if findings.is_empty() {
        found.note = Some("there is no such item".to_owned());
    } else if expected.len().max(said.len()) > 1 {
        (found.missing, found.extra) = (apart.missing, apart.extra);
    }
}

fn value(into: &mut Comparing<'_>, wanted: &Shown, verdict: &Verdict) {
    let findings: Vec<&Finding> = match &wanted.of {
        Some(id) => named(verdict, id).collect(),
        None => verdict.findings.iter().collect(),
    };
    let expr = squeezed(wanted.expr.as_str());
    let shown: Vec<(&&Finding, &Operand)> = findings
        .iter()
        .flat_map(|finding| finding.values.iter().map(move |value| (finding, value)))
        .collect();
    let mut of: Vec<&(&&Finding, &Operand)> = shown
        .iter()
        .filter(|(_, operand)| squeezed(&operand.expr) == expr)
        .collect();
    let unknown = findings.iter().flat_map(|finding| &finding.unknown);
    let gap = unknown.clone().find(|gap| squeezed(&gap.expr) == expr);
    let is = |(_, operand): &&(&&Finding, &Operand)| {
        same(&wanted.value, &operand.value, operand.unit.as_deref())
    };
    // Null is what is not known.
    let unknown_is_right = of.is_empty() && gap.is_some() && wanted.value.is_null();
    if of.iter().any(is) || unknown_is_right {
        return;
    }
    // Several rules may show it.
    of.dedup_by(|a, b| a.1 == b.1);
    let key = match &wanted.of {
        Some(id) => format!("values.{}.{}", id.text, wanted.expr.as_str()),
        None => format!("values.{}", wanted.expr.as_str()),
    };
    let first = of.first();
    let actual = match of.as_slice() {
        [] => Json::Null,
        [(_, only)] => only.value.clone(),
        several => several.iter().map(|(_, one)| one.value.clone()).collect(),
    };
    let found = into.differs(key, wanted.value.span, written(&wanted.value), actual);
    found.unit = first.and_then(|(_, operand)| operand.unit.clone());
    found.rules = match (&wanted.of, first) {
        (Some(id), _) => vec![id.text.clone()],
        (None, Some((finding, _))) => vec![finding.name()],
        (None, None) => Vec::new(),
    };
    if first.is_none() {
        found.note = Some(match (gap, shown.is_empty() || wanted.of.is_none()) {
            (Some(gap), _) => gap.reason.clone(),
            (None, true) => "not shown".to_owned(),
            (None, false) => {
                let exprs = sorted(shown.iter().map(|(_, one)| one.expr.clone()));
                format!("not shown; {} is", exprs.join(", "))
            }
        });
    }
}

fn to_change(into: &mut Comparing<'_>, wanted: &Wanted, id: &Id, ways: &[Way], verdict: &Verdict) {
    let findings: Vec<&Finding> = named(verdict, id).collect();
    let changes: Vec<(&Finding, &Change)> = findings
        .iter()
        .flat_map(|finding| finding.to_change.iter().map(|change| (*finding, change)))
        .collect();
    let covers = |way: &Way, (finding, change): &(&Finding, &Change)| {
        let unit = unit(finding, &change.input);
        if !change.and.is_empty() {
            return squeezed(&way.told()) == squeezed(&reason::way(finding, change));
        }
        squeezed(&way.input) == squeezed(&change.input)
            && way.op == change.op
            && same(&way.value, &change.value, unit)
    };
    let called = |(finding, change): &(&Finding, &Change)| {
        if !change.and.is_empty() {
            return reason::way(finding, change);
        }
        let value = plain(&change.value, unit(finding, &change.input));
        format!("{} {} {value}", change.input, change.op)
    };
    let apart = apart(ways, &changes, covers, want::Way::told, called);
    if apart.is_none() && !findings.is_empty() {
        return;
    }
    let expected = sorted(ways.iter().map(want::Way::told));
    let actual = sorted(changes.iter().map(called));
    let key = format!("{}.{}", wanted.key, id.text);
    let found = into.differs(key, id.span, json!(expected), json!(actual));
    found.rules = vec![id.text.clone()];
    if findings.is_empty() {
        found.note = Some("there is no such item".to_owned());
    }
    (found.missing, found.extra) = (apart.missing, apart.extra);
}

/// The findings of a rule, or of one item of it.
fn named<'v>(verdict: &'v Verdict, id: &Id) -> impl Iterator<Item = &'v Finding> {
    let findings = verdict.findings.iter();
    findings.filter(move |finding| id.names(&finding.rule, finding.key.as_deref()))
}

/// An expression without its spaces: how it is spaced never matters.
fn squeezed(expr: &str) -> String {
    expr.split_whitespace().collect()
}

/// One text by itself, several as a list, none as null.
fn single(texts: &[String]) -> Json {
    match texts {
        [] => Json::Null,
        [only] => only.clone().into(),
        several => several.into(),
    }
}
