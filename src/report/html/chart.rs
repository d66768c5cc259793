//! The course of one input as a picture of lines and words: limits, baselines, runs, windows and holes with it. Never
//! judges, and draws nothing that the words below it do not say too.

mod holes;
mod lanes;
mod legend;
mod shape;

use std::fmt::Write as _;

use jiff::Timestamp;

use super::clock::Clock;
use super::markup::Markup;
use super::scale::{Scale, is_short};
use crate::report::plot::{Bar, Plot, View};
use crate::verdict::{Finding, Verdict};
use shape::{label, path, rectangle, round};

/// The width of a picture; it grows and shrinks with the page.
const WIDTH: f64 = 400.0;
/// Where the field of values begins and ends.
const TOP: f64 = 28.0;
const BOTTOM: f64 = 172.0;
const RIGHT: f64 = WIDTH - 14.0;
/// The height of a run's lane, and how many there are.
const LANE: f64 = 15.0;
pub(super) const LANES: usize = 4;
/// About how wide a letter is.
const LETTER: f64 = 6.4;
/// The most limits that are named above the field.
const BEYOND: usize = 3;
/// The most windows that are shaded.
const WINDOWS: usize = 3;

/// What is drawn, and what it is drawn with.
struct Drawing<'d> {
    plot: &'d Plot,
    view: &'d View,
    findings: Vec<&'d Finding>,
    now: Timestamp,
    scale: Scale,
    clock: Clock,
    left: f64,
}

/// A figure of one of the plots: its pictures, and in words what they show. `whose` is the finding that it stands beside, which
/// comes first in it.
pub(super) fn figure(
    markup: &mut Markup,
    verdict: &Verdict,
    plots: &[Plot],
    id: usize,
    whose: Option<&Finding>,
) {
    let Some(plot) = plots.get(id) else { return };
    let mut findings: Vec<&Finding> = verdict
        .findings
        .iter()
        .filter(|finding| plot.rules.contains(&finding.name()))
        .collect();
    let own = whose.map(Finding::name);
    findings.sort_by_key(|finding| Some(finding.name()) != own);
    markup.tag(
        "figure",
        &[("class", "plot"), ("id", &format!("plot-{id}"))],
        |markup| {
            legend::heading(markup, plot);
            if plot.whole.bars.is_empty() {
                markup.says("p", &[("class", "none")], "No known value of it was given.");
            } else {
                let close = plot.close.iter().map(|view| (view, "close"));
                for (view, name) in close.chain([(&plot.whole, "whole")]) {
                    if plot.close.is_some() {
                        let what = if name == "close" {
                            "The last stretch"
                        } else {
                            "All that was given"
                        };
                        markup.says("p", &[("class", "view")], what);
                    }
                    picture(
                        markup,
                        verdict,
                        plot,
                        view,
                        &findings,
                        &format!("plot-{id}-{name}"),
                    );
                }
            }
            legend::legend(markup, verdict, (plots, plot), &findings);
        },
    );
}

