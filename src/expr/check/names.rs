//! Names: which declaration a dotted name stands for, and what is meant by one that is declared nowhere.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Checker, Info, Local};
use crate::expr::fault::Reason;
use crate::expr::mistake::Mistake;
use crate::expr::plan::{Load, What};
use crate::expr::scope::{Binding, Rules};
use crate::expr::tree::{At, Id, Kind};
use crate::expr::types::Type;
use crate::expr::value::Value;
use crate::source::Code;

/// How many named expressions may stand in one another.
const LETS: u16 = 32;
/// How many steps may lie on the longest way down through named expressions: the stack has to hold them all.
const HEIGHT: u16 = 250;

/// A dotted name in the tree.
pub(super) struct Dotted<'a> {
    /// The name without white space, and without a leading dot.
    pub(super) name: Cow<'a, str>,
    /// The byte range of its first part.
    pub(super) root: At,
    pub(super) rooted: bool,
}

impl<'a> Checker<'a> {
    /// A name, or a member of something.
    pub(super) fn named(&mut self, id: Id) -> Info {
        let Some(dotted) = self.dotted(id) else {
            return self.select(id);
        };
        if !dotted.rooted
            && let Some(local) = self.local(dotted.root)
        {
            let (index, info) = (local.index, local.info.clone());
            if matches!(
                self.tree.nodes.get(id).map(|node| &node.kind),
                Some(Kind::Name { .. })
            ) {
                let load = self.load(&info.ty);
                self.plan(id, What::Local { index, load });
                return info;
            }
            return self.select(id);
        }
        if let Some(info) = self.bound(id, &dotted) {
            return info;
        }
        if matches!(
            self.tree.nodes.get(id).map(|node| &node.kind),
            Some(Kind::Select { .. })
        ) && self.begins(&dotted)
        {
            return self.select(id);
        }
        self.undeclared(id, &dotted)
    }

