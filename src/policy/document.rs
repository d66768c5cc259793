//! The policy as it was written: every key with its place, nothing checked but its shape. Never a type, never a name
//! looked up.

pub mod at;
pub mod calendar;
pub mod files;
pub mod from;
pub mod input;
pub mod lasting;
pub mod needs;
pub mod process;
pub mod proof;
pub mod record;
pub mod rule;
pub mod stage;
pub mod table;

use schemars::JsonSchema;

use super::decode::{Decoder, Fields, Text};
use super::lint::level::LevelsShape;
use crate::source::tree::{Datum, Kind, Node};
use crate::source::{Code, Problem, Problems, Source, yaml};
pub use calendar::CalendarDocument;
pub use files::{MOST_FILES, files, refused};
pub use from::{FromDocument, WayDocument};
pub use input::{BaselineDocument, DataDocument, InputDocument, ParamDocument};
pub use lasting::LastingDocument;
pub use needs::NeedDocument;
pub use process::{AfterDocument, DutyDocument, MatrixDocument, PlanDocument, RowDocument};
pub use proof::{ListDocument, ProofsDocument};
pub use rule::{GroupDocument, RuleDocument, RulesDocument};
pub use stage::{RoleDocument, SeverityDocument, StageDocument};
pub use table::TableDocument;

/// A policy as written.
#[derive(Clone, Debug, Default)]
pub struct PolicyDocument {
    /// Its name.
    pub name: Option<Text>,
    /// What it is about.
    pub title: Option<Text>,
    /// Who answers for it.
    pub owner: Option<Text>,
    /// The playbook it was written from.
    pub playbook: Option<Text>,
    /// Defaults for values.
    pub data: DataDocument,
    /// Other sets of the same inputs.
    pub baselines: Vec<BaselineDocument>,
    /// What snapshots may give.
    pub inputs: Vec<InputDocument>,
    /// Numbers the author leaves open.
    pub params: Vec<ParamDocument>,
    /// Constants that stand in files of their own.
    pub tables: Vec<TableDocument>,
    /// Named expressions, in order.
    pub lets: Vec<(Text, Text)>,
    /// Who there is to be told and asked; none: not listed.
    pub roles: Option<Vec<RoleDocument>>,
    /// How urgent something can be, most urgent first.
    pub severities: Vec<SeverityDocument>,
    /// When things may be done.
    pub calendars: Vec<CalendarDocument>,
    /// What else asks for people, whatever the verdict.
    pub escalation: Vec<MatrixDocument>,
    /// Where a rollback goes; none: nobody says.
    pub rollback_plan: Option<Vec<PlanDocument>>,
    /// What is to be done after a verdict on any stage.
    pub after: AfterDocument,
    /// The fields of the subject that an audit needs.
    pub record: Option<ListDocument>,
    /// The stages in order; none: the rules stand at the top.
    pub stages: Option<Vec<StageDocument>>,
    /// The rules of a policy without stages.
    pub rules: RulesDocument,
    /// The levels of lints, in order.
    pub lints: Vec<(Text, Text)>,
}

/// Reads a policy as written. Only a text that is no YAML map at all gives no document.
#[must_use]
pub fn read(source: &Source) -> (Option<PolicyDocument>, Problems) {
    let (nodes, mut problems) = yaml::parse(source);
    for problem in problems
        .iter_mut()
        .filter(|problem| problem.code == Code::Empty)
    {
        problem.message = format!("`{}` has nothing in it", source.name());
        problem.help = Some("begin a policy with `gonogo: 1` and `name: …`".to_owned());
    }
    let mut decoder = Decoder::new(source);
    decoder.problems.extend(problems);
    if let Some(second) = nodes.get(1) {
        let mut problem = Problem::new(Code::WrongKind, "a policy is one document")
            .help("remove `---`")
            .at(source, second.span, "a second one begins here");
        if let Some(Kind::Map(entries)) = nodes.first().map(|node| &node.kind)
            && let Some(first) = entries.first()
        {
            problem = problem.at(source, first.key_span, "the first one begins here");
        }
        decoder.report(problem);
    }
    let document = nodes.first().and_then(|node| {
        if is_suite(node) {
            let message = format!("`{}` is a suite, not a policy", source.name());
            let help = "name the policy; a suite is run by `gonogo test`";
            let span = node.first_key().unwrap_or(node.span);
            decoder.at(Code::WrongKind, span, message, "a suite begins here", help);
            return None;
        }
        policy(&mut decoder, node)
    });
    (document, decoder.problems)
}

