//! Proofs in the schema. Only shapes: never read.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use crate::policy::decode::Text;
use crate::policy::document::OneOrMany;

/// `evidence` in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "evidence", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct EvidenceShape {
    /// The id of the records: the newest one that matches decides.
    id: Text,
    /// How old it may be, such as `24h`.
    #[serde(default)]
    max_age: Option<Text>,
    /// `same`: it must be of the commit that is rolled out.
    #[serde(default)]
    commit: Option<CommitShape>,
    /// `same`: it must be of the environment of the subject; or the name of one.
    #[serde(default)]
    environment: Option<Text>,
    /// `failed`: the rule is about a record that failed. A stop by evidence needs it.
    #[serde(default)]
    status: Option<StatusShape>,
    /// `entry`: only what was run since the stage was entered counts; `any` (default): from before, too.
    #[serde(default)]
    since: Option<SinceShape>,
    /// What must be true of the record's `data`: CEL, true or false.
    #[serde(default, rename = "where")]
    condition: Option<Text>,
}

/// `attest` in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "attest", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct AttestShape {
    /// The role of those who attest; without it anybody.
    #[serde(default)]
    role: Option<Text>,
    /// How many distinct people. Default 1.
    #[serde(default)]
    count: Option<CountShape>,
    /// How old a statement may be, such as `7d`.
    #[serde(default)]
    max_age: Option<Text>,
    /// Fields of the subject, such as `author`: whom they name may not attest.
    #[serde(default)]
    not_by: Option<OneOrMany>,
    /// `entry` (default): a statement that names no stage counts from the stage's entry on; `any`: from before, too.
    #[serde(default)]
    since: Option<SinceShape>,
    /// What a statement must fill in: names, or names with the values they can have.
    #[serde(default)]
    fields: Option<FieldsShape>,
}

/// `approve` in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "approve", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}, "anyOf" = [{"required": ["roles"]}, {"required": ["any"]}]))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct ApproveShape {
    /// The roles that approve; one person fills one of them.
    #[serde(default)]
    roles: Option<OneOrMany>,
    /// How many of each role. Default 1.
    #[serde(default)]
    each: Option<CountShape>,
    /// How many in all, in place of `each`.
    #[serde(default)]
    any: Option<CountShape>,
    /// How old an approval may be, such as `7d`.
    #[serde(default)]
    max_age: Option<Text>,
    /// Fields of the subject, such as `author`: whom they name may not approve.
    #[serde(default)]
    not_by: Option<OneOrMany>,
    /// `entry` (default): an approval that names no stage counts from the stage's entry on; `any`: from before, too.
    #[serde(default)]
    since: Option<SinceShape>,
    /// What an approval must fill in: names, or names with the values they can have.
    #[serde(default)]
    fields: Option<FieldsShape>,
}

/// A number of people in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "count")]
#[serde(transparent)]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct CountShape(#[schemars(range(min = 1, max = 1000))] u32);

/// `commit` in the schema.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", rename = "commit")]
pub enum CommitShape {
    /// The one that is rolled out.
    Same,
}

/// `status` in the schema.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", rename = "status")]
pub enum StatusShape {
    /// The newest record failed.
    Failed,
}

/// `since` in the schema.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", rename = "since")]
pub enum SinceShape {
    /// From the stage's entry on.
    Entry,
    /// However old.
    Any,
}

/// `fields` in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "fields")]
#[serde(untagged)]
pub enum FieldsShape {
    /// Names: anything that is not empty.
    Named(OneOrMany),
    /// Names with the values they can have; none: anything that is not empty.
    Valued(BTreeMap<String, Option<OneOrMany>>),
}
