//! Conditions that go ahead of the fold while nothing changes: most samples of most histories leave every rule as it is, and
//! a condition of numbers that stand in columns sees that by itself. It takes nothing but time away: where anything else
//! than a number in order comes, the fold goes on as ever.

use jiff::{SignedDuration, Timestamp};

use super::look::Look;
use super::moment::{Moment, Span};
use super::track::Track;
use crate::expr::value::Value;
use crate::expr::{Bound, Compiled};
use crate::policy::Policy;
use crate::snapshot::History;

/// After an attempt that came no further than this, the next is made only after some more rows.
const WORTH: usize = 4;
const PAUSE: usize = 64;
/// How many rows are gone through at once: few enough to stay at hand for the next condition.
const ROWS: usize = 4096;

/// Rows that may be gone through at once.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    from: usize,
    /// When each row is, the one before the first included.
    moments: Vec<Moment>,
    /// The longest time between two of them.
    widest: Span,
}

/// A condition that can go ahead.
#[derive(Debug)]
pub(super) struct Lane<'p, 'h> {
    track: usize,
    test: Test<'p, 'h>,
    /// The window it reads, and the input that looks back at.
    look: Option<(usize, &'h [f64])>,
    /// The longest time between two samples within which nothing expires.
    good: Span,
    /// The row at which it is next.
    pub(super) row: usize,
    /// No attempt is made before this row.
    resumes: usize,
}

/// How it is found out what a condition says.
#[derive(Debug)]
enum Test<'p, 'h> {
    /// Numbers against constants, and what one of them decides.
    Limits(bool, Vec<(Source<'h>, Bound)>),
    /// Anything else over inputs and the window.
    Any(&'p Compiled, Vec<(usize, &'h [f64])>),
}

/// Where a number comes from.
#[derive(Clone, Copy, Debug)]
enum Source<'h> {
    Input(&'h [f64]),
    Window,
}

impl Stretch {
    /// The rows from one that has another before it, and not beyond `end`.
    pub(super) fn set(&mut self, times: &[Timestamp], from: usize, end: usize) {
        let before = from.saturating_sub(1);
        let end = end.min(from.saturating_add(ROWS));
        let times = times.get(before..end).unwrap_or_default();
        self.from = from;
        self.moments.clear();
        self.moments.extend(times.iter().map(|at| Moment::at(*at)));
        let gaps = self.moments.iter().zip(self.moments.iter().skip(1));
        let widest = gaps.map(|(before, after)| before.until(*after)).max();
        self.widest = widest.unwrap_or_default();
    }

    /// The first row that comes too long after the one before it.
    fn end(&self, good: Span) -> usize {
        let rows = self.moments.len().saturating_sub(1);
        let good = if self.widest <= good {
            rows
        } else {
            let mut gaps = self.moments.iter().zip(self.moments.iter().skip(1));
            let wide = gaps.position(|(before, after)| before.until(*after) > good);
            wide.unwrap_or(rows)
        };
        self.from.saturating_add(good)
    }

    /// When a row is; for the one before the first, too.
    fn at(&self, row: usize) -> Moment {
        let index = row.saturating_add(1).saturating_sub(self.from);
        self.moments.get(index).copied().unwrap_or(Moment::NEVER)
    }
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
        let compiled = track.plain()?;
        let layout = &policy.layout;
        let mut good = Span::of(SignedDuration::MAX);
        let mut numbers = |slot: usize| {
            if let Some(max_age) = layout.max_age(slot) {
                good = good.min(Span::of(max_age));
            }
            let column = history.column(slot).filter(|_| slot < layout.len());
            column?.numbers()
        };
        let (mut inputs, mut look) = (Vec::new(), None);
        for slot in compiled.slots() {
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
        let source = |slot: usize| {
            let input = inputs.iter().find(|(input, _)| *input == slot);
            input.map_or(Source::Window, |(_, numbers)| Source::Input(numbers))
        };
        let test = match compiled.limits() {
            Some(all) => {
                let limits = all.limits.into_iter();
                let limits = limits.map(|bound| (source(bound.slot), bound));
                Test::Limits(all.decisive, limits.collect())
            }
            None => Test::Any(compiled, inputs),
        };
        Some(Self {
            track: index,
            test,
            look,
            good,
            row: 0,
            resumes: 0,
        })
    }

