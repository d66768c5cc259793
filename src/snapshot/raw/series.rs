//! Expositions of metrics: the series that each input's selector meets.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::entries::{Entries, Joined, Part, null, number};
use super::origin::{self, Way};
use super::prometheus::{self, Series};
use super::taking::Taking;
use super::{Missed, Wanted};
use crate::source::problem::{any_error, nearest};
use crate::source::{Code, Problem};

/// How many names a missing one is compared with: enough for what a service has.
const COMPARED: usize = 10_000;

/// Takes the values of inputs; those that are not there. Nothing where the document cannot be read.
pub(super) fn read(taking: &mut Taking<'_, '_>, wanted: &[Wanted<'_>]) -> Option<Vec<Missed>> {
    let (exposition, problems) = prometheus::read(taking.source);
    let problems = problems.finish();
    let wrong = any_error(&problems);
    problems
        .into_iter()
        .for_each(|problem| taking.problem(problem));
    if wrong {
        return None;
    }
    let mut missed = Vec::new();
    for (input, origin) in wanted {
        let Way::Series(asked) = &origin.way else {
            continue;
        };
        let met: Vec<&Series> = exposition.select(&asked.selector).collect();
        if met.is_empty() {
            let problem = none(taking, *input, asked, &exposition.series);
            missed.push(Missed {
                input: *input,
                problem,
            });
        } else {
            take(taking, *input, asked, &met);
        }
    }
    Some(missed)
}

/// Takes the value that series are together.
fn take(taking: &mut Taking<'_, '_>, input: usize, asked: &origin::Series, met: &[&Series]) {
    let name = taking.name(input);
    let at = match instant(met) {
        Ok(at) => at,
        Err((dated, undated)) => {
            let problem = Problem::new(Code::MissingTime, format!("some series of `{name}` have an instant, and some have none"))
                .warning()
                .help("it counts as unknown: nobody knows whether they were true at one time; narrow the selector to one kind")
                .at(taking.source, dated.named, "has an instant")
                .at(taking.source, undated.named, "has none");
            taking.problem(problem);
            let unknown = null(undated.named);
            taking.put(input, &unknown, None);
            met.iter()
                .filter_map(|series| series.at)
                .for_each(|at| taking.put(input, &unknown, Some(at)));
            return;
        }
    };
    let mut entries = Entries::default();
    for series in met {
        let value = |label: &Arc<str>| {
            let known = series.labels.iter().find(|(name, _)| name == label);
            known.map(|(_, value)| Arc::clone(value))
        };
        let keys: Option<Vec<Arc<str>>> = asked.by.iter().map(value).collect();
        let Some(keys) = keys else {
            let lacks = asked.by.iter().find(|label| value(label).is_none());
            let label = lacks.map_or("", AsRef::as_ref);
            let problem = Problem::new(Code::NoValue, format!("a series of `{name}` without the label `{label}`"))
                .warning()
                .help(format!("the input counts as unknown: nobody knows which entry this is; take only series that have it, with `{label}!=\"\"` in the selector"))
                .at(taking.source, series.named, format!("no `{label}` here"));
            entries.lose(series.named, problem);
            continue;
        };
        let node = Some(number(series.value, series.span));
        entries.push(
            keys,
            Part {
                node,
                place: series.named,
            },
        );
    }
    let joined = Joined {
        name: &name,
        sum: asked.sum,
        parts: "series",
        help: "narrow the selector, name the label that tells them apart in `by`, or write `sum: true`",
    };
    if let Some(node) = entries.node(taking, joined) {
        taking.put(input, &node, at);
    }
}

/// The instant of series together: the oldest, so that a value is never taken for newer than a part of it. A series with an
/// instant and one without where only some have one.
fn instant<'s>(met: &[&'s Series]) -> Result<Option<Timestamp>, (&'s Series, &'s Series)> {
    let dated = met.iter().find(|series| series.at.is_some());
    let undated = met.iter().find(|series| series.at.is_none());
    match (dated, undated) {
        (Some(dated), Some(undated)) => Err((dated, undated)),
        _ => Ok(met.iter().filter_map(|series| series.at).min()),
    }
}

/// Why no series is met.
fn none(
    taking: &Taking<'_, '_>,
    input: usize,
    asked: &origin::Series,
    series: &[Series],
) -> Problem {
    let name = taking.name(input);
    let (text, file) = (&asked.text, taking.source.name());
    let message = format!("`{name}` has no value: no series of `{file}` is met by `{text}`");
    let known = |name: &str| series.iter().any(|series| series.name.as_ref() == name);
    let help = match asked.selector.name() {
        Some(name) if known(name) => {
            format!("there is `{name}` with other labels: correct the selector")
        }
        Some(name) => {
            let names: BTreeSet<&str> = series.iter().map(|series| series.name.as_ref()).collect();
            nearest(name, names.into_iter().take(COMPARED)).map_or_else(
                || {
                    format!(
                        "nothing there is called `{name}`; a counter that never counted may be missing until it does"
                    )
                },
                |near| format!("did you mean `{near}`?"),
            )
        }
        None => "correct the selector, or what is scraped".to_owned(),
    };
    Problem::new(Code::NoValue, message).warning().help(help)
}
