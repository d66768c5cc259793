//! Whatever is written is read back the same, and whatever is given never panics and is never read in silence.

use std::collections::BTreeMap;

use gonogo::snapshot::raw::prometheus::Selector;
use gonogo::source::problem::any_error;
use proptest::prelude::*;

use super::exposition;

/// A series to be written.
#[derive(Clone, Debug)]
struct Written {
    name: String,
    labels: BTreeMap<String, String>,
    value: f64,
    /// Milliseconds.
    at: Option<i64>,
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z_:][a-z0-9_:]{0,6}",
        1 => "[a-z\\\\\"\n. é#{},=]{1,6}",
    ]
}

fn label() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z_][a-z0-9_]{0,4}",
        1 => "[a-z\\\\\"\n. é#{},=]{1,4}",
    ]
}

fn written() -> impl Strategy<Value = Written> {
    let labels = prop::collection::btree_map(label(), "[a-z\\\\\"\n\r\t é日#{},=]{0,8}", 0..4);
    let value = prop_oneof![
        any::<f64>(),
        (-1_000_i32..1_000).prop_map(f64::from),
        Just(f64::INFINITY),
        Just(f64::NAN),
    ];
    let at = prop::option::of(-4_000_000_000_000_i64..4_000_000_000_000);
    (name(), labels, value, at).prop_map(|(name, labels, value, at)| Written {
        name,
        labels,
        value,
        at,
    })
}

fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('\n', "\\n"))
}

fn plain(text: &str, also: char) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == also;
    text.chars().all(letter) && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// A number as Go writes it, or as Rust does.
fn number(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    format!("{value:e}")
}

impl Written {
    fn line(&self, open: bool) -> String {
        let mut parts = Vec::new();
        let quoted = !plain(&self.name, ':');
        if quoted {
            parts.push(escaped(&self.name));
        }
        for (name, value) in &self.labels {
            let name = if plain(name, '_') {
                name.clone()
            } else {
                escaped(name)
            };
            parts.push(format!("{name}={}", escaped(value)));
        }
        let name = if quoted { "" } else { &self.name };
        let at = self.at.map_or(String::new(), |at| {
            if open {
                let sign = if at < 0 { "-" } else { "" };
                format!(" {sign}{}.{:03}", at.abs() / 1_000, at.abs() % 1_000)
            } else {
                format!(" {at}")
            }
        });
        format!("{name}{{{}}} {}{at}\n", parts.join(","), number(self.value))
    }

    /// What makes it the one it is.
    fn identity(&self) -> (String, Vec<(String, String)>) {
        let labels = self.labels.iter().filter(|(_, value)| !value.is_empty());
        let labels = labels.map(|(name, value)| (name.clone(), value.clone()));
        (self.name.clone(), labels.collect())
    }
}

/// A selector that takes one series and no other.
fn selector(name: &str, labels: &[(String, String)], of: &[Written]) -> String {
    let mut parts = vec![escaped(name)];
    let known = labels.iter();
    parts.extend(known.map(|(name, value)| format!("{}={}", escaped(name), escaped(value))));
    let others = of.iter().flat_map(|one| one.labels.keys());
    let others = others.filter(|name| labels.iter().all(|(known, _)| known != *name));
    parts.extend(others.map(|name| format!("{}=\"\"", escaped(name))));
    format!("{{{}}}", parts.join(","))
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        given in prop::collection::vec(written(), 1..12),
        open in any::<bool>(),
    ) {
        let mut seen = std::collections::BTreeSet::new();
        let given: Vec<Written> = given
            .into_iter()
            .filter(|one| !one.labels.contains_key("__name__") && seen.insert(one.identity()))
            .collect();
        let mut text: String = given.iter().map(|one| one.line(open)).collect();
        if open {
            text.push_str("# EOF\n");
        }
        let (exposition, problems) = exposition(&text);
        prop_assert!(problems.is_empty(), "{text}{problems:?}");
        prop_assert_eq!(exposition.series.len(), given.len());
        for (read, one) in exposition.series.iter().zip(&given) {
            let (name, labels) = one.identity();
            let own = read.labels.iter();
            let own: Vec<_> = own.map(|(name, value)| (name.to_string(), value.to_string())).collect();
            prop_assert_eq!(read.name.as_ref(), &name);
            prop_assert_eq!(&own, &labels);
            let same = read.value.to_bits() == one.value.to_bits() || read.value.is_nan() && one.value.is_nan();
            prop_assert!(same, "{} for {}", read.value, one.value);
            prop_assert_eq!(read.at.map(jiff::Timestamp::as_millisecond), one.at);
            // A carriage return cannot be written in double quotes of PromQL as it is.
            let choose = selector(&name, &labels, &given);
            let choose = Selector::parse(&choose).expect("a selector");
            prop_assert_eq!(exposition.select(&choose).count(), 1);
        }
    }

    #[test]
    fn nothing_that_is_cut_off_in_a_line_is_read_in_silence(
        given in prop::collection::vec(written(), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let given: String = given.iter().map(|one| one.line(false)).collect();
        let mut at = cut.index(given.len());
        while !given.is_char_boundary(at) {
            at -= 1;
        }
        let text = &given[..at];
        let whole = text.is_empty() || text.ends_with('\n');
        let (_, problems) = exposition(text);
        prop_assert!(whole || any_error(&problems), "{text}");
    }

    #[test]
    fn any_text_is_read_or_refused_within_it(text in "[a-c{}=\",\\\\ \n#1.eE+ \tTYPEHLOFINTcounterhistogramle_bucket]{0,80}") {
        let (exposition, problems) = exposition(&text);
        prop_assert!(!exposition.series.is_empty() || any_error(&problems), "nothing, in silence");
        for label in problems.iter().flat_map(|problem| &problem.labels) {
            prop_assert!(text.get(label.span.start..label.span.end).is_some());
        }
        // Each line that says something is a series or a problem.
        let said = text.split_inclusive('\n').filter(|line| {
            let line = line.trim_matches([' ', '\t', '\n']);
            !line.is_empty() && !line.starts_with('#')
        });
        if problems.is_empty() {
            prop_assert_eq!(said.count(), exposition.series.len());
        }
    }

    #[test]
    fn any_selector_is_one_or_refused_within_it(text in "[a-c{}=\"'`~!,\\\\ \n.*()|+xu01\\[\\]]{0,40}") {
        if let Err(error) = Selector::parse(&text) {
            prop_assert!(text.get(error.range.clone()).is_some(), "{error:?}");
            prop_assert!(!error.message.is_empty() && !error.help.is_empty());
        }
    }
}
