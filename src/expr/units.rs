//! Units of measure: which can be compared, and the exact factor between two of them.
//!
//! It never guesses: a word it does not know is a dimension of its own.

use std::fmt;
use std::sync::Arc;

use crate::source::problem::nearest;

/// A unit of measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit(Inner);

/// A known unit by its index, or a word.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Inner {
    Known(usize),
    Word(Arc<str>),
}

/// What a unit measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// A part of a whole.
    Ratio,
    /// A length of time.
    Time,
    /// An amount of data.
    Data,
    /// How often something happens.
    Rate,
    /// A word, comparable only with itself.
    Word(Arc<str>),
}

/// The known units: name, dimension, size in the smallest unit of the dimension, ways to write it in a quantity.
const KNOWN: &[(&str, Dimension, u64, &[&str])] = &[
    ("ratio", Dimension::Ratio, 100, &[]),
    ("percent", Dimension::Ratio, 1, &["%"]),
    ("ns", Dimension::Time, 1, &["ns"]),
    ("us", Dimension::Time, 1_000, &["us", "µs"]),
    ("ms", Dimension::Time, 1_000_000, &["ms"]),
    ("s", Dimension::Time, 1_000_000_000, &["s"]),
    ("min", Dimension::Time, 60_000_000_000, &["min", "m"]),
    ("h", Dimension::Time, 3_600_000_000_000, &["h"]),
    ("d", Dimension::Time, 86_400_000_000_000, &["d"]),
    ("B", Dimension::Data, 1, &["B"]),
    ("KB", Dimension::Data, 1_000, &["KB", "kB"]),
    ("MB", Dimension::Data, 1_000_000, &["MB"]),
    ("GB", Dimension::Data, 1_000_000_000, &["GB"]),
    ("KiB", Dimension::Data, 1 << 10, &["KiB"]),
    ("MiB", Dimension::Data, 1 << 20, &["MiB"]),
    ("GiB", Dimension::Data, 1 << 30, &["GiB"]),
    ("per_s", Dimension::Rate, 86_400, &["/s"]),
    ("per_min", Dimension::Rate, 1_440, &["/min", "/m"]),
    ("per_h", Dimension::Rate, 24, &["/h"]),
    ("per_d", Dimension::Rate, 1, &["/d"]),
];

/// Other ways to write a unit, of people and of other tools.
const ELSEWHERE: &[(&str, &[&str])] = &[
    ("percent", &["pct", "percentage"]),
    ("ratio", &["fraction", "share"]),
    ("ns", &["nsec", "nanosecond", "nanoseconds"]),
    ("us", &["usec", "microsecond", "microseconds"]),
    (
        "ms",
        &["msec", "msecs", "millis", "millisecond", "milliseconds"],
    ),
    ("s", &["sec", "secs", "second", "seconds"]),
    ("min", &["mins", "minute", "minutes"]),
    ("h", &["hr", "hrs", "hour", "hours"]),
    ("d", &["day", "days"]),
    ("B", &["byte", "bytes"]),
    ("KB", &["kilobyte", "kilobytes"]),
    ("MB", &["megabyte", "megabytes"]),
    ("GB", &["gigabyte", "gigabytes"]),
    ("per_s", &["rps", "qps", "tps", "hz", "/sec", "/second"]),
    ("per_min", &["rpm", "qpm", "/minute"]),
    ("per_h", &["/hour"]),
    ("per_d", &["/day"]),
];

/// The index of the known unit that is meant by a word that is none: written otherwise.
fn meant(word: &str) -> Option<usize> {
    let folded = word.to_lowercase();
    let other = ELSEWHERE
        .iter()
        .find(|(_, others)| others.contains(&folded.as_str()));
    let index = |name: &str| KNOWN.iter().position(|known| known.0 == name);
    let written = || KNOWN.iter().position(|known| known.3.contains(&word));
    let cased = || {
        KNOWN
            .iter()
            .position(|known| known.0.to_lowercase() == folded)
    };
    other
        .and_then(|(name, _)| index(name))
        .or_else(written)
        .or_else(cased)
}

/// The index of the known unit that a word is a slip of.
fn misspelt(word: &str) -> Option<usize> {
    // Of two letters everything is near.
    let long = KNOWN
        .iter()
        .map(|known| known.0)
        .filter(|name| name.len() > 2);
    let near = nearest(word, long)?;
    KNOWN.iter().position(|known| known.0 == near)
}

