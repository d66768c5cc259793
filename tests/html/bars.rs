//! Values in few enough bars to be drawn: what is held, what is stale, and that joining them loses nothing.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use gonogo::report::plot::{Bar, Course};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("an instant")
}

fn minute() -> SignedDuration {
    SignedDuration::from_secs(60)
}

#[test]
fn a_value_is_held_until_the_next_or_until_it_is_stale() {
    let mut course = Course::new(10, minute(), None);
    course.take(at(0), Some(1.0));
    course.take(at(30), Some(2.0));
    course.take(at(200), Some(3.0));
    course.take(at(220), None);
    course.take(at(230), Some(f64::NAN));
    let spans: Vec<(i64, i64, f64)> = course
        .finish(at(300))
        .iter()
        .map(|bar| (bar.from.as_second(), bar.to.as_second(), bar.last))
        .collect();
    assert_eq!(spans, [(0, 30, 1.0), (30, 90, 2.0), (200, 220, 3.0)]);
}

#[test]
fn a_value_at_the_end_is_a_bar_without_length() {
    let mut course = Course::new(10, minute(), None);
    course.take(at(0), Some(1.0));
    let bars = course.finish(at(0));
    assert_eq!((bars.len(), bars[0].from, bars[0].to), (1, at(0), at(0)));
}

#[test]
fn a_closer_look_begins_with_what_is_held_then() {
    let mut course = Course::new(10, minute(), Some(at(100)));
    course.take(at(0), Some(9.0));
    course.take(at(80), Some(1.0));
    course.take(at(120), Some(2.0));
    let spans: Vec<(i64, i64)> = course
        .finish(at(130))
        .iter()
        .map(|bar| (bar.from.as_second(), bar.to.as_second()))
        .collect();
    assert_eq!(spans, [(100, 120), (120, 130)]);
}

#[test]
fn a_year_of_samples_is_few_bars_and_keeps_its_one_spike() {
    let mut course = Course::new(200, minute(), None);
    for second in (0..31_536_000).step_by(60) {
        let value = if second == 11_999_940 { 99.0 } else { 1.0 };
        course.take(at(second), Some(value));
    }
    let bars = course.finish(at(31_536_000));
    assert!((100..=200).contains(&bars.len()), "{}", bars.len());
    let spikes: Vec<&Bar> = bars.iter().filter(|bar| bar.high > 1.0).collect();
    assert_eq!(spikes.len(), 1);
    assert!(spikes[0].from <= at(11_999_940) && spikes[0].to >= at(11_999_940));
}

proptest! {
    /// However much is given: the ends, the least and the greatest stay, in order, and every hole is counted.
    #[test]
    fn joining_loses_no_extreme_and_no_hole(
        steps in prop::collection::vec((1_i64..200, prop::option::weighted(0.9, -1e6..1e6_f64)), 1..400),
    ) {
        let (mut fine, mut coarse) = (Course::new(10_000, minute(), None), Course::new(7, minute(), None));
        let mut now = 0;
        for (step, value) in &steps {
            now += step;
            fine.take(at(now), *value);
            coarse.take(at(now), *value);
        }
        let (fine, coarse) = (fine.finish(at(now)), coarse.finish(at(now)));
        prop_assert!(coarse.len() <= 7);
        prop_assert_eq!(fine.is_empty(), coarse.is_empty());
        let least = |bars: &[Bar]| bars.iter().map(|bar| bar.low).fold(f64::INFINITY, f64::min);
        let most = |bars: &[Bar]| bars.iter().map(|bar| bar.high).fold(f64::NEG_INFINITY, f64::max);
        prop_assert_eq!(least(&fine).to_bits(), least(&coarse).to_bits());
        prop_assert_eq!(most(&fine).to_bits(), most(&coarse).to_bits());
        let holes = |bars: &[Bar]| {
            let between = bars.windows(2).filter(|pair| pair[1].from > pair[0].to).count() as u64;
            between + bars.iter().map(|bar| bar.holes).sum::<u64>()
        };
        prop_assert_eq!(holes(&fine), holes(&coarse));
        for bar in &coarse {
            prop_assert!(bar.from <= bar.settled && bar.settled <= bar.to);
            prop_assert!(bar.low <= bar.first.min(bar.last) && bar.first.max(bar.last) <= bar.high);
        }
        for pair in coarse.windows(2) {
            prop_assert!(pair[0].to <= pair[1].from);
        }
        if let (Some(one), Some(other)) = (fine.first(), coarse.first()) {
            prop_assert_eq!(one.first.to_bits(), other.first.to_bits());
        }
    }
}
