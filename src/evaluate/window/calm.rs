//! The short way for what is commonest: one more number in a window that is covered and stays so. It gives exactly what the
//! long way gives, or declines.

use super::seen::Seen;
use super::{Kept, Looking, Reach, leave};
use crate::evaluate::moment::Moment;
use crate::expr::value::Value;
use crate::expr::window::Method;

/// Up to here no sum of samples leaves the range of doubles.
const FAR: f64 = 1e270;

impl Looking {
    /// Takes in a sample with this number and gives the figure, provided that the value before was known and nothing has
    /// changed since; otherwise nothing, and nothing is taken in.
    #[inline]
    pub(in crate::evaluate) fn calm(&mut self, at: Moment, number: f64) -> Option<f64> {
        let Reach::Last(lengths) = &self.reach else {
            return None;
        };
        // Not so for what is not a number, either.
        let near = number.abs() < FAR;
        if !near || self.whole || self.samples.newest? >= at {
            return None;
        }
        let begin = at.shifted(lengths.back);
        if self.method == Method::Ago {
            // Nobody asks for what was before the beginning again.
            self.held.forget(begin);
            let ago = self.held.front(begin)?;
            self.samples.see(at);
            self.held.number(at, number);
            return Some(ago);
        }
        if self.samples.opens <= at || self.samples.has_hole() || self.samples.partial >= begin {
            return None;
        }
        // One zero only, as everywhere in a window.
        let seen = Seen::Double(number + 0.0);
        if !matches!(self.kept, Kept::Total(_) | Kept::Extreme(_)) {
            return None;
        }
        self.samples.see(at);
        self.kept.push(at, seen, &Value::Null, &self.samples);
        self.samples.push(at, seen);
        leave(&mut self.samples, &mut self.kept, begin);
        match self.kept.figure(self.method, &self.samples) {
            Ok(Value::Double(figure)) => Some(figure),
            // It is taken in: that it has no value is told by a number that is none.
            _ => Some(f64::NAN),
        }
    }

    /// No value that [`Looking::calm`] gave changes before this, whatever is not given.
    #[inline]
    pub(in crate::evaluate) fn calm_until(&self) -> Moment {
        let Reach::Last(lengths) = &self.reach else {
            return Moment::NEVER;
        };
        if self.method == Method::Ago {
            let second = self.held.second();
            return second.map_or(Moment::NEVER, |second| second.shifted(lengths.forth));
        }
        let oldest = self.samples.known.front();
        let leaves = oldest.map_or(Moment::NEVER, |oldest| oldest.at.shifted(lengths.forth));
        leaves.min(self.samples.opens)
    }
}
