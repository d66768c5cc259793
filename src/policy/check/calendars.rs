//! Calendars: their names, zones and periods; and lengths of time that are counted in them. Never asks whether one is
//! open.

use std::sync::Arc;

use super::Checker;
use super::attached::Dates;
use crate::calendar::{Calendar, Denied, Form, Lasting, MOST, Period};
use crate::calendar::{length::length, overlap::overlap, text::period, zone::zone};
use crate::expr::{Expect, Scope, compile};
use crate::policy::decode::Text;
use crate::policy::document::{CalendarDocument, LastingDocument, PolicyDocument};
use crate::policy::proof::Closed;
use crate::source::{Code, Problem, Span};

/// The calendars of a policy.
pub(super) type Calendars = Vec<Known>;

/// A calendar by the name it is declared under.
pub(super) struct Known {
    pub(super) name: Arc<str>,
    /// None where something is wrong with it, which has been told.
    pub(super) calendar: Option<Arc<Calendar>>,
    /// What closes it whatever the time.
    pub(super) closed: Vec<Closed>,
    /// Where the first such condition stands.
    when: Option<Span>,
}

impl Checker<'_> {
    pub(super) fn calendars(&mut self, document: &PolicyDocument) -> Calendars {
        let calendars = document.calendars.iter();
        calendars
            .map(|written| {
                let mut when = written
                    .deny
                    .iter()
                    .filter_map(|denied| denied.when.as_ref());
                Known {
                    name: Arc::from(written.name.as_str()),
                    calendar: self.calendar(written).map(Arc::new),
                    closed: Vec::new(),
                    when: when.next().map(|when| when.span),
                }
            })
            .collect()
    }

    /// Compiles what closes calendars whatever the time, once all names are known.
    pub(super) fn closed(
        &mut self,
        document: &PolicyDocument,
        scope: &Scope,
        calendars: &mut Calendars,
    ) {
        for (written, known) in document.calendars.iter().zip(calendars) {
            for denied in &written.deny {
                let Some(text) = &denied.when else { continue };
                let reason = denied.reason.as_ref();
                match compile(text.as_str(), scope, Expect::Bool) {
                    Ok(condition) => known.closed.push(Closed {
                        condition: Arc::new(condition),
                        reason: reason.map(|reason| Arc::from(reason.as_str())),
                    }),
                    Err(mistakes) => {
                        self.mistakes(text, mistakes);
                        known.calendar = None;
                    }
                }
            }
        }
    }

    /// The calendar of a name.
    pub(super) fn calendar_of<'c>(
        &mut self,
        text: &Text,
        calendars: &'c Calendars,
    ) -> Option<&'c Known> {
        let known = calendars
            .iter()
            .find(|known| known.name.as_ref() == text.as_str());
        if known.is_none() {
            let names = calendars.iter().map(|known| known.name.as_ref());
            self.unknown(Code::UnknownCalendar, text, "calendar", names);
        }
        known
    }

    fn calendar(&mut self, written: &CalendarDocument) -> Option<Calendar> {
        let name = written.name.as_str();
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let named = !name.is_empty() && name.chars().all(legal);
        if !named {
            let message = format!("`{name}` cannot be the name of a calendar");
            let label = "letters, digits, `-` and `_`";
            self.error(
                Code::BadName,
                written.name.span,
                message,
                label,
                "rename it",
            );
        }
        let zone = written.timezone.as_ref().and_then(|text| {
            zone(text.as_str())
                .map_err(|help| {
                    let message = format!("there is no time zone `{}`", text.as_str());
                    self.error(Code::UnknownZone, text.span, message, "not a zone", help);
                })
                .ok()
        });
        let listed = written.deny.iter().map(|denied| {
            let file = denied.file.as_ref()?;
            Some(self.dates(file))
        });
        let listed: Vec<_> = listed.collect();
        if self.too_many(written, &listed) {
            return None;
        }
        let allow = self.allowed(written);
        let deny = self.denied(written, listed);
        let calendar = Calendar {
            name: Arc::from(name),
            zone: zone?,
            allow: allow?,
            deny: deny?,
        };
        if !calendar.ever_opens() {
            let message = format!("the calendar `{name}` is never open");
            let help = if calendar.allow.is_empty() {
                "allow a period, such as `Tue-Thu 10:00-16:00`"
            } else {
                "allow a period that is not denied"
            };
            let label = "no time is left";
            self.error(Code::EmptyCalendar, written.name.span, message, label, help);
            return None;
        }
        named.then_some(calendar)
    }

    fn too_many(&mut self, written: &CalendarDocument, listed: &[Option<Dates>]) -> bool {
        let listed = listed.iter().flatten().flatten().map(Vec::len);
        let denied = written.deny.iter().map(|denied| denied.periods.len());
        let denied = denied.chain(listed);
        let allowed = written.allow.as_ref().map_or(0, Vec::len);
        let count = denied.fold(allowed, usize::saturating_add);
        if count > MOST {
            let message = format!(
                "the calendar `{}` has {count} periods, more than the {MOST} that are read",
                written.name.as_str()
            );
            let help = "write neighbouring days as one range, such as `2026-12-24/2027-01-02`";
            let span = written.name.span;
            self.error(Code::TooLarge, span, message, "too many", help);
        }
        count > MOST
    }

    /// The allowed periods, where all of them are right and no two overlap.
    fn allowed(&mut self, written: &CalendarDocument) -> Option<Vec<Period>> {
        let texts = written.allow.as_ref()?;
        let mut periods: Vec<(Period, &Text)> = Vec::new();
        let mut right = true;
        for text in texts {
            let Some(period) = self.period(text, Form::Any) else {
                right = false;
                continue;
            };
            if let Some((_, first)) = periods.iter().find(|(first, _)| overlap(first, &period)) {
                let (a, b) = (first.as_str(), text.as_str());
                let message = if a == b {
                    format!("`{a}` is allowed twice")
                } else {
                    format!("`{a}` and `{b}` overlap")
                };
                let problem = Problem::new(Code::OverlappingPeriods, message)
                    .help(
                        "write each time once: join the two, or let one begin where the other ends",
                    )
                    .at(self.source, text.span, "second")
                    .at(self.source, first.span, "first");
                self.problems.push(problem);
                right = false;
            }
            periods.push((period, text));
        }
        right.then(|| periods.into_iter().map(|(period, _)| period).collect())
    }

    fn denied(
        &mut self,
        written: &CalendarDocument,
        listed: Vec<Option<Dates>>,
    ) -> Option<Vec<Denied>> {
        let mut denied = Some(Vec::new());
        for (written, listed) in written.deny.iter().zip(listed) {
            let reason: Option<Arc<str>> = written
                .reason
                .as_ref()
                .map(|reason| Arc::from(reason.as_str()));
            match (listed, &mut denied) {
                (Some(Some(periods)), Some(denied)) => {
                    denied.extend(periods.into_iter().map(|period| Denied {
                        period,
                        reason: reason.clone(),
                    }));
                }
                (Some(None), _) => denied = None,
                _ => {}
            }
            for text in &written.periods {
                match (self.period(text, written.form), &mut denied) {
                    (Some(period), Some(denied)) => denied.push(Denied {
                        period,
                        reason: reason.clone(),
                    }),
                    _ => denied = None,
                }
            }
        }
        denied
    }

    fn period(&mut self, text: &Text, form: Form) -> Option<Period> {
        period(text.as_str(), form)
            .map_err(|mistake| self.mistakes(text, vec![mistake]))
            .ok()
    }

    /// A length of plain or business time.
    pub(super) fn lasting(
        &mut self,
        written: &LastingDocument,
        calendars: &Calendars,
        plain: fn(&mut Self, &Text) -> Option<jiff::SignedDuration>,
    ) -> Option<Lasting> {
        let (text, name) = match written {
            LastingDocument::Plain(text) => return plain(self, text).map(Lasting::Wall),
            LastingDocument::Business {
                length, calendar, ..
            } => (length.as_ref(), calendar.as_ref()),
        };
        let counted = text.and_then(|text| {
            length(text.as_str())
                .map_err(|help| {
                    let message = format!("`{}` is no length of business time", text.as_str());
                    let label = "not business time";
                    self.error(Code::BadDuration, text.span, message, label, help);
                })
                .ok()
        });
        let known = name.and_then(|text| {
            let known = self.calendar_of(text, calendars)?;
            if let Some(when) = known.when {
                let message = format!(
                    "`{}` is closed by a condition, so business time cannot be counted in it",
                    text.as_str()
                );
                let problem = Problem::new(Code::BadValue, message)
                    .help("count in a calendar that has periods only")
                    .at(self.source, text.span, "counted in it")
                    .at(self.source, when, "whether this is true later nobody knows");
                self.problems.push(problem);
            }
            Some(known)
        });
        let (days, open) = counted?;
        Some(Lasting::Business {
            days,
            open,
            calendar: Arc::clone(known?.calendar.as_ref()?),
        })
    }
}
