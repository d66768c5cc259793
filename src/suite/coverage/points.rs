//! What can be seen of a policy: each rule of a stage that can be judged, its operands, its limits and its times. A rule
//! that several stages take over unchanged stands here once.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::key::{Bytes, Key, Of, What, declared};
use super::reach::reach;
use super::seen::{LIES, Seen};
use super::told::{Coverage, Kind, Part, Point, Side, Totals};
use crate::expr::duration::format_duration;
use crate::expr::{Compiled, shortened};
use crate::policy::{Hold, Policy, Rule, Stage};
use crate::snapshot::layout;
use crate::source::Position;
use crate::verdict::{Effect, Place};

/// The most characters of an expression that are told.
const LONGEST: usize = 200;

impl Coverage {
    /// What was seen of a policy, and what was not.
    #[must_use]
    pub fn of(policy: &Policy, seen: &Seen) -> Self {
        let mut points = Points {
            policy,
            seen,
            parts: Vec::new(),
            known: Vec::new(),
            fields: BTreeMap::new(),
            named: BTreeMap::new(),
        };
        for (index, stage) in policy.stages.iter().enumerate() {
            if !stage.is_abstract {
                points.stage(index, stage);
            }
        }
        let parts = points.finish();
        Self {
            policy: policy.name.to_string(),
            path: policy.path.to_string(),
            totals: Totals::count(&parts.iter()),
            parts,
        }
    }
}

/// What can be seen, gathered stage by stage.
struct Points<'p> {
    policy: &'p Policy,
    seen: &'p Seen,
    parts: Vec<Part>,
    /// Rules, where they are judged, and the index of their part.
    known: Vec<(&'p Rule, Vec<Of>, usize)>,
    /// What an audit needs, by id, and the stages that ask for it.
    fields: BTreeMap<String, (Vec<Of>, Vec<String>)>,
    /// Named expressions by name.
    named: BTreeMap<String, Named>,
}

/// A named expression that rules use.
struct Named {
    compiled: Arc<Compiled>,
    /// The first rule that does.
    rule: Arc<str>,
    /// The stages of those rules.
    stages: Vec<String>,
}

impl<'p> Points<'p> {
    fn stage(&mut self, stage: usize, of: &'p Stage) {
        for (index, rule) in of.rules.iter().enumerate() {
            let key = Of::Rule { stage, rule: index };
            let name = of.name.to_string();
            for expr in conditions(rule) {
                for (reference, named) in expr.named() {
                    let known = self.named.entry(declared(&reference));
                    let known = known.or_insert_with(|| Named {
                        compiled: named,
                        rule: Arc::clone(&rule.id),
                        stages: Vec::new(),
                    });
                    if !known.stages.contains(&name) {
                        known.stages.push(name.clone());
                    }
                }
            }
            let mut same = self.known.iter_mut();
            if let Some((_, keys, part)) = same.find(|(other, ..)| is_same(other, rule)) {
                keys.push(key);
                if let Some(part) = self.parts.get_mut(*part) {
                    part.stages.push(name);
                }
                continue;
            }
            self.known.push((rule, vec![key], self.parts.len()));
            self.part(&rule.id, Some(name), rule.place);
        }
        let name = Some(of.name.to_string());
        if let Some(bake) = &of.bake {
            let key = [Of::Bake { stage }];
            let mut points = vec![self.rule("stage.bake", Effect::Require, [true, true], &key)];
            points.push(self.lasting(&format!("bake {bake}"), &key));
            self.built_in("stage.bake", name.clone(), of.place, points);
        }
        if let Some(traffic) = of.traffic {
            // No stage can expose more than all.
            let key = [Of::Traffic { stage }];
            let points = vec![self.rule(
                "stage.traffic",
                Effect::Require,
                [true, traffic < 1.0],
                &key,
            )];
            self.built_in("stage.traffic", name.clone(), of.place, points);
        }
        for (index, need) in of.needs.iter().enumerate() {
            let id = format!("stage.needs[{}]", need.stages.join(" or "));
            let key = [Of::Needs { stage, need: index }];
            let points = vec![self.rule(&id, Effect::Require, [true, true], &key)];
            self.built_in(&id, name.clone(), of.place, points);
        }
        for (index, (field, _)) in of.fields.iter().enumerate() {
            let (keys, stages) = self.fields.entry(format!("record.{field}")).or_default();
            keys.push(Of::Field {
                stage,
                field: index,
            });
            stages.push(of.name.to_string());
        }
    }

