//! A verdict as Markdown, for a merge request, a wiki or the summary of a job. What comes from policies and snapshots never
//! becomes markup, and never leaves its cell.

use std::fmt::Write as _;

use super::case::{Case, Outcome, WATCHED, asked, cases, order, reason, steps};
use super::mark::{cell, code, inert, link};
use super::{Told, clip, next, text, untold};
use crate::explain::number::pair;
use crate::explain::reason::unit;
use crate::source::{Problem, Severity};
use crate::verdict::{Finding, Verdict};

/// How many bytes are left for saying that something was left out.
const REST: usize = 200;
/// What closes the section of all rules.
const END: &str = "\n</details>\n";

/// The report.
#[must_use]
pub fn markdown(told: &Told<'_>) -> String {
    bounded(told, usize::MAX)
}

/// The report in at most so many bytes: where it would be longer, it says what is left out.
#[must_use]
pub fn bounded(told: &Told<'_>, most: usize) -> String {
    let mut page = Page {
        out: String::new(),
        most: most.saturating_sub(REST),
    };
    match told.verdict {
        Some(verdict) => verdict_page(&mut page, told, verdict),
        None => untold_page(&mut page, told),
    }
    if page.out.len() > most {
        // So little room that not even a heading fits.
        page.out.clear();
    }
    page.out
}

/// A text that grows up to a limit, whole lines only.
struct Page {
    out: String,
    most: usize,
}

impl Page {
    /// Adds lines, all of them or none.
    fn add(&mut self, lines: &str) -> bool {
        let fits = self.out.len().saturating_add(lines.len()) <= self.most;
        if fits {
            self.out.push_str(lines);
        }
        fits
    }

    /// Adds as many lines as fit, and how many do not.
    fn all(&mut self, lines: &[String], what: &str) {
        // What comes behind is never without its end.
        let added = lines.iter().take_while(|line| self.add(line)).count();
        let more = lines.len().saturating_sub(added);
        if more > 0 {
            let _ = writeln!(self.out, "\n… and {more} more {what}, left out here");
        }
    }
}

fn verdict_page(page: &mut Page, told: &Told<'_>, verdict: &Verdict) {
    let cases = cases(told);
    page.add(&head(told, verdict));
    let steps: Vec<String> = steps(verdict)
        .iter()
        .map(|step| format!("1. {}\n", inert(step)))
        .collect();
    if !steps.is_empty() && page.add("\n## What would make it go\n\n") {
        page.all(&steps, "steps");
        let whole = verdict.to_go.as_ref().filter(|to_go| to_go.is_whole());
        if let Some(at) = whole.and_then(|to_go| to_go.at) {
            page.add(&format!(
                "\nThen it is a go at {at}, if nothing else changes.\n"
            ));
        }
    }
    let against: Vec<&Case<'_>> = cases.iter().filter(|case| case.outcome.red()).collect();
    if !against.is_empty() {
        page.add("\n## What stands against a go\n\n");
        page.add("| Rule | Status | Value | Limit | What is the matter | Severity |\n");
        page.add("|---|---|---|---|---|---|\n");
        let rows: Vec<String> = against.iter().map(|case| failing(case)).collect();
        page.all(&rows, "rules");
        let next: Vec<String> = against.iter().filter_map(|case| next(case)).collect();
        if !next.is_empty() && page.add("\n") {
            page.all(&next, "rules");
        }
    }
    let follows = text::following(verdict);
    if !follows.is_empty() && page.add("\n## What follows\n\n") {
        let lines: Vec<String> = follows
            .iter()
            .map(|line| format!("- {}\n", inert(&clip::line(line))))
            .collect();
        page.all(&lines, "lines");
    }
    let of: Vec<&Case<'_>> = cases.iter().filter(|case| case.finding.is_some()).collect();
    if !of.is_empty() {
        let count = of.len();
        let what = if count == 1 {
            "The rule".to_owned()
        } else {
            format!("All {count} rules")
        };
        let begin = format!(
            "\n<details>\n<summary>{what}</summary>\n\n| Rule | Effect | Status | What is the matter | Where |\n|---|---|---|---|---|\n"
        );
        page.most = page.most.saturating_sub(END.len());
        if page.add(&begin) {
            let rows: Vec<String> = of.iter().map(|case| row(case)).collect();
            page.all(&rows, "rules");
            page.out.push_str(END);
        }
    }
    warnings(page, &cases);
    let digest = &verdict.digests.record;
    page.add(&format!("\nRecord: {}\n", cell(&clip::name(digest))));
}

fn untold_page(page: &mut Page, told: &Told<'_>) {
    let (meaning, code) = (told.exit.meaning(), told.exit.code());
    page.add(&format!(
        "# NO VERDICT\n\n**{meaning}** (exit code {code})\n"
    ));
    let problem = |problem: &Problem| {
        let kind = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let help = problem.help.as_ref();
        let help = help.map(|help| format!("  help: {}\n", inert(&clip::line(help))));
        let line = inert(&clip::line(&untold::line(problem)));
        format!("- **{kind}** {line}\n{}", help.unwrap_or_default())
    };
    let lines: Vec<String> = told.problems.iter().map(problem).collect();
    if !lines.is_empty() && page.add("\n") {
        page.all(&lines, "problems");
    }
}

