//! What a test expects, in the schema. Only shapes: never read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::hole::OrHole;
use crate::policy::decode::Text;
use crate::verdict::{Cause, Decision};

/// What must come of a test: only what is named is looked at, and a list is all there are.
#[derive(JsonSchema)]
#[schemars(rename = "expect", extend(
    "additionalProperties" = false,
    "patternProperties" = {"^x-": true},
    "minProperties" = 1,
))]
#[expect(dead_code, reason = "the shape of the schema")]
pub(super) struct ExpectShape {
    /// The verdict.
    #[serde(default)]
    verdict: Option<OrHole<Decision>>,
    /// Why it is not a go: all causes.
    #[serde(default)]
    causes: Option<OrHole<Vec<OrHole<Cause>>>>,
    /// The stops that fire, and the requirements whose failure is one: all of them, `errors`, or one item, `errors[csv]`.
    #[serde(default)]
    fired: Option<OrHole<Vec<Text>>>,
    /// The requirements that do not hold: all of them.
    #[serde(default)]
    unmet: Option<OrHole<Vec<Text>>>,
    /// The rules that could not be judged: all of them.
    #[serde(default)]
    unknown: Option<OrHole<Vec<Text>>>,
    /// The rules that wait: all of them.
    #[serde(default)]
    pending: Option<OrHole<Vec<Text>>>,
    /// The rules that are set aside: all of them.
    #[serde(default)]
    waived: Option<OrHole<Vec<Text>>>,
    /// The rules that do not apply: all of them.
    #[serde(default)]
    skipped: Option<OrHole<Vec<Text>>>,
    /// The requirements that hold: all of them.
    #[serde(default)]
    met: Option<OrHole<Vec<Text>>>,
    /// The stops that do not fire: all of them.
    #[serde(default)]
    clear: Option<OrHole<Vec<Text>>>,
    /// How long the condition of a rule has held, such as `1m`; null: it does not hold.
    #[serde(default)]
    held: Option<OrHole<ByRule<Option<Text>>>>,
    /// The rows of escalation: a list is all of them, a map is about those it names.
    #[serde(default)]
    escalation: Option<RowsShape<RowShape>>,
    /// What is to be done: a list is all there is, a map is about what it names.
    #[serde(default)]
    duties: Option<RowsShape<DutyShape>>,
    /// The message of a rule; a list: those of all its items; null: none.
    #[serde(default)]
    messages: Option<OrHole<ByRule<Option<OneOrMany>>>>,
    /// The values that the findings show: by rule and expression, or by expression alone.
    #[serde(default)]
    values: Option<OrHole<ByRule<Anything>>>,
    /// What would change a rule, such as `error_rate < 5%`; an empty list: nothing would.
    #[serde(default)]
    to_change: Option<OrHole<ByRule<ChangesShape>>>,
    /// The stage that follows; null: none.
    #[serde(default)]
    next: Option<NullOr<Text>>,
    /// Where a rollback goes; null: there is none.
    #[serde(default)]
    rollback: Option<NullOr<PlanShape>>,
    /// The reason for the verdict.
    #[serde(default)]
    reason: Option<Text>,
    /// What `gonogo eval` would exit with.
    #[serde(default)]
    exit_code: Option<OrHole<CodeShape>>,
    /// Texts, each of which stands in a warning, and in each warning one of them.
    #[serde(default)]
    warnings: Option<OrHole<Vec<Text>>>,
    /// A file with the whole explanation; `gonogo test --update` writes it.
    #[serde(default)]
    approved: Option<Text>,
}

/// A map by the ids of rules that is not empty.
struct ByRule<T>(std::marker::PhantomData<T>);

impl<T: JsonSchema> JsonSchema for ByRule<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{} by rule", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut map = generator.subschema_for::<BTreeMap<String, T>>();
        map.insert("minProperties".to_owned(), 1.into());
        map
    }
}

/// Something that may be told to be nothing: a key with null says so, unlike one that is not there.
struct NullOr<T>(std::marker::PhantomData<T>);

impl<T: JsonSchema> JsonSchema for NullOr<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{} or null", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let told = generator.subschema_for::<OrHole<T>>();
        // An `enum`, because a key of null elsewhere stands for one that is not there.
        json_schema!({"anyOf": [told, {"enum": [null]}]})
    }
}

