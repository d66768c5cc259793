//! Stages, roles and severities as written.

use schemars::JsonSchema;

use super::lasting::{LastingDocument, LastingShape, lasting};
use super::needs::{NeedDocument, NeedsShape, needs};
use super::process::shape::AfterShape;
use super::process::{AfterDocument, after};
use super::proof::{ListDocument, list};
use super::record::{RecordShape, record};
use super::rule::{ItemShape, RulesDocument, rules};
use crate::policy::decode::{Decoder, Text};
use crate::source::Span;
use crate::source::tree::Node;

/// A stage as written.
#[derive(Clone, Debug)]
pub struct StageDocument {
    /// Its name.
    pub name: Text,
    /// Where its map stands.
    pub span: Span,
    /// Whether it is only there to be extended.
    pub is_abstract: bool,
    /// The stage whose rules it takes over.
    pub extends: Option<Text>,
    /// Rules it leaves out of those.
    pub drop: Vec<Text>,
    /// The share of traffic it may expose.
    pub traffic: Option<Node>,
    /// The least time in it.
    pub bake: Option<LastingDocument>,
    /// What is to be done after a verdict on it.
    pub after: AfterDocument,
    /// The stages that must have gone well first.
    pub needs: Vec<NeedDocument>,
    /// The fields of the subject that an audit needs.
    pub record: Option<ListDocument>,
    /// Its own rules.
    pub rules: RulesDocument,
}

/// Somebody to be told or asked, as written.
#[derive(Clone, Debug)]
pub struct RoleDocument {
    /// The role.
    pub name: Text,
    /// How it is reached.
    pub contact: Option<Text>,
    /// Who has it.
    pub people: Option<ListDocument>,
}

/// A severity as written.
#[derive(Clone, Debug)]
pub struct SeverityDocument {
    /// Its id.
    pub id: Text,
    /// The time to answer.
    pub respond_within: Option<LastingDocument>,
    /// Whom to tell.
    pub notify: Vec<Text>,
    /// Whom to tell next, and how long after.
    pub then: Vec<NextDocument>,
}

/// The next level of a severity, as written.
#[derive(Clone, Debug)]
pub struct NextDocument {
    /// How long after it fired.
    pub after: Text,
    /// Whom to tell.
    pub notify: Vec<Text>,
}

/// Reads one of `stages`.
pub fn stage(d: &mut Decoder<'_>, node: &Node) -> Option<StageDocument> {
    let mut f = d.fields(node, "a stage")?;
    let name = d.required(&mut f, "name");
    d.optional(&mut f, "title");
    d.texts(&mut f, "cite");
    let is_abstract = d.boolean(&mut f, "abstract").unwrap_or(false);
    let extends = d.optional(&mut f, "extends");
    let drop = d.texts(&mut f, "drop").unwrap_or_default();
    let traffic = f.get("traffic").cloned();
    let bake = f.get("bake").and_then(|node| lasting(d, node, "bake"));
    let after = f.get("after").map(|node| after(d, node));
    let needs = needs(d, &mut f);
    let record = record(d, &mut f);
    let rules = rules(d, &mut f);
    d.finish(&f);
    let span = f.span();
    name.map(|name| StageDocument {
        name,
        span,
        is_abstract,
        extends,
        drop,
        traffic,
        bake,
        after: after.unwrap_or_default(),
        needs,
        record,
        rules,
    })
}

/// Reads one of `roles`.
pub fn role(d: &mut Decoder<'_>, name: Text, node: &Node) -> RoleDocument {
    let mut role = RoleDocument {
        name,
        contact: None,
        people: None,
    };
    if !node.is_null()
        && let Some(mut f) = d.fields(node, "a role")
    {
        role.contact = d.optional(&mut f, "contact");
        role.people = list(d, &mut f, "people");
        d.optional(&mut f, "title");
        d.texts(&mut f, "cite");
        d.finish(&f);
    }
    role
}

