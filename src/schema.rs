//! JSON Schemas, out of the types and out of a policy's inputs. Never validates anything.

mod facts;
pub mod fit;
mod written;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json, json};

use crate::diff::Difference;
use crate::expr::types::Type;
use crate::policy::Policy;
use crate::policy::document::PolicyShape;
use crate::policy::waiver::WaiversShape;
use crate::report::checklist::Checklist;
use crate::report::json;
use crate::report::jsonl::Line;
use crate::snapshot::layout::{Input, Layout};
use crate::suite::shape::SuiteShape;
use written::Written;

/// The version of JSON Schema that is written.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of a policy.
#[must_use]
pub fn policy() -> Json {
    written::<PolicyShape>()
}

/// The schema of a file of waivers.
#[must_use]
pub fn waivers() -> Json {
    written::<WaiversShape>()
}

/// The schema of a suite.
#[must_use]
pub fn suite() -> Json {
    written::<SuiteShape>()
}

/// The schema of what people write.
fn written<T: JsonSchema>() -> Json {
    let settings = SchemaSettings::default().with_transform(Written);
    settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

/// The schema of a checklist.
#[must_use]
pub fn checklist() -> Json {
    schemars::schema_for!(Checklist).to_value()
}

/// The schema of a difference between two policies.
#[must_use]
pub fn diff() -> Json {
    schemars::schema_for!(Difference).to_value()
}

/// The schema of a verdict record, and of what is written where there is no verdict.
#[must_use]
pub fn record() -> Json {
    schemars::schema_for!(json::Written).to_value()
}

/// The schema of an event: of each line of a report as JSON Lines.
#[must_use]
pub fn event() -> Json {
    schemars::schema_for!(Line<'_>).to_value()
}

/// The schema of a snapshot, whatever the policy.
#[must_use]
pub fn snapshot() -> Json {
    let metrics = json!({
        "type": ["object", "null"],
        "description": "Values by the name of the policy's input; null is explicitly unknown.",
    });
    let baselines = json!({
        "type": ["object", "null"],
        "description": "The same inputs in other sets, by the name of the policy's baseline.",
        "additionalProperties": metrics,
    });
    shape("gonogo snapshot", &metrics, &baselines)
}

/// The schema of a snapshot for one policy: its inputs and baselines by name, type, range and values.
#[must_use]
pub fn snapshot_of(policy: &Policy) -> Json {
    let metrics = metrics(&policy.layout);
    let names = policy.layout.baselines().iter();
    let each: Map<String, Json> = names
        .map(|baseline| (baseline.name.to_string(), metrics.clone()))
        .collect();
    let baselines = json!({
        "type": ["object", "null"],
        "description": "The same inputs in other sets.",
        "properties": each,
        "additionalProperties": false,
    });
    shape(
        &format!("gonogo snapshot for {}", policy.name),
        &metrics,
        &baselines,
    )
}

fn shape(title: &str, metrics: &Json, baselines: &Json) -> Json {
    let instant =
        json!({"type": "string", "format": "date-time", "pattern": "^\\d{4}-\\d{2}-\\d{2}[Tt ]"});
    let text = json!({"type": ["string", "null"]});
    let described = |schema: &Json, description: &str| {
        let mut schema = schema.clone();
        if let Some(object) = schema.as_object_mut() {
            object.insert("description".to_owned(), json!(description));
        }
        schema
    };
    let sampled = ["stage", "metrics", "baselines"].map(|key| json!({"required": [key]}));
    let lists = facts::lists(&instant);
    let facts: Vec<Json> = lists.keys().map(|key| json!({"required": [key]})).collect();
    let mut shape = json!({
        "$schema": DIALECT,
        "title": title,
        "description": "One instant of what is known about a rollout; facts alone need none.",
        "type": "object",
        "anyOf": [
            {"required": ["at"]},
            {"anyOf": facts, "not": {"anyOf": sampled}},
        ],
        "additionalProperties": false,
        "patternProperties": {"^x-": true},
        "properties": {
            "at": described(&instant, "The instant, with its offset from UTC."),
            "subject": {
                "type": ["object", "null"],
                "description": "What is rolled out; holds until given anew. Further fields are free.",
                "properties": {
                    "service": text, "version": text, "commit": text, "environment": text, "author": text,
                    "planned_at": nullable(&instant),
                },
            },
            "stage": {
                "type": ["object", "null"],
                "description": "The stage of the rollout; holds until given anew.",
                "additionalProperties": false,
                "patternProperties": {"^x-": true},
                "properties": {
                    "name": text,
                    "entered": nullable(&instant),
                    "traffic": {
                        "description": "The share of traffic exposed: \"5%\" or 0.05.",
                        "anyOf": [
                            {"type": "number", "minimum": 0, "maximum": 1},
                            {"type": "string", "pattern": "^\\s*(100(\\.0+)?|\\d{1,2}(\\.\\d+)?)\\s*%\\s*$"},
                            {"type": "null"},
                        ],
                    },
                },
            },
            "metrics": metrics,
            "baselines": baselines,
        },
    });
    if let Some(Json::Object(properties)) = shape.get_mut("properties") {
        properties.extend(lists);
    }
    shape
}

fn metrics(layout: &Layout) -> Json {
    let properties: Map<String, Json> = layout
        .inputs()
        .iter()
        .map(|input| (input.name.to_string(), described(input)))
        .collect();
    json!({
        "type": ["object", "null"],
        "description": "Values by the name of the policy's input; null is explicitly unknown.",
        "properties": properties,
        "additionalProperties": false,
    })
}

fn described(input: &Input) -> Json {
    let mut schema = nullable(&leaf(&input.ty, input));
    let unit = input
        .unit
        .as_ref()
        .map(|unit| format!("in {}", unit.name()));
    let about: Vec<String> = input
        .title
        .iter()
        .map(ToString::to_string)
        .chain(unit)
        .collect();
    if let (Some(object), false) = (schema.as_object_mut(), about.is_empty()) {
        object.insert("description".to_owned(), json!(about.join(", ")));
    }
    schema
}

fn leaf(ty: &Type, input: &Input) -> Json {
    let mut schema = match ty {
        Type::Bool => json!({"type": "boolean"}),
        Type::Int | Type::Uint => json!({"type": "integer"}),
        Type::Double => json!({"type": "number"}),
        Type::String | Type::Duration => json!({"type": "string"}),
        Type::Timestamp => json!({"type": "string", "format": "date-time"}),
        Type::List(item) => json!({"type": "array", "items": nullable(&leaf(item, input))}),
        Type::Map(_, value) => {
            json!({"type": "object", "additionalProperties": nullable(&leaf(value, input))})
        }
        Type::Struct(fields) => {
            let properties: Map<String, Json> = fields
                .iter()
                .map(|field| (field.name.to_string(), nullable(&leaf(&field.ty, input))))
                .collect();
            json!({"type": "object", "properties": properties})
        }
        _ => json!({}),
    };
    if let Some(object) = schema.as_object_mut() {
        if let (true, Some((least, greatest))) = (ty.is_number(), input.range) {
            // JSON has no infinity: an open end is no limit.
            let ends = [("minimum", least), ("maximum", greatest)];
            object.extend(
                ends.into_iter()
                    .filter(|(_, end)| end.is_finite())
                    .map(|(key, end)| (key.to_owned(), json!(end))),
            );
        }
        if let (Type::String, Some(values)) = (ty, &input.values) {
            object.insert(
                "enum".to_owned(),
                values.iter().map(|value| json!(value.as_ref())).collect(),
            );
        }
    }
    schema
}

/// The same, or null: explicitly unknown.
fn nullable(schema: &Json) -> Json {
    let mut schema = schema.clone();
    if let Some(object) = schema.as_object_mut() {
        if let Some(ty) = object.get("type").cloned() {
            object.insert("type".to_owned(), json!([ty, "null"]));
        }
        if let Some(Json::Array(values)) = object.get_mut("enum") {
            values.push(Json::Null);
        }
    }
    schema
}
