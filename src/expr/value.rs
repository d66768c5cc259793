//! The values expressions compute with, and the reasons why there is none.

use std::fmt;
use std::sync::Arc;

use jiff::SignedDuration;

use super::instant::Instant;
use super::types::Type;

/// A value. Scalars are held inline; texts, lists and maps are shared, so that copying one is cheap.
#[derive(Clone, Debug)]
pub enum Value {
    /// CEL's `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A signed whole number of 64 bits.
    Int(i64),
    /// An unsigned whole number of 64 bits.
    Uint(u64),
    /// A number of 64 bits, IEEE 754; never infinite or NaN where it came from a snapshot.
    Double(f64),
    /// Text.
    String(Arc<str>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// An instant.
    Timestamp(Instant),
    /// A length of time.
    Duration(SignedDuration),
    /// A list; an item may be [`Value::Unknown`].
    List(Arc<[Value]>),
    /// A map or a value with fields; an entry may be [`Value::Unknown`].
    Map(Arc<Map>),
    /// A type, as `type(x)` gives it.
    Type(Arc<Type>),
    /// A value that may be there. What is unknown is no optional without a value: it is unknown.
    Optional(Option<Arc<Value>>),
    /// Nothing is known, and why.
    Unknown(Missing),
}

/// The entries of a map in the order of their keys, so that the order written never matters.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// INVARIANT: sorted by key, no key twice.
    entries: Vec<(Key, Value)>,
}

/// What can be a key of a map. Whole numbers of one value are one key, whether signed or not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number that no `Int` can hold.
    Uint(u64),
    /// Text.
    String(Arc<str>),
}

/// Why an input has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Missing {
    /// No sample ever gave it.
    Absent,
    /// The newest sample that names it says `null`.
    Null,
    /// The newest value is older than its `max_age`.
    Stale,
    /// It is of another type than declared.
    WrongType,
    /// It lies outside the declared `range` or `values`.
    OutOfRange,
    /// It is infinite or not a number.
    NotFinite,
    /// The stage is entered only later.
    NotEntered,
    /// The history does not reach back to where the window begins.
    Short,
    /// The window has a hole longer than its input's `max_age`.
    Hole,
    /// The window has too few known samples for what is asked.
    Few,
    /// A sample of the window is known in part only, and cannot be left out without taking sides.
    Partial,
    /// A sample of the window costs more than an evaluation may.
    Costly,
}

impl Value {
    /// An optional with this value.
    pub(crate) fn some(value: Self) -> Self {
        Self::Optional(Some(Arc::new(value)))
    }

    /// Whether two values are equal as CEL's `==` has it, numbers across kinds; nothing where an unknown part decides, or
    /// where comparing all their parts would take more steps than an evaluation may.
    #[must_use]
    pub fn equals(&self, other: &Self) -> Option<bool> {
        super::same::equal(self, other, &mut super::Budget::default())
            .ok()
            .flatten()
    }

    /// How two values of one kind compare, if they have an order.
    pub(crate) fn order(&self, other: &Self) -> Option<std::cmp::Ordering> {
        super::same::order(self, other).flatten()
    }
}

impl Map {
    /// A map of these entries; of two with one key the later one stays.
    #[must_use]
    pub fn new(mut entries: Vec<(Key, Value)>) -> Self {
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries.reverse();
        entries.dedup_by(|a, b| a.0 == b.0);
        entries.reverse();
        Self { entries }
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&Value> {
        let index = self
            .entries
            .binary_search_by(|(have, _)| have.cmp(key))
            .ok()?;
        self.entries.get(index).map(|(_, value)| value)
    }

    /// The value of a text key, without building one.
    #[must_use]
    pub fn get_str(&self, key: &str) -> Option<&Value> {
        let index = self
            .entries
            .binary_search_by(|(have, _)| match have {
                Key::String(text) => text.as_ref().cmp(key),
                Key::Bool(_) | Key::Int(_) | Key::Uint(_) => std::cmp::Ordering::Less,
            })
            .ok()?;
        self.entries.get(index).map(|(_, value)| value)
    }

    /// The entry at an index, in the order of keys.
    pub(crate) fn at(&self, index: usize) -> Option<&(Key, Value)> {
        self.entries.get(index)
    }

    /// The entries by key.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &(Key, Value)> {
        self.entries.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl From<Key> for Value {
    fn from(key: Key) -> Self {
        match key {
            Key::Bool(value) => Self::Bool(value),
            Key::Int(value) => Self::Int(value),
            Key::Uint(value) => Self::Uint(value),
            Key::String(value) => Self::String(value),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Uint(value) => write!(f, "{value}"),
            Self::String(value) => f.write_str(value),
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absent => "no value",
            Self::Null => "null",
            Self::Stale => "too old",
            Self::WrongType => "of another type",
            Self::OutOfRange => "out of range",
            Self::NotFinite => "not a finite number",
            Self::NotEntered => "the stage is entered only later",
            Self::Short => "the history does not reach back so far",
            Self::Hole => "a hole in the window longer than `max_age`",
            Self::Few => "too few known samples in the window",
            Self::Partial => "a sample of the window is known in part only",
            Self::Costly => "a sample of the window costs more than an evaluation may",
        })
    }
}
