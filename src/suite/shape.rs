//! Suites in the schema. Only shapes: never read.

mod expect;
mod hole;

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::policy::decode::Text;
use expect::ExpectShape;
use hole::OrHole;

/// The keys of a suite, as an editor is told them.
#[derive(JsonSchema)]
#[schemars(title = "gonogo suite", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct SuiteShape {
    /// The version of the language: 1.
    #[schemars(range(min = 1, max = 1))]
    gonogo: u32,
    /// The policy it tests: a path, from where the suite lies.
    policy: Text,
    /// Snapshots by name: paths to files, folders or patterns, from where the suite lies, or written out.
    #[serde(default)]
    snapshots: BTreeMap<String, GivenShape>,
    /// The tests, in order.
    #[schemars(length(min = 1))]
    tests: Vec<TestShape>,
}

/// One or more snapshots: by name, or written out.
#[derive(JsonSchema)]
#[schemars(rename = "given")]
#[serde(untagged)]
#[expect(dead_code, reason = "the shape of the schema")]
enum GivenShape {
    /// By name or path.
    Named(Text),
    /// Written out: one snapshot.
    Inline(SnapshotShape),
    /// Several, merged.
    Several(#[schemars(length(min = 1))] Vec<OneShape>),
}

/// One snapshot, or several by one name.
#[derive(JsonSchema)]
#[schemars(rename = "one snapshot")]
#[serde(untagged)]
#[expect(dead_code, reason = "the shape of the schema")]
enum OneShape {
    /// By name or path.
    Named(Text),
    /// Written out: one snapshot.
    Inline(SnapshotShape),
}

/// A snapshot as the policy's inputs are: `gonogo schema snapshot` prints its schema.
struct SnapshotShape;

impl JsonSchema for SnapshotShape {
    fn schema_name() -> Cow<'static, str> {
        "snapshot".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "What is known at one instant; `gonogo schema snapshot -p POLICY` prints its schema.",
        })
    }
}

/// A test in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "test", extend(
    "additionalProperties" = false,
    "patternProperties" = {"^x-": true},
    "not" = {"anyOf": [{"required": ["set", "params"]}, {"required": ["now", "shift"]}]},
))]
#[expect(dead_code, reason = "the shape of the schema")]
struct TestShape {
    /// What must come of it, in a few words; with `${rate}` of its matrix.
    #[schemars(extend("minLength" = 1))]
    name: Text,
    /// What is known: one or more snapshots.
    given: GivenShape,
    /// What it is compared with: histories of their own, by the name of the policy's baseline.
    #[serde(default)]
    baseline: BTreeMap<String, GivenShape>,
    /// The stage to judge; without it the one the snapshots name.
    #[serde(default)]
    stage: Option<Text>,
    /// What is other in every sample: a JSON merge patch of the snapshots, without `at`.
    #[serde(default)]
    patch: Option<OrHole<PatchShape>>,
    /// The policy's parameters.
    #[serde(default)]
    set: Option<OrHole<BTreeMap<String, Text>>>,
    /// Another name of `set`.
    #[serde(default)]
    params: Option<OrHole<BTreeMap<String, Text>>>,
    /// Values in place of the ends of metrics.
    #[serde(default)]
    series: Option<OrHole<SeriesShape>>,
    /// Rows, each of which makes a test of its own: `${rate}` stands for the row's `rate`.
    #[serde(default)]
    matrix: Option<MatrixShape>,
    /// The instant of the verdict, such as 2025-10-16T10:05:00Z; without it that of the last sample.
    #[serde(default)]
    now: Option<Text>,
    /// By how much the whole history is moved, such as `2d` or `-12h`.
    #[serde(default)]
    shift: Option<Text>,
    /// What is set aside: a path to a file of waivers, or waivers written out.
    #[serde(default)]
    waivers: Option<WaiversShape>,
    /// What must come of it; what is not named is not looked at.
    expect: OrHole<ExpectShape>,
}

/// A part of a snapshot.
struct PatchShape;

impl JsonSchema for PatchShape {
    fn schema_name() -> Cow<'static, str> {
        "patch".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "Null deletes, maps merge; evidence, attestations and approvals by id.",
            "not": {"required": ["at"]},
        })
    }
}

/// Waivers of a test.
#[derive(JsonSchema)]
#[schemars(rename = "waivers of a test")]
#[serde(untagged)]
#[expect(dead_code, reason = "the shape of the schema")]
enum WaiversShape {
    /// A file.
    Path(Text),
    /// Written out, as in a file.
    Inline(crate::policy::waiver::WaiversShape),
}

/// `series` in the schema.
struct SeriesShape;

impl JsonSchema for SeriesShape {
    fn schema_name() -> Cow<'static, str> {
        "series".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "properties": {
                "every": {
                    "type": "string",
                    "description": "The time from one sample to the next, such as `30s`.",
                },
            },
            "required": ["every"],
            "minProperties": 2,
            "additionalProperties": {
                "description": "A metric, or part of one: its samples, the last of which stands at the end of the history.",
                "anyOf": [
                    {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "description": "`0.004*236`: a value so often; `410..460/241`: a ramp; `_`: missing; `x`: no sample.",
                            "type": ["string", "number", "boolean"],
                            "minLength": 1,
                        },
                    },
                    {"type": "string", "pattern": hole::PATTERN},
                ],
            },
        })
    }
}

/// `matrix` in the schema.
struct MatrixShape;

impl JsonSchema for MatrixShape {
    fn schema_name() -> Cow<'static, str> {
        "matrix of a test".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "minItems": 1,
            "items": {
                "description": "Values by name; all rows have the same names.",
                "type": "object",
                "minProperties": 1,
            },
        })
    }
}
