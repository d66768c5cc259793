//! What a verdict rests on: waivers, parameters, warnings, digests, and what computed it. Plain data, never explained away.

use super::markup::Markup;
use super::section;
use crate::verdict::Verdict;
use crate::verdict::record::Waiver;

/// The most rows of a table.
const MOST: usize = 300;

/// What it rests on.
pub(super) fn rest(page: &mut Markup, verdict: &Verdict) {
    section(page, "record", "Record", |page| {
        waivers(page, verdict);
        if !verdict.warnings.is_empty() {
            page.raw("<h3>Warnings</h3>");
            page.tag("ul", &[], |page| {
                for warning in verdict.warnings.iter().take(MOST) {
                    page.says("li", &[], warning);
                }
            });
            more(page, verdict.warnings.len());
        }
        if !verdict.params.is_empty() {
            page.raw("<h3>Parameters</h3>");
            let params = verdict.params.iter();
            let params = params.map(|(name, value)| (name.as_str(), value.to_string()));
            table(page, ("Parameter", "Value"), &params.collect::<Vec<_>>());
        }
        page.raw("<h3>Digests</h3>");
        let digests = &verdict.digests;
        let waivers = digests.waivers.iter();
        let waivers = waivers.map(|digest| ("waivers", digest.clone()));
        let rows = [
            ("policy", digests.policy.clone()),
            ("history", digests.history.clone()),
        ];
        let record = [("record", digests.record.clone())];
        table(
            page,
            ("Of", "SHA-256"),
            &rows
                .into_iter()
                .chain(waivers)
                .chain(record)
                .collect::<Vec<_>>(),
        );
    });
}

fn waivers(page: &mut Markup, verdict: &Verdict) {
    let waivers = &verdict.waivers;
    let expired: Vec<&Waiver> = waivers
        .expired
        .iter()
        .map(|expired| &expired.waiver)
        .collect();
    let kinds: [(&'static str, Vec<&Waiver>); 4] = [
        ("used", waivers.used.iter().collect()),
        ("unused", waivers.unused.iter().collect()),
        ("expired", expired),
        (
            "of no rule or stage there is",
            waivers.unknown.iter().collect(),
        ),
    ];
    if kinds.iter().all(|(_, list)| list.is_empty()) {
        return;
    }
    page.raw("<h3>Waivers</h3>");
    page.tag("ul", &[], |page| {
        for (kind, list) in kinds {
            for waiver in list.iter().take(MOST) {
                page.tag("li", &[], |page| {
                    page.tag("strong", &[], |page| {
                        page.name(&waiver.rule);
                    });
                    page.raw(" · ").raw(kind).raw(" · ").text(&waiver.reason);
                    let who = format!(
                        " (stage {}, owner {}, approved by {}, until {})",
                        waiver.stage, waiver.owner, waiver.approved_by, waiver.expires
                    );
                    page.says("span", &[("class", "quiet")], &who);
                });
            }
            more(page, list.len());
        }
    });
}

fn table(
    page: &mut Markup,
    (first, second): (&'static str, &'static str),
    rows: &[(&str, String)],
) {
    page.tag("table", &[], |page| {
        page.raw("<thead><tr><th scope=\"col\">")
            .raw(first)
            .raw("</th><th scope=\"col\">");
        page.raw(second).raw("</th></tr></thead>");
        page.tag("tbody", &[], |page| {
            for (name, value) in rows.iter().take(MOST) {
                page.tag("tr", &[], |page| {
                    let class = if name.len() > 12 { "" } else { "fix" };
                    page.tag("th", &[("scope", "row"), ("class", class)], |page| {
                        page.name(name);
                    });
                    page.tag("td", &[], |page| {
                        page.code(value);
                    });
                });
            }
        });
    });
    more(page, rows.len());
}

fn more(page: &mut Markup, all: usize) {
    let more = all.saturating_sub(MOST);
    if more > 0 {
        page.says("p", &[("class", "quiet")], &format!("and {more} more"));
    }
}

/// What computed it.
pub(super) fn foot(page: &mut Markup, verdict: Option<&Verdict>) {
    let own = crate::verdict::Engine::default();
    let engine = verdict.map_or(&own, |verdict| &verdict.engine);
    page.tag("footer", &[], |page| {
        page.tag("p", &[], |page| {
            page.name(&engine.name).raw(" ").name(&engine.version);
            if let Some(verdict) = verdict {
                page.raw(" · policy ").text(&verdict.policy.path);
            }
        });
    });
    page.raw("\n");
}
