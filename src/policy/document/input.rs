//! Inputs, baselines and parameters as written.

use schemars::JsonSchema;

use super::from::{FromDocument, FromShape, from};
use crate::policy::decode::{Decoder, Text};
use crate::source::Span;
use crate::source::tree::Node;

/// `data` as written.
#[derive(Clone, Debug, Default)]
pub struct DataDocument {
    /// How long a value stays good.
    pub max_age: Option<Text>,
}

/// A baseline as written: a name, or a map with one.
#[derive(Clone, Debug)]
pub struct BaselineDocument {
    /// Its name.
    pub name: Text,
    /// Whether its values age.
    pub live: bool,
}

/// An input as written.
#[derive(Clone, Debug)]
pub struct InputDocument {
    /// Its name.
    pub name: Text,
    /// Where its map stands.
    pub span: Span,
    /// Its type.
    pub ty: Option<Text>,
    /// The unit of its numbers.
    pub unit: Option<Text>,
    /// The least and greatest number.
    pub range: Option<Vec<Text>>,
    /// The texts it can be.
    pub values: Option<Vec<Text>>,
    /// How long a value stays good.
    pub max_age: Option<Text>,
    /// What stands in.
    pub default: Option<Box<Node>>,
    /// Where raw documents have it.
    pub from: Option<Box<FromDocument>>,
    /// What it is.
    pub title: Option<Text>,
}

/// A parameter as written.
#[derive(Clone, Debug)]
pub struct ParamDocument {
    /// Its name.
    pub name: Text,
    /// Where its map stands.
    pub span: Span,
    /// Its type.
    pub ty: Option<Text>,
    /// The unit of its number.
    pub unit: Option<Text>,
    /// Its value where nothing is set.
    pub default: Option<Node>,
    /// What it is.
    pub title: Option<Text>,
}

/// Reads `data`.
pub fn data(d: &mut Decoder<'_>, node: &Node) -> DataDocument {
    let Some(mut f) = d.fields(node, "`data`") else {
        return DataDocument::default();
    };
    let document = DataDocument {
        max_age: d.optional(&mut f, "max_age"),
    };
    d.finish(&f);
    document
}

/// Reads one of `baselines`.
pub fn baseline(d: &mut Decoder<'_>, node: &Node) -> Option<BaselineDocument> {
    if node.scalar().is_some() {
        return d
            .text(node, "baselines")
            .map(|name| BaselineDocument { name, live: false });
    }
    let mut f = d.fields(node, "a baseline")?;
    let name = d.required(&mut f, "name");
    let live = d.boolean(&mut f, "live").unwrap_or(false);
    d.optional(&mut f, "title");
    d.texts(&mut f, "cite");
    d.finish(&f);
    name.map(|name| BaselineDocument { name, live })
}

/// Reads one of `inputs`.
pub fn input(d: &mut Decoder<'_>, name: Text, node: &Node) -> Option<InputDocument> {
    let mut f = d.fields(node, "an input")?;
    let document = InputDocument {
        name,
        span: node.span,
        ty: d.required(&mut f, "type"),
        unit: d.optional(&mut f, "unit"),
        range: d.texts(&mut f, "range"),
        values: d.texts(&mut f, "values"),
        max_age: d.optional(&mut f, "max_age"),
        default: f.get("default").cloned().map(Box::new),
        from: f.get("from").and_then(|node| from(d, node)).map(Box::new),
        title: d.optional(&mut f, "title"),
    };
    d.texts(&mut f, "cite");
    d.finish(&f);
    Some(document)
}

/// Reads one of `params`.
pub fn param(d: &mut Decoder<'_>, name: Text, node: &Node) -> Option<ParamDocument> {
    let mut f = d.fields(node, "a parameter")?;
    let document = ParamDocument {
        name,
        span: node.span,
        ty: d.required(&mut f, "type"),
        unit: d.optional(&mut f, "unit"),
        default: f.get("default").cloned(),
        title: d.optional(&mut f, "title"),
    };
    d.texts(&mut f, "cite");
    d.finish(&f);
    Some(document)
}

/// `data` in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "data", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct DataShape {
    /// How long a value stays good; an input may have its own. Default `5m`.
    #[serde(default)]
    max_age: Option<Text>,
}

/// A baseline in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "baseline")]
#[serde(untagged)]
pub enum BaselineShape {
    /// A baseline whose values hold until they are given anew.
    Name(Text),
    /// A baseline with more to say.
    Map(BaselineMapShape),
}

/// A baseline as a map in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "baseline map", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct BaselineMapShape {
    /// Its name; in expressions `-` is written `_`.
    name: Text,
    /// Whether its values age as the inputs do. Default false.
    #[serde(default)]
    live: bool,
    /// What it is, for people.
    #[serde(default)]
    title: Option<Text>,
    /// The rows of the playbook it stands for.
    #[serde(default)]
    cite: Option<super::OneOrMany>,
}

/// An input in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "input", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct InputShape {
    /// Its type: `bool`, `int`, `double`, `string`, `timestamp`, `duration`, `list<T>`, `map<string, T>` or `{field: T, …}`.
    #[serde(rename = "type")]
    ty: Text,
    /// The unit of its numbers: ratio, percent, ns us ms s min h d, B KB MB GB KiB MiB GiB, `per_s` `per_min` `per_h` `per_d`, or a word.
    #[serde(default)]
    unit: Option<Text>,
    /// The least and the greatest number it can be, both included.
    #[serde(default)]
    range: Option<Vec<Text>>,
    /// The texts it can be.
    #[serde(default)]
    values: Option<Vec<Text>>,
    /// How long a value stays good, such as `5m` or `2d`. Default: the policy's.
    #[serde(default)]
    max_age: Option<Text>,
    /// What stands in where no value is held; findings say so.
    #[serde(default)]
    default: Option<serde_json::Value>,
    /// Where a raw document (`-s NAME=FILE`) has it: a path such as `checks.database.status`, or a map with `json`,
    /// `prometheus` or `csv`.
    #[serde(default)]
    from: Option<FromShape>,
    /// What it is, for people.
    #[serde(default)]
    title: Option<Text>,
    /// The rows of the playbook it stands for.
    #[serde(default)]
    cite: Option<super::OneOrMany>,
}

/// A parameter in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "param", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct ParamShape {
    /// Its type.
    #[serde(rename = "type")]
    ty: Text,
    /// The unit of its number.
    #[serde(default)]
    unit: Option<Text>,
    /// Its value where `--set` gives none. Without one, `--set` must.
    #[serde(default)]
    default: Option<serde_json::Value>,
    /// What it is, for people.
    #[serde(default)]
    title: Option<Text>,
    /// The rows of the playbook it stands for.
    #[serde(default)]
    cite: Option<super::OneOrMany>,
}
