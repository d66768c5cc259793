//! One test as written. What is wrong with it stays with it.

use super::series::series;
use super::{GivenDocument, TestDocument, WaiversDocument, is_map};
use crate::expr::duration::{advice, parse_duration};
use crate::policy::decode::{Decoder, Fields};
use crate::snapshot::convert::timestamp;
use crate::source::tree::{Kind, Node};
use crate::source::{Code, Problem, Source};

/// A test of which all that it says is known.
pub(super) fn test(source: &Source, node: &Node) -> TestDocument {
    let mut d = Decoder::new(source);
    let mut read = TestDocument::blank(String::new(), node.span);
    if let Some(mut f) = d.fields(node, "a test") {
        fields(&mut d, &mut f, &mut read);
        d.finish(&f);
    }
    read.problems = d.problems.finish();
    read
}

fn fields(d: &mut Decoder<'_>, f: &mut Fields<'_>, read: &mut TestDocument) {
    if let Some(name) = d.required(f, "name") {
        name.as_str().trim().clone_into(&mut read.name);
        read.span = name.span;
        if read.name.is_empty() || read.name.contains(char::is_control) {
            let message = "the name of a test is one line of text";
            let help = "say in a few words what must come of it, as a report would";
            d.at(Code::BadValue, name.span, message, "expected a name", help);
        }
    }
    // It has been taken apart before.
    f.get("matrix");
    match f.get("given") {
        Some(node) => read.given = given(d, node, "given"),
        None => d.missing(f, "given", "given: SNAPSHOT"),
    }
    read.stage = d.optional(f, "stage");
    set(d, f, read);
    if let Some(node) = f.get("baseline") {
        for (name, node) in d.entries(node, "baseline") {
            let given = given(d, node, "baseline");
            read.baselines.push((name, given));
        }
    }
    read.series = f.get("series").and_then(|node| series(d, node));
    read.patch = f.get("patch").cloned();
    if let Some(patch) = read.patch.take_if(|patch| !is_map(patch)) {
        d.wrong_kind(&patch, "patch", "a map");
    }
    when(d, f, read);
    read.waivers = f.get("waivers").and_then(|node| match &node.kind {
        Kind::Scalar(_) => d.text(node, "waivers").map(WaiversDocument::Path),
        Kind::List(_) | Kind::Map(_) => Some(WaiversDocument::Inline(node.clone())),
    });
    match f.get("expect") {
        Some(node) => read.expect = Some(node.clone()),
        None => d.missing(f, "expect", "expect: {verdict: go}"),
    }
}

/// Parameters: `set`, or `params` as another name of it.
fn set(d: &mut Decoder<'_>, f: &mut Fields<'_>, read: &mut TestDocument) {
    let found = ["set", "params"].map(|key| f.get(key).map(|node| (key, node)));
    if let [Some(_), Some((_, node))] = found {
        let message = "a test has `set` and `params`, two names of one thing";
        let help = "write all parameters into one of them";
        d.at(Code::BadValue, node.span, message, "the second one", help);
    }
    for (key, node) in found.into_iter().flatten() {
        for (name, node) in d.entries(node, key) {
            let value = match &node.kind {
                Kind::Scalar(_) => d
                    .text(node, name.as_str())
                    .map(|text| text.as_str().to_owned()),
                Kind::List(_) | Kind::Map(_) => Some(node.flow()),
            };
            if let Some(value) = value {
                read.set
                    .insert(name.as_str().to_owned(), (value, node.span));
            }
        }
    }
}

/// The instant of the verdict, or by how much all is moved.
fn when(d: &mut Decoder<'_>, f: &mut Fields<'_>, read: &mut TestDocument) {
    let now = d.optional(f, "now");
    let shift = d.optional(f, "shift");
    if let (Some(now), Some(shift)) = (&now, &shift) {
        let problem = Problem::new(Code::BadValue, "a test has `now` and `shift`")
            .help("keep one: `shift` moves the history and the instant with it, `now` moves the instant alone")
            .at(d.source, shift.span, "moves the history")
            .at(d.source, now.span, "sets the instant");
        d.report(problem);
    }
    if let Some(now) = now {
        read.now = timestamp(now.as_str());
        if read.now.is_none() {
            let message = format!("`now` is `{}`, not an instant", now.as_str());
            let help = "write it as RFC 3339 does, with its offset: 2025-10-16T10:05:00Z";
            let label = "expected an instant";
            d.at(Code::BadValue, now.span, message, label, help);
        }
    }
    if let Some(shift) = shift {
        let text = shift.as_str();
        // A history moves back as well as on.
        let (back, length) = text
            .strip_prefix('-')
            .map_or((false, text), |rest| (true, rest));
        match parse_duration(length) {
            Ok(by) if back => read.shift = by.checked_neg(),
            Ok(by) => read.shift = Some(by),
            Err(_) => {
                let message = format!("`{text}` is not a length of time");
                let label = "expected a length of time";
                d.at(Code::BadDuration, shift.span, message, label, advice(text));
            }
        }
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
