//! Nothing in a policy is of a type that is only known when it runs: what checks cannot raise an error of type later.
//! It never judges under the rules of CEL by itself, where values may be of any type.

use super::{Checker, Info, join};
use crate::expr::mistake::Mistake;
use crate::expr::scope::Rules;
use crate::expr::tree::Id;
use crate::expr::types::{Field, Type};
use crate::expr::value::Value;
use crate::source::Code;

impl Checker<'_> {
    /// The parts of a list or map must have one type: `what` names them.
    pub(super) fn one_type(&mut self, ids: &[Id], infos: &[Info], what: &str) {
        let first = infos.first().map(|info| &info.ty);
        let one = infos.iter().all(|info| Some(&info.ty) == first);
        if one || self.rules != Rules::Gate {
            return;
        }
        let mut parts = ids.iter().zip(infos);
        let Some((first, of)) = parts.next() else {
            return;
        };
        let mut joined = (of.ty.clone(), of.open);
        for (id, info) in parts {
            if let Some(ty) = join::join((&joined.0, joined.1), (&info.ty, info.open)) {
                joined = (ty, joined.1 && info.open);
                continue;
            }
            let (x, y) = (self.shown(*first), self.shown(*id));
            let message = format!(
                "{what} are of one type, and `{x}` is {}, `{y}` {}",
                of.ty.a(),
                info.ty.a()
            );
            let help = match (&of.ty, &info.ty) {
                (Type::Double, number) if number.is_number() => format!("write `double({y})`"),
                (number, Type::Double) if number.is_number() => format!("write `double({x})`"),
                (Type::String, _) => format!("write `string({y})`"),
                (_, Type::String) => format!("write `string({x})`"),
                _ => "make them of one type".to_owned(),
            };
            self.mismatch(*id, message, Some(help));
            return;
        }
    }

    /// The one type of the fields that a key known only later may name.
    pub(super) fn any_field(&mut self, id: Id, of: Id, fields: &[Field]) -> Type {
        let infos: Vec<Info> = fields
            .iter()
            .map(|field| Info::of(field.ty.clone()))
            .collect();
        let ty = join::common(&infos);
        let one = infos
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if a.ty == b.ty));
        if self.rules == Rules::Gate && !one {
            let shown = self.shown(of);
            let first = fields.first().map_or("", |field| field.name.as_ref());
            let message = format!("the fields of `{shown}` are of different types");
            self.mismatch(
                id,
                message,
                Some(format!("name the field, such as `{shown}.{first}`")),
            );
        }
        ty
    }

    /// The type of `list.flatten()` and `list.flatten(depth)`.
    pub(super) fn flattened(&mut self, ids: &[Id], infos: &[Info]) -> Type {
        let Some(list) = infos.first() else {
            return Type::Dyn;
        };
        let depth = match ids.get(1) {
            None => Some(1),
            Some(depth) => match self.constant(*depth) {
                Some(Value::Int(depth)) => Some(*depth),
                _ => None,
            },
        };
        let Type::List(item) = &list.ty else {
            return Type::List(Type::Dyn.into());
        };
        let mut item = item.as_ref();
        let Some(depth) = depth else {
            if let (Type::List(_), Rules::Gate, Some(id)) = (item, self.rules, ids.get(1)) {
                let message =
                    "how deep `flatten` goes must be a whole number as it is written".to_owned();
                self.mismatch(*id, message, Some("write such as `.flatten(2)`".to_owned()));
            }
            return list.ty.clone();
        };
        let mut level = 0;
        while let (Type::List(inner), true) = (item, level < depth) {
            item = inner.as_ref();
            level = level.saturating_add(1);
        }
        Type::List(item.clone().into())
    }

    /// The type of the greatest or least of numbers, all of one kind.
    pub(super) fn extreme(&mut self, name: &str, ids: &[Id], infos: &[Info]) -> Type {
        if let (
            [
                Info {
                    ty: Type::List(item),
                    ..
                },
            ],
            [id],
        ) = (infos, ids)
        {
            if self.rules == Rules::Gate && !item.is_number() && **item != Type::Dyn {
                let message = format!(
                    "`{name}` needs numbers, and the items of `{}` are {}",
                    self.shown(*id),
                    item.a()
                );
                let mistake = Mistake::new(Code::WrongArgument, self.at(*id).range(), message);
                self.wrong(mistake.help("write a list of numbers"));
                return Type::Dyn;
            }
            return item.as_ref().clone();
        }
        self.one_type(ids, infos, &format!("the arguments of `{name}`"));
        join::common(infos)
    }

    /// The items of a list that is sorted must have an order.
    pub(super) fn must_have_order(&mut self, ids: &[Id], infos: &[Info]) {
        let (
            [list],
            [
                Info {
                    ty: Type::List(item),
                    ..
                },
            ],
        ) = (ids, infos)
        else {
            return;
        };
        if !super::ordered(item, item) {
            let message = format!(
                "the items of `{}` are {}, which have no order",
                self.shown(*list),
                item.a()
            );
            let help = "sort by a number, a text or an instant: `.sortBy(x, …)`".to_owned();
            self.mismatch(*list, message, Some(help));
        }
    }
}
