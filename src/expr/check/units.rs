//! Units: what may meet what, and the conversion where two units of one dimension meet.

use jiff::SignedDuration;

use super::{Checker, Info};
use crate::expr::duration;
use crate::expr::mistake::Mistake;
use crate::expr::number;
use crate::expr::plan::What;
use crate::expr::tree::{At, Id, Op};
use crate::expr::types::Type;
use crate::expr::units::{Dimension, Quantity, Unit};
use crate::expr::value::Value;
use crate::source::Code;

impl Checker<'_> {
    /// `q("5%")`: a constant in its own unit; a percentage as a ratio.
    pub(super) fn quantity(&mut self, id: Id, args: &[Id]) -> Info {
        let at = self.at(id);
        let text = match args {
            [only] => {
                self.check(*only);
                match self.constant(*only) {
                    Some(Value::String(text)) => Some((text.clone(), *only)),
                    _ => None,
                }
            }
            _ => None,
        };
        let Some((text, arg)) = text else {
            return self.wrong(
                Mistake::new(
                    Code::WrongArgument,
                    at.range(),
                    "`q` takes one text, such as `q(\"5%\")`",
                )
                .help("multiply a quantity to make it variable: `x * q(\"1s\")`"),
            );
        };
        match Quantity::parse(&text) {
            Ok(quantity) => {
                let unit = if quantity.unit.name() == "percent" {
                    Unit::parse("ratio")
                } else {
                    quantity.unit.clone()
                };
                let value = quantity.to(&unit).unwrap_or(0.0);
                self.plan(id, What::Const(Value::Double(value)));
                Info {
                    unit: Some(unit),
                    quantity: Some(quantity),
                    ..Info::of(Type::Double)
                }
            }
            Err(message) => {
                let help = Quantity::meant(&text).map_or_else(
                    || "write a number and `%`, `ms`, `s`, `min`, `h`, `d`, `KB`, `MB`, `GB`, `/s`, `/min`, `/h` or `/d`".to_owned(),
                    |meant| format!("write `q(\"{meant}\")`"),
                );
                self.wrong(
                    Mistake::new(Code::WrongArgument, self.at(arg).range(), message).help(help),
                )
            }
        }
    }

    /// A quantity that met nothing: a number in its own unit.
    #[expect(
        clippy::unused_self,
        reason = "reads as the other steps of the checker do"
    )]
    pub(super) fn settle(&self, info: Info) -> Info {
        Info {
            quantity: None,
            ..info
        }
    }

    /// A quantity of time against a duration becomes a duration. Whether that was so.
    pub(super) fn meet_time(&mut self, ids: [Id; 2], [a, b]: [&mut Info; 2]) -> bool {
        let [left, right] = ids;
        for (length, quantity, id) in [(&*a, &*b, right), (&*b, &*a, left)] {
            let nanos = quantity.quantity.as_ref().and_then(Quantity::nanoseconds);
            if let (Type::Duration, Some(length)) = (&length.ty, nanos.and_then(duration::signed)) {
                let length: SignedDuration = length;
                self.plan(id, What::Const(Value::Duration(length)));
                return true;
            }
        }
        false
    }

    /// Brings two operands to one unit; gives it, or nothing after a mistake. Both the inner and the outer may be
    /// nothing: an operand without a unit is a plain number.
    #[expect(
        clippy::option_option,
        reason = "no unit and no agreement are two answers"
    )]
    pub(super) fn meet(
        &mut self,
        id: Id,
        op: Op,
        [left, right]: [&mut Id; 2],
        a: &Info,
        b: &Info,
    ) -> Option<Option<Unit>> {
        match (&a.unit, &b.unit) {
            (None, None) => Some(None),
            (Some(x), Some(y)) if x == y => Some(Some(x.clone())),
            (Some(x), Some(y)) => {
                // A quantity takes the unit of what it meets.
                let (convert, from, to) = if a.quantity.is_some() && b.quantity.is_none() {
                    (left, (a, x), y)
                } else {
                    (right, (b, y), x)
                };
                if let Some(converted) = self.convert(*convert, from, to) {
                    *convert = converted;
                    Some(Some(to.clone()))
                } else {
                    let quantities = [a, b].map(|info| info.quantity.is_some());
                    self.disagree(id, op, [x, y], quantities);
                    None
                }
            }
            (Some(unit), None) => self.plain(id, *right, b, (*left, a, unit)),
            (None, Some(unit)) => self.plain(id, *left, a, (*right, b, unit)),
        }
    }

    /// A step's number in another unit, if they measure one thing.
    fn convert(&mut self, id: Id, (info, from): (&Info, &Unit), to: &Unit) -> Option<Id> {
        if !info.ty.is_number() && info.ty != Type::Dyn {
            return None;
        }
        if let Some(quantity) = &info.quantity {
            let value = quantity.to(to)?;
            self.plan(id, What::Const(Value::Double(value)));
            if let Some(step) = self.steps.get_mut(id) {
                step.unit = Some(to.clone());
            }
            return Some(id);
        }
        let (num, den) = from.factor(to)?;
        let factor = number::double_of_uint(num) / number::double_of_uint(den);
        let at = self.at(id);
        Some(self.add(What::Scale { of: id, factor }, at, Some(to.clone())))
    }

    /// A plain number against one with a unit.
    #[expect(
        clippy::option_option,
        reason = "no unit and no agreement are two answers"
    )]
    fn plain(
        &mut self,
        id: Id,
        plain: Id,
        info: &Info,
        (other, with, unit): (Id, &Info, &Unit),
    ) -> Option<Option<Unit>> {
        if let Some(quantity) = &with.quantity {
            // A percentage is a factor wherever nothing else is said; any other unit has to be declared.
            if unit.is_ratio() || info.ty == Type::Dyn || info.literal {
                return Some(None);
            }
            let (text, name) = (self.shown(plain), quantity.unit.name());
            let (message, help) = (
                format!("`{text}` has no unit to compare with {}", unit.dimension()),
                if info.ty == Type::Double || info.ty == Type::Int {
                    format!("declare its unit, such as `unit: {name}`")
                } else {
                    "compare it with a plain number".to_owned()
                },
            );
            self.unit_mismatch(id, message, &help);
            return None;
        }
        let size = match self.constant(plain) {
            Some(Value::Int(value)) => Some(number::double(*value)),
            Some(Value::Double(value)) => Some(*value),
            _ => None,
        };
        if let Some(size) = size.filter(|size| unit.is_ratio() && info.literal && size.abs() > 1.0)
        {
            let name = self.shown(other);
            let message = format!(
                "`{name}` is a ratio, where 1 is all of it: `{}` is more than that",
                self.shown(plain)
            );
            self.unit_mismatch(plain, message, &format!("write `q(\"{size}%\")`"));
            return None;
        }
        Some(Some(unit.clone()))
    }

    /// Two units that measure different things.
    fn disagree(&mut self, id: Id, op: Op, [x, y]: [&Unit; 2], quantities: [bool; 2]) {
        let measured = |unit: &Unit| match unit.dimension() {
            // A ratio has no unit worth a word, and a word is its own.
            Dimension::Word(_) => format!("{}", unit.dimension()),
            Dimension::Ratio if unit.is_ratio() => "a ratio".to_owned(),
            dimension => format!("{dimension} in `{unit}`"),
        };
        let message = format!(
            "`{}` between {} and {}",
            op.text(),
            measured(x),
            measured(y)
        );
        // A quantity is what is easily written otherwise; a word may be a slip of a unit.
        let other = match quantities {
            [true, _] => Some(y),
            [_, true] => Some(x),
            _ => None,
        };
        let slip = [x, y]
            .into_iter()
            .find_map(|unit| Some((unit, unit.meant()?)));
        let help = match (slip, other.map(Unit::example)) {
            (Some((unit, meant)), _) => {
                format!("`{unit}` is a unit of its own: did you mean `{meant}`?")
            }
            (None, Some(example)) if !example.is_empty() => {
                format!("write a quantity of its kind, such as `q(\"{example}\")`")
            }
            _ => "compare what measures the same, or mend the `unit` of one of them".to_owned(),
        };
        self.unit_mismatch(id, message, &help);
    }

    /// A mistake about units.
    pub(super) fn unit_mismatch(&mut self, id: Id, message: String, help: &str) -> Info {
        let at: At = self.at(id);
        self.wrong(Mistake::new(Code::UnitMismatch, at.range(), message).help(help))
    }
}
