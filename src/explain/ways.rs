//! What would make a condition true, or false: each way by itself, with all that must change along with it. Found by looking
//! for the nearest value of each place it reads, and tried before it is told; it never decides.

mod axis;
mod bounded;
pub(super) mod edge;
mod held;
mod joined;
mod meet;
pub(super) mod stretch;
mod text;

use std::cmp::Ordering;

use crate::evaluate::World;
use crate::expr::value::{Key, Map, Missing, Value};
use crate::expr::{Budget, Compiled, Place, Test, Tri, brief};
use crate::snapshot::layout::Input;
use crate::verdict::{Change, Operand};
use edge::{Edge, edges};

/// The most ways that are told.
const WAYS: usize = 5;
/// The most changes of one way.
const CHANGES: usize = 16;
/// The longest text that is told as a value; what is cut would not be it.
const TEXT: usize = 1_000;
/// The rank of what lies on the other side of zero than what was ever seen.
const ODD: u8 = 2;

/// The ways that were found.
#[derive(Default)]
pub(super) struct Ways {
    /// The simplest first.
    pub(super) changes: Vec<Change>,
    /// What the inputs that would change are now.
    pub(super) now: Vec<Operand>,
}

/// What is asked of a condition.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) expr: &'a Compiled,
    /// What it must be.
    pub(super) wanted: bool,
    /// Whether only what is missing may change.
    pub(super) missing: bool,
    /// The input whose items a rule speaks for, where it is one.
    pub(super) items: Option<&'a Input>,
}

/// A place with another value.
#[derive(Clone)]
struct Pick {
    place: Place,
    /// How the place is told.
    name: String,
    edge: Edge,
    /// What people change comes before what they do not.
    rank: u8,
}

impl Pick {
    /// A place that has this value for a trial.
    fn at(place: Place, value: Value) -> Self {
        Self {
            name: place.text.clone(),
            place,
            edge: Edge::equal(value),
            rank: 0,
        }
    }
}

impl Pick {
    /// The name of the input it is a part of.
    fn root(&self) -> String {
        let name = self.name.split(['[', '(']).next();
        name.unwrap_or_default().to_owned()
    }
}

/// A way: every pick of it is needed.
type Way = Vec<Pick>;

/// The ways that make a condition what it must be, the simplest first.
pub(super) fn ways(asked: Asked<'_>, world: &mut World<'_>, budget: &mut Budget) -> Ways {
    let was = asked.expr.test(world.slots(), budget);
    budget.forget();
    match was {
        Tri::Unknown(_) if !asked.missing => return Ways::default(),
        Tri::True if asked.wanted => return Ways::default(),
        Tri::False if !asked.wanted => return Ways::default(),
        _ => {}
    }
    let mut search = Search {
        asked,
        world,
        budget,
    };
    let goal = search.goal();
    let mut limits: Vec<Value> = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    for test in goal.tests() {
        limits.extend(test.limits.iter().cloned());
        for place in &test.places {
            if !places.iter().any(|known| same(known, place)) {
                places.push(place.clone());
            }
        }
    }
    let mut found: Vec<Way> = Vec::new();
    for place in &places {
        let single = search.picks(place, &limits, None, &[]);
        found.extend(single.into_iter().map(|pick| vec![pick]));
    }
    let several = search.joined(&goal);
    for way in several {
        let Some(mut way) = search.least(way) else {
            continue;
        };
        // In the order of the text.
        way.sort_by_key(|pick| places.iter().position(|place| same(place, &pick.place)));
        if !found.iter().any(|known| covers(known, &way)) {
            found.push(way);
        }
    }
    let mut changes: Vec<(u8, Change, Way)> = found
        .into_iter()
        .filter_map(|way| {
            let way = search.bounded(way, &limits)?;
            let rank = way.iter().map(|pick| pick.rank).max()?;
            Some((rank, change(&way)?, way))
        })
        .collect();
    changes.sort_by_cached_key(|(rank, change, way)| {
        let text = format!("{} {} {}", change.input, change.op, change.value);
        let root = way.first().map(|pick| pick.place.slot);
        let name = way.first().map(Pick::root);
        (
            way.len(),
            *rank,
            name,
            root,
            distance(way, search.world),
            text,
        )
    });
    // What leads below zero is told only where nothing else does.
    let sensible = changes.iter().any(|(rank, ..)| *rank < ODD);
    changes.retain(|(rank, ..)| *rank < ODD || !sensible);
    changes.truncate(WAYS);
    let mut told = Ways::default();
    for (_, change, way) in changes {
        told.changes.push(change);
        for pick in way.iter().filter(|pick| pick.place.path.is_empty()) {
            told.now.extend(now(pick, search.world));
        }
    }
    told
}

