//! Samples of many sources, each in the order of time, as one: one sample for each instant, whatever order the sources
//! are named in. It holds one sample of each source and no more, and never decides which of two values is right.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use jiff::Timestamp;

use super::canonical::{same, start};
use super::{Observed, Reading, Sample};
use crate::source::{Code, Problem};

/// A source of samples, one after another.
pub trait Feed {
    /// The next sample; what is wrong on the way to it is told to `reading`.
    fn sample(&mut self, reading: &mut Reading<'_>) -> Option<Sample>;
}

/// Samples that have been read already.
#[derive(Clone, Debug)]
pub struct Given<I>(pub I);

impl<I: Iterator<Item = Sample>> Feed for Given<I> {
    fn sample(&mut self, _: &mut Reading<'_>) -> Option<Sample> {
        self.0.next()
    }
}

impl<F: Feed + ?Sized> Feed for Box<F> {
    fn sample(&mut self, reading: &mut Reading<'_>) -> Option<Sample> {
        (**self).sample(reading)
    }
}

/// Merges samples that come in the order of time. A value that is told twice is kept once; two different ones for one
/// name and time are an error that names both places.
#[derive(Debug)]
pub struct Merge<F> {
    feeds: Vec<Ordered<F>>,
    /// The next sample of each feed that has one.
    heads: BinaryHeap<Reverse<Head>>,
    begun: bool,
}

/// A feed, and what is known of its order.
#[derive(Debug)]
struct Ordered<F> {
    feed: F,
    last: Option<Timestamp>,
    back: bool,
}

/// The next sample of a feed.
#[derive(Debug)]
struct Head {
    sample: Sample,
    feed: usize,
}

impl<F: Feed> Merge<F> {
    /// Nothing is read yet.
    pub fn new(feeds: impl IntoIterator<Item = F>) -> Self {
        let ordered = |feed| Ordered {
            feed,
            last: None,
            back: false,
        };
        Self {
            feeds: feeds.into_iter().map(ordered).collect(),
            heads: BinaryHeap::new(),
            begun: false,
        }
    }

    /// The next instant's sample, its values in the order of their slots.
    pub fn sample(&mut self, reading: &mut Reading<'_>) -> Option<Sample> {
        if !self.begun {
            self.begun = true;
            (0..self.feeds.len()).for_each(|feed| self.pull(feed, reading));
        }
        let Reverse(Head { mut sample, feed }) = self.heads.pop()?;
        self.pull(feed, reading);
        while let Some(Reverse(head)) = self.heads.peek()
            && head.sample.at == sample.at
            && let Some(Reverse(Head { sample: same, feed })) = self.heads.pop()
        {
            sample.values.extend(same.values);
            self.pull(feed, reading);
        }
        settle(&mut sample, reading);
        Some(sample)
    }

    /// The feeds, by their number from 0, that have gone back in time so far. What was merged since is in no order: such a
    /// feed must be sorted, and the merging begun anew.
    pub fn unsorted(&self) -> impl Iterator<Item = usize> {
        let feeds = self.feeds.iter().enumerate();
        feeds
            .filter(|(_, feed)| feed.back)
            .map(|(number, _)| number)
    }

    fn pull(&mut self, number: usize, reading: &mut Reading<'_>) {
        let Some(ordered) = self.feeds.get_mut(number) else {
            return;
        };
        if let Some(sample) = ordered.feed.sample(reading) {
            ordered.back |= ordered.last.is_some_and(|last| sample.at < last);
            ordered.last = Some(sample.at);
            let feed = number;
            self.heads.push(Reverse(Head { sample, feed }));
        }
    }
}

/// The values of one instant by slot, each once.
fn settle(sample: &mut Sample, reading: &mut Reading<'_>) {
    let settled = sample
        .values
        .is_sorted_by(|first, second| first.slot < second.slot);
    if settled {
        return;
    }
    let at = sample.at;
    sample
        .values
        .sort_by_key(|observed| (observed.slot, observed.place));
    sample.values.dedup_by(|second, first| {
        if second.slot != first.slot {
            return false;
        }
        if !same(&first.value, &second.value) {
            let problem = conflict(reading, at, first, second);
            reading.problem(problem);
        }
        true
    });
}

fn conflict(reading: &Reading<'_>, at: Timestamp, first: &Observed, second: &Observed) -> Problem {
    let name = reading.layout().name(second.slot);
    let [first_place, second_place] = [first, second].map(|one| one.place.display(reading.files()));
    Problem::new(
        Code::Conflict,
        format!(
            "`{name}` has two values at {at}: {} in {first_place} and {} in {second_place}",
            start(&first.value),
            start(&second.value),
        ),
    )
    .help("the same value twice is fine; remove the wrong one, or correct its `at`")
}

impl Head {
    fn key(&self) -> (Timestamp, usize) {
        (self.sample.at, self.feed)
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Head {}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}
