//! Whether some periods together cover all that others do, however each is cut into days and times. Worked out from what
//! they say: no calendar is walked through but for dates. Shifts of the clock make no difference.

use jiff::civil::Date;

use super::days::{Days, Weekdays};
use super::period::{Period, Times};
use super::shifted;

/// More dates than that are not looked at one by one.
const MOST: i32 = 400;

/// Whether all that these periods cover is covered by the others, for sure.
#[must_use]
pub fn covered(these: &[Period], others: &[Period]) -> bool {
    these.iter().all(|one| {
        let whole = others.iter().any(|other| one.is_in(other));
        whole || in_parts(one, others)
    })
}

/// The same of one, day by day and from each time at which another one begins or ends to the next.
fn in_parts(one: &Period, others: &[Period]) -> bool {
    let (begin, end) = (one.times.begin(), one.times.end());
    let ends = others.iter().flat_map(|other| {
        let ends = [other.times.begin(), other.times.end()];
        ends.into_iter()
            .flat_map(|end| [-1, 0, 1].map(|days| moved(end, days)))
    });
    let mut cuts: Vec<i32> = ends.filter(|cut| begin < *cut && *cut < end).collect();
    cuts.extend([begin, end]);
    cuts.sort_unstable();
    cuts.dedup();
    let days = single(&one.days);
    cuts.windows(2).all(|piece| {
        let &[from, to] = piece else { return false };
        // A period over midnight reaches into the next day.
        let inside = |day: &Days, other: &Period, later: i32| {
            moved(other.times.begin(), later) <= from
                && to <= moved(other.times.end(), later)
                && lies_in(day, &other.days, later)
        };
        days.iter().all(|day| {
            let mut others = others.iter();
            others.any(|other| [-1, 0, 1].iter().any(|later| inside(day, other, *later)))
        })
    })
}

fn moved(minutes: i32, days: i32) -> i32 {
    minutes.saturating_add(Times::DAY.saturating_mul(days))
}

/// Days one by one, where there are not too many.
fn single(days: &Days) -> Vec<Days> {
    match days {
        Days::Weekly(weekdays) => weekdays.iter().map(|day| Days::Weekly(only(day))).collect(),
        Days::Dates(first, last) => {
            let date = |after: i32| shifted(*first, after).filter(|date| date <= last);
            let all: Vec<Date> = (0..MOST).map_while(date).collect();
            if all.last() == Some(last) {
                let one = |date: Date| Days::Dates(date, date);
                all.into_iter().map(one).collect()
            } else {
                vec![days.clone()]
            }
        }
        Days::Nth(..) => vec![days.clone()],
    }
}

fn only(day: jiff::civil::Weekday) -> Weekdays {
    let mut days = Weekdays::default();
    days.insert(day);
    days
}

/// Whether so many days after each of the one is one of the others.
fn lies_in(day: &Days, others: &Days, later: i32) -> bool {
    match (day, others) {
        (Days::Weekly(own), Days::Weekly(others)) => own
            .iter()
            .all(|day| others.has(day.wrapping_add(i64::from(later)))),
        (Days::Nth(_, day), Days::Weekly(others)) => others.has(day.wrapping_add(i64::from(later))),
        (Days::Dates(first, last), others) if first == last => {
            shifted(*first, later).is_some_and(|date| others.covers(date))
        }
        (own, others) => later == 0 && own.are_in(others),
    }
}
