//! The reports of tests: texts that were read, JSON as scripts read it, `JUnit` as a strict parser does.

use gonogo::suite::report::{json, junit, text};
use gonogo::suite::{Outcome, SuiteResult};
use serde_json::Value;

use super::{SICK, results};

fn approved(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => "../snapshots/suite_expect",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!(name, text) });
}

/// The report of one test.
fn shown(name: &str, given: &str, expect: &str) {
    let test = format!(
        "  - name: {name}\n    {}\n    expect: {{{expect}}}\n",
        given.replace(", waivers:", "\n    waivers:")
    );
    let results = results(&test, &[]);
    let text = text::report(&[results], text::Style::default());
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    approved(&name.replace(' ', "-"), &text);
}

#[test]
fn failing_tests_tell_what_and_why() {
    shown("a wrong verdict", SICK, "verdict: go");
    shown("a wrong go", "given: well", "verdict: no-go");
    shown("a list that lacks one", SICK, "fired: [], unmet: [fast]");
    shown(
        "a list with one too much",
        "given: well",
        "met: [healthy, fast, calm, drained, steady, watched-over, idle, backed-up], fired: [spike, idle]",
    );
    shown(
        "a time that is other",
        SICK,
        "held: {spike: 2m, steady: 10m}",
    );
    shown(
        "values and changes",
        SICK,
        "values: {error_rate: 7%, queue: 3}, to_change: {fast: latency < 400ms}",
    );
    shown(
        "rows and duties",
        SICK,
        "escalation: {spike: {notify: [lead]}}, duties: [], rollback: {target: 10%}",
    );
    shown(
        "messages of items",
        SICK,
        "messages: {healthy: [look at web]}",
    );
    shown(
        "a long reason",
        SICK,
        "reason: a reason that is so long that it has to be broken over many lines of the table",
    );
    shown("what could not run", SICK, "fired: [spik], met: [nobody]");
}

#[test]
fn warnings_are_shown_with_a_test_that_failed() {
    shown(
        "a value out of range",
        "given: {at: 2025-10-16T10:00:00Z, stage: {name: canary}, metrics: {error_rate: 1.5}}",
        "verdict: go",
    );
}

const APPROVED: &str = "  - {name: it, given: well, expect: {approved: well.txt}}\n";

#[test]
fn an_explanation_is_approved() {
    let first = results(APPROVED, &[]);
    let test = &first.tests[0];
    assert_eq!(test.outcome, Outcome::Failed);
    let wanted = test.approved.as_ref().expect("what to write");
    assert_eq!(
        (wanted.path.as_str(), wanted.was.as_ref()),
        ("well.txt", None)
    );
    assert!(
        wanted.text.starts_with("GO  shop @ canary"),
        "{}",
        wanted.text
    );
    // What is written passes from then on, with other line ends too.
    for text in [wanted.text.clone(), wanted.text.replace('\n', "\r\n")] {
        let again = results(APPROVED, &[("well.txt", &text)]);
        assert_eq!(again.tests[0].outcome, Outcome::Passed);
        assert_eq!(again.tests[0].approved, None);
    }
    let other = wanted.text.replace("GO  shop", "GO  \u{1b}[31mshop");
    let changed = results(APPROVED, &[("well.txt", &other)]);
    approved(
        "an-approved-text",
        &text::report(&[changed], text::Style::default()),
    );
}

#[test]
fn an_approved_explanation_does_not_depend_on_where_it_runs() {
    let test = format!("  - {{name: it, {SICK}, expect: {{approved: sick.txt}}}}\n");
    let results = results(&test, &[]);
    let wanted = results.tests[0].approved.as_ref().expect("what to write");
    assert!(
        wanted.text.contains("at policy.yaml:32:27"),
        "{}",
        wanted.text
    );
    assert!(!wanted.text.contains("suites/"), "{}", wanted.text);
}

#[test]
fn colour_repeats_what_words_say() {
    let test = format!("  - {{name: it, {SICK}, expect: {{fired: []}}}}\n");
    let results = [results(&test, &[])];
    let plain = text::report(&results, text::Style::default());
    let color = text::report(
        &results,
        text::Style {
            color: true,
            quiet: false,
        },
    );
    assert_ne!(plain, color);
    let mut bare = String::new();
    for part in color.split('\u{1b}') {
        let end = if part.starts_with('[') {
            part.find('m').map_or(0, |at| at + 1)
        } else {
            0
        };
        bare.push_str(&part[end..]);
    }
    assert_eq!(plain, bare);
}

