//! How far all changes of a way may go together: each has the limits up to which the whole condition is what it must be, wherever
//! the others stand within theirs. Where one rests on another, that one is told as one value. It finds no way.

use super::edge::{Edge, is_short};
use super::stretch::extended;
use super::{Pick, Search, Way, same};
use crate::explain::number::decade;
use crate::expr::Place;
use crate::expr::value::Value;

/// The most changes of which every combination of ends is tried.
const CORNERS: usize = 4;
/// The most changes that are told to stand at one value each.
const PINS: usize = 3;

impl Search<'_, '_, '_, '_> {
    /// A way with all its limits, at every one of which it does; nothing where that cannot be told.
    pub(super) fn bounded(&mut self, way: Way, limits: &[Value]) -> Option<Way> {
        let found = way.clone();
        if let Some(way) = self.stretched(way, limits) {
            if self.at_corners(&way) {
                return Some(way);
            }
            for index in 0..way.len() {
                if let Some(tight) = self.tightened(&way, index, limits) {
                    return Some(tight);
                }
            }
            let pinned = (0..way.len())
                .rev()
                .find_map(|index| self.pinned(&way, index, limits));
            if pinned.is_some() {
                return pinned;
            }
        }
        let mut settled = self.settled(&found, 0, limits)?;
        // In the order they were found in; what came to it last.
        settled.sort_by_key(|pick| {
            let place = |other: &Pick| same(&other.place, &pick.place);
            found.iter().position(place).unwrap_or(usize::MAX)
        });
        Some(settled)
    }

    /// Where they leave each other no room: some of them at one value each, as few as can be, and the others as that asks of
    /// them. The first are there for good.
    fn settled(&mut self, way: &[Pick], pins: usize, limits: &[Value]) -> Option<Way> {
        if way.len() < 2 || pins >= PINS {
            return None;
        }
        let mut open: Vec<Way> = Vec::new();
        let mut found: Vec<Way> = Vec::new();
        for index in pins..way.len() {
            let own = way.get(index)?;
            for value in round(&own.edge) {
                let mut pinned = way.get(..pins)?.to_vec();
                pinned.push(Pick {
                    edge: Edge::equal(value),
                    ..own.clone()
                });
                let Some(way) = self.repaired(pinned, pins.saturating_add(1)) else {
                    continue;
                };
                let stretched = self.stretched(way.clone(), limits);
                match stretched.filter(|way| self.at_corners(way)) {
                    Some(way) => {
                        found.push(way);
                        break;
                    }
                    None => open.push(way),
                }
            }
        }
        let told = |way: &Way| {
            let change = super::change(way);
            change.map_or(usize::MAX, |change| {
                crate::explain::reason::told(&change, &|_| None).len()
            })
        };
        let best = found.into_iter().min_by_key(told);
        let further = pins.saturating_add(1);
        best.or_else(|| {
            open.iter()
                .find_map(|way| self.settled(way, further, limits))
        })
    }

    /// Each as far as it goes by itself.
    fn stretched(&mut self, mut way: Way, limits: &[Value]) -> Option<Way> {
        for index in 0..way.len() {
            let pick = way.get(index)?.clone();
            let (range, _) = self.range(&pick.place)?;
            let others: Vec<Pick> = without(&way, index);
            let mut fits = |value: &Value| {
                let along = others.iter().map(|pick| (&pick.place, &pick.edge.nearest));
                let changed: Vec<(&Place, &Value)> = along.chain([(&pick.place, value)]).collect();
                self.holds(&changed, None)
            };
            let edge = extended(pick.edge.clone(), &range, limits, &mut fits)?;
            if let Some(pick) = way.get_mut(index) {
                pick.edge = edge;
            }
        }
        (self.budget.left() > 0).then_some(way)
    }

