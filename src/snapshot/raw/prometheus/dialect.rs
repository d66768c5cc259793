//! Which of the two formats a text is in, told by what only OpenMetrics has: a file has no `Content-Type`. In doubt it is
//! 0.0.4, whose instants are milliseconds.

use super::{Dialect, Kind};

/// The format of a text.
pub(super) fn of(text: &str) -> Dialect {
    // The counter of the last `# TYPE`, as OpenMetrics names its series.
    let mut total = String::new();
    for line in text.lines() {
        let line = line.trim_end();
        let Some(comment) = line.strip_prefix('#') else {
            let rest = line.strip_prefix(total.as_str()).unwrap_or_default();
            if !total.is_empty() && rest.starts_with([' ', '\t', '{']) {
                return Dialect::OpenMetrics;
            }
            continue;
        };
        let mut words = comment.split_ascii_whitespace();
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("EOF"), None, None, None) if line == "# EOF" => return Dialect::OpenMetrics,
            (Some("UNIT"), Some(_), _, None) => return Dialect::OpenMetrics,
            (Some("TYPE"), Some(name), Some(kind), None) => {
                let own = kind_of(kind, Dialect::OpenMetrics);
                if own.is_some() && kind_of(kind, Dialect::Text).is_none() {
                    return Dialect::OpenMetrics;
                }
                total.clear();
                // In 0.0.4 a counter is typed by the whole name of its series.
                if own == Some(Kind::Counter) && !name.ends_with("_total") {
                    total = format!("{name}_total");
                }
            }
            _ => {}
        }
    }
    Dialect::Text
}

/// The kind that `# TYPE` names by this word.
pub(super) fn kind_of(word: &str, dialect: Dialect) -> Option<Kind> {
    Some(match (word, dialect) {
        ("counter", _) => Kind::Counter,
        ("gauge", _) => Kind::Gauge,
        ("histogram", _) => Kind::Histogram,
        ("summary", _) => Kind::Summary,
        ("untyped", Dialect::Text) | ("unknown", Dialect::OpenMetrics) => Kind::Unknown,
        ("gaugehistogram", Dialect::OpenMetrics) => Kind::GaugeHistogram,
        ("info", Dialect::OpenMetrics) => Kind::Info,
        ("stateset", Dialect::OpenMetrics) => Kind::StateSet,
        _ => return None,
    })
}

/// The words that [`kind_of`] takes.
pub(super) fn kinds(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Text => &["counter", "gauge", "histogram", "summary", "untyped"],
        Dialect::OpenMetrics => &[
            "counter",
            "gauge",
            "histogram",
            "gaugehistogram",
            "summary",
            "info",
            "stateset",
            "unknown",
        ],
    }
}
