//! All tests of a suite: those of each matrix, what is wrong with each, names that are there twice. Never lets one that is
//! wrong stop another.

use std::collections::{BTreeMap, BTreeSet};

use super::test::test;
use super::{GivenDocument, TestDocument, matrix};
use crate::policy::decode::Decoder;
use crate::source::problems::MAX_PROBLEMS;
use crate::source::tree::Node;
use crate::source::{Code, Problem, Source, Span};

/// The most tests of a suite.
const MOST: usize = 100_000;

/// The tests of the entries of `tests`; of `problems` of the text, those that stand in an entry go with its tests; the
/// texts of entries that are wrong are kept in `doubtful`.
pub(super) fn tests(
    d: &mut Decoder<'_>,
    items: &[Node],
    problems: &mut Vec<Problem>,
    doubtful: &mut BTreeSet<String>,
) -> Vec<TestDocument> {
    let mut tests = Vec::new();
    let mut left = matrix::MOST;
    let mut inside = inside(items, problems);
    for (index, item) in items.iter().enumerate() {
        let mut of_entry = of_entry(d.source, item, &mut left);
        let text = inside.remove(&index).unwrap_or_default();
        if !text.is_empty() {
            // Told once for all rows, and none of them runs: what is there twice might be what each of them is about.
            of_entry.truncate(1);
            for test in &mut of_entry {
                test.problems.splice(0..0, text.clone());
            }
        }
        if of_entry.iter().any(|test| !test.problems.is_empty()) {
            matrix::scalars(item, &mut |scalar, _| {
                doubtful.insert(scalar.text.clone());
            });
        }
        tests.append(&mut of_entry);
        if tests.len() > MOST {
            let message = format!("a suite has more than {MOST} tests");
            let help = "write several suites";
            d.at(Code::TooLarge, item.span, message, "from here on", help);
            return Vec::new();
        }
    }
    same_names(d.source, &mut tests);
    bounded(&mut tests);
    tests
}

/// A test of which nobody knows what stands in its holes: no more is told of it than that.
fn told(test: TestDocument, problems: Vec<Problem>) -> TestDocument {
    let plain = |given: &GivenDocument| match given {
        GivenDocument::Named(name) => !name.as_str().contains("${"),
        GivenDocument::Inline(_) => false,
    };
    let mut given = test.given;
    given.retain(plain);
    TestDocument {
        row: test.row,
        given,
        problems,
        ..TestDocument::blank(test.name, test.span)
    }
}

/// Takes the problems that stand in an item, by its index.
fn inside(items: &[Node], problems: &mut Vec<Problem>) -> BTreeMap<usize, Vec<Problem>> {
    let mut inside: BTreeMap<usize, Vec<Problem>> = BTreeMap::new();
    problems.retain(|problem| {
        let at = problem.labels.first().map(|label| label.span);
        let item = at.and_then(|at| {
            let behind = items.partition_point(|item| item.span.start <= at.start);
            let index = behind.checked_sub(1)?;
            let item = items.get(index)?;
            (at.end <= item.span.end).then_some(index)
        });
        if let Some(index) = item {
            inside.entry(index).or_default().push(problem.clone());
        }
        item.is_none()
    });
    inside
}

/// The tests of one entry: one for each row of its matrix.
fn of_entry(source: &Source, node: &Node, left: &mut usize) -> Vec<TestDocument> {
    let mut d = Decoder::new(source);
    let Some(rows) = matrix::expanded(&mut d, node, left) else {
        return vec![told(test(source, node), d.problems.finish())];
    };
    let mut tests: Vec<TestDocument> = rows
        .into_iter()
        .map(|row| {
            let mut test = test(source, &row.test);
            test.row = row.span;
            if let Some(row) = row.row.filter(|_| !test.name.is_empty()) {
                test.name = format!("{} [{row}]", test.name);
            }
            if row.problems.is_empty() {
                return test;
            }
            told(test, row.problems)
        })
        .collect();
    let alike = tests.first().map(|test| test.problems.clone());
    let alike = alike.filter(|problems| !problems.is_empty() && tests.len() > 1);
    if alike.is_some_and(|problems| tests.iter().all(|test| test.problems == problems)) {
        // It is wrong whatever the row: told once.
        tests.truncate(1);
        for test in &mut tests {
            test.row = None;
            if let Some(name) = node.get("name").and_then(Node::scalar) {
                test.name.clone_from(&name.text);
            }
        }
    }
    for test in &mut tests {
        if let Some(row) = test.row {
            let problems = std::mem::take(&mut test.problems);
            let each = problems.into_iter();
            let shown = each.map(|problem| match problem.code {
                // It stands in the row.
                Code::BadMatrix => problem,
                _ => problem.at(source, row, "with this row of the matrix"),
            });
            test.problems = shown.collect();
        }
    }
    tests
}

/// Tells of tests that have the name of another one: who reads that one failed could not tell which.
fn same_names(source: &Source, tests: &mut [TestDocument]) {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for test in tests.iter_mut().filter(|test| !test.name.is_empty()) {
        if let Some(first) = seen.get(&test.name) {
            let message = format!("two tests are called `{}`", test.name);
            let problem = Problem::new(Code::NameClash, message)
                .help("give each a name of its own")
                .at(source, test.span, "the second one")
                .at(source, *first, "the first one");
            test.problems.push(problem);
        } else {
            seen.insert(test.name.clone(), test.span);
        }
    }
}

/// After very many problems each test that is wrong keeps its first: nobody reads on, and a hostile text must not fill the
/// memory.
fn bounded(tests: &mut [TestDocument]) {
    let mut left = MAX_PROBLEMS;
    for test in tests {
        test.problems.truncate(left.max(1));
        left = left.saturating_sub(test.problems.len());
    }
}