/// How far a way leads from what is: of several parts of one input the one that is nearest comes first. In steps that can be
/// ordered.
fn distance(way: &[Pick], world: &World<'_>) -> u64 {
    let number = |value: &Value| super::values::number(value);
    let far = way.iter().map(|pick| {
        let now = pick.place.value(world.slots()).and_then(number);
        let apart = now.zip(number(&pick.edge.nearest));
        apart.map_or(0.0, |(now, then)| (then - now).abs())
    });
    far.fold(0.0, f64::max).to_bits()
}

/// What a place holds now, if that is known.
fn now(pick: &Pick, world: &World<'_>) -> Option<Operand> {
    let place = &pick.place;
    let value = place.value(world.slots())?;
    if matches!(value, Value::Unknown(_)) {
        return None;
    }
    Some(Operand {
        expr: pick.name.clone(),
        value: brief(value),
        unit: place.unit.as_ref().map(|unit| unit.name().to_owned()),
    })
}

struct Search<'a, 'w, 'p, 'b> {
    asked: Asked<'a>,
    world: &'w mut World<'p>,
    budget: &'b mut Budget,
}

impl Search<'_, '_, '_, '_> {
    fn goal(&mut self) -> crate::expr::Goal {
        self.budget.forget();
        let wanted = self.asked.wanted;
        self.asked
            .expr
            .goal(wanted, self.world.slots(), self.budget)
    }

    /// The nearest values of a place at which a test, or the whole condition, comes out as it must, once `along` has
    /// changed.
    fn picks(
        &mut self,
        place: &Place,
        limits: &[Value],
        test: Option<&Test>,
        along: &[Pick],
    ) -> Vec<Pick> {
        let Some((range, rank)) = self.range(place) else {
            return Vec::new();
        };
        let name = self.name(place);
        let mut picks = Vec::new();
        for (range, rank) in range.sides(rank) {
            let mut fits = |value: &Value| {
                let changed = along.iter().map(|pick| (&pick.place, &pick.edge.nearest));
                let changed: Vec<(&Place, &Value)> = changed.chain([(place, value)]).collect();
                self.holds(&changed, test)
            };
            let found = edges(&range, limits, &mut fits);
            picks.extend(found.into_iter().map(|edge| Pick {
                place: place.clone(),
                name: name.clone(),
                edge,
                rank,
            }));
            if let (true, Some(test)) = (picks.is_empty(), test) {
                let mut order = |value: &Value| self.order(place, value, test);
                let met = meet::meets(&range, limits, &mut order);
                picks.extend(met.into_iter().map(|edge| Pick {
                    place: place.clone(),
                    name: name.clone(),
                    edge,
                    rank,
                }));
            }
            if !picks.is_empty() {
                break;
            }
        }
        picks
    }

    /// Whether a test, or the whole condition, comes out as it must once these places have these values. The world is left
    /// as it was.
    fn holds(&mut self, changed: &[(&Place, &Value)], test: Option<&Test>) -> bool {
        // What has a lowered form pays for no step of its own.
        let copied = changed.iter().map(|(place, _)| self.copied(place));
        let size = copied.fold(self.asked.expr.text().len() / 8, usize::saturating_add);
        if self
            .budget
            .pay(u64::try_from(size).unwrap_or(u64::MAX))
            .is_err()
        {
            return false;
        }
        self.budget.forget();
        let mut before: Vec<(usize, Value)> = Vec::new();
        let mut all = true;
        for (place, value) in changed {
            let held = self.world.value(place.slot).clone();
            match replaced(&held, &place.path, value) {
                Some(trial) => self.world.set(place.slot, trial),
                None => all = false,
            }
            before.push((place.slot, held));
        }
        let asked = self.asked;
        let holds = all
            && match test {
                None => match asked.expr.test(self.world.slots(), self.budget) {
                    Tri::True => asked.wanted,
                    Tri::False => !asked.wanted,
                    Tri::Unknown(_) => false,
                },
                Some(test) => {
                    let is = asked.expr.outcome(test, self.world.slots(), self.budget);
                    is == Some(test.wanted)
                }
            };
        for (slot, held) in before.into_iter().rev() {
            self.world.set(slot, held);
        }
        holds
    }

