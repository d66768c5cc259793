//! What else there is to say of a finding: what would change it, other values, what was not known, its proof, where it comes
//! from; folded, the value of every part and what its windows looked back at. Never judges.

use crate::explain::number::quantity;
use crate::explain::reason::{plain, way};
use crate::report::html::markup::Markup;
use crate::report::html::pair;
use crate::report::text::proof::{given, missing};
use crate::report::text::times::clock;
use crate::verdict::{Contents, Finding, Part, Status, Verdict};

/// The most of one kind that is told of one finding.
const MOST: usize = 12;
/// The most parts of a condition.
const PARTS: usize = 40;

/// What is seen at once.
pub(super) fn detail(page: &mut Markup, verdict: &Verdict, finding: &Finding) {
    page.tag("dl", &[("class", "pairs")], |page| {
        lasting(page, finding);
        if let Some((what, how)) = advised(finding) {
            pair(page, what, |page| {
                page.text(&how);
            });
        }
        if let Some(action) = finding.action.as_ref().filter(|_| finding.counts) {
            pair(page, "do", |page| {
                page.text(action);
            });
        }
        proof(page, verdict, finding);
        if let Some(due) = finding.due {
            pair(page, "due", |page| {
                page.text(&clock(due, verdict.now));
                page.raw(if finding.late { ", late" } else { "" });
            });
        }
        values(page, finding);
        doubts(page, finding);
        waiver(page, verdict, finding);
        if let Some(skipped) = &finding.skipped {
            pair(page, "skipped", |page| {
                page.text(skipped);
            });
        }
        origin(page, finding);
    });
}

/// What would change it, and as what that is told.
fn advised(finding: &Finding) -> Option<(&'static str, String)> {
    if finding.checkpoint.is_some() {
        let good = finding.status == Status::Met;
        let text = "a checkpoint is judged once, for good: enter the stage again";
        return (!good).then(|| ("to meet", text.to_owned()));
    }
    if finding.is_over() {
        return Some((
            "to clear",
            "enter the stage again: it stays fired until then".to_owned(),
        ));
    }
    let ways: Vec<String> = finding
        .to_change
        .iter()
        .map(|one| way(finding, one))
        .collect();
    if ways.is_empty() {
        return None;
    }
    let clear = finding.status == Status::Fired;
    let mut text = ways.join(" or ");
    match finding.hold.as_deref() {
        Some("bake") if !clear => text.push_str(", for the bake time"),
        Some(hold) if !clear => text.push_str(&format!(", for {hold}")),
        _ => {}
    }
    if finding.latched {
        text.push_str(", and the stage entered again");
    }
    Some((if clear { "to clear" } else { "to meet" }, text))
}

/// When it applies, how long it must last, and when it is judged.
fn lasting(page: &mut Markup, finding: &Finding) {
    if let Some(when) = &finding.when {
        pair(page, "applies when", |page| {
            page.code(when);
        });
    }
    if let Some(hold) = finding.hold.as_ref().filter(|_| finding.expr.is_some()) {
        pair(page, "must last", |page| {
            match hold.as_str() {
                "bake" => page.raw("the bake time of the stage"),
                hold => page.name(hold),
            };
        });
    }
    if let Some(checkpoints) = &finding.checkpoints {
        pair(page, "judged at", |page| {
            page.text(checkpoints);
        });
    }
}

fn proof(page: &mut Markup, verdict: &Verdict, finding: &Finding) {
    let Some(proof) = &finding.proof else { return };
    pair(page, "asks for", |page| {
        page.text(&proof.asks);
    });
    if !proof.given.is_empty() {
        pair(page, "given", |page| {
            for one in proof.given.iter().take(MOST) {
                page.tag("p", &[], |page| {
                    page.text(&given(one, verdict.now));
                    if let Some(url) = &one.url {
                        page.raw(" ").link(url);
                    }
                });
            }
            more(page, proof.given.len(), MOST);
        });
    }
    if !proof.missing.is_empty() {
        pair(page, "lacks", |page| {
            for lack in proof.missing.iter().take(MOST) {
                page.says("p", &[], &missing(lack));
            }
            more(page, proof.missing.len(), MOST);
        });
    }
    if let Some(at) = finding.met_at.filter(|_| finding.status == Status::Pending) {
        pair(page, "opens", |page| {
            page.text(&clock(at, verdict.now));
        });
    }
}

fn values(page: &mut Markup, finding: &Finding) {
    let told = finding.margin.as_ref().map(|margin| &margin.input);
    let others: Vec<_> = finding
        .values
        .iter()
        .filter(|operand| Some(&operand.expr) != told)
        .collect();
    if others.is_empty() {
        return;
    }
    pair(page, "with", |page| {
        for operand in others.iter().take(MOST) {
            page.tag("p", &[], |page| {
                page.tag("code", &[], |page| {
                    page.name(&operand.expr);
                });
                page.raw(" = ")
                    .name(&plain(&operand.value, operand.unit.as_deref()));
            });
        }
        more(page, others.len(), MOST);
    });
}

