//! What a history is about: one deployment, or one and then another. Never decides which of them counts.

use std::sync::Arc;

use super::Observed;
use super::layout::{Context, Kind, Layout};
use crate::expr::value::Value;

/// What is known of a subject, field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    fields: [Option<Arc<str>>; 4],
}

const IDENTITY: [Context; 4] = [
    Context::SubjectService,
    Context::SubjectVersion,
    Context::SubjectCommit,
    Context::SubjectEnvironment,
];

/// What stands for a field that somebody says is unknown.
const UNKNOWN: &str = "(unknown)";

impl Subject {
    /// A subject of these service, version, commit and environment.
    #[must_use]
    pub fn of(fields: [Option<Arc<str>>; 4]) -> Self {
        Self { fields }
    }

    /// What a document states: its texts are known, and whatever else it gives is a field that nobody knows.
    pub(super) fn stated<'t>(mut text: impl FnMut(&str) -> Option<Option<&'t str>>) -> Self {
        let field = |name| {
            let given = text(name)?;
            Some(Arc::from(given.unwrap_or(UNKNOWN)))
        };
        Self {
            fields: ["service", "version", "commit", "environment"].map(field),
        }
    }

    /// The same without the environment, of this commit where one is given.
    pub(super) fn at_commit(&self, commit: Option<&Arc<str>>) -> Self {
        let [service, version, own, _] = self.fields.clone();
        Self {
            fields: [service, version, commit.cloned().or(own), None],
        }
    }

    /// Its service, version, commit and environment, as far as they are given.
    #[must_use]
    pub fn fields(&self) -> &[Option<Arc<str>>; 4] {
        &self.fields
    }

    /// Its version, where it is known.
    #[must_use]
    pub fn version(&self) -> Option<&Arc<str>> {
        self.known(1)
    }

    /// Its commit, where it is known.
    #[must_use]
    pub fn commit(&self) -> Option<&Arc<str>> {
        self.known(2)
    }

    /// Same subject, and sure of it: both know the version, or both know the commit.
    #[must_use]
    pub fn surely_same_as(&self, other: &Self) -> bool {
        let both = |index| self.known(index).is_some() && other.known(index).is_some();
        self.same_as(other) && (both(1) || both(2))
    }

    /// Whether the service (0), version (1), commit (2) or environment (3) is known.
    #[must_use]
    pub fn knows(&self, index: usize) -> bool {
        self.known(index).is_some()
    }

    fn known(&self, index: usize) -> Option<&Arc<str>> {
        let field = self.fields.get(index)?.as_ref();
        field.filter(|field| field.as_ref() != UNKNOWN)
    }

    /// Same subject: none of service, version and commit that both give differs. The environment is only shown.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.fields
            .iter()
            .zip(&other.fields)
            .take(3)
            .all(|(a, b)| a.is_none() || b.is_none() || a == b)
    }

    /// Whether all that this one says is known of the other too, the environment included.
    #[must_use]
    pub fn is_part_of(&self, other: &Self) -> bool {
        let mut pairs = self.fields.iter().zip(&other.fields);
        pairs.all(|(own, theirs)| own.is_none() || own == theirs)
    }

    /// Its fields, for people.
    #[must_use]
    pub fn describe(&self) -> String {
        let known: Vec<&str> = self.fields.iter().flatten().map(AsRef::as_ref).collect();
        known.join(" ")
    }

    /// Takes in what a sample says.
    ///
    /// A field holds until it is given anew, and a new service, version or commit begins a new subject: what the old one
    /// said of the other fields is not carried over.
    pub fn tell<'v>(&mut self, layout: &Layout, told: impl Iterator<Item = &'v Observed>) {
        let mut given = Self::default();
        for observed in told {
            let Some(Kind::Context(context)) = layout.kind(observed.slot) else {
                continue;
            };
            let Some(index) = IDENTITY.iter().position(|known| *known == context) else {
                continue;
            };
            if let Some(field) = given.fields.get_mut(index) {
                // Whoever says that the version is unknown does not speak of the version that was known before.
                *field = Some(match &observed.value {
                    Value::String(text) => Arc::clone(text),
                    _ => Arc::from(UNKNOWN),
                });
            }
        }
        if given.same_as(self) {
            for (field, given) in self.fields.iter_mut().zip(given.fields) {
                if given.is_some() {
                    *field = given;
                }
            }
        } else {
            *self = given;
        }
    }
}