    /// How many values are copied to put another one into a place.
    fn copied(&self, place: &Place) -> usize {
        let mut value = self.world.value(place.slot);
        let mut copied: usize = 8;
        for key in &place.path {
            let (size, inner) = match (value, key) {
                (Value::Map(map), key) => (map.len(), map.get(key)),
                (Value::List(items), Key::Int(index)) => {
                    let index = usize::try_from(*index).ok();
                    (items.len(), index.and_then(|index| items.get(index)))
                }
                _ => break,
            };
            copied = copied.saturating_add(size);
            let Some(inner) = inner else { break };
            value = inner;
        }
        copied
    }

    /// How both sides of an `==` compare once a place has this value.
    fn order(&mut self, place: &Place, value: &Value, test: &Test) -> Option<Ordering> {
        let size = u64::try_from(self.copied(place)).unwrap_or(u64::MAX);
        self.budget.pay(size).ok()?;
        self.budget.forget();
        let held = self.world.value(place.slot).clone();
        let trial = replaced(&held, &place.path, value)?;
        self.world.set(place.slot, trial);
        let order = self
            .asked
            .expr
            .order_of(test, self.world.slots(), self.budget);
        self.world.set(place.slot, held);
        order
    }
}

fn same(one: &Place, other: &Place) -> bool {
    one.slot == other.slot && one.path == other.path
}

/// Whether two ways change the same places in the same direction.
fn alike(one: &[Pick], other: &[Pick]) -> bool {
    let side = |pick: &Pick| pick.edge.op.chars().next();
    one.len() == other.len()
        && one.iter().all(|pick| {
            let mut others = other.iter();
            others.any(|other| {
                let equal = pick.edge.op == "==" && !is_same(&pick.edge.limit, &other.edge.limit);
                same(&pick.place, &other.place) && side(pick) == side(other) && !equal
            })
        })
}

/// Whether a way tells no more than one that is known. What one place can do by itself is known from all of the condition.
fn covers(known: &[Pick], way: &[Pick]) -> bool {
    match (known, way) {
        ([known], [pick]) => same(&known.place, &pick.place),
        _ => alike(known, way),
    }
}

fn is_same(one: &Value, other: &Value) -> bool {
    one.equals(other) == Some(true)
}

/// A way as it is told: what comes first in the text, and the others along with it.
fn change(way: &[Pick]) -> Option<Change> {
    let long = |pick: &Pick| {
        let long = |value: &Value| matches!(value, Value::String(text) if text.len() > TEXT);
        let value = match &pick.edge.limit {
            Value::List(items) => items.iter().any(long),
            limit => long(limit),
        };
        value || pick.name.len() > TEXT
    };
    if way.iter().any(long) {
        return None;
    }
    let bound = |pick: &Pick, op: &str, limit: &Value| Change {
        input: pick.name.clone(),
        op: op.to_owned(),
        value: brief(limit),
        and: Vec::new(),
    };
    let mut changes = way.iter().flat_map(|pick| {
        let until = pick.edge.until.iter();
        let until = until.map(|until| bound(pick, until.op, &until.limit));
        std::iter::once(bound(pick, pick.edge.op, &pick.edge.limit)).chain(until)
    });
    let mut first = changes.next()?;
    first.and = changes.collect();
    Some(first)
}

/// A value with one part of it replaced, or put where there is none yet.
pub(super) fn replaced(value: &Value, path: &[Key], part: &Value) -> Option<Value> {
    let Some((key, rest)) = path.split_first() else {
        return Some(part.clone());
    };
    let nothing = Value::Unknown(Missing::Absent);
    match value {
        Value::Map(map) => {
            let inner = replaced(map.get(key).unwrap_or(&nothing), rest, part)?;
            let others = map.iter().filter(|(other, _)| other != key).cloned();
            let entries = others.chain([(key.clone(), inner)]);
            Some(Value::Map(Map::new(entries.collect()).into()))
        }
        Value::Unknown(_) if matches!(key, Key::String(_)) => {
            let inner = replaced(&nothing, rest, part)?;
            Some(Value::Map(Map::new(vec![(key.clone(), inner)]).into()))
        }
        Value::List(items) => {
            let Key::Int(index) = key else { return None };
            let index = usize::try_from(*index).ok()?;
            let inner = replaced(items.get(index)?, rest, part)?;
            let mut items: Vec<Value> = items.to_vec();
            *items.get_mut(index)? = inner;
            Some(Value::List(items.into()))
        }
        _ => None,
    }
}
