//! The findings that are as they should be, folded: a line each, and the course of what they read. Never judges.

use super::chart;
use super::finding::speaks;
use super::markup::Markup;
use super::section;
use crate::explain::reason::{one, unit};
use crate::report::plot::Plot;
use crate::report::text::finding::measured;
use crate::report::text::times::times;
use crate::verdict::{Finding, Status, Verdict};

/// What is as it should be.
pub(super) fn passing(page: &mut Markup, verdict: &Verdict, plots: &[Plot]) {
    let quiet: Vec<&Finding> = verdict.findings.iter().filter(|one| !speaks(one)).collect();
    section(page, "passing", "Passing", |page| {
        if quiet.is_empty() {
            page.raw("<p>None.</p>");
            return;
        }
        page.tag("details", &[], |page| {
            page.tag("summary", &[], |page| {
                page.text(&counted(&quiet));
            });
            page.tag("table", &[], |page| {
                page.raw("<thead><tr><th scope=\"col\">Rule</th><th scope=\"col\" class=\"fix\">Status</th><th scope=\"col\">What is so</th></tr></thead>");
                page.tag("tbody", &[], |page| {
                    quiet.iter().for_each(|finding| row(page, verdict, finding));
                });
            });
        });
        let of = |plot: &Plot| {
            let reads = |finding: &Finding| plot.rules.contains(&finding.name());
            !verdict
                .findings
                .iter()
                .any(|finding| speaks(finding) && reads(finding))
        };
        let others: Vec<(usize, &Plot)> = plots
            .iter()
            .enumerate()
            .filter(|(_, plot)| of(plot))
            .collect();
        if !others.is_empty() {
            page.tag("details", &[], |page| {
                page.raw("<summary>The course of what they read</summary>");
                page.tag("div", &[("class", "plots")], |page| {
                    for (index, _) in &others {
                        chart::figure(page, verdict, plots, *index, None);
                    }
                });
            });
        }
    });
}

/// `9 met, 2 clear`.
fn counted(quiet: &[&Finding]) -> String {
    let statuses = [Status::Met, Status::Clear, Status::Pending, Status::Skipped];
    let each = statuses.into_iter().filter_map(|status| {
        let count = quiet
            .iter()
            .filter(|finding| finding.status == status)
            .count();
        (count > 0).then(|| format!("{count} {}", status.name()))
    });
    each.collect::<Vec<String>>().join(", ")
}

fn row(page: &mut Markup, verdict: &Verdict, finding: &Finding) {
    page.tag("tr", &[], |page| {
        page.tag("td", &[], |page| {
            page.name(&finding.name());
            if let Some(title) = &finding.title {
                page.raw(": ").name(title);
            }
            let cited: Vec<&str> = finding
                .cite
                .iter()
                .chain(&finding.controls)
                .map(String::as_str)
                .collect();
            if !cited.is_empty() {
                page.tag("span", &[("class", "quiet")], |page| {
                    page.raw(" (").name(&cited.join(", ")).raw(")");
                });
            }
        });
        page.tag("td", &[("class", "fix")], |page| {
            let sign = match (finding.watch, finding.status) {
                (true, _) => "◦ watched, ",
                (_, Status::Skipped) => "– ",
                (_, Status::Pending) => "… ",
                _ => "✓ ",
            };
            page.raw(sign).raw(finding.status.name());
        });
        page.tag("td", &[], |page| so(page, verdict, finding));
    });
}

fn so(page: &mut Markup, verdict: &Verdict, finding: &Finding) {
    if let Some(skipped) = &finding.skipped {
        page.text(skipped);
    } else if let Some(margin) = &finding.margin {
        page.text(&measured(margin, unit(finding, &margin.input)));
        let times = times(finding, verdict.now);
        if !times.is_empty() {
            page.raw(", ").text(&times);
        }
    } else {
        page.text(&one(finding));
    }
    for gap in finding.unknown.iter().take(3) {
        page.tag("p", &[("class", "quiet")], |page| {
            page.raw("decided without ")
                .name(&gap.expr)
                .raw(": ")
                .text(&gap.reason);
        });
    }
    if !finding.assumed.is_empty() {
        page.tag("p", &[("class", "quiet")], |page| {
            page.raw("rests on the default of ")
                .text(&finding.assumed.join(", "));
        });
    }
}
