//! `looser-override`: a stop that fires less readily in a later stage than where it was taken over from. A stop that is
//! left out by `drop` is left out openly, and never told.

mod proofs;

use super::overrides::Override;
use super::{Pair, Subject};
use crate::expr::{Comparison, Op, shape};
use crate::policy::decode::Text;
use crate::policy::{OnMissing, Rule};
use crate::source::{Code, Problem, Span};
use crate::verdict::Effect;

/// One way in which a stop became looser.
struct Looser {
    /// Where the stage says so.
    span: Span,
    /// What it does now, as the end of a sentence.
    how: String,
    /// Where it was said before.
    before: Span,
}

/// `looser-override`
pub(super) fn looser_override(subject: &Subject<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for over in subject.overrides() {
        let id = over.own.id.as_str();
        for looser in looser(&over) {
            let message = format!(
                "the override of `{id}` makes it fire less readily: {}",
                looser.how
            );
            let help = format!(
                "leave the stop as strict as it was, or leave it out openly with `drop: [{id}]` and write another rule"
            );
            let problem = subject.problem(
                Code::LooserOverride,
                looser.span,
                message,
                "looser here",
                help,
            );
            problems.push(problem.at(subject.source, looser.before, "the rule that is taken over"));
        }
    }
    problems
}

fn looser(over: &Override<'_>) -> Vec<Looser> {
    let (old, new) = (over.inherited.rule, over.merged.rule);
    let mut found = Vec::new();
    // A stop that becomes a requirement says something else altogether.
    if !stops(old)
        || !stops(new)
        || (old.effect == Effect::Require) != (new.effect == Effect::Require)
    {
        return found;
    }
    let id = |pair: Pair<'_>| pair.document.id.span;
    let text = |text: &Option<Text>, pair: Pair<'_>| {
        text.as_ref().map_or_else(|| id(pair), |text| text.span)
    };
    let mut tell = |span, how: String, before| found.push(Looser { span, how, before });
    if old.effect == Effect::Rollback && new.effect == Effect::Hold {
        let how = "it was a rollback, and is a hold here".to_owned();
        tell(over.own.id.span, how, id(over.inherited));
    }
    if let Some(how) = limit(over).or_else(|| narrowed(over)) {
        let before = text(&over.inherited.document.expr, over.inherited);
        tell(text(&over.own.expr, over.merged), how, before);
    }
    if let Some(how) = longer(over) {
        let before = text(&over.inherited.document.hold, over.inherited);
        tell(text(&over.own.hold, over.merged), how, before);
    }
    if new.watch && !old.watch {
        let how = "it only watches here".to_owned();
        tell(over.own.id.span, how, id(over.inherited));
    }
    if new.missing.readiness() < old.missing.readiness() {
        let how = match new.missing {
            OnMissing::Ignore => "missing data stop nothing here",
            _ => "missing data do not fire it here",
        };
        let before = text(&over.inherited.document.missing, over.inherited);
        tell(text(&over.own.missing, over.merged), how.to_owned(), before);
    }
    if old.latch && !new.latch && old.effect == new.effect {
        let how = "it does not stay fired here".to_owned();
        tell(over.own.id.span, how, id(over.inherited));
    }

    if old.when.is_empty() && !new.when.is_empty() {
        let how = "it does not always apply here".to_owned();
        tell(text(&over.own.when, over.merged), how, id(over.inherited));
    }
    found.extend(proofs::looser(over));
    found
}

/// Whether a rule stops where it is proved, not where it is not.
fn stops_by_itself(rule: &Rule) -> bool {
    rule.effect != Effect::Require
}

/// Whether a rule counts as a stop.
fn stops(rule: &Rule) -> bool {
    stops_by_itself(rule) || rule.on_unmet
}

/// A `for` that is longer than before. One of them being the bake time says nothing: each stage has its own.
fn longer(over: &Override<'_>) -> Option<String> {
    let own = over.own.hold.as_ref()?;
    let before = &over.inherited.document.hold;
    let bake = |text: &Text| text.as_str() == "bake";
    // An unmet requirement rolls back whatever its `for`.
    if over.merged.rule.effect == Effect::Require || bake(own) || before.as_ref().is_some_and(bake)
    {
        return None;
    }
    let new = over.merged.rule.hold.as_ref()?.at_least();
    match &over.inherited.rule.hold {
        None => Some(format!(
            "only after {}, where it fired at once",
            own.as_str()
        )),
        Some(old) if old.at_least() < new => {
            let old = before.as_ref().map_or("", |text| text.as_str());
            Some(format!("only after {}, where it was {old}", own.as_str()))
        }
        Some(_) => None,
    }
}

/// A limit that moved out of the way, of two conditions that are one comparison of the same thing.
fn limit(over: &Override<'_>) -> Option<String> {
    over.own.expr.as_ref()?;
    let (old, new) = (over.inherited.rule.expr()?, over.merged.rule.expr()?);
    let (before, now) = (
        Limit::of(&old.comparison()?)?,
        Limit::of(&new.comparison()?)?,
    );
    if (before.slot, &before.path, before.upper) != (now.slot, &now.path, now.upper) {
        return None;
    }
    // A stop fires on what its comparison admits; a requirement on what it does not.
    let admits_less = if now.upper {
        (now.value, now.included) < (before.value, before.included)
    } else {
        (-now.value, now.included) < (-before.value, before.included)
    };
    let differs = now.value.total_cmp(&before.value).is_ne() || now.included != before.included;
    let requires = over.merged.rule.effect == Effect::Require;
    (differs && admits_less != requires).then(|| {
        format!(
            "`{}`, where it was `{}`",
            new.text().trim(),
            old.text().trim()
        )
    })
}

/// A comparison of an input with a number.
struct Limit {
    slot: usize,
    path: Vec<crate::expr::value::Key>,
    /// Whether the number is the greatest that is admitted, not the least.
    upper: bool,
    /// In the input's own unit.
    value: f64,
    /// Whether the number itself is admitted.
    included: bool,
}

impl Limit {
    fn of(comparison: &Comparison) -> Option<Self> {
        use crate::expr::value::Value;
        let (op, side, limit) = match (&comparison.left.constant, &comparison.right.constant) {
            (None, Some(limit)) => (comparison.op, &comparison.left, limit),
            (Some(limit), None) => (comparison.op.turned(), &comparison.right, limit),
            _ => return None,
        };
        let value = match limit {
            Value::Double(number) => *number,
            #[expect(
                clippy::cast_precision_loss,
                reason = "only compared with another limit"
            )]
            Value::Int(number) => *number as f64,
            _ => return None,
        };
        Some(Self {
            slot: side.slot?,
            path: side.path.clone(),
            upper: match op {
                Op::Less | Op::LessEqual => true,
                Op::Greater | Op::GreaterEqual => false,
                _ => return None,
            },
            value: value / side.factor,
            included: matches!(op, Op::LessEqual | Op::GreaterEqual),
        })
    }
}

/// A condition of a stop that is the old one and something more.
fn narrowed(over: &Override<'_>) -> Option<String> {
    over.own.expr.as_ref()?;
    let (old, new) = (over.inherited.rule.expr()?, over.merged.rule.expr()?);
    let before = shape(old.text())?;
    let requires = over.merged.rule.effect == Effect::Require;
    let joined = if requires { Op::Or } else { Op::And };
    let operands = new.operands(joined);
    (operands.len() > 1
        && operands
            .iter()
            .any(|part| shape(part).as_ref() == Some(&before)))
    .then(|| {
        let word = if requires { "or" } else { "and" };
        format!("`{}` {word} something more", old.text().trim())
    })
}
