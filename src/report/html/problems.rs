//! Why there is no verdict: everything that is wrong, each with its place and the fix. Never a go.

use super::markup::Markup;
use super::section;
use crate::source::{Problem, Severity};

/// The most that is shown.
const MOST: usize = 200;

/// What is wrong, errors first.
pub(super) fn problems(page: &mut Markup, problems: &[Problem]) {
    section(page, "problems", "What is wrong", |page| {
        if problems.is_empty() {
            page.raw("<p>Standard error says why.</p>");
        }
        let (errors, warnings): (Vec<&Problem>, Vec<&Problem>) = problems
            .iter()
            .partition(|problem| problem.severity == Severity::Error);
        let all: Vec<&&Problem> = errors.iter().chain(&warnings).collect();
        all.iter().take(MOST).for_each(|problem| one(page, problem));
        let more = all.len().saturating_sub(MOST);
        if more > 0 {
            page.says("p", &[], &format!("and {more} more"));
        }
    });
}

fn one(page: &mut Markup, problem: &Problem) {
    let (tone, word) = match problem.severity {
        Severity::Error => ("bad", "✕ ERROR"),
        Severity::Warning => ("warn", "! WARNING"),
    };
    page.tag("article", &[("class", tone)], |page| {
        page.tag("h3", &[], |page| {
            page.tag("span", &[("class", "tag")], |page| {
                page.raw(word);
            });
            page.text(&problem.message);
        });
        page.tag("dl", &[("class", "pairs")], |page| {
            if let Some(help) = &problem.help {
                super::pair(page, "help", |page| {
                    page.text(help);
                });
            }
            for label in problem.labels.iter().take(8) {
                super::pair(page, "at", |page| {
                    let start = label.source.position(label.span.start);
                    page.text(label.source.name());
                    page.text(&format!(":{}:{}", start.line, start.column));
                    if !label.text.is_empty() {
                        page.raw(" · ").text(&label.text);
                    }
                });
            }
            super::pair(page, "code", |page| {
                page.raw(problem.code.name());
            });
        });
    });
}
