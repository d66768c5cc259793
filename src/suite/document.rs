//! A suite as it was written: every key with its place, each test by itself, so that one that is wrong stops no other. Never
//! whether there is such a rule, a snapshot or a file.

mod fill;
mod hole;
mod item;
mod matrix;
mod series;
mod taken;
mod test;
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::policy::decode::{Decoder, Fields, Text};
use crate::snapshot::Format;
use crate::source::tree::{Datum, Kind, Node, Scalar};
use crate::source::{Code, Problem, Source, Span, json, yaml};

/// A suite as written.
#[derive(Clone, Debug)]
pub struct SuiteDocument {
    /// Its text.
    pub source: Source,
    /// The policy it tests: a path, from where the suite lies.
    pub policy: Option<Text>,
    /// Snapshots by name.
    pub snapshots: Vec<(Text, Vec<GivenDocument>)>,
    /// Its tests in order; one with a matrix stands here once for each of its rows.
    pub tests: Vec<TestDocument>,
    /// All texts of tests that are wrong: what they name may be what they would be given.
    pub doubtful: BTreeSet<String>,
}

/// Snapshots that are given.
#[derive(Clone, Debug)]
pub enum GivenDocument {
    /// By a name or, among a suite's `snapshots`, a path.
    Named(Text),
    /// Written out: one snapshot.
    Inline(Node),
}

impl GivenDocument {
    /// The name or the path, where it is one.
    #[must_use]
    pub fn named(&self) -> Option<&Text> {
        match self {
            Self::Named(name) => Some(name),
            Self::Inline(_) => None,
        }
    }
}

/// A test as written.
#[derive(Clone, Debug)]
pub struct TestDocument {
    /// Its name, with the values of its row where it has a matrix: `the limit itself [rate=0.05]`.
    pub name: String,
    /// Where its name stands.
    pub span: Span,
    /// Where the row of its matrix stands, if it has one.
    pub row: Option<Span>,
    /// What is known.
    pub given: Vec<GivenDocument>,
    /// What it is compared with: histories of their own, by the name of the baseline.
    pub baselines: Vec<(Text, Vec<GivenDocument>)>,
    /// The stage to judge.
    pub stage: Option<Text>,
    /// Parameters that are set.
    pub set: BTreeMap<String, (String, Span)>,
    /// What is other in every sample.
    pub patch: Option<Node>,
    /// Values in place of the ends of metrics.
    pub series: Option<SeriesDocument>,
    /// The instant of the verdict.
    pub now: Option<Timestamp>,
    /// By how much the whole history is moved.
    pub shift: Option<SignedDuration>,
    /// What is set aside.
    pub waivers: Option<WaiversDocument>,
    /// What must come of it; none: nothing is said, which is an error that has been told.
    pub expect: Option<Node>,
    /// What is wrong with it: then it does not run, and the others do.
    pub problems: Vec<Problem>,
}

impl TestDocument {
    /// A test of this name, which stands there, and that says nothing else.
    fn blank(name: String, span: Span) -> Self {
        Self {
            name,
            span,
            row: None,
            given: Vec::new(),
            baselines: Vec::new(),
            stage: None,
            set: BTreeMap::new(),
            patch: None,
            series: None,
            now: None,
            shift: None,
            waivers: None,
            expect: None,
            problems: Vec::new(),
        }
    }
}

/// Waivers of a test.
#[derive(Clone, Debug)]
pub enum WaiversDocument {
    /// A file.
    Path(Text),
    /// Written out.
    Inline(Node),
}

/// `series` as written.
#[derive(Clone, Debug)]
pub struct SeriesDocument {
    /// Where it stands.
    pub span: Span,
    /// The time from one sample to the next.
    pub every: SignedDuration,
    /// The values of each metric, or part of one (`incidents.P0`), the last of which stands at the end of the history.
    pub metrics: Vec<(Text, Vec<Run>)>,
}

