//! Where a window may stand, and what it may look at: not inside a macro or another window, at some input, and where it
//! compares two instants not at the clock.

use super::super::{Checker, Each, Local};
use super::Call;
use crate::expr::compiled::Compiled;
use crate::expr::mistake::Mistake;
use crate::expr::plan::What;
use crate::expr::register::Register;
use crate::expr::scope::{Binding, Scope};
use crate::expr::tree::{At, Id};
use crate::expr::types::Type;
use crate::source::Code;

/// The names of the clock: they differ at any two instants.
const CLOCK: &[&str] = &["now", "stage.elapsed"];
/// The names of what no sample gives: they have no history that samples could tell.
const MADE: &[&str] = &[
    "records", "data", "verdict", "fired", "unmet", "held", "unknown", "pending",
];

impl Checker<'_> {
    /// A window inside another one, inside a macro, or at a name of `cel.bind`.
    pub(super) fn placed(&mut self, call: Call<'_>) {
        let range = self.at(call.id).range();
        if self.looking {
            let shown = self.shown(call.id);
            let message = format!("`{shown}` stands inside of another window");
            let help = "look back at inputs only: collect the inner figure upstream, and declare it as an input";
            self.wrong(Mistake::new(Code::NestedWindow, range, message).help(help));
            return;
        }
        let used = self.used(call.target);
        let Some(each) = self.locals.iter().rev().find_map(|local| local.each) else {
            if let Some(local) = used {
                let name = local.name.of(self.text);
                let message = format!("`{name}` is a name of `cel.bind`, which has no history");
                let help = format!("write out what `{name}` stands for before `.{}`", call.word);
                self.misasked(self.at(call.target).range(), message, help);
            }
            return;
        };
        let message = format!(
            "the window `{}` stands inside of `{}`",
            self.shown(call.id),
            each.word
        );
        let help = self.instead(call, each, used);
        self.wrong(Mistake::new(Code::NestedWindow, range, message).help(help));
    }

    /// What to write instead of a window inside a macro.
    fn instead(&self, call: Call<'_>, each: Each, used: Option<&Local>) -> String {
        let whole = self.shown(call.id);
        let Some(local) = used else {
            return format!("name it before: `cel.bind(figure, {whole}, …)`");
        };
        let (name, list) = (local.name.of(self.text), self.shown(each.of));
        let key = local.info.ty == Type::String;
        if each.map && key {
            return format!(
                "give the rule `for_each: {{{name}: {list}}}`, and write `{whole}` without the macro"
            );
        }
        if each.map {
            let way = call.way_of(&format!("{list}[key]"), call.word);
            return format!(
                "give the rule `for_each: {{key: {list}}}`, and write `{way}` without the macro"
            );
        }
        "an item of a list has no history: declare a map, and give the rule `for_each: {key: …}`"
            .to_owned()
    }

    /// A named expression that looks back itself, where no window may stand. Whether it was one.
    pub(in crate::expr::check) fn looks_back(&mut self, id: Id, named: &Compiled) -> bool {
        let Some(window) = named.windows.first() else {
            return false;
        };
        let (shown, inner) = (self.shown(id), &window.text);
        let each = self.locals.iter().rev().find_map(|local| local.each);
        let (message, help) = if self.looking {
            (
                format!("`{shown}` looks back itself, with `{inner}`, and stands inside of another window"),
                "look back at inputs only: collect the inner figure upstream, and declare it as an input".to_owned(),
            )
        } else if let Some(each) = each {
            (
                format!(
                    "`{shown}` looks back, with `{inner}`, and stands inside of `{}`",
                    each.word
                ),
                format!("name it before: `cel.bind(figure, {shown}, …)`"),
            )
        } else {
            return false;
        };
        let range = self.at(id).range();
        self.wrong(Mistake::new(Code::NestedWindow, range, message).help(help));
        true
    }

    /// The variable of a macro or of `cel.bind` around a node that it uses, if it uses one.
    fn used(&self, target: Id) -> Option<&Local> {
        let (within, outer) = (self.at(target), self.next_local());
        let inside = |at: At| within.start <= at.start && at.end <= within.end;
        let index = self.steps.iter().find_map(|step| match step.what {
            What::Local { index, .. } if index < outer && inside(step.at) => Some(index),
            _ => None,
        })?;
        self.locals.iter().find(|local| local.index == index)
    }

    /// Whether what is looked at reads anything that samples give; otherwise a mistake.
    pub(super) fn reads_inputs(&mut self, call: Call<'_>, of: &Compiled) -> bool {
        let made = |name: &&&str| {
            slot(self.scope, name).is_some_and(|slot| of.slots.binary_search(&slot).is_ok())
        };
        if let Some(name) = MADE.iter().find(made) {
            let message = format!("`{}` looks back at inputs, and `{name}` is none", call.word);
            let help = format!("write `{name}` outside of the window");
            self.misasked(self.at(call.target).range(), message, help);
            return false;
        }
        let item = self.scope.register().and_then(Register::item);
        let context = context(self.scope);
        // A parameter that is not set, or a name that is wrong where it is declared: nothing can be said.
        let reads = |slot: &usize| Some(*slot) != item && !context.contains(slot);
        if of.slots.iter().any(reads) {
            return true;
        }
        let (word, shown) = (call.word, call.of);
        let message = format!("`{word}` looks back at inputs, and `{shown}` reads none");
        let help = format!("write the name of an input before `.{word}`");
        self.misasked(self.at(call.target).range(), message, help);
        false
    }

    /// Whether a window that compares two instants looks at something else than the clock; otherwise a mistake.
    pub(super) fn leaves_the_clock(&mut self, call: Call<'_>, of: &Compiled) -> bool {
        let word = call.word;
        if !matches!(word, "ago" | "delta" | "increase" | "rate") {
            return true;
        }
        let clock = CLOCK.iter().find(|name| {
            slot(self.scope, name).is_some_and(|slot| of.slots.binary_search(&slot).is_ok())
        });
        let Some(name) = clock else {
            return true;
        };
        let message =
            format!("`{word}` compares with an earlier instant, and `{name}` was another one then");
        let help = format!("compare with `{name}` outside of the window");
        self.misasked(self.at(call.target).range(), message, help);
        false
    }
}

/// The slots of what no sample gives as a measurement: the stage, the subject and the clock.
fn context(scope: &Scope) -> Vec<usize> {
    let names = scope.names().filter(|name| {
        *name == "now" || name.starts_with("stage.") || name.starts_with("subject.")
    });
    names.filter_map(|name| slot(scope, name)).collect()
}

fn slot(scope: &Scope, name: &str) -> Option<usize> {
    match scope.get(name)? {
        Binding::Slot(variable) => Some(variable.slot),
        Binding::Constant { .. } | Binding::Let(_) => None,
    }
}