fn doubts(page: &mut Markup, finding: &Finding) {
    if !finding.unknown.is_empty() {
        pair(page, "unknown", |page| {
            for gap in finding.unknown.iter().take(MOST) {
                page.tag("p", &[], |page| {
                    page.tag("code", &[], |page| {
                        page.name(&gap.expr);
                    });
                    page.raw(": ").text(&gap.reason);
                });
            }
            more(page, finding.unknown.len(), MOST);
        });
    }
    if !finding.assumed.is_empty() {
        pair(page, "assumed", |page| {
            page.raw("the default of ")
                .text(&finding.assumed.join(", "));
        });
    }
}

fn waiver(page: &mut Markup, verdict: &Verdict, finding: &Finding) {
    if let Some(waiver) = &finding.waiver {
        pair(page, "waived", |page| {
            page.raw("else ")
                .raw(waiver.instead_of.name())
                .raw(": ")
                .text(&waiver.reason);
            let who = format!(
                "owner {}, approved by {}, until {}",
                waiver.owner, waiver.approved_by, waiver.expires
            );
            page.says("p", &[("class", "quiet")], &who);
        });
    }
    let name = finding.name();
    for expired in &verdict.waivers.expired {
        let waiver = &expired.waiver;
        let ours = waiver.rule == finding.rule || waiver.rule == name;
        if expired.missed && finding.counts && ours {
            pair(page, "waiver", |page| {
                page.text(&format!("ended {}: {}", waiver.expires, waiver.reason));
            });
        }
    }
}

fn origin(page: &mut Markup, finding: &Finding) {
    if let Some(runbook) = &finding.runbook {
        pair(page, "runbook", |page| {
            page.link(runbook);
        });
    }
    for (name, list) in [("playbook", &finding.cite), ("controls", &finding.controls)] {
        if !list.is_empty() {
            pair(page, name, |page| {
                page.text(&list.join(", "));
            });
        }
    }
    if let Some(group) = &finding.group {
        pair(page, "group", |page| {
            page.name(group);
        });
    }
    if let Some(at) = &finding.at {
        pair(page, "at", |page| {
            page.tag("span", &[("class", "place")], |page| {
                page.text(&at.file)
                    .text(&format!(":{}:{}", at.line, at.column));
            });
        });
    }
}

/// The value of every part, and what the windows looked back at.
pub(super) fn folded(page: &mut Markup, finding: &Finding) {
    if !finding.trace.is_empty() {
        page.tag("details", &[], |page| {
            page.raw("<summary>Value of every part</summary>");
            page.tag("table", &[], |page| {
                page.raw("<thead><tr><th scope=\"col\">Part</th><th scope=\"col\">Value</th></tr></thead>");
                page.tag("tbody", &[], |page| {
                    finding.trace.iter().take(PARTS).for_each(|one| part(page, one));
                });
            });
            more(page, finding.trace.len(), PARTS);
        });
    }
    if !finding.windows.is_empty() {
        page.tag("details", &[], |page| {
            page.raw("<summary>What its windows looked back at</summary>");
            page.tag("table", &[], |page| {
                page.raw("<thead><tr><th scope=\"col\">Window</th><th scope=\"col\">Samples</th></tr></thead>");
                page.tag("tbody", &[], |page| {
                    finding.windows.iter().take(MOST).for_each(|one| window(page, one));
                });
            });
            more(page, finding.windows.len(), MOST);
        });
    }
}

fn part(page: &mut Markup, part: &Part) {
    // How much more there is, and no part.
    let rest = part.value.is_none() && part.unknown.is_none();
    page.tag("tr", &[], |page| {
        page.tag("td", &[], |page| {
            let item = part.item.as_deref().unwrap_or_default();
            if rest {
                page.text(item);
                return;
            }
            page.code(&part.expr);
            if let Some(named) = &part.of {
                page.raw(" in ").code(named);
            }
            if !item.is_empty() {
                page.raw(" at ").name(item);
            }
        });
        page.tag("td", &[], |page| {
            match (&part.value, &part.unknown) {
                (Some(value), _) => page.name(&plain(value, part.unit.as_deref())),
                (None, Some(why)) => page.raw("unknown: ").text(why),
                (None, None) => page,
            };
        });
    });
}

fn window(page: &mut Markup, window: &Contents) {
    let unit = window.unit.as_deref();
    page.tag("tr", &[], |page| {
        page.tag("td", &[], |page| {
            page.code(&window.expr);
        });
        page.tag("td", &[], |page| {
            let known = if window.samples == 1 {
                "sample"
            } else {
                "samples"
            };
            let mut parts = vec![format!("{} known {known}", window.samples)];
            parts.extend(window.from.map(|from| format!("after {from}")));
            let start = window.start.iter();
            parts.extend(start.map(|start| format!("from {} then", plain(start, unit))));
            for (name, number) in [
                ("min", window.min),
                ("avg", window.avg),
                ("max", window.max),
            ] {
                parts.extend(number.map(|number| format!("{name} {}", quantity(number, unit))));
            }
            parts.extend(
                window
                    .last
                    .iter()
                    .map(|last| format!("last {}", plain(last, unit))),
            );
            page.text(&parts.join(", "));
            for hole in window.holes.iter().take(MOST) {
                let text = format!("nothing known from {} to {}", hole.from, hole.to);
                page.says("p", &[("class", "quiet")], &text);
            }
            more(page, window.holes.len(), MOST);
        });
    });
}

fn more(page: &mut Markup, all: usize, shown: usize) {
    let more = all.saturating_sub(shown);
    if more > 0 {
        page.says("p", &[("class", "quiet")], &format!("and {more} more"));
    }
}
