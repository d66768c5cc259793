//! From a document to a policy: every name, type, unit and duration checked, every problem reported at its place.
//! The only maker of a [`Policy`]; never evaluates a rule.

mod inherit;
mod inputs;
mod names;
mod params;
mod rules;
mod stages;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;

use super::decode::Text;
use super::document::{self, PolicyDocument};
use super::{Policy, Severity};
use crate::expr::Mistake;
use crate::expr::duration::parse_duration;
use crate::source::problem::nearest;
use crate::source::{Code, Problem, Problems, Source, Span};
use crate::verdict::record::digest;

/// Parameters set from outside, by name: texts as they were given.
pub type Settings = BTreeMap<String, String>;

/// How long a value stays good where nobody says: five minutes, as Prometheus looks back.
const DEFAULT_MAX_AGE: SignedDuration = SignedDuration::from_secs(300);

/// Reads and checks a policy: all its problems, and the policy if none of them is an error.
#[must_use]
pub fn check(source: &Source, settings: &Settings) -> (Option<Policy>, Vec<Problem>) {
    let (document, problems) = document::read(source);
    let mut checker = Checker { source, problems };
    let policy = document.and_then(|document| checker.policy(&document, settings));
    let mut problems = checker.problems.finish();
    tidy(&mut problems);
    let policy = policy.filter(|_| !crate::source::problem::any_error(&problems));
    (policy, problems)
}

/// In the order of their places, none twice: an inherited rule is wrong in one place only.
fn tidy(problems: &mut Vec<Problem>) {
    // What YAML cut or did not follow is no text of the author's: nothing more is said of it.
    let lost =
        |problem: &Problem| matches!(problem.code, Code::YamlAlias | Code::UnquotedExpression);
    let place = |problem: &Problem| problem.labels.first().map(|label| label.span);
    let spans: Vec<Span> = problems
        .iter()
        .filter(|problem| lost(problem))
        .filter_map(place)
        .collect();
    let inside = |span: Span| {
        spans
            .iter()
            .any(|lost| lost.start <= span.start && span.end <= lost.end)
    };
    problems.retain(|problem| lost(problem) || !place(problem).is_some_and(inside));
    let key = |problem: &Problem| {
        let label = problem.labels.first();
        (
            label.map_or(usize::MAX, |label| label.span.start),
            problem.code,
            problem.message.clone(),
        )
    };
    problems.sort_by_key(key);
    problems.dedup_by(|a, b| key(a) == key(b));
}

/// Collects the problems of one policy.
struct Checker<'s> {
    source: &'s Source,
    problems: Problems,
}

