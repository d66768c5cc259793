//! Calls: which function is meant, and whether its arguments fit.

use std::sync::Arc;

use super::members::has_needs_field;
use super::{Checker, Info};
use crate::expr::fault::Reason;
use crate::expr::functions::{self, Function, Overload};
use crate::expr::mistake::Mistake;
use crate::expr::pattern::Pattern;
use crate::expr::plan::What;
use crate::expr::scope::Rules;
use crate::expr::tree::{At, Id};
use crate::expr::types::Type;
use crate::source::Code;

impl Checker<'_> {
    /// `name(args)` or `of.name(args)`
    pub(super) fn call(
        &mut self,
        id: Id,
        name: At,
        of: Option<Id>,
        args: &[Id],
        rooted: bool,
    ) -> Info {
        let word = name.of(self.text);
        if args.iter().any(|arg| self.tree.is_broken(*arg)) {
            // What is asked is not known: the macro's variable may be what could not be read.
            return Info::error();
        }
        let Some(target) = of else {
            if !rooted && let Some(info) = self.special(id, name, args) {
                return info;
            }
            return self.function(id, name, word, None, args);
        };
        // `math.abs(x)`: a function in a namespace, unless something of that name is declared.
        if let Some(dotted) = self.dotted(target) {
            let free =
                self.local(dotted.root).is_none() && self.scope.resolve(&dotted.name).is_none();
            if free && is_namespace(&dotted.name) {
                let qualified = format!("{}.{word}", dotted.name);
                return self.function(id, self.at(target).to(name), &qualified, None, args);
            }
        }
        if let Some(info) = self.otherwise(id, name, target, args) {
            return info;
        }
        if let Some(info) = self.window(id, name, target, args) {
            return info;
        }
        self.function(id, name, word, Some(target), args)
    }

    /// A function of the table.
    fn function(&mut self, id: Id, at: At, word: &str, of: Option<Id>, args: &[Id]) -> Info {
        // `exists(x)` asks whether there is a value, and is no macro.
        let asks = word == "exists" && of.is_none() && args.len() <= 1;
        if !asks && let Some(info) = self.refused(id, at, word) {
            return info;
        }
        let all: Vec<Id> = of.into_iter().chain(args.iter().copied()).collect();
        let told = self.mistakes.len();
        if word == "format" {
            self.mixed = args.last().copied();
        }
        let mut infos = Vec::with_capacity(all.len());
        for arg in &all {
            let info = self.check(*arg);
            infos.push(self.settle(info));
        }
        let Some(function) = functions::find(word) else {
            return self.unknown(id, at, word, (of, args), told);
        };
        let method = of.is_some();
        self.widen(function, &all, &mut infos);
        let result = resolve(function, method, &infos);
        let Some(ty) = result else {
            return self.wrong_arguments(id, at, function, method, &all, &infos);
        };
        if !self.plan_matches(id, function, &all) {
            self.plan(
                id,
                What::Call {
                    function,
                    args: all.clone(),
                },
            );
        }
        self.check_text(id, function, &all);
        self.check_share(function.name, &all, &infos);
        if let (true, [left, right], [a, b]) = (function.name.starts_with("sets."), &*all, &*infos)
        {
            self.listed_value(*right, (*left, a), b);
            self.listed_value(*left, (*right, b), a);
        }
        self.fold_constant(id, &all);
        let literal = matches!(function.name, "dyn")
            && infos.iter().all(|info| info.literal)
            && ty != Type::Dyn;
        // What keeps the size of a number keeps its unit.
        let keeps = matches!(
            function.name,
            "double" | "int" | "math.abs" | "dyn" | "math.round" | "math.ceil" | "math.floor"
        );
        let extreme = function.name == "math.greatest" || function.name == "math.least";
        let keeps = keeps
            || (extreme
                && infos
                    .iter()
                    .all(|info| info.unit == infos.first().and_then(|first| first.unit.clone())));
        let ty = match function.name {
            _ if extreme => self.extreme(function.name, &all, &infos),
            "flatten" => self.flattened(&all, &infos),
            "sort" => {
                self.must_have_order(&all, &infos);
                ty
            }
            // The types of a policy are always known: there is nothing to be given up.
            "dyn" if self.rules == Rules::Gate => infos.first().map_or(ty, |info| info.ty.clone()),
            _ => ty,
        };
        if KEEPS_PART.contains(&function.name) {
            let first = infos.first().cloned().unwrap_or_else(Info::error);
            return Info {
                unit: first.unit,
                values: first.values,
                open: first.open && ty != Type::Dyn || function.name == "optional.none",
                ..Info::of(ty)
            };
        }
        let unit = infos
            .first()
            .filter(|info| keeps && info.ty.is_number())
            .and_then(|info| info.unit.clone());
        Info {
            unit,
            literal,
            ..Info::of(ty)
        }
    }

    /// Makes whole-number literals doubles where only a double fits, or where doubles stand beside them.
    fn widen(&mut self, function: &Function, all: &[Id], infos: &mut [Info]) {
        let literal = |info: &Info| info.ty == Type::Int && info.literal;
        let among_doubles =
            function.name.starts_with("math.") && infos.iter().any(|info| info.ty == Type::Double);
        let no_other = function
            .overloads
            .iter()
            .all(|overload| overload.args == [functions::Sig::Double]);
        if self.rules != Rules::Gate || !(among_doubles || no_other) {
            return;
        }
        for (id, info) in all.iter().zip(infos) {
            if literal(info) {
                self.make_double(*id);
                info.ty = Type::Double;
            }
        }
    }

    /// `matches` is a step of its own: a constant pattern is compiled now. Whether it was one.
    fn plan_matches(&mut self, id: Id, function: &Function, args: &[Id]) -> bool {
        let ("matches", [of, pattern]) = (function.name, args) else {
            return false;
        };
        let Some(crate::expr::value::Value::String(text)) = self.constant(*pattern) else {
            self.plan(
                id,
                What::Search {
                    of: *of,
                    pattern: *pattern,
                },
            );
            return true;
        };
        let text = Arc::clone(text);
        match self.pattern(&text) {
            Ok(compiled) => self.plan(
                id,
                What::Matches {
                    of: *of,
                    pattern: Arc::new(compiled),
                },
            ),
            Err(reason) if self.rules == Rules::Gate => {
                let at = self.at(*pattern);
                self.wrong(
                    Mistake::new(
                        Code::BadConstant,
                        at.range(),
                        "the text is not a regular expression",
                    )
                    .label(reason)
                    .help("write a backslash as `\\\\`, or the text as `r\"…\"`"),
                );
            }
            Err(_) => self.plan(id, What::Fail(Reason::BadPattern)),
        }
        true
    }

    /// A constant pattern, compiled, as long as the expression may have more of them.
    fn pattern(&mut self, text: &str) -> Result<Pattern, String> {
        let pattern = Pattern::compile(text)?;
        self.patterns = self
            .patterns
            .checked_sub(pattern.size())
            .ok_or("the patterns of this expression take more than 4 MiB when compiled")?;
        Ok(pattern)
    }

    /// A constant text that must be a duration or an instant.
    fn check_text(&mut self, id: Id, function: &Function, args: &[Id]) {
        let [only] = args else { return };
        let Some(crate::expr::value::Value::String(text)) = self.constant(*only) else {
            return;
        };
        if self.rules != Rules::Gate {
            return;
        }
        let at = self.at(*only);
        let mistake = match function.name {
            "duration" if crate::expr::duration::parse_cel(text).is_none() => {
                let message = format!("`{text}` is not a duration");
                Mistake::new(Code::BadConstant, at.range(), message)
                    .help(crate::expr::duration::advice(text))
            }
            "timestamp"
                if (function.run)(
                    &[crate::expr::value::Value::String(text.clone())],
                    &mut crate::expr::Budget::default(),
                )
                .is_err() =>
            {
                Mistake::new(
                    Code::BadConstant,
                    at.range(),
                    format!("`{text}` is not a timestamp"),
                )
                .help(if text.len() == 10 && !text.contains(':') {
                    format!("write the time of day too: `{text}T00:00:00Z`")
                } else {
                    "write it as `2025-10-16T10:05:00Z`".to_owned()
                })
            }
            _ => return,
        };
        self.plan(id, What::Fail(Reason::Conversion));
        self.wrong(mistake);
    }

    /// A function nobody knows.
    fn unknown(
        &mut self,
        id: Id,
        at: At,
        word: &str,
        (of, args): (Option<Id>, &[Id]),
        told: usize,
    ) -> Info {
        if self.rules == Rules::Unchecked {
            self.plan(id, What::Fail(Reason::WrongType));
            return Info::error();
        }
        let mistake = Mistake::new(
            Code::UnknownFunction,
            at.range(),
            format!("there is no function `{word}`"),
        );
        let (help, look) = self.meant_function(word, of, args);
        if !look {
            self.mistakes.truncate(told);
        }
        self.wrong(mistake.help(help))
    }

    /// A known function called with what it does not take.
    fn wrong_arguments(
        &mut self,
        id: Id,
        at: At,
        function: &'static Function,
        method: bool,
        all: &[Id],
        infos: &[super::Info],
    ) -> Info {
        if self.rules == Rules::Unchecked {
            self.plan(
                id,
                What::Call {
                    function,
                    args: all.to_vec(),
                },
            );
            return Info::error();
        }
        let name = function.name;
        let ways: Vec<String> = function
            .overloads
            .iter()
            .map(|overload| way(name, overload))
            .collect();
        let help = match (name, infos) {
            (
                "contains",
                [
                    Info {
                        ty: Type::List(_), ..
                    },
                    _,
                ],
            ) => {
                let [list, item] = [0, 1].map(|at| all.get(at).map_or("", |id| self.shown(*id)));
                format!("write `{item} in {list}`")
            }
            ("first", [info]) if info.ty.is_number() || info.ty == Type::Bool => {
                let of = all.first().map_or("", |id| self.shown(*id));
                format!("write how far it looks back: `{of}.first(\"10m\")`")
            }
            _ => format!("it is called as {}", ways.join(" or ")),
        };
        let here: Vec<&Overload> = function
            .overloads
            .iter()
            .filter(|overload| overload.method == method)
            .collect();
        let range = self.at(id).range();
        let (range, message) = if here.is_empty() {
            (
                range,
                if method {
                    format!("`{name}` is not called on a value")
                } else {
                    format!("`{name}` is called on a value")
                },
            )
        } else if here.iter().all(|overload| !overload.takes(all.len())) {
            let given = all.len().saturating_sub(usize::from(method));
            let plural = if given == 1 { "argument" } else { "arguments" };
            (range, format!("`{name}` does not take {given} {plural}"))
        } else {
            let same: Vec<&&Overload> = here
                .iter()
                .filter(|overload| overload.takes(all.len()))
                .collect();
            // The first argument that fits no overload is the one to point at.
            let bad = (0..all.len()).find(|at| {
                !same.iter().any(|overload| {
                    overload
                        .arg(*at)
                        .zip(infos.get(*at))
                        .is_some_and(|(sig, info)| sig.fits(&info.ty, &mut None))
                })
            });
            match bad.and_then(|at| all.get(at).zip(infos.get(at))) {
                Some((arg, info)) => (
                    self.at(*arg).range(),
                    format!(
                        "`{name}` does not take `{}` of type `{}`",
                        self.shown(*arg),
                        info.ty
                    ),
                ),
                None => (
                    range,
                    format!("the arguments of `{name}` do not fit together"),
                ),
            }
        };
        let _ = at;
        self.wrong(Mistake::new(Code::WrongArgument, range, message).help(help))
    }

    /// `has` that is not asked of a field.
    pub(super) fn has_of_name(&mut self, id: Id, args: &[Id]) -> Info {
        let shown = args.first().map_or("", |arg| self.shown(*arg));
        let mistake = if args.len() == 1 {
            has_needs_field(self.at(id), shown)
        } else {
            Mistake::new(
                Code::WrongArgument,
                self.at(id).range(),
                "`has` takes one field",
            )
            .help("write `has(x.field)`")
        };
        self.wrong(mistake)
    }
}

