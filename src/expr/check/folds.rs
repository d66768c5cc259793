//! The macros over lists and maps, and `cel.bind`: what their variables are and what they give.

use std::sync::Arc;

use super::{Checker, Each, Info, Local};
use crate::expr::plan::{Folded, What};
use crate::expr::scope::Rules;
use crate::expr::tree::{At, Fold, How, Id};
use crate::expr::types::Type;

impl Checker<'_> {
    /// `of.all(x, test)` and the like.
    pub(super) fn fold(&mut self, id: Id, fold: &Fold) -> Info {
        let of = self.check(fold.of);
        let (first, second) = match &of.ty {
            Type::List(item) if fold.second.is_some() => {
                (Info::of(Type::Int), Self::part(&of, item))
            }
            Type::List(item) => (Self::part(&of, item), Info::error()),
            Type::Map(key, value) => (Info::of(key.as_ref().clone()), Self::part(&of, value)),
            Type::Struct(fields) if fold.second.is_some() => {
                let fields = Arc::clone(fields);
                let ty = self.any_field(fold.of, fold.of, &fields);
                (Info::of(Type::String), Self::part(&of, &ty))
            }
            Type::Struct(_) => (Info::of(Type::String), Info::error()),
            Type::Dyn => (Info::error(), Info::error()),
            ty => {
                let message = format!(
                    "`{}` is {}: a list or map is needed here",
                    self.shown(fold.of),
                    ty.a()
                );
                let help = "write the name of a list or map before the macro".to_owned();
                self.mismatch(fold.of, message, Some(help));
                (Info::error(), Info::error())
            }
        };
        let item = first.clone();
        let each = Each {
            word: how_name(fold.how),
            of: fold.of,
            map: matches!(of.ty, Type::Map(..)),
        };
        let before = self.locals.len();
        let index = self.next_local();
        self.locals.push(Local {
            name: fold.name,
            index,
            info: first,
            each: Some(each),
        });
        if let Some(name) = fold.second {
            self.locals.push(Local {
                name,
                index: index.saturating_add(1),
                info: second,
                each: Some(each),
            });
        }
        if let Some(test) = fold.test {
            let info = self.check(test);
            self.must_be_bool(test, &info, how_name(fold.how));
        }
        let made = fold.make.map(|make| self.check(make));
        self.locals.truncate(before);
        if let (How::SortBy, Some(make), Some(key)) = (fold.how, fold.make, &made) {
            self.must_sort(fold.of, &of, make, key);
        }
        self.plan(
            id,
            What::Fold(Box::new(Folded {
                how: fold.how,
                of: fold.of,
                index,
                two: fold.second.is_some(),
                test: fold.test,
                make: fold.make,
                absorb: self.rules == Rules::Gate,
            })),
        );
        let made_ty = made.as_ref().map_or(Type::Dyn, |made| made.ty.clone());
        match fold.how {
            How::All | How::Exists | How::ExistsOne => Info::of(Type::Bool),
            How::Filter | How::SortBy => Info {
                unit: item.unit,
                values: item.values,
                ..Info::of(Type::List(item.ty.into()))
            },
            How::Map => Info {
                unit: made.and_then(|made| made.unit),
                ..Info::of(Type::List(made_ty.into()))
            },
            How::Values => {
                let key = match &of.ty {
                    Type::Map(key, _) => key.as_ref().clone(),
                    Type::List(_) => Type::Int,
                    Type::Struct(_) => Type::String,
                    _ => Type::Dyn,
                };
                Info {
                    unit: made.and_then(|made| made.unit),
                    ..Info::of(Type::Map(key.into(), made_ty.into()))
                }
            }
            How::Entries => self.entries(fold.make, made_ty),
        }
    }

    /// What `transformMapEntry` makes: the entries of maps.
    fn entries(&mut self, make: Option<Id>, made: Type) -> Info {
        if matches!(made, Type::Map(..)) {
            return Info::of(made);
        }
        if let (Some(make), true, Rules::Gate) = (make, made != Type::Dyn, self.rules) {
            let shown = self.shown(make);
            let message = format!(
                "`transformMapEntry` needs a map, and `{shown}` is {}",
                made.a()
            );
            self.mismatch(make, message, Some("write `{key: value}`".to_owned()));
        }
        Info::of(Type::Map(Type::Dyn.into(), Type::Dyn.into()))
    }

    /// `sortBy` sorts a list by keys that have an order.
    fn must_sort(&mut self, list: Id, of: &Info, make: Id, key: &Info) {
        if matches!(of.ty, Type::Map(..) | Type::Struct(_)) {
            let (shown, ty) = (self.shown(list), &of.ty);
            let message = format!("`sortBy` sorts a list, and `{shown}` is a `{ty}`");
            self.mismatch(
                list,
                message,
                Some("sort a list of its keys: `m.map(k, k).sort()`".to_owned()),
            );
        } else if !super::ordered(&key.ty, &key.ty) {
            let (shown, ty) = (self.shown(make), &key.ty);
            let message = format!("`{shown}` is a `{ty}`, which has no order");
            self.mismatch(
                make,
                message,
                Some("sort by a number, a text or an instant".to_owned()),
            );
        }
    }

    /// Where the next variable is kept.
    pub(super) fn next_local(&self) -> usize {
        self.locals
            .last()
            .map_or(0, |local| local.index.saturating_add(1))
    }

    /// A part of a list or map, with the unit and values of the whole.
    pub(super) fn part(of: &Info, ty: &Type) -> Info {
        Info {
            unit: of.unit.clone(),
            values: of.values.clone(),
            ..Info::of(ty.clone())
        }
    }

    /// `cel.bind(name, value, body)`
    pub(super) fn bind(&mut self, id: Id, name: At, value: Id, body: Id) -> Info {
        let info = self.check(value);
        let info = self.settle(info);
        let index = self.next_local();
        self.locals.push(Local {
            name,
            index,
            info: Info {
                literal: false,
                ..info
            },
            each: None,
        });
        let result = self.check(body);
        self.locals.pop();
        self.plan(id, What::Bind { index, value, body });
        Info {
            literal: false,
            ..self.settle(result)
        }
    }
}

/// A macro's name.
fn how_name(how: How) -> &'static str {
    match how {
        How::All => "all",
        How::Exists => "exists",
        How::ExistsOne => "exists_one",
        How::Filter => "filter",
        How::Map | How::Values | How::Entries => "map",
        How::SortBy => "sortBy",
    }
}
