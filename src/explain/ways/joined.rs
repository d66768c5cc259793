//! Several changes that make a condition what it must be together: one for each test of an `&&`, and none that can be left
//! out. Each is tried; what was thought of and does not do is not told.

use super::{CHANGES, Pick, Search, Way, alike, same};
use crate::expr::value::Value;
use crate::expr::{Goal, Place, Test};

/// The most ways of one part that are carried on.
const CARRIED: usize = 8;
/// The most places that are moved together for one test.
const TOGETHER: usize = 4;
/// The most limits at which all places of one test are tried.
const LIMITS: usize = 16;

impl Search<'_, '_, '_, '_> {
    /// Ways for each test that does not come out as it must, joined as the tests are; a way without a change where it is so
    /// already.
    pub(super) fn joined(&mut self, goal: &Goal) -> Vec<Way> {
        match goal {
            Goal::Test(test) => {
                if self.holds(&[], Some(test)) {
                    return vec![Vec::new()];
                }
                let mut ways: Vec<Way> = Vec::new();
                for place in &test.places {
                    let picks = self.picks(place, &test.limits, Some(test), &[]);
                    ways.extend(picks.into_iter().map(|pick| vec![pick]));
                }
                if ways.is_empty() {
                    let way = self.together(test).or_else(|| self.alike(test));
                    ways.extend(way);
                }
                carried(ways)
            }
            Goal::Any(parts) => {
                let mut ways = Vec::new();
                for part in parts {
                    ways.extend(self.joined(part));
                }
                carried(ways)
            }
            Goal::All(parts) => {
                let mut ways: Vec<Way> = vec![Vec::new()];
                for part in parts {
                    let next = self.joined(part);
                    let pairs = ways
                        .iter()
                        .flat_map(|way| next.iter().map(move |more| (way, more)));
                    ways = carried(pairs.filter_map(|(way, more)| merged(way, more)).collect());
                    if ways.is_empty() {
                        break;
                    }
                }
                ways
            }
        }
    }

    /// The way without what is not needed in it; nothing where it does not make the condition what it must be.
    pub(super) fn least(&mut self, way: Way) -> Option<Way> {
        let mut way = self.mended(way)?;
        let mut index = 0;
        while index < way.len() {
            let mut without = way.clone();
            without.remove(index);
            if self.does(&without) {
                // What was needed before may not be without this one.
                (way, index) = (without, 0);
            } else {
                index = index.saturating_add(1);
            }
        }
        (!way.is_empty()).then_some(way)
    }

    /// A way that does, or what it becomes where a change of one test undoes another.
    fn mended(&mut self, way: Way) -> Option<Way> {
        if way.len() > CHANGES {
            return None;
        }
        if self.does(&way) {
            return Some(way);
        }
        let tests = self.goal();
        let tests = tests.tests();
        let limits: Vec<Value> = tests.iter().flat_map(|test| test.limits.clone()).collect();
        // Each in turn as far as the whole needs it, the others being as they are in the way.
        for index in 0..way.len() {
            let mut others = way.clone();
            let own = others.remove(index);
            for pick in self.picks(&own.place, &limits, None, &others) {
                let mut mended = others.clone();
                mended.insert(index.min(mended.len()), pick);
                if self.does(&mended) {
                    return Some(mended);
                }
            }
        }
        self.repaired(way, 0)
    }

    /// A way with what its own changes ask for beside them, test by test; the first of it stay as they are.
    pub(super) fn repaired(&mut self, mut way: Way, stays: usize) -> Option<Way> {
        let goal = self.goal();
        let tests = goal.required();
        for _ in 0..CHANGES {
            if self.does(&way) {
                return Some(way);
            }
            let changed: Vec<(Place, Value)> = way
                .iter()
                .map(|pick| (pick.place.clone(), pick.edge.nearest.clone()))
                .collect();
            let changed: Vec<(&Place, &Value)> = changed
                .iter()
                .map(|(place, value)| (place, value))
                .collect();
            let mut tests = tests.iter();
            let test = tests.find(|test| !self.holds(&changed, Some(test)))?;
            let is_new = |place: &&Place| {
                let mut way = way.iter();
                !way.any(|pick| same(&pick.place, place) || is_within(&pick.place, place))
            };
            let new = test.places.iter().filter(is_new);
            let mut pick = None;
            for place in new {
                let picks = self.picks(place, &test.limits, Some(test), &way);
                pick = pick.or(picks.into_iter().next());
            }
            match pick {
                Some(pick) => way.push(pick),
                None => way = self.moved(&way, stays, test)?,
            }
        }
        None
    }

    /// A way with one of its changes going further, so that a test comes out as it must.
    fn moved(&mut self, way: &[Pick], stays: usize, test: &Test) -> Option<Way> {
        for index in stays..way.len() {
            let mut others = way.to_vec();
            let own = others.remove(index);
            let picks = self.picks(&own.place, &test.limits, Some(test), &others);
            if let Some(pick) = picks.into_iter().next() {
                others.insert(index, pick);
                return Some(others);
            }
        }
        None
    }

    fn does(&mut self, way: &[Pick]) -> bool {
        let changed = way.iter().map(|pick| (&pick.place, &pick.edge.nearest));
        self.holds(&changed.collect::<Vec<_>>(), None)
    }

