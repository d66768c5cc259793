//! What a place may hold, as its input is declared, and whether anybody can change it. It never looks for a value.

use super::Search;
use super::edge::Range;
use crate::expr::value::{Key, Missing, Value};
use crate::expr::window::Method;
use crate::expr::{Place, Sort};
use crate::snapshot::layout::{Context, Input, Kind};

impl Search<'_, '_, '_, '_> {
    /// What a place may hold, and how likely somebody can change it; nothing where nobody can.
    pub(super) fn range(&self, place: &Place) -> Option<(Range, u8)> {
        let layout = self.world.layout();
        let mut input = None;
        let mut numbers = None;
        let rank = match layout.kind(place.slot) {
            Some(Kind::Input(index)) => {
                input = layout.inputs().get(index);
                0
            }
            Some(Kind::Baseline(_, index)) => {
                input = layout.inputs().get(index);
                1
            }
            // The clock changes by itself, and what was done before is done.
            Some(Kind::Context(Context::Now | Context::StageEntered | Context::StageElapsed)) => {
                return None;
            }
            Some(Kind::Derived(_)) => return None,
            Some(Kind::Context(_) | Kind::Field(_)) => 1,
            None if place.slot == layout.len() => {
                input = self.asked.items;
                0
            }
            None => {
                (input, numbers) = self.of_window(place.slot);
                0
            }
        };
        // A text in a list says which item it is.
        let in_list = place.path.iter().any(|key| matches!(key, Key::Int(_)));
        let rank = if in_list && place.sort == Sort::String {
            1
        } else {
            rank
        };
        let now = place.value(self.world.slots());
        let missing = match now {
            None => true,
            Some(Value::Unknown(missing)) => {
                // Only time brings what a history is too short for.
                if matches!(
                    missing,
                    Missing::Short | Missing::Costly | Missing::NotEntered
                ) {
                    return None;
                }
                true
            }
            Some(_) => false,
        };
        // The name of an item says which one it is.
        let is_name = place.slot == layout.len()
            && matches!(now, Some(Value::String(_) | Value::Unknown(_)) | None)
            && place.path.is_empty();
        if is_name || (self.asked.missing && !missing) {
            return None;
        }
        let range = Range {
            sort: place.sort,
            now: now.filter(|_| !missing).cloned(),
            numbers: numbers.or(input.and_then(|input| input.range)),
            words: input.and_then(|input| input.values.clone()),
        };
        Some((range, rank))
    }

    /// How a place is told. A named expression of a baseline reads the baseline's inputs by their own names.
    pub(super) fn name(&self, place: &Place) -> String {
        let layout = self.world.layout();
        let Some(Kind::Baseline(index, _)) = layout.kind(place.slot).filter(|_| place.within)
        else {
            return place.text.clone();
        };
        let baseline = layout.baselines().get(index);
        let baseline = baseline.map_or_else(String::new, |one| one.name.replace('-', "_") + ".");
        if place.text.starts_with(&baseline) {
            return place.text.clone();
        }
        baseline + &place.text
    }

    /// What a window looks back at, where its figure is one of those values, and the numbers it can be otherwise.
    fn of_window(&self, slot: usize) -> (Option<&Input>, Option<(f64, f64)>) {
        let windows = self.asked.expr.windows();
        let window = windows.iter().find(|window| window.slot == slot);
        let Some(window) = window else {
            return (None, None);
        };
        let layout = self.world.layout();
        let input = window.of.plain().and_then(|slot| layout.input_of(slot));
        let input = input.and_then(|index| layout.inputs().get(index));
        match window.method {
            Method::Avg
            | Method::Min
            | Method::Max
            | Method::Quantile(_)
            | Method::First
            | Method::Ago => (input, None),
            Method::Share => (None, Some((0.0, 1.0))),
            Method::Count | Method::Stddev | Method::Streak | Method::Edges => {
                (None, Some((0.0, f64::MAX)))
            }
            _ => (None, None),
        }
    }
}