impl Checker<'_> {
    fn policy(&mut self, document: &PolicyDocument, settings: &Settings) -> Option<Policy> {
        let max_age = document
            .data
            .max_age
            .as_ref()
            .and_then(|text| self.duration(text))
            .unwrap_or(DEFAULT_MAX_AGE);
        let layout = self.layout(document, max_age);
        let params = self.params(document, settings);
        let severities = self.severities(document);
        let item_slot = layout.len();
        let scope = self.scope(document, &layout, &params);
        let mut context = rules::Context {
            scope,
            item_slot,
            severities: &severities,
            compiled: BTreeMap::new(),
        };
        let stages = self.stages(document, &mut context);
        let name = document.name.as_ref()?;
        if name.as_str().trim().is_empty() {
            let help = "name the policy after what it guards, such as `name: canary`";
            self.error(
                Code::BadName,
                name.span,
                "the name of the policy is empty",
                "no name",
                help,
            );
        }
        Some(Policy {
            name: Arc::from(name.as_str()),
            path: Arc::clone(self.source.name()),
            digest: digest(self.source.text().as_bytes()),
            unset: params
                .iter()
                .filter(|(_, param)| param.value.is_none())
                .map(|(name, _)| Arc::clone(name))
                .collect(),
            params: params
                .into_iter()
                .filter_map(|(name, param)| Some((name, param.value?)))
                .collect(),
            layout,
            severities,
            stages,
            item_slot,
        })
    }

    fn severities(&mut self, document: &PolicyDocument) -> Vec<Severity> {
        let mut severities: Vec<Severity> = Vec::new();
        for written in &document.severities {
            if severities
                .iter()
                .any(|severity| severity.id.as_ref() == written.id.as_str())
            {
                let message = format!("two severities `{}`", written.id.as_str());
                self.error(
                    Code::DuplicateId,
                    written.id.span,
                    message,
                    "given before",
                    "give each its own id",
                );
                continue;
            }
            let told = written
                .notify
                .iter()
                .chain(written.then.iter().flat_map(|next| &next.notify));
            for role in told {
                self.role(document, role);
            }
            let names =
                |roles: &[Text]| roles.iter().map(|role| Arc::from(role.as_str())).collect();
            severities.push(Severity {
                id: Arc::from(written.id.as_str()),
                respond_within: written
                    .respond_within
                    .as_ref()
                    .and_then(|text| self.time(text)),
                notify: names(&written.notify),
                then: written
                    .then
                    .iter()
                    .filter_map(|next| Some((self.duration(&next.after)?, names(&next.notify))))
                    .collect(),
            });
        }
        severities
    }

    /// A role that must be listed, where the policy lists any.
    fn role(&mut self, document: &PolicyDocument, role: &Text) {
        let Some(roles) = &document.roles else { return };
        let known = || roles.iter().map(|role| role.name.as_str());
        if !known().any(|name| name == role.as_str()) {
            self.unknown(Code::UnknownRole, role, "role", known());
        }
    }

    /// A duration that is longer than nothing.
    fn duration(&mut self, text: &Text) -> Option<SignedDuration> {
        let duration = self.time(text)?;
        if duration.is_positive() {
            return Some(duration);
        }
        let message = format!("`{}` is no time at all", text.as_str());
        self.error(
            Code::BadDuration,
            text.span,
            message,
            "must be longer than 0",
            "write a duration such as 10m",
        );
        None
    }

    /// A duration, nothing included.
    fn time(&mut self, text: &Text) -> Option<SignedDuration> {
        match parse_duration(text.as_str()) {
            Ok(duration) if !duration.is_negative() => Some(duration),
            Ok(_) => {
                let message = format!("`{}` is before now", text.as_str());
                self.error(
                    Code::BadDuration,
                    text.span,
                    message,
                    "less than 0",
                    "write a duration such as 10m",
                );
                None
            }
            Err(told) => {
                let message = format!("`{}` is not a duration", text.as_str());
                // The message says the first half already.
                let help = told
                    .strip_prefix(&format!("{message}: "))
                    .unwrap_or(&told)
                    .to_owned();
                self.error(
                    Code::BadDuration,
                    text.span,
                    message,
                    "not a duration",
                    help,
                );
                None
            }
        }
    }

    fn error(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        label: &str,
        help: impl Into<String>,
    ) {
        self.problems.push(
            Problem::new(code, message)
                .help(help)
                .at(self.source, span, label),
        );
    }

    /// A name that is not among those there are.
    fn unknown<'k>(
        &mut self,
        code: Code,
        text: &Text,
        what: &str,
        known: impl Iterator<Item = &'k str>,
    ) {
        let known: Vec<&str> = known.collect();
        let help = match nearest(text.as_str(), known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => format!("the policy lists no {what}"),
            None => format!("there are {}", known.join(", ")),
        };
        let message = format!("there is no {what} `{}`", text.as_str());
        self.error(code, text.span, message, "not listed", help);
    }

    /// The mistakes of an expression, at their places in the file.
    fn mistakes(&mut self, text: &Text, mistakes: Vec<Mistake>) {
        for mistake in mistakes {
            let span = text.scalar.locate(mistake.range.start, mistake.range.end);
            let mut problem =
                Problem::new(mistake.code, mistake.message).at(self.source, span, mistake.label);
            problem.help = mistake
                .help
                .or_else(|| otherwise(mistake.code).map(str::to_owned));
            self.problems.push(problem);
        }
    }
}

/// What to do where a mistake itself does not say.
fn otherwise(code: Code) -> Option<&'static str> {
    match code {
        Code::ExpressionSyntax => Some("complete the expression, or take out what stands alone"),
        Code::UnknownFunction => {
            Some("write a function of CEL, such as `size`, `contains` or `startsWith`")
        }
        _ => None,
    }
}
