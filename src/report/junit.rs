//! A verdict as `JUnit` XML: a suite for the stage, a case for each rule. Never a time that was measured: the same verdict gives
//! the same bytes.

use std::io::{self, Write};

use quick_xml::Writer;

use super::case::{Case, Outcome, cases, order, steps};
use super::clip::{self, seen};
use super::{Told, xml};
use crate::verdict::Verdict;

/// The report, with a line end.
#[must_use]
pub fn junit(told: &Told<'_>) -> String {
    let all = cases(told);
    let (warnings, tests): (Vec<Case<'_>>, Vec<Case<'_>>) = all
        .into_iter()
        .partition(|case| case.outcome == Outcome::Warning);
    xml::document(|writer| {
        let root = writer.create_element("testsuites");
        let root = root.with_attribute(("name", "gonogo eval"));
        let counts = counts(&tests);
        // The schema knows no count of what was skipped here.
        let counts = counts.iter().take(3);
        root.with_attributes(counts.map(|(key, count)| (*key, count.as_str())))
            .write_inner_content(|writer| suite(writer, told, &tests, &warnings))?;
        Ok(())
    })
}

fn suite<W: Write>(
    writer: &mut Writer<W>,
    told: &Told<'_>,
    tests: &[Case<'_>],
    warnings: &[Case<'_>],
) -> io::Result<()> {
    let name = told.verdict.map_or_else(
        || "gonogo".to_owned(),
        |verdict| {
            let (policy, stage) = (clip::name(&verdict.policy.name), clip::name(&verdict.stage));
            seen(&format!("{policy}@{stage}"))
        },
    );
    let mut attributes = vec![("name", name.clone())];
    attributes.extend(counts(tests));
    if let Some(verdict) = told.verdict {
        let now = verdict.now.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        attributes.push(("timestamp", now));
    }
    let attributes = attributes.iter().map(|(key, value)| (*key, value.as_str()));
    let element = writer
        .create_element("testsuite")
        .with_attributes(attributes);
    element.write_inner_content(|writer| {
        properties(writer, told)?;
        tests
            .iter()
            .try_for_each(|test| case(writer, test, &name))?;
        let mut lines = vec![told.reason()];
        if let Some(verdict) = told.verdict {
            lines.extend(order(verdict));
            lines.extend(steps(verdict).iter().map(|step| format!("to go: {step}")));
        }
        let said = warnings
            .iter()
            .map(|case| format!("{}: {}", case.rule, case.says));
        lines.extend(said);
        let lines: Vec<String> = lines.iter().map(|line| clip::line(line)).collect();
        xml::told(writer, "system-out", &[], &lines)
    })?;
    Ok(())
}

fn properties<W: Write>(writer: &mut Writer<W>, told: &Told<'_>) -> io::Result<()> {
    let mut all = vec![
        ("exit_code", told.exit.code().to_string()),
        ("reason", told.reason()),
    ];
    all.extend(told.verdict.iter().flat_map(|verdict| about(verdict)));
    let element = writer.create_element("properties");
    element.write_inner_content(|writer| {
        all.iter().try_for_each(|(name, value)| {
            let value = seen(&clip::line(value));
            let property = writer.create_element("property");
            let property = property.with_attributes([("name", *name), ("value", value.as_str())]);
            property.write_empty().map(|_| ())
        })
    })?;
    Ok(())
}

fn about(verdict: &Verdict) -> Vec<(&'static str, String)> {
    let subject = &verdict.subject;
    let given = [
        ("verdict", Some(verdict.verdict.name().to_owned())),
        ("policy", Some(verdict.policy.path.clone())),
        ("service", subject.service.clone()),
        ("version", subject.version.clone()),
        ("commit", subject.commit.clone()),
        ("environment", subject.environment.clone()),
        ("now", Some(verdict.now.to_string())),
        ("record", Some(verdict.digests.record.clone())),
    ];
    let given = given.into_iter();
    given
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

fn case<W: Write>(writer: &mut Writer<W>, test: &Case<'_>, suite: &str) -> io::Result<()> {
    let name = seen(&test.name);
    let element = writer.create_element("testcase");
    let element = element.with_attributes([("name", name.as_str()), ("classname", suite)]);
    let said = seen(&test.says);
    let message = ("message", said.as_str());
    let kind = test.finding.map(|finding| finding.status.name());
    let kind = ("type", kind.unwrap_or(&test.rule));
    match test.outcome {
        Outcome::Passed if test.finding.is_none_or(|finding| !finding.watch) => {
            element.write_empty()?;
        }
        Outcome::Failed | Outcome::Waiting => {
            element.write_inner_content(|writer| {
                xml::told(writer, "failure", &[message, kind], &test.details)
            })?;
        }
        Outcome::Unknown | Outcome::Error => {
            element.write_inner_content(|writer| {
                xml::told(writer, "error", &[message, kind], &test.details)
            })?;
        }
        Outcome::Skipped | Outcome::Waived => {
            element.write_inner_content(|writer| xml::told(writer, "skipped", &[message], &[]))?;
        }
        Outcome::Watched | Outcome::Open | Outcome::Warning | Outcome::Passed => {
            let lines: Vec<String> = [&test.says]
                .into_iter()
                .chain(&test.details)
                .cloned()
                .collect();
            element.write_inner_content(|writer| xml::told(writer, "system-out", &[], &lines))?;
        }
    }
    Ok(())
}

fn counts(tests: &[Case<'_>]) -> Vec<(&'static str, String)> {
    let count = |outcomes: &[Outcome]| {
        let cases = tests.iter();
        let counted = cases.filter(|case| outcomes.contains(&case.outcome));
        counted.count().to_string()
    };
    vec![
        ("tests", tests.len().to_string()),
        ("failures", count(&[Outcome::Failed, Outcome::Waiting])),
        ("errors", count(&[Outcome::Unknown, Outcome::Error])),
        ("skipped", count(&[Outcome::Skipped, Outcome::Waived])),
    ]
}
