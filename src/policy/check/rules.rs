//! Rules: every expression compiled once, every key checked against the effect it stands under.

use std::sync::Arc;

use super::calendars::Calendars;
use super::names::RESERVED;
use super::{Checker, Conditions};
use crate::calendar::Lasting;
use crate::expr::types::Type;
use crate::expr::value::Value;
use crate::expr::{Binding, Expect, Scope, Variable, compile};
use crate::policy::decode::Text;
use crate::policy::document::rule::{ForEachDocument, ItemsDocument};
use crate::policy::document::{PolicyDocument, RuleDocument};
use crate::policy::template::template;
use crate::policy::{ForEach, Hold, Items, OnMissing, Role, Rule, Severity};
use crate::snapshot::Layout;
use crate::source::problem::nearest;
use crate::source::{Code, Problem, Span};
use crate::verdict::Effect;

/// What rules are checked against.
pub(super) struct Context<'a> {
    pub(super) document: &'a PolicyDocument,
    pub(super) scope: Scope,
    pub(super) layout: &'a Layout,
    pub(super) item_slot: usize,
    pub(super) severities: &'a [Severity],
    pub(super) roles: Option<&'a [Role]>,
    pub(super) calendars: &'a Calendars,
    /// Expressions by their place and by that of the `for_each` they stand under: an inherited rule is compiled once.
    pub(super) compiled: Conditions,
    /// Where the stage is named whose rules are checked; none where the policy has no stages.
    pub(super) stage: Option<Span>,
}

