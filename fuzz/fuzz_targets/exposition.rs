//! Any text as an exposition, and its first line as a selector: never a panic, never nothing in silence, and every place
//! stands inside the text.

#![no_main]

use gonogo::snapshot::raw::prometheus::{Selector, read};
use gonogo::source::Source;
use gonogo::source::problem::any_error;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (exposition, problems) = read(&Source::new("scrape.prom", text));
    let problems = problems.finish();
    for problem in &problems {
        assert!(!problem.message.is_empty());
        for label in &problem.labels {
            assert!(text.get(label.span.start..label.span.end).is_some());
        }
    }
    assert!(!exposition.series.is_empty() || any_error(&problems), "nothing, in silence");
    for series in &exposition.series {
        assert!(text.get(series.span.start..series.span.end).is_some());
        assert!(text.get(series.named.start..series.named.end).is_some());
        assert!(series.labels.is_sorted_by(|a, b| a.0 < b.0), "{:?}", series.labels);
    }
    let line = text.lines().next().unwrap_or_default();
    match Selector::parse(line) {
        Ok(selector) => {
            let taken = exposition.select(&selector).count();
            assert!(taken <= exposition.series.len());
        }
        Err(error) => assert!(line.get(error.range.clone()).is_some(), "{error:?}"),
    }
});
