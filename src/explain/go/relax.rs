//! The limits of a plan held against all rules at once: each as near to what its value is now as a go allows, and where it ends
//! to be one further on, that limit too. Only whether a plan goes is asked; what cannot be told so is told as one value.

mod alone;
mod bound;
mod room;

use serde_json::Value as Json;

use super::ask::{Ask, Of};
use super::target::{known, part};
use super::{Found, Scene, goes};
use crate::explain::ways::edge::{Edge, Range, beside, edges};
use crate::explain::ways::stretch::extended;
use crate::expr::value::Value;
use crate::expr::{Sort, brief};
pub(super) use alone::alone;
use bound::{Bound, at, is_at, is_beside, with};

/// The most values whose limits are looked for again.
const TARGETS: usize = 8;
/// The most values of which every combination of ends is tried.
const CORNERS: usize = 4;
/// From here on not every whole number is one of 64 bits with a fraction.
const APART: f64 = 9_007_199_254_740_992.0;
/// The steps that looking for those of one rule may take.
const TRIALS: u64 = 100_000;
/// How far beyond a limit a value is tried, in parts of it.
const FAR: [f64; 6] = [0.01, 0.3, 1.0, 4.0, 20.0, 100.0];
/// How far back a value is moved to see whether its limit is the nearest one.
const NEARER: f64 = 0.001;
/// Between limits that are no further apart, in parts of them, there is nothing to choose.
const NARROW: f64 = 1e-6;
/// How far within a limit a value lies, in parts of it.
const STEP: f64 = 1e-9;
/// How many digits are told of such a limit.
const FEWER: usize = 8;
/// Up to here a limit is only moved by that.
const BESIDE: f64 = 1e-8;
/// The most samples that are imagined at once to look for limits again.
const SAMPLES: i64 = 10_000;
/// How often it is asked to find one limit.
const ASKED: i64 = 300;

/// The plan with the limits up to which it goes; as it was where that is too dear to find.
pub(super) fn relaxed(scene: &Scene<'_, '_>, found: Found) -> Found {
    let better = within(scene, || {
        let mut relax = Relax {
            scene,
            found: found.clone(),
        };
        let bounds = relax.bounds();
        if bounds.len() <= TARGETS {
            for bound in bounds {
                relax.one(&bound);
            }
            for bound in relax.open_ones() {
                relax.close(&bound);
            }
        }
        relax.found
    });
    better.unwrap_or(found)
}

/// Whether it goes wherever each value is within its limits, at its near end or at its far one, as far as that is not too dear
/// to tell.
pub(super) fn goes_throughout(scene: &Scene<'_, '_>, found: &Found) -> bool {
    within(scene, || at_corners(scene, found)).unwrap_or(true)
}

fn at_corners(scene: &Scene<'_, '_>, found: &Found) -> bool {
    let relax = Relax {
        scene,
        found: found.clone(),
    };
    let bounds = relax.bounds();
    let far: Vec<(&Bound, Json)> = bounds
        .iter()
        .take(CORNERS)
        .filter_map(|bound| Some((bound, relax.far(bound)?)))
        .collect();
    // Each by itself at all it may be and rules may change at, the others at their near ends and at their far ones.
    let levels = |bound: &Bound| {
        let mut levels = relax.hints(bound);
        levels.extend(FAR.map(|far| bound.moved(far)));
        levels.retain(|level| relax.is_asked(bound, *level));
        levels
    };
    let alone = |bound: &Bound| {
        let mut others = found.plan.clone();
        for (other, far) in far.iter().filter(|(other, _)| !std::ptr::eq(*other, bound)) {
            others = at(&others, other, far);
        }
        let is_alone = bounds.len() < 2;
        levels(bound).into_iter().all(|level| {
            let level = bound.json(level);
            goes(scene, &at(&found.plan, bound, &level), found.at)
                && (is_alone || goes(scene, &at(&others, bound, &level), found.at))
        })
    };
    if !bounds.iter().all(alone) {
        return false;
    }
    let all = 1_usize
        .checked_shl(u32::try_from(far.len()).unwrap_or(0))
        .unwrap_or(1);
    (1..all).all(|number| {
        let mut plan = found.plan.clone();
        for (bit, (bound, far)) in far.iter().enumerate() {
            if (number >> bit) & 1 == 1 {
                plan = at(&plan, bound, far);
            }
        }
        goes(scene, &plan, found.at)
    })
}

