//! What a plot shows, in words: for whoever does not see the picture, and for whoever wants to know what is what in it.

use jiff::{SignedDuration, Timestamp};

use super::LANES;
use super::holes::holes;
use super::lanes::full;
use crate::explain::number::{quantity, with_digits};
use crate::explain::reason::unit;
use crate::expr::duration::format_duration;
use crate::report::html::markup::Markup;
use crate::report::html::scale::is_short;
use crate::report::plot::{Limit, Plot, View};
use crate::report::text::finding::measured;
use crate::report::text::times::{clock, times};
use crate::verdict::{Finding, Verdict};

/// The most limits, and the most names beside one, that are told.
const TOLD: usize = 8;
const NAMES: usize = 4;

/// A number in its unit, short.
pub(super) fn number(value: f64, unit: Option<&str>) -> String {
    with_digits(value, unit, 4)
}

/// A limit in its unit, with all its digits: one that is rounded is another one.
pub(super) fn exact(value: f64, unit: Option<&str>) -> String {
    quantity(value, unit)
}

/// What is drawn.
pub(super) fn heading(markup: &mut Markup, plot: &Plot) {
    markup.tag("p", &[("class", "what")], |markup| {
        markup.tag("code", &[], |markup| {
            markup.name(&plot.input);
        });
        let unit = plot.unit.as_ref();
        // Short ones stand at each number.
        if let Some(unit) = unit.filter(|unit| !is_short(unit)) {
            markup.raw(" in ").name(unit);
        }
        if let Some(title) = &plot.title {
            markup.raw(" · ");
            markup.tag("span", &[("class", "quiet")], |markup| {
                markup.text(title);
            });
        }
    });
}

/// What a picture shows, for whoever does not see it.
pub(super) fn summary(plot: &Plot, view: &View) -> String {
    let unit = plot.unit.as_deref();
    let lowest = view.bars.iter().map(|bar| bar.low).reduce(f64::min);
    let highest = view.bars.iter().map(|bar| bar.high).reduce(f64::max);
    let last = view.bars.last().map(|bar| (bar.last, bar.to));
    let mut text = format!("From {} to {}.", view.from, view.to);
    if let (Some(low), Some(high), Some((last, at))) = (lowest, highest, last) {
        let (low, high, last) = if plot.is_bool {
            let word = |value: f64| if value > 0.5 { "true" } else { "false" }.to_owned();
            (word(low), word(high), word(last))
        } else {
            (number(low, unit), number(high, unit), number(last, unit))
        };
        text.push_str(&format!(" Least {low}, greatest {high}, last {last}"));
        if at < view.to {
            text.push_str(&format!(", good until {at}."));
        } else {
            text.push('.');
        }
    }
    for limit in plot.limits.iter().filter(|_| !plot.is_bool).take(TOLD) {
        text.push_str(&format!(" Limit {}.", exact(limit.value, unit)));
    }
    let holes = holes(view).len();
    if holes > 0 {
        text.push_str(&format!(
            " {holes} stretch{} unknown.",
            if holes == 1 { "" } else { "es" }
        ));
    }
    text
}

/// What is what in it.
pub(super) fn legend(
    markup: &mut Markup,
    verdict: &Verdict,
    (plots, plot): (&[Plot], &Plot),
    findings: &[&Finding],
) {
    markup.tag("figcaption", &[], |markup| {
        markup.tag("ul", &[], |markup| {
            for limit in plot.limits.iter().filter(|_| !plot.is_bool).take(TOLD) {
                one_limit(markup, plot, limit);
            }
            for finding in findings.iter().take(LANES) {
                undrawn(markup, (plots, plot), finding);
            }
            for level in plot.levels.iter().take(TOLD) {
                item(markup, "┈ baseline ", |markup| {
                    markup.tag("code", &[], |markup| {
                        markup.name(&level.name);
                    });
                    markup
                        .raw(" = ")
                        .text(&number(level.value, plot.unit.as_deref()));
                });
            }
            for (finding, lane) in findings.iter().zip(1_usize..=LANES) {
                run(markup, verdict, finding, lane);
            }
            let more = findings.len().saturating_sub(LANES);
            if more > 0 {
                let text = format!("and {more} more findings that read it");
                markup.says("li", &[], &text);
            }
            windows(markup, verdict, findings);
            if let Some(entered) = plot.entered {
                let text = format!("┆ stage entered {}", clock(entered, verdict.now));
                markup.says("li", &[], &text);
            }
            unknown(markup, verdict, plot);
        });
    });
}

fn item(markup: &mut Markup, sign: &'static str, inside: impl FnOnce(&mut Markup)) {
    markup.tag("li", &[], |markup| {
        markup.raw(sign);
        inside(markup);
    });
}

