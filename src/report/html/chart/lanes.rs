//! Marks of single instants, and below the field a lane for each finding: since when its condition is what it is, how long
//! that must last, when it fired and when it was clear again. Never judges.

use jiff::Timestamp;

use super::shape::{label, path, rectangle, round};
use super::{BOTTOM, Drawing, LANE, LANES, LETTER, RIGHT, TOP};
use crate::expr::duration::parse_duration;
use crate::report::html::markup::Markup;
use crate::verdict::{Finding, Status};

/// The most letters of a name at a line.
const NAME: usize = 24;

impl Drawing<'_> {
    /// The entry of the stage, and when rules fired: whose it was stands at the line, first that of the finding beside it.
    pub(super) fn marks(&self, markup: &mut Markup) {
        let mut told: Vec<(f64, f64)> = Vec::new();
        let mut fired: Vec<(Timestamp, Vec<String>)> = Vec::new();
        for finding in self.findings.iter().take(LANES) {
            let Some(at) = finding.fired_at.filter(|at| self.clock.shows(*at)) else {
                continue;
            };
            match fired.iter_mut().find(|(other, _)| *other == at) {
                Some((_, names)) => names.push(finding.name()),
                None => fired.push((at, vec![finding.name()])),
            }
        }
        for (at, names) in fired {
            let text = match names.as_slice() {
                [one] => format!("{} fired", short(one)),
                [one, others @ ..] => format!("{} and {} more fired", short(one), others.len()),
                [] => continue,
            };
            self.mark(markup, "fired", at, (&text, &mut told));
        }
        if let Some(entered) = self.plot.entered.filter(|at| self.clock.shows(*at)) {
            self.mark(markup, "entered", entered, ("entered", &mut told));
        }
    }

    /// A line, and what it says where there is room beside what others say.
    fn mark(
        &self,
        markup: &mut Markup,
        class: &'static str,
        at: Timestamp,
        (text, told): (&str, &mut Vec<(f64, f64)>),
    ) {
        let x = self.x(at);
        let line = format!("M{} {}V{}", round(x), round(TOP - 15.0), round(BOTTOM));
        path(markup, class, &line);
        let letters = u16::try_from(text.chars().count()).unwrap_or(u16::MAX);
        let long = f64::from(letters) * LETTER;
        let (anchor, x, from) = if x + long > RIGHT {
            ("end", x - 3.0, x - 3.0 - long)
        } else {
            ("start", x + 3.0, x + 3.0)
        };
        let to = from + long;
        if told.iter().all(|(begin, end)| to < *begin || from > *end) {
            told.push((from, to));
            label(markup, anchor, (x, TOP - 17.0), text);
        }
    }

    /// For each finding how long its condition has the value it has, and how long that must last.
    pub(super) fn lanes(&self, markup: &mut Markup) {
        let mut y = BOTTOM + 33.0;
        for (finding, number) in self.findings.iter().zip(1_usize..=LANES) {
            let (top, bottom) = (y + 3.0, y + LANE - 3.0);
            let middle = top / 2.0 + bottom / 2.0;
            label(
                markup,
                "end",
                (self.left - 5.0, middle + 4.0),
                &number.to_string(),
            );
            let ground = format!("M{} {}H{}", round(self.left), round(middle), round(RIGHT));
            path(markup, "grid", &ground);
            if let Some(since) = finding.since.filter(|_| finding.status != Status::Skipped) {
                let end = self.x(self.now);
                let begin = self.x(since).min(end - 2.0);
                let class = if is_bad(finding) { "run bad" } else { "run" };
                rectangle(markup, class, (begin, end), (top, bottom));
                let full = full(finding, self.now).filter(|full| self.clock.shows(*full));
                if let Some(full) = full {
                    let x = round(self.x(full));
                    path(
                        markup,
                        "full",
                        &format!("M{x} {}V{}", round(y), round(y + LANE)),
                    );
                }
            }
            let fired = finding.fired_at.filter(|at| self.clock.shows(*at));
            if let Some(fired) = fired {
                let x = self.x(fired);
                let shape = format!(
                    "M{} {}L{} {}H{}Z",
                    round(x),
                    round(top - 2.0),
                    round(x + 5.0),
                    round(bottom + 1.0),
                    round(x - 5.0)
                );
                path(markup, "shape", &shape);
            }
            let cleared = finding.cleared_at.filter(|at| self.clock.shows(*at));
            if let Some(cleared) = cleared {
                let x = self.x(cleared);
                let shape = format!(
                    "M{} {}L{} {}H{}Z",
                    round(x),
                    round(bottom + 2.0),
                    round(x + 5.0),
                    round(top - 1.0),
                    round(x - 5.0)
                );
                path(markup, "shape open", &shape);
            }
            y += LANE;
        }
    }
}

/// A name as it stands at a line.
fn short(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    let kept: String = name.chars().take(NAME.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// The instant at which a condition has lasted long enough, where that has come.
pub(super) fn full(finding: &Finding, now: Timestamp) -> Option<Timestamp> {
    let hold = parse_duration(finding.hold.as_deref()?).ok()?;
    let full = finding.since?.checked_add(hold).ok()?;
    (full <= now).then_some(full)
}

/// Whether a run is one that speaks against a go.
fn is_bad(finding: &Finding) -> bool {
    matches!(finding.status, Status::Fired | Status::Unmet)
}
