//! Series as written: how often, and of each metric some samples in a row. Never whether there is such a metric, or whether
//! its values fit it.

use super::item;
use super::{Run, SeriesDocument, is_map};
use crate::expr::duration::{advice, parse_duration};
use crate::policy::decode::{Decoder, Text};
use crate::source::Code;
use crate::source::tree::{Kind, Node};
use jiff::SignedDuration;

/// The most samples of one metric's series: what a history of ten years at one an hour has.
const MOST: usize = 100_000;

/// The fields of a series of a test.
pub(super) fn series(d: &mut Decoder<'_>, node: &Node) -> Option<SeriesDocument> {
    if !is_map(node) {
        d.wrong_kind(node, "series", "a map");
        return None;
    }
    let every = every(d, node);
    let mut metrics = Vec::new();
    for (name, node) in d.entries(node, "series") {
        if name.as_str() != "every" {
            let runs = runs(d, &name, node);
            metrics.push((name, runs));
        }
    }
    if metrics.is_empty() {
        let span = node.first_key().unwrap_or(node.span);
        let help = "name one, and its samples: `error_rate: [\"0.004*238\", \"0.06*3\"]`";
        let label = "without one";
        d.at(
            Code::BadSeries,
            span,
            "a series without a metric",
            label,
            help,
        );
    }
    Some(SeriesDocument {
        span: node.span,
        every: every?,
        metrics,
    })
}

/// The time from one sample to the next.
fn every(d: &mut Decoder<'_>, node: &Node) -> Option<SignedDuration> {
    let Some(every) = node.get("every") else {
        let span = node.first_key().unwrap_or(node.span);
        let (message, label) = ("a series without `every`", "without it");
        let help = "add the time from one sample to the next: `every: 30s`";
        d.at(Code::BadSeries, span, message, label, help);
        return None;
    };
    let text = d.text(every, "every")?;
    let wrong = |message: String| (message, "expected a length of time");
    let (code, (message, label), help) = match parse_duration(text.as_str()) {
        Ok(every) if every.is_positive() => return Some(every),
        Ok(_) => {
            let message = "samples of a series have no time between them".to_owned();
            let help = "give the time from one sample to the next: `every: 30s`".to_owned();
            (Code::BadSeries, wrong(message), help)
        }
        Err(_) => {
            let message = format!("`{}` is not a length of time", text.as_str());
            (Code::BadDuration, wrong(message), advice(text.as_str()))
        }
    };
    d.at(code, text.span, message, label, help);
    None
}

/// The samples of one metric.
fn runs(d: &mut Decoder<'_>, name: &Text, node: &Node) -> Vec<Run> {
    let name = name.as_str();
    let Kind::List(items) = &node.kind else {
        d.wrong_kind(node, name, "a list of samples");
        return Vec::new();
    };
    if items.is_empty() {
        let message = format!("the series of `{name}` has no sample");
        let help = "list its samples, or remove it";
        d.at(Code::BadSeries, node.span, message, "empty", help);
    }
    let runs: Vec<Run> = items
        .iter()
        .filter_map(|item| match item::run(item) {
            Ok(run) => Some(run),
            Err(mistake) => {
                d.at(
                    Code::BadSeries,
                    mistake.span,
                    mistake.message,
                    mistake.label,
                    mistake.help,
                );
                None
            }
        })
        .collect();
    let mut samples = 0_usize;
    for run in &runs {
        samples = samples.saturating_add(run.samples);
        if samples > MOST {
            let message = format!("the series of `{name}` has more than {MOST} samples");
            let help = "write fewer, or further apart";
            d.at(Code::BadSeries, run.span, message, "too many", help);
            return Vec::new();
        }
    }
    runs
}
