//! The verdict in a word, its reason, what it is about, and where on the page to find what. Never green where the process
//! does not end with a go.

use super::markup::Markup;
use crate::report::Told;
use crate::report::case::shown_reason;
use crate::verdict::{Decision, ExitCode, Status, Verdict};

/// The title of the page.
pub(super) fn title(page: &mut Markup, told: &Told<'_>) {
    match told.verdict {
        Some(verdict) => {
            page.raw(look(told, verdict).1).raw(" · ");
            page.name(&verdict.policy.name)
                .raw(" @ ")
                .name(&verdict.stage);
        }
        None => {
            page.raw("NO VERDICT");
        }
    }
}

/// The head of the page.
pub(super) fn head(page: &mut Markup, told: &Told<'_>) {
    page.tag("header", &[], |page| match told.verdict {
        Some(verdict) => {
            banner(page, told, verdict);
            navigation(page, verdict);
        }
        None => none(page, told.exit),
    });
    page.raw("\n");
}

/// The tone of a verdict, its word and its sign.
fn look(told: &Told<'_>, verdict: &Verdict) -> (&'static str, &'static str, &'static str) {
    match verdict.verdict {
        Decision::Go if told.exit == ExitCode::Success => ("banner good", "GO", "✓ "),
        Decision::Go => ("banner bad", "GO, BUT", "✕ "),
        Decision::NoGo => ("banner warn", "NO-GO", "✕ "),
        Decision::Rollback => ("banner bad", "ROLLBACK", "↩ "),
    }
}

fn banner(page: &mut Markup, told: &Told<'_>, verdict: &Verdict) {
    let (class, word, sign) = look(told, verdict);
    page.tag("div", &[("class", class)], |page| {
        page.tag("h1", &[], |page| {
            page.tag("span", &[("class", "word")], |page| {
                page.tag("span", &[("aria-hidden", "true")], |page| {
                    page.raw(sign);
                });
                page.raw(word);
            });
            page.raw(" ");
            page.tag("bdi", &[], |page| {
                page.name(&verdict.policy.name);
            });
            page.raw(" @ ");
            page.tag("bdi", &[], |page| {
                page.name(&verdict.stage);
            });
        });
        page.says("p", &[("class", "reason")], &shown_reason(verdict));
        if told.exit.code() != verdict.exit_code {
            let text = format!(
                "The process ended with {}: {}.",
                told.exit.code(),
                told.exit.meaning()
            );
            page.says("p", &[("class", "alarm")], &text);
        }
        page.tag("dl", &[("class", "facts")], |page| {
            facts(page, told, verdict);
        });
    });
}

fn facts(page: &mut Markup, told: &Told<'_>, verdict: &Verdict) {
    let mut fact = |name: &'static str, text: &str| {
        page.tag("div", &[], |page| {
            super::pair(page, name, |page| {
                page.name(text);
            });
        });
    };
    let subject = &verdict.subject;
    for (name, text) in [
        ("Service", &subject.service),
        ("Version", &subject.version),
        ("Commit", &subject.commit),
        ("Environment", &subject.environment),
    ] {
        text.iter().for_each(|text| fact(name, text));
    }
    fact("As of", &verdict.now.to_string());
    let causes: Vec<&str> = verdict.causes.iter().map(|cause| cause.name()).collect();
    if !causes.is_empty() {
        fact("Causes", &causes.join(", "));
    }
    verdict
        .next
        .iter()
        .for_each(|next| fact("Next stage", next));
    fact("Exit code", &told.exit.code().to_string());
    fact("Findings", &counts(verdict));
}

/// How many findings are what.
fn counts(verdict: &Verdict) -> String {
    let statuses = [
        Status::Fired,
        Status::Unmet,
        Status::Unknown,
        Status::Pending,
        Status::Waived,
        Status::Met,
        Status::Clear,
        Status::Skipped,
    ];
    let judged = || verdict.findings.iter().filter(|finding| !finding.watch);
    let mut parts: Vec<String> = Vec::new();
    for status in statuses {
        let count = judged()
            .filter(|finding| finding.listed() == status)
            .count();
        if count > 0 {
            parts.push(format!("{count} {}", status.name()));
        }
    }
    let watched = verdict.findings.len().saturating_sub(judged().count());
    if watched > 0 {
        parts.push(format!("{watched} watched"));
    }
    if parts.is_empty() {
        return "none".to_owned();
    }
    parts.join(", ")
}

fn navigation(page: &mut Markup, verdict: &Verdict) {
    page.tag("nav", &[("aria-label", "On this page")], |page| {
        page.tag("ul", &[], |page| {
            let mut link = |href: &'static str, text: &'static str| {
                page.tag("li", &[], |page| {
                    page.tag("a", &[("href", href)], |page| {
                        page.raw(text);
                    });
                });
            };
            let now = super::follow::any(verdict).then_some(("#now", "What to do now"));
            let to_go = ("#to-go", "What would make it go");
            let to_go = (verdict.verdict != Decision::Go).then_some(to_go);
            let first = match verdict.verdict {
                Decision::Rollback => [now, to_go],
                Decision::Go | Decision::NoGo => [to_go, now],
            };
            for (href, text) in first.into_iter().flatten() {
                link(href, text);
            }
            link("#findings", "Findings");
            link("#passing", "Passing");
            if super::follow::any_later(verdict) {
                link("#follow", "Escalation and duties");
            }
            link("#checklist", "Checklist");
            link("#record", "Record");
        });
    });
}

fn none(page: &mut Markup, exit: ExitCode) {
    page.tag("div", &[("class", "banner bad")], |page| {
        page.tag("h1", &[], |page| {
            page.tag("span", &[("class", "word")], |page| {
                page.tag("span", &[("aria-hidden", "true")], |page| {
                    page.raw("✕ ");
                });
                page.raw("NO VERDICT");
            });
            page.raw(" nothing could be judged");
        });
        let text = format!("Exit code {}: {}.", exit.code(), exit.meaning());
        page.says("p", &[("class", "reason")], &text);
        page.raw(
            "<p>This is not a go: whatever stood at this place before says nothing about now.</p>",
        );
    });
}
