//! What each method keeps of the known samples of its window, so that its figure costs little at each of them. Never
//! decides which samples lie in the window, nor whether they cover it.

use super::extreme::Extreme;
use super::growth::Growth;
use super::line::Line;
use super::rank::Rank;
use super::samples::Samples;
use super::seen::{Point, Seen};
use super::spread::Spread;
use super::stack::Stack;
use super::total::Total;
use crate::evaluate::moment::Moment;
use crate::expr::number;
use crate::expr::value::{Missing, Value};
use crate::expr::window::Method;

/// What a method keeps of the known samples, besides them.
#[derive(Clone, Debug)]
pub(super) enum Kept {
    Nothing,
    Total(Total),
    Extreme(Extreme),
    Rank(Rank),
    Spread(Stack<Spread>),
    Line(Stack<Line>),
    Growth(Growth),
    /// How many samples are true.
    Trues(usize),
    /// How often one that is true follows one that is false.
    Edges(usize),
}

impl Kept {
    pub(super) fn new(method: Method, whole: bool) -> Self {
        match method {
            Method::Avg | Method::Sum => Self::Total(Total::new(whole)),
            Method::Min => Self::Extreme(Extreme::new(false)),
            Method::Max => Self::Extreme(Extreme::new(true)),
            Method::Quantile(share) => Self::Rank(Rank::new(share)),
            Method::Stddev => Self::Spread(Stack::new()),
            Method::Slope => Self::Line(Stack::new()),
            Method::Increase | Method::Rate => Self::Growth(Growth::new(whole)),
            Method::Share => Self::Trues(0),
            Method::Edges => Self::Edges(0),
            Method::Count
            | Method::First
            | Method::Ago
            | Method::Delta
            | Method::Rising(_)
            | Method::Falling(_)
            | Method::Streak => Self::Nothing,
        }
    }

    /// Takes in a known sample, before the samples do.
    #[inline]
    pub(super) fn push(&mut self, at: Moment, seen: Seen, value: &Value, samples: &Samples) {
        let point = Point { at, seen };
        match self {
            Self::Nothing => {}
            Self::Total(total) => total.push(&point),
            Self::Extreme(extreme) => extreme.push(&point),
            Self::Rank(rank) => rank.push(seen.double()),
            Self::Spread(stack) => stack.push(&point),
            Self::Line(stack) => stack.push(&point),
            Self::Growth(growth) => growth.push(at, value),
            Self::Trues(trues) => *trues = trues.saturating_add(usize::from(seen.is_true())),
            Self::Edges(edges) => {
                let before = samples.known.back();
                *edges = edges.saturating_add(edge(before, Some(&point)));
            }
        }
    }

    /// Lets go of the oldest known sample, before the samples do.
    #[inline]
    pub(super) fn pop(&mut self, samples: &Samples) {
        let Some(oldest) = samples.known.front() else {
            return;
        };
        match self {
            Self::Nothing => {}
            Self::Total(total) => total.pop(samples.known.items()),
            Self::Extreme(extreme) => extreme.pop(oldest.at),
            Self::Rank(rank) => rank.pop(oldest.seen.double()),
            Self::Spread(stack) => stack.pop(samples.known.items()),
            Self::Line(stack) => stack.pop(samples.known.items()),
            Self::Growth(growth) => growth.pop(oldest.at),
            Self::Trues(trues) => {
                *trues = trues.saturating_sub(usize::from(oldest.seen.is_true()));
            }
            Self::Edges(edges) => {
                *edges = edges.saturating_sub(edge(Some(oldest), samples.known.items().get(1)));
            }
        }
    }

    pub(super) fn clear(&mut self) {
        match self {
            Self::Nothing => {}
            Self::Total(total) => total.clear(),
            Self::Extreme(extreme) => extreme.clear(),
            Self::Rank(rank) => rank.clear(),
            Self::Spread(stack) => stack.clear(),
            Self::Line(stack) => stack.clear(),
            Self::Growth(growth) => growth.clear(),
            Self::Trues(count) | Self::Edges(count) => *count = 0,
        }
    }

    /// The figure of the known samples, of which there is one at least.
    #[inline]
    pub(super) fn figure(&self, method: Method, samples: &Samples) -> Result<Value, Missing> {
        let count = samples.known.len();
        match (self, method) {
            (Self::Total(total), Method::Avg) => total.mean(count),
            (Self::Total(total), _) => total.sum(),
            (Self::Extreme(extreme), _) => extreme.get().ok_or(Missing::Hole)?.value(),
            (Self::Rank(rank), _) => super::seen::double(rank.get().ok_or(Missing::OutOfRange)?),
            (Self::Spread(stack), _) => super::seen::double(stack.all().deviation()),
            (Self::Line(stack), _) => stack.all().slope().map(Value::Double),
            (Self::Trues(trues), _) => Ok(Value::Double(
                super::seen::count(*trues) / super::seen::count(count),
            )),
            (Self::Edges(edges), _) => Ok(Value::Int(number::size(*edges))),
            (Self::Nothing, Method::First) => {
                samples.known.front().ok_or(Missing::Hole)?.seen.value()
            }
            (Self::Nothing | Self::Growth(_), _) => Err(Missing::Absent),
        }
    }
}

/// One if something became true from one sample to the next.
fn edge(before: Option<&Point>, after: Option<&Point>) -> usize {
    match (before, after) {
        (Some(before), Some(after)) => usize::from(!before.seen.is_true() && after.seen.is_true()),
        _ => 0,
    }
}
