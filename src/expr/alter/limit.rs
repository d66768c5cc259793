//! A limit as it is written, moved by one step or by one in a hundred. Zero is not moved by the least number there is: no
//! one measures that. Knows nothing of what is compared with it.

use jiff::SignedDuration;

use crate::expr::duration::format_duration;
use crate::expr::instant::Instant;
use crate::expr::tree::{Kind, Node, Op, Tree};
use crate::expr::value::Value;

/// How far a limit is moved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moves {
    /// One step down: the next double, whole number or nanosecond.
    down: bool,
    /// One step up.
    up: bool,
}

/// A limit as it is written.
pub(super) enum Written<'t> {
    /// A number.
    Plain,
    /// `q("5%")`: the number, and what stands behind it.
    Quantity(f64, &'t str),
    /// `duration("3m")`.
    Length,
    /// `timestamp("2025-10-16T10:00:00Z")`.
    Instant,
}

impl Moves {
    /// By one in a hundred alone.
    pub(super) const PERCENT: Self = Self {
        down: false,
        up: false,
    };

    /// By a step and by one in a hundred, each way.
    pub(super) const ALL: Self = Self {
        down: true,
        up: true,
    };

    /// All of a limit behind this comparison that is not the comparison's own twin: `x > next(5)` is what `x >= 5` is
    /// for the number before.
    pub(super) fn limit(op: Op) -> Self {
        let (down, up) = match op {
            Op::Less | Op::GreaterEqual => (true, false),
            Op::LessEqual | Op::Greater => (false, true),
            _ => (true, true),
        };
        Self { down, up }
    }
}

/// How a limit is written, if it is one.
pub(super) fn written<'t>(text: &'t str, tree: &Tree, node: &Node) -> Option<Written<'t>> {
    match &node.kind {
        Kind::Literal(Value::Int(_) | Value::Double(_)) => Some(Written::Plain),
        Kind::Minus(of) => {
            let of = tree.nodes.get(*of)?;
            matches!(of.kind, Kind::Literal(_)).then_some(Written::Plain)
        }
        Kind::Call {
            name,
            of: None,
            args,
            ..
        } => {
            let [arg] = args.as_slice() else { return None };
            let Kind::Literal(Value::String(_)) = &tree.nodes.get(*arg)?.kind else {
                return None;
            };
            let inner = tree.nodes.get(*arg)?.at.of(text).trim_matches(['"', '\'']);
            match name.of(text) {
                "q" => {
                    let split = inner
                        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+')))?;
                    let (digits, unit) = inner.split_at_checked(split)?;
                    Some(Written::Quantity(digits.trim().parse().ok()?, unit))
                }
                "duration" => Some(Written::Length),
                "timestamp" => Some(Written::Instant),
                _ => None,
            }
        }
        _ => None,
    }
}

impl Written<'_> {
    /// The texts of a limit moved, those by a step first.
    pub(super) fn moved(&self, value: &Value, moves: Moves) -> Vec<String> {
        let steps = [(moves.down, false), (moves.up, true)];
        let steps = steps.into_iter().filter(|(asked, _)| *asked);
        let mut found: Vec<String> = steps.filter_map(|(_, up)| self.step(value, up)).collect();
        for up in [false, true] {
            // What is one step away is either told already or the twin of the other comparison.
            let text = self
                .percent(value, up)
                .filter(|text| self.step(value, up).as_ref() != Some(text));
            found.extend(text);
        }
        found
    }

    fn step(&self, value: &Value, up: bool) -> Option<String> {
        match value {
            Value::Int(limit) => by(*limit, 1, up).map(|moved| moved.to_string()),
            Value::Double(limit) if *limit != 0.0 => {
                let moved = if up {
                    limit.next_up()
                } else {
                    limit.next_down()
                };
                moved.is_finite().then(|| format!("{moved:?}"))
            }
            Value::Duration(length) => self.length(*length, SignedDuration::from_nanos(1), up),
            Value::Timestamp(at) => {
                let step = if up { 1 } else { -1 };
                let moved = Instant::of_nanoseconds(at.nanoseconds().saturating_add(step))?;
                matches!(self, Self::Instant).then(|| format!("timestamp(\"{moved}\")"))
            }
            _ => None,
        }
    }

    fn percent(&self, value: &Value, up: bool) -> Option<String> {
        let factor = |number: f64| if up == (number > 0.0) { 1.01 } else { 0.99 };
        match (self, value) {
            (
                Self::Quantity(number, unit),
                Value::Double(_) | Value::Int(_) | Value::Duration(_),
            ) => {
                let moved = rounded(number * factor(*number));
                (*number != 0.0).then(|| format!("q(\"{moved}{unit}\")"))
            }
            (_, Value::Int(limit)) => {
                let part = limit.unsigned_abs().div_ceil(100);
                let part = i64::try_from(part).ok().filter(|part| *part > 0)?;
                by(*limit, part, up).map(|moved| moved.to_string())
            }
            (_, Value::Double(limit)) => {
                let moved = rounded(limit * factor(*limit));
                (*limit != 0.0 && moved.is_finite()).then(|| format!("{moved:?}"))
            }
            (_, Value::Duration(length)) => {
                let hundredth = length.checked_div(100)?;
                self.length(*length, hundredth, up)
            }
            _ => None,
        }
    }

    fn length(&self, length: SignedDuration, step: SignedDuration, up: bool) -> Option<String> {
        let moved = if up {
            length.checked_add(step)?
        } else {
            length.checked_sub(step)?
        };
        let text = format_duration(moved);
        let plain = matches!(self, Self::Plain | Self::Instant);
        (moved != length && !plain).then(|| format!("duration(\"{text}\")"))
    }
}

fn by(limit: i64, step: i64, up: bool) -> Option<i64> {
    if up {
        limit.checked_add(step)
    } else {
        limit.checked_sub(step)
    }
}

/// A number as a person would write it: what a multiplication leaves behind is no part of it.
fn rounded(value: f64) -> f64 {
    format!("{value:.12e}").parse().unwrap_or(value)
}
