//! What a window may look at, and the type and unit of what it gives.

use super::super::{Checker, Info};
use super::Call;
use crate::expr::mistake::Mistake;
use crate::expr::types::Type;
use crate::expr::units::Unit;
use crate::source::Code;

/// What a method looks at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Numbers,
    Bools,
    Either,
    /// Numbers, or maps of them.
    Counters,
}

fn takes(word: &str) -> Takes {
    match word {
        "count" | "first" | "ago" => Takes::Either,
        "share" | "streak" | "edges" => Takes::Bools,
        "delta" | "increase" | "rate" => Takes::Counters,
        _ => Takes::Numbers,
    }
}

impl Checker<'_> {
    /// Whether a window may look at this; otherwise a mistake.
    pub(super) fn takes(&mut self, call: Call<'_>, of: &Info) -> bool {
        let takes = takes(call.word);
        let number = |ty: &Type| matches!(ty, Type::Int | Type::Double);
        let fits = match (&of.ty, takes) {
            (Type::Dyn, _) | (Type::Bool, Takes::Bools | Takes::Either) => true,
            (Type::Map(key, value), Takes::Counters) => {
                matches!(**key, Type::String | Type::Dyn) && (number(value) || **value == Type::Dyn)
            }
            (ty, takes) => number(ty) && takes != Takes::Bools,
        };
        if fits {
            return true;
        }
        let (word, shown) = (call.word, call.of);
        let needed = match takes {
            Takes::Numbers => "at numbers",
            Takes::Bools => "at what is true or false",
            Takes::Either => "at numbers, or at what is true or false",
            Takes::Counters => "at numbers, or a map of them",
        };
        let message = format!(
            "`{word}` looks back {needed}, and `{shown}` is {}",
            of.ty.a()
        );
        let help = fix(call, &of.ty);
        let range = self.at(call.target).range();
        self.told(Mistake::new(Code::TypeMismatch, range, message).help(help));
        false
    }
}

/// What to write where a window cannot look at a type.
fn fix(call: Call<'_>, ty: &Type) -> String {
    let (word, of) = (call.word, call.of);
    let way = |of: &str, word: &str| call.way_of(of, word);
    // Without a length of time something else is meant: how many there are, the greatest of a list.
    let timeless = call.args.is_empty();
    match ty {
        Type::List(_) | Type::Map(..) | Type::String if timeless && word == "count" => {
            format!("write `size({of})`")
        }
        Type::List(_) if timeless && word == "min" => format!("write `math.least({of})`"),
        Type::List(_) if timeless && word == "max" => format!("write `math.greatest({of})`"),
        Type::Bool if matches!(word, "avg" | "sum" | "rate" | "increase" | "delta") => {
            format!(
                "ask for the share of samples that are true: `{}`",
                way(of, "share")
            )
        }
        Type::Bool => format!("ask how often it is true: `{}`", way(of, "share")),
        ty if ty.is_number() && takes(word) == Takes::Bools => {
            let compared = format!("({of} > 0)");
            format!("compare it, such as `{}`", way(&compared, word))
        }
        Type::Uint => format!("write `{}`", way(&format!("int({of})"), word)),
        Type::Map(..) => {
            let entry = format!("{of}[\"…\"]");
            format!("name an entry: `{}`", way(&entry, word))
        }
        Type::Struct(fields) => {
            let field = fields.first().map_or("…", |field| field.name.as_ref());
            format!(
                "name a field, such as `{}`",
                way(&format!("{of}.{field}"), word)
            )
        }
        Type::List(_) => {
            format!(
                "look back at how many there are: `{}`",
                way(&format!("size({of})"), "avg")
            )
        }
        Type::Optional(_) => {
            "ask without `?`: what is missing is unknown, and left out of the window".to_owned()
        }
        _ => format!(
            "look back at a condition: `{}`",
            way(&format!("({of} == …)"), "share")
        ),
    }
}

/// What a window gives.
pub(super) fn result(word: &str, of: &Info) -> Info {
    let unitless = of.unit.is_none();
    let per = |unit: &str| unitless.then(|| Unit::parse(unit));
    let kept = || of.unit.clone();
    let (ty, unit) = match word {
        "avg" | "median" | "quantile" | "stddev" => (Type::Double, kept()),
        // A sum of parts is part of nothing.
        "sum" => {
            let ratio = |unit: &Unit| matches!(unit.name(), "ratio" | "percent");
            (of.ty.clone(), kept().filter(|unit| !ratio(unit)))
        }
        "count" | "streak" | "edges" => (Type::Int, None),
        "rate" => (rate(&of.ty), per("per_s")),
        "slope" => (Type::Double, per("per_h")),
        "share" => (Type::Double, Some(Unit::parse("ratio"))),
        "rising" | "falling" => (Type::Bool, None),
        _ => (of.ty.clone(), kept()),
    };
    Info {
        unit,
        ..Info::of(ty)
    }
}

/// The type of so much in each second.
fn rate(of: &Type) -> Type {
    match of {
        Type::Map(key, _) => Type::Map(key.clone(), Type::Double.into()),
        _ => Type::Double,
    }
}
