//! One test as written. What is wrong with it stays with it.

use std::collections::BTreeMap;

use super::{GivenDocument, TestDocument, WaiversDocument, is_map};
use crate::expr::duration::{advice, parse_duration};
use crate::policy::decode::{Decoder, Fields};
use crate::source::tree::{Kind, Node};
use crate::source::{Code, Problem, Source, Span};

/// The tests of one entry of `tests`: one for each row of its matrix.
pub(super) fn tests(source: &Source, node: &Node) -> Vec<TestDocument> {
    vec![test(source, node)]
}

/// A test of which all that it says is known.
fn test(source: &Source, node: &Node) -> TestDocument {
    let mut d = Decoder::new(source);
    let mut read = TestDocument {
        name: String::new(),
        span: node.span,
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
    };
    if let Some(mut f) = d.fields(node, "a test") {
        fields(&mut d, &mut f, &mut read);
        d.finish(&f, &[]);
    }
    read.problems = d.problems.finish();
    read
}

fn fields(d: &mut Decoder<'_>, f: &mut Fields<'_>, read: &mut TestDocument) {
    if let Some(name) = d.required(f, "name") {
        name.as_str().clone_into(&mut read.name);
        read.span = name.span;
    }
    match f.get("given") {
        Some(node) => read.given = given(d, node, "given"),
        None => d.missing(f, "given", "given: SNAPSHOT"),
    }
    read.stage = d.optional(f, "stage");
    if let Some(node) = f.get("set") {
        for (name, node) in d.named(node, "set") {
            if let Some(value) = d.text(node, name.as_str()) {
                let value = (value.as_str().to_owned(), node.span);
                read.set.insert(name.as_str().to_owned(), value);
            }
        }
    }
    read.patch = f.get("patch").cloned();
    if let Some(now) = d.optional(f, "now") {
        match crate::snapshot::convert::timestamp(now.as_str()) {
            Some(at) => read.now = Some(at),
            None => {
                let message = format!("`now` is `{}`, not an instant", now.as_str());
                let help = "write it as RFC 3339 does, with its offset: 2025-10-16T10:05:00Z";
                d.at(
                    Code::BadValue,
                    now.span,
                    message,
                    "expected an instant",
                    help,
                );
            }
        }
    }
    if let Some(shift) = d.optional(f, "shift") {
        match parse_duration(shift.as_str()) {
            Ok(duration) => read.shift = Some(duration),
            Err(_) => {
                let message = format!("`{}` is not a length of time", shift.as_str());
                let help = advice(shift.as_str());
                d.at(
                    Code::BadDuration,
                    shift.span,
                    message,
                    "expected a length of time",
                    help,
                );
            }
        }
    }
    read.waivers = f.get("waivers").and_then(|node| match &node.kind {
        Kind::Scalar(_) => d.text(node, "waivers").map(WaiversDocument::Path),
        Kind::List(_) | Kind::Map(_) => Some(WaiversDocument::Inline(node.clone())),
    });
    match f.get("expect") {
        Some(node) => read.expect = Some(node.clone()),
        None => d.missing(f, "expect", "expect: {verdict: go}"),
    }
}

/// One or more snapshots, by name or written out.
pub(super) fn given(d: &mut Decoder<'_>, node: &Node, key: &str) -> Vec<GivenDocument> {
    let one = |d: &mut Decoder<'_>, node: &Node| {
        if is_map(node) {
            return Some(GivenDocument::Inline(node.clone()));
        }
        d.text(node, key).map(GivenDocument::Named)
    };
    match &node.kind {
        Kind::List(items) => {
            d.not_empty(node, key);
            items.iter().filter_map(|item| one(d, item)).collect()
        }
        Kind::Scalar(_) | Kind::Map(_) => one(d, node).into_iter().collect(),
    }
}

/// Tells of tests that have the name of another one: who reads that one failed could not tell which.
pub(super) fn same_names(source: &Source, tests: &mut [TestDocument]) {
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