fn picture(
    markup: &mut Markup,
    verdict: &Verdict,
    plot: &Plot,
    view: &View,
    findings: &[&Finding],
    id: &str,
) {
    let values = view.bars.iter().flat_map(|bar| [bar.low, bar.high]);
    let limits = plot.limits.iter().map(|limit| limit.value);
    let levels = plot.levels.iter().map(|level| level.value);
    let scale = if plot.is_bool {
        Scale::of_bools()
    } else {
        Scale::of(values, limits.chain(levels))
    };
    let ticks = if plot.is_bool {
        vec![(0.0, "false".to_owned()), (1.0, "true".to_owned())]
    } else {
        scale.ticks(plot.unit.as_deref())
    };
    let longest = ticks.iter().map(|(_, text)| text.chars().count()).max();
    let letters = f64::from(u8::try_from(longest.unwrap_or(0)).unwrap_or(u8::MAX));
    let drawing = Drawing {
        plot,
        view,
        findings: findings.to_vec(),
        now: verdict.now,
        scale,
        clock: Clock::new(view.from, view.to),
        left: letters.mul_add(LETTER, 10.0).clamp(30.0, 170.0),
    };
    let lanes = f64::from(u8::try_from(drawing.findings.len().min(LANES)).unwrap_or(0));
    let height = LANE.mul_add(lanes, BOTTOM + 36.0);
    let (title, told) = (format!("{id}-title"), format!("{id}-desc"));
    let attributes = [
        (
            "viewBox",
            &*format!("0 0 {} {}", round(WIDTH), round(height)),
        ),
        ("role", "img"),
        ("aria-labelledby", &*format!("{title} {told}")),
    ];
    markup.tag("svg", &attributes, |markup| {
        markup.tag("title", &[("id", &title)], |markup| {
            markup.name(&plot.input).raw(" over time");
        });
        let desc = legend::summary(plot, view);
        markup.says("desc", &[("id", &told)], &desc);
        drawing.ground(markup);
        drawing.axes(markup, &ticks);
        drawing.limits(markup);
        drawing.course(markup);
        drawing.marks(markup);
        drawing.lanes(markup);
    });
}

