//! Numbers of different kinds side by side, without losing a bit.
//!
//! The only file that casts between kinds of numbers; nothing here can overflow.

use std::cmp::Ordering;

/// Two to the 63rd: the first double that no `int` holds.
const INT_END: f64 = 9_223_372_036_854_775_808.0;
/// Two to the 64th: the first double that no `uint` holds.
const UINT_END: f64 = 18_446_744_073_709_551_616.0;

/// The double nearest to a whole number.
#[expect(
    clippy::cast_precision_loss,
    reason = "the nearest double is what is asked for"
)]
pub(crate) fn double(value: i64) -> f64 {
    value as f64
}

/// The double nearest to an unsigned whole number.
#[expect(
    clippy::cast_precision_loss,
    reason = "the nearest double is what is asked for"
)]
pub(crate) fn double_of_uint(value: u64) -> f64 {
    value as f64
}

/// A double without its fraction, if it fits. CEL leaves out both ends of the range.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the range is checked before"
)]
pub(crate) fn int(value: f64) -> Option<i64> {
    (value > -INT_END && value < INT_END).then_some(value as i64)
}

/// A double without its fraction as an unsigned number, if it fits.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is checked before"
)]
pub(crate) fn uint(value: f64) -> Option<u64> {
    (value > -1.0 && (0.0..UINT_END).contains(&value)).then_some(value as u64)
}

/// The bits of a signed number read as unsigned.
pub(crate) fn bits(value: i64) -> u64 {
    u64::from_ne_bytes(value.to_ne_bytes())
}

/// The bits of an unsigned number read as signed.
pub(crate) fn signed(value: u64) -> i64 {
    i64::from_ne_bytes(value.to_ne_bytes())
}

/// A size as a CEL `int`.
pub(crate) fn size(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// How an `int` compares with a double, as cel-spec has it: as the double nearest to it; nothing for NaN.
pub(crate) fn int_double(left: i64, right: f64) -> Option<Ordering> {
    double(left).partial_cmp(&right)
}

/// How a `uint` compares with a double, as [`int_double`].
pub(crate) fn uint_double(left: u64, right: f64) -> Option<Ordering> {
    double_of_uint(left).partial_cmp(&right)
}

/// How an `int` compares with a `uint`.
pub(crate) fn int_uint(left: i64, right: u64) -> Ordering {
    u64::try_from(left).map_or(Ordering::Less, |left| left.cmp(&right))
}
