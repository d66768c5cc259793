//! A queue of figures that can be joined but not taken apart: what left is never subtracted, so that it leaves no trace.
//! It knows no method, and no time.

use super::seen::Point;

/// A figure of a stretch of samples.
pub(super) trait Figure: Clone {
    /// That of no sample.
    const NONE: Self;

    /// That of one sample.
    fn of(point: &Point) -> Self;

    /// That of this stretch and a later one.
    fn then(&self, later: &Self) -> Self;

    /// Takes in one more sample.
    fn push(&mut self, point: &Point) {
        *self = self.then(&Self::of(point));
    }

    /// Takes in one more sample before all others.
    fn push_front(&mut self, point: &Point) {
        *self = Self::of(point).then(self);
    }
}

/// The figure of all samples in a queue, at constant cost for each that comes and goes.
#[derive(Clone, Debug)]
pub(super) struct Stack<F> {
    /// For each of the older samples, the newest of them first, the figure from it to the newest of them.
    front: Vec<F>,
    /// The figure of the younger ones.
    back: F,
}

impl<F: Figure> Stack<F> {
    pub(super) const fn new() -> Self {
        Self {
            front: Vec::new(),
            back: F::NONE,
        }
    }

    #[inline]
    pub(super) fn push(&mut self, point: &Point) {
        self.back.push(point);
    }

    /// Lets go of the oldest of the samples, which are all those of the queue still.
    #[inline]
    pub(super) fn pop(&mut self, points: &[Point]) {
        if self.front.is_empty() {
            let mut figure = F::NONE;
            for point in points.iter().rev() {
                figure.push_front(point);
                self.front.push(figure.clone());
            }
            self.back = F::NONE;
        }
        self.front.pop();
    }

    pub(super) fn clear(&mut self) {
        self.front.clear();
        self.back = F::NONE;
    }

    /// The figure of all.
    #[inline]
    pub(super) fn all(&self) -> F {
        match self.front.last() {
            Some(front) => front.then(&self.back),
            None => self.back.clone(),
        }
    }
}
