//! From a document to a policy: every name, type, unit and duration checked, every problem reported at its place.
//! The only maker of a [`Policy`]; never evaluates a rule.

mod attached;
mod calendars;
mod checkpoints;
mod declared;
mod due;
mod from;
mod inherit;
mod inputs;
mod levels;
mod names;
mod needs;
mod params;
mod people;
mod process;
mod proofs;
mod quorum;
mod rules;
mod stages;
mod tables;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;

pub(crate) use names::identifier;

use self::calendars::Calendars;
use self::declared::Declared;
use super::decode::Text;
use super::document::{self, PolicyDocument, RuleDocument};
use super::{Policy, Severity};
use crate::expr::duration::{advice, parse_duration};
use crate::expr::{Compiled, Mistake, Scope};
use crate::snapshot::layout::Derived;
use crate::source::problem::nearest;
use crate::source::{Code, Label, Problem, Problems, Source, Span};

/// Parameters set from outside, by name: texts as they were given.
pub type Settings = BTreeMap<String, String>;

/// How long a value stays good where nobody says: five minutes, as Prometheus looks back.
const DEFAULT_MAX_AGE: SignedDuration = SignedDuration::from_secs(300);

/// Reads and checks a policy: all its problems, and the policy if none of them is an error.
#[must_use]
pub fn check(source: &Source, settings: &Settings) -> (Option<Policy>, Vec<Problem>) {
    let (checked, problems) = in_full(source, settings);
    (checked.map(|checked| checked.policy), problems)
}

/// The conditions of rules, by their place and by that of the `for_each` they stand under.
pub(crate) type Conditions = BTreeMap<(Span, Option<Span>), Option<Arc<Compiled>>>;

/// A policy with what it was made from.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) document: PolicyDocument,
    pub(crate) policy: Policy,
    /// The rules of each stage of the policy as written, those taken over included.
    pub(super) rules: Vec<Vec<Arc<RuleDocument>>>,
    /// What the names of its expressions stand for.
    pub(crate) scope: Scope,
    /// Its conditions.
    pub(crate) conditions: Conditions,
}

/// The same, and where nothing is wrong what the policy was made from.
pub(crate) fn in_full(source: &Source, settings: &Settings) -> (Option<Checked>, Vec<Problem>) {
    let (document, problems) = document::read(source);
    written(source, document, problems, settings)
}

/// The same of a policy that was read before, and may have been changed since: its places stay those of the source.
pub(crate) fn again(
    source: &Source,
    document: PolicyDocument,
    settings: &Settings,
) -> Option<Policy> {
    let (checked, _) = written(source, Some(document), Problems::default(), settings);
    checked.map(|checked| checked.policy)
}

fn written(
    source: &Source,
    document: Option<PolicyDocument>,
    problems: Problems,
    settings: &Settings,
) -> (Option<Checked>, Vec<Problem>) {
    let declared = document.as_ref().map(Declared::of).unwrap_or_default();
    let mut checker = Checker {
        source,
        problems,
        declared,
        rules: Vec::new(),
        scope: Scope::new(),
        conditions: Conditions::new(),
    };
    let policy = document
        .as_ref()
        .and_then(|document| checker.policy(document, settings));
    let mut problems = checker.problems.finish();
    tidy(source, &mut problems);
    let right = !crate::source::problem::any_error(&problems);
    let checked = document
        .zip(policy.filter(|_| right))
        .map(|(document, policy)| Checked {
            document,
            policy,
            rules: checker.rules,
            scope: checker.scope,
            conditions: checker.conditions,
        });
    (checked, problems)
}