/// The plan with one value after another at one number, until it goes wherever the others are within their limits.
pub(super) fn pinned(scene: &Scene<'_, '_>, mut found: Found) -> Found {
    for _ in 0..TARGETS {
        let relax = Relax {
            scene,
            found: found.clone(),
        };
        let bounds = relax.bounds();
        let pin = bounds.iter().find_map(|bound| {
            let plans = relax.numbers(bound).into_iter();
            let mut plans = plans.map(|number| at(&found.plan, bound, &number));
            plans.find(|plan| goes(scene, plan, found.at))
        });
        let Some(plan) = pin else { break };
        found.plan = plan;
        found = relaxed(scene, found);
        if goes_throughout(scene, &found) {
            break;
        }
    }
    found
}

/// What comes of something that may not imagine too many samples; nothing where they were not enough.
fn within<T>(scene: &Scene<'_, '_>, work: impl FnOnce() -> T) -> Option<T> {
    let all = scene.samples.get();
    let some = SAMPLES.min(all / 2);
    scene.samples.set(some);
    let result = work();
    let left = scene.samples.get();
    let used = some.saturating_sub(left.max(0));
    scene.samples.set(all.saturating_sub(used));
    (left > 0).then_some(result)
}

struct Relax<'r, 's, 'p> {
    scene: &'r Scene<'s, 'p>,
    found: Found,
}

