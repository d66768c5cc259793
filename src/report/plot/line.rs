//! One input on its way through the samples: the whole of it, and the last stretch. Never chooses what is drawn.

use jiff::{SignedDuration, Timestamp};

use super::gather::hold;
use super::{Course, Level, Plot, View};
use crate::expr::value::Key;
use crate::verdict::Verdict;

/// The most bars of one view: more than its pixels show nothing more.
const BARS: usize = 400;
/// How much of the whole may lie before what decided, for it to be seen in the whole.
const CLOSE: i32 = 4;

/// What is followed.
#[derive(Clone, Debug)]
pub(super) struct Of {
    pub(super) slot: usize,
    pub(super) path: Vec<Key>,
    pub(super) item: Option<String>,
}

/// What a baseline has of an input.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) slot: usize,
    /// As a finding has it.
    pub(super) name: String,
    /// What was given last, and when.
    pub(super) given: Option<(Timestamp, f64)>,
}

/// An input on its way.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) slot: usize,
    pub(super) path: Vec<Key>,
    pub(super) item: Option<String>,
    pub(super) plot: Plot,
    /// What baselines have of it.
    pub(super) levels: Vec<Held>,
    whole: Course,
    close: Option<(Timestamp, Course)>,
}

impl Line {
    /// Before the first sample.
    pub(super) fn new(
        of: Of,
        input: String,
        (title, unit): (Option<String>, Option<String>),
        is_bool: bool,
        (max_age, now): (SignedDuration, Timestamp),
    ) -> Self {
        let nothing = View {
            from: now,
            to: now,
            bars: Vec::new(),
        };
        Self {
            slot: of.slot,
            path: of.path,
            item: of.item,
            plot: Plot {
                input,
                title,
                unit,
                is_bool,
                max_age,
                rules: Vec::new(),
                limits: Vec::new(),
                levels: Vec::new(),
                entered: None,
                whole: nothing,
                close: None,
                known: 0,
                unknown: 0,
            },
            levels: Vec::new(),
            whole: Course::new(BARS, max_age, None),
            close: None,
        }
    }

    /// Looks closer at what decided: runs, the time they must last, windows, and a little before.
    pub(super) fn focus(&mut self, verdict: &Verdict) {
        let now = verdict.now;
        let reading = verdict.findings.iter();
        let reading = reading.filter(|finding| self.plot.rules.contains(&finding.name()));
        let mut least = times(self.plot.max_age, 6);
        for finding in reading.filter(|finding| finding.counts || verdict.causes.is_empty()) {
            let windows = finding.windows.iter().filter_map(|window| window.from);
            let marks = [finding.since, finding.fired_at, finding.cleared_at];
            let ago = windows.chain(marks.into_iter().flatten());
            let spans = ago.map(|at| now.duration_since(at)).chain(hold(finding));
            for span in spans.filter(|span| !span.is_negative()) {
                let wide = span.checked_add(span.checked_div(3).unwrap_or(span));
                least = least.max(wide.unwrap_or(SignedDuration::MAX));
            }
        }
        let start = now.checked_sub(least).unwrap_or(Timestamp::MIN);
        self.close = Some((start, Course::new(BARS, self.plot.max_age, Some(start))));
    }

    /// What is given next, none: that it is unknown.
    pub(super) fn take(&mut self, at: Timestamp, value: Option<f64>) {
        let count = match value {
            Some(_) => &mut self.plot.known,
            None => &mut self.plot.unknown,
        };
        *count = count.saturating_add(1);
        self.whole.take(at, value);
        if let Some((_, course)) = &mut self.close {
            course.take(at, value);
        }
    }

    /// What is to be drawn of it.
    pub(super) fn finish(
        self,
        first: Timestamp,
        now: Timestamp,
        entered: Option<Timestamp>,
    ) -> Plot {
        let view = |from, course: Course| View {
            from,
            to: now,
            bars: course.finish(now),
        };
        let seen = now.duration_since(first);
        let closer = |start: &Timestamp| times(now.duration_since(*start), CLOSE) < seen;
        let close = self.close.filter(|(start, _)| closer(start));
        let mut plot = self.plot;
        for Held { name, given, .. } in self.levels {
            let told = plot.levels.iter().any(|level| level.name == name);
            if let Some((_, value)) = given.filter(|_| !told) {
                plot.levels.push(Level { name, value });
            }
        }
        Plot {
            entered,
            whole: view(first, self.whole),
            close: close.map(|(start, course)| view(start, course)),
            ..plot
        }
    }
}

/// So many times as long.
fn times(span: SignedDuration, by: i32) -> SignedDuration {
    span.checked_mul(by).unwrap_or(SignedDuration::MAX)
}
