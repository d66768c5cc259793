//! Instants to places along a plot, and the ticks of its clock, in UTC. Never asks what time it is.

use jiff::Timestamp;

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    /// In milliseconds since 1970; the end lies behind the beginning.
    from: i64,
    to: i64,
}

/// The steps of ticks, in seconds.
const STEPS: [i64; 24] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200,
    86_400, 172_800, 604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000,
];
/// A day in seconds.
const DAY: i64 = 86_400;

/// A tick: where it stands from 0 to 1, the time, and the day where it is another than that of the tick before.
pub(super) type Tick = (f64, String, Option<String>);

impl Clock {
    /// From one instant to another; where they are one, half a minute around it.
    pub(super) fn new(from: Timestamp, to: Timestamp) -> Self {
        let (from, to) = (from.as_millisecond(), to.as_millisecond());
        if to > from {
            Self { from, to }
        } else {
            Self {
                from: from.saturating_sub(30_000),
                to: from.saturating_add(30_000),
            }
        }
    }

    /// How far along an instant stands, from 0 to 1; what lies beyond stands at the edge.
    pub(super) fn share(self, at: Timestamp) -> f64 {
        share(
            at.as_millisecond().saturating_sub(self.from),
            self.to.saturating_sub(self.from),
        )
        .clamp(0.0, 1.0)
    }

    /// Whether an instant lies in it.
    pub(super) fn shows(self, at: Timestamp) -> bool {
        (self.from..=self.to).contains(&at.as_millisecond())
    }

    /// At most so many ticks.
    pub(super) fn ticks(self, most: i64) -> Vec<Tick> {
        let range = self.to.saturating_sub(self.from);
        let fits = |step: i64| {
            let count = range.checked_div(step.saturating_mul(1_000));
            count.is_some_and(|count| count < most)
        };
        let mut step = STEPS
            .into_iter()
            .find(|step| fits(*step))
            .unwrap_or(31_536_000);
        while !fits(step) {
            step = step.saturating_mul(2);
        }
        let wide = step.saturating_mul(1_000);
        let first = self.from.checked_div_euclid(wide).unwrap_or(0);
        let mut ticks: Vec<Tick> = Vec::new();
        let mut told: Option<String> = None;
        for index in 0..=most.saturating_add(1) {
            let at = first.saturating_add(index).saturating_mul(wide);
            let Some(instant) = Timestamp::from_millisecond(at)
                .ok()
                .filter(|instant| self.shows(*instant))
            else {
                continue;
            };
            let (time, day) = written(instant, step);
            let new = day.filter(|day| told.as_ref() != Some(day));
            if new.is_some() {
                told.clone_from(&new);
            }
            ticks.push((self.share(instant), time, new));
        }
        ticks
    }
}

/// What a tick says: the time of day, and the day; of whole days the day, and the year.
fn written(at: Timestamp, step: i64) -> (String, Option<String>) {
    let text = at.to_string();
    let (day, time) = text.split_once('T').unwrap_or((&text, ""));
    let time = time.trim_end_matches('Z');
    // Years of more than four digits have a sign.
    let (year, month) = day
        .char_indices()
        .filter(|(index, c)| *c == '-' && *index > 0)
        .map(|(index, _)| index)
        .next()
        .map_or((day, ""), |index| day.split_at(index));
    if step >= DAY {
        return (
            month.trim_start_matches('-').to_owned(),
            Some(year.to_owned()),
        );
    }
    let time = if step >= 60 {
        time.get(..5).unwrap_or(time)
    } else {
        time.get(..8).unwrap_or(time)
    };
    (time.to_owned(), Some(day.to_owned()))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a pixel is far more than what is lost"
)]
fn share(part: i64, whole: i64) -> f64 {
    let share = part as f64 / whole as f64;
    if share.is_finite() { share } else { 0.5 }
}

#[cfg(test)]
mod tests {
    use super::Clock;

    fn told(from: &str, to: &str) -> Vec<String> {
        let (Ok(from), Ok(to)) = (from.parse(), to.parse()) else {
            return Vec::new();
        };
        let clock = Clock::new(from, to);
        let ticks = clock.ticks(6).into_iter();
        ticks
            .map(|(_, time, day)| {
                format!("{time} {}", day.unwrap_or_default())
                    .trim()
                    .to_owned()
            })
            .collect()
    }

    #[test]
    fn ticks_are_round_in_utc() {
        assert_eq!(
            told("2025-10-16T09:58:30Z", "2025-10-16T10:08:30Z"),
            ["10:00 2025-10-16", "10:02", "10:04", "10:06", "10:08"]
        );
        assert_eq!(
            told("2025-10-16T22:00:00Z", "2025-10-17T02:00:00Z"),
            [
                "22:00 2025-10-16",
                "23:00",
                "00:00 2025-10-17",
                "01:00",
                "02:00"
            ]
        );
        assert_eq!(
            told("2025-12-30T00:00:00Z", "2026-01-02T12:00:00Z"),
            ["12-30 2025", "12-31", "01-01 2026", "01-02"]
        );
    }

    #[test]
    fn one_instant_and_all_of_time_have_ticks() {
        assert!(!told("2025-10-16T10:00:00Z", "2025-10-16T10:00:00Z").is_empty());
        assert!(!told("-009999-01-02T01:59:59Z", "9999-12-30T22:00:00Z").is_empty());
        assert!(!told("2025-10-16T10:00:00.001Z", "2025-10-16T10:00:03.5Z").is_empty());
    }
}
