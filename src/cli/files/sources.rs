//! All that is given to be judged, as samples in the order of time, as often as needed. A document is held; never a history,
//! but for one that is not in the order of time.

mod raw;

use std::collections::BTreeMap;
use std::rc::Rc;

use gonogo::snapshot::baseline::compared;
use gonogo::snapshot::raw::Raws;
use gonogo::snapshot::{Extent, Facts, Feed, Format, Given, Layout, Merge, Reading, Sample};
use gonogo::source::Problem;

use super::feed::{Streamed, TextFeed};
use super::opened::{Opened, open_all};
use crate::cli::progress::{Pass, Progress};
use raw::Waiting;

/// How many histories are kept open; those beyond are read at once, and held.
const OPEN: usize = 200;

/// What was given.
pub(in crate::cli) struct Sources<'l> {
    reading: Reading<'l>,
    judged: Group,
    /// Whether what is held is not given away, to be read again.
    keeps: bool,
    /// By the baseline's index.
    apart: BTreeMap<usize, Group>,
    progress: Progress,
    /// How many more histories may be kept open.
    room: usize,
    raws: Raws,
    /// What is of no instant yet.
    waiting: Vec<Waiting>,
}

/// What samples are given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Role {
    /// To be judged.
    Judged,
    /// To be compared with, at the same time: they are samples of the baseline of this index.
    Live(usize),
    /// To be compared with: a history of its own, of the baseline of this index.
    Apart(usize),
}

/// Samples that belong to one history.
#[derive(Default)]
struct Group {
    held: Vec<Sample>,
    streamed: Vec<Streamed>,
}

impl<'l> Sources<'l> {
    /// Nothing is given yet.
    pub(in crate::cli) fn new(layout: &'l Layout, progress: Progress) -> Self {
        Self {
            reading: Reading::new(layout),
            judged: Group::default(),
            keeps: false,
            apart: BTreeMap::new(),
            progress,
            room: OPEN,
            raws: Raws::default(),
            waiting: Vec::new(),
        }
    }

    /// Adds all that an argument names.
    pub(in crate::cli) fn add(&mut self, argument: &str, format: Option<Format>, role: Role) {
        let (group, live) = match role {
            Role::Judged => (&mut self.judged, None),
            Role::Live(baseline) => (&mut self.judged, Some(baseline)),
            Role::Apart(baseline) => (self.apart.entry(baseline).or_default(), None),
        };
        let (reading, room) = (&mut self.reading, &mut self.room);
        // What was run and said for a baseline is no fact of what is judged.
        let gathered = reading.gather(role == Role::Judged);
        open_all(
            argument,
            format,
            self.progress,
            &mut |opened| match opened {
                Ok(Opened::Document(source, format)) => {
                    let mut read = Vec::new();
                    reading.document(&source, format, &mut read);
                    let layout = reading.layout();
                    let of_baseline = |sample| match live {
                        Some(baseline) => compared(layout, baseline, sample).sample,
                        None => sample,
                    };
                    group.held.extend(read.into_iter().map(of_baseline));
                }
                Ok(Opened::Lines(text)) => {
                    // Files are numbered in the order they are given in, whenever they are read.
                    reading.file(&text.name);
                    let streamed = Streamed::new(text, live);
                    match room.checked_sub(1) {
                        Some(less) => {
                            *room = less;
                            group.streamed.push(streamed);
                        }
                        None => group.hold(&streamed, reading, self.progress),
                    }
                }
                Err(problem) => reading.problem(problem),
            },
        );
        self.reading.gather(gathered);
    }

    /// A first look at every sample in the order of time: its instant, what it says of stage and subject, and whether it
    /// has metrics. Where a history turns out not to be in that order it is held, and the look begins anew.
    pub(in crate::cli) fn look<T>(
        &mut self,
        start: impl Fn() -> T,
        take: impl FnMut(&mut T, Sample),
    ) -> T {
        let (reading, progress) = (&mut self.reading, self.progress);
        self.judged.look(reading, progress, start, take)
    }

    /// All facts that are given to be judged, whenever they were told. To be asked for after a first look, once.
    pub(in crate::cli) fn facts(&mut self) -> Facts {
        self.reading.facts()
    }

    /// Every sample in the order of time. To be asked for once: what was held is given away, unless it is kept.
    pub(in crate::cli) fn samples(&mut self) -> Samples<'_, 'l> {
        let keeps = self.keeps;
        self.judged.samples(&mut self.reading, self.progress, keeps)
    }

    /// Keeps what is held when it is read, so that it can be read [`again`](Self::again).
    pub(in crate::cli) fn keep(&mut self) {
        self.keeps = true;
    }

    /// Every sample in the order of time once more. What is wrong with it has been told.
    pub(in crate::cli) fn again(&mut self, mut take: impl FnMut(&Sample)) {
        let mut aside = self.reading.aside();
        let pass = self.judged.pass("drawing", self.progress);
        let held: Box<dyn Feed> = Box::new(Given(self.judged.held.iter().cloned()));
        let feeds = feeds(&self.judged.streamed, Extent::Everything, &mut aside, &pass);
        let mut merge = Merge::new(feeds.chain([held]));
        while let Some(sample) = merge.sample(&mut aside) {
            take(&sample);
        }
    }

