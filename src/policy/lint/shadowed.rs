//! `shadowed-override`: an override that nobody would miss, because it repeats what it takes over, or because every
//! stage that takes it over says otherwise. Never compares what two conditions mean, only what they say.

use super::Subject;
use super::duplicate::each;
use super::overrides::Override;
use super::said::said;
use crate::expr::shape;
use crate::policy::decode::Text;
use crate::policy::document::RuleDocument;
use crate::source::{Code, Problem, Span};

/// `shadowed-override`
pub(super) fn shadowed_override(subject: &Subject<'_>) -> Vec<Problem> {
    let overrides = subject.overrides();
    let mut problems = Vec::new();
    for over in &overrides {
        let id = over.own.id.as_str();
        let inherited = over.inherited.document;
        if same(inherited, over.merged.document) {
            let message = format!("the override of `{id}` changes nothing");
            let help = "remove it: the rule is taken over as it is";
            let problem = subject.problem(
                Code::ShadowedOverride,
                over.own.id.span,
                message,
                "as before",
                help,
            );
            problems.push(problem.at(
                subject.source,
                inherited.id.span,
                "the rule that is taken over",
            ));
        } else if let Some(last) = overwritten(subject, &overrides, over) {
            let message = format!("every stage that takes over this `{id}` overrides it again");
            let help = "remove it here, or what the other stages say against it";
            let problem = subject.problem(
                Code::ShadowedOverride,
                over.own.id.span,
                message,
                "in no stage",
                help,
            );
            problems.push(problem.at(subject.source, last, "overridden again"));
        } else {
            for (key, span) in repeated(over) {
                let message = format!("`{key}` of `{id}` is what is taken over already");
                let help = format!("remove `{key}` here");
                let problem =
                    subject.problem(Code::ShadowedOverride, span, message, "as before", help);
                let before = written(inherited)
                    .into_iter()
                    .find(|(name, _)| *name == key)
                    .map_or(inherited.id.span, |(_, span)| span);
                problems.push(problem.at(subject.source, before, "taken over from here"));
            }
        }
    }
    problems
}

/// The place of the last rule that overrides an override of an abstract stage, if every stage that takes it over does.
fn overwritten(
    subject: &Subject<'_>,
    overrides: &[Override<'_>],
    over: &Override<'_>,
) -> Option<Span> {
    let stage = subject
        .stages()
        .get(over.stage)
        .filter(|stage| stage.is_abstract)?;
    let extending = subject.stages().iter().enumerate().filter(|(_, other)| {
        let name = other.extends.as_ref();
        name.is_some_and(|name| name.as_str() == stage.name.as_str())
    });
    let mut last = None;
    for (index, _) in extending {
        let again = overrides
            .iter()
            .find(|again| again.stage == index && again.own.id.as_str() == over.own.id.as_str())?;
        let without = over.inherited.document.overlaid(again.own);
        if !same(&without, again.merged.document) {
            return None;
        }
        last = Some(again.own.id.span);
    }
    last
}

/// The keys of an override without which the rule would be the same.
fn repeated(over: &Override<'_>) -> Vec<(&'static str, Span)> {
    let mut found = written(over.own);
    found.retain(|(key, _)| {
        let mut less = over.own.clone();
        remove(&mut less, key);
        same(
            &over.inherited.document.overlaid(&less),
            over.merged.document,
        )
    });
    found
}

/// The keys of a rule that are texts, and its proofs, each with its place.
fn written(rule: &RuleDocument) -> Vec<(&'static str, Span)> {
    let keys = [
        ("title", &rule.title),
        ("for", &rule.hold),
        ("when", &rule.when),
        ("missing", &rule.missing),
        ("severity", &rule.severity),
        ("action", &rule.action),
        ("message", &rule.message),
        ("runbook", &rule.runbook),
        ("on_unmet", &rule.on_unmet),
        ("due", &rule.due),
    ];
    let texts = keys
        .into_iter()
        .filter_map(|(key, text)| Some((key, text.as_ref()?.span)));
    texts.chain(rule.given()).collect()
}

/// Takes a key out of a rule.
fn remove(rule: &mut RuleDocument, key: &str) {
    let field = match key {
        "title" => &mut rule.title,
        "expr" => &mut rule.expr,
        "for" => &mut rule.hold,
        "when" => &mut rule.when,
        "missing" => &mut rule.missing,
        "severity" => &mut rule.severity,
        "action" => &mut rule.action,
        "message" => &mut rule.message,
        "runbook" => &mut rule.runbook,
        "on_unmet" => &mut rule.on_unmet,
        "due" => &mut rule.due,
        "during" => &mut rule.proofs.during,
        "evidence" => return rule.proofs.evidence = None,
        "attest" => return rule.proofs.attest = None,
        "approve" => return rule.proofs.approve = None,
        _ => return,
    };
    *field = None;
}

/// Whether two rules say the same, wherever they stand.
fn same(one: &RuleDocument, other: &RuleDocument) -> bool {
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.as_str().to_owned());
    let texts = |texts: &Option<Vec<Text>>| -> Option<Vec<String>> {
        let all = texts.as_ref()?;
        Some(all.iter().map(|text| text.as_str().to_owned()).collect())
    };
    let expr = |text: &Option<Text>| text.as_ref().and_then(|text| shape(text.as_str()));
    let says = |rule: &RuleDocument| {
        let group = rule.group.as_ref();
        (
            (rule.effect, said(rule), text(&rule.hold), expr(&rule.when)),
            (
                text(&rule.missing),
                text(&rule.on_unmet),
                rule.latch,
                rule.watch,
                text(&rule.due),
                rule.waivable,
            ),
            (
                text(&rule.title),
                text(&rule.action),
                text(&rule.message),
                text(&rule.runbook),
            ),
            (
                text(&rule.severity),
                texts(&rule.cite),
                texts(&rule.controls),
            ),
            rule.for_each.as_deref().map(each),
            group.map(|group| {
                (
                    expr(&group.when),
                    text(&group.severity),
                    text(&group.due),
                    texts(&group.controls),
                )
            }),
        )
    };
    says(one) == says(other)
}