/// Whether a text is a suite, which has nothing that a policy has.
fn is_suite(node: &Node) -> bool {
    node.get("policy").is_some() && node.get("tests").is_some() && node.get("name").is_none()
}

fn policy(d: &mut Decoder<'_>, node: &Node) -> Option<PolicyDocument> {
    let mut f = d.fields(node, "a policy")?;
    version(d, &mut f);
    let mut document = PolicyDocument {
        name: d.required(&mut f, "name"),
        title: d.optional(&mut f, "title"),
        owner: d.optional(&mut f, "owner"),
        playbook: d.optional(&mut f, "playbook"),
        data: f
            .get("data")
            .map(|node| input::data(d, node))
            .unwrap_or_default(),
        ..PolicyDocument::default()
    };
    d.texts(&mut f, "cite");
    if let Some(node) = f.get("baselines") {
        document.baselines = d
            .items(node, "baselines")
            .iter()
            .filter_map(|item| input::baseline(d, item))
            .collect();
    }
    if let Some(node) = f.get("inputs") {
        let named = d.named(node, "inputs");
        // There may be many, and they are large: never moved again.
        document.inputs.reserve_exact(named.len());
        let inputs = named.into_iter();
        let inputs = inputs.filter_map(|(k, v)| input::input(d, k, v));
        document.inputs.extend(inputs);
    }
    if let Some(node) = f.get("params") {
        document.params = d
            .named(node, "params")
            .into_iter()
            .filter_map(|(k, v)| input::param(d, k, v))
            .collect();
    }
    if let Some(node) = f.get("tables") {
        document.tables = d
            .named(node, "tables")
            .into_iter()
            .filter_map(|(k, v)| table::table(d, k, v))
            .collect();
    }
    if let Some(node) = f.get("let") {
        let named = d.named(node, "let");
        document.lets = named
            .into_iter()
            .filter_map(|(key, node)| Some((key, d.text(node, "let")?)))
            .collect();
    }
    if let Some(node) = f.get("roles") {
        document.roles = Some(
            d.named(node, "roles")
                .into_iter()
                .map(|(key, node)| stage::role(d, key, node))
                .collect(),
        );
    }
    if let Some(node) = f.get("severities") {
        document.severities = d
            .items(node, "severities")
            .iter()
            .filter_map(|n| stage::severity(d, n))
            .collect();
    }
    if let Some(node) = f.get("calendars") {
        document.calendars = d
            .named(node, "calendars")
            .into_iter()
            .filter_map(|(key, node)| calendar::calendar(d, key, node))
            .collect();
    }
    if let Some(node) = f.get("escalation") {
        document.escalation = process::escalation(d, node);
    }
    if let Some(node) = f.get("rollback_plan") {
        document.rollback_plan = Some(process::plans(d, node));
    }
    if let Some(node) = f.get("after") {
        document.after = process::after(d, node);
    }
    if let Some(node) = f.get("stages") {
        document.stages = Some(
            d.items(node, "stages")
                .iter()
                .filter_map(|item| stage::stage(d, item))
                .collect(),
        );
    }
    if let Some(node) = f.get("lint") {
        let named = d.named(node, "lint");
        document.lints = named
            .into_iter()
            .filter_map(|(key, node)| Some((key, d.text(node, "lint")?)))
            .collect();
    }
    document.record = record::record(d, &mut f);
    document.rules = rule::rules(d, &mut f);
    d.finish(&f);
    Some(document)
}

