//! Rules as written, alone or in groups.

use std::sync::Arc;

use schemars::JsonSchema;

use super::at::{AtDocument, AtShape, at};
use super::proof::{ApproveShape, AttestShape, EvidenceShape, ProofsDocument, proofs};
use crate::policy::decode::{Decoder, Fields, Text};
use crate::source::tree::{Kind, Node, Places};
use crate::source::{Code, Span};
use crate::verdict::Effect;

/// The rules of a stage as written.
#[derive(Clone, Debug, Default)]
pub struct RulesDocument {
    /// All of them, in the order of their lists. A stage that extends theirs has the same ones.
    pub rules: Vec<Arc<RuleDocument>>,
}

/// A rule as written: each key that is given.
#[derive(Clone, Debug)]
pub struct RuleDocument {
    /// The list it stands in.
    pub effect: Effect,
    /// Where its map stands.
    pub span: Span,
    /// The group it stands in.
    pub group: Option<Arc<GroupDocument>>,
    /// Its id.
    pub id: Text,
    /// What it is about.
    pub title: Option<Text>,
    /// The condition.
    pub expr: Option<Text>,
    /// What proves it in place of a condition.
    pub proofs: ProofsDocument,
    /// The time it is due.
    pub due: Option<Text>,
    /// Whether a waiver may set it aside.
    pub waivable: Option<bool>,
    /// How long it must hold.
    pub hold: Option<Text>,
    /// The instants it is judged at.
    pub at: Option<Box<AtDocument>>,
    /// When it applies.
    pub when: Option<Text>,
    /// What unknown does.
    pub missing: Option<Text>,
    /// How urgent it is.
    pub severity: Option<Text>,
    /// What to do.
    pub action: Option<Text>,
    /// What to say.
    pub message: Option<Text>,
    /// Where the instructions are.
    pub runbook: Option<Text>,
    /// The rows of the playbook.
    pub cite: Option<Vec<Text>>,
    /// The controls.
    pub controls: Option<Vec<Text>>,
    /// What an unmet requirement does.
    pub on_unmet: Option<Text>,
    /// Whether a stop stays fired.
    pub latch: Option<bool>,
    /// Whether it only watches.
    pub watch: Option<bool>,
    /// The name and the list it speaks for.
    pub for_each: Option<Box<ForEachDocument>>,
}

/// `for_each` as written.
#[derive(Clone, Debug)]
pub struct ForEachDocument {
    /// The name of the item in the rule's expressions.
    pub name: Text,
    /// The list: an expression, or texts written out.
    pub items: ItemsDocument,
}

/// The items of a `for_each`.
#[derive(Clone, Debug)]
pub enum ItemsDocument {
    /// An expression that gives a list or a map.
    Expression(Text),
    /// Texts written out as a YAML list.
    Listed(Vec<Text>),
}

/// A group of rules as written.
#[derive(Clone, Debug)]
pub struct GroupDocument {
    /// Its title.
    pub title: Text,
    /// The list it stands in.
    pub effect: Effect,
    /// The time its rules are due where they do not say.
    pub due: Option<Text>,
    /// When its rules apply, beside their own `when`.
    pub when: Option<Text>,
    /// How urgent its rules are where they do not say.
    pub severity: Option<Text>,
    /// The controls of rules that name none.
    pub controls: Option<Vec<Text>>,
}

/// Reads `require`, `hold` and `rollback`.
pub fn rules(d: &mut Decoder<'_>, f: &mut Fields<'_>) -> RulesDocument {
    let mut document = RulesDocument::default();
    for (key, effect) in [
        ("require", Effect::Require),
        ("hold", Effect::Hold),
        ("rollback", Effect::Rollback),
    ] {
        if let Some(node) = f.get(key) {
            for item in d.items(node, key) {
                if ["group", "rules"].iter().any(|key| item.get(key).is_some()) {
                    group(d, item, effect, &mut document.rules);
                } else {
                    document.rules.extend(rule(d, item, effect, None));
                }
            }
        }
    }
    document
}

fn group(d: &mut Decoder<'_>, node: &Node, effect: Effect, into: &mut Vec<Arc<RuleDocument>>) {
    let Some(mut f) = d.fields(node, "a group") else {
        return;
    };
    let title = d.required(&mut f, "group");
    let document = GroupDocument {
        title: title.unwrap_or_else(|| nameless(node.span)),
        effect,
        due: d.optional(&mut f, "due"),
        when: d.optional(&mut f, "when"),
        severity: d.optional(&mut f, "severity"),
        controls: d.texts(&mut f, "controls"),
    };
    d.texts(&mut f, "cite");
    let group = Arc::new(document);
    match f.get("rules") {
        Some(node) => {
            let items = d.items(node, "rules");
            if items.is_empty() && matches!(node.kind, Kind::List(_)) {
                d.at(
                    Code::EmptyStage,
                    node.span,
                    "a group without a rule",
                    "nothing here",
                    "add a rule or remove it",
                );
            }
            into.extend(
                items
                    .iter()
                    .filter_map(|item| rule(d, item, effect, Some(&group))),
            );
        }
        None => d.missing(&f, "rules", "rules: […]"),
    }
    d.finish(&f);
}

