//! Which numbers a rule reads, itself, by named expressions and through windows, and what it compares them with. Never looks
//! at a value.

use std::sync::Arc;

use crate::expr::types::Type;
use crate::expr::value::{Key, Value};
use crate::expr::window::Method;
use crate::expr::{Compiled, Op, double};
use crate::policy::{Policy, Rule};
use crate::snapshot::Layout;
use crate::snapshot::layout::Kind;

/// A number that a rule reads.
#[derive(Clone, Debug)]
pub(super) struct Read {
    /// The input, by its slot.
    pub(super) slot: usize,
    /// The way into its value.
    pub(super) path: Vec<Key>,
    /// What names the entry of it that is read, as the condition has it, where that is not always the same.
    pub(super) entry: Option<Entry>,
    /// As conditions have it, and the windows over it that are of its unit.
    pub(super) texts: Vec<String>,
    /// The same of baselines, each with its slot, where it is no window.
    pub(super) levels: Vec<(Option<usize>, String)>,
    /// What it is compared with, and as what.
    pub(super) limits: Vec<(f64, String)>,
}

/// What names an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// The item of a rule that speaks for each.
    Item,
    /// A part of the condition.
    Part(String),
}

/// What a baseline has of an input.
struct OfBaseline {
    /// The input, and the way into its value.
    of: (usize, Vec<Key>),
    /// The slot of the baseline's, where it is no window, and how it is written.
    level: (Option<usize>, String),
}

/// The numbers a rule reads, in the order of its text. Those that only a baseline has are left out.
pub(super) fn reads(policy: &Policy, rule: &Rule, with_when: bool) -> Vec<Read> {
    let layout = &policy.layout;
    let exprs = expressions(rule, with_when);
    let mut found: Vec<Read> = Vec::new();
    let mut of_baselines: Vec<OfBaseline> = Vec::new();
    for expr in &exprs {
        let plain = expr.inputs().into_iter().map(|input| (input, None));
        let entries = expr.indexed().into_iter().map(|(input, text, slot)| {
            let item = slot == Some(policy.item_slot);
            (
                input,
                Some(if item { Entry::Item } else { Entry::Part(text) }),
            )
        });
        for (input, entry) in plain.chain(entries) {
            match layout.kind(input.slot) {
                Some(Kind::Input(_)) => note(&mut found, input.slot, input.path, entry, input.text),
                Some(Kind::Baseline(_, own)) => {
                    of_baselines.push(OfBaseline {
                        of: (own, input.path),
                        level: (Some(input.slot), input.text),
                    });
                }
                _ => {}
            }
        }
    }
    for expr in &exprs {
        for window in expr
            .windows()
            .iter()
            .filter(|window| of_its_unit(window.method))
        {
            for input in window
                .of
                .inputs()
                .into_iter()
                .filter(|_| is_plain(&window.of))
            {
                let text = window.text.to_string();
                match layout.kind(input.slot) {
                    Some(Kind::Baseline(_, own)) => {
                        of_baselines.push(OfBaseline {
                            of: (own, input.path),
                            level: (None, text),
                        });
                    }
                    _ => {
                        let same =
                            |read: &&mut Read| read.slot == input.slot && read.path == input.path;
                        let read = found.iter_mut().find(same);
                        read.into_iter()
                            .for_each(|read| add(&mut read.texts, &text));
                    }
                }
            }
        }
    }
    for OfBaseline { of, level } in of_baselines {
        let same = |read: &&mut Read| (read.slot, &read.path) == (of.0, &of.1);
        let read = found.iter_mut().find(same);
        if let Some(read) = read.filter(|read| !read.levels.contains(&level)) {
            read.levels.push(level);
        }
    }
    for expr in &exprs {
        compare(expr, layout, &mut found);
    }
    found.retain(|read| {
        let input = layout.inputs().get(read.slot);
        let ty = input.and_then(|input| inner(&input.ty, &read.path, read.entry.is_some()));
        ty.is_some_and(drawn)
    });
    found
}

/// Whether a value of this type can be drawn.
pub(super) fn drawn(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Bool | Type::Int | Type::Uint | Type::Double | Type::Duration
    )
}

