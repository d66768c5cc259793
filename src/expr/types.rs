//! The types of values, as policies write them and as the checker infers them.
//!
//! It never looks at a value.

mod text;

use std::fmt;
use std::sync::Arc;

/// What a value can be, as far as it is known before anything runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Anything: checked when it runs, and unknown where it does not fit.
    Dyn,
    /// Only `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A signed whole number.
    Int,
    /// An unsigned whole number.
    Uint,
    /// A number.
    Double,
    /// Text.
    String,
    /// Bytes.
    Bytes,
    /// An instant.
    Timestamp,
    /// A length of time.
    Duration,
    /// A type.
    Type,
    /// A list of one type of item.
    List(Arc<Type>),
    /// A map from one type of key to one type of value.
    Map(Arc<Type>, Arc<Type>),
    /// A value with named fields, in the order declared.
    Struct(Arc<[Field]>),
    /// A value that may be there: what `optional.of(x)` and `m.?k` give. No input is of this type.
    Optional(Arc<Type>),
}

/// A named field of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Type,
}

impl Type {
    /// Reads a type as policies write it: `bool`, `list<string>`, `map<string, double>`, `{version: string, age: int}`.
    ///
    /// # Errors
    /// A [`Mistake`](super::Mistake) with the exact bytes and, for a misspelt name, the one that was meant.
    pub fn parse(text: &str) -> Result<Self, super::Mistake> {
        text::parse(text)
    }

    /// The type of a field of a struct.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Self> {
        let Self::Struct(fields) = self else {
            return None;
        };
        fields
            .iter()
            .find(|field| field.name.as_ref() == name)
            .map(|field| &field.ty)
    }

    /// Its name in backticks, with its article: "an `int`".
    pub(crate) fn a(&self) -> String {
        let article = if matches!(self, Self::Int | Self::Optional(_)) {
            "an"
        } else {
            "a"
        };
        format!("{article} `{self}`")
    }

    /// Whether it is a number: `int`, `uint` or `double`.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Int | Self::Uint | Self::Double)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dyn => f.write_str("dyn"),
            Self::Null => f.write_str("null"),
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Uint => f.write_str("uint"),
            Self::Double => f.write_str("double"),
            Self::String => f.write_str("string"),
            Self::Bytes => f.write_str("bytes"),
            Self::Timestamp => f.write_str("timestamp"),
            Self::Duration => f.write_str("duration"),
            Self::Type => f.write_str("type"),
            Self::List(item) => write!(f, "list<{item}>"),
            Self::Map(key, value) => write!(f, "map<{key}, {value}>"),
            Self::Struct(fields) => {
                f.write_str("{")?;
                for (index, field) in fields.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(f, "{comma}{}: {}", field.name, field.ty)?;
                }
                f.write_str("}")
            }
            Self::Optional(of) => write!(f, "optional<{of}>"),
        }
    }
}
