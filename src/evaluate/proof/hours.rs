//! Whether a calendar is open, as time goes on: its days are gone through only where it opens or closes. What else closes
//! it is for whoever has the values.

use jiff::SignedDuration;

use crate::calendar::{AHEAD, Calendar};
use crate::evaluate::moment::Moment;

/// Whether a calendar is open, and up to when that is known.
#[derive(Clone, Debug)]
pub(super) struct Hours<'p> {
    calendar: &'p Calendar,
    open: bool,
    until: Moment,
}

impl<'p> Hours<'p> {
    pub(super) fn new(calendar: &'p Calendar) -> Self {
        Self {
            calendar,
            open: false,
            until: Moment::BEFORE,
        }
    }

    /// Goes on to a moment.
    pub(super) fn step(&mut self, moment: Moment) {
        if moment < self.until {
            return;
        }
        let at = moment.instant();
        self.open = self.calendar.is_open(at);
        // Further ahead nobody has looked: it is looked at again then.
        let ahead = SignedDuration::from_secs(i64::from(AHEAD).saturating_mul(86_400));
        let far = Moment::at(at).plus(ahead);
        self.until = self.calendar.next_change(at).map_or(far, Moment::at);
    }

    /// Whether its periods let it be open.
    pub(super) fn open(&self) -> bool {
        self.open
    }

    /// When that is another.
    pub(super) fn wake(&self) -> Moment {
        self.until
    }
}
