//! What a `/metrics` endpoint answers: Prometheus' text format 0.0.4, and OpenMetrics 1.0, as series with their places.
//! Never leaves out a line it cannot read without saying so.

mod dialect;
mod family;
mod histogram;
mod labels;
mod line;
mod number;
mod read;
mod scan;
mod selector;
mod trouble;
mod twice;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::source::Span;
pub use number::{BadNumber, number};
pub use read::read;
pub use selector::{Selector, SelectorError};

/// The most series of an exposition.
pub const MAX_SERIES: usize = 1_000_000;

/// An exposition as it was scraped.
#[derive(Clone, Debug, PartialEq)]
pub struct Exposition {
    /// The format it is written in.
    pub dialect: Dialect,
    /// Every series, in the order of the text, none twice.
    pub series: Vec<Series>,
    /// What `# TYPE` says of each family, by its name.
    pub families: BTreeMap<Arc<str>, Kind>,
}

/// One line with a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The name.
    pub name: Arc<str>,
    /// The labels, sorted by name. One with an empty value is left out: it is the same as none.
    pub labels: Vec<(Arc<str>, Arc<str>)>,
    /// The value; `NaN` and infinities as they are written.
    pub value: f64,
    /// The instant of the value, where one is written.
    pub at: Option<Timestamp>,
    /// Where the value stands.
    pub span: Span,
    /// Where name and labels stand.
    pub named: Span,
}

/// The two formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Prometheus' text format 0.0.4: times in milliseconds, no mark at the end.
    Text,
    /// OpenMetrics 1.0: times in seconds, exemplars, `# EOF` at the end.
    OpenMetrics,
}

/// What a family is, as `# TYPE` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only grows, until its process starts again.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts below bounds.
    Histogram,
    /// The same of what goes up and down.
    GaugeHistogram,
    /// Quantiles that the process took itself.
    Summary,
    /// Texts, as labels of a 1.
    Info,
    /// States, each 0 or 1.
    StateSet,
    /// `untyped`, or `unknown` in OpenMetrics.
    Unknown,
}

impl Exposition {
    /// The series a selector takes, in the order of the text.
    pub fn select<'e>(&'e self, selector: &'e Selector) -> impl Iterator<Item = &'e Series> {
        self.series.iter().filter(|series| selector.matches(series))
    }

    /// What `# TYPE` says of the family that a series of this name belongs to.
    #[must_use]
    pub fn kind(&self, name: &str) -> Option<Kind> {
        let parts = || {
            self.families.iter().find(|(family, kind)| {
                name.strip_prefix(family.as_ref())
                    .is_some_and(|suffix| kind.suffixes().contains(&suffix))
            })
        };
        let own = self.families.get(name);
        own.or_else(|| parts().map(|(_, kind)| kind)).copied()
    }
}

impl Series {
    /// The value of a label; that of one it does not have is empty.
    #[must_use]
    pub fn label(&self, name: &str) -> &str {
        let known = self
            .labels
            .binary_search_by(|(known, _)| known.as_ref().cmp(name));
        let known = known.ok().and_then(|index| self.labels.get(index));
        known.map_or("", |(_, value)| value)
    }
}

impl Kind {
    /// What the names of its series may have behind the name of the family; nothing is also one.
    fn suffixes(self) -> &'static [&'static str] {
        match self {
            Self::Counter => &["", "_total", "_created"],
            Self::Histogram => &["", "_bucket", "_count", "_sum", "_created"],
            Self::GaugeHistogram => &["", "_bucket", "_gcount", "_gsum", "_count", "_sum"],
            Self::Summary => &["", "_count", "_sum", "_created"],
            Self::Info => &["", "_info"],
            Self::Gauge | Self::StateSet | Self::Unknown => &[""],
        }
    }

    /// Whether it has buckets.
    fn is_histogram(self) -> bool {
        matches!(self, Self::Histogram | Self::GaugeHistogram)
    }
}
