//! Where a search begins: what an existing test gives, in the words of a test, with what is known at its verdict. It
//! changes nothing.

use jiff::{SignedDuration, Timestamp};

use super::flow::Flow;
use crate::evaluate::{Outcome, Subject};
use crate::expr::value::Value;
use crate::policy::Policy;
use crate::snapshot::layout::Context;
use crate::snapshot::{Facts, Format};
use crate::source::Source;
use crate::suite::bound::{Case, Suite};
use crate::suite::document::{
    GivenDocument, SeriesDocument, TestDocument, Told, WaiversDocument, read,
};
use std::sync::Arc;

/// What a test gives without its changes, or with them.
pub(super) struct Ground<'s> {
    pub(super) suite: &'s Suite,
    /// The test that gives it.
    pub(super) like: Case,
    /// The same in words, without a name and expectations.
    pub(super) test: Flow,
    pub(super) policy: &'s Policy,
    /// The stage it judges.
    pub(super) stage: Arc<str>,
    /// The instant of its verdict.
    pub(super) now: Timestamp,
    /// When its stage was entered.
    pub(super) entered: Option<Timestamp>,
    /// When its first sample was taken.
    pub(super) first: Option<Timestamp>,
    /// What is known then, with the windows of the rule it is sought for.
    pub(super) slots: Vec<Value>,
    /// What was run and said.
    pub(super) facts: Arc<Facts>,
}

impl<'s> Ground<'s> {
    /// A test in words, bound as another one that is given the same; none where it cannot be judged.
    pub(super) fn new(suite: &'s Suite, like: &Case, test: Flow, rule: &str) -> Option<Self> {
        let trial = trial(suite, like, &test)?;
        let fixture = trial.fixture(trial.cases.first()?).ok()?;
        let (_, policy) = suite.policies.get(fixture.policy)?;
        let (question, judgement) = fixture.judge(policy).ok()?;
        let mut slots = judgement.world.slots().to_vec();
        let own = judgement.outcomes.iter().filter(|one| is_of(one, rule));
        for (slot, value) in own.flat_map(|outcome| &outcome.windows) {
            if let Some(held) = slots.get_mut(*slot) {
                *held = value.clone();
            }
        }
        let first = fixture.history.times().first().copied();
        let entered = judgement.world.context(Context::StageEntered);
        let entered = match entered {
            Value::Timestamp(at) => at.timestamp(),
            _ => None,
        };
        let (stage, now) = (Arc::clone(&question.stage.name), question.now);
        let facts = Arc::clone(&judgement.facts);
        Some(Self {
            suite,
            like: like.clone(),
            test,
            policy,
            stage,
            now,
            entered,
            first,
            slots,
            facts,
        })
    }

    /// How long before the verdict its first sample lies.
    pub(super) fn reach(&self) -> SignedDuration {
        self.first
            .map_or(SignedDuration::ZERO, |first| self.now.duration_since(first))
    }
}

/// A test in words, that is given what another one of its suite is; none where something is wrong with it.
pub(super) fn trial(suite: &Suite, like: &Case, test: &Flow) -> Option<Suite> {
    let mut test = test.clone();
    for (key, value) in [
        ("name", Flow::text("a")),
        ("expect", Flow::one("verdict", Flow::text("go"))),
    ] {
        if test.get(key).is_none() {
            test.put(&[key.to_owned()], value);
        }
    }
    let text = format!("gonogo: 1\npolicy: policy.yaml\ntests:\n  - {test}\n");
    let source = Source::new(Arc::clone(&suite.file), text);
    let (document, problems) = read(&source, Format::Yaml);
    if !problems.is_empty() {
        return None;
    }
    let test = document?.tests.into_iter().next()?;
    test.problems
        .is_empty()
        .then(|| suite.trial(like, &source, test))
}

fn is_of(outcome: &Outcome<'_>, rule: &str) -> bool {
    matches!(&outcome.of, Subject::Rule(one, _) if one.id.as_ref() == rule)
}

/// What a test says it is given, without its changes; with `changed`, with them.
pub(super) fn words(test: &TestDocument, changed: bool) -> Flow {
    let mut words = Vec::new();
    let mut add = |key: &str, value: Flow| words.push((key.to_owned(), value));
    add("given", given(&test.given));
    if !test.baselines.is_empty() {
        let each = test.baselines.iter();
        let each = each.map(|(name, of)| (name.as_str().to_owned(), given(of)));
        add("baseline", Flow::Map(each.collect()));
    }
    if let Some(stage) = &test.stage {
        add("stage", Flow::text(stage.as_str()));
    }
    if !test.set.is_empty() {
        let each = test.set.iter();
        let each = each.map(|(name, (value, _))| (name.clone(), Flow::text(value)));
        add("set", Flow::Map(each.collect()));
    }
    if changed && let Some(patch) = &test.patch {
        add("patch", Flow::of(patch));
    }
    if changed && let Some(series) = test.series.as_ref().and_then(series) {
        add("series", series);
    }
    if let Some(now) = test.now {
        add("now", Flow::plain(now.to_string()));
    } else if changed && let Some(shift) = test.shift {
        add(
            "shift",
            Flow::plain(crate::expr::duration::format_duration(shift)),
        );
    }
    match &test.waivers {
        Some(WaiversDocument::Path(path)) => add("waivers", Flow::text(path.as_str())),
        Some(WaiversDocument::Inline(node)) => add("waivers", Flow::of(node)),
        None => {}
    }
    Flow::Map(words)
}

fn given(given: &[GivenDocument]) -> Flow {
    let one = |given: &GivenDocument| match given {
        GivenDocument::Named(name) => Flow::text(name.as_str()),
        GivenDocument::Inline(node) => Flow::of(node),
    };
    match given {
        [only] => one(only),
        _ => Flow::List(given.iter().map(one).collect()),
    }
}

fn series(series: &SeriesDocument) -> Option<Flow> {
    let every = crate::expr::duration::format_duration(series.every);
    let mut words = vec![("every".to_owned(), Flow::plain(every))];
    for (name, runs) in &series.metrics {
        let items: Option<Vec<Flow>> = runs
            .iter()
            .map(|run| {
                let samples = run.samples;
                let text = match &run.what {
                    Told::Value(node) => {
                        let value = match Flow::of(node) {
                            Flow::Text(text) => format!("\"{text}\""),
                            other => other.to_string(),
                        };
                        format!("{value}*{samples}")
                    }
                    Told::Ramp(from, to) => {
                        let (from, to) = (super::flow::number(*from)?, super::flow::number(*to)?);
                        format!("{from}..{to}/{samples}")
                    }
                    Told::Missing => format!("_*{samples}"),
                    Told::Nothing => format!("x*{samples}"),
                };
                Some(Flow::text(text))
            })
            .collect();
        words.push((name.as_str().to_owned(), Flow::List(items?)));
    }
    Some(Flow::Map(words))
}