/// The functions whose result is their argument or a part of it, with its unit and its texts.
const KEEPS_PART: &[&str] = &[
    "optional.of",
    "optional.none",
    "optional.ofNonZeroValue",
    "optional.unwrap",
    "unwrapOpt",
    "value",
    "first",
    "last",
];

/// The type of a call, if an overload takes these arguments.
fn resolve(function: &Function, method: bool, infos: &[Info]) -> Option<Type> {
    let mut result: Option<Type> = None;
    for overload in function
        .overloads
        .iter()
        .filter(|overload| overload.method == method && overload.takes(infos.len()))
    {
        let mut bound = None;
        let fits = infos.iter().enumerate().all(|(at, info)| {
            let sig = overload.arg(at);
            sig.is_some_and(|sig| sig.fits(&info.ty, &mut bound))
        });
        if fits {
            let ty = overload.result.ty(bound.as_ref());
            // Where two overloads fit, what the argument will be is not known: neither is the result.
            result = Some(if result.is_none_or(|have| have == ty) {
                ty
            } else {
                Type::Dyn
            });
        }
    }
    result
}

/// Whether functions stand under this name.
fn is_namespace(name: &str) -> bool {
    matches!(
        name,
        "math" | "strings" | "base64" | "sets" | "lists" | "optional" | "cel" | "proto" | "ip"
    )
}

/// How an overload is called.
fn way(name: &str, overload: &Overload) -> String {
    let mut args: Vec<&str> = overload.args.iter().map(|sig| sig.name()).collect();
    if overload.method && !args.is_empty() {
        let target = args.remove(0);
        return format!("`{target}.{name}({})`", args.join(", "));
    }
    format!("`{name}({})`", args.join(", "))
}
