//! What of a rule changed, part by part, and whether more passes for it. Never which rules belong together.

mod applies;
mod proofs;
mod times;

use super::difference::{Change, Detail, Direction};
use super::side::{Sides, line, shown, through};
use crate::expr::Compiled;
use crate::expr::form::{Order, Ordered};
use crate::policy::{Items, OnMissing, Policy, Proof, Rule};
use crate::verdict::Effect;
pub(super) use applies::{Applies, whole};
pub(super) use times::lasting;

/// What of a rule changed.
#[derive(Clone, Debug, Default)]
pub(super) struct Aspects {
    /// What decides.
    pub(super) details: Vec<Detail>,
    /// Whether a text changed that decides nothing.
    pub(super) texts: bool,
}

/// Whether a rule stops where it is proved.
pub(super) fn stops(rule: &Rule) -> bool {
    rule.effect != Effect::Require
}

/// Whether what is not known stops at once what would have to last to stop it.
fn lasts(rule: &Rule) -> bool {
    stops(rule) && rule.hold.is_some() && rule.missing != OnMissing::Ignore
}

/// Whether more passes where what proves a rule is given less often, or more often.
fn by(narrower: bool, stops: bool) -> Direction {
    if narrower == stops {
        Direction::Loosened
    } else {
        Direction::Tightened
    }
}

/// How what proves a rule counts.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// Whether it stops.
    stops: bool,
    /// Whether it stops only when it lasts, but at once where it is not known.
    lasts: bool,
}

impl Way {
    fn of(old: &Rule, new: &Rule) -> Self {
        Self {
            stops: stops(new),
            lasts: lasts(old) || lasts(new),
        }
    }
}

/// What became of a part of what proves a rule.
fn part(
    what: &str,
    old: Option<String>,
    new: Option<String>,
    narrower: Option<bool>,
    stops: bool,
) -> Detail {
    let direction = narrower.map_or(Direction::Changed, |narrower| by(narrower, stops));
    Detail::new(what, old, new, direction)
}

/// What changed from a rule to another one, in stages where requirements apply in this way.
pub(super) fn aspects(sides: &mut Sides<'_>, old: &Rule, new: &Rule, applies: Applies) -> Aspects {
    let mut found = Aspects::default();
    let same_side = stops(old) == stops(new);
    effect(old, new, &mut found.details);
    if same_side {
        proof(sides, old, new, &mut found);
        times::times(old, new, &mut found.details);
    } else {
        crossed(sides, old, new, &mut found.details);
    }
    applies::when(sides, old, new, &mut found);
    for_each(sides, old, new, &mut found.details);
    flags(old, new, &mut found.details);
    severity(sides.old, sides.new, old, new, &mut found.details);
    watched(old, new, &mut found.details);
    applies.told(old, new, &mut found.details);
    found.texts |= texts(old) != texts(new);
    found
}

/// What became of a rule as a whole.
pub(super) fn change(old: &Rule, new: &Rule) -> Change {
    match (old.effect == new.effect, old.id == new.id) {
        (false, _) => Change::Moved,
        (true, false) => Change::Renamed,
        (true, true) => Change::Changed,
    }
}

/// How much a rule that does not hold weighs: 1 no-go, 2 rollback.
fn weight(rule: &Rule) -> u8 {
    if rule.effect == Effect::Rollback || rule.on_unmet {
        2
    } else {
        1
    }
}

fn effect(old: &Rule, new: &Rule, into: &mut Vec<Detail>) {
    let direction = || match weight(old).cmp(&weight(new)) {
        std::cmp::Ordering::Less => Direction::Tightened,
        std::cmp::Ordering::Equal => Direction::Neutral,
        std::cmp::Ordering::Greater => Direction::Loosened,
    };
    if old.effect != new.effect {
        let names = [old, new].map(|rule| Some(rule.effect.name().to_owned()));
        let [was, is] = names;
        into.push(Detail::new("effect", was, is, direction()));
    } else if old.on_unmet != new.on_unmet {
        let told = |on: bool| on.then(|| "rollback".to_owned());
        let (was, is) = (told(old.on_unmet), told(new.on_unmet));
        into.push(Detail::new("on_unmet", was, is, direction()));
    }
}

