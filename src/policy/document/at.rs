//! `at:` as written: when a requirement is judged, instead of now.

use schemars::JsonSchema;

use crate::policy::decode::{Decoder, Text};
use crate::source::Span;
use crate::source::tree::{Kind, Node};

/// `at: {times: [1h, 6h], within: 30m}` or `at: {every: 12h, times: 4}` as written.
#[derive(Clone, Debug)]
pub struct AtDocument {
    /// Where it stands.
    pub span: Span,
    /// When, counted from the entry; or how often, beside `every`.
    pub times: Option<TimesDocument>,
    /// The time between two checkpoints.
    pub every: Option<Text>,
    /// How late a sample may come.
    pub within: Option<Text>,
}

/// `times` as written.
#[derive(Clone, Debug)]
pub enum TimesDocument {
    /// A list of lengths of time.
    Listed(Vec<Text>, Span),
    /// One text: a number, or a single length of time.
    One(Text),
}

/// Reads the value of `at`.
pub fn at(d: &mut Decoder<'_>, node: &Node) -> Option<AtDocument> {
    let mut f = d.fields(node, "`at`")?;
    let times = match f.get("times") {
        Some(node) => match &node.kind {
            Kind::List(items) => {
                let texts = items.iter().filter_map(|item| d.text(item, "times"));
                Some(TimesDocument::Listed(texts.collect(), node.span))
            }
            Kind::Scalar(_) | Kind::Map(_) => d.text(node, "times").map(TimesDocument::One),
        },
        None => None,
    };
    let document = AtDocument {
        span: f.span(),
        times,
        every: d.optional(&mut f, "every"),
        within: d.optional(&mut f, "within"),
    };
    d.finish(&f);
    Some(document)
}

/// `at` in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "at", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}, "anyOf" = [{"required": ["times"]}, {"required": ["every"]}]))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct AtShape {
    /// When it is judged, counted from the stage's entry: `[1h, 6h, 24h]`; beside `every`: how often.
    #[serde(default)]
    times: Option<super::OneOrMany>,
    /// The time between two checkpoints, the first so long after the entry.
    #[serde(default)]
    every: Option<Text>,
    /// How late after a checkpoint a sample may come. Default: the shortest `max_age` of the inputs it uses.
    #[serde(default)]
    within: Option<Text>,
}