fn one_limit(markup: &mut Markup, plot: &Plot, limit: &Limit) {
    item(markup, "╌ limit ", |markup| {
        markup
            .text(&exact(limit.value, plot.unit.as_deref()))
            .raw(" of ");
        names(markup, &limit.rules);
        if limit.of != plot.input {
            markup.raw(", for ").tag("code", &[], |markup| {
                markup.name(&limit.of);
            });
        }
    });
}

/// What a finding was judged on, where no plot has it: a count, a rate, something computed. Told with its first plot.
fn undrawn(markup: &mut Markup, (plots, plot): (&[Plot], &Plot), finding: &Finding) {
    let Some(margin) = &finding.margin else {
        return;
    };
    let has = |plot: &Plot| {
        plot.input == margin.input || plot.limits.iter().any(|limit| limit.of == margin.input)
    };
    let name = finding.name();
    let first = plots.iter().find(|plot| plot.rules.contains(&name));
    if plots.iter().any(has) || first.is_none_or(|first| first.input != plot.input) {
        return;
    }
    item(markup, "not drawn: ", |markup| {
        markup.text(&measured(margin, unit(finding, &margin.input)));
        markup.raw(" of ").name(&name);
    });
}

fn names(markup: &mut Markup, rules: &[String]) {
    for (index, rule) in rules.iter().take(NAMES).enumerate() {
        if index > 0 {
            markup.raw(", ");
        }
        markup.name(rule);
    }
    let more = rules.len().saturating_sub(NAMES);
    if more > 0 {
        markup.text(&format!(" and {more} more"));
    }
}

/// The lane of a finding: since when its condition is what it is, how long that must last, when it fired.
fn run(markup: &mut Markup, verdict: &Verdict, finding: &Finding, lane: usize) {
    markup.tag("li", &[], |markup| {
        markup.text(&format!("{lane} ")).name(&finding.name());
        markup.raw(": ");
        let (status, times) = (finding.status.name(), times(finding, verdict.now));
        if !times.starts_with(status) {
            markup
                .raw(status)
                .raw(if times.is_empty() { "" } else { ", " });
        }
        markup.text(&times);
        match finding.hold.as_deref() {
            Some("bake") => {
                markup.raw(", must last the bake time");
            }
            Some(hold) => {
                markup.raw(", must last ").name(hold);
            }
            None => {}
        }
        if full(finding, verdict.now).is_some() {
            markup.raw(" (│ in its lane)");
        }
        if finding.fired_at.is_some() {
            markup.raw(" (▲ fired)");
        }
        if finding.cleared_at.is_some() {
            markup.raw(" (▽ clear again)");
        }
    });
}

fn windows(markup: &mut Markup, verdict: &Verdict, findings: &[&Finding]) {
    let all = findings.iter().flat_map(|finding| &finding.windows);
    let mut told: Vec<(&str, Timestamp)> = Vec::new();
    for (expr, from) in all.filter_map(|window| Some((window.expr.as_str(), window.from?))) {
        if told.len() < NAMES && !told.contains(&(expr, from)) {
            told.push((expr, from));
        }
    }
    for (expr, from) in told {
        item(markup, "░ window ", |markup| {
            markup.tag("code", &[], |markup| {
                markup.name(expr);
            });
            markup.raw(" from ").text(&clock(from, verdict.now));
        });
    }
}

fn unknown(markup: &mut Markup, verdict: &Verdict, plot: &Plot) {
    let holes = holes(&plot.whole);
    let inside = plot.whole.bars.iter().map(|bar| bar.holes);
    let inside = inside.fold(0_u64, u64::saturating_add);
    let count = u64::try_from(holes.len())
        .unwrap_or(u64::MAX)
        .saturating_add(inside);
    let length = |(from, to): &(Timestamp, Timestamp)| to.duration_since(*from);
    let longest = holes.iter().max_by_key(|hole| length(hole));
    if let Some(hole) = longest {
        let long = SignedDuration::from_secs(length(hole).as_secs());
        let text = format!(
            "▨ unknown {count} time{}, the longest {} from {}",
            if count == 1 { "" } else { "s" },
            format_duration(long),
            clock(hole.0, verdict.now)
        );
        markup.says("li", &[], &text);
    } else if count > 0 {
        markup.says("li", &[], &format!("▨ unknown {count} times, for short"));
    }
    let known = plot.known;
    let text = format!(
        "{known} known value{} given, each good for {}",
        if known == 1 { "" } else { "s" },
        format_duration(plot.max_age)
    );
    markup.says("li", &[], &text);
}