impl Relax<'_, '_, '_> {
    /// The numbers with a limit.
    fn bounds(&self) -> Vec<Bound> {
        let mut bounds: Vec<Bound> = Vec::new();
        for ask in self.found.plan.asks() {
            let Of::Value(wanted) = &ask.of else {
                continue;
            };
            let (Some(limit), false) = (wanted.limit.as_f64(), wanted.keep) else {
                continue;
            };
            // What numbers of 64 bits do not tell apart stays as it was found.
            if !wanted.limit.is_f64() && limit.abs() >= APART {
                continue;
            }
            let up = match wanted.op.chars().next() {
                Some('>') => true,
                Some('<') => false,
                _ => continue,
            };
            let known = bounds
                .iter_mut()
                .find(|bound| is_at(&bound.target, &wanted.target));
            let Some(bound) = known else {
                bounds.push(Bound {
                    target: wanted.target.clone(),
                    up,
                    limit,
                    whole: !wanted.limit.is_f64(),
                    rules: ask.rules.clone(),
                });
                continue;
            };
            let tighter = if up {
                limit > bound.limit
            } else {
                limit < bound.limit
            };
            if bound.up == up && tighter {
                bound.limit = limit;
            }
            for rule in &ask.rules {
                if !bound.rules.contains(rule) {
                    bound.rules.push(rule.clone());
                }
            }
        }
        bounds
    }

    /// One value, the others being where they are asked for.
    fn one(&mut self, bound: &Bound) {
        let now = known(self.scene.world, &bound.target);
        let now = now.and_then(super::super::values::number);
        let hints = self.hints(bound);
        let beyond = |hint: &f64| {
            if bound.up {
                *hint > bound.limit
            } else {
                *hint < bound.limit
            }
        };
        let nearer = now.map(|now| bound.limit + (now - bound.limit) * NEARER);
        let nearer = nearer.is_some_and(|nearer| self.goes(bound, nearer));
        let mut further: Vec<f64> = hints.iter().copied().filter(beyond).collect();
        further.extend(FAR.map(|far| bound.moved(far)));
        further.extend(self.end(bound).filter(|end| beyond(end)));
        further.retain(|further| self.may_be(bound, *further));
        further.sort_by(f64::total_cmp);
        if !bound.up {
            further.reverse();
        }
        let ends = further
            .iter()
            .position(|further| !self.goes(bound, *further));
        if !nearer && ends.is_none() {
            return self.open(bound);
        }
        let before = self.scene.samples.get();
        let goes = goes(self.scene, &self.found.plan, self.found.at);
        let cost = before.saturating_sub(self.scene.samples.get());
        if !goes {
            return;
        }
        if cost.saturating_mul(ASKED) < self.scene.samples.get() / 2 {
            if let Some(edge) = self.edge(bound, &hints) {
                self.tell(bound, &edge);
            }
        } else if let Some(ends) = ends {
            // What is dear to try is told up to where it was tried, where it does not end there already.
            let mut asked = further.iter().filter(|one| self.is_asked(bound, **one));
            if asked.all(|one| self.goes(bound, *one)) && self.has_end(bound) {
                return;
            }
            let last = ends.checked_sub(1).and_then(|last| further.get(last));
            let like = self.found.plan.asks().iter().find(|ask| bound.of(ask));
            match (last, like.cloned()) {
                (Some(last), Some(ask)) => {
                    let op = if bound.up { "<=" } else { ">=" };
                    self.found.plan.push(with(&ask, op, bound.json(*last)));
                }
                (None, Some(_)) => self.pin(bound),
                _ => {}
            }
        }
    }

    /// Without what bounds a value from the other side, where that is not needed.
    fn open(&mut self, bound: &Bound) {
        let other = |ask: &Ask| {
            let side = if bound.up { '<' } else { '>' };
            bound.of(ask) && matches!(&ask.of, Of::Value(wanted) if wanted.op.starts_with(side))
        };
        let mut plan = self.found.plan.clone();
        plan.replace(&other, Vec::new());
        if goes(self.scene, &plan, self.found.at) {
            self.found.plan = plan;
        }
    }

    /// The numbers of which any is asked for, or any but one, as they were tried.
    fn open_ones(&self) -> Vec<Bound> {
        let Ok(wish) = self.found.plan.wish(self.scene) else {
            return Vec::new();
        };
        let asks = self.found.plan.asks().iter();
        let open = asks.filter_map(|ask| {
            let Of::Value(wanted) = &ask.of else {
                return None;
            };
            let mut values = wish.values.iter();
            let (_, whole) = values.find(|(slot, _)| *slot == wanted.target.slot)?;
            let value = part(whole, &wanted.target.path)?;
            (wanted.op == "!=" && !wanted.keep).then_some(())?;
            Some(Bound {
                target: wanted.target.clone(),
                up: true,
                limit: super::super::values::number(value)?,
                whole: !matches!(value, Value::Double(_)),
                rules: ask.rules.clone(),
            })
        });
        open.collect()
    }

    /// A number of which any is asked for: its limits, where not all of them do.
    fn close(&mut self, bound: &Bound) {
        let hints = self.hints(bound);
        let mut others = hints.clone();
        others.extend([0.0, 1.0]);
        for far in FAR {
            let by = bound.moved(far) - bound.limit;
            others.extend([bound.limit + by, bound.limit - by]);
        }
        others.extend(self.range(bound).iter().flat_map(|ends| [ends.0, ends.1]));
        others.retain(|other| self.is_asked(bound, *other));
        if others.iter().all(|other| self.goes(bound, *other)) {
            return;
        }
        if let Some(edge) = self.edge(bound, &hints) {
            self.tell(bound, &edge);
        }
        let open = |ask: &Ask| matches!(&ask.of, Of::Value(wanted) if wanted.op == "!=");
        let mut asks = self.found.plan.asks().iter();
        if asks.any(|ask| bound.of(ask) && open(ask)) {
            self.pin(bound);
        }
    }

    /// One number, where no limits can be told.
    fn pin(&mut self, bound: &Bound) {
        let plans = self.numbers(bound).into_iter();
        let mut plans = plans.map(|number| at(&self.found.plan, bound, &number));
        if let Some(plan) = plans.find(|plan| goes(self.scene, plan, self.found.at)) {
            self.found.plan = plan;
        }
    }

    /// Where it goes, on the side it is asked for, and how far.
    fn edge(&self, bound: &Bound, hints: &[f64]) -> Option<Edge> {
        let value = |number: f64| {
            if bound.whole {
                Value::Int(crate::expr::int(number).unwrap_or_default())
            } else {
                Value::Double(number)
            }
        };
        let near = Range {
            sort: if bound.whole { Sort::Int } else { Sort::Double },
            now: known(self.scene.world, &bound.target).cloned(),
            numbers: self.range(bound),
            words: None,
        };
        let limits: Vec<Value> = hints
            .iter()
            .chain([&bound.limit])
            .map(|hint| value(*hint))
            .collect();
        let mut fits = |value: &Value| {
            let plan = at(&self.found.plan, bound, &brief(value));
            goes(self.scene, &plan, self.found.at)
        };
        let found = edges(&near, &limits, &mut fits);
        // The stretch that the limit is in, from whichever side it is reached.
        let mut found = found.into_iter().filter_map(|edge| {
            if edge.until.is_some() {
                return Some(edge);
            }
            extended(edge, &near, &limits, &mut fits)
        });
        let edge = found.find(|edge| is_beside(edge, bound))?;
        let narrow = edge.until.as_ref().is_some_and(|_| {
            let number = |value: &Value| super::super::values::number(value);
            let ends = number(&edge.nearest).zip(edge.furthest.as_ref().and_then(number));
            ends.is_some_and(|(near, far)| !bound.whole && (near - far).abs() < NARROW * near.abs())
        });
        (self.scene.samples.get() > 0 && !narrow).then_some(edge)
    }

    /// The plan with these limits of a value instead of its own.
    fn tell(&mut self, bound: &Bound, edge: &Edge) {
        let like = self.found.plan.asks().iter().find(|ask| bound.of(ask));
        let Some(like) = like.cloned() else { return };
        let like = Ask {
            rules: bound.rules.clone(),
            ..like
        };
        let until = edge.until.as_ref();
        let limits = [
            Some((edge.op, &edge.limit)),
            until.map(|until| (until.op, &until.limit)),
        ];
        let limits = || limits.iter().flatten();
        let exact = limits().map(|(op, limit)| with(&like, op, brief(limit)));
        let meant = limits().map(|(op, limit)| match meant(op, limit) {
            Some((op, limit)) => with(&like, op, limit),
            None => with(&like, op, brief(limit)),
        });
        let strict = |ask: &Ask| matches!(&ask.of, Of::Value(wanted) if matches!(wanted.op.as_str(), "<" | ">"));
        let mut asks = self.found.plan.asks().iter();
        let meant = if asks.any(|ask| strict(ask) && !bound.of(ask)) {
            meant.collect()
        } else {
            Vec::new()
        };
        for told in [meant, exact.collect()] {
            if told.is_empty() {
                continue;
            }
            let mut plan = self.found.plan.clone();
            plan.replace(&|ask| bound.of(ask), told);
            if goes(self.scene, &plan, self.found.at) {
                self.found.plan = plan;
                return;
            }
        }
    }

    fn goes(&self, bound: &Bound, number: f64) -> bool {
        let plan = at(&self.found.plan, bound, &bound.json(number));
        goes(self.scene, &plan, self.found.at)
    }
}

/// A limit that was found with another value a little within its own limit, as it is up to that limit: the round number beside
/// it, or else one of fewer digits that asks for no less.
fn meant(op: &str, limit: &Value) -> Option<(&'static str, Json)> {
    let Value::Double(limit) = limit else {
        return None;
    };
    let round: f64 = format!("{limit:.6e}").parse().ok()?;
    let (up, op) = match op.chars().next()? {
        '<' => (false, "<="),
        '>' => (true, ">="),
        _ => return None,
    };
    let no_less = if up { round > *limit } else { round < *limit };
    let near = (round - limit).abs() <= limit.abs() * BESIDE;
    let exact = (round - limit).abs() <= limit.abs() * f64::EPSILON;
    if exact {
        return None;
    }
    let told = if no_less && near {
        round
    } else {
        beside(*limit, up, FEWER)?
    };
    Some((op, Json::from(told)))
}
