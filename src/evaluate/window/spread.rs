//! Mean and squared deviations of a stretch of samples, merged as in Chan et al. (1983): nothing of the size
//! of the values is ever squared. It knows no time.

use super::seen::Point;
use super::stack::Figure;

/// How far the values of a stretch are spread.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spread {
    count: f64,
    mean: f64,
    /// The sum of the squared deviations from the mean.
    squares: f64,
}

impl Spread {
    /// The standard deviation of the population.
    pub(super) fn deviation(&self) -> f64 {
        (self.squares / self.count).sqrt()
    }
}

impl Figure for Spread {
    const NONE: Self = Self {
        count: 0.0,
        mean: 0.0,
        squares: 0.0,
    };

    fn of(point: &Point) -> Self {
        Self {
            count: 1.0,
            mean: point.seen.double(),
            squares: 0.0,
        }
    }

    fn then(&self, later: &Self) -> Self {
        if self.count == 0.0 {
            return *later;
        }
        if later.count == 0.0 {
            return *self;
        }
        let count = self.count + later.count;
        let share = later.count / count;
        let apart = later.mean - self.mean;
        Self {
            count,
            mean: self.mean + apart * share,
            squares: self.squares + later.squares + apart * apart * self.count * share,
        }
    }
}