/// Reads one of `severities`.
pub fn severity(d: &mut Decoder<'_>, node: &Node) -> Option<SeverityDocument> {
    let mut f = d.fields(node, "a severity")?;
    let id = d.required(&mut f, "id");
    d.optional(&mut f, "title");
    d.texts(&mut f, "cite");
    let respond_within = f
        .get("respond_within")
        .and_then(|node| lasting(d, node, "respond_within"));
    let notify = d.texts(&mut f, "notify").unwrap_or_default();
    let then = match f.get("then") {
        Some(node) => d
            .items(node, "then")
            .iter()
            .filter_map(|node| next(d, node))
            .collect(),
        None => Vec::new(),
    };
    d.finish(&f);
    id.map(|id| SeverityDocument {
        id,
        respond_within,
        notify,
        then,
    })
}

fn next(d: &mut Decoder<'_>, node: &Node) -> Option<NextDocument> {
    let mut f = d.fields(node, "a next level")?;
    let after = d.required(&mut f, "after");
    let notify = d.texts(&mut f, "notify");
    if notify.is_none() {
        d.missing(&f, "notify", "notify: […]");
    }
    d.finish(&f);
    Some(NextDocument {
        after: after?,
        notify: notify?,
    })
}

/// A stage in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "stage", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct StageShape {
    /// Its name.
    name: Text,
    /// What it is, for people.
    #[serde(default)]
    title: Option<Text>,
    /// The rows of the playbook it stands for.
    #[serde(default)]
    cite: Option<super::OneOrMany>,
    /// Only to be extended, never judged. Default false.
    #[serde(default, rename = "abstract")]
    is_abstract: bool,
    /// The stage whose rules this one takes over; nothing else of it.
    #[serde(default)]
    extends: Option<Text>,
    /// Ids of rules taken over that this stage leaves out.
    #[serde(default)]
    drop: Option<super::OneOrMany>,
    /// The share of traffic the stage may expose: `5%` or 0.05.
    #[serde(default)]
    traffic: Option<Text>,
    /// The least time in the stage, such as `24h` or `{business: 1d, calendar: deploy-hours}`.
    #[serde(default)]
    bake: Option<LastingShape>,
    /// What is to be done after a verdict on this stage, beside what is to be done after any.
    #[serde(default)]
    after: Option<AfterShape>,
    /// Stages that must have gone well for the same subject first; `{any: […]}`: one of several.
    #[serde(default)]
    needs: Option<NeedsShape>,
    /// What an audit needs to know, beside what the policy as a whole asks for.
    #[serde(default)]
    record: Option<RecordShape>,
    /// Rules that must hold, or no-go.
    #[serde(default)]
    require: Vec<ItemShape>,
    /// Soft stops: no-go where they fire.
    #[serde(default)]
    hold: Vec<ItemShape>,
    /// Hard stops: rollback where they fire.
    #[serde(default)]
    rollback: Vec<ItemShape>,
}

/// A role in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "role", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct RoleShape {
    /// How it is reached.
    #[serde(default)]
    contact: Option<Text>,
    /// Who has it; without it anybody can say so.
    #[serde(default)]
    people: Option<super::OneOrMany>,
    /// What it is, for people.
    #[serde(default)]
    title: Option<Text>,
    /// The rows of the playbook it stands for.
    #[serde(default)]
    cite: Option<super::OneOrMany>,
}

/// A severity in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "severity", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct SeverityShape {
    /// Its id, such as P0.
    id: Text,
    /// What it is, for people.
    #[serde(default)]
    title: Option<Text>,
    /// The rows of the playbook it stands for.
    #[serde(default)]
    cite: Option<super::OneOrMany>,
    /// The time to answer, counted from when a rule fired: `15m`, or `{business: 4h, calendar: office-hours}`.
    #[serde(default)]
    respond_within: Option<LastingShape>,
    /// The roles to tell.
    #[serde(default)]
    notify: Option<super::OneOrMany>,
    /// Whom to tell next where nobody answers.
    #[serde(default)]
    then: Vec<NextShape>,
}

/// The next level of a severity in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "next level", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct NextShape {
    /// How long after it fired.
    after: Text,
    /// The roles to tell.
    notify: super::OneOrMany,
}