impl Checker<'_> {
    pub(super) fn rule(
        &mut self,
        document: &RuleDocument,
        bake: Option<&Lasting>,
        baked: bool,
        context: &mut Context<'_>,
    ) -> Option<Rule> {
        self.id(&document.id, "a rule");
        let place = document.for_each.as_ref().map(|each| each.name.span);
        let each = match &document.for_each {
            None => None,
            Some(each) => Some(self.for_each(each, context)?),
        };
        let scope = each.as_ref().map(|(_, scope)| scope);
        let proof = self.proof(document, place, scope, context);
        let mut when = Vec::new();
        for text in document
            .group
            .iter()
            .filter_map(|group| group.when.as_ref())
            .chain(&document.when)
        {
            when.push(self.condition(text, place, scope, context));
        }
        let message = document.message.as_ref().and_then(|text| {
            let made = template(text.as_str(), scope.unwrap_or(&context.scope));
            made.map_err(|mistakes| self.mistakes(text, mistakes)).ok()
        });
        let group = document.group.as_deref();
        let severity = document
            .severity
            .as_ref()
            .or_else(|| group.and_then(|group| group.severity.as_ref()));
        let severity = severity.and_then(|text| self.severity(text, context.severities));
        let controls = document
            .controls
            .as_ref()
            .or_else(|| group.and_then(|group| group.controls.as_ref()));
        // They are told not to belong to any other proof.
        let timed = document.expr.is_some() || !document.proofs.any();
        let hold = timed.then(|| self.hold(document, bake, baked, context.stage));
        let at = timed.then(|| self.checkpoints(document, context.layout, proof.as_ref()));
        let due = self.due(document);
        let (missing, on_unmet, latch) = (
            self.missing(document),
            self.on_unmet(document),
            self.latch(document),
        );
        let given = document.given();
        let place = given.first().map_or(document.span, |(_, span)| *span);
        let waivable = document.effect != Effect::Rollback;
        let texts = |texts: Option<&Vec<Text>>| -> Vec<Arc<str>> {
            texts
                .into_iter()
                .flatten()
                .map(|text| Arc::from(text.as_str()))
                .collect()
        };
        let text = |text: &Option<Text>| text.as_ref().map(|text| Arc::from(text.as_str()));
        Some(Rule {
            id: Arc::from(document.id.as_str()),
            effect: document.effect,
            title: text(&document.title),
            group: group.map(|group| Arc::from(group.title.as_str())),
            proof: proof?,
            due,
            waivable: document.waivable.unwrap_or(waivable),
            hold: hold.flatten(),
            at: at.flatten(),
            when: when.into_iter().collect::<Option<Vec<_>>>()?,
            missing,
            watch: document.watch.unwrap_or(false),
            latch,
            on_unmet,
            for_each: each.map(|(each, _)| each),
            severity,
            action: text(&document.action),
            message: message.map(Arc::new),
            runbook: text(&document.runbook),
            cite: texts(document.cite.as_ref()),
            controls: texts(controls),
            place: self.source.position(place.start),
            end: self.source.position(place.end),
        })
    }

    /// An id, in kebab-case.
    pub(super) fn id(&mut self, id: &Text, what: &str) {
        let text = id.as_str();
        let part = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        if !text.split('-').all(part) {
            let message = format!("`{text}` cannot be the id of {what}");
            let help = "write it in kebab-case, such as `error-spike`";
            self.error(
                Code::BadName,
                id.span,
                message,
                "small letters, digits and single `-`",
                help,
            );
        }
    }

    /// The items of a `for_each`, and the scope in which one of them has its name.
    fn for_each(
        &mut self,
        each: &ForEachDocument,
        context: &Context<'_>,
    ) -> Option<(ForEach, Scope)> {
        let (items, ty) = self.items(each, context)?;
        let mut scope = context.scope.clone();
        let name = each.name.as_str();
        if scope.get(name).is_some() || RESERVED.contains(&name) || crate::expr::is_reserved(name) {
            let message = format!("`{name}` is already a name");
            let help = "choose another name for the item";
            let mut problem = Problem::new(Code::NameClash, message).help(help);
            problem = problem.at(self.source, each.name.span, "taken");
            if let Some(first) = self.declared.place(name, Code::NameClash) {
                problem = problem.at(self.source, first, "first");
            }
            self.problems.push(problem);
        }
        let slot = context.item_slot;
        let item = Variable {
            slot,
            ty,
            unit: None,
            values: None,
        };
        scope.declare(name, Binding::Slot(item));
        Some((items, scope))
    }

    fn items(&mut self, each: &ForEachDocument, context: &Context<'_>) -> Option<(ForEach, Type)> {
        match &each.items {
            ItemsDocument::Listed(texts) => {
                if texts.is_empty() {
                    let help = "list at least one item";
                    self.error(
                        Code::BadValue,
                        each.name.span,
                        "`for_each` over nothing",
                        "an empty list",
                        help,
                    );
                }
                self.distinct(texts, "item", str::to_owned);
                let items = texts
                    .iter()
                    .map(|text| Value::String(Arc::from(text.as_str())))
                    .collect();
                Some((
                    ForEach {
                        items: Items::Listed(items),
                    },
                    Type::String,
                ))
            }
            ItemsDocument::Expression(text) => {
                match compile(text.as_str(), &context.scope, Expect::Iterable) {
                    Ok(compiled) => {
                        let ty = match compiled.ty() {
                            Type::List(item) => item.as_ref().clone(),
                            Type::Map(key, _) => key.as_ref().clone(),
                            _ => Type::Dyn,
                        };
                        Some((
                            ForEach {
                                items: Items::Expression(Arc::new(compiled)),
                            },
                            ty,
                        ))
                    }
                    Err(mistakes) => {
                        self.mistakes(text, mistakes);
                        None
                    }
                }
            }
        }
    }

    pub(super) fn severity(&mut self, text: &Text, severities: &[Severity]) -> Option<usize> {
        let found = severities
            .iter()
            .position(|severity| severity.id.as_ref() == text.as_str());
        if found.is_none() {
            self.unknown(
                Code::UnknownSeverity,
                text,
                "severity",
                severities.iter().map(|severity| severity.id.as_ref()),
            );
        }
        found
    }

    fn hold(
        &mut self,
        document: &RuleDocument,
        bake: Option<&Lasting>,
        baked: bool,
        stage: Option<Span>,
    ) -> Option<Hold> {
        let text = document.hold.as_ref()?;
        if text.as_str() != "bake" {
            if nearest(text.as_str(), ["bake"]).is_some() {
                let message = format!("`{}` is not a duration", text.as_str());
                let help = "did you mean `bake`?";
                self.error(
                    Code::BadDuration,
                    text.span,
                    message,
                    "not a duration",
                    help,
                );
                return None;
            }
            return self.duration(text).map(Hold::For);
        }
        if !baked {
            let message = format!(
                "`for: bake` of `{}` in a stage without a bake time",
                document.id.as_str()
            );
            let help = "give the stage a `bake`, or write how long: `for: 24h`";
            let mut problem = Problem::new(Code::NoBake, message).help(help);
            problem = problem.at(self.source, text.span, "how long is that?");
            if let Some(stage) = stage {
                problem = problem.at(self.source, stage, "this stage has no `bake`");
            }
            self.problems.push(problem);
        }
        bake.cloned().map(Hold::Bake)
    }

    fn missing(&mut self, document: &RuleDocument) -> OnMissing {
        let Some(text) = &document.missing else {
            return OnMissing::Block;
        };
        if document.effect == Effect::Require {
            let help = "remove it: a requirement that is unknown is never a go";
            self.error(
                Code::BadValue,
                text.span,
                "`missing` is for `hold` and `rollback`",
                "under `require`",
                help,
            );
        }
        match text.as_str() {
            "ignore" => OnMissing::Ignore,
            "fire" => OnMissing::Fire,
            other => {
                let message = format!("`missing: {other}` means nothing");
                let help = "write `ignore` or `fire`; without it unknown is a no-go";
                self.error(
                    Code::BadValue,
                    text.span,
                    message,
                    "neither `ignore` nor `fire`",
                    help,
                );
                OnMissing::Block
            }
        }
    }

    fn on_unmet(&mut self, document: &RuleDocument) -> bool {
        let Some(text) = &document.on_unmet else {
            return false;
        };
        if document.effect != Effect::Require {
            let help = "remove it, or move the rule under `require`";
            self.error(
                Code::BadValue,
                text.span,
                "`on_unmet` is for `require`",
                "under a stop",
                help,
            );
        }
        if text.as_str() != "rollback" {
            let message = format!("`on_unmet: {}` means nothing", text.as_str());
            self.error(
                Code::BadValue,
                text.span,
                message,
                "not `rollback`",
                "write `on_unmet: rollback`, or remove it",
            );
        }
        text.as_str() == "rollback"
    }

    fn latch(&mut self, document: &RuleDocument) -> bool {
        let stops = document.effect == Effect::Rollback || document.on_unmet.is_some();
        if document.latch.is_some() && !stops {
            let help = "remove it: only a hard stop stays fired";
            let message = "`latch` is for `rollback`, and for `require` with `on_unmet: rollback`";
            self.error(
                Code::BadValue,
                document.id.span,
                message,
                "this rule never latches",
                help,
            );
        }
        stops && document.latch.unwrap_or(true)
    }
}
