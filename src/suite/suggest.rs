//! Fixtures that would show what no test shows: searched for by the limits of a rule, tried before they are told. It knows
//! no coverage and no mutants: who asks says what would do.

mod axis;
mod bare;
mod builtin;
mod candidates;
mod change;
mod expects;
mod facts;
mod flow;
mod ground;
mod held;
mod limits;
mod local;
mod search;

use std::sync::Arc;

use super::bound::{Case, Suite};
use super::fixture::Fixture;
use crate::expr::value::{Key, Value};
use crate::policy::{Policy, Rule, Stage};
use ground::Ground;

/// What a fixture is sought for.
#[derive(Clone, Debug, Default)]
pub struct Sought<'q> {
    /// The stages it may judge, those that are tried first in front.
    pub stages: Vec<&'q str>,
    /// The id of the rule it is about, built-in ones included: `stage.bake`.
    pub rule: &'q str,
    /// Values that would do, as far as is known: tried before all others.
    pub hints: Vec<Hint>,
}

/// Values of inputs that would do together.
pub type Hint = Vec<Point>;

/// A value of an input, or of a part of one.
#[derive(Clone, Debug)]
pub struct Point {
    /// The slot of the policy's layout.
    pub slot: usize,
    /// The way into the slot's value.
    pub path: Vec<Key>,
    /// The value in the input's own unit; unknown: none is given.
    pub value: Value,
}

/// A test that is tried.
#[derive(Debug)]
pub struct Tried<'t> {
    /// The suite it is a test of: one for trying, with the same policy.
    pub suite: &'t Suite,
    /// The test as it was read.
    pub case: &'t Case,
    /// The policy that its fixture was made for.
    pub policy: &'t Policy,
    /// What it gives.
    pub fixture: &'t Fixture<'t>,
}

/// What is wanted of a fixture.
pub trait Wanted {
    /// Whether a fixture shows it: the point is seen, or a changed policy comes to another verdict, cause or list.
    fn shows(&mut self, tried: &Tried<'_>) -> bool;

    /// Whether the expectations of a test that shows it are enough to notice: those of the case hold for its policy.
    /// More of them are tried if not.
    fn notices(&mut self, _tried: &Tried<'_>) -> bool {
        true
    }
}

/// A test that has been tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Its name, which no other test of the suite has.
    pub name: String,
    /// One line of YAML to be pasted under `tests`, without its indentation: `- {name: …, given: …, expect: {…}}`.
    pub line: String,
}

/// A test of a suite that shows what is wanted, if one is found within the budget; the same one every time.
#[must_use]
pub fn suggest(suite: &Suite, sought: &Sought<'_>, wanted: &mut dyn Wanted) -> Option<Suggestion> {
    search::search(suite, sought, wanted)
}

/// A rule of the stage that is judged, by its id.
fn find<'g>(ground: &'g Ground<'_>, rule: &str) -> Option<(&'g Stage, &'g Arc<Rule>)> {
    let stage = ground.policy.stage(&ground.stage)?;
    let found = stage.rules.iter().find(|one| one.id.as_ref() == rule)?;
    Some((stage, found))
}
