//! Placeholder.

pub(super) const TABLE: &[super::Function] = &[];