fn head(told: &Told<'_>, verdict: &Verdict) -> String {
    let (policy, stage) = (clip::name(&verdict.policy.name), clip::name(&verdict.stage));
    let (mut but, mut ended) = ("", String::new());
    if told.exit.code() != verdict.exit_code {
        but = ", BUT";
        let (code, meaning) = (told.exit.code(), told.exit.meaning());
        ended = format!("The process ended with {code}: {meaning}.\n\n");
    }
    let now = order(verdict).map_or_else(String::new, |order| format!("**{}**\n\n", inert(&order)));
    let mut out = format!(
        "# {}{but}: {} @ {}\n\n**{}**\n\n{ended}{now}",
        verdict.verdict.name().to_uppercase(),
        inert(&policy),
        inert(&stage),
        inert(&clip::line(&reason(verdict)))
    );
    let named = verdict.subject.told().map(|text| cell(&clip::name(text)));
    let named: Vec<String> = named.collect();
    if !named.is_empty() {
        let _ = writeln!(out, "- Subject: {}", named.join(" "));
    }
    let _ = writeln!(out, "- As of: {}", verdict.now);
    if let Some(next) = &verdict.next {
        let _ = writeln!(out, "- Next stage: {}", inert(&clip::name(next)));
    }
    let _ = writeln!(out, "- {}", text::counts(verdict));
    out
}

/// A row of what stands against a go, with the value and its limit.
fn failing(case: &Case<'_>) -> String {
    let finding = case.finding;
    let margin = finding.and_then(|finding| Some((finding, finding.margin.as_ref()?)));
    let (value, limit) = margin.map_or_else(Default::default, |(finding, margin)| {
        let unit = unit(finding, &margin.input);
        let (value, limit) = pair(margin.value, margin.limit, unit);
        let value = format!("{} = {value}", margin.input);
        (cell(&clip::line(&value)), cell(&clip::line(&limit)))
    });
    let severity = finding.and_then(|finding| finding.severity.as_deref());
    let runbook = finding.and_then(|finding| finding.runbook.as_deref());
    let runbook = runbook.map_or_else(String::new, |url| {
        format!("; runbook {}", link(&clip::line(url)))
    });
    let status = finding.map_or_else(|| "no-go".to_owned(), Finding::told);
    format!(
        "| {} | **{status}** | {value} | {limit} | {}{runbook} | {} |\n",
        cell(&case.name),
        inert(&case.says),
        inert(&clip::name(severity.unwrap_or_default()))
    )
}

/// What would change a rule, what it says, and what it stands for.
fn next(case: &Case<'_>) -> Option<String> {
    let finding = case.finding?;
    let lines = next::steps(finding).into_iter().chain(next::words(finding));
    let asked = asked(finding).filter(|line| !line.starts_with("severity: "));
    let lines = lines.map(|line| clip::line(&line));
    let lines = lines.filter(|line| *line != case.says);
    let lines = lines.chain(asked.map(|line| clip::line(&line)));
    let when = finding.when.iter();
    let when = when.map(|when| format!("applies when {}", code(&clip::line(when))));
    let lines = lines.map(|line| inert(&line)).chain(when);
    let lines: Vec<String> = lines.map(|line| format!("  - {line}\n")).collect();
    (!lines.is_empty()).then(|| format!("- {}\n{}", cell(&case.name), lines.concat()))
}

fn row(case: &Case<'_>) -> String {
    let Some(finding) = case.finding else {
        return String::new();
    };
    let place = case.at.as_ref().map_or_else(String::new, |at| {
        cell(&clip::line(&format!("{}:{}", at.file, at.line)))
    });
    let status = finding.told();
    let status = match case.outcome {
        outcome if outcome.red() => format!("**{status}**"),
        Outcome::Watched => format!("{status} (watched only)"),
        _ if finding.watch => format!("{status} (watched only)"),
        _ => status,
    };
    let (says, told) = (
        &case.says,
        case.finding.is_some_and(|finding| finding.watch),
    );
    // The status has said that it is only watched, and what a rule without a value came to.
    let says = match says.split_once(WATCHED).filter(|_| told) {
        Some((_, says)) => inert(says),
        None if says == finding.status.name() => String::new(),
        None => inert(says),
    };
    format!(
        "| {} | {} | {status} | {says} | {place} |\n",
        cell(&case.name),
        finding.effect.name()
    )
}

fn warnings(page: &mut Page, cases: &[Case<'_>]) {
    let lines: Vec<String> = cases
        .iter()
        .filter(|case| case.outcome == Outcome::Warning)
        .map(|case| format!("- {}: {}\n", inert(&case.rule), inert(&case.says)))
        .collect();
    if !lines.is_empty() && page.add("\n## Warnings\n\n") {
        page.all(&lines, "warnings");
    }
}