/// The type of a part of a value.
pub(super) fn inner<'t>(ty: &'t Type, path: &[Key], of_item: bool) -> Option<&'t Type> {
    let Some((key, rest)) = path.split_first() else {
        return match (ty, of_item) {
            (Type::Map(_, value), true) => Some(value),
            (_, true) => None,
            (ty, false) => Some(ty),
        };
    };
    match (ty, key) {
        (Type::Map(_, value), _) | (Type::List(value), Key::Int(_)) => inner(value, rest, of_item),
        (Type::Struct(fields), Key::String(name)) => {
            let field = fields.iter().find(|field| field.name == *name)?;
            inner(&field.ty, rest, of_item)
        }
        _ => None,
    }
}

/// A value as a number that can be drawn: a length of time in seconds, true as 1.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        Value::Int(value) => Some(double(*value)),
        Value::Uint(value) => i64::try_from(*value).ok().map(double),
        Value::Double(value) => Some(*value),
        Value::Duration(value) => Some(value.as_secs_f64()),
        _ => None,
    }
    .filter(|number| number.is_finite())
}

fn note(found: &mut Vec<Read>, slot: usize, path: Vec<Key>, entry: Option<Entry>, text: String) {
    let same = |read: &&mut Read| read.slot == slot && read.path == path && read.entry == entry;
    match found.iter_mut().find(same) {
        Some(read) => add(&mut read.texts, &text),
        None => found.push(Read {
            slot,
            path,
            entry,
            texts: vec![text],
            levels: Vec::new(),
            limits: Vec::new(),
        }),
    }
}

fn add(texts: &mut Vec<String>, text: &str) {
    if !texts.iter().any(|have| have == text) {
        texts.push(text.to_owned());
    }
}

/// The constants that the numbers are compared with.
fn compare(expr: &Compiled, layout: &Layout, found: &mut [Read]) {
    for comparison in expr.comparisons() {
        if comparison.op == Op::In {
            continue;
        }
        let sides = [&comparison.left, &comparison.right];
        for (judged, limit) in sides.into_iter().zip(sides.into_iter().rev()) {
            let Some(limit) = limit.constant.as_ref().and_then(number) else {
                continue;
            };
            let limit = limit / judged.factor;
            let text = expr.text().get(judged.range.clone()).unwrap_or_default();
            let reads = found.iter_mut().filter(|read| {
                let own = judged.slot == Some(read.slot)
                    && judged.path == read.path
                    && read.entry.is_none();
                let other = judged.slot.is_none_or(|slot| slot >= layout.len());
                own || (other && read.texts.iter().any(|have| have == text))
            });
            for read in reads.filter(|_| limit.is_finite()) {
                let limit = (limit, text.to_owned());
                if !read.limits.contains(&limit) {
                    read.limits.push(limit);
                }
            }
        }
    }
}

/// Whether an expression is an input, or a part of one, and nothing else.
fn is_plain(expr: &Compiled) -> bool {
    let whole = 0..expr.text().len();
    let trimmed = expr.text().trim();
    let own =
        |input: &crate::expr::Input| input.range.as_ref() == Some(&whole) || input.text == trimmed;
    expr.inputs().iter().any(own)
}

/// Whether what a window says can be drawn beside what it looks at.
fn of_its_unit(method: Method) -> bool {
    matches!(
        method,
        Method::Avg | Method::Min | Method::Max | Method::Quantile(_) | Method::First | Method::Ago
    )
}

/// The expressions that decide, those they refer to, and what their windows look back at.
fn expressions(rule: &Rule, with_when: bool) -> Vec<Arc<Compiled>> {
    let when = rule.when.iter().filter(|_| with_when);
    let mut open: Vec<Arc<Compiled>> = rule.proof.expressions().chain(when).cloned().collect();
    open.reverse();
    let mut found: Vec<Arc<Compiled>> = Vec::new();
    while let Some(expr) = open.pop() {
        if found.iter().any(|have| Arc::ptr_eq(have, &expr)) {
            continue;
        }
        open.extend(expr.windows().iter().map(|window| Arc::clone(&window.of)));
        open.extend(expr.named().into_iter().map(|(_, named)| named));
        found.push(expr);
    }
    found
}
