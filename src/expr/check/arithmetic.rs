//! Arithmetic: which types `+ - * / %` join, what they give, and the fix where they join none.

use super::{Checker, Info, adds, join};
use crate::expr::mistake::Mistake;
use crate::expr::plan::What;
use crate::expr::scope::Rules;
use crate::expr::tree::{At, Id, Op};
use crate::expr::types::Type;
use crate::source::Code;

impl Checker<'_> {
    /// `+ - * / %`
    pub(super) fn arithmetic(
        &mut self,
        id: Id,
        op: Op,
        op_at: At,
        [mut left, mut right]: [Id; 2],
        a: &Info,
        b: &Info,
    ) -> Info {
        let mut tys = [a.ty.clone(), b.ty.clone()];
        if self.rules == Rules::Gate {
            // Where one unit is converted to another, both become doubles.
            let converts = adds(op) && a.unit.is_some() && b.unit.is_some() && a.unit != b.unit;
            for (mine, other, node) in [(0, b, &mut left), (1, a, &mut right)] {
                // A quantity is a double: what it meets becomes one, a factor keeps its unit.
                let double = other.quantity.is_some() || converts;
                if double && matches!(tys.get(mine), Some(Type::Int | Type::Uint)) {
                    let unit = if mine == 0 {
                        a.unit.clone()
                    } else {
                        b.unit.clone()
                    };
                    let at = self.at(*node);
                    *node = self.add(
                        What::Scale {
                            of: *node,
                            factor: 1.0,
                        },
                        at,
                        unit,
                    );
                    if let Some(ty) = tys.get_mut(mine) {
                        *ty = Type::Double;
                    }
                }
            }
            // A literal stands for a double where a double is needed.
            for (mine, other, info, node) in [(0, 1, a, left), (1, 0, b, right)] {
                let needs = matches!(tys.get(other), Some(Type::Double));
                if needs && info.ty == Type::Int && info.literal {
                    self.make_double(node);
                    if let Some(ty) = tys.get_mut(mine) {
                        *ty = Type::Double;
                    }
                }
            }
        }
        let [x, y] = tys;
        if op == Op::Divide && (&x, &y) == (&Type::Int, &Type::Int) && self.rules == Rules::Gate {
            let [dividend, divisor] = [left, right].map(|side| self.shown(side));
            let at = self.at(id);
            return self.wrong(
                Mistake::new(
                    Code::IntegerDivision,
                    at.range(),
                    format!("`{dividend} / {divisor}` drops the remainder"),
                )
                .label("both are `int`")
                .help(if divisor.bytes().all(|byte| byte.is_ascii_digit()) {
                    format!("write `double({dividend}) / {divisor}.0`")
                } else {
                    format!("write `double({dividend}) / double({divisor})`")
                }),
            );
        }
        let lists = op == Op::Add && matches!((&x, &y), (Type::List(_), Type::List(_)));
        let ty = if lists {
            let joined = join::join((&x, a.open), (&y, b.open));
            let gate = self.rules == Rules::Gate;
            joined.or_else(|| (!gate).then(|| Type::List(Type::Dyn.into())))
        } else {
            result(op, &x, &y)
        };
        let Some(ty) = ty else {
            return self.cannot_join(id, op, op_at, [left, right], [&x, &y]);
        };
        let unit = if adds(op) {
            let Some(unit) = self.meet(id, op, [&mut left, &mut right], a, b) else {
                return Info::error();
            };
            unit
        } else {
            scaled(op, a, b)
        };
        self.plan(id, What::Arith { op, left, right });
        self.fold_constant(id, &[left, right]);
        Info {
            unit,
            literal: a.literal && b.literal,
            open: lists && join::open([a, b]),
            ..Info::of(ty)
        }
    }

    /// Two values that an operator does not join.
    fn cannot_join(
        &mut self,
        id: Id,
        op: Op,
        op_at: At,
        [left, right]: [Id; 2],
        [x, y]: [&Type; 2],
    ) -> Info {
        let (l, r) = (self.shown(left), self.shown(right));
        let message = format!("`{}` does not join {} and {}", op.text(), x.a(), y.a());
        let help = match (x, y) {
            (Type::Optional(_), _) => Some(format!("write `{l}.orValue(…) {} {r}`", op.text())),
            (_, Type::Optional(_)) => Some(format!("write `{l} {} {r}.orValue(…)`", op.text())),
            (Type::Int | Type::Uint, Type::Double) => {
                Some(format!("write `double({l}) {} {r}`", op.text()))
            }
            (Type::Double, Type::Int | Type::Uint) => {
                Some(format!("write `{l} {} double({r})`", op.text()))
            }
            (Type::Double, Type::Double) if op == Op::Remainder => {
                Some(format!("write `int({l}) % int({r})`"))
            }
            (Type::String, y) if y.is_number() && op == Op::Add => {
                Some(format!("write `{l} + string({r})`"))
            }
            (x, Type::String) if x.is_number() && op == Op::Add => {
                Some(format!("write `string({l}) + {r}`"))
            }
            (Type::Timestamp | Type::Duration, y) if y.is_number() && adds(op) => {
                Some(format!("write the unit: `duration(\"{r}s\")`"))
            }
            (Type::Bool, _) => Some(format!("count with `({l} ? 1 : 0)`")),
            (_, Type::Bool) => Some(format!("count with `({r} ? 1 : 0)`")),
            (Type::Double, Type::Duration) | (Type::Duration, Type::Double) => {
                Some("write the length of time as a quantity: `q(\"5m\")`".to_owned())
            }
            (Type::Timestamp, Type::Timestamp) => Some(format!("write `{l} - {r}`")),
            (Type::String, Type::String) => Some("join texts with `+`".to_owned()),
            _ => Some("convert one of them, such as with `double(…)` or `string(…)`".to_owned()),
        };
        if self.rules != Rules::Unchecked {
            let mut mistake = Mistake::new(Code::TypeMismatch, self.at(id).range(), message);
            mistake.label = format!("`{}` here", op_at.of(self.text));
            mistake.help = help;
            return self.wrong(mistake);
        }
        self.plan(id, What::Arith { op, left, right });
        Info::error()
    }
}

