//! Fields, items and entries of values, and whether they are there.

use std::sync::Arc;

use super::names::listed;
use super::optionals::{inside, wrapped};
use super::{Checker, Info};
use crate::expr::mistake::Mistake;
use crate::expr::plan::What;
use crate::expr::scope::Rules;
use crate::expr::tree::{At, Id, Kind};
use crate::expr::types::Type;
use crate::expr::value::{Key, Value};
use crate::source::Code;
use crate::source::problem::nearest;

/// The most keys of a map that are listed where none of them is near.
const KEYS: usize = 20;

impl Checker<'_> {
    /// `of.field` and `of.?field`
    pub(super) fn select(&mut self, id: Id) -> Info {
        let (of, field, asked) = match self.tree.nodes.get(id).map(|node| &node.kind) {
            Some(Kind::Select { of, field }) => (*of, *field, false),
            Some(Kind::OptSelect { of, field }) => (*of, *field, true),
            _ => return Info::error(),
        };
        let base = self.check(of);
        let (base, was_optional) = inside(base);
        let name = field.of(self.text);
        let Some(ty) = self.field_type(of, &base, field) else {
            return Info::error();
        };
        self.plan_field(id, of, name.into(), &ty, asked);
        Self::member(base, ty, asked || was_optional)
    }

    /// A field, or the entry of a text key.
    fn plan_field(&mut self, id: Id, of: Id, key: Arc<str>, ty: &Type, asked: bool) {
        let load = self.load(ty);
        let what = if asked {
            What::OptField { of, key, load }
        } else {
            What::Field { of, key, load }
        };
        self.plan(id, what);
        self.fold_constant(id, &[of]);
    }

    /// What may be meant by a key that a constant map does not have.
    pub(super) fn key_meant(&self, id: Id) -> Option<String> {
        let What::Field { of, key, .. } = &self.steps.get(id)?.what else {
            return None;
        };
        let Value::Map(map) = self.constant(*of)? else {
            return None;
        };
        let keys = map.iter().filter_map(|(key, _)| match key {
            Key::String(key) => Some(key.as_ref()),
            _ => None,
        });
        let keys: Vec<&str> = keys.collect();
        let of = self.shown(*of);
        Some(match nearest(key, keys.iter().copied()) {
            Some(near) => format!("did you mean `{of}[\"{near}\"]`?"),
            None if keys.len() <= KEYS => format!("`{of}` has {}", listed(keys.into_iter())),
            None => format!("`{of}` has no such key"),
        })
    }

    /// A part of a value, with the unit and values of the whole.
    fn member(base: Info, ty: Type, optional: bool) -> Info {
        let info = Info {
            unit: base.unit,
            values: base.values,
            ..Info::of(ty)
        };
        if optional { wrapped(info) } else { info }
    }

    /// The type of a field, or a mistake.
    pub(super) fn field_type(&mut self, of: Id, base: &Info, field: At) -> Option<Type> {
        let name = field.of(self.text);
        match &base.ty {
            Type::Struct(fields) => {
                if let Some(ty) = base.ty.field(name) {
                    return Some(ty.clone());
                }
                let shown = self.shown(of);
                let mistake = Mistake::new(
                    Code::UnknownField,
                    field.range(),
                    format!("`{shown}` has no field `{name}`"),
                );
                let known = fields.iter().map(|field| field.name.as_ref());
                let help = match nearest(name, known.clone()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("it has {}", listed(known)),
                };
                self.wrong(mistake.help(help));
                None
            }
            // CEL finds out when it runs that a map with other keys has no fields.
            Type::Map(key, value)
                if matches!(**key, Type::String | Type::Dyn) || self.rules != Rules::Gate =>
            {
                Some(value.as_ref().clone())
            }
            Type::Dyn => Some(Type::Dyn),
            ty => {
                let shown = self.shown(of);
                let message = format!("`{shown}` is {}, which has no fields", ty.a());
                let help = match (ty, name) {
                    (
                        Type::List(_) | Type::Map(..) | Type::String,
                        "size" | "length" | "len" | "count",
                    ) => {
                        format!("write `size({shown})`")
                    }
                    (Type::List(_), _) => format!(
                        "write `{shown}.all(x, x.{name} …)`, or name the item: `{shown}[0].{name}`"
                    ),
                    (Type::Map(..), _) => format!("write `{shown}[…]`"),
                    _ => format!("write `{shown}` alone"),
                };
                self.mismatch(of, message, Some(help));
                None
            }
        }
    }

    /// `of[index]`, or with `asked` `of[?index]`
    pub(super) fn index(&mut self, id: Id, of: Id, index: Id, asked: bool) -> Info {
        let base = self.check(of);
        let (base, was_optional) = inside(base);
        let keys = match &base.ty {
            Type::Map(key, _) => key.as_ref().clone(),
            Type::Struct(_) => Type::String,
            _ => Type::Dyn,
        };
        if self.tree.is_broken(index) || self.without_quotes(index, &keys) {
            return Info::error();
        }
        let by = self.check(index);
        let ty = match (&base.ty, &by.ty) {
            _ if self.rules == Rules::Unchecked => Type::Dyn,
            (Type::Dyn, _) | (Type::Struct(_), Type::Dyn) => Type::Dyn,
            (Type::List(item), Type::Int | Type::Dyn) => item.as_ref().clone(),
            (Type::List(item), Type::Uint | Type::Double) if self.rules != Rules::Gate => {
                item.as_ref().clone()
            }
            (Type::Map(_, value), Type::Dyn) => value.as_ref().clone(),
            (Type::Map(key, value), by) if super::comparable(key, by) => value.as_ref().clone(),
            (Type::Struct(_), Type::String) => match self.constant(index) {
                Some(Value::String(_)) => {
                    let at = self.at(index);
                    let inner = At {
                        start: at.start.saturating_add(1),
                        end: at.end.saturating_sub(1),
                    };
                    let Some(ty) = self.field_type(of, &base, inner) else {
                        return Info::error();
                    };
                    ty
                }
                _ => match base.ty.clone() {
                    Type::Struct(fields) => self.any_field(id, of, &fields),
                    _ => Type::Dyn,
                },
            },
            (Type::List(_), by) => {
                let message = format!("a list is indexed by an `int`, not by {}", by.a());
                return self.mismatch(
                    index,
                    message,
                    Some("write a whole number, such as `[0]`".to_owned()),
                );
            }
            (Type::Map(key, _), by) => {
                let message = format!("the keys of `{}` are `{key}`, not `{by}`", self.shown(of));
                let help = (**key == Type::String && by.is_number())
                    .then(|| format!("write `[\"{}\"]`", self.shown(index)));
                return self.mismatch(index, message, help);
            }
            (ty, _) => {
                let shown = self.shown(of);
                let message = format!("`{shown}` is {}, which has no items", ty.a());
                let help = match (ty, self.constant(index)) {
                    (Type::String, Some(Value::Int(_))) => {
                        format!("write `{shown}.charAt({})`", self.shown(index))
                    }
                    _ => format!("write `{shown}` alone"),
                };
                return self.mismatch(of, message, Some(help));
            }
        };
        match self.constant(index) {
            Some(Value::String(key)) if !matches!(base.ty, Type::List(_)) => {
                let key = Arc::clone(key);
                self.plan_field(id, of, key, &ty, asked);
            }
            _ => {
                let load = self.load(&ty);
                let what = if asked {
                    What::OptIndex { of, index, load }
                } else {
                    What::Index { of, index, load }
                };
                self.plan(id, what);
                self.fold_constant(id, &[of, index]);
            }
        }
        Self::member(base, ty, asked || was_optional)
    }

    /// `has(of.field)`
    pub(super) fn has(&mut self, id: Id, of: Id, field: At) -> Info {
        if let Some(dotted) = self.dotted(of) {
            let whole = format!("{}.{}", dotted.name, field.of(self.text));
            let declared = self.local(dotted.root).is_none() || dotted.rooted;
            if declared && self.scope.get(&whole).is_some() {
                return self.wrong(has_needs_field(self.at(id), &whole));
            }
        }
        let base = self.check(of);
        let base = inside(base).0;
        if self.field_type(of, &base, field).is_none() {
            return Info::error();
        }
        self.plan(
            id,
            What::Has {
                of,
                key: field.of(self.text).into(),
            },
        );
        Info::of(Type::Bool)
    }
}

/// `has` on what is no field.
pub(super) fn has_needs_field(at: At, name: &str) -> Mistake {
    Mistake::new(
        Code::WrongArgument,
        at.range(),
        format!("`has` asks for a field of a map, and `{name}` is none"),
    )
    .help(match name.rsplit_once(".?") {
        Some((of, field)) => format!("write `has({of}.{field})`"),
        None => format!("write `known({name})`"),
    })
}