/// A requirement that became a stop, or the other way round: the same where the condition is the opposite.
fn crossed(sides: &mut Sides<'_>, old: &Rule, new: &Rule, into: &mut Vec<Detail>) {
    let (Some(was), Some(is)) = (old.expr(), new.expr()) else {
        let detail = Detail::new(
            "proof",
            Some(proved(old)),
            Some(proved(new)),
            Direction::Changed,
        );
        return into.push(detail.note("a requirement and a stop are not to be compared"));
    };
    let plain = |rule: &Rule| rule.hold.is_none() && rule.at.is_none();
    let order = sides.opposite(was, is);
    let texts = (Some(line(was.text())), Some(line(is.text())));
    // What fires less often lets more pass, as what must hold less often does.
    let detail = |direction| Detail::new("expr", texts.0.clone(), texts.1.clone(), direction);
    let to_stop = stops(new);
    into.push(match order {
        Order::Same if plain(old) && plain(new) => {
            detail(Direction::Neutral).note("says the same the other way round")
        }
        Order::Narrower | Order::Wider if plain(old) && plain(new) => {
            detail(by(order == Order::Narrower, to_stop))
        }
        _ => detail(Direction::Changed).note("a requirement and a stop are not to be compared"),
    });
    if old.hold != new.hold {
        let (was, is) = (times::hold(old), times::hold(new));
        into.push(Detail::new("for", was, is, Direction::Changed));
    }
    times::due(old, new, into);
}

fn proof(sides: &mut Sides<'_>, old: &Rule, new: &Rule, found: &mut Aspects) {
    match (&old.proof, &new.proof) {
        (Proof::Expr(was), Proof::Expr(is)) => {
            let way = Way::of(old, new);
            let rewritten = expression(sides, "expr", was, is, way, &mut found.details);
            found.texts |= rewritten;
        }
        _ => found.texts |= proofs::proofs(sides, old, new, &mut found.details),
    }
}

/// A condition that changed; gives whether only its text did.
fn expression(
    sides: &mut Sides<'_>,
    what: &str,
    old: &std::sync::Arc<Compiled>,
    new: &std::sync::Arc<Compiled>,
    way: Way,
    into: &mut Vec<Detail>,
) -> bool {
    let ordered = sides.order(old, new);
    let (was, is) = (line(old.text()), line(new.text()));
    if ordered.order == Order::Same {
        return was != is;
    }
    let detail = directed(what, (Some(was), Some(is)), ordered, way);
    let through = through([old], [new]);
    into.push(with(detail, through));
    false
}

/// A part whose conditions stand to one another in some way.
fn directed(
    what: &str,
    (old, new): (Option<String>, Option<String>),
    ordered: Ordered,
    way: Way,
) -> Detail {
    let direction = match ordered.order {
        Order::Narrower | Order::Wider if way.lasts && !ordered.known => {
            let detail = Detail::new(what, old, new, Direction::Both);
            return detail.note("what is not known stops at once, what is so only when it lasts");
        }
        Order::Narrower => by(true, way.stops),
        Order::Wider => by(false, way.stops),
        Order::Both => Direction::Both,
        Order::Same | Order::Apart => Direction::Changed,
    };
    let detail = |direction| Detail::new(what, old, new, direction);
    match (ordered.positive, direction) {
        (true, Direction::Loosened) => {
            detail(direction).note("looser as long as nothing that is measured is negative")
        }
        // Nobody promised that: whoever asks only for what may be looser must see it.
        (true, Direction::Tightened) => detail(Direction::Changed)
            .note("tighter as long as nothing that is measured is negative"),
        _ => detail(direction),
    }
}

fn with(detail: Detail, note: Option<String>) -> Detail {
    match (note, detail.note.clone()) {
        (Some(note), Some(before)) => detail.note(format!("{note}; {before}")),
        (Some(note), None) => detail.note(note),
        (None, _) => detail,
    }
}

