//! The author's text as the second engine can read it: what the policy language adds is written out, all else stays
//! byte for byte. It never rewrites standard CEL.

use std::cmp::Reverse;

use crate::expr::Compiled;
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
pub(super) fn text(compiled: &Compiled, tree: &Tree) -> String {
    let text = &compiled.text;
    let mut edits = edits(text, tree, &compiled.steps);
    // What a window looks back at is evaluated by whoever looks back.
    let windows = compiled.own_windows();
    let within = |at: At, window: &At| window.start <= at.start && at.end <= window.end;
    edits.retain(|edit| {
        let mut windows = windows.iter();
        !windows.any(|window| within(edit.at, window) && edit.at != *window)
    });
    edits.extend(window_names(compiled));
    apply(text, &edits)
}

/// The name that stands for a window read from this slot: the second engine is given its value.
pub(super) fn window_name(slot: usize) -> String {
    format!("__window_{slot}")
}

/// Names instead of windows.
fn window_names(compiled: &Compiled) -> impl Iterator<Item = Edit> {
    let windows = compiled.own_windows();
    compiled
        .steps
        .iter()
        .filter_map(move |step| match step.what {
            What::Slot { slot, .. } if windows.contains(&step.at) => Some(Edit {
                at: step.at,
                what: Change::Instead(window_name(slot)),
            }),
            _ => None,
        })
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

/// A piece to write at a place of the text.
struct Piece<'a> {
    /// The place; at one place what closes before what opens before what stands instead, and of those the one whose
    /// other end is nearest, or farthest.
    order: (u32, u8, Reverse<u32>, Reverse<usize>),
    text: &'a str,
    /// Where the text goes on.
    next: u32,
}

/// The text with its edits. What lies inside replaced bytes is gone with them.
fn apply(text: &str, edits: &[Edit]) -> String {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for (index, Edit { at, what }) in edits.iter().enumerate() {
        match what {
            Change::Around(open, close) => {
                // The outermost opens first, the innermost closes first: of two around the same bytes the inner one was
                // written down first.
                let inverse = edits.len().saturating_sub(index);
                pieces.push(Piece {
                    order: (at.start, 1, Reverse(at.end), Reverse(index)),
                    text: open,
                    next: at.start,
                });
                pieces.push(Piece {
                    order: (at.end, 0, Reverse(at.start), Reverse(inverse)),
                    text: close,
                    next: at.end,
                });
            }
            Change::Instead(text) => pieces.push(Piece {
                order: (at.start, 2, Reverse(at.end), Reverse(index)),
                text,
                next: at.end,
            }),
        }
    }
    pieces.sort_by_key(|piece| piece.order);
    let mut out = String::with_capacity(text.len().saturating_mul(2));
    let mut done = 0_u32;
    for piece in pieces {
        let place = piece.order.0;
        if place < done {
            continue;
        }
        let kept = At {
            start: done,
            end: place,
        };
        out.push_str(kept.of(text));
        out.push_str(piece.text);
        done = piece.next;
    }
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    out.push_str(At { start: done, end }.of(text));
    out
}
