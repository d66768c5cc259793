//! The names of rules in an `expect`: `id` for a rule with all its items, `id[key]` for one item. Never whether there is
//! such a rule.

use crate::source::Span;

/// A rule, or one item of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Id {
    /// As written.
    pub(super) text: String,
    /// The rule.
    pub(super) rule: String,
    /// The item; none: all of them.
    pub(super) key: Option<String>,
    /// Where it is written.
    pub(super) span: Span,
}

impl Id {
    /// Reads one.
    pub(super) fn new(text: &str, span: Span) -> Self {
        let item = text
            .strip_suffix(']')
            .and_then(|inner| inner.split_once('['));
        let (rule, key) = item.map_or((text, None), |(rule, key)| (rule, Some(key.to_owned())));
        Self {
            text: text.to_owned(),
            rule: rule.to_owned(),
            key,
            span,
        }
    }

    /// Whether it names this one.
    pub(super) fn names(&self, rule: &str, key: Option<&str>) -> bool {
        self.rule == rule && (self.key.is_none() || self.key.as_deref() == key)
    }

    /// Whether it names this row, which is written as a rule with its item.
    pub(super) fn names_row(&self, row: &str) -> bool {
        self.text == row || (self.key.is_none() && Self::new(row, self.span).rule == self.rule)
    }
}

/// What a set lacks of what is expected, and what it has beside it.
pub(super) struct Apart {
    /// Expected, and not there.
    pub(super) missing: Vec<String>,
    /// There, and not expected.
    pub(super) extra: Vec<String>,
}

impl Apart {
    /// Whether there is no difference.
    pub(super) fn is_none(&self) -> bool {
        self.missing.is_empty() && self.extra.is_empty()
    }
}

/// Holds names against a set: `covers` says whether an expected one is this one of the set. Order and repetition never
/// matter.
pub(super) fn apart<E, A>(
    expected: &[E],
    actual: &[A],
    covers: impl Fn(&E, &A) -> bool,
    name: impl Fn(&E) -> String,
    called: impl Fn(&A) -> String,
) -> Apart {
    let absent = |one: &&E| !actual.iter().any(|other| covers(one, other));
    let beside = |other: &&A| !expected.iter().any(|one| covers(one, other));
    Apart {
        missing: sorted(expected.iter().filter(absent).map(&name)),
        extra: sorted(actual.iter().filter(beside).map(&called)),
    }
}

/// In alphabetical order, none twice.
pub(super) fn sorted(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.collect();
    texts.sort();
    texts.dedup();
    texts
}

#[cfg(test)]
mod tests {
    use super::Id;
    use crate::source::Span;

    #[test]
    fn an_item_stands_in_brackets() {
        let id = |text| Id::new(text, Span::new(0, 0));
        assert_eq!(id("healthy[a[0]]").key.as_deref(), Some("a[0]"));
        assert_eq!(id("healthy").key, None);
        assert!(id("healthy").names("healthy", Some("api")));
        assert!(id("healthy[api]").names("healthy", Some("api")));
        assert!(!id("healthy[api]").names("healthy", Some("database")));
        assert!(!id("healthy[api]").names("healthy", None));
        assert!(id("healthy").names_row("healthy[api]"));
        assert!(!id("healthy").names_row("healthy-2"));
    }
}