    /// The points of rules and named expressions, once it is known which stages they are part of.
    fn finish(mut self) -> Vec<Part> {
        for (rule, keys, part) in std::mem::take(&mut self.known) {
            let points = self.of_rule(rule, &keys);
            if let Some(part) = self.parts.get_mut(part) {
                part.points = points;
            }
        }
        // What an audit needs is asked of every stage alike.
        for (id, (keys, stages)) in std::mem::take(&mut self.fields) {
            let points = vec![self.rule(&id, Effect::Require, [true, true], &keys)];
            let mut judged = self.policy.judged();
            let Some(first) = judged.next() else { continue };
            self.built_in(&id, None, first.place, points);
            if let Some(part) = self.parts.last_mut() {
                part.stages = stages;
            }
        }
        for (name, named) in std::mem::take(&mut self.named) {
            let points = self.of_expression(&named.compiled, 0, &[Of::Named(name.clone())]);
            let mut places = self.policy.named.iter();
            let place = places.find(|(known, _)| known.as_ref() == name);
            if let (Some((_, place)), false) = (place, points.is_empty()) {
                self.part(&name, None, *place);
                if let Some(part) = self.parts.last_mut() {
                    (part.named, part.points) = (true, points);
                    (part.stages, part.about) = (named.stages, named.rule.to_string());
                }
            }
        }
        self.parts
    }

    fn of_rule(&self, rule: &Rule, keys: &[Of]) -> Vec<Point> {
        let mut points = vec![self.rule(&rule.id, rule.effect, ways(self.policy, rule), keys)];
        for (index, expr) in conditions(rule).enumerate() {
            points.extend(self.of_expression(expr, index, keys));
        }
        match &rule.hold {
            Some(Hold::For(duration)) if rule.at.is_none() => {
                points.push(self.lasting(&format!("for {}", format_duration(*duration)), keys));
            }
            Some(Hold::Bake(bake)) if rule.at.is_none() => {
                points.push(self.lasting(&format!("for bake ({bake})"), keys));
            }
            _ => {}
        }
        points.sort_by_key(|point| point.kind);
        points
    }

    fn of_expression(&self, expr: &Compiled, index: usize, keys: &[Of]) -> Vec<Point> {
        let branches = expr.branches();
        let text = |range: &std::ops::Range<usize>| {
            let text = expr.text().get(range.clone()).unwrap_or_default();
            let words: Vec<&str> = text.split_whitespace().collect();
            shortened(&words.join(" "), LONGEST)
        };
        let mut points = Vec::new();
        for range in &branches.operands {
            let bytes = Bytes::new(index, range);
            let side = |name, value| self.side(name, keys, &What::Operand(bytes, value));
            let sides = vec![side("true", true), side("false", false)];
            points.push(point(Kind::Branches, text(range), sides));
        }
        for edge in &branches.limits {
            let bytes = Bytes::new(index, &edge.range);
            let names = ["below", "at", "above"];
            let sides = self.sides(names, reach(self.policy, edge), keys, |lies| {
                What::Limit(bytes, lies)
            });
            points.push(point(Kind::Boundaries, text(&edge.range), sides));
        }
        points
    }

