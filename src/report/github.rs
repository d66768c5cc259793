//! A verdict for GitHub Actions: the report for people, and the lines that the runner takes for annotations. Nothing in a text
//! from outside ever becomes a command of the runner.

pub mod outputs;

use std::fmt::Write as _;

use super::case::{Case, Outcome, cases, place};
use super::path::relative;
use super::{Format, Told, clip, render};
pub use crate::source::runner::harmless;
use crate::source::runner::spaced;
use crate::verdict::record::digest;
pub use outputs::outputs;

/// How many annotations of a kind GitHub shows of a step.
const MOST: usize = 10;

/// What is printed. The text for people stands where the runner looks for no command.
#[must_use]
pub fn github(told: &Told<'_>) -> String {
    let text = harmless(&render(Format::Text, told));
    let token = token(&text);
    let mut out = format!("::stop-commands::{token}\n{text}::{token}::\n");
    let cases = cases(told);
    for kind in ["error", "warning", "notice"] {
        let of_kind: Vec<&Case<'_>> = cases
            .iter()
            .filter(|case| command(case.outcome) == Some(kind))
            .collect();
        // The last one that is shown says how many are not.
        let shown = if of_kind.len() > MOST {
            MOST.saturating_sub(1)
        } else {
            MOST
        };
        for case in of_kind.iter().take(shown) {
            annotation(&mut out, kind, case, told);
        }
        let more = of_kind.len().saturating_sub(shown);
        if more > 0 {
            let named = of_kind.iter().skip(shown).take(MOST);
            let named: Vec<&str> = named.map(|case| case.name.as_str()).collect();
            let etc = if more > named.len() { ", …" } else { "" };
            let title = format!("gonogo: {more} more");
            let message = format!("{more} more: {}{etc}", named.join(", "));
            let _ = writeln!(
                out,
                "::{kind} title={}::{}",
                property(&title),
                data(&message)
            );
        }
    }
    out
}

/// The kind of annotation of a case; none for what is as it should be.
fn command(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Warning => Some("warning"),
        Outcome::Watched | Outcome::Waived => Some("notice"),
        Outcome::Open | Outcome::Skipped | Outcome::Passed => None,
        Outcome::Error | Outcome::Failed | Outcome::Unknown | Outcome::Waiting => Some("error"),
    }
}

fn annotation(out: &mut String, kind: &str, case: &Case<'_>, told: &Told<'_>) {
    let mut properties: Vec<(&str, String)> = Vec::new();
    if let Some(at) = place(case, told) {
        let file = clip::line(&relative(&at.file, told.folder));
        properties.push(("file", file));
        properties.push(("line", at.line.to_string()));
        properties.push(("endLine", at.end_line.to_string()));
        // Columns are of one line; in others GitHub shows them in the wrong place.
        if at.line == at.end_line && at.end_column > at.column {
            properties.push(("col", at.column.to_string()));
            properties.push(("endColumn", at.end_column.to_string()));
        }
    }
    let status = case.finding.map(|finding| finding.status.name());
    let status = status.unwrap_or(match case.outcome {
        Outcome::Warning => "warning",
        Outcome::Failed => "no-go",
        _ => "error",
    });
    let title = match case.finding {
        Some(_) => format!("{} {status}", case.name),
        None => format!("{status}: {}", case.name),
    };
    properties.push(("title", title));
    let properties: Vec<String> = properties
        .iter()
        .map(|(key, value)| format!("{key}={}", property(value)))
        .collect();
    let message: Vec<&str> = [&case.says]
        .into_iter()
        .chain(&case.details)
        .map(String::as_str)
        .collect();
    let message = data(&message.join("\n"));
    let _ = writeln!(out, "::{kind} {}::{message}", properties.join(","));
}

/// The message of a command.
fn data(text: &str) -> String {
    let text = spaced(text);
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A word that is not in a text, and the same for the same text.
fn token(text: &str) -> String {
    let mut token = word(text);
    // Nobody finds a text with its own digest in it; if one does, the next digest is another.
    while text.contains(&token) {
        token = word(&format!("{token}{text}"));
    }
    token
}

fn word(text: &str) -> String {
    digest(text.as_bytes()).replacen("sha256:", "gonogo-", 1)
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn what_ends_a_property_is_escaped() {
        assert_eq!(property("a,b:c%0A\r\nd"), "a%2Cb%3Ac%250A%0D%0Ad");
        assert_eq!(data("a,b:c%0A"), "a,b:c%250A");
    }
}
