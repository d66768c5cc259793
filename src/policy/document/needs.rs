//! The stages that must have gone well before a stage, as written. Never whether there are such stages.

use schemars::JsonSchema;

use super::proof::list;
use crate::policy::decode::{Decoder, Fields, Text};
use crate::source::tree::{Kind, Node};

/// One of `needs` as written: a stage, or any one of several.
#[derive(Clone, Debug)]
pub struct NeedDocument {
    /// The stages.
    pub stages: Vec<Text>,
}

/// Reads `needs`.
pub fn needs(d: &mut Decoder<'_>, f: &mut Fields<'_>) -> Vec<NeedDocument> {
    let Some(node) = f.get("needs") else {
        return Vec::new();
    };
    d.not_empty(node, "needs");
    match &node.kind {
        Kind::List(items) => items.iter().filter_map(|item| need(d, item)).collect(),
        Kind::Scalar(_) | Kind::Map(_) => need(d, node).into_iter().collect(),
    }
}

fn need(d: &mut Decoder<'_>, node: &Node) -> Option<NeedDocument> {
    if !matches!(node.kind, Kind::Map(_)) {
        let stages = vec![d.text(node, "needs")?];
        return Some(NeedDocument { stages });
    }
    let mut f = d.fields(node, "a need")?;
    let stages = list(d, &mut f, "any");
    if stages.is_none() {
        d.missing(&f, "any", "any: […]");
    }
    d.finish(&f);
    stages.map(|stages| NeedDocument {
        stages: stages.texts,
    })
}

/// `needs` in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "needs")]
#[serde(untagged)]
pub enum NeedsShape {
    /// One.
    One(NeedShape),
    /// All of these.
    Many(Vec<NeedShape>),
}

/// One of `needs` in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "need")]
#[serde(untagged)]
pub enum NeedShape {
    /// A stage.
    Stage(Text),
    /// Any one of several stages.
    Any(AnyShape),
}

/// Any one of several stages in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "any stage", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct AnyShape {
    /// The stages.
    any: super::OneOrMany,
}
