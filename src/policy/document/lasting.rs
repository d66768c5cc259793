//! Lengths of time that may be business time, as written. Never a calendar looked up.

use schemars::JsonSchema;

use crate::policy::decode::{Decoder, Text};
use crate::source::Span;
use crate::source::tree::{Kind, Node};

/// A length of time as written.
#[derive(Clone, Debug)]
pub enum LastingDocument {
    /// Plain time: `24h`.
    Plain(Text),
    /// Business time: `{business: 1d, calendar: deploy-hours}`.
    Business {
        /// Where its map stands.
        span: Span,
        /// How long; none: the key is missing, which has been told.
        length: Option<Text>,
        /// In the open time of which calendar.
        calendar: Option<Text>,
    },
}

/// Reads the value of a key that takes plain time and business time.
pub fn lasting(d: &mut Decoder<'_>, node: &Node, key: &str) -> Option<LastingDocument> {
    if !matches!(node.kind, Kind::Map(_)) {
        return d.text(node, key).map(LastingDocument::Plain);
    }
    let mut f = d.fields(node, "business time")?;
    let length = d.required(&mut f, "business");
    let calendar = d.required(&mut f, "calendar");
    d.finish(&f);
    Some(LastingDocument::Business {
        span: f.span(),
        length,
        calendar,
    })
}

impl LastingDocument {
    /// The calendar it names.
    #[must_use]
    pub fn calendar(&self) -> Option<&Text> {
        match self {
            Self::Plain(_) => None,
            Self::Business { calendar, .. } => calendar.as_ref(),
        }
    }
}

/// A length of time in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "length of time")]
#[serde(untagged)]
pub enum LastingShape {
    /// Plain time, such as `24h`.
    Plain(Text),
    /// Time counted in the open days and hours of a calendar.
    Business(BusinessShape),
}

/// Business time in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "business time", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct BusinessShape {
    /// How long: `d` are open days, to the same time of day; `h`, `m` and `s` are open time. `1d`, `4h`, `1d4h`.
    business: Text,
    /// The calendar that says what is open, one of `calendars`.
    calendar: Text,
}
