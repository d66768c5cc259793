//! Functions of the policy language beyond CEL.

use super::{Checker, Info};
use crate::expr::mistake::Mistake;
use crate::expr::plan::What;
use crate::expr::tree::{At, Id, Op};
use crate::expr::types::Type;
use crate::expr::units::Dimension;
use crate::expr::value::Value;
use crate::source::Code;

/// The functions that are checked here.
pub(super) const NAMES: &[&str] = &["q", "known", "within", "has"];

impl Checker<'_> {
    /// A function that is no entry of a table; nothing if it is one.
    pub(super) fn special(&mut self, id: Id, name: At, args: &[Id]) -> Option<Info> {
        let word = name.of(self.text);
        Some(match word {
            "q" => self.quantity(id, args),
            "known" => self.known(id, args),
            "within" => self.within(id, args),
            "has" => self.has_of_name(id, args),
            "records" if self.scope.get(word).is_some() => self.no_function(name, word),
            _ => return None,
        })
    }

    /// A list of the language that is called as if it were a function.
    fn no_function(&mut self, name: At, word: &str) -> Info {
        let message = format!("`{word}` is a list, not a function");
        let help = format!("ask the list, such as `{word}.exists(r, r.verdict == \"go\")`");
        self.wrong(Mistake::new(Code::WrongArgument, name.range(), message).help(help))
    }

    /// `known(e)`
    fn known(&mut self, id: Id, args: &[Id]) -> Info {
        let [only] = args else {
            return self.wrong(
                Mistake::new(
                    Code::WrongArgument,
                    self.at(id).range(),
                    "`known` takes one expression",
                )
                .help("write `known(error_rate)`"),
            );
        };
        let info = self.check(*only);
        if let (true, Some(Value::String(text))) = (info.literal, self.constant(*only)) {
            let help = format!("write the name without quotes: `known({text})`");
            let mistake = Mistake::new(
                Code::WrongArgument,
                self.at(*only).range(),
                "a text is always known",
            );
            return self.wrong(mistake.help(help));
        }
        self.plan(id, What::Known(*only));
        Info::of(Type::Bool)
    }

    /// `within(a, b, tolerance)`
    fn within(&mut self, id: Id, args: &[Id]) -> Info {
        let result = Info::of(Type::Bool);
        let [mut left, mut right, mut by] = *args else {
            return self.wrong(
                Mistake::new(
                    Code::WrongArgument,
                    self.at(id).range(),
                    "`within` takes two numbers and a tolerance",
                )
                .help("write `within(a, b, q(\"10%\"))`"),
            );
        };
        let (a, b, tolerance) = (self.check(left), self.check(right), self.check(by));
        for (arg, info) in [(left, &a), (right, &b), (by, &tolerance)] {
            if !info.ty.is_number() && info.ty != Type::Dyn {
                let message = format!(
                    "`within` compares numbers, and `{}` is {}",
                    self.shown(arg),
                    info.ty.a()
                );
                let mistake = Mistake::new(Code::WrongArgument, self.at(arg).range(), message);
                self.wrong(mistake.help("write `within(a, b, q(\"10%\"))`"));
                return result;
            }
        }
        let Some(unit) = self.meet(id, Op::Subtract, [&mut left, &mut right], &a, &b) else {
            return result;
        };
        let relative = tolerance
            .quantity
            .as_ref()
            .is_some_and(|quantity| quantity.unit.dimension() == Dimension::Ratio);
        if !relative {
            // The tolerance takes the unit of what is compared.
            let compared = Info {
                unit,
                ..Info::of(Type::Double)
            };
            let mut anchor = left;
            if self
                .meet(
                    by,
                    Op::LessEqual,
                    [&mut anchor, &mut by],
                    &compared,
                    &tolerance,
                )
                .is_none()
            {
                return result;
            }
        }
        self.plan(
            id,
            What::Within {
                left,
                right,
                by,
                relative,
            },
        );
        result
    }
}
