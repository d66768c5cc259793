//! Windows: `EXPR.avg("10m")` and the like. What is looked at is compiled by itself, and the call becomes the slot that
//! its value is read from. Nothing here finds that value.

mod asked;
mod elsewhere;
mod place;
mod result;

use std::sync::Arc;

use super::{Checker, Info};
use crate::expr::compiled::{Expect, compile};
use crate::expr::duration::parse_duration;
use crate::expr::mistake::Mistake;
use crate::expr::plan::What;
use crate::expr::register::Wanted;
use crate::expr::scope::Rules;
use crate::expr::tree::{At, Id, Kind, Tree};
use crate::expr::value::Value;
use crate::expr::window::{Method, Over};
use crate::source::Code;
pub(super) use elsewhere::ALIASES;

/// The methods that look back over time.
pub(super) const WINDOWS: &[&str] = &[
    "avg", "min", "max", "sum", "count", "median", "quantile", "stddev", "first", "ago", "delta",
    "increase", "rate", "slope", "rising", "falling", "share", "streak", "edges",
];

/// A call of a window method.
#[derive(Clone, Copy)]
struct Call<'t> {
    id: Id,
    /// The method.
    word: &'t str,
    /// What is looked at, as it is written before the dot.
    of: &'t str,
    /// How far it looks back, as far as that can be read.
    length: &'t str,
    target: Id,
    args: &'t [Id],
}

/// What a window is asked, as far as it is known before parameters are set.
enum Asked {
    Now(Method, Over),
    /// A parameter without a value says how far: no verdict is given without it.
    Unset,
}

impl Checker<'_> {
    /// A window method; nothing if it is none.
    pub(super) fn window(&mut self, id: Id, name: At, target: Id, args: &[Id]) -> Option<Info> {
        let word = name.of(self.text);
        // `list.first()` is a function of CEL.
        let other = word == "first" && args.is_empty();
        if self.rules != Rules::Gate || !WINDOWS.contains(&word) || other {
            return None;
        }
        let before = At {
            end: name.start,
            ..self.at(id)
        };
        let of = before.of(self.text).trim_end();
        let tree = self.tree;
        let mut texts = args.iter().filter_map(|arg| written(tree, *arg));
        let call = Call {
            id,
            word,
            of: of.strip_suffix('.').unwrap_or(of).trim_end(),
            length: texts
                .find(|text| *text == "stage" || parse_duration(text).is_ok())
                .unwrap_or("10m"),
            target,
            args,
        };
        Some(self.look(call).unwrap_or_else(Info::error))
    }

    /// Checks a window and plans it; nothing after a mistake.
    fn look(&mut self, call: Call<'_>) -> Option<Info> {
        let told = self.mistakes.len();
        let (slots, lets) = (self.slots.len(), self.lets.len());
        let outer = std::mem::replace(&mut self.looking, true);
        let info = self.check(call.target);
        let info = self.settle(info);
        self.looking = outer;
        let takes = self.takes(call, &info);
        // `list.count()` is told once, as what it is meant to be.
        let asked = (takes || !call.args.is_empty())
            .then(|| self.asked(call, &info))
            .flatten();
        self.placed(call);
        if !takes || self.mistakes.len() > told {
            return None;
        }
        let result = result::result(call.word, &info);
        let load = self.load(&result.ty);
        let Asked::Now(method, over) = asked? else {
            let slot = usize::MAX;
            self.slots.push(slot);
            self.plan(call.id, What::Slot { slot, load });
            return Some(result);
        };
        // What is looked at is evaluated by whoever looks back: here only the window's own slot is read.
        self.slots.truncate(slots);
        self.lets.truncate(lets);
        let slot = self.registered(call, method, over)?;
        self.plan(call.id, What::Slot { slot, load });
        Some(result)
    }

    /// The slot of a window; nothing after a mistake.
    fn registered(&mut self, call: Call<'_>, method: Method, over: Over) -> Option<usize> {
        let scope = self.scope;
        let of = match compile(self.shown(call.target), scope, Expect::Any) {
            Ok(of) => of,
            Err(mistakes) => {
                self.told_of(call, mistakes);
                return None;
            }
        };
        if !self.reads_inputs(call, &of) || !self.leaves_the_clock(call, &of) {
            return None;
        }
        let at = self.at(call.id);
        let Some(register) = scope.register() else {
            self.wrong(
                Mistake::new(
                    Code::UnsupportedFunction,
                    at.range(),
                    format!(
                        "`{}` looks back over a history, and here is none",
                        call.word
                    ),
                )
                .help("ask it in a rule of a policy"),
            );
            return None;
        };
        let text = at.of(self.text);
        let Some(window) = register.window(Wanted {
            text,
            of,
            method,
            over,
        }) else {
            self.wrong(
                Mistake::new(
                    Code::ExpressionLimit,
                    at.range(),
                    "the policy has more than 1,000 windows",
                )
                .help("collect figures upstream and declare them as inputs"),
            );
            return None;
        };
        let slot = window.slot;
        self.slots.push(slot);
        if !self.windows.iter().any(|known| Arc::ptr_eq(known, &window)) {
            self.windows.push(window);
        }
        Some(slot)
    }

    /// What is wrong with the text of what is looked at, at its place in the whole.
    fn told_of(&mut self, call: Call<'_>, mistakes: Vec<Mistake>) {
        let start = self.at(call.target).range().start;
        for mut mistake in mistakes {
            let range = &mistake.range;
            mistake.range = range.start.saturating_add(start)..range.end.saturating_add(start);
            self.mistakes.push(mistake);
        }
    }

    /// A mistake about what a window is called on or with.
    fn misasked(&mut self, range: std::ops::Range<usize>, message: String, help: String) {
        self.wrong(Mistake::new(Code::WrongArgument, range, message).help(help));
    }

    /// Whether a node is a parameter without a value.
    fn is_unset(&self, id: Id) -> bool {
        let step = self.steps.get(id).map(|step| &step.what);
        matches!(
            step,
            Some(What::Slot {
                slot: usize::MAX,
                ..
            })
        )
    }
}

impl Call<'_> {
    /// How it is written right.
    fn way(self) -> String {
        self.way_of(self.of, self.word)
    }

    /// How another one is written that looks back as far.
    fn way_of(self, of: &str, word: &str) -> String {
        elsewhere::way(of, word, self.length)
    }
}

/// A text that is written out.
fn written(tree: &Tree, id: Id) -> Option<&str> {
    match tree.nodes.get(id).map(|node| &node.kind) {
        Some(Kind::Literal(Value::String(text))) => Some(text),
        _ => None,
    }
}
