//! `from` of an input as written: where raw documents have its value. Never whether a path or a selector is one.

use schemars::JsonSchema;

use crate::policy::decode::{Decoder, Fields, Text};
use crate::source::tree::Node;

/// `from` as written.
#[derive(Clone, Debug)]
pub struct FromDocument {
    /// The name of the document.
    pub file: Option<Text>,
    /// Where in it.
    pub way: WayDocument,
}

/// Where a document has a value, as written.
#[derive(Clone, Debug)]
pub enum WayDocument {
    /// A path in JSON, YAML or TOML.
    Tree(Text),
    /// Series of an exposition.
    Series {
        /// The selector.
        selector: Text,
        /// The labels that make a map of them.
        by: Vec<Text>,
        /// Whether several are added up.
        sum: bool,
    },
    /// Cells of a table.
    Rows {
        /// The column of the values.
        column: Text,
        /// The column of the keys.
        key: Option<Text>,
        /// What other columns must say.
        filters: Vec<(Text, Text)>,
        /// The column of the instants.
        at: Option<Text>,
        /// Whether several rows are added up.
        sum: bool,
    },
}

/// Reads `from`: a path, or a map with one of three keys.
pub fn from(d: &mut Decoder<'_>, node: &Node) -> Option<FromDocument> {
    if node.scalar().is_some() {
        let way = WayDocument::Tree(d.text(node, "from")?);
        return Some(FromDocument { file: None, way });
    }
    let mut f = d.fields(node, "a `from`")?;
    let ways = ["json", "prometheus", "csv"];
    let given: Vec<&str> = ways
        .into_iter()
        .filter(|key| node.get(key).is_some())
        .collect();
    let way = match given.as_slice() {
        ["json"] => d.required(&mut f, "json").map(WayDocument::Tree),
        ["prometheus"] => series(d, &mut f),
        ["csv"] => rows(d, &mut f),
        [] => {
            d.missing(&f, "json", "json: …` (or `prometheus: …`, or `csv: …");
            // Whatever else it says is not told: nobody knows which keys it may have.
            return None;
        }
        several => {
            let message = format!("a `from` of both `{}`", several.join("` and `"));
            let help = "an input comes from one kind of document: leave one of them";
            let code = crate::source::Code::BadFrom;
            d.at(
                code,
                node.first_key().unwrap_or(node.span),
                message,
                "begins here",
                help,
            );
            return None;
        }
    };
    let file = d.optional(&mut f, "file");
    d.finish(&f);
    Some(FromDocument { file, way: way? })
}

fn series(d: &mut Decoder<'_>, f: &mut Fields<'_>) -> Option<WayDocument> {
    let selector = d.required(f, "prometheus");
    let by = listed(d, f, "by");
    let sum = d.boolean(f, "sum").unwrap_or(false);
    Some(WayDocument::Series {
        selector: selector?,
        by,
        sum,
    })
}

fn rows(d: &mut Decoder<'_>, f: &mut Fields<'_>) -> Option<WayDocument> {
    let column = d.required(f, "csv");
    let key = d.optional(f, "key");
    let filters = match f.get("where") {
        Some(node) => {
            d.not_empty(node, "where");
            let entries = d.entries(node, "where");
            let filter = |(name, node): (Text, &Node)| Some((name, d.text(node, "where")?));
            entries.into_iter().filter_map(filter).collect()
        }
        None => Vec::new(),
    };
    let at = d.optional(f, "at");
    let sum = d.boolean(f, "sum").unwrap_or(false);
    Some(WayDocument::Rows {
        column: column?,
        key,
        filters,
        at,
        sum,
    })
}

/// One text or a list of them, which has at least one.
fn listed(d: &mut Decoder<'_>, f: &mut Fields<'_>, key: &'static str) -> Vec<Text> {
    if let Some(node) = f.get(key) {
        d.not_empty(node, key);
        return d.texts_of(node, key);
    }
    Vec::new()
}

/// `from` in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "from")]
#[serde(untagged)]
pub enum FromShape {
    /// A path in any JSON, YAML or TOML document, such as `checks.database.status`.
    Path(Text),
    /// A path in a JSON, YAML or TOML document.
    Tree(TreeShape),
    /// Series of a Prometheus or OpenMetrics exposition.
    Series(SeriesShape),
    /// Cells of a CSV table.
    Rows(Box<RowsShape>),
}

/// A path in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "from json", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct TreeShape {
    /// The path: `checks.database.status`, `a["key.with.dots"].b`, `list[0]`.
    json: Text,
    /// The NAME of `-s NAME=FILE`. Default: any document of JSON, YAML or TOML.
    #[serde(default)]
    file: Option<Text>,
}

/// Series in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "from prometheus", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct SeriesShape {
    /// A selector as PromQL has it: `errors_total{format="csv"}`.
    prometheus: Text,
    /// The label, or labels, whose values are the keys of a map.
    #[serde(default)]
    by: Option<super::OneOrMany>,
    /// Whether several series for one entry are added up. Default false: the entry is unknown then.
    #[serde(default)]
    sum: bool,
    /// The NAME of `-s NAME=FILE`. Default: any exposition.
    #[serde(default)]
    file: Option<Text>,
}

/// Cells in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "from csv", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct RowsShape {
    /// The column of the values.
    csv: Text,
    /// The column whose cells are the keys of a map.
    #[serde(default)]
    key: Option<Text>,
    /// What the cells of other columns must say for a row to count.
    #[serde(default, rename = "where")]
    filters: Option<std::collections::BTreeMap<String, Text>>,
    /// The column of the instants. Default: all rows are of the document's instant.
    #[serde(default)]
    at: Option<Text>,
    /// Whether several rows for one entry are added up. Default false: the entry is unknown then.
    #[serde(default)]
    sum: bool,
    /// The NAME of `-s NAME=FILE`. Default: any CSV.
    #[serde(default)]
    file: Option<Text>,
}
