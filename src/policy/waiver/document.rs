//! Waivers as they were written: every key with its place. Never whether there is such a rule.

use schemars::JsonSchema;

use crate::policy::decode::{Decoder, Fields, Text};
use crate::snapshot::Format;
use crate::source::tree::{Datum, Kind, Node};
use crate::source::{Code, Problem, Problems, Source, json, yaml};

/// A waiver as written.
#[derive(Clone, Debug)]
pub(super) struct WaiverDocument {
    pub(super) rule: Option<Text>,
    pub(super) stage: Option<Text>,
    pub(super) reason: Option<Text>,
    pub(super) owner: Option<Text>,
    pub(super) approved_by: Option<Text>,
    pub(super) expires: Option<Text>,
    pub(super) subject: Vec<(&'static str, Text)>,
}

/// The fields that say what a waiver is for.
pub(super) const SUBJECT: [&str; 4] = ["service", "version", "commit", "environment"];

/// Reads a file of waivers.
pub(super) fn read(source: &Source, format: Format) -> (Vec<WaiverDocument>, Problems) {
    let (nodes, problems): (Vec<Node>, Vec<Problem>) = match format {
        Format::Json => {
            let (node, problems) = json::parse(source);
            (node.into_iter().collect(), problems)
        }
        _ => yaml::parse(source),
    };
    let mut decoder = Decoder::new(source);
    decoder.problems.extend(problems);
    if let Some(second) = nodes.get(1) {
        decoder.at(
            Code::WrongKind,
            second.span,
            "the waivers are one document",
            "a second one begins here",
            "remove `---`",
        );
    }
    let waivers = nodes
        .first()
        .map(|node| waivers(&mut decoder, node))
        .unwrap_or_default();
    (waivers, decoder.problems)
}

/// Reads waivers that stand in another document.
pub(super) fn read_node(source: &Source, node: &Node) -> (Vec<WaiverDocument>, Problems) {
    let mut decoder = Decoder::new(source);
    let waivers = waivers(&mut decoder, node);
    (waivers, decoder.problems)
}

fn waivers(d: &mut Decoder<'_>, node: &Node) -> Vec<WaiverDocument> {
    let list = match &node.kind {
        Kind::Map(_) => {
            let Some(mut f) = d.fields(node, "the waivers") else {
                return Vec::new();
            };
            version(d, &mut f);
            let list = f.get("waivers");
            if list.is_none() {
                d.missing(&f, "waivers", "waivers: […]");
            }
            d.finish(&f);
            list
        }
        Kind::List(_) | Kind::Scalar(_) => Some(node),
    };
    let items = list
        .map(|list| d.items(list, "waivers"))
        .unwrap_or_default();
    items.iter().filter_map(|item| waiver(d, item)).collect()
}

fn version(d: &mut Decoder<'_>, f: &mut Fields<'_>) {
    match f.get("gonogo") {
        None => d.missing(f, "gonogo", "gonogo: 1"),
        Some(node) if matches!(node.scalar().map(|one| one.datum()), Some(Datum::Int(1))) => {}
        Some(node) => d.at(
            Code::BadVersion,
            node.span,
            "these are not waivers of version 1",
            "expected 1",
            "write `gonogo: 1`, or use the version of gonogo they were written for",
        ),
    }
}

fn waiver(d: &mut Decoder<'_>, node: &Node) -> Option<WaiverDocument> {
    let mut f = d.fields(node, "a waiver")?;
    let document = WaiverDocument {
        rule: d.required(&mut f, "rule"),
        stage: d.required(&mut f, "stage"),
        reason: d.required(&mut f, "reason"),
        owner: d.required(&mut f, "owner"),
        approved_by: d.required(&mut f, "approved_by"),
        expires: expires(d, &mut f),
        subject: subject(d, &mut f),
    };
    d.finish(&f);
    Some(document)
}

fn expires(d: &mut Decoder<'_>, f: &mut Fields<'_>) -> Option<Text> {
    if let Some(node) = f.get("expires") {
        return d.text(node, "expires");
    }
    d.missing(f, "expires", "expires: 2026-01-31T12:00:00Z");
    None
}

fn subject(d: &mut Decoder<'_>, f: &mut Fields<'_>) -> Vec<(&'static str, Text)> {
    let Some(node) = f.get("subject") else {
        return Vec::new();
    };
    let Some(mut f) = d.fields(node, "the subject of a waiver") else {
        return Vec::new();
    };
    let mut named = Vec::new();
    for key in SUBJECT {
        named.extend(d.optional(&mut f, key).map(|text| (key, text)));
    }
    d.finish(&f);
    if named.is_empty() && f.only(&[]) {
        d.at(
            Code::BadValue,
            f.span(),
            "the subject of a waiver is empty",
            "nothing in it",
            "name what it is for, such as `version: 9.0.1`, or leave `subject` out",
        );
    }
    named
}

/// The waivers, as an editor is told them.
#[derive(JsonSchema)]
#[schemars(title = "gonogo waivers")]
#[serde(untagged)]
pub enum WaiversShape {
    /// With the version of their shape.
    Document(DocumentShape),
    /// The waivers alone.
    Alone(Vec<WaiverShape>),
}

/// The waivers with the version of their shape.
#[derive(JsonSchema)]
#[schemars(rename = "waivers", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct DocumentShape {
    /// The version of the shape: 1.
    #[schemars(range(min = 1, max = 1))]
    gonogo: u32,
    /// What is set aside.
    waivers: Vec<WaiverShape>,
}

/// A waiver in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "waiver", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct WaiverShape {
    /// The rule that is set aside, `errors`; or one item of it, `errors[csv]`.
    rule: Text,
    /// The stage it is set aside in; `default` in a policy without stages.
    stage: Text,
    /// Why.
    reason: Text,
    /// Who asked for it, and answers for it.
    owner: Text,
    /// Who allowed it.
    approved_by: Text,
    /// The instant from which on it does not count any more, such as 2026-01-31T12:00:00Z.
    expires: Text,
    /// What it is for; without it: whatever is rolled out.
    #[serde(default)]
    subject: Option<SubjectShape>,
}

/// What a waiver is for: it counts where all that is named here is known to be so.
#[derive(JsonSchema)]
#[schemars(rename = "waiver subject", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}, "minProperties" = 1))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct SubjectShape {
    /// The service.
    #[serde(default)]
    service: Option<Text>,
    /// Its version.
    #[serde(default)]
    version: Option<Text>,
    /// The commit it was built from.
    #[serde(default)]
    commit: Option<Text>,
    /// Where it runs.
    #[serde(default)]
    environment: Option<Text>,
}