fn version(d: &mut Decoder<'_>, f: &mut Fields<'_>) {
    match f.get("gonogo") {
        None => d.missing(f, "gonogo", "gonogo: 1"),
        Some(node)
            if node
                .scalar()
                .is_some_and(|scalar| scalar.datum() == Datum::Int(1)) => {}
        Some(node) => d.at(
            Code::BadVersion,
            node.span,
            "this is not version 1 of the policy language",
            "expected 1",
            "write `gonogo: 1`, or use the version of gonogo the policy was written for",
        ),
    }
}

/// The keys of a policy, as an editor is told them.
#[derive(JsonSchema)]
#[schemars(title = "gonogo policy", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(
    dead_code,
    reason = "the shape of the schema; the documents above are what is read"
)]
pub struct PolicyShape {
    /// The version of the language: 1.
    #[schemars(range(min = 1, max = 1))]
    gonogo: u32,
    /// The name of the policy.
    name: Text,
    /// What it is about, for people.
    #[serde(default)]
    title: Option<Text>,
    /// Who answers for it.
    #[serde(default)]
    owner: Option<Text>,
    /// The playbook it was written from.
    #[serde(default)]
    playbook: Option<Text>,
    /// The rows of the playbook the whole policy stands for.
    #[serde(default)]
    cite: Option<OneOrMany>,
    /// Defaults for values.
    #[serde(default)]
    data: Option<input::DataShape>,
    /// Other sets of the same inputs, to compare with.
    #[serde(default)]
    baselines: Vec<input::BaselineShape>,
    /// What snapshots may give: the names expressions can use, with their types.
    #[serde(default)]
    inputs: std::collections::BTreeMap<String, input::InputShape>,
    /// Numbers and texts the author leaves open, set with `--set`.
    #[serde(default)]
    params: std::collections::BTreeMap<String, input::ParamShape>,
    /// Constants that stand in files of their own: the limits of each pipeline, in a file that the alerting reads too.
    #[serde(default)]
    tables: std::collections::BTreeMap<String, table::TableShape>,
    /// Named expressions; each may use those before it.
    #[serde(default, rename = "let")]
    lets: std::collections::BTreeMap<String, Text>,
    /// Who there is to be told, to attest and to approve; where given, a role that is not listed is an error.
    #[serde(default)]
    roles: Option<std::collections::BTreeMap<String, Option<stage::RoleShape>>>,
    /// How urgent something can be, most urgent first.
    #[serde(default)]
    severities: Vec<stage::SeverityShape>,
    /// When things may be done, and what counts as business time.
    #[serde(default)]
    calendars: std::collections::BTreeMap<String, calendar::CalendarShape>,
    /// What else asks for people: rows, or matrices of rows by name. It never changes a verdict.
    #[serde(default)]
    escalation: Option<process::shape::EscalationShape>,
    /// Where a rollback goes: the first row that applies. The last has no `expr`.
    #[serde(default)]
    rollback_plan: Vec<process::shape::PlanShape>,
    /// What is to be done after a verdict on any stage.
    #[serde(default)]
    after: Option<process::shape::AfterShape>,
    /// What an audit needs to know.
    #[serde(default)]
    record: Option<record::RecordShape>,
    /// The stages, in order.
    #[serde(default)]
    stages: Option<Vec<stage::StageShape>>,
    /// Rules that must hold, or no-go (only without `stages`).
    #[serde(default)]
    require: Vec<rule::ItemShape>,
    /// Soft stops: no-go where they fire (only without `stages`).
    #[serde(default)]
    hold: Vec<rule::ItemShape>,
    /// Hard stops: rollback where they fire (only without `stages`).
    #[serde(default)]
    rollback: Vec<rule::ItemShape>,
    /// How `gonogo check` takes what is no error but worth a second look; `gonogo check --list-lints` explains each.
    #[serde(default)]
    lint: Option<LevelsShape>,
}

/// One text, or a list of them.
#[derive(JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(Text),
    /// Many.
    Many(Vec<Text>),
}
