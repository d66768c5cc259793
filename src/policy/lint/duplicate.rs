//! `duplicate-condition`: two rules of one stage that always say the same, so that one of them is pointless. Conditions
//! are the same where their words and trees are; never where they only come to the same.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::said::{Said, said};
use super::{Pair, Subject};
use crate::expr::{Shape, shape};
use crate::policy::decode::Text;
use crate::policy::document::rule::{ForEachDocument, ItemsDocument};
use crate::policy::{DueFrom, Hold, OnMissing, Proof};
use crate::source::{Code, Problem};
use crate::verdict::Effect;

/// `duplicate-condition`
pub(super) fn duplicate_condition(subject: &Subject<'_>) -> Vec<Problem> {
    let mut seen: BTreeMap<(usize, Says), Pair<'_>> = BTreeMap::new();
    let mut problems = Vec::new();
    for pair in subject.pairs() {
        let Some(says) = says(pair) else { continue };
        let first = *seen.entry((pair.stage, says)).or_insert(pair);
        if first.document.id.as_str() != pair.document.id.as_str() {
            problems.extend(told(subject, first, pair));
        }
    }
    problems
}

/// One of two rules that say the same. Which of them comes first in the file does not depend on who takes over whom.
fn told(subject: &Subject<'_>, one: Pair<'_>, other: Pair<'_>) -> Option<Problem> {
    let place = |pair: Pair<'_>| pair.document.given().first().map(|(_, span)| *span);
    let (first, second) = if place(one) <= place(other) {
        (one, other)
    } else {
        (other, one)
    };
    let (a, b) = (&first.rule.id, &second.rule.id);
    let what = match first.rule.proof {
        Proof::Expr(_) => "condition",
        _ => "proof",
    };
    let message = format!("`{b}` has the {what} of `{a}`");
    let help = format!("remove one of them, or change what makes `{b}` differ from `{a}`");
    let label = "the same again";
    let problem = subject.problem(
        Code::DuplicateCondition,
        place(second)?,
        message,
        label,
        help,
    );
    Some(problem.at(
        subject.source,
        place(first)?,
        format!("the {what} of `{a}`"),
    ))
}

/// What a rule says, wherever it stands: two that are equal are met, or fire, together.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Says {
    /// Not what firing does: beside a rollback a hold of the same condition is pointless.
    stops: bool,
    watch: bool,
    missing: Option<bool>,
    proof: Said,
    due: Option<(bool, SignedDuration)>,
    hold: Option<SignedDuration>,
    at: Option<String>,
    bakes: bool,
    when: Vec<Option<Shape>>,
    each: Option<Each>,
}

/// What a `for_each` says: the name of the item, and the list computed or written out.
pub(super) type Each = (String, Result<Option<Shape>, Vec<String>>);

fn says(pair: Pair<'_>) -> Option<Says> {
    let (document, rule) = (pair.document, pair.rule);
    let words = |text: &Text| shape(text.as_str());
    let group = document.group.as_ref();
    let when = group.and_then(|group| group.when.as_ref());
    let mut when: Vec<Option<Shape>> = when.into_iter().chain(&document.when).map(words).collect();
    when.sort();
    Some(Says {
        stops: rule.effect != Effect::Require,
        watch: rule.watch,
        missing: match rule.missing {
            OnMissing::Block => None,
            missing => Some(missing == OnMissing::Fire),
        },
        proof: said(document).into_iter().next().filter(same)?,
        due: rule
            .due
            .map(|due| (due.from == DueFrom::Planned, due.offset)),
        hold: match &rule.hold {
            Some(Hold::For(duration)) => Some(*duration),
            // Each stage has one bake time.
            Some(Hold::Bake(_)) | None => None,
        },
        at: rule.at.as_ref().map(ToString::to_string),
        bakes: document
            .hold
            .as_ref()
            .is_some_and(|text| text.as_str() == "bake"),
        when,
        each: document.for_each.as_deref().map(each),
    })
}

/// Whether another rule that says this is proved by the same: people speak of one rule each.
fn same(said: &Said) -> bool {
    match said {
        Said::Expr(shape) => shape.is_some(),
        Said::Evidence(..) | Said::During(_) => true,
        Said::Statements(..) => false,
    }
}

/// What a `for_each` says.
pub(super) fn each(each: &ForEachDocument) -> Each {
    let items = match &each.items {
        ItemsDocument::Expression(text) => Ok(shape(text.as_str())),
        ItemsDocument::Listed(texts) => {
            Err(texts.iter().map(|text| text.as_str().to_owned()).collect())
        }
    };
    (each.name.as_str().to_owned(), items)
}
