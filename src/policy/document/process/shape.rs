//! The shape of what follows a verdict, as an editor is told it. Never read.

use schemars::JsonSchema;

use crate::policy::decode::Text;
use crate::policy::document::OneOrMany;
use crate::policy::document::lasting::LastingShape;

/// `escalation` in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "escalation")]
#[serde(untagged)]
pub enum EscalationShape {
    /// Rows: all that are true speak.
    Rows(Vec<RowShape>),
    /// Matrices by name.
    Matrices(std::collections::BTreeMap<String, MatrixShape>),
}

/// A matrix in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "matrix")]
#[serde(untagged)]
pub enum MatrixShape {
    /// Rows: all that are true speak.
    Rows(Vec<RowShape>),
    /// Rows, and which of them speak.
    Hit(HitRowsShape),
}

/// Rows and which of them speak in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "matrix map", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct HitRowsShape {
    /// What it is about, for people.
    #[serde(default)]
    title: Option<Text>,
    /// Which rows speak: the first that is true, all that are (default), or the only one.
    #[serde(default)]
    hit: Option<HitShape>,
    /// The rows, in order.
    rows: Vec<RowShape>,
    /// The rows of the playbook it stands for.
    #[serde(default)]
    cite: Option<OneOrMany>,
}

/// `hit` in the schema.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", rename = "hit")]
pub enum HitShape {
    /// The first that is true.
    First,
    /// All that are true.
    All,
    /// The only one that is true; more than one is a mistake of the matrix, and told.
    Unique,
}

/// A row of escalation in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "row", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct RowShape {
    /// Its id, kebab-case.
    #[schemars(regex(pattern = r"^[a-z0-9]+(-[a-z0-9]+)*$"))]
    id: Text,
    /// What it is about, for people.
    #[serde(default)]
    title: Option<Text>,
    /// What must be true: CEL, which also sees `verdict`, `fired`, `unmet`, `held`, `unknown` and `pending`.
    expr: Text,
    /// How long it must be true throughout.
    #[serde(default, rename = "for")]
    hold: Option<Text>,
    /// How urgent it is: an id of `severities`.
    #[serde(default)]
    severity: Option<Text>,
    /// What to do.
    #[serde(default)]
    action: Option<Text>,
    /// The time to do it, in place of the severity's.
    #[serde(default)]
    within: Option<LastingShape>,
    /// Whom to tell, beside the severity's.
    #[serde(default)]
    notify: Option<OneOrMany>,
    /// The rows of the playbook it stands for.
    #[serde(default)]
    cite: Option<OneOrMany>,
}

/// A row of the plan of a rollback in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "plan", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct PlanShape {
    /// What it is about, for people.
    #[serde(default)]
    title: Option<Text>,
    /// When it is this one: CEL; the last row has none.
    #[serde(default)]
    expr: Option<Text>,
    /// How to go back, such as `instant`.
    mode: Text,
    /// To what, such as `0%`.
    target: Text,
    /// The stage to start again with.
    #[serde(default)]
    reenter: Option<Text>,
    /// The time for it, counted from when the stop fired.
    #[serde(default)]
    within: Option<LastingShape>,
    /// Rules that must hold for it to be possible.
    #[serde(default)]
    requires: Option<OneOrMany>,
    /// The stage that says whether it is done: nobody's next, and its own next is `reenter`.
    #[serde(default)]
    check: Option<Text>,
    /// What else is to be done.
    #[serde(default)]
    duties: Vec<DutyShape>,
    /// The rows of the playbook it stands for.
    #[serde(default)]
    cite: Option<OneOrMany>,
}

/// `after` in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "after", rename_all = "kebab-case", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct AfterShape {
    /// What is to be done after a rollback, counted from when the first stop fired.
    #[serde(default)]
    rollback: Vec<DutyShape>,
    /// What is to be done after a no-go, counted from when it became so.
    #[serde(default)]
    no_go: Vec<DutyShape>,
    /// What is to be done after a go, counted from when the last requirement was met.
    #[serde(default)]
    go: Vec<DutyShape>,
}

/// A duty in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "duty", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct DutyShape {
    /// What is to be done.
    #[serde(rename = "do")]
    what: Text,
    /// By whom: one of `roles`, where there are any.
    #[serde(default)]
    by: Option<Text>,
    /// How long there is for it.
    #[serde(default)]
    within: Option<LastingShape>,
    /// When it is to be done: CEL.
    #[serde(default)]
    when: Option<Text>,
    /// The rows of the playbook it stands for.
    #[serde(default)]
    cite: Option<OneOrMany>,
}