    /// Whether it does wherever each is: at its near end or at its far one.
    fn at_corners(&mut self, way: &[Pick]) -> bool {
        let far = |pick: &Pick| pick.edge.furthest.clone();
        let movable: Vec<usize> = (0..way.len())
            .filter(|index| way.get(*index).and_then(far).is_some())
            .collect();
        let combinations: Vec<Vec<usize>> = if movable.len() <= CORNERS {
            let all = 1_usize
                .checked_shl(u32::try_from(movable.len()).unwrap_or(0))
                .unwrap_or(1);
            let chosen = |number: usize| {
                let set = movable.iter().enumerate();
                let set = set.filter(|(bit, _)| (number >> bit) & 1 == 1);
                set.map(|(_, index)| *index).collect()
            };
            (0..all).map(chosen).collect()
        } else {
            let one = movable.iter().map(|index| vec![*index]);
            let rest = |gone: &usize| {
                let left = movable.iter().filter(|index| *index != gone);
                left.copied().collect()
            };
            let all_but = movable.iter().map(rest);
            one.chain(all_but)
                .chain([Vec::new(), movable.clone()])
                .collect()
        };
        combinations.iter().all(|moved| {
            let values: Vec<Value> = way
                .iter()
                .enumerate()
                .map(|(index, pick)| {
                    let moved = moved.contains(&index);
                    let far = far(pick).filter(|_| moved);
                    far.unwrap_or_else(|| pick.edge.nearest.clone())
                })
                .collect();
            let changed: Vec<(&Place, &Value)> =
                way.iter().map(|pick| &pick.place).zip(&values).collect();
            self.holds(&changed, None)
        })
    }

    /// The same with one value as far as it may go with all others at their far ends, where those are limits.
    fn tightened(&mut self, way: &[Pick], index: usize, limits: &[Value]) -> Option<Way> {
        let own = way.get(index)?;
        let mut along = without(way, index);
        for pick in &mut along {
            let (range, _) = self.range(&pick.place)?;
            let ends = pick.edge.until.is_some() || range.numbers.is_some();
            let far = pick.edge.furthest.clone().filter(|_| ends);
            pick.edge.nearest = far?;
        }
        let picks = self.picks(&own.place, limits, None, &along);
        let pick = picks.into_iter().find(|pick| side(pick) == side(own))?;
        (pick.rank == own.rank).then_some(())?;
        let mut tight = way.to_vec();
        *tight.get_mut(index)? = pick;
        let tight = self.stretched(tight, limits)?;
        self.at_corners(&tight).then_some(tight)
    }

    /// The same with one of them at one value, and the others as far as they may go then.
    fn pinned(&mut self, way: &[Pick], index: usize, limits: &[Value]) -> Option<Way> {
        let own = way.get(index)?;
        for value in round(&own.edge) {
            let mut way = way.to_vec();
            way.get_mut(index)?.edge = Edge::equal(value);
            for other in (0..way.len()).filter(|other| *other != index) {
                let along = without(&way, other);
                let was = way.get(other)?.clone();
                let picks = self.picks(&was.place, limits, None, &along);
                let found = picks.into_iter().find(|pick| side(pick) == side(&was));
                if let Some(found) = found {
                    *way.get_mut(other)? = found;
                }
            }
            let Some(way) = self.stretched(way, limits) else {
                continue;
            };
            if self.at_corners(&way) {
                return Some(way);
            }
        }
        None
    }
}

fn without(way: &[Pick], index: usize) -> Vec<Pick> {
    let mut others = way.to_vec();
    if index < others.len() {
        others.remove(index);
    }
    others
}

fn side(pick: &Pick) -> Option<char> {
    pick.edge.op.chars().next()
}

/// Values a person would choose within a limit: the limit itself, and round ones a little further on.
fn round(edge: &Edge) -> Vec<Value> {
    let mut values = vec![edge.limit.clone()];
    match (&edge.limit, edge.op.starts_with('>')) {
        (Value::Double(limit), up) => {
            let unit = if *limit == 0.0 {
                Some(1.0)
            } else {
                decade(*limit)
            };
            for part in [1.0, 0.1, 0.01] {
                let step = unit.unwrap_or(1.0) * part;
                let moved = if up { limit + step } else { limit - step };
                // As few digits as a person would give.
                values.extend(format!("{moved:.6e}").parse().ok().map(Value::Double));
            }
        }
        (Value::Int(limit), true) => values.push(Value::Int(limit.saturating_add(1))),
        (Value::Int(limit), false) => values.push(Value::Int(limit.saturating_sub(1))),
        _ => {}
    }
    values.push(edge.nearest.clone());
    values.retain(is_short);
    values
}
