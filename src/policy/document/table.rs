//! Tables as written: where the file is, and what is in it. Never the file itself.

use schemars::JsonSchema;

use crate::policy::decode::{Decoder, Text};
use crate::source::Span;
use crate::source::tree::Node;

/// A table as written.
#[derive(Clone, Debug)]
pub struct TableDocument {
    /// Its name.
    pub name: Text,
    /// Where its map stands.
    pub span: Span,
    /// The path of its file, from the folder of the policy.
    pub file: Option<Text>,
    /// The type of all that is in it.
    pub ty: Option<Text>,
    /// The column of a CSV file whose cells are the keys.
    pub key: Option<Text>,
    /// The unit of its numbers.
    pub unit: Option<Text>,
    /// The least and greatest number.
    pub range: Option<Vec<Text>>,
    /// The texts it can have.
    pub values: Option<Vec<Text>>,
}

/// Reads one of `tables`.
pub fn table(d: &mut Decoder<'_>, name: Text, node: &Node) -> Option<TableDocument> {
    let mut f = d.fields(node, "a table")?;
    let document = TableDocument {
        name,
        span: node.span,
        file: d.required(&mut f, "file"),
        ty: d.required(&mut f, "type"),
        key: d.optional(&mut f, "key"),
        unit: d.optional(&mut f, "unit"),
        range: d.texts(&mut f, "range"),
        values: d.texts(&mut f, "values"),
    };
    d.optional(&mut f, "title");
    d.texts(&mut f, "cite");
    d.finish(&f);
    Some(document)
}

/// A table in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "table", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct TableShape {
    /// Its file, from the folder of the policy: `.toml`, `.yaml`, `.json` or `.csv`.
    file: Text,
    /// The type of all that is in it, such as `map<string, {error_rate: double}>`; of CSV `list<{column: T}>`, or with `key` a map.
    #[serde(rename = "type")]
    ty: Text,
    /// The column of a CSV file whose cells are the keys of the map.
    #[serde(default)]
    key: Option<Text>,
    /// The unit of its numbers.
    #[serde(default)]
    unit: Option<Text>,
    /// The least and the greatest number in it, both included.
    #[serde(default)]
    range: Option<Vec<Text>>,
    /// The texts that can stand in it.
    #[serde(default)]
    values: Option<Vec<Text>>,
    /// What it is, for people.
    #[serde(default)]
    title: Option<Text>,
    /// The rows of the playbook it stands for.
    #[serde(default)]
    cite: Option<super::OneOrMany>,
}