fn for_each(sides: &mut Sides<'_>, old: &Rule, new: &Rule, into: &mut Vec<Detail>) {
    let items = |rule: &Rule| rule.for_each.as_ref().map(|each| each.items.clone());
    let told = |items: &Items| match items {
        Items::Expression(list) => line(list.text()),
        Items::Listed(values) => {
            let values: Vec<String> = values.iter().map(|value| shown(value, None)).collect();
            line(&format!("[{}]", values.join(", ")))
        }
    };
    let (was, is) = (items(old), items(new));
    let texts = (was.as_ref().map(told), is.as_ref().map(told));
    let detail = |direction| Detail::new("for_each", texts.0.clone(), texts.1.clone(), direction);
    match (&was, &is) {
        (None, None) => {}
        (Some(Items::Listed(was)), Some(Items::Listed(is))) => {
            let has = |all: &[crate::expr::value::Value], one: &crate::expr::value::Value| {
                all.iter().any(|other| other.equals(one) == Some(true))
            };
            let lost = was.iter().any(|one| !has(is, one));
            let won = is.iter().any(|one| !has(was, one));
            match (lost, won) {
                (false, false) => {}
                (true, false) => into.push(detail(Direction::Loosened)),
                (false, true) => into.push(detail(Direction::Tightened)),
                (true, true) => into.push(detail(Direction::Both)),
            }
        }
        (Some(Items::Expression(was)), Some(Items::Expression(is))) => {
            if !sides.same(was, is) {
                let through = through([was], [is]);
                into.push(with(detail(Direction::Changed), through));
            }
        }
        _ => into.push(detail(Direction::Changed)),
    }
}

fn flags(old: &Rule, new: &Rule, into: &mut Vec<Detail>) {
    let flag = |value: bool| Some(value.to_string());
    let mut tell = |what, old, new, looser| {
        let direction = if looser {
            Direction::Loosened
        } else {
            Direction::Tightened
        };
        into.push(Detail::new(what, old, new, direction));
    };
    if old.missing != new.missing {
        let looser = new.missing.readiness() < old.missing.readiness();
        tell("missing", old.missing.told(), new.missing.told(), looser);
    }
    if old.watch != new.watch {
        tell("watch", flag(old.watch), flag(new.watch), new.watch);
    }
    // Whether it stays fired says something only of what is a hard stop before and after.
    if old.latch != new.latch && weight(old) == 2 && weight(new) == 2 {
        tell("latch", flag(old.latch), flag(new.latch), old.latch);
    }
    // What a rule of another effect allows by itself is no change of its own.
    if old.waivable != new.waivable && old.effect == new.effect {
        tell(
            "waivable",
            flag(old.waivable),
            flag(new.waivable),
            new.waivable,
        );
    }
}

/// A rule that never counts has no direction; one that began or ceased to count has that of this alone.
fn watched(old: &Rule, new: &Rule, details: &mut [Detail]) {
    if old.watch || new.watch {
        let others = details.iter_mut().filter(|detail| detail.what != "watch");
        others.for_each(|detail| detail.direction = Direction::Neutral);
    }
}

fn severity(before: &Policy, now: &Policy, old: &Rule, new: &Rule, into: &mut Vec<Detail>) {
    let name = |policy: &Policy, rule: &Rule| {
        let severity = policy.severities.get(rule.severity?)?;
        Some(severity.id.to_string())
    };
    let (was, is) = (name(before, old), name(now, new));
    if was != is {
        into.push(Detail::new("severity", was, is, Direction::Neutral));
    }
}

/// What a rule says that decides nothing.
fn texts(rule: &Rule) -> [Option<String>; 7] {
    let own = |text: &Option<std::sync::Arc<str>>| text.as_ref().map(ToString::to_string);
    let list = |list: &[std::sync::Arc<str>]| Some(list.join("\n"));
    [
        own(&rule.title),
        own(&rule.group),
        own(&rule.action),
        own(&rule.runbook),
        list(&rule.cite),
        list(&rule.controls),
        rule.message.as_ref().map(|message| message.text()),
    ]
}

/// What proves a rule, in short.
pub(super) fn proved(rule: &Rule) -> String {
    match &rule.proof {
        Proof::Expr(expr) => line(expr.text()),
        Proof::Evidence(evidence) => format!("evidence {}", evidence.id),
        Proof::Attest(attest) => format!("attest {}", proofs::attested(attest)),
        Proof::Approve(approve) => format!("approve {}", proofs::quorum(&approve.quorum)),
        Proof::During(during) => format!("during {}", during.calendar.name),
    }
}