    /// The dotted name a node is, if it is nothing but names and dots.
    pub(super) fn dotted(&self, id: Id) -> Option<Dotted<'a>> {
        let node = self.tree.nodes.get(id)?;
        match &node.kind {
            Kind::Name { name, rooted } => Some(Dotted {
                name: Cow::Borrowed(name.of(self.text)),
                root: *name,
                rooted: *rooted,
            }),
            Kind::Select { of, field } => {
                let mut dotted = self.dotted(*of)?;
                let end = dotted.root.range().start.saturating_add(dotted.name.len());
                let whole = dotted.root.to(*field).of(self.text);
                // Without white space or backticks it stands in the text as it is.
                let plain = self.text.get(end..field.range().start) == Some(".");
                dotted.name = match dotted.name {
                    Cow::Borrowed(_) if plain => Cow::Borrowed(whole),
                    name => Cow::Owned(format!("{name}.{}", field.of(self.text))),
                };
                Some(dotted)
            }
            _ => None,
        }
    }

    /// The variable of a macro with this name, the innermost first.
    pub(super) fn local(&self, name: At) -> Option<&Local> {
        let wanted = name.of(self.text);
        self.locals
            .iter()
            .rev()
            .find(|local| local.name.of(self.text) == wanted)
    }

    /// What the whole name stands for, planned.
    fn bound(&mut self, id: Id, dotted: &Dotted<'_>) -> Option<Info> {
        let scope = self.scope;
        let binding = if dotted.rooted {
            scope.get(&dotted.name)
        } else {
            scope.resolve(&dotted.name)
        };
        match binding {
            Some(Binding::Slot(variable)) => {
                self.slots.push(variable.slot);
                let load = self.load(&variable.ty);
                self.plan(
                    id,
                    What::Slot {
                        slot: variable.slot,
                        load,
                    },
                );
                Some(Info {
                    unit: variable.unit.clone(),
                    values: variable.values.clone(),
                    ..Info::of(variable.ty.clone())
                })
            }
            Some(Binding::Constant { value, ty, unit }) => {
                self.plan(id, What::Const(value.clone()));
                if *ty == Type::Double {
                    self.make_double(id);
                }
                Some(Info {
                    unit: unit.clone(),
                    ..Info::of(ty.clone())
                })
            }
            Some(Binding::Let(compiled)) => {
                if self.looks_back(id, compiled) {
                    return Some(Info::error());
                }
                if !self.lets.iter().any(|known| Arc::ptr_eq(known, compiled)) {
                    self.lets.push(compiled);
                    self.slots.extend_from_slice(&compiled.slots);
                }
                if compiled.lets >= LETS || compiled.height > HEIGHT {
                    return Some(
                        self.wrong(
                            Mistake::new(
                                Code::ExpressionLimit,
                                self.at(id).range(),
                                format!(
                                    "named expressions stand in one another more than {LETS} deep, or {HEIGHT} operators deep"
                                ),
                            )
                            .help("write some of them out"),
                        ),
                    );
                }
                self.plan(id, What::Let(Arc::clone(compiled)));
                Some(Info {
                    unit: compiled.unit.clone(),
                    ..Info::of(compiled.ty.clone())
                })
            }
            None => {
                let ty = type_named(&dotted.name)?;
                self.plan(id, What::Const(Value::Type(ty.into())));
                Some(Info::of(Type::Type))
            }
        }
    }

    /// Whether a shorter beginning of a dotted name is declared.
    fn begins(&self, dotted: &Dotted<'_>) -> bool {
        let mut name = dotted.name.as_ref();
        while let Some((shorter, _)) = name.rsplit_once('.') {
            let found = if dotted.rooted {
                self.scope.get(shorter)
            } else {
                self.scope.resolve(shorter)
            };
            if found.is_some() {
                return true;
            }
            name = shorter;
        }
        false
    }

    /// What a value read from outside must be: where types are not checked, anything.
    pub(super) fn load(&self, ty: &Type) -> Load {
        if self.rules == Rules::Gate {
            Load::of(ty)
        } else {
            Load::Any
        }
    }

    /// A name that is declared nowhere.
    pub(super) fn undeclared(&mut self, id: Id, dotted: &Dotted<'_>) -> Info {
        let at = self.at(id);
        let name = &dotted.name;
        if self.rules == Rules::Unchecked {
            self.plan(id, What::Fail(Reason::WrongType));
            return Info::error();
        }
        if let Some(first) = self.scope.namespace(name) {
            return self.wrong(
                Mistake::new(
                    Code::UnknownInput,
                    at.range(),
                    format!("`{name}` alone is not a value"),
                )
                .help(format!(
                    "name what is meant, such as `{}`",
                    self.one_of(name, first)
                )),
            );
        }
        if name.starts_with("google.") {
            return self.wrong(
                Mistake::new(
                    Code::UnknownInput,
                    at.range(),
                    format!("`{name}` is a name of protobuf, which policies do not have"),
                )
                .help("write the value itself: the number of an enum, `null` for `NullValue`"),
            );
        }
        let mistake = Mistake::new(
            Code::UnknownInput,
            at.range(),
            format!("`{name}` is not declared"),
        );
        let help = self.meant_name(name);
        self.wrong(mistake.help(help))
    }

    /// A name with `-` in it, read as a subtraction: `error-rate` where `error_rate` is declared.
    pub(super) fn hyphenated(&mut self, id: Id) -> Option<Info> {
        let at = self.at(id);
        let text = at.of(self.text);
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if !text.chars().all(plain) {
            return None;
        }
        let meant = text.replace('-', "_");
        self.scope.get(&meant)?;
        // Where every part has a meaning of its own it is a subtraction.
        let stands = |part: &str| {
            let local = self
                .locals
                .iter()
                .any(|local| Some(local.name.of(self.text)) == part.split('.').next());
            local || part.parse::<f64>().is_ok() || self.scope.resolve(part).is_some()
        };
        if text.split('-').all(stands) {
            return None;
        }
        Some(
            self.wrong(
                Mistake::new(
                    Code::UnknownInput,
                    at.range(),
                    format!("`{text}` is read as a subtraction"),
                )
                .help(format!("names with `-` are written with `_`: `{meant}`")),
            ),
        )
    }
}

/// Names in backticks with commas.
pub(super) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The type a name stands for where nothing else has it.
pub(super) fn type_named(name: &str) -> Option<Type> {
    let any = || Arc::new(Type::Dyn);
    Some(match name {
        "bool" => Type::Bool,
        "int" => Type::Int,
        "uint" => Type::Uint,
        "double" => Type::Double,
        "string" => Type::String,
        "bytes" => Type::Bytes,
        "list" => Type::List(any()),
        "map" => Type::Map(any(), any()),
        "null_type" => Type::Null,
        "type" => Type::Type,
        "optional_type" => Type::Optional(any()),
        "google.protobuf.Timestamp" => Type::Timestamp,
        "google.protobuf.Duration" => Type::Duration,
        _ => return None,
    })
}