impl Drawing<'_> {
    fn x(&self, at: Timestamp) -> f64 {
        (RIGHT - self.left).mul_add(self.clock.share(at), self.left)
    }

    fn y(&self, value: f64) -> f64 {
        (TOP - BOTTOM).mul_add(self.scale.share(value), BOTTOM)
    }

    /// The field, windows and holes.
    fn ground(&self, markup: &mut Markup) {
        rectangle(markup, "field", (self.left, RIGHT), (TOP, BOTTOM));
        for from in self.windows() {
            let from = self.x(from);
            rectangle(markup, "window", (from, self.x(self.now)), (TOP, BOTTOM));
        }
        self.holes(markup);
    }

    fn axes(&self, markup: &mut Markup, ticks: &[(f64, String)]) {
        let mut grid = String::new();
        for (value, text) in ticks {
            let y = self.y(*value);
            let _ = write!(grid, "M{} {}H{}", round(self.left), round(y), round(RIGHT));
            label(markup, "end", (self.left - 5.0, y + 4.0), text);
        }
        let mut last = f64::NEG_INFINITY;
        for (share, time, day) in self.clock.ticks(6) {
            let x = (RIGHT - self.left).mul_add(share, self.left);
            let _ = write!(
                grid,
                "M{} {}V{}",
                round(x),
                round(BOTTOM),
                round(BOTTOM + 4.0)
            );
            let inside = x.clamp(self.left + 12.0, RIGHT - 12.0);
            if x - last < 38.0 {
                continue;
            }
            last = x;
            label(markup, "middle", (inside, BOTTOM + 15.0), &time);
            if let Some(day) = day {
                let x = x.clamp(self.left + 24.0, RIGHT - 60.0);
                label(markup, "middle", (x, BOTTOM + 28.0), &day);
            }
        }
        label(markup, "end", (RIGHT, BOTTOM + 28.0), "UTC");
        path(markup, "grid", &grid);
    }

    /// What it is compared with: lines, each with its number where there is room; what lies beyond stands above the field,
    /// where no line and no course is.
    fn limits(&self, markup: &mut Markup) {
        // A long one stands above the picture.
        let unit = self.plot.unit.as_deref().filter(|unit| is_short(unit));
        let limits = self.plot.limits.iter();
        let limits = limits.map(|limit| (limit.value, "limit", legend::exact(limit.value, unit)));
        let levels = self.plot.levels.iter();
        let levels = levels.map(|level| (level.value, "level", legend::number(level.value, unit)));
        let mut shown: Vec<(f64, String)> = Vec::new();
        let mut beyond: Vec<String> = Vec::new();
        for (value, class, number) in limits.chain(levels).filter(|_| !self.plot.is_bool) {
            let what = if class == "limit" {
                "limit"
            } else {
                "baseline"
            };
            let text = format!("{what} {number}");
            if self.scale.shows(value) {
                let y = self.y(value);
                let line = format!("M{} {}H{}", round(self.left), round(y), round(RIGHT));
                path(markup, class, &line);
                if !shown.iter().any(|(_, other)| *other == text) {
                    shown.push((y, text));
                }
            } else {
                let sign = if self.scale.is_below(value) {
                    "↑"
                } else {
                    "↓"
                };
                let text = format!("{sign} {text}");
                if !beyond.contains(&text) {
                    beyond.push(text);
                }
            }
        }
        self.numbers(markup, &shown);
        let more = beyond.len().saturating_sub(BEYOND);
        beyond.truncate(BEYOND);
        if more > 0 {
            beyond.push(format!("{more} more"));
        }
        if !beyond.is_empty() {
            label(markup, "end", (RIGHT, TOP - 4.0), &beyond.join(", "));
        }
    }

    /// The numbers of lines: above or below each, left or right, where no other line and no other number is.
    fn numbers(&self, markup: &mut Markup, shown: &[(f64, String)]) {
        let mut told: Vec<(&str, f64)> = Vec::new();
        for (y, text) in shown {
            let (above, below) = (*y - 4.0, *y + 12.0);
            // Close to the frame there is no room above the line.
            let first = if *y - TOP < 14.0 { below } else { above };
            let second = if *y - TOP < 14.0 || BOTTOM - *y < 14.0 {
                first
            } else {
                below
            };
            let places = [
                ("start", first),
                ("end", first),
                ("start", second),
                ("end", second),
            ];
            let free = |(anchor, at): &(&str, f64)| {
                let apart =
                    |(other, told): &(&str, f64)| other != anchor || (told - at).abs() > 11.0;
                let struck = |(other, _): &(f64, String)| {
                    other.to_bits() != y.to_bits() && (*at - 9.0..*at + 2.0).contains(other)
                };
                told.iter().all(apart) && !shown.iter().any(struck)
            };
            if let Some((anchor, at)) = places.into_iter().find(free) {
                told.push((anchor, at));
                let x = if anchor == "start" {
                    self.left + 4.0
                } else {
                    RIGHT - 4.0
                };
                label(markup, anchor, (x, at), text);
            }
        }
    }

    fn course(&self, markup: &mut Markup) {
        let bars = &self.view.bars;
        let mut line = String::new();
        let mut dots = String::new();
        let mut last: Option<&Bar> = None;
        for bar in bars {
            let (from, to) = (self.x(bar.from), self.x(bar.to));
            let (settled, first) = (self.x(bar.settled), self.y(bar.first));
            if last.is_some_and(|last| last.to >= bar.from) {
                let _ = write!(line, "V{}", round(first));
            } else {
                let _ = write!(line, "M{} {}", round(from), round(first));
            }
            if bar.low < bar.high {
                let (low, high) = (self.y(bar.low), self.y(bar.high));
                let middle = from / 2.0 + settled / 2.0;
                let _ = write!(
                    line,
                    "H{}V{}V{}H{}V{}",
                    round(middle),
                    round(high),
                    round(low),
                    round(settled),
                    round(self.y(bar.last))
                );
            }
            // What has no length is seen as a dot, for the ends of the line are round.
            let _ = write!(line, "H{}", round(to.max(from + 0.1)));
            if bars.len() <= 40 {
                let _ = write!(dots, "M{} {}h0.1", round(from), round(first));
            }
            last = Some(bar);
        }
        path(markup, "course", &line);
        if !dots.is_empty() {
            path(markup, "dots", &dots);
        }
    }

    /// Where the windows of the findings begin, as far as that is seen.
    fn windows(&self) -> Vec<Timestamp> {
        let all = self.findings.iter().flat_map(|finding| &finding.windows);
        let mut from: Vec<Timestamp> = all
            .filter_map(|window| window.from)
            .filter(|from| *from < self.now)
            .collect();
        from.sort();
        from.dedup();
        from.truncate(WINDOWS);
        from
    }
}