/// The type of a sum, difference, product, quotient or remainder.
fn result(op: Op, x: &Type, y: &Type) -> Option<Type> {
    use Type::{Bytes, Double, Duration, Dyn, Int, List, String, Timestamp, Uint};
    Some(match (op, x, y) {
        (Op::Remainder, Double, Double) => return None,
        (_, Int, Int) => Int,
        (_, Uint, Uint) => Uint,
        (_, Double, Double) => Double,
        (Op::Add, String, String) => String,
        (Op::Add, Bytes, Bytes) => Bytes,
        (Op::Add | Op::Subtract, Timestamp, Duration) | (Op::Add, Duration, Timestamp) => Timestamp,
        (Op::Subtract, Timestamp, Timestamp) | (Op::Add | Op::Subtract, Duration, Duration) => {
            Duration
        }
        (_, Dyn, Dyn | Double | Int | Uint | String | Bytes | List(_) | Timestamp | Duration)
        | (_, Double | Int | Uint | String | Bytes | List(_) | Timestamp | Duration, Dyn) => Dyn,
        _ => return None,
    })
}

/// The unit of a product or quotient: a plain number or a percentage keeps the unit of the other.
fn scaled(op: Op, a: &Info, b: &Info) -> Option<crate::expr::units::Unit> {
    let plain = |info: &Info| {
        info.unit.is_none()
            || info
                .quantity
                .as_ref()
                .is_some_and(|q| q.unit.name() == "percent")
    };
    match op {
        Op::Multiply if plain(b) => a.unit.clone().filter(|_| !plain(a) || b.unit.is_none()),
        Op::Multiply if plain(a) => b.unit.clone(),
        Op::Divide if plain(b) => a.unit.clone(),
        _ => None,
    }
}
