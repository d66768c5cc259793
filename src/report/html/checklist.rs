//! The stage's items as a list of what is done and what is missing, folded. It shows what the list says and decides nothing.

use super::markup::Markup;
use super::section;
use crate::report::checklist::{Checklist, Item, State, checklist as listed};
use crate::verdict::Verdict;

/// The list.
pub(super) fn checklist(page: &mut Markup, verdict: &Verdict) {
    let list = listed(verdict);
    section(page, "checklist", "Checklist", |page| {
        page.tag("details", &[], |page| {
            page.tag("summary", &[], |page| {
                page.text(&format!("{} of {} done", list.done, list.of));
            });
            if let Some(next) = &list.next_due {
                page.tag("p", &[], |page| {
                    page.text(&format!("Next due: {} (", next.at))
                        .name(&next.rule);
                    page.raw(if next.overdue { ", overdue)" } else { ")" });
                });
            }
            sections(page, &list);
            if list.clear > 0 {
                let what = if list.clear == 1 { "stop" } else { "stops" };
                page.says(
                    "p",
                    &[("class", "quiet")],
                    &format!("{} {what} did not fire.", list.clear),
                );
            }
        });
    });
}

fn sections(page: &mut Markup, list: &Checklist) {
    for section in &list.sections {
        page.tag("h3", &[], |page| {
            page.name(&section.title);
        });
        page.tag("ul", &[("class", "todo")], |page| {
            section.items.iter().for_each(|one| item(page, one));
        });
    }
}

fn item(page: &mut Markup, item: &Item) {
    let (sign, word) = match item.state {
        State::Done => ("☑", "done"),
        State::Open => ("☐", "open"),
        State::Fired => ("✕", "fired"),
        State::Undecided => ("?", "undecided"),
        State::NotApplicable => ("–", "does not apply"),
        State::Waived => ("~", "waived"),
    };
    page.tag("li", &[], |page| {
        page.tag(
            "span",
            &[("class", "box"), ("aria-hidden", "true")],
            |page| {
                page.raw(sign);
            },
        );
        page.tag("strong", &[], |page| {
            page.name(&item.rule);
            if let Some(key) = &item.key {
                page.raw("[").name(key).raw("]");
            }
        });
        page.raw(" · ").raw(word);
        if item.watch {
            page.raw(", watched only");
        }
        if let Some(title) = item.title.as_ref().or(item.asks.as_ref()) {
            page.raw(" · ").name(title);
        }
        if let Some(why) = &item.why {
            page.says("p", &[("class", "quiet")], why);
        }
        if let Some(due) = item.due.filter(|_| item.state != State::Done || item.late) {
            let late = if item.late { ", late" } else { "" };
            page.says("p", &[("class", "quiet")], &format!("due {due}{late}"));
        }
        for missing in item.missing.iter().take(8) {
            page.tag("p", &[], |page| {
                let lack = &missing.lack;
                let count = if lack.count > 1 {
                    format!("{} ", lack.count)
                } else {
                    String::new()
                };
                page.text(&format!("missing: {count}{}", lack.named()));
                if let Some(role) = &lack.role {
                    page.raw(" of role ").name(role);
                }
            });
            missing.how.iter().for_each(|how| command(page, how));
        }
        item.how.iter().for_each(|how| command(page, how));
    });
}

fn command(page: &mut Markup, how: &str) {
    page.tag("pre", &[], |page| {
        page.code(how);
    });
}
