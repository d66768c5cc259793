//! Every format over the same verdicts, hostile ones included, each against the format's own schema or a strict parser: none of
//! them is green where the gate is not, and no text from outside is ever more than text.

mod fixtures;
mod github;
mod gitlab;
mod hostile;
mod junit;
mod lines;
mod markdown;
mod sarif;
mod tap;

use std::panic::{AssertUnwindSafe, catch_unwind};

use gonogo::report::{Format, Told, render};
use gonogo::source::hidden::hides;
use gonogo::verdict::Decision;

use crate::html;

use fixtures::{Fixture, all};

/// What is held of a report, by its format.
fn holds(format: Format, told: &Told<'_>, text: &str) {
    match format {
        Format::Text => {}
        Format::Json | Format::Jsonl => lines::holds(format, told, text),
        Format::Markdown => markdown::holds(told, text),
        Format::Junit => junit::holds(told, text),
        Format::Sarif => sarif::holds(told, text),
        Format::Github => github::holds(told, text),
        Format::Gitlab => gitlab::holds(told, text),
        Format::Tap => tap::holds(told, text),
        Format::Html => {
            html::kept(text);
            let word = told
                .verdict
                .map_or("NO VERDICT", |verdict| match verdict.verdict {
                    Decision::Go => "GO",
                    Decision::NoGo => "NO-GO",
                    Decision::Rollback => "ROLLBACK",
                });
            assert!(text.contains(&format!(">{word}<")), "no {word}");
        }
        Format::Intoto => lines::stated(told, text),
    }
}

/// Whether a format is for programs, which are given every text as it is.
fn whole(format: Format) -> bool {
    matches!(format, Format::Json | Format::Jsonl | Format::Intoto)
}

/// The reports of a fixture that are not as they should be; why, is printed.
fn wrong(fixture: &Fixture) -> Vec<String> {
    let told = fixture.told();
    let mut wrong = Vec::new();
    for format in Format::ALL {
        let text = render(*format, &told);
        let name = format!("{} as {}", fixture.name, format.name());
        assert!(text.ends_with('\n'), "{name}: no line end");
        assert_eq!(text, render(*format, &told), "{name}: not the same twice");
        let hidden = text.chars().find(|c| hides(*c) && *c != '\n');
        assert!(hidden.is_none(), "{name}: {hidden:?} is in it");
        let held = catch_unwind(AssertUnwindSafe(|| holds(*format, &told, &text)));
        if held.is_err() {
            wrong.push(name);
        }
    }
    wrong
}

#[test]
fn every_format_tells_every_verdict() {
    let fixtures = all();
    let names: Vec<&str> = fixtures.iter().map(|one| one.name.as_str()).collect();
    for wanted in [
        "go", "unmet", "held", "empty", "unknown", "pending", "closed", "rollback", "waived",
        "skipped", "watched", "each", "many", "unread",
    ] {
        assert!(names.contains(&wanted), "no {wanted}");
    }
    let wrong: Vec<String> = fixtures.iter().flat_map(wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_format_is_moved_by_a_hostile_text() {
    let fixtures = all();
    let mut known = hostile::Known::new();
    let mut failed = Vec::new();
    // Three hundred of a kind are no more hostile than one.
    for fixture in fixtures.iter().filter(|one| one.name != "many") {
        for text in hostile::TEXTS {
            failed.extend(wrong(&hostile::with(fixture, text, &mut known)));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn a_name_as_long_as_a_book_is_clipped_but_in_the_record() {
    let name = "n".repeat(1 << 20);
    let fixture = all().into_iter().find(|one| one.name == "each");
    let mut fixture = fixture.expect("items");
    let verdict = fixture.verdict.as_mut().expect("a verdict");
    for (index, finding) in verdict.findings.iter_mut().enumerate() {
        finding.key = Some(format!("{name}{index}"));
        finding.title = Some(name.clone());
        finding.message = Some(name.clone());
        finding.severity = Some(name.clone());
    }
    verdict.reason.clone_from(&name);
    verdict.policy.name.clone_from(&name);
    assert_eq!(wrong(&fixture), Vec::<String>::new());
    let told = fixture.told();
    for format in Format::ALL {
        let text = render(*format, &told);
        if whole(*format) {
            assert!(text.contains(&name), "{}: clipped", format.name());
        } else {
            assert!(text.len() < 100_000, "{}: {}", format.name(), text.len());
            let told = ["clipped: 1048", "clipped, 1048"];
            assert!(
                told.iter().any(|told| text.contains(told)),
                "{}",
                format.name()
            );
        }
    }
}

#[test]
fn every_format_has_the_next_step_even_where_no_way_was_found() {
    for name in ["unmet", "held", "unknown", "pending", "rollback", "each"] {
        let fixtures = all();
        let mut fixture = fixtures
            .into_iter()
            .find(|one| one.name == name)
            .expect("one");
        let verdict = fixture.verdict.as_mut().expect("a verdict");
        verdict.to_go = None;
        let next: &[&str] = match name {
            "unmet" => &["to meet: rate < 1%", "few errors", "S1-2"],
            "held" => &["to clear: rate <= 1%"],
            "unknown" => &["up"],
            "pending" => &["2025-10-16T11:00:00Z", "missing: "],
            "rollback" => &["to meet: rate < 1%", "to clear: "],
            _ => &["to meet: pages["],
        };
        let message = verdict.findings.iter().find_map(|one| one.message.clone());
        let told = fixture.told();
        for format in [Format::Markdown, Format::Gitlab] {
            let text = render(format, &told);
            let text = text
                .replace("\\\"", "\"")
                .replace("&lt;", "<")
                .replace('\\', "");
            for step in next.iter().copied().chain(message.as_deref()) {
                assert!(text.contains(step), "{name}: no {step} in\n{text}");
            }
        }
        for format in [Format::Markdown, Format::Junit, Format::Tap, Format::Sarif] {
            let text = render(format, &told);
            assert!(text.contains("no steps were found"), "{name}:\n{text}");
        }
    }
}
