//! The names an expression may use and what they stand for.
//!
//! It holds declarations only, never a value that changes.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use super::compiled::Compiled;
use super::register::Register;
use super::types::Type;
use super::units::Unit;
use super::value::Value;
use super::window::Window;

/// What a name in an expression stands for.
#[derive(Clone, Debug)]
pub enum Binding {
    /// A value that is known only when a snapshot is at hand.
    Slot(Variable),
    /// A value that never changes, folded into the plan.
    Constant {
        /// The value.
        value: Value,
        /// Its declared type.
        ty: Type,
        /// The unit of its number.
        unit: Option<Unit>,
    },
    /// A named expression.
    Let(Arc<Compiled>),
}

/// A name whose value comes from a slot.
#[derive(Clone, Debug)]
pub struct Variable {
    /// The index of its value in the slots.
    pub slot: usize,
    /// Its type.
    pub ty: Type,
    /// The unit of its numbers (of the leaves of a list, map or struct).
    pub unit: Option<Unit>,
    /// The texts it can be, where they are listed.
    pub values: Option<Arc<[Arc<str>]>>,
}

/// How strictly an expression is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rules {
    /// The policy language: CEL, and what surely is a slip in a gate (a whole-number division, a constant without a
    /// value) is a mistake.
    #[default]
    Gate,
    /// CEL as cel-spec has it: what the policy language forbids beyond it is allowed.
    Cel,
    /// CEL without its type checker: what does not fit is found when it runs.
    Unchecked,
}

/// The names an expression may use. Names may have dots: `stage.name`, `before.error_rate`.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    names: BTreeMap<Arc<str>, Binding>,
    rules: Rules,
    container: Option<Arc<str>>,
    register: Option<Register>,
}

impl Scope {
    /// A scope without names, under the rules of the policy language.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same names under other rules.
    #[must_use]
    pub fn rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// The same names, looked up first inside a container, as CEL's name resolution has it: in the container `a.b`, the
    /// name `x` is `a.b.x`, else `a.x`, else `x`.
    #[must_use]
    pub fn container(mut self, container: impl Into<Arc<str>>) -> Self {
        self.container = Some(container.into());
        self
    }

    /// The same names, for expressions that may look back over a history: their windows are read from this slot on, and
    /// identical ones from one slot, in all copies of this scope. The slot before it is that of the item of a `for_each`:
    /// what looks back at that shares nothing.
    #[must_use]
    pub fn windows(mut self, first_slot: usize) -> Self {
        self.register = Some(Register::new(first_slot));
        self
    }

    /// The windows of all expressions that were compiled with this scope or a copy of it, in the order of their slots.
    #[must_use]
    pub fn registered(&self) -> Vec<Arc<Window>> {
        self.register
            .as_ref()
            .map(Register::windows)
            .unwrap_or_default()
    }

    /// Declares a name; gives back what it stood for before, which it now hides.
    pub fn declare(&mut self, name: impl Into<Arc<str>>, binding: Binding) -> Option<Binding> {
        self.names.insert(name.into(), binding)
    }

    /// What a name stands for.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Binding> {
        self.names.get(name)
    }

    /// What a name written without a leading dot stands for, the container considered.
    pub(crate) fn resolve(&self, name: &str) -> Option<&Binding> {
        if let Some(container) = &self.container {
            let mut prefix = container.as_ref();
            while !prefix.is_empty() {
                if let Some(found) = self.names.get(format!("{prefix}.{name}").as_str()) {
                    return Some(found);
                }
                prefix = prefix.rsplit_once('.').map_or("", |(outer, _)| outer);
            }
        }
        self.names.get(name)
    }

    /// Whether names begin with this one and a dot.
    pub(crate) fn namespace(&self, name: &str) -> Option<&str> {
        let prefix = format!("{name}.");
        self.names
            .range::<str, _>((Bound::Included(prefix.as_str()), Bound::Unbounded))
            .next()
            .map(|(found, _)| found.as_ref())
            .filter(|found| found.starts_with(&prefix))
    }

    /// The declared names, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(AsRef::as_ref)
    }

    /// Where windows get their slots; nothing where there is no history.
    pub(super) fn register(&self) -> Option<&Register> {
        self.register.as_ref()
    }

    /// How strictly expressions are checked.
    pub(crate) fn checked_by(&self) -> Rules {
        self.rules
    }
}
