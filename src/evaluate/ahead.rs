//! Conditions that go ahead of the fold while nothing changes: most samples of most histories leave every rule as it is, and
//! a condition of numbers that stand in columns sees that by itself. It takes nothing but time away: where anything else
//! than a number in order comes, the fold goes on as ever.

use jiff::Timestamp;

use super::look::Look;
use super::moment::{Moment, Span};
use super::track::Track;
use crate::expr::Compiled;
use crate::expr::value::Value;
use crate::policy::Policy;
use crate::snapshot::History;

/// After an attempt that came no further than this, the next is made only after some more rows.
const WORTH: usize = 4;
const PAUSE: usize = 64;
/// How far it goes at once: the samples of one stretch are in the cache for the next condition.
pub(super) const STRETCH: usize = 4096;

/// A condition that can go ahead.
#[derive(Debug)]
pub(super) struct Lane<'p, 'h> {
    track: usize,
    test: &'p Compiled,
    /// The inputs it reads itself.
    inputs: Vec<(usize, &'h [f64])>,
    /// The window it reads, and the input that looks back at.
    look: Option<(usize, &'h [f64])>,
    /// The longest time between two samples within which nothing expires.
    good: Span,
    /// The row at which it is next.
    pub(super) row: usize,
    /// No attempt is made before this row.
    resumes: usize,
}

impl<'p, 'h> Lane<'p, 'h> {
    /// The lane of a track, if it can have one.
    pub(super) fn of(
        policy: &'p Policy,
        history: &'h History,
        index: usize,
        track: &Track<'p>,
        looks: &[Look],
        shared: impl Fn(usize) -> bool,
    ) -> Option<Self> {
        let test = track.plain()?;
        let layout = &policy.layout;
        let mut good = Span::of(jiff::SignedDuration::MAX);
        let mut numbers = |slot: usize| {
            if let Some(max_age) = layout.max_age(slot) {
                good = good.min(Span::of(max_age));
            }
            history
                .column(slot)
                .filter(|_| slot < layout.len())?
                .numbers()
        };
        let (mut inputs, mut look) = (Vec::new(), None);
        for slot in test.slots() {
            if *slot < layout.len() {
                inputs.push((*slot, numbers(*slot)?));
                continue;
            }
            let at = looks.iter().position(|look| look.slot() == *slot)?;
            let input = looks.get(at)?.input()?;
            if look.is_some() || shared(*slot) {
                return None;
            }
            look = Some((at, numbers(input)?));
        }
        Some(Self {
            track: index,
            test,
            inputs,
            look,
            good,
            row: 0,
            resumes: 0,
        })
    }

    /// Goes ahead from a row, the one before which has been folded, and not beyond `end`.
    pub(super) fn go(
        &mut self,
        from: usize,
        end: usize,
        times: &[Timestamp],
        tracks: &mut [Track<'p>],
        looks: &mut [Look],
        slots: &mut [Value],
    ) {
        self.row = self.row.max(from);
        if self.row > from || from < self.resumes {
            return;
        }
        let Some(track) = tracks.get_mut(self.track) else {
            return;
        };
        let Some(value) = track.calm() else {
            self.resumes = from.saturating_add(PAUSE);
            return;
        };
        let mut look = self.look.and_then(|(at, _)| looks.get_mut(at));
        if self.look.is_some() && !look.as_ref().is_some_and(|look| look.is_calm()) {
            self.resumes = from.saturating_add(PAUSE);
            return;
        }
        let Some(before) = from.checked_sub(1).and_then(|row| times.get(row)) else {
            return;
        };
        let mut last = Moment::at(*before);
        let stretch = times.get(from..end).unwrap_or_default();
        for (row, at) in (from..).zip(stretch) {
            let at = Moment::at(*at);
            if last.shifted(self.good) < at || !self.put(row, slots) {
                break;
            }
            if let (Some(look), Some((_, numbers))) = (&mut look, self.look) {
                let figure = numbers.get(row).and_then(|number| look.calm(at, *number));
                let Some(figure) = figure else { break };
                if let Some(slot) = slots.get_mut(look.slot()) {
                    *slot = Value::Double(figure);
                }
            }
            if self.test.quick(slots) != Some(value) {
                break;
            }
            (self.row, last) = (row.saturating_add(1), at);
        }
        track.goes_ahead(last);
        if let Some(look) = look {
            look.went_ahead();
        }
        if self.row < from.saturating_add(WORTH) {
            self.resumes = from.saturating_add(PAUSE);
        }
    }

    /// Whether each input has a number in this row; it stands in its slot then.
    fn put(&self, row: usize, slots: &mut [Value]) -> bool {
        self.inputs.iter().all(|(slot, numbers)| {
            let number = numbers.get(row).filter(|number| !number.is_nan());
            match (number, slots.get_mut(*slot)) {
                (Some(number), Some(value)) => {
                    *value = Value::Double(*number);
                    true
                }
                _ => false,
            }
        })
    }
}