fn rule(
    d: &mut Decoder<'_>,
    node: &Node,
    effect: Effect,
    group: Option<&Arc<GroupDocument>>,
) -> Option<Arc<RuleDocument>> {
    let mut f = d.fields(node, "a rule")?;
    let id = d.required(&mut f, "id");
    let named = id.is_some();
    let document = RuleDocument {
        effect,
        span: node.span,
        group: group.cloned(),
        title: d.optional(&mut f, "title"),
        expr: d.optional(&mut f, "expr"),
        proofs: proofs(d, &mut f),
        due: d.optional(&mut f, "due"),
        waivable: d.boolean(&mut f, "waivable"),
        hold: d.optional(&mut f, "for"),
        at: f.get("at").and_then(|node| at(d, node).map(Box::new)),
        when: d.optional(&mut f, "when"),
        missing: d.optional(&mut f, "missing"),
        severity: d.optional(&mut f, "severity"),
        action: d.optional(&mut f, "action"),
        message: d.optional(&mut f, "message"),
        runbook: d.optional(&mut f, "runbook"),
        cite: d.texts(&mut f, "cite"),
        controls: d.texts(&mut f, "controls"),
        on_unmet: d.optional(&mut f, "on_unmet"),
        latch: d.boolean(&mut f, "latch"),
        watch: d.boolean(&mut f, "watch"),
        for_each: f
            .get("for_each")
            .and_then(|node| for_each(d, node).map(Box::new)),
        // Read last, so that a rule without an id is otherwise read in full.
        id: id.unwrap_or_else(|| nameless(node.span)),
    };
    d.finish(&f);
    // Whatever the id is: an empty one is told where names are checked, not left out.
    named.then(|| Arc::new(document))
}

fn nameless(span: Span) -> Text {
    let scalar = crate::source::tree::Scalar {
        text: String::new(),
        style: crate::source::tree::Style::Plain,
        map: Places::new(),
    };
    Text { scalar, span }
}

fn for_each(d: &mut Decoder<'_>, node: &Node) -> Option<ForEachDocument> {
    let named = d.named(node, "for_each");
    let [(name, items)] = named.as_slice() else {
        if matches!(node.kind, Kind::Map(_)) {
            d.wrong_kind(
                node,
                "for_each",
                "one name with its list, such as {format: formats}",
            );
        }
        return None;
    };
    let items = match &items.kind {
        Kind::List(listed) => ItemsDocument::Listed(
            listed
                .iter()
                .filter_map(|item| d.text(item, "for_each"))
                .collect(),
        ),
        Kind::Scalar(_) | Kind::Map(_) => ItemsDocument::Expression(d.text(items, "for_each")?),
    };
    Some(ForEachDocument {
        name: name.clone(),
        items,
    })
}

impl RuleDocument {
    /// This rule with the keys that `over` names: what a stage that extends another says of an inherited rule.
    #[must_use]
    pub fn overlaid(&self, over: &Self) -> Self {
        let own = over.clone();
        let new_proof = over.expr.is_some() || over.proofs.any();
        // Keys that only the old effect knows say nothing about the new one.
        let same = over.effect == self.effect;
        Self {
            effect: over.effect,
            span: over.span,
            group: own.group.or_else(|| self.group.clone()),
            id: own.id,
            title: own.title.or_else(|| self.title.clone()),
            // A rule has one proof: a new one takes the place of the old one, whatever they are.
            expr: own
                .expr
                .or_else(|| self.expr.clone().filter(|_| !new_proof)),
            proofs: if new_proof {
                own.proofs
            } else {
                self.proofs.clone()
            },
            due: own
                .due
                .or_else(|| self.due.clone().filter(|_| over.effect == Effect::Require)),
            waivable: own.waivable.or(self.waivable),
            // A new proof is a new promise: how long the old one had to hold says nothing about it.
            // `for` and `at` are two ways to say when: one takes the place of the other.
            at: own
                .at
                .clone()
                .or_else(|| self.at.clone().filter(|_| !new_proof && own.hold.is_none())),
            hold: own
                .hold
                .or_else(|| self.hold.clone().filter(|_| !new_proof && own.at.is_none())),
            when: own.when.or_else(|| self.when.clone()),
            missing: own.missing.or_else(|| {
                self.missing
                    .clone()
                    .filter(|_| same || over.effect != Effect::Require)
            }),
            severity: own.severity.or_else(|| self.severity.clone()),
            action: own.action.or_else(|| self.action.clone()),
            message: own.message.or_else(|| self.message.clone()),
            runbook: own.runbook.or_else(|| self.runbook.clone()),
            cite: own.cite.or_else(|| self.cite.clone()),
            controls: own.controls.or_else(|| self.controls.clone()),
            on_unmet: own
                .on_unmet
                .or_else(|| self.on_unmet.clone().filter(|_| same)),
            latch: own.latch.or(self.latch.filter(|_| same)),
            watch: own.watch.or(self.watch),
            for_each: own.for_each.or_else(|| self.for_each.clone()),
        }
    }
}

