//! Which series are meant, written as an instant vector selector of PromQL. Nothing else of PromQL is one.

mod parse;
mod text;

use std::ops::Range;

use regex::Regex;

use super::Series;

/// Chooses series: `errors_total{format="csv", code=~"5..", job!="test"}`.
#[derive(Clone, Debug)]
pub struct Selector {
    matchers: Vec<Matcher>,
}

/// What one label must be. That of a label a series does not have is the empty text.
#[derive(Clone, Debug)]
struct Matcher {
    label: String,
    wanted: Wanted,
    /// `!=` and `!~`.
    not: bool,
}

#[derive(Clone, Debug)]
enum Wanted {
    Text(String),
    /// Of the whole value.
    Pattern(Regex),
}

/// Why a text is no selector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SelectorError {
    /// The bytes of the text that are wrong.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

/// The label that is the name.
const NAME: &str = "__name__";

impl Selector {
    /// Reads a selector.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        parse::selector(text)
    }

    /// Whether a series is one of those that are meant.
    #[must_use]
    pub fn matches(&self, series: &Series) -> bool {
        self.matchers.iter().all(|matcher| {
            matcher.takes(match matcher.label.as_str() {
                NAME => &series.name,
                label => series.label(label),
            })
        })
    }

    /// The one name of all series that are meant, unless it is left open.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.matchers
            .iter()
            .find_map(|matcher| match &matcher.wanted {
                Wanted::Text(name) if matcher.label == NAME && !matcher.not => Some(name.as_str()),
                _ => None,
            })
    }

    /// The labels, the name not among them, that must have one value: those of the series cannot differ in them.
    pub fn fixed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.matchers
            .iter()
            .filter_map(|matcher| match &matcher.wanted {
                Wanted::Text(value) if matcher.label != NAME && !matcher.not => {
                    Some((matcher.label.as_str(), value.as_str()))
                }
                _ => None,
            })
    }
}

impl Matcher {
    fn takes(&self, value: &str) -> bool {
        let is = match &self.wanted {
            Wanted::Text(text) => text == value,
            Wanted::Pattern(pattern) => pattern.is_match(value),
        };
        is != self.not
    }
}
