//! What became of tests as `JUnit` XML: a suite for each file, a case for each test. Never a time: the same run gives the
//! same bytes.

use std::io::{self, Write};

use quick_xml::Writer;

use super::{Counts, text};
use crate::report::clip::seen;
use crate::report::xml;
use crate::source::Problem;
use crate::suite::result::{Outcome, SuiteResult, TestResult};

/// The report, with a line end.
#[must_use]
pub fn report(results: &[SuiteResult]) -> String {
    xml::document(|writer| suites(writer, results))
}

fn suites<W: Write>(writer: &mut Writer<W>, results: &[SuiteResult]) -> io::Result<()> {
    let element = writer.create_element("testsuites");
    let element = element.with_attribute(("name", "gonogo test"));
    let counts = numbers(results);
    let counts = counts.iter().map(|(key, count)| (*key, count.as_str()));
    element
        .with_attributes(counts)
        .write_inner_content(|writer| results.iter().try_for_each(|one| suite(writer, one)))?;
    Ok(())
}

fn suite<W: Write>(writer: &mut Writer<W>, suite: &SuiteResult) -> io::Result<()> {
    let file = seen(&suite.file);
    let counts = numbers(std::slice::from_ref(suite));
    let counts = counts.iter().map(|(key, count)| (*key, count.as_str()));
    let element = writer.create_element("testsuite");
    let element = element.with_attribute(("name", file.as_str()));
    element
        .with_attributes(counts)
        .write_inner_content(|writer| {
            if suite.tests.is_empty() && !suite.problems.is_empty() {
                // A suite that could not run at all is no empty one, which would look fine.
                let case = writer.create_element("testcase");
                let case = case.with_attribute(("name", "the suite itself"));
                let case = case.with_attribute(("classname", file.as_str()));
                case.write_inner_content(|writer| told(writer, "error", &said(&suite.problems)))?;
            }
            let mut tests = suite.tests.iter();
            tests.try_for_each(|test| case(writer, test, &file))
        })?;
    Ok(())
}

fn case<W: Write>(writer: &mut Writer<W>, test: &TestResult, file: &str) -> io::Result<()> {
    let (name, line) = (seen(&test.name), test.at.line.to_string());
    let element = writer.create_element("testcase");
    let element = element.with_attributes([
        ("name", name.as_str()),
        ("classname", file),
        ("file", file),
        ("line", line.as_str()),
    ]);
    match test.outcome {
        Outcome::Passed => element.write_empty()?,
        Outcome::Failed => element.write_inner_content(|writer| {
            let mut lines: Vec<String> = vec![keys(test)];
            let details = text::failure(test);
            lines.extend(details.lines().map(ToOwned::to_owned));
            told(writer, "failure", &lines)
        })?,
        Outcome::Error => {
            element.write_inner_content(|writer| told(writer, "error", &said(&test.problems)))?
        }
    };
    Ok(())
}

/// A failure or an error: the first line is its message, all the others are its text.
fn told<W: Write>(writer: &mut Writer<W>, what: &str, lines: &[String]) -> io::Result<()> {
    let (message, rest) = match lines.split_first() {
        Some((first, rest)) => (seen(first), rest),
        None => (what.to_owned(), lines),
    };
    xml::told(writer, what, &[("message", message.as_str())], rest)
}

/// `verdict, fired: other than expected`.
fn keys(test: &TestResult) -> String {
    let keys: Vec<&str> = test
        .differences
        .iter()
        .map(|one| one.key.as_str())
        .collect();
    format!("{}: other than expected", keys.join(", "))
}

/// Problems, each in a line with its place; the first stands ahead as well: it is the message.
fn said(problems: &[Problem]) -> Vec<String> {
    let line = |problem: &Problem| {
        let place = problem.place();
        let place = place.map_or_else(String::new, |place| format!(" ({place})"));
        format!("{}: {}{place}", problem.code, problem.message)
    };
    let first = problems.first().map(line);
    first.into_iter().chain(problems.iter().map(line)).collect()
}

fn numbers(results: &[SuiteResult]) -> [(&'static str, String); 3] {
    let counts = Counts::of(results);
    let errors = counts.errors.saturating_add(counts.suites);
    let tests = counts
        .passed
        .saturating_add(counts.failed)
        .saturating_add(errors);
    [
        ("tests", tests.to_string()),
        ("failures", counts.failed.to_string()),
        ("errors", errors.to_string()),
    ]
}
