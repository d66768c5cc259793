//! One page for people that needs nothing beside itself: no script, no font, nothing from anywhere. Failing first, plots
//! with what decided, all the rest folded; it never decides, and is never green where the gate is not.

mod chart;
mod checklist;
mod clock;
mod finding;
mod follow;
mod head;
mod markup;
mod passing;
mod problems;
mod rest;
mod scale;
mod steps;

use sha2::{Digest, Sha256};

use super::Told;
use super::alike::Apart;
use crate::expr::base64;
use crate::source::runner::in_markup;
use crate::source::{Problem, Severity};
use crate::verdict::{Decision, Verdict};
use markup::Markup;

/// How all of it looks.
const STYLE: &str = include_str!("html/style.css");

/// The page: of a verdict, or of why there is none.
#[must_use]
pub fn html(told: &Told<'_>) -> String {
    let Some((verdict, apart)) = told.verdict.and_then(|one| Some((one, Apart::of(one)?))) else {
        return page(told, None);
    };
    let shown = Told {
        verdict: Some(&apart.shown(verdict)),
        plots: &apart.plots(told.plots),
        ..*told
    };
    page(&shown, Some(verdict))
}

fn page(told: &Told<'_>, checked: Option<&Verdict>) -> String {
    let mut page = Markup::default();
    page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
    // Nothing is fetched and nothing is run, whatever a text should come to; this one style is all.
    let style = base64(&Sha256::digest(STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
    );
    let security = [
        ("http-equiv", "Content-Security-Policy"),
        ("content", policy.as_str()),
    ];
    page.empty("meta", &security);
    page.raw("\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
    page.raw("\n<meta name=\"color-scheme\" content=\"light dark\"/>");
    page.raw("\n<meta name=\"referrer\" content=\"no-referrer\"/>\n<title>");
    head::title(&mut page, told);
    page.raw("</title>\n<style>")
        .raw(STYLE)
        .raw("</style>\n</head>\n<body>\n");
    head::head(&mut page, told);
    page.raw("<main>\n");
    match told.verdict {
        Some(verdict) => body(&mut page, told, verdict, checked.unwrap_or(verdict)),
        None => problems::problems(&mut page, told.problems),
    }
    page.raw("</main>\n");
    rest::foot(&mut page, told.verdict);
    page.raw("</body>\n</html>\n");
    let page = page.done();
    // The style is no text, and its digest stands above.
    match page.split_once(STYLE) {
        Some((head, body)) => [&in_markup(head), STYLE, &in_markup(body)].concat(),
        None => page,
    }
}

/// `checked` is the verdict with names as commands need them.
fn body(page: &mut Markup, told: &Told<'_>, verdict: &Verdict, checked: &Verdict) {
    let wrong = told.problems.iter();
    let wrong: Vec<Problem> = wrong
        .filter(|problem| problem.severity == Severity::Error)
        .cloned()
        .collect();
    if !wrong.is_empty() {
        problems::problems(page, &wrong);
    }
    // Who rolls back has no time to look for what would make it go.
    if verdict.verdict == Decision::Rollback {
        follow::at_once(page, verdict);
        steps::steps(page, verdict);
    } else {
        steps::steps(page, verdict);
        follow::at_once(page, verdict);
    }
    finding::findings(page, verdict, told.plots);
    passing::passing(page, verdict, told.plots);
    follow::follow(page, verdict);
    checklist::checklist(page, checked);
    rest::rest(page, verdict);
}

/// A section with its heading, to which the navigation leads.
fn section(
    page: &mut Markup,
    id: &'static str,
    title: &'static str,
    inside: impl FnOnce(&mut Markup),
) {
    let heading = format!("{id}-heading");
    page.tag(
        "section",
        &[("id", id), ("aria-labelledby", &heading)],
        |page| {
            page.tag("h2", &[("id", &heading)], |page| {
                page.raw(title);
            });
            inside(page);
        },
    );
    page.raw("\n");
}

/// A name and what stands beside it, in a list of such.
fn pair(page: &mut Markup, name: &'static str, inside: impl FnOnce(&mut Markup)) {
    page.tag("dt", &[], |page| {
        page.raw(name);
    });
    page.tag("dd", &[], inside);
}