    /// Whether a rule held, in the words of its effect.
    fn rule(&self, id: &str, effect: Effect, ways: [bool; 2], keys: &[Of]) -> Point {
        let names = match effect {
            Effect::Require => ["met", "not met"],
            Effect::Hold | Effect::Rollback => ["fired", "not fired"],
        };
        let sides = names.into_iter().zip([true, false]).zip(ways);
        let sides = sides.filter(|(_, can)| *can);
        let sides = sides.map(|((name, held), _)| self.side(name, keys, &What::Held(held)));
        point(Kind::Rules, id.to_owned(), sides.collect())
    }

    fn lasting(&self, what: &str, keys: &[Of]) -> Point {
        let names = ["shorter", "exactly", "longer"];
        let sides = self.sides(names, [true; 3], keys, What::Lasted);
        point(Kind::Boundaries, what.to_owned(), sides)
    }

    fn sides(
        &self,
        names: [&str; 3],
        can: [bool; 3],
        keys: &[Of],
        what: impl Fn(Ordering) -> What,
    ) -> Vec<Side> {
        let sides = names.into_iter().zip(LIES).zip(can);
        let sides = sides.filter(|(_, can)| *can);
        sides
            .map(|((name, lies), _)| self.side(name, keys, &what(lies)))
            .collect()
    }

    fn side(&self, name: &str, of: &[Of], what: &What) -> Side {
        let key = |of: &Of| Key {
            of: of.clone(),
            what: what.clone(),
        };
        let keys: Vec<Key> = of.iter().map(key).collect();
        Side::new(name, self.seen.count(&keys), keys)
    }

    fn built_in(&mut self, id: &str, stage: Option<String>, at: Position, points: Vec<Point>) {
        self.part(id, stage, at);
        if let Some(part) = self.parts.last_mut() {
            part.points = points;
        }
    }

    fn part(&mut self, id: &str, stage: Option<String>, at: Position) {
        self.parts.push(Part {
            rule: id.to_owned(),
            named: false,
            stages: stage.into_iter().collect(),
            at: Place {
                file: self.policy.path.to_string(),
                line: at.line,
                column: at.column,
            },
            points: Vec::new(),
            about: id.to_owned(),
        });
    }
}

fn point(kind: Kind, what: String, sides: Vec<Side>) -> Point {
    Point {
        kind,
        what,
        covered: sides.iter().all(|side| side.seen > 0),
        sides,
    }
}

/// The expressions of a rule that are true or false, in the order in which they are counted: its `when`s first.
fn conditions(rule: &Rule) -> impl Iterator<Item = &Arc<Compiled>> {
    rule.when.iter().chain(rule.proof.expressions())
}

/// Whether two rules are one that both stages took over: the same condition at the same place, for as long, to the same
/// effect, under the same conditions.
fn is_same(one: &Rule, other: &Rule) -> bool {
    let same_when = || {
        let texts = |rule: &Rule| -> Vec<String> {
            let texts = rule.when.iter().map(|when| when.text().to_owned());
            texts.collect()
        };
        texts(one) == texts(other)
    };
    one.id == other.id
        && one.place == other.place
        && one.effect == other.effect
        && one.on_unmet == other.on_unmet
        && one.hold == other.hold
        && one.at == other.at
        && same_when()
}

/// Whether a rule can hold, and can fail to: not where its condition is the same whatever is measured.
fn ways(policy: &Policy, rule: &Rule) -> [bool; 2] {
    let always = rule.expr().and_then(|expr| {
        let certain = expr.certain(&|slot| match policy.layout.kind(slot)? {
            layout::Kind::Input(input) | layout::Kind::Baseline(_, input) => {
                policy.layout.inputs().get(input)?.range
            }
            layout::Kind::Context(_) | layout::Kind::Derived(_) | layout::Kind::Field(_) => None,
        });
        certain
            .iter()
            .find(|part| part.whole)
            .map(|part| part.value)
    });
    // What must hold for a while does not hold before.
    let waits = rule.hold.is_some() || rule.at.is_some() || rule.due.is_some();
    match (always, rule.effect) {
        (Some(true), _) => [true, waits],
        (Some(false), _) => [false, true],
        (None, _) => [true, true],
    }
}
