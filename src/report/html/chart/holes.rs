//! Stretches in which nothing is known, as areas with lines across: two paths for all of them, however many there are.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::shape::{path, round};
use super::{BOTTOM, Drawing, TOP};
use crate::report::html::markup::Markup;
use crate::report::plot::View;

/// How far apart the lines across are.
const APART: f64 = 7.0;
/// The height of a hole between values so close that they are drawn as one.
const NOTCH: f64 = 6.0;

/// The stretches in which nothing is known, at the beginning and the end too.
pub(super) fn holes(view: &View) -> Vec<(Timestamp, Timestamp)> {
    let mut found = Vec::new();
    let mut known = view.from;
    for bar in &view.bars {
        if bar.from > known {
            found.push((known, bar.from));
        }
        known = known.max(bar.to);
    }
    if view.to > known {
        found.push((known, view.to));
    }
    found
}

impl Drawing<'_> {
    /// All stretches of a view in which nothing is known.
    pub(super) fn holes(&self, markup: &mut Markup) {
        let whole = holes(self.view).into_iter();
        let whole = joined(whole.map(|(from, to)| (self.x(from), self.x(to))));
        let inside = self.view.bars.iter().filter(|bar| bar.holes > 0);
        let inside = joined(inside.map(|bar| (self.x(bar.from), self.x(bar.settled))));
        let (mut areas, mut lines) = (String::new(), String::new());
        let tall = whole.into_iter().map(|ends| (ends, TOP));
        let low = inside.into_iter().map(|ends| (ends, BOTTOM - NOTCH));
        for ((from, to), top) in tall.chain(low) {
            let _ = write!(
                areas,
                "M{} {}H{}V{}H{}Z",
                round(from),
                round(top),
                round(to),
                round(BOTTOM),
                round(from)
            );
            across(&mut lines, (from, to), top);
        }
        for (class, line) in [("hole", &areas), ("hatch", &lines)] {
            if !line.is_empty() {
                path(markup, class, line);
            }
        }
    }
}

/// Stretches at least a unit wide; those that touch are one.
fn joined(stretches: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut found: Vec<(f64, f64)> = Vec::new();
    for (from, to) in stretches {
        let to = to.max(from + 1.0);
        match found.last_mut() {
            Some((_, end)) if from <= *end => *end = end.max(to),
            _ => found.push((from, to)),
        }
    }
    found
}

/// Lines from below left to above right, as far as they lie in the area.
fn across(lines: &mut String, (from, to): (f64, f64), top: f64) {
    // Along each line `x + y` is the same.
    let mut sum = ((from + top) / APART).ceil() * APART;
    while sum < to + BOTTOM {
        let (left, right) = (from.max(sum - BOTTOM), to.min(sum - top));
        if left < right {
            let _ = write!(
                lines,
                "M{} {}L{} {}",
                round(left),
                round(sum - left),
                round(right),
                round(sum - right)
            );
        }
        sum += APART;
    }
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn what_is_too_narrow_to_be_seen_is_seen() {
        let stretches = [(1.0, 1.0), (1.5, 1.6), (9.0, 12.0)].into_iter();
        assert_eq!(joined(stretches), [(1.0, 2.5), (9.0, 12.0)]);
    }
}
