//! Which rules of a stage belong together: by their ids, and where one is gone and another one came, by what they say.
//! Never what changed inside of them.

use std::sync::Arc;

use super::aspects::{Applies, aspects, change, whole};
use super::difference::{Change, Detail, Difference, Direction, Item};
use super::side::Sides;
use crate::policy::{Proof, Rule, Stage};

/// The rules of a stage.
pub(super) fn rules(sides: &mut Sides<'_>, old: &Stage, new: &Stage, difference: &mut Difference) {
    let stage = new.name.as_ref();
    let by_id =
        |all: &[Arc<Rule>], id: &str| all.iter().find(|rule| rule.id.as_ref() == id).cloned();
    let applies = Applies::of(old, new);
    let mut gone: Vec<&Arc<Rule>> = Vec::new();
    for was in &old.rules {
        match by_id(&new.rules, &was.id) {
            Some(is) => pair(sides, (was, &is), applies, stage, difference),
            None => gone.push(was),
        }
    }
    let come = |rule: &&Arc<Rule>| by_id(&old.rules, &rule.id).is_none();
    let mut come: Vec<&Arc<Rule>> = new.rules.iter().filter(come).collect();
    for was in gone {
        let same = come.iter().position(|is| renamed(sides, was, is));
        match same.map(|index| come.remove(index)) {
            Some(is) => pair(sides, (was, is), applies, stage, difference),
            None => {
                let item = Item::new("rule", was.id.as_ref(), Change::Removed).stage(stage);
                let detail = whole(was, true, applies);
                let item = item.with(vec![detail]);
                difference.add(item.at(Some((sides.old, was.place)), None));
            }
        }
    }
    for is in come {
        let item = Item::new("rule", is.id.as_ref(), Change::Added).stage(stage);
        let item = item.with(vec![whole(is, false, applies)]);
        difference.add(item.at(None, Some((sides.new, is.place))));
    }
}

fn pair(
    sides: &mut Sides<'_>,
    (old, new): (&Rule, &Rule),
    applies: Applies,
    stage: &str,
    difference: &mut Difference,
) {
    let found = aspects(sides, old, new, applies);
    let renamed = old.id != new.id;
    if found.details.is_empty() && !renamed {
        difference.same(&new.id, found.texts);
        return;
    }
    let mut item = Item::new("rule", new.id.as_ref(), change(old, new)).stage(stage);
    let mut details = found.details;
    if renamed {
        item.was_name = Some(old.id.to_string());
        if matches!(old.proof, Proof::Attest(_) | Proof::Approve(_)) {
            let names = [&old.id, &new.id].map(|id| Some(id.to_string()));
            let [was, is] = names;
            let detail = Detail::new("id", was, is, Direction::Changed);
            details.push(detail.note("what people said for the one does not count for the other"));
        }
    }
    let item = item.with(details);
    let (was, is) = ((sides.old, old.place), (sides.new, new.place));
    difference.add(item.at(Some(was), Some(is)));
}

/// Whether nothing of a rule changed that decides.
fn same(sides: &mut Sides<'_>, old: &Rule, new: &Rule) -> bool {
    let found = aspects(sides, old, new, Applies::SURELY);
    found.details.is_empty()
}

/// Whether a rule is another one under a new id: it says the same, or asks the same people for as much.
fn renamed(sides: &mut Sides<'_>, old: &Rule, new: &Rule) -> bool {
    if old.effect != new.effect {
        return false;
    }
    match (&old.proof, &new.proof) {
        (Proof::Expr(was), Proof::Expr(is)) => sides.same(was, is),
        (Proof::Evidence(was), Proof::Evidence(is)) => was.id == is.id && same(sides, old, new),
        (Proof::During(was), Proof::During(is)) => was.calendar.name == is.calendar.name,
        (Proof::Attest(_), Proof::Attest(_)) | (Proof::Approve(_), Proof::Approve(_)) => {
            old.title == new.title && same(sides, old, new)
        }
        _ => false,
    }
}

/// Whether two stages have the same rules.
pub(super) fn alike(sides: &mut Sides<'_>, old: &Stage, new: &Stage) -> bool {
    let paired = |was: &Arc<Rule>| {
        let mut all = new.rules.iter();
        let is = all.find(|is| is.id == was.id);
        is.is_some_and(|is| same(sides, was, is))
    };
    !old.rules.is_empty() && old.rules.len() == new.rules.len() && old.rules.iter().all(paired)
}
