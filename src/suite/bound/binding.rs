//! The binding of one test after another: what an earlier one has read or checked already is shared. Never what is wrong
//! with a test that has been told.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::shared::{Compared, Stretch};
use super::{Case, Given, Suite, settings, waivers};
use crate::policy::Waiver;
use crate::policy::check::Settings;
use crate::policy::decode::Text;
use crate::snapshot::baseline::named;
use crate::snapshot::{Format, History, Reader};
use crate::source::problem::nearest;
use crate::source::{Code, Problem, Severity, Source, Span};
use crate::suite::document::{GivenDocument, TestDocument, WaiversDocument};
use crate::suite::files::{Named, Use};
use crate::suite::fixture::{Shape, strict};

/// A suite whose tests are being bound.
pub(super) struct Binding<'s, 'd> {
    suite: &'s mut Suite,
    /// The snapshots it names.
    named: BTreeMap<&'d str, &'d [GivenDocument]>,
    settings: BTreeMap<Settings, usize>,
    /// By policy: the first one of the same layout.
    layouts: Vec<usize>,
    /// By layout and by what is given; those of one key may be told apart by what stands in them.
    histories: BTreeMap<(usize, Vec<Part<'d>>), Vec<Known<'d>>>,
    stretches: BTreeMap<(usize, Shape), usize>,
    compared: BTreeMap<(usize, usize, usize), usize>,
    waivers: BTreeMap<(usize, &'d str), SetAside>,
}

/// What was given to an earlier test, and the index of its history.
type Known<'d> = (&'d [GivenDocument], usize);

/// The waivers of a file, or what is wrong with them.
type SetAside = Result<Arc<[Waiver]>, Vec<Problem>>;

/// What tells one given thing from another, in short.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part<'d> {
    Name(&'d str),
    /// Where it is written: rows of a matrix may have another one there.
    Place(Span),
}

impl<'s, 'd> Binding<'s, 'd> {
    pub(super) fn new(suite: &'s mut Suite, named: BTreeMap<&'d str, &'d [GivenDocument]>) -> Self {
        Self {
            suite,
            named,
            settings: BTreeMap::from([(Settings::new(), 0)]),
            layouts: vec![0],
            histories: BTreeMap::new(),
            stretches: BTreeMap::new(),
            compared: BTreeMap::new(),
            waivers: BTreeMap::new(),
        }
    }

    /// Binds a test.
    pub(super) fn case(&mut self, test: &'d TestDocument) -> Case {
        let mut case = Case {
            test: test.clone(),
            policy: 0,
            given: 0,
            stretch: None,
            compared: Vec::new(),
            waivers: Arc::from([]),
            problems: test.problems.clone(),
        };
        match self.policed(test) {
            Ok(index) => case.policy = index,
            Err(problems) => case.problems.extend(problems),
        }
        match self.given(&test.given, case.policy) {
            Ok(index) => case.given = index,
            Err(problems) => case.problems.extend(problems),
        }
        for (name, given) in &test.baselines {
            match self.baseline(name, given, case.policy) {
                Ok(index) => case.compared.push(index),
                Err(problems) => case.problems.extend(problems),
            }
        }
        if let Some(document) = &test.waivers {
            match self.set_aside(document, case.policy) {
                Ok(waivers) => case.waivers = waivers,
                Err(problems) => case.problems.extend(problems),
            }
        }
        if let Some(series) = &test.series {
            case.stretch = Some(self.stretch(case.given, Shape::of(series)));
        }
        case
    }

    /// The index of the policy with the parameters a test sets.
    fn policed(&mut self, test: &TestDocument) -> Result<usize, Vec<Problem>> {
        let set = settings::settings(test);
        let index = match self.settings.get(&set) {
            Some(index) => *index,
            None => {
                let suite = &mut *self.suite;
                let policy = settings::policy(&suite.policy, &suite.source, test, &set)?;
                let index = suite.policies.len();
                let same = |(_, known): &(Settings, Arc<crate::policy::Policy>)| {
                    known.layout == policy.layout
                };
                let layout = suite.policies.iter().position(same);
                self.layouts.push(layout.unwrap_or(index));
                suite.policies.push((set.clone(), Arc::new(policy)));
                self.settings.insert(set, index);
                index
            }
        };
        let policy = self.suite.policies.get(index);
        let unset = policy
            .map(|(_, policy)| settings::unset(policy, &self.suite.source, test.span))
            .unwrap_or_default();
        if unset.is_empty() {
            Ok(index)
        } else {
            Err(unset)
        }
    }

    /// The index of the history of what is given.
    fn given(&mut self, given: &'d [GivenDocument], policy: usize) -> Result<usize, Vec<Problem>> {
        let unknown: Vec<Problem> = given.iter().filter_map(|one| self.unknown(one)).collect();
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let layout = self.layouts.get(policy).copied().unwrap_or(policy);
        let part = |one: &'d GivenDocument| match one {
            GivenDocument::Named(name) => Part::Name(name.as_str()),
            GivenDocument::Inline(node) => Part::Place(node.span),
        };
        let key = (layout, given.iter().map(part).collect());
        let known = self.histories.get(&key).into_iter().flatten();
        let mut known = known.filter(|(other, _)| same(given, other));
        let index = match known.next() {
            Some((_, index)) => *index,
            None => {
                let read = self.read(given, layout);
                let index = self.suite.histories.len();
                self.suite.histories.push(Arc::new(read));
                self.histories.entry(key).or_default().push((given, index));
                index
            }
        };
        let problems = self.suite.histories.get(index).map(|given| &given.problems);
        let wrong = problems.into_iter().flatten();
        let wrong = wrong.filter(|problem| problem.severity == Severity::Error);
        let wrong: Vec<Problem> = wrong.cloned().collect();
        if wrong.is_empty() {
            Ok(index)
        } else {
            Err(wrong)
        }
    }