/// Some samples in a row.
#[derive(Clone, Debug)]
pub struct Run {
    /// How many.
    pub samples: usize,
    /// What they say.
    pub what: Told,
    /// Where it is written.
    pub span: Span,
}

/// What samples of a series say of a metric.
#[derive(Clone, Debug)]
pub enum Told {
    /// This value.
    Value(Node),
    /// Numbers from one to another, both included, as far from each other.
    Ramp(f64, f64),
    /// That it is missing.
    Missing,
    /// Nothing: where every series of a test says so there is no sample.
    Nothing,
}

/// Reads a suite. Only a text that is no map gives no document; what is wrong with one test stands with it.
#[must_use]
pub fn read(source: &Source, format: Format) -> (Option<SuiteDocument>, Vec<Problem>) {
    let (nodes, problems): (Vec<Node>, Vec<Problem>) = if format == Format::Json {
        let (node, problems) = json::parse(source);
        (node.into_iter().collect(), problems)
    } else {
        yaml::parse(source)
    };
    let mut d = Decoder::new(source);
    let mut problems = problems;
    if let Some(second) = nodes.get(1) {
        let (message, label) = ("a suite is one document", "a second one begins here");
        let span = second.first_key().unwrap_or(second.span);
        d.at(Code::WrongKind, span, message, label, "remove `---`");
    }
    let document = nodes.first().and_then(|node| {
        if let Some(mistake) = taken::other(source, node) {
            d.report(mistake);
            return None;
        }
        suite(&mut d, node, &mut problems)
    });
    let mut all = problems;
    all.extend(d.problems.finish());
    (document, all)
}

/// The fields of a suite; of `problems`, what stands in a test goes with that test.
fn suite(d: &mut Decoder<'_>, node: &Node, problems: &mut Vec<Problem>) -> Option<SuiteDocument> {
    let node = &taken::without_include(d, node);
    let mut f = d.fields(node, "a suite")?;
    version(d, &mut f);
    let policy = d.required(&mut f, "policy");
    if let Some(policy) = &policy {
        taken::suite_as(d, policy, "policy");
    }
    let snapshots = match f.get("snapshots") {
        Some(node) => d.entries(node, "snapshots"),
        None => Vec::new(),
    };
    let snapshots: Vec<(Text, Vec<GivenDocument>)> = snapshots
        .into_iter()
        .map(|(name, node)| (name, test::given(d, node, "snapshots")))
        .collect();
    for (_, given) in &snapshots {
        for path in given.iter().filter_map(GivenDocument::named) {
            taken::suite_as(d, path, "snapshots");
        }
    }
    let mut doubtful = BTreeSet::new();
    let tests = match f.get("tests") {
        None => {
            d.missing(&f, "tests", "tests: [{name: …, given: …, expect: …}]");
            Vec::new()
        }
        Some(node) => {
            let items = d.items(node, "tests");
            if matches!(node.kind, Kind::List(_)) {
                d.not_empty(node, "tests");
            }
            tests::tests(d, items, problems, &mut doubtful)
        }
    };
    d.finish(&f);
    Some(SuiteDocument {
        source: d.source.clone(),
        policy,
        snapshots,
        tests,
        doubtful,
    })
}

fn version(d: &mut Decoder<'_>, f: &mut Fields<'_>) {
    match f.get("gonogo") {
        None => d.missing(f, "gonogo", "gonogo: 1"),
        Some(node) if node.scalar().map(Scalar::datum) == Some(Datum::Int(1)) => {}
        Some(node) => d.at(
            Code::BadVersion,
            node.span,
            "this is not a suite of version 1",
            "expected 1",
            "write `gonogo: 1`, or use the version of gonogo the suite was written for",
        ),
    }
}

/// Whether a node is a map.
fn is_map(node: &Node) -> bool {
    matches!(node.kind, Kind::Map(_))
}
