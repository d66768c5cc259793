//! Optional values: what may be asked of them, and the fix where something else stands in their place.

use super::{Checker, Each, Info, Local};
use crate::expr::mistake::Mistake;
use crate::expr::plan::What;
use crate::expr::scope::Rules;
use crate::expr::tree::{At, Id, Kind};
use crate::expr::types::Type;
use crate::source::Code;

/// The methods of optional values that are no function: they do not always look at their argument.
pub(super) const NAMES: &[&str] = &["or", "orValue", "optMap", "optFlatMap"];

/// What an optional has inside, and whether it was one.
pub(super) fn inside(info: Info) -> (Info, bool) {
    if let Type::Optional(of) = &info.ty {
        let ty = of.as_ref().clone();
        (Info { ty, ..info }, true)
    } else {
        (info, false)
    }
}

/// The same as an optional.
pub(super) fn wrapped(info: Info) -> Info {
    Info {
        ty: Type::Optional(info.ty.into()),
        literal: false,
        ..info
    }
}

impl Checker<'_> {
    /// `of.or(other)` and `of.orValue(other)`; nothing if it is neither.
    pub(super) fn otherwise(&mut self, id: Id, name: At, of: Id, args: &[Id]) -> Option<Info> {
        let word = name.of(self.text);
        let value = match word {
            "orValue" => true,
            "or" => false,
            _ => return None,
        };
        let [other] = *args else {
            let at = self.at(id);
            return Some(
                self.wrong(
                    Mistake::new(
                        Code::WrongArgument,
                        at.range(),
                        format!("`{word}` takes one argument"),
                    )
                    .help(format!("write `{}.{word}(…)`", self.shown(of))),
                ),
            );
        };
        let info = self.check(of);
        let otherwise = self.check(other);
        let Some(first) = self.optional(of, info, word) else {
            return Some(Info::error());
        };
        let second = if value {
            otherwise
        } else if let Some(second) = self.optional(other, otherwise, word) {
            second
        } else {
            return Some(Info::error());
        };
        self.plan(id, What::Else { of, other, value });
        let result = self.alternatives(id, word, [of, other], &first, &second);
        self.fold_constant(id, &[of, other]);
        Some(if value { result } else { wrapped(result) })
    }

    /// `of.optMap(name, body)` and `of.optFlatMap(name, body)`
    pub(super) fn opt_map(&mut self, id: Id, of: Id, name: At, body: Id, flat: bool) -> Info {
        let word = if flat { "optFlatMap" } else { "optMap" };
        let info = self.check(of);
        let Some(info) = self.optional(of, info, word) else {
            return Info::error();
        };
        let index = self.next_local();
        self.locals.push(Local {
            name,
            index,
            info: Info {
                literal: false,
                ..info
            },
            each: Some(Each {
                word,
                of,
                map: false,
            }),
        });
        let made = self.check(body);
        let made = self.settle(made);
        self.locals.pop();
        self.plan(
            id,
            What::OptMap {
                index,
                of,
                body,
                flat,
            },
        );
        if !flat {
            return wrapped(made);
        }
        if !matches!(made.ty, Type::Optional(_) | Type::Dyn) {
            let message = format!(
                "`optFlatMap` needs an optional value, and `{}` is a `{}`",
                self.shown(body),
                made.ty
            );
            return self.mismatch(body, message, Some("write `optMap`".to_owned()));
        }
        made
    }

    /// `?of` in a list or map: the value that stands there if there is one.
    pub(super) fn opt_item(&mut self, id: Id, of: Id) -> Info {
        let info = self.check(of);
        let info = self.settle(info);
        self.plan(id, What::OptItem(of));
        if !matches!(info.ty, Type::Optional(_) | Type::Dyn) {
            let message = format!(
                "`?` needs an optional value, and `{}` is a `{}`",
                self.shown(of),
                info.ty
            );
            return self.mismatch(of, message, Some("leave out the `?`".to_owned()));
        }
        inside(Info {
            literal: false,
            ..info
        })
        .0
    }

    /// What the optional that a method is called on has inside; nothing after a mistake.
    fn optional(&mut self, id: Id, info: Info, word: &str) -> Option<Info> {
        if matches!(info.ty, Type::Optional(_) | Type::Dyn) {
            return Some(inside(self.settle(info)).0);
        }
        if self.rules == Rules::Unchecked {
            return Some(Info::error());
        }
        let shown = self.shown(id);
        let mistake = Mistake::new(
            Code::WrongArgument,
            self.at(id).range(),
            format!(
                "`{word}` needs an optional value, and `{shown}` is a `{}`",
                info.ty
            ),
        );
        // A member becomes an optional where it is asked for with `?`.
        let help = match self.tree.nodes.get(id).map(|node| &node.kind) {
            Some(Kind::Select { of, field }) if self.bound_to_nothing(id) => {
                let (of, field) = (self.shown(*of), field.of(self.text));
                format!("write `{of}.?{field}.{word}(…)`")
            }
            Some(Kind::Index { of, index }) => {
                let (of, index) = (self.shown(*of), self.shown(*index));
                format!("write `{of}[?{index}].{word}(…)`")
            }
            _ => format!("leave it out: where `{shown}` is missing the result is unknown"),
        };
        self.wrong(mistake.help(help));
        None
    }

    /// Whether a member is one of a value, and not itself a declared name with dots.
    fn bound_to_nothing(&self, id: Id) -> bool {
        self.dotted(id).is_none_or(|dotted| {
            self.local(dotted.root).is_some() || self.scope.resolve(&dotted.name).is_none()
        })
    }
}