    /// A name of snapshots that the suite does not have.
    fn unknown(&self, one: &GivenDocument) -> Option<Problem> {
        let GivenDocument::Named(name) = one else {
            return None;
        };
        if self.named.contains_key(name.as_str()) {
            return None;
        }
        let near = nearest(name.as_str(), self.named.keys().copied());
        let help = near.map_or_else(
            || "name it in the suite's `snapshots`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("there are no snapshots `{}`", name.as_str());
        let problem = Problem::new(Code::UnknownSnapshot, message).help(help);
        Some(problem.at(&self.suite.source, name.span, "not named"))
    }

    /// The index of a baseline's own history.
    fn baseline(
        &mut self,
        name: &Text,
        given: &'d [GivenDocument],
        policy: usize,
    ) -> Result<usize, Vec<Problem>> {
        let Some((_, bound)) = self.suite.policies.get(policy) else {
            return Err(Vec::new());
        };
        let baseline = named(&bound.layout, name.as_str())
            .map_err(|problem| vec![problem.at(&self.suite.source, name.span, "not declared")])?;
        let live = bound.layout.baselines().get(baseline);
        let live = live.is_some_and(|baseline| baseline.live);
        let history = self.given(given, policy)?;
        let compared = &mut self.suite.compared;
        let index = self.compared.entry((policy, baseline, history));
        Ok(*index.or_insert_with(|| {
            compared.push(Compared::new(policy, (baseline, live), history));
            compared.len().saturating_sub(1)
        }))
    }

    fn set_aside(&mut self, document: &'d WaiversDocument, policy: usize) -> SetAside {
        let suite = &*self.suite;
        let Some((_, bound)) = suite.policies.get(policy) else {
            return Err(Vec::new());
        };
        let read = || waivers::read(&suite.source, &suite.files, document, bound);
        match document {
            WaiversDocument::Path(path) => {
                let known = self.waivers.entry((policy, path.as_str()));
                known.or_insert_with(read).clone()
            }
            WaiversDocument::Inline(_) => read(),
        }
    }

    /// The index of the history with the rows that series add.
    fn stretch(&mut self, given: usize, shape: Shape) -> usize {
        let stretches = &mut self.suite.stretches;
        let index = match self.stretches.get(&(given, shape.clone())) {
            Some(index) => *index,
            None => {
                stretches.push(Stretch::new(given, shape.clone()));
                let index = stretches.len().saturating_sub(1);
                self.stretches.insert((given, shape), index);
                index
            }
        };
        if let Some(stretch) = stretches.get_mut(index) {
            stretch.tests = stretch.tests.saturating_add(1);
        }
        index
    }

    fn read(&self, given: &[GivenDocument], policy: usize) -> Given {
        let layout = self.suite.policies.get(policy);
        let Some(layout) = layout.map(|(_, policy)| &policy.layout) else {
            return Given {
                history: History::default(),
                problems: Vec::new(),
            };
        };
        let mut reader = Reader::new(layout);
        for one in given {
            match one {
                GivenDocument::Inline(node) => reader.snapshot(&self.suite.source, node),
                GivenDocument::Named(name) => {
                    let named = self.named.get(name.as_str()).copied().into_iter();
                    named.flatten().for_each(|one| self.give(&mut reader, one));
                }
            }
        }
        let (history, mut problems) = reader.finish();
        strict(&mut problems, &self.suite.source);
        Given { history, problems }
    }

    fn give(&self, reader: &mut Reader<'_>, one: &GivenDocument) {
        match one {
            GivenDocument::Inline(node) => reader.snapshot(&self.suite.source, node),
            GivenDocument::Named(name) => {
                let (of, path) = (Use::Snapshots, name.as_str().to_owned());
                match self.suite.files.found.get(&Named { of, path }) {
                    Some(Ok(documents)) => {
                        let each = documents.iter();
                        each.for_each(|(source, format): &(Source, Format)| {
                            reader.document(source, *format);
                        });
                    }
                    // Only the tests that are given it cannot run.
                    Some(Err(problem)) => {
                        let problem = problem.clone();
                        reader.problem(problem.at(&self.suite.source, name.span, "named here"));
                    }
                    None => {}
                }
            }
        }
    }
}

/// Whether two tests are given the same.
fn same(one: &[GivenDocument], other: &[GivenDocument]) -> bool {
    let same = |(one, other): (&GivenDocument, &GivenDocument)| match (one, other) {
        (GivenDocument::Named(one), GivenDocument::Named(other)) => one.as_str() == other.as_str(),
        (GivenDocument::Inline(one), GivenDocument::Inline(other)) => one == other,
        _ => false,
    };
    one.len() == other.len() && one.iter().zip(other).all(same)
}