impl Unit {
    /// The unit of this name; any word is one.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        Self(
            KNOWN
                .iter()
                .position(|known| known.0 == name)
                .map_or_else(|| Inner::Word(name.into()), Inner::Known),
        )
    }

    /// Its name, as a policy writes it.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.0 {
            Inner::Known(index) => KNOWN.get(*index).map_or("", |known| known.0),
            Inner::Word(word) => word,
        }
    }

    /// What it measures.
    #[must_use]
    pub fn dimension(&self) -> Dimension {
        match &self.0 {
            Inner::Known(index) => KNOWN
                .get(*index)
                .map_or(Dimension::Ratio, |known| known.1.clone()),
            Inner::Word(word) => Dimension::Word(word.clone()),
        }
    }

    /// How it stands after a number for people: `%` after a percent, else its name.
    #[must_use]
    pub fn symbol(&self) -> &str {
        match self.name() {
            "percent" => "%",
            "ratio" => "",
            name => name,
        }
    }

    /// The factor that turns a number in this unit into one in another, as an exact fraction; nothing if they measure
    /// different things.
    #[must_use]
    pub fn factor(&self, to: &Self) -> Option<(u64, u64)> {
        if self == to {
            return Some((1, 1));
        }
        (self.dimension() == to.dimension()).then(|| (self.size(), to.size()))
    }

    /// Its size in the smallest unit of its dimension.
    fn size(&self) -> u64 {
        match &self.0 {
            Inner::Known(index) => KNOWN.get(*index).map_or(1, |known| known.2),
            Inner::Word(_) => 1,
        }
    }

    /// A quantity of its kind as a policy writes it; nothing for a word.
    pub(crate) fn example(&self) -> &'static str {
        let Inner::Known(index) = &self.0 else {
            return "";
        };
        KNOWN.get(*index).map_or("", |known| match known.1 {
            Dimension::Ratio => "5%",
            Dimension::Time => "5s",
            Dimension::Data => "100MB",
            Dimension::Rate => "10/min",
            Dimension::Word(_) => "",
        })
    }

    /// The known unit that is meant by one that is only a word, if one is near enough.
    #[must_use]
    pub fn meant(&self) -> Option<&'static str> {
        match &self.0 {
            Inner::Known(_) => None,
            Inner::Word(word) => {
                let index = meant(word).or_else(|| misspelt(word))?;
                KNOWN.get(index).map(|known| known.0)
            }
        }
    }

    /// Whether it is a ratio: a part of a whole where 1 is all of it.
    #[must_use]
    pub fn is_ratio(&self) -> bool {
        self.name() == "ratio"
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ratio => "a ratio",
            Self::Time => "a time",
            Self::Data => "an amount of data",
            Self::Rate => "a rate",
            Self::Word(word) => return write!(f, "`{word}`"),
        })
    }
}

/// A number with a unit, as `q("5%")` writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quantity {
    /// The digits without their point, with the sign.
    digits: i64,
    /// How many of the digits stand after the point.
    places: u32,
    /// The unit as written; a percent is kept as percent.
    pub(crate) unit: Unit,
}

impl Quantity {
    /// What is meant by a text that is no quantity because of its unit: `500 msec` is `500ms`.
    pub(crate) fn meant(text: &str) -> Option<String> {
        let (number, word) =
            text.split_at_checked(text.find(|c: char| c.is_alphabetic() || c == '/')?)?;
        let unit = KNOWN.get(meant(word)?)?.3.first()?;
        let meant = format!("{}{unit}", number.trim_end());
        Self::parse(&meant).is_ok().then_some(meant)
    }

    /// Reads `5%`, `0.5 %`, `500ms`, `100MB`, `10/min`; the error says what is wrong, for people.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let end = text
            .char_indices()
            .find(|(at, c)| {
                !(c.is_ascii_digit() || *c == '.' || *c == '_' || (*at == 0 && *c == '-'))
            })
            .map_or(text.len(), |(at, _)| at);
        let (number, suffix) = (
            text.get(..end).unwrap_or_default(),
            text.get(end..).unwrap_or_default(),
        );
        let number = number.replace('_', "");
        let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
        let digits = format!("{whole}{fraction}").parse::<i64>();
        let (Ok(digits), Ok(places), true) = (
            digits,
            u32::try_from(fraction.len()),
            !whole.is_empty()
                && (fraction.is_empty() != number.contains('.'))
                && fraction.len() <= 18,
        ) else {
            return Err(format!("`{text}` does not begin with a number"));
        };
        let suffix = suffix.trim_start();
        if suffix.is_empty() {
            return Err(format!("`{text}` has no unit"));
        }
        KNOWN
            .iter()
            .position(|known| known.3.contains(&suffix))
            .map(|index| Self {
                digits,
                places,
                unit: Unit(Inner::Known(index)),
            })
            .ok_or_else(|| format!("`{suffix}` is not a unit"))
    }

    /// The number in another unit of the same dimension, rounded once.
    pub(crate) fn to(&self, unit: &Unit) -> Option<f64> {
        let (num, den) = self.unit.factor(unit)?;
        let num = i128::from(self.digits).checked_mul(i128::from(num))?;
        let den = i128::from(den).checked_mul(10_i128.checked_pow(self.places)?)?;
        let common = gcd(num.unsigned_abs(), den.unsigned_abs()).max(1);
        let common = i128::try_from(common).ok()?;
        let (num, den) = (num.checked_div(common)?, den.checked_div(common)?);
        match (i64::try_from(num), i64::try_from(den)) {
            // Two whole numbers below 2^53 are exact doubles, and their quotient is rounded once.
            (Ok(num), Ok(den)) => Some(super::number::double(num) / super::number::double(den)),
            _ => format!("{num}")
                .parse::<f64>()
                .ok()
                .zip(format!("{den}").parse::<f64>().ok())
                .map(|(n, d)| n / d),
        }
    }

    /// The length of time in nanoseconds, if it is a time in whole nanoseconds.
    pub(crate) fn nanoseconds(&self) -> Option<i128> {
        let nanos = i128::from(self.digits).checked_mul(i128::from(self.unit.size()))?;
        let scale = 10_i128.checked_pow(self.places)?;
        (self.unit.dimension() == Dimension::Time && nanos.checked_rem(scale)? == 0)
            .then(|| nanos.checked_div(scale))
            .flatten()
    }
}

/// The greatest common divisor.
fn gcd(mut a: u128, mut b: u128) -> u128 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}
