//! From when on a condition that reads the clock is as it should be by itself. Never anything but time changes.

use jiff::{SignedDuration, Timestamp};

use crate::evaluate::World;
use crate::expr::{Budget, Compiled, Tri};

/// How far ahead is looked for an instant from which on a condition holds by itself.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 366 * 10);

/// The first instant found after another at which a condition that reads the clock is what it should be, everything else
/// staying as it is.
pub(super) fn crosses(
    expr: &Compiled,
    world: &mut World<'_>,
    from: Timestamp,
    wanted: bool,
) -> Option<Timestamp> {
    let mut is = |nanoseconds: i128| {
        let after = SignedDuration::from_nanos_i128(nanoseconds);
        let Ok(at) = from.checked_add(after) else {
            return false;
        };
        world.clock(at);
        let says = expr.test(world.slots(), &mut Budget::default());
        matches!((says, wanted), (Tri::True, true) | (Tri::False, false))
    };
    let (mut low, mut high) = (0_i128, 1_000_000_000_i128);
    while !is(high) {
        low = high;
        high = high.saturating_mul(2);
        if high > AHEAD.as_nanos() {
            world.clock(from);
            return None;
        }
    }
    while high.saturating_sub(low) > 1 {
        let middle = low.saturating_add(high.saturating_sub(low) / 2);
        if is(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    world.clock(from);
    from.checked_add(SignedDuration::from_nanos_i128(high)).ok()
}
