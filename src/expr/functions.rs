//! The functions of the language: one table per family, read by the checker for its types and by the evaluator for what
//! it does.
//!
//! Functions see values only: never a name, a clock or a file.

mod convert;
pub(crate) mod encode;
mod format;
mod histogram;
mod lists;
mod math;
mod optionals;
mod sets;
mod text;
mod time;

use super::budget::Budget;
use super::fault::Reason;
use super::types::Type;
use super::value::Value;

/// A function, whatever its overloads.
#[derive(Debug)]
pub(crate) struct Function {
    /// Its name, with its namespace.
    pub(crate) name: &'static str,
    pub(crate) overloads: &'static [Overload],
    /// What it does; the first argument of a method is what it is called on.
    pub(crate) run: fn(&[Value], &mut Budget) -> Result<Value, Reason>,
}

/// One way to call a function.
#[derive(Debug)]
pub(crate) struct Overload {
    /// Whether it is written behind its first argument.
    pub(crate) method: bool,
    pub(crate) args: &'static [Sig],
    pub(crate) result: Sig,
}

impl Overload {
    /// Whether it is called with so many arguments.
    pub(crate) fn takes(&self, count: usize) -> bool {
        match self.args.split_last() {
            Some((Sig::More, fixed)) => count >= fixed.len(),
            _ => count == self.args.len(),
        }
    }

    /// What the argument at a place must be.
    pub(crate) fn arg(&self, at: usize) -> Option<Sig> {
        let last = self.args.last().copied().filter(|sig| *sig == Sig::More);
        self.args.get(at).copied().or(last)
    }
}

/// A type in an overload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sig {
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Timestamp,
    Duration,
    Type,
    /// Anything.
    Any,
    /// Any number.
    Number,
    /// The last of an overload: any number of further numbers.
    More,
    /// A list of any type, the same wherever it stands.
    Items,
    /// A list of texts.
    Strings,
    /// A list of whole numbers.
    Ints,
    /// Any map.
    AnyMap,
    /// A map of numbers with texts as keys.
    Numbers,
    /// A list of anything.
    AnyList,
    /// An item of such a list, or what such an optional has inside.
    Item,
    /// An optional of such an item.
    Optional,
    /// A list of such optionals.
    Optionals,
}

/// A function with its overloads: `name, run, [free(args) -> result, method(args) -> result]`.
macro_rules! table {
    ($($name:literal $run:path { $($kind:ident($($arg:ident),*) $result:ident;)* })*) => {
        pub(super) const TABLE: &[crate::expr::functions::Function] = &[$(
            crate::expr::functions::Function {
                name: $name,
                overloads: &[$(crate::expr::functions::Overload {
                    method: table!(@method $kind),
                    args: &[$(crate::expr::functions::Sig::$arg),*],
                    result: crate::expr::functions::Sig::$result,
                }),*],
                run: $run,
            },
        )*];
    };
    (@method free) => { false };
    (@method method) => { true };
}
use table;

pub(crate) use lists::sort;

/// Every family.
const FAMILIES: &[&[Function]] = &[
    convert::TABLE,
    text::TABLE,
    time::TABLE,
    math::TABLE,
    histogram::TABLE,
    lists::TABLE,
    sets::TABLE,
    encode::TABLE,
    optionals::TABLE,
    format::TABLE,
];

/// The function of a name.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    FAMILIES
        .iter()
        .flat_map(|family| family.iter())
        .find(|function| function.name == name)
}

/// The names of all functions.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FAMILIES
        .iter()
        .flat_map(|family| family.iter())
        .map(|function| function.name)
}

impl Sig {
    /// Whether an argument of this type fits; `bound` is what the items of [`Sig::Items`] have been so far.
    pub(crate) fn fits(self, ty: &Type, bound: &mut Option<Type>) -> bool {
        if *ty == Type::Dyn {
            return true;
        }
        match (self, ty) {
            (Self::Any, _)
            | (Self::Bool, Type::Bool)
            | (Self::Int, Type::Int)
            | (Self::Uint, Type::Uint)
            | (Self::Double, Type::Double)
            | (Self::String, Type::String)
            | (Self::Bytes, Type::Bytes)
            | (Self::Timestamp, Type::Timestamp)
            | (Self::Duration, Type::Duration)
            | (Self::Type, Type::Type)
            | (Self::AnyMap, Type::Map(..) | Type::Struct(_))
            | (Self::AnyList, Type::List(_)) => true,
            (Self::Number | Self::More, ty) => ty.is_number(),
            (Self::Numbers, Type::Map(key, value)) => {
                matches!(**key, Type::String | Type::Dyn)
                    && (value.is_number() || **value == Type::Dyn)
            }
            (Self::Strings, Type::List(item)) => matches!(**item, Type::String | Type::Dyn),
            (Self::Ints, Type::List(item)) => matches!(**item, Type::Int | Type::Dyn),
            (Self::Items, Type::List(item)) | (Self::Optional, Type::Optional(item)) => {
                bind(bound, item)
            }
            (Self::Item, ty) => bind(bound, ty),
            (Self::Optionals, Type::List(item)) => match item.as_ref() {
                Type::Optional(item) => bind(bound, item),
                item => *item == Type::Dyn,
            },
            _ => false,
        }
    }

    /// The type of a result.
    pub(crate) fn ty(self, bound: Option<&Type>) -> Type {
        match self {
            Self::Bool => Type::Bool,
            Self::Int => Type::Int,
            Self::Uint => Type::Uint,
            Self::Double => Type::Double,
            Self::String => Type::String,
            Self::Bytes => Type::Bytes,
            Self::Timestamp => Type::Timestamp,
            Self::Duration => Type::Duration,
            Self::Type => Type::Type,
            Self::Any | Self::Number | Self::More | Self::AnyMap | Self::Numbers => Type::Dyn,
            Self::Item => bound.cloned().unwrap_or(Type::Dyn),
            Self::Items => Type::List(bound.cloned().unwrap_or(Type::Dyn).into()),
            Self::Optional => Type::Optional(bound.cloned().unwrap_or(Type::Dyn).into()),
            Self::Optionals => Type::List(Self::Optional.ty(bound).into()),
            Self::Strings => Type::List(Type::String.into()),
            Self::Ints => Type::List(Type::Int.into()),
            Self::AnyList => Type::List(Type::Dyn.into()),
        }
    }

    /// How a message names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Uint => "uint",
            Self::Double => "double",
            Self::String => "string",
            Self::Bytes => "bytes",
            Self::Timestamp => "timestamp",
            Self::Duration => "duration",
            Self::Type => "type",
            Self::Any => "any value",
            Self::Number => "number",
            Self::More => "…",
            Self::Items | Self::AnyList => "list",
            Self::Item => "value",
            Self::Optional => "optional",
            Self::Optionals => "list<optional>",
            Self::Strings => "list<string>",
            Self::Ints => "list<int>",
            Self::AnyMap => "map",
            Self::Numbers => "map<string, double>",
        }
    }
}

/// Makes the variable this type, or checks that it is.
fn bind(bound: &mut Option<Type>, ty: &Type) -> bool {
    match bound {
        None | Some(Type::Dyn) => {
            *bound = Some(ty.clone());
            true
        }
        Some(have) => have == ty || *ty == Type::Dyn,
    }
}
