//! Which rows of the matrices speak. Never what their speaking asks of whom.

use jiff::{SignedDuration, Timestamp};

use super::super::World;
use super::super::moment::earlier;
use super::lists::{Lists, Member};
use super::{Followed, Follows, Said, Speaks, Unsure, since, test};
use crate::policy::{Hit, Matrix, Policy, Row};

/// What rows over rules are asked with.
pub(super) struct Asking<'a> {
    pub(super) now: Timestamp,
    pub(super) lists: &'a Lists,
    /// Since when the decision is what it is.
    pub(super) from: Option<Timestamp>,
}

/// Adds the rows that speak, and those nobody can tell of.
pub(super) fn speak<'p>(
    policy: &'p Policy,
    world: &mut World<'p>,
    asking: &Asking<'_>,
    followed: &Followed,
    follows: &mut Follows<'p>,
) {
    let mut followed = followed.0.iter();
    for matrix in &policy.escalation {
        let said: Vec<(&Row, Said)> = matrix
            .rows
            .iter()
            .map(|row| {
                let said = match row.rule {
                    Some(_) => followed.next().copied(),
                    None => None,
                };
                (row, said.unwrap_or_else(|| asked(row, world, asking)))
            })
            .collect();
        chosen(matrix, &said, follows);
    }
}

/// Of the rows of a matrix those its `hit` asks for. One that comes after the first hit is not asked about.
fn chosen<'p>(matrix: &'p Matrix, said: &[(&'p Row, Said)], follows: &mut Follows<'p>) {
    let mut hits: Vec<&Row> = Vec::new();
    for (row, said) in said {
        let undecided = said.truth.is_none();
        if said.truth == Some(false) {
            continue;
        }
        follows.rows.push(Speaks {
            matrix,
            row,
            since: said.since.filter(|_| !undecided),
            undecided,
        });
        if !undecided {
            hits.push(row);
            if matrix.hit == Hit::First {
                return;
            }
        }
    }
    if matrix.hit == Hit::Unique && hits.len() > 1 {
        follows.unsure.push(Unsure::Several(matrix, hits));
    }
}

/// What a row over rules says. With `for` it sees only what has been so for that long; where nobody knows how long,
/// and it would matter, nobody can tell.
fn asked(row: &Row, world: &mut World<'_>, asking: &Asking<'_>) -> Said {
    let truth = match row.hold {
        None => test(&row.expr, world),
        Some(hold) => held(row, hold, world, asking),
    };
    let since = match truth {
        Some(true) => since::spoken(row, world, asking),
        Some(false) | None => None,
    };
    Said { truth, since }
}

fn held(
    row: &Row,
    hold: SignedDuration,
    world: &mut World<'_>,
    asking: &Asking<'_>,
) -> Option<bool> {
    let lists = asking.lists;
    let start = earlier(asking.now, hold);
    let surely = |member: &Member| member.since.is_some_and(|since| since <= start);
    let perhaps = |member: &Member| member.since.is_none_or(|since| since <= start);
    lists.show_only(world, surely);
    let sure = test(&row.expr, world);
    lists.show_only(world, perhaps);
    let may = test(&row.expr, world);
    lists.show_only(world, |_| true);
    if may == sure { sure } else { None }
}