/// An item of a list of rules in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "rule or group")]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "never built")]
pub enum ItemShape {
    /// Rules under one heading.
    Group(GroupShape),
    /// A rule.
    Rule(RuleShape),
}

/// A group in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "group", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct GroupShape {
    /// The heading.
    group: Text,
    /// When its rules apply, beside their own `when`.
    #[serde(default)]
    when: Option<Text>,
    /// How urgent its rules are where they do not say.
    #[serde(default)]
    severity: Option<Text>,
    /// The time its requirements are due where they do not say: `T-48h`, `T+1h` or `+24h`.
    #[serde(default)]
    due: Option<Text>,
    /// The controls of rules that name none.
    #[serde(default)]
    controls: Option<super::OneOrMany>,
    /// The rows of the playbook it stands for.
    #[serde(default)]
    cite: Option<super::OneOrMany>,
    /// The rules.
    rules: Vec<RuleShape>,
}

/// A rule in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "rule", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct RuleShape {
    /// Its id, kebab-case.
    #[schemars(regex(pattern = r"^[a-z0-9]+(-[a-z0-9]+)*$"))]
    id: Text,
    /// What it is about, for people.
    #[serde(default)]
    title: Option<Text>,
    /// The condition: CEL, true or false.
    #[serde(default)]
    expr: Option<Text>,
    /// The newest record of a command that was run: it must have passed.
    #[serde(default)]
    evidence: Option<EvidenceShape>,
    /// People who attest it.
    #[serde(default)]
    attest: Option<AttestShape>,
    /// People who approve it.
    #[serde(default)]
    approve: Option<ApproveShape>,
    /// A calendar that must be open: one of `calendars`.
    #[serde(default)]
    during: Option<Text>,
    /// The time a requirement is due: `T-48h` and `T+1h` against `subject.planned_at`, `+24h` against the stage's entry.
    #[serde(default)]
    due: Option<Text>,
    /// Whether a waiver may set it aside. Default true for `require` and `hold`, false for `rollback`.
    #[serde(default)]
    waivable: Option<bool>,
    /// How long it must be true throughout, such as `10m`, or `bake`: the stage's bake time.
    #[serde(default, rename = "for")]
    hold: Option<Text>,
    /// The instants after the stage's entry at which a requirement is judged, each once and for good.
    #[serde(default)]
    at: Option<AtShape>,
    /// When it applies: CEL; false skips the rule.
    #[serde(default)]
    when: Option<Text>,
    /// What unknown does to a hold or a rollback: default no-go.
    #[serde(default)]
    missing: Option<MissingShape>,
    /// How urgent it is: an id of `severities`.
    #[serde(default)]
    severity: Option<Text>,
    /// What to do where it fires or is unmet.
    #[serde(default)]
    action: Option<Text>,
    /// What to say, with `${CEL}` filled in.
    #[serde(default)]
    message: Option<Text>,
    /// Where the instructions are.
    #[serde(default)]
    runbook: Option<Text>,
    /// The rows of the playbook it stands for.
    #[serde(default)]
    cite: Option<super::OneOrMany>,
    /// The controls it is evidence for.
    #[serde(default)]
    controls: Option<super::OneOrMany>,
    /// `rollback`: an unmet requirement is a hard stop.
    #[serde(default)]
    on_unmet: Option<OnUnmetShape>,
    /// Whether a stop that fired stays fired until the stage is entered anew. Default true.
    #[serde(default)]
    latch: Option<bool>,
    /// Judged and reported, never counted. Default false.
    #[serde(default)]
    watch: Option<bool>,
    /// One finding for each item: `{name: LIST_OR_MAP}`.
    #[serde(default)]
    for_each: Option<std::collections::BTreeMap<String, super::OneOrMany>>,
}

/// `missing` in the schema.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", rename = "missing")]
pub enum MissingShape {
    /// Unknown has no effect.
    Ignore,
    /// Unknown counts as fired.
    Fire,
}

/// `on_unmet` in the schema.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", rename = "on_unmet")]
pub enum OnUnmetShape {
    /// Roll back.
    Rollback,
}