/// In the order of their places, none twice: an inherited rule is wrong in one place only.
pub(super) fn tidy(source: &Source, problems: &mut Vec<Problem>) {
    // What YAML cut or did not follow is no text of the author's: nothing more is said of it.
    let lost =
        |problem: &Problem| matches!(problem.code, Code::YamlAlias | Code::UnquotedExpression);
    let here = |label: &&Label| label.source.is(source);
    let place = |problem: &Problem| problem.labels.first().filter(here).map(|label| label.span);
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
        let file = label.filter(|label| !here(label));
        (
            // What stands in a file that the policy names comes behind what stands in it.
            file.map(|label| Arc::clone(label.source.name())),
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
    declared: Declared,
    /// The rules of each stage so far, as written.
    rules: Vec<Vec<Arc<RuleDocument>>>,
    /// What the names of expressions stand for, once all are declared.
    scope: Scope,
    /// The conditions of rules, once they are checked.
    conditions: Conditions,
}

impl Checker<'_> {
    /// Whether a key in this part is told to be misspelt or out of place: what is missing may be what it says.
    fn blamed(&self, part: Span) -> bool {
        self.problems.list().iter().any(|problem| {
            let inside = |label: &Label| {
                let here = label.source.is(self.source);
                here && part.start <= label.span.start && label.span.end <= part.end
            };
            matches!(
                problem.code,
                Code::UnknownKey | Code::WrongKind | Code::MissingKey | Code::YamlAlias
            ) && problem.labels.first().is_some_and(inside)
        })
    }

    fn policy(&mut self, document: &PolicyDocument, settings: &Settings) -> Option<Policy> {
        let max_age = document
            .data
            .max_age
            .as_ref()
            .and_then(|text| self.duration(text))
            .unwrap_or(DEFAULT_MAX_AGE);
        let (layout, tables) = self.layout(document, max_age);
        let params = self.params(document, settings);
        let mut calendars = self.calendars(document);
        let roles = self.roles(document);
        let severities = self.severities(document, &calendars);
        let item_slot = layout.len();
        let tables = self.tables(document, tables);
        let scope = self.scope(document, &layout, &params, tables);
        self.closed(document, &scope, &mut calendars);
        let mut context = rules::Context {
            document,
            scope,
            layout: &layout,
            item_slot,
            severities: &severities,
            roles: roles.as_deref(),
            calendars: &calendars,
            compiled: BTreeMap::new(),
            stage: None,
        };
        let mut stages = self.stages(document, &mut context);
        let process = self.process(&mut stages, &mut context);
        self.scope = context.scope;
        self.conditions = context.compiled;
        self.levels(document);
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
            digest: attached::digest_of(self.source, document),
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
            roles,
            severities,
            escalation: process.escalation,
            rollback_plan: process.rollback_plan,
            after: process.after,
            calendars: calendars
                .into_iter()
                .filter_map(|known| known.calendar)
                .collect(),
            stages,
            item_slot,
            windows: self.scope.registered(),
            named: document
                .lets
                .iter()
                .map(|(name, text)| {
                    let place = self.source.position(text.span.start);
                    (Arc::from(identifier(name.as_str())), place)
                })
                .collect(),
        })
    }

    fn severities(&mut self, document: &PolicyDocument, calendars: &Calendars) -> Vec<Severity> {
        let mut severities: Vec<Severity> = Vec::new();
        for (index, written) in document.severities.iter().enumerate() {
            self.filled(&written.id, "the id of a severity");
            let mut earlier = document.severities.iter().take(index);
            if let Some(first) = earlier.find(|first| first.id.as_str() == written.id.as_str()) {
                let message = format!("two severities `{}`", written.id.as_str());
                let problem = Problem::new(Code::DuplicateId, message)
                    .help("give each its own id")
                    .at(self.source, written.id.span, "second")
                    .at(self.source, first.id.span, "first");
                self.problems.push(problem);
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
                    .and_then(|written| self.lasting(written, calendars, Self::time)),
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
            Err(_) => {
                let message = format!("`{}` is not a duration", text.as_str());
                let help = advice(text.as_str());
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
        for mut mistake in mistakes {
            let span = text.scalar.locate(mistake.range.start, mistake.range.end);
            let mut problem =
                Problem::new(mistake.code, mistake.message).at(self.source, span, mistake.label);
            if let Some((message, help)) = hidden(text, mistake.code, &mistake.range) {
                problem.message = message;
                mistake.help = Some(help);
            }
            problem.help = mistake
                .help
                .or_else(|| otherwise(mistake.code).map(str::to_owned));
            for name in &mistake.names {
                if let Some(place) = self.declared.place(name, mistake.code) {
                    problem = problem.at(self.source, place, format!("`{name}` is declared here"));
                }
            }
            self.problems.push(problem);
        }
    }
}

/// What is said of a name that is known elsewhere in the policy.
fn hidden(text: &Text, code: Code, range: &std::ops::Range<usize>) -> Option<(String, String)> {
    let word = text.as_str().get(range.clone())?;
    let word = word
        .split('.')
        .next()
        .filter(|_| code == Code::UnknownInput)?;
    let derived = Derived::ALL.iter().find(|known| known.name() == word)?;
    let message = format!("`{word}` is not known here");
    let help = match derived {
        Derived::Data => "only `where` of `evidence` sees the `data` of a record",
        _ => "only rows of `escalation` see what becomes of rules: a rule never does",
    };
    Some((message, help.to_owned()))
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