    /// Numbers that make a test come out as it must together, none of which does alone: each at an end of what it may be,
    /// and then as near to where it is as the others allow.
    fn together(&mut self, test: &Test) -> Option<Way> {
        let mut movable: Vec<(Place, [Value; 2])> = Vec::new();
        for place in &test.places {
            let Some((range, _)) = self.range(place) else {
                continue;
            };
            let (Some((low, high)), Some(now)) = (range.numbers, &range.now) else {
                continue;
            };
            let ends = match now {
                Value::Double(_) => [Value::Double(low), Value::Double(high)],
                Value::Int(_) => {
                    [low, high].map(|end| Value::Int(crate::expr::int(end).unwrap_or(0)))
                }
                _ => continue,
            };
            movable.push((place.clone(), ends));
        }
        movable.truncate(TOGETHER);
        let ways = 1_usize.checked_shl(u32::try_from(movable.len()).ok()?)?;
        for way in 0..ways {
            let changed = movable
                .iter()
                .enumerate()
                .filter_map(|(index, (place, ends))| {
                    let end = (way >> index) & 1;
                    Some((place, ends.get(end)?))
                });
            let changed: Vec<(&Place, &Value)> = changed.collect();
            if changed.len() > 1 && self.holds(&changed, Some(test)) {
                return self.nearer(test, &changed);
            }
        }
        None
    }

    /// The same with all places of one kind at or beside one limit: what is counted in a list.
    fn alike(&mut self, test: &Test) -> Option<Way> {
        let mut values: Vec<Value> = Vec::new();
        for limit in test.limits.iter().take(LIMITS) {
            values.push(limit.clone());
            match limit {
                Value::Int(limit) => {
                    values
                        .extend([limit.saturating_sub(1), limit.saturating_add(1)].map(Value::Int));
                }
                Value::Double(limit) => {
                    values.extend([limit.next_down(), limit.next_up()].map(Value::Double));
                }
                _ => {}
            }
        }
        values.extend([true, false].map(Value::Bool));
        for value in &values {
            let like = |place: &&Place| place.sort == crate::expr::Sort::of(value);
            let changed: Vec<(&Place, &Value)> = test
                .places
                .iter()
                .filter(like)
                .map(|place| (place, value))
                .collect();
            // All of them, or all but the first: one is to be left.
            for changed in [Some(changed.as_slice()), changed.get(1..)] {
                let changed = changed.filter(|changed| changed.len() > 1);
                if let Some(changed) = changed.filter(|changed| self.holds(changed, Some(test))) {
                    return self.nearer(test, changed);
                }
            }
        }
        None
    }

    fn nearer(&mut self, test: &Test, changed: &[(&Place, &Value)]) -> Option<Way> {
        let mut kept: Vec<(&Place, &Value)> = changed.to_vec();
        // What is not needed stays as it is.
        for (place, _) in changed {
            let without: Vec<(&Place, &Value)> = kept
                .iter()
                .filter(|(other, _)| !same(place, other))
                .copied()
                .collect();
            if self.holds(&without, Some(test)) {
                kept = without;
            }
        }
        let mut way: Way = Vec::new();
        for index in 0..kept.len() {
            let (place, _) = *kept.get(index)?;
            let ends = kept.iter().skip(index.saturating_add(1));
            let mut along: Way = way.clone();
            for (place, end) in ends {
                along.push(Pick::at((*place).clone(), (*end).clone()));
            }
            let pick = self
                .picks(place, &test.limits, Some(test), &along)
                .into_iter()
                .next()?;
            way.push(pick);
        }
        Some(way)
    }
}

/// The ways with the fewest changes, none twice.
fn carried(mut ways: Vec<Way>) -> Vec<Way> {
    ways.retain(|way| way.len() <= CHANGES);
    ways.sort_by_key(Vec::len);
    let mut kept: Vec<Way> = Vec::new();
    for way in ways {
        if kept.len() < CARRIED && !kept.iter().any(|known| alike(known, &way)) {
            kept.push(way);
        }
    }
    kept
}

/// Whether one place is a part of the other.
fn is_within(one: &Place, other: &Place) -> bool {
    let (short, long) = if one.path.len() < other.path.len() {
        (one, other)
    } else {
        (other, one)
    };
    short.slot == long.slot
        && short.path.len() < long.path.len()
        && long.path.starts_with(&short.path)
}

/// Both ways together; nothing where they want one place to be two things.
fn merged(one: &[Pick], other: &[Pick]) -> Option<Way> {
    let mut way = one.to_vec();
    for pick in other {
        // All of it and a part of it are not two things.
        if way.iter().any(|known| is_within(&known.place, &pick.place)) {
            return None;
        }
        match way.iter_mut().find(|known| same(&known.place, &pick.place)) {
            None => way.push(pick.clone()),
            Some(known) => {
                // Of two limits on one side the further one; of two on different sides the one that leaves less, which then is
                // as the whole needs it.
                let side = |op: &str| op.chars().next();
                if side(known.edge.op) != side(pick.edge.op) {
                    let leaves = |op: &str| match side(op) {
                        Some('=') => 0,
                        Some('<' | '>') => 1,
                        _ => 2,
                    };
                    if leaves(pick.edge.op) < leaves(known.edge.op) {
                        *known = pick.clone();
                    }
                    continue;
                }
                let order = known.edge.nearest.order(&pick.edge.nearest)?;
                if match side(pick.edge.op)? {
                    '<' => order.is_gt(),
                    '>' => order.is_lt(),
                    _ if order.is_eq() => false,
                    _ => return None,
                } {
                    *known = pick.clone();
                }
            }
        }
    }
    Some(way)
}
