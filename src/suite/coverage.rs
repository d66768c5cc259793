//! What tests cover of a policy: rules seen both to hold and not to, operands that decided both ways, limits and durations
//! with a fixture at and on each side of them. It looks at judgements, and judges nothing.

mod fixtures;
mod key;
mod points;
mod reach;
mod seen;
mod told;

pub use fixtures::fixtures;
pub use seen::Seen;
pub use told::{Coverage, Kind, Part, Point, Side, Total, Totals, Uncovered};
