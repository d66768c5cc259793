//! What a window looked back at, for people: how many samples, what they are like, where some are missing. Goes through all of
//! them, so it is asked for at the end alone; never changes what is kept.

use jiff::Timestamp;

use super::seen::{Point, Seen};
use super::total::Total;
use super::{Looking, Reach};
use crate::evaluate::moment::Moment;
use crate::expr::value::Value;
use crate::expr::window::Method;

/// The most holes that are told.
const HOLES: usize = 20;

/// What a window looked back at.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// The instant it begins at.
    pub from: Option<Timestamp>,
    /// When its history reaches back to where it begins, if that is still to come.
    pub reaches: Option<Timestamp>,
    /// What was held where it begins, where its figure is measured from there.
    pub start: Option<Value>,
    /// How many known samples lie in it.
    pub samples: usize,
    /// The least of them.
    pub min: Option<f64>,
    /// Their mean.
    pub avg: Option<f64>,
    /// The greatest.
    pub max: Option<f64>,
    /// The newest.
    pub last: Option<Value>,
    /// Stretches longer than a value is good for, without a known sample.
    pub holes: Vec<(Timestamp, Timestamp)>,
}

impl Looking {
    /// What it looks back at from a moment that is not before anything seen so far, with the entry of the stage as known
    /// then.
    pub(in crate::evaluate) fn contents(&self, now: Moment, entered: Option<Moment>) -> Contents {
        let samples = &self.samples;
        let newest = samples.newest.unwrap_or(now);
        let end = if self.ends_with_newest() { newest } else { now };
        let begin = match &self.reach {
            Reach::Last(lengths) => Some(end.shifted(lengths.back)),
            Reach::Stage(_) => entered.filter(|entered| *entered <= now),
            Reach::Samples => None,
        };
        let mut contents = Contents {
            from: begin.map(Moment::instant),
            ..Contents::default()
        };
        if let (Reach::Last(lengths), Some(begin)) = (&self.reach, begin)
            && samples.first > begin
            && samples.first != Moment::NEVER
            && self.method != Method::Count
        {
            contents.reaches = Some(samples.first.shifted(lengths.forth).instant());
        }
        let grows = matches!(self.method, Method::Delta | Method::Increase | Method::Rate);
        if let Some(begin) = begin.filter(|_| grows) {
            let start = self.held_at(begin).ok();
            contents.start = start.filter(|value| known(value)).cloned();
        }
        match self.method {
            Method::Streak => {
                contents.samples = self.streak.length();
                return contents;
            }
            Method::Ago => {
                contents.last = self.held.newest().filter(|value| known(value)).cloned();
                return contents;
            }
            _ => {}
        }
        let inside = |point: &&Point| match (&self.reach, begin) {
            // The entry itself lies in the window.
            (Reach::Stage(_), Some(begin)) => point.at >= begin,
            (_, Some(begin)) => point.at > begin,
            (_, None) => false,
        };
        let points: Vec<&Point> = samples.known.items().iter().filter(inside).collect();
        contents.samples = points.len();
        let number = |point: &&&Point| matches!(point.seen, Seen::Whole(_) | Seen::Double(_));
        if let Some(first) = points.first().filter(number) {
            let mut total = Total::new(matches!(first.seen, Seen::Whole(_)));
            points.iter().for_each(|point| total.push(point));
            let mean = total.mean(points.len());
            contents.avg = match mean {
                Ok(Value::Double(mean)) => Some(mean),
                _ => None,
            };
            let doubles = || points.iter().map(|point| point.seen.double());
            contents.min = doubles().reduce(f64::min);
            contents.max = doubles().reduce(f64::max);
        }
        contents.last = points.last().and_then(|last| last.seen.value().ok());
        if let (Some(begin), Some(age)) = (begin, samples.max_age) {
            let mut from = begin;
            let mut newest_hole = None;
            for to in points.iter().map(|point| point.at).chain([end]) {
                if from.shifted(age) < to {
                    // Before the first sample there is no history at all.
                    newest_hole = (from >= samples.first).then_some(to).or(newest_hole);
                    if contents.holes.len() < HOLES {
                        contents.holes.push((from.instant(), to.instant()));
                    }
                }
                from = to;
            }
            // A hole leaves it later than what is before all samples; one that is still open leaves it nobody knows when.
            let given = points.last().is_some_and(|last| last.at == end);
            if let (Some(reaches), Some(to), Reach::Last(lengths)) =
                (contents.reaches, newest_hole, &self.reach)
            {
                let is_open = to == end && !given;
                let left = to.shifted(lengths.hole).instant();
                contents.reaches = (!is_open).then(|| reaches.max(left));
            }
        }
        contents
    }
}

fn known(value: &Value) -> bool {
    !matches!(value, Value::Unknown(_))
}
