//! A difference as JSON. Never leaves anything out.

use super::Difference;
use crate::source::visible::pretty;

/// The difference as JSON, with a line end.
#[must_use]
pub fn json(difference: &Difference) -> String {
    pretty(difference)
}