    /// The baselines that have a history of their own.
    pub(in crate::cli) fn baselines(&self) -> impl Iterator<Item = usize> {
        self.apart.keys().copied()
    }

    /// Every sample of a baseline's own history in the order of time, as it was given: [`compared`] makes samples of the
    /// baseline of them. To be asked for once.
    pub(in crate::cli) fn baseline(&mut self, baseline: usize) -> Samples<'_, 'l> {
        let group = self.apart.entry(baseline).or_default();
        self.reading.gather(false);
        // Nobody has looked yet whether they are in order.
        group.look(&mut self.reading, self.progress, || (), |(), _| ());
        group.samples(&mut self.reading, self.progress, false)
    }

    /// What the sources share: the names of the files, and a place for problems.
    pub(in crate::cli) fn reading(&mut self) -> &mut Reading<'l> {
        &mut self.reading
    }

    /// The names of the files.
    pub(in crate::cli) fn files(&self) -> &[std::sync::Arc<str>] {
        self.reading.files()
    }

    /// All that was wrong.
    pub(in crate::cli) fn finish(&mut self) -> Vec<Problem> {
        let (layout, files) = (self.reading.layout(), self.reading.files());
        let told = Reading::beside(layout, files);
        std::mem::replace(&mut self.reading, told).finish()
    }
}

impl Group {
    fn look<T>(
        &mut self,
        reading: &mut Reading<'_>,
        progress: Progress,
        start: impl Fn() -> T,
        mut take: impl FnMut(&mut T, Sample),
    ) -> T {
        loop {
            let (mut aside, mut told) = (reading.aside(), start());
            let layout = reading.layout();
            self.held.sort_by_key(|sample| sample.at);
            let held = self.held.iter().map(move |sample| sample.glance(layout));
            let pass = self.pass("looking through", progress);
            let feeds = feeds(&self.streamed, Extent::Context, &mut aside, &pass);
            let held: Box<dyn Feed> = Box::new(Given(held));
            let mut merge = Merge::new(feeds.chain([held]));
            while let Some(sample) = merge.sample(&mut aside) {
                take(&mut told, sample);
            }
            let unsorted: Vec<usize> = merge.unsorted().collect();
            drop(merge);
            if unsorted.is_empty() {
                reading.looked(aside);
                return told;
            }
            for index in unsorted.into_iter().rev() {
                let streamed = self.streamed.remove(index);
                self.hold(&streamed, reading, progress);
            }
        }
    }

    fn samples<'s, 'l>(
        &'s mut self,
        reading: &'s mut Reading<'l>,
        progress: Progress,
        keeps: bool,
    ) -> Samples<'s, 'l> {
        let pass = self.pass("reading", progress);
        self.held.sort_by_key(|sample| sample.at);
        let held = if keeps {
            self.held.clone()
        } else {
            std::mem::take(&mut self.held)
        };
        let held: Box<dyn Feed> = Box::new(Given(held.into_iter()));
        let feeds = feeds(&self.streamed, Extent::Everything, reading, &pass);
        let merge = Merge::new(feeds.chain([held]));
        Samples { merge, reading }
    }

    /// Reads all of a history and keeps it.
    fn hold(&mut self, streamed: &Streamed, reading: &mut Reading<'_>, progress: Progress) {
        let pass = Rc::new(progress.pass("reading", Some(streamed.length())));
        match TextFeed::new(streamed, Extent::Everything, reading, &pass) {
            Ok(mut feed) => {
                while let Some(sample) = feed.sample(reading) {
                    self.held.push(sample);
                }
            }
            Err(problem) => reading.problem(problem),
        }
    }

    fn pass(&self, what: &'static str, progress: Progress) -> Rc<Pass> {
        let bytes = self.streamed.iter().map(Streamed::length).sum();
        Rc::new(progress.pass(what, Some(bytes)))
    }
}

/// A feed for each history, by its number.
fn feeds<'s>(
    streamed: &'s [Streamed],
    extent: Extent,
    reading: &mut Reading<'_>,
    pass: &Rc<Pass>,
) -> impl Iterator<Item = Box<dyn Feed + 's>> + use<'s> {
    let feeds: Vec<Box<dyn Feed + 's>> = streamed
        .iter()
        .map(
            |streamed| match TextFeed::new(streamed, extent, reading, pass) {
                Ok(feed) => Box::new(feed) as Box<dyn Feed + 's>,
                Err(problem) => {
                    reading.problem(problem);
                    Box::new(Given(std::iter::empty()))
                }
            },
        )
        .collect();
    feeds.into_iter()
}

/// The samples of several sources, one for each instant.
pub(in crate::cli) struct Samples<'s, 'l> {
    merge: Merge<Box<dyn Feed + 's>>,
    reading: &'s mut Reading<'l>,
}

impl Iterator for Samples<'_, '_> {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        self.merge.sample(self.reading)
    }
}

#[cfg(test)]
mod tests;
