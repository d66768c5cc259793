//! The findings that are not as they should be, worst first, each with its values, its times, what would change it, and the
//! course of what it reads. Never judges.

mod detail;

use super::chart;
use super::follow::label;
use super::markup::Markup;
use super::section;
use crate::explain::reason::{EMPTY, unit};
use crate::report::plot::Plot;
use crate::report::text::finding::measured;
use crate::report::text::times::{times, waiting};
use crate::verdict::{Cause, Effect, Finding, Status, Verdict};

/// What is to be looked at.
pub(super) fn findings(page: &mut Markup, verdict: &Verdict, plots: &[Plot]) {
    section(page, "findings", "Findings", |page| {
        if verdict.causes.contains(&Cause::Empty) {
            page.tag("p", &[("class", "alarm")], |page| {
                page.raw(EMPTY);
            });
        }
        let shown: Vec<&Finding> = verdict.findings.iter().filter(|one| speaks(one)).collect();
        let (against, others): (Vec<&Finding>, Vec<&Finding>) =
            shown.into_iter().partition(|finding| finding.counts);
        if against.is_empty() && others.is_empty() {
            page.raw("<p>Every finding is as it should be.</p>");
        }
        let mut drawn = vec![false; plots.len()];
        for (index, finding) in against.iter().enumerate() {
            article(
                page,
                verdict,
                finding,
                &format!("finding-{index}"),
                (plots, &mut drawn),
            );
        }
        if plots.is_empty() && against.iter().any(|finding| finding.expr.is_some()) {
            page.raw("<p class=\"quiet\">No course is drawn: a record holds no samples, plots need the policy and the snapshots (-p and -s), or none of these findings reads a number of its own.</p>");
        }
        if !others.is_empty() {
            page.raw("<h3>To be seen, but not against a go</h3>");
        }
        for (index, finding) in others.iter().enumerate() {
            article(
                page,
                verdict,
                finding,
                &format!("other-{index}"),
                (plots, &mut drawn),
            );
        }
    });
}

/// Whether a finding is shown by itself: whatever is not as it should be.
pub(super) fn speaks(finding: &Finding) -> bool {
    let quiet = matches!(
        finding.status,
        Status::Met | Status::Clear | Status::Skipped
    ) || (finding.status == Status::Pending && finding.effect != Effect::Require);
    finding.counts || !quiet
}

fn article(
    page: &mut Markup,
    verdict: &Verdict,
    finding: &Finding,
    id: &str,
    (plots, drawn): (&[Plot], &mut [bool]),
) {
    let heading = format!("{id}-heading");
    let (tone, tag) = look(finding);
    let name = finding.name();
    let own: Vec<(usize, &Plot)> = plots
        .iter()
        .enumerate()
        .filter(|(_, plot)| plot.rules.contains(&name))
        .collect();
    let new: Vec<usize> = own
        .iter()
        .map(|(index, _)| *index)
        .filter(|index| drawn.get(*index) == Some(&false))
        .collect();
    let attributes = [("class", tone), ("id", id), ("aria-labelledby", &*heading)];
    page.tag("article", &attributes, |page| {
        page.tag("h3", &[("id", &heading)], |page| {
            page.tag("span", &[("class", "tag")], |page| {
                page.raw(tag);
            });
            page.tag("bdi", &[], |page| {
                page.name(&name);
            });
            page.tag("span", &[("class", "quiet")], |page| {
                page.text(&finding.told());
            });
            finding.severity.iter().for_each(|one| label(page, one));
            if finding.watch {
                label(page, "watched only");
            }
            if finding.late {
                label(page, "late");
            }
        });
        let class = if new.is_empty() { "two" } else { "two drawn" };
        page.tag("div", &[("class", class)], |page| {
            page.tag("div", &[], |page| {
                told(page, verdict, finding);
                let bare = finding.counts && finding.expr.is_some() && own.is_empty();
                if bare && !plots.is_empty() {
                    page.raw("<p class=\"quiet\">Not drawn: it reads no number by itself, or those of findings before it fill the page.</p>");
                }
                for (index, plot) in &own {
                    if !new.contains(index) && drawn.get(*index) == Some(&true) {
                        let href = format!("#plot-{index}");
                        page.tag("p", &[("class", "quiet")], |page| {
                            page.raw("Drawn above: ")
                                .tag("a", &[("href", &href)], |page| {
                                    page.name(&plot.input);
                                });
                        });
                    }
                }
            });
            if !new.is_empty() {
                page.tag("div", &[], |page| {
                    for index in &new {
                        if let Some(drawn) = drawn.get_mut(*index) {
                            chart::figure(page, verdict, plots, *index, Some(finding));
                            *drawn = true;
                        }
                    }
                });
            }
        });
    });
    page.raw("\n");
}

/// The tone of a finding, and its word.
pub(super) fn look(finding: &Finding) -> (&'static str, &'static str) {
    match (finding.watch, finding.status) {
        (true, _) => ("note", "◦ WATCHED"),
        _ if finding.asks_back() => ("bad", "↩ ROLLBACK"),
        (_, Status::Waived) => ("note", "~ WAIVED"),
        (_, Status::Met | Status::Clear) => ("good", "✓ OK"),
        (_, Status::Skipped) => ("note", "– SKIPPED"),
        (_, Status::Unknown) if finding.counts => ("warn", "? NO-GO"),
        (_, Status::Pending) if finding.counts => ("warn", "… NOT YET"),
        _ if finding.counts => ("warn", "✕ NO-GO"),
        _ => ("note", "◦ NOTE"),
    }
}

fn told(page: &mut Markup, verdict: &Verdict, finding: &Finding) {
    if let Some(text) = finding.message.as_ref().or(finding.title.as_ref()) {
        page.tag("p", &[], |page| {
            page.lines(text);
        });
    }
    if let Some(expr) = &finding.expr {
        page.tag("pre", &[], |page| {
            page.tag("code", &[], |page| {
                page.lines(expr.trim_end());
            });
        });
    }
    // Values and times are told as they would be without the waiver.
    let bare = finding.waiver.as_ref().map(|waiver| {
        let status = waiver.instead_of;
        Finding {
            status,
            ..finding.clone()
        }
    });
    let so = bare.as_ref().unwrap_or(finding);
    let line = if so.status == Status::Pending && so.proof.is_none() {
        waiting(so, verdict.now)
    } else {
        let margin = so.margin.as_ref();
        let value = margin.map(|margin| measured(margin, unit(so, &margin.input)));
        let times = times(so, verdict.now);
        let parts = value
            .into_iter()
            .chain(Some(times).filter(|times| !times.is_empty()));
        parts.collect::<Vec<String>>().join(", ")
    };
    if !line.is_empty() {
        page.says("p", &[("class", "measured")], &line);
    }
    detail::detail(page, verdict, so);
    detail::folded(page, so);
}
