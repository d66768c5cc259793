//! Operators: which types they join, and the fix where they join none.

use super::{Checker, Info, comparable, join, ordered};
use crate::expr::duration::meant;
use crate::expr::mistake::Mistake;
use crate::expr::plan::{Load, What};
use crate::expr::scope::Rules;
use crate::expr::tree::{At, Id, Kind, Op};
use crate::expr::types::Type;
use crate::expr::value::Value;
use crate::source::Code;
use crate::source::problem::nearest;

impl Checker<'_> {
    /// `left op right`
    pub(super) fn binary(&mut self, id: Id, op: Op, op_at: At, left: Id, right: Id) -> Info {
        if op == Op::Subtract
            && let Some(info) = self.hyphenated(id)
        {
            return info;
        }
        let (a, b) = self.operands(op, left, right);
        match op {
            Op::And | Op::Or => {
                self.must_be_bool(left, &a, op.text());
                self.must_be_bool(right, &b, op.text());
                self.plan(
                    id,
                    if op == Op::And {
                        What::And(left, right)
                    } else {
                        What::Or(left, right)
                    },
                );
                Info::of(Type::Bool)
            }
            Op::In => self.contains(id, [left, right], &a, &b),
            _ if op.compares() => self.compare(id, op, [left, right], a, b),
            _ => self.arithmetic(id, op, op_at, [left, right], &a, &b),
        }
    }

    /// Both operands; where one is a text, the other may be one whose quotes were forgotten.
    #[inline]
    fn operands(&mut self, op: Op, left: Id, right: Id) -> (Info, Info) {
        let equal = matches!(op, Op::Equal | Op::NotEqual);
        let told = self.mistakes.len();
        let a = self.check(left);
        if equal && self.without_quotes(right, &a.ty) {
            return (a, Info::error());
        }
        let b = self.check(right);
        if self.mistakes.len() > told && a.ty == Type::Dyn {
            let needed = match &b.ty {
                Type::List(of) | Type::Map(of, _) if op == Op::In => of.as_ref(),
                ty if equal => ty,
                _ => &Type::Dyn,
            };
            let before: Vec<Mistake> = self.mistakes.split_off(told);
            if !self.without_quotes(left, needed) {
                self.mistakes.extend(before);
            }
        }
        (a, b)
    }

    /// `!x`
    pub(super) fn not(&mut self, id: Id, of: Id) -> Info {
        let info = self.check(of);
        // `!x < y`: what is denied is the comparison.
        if !matches!(info.ty, Type::Bool | Type::Dyn) && self.rules != Rules::Unchecked {
            let text = self.shown(of);
            let rest = self
                .text
                .get(self.at(of).range().end..)
                .unwrap_or_default()
                .trim();
            let compares = ["<", ">", "==", "!="].iter().any(|op| rest.starts_with(op));
            if compares && !rest.contains(['&', '|', '?', ')']) {
                let message = format!("`!` binds to `{text}` alone, which is {}", info.ty.a());
                return self.mismatch(of, message, Some(format!("write `!({text} {rest})`")));
            }
        }
        self.must_be_bool(of, &info, "!");
        self.plan(id, What::Not(of));
        Info::of(Type::Bool)
    }

    /// `-x`
    pub(super) fn minus(&mut self, id: Id, of: Id) -> Info {
        let info = self.check(of);
        if !matches!(
            info.ty,
            Type::Int | Type::Double | Type::Duration | Type::Dyn
        ) {
            let message = format!(
                "`-` needs a number, `{}` is {}",
                self.shown(of),
                info.ty.a()
            );
            let help = if info.ty == Type::Bool {
                format!("write `!{}`", self.shown(of))
            } else {
                "leave out the `-`".to_owned()
            };
            return self.mismatch(of, message, Some(help));
        }
        let info = self.settle(info);
        self.plan(id, What::Minus(of));
        self.fold_constant(id, &[of]);
        info
    }

    /// `test ? yes : no`
    pub(super) fn choose(&mut self, id: Id, test: Id, yes: Id, no: Id) -> Info {
        let condition = self.check(test);
        self.must_be_bool(test, &condition, "?");
        let (a, b) = (self.check(yes), self.check(no));
        let (a, b) = (self.settle(a), self.settle(b));
        self.plan(id, What::If { test, yes, no });
        self.alternatives(id, "?", [yes, no], &a, &b)
    }

    /// Two values of which one is the result of `op`.
    pub(super) fn alternatives(
        &mut self,
        id: Id,
        op: &str,
        [yes, no]: [Id; 2],
        a: &Info,
        b: &Info,
    ) -> Info {
        if a.unit.is_some() && b.unit.is_some() && a.unit != b.unit {
            let message = format!("the two results of `{op}` have different units");
            return self.unit_mismatch(id, message, "convert one of them");
        }
        let unit = a.unit.clone().or(b.unit.clone());
        let open = join::open([a, b]);
        let with = |ty: Type| Info {
            unit,
            open,
            ..Info::of(ty)
        };
        if self.rules == Rules::Gate {
            for (one, other, id) in [(a, b, yes), (b, a, no)] {
                if one.ty == Type::Int && one.literal && other.ty == Type::Double {
                    self.make_double(id);
                    return with(Type::Double);
                }
            }
        }
        if let Some(ty) = join::join((&a.ty, a.open), (&b.ty, b.open)) {
            return with(ty);
        }
        match (&a.ty, &b.ty) {
            (x, y) if !x.is_number() && comparable(x, y) && self.rules != Rules::Gate => {
                with(Type::Dyn)
            }
            (x, y) => {
                let message = format!("the two results of `{op}` are {} and {}", x.a(), y.a());
                self.mismatch(id, message, Some("make them of one type".to_owned()))
            }
        }
    }

    /// An operand that is true or false.
    pub(super) fn must_be_bool(&mut self, id: Id, info: &Info, op: &str) {
        if !matches!(info.ty, Type::Bool | Type::Dyn) {
            let text = self.shown(id);
            let message = format!("`{op}` joins conditions, and `{text}` is {}", info.ty.a());
            let help = match &info.ty {
                ty if ty.is_number() => format!("compare it, such as `{text} > 0`"),
                Type::String => format!("compare it, such as `{text} == \"…\"`"),
                Type::Optional(_) => format!("ask whether it has a value: `{text}.hasValue()`"),
                _ => "compare it with something".to_owned(),
            };
            self.mismatch(id, message, Some(help));
        }
    }

    /// `<`, `<=`, `>`, `>=`, `==`, `!=`
    fn compare(
        &mut self,
        id: Id,
        op: Op,
        [mut left, mut right]: [Id; 2],
        mut a: Info,
        mut b: Info,
    ) -> Info {
        let result = Info::of(Type::Bool);
        if !self.meet_time([left, right], [&mut a, &mut b]) {
            let fits = if op.orders() {
                ordered(&a.ty, &b.ty)
            } else {
                comparable(&a.ty, &b.ty)
            };
            if !fits && self.rules != Rules::Unchecked {
                self.cannot_compare(id, op, [left, right], &a, &b);
                return result;
            }
            if self.meet(id, op, [&mut left, &mut right], &a, &b).is_none() {
                return result;
            }
        }
        if !op.orders() {
            self.untyped(left, &a.ty, &b.ty);
            self.untyped(right, &b.ty, &a.ty);
            self.listed_value(right, (left, &a), &b);
            self.listed_value(left, (right, &b), &a);
        }
        self.plan(id, What::Compare { op, left, right });
        result
    }

    /// A value of no declared type beside one of a type: where it is of another one it is unknown in a policy, neither
    /// equal nor different.
    fn untyped(&mut self, id: Id, own: &Type, other: &Type) {
        let wanted = match other {
            number if number.is_number() => Load::Double,
            other => self.load(other),
        };
        if *own == Type::Dyn
            && self.rules == Rules::Gate
            && let Some(step) = self.steps.get_mut(id)
            && let What::Slot { load, .. } | What::Field { load, .. } | What::Index { load, .. } =
                &mut step.what
        {
            *load = wanted;
        }
    }

    /// Two values that no operator compares.
    fn cannot_compare(&mut self, id: Id, op: Op, [left, right]: [Id; 2], a: &Info, b: &Info) {
        let (x, y) = (self.shown(left), self.shown(right));
        let message = format!(
            "`{}` cannot compare {} with {}",
            op.text(),
            a.ty.a(),
            b.ty.a()
        );
        let number = |info: &Info| info.ty.is_number();
        let text_number = |id: Id| match self.constant(id) {
            Some(Value::String(text)) if text.parse::<f64>().is_ok() => {
                Some(format!("write `{text}` without quotes"))
            }
            // `"5%"`, `"10ms"`: a number with a unit is a quantity.
            Some(Value::String(text)) if text.starts_with(|c: char| c.is_ascii_digit()) => {
                Some(format!("write `q(\"{text}\")`"))
            }
            _ => None,
        };
        let optional = [(a, x), (b, y)]
            .into_iter()
            .find(|(info, _)| matches!(info.ty, Type::Optional(_)));
        let help = if let Some((_, shown)) = optional {
            Some(format!("write `{shown}.orValue(…)`"))
        } else if a.ty == Type::Null || b.ty == Type::Null {
            let other = if a.ty == Type::Null { y } else { x };
            Some(format!(
                "a missing value is unknown, never null: write `known({other})`"
            ))
        } else if let (Some(help), true) = (
            super::meant::timely(a, y),
            number(a) && b.ty == Type::Duration,
        ) {
            Some(help)
        } else if let (Some(help), true) = (
            super::meant::timely(b, x),
            number(b) && a.ty == Type::Duration,
        ) {
            Some(help)
        } else if a.ty == Type::Bool && b.ty == Type::String {
            let text = match self.constant(right) {
                Some(Value::String(text)) => text.to_lowercase(),
                _ => String::new(),
            };
            Some(match text.as_str() {
                "true" | "yes" => format!("write `{x}`"),
                "false" | "no" => format!("write `!{x}`"),
                _ => format!("write `{x}` or `!{x}`"),
            })
        } else if a.ty == Type::String && number(b) && self.literal_number(right) {
            Some(format!("write a text: `\"{y}\"`"))
        } else if number(a) && b.ty == Type::String {
            Some(text_number(right).unwrap_or_else(|| format!("compare `{x}` with a number")))
        } else if number(b) && a.ty == Type::String {
            Some(text_number(left).unwrap_or_else(|| format!("compare `{y}` with a number")))
        } else if b.ty == Type::String && a.ty == Type::Timestamp {
            Some(format!("write `timestamp({y})`"))
        } else if b.ty == Type::String && a.ty == Type::Duration {
            let right = match self.constant(right) {
                Some(Value::String(text)) => meant(text).ok().map(|right| format!("\"{right}\"")),
                _ => None,
            };
            Some(format!(
                "write `duration({})`",
                right.as_deref().unwrap_or(y)
            ))
        } else if a.ty == Type::Duration && number(b) {
            Some(format!("write the unit: `duration(\"{y}s\")`"))
        } else if a.ty == Type::Bool && number(b) {
            Some(format!("write `{x}` or `!{x}`"))
        } else if matches!(a.ty, Type::List(_) | Type::Map(..)) && number(b) {
            Some(format!("write `size({x})`"))
        } else if self.chained(left) {
            Some("comparisons do not chain: write `a < b && b < c`".to_owned())
        } else {
            Some(format!("compare `{x}` with {}", a.ty.a()))
        };
        let help = if self.chained(left) {
            Some("comparisons do not chain: write `a < b && b < c`".to_owned())
        } else {
            help
        };
        self.mismatch(id, message, help);
    }

    /// Whether a node is a number as it is written.
    fn literal_number(&self, id: Id) -> bool {
        let kind = self.tree.nodes.get(id).map(|node| &node.kind);
        matches!(
            kind,
            Some(Kind::Literal(
                Value::Int(_) | Value::Uint(_) | Value::Double(_)
            ))
        )
    }

    /// Whether an operand is itself a comparison without parentheses.
    fn chained(&self, id: Id) -> bool {
        matches!(self.tree.nodes.get(id).map(|node| &node.kind), Some(Kind::Binary { op, .. }) if op.orders())
    }

    /// `item in of`
    fn contains(&mut self, id: Id, [item, of]: [Id; 2], a: &Info, b: &Info) -> Info {
        let fits = match &b.ty {
            Type::List(ty) => comparable(&a.ty, ty),
            Type::Map(key, _) => comparable(&a.ty, key),
            Type::Struct(_) => comparable(&a.ty, &Type::String),
            Type::Dyn => true,
            _ => false,
        };
        if !fits && self.rules != Rules::Unchecked {
            let message = match &b.ty {
                Type::List(_) | Type::Map(..) | Type::Struct(_) => {
                    format!("{} cannot be in {}", a.ty.a(), b.ty.a())
                }
                ty => format!(
                    "`in` needs a list or a map, `{}` is {}",
                    self.shown(of),
                    ty.a()
                ),
            };
            let (x, y) = (self.shown(item), self.shown(of));
            let help = match (&a.ty, &b.ty) {
                (Type::String, Type::String) => {
                    Some(format!("write `{y}.contains({x})`, or `{x} == {y}`"))
                }
                (_, Type::List(_) | Type::Map(..) | Type::Struct(_)) => None,
                _ => Some(format!("write a list: `[{y}]`")),
            };
            self.mismatch(id, message, help);
            return Info::of(Type::Bool);
        }
        if let Some(Kind::List(items)) = self.tree.nodes.get(of).map(|node| &node.kind) {
            for literal in items {
                self.listed_value(*literal, (item, a), &Info::literal(Type::String));
            }
        }
        if let Type::List(one) = &b.ty {
            self.untyped(item, &a.ty, one);
        }
        self.plan(id, What::In { item, of });
        Info::of(Type::Bool)
    }

    /// A text literal compared with an input that lists what it can be.
    fn listed_value(&mut self, id: Id, (of, input): (Id, &Info), literal: &Info) {
        let Some(values) = &input.values else { return };
        let Some(Value::String(text)) = self
            .constant(id)
            .filter(|_| literal.literal && input.ty == Type::String)
        else {
            return;
        };
        if values.iter().any(|value| value == text) {
            return;
        }
        let known = values.iter().map(AsRef::as_ref);
        let help = match nearest(text, known.clone()) {
            Some(near) => format!("did you mean `\"{near}\"`?"),
            None => format!("it is one of {}", super::names::listed(known)),
        };
        let message = format!("`\"{text}\"` is no value of `{}`", self.shown(of));
        self.wrong(Mistake::new(Code::ValueNotListed, self.at(id).range(), message).help(help));
    }
}