    /// Whether it would go ahead from a row.
    pub(super) fn tries(&self, row: usize) -> bool {
        self.row <= row && row >= self.resumes
    }

    /// Goes ahead through a stretch, the row before which has been folded.
    pub(super) fn go(
        &mut self,
        stretch: &Stretch,
        tracks: &mut [Track<'p>],
        looks: &mut [Look],
        slots: &mut [Value],
    ) {
        let from = stretch.from;
        self.row = self.row.max(from);
        if self.row > from || from < self.resumes {
            return;
        }
        let Some(track) = tracks.get_mut(self.track) else {
            return;
        };
        let mut look = self.look.and_then(|(at, _)| looks.get_mut(at));
        let calm = look.as_ref().is_none_or(|look| look.is_calm());
        let Some(value) = track.calm().filter(|_| calm) else {
            self.resumes = from.saturating_add(PAUSE);
            return;
        };
        let end = stretch.end(self.good);
        self.row = match (&mut look, self.look) {
            (Some(look), Some((_, numbers))) => {
                self.through(look, numbers, value, stretch, end, slots)
            }
            _ => self.present(value, from, end, slots),
        };
        if let Some(last) = self.row.checked_sub(1) {
            track.goes_ahead(stretch.at(last));
        }
        if let Some(look) = look {
            look.went_ahead();
        }
        if self.row < from.saturating_add(WORTH) {
            self.resumes = from.saturating_add(PAUSE);
        }
    }

    /// The first row at which a condition without a window is not what it was.
    fn present(&self, value: bool, from: usize, end: usize, slots: &mut [Value]) -> usize {
        if let Test::Limits(_, limits) = &self.test
            && let [(Source::Input(numbers), bound)] = limits.as_slice()
        {
            let numbers = numbers
                .get(from..end.min(numbers.len()))
                .unwrap_or_default();
            let stays = |number: &f64| bound.holds(*number) == value && !number.is_nan();
            let stop = numbers.iter().position(|number| !stays(number));
            return from.saturating_add(stop.unwrap_or(numbers.len()));
        }
        let mut rows = from..end;
        rows.find(|row| self.says(*row, None, slots) != Some(value))
            .unwrap_or(end)
    }

    /// The first row at which a condition over a window is not what it was.
    fn through(
        &self,
        look: &mut Look,
        numbers: &[f64],
        value: bool,
        stretch: &Stretch,
        end: usize,
        slots: &mut [Value],
    ) -> usize {
        for row in stretch.from..end {
            let number = numbers.get(row).copied();
            let figure = number.and_then(|number| look.calm(stretch.at(row), number));
            let figure = figure.map(|figure| (look.slot(), figure));
            if figure.is_none() || self.says(row, figure, slots) != Some(value) {
                return row;
            }
        }
        end
    }

    /// What the condition says in a row; nothing where a number is missing.
    #[inline]
    fn says(&self, row: usize, figure: Option<(usize, f64)>, slots: &mut [Value]) -> Option<bool> {
        match &self.test {
            Test::Limits(decisive, limits) => {
                let mut says = !decisive;
                for (source, bound) in limits {
                    let number = match source {
                        Source::Input(numbers) => *numbers.get(row)?,
                        Source::Window => figure?.1,
                    };
                    if !number.is_finite() {
                        return None;
                    }
                    if bound.holds(number) == *decisive {
                        says = *decisive;
                    }
                }
                Some(says)
            }
            Test::Any(compiled, inputs) => {
                let inputs = inputs.iter().map(|(slot, numbers)| {
                    let number = numbers.get(row).copied();
                    number
                        .filter(|number| !number.is_nan())
                        .map(|number| (*slot, number))
                });
                for input in inputs.chain(figure.map(Some)) {
                    let (slot, number) = input?;
                    *slots.get_mut(slot)? = Value::Double(number);
                }
                compiled.quick(slots)
            }
        }
    }
}
