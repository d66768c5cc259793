//! The author's text as the second engine can read it: what the policy language adds is written out, all else stays
//! byte for byte. It never rewrites standard CEL.

use crate::expr::plan::{Step, What};
use crate::expr::tree::{At, Id, Kind, Tree};
use crate::expr::value::Value;

/// The function that stands for `within` with a tolerance in percent.
pub(super) const WITHIN_SHARE: &str = "within_share";
/// The function that stands for `within` with any other tolerance.
pub(super) const WITHIN_AMOUNT: &str = "within_amount";

/// Something to write instead of bytes, or before and behind them.
struct Edit {
    at: At,
    what: Change,
}

enum Change {
    Instead(String),
    Around(&'static str, String),
}

/// The text for the second engine.
pub(super) fn text(text: &str, tree: &Tree, steps: &[Step]) -> String {
    apply(text, &edits(text, tree, steps))
}

/// What has to change, inner parts before the outer ones that share their bytes.
fn edits(text: &str, tree: &Tree, steps: &[Step]) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (id, step) in steps.iter().enumerate() {
        let at = step.at;
        let instead = |text: String| Edit {
            at,
            what: Change::Instead(text),
        };
        let around = |at: At, open: &'static str, close: String| Edit {
            at,
            what: Change::Around(open, close),
        };
        let kind = tree.nodes.get(id).map(|node| &node.kind);
        match (kind, &step.what) {
            // A quantity in the unit it met, and a length of time with days or weeks in it.
            (Some(Kind::Call { name, .. }), What::Const(value))
                if is_ours(name.of(text), at.of(text)) =>
            {
                edits.extend(literal(value).map(instead));
            }
            // Whole numbers that stand for doubles.
            (Some(Kind::Literal(Value::Int(_))), What::Const(value @ Value::Double(_))) => {
                edits.extend(literal(value).map(instead));
            }
            (
                Some(Kind::Binary { .. } | Kind::Minus(_) | Kind::Call { .. }),
                What::Const(Value::Double(_)),
            ) => {
                edits.push(around(at, "double(", ")".to_owned()));
            }
            (Some(Kind::Call { name, args, .. }), What::Within { relative, .. }) => {
                let function = if *relative {
                    WITHIN_SHARE
                } else {
                    WITHIN_AMOUNT
                };
                edits.push(Edit {
                    at: *name,
                    what: Change::Instead(function.to_owned()),
                });
                let args = args.iter().filter_map(|arg: &Id| tree.nodes.get(*arg));
                edits.extend(args.map(|arg| around(arg.at, "double(", ")".to_owned())));
            }
            // A number in the unit of what it meets.
            (None, What::Scale { factor, .. }) => {
                edits.push(around(at, "(double(", format!(") * {factor:?})")));
            }
            _ => {}
        }
    }
    edits
}

/// Whether a call means nothing in standard CEL: a quantity, or a duration in days or weeks.
fn is_ours(name: &str, call: &str) -> bool {
    let arguments = call.get(name.len()..).unwrap_or_default();
    name == "q" || (name == "duration" && arguments.contains(['d', 'w']))
}

/// A value as standard CEL writes it, where it may stand in any place.
fn literal(value: &Value) -> Option<String> {
    match value {
        Value::Double(value) if value.is_sign_negative() => Some(format!("({value:?})")),
        Value::Double(value) => Some(format!("{value:?}")),
        Value::Duration(length) => {
            let sign = if length.is_negative() { "-" } else { "" };
            let (seconds, nanos) = (
                length.as_secs().unsigned_abs(),
                length.subsec_nanos().unsigned_abs(),
            );
            Some(format!("duration(\"{sign}{seconds}s{nanos}ns\")"))
        }
        _ => None,
    }
}

/// The text with its edits. What lies inside replaced bytes is gone with them.
fn apply(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len().saturating_mul(2));
    let mut at = 0_u32;
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    // Every place where something begins or ends.
    let mut places: Vec<u32> = edits
        .iter()
        .flat_map(|edit| [edit.at.start, edit.at.end])
        .collect();
    places.push(end);
    places.sort_unstable();
    places.dedup();
    for place in places {
        if place < at {
            continue;
        }
        out.push_str(
            At {
                start: at,
                end: place,
            }
            .of(text),
        );
        at = place;
        let mut closing: Vec<(u32, usize, &str)> = Vec::new();
        let mut opening: Vec<(u32, usize, &str)> = Vec::new();
        let mut instead = None;
        for (index, edit) in edits.iter().enumerate() {
            match &edit.what {
                Change::Around(_, close) if edit.at.end == place => {
                    closing.push((edit.at.start, index, close));
                }
                Change::Around(open, _) if edit.at.start == place => {
                    opening.push((edit.at.end, index, open));
                }
                Change::Instead(text) if edit.at.start == place => {
                    instead = Some((edit.at.end, text));
                }
                _ => {}
            }
        }
        // The innermost closes first, the outermost opens first.
        closing.sort_by_key(|(start, index, _)| (std::cmp::Reverse(*start), *index));
        opening.sort_by_key(|(end, index, _)| std::cmp::Reverse((*end, *index)));
        closing
            .iter()
            .chain(&opening)
            .for_each(|(_, _, text)| out.push_str(text));
        if let Some((end, text)) = instead {
            out.push_str(text);
            at = end;
        }
    }
    out
}
