//! Prometheus' text format and OpenMetrics: what is read, what is refused and how it is told, which series a selector takes,
//! and that whatever is written is read back the same.

mod accepted;
mod peer;
mod properties;
mod refused;
mod selector;

use gonogo::snapshot::raw::prometheus::{Exposition, read};
use gonogo::source::{Problem, Source};

/// What a text comes to, and all that is wrong with it.
fn exposition(text: &str) -> (Exposition, Vec<Problem>) {
    let (exposition, problems) = read(&Source::new("scrape.prom", text));
    (exposition, problems.finish())
}

/// The series of a text that nothing is wrong with, as `name{label="value"} value @instant`.
fn series(text: &str) -> Vec<String> {
    let (exposition, problems) = exposition(text);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    let lines = exposition.series.iter().map(|series| {
        let labels = series.labels.iter();
        let labels: Vec<String> = labels
            .map(|(name, value)| format!("{name}={value:?}"))
            .collect();
        let at = series.at.map_or(String::new(), |at| format!(" @{at}"));
        format!(
            "{}{{{}}} {:?}{at}",
            series.name,
            labels.join(","),
            series.value
        )
    });
    lines.collect()
}

/// What is wrong with a text: `line:column underlined: message`, a line for each.
fn wrong(text: &str) -> String {
    let (_, problems) = exposition(text);
    let lines = problems.iter().map(|problem| {
        let label = problem.labels.first().expect("a place");
        let place = problem.place().expect("a place");
        let place = place.strip_prefix("scrape.prom:").expect("the name");
        let underlined = label.source.text().get(label.span.start..label.span.end);
        let underlined = underlined.expect("a place in the text");
        assert!(problem.help.is_some(), "no help: {problem}");
        format!("{place} {underlined}: {problem}")
    });
    lines.collect::<Vec<_>>().join("\n")
}