#[test]
fn quiet_is_the_counts_alone() {
    let tests = format!(
        "  - {{name: a, {SICK}, expect: {{fired: []}}}}\n  - {{name: b, {SICK}, expect: {{}}}}\n  - {{name: c, {SICK}, expect: {{fired: [spike]}}}}\n"
    );
    let results = [results(&tests, &[])];
    let style = text::Style {
        color: false,
        quiet: true,
    };
    assert_eq!(
        text::report(&results, style),
        "1 passed · 1 failed · 1 could not run\n"
    );
}

#[test]
fn json_for_scripts() {
    let tests = format!(
        "  - {{name: a, {SICK}, expect: {{fired: [busy]}}}}\n  - {{name: b, {SICK}, expect: {{}}}}\n  - {{name: c, {SICK}, expect: {{fired: [spike]}}}}\n"
    );
    let results = [results(&tests, &[])];
    let text = json::report(&results, json::Parts::default());
    let read: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        (&read["passed"], &read["failed"], &read["errors"]),
        (&1.into(), &1.into(), &1.into())
    );
    assert_eq!(read.get("coverage"), None);
    let suite = &read["suites"][0];
    assert_eq!(suite["file"], "suites/shop.test.yaml");
    assert_eq!(suite["policy"], "shop");
    let statuses: Vec<&Value> = (0..3)
        .map(|index| &suite["tests"][index]["status"])
        .collect();
    assert_eq!(statuses, ["failed", "error", "passed"]);
    let one = &suite["tests"][0]["differences"][0];
    assert_eq!(one["key"], "fired");
    assert_eq!(one["expected"], serde_json::json!(["busy"]));
    assert_eq!(one["actual"], serde_json::json!(["spike"]));
    assert_eq!(one["missing"], serde_json::json!(["busy"]));
    assert_eq!(one["extra"], serde_json::json!(["spike"]));
    assert_eq!(one["at"]["file"], "suites/shop.test.yaml");
    assert_eq!(
        suite["tests"][1]["diagnostics"][0]["code"],
        "bad-expectation"
    );
    let parts = json::Parts {
        coverage: Some(1.into()),
        mutants: Some(2.into()),
    };
    let read: Value = serde_json::from_str(&json::report(&[], parts)).expect("JSON");
    assert_eq!(
        (&read["coverage"], &read["mutants"]),
        (&1.into(), &2.into())
    );
}

#[test]
fn junit_is_xml_that_a_strict_parser_reads() {
    // A name that would close the attribute, break the line, or steer a terminal.
    let name = r#""<b>&amp; ]]> 'x' \u202e \uffff ::error::""#;
    let tests = format!(
        "  - {{name: {name}, {SICK}, expect: {{fired: []}}}}\n  - {{name: b, {SICK}, expect: {{}}}}\n  - {{name: c, {SICK}, expect: {{fired: [spike]}}}}\n"
    );
    let unread = SuiteResult {
        file: "other.test.yaml".to_owned(),
        problems: vec![gonogo::source::Problem::new(
            gonogo::source::Code::Unreadable,
            "no <such> file",
        )],
        ..SuiteResult::default()
    };
    let results = [results(&tests, &[]), unread];
    let xml = junit::report(&results);
    let document = roxmltree::Document::parse(&xml).expect("XML");
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    let counts = |node: &roxmltree::Node<'_, '_>| {
        ["tests", "failures", "errors"].map(|key| node.attribute(key).expect("a count").to_owned())
    };
    assert_eq!(counts(&root), ["4", "1", "2"]);
    let suites: Vec<_> = root
        .children()
        .filter(roxmltree::Node::is_element)
        .collect();
    assert_eq!(counts(&suites[0]), ["3", "1", "1"]);
    assert_eq!(counts(&suites[1]), ["1", "0", "1"]);
    let cases: Vec<_> = root
        .descendants()
        .filter(|node| node.has_tag_name("testcase"))
        .collect();
    assert_eq!(
        cases[0].attribute("name"),
        Some("<b>&amp; ]]> 'x' \u{fffd} \u{fffd} ::error::")
    );
    let failure = cases[0]
        .children()
        .find(|node| node.has_tag_name("failure"))
        .expect("a failure");
    assert_eq!(
        failure.attribute("message"),
        Some("fired: other than expected")
    );
    let text = failure.text().expect("a text");
    assert!(text.contains("spike  fired"), "{text}");
    let error = cases[1]
        .children()
        .find(|node| node.has_tag_name("error"))
        .expect("an error");
    assert!(
        error
            .attribute("message")
            .expect("a message")
            .starts_with("bad-expectation: ")
    );
    assert_eq!(cases[2].children().count(), 0);
    assert_eq!(cases[3].attribute("classname"), Some("other.test.yaml"));
    // No time stands in it: the same run, the same bytes.
    assert!(!xml.contains("time"));
    assert_eq!(xml, junit::report(&results));
}