/// Rows by name.
#[derive(JsonSchema)]
#[schemars(rename = "all or each {T}")]
#[serde(untagged)]
#[expect(dead_code, reason = "the shape of the schema")]
enum RowsShape<T: JsonSchema> {
    /// All there are.
    All(OrHole<Vec<Text>>),
    /// Those that are named, each with what is expected of it.
    Named(ByRule<Option<T>>),
}

/// A row of escalation.
#[derive(JsonSchema)]
#[schemars(rename = "expected row", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
struct RowShape {
    /// How urgent it is.
    #[serde(default)]
    severity: Option<NullOr<Text>>,
    /// What is to be done.
    #[serde(default)]
    action: Option<NullOr<Text>>,
    /// Whom it asks: all of them.
    #[serde(default)]
    notify: Option<NullOr<OneOrMany>>,
    /// Until when somebody must answer.
    #[serde(default)]
    respond_by: Option<NullOr<Text>>,
    /// Whether that is over.
    #[serde(default)]
    overdue: Option<NullOr<bool>>,
    /// Why nobody can tell whether it applies.
    #[serde(default)]
    undecided: Option<Anything>,
}

/// A duty.
#[derive(JsonSchema)]
#[schemars(rename = "expected duty", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
struct DutyShape {
    /// Who does it.
    #[serde(default)]
    by: Option<NullOr<OneOrMany>>,
    /// Until when.
    #[serde(default)]
    due: Option<NullOr<Text>>,
    /// Whether that is over.
    #[serde(default)]
    overdue: Option<NullOr<bool>>,
    /// Why nobody can tell whether it applies.
    #[serde(default)]
    undecided: Option<Anything>,
}

/// The plan of a rollback.
#[derive(JsonSchema)]
#[schemars(rename = "expected rollback", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
struct PlanShape {
    /// How.
    #[serde(default)]
    mode: Option<NullOr<Text>>,
    /// Where to.
    #[serde(default)]
    target: Option<NullOr<Text>>,
    /// The stage to begin again with.
    #[serde(default)]
    reenter: Option<NullOr<Text>>,
    /// Until when.
    #[serde(default)]
    due: Option<NullOr<Text>>,
    /// Whether that is over.
    #[serde(default)]
    overdue: Option<NullOr<bool>>,
    /// What it needs.
    #[serde(default)]
    requires: Option<Anything>,
    /// What must be looked at before.
    #[serde(default)]
    check: Option<Anything>,
}

/// One text, or a list of them.
#[derive(JsonSchema)]
#[schemars(rename = "texts")]
#[serde(untagged)]
#[expect(dead_code, reason = "the shape of the schema")]
enum OneOrMany {
    /// One.
    One(Text),
    /// Many.
    Many(Vec<Text>),
}

/// What would change a rule.
#[derive(JsonSchema)]
#[schemars(rename = "expected changes")]
#[serde(untagged)]
#[expect(dead_code, reason = "the shape of the schema")]
enum ChangesShape {
    /// One.
    One(ChangeShape),
    /// All there are.
    All(Vec<ChangeShape>),
}

/// A change of an input.
#[derive(JsonSchema)]
#[schemars(rename = "expected change")]
#[serde(untagged)]
#[expect(dead_code, reason = "the shape of the schema")]
enum ChangeShape {
    /// As the report says it: `error_rate < 5%`.
    Told(Text),
    /// In its parts.
    Parts(ChangePartsShape),
}

/// A change of an input in its parts.
#[derive(JsonSchema)]
#[schemars(rename = "parts of a change", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
struct ChangePartsShape {
    /// The input.
    input: Text,
    /// The sign: `<`.
    #[schemars(extend("pattern" = r"^(<|<=|>|>=|==|!=)$|\$\{"))]
    op: Text,
    /// The value it is compared with.
    value: Anything,
}

/// Any value.
struct Anything;

impl JsonSchema for Anything {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "anything".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({})
    }
}

/// The exit codes of verdicts.
struct CodeShape;

impl JsonSchema for CodeShape {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "exit code".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let codes = codes();
        json_schema!({"type": "integer", "enum": codes})
    }
}

/// The exit codes that a verdict has.
fn codes() -> Vec<u8> {
    use crate::verdict::ExitCode::{Limit, NoGo, NotYet, Rollback, Success};
    [Success, Limit, NoGo, NotYet, Rollback]
        .map(crate::verdict::ExitCode::code)
        .to_vec()
}
