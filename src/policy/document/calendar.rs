//! Calendars as written. Never a period or a time zone looked into.

use schemars::JsonSchema;

use super::OneOrMany;
use crate::calendar::Form;
use crate::policy::decode::{Decoder, Text};
use crate::source::tree::{Kind, Node};
use crate::source::{Code, Span};

/// A calendar as written.
#[derive(Clone, Debug)]
pub struct CalendarDocument {
    /// Its name.
    pub name: Text,
    /// Where its map stands.
    pub span: Span,
    /// The time zone whose clocks count.
    pub timezone: Option<Text>,
    /// When it is open; none: the key is missing or no list of texts, which has been told.
    pub allow: Option<Vec<Text>>,
    /// When it is closed nevertheless.
    pub deny: Vec<DeniedDocument>,
}

/// Denied periods as written.
#[derive(Clone, Debug)]
pub struct DeniedDocument {
    /// The periods.
    pub periods: Vec<Text>,
    /// What closes it in place of a period.
    pub when: Option<Text>,
    /// The file whose lines are the periods.
    pub file: Option<Text>,
    /// What they may be made of.
    pub form: Form,
    /// Why.
    pub reason: Option<Text>,
}

/// Reads one of `calendars`.
pub fn calendar(d: &mut Decoder<'_>, name: Text, node: &Node) -> Option<CalendarDocument> {
    let mut f = d.fields(node, "a calendar")?;
    d.optional(&mut f, "title");
    d.texts(&mut f, "cite");
    let timezone = d.required(&mut f, "timezone");
    let allow = d.texts(&mut f, "allow");
    if allow.is_none() {
        let line =
            "allow: Mon-Sun` for all that is not denied, or periods such as `Tue-Thu 10:00-16:00";
        d.missing(&f, "allow", line);
    }
    let deny = f.get("deny").map(|node| match &node.kind {
        Kind::List(items) => items.iter().collect(),
        Kind::Scalar(_) | Kind::Map(_) => vec![node],
    });
    let deny = deny
        .into_iter()
        .flatten()
        .filter_map(|node| denied(d, node))
        .collect();
    d.finish(&f);
    Some(CalendarDocument {
        name,
        span: f.span(),
        timezone,
        allow,
        deny,
    })
}

fn denied(d: &mut Decoder<'_>, node: &Node) -> Option<DeniedDocument> {
    if !matches!(node.kind, Kind::Map(_)) {
        return Some(DeniedDocument {
            periods: vec![d.text(node, "deny")?],
            when: None,
            file: None,
            form: Form::Any,
            reason: None,
        });
    }
    let mut f = d.fields(node, "a denied period")?;
    let dates = d.texts(&mut f, "dates");
    let weekly = d.texts(&mut f, "weekly");
    let when = d.optional(&mut f, "when");
    let file = d.optional(&mut f, "file");
    let reason = d.optional(&mut f, "reason");
    let keys = [
        ("dates", dates.is_some()),
        ("weekly", weekly.is_some()),
        ("when", when.is_some()),
        ("file", file.is_some()),
    ];
    let mut given = keys.iter().filter(|(_, given)| *given);
    if let (Some((one, _)), Some((other, _))) = (given.next(), given.next()) {
        let help = format!("write two: one with `{one}`, and one with `{other}`");
        let message = format!("a denied period has `{one}` or `{other}`, not both");
        d.at(Code::BadValue, f.span(), message, "both", help);
    }
    // A key that is misspelt may be meant to be one of these.
    let none = keys.iter().all(|(_, given)| !given);
    if none && f.only(&["dates", "weekly", "when", "file", "reason"]) {
        d.missing(
            &f,
            "dates",
            "dates: 2026-12-24/2027-01-02`, `weekly: Fri-Sun`, `file: holidays.txt` or `when: …",
        );
    }
    d.finish(&f);
    if none {
        return None;
    }
    let form = if dates.is_some() || file.is_some() {
        Form::Dates
    } else {
        Form::Weekly
    };
    Some(DeniedDocument {
        periods: dates.or(weekly).unwrap_or_default(),
        when,
        file,
        form,
        reason,
    })
}

/// A calendar in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "calendar", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct CalendarShape {
    /// What it is, for people.
    #[serde(default)]
    title: Option<Text>,
    /// The rows of the playbook it stands for.
    #[serde(default)]
    cite: Option<OneOrMany>,
    /// The time zone whose clocks count, such as `Europe/Berlin` or `UTC`.
    timezone: Text,
    /// When it is open: weekdays or dates with times, such as `Tue-Thu 10:00-16:00`, `1st Tue` or `2026-12-24`.
    allow: OneOrMany,
    /// When it is closed nevertheless.
    #[serde(default)]
    deny: Option<DenyShape>,
}

/// `deny` in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "deny")]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "never built")]
pub enum DenyShape {
    /// One.
    One(DeniedShape),
    /// Many.
    Many(Vec<DeniedShape>),
}

/// A denied period in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "denied")]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "never built")]
pub enum DeniedShape {
    /// A period, as in `allow`.
    Plain(Text),
    /// Periods with a reason.
    Reasoned(ReasonedShape),
}

/// Denied periods with a reason in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "denied map", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}, "anyOf" = [{"required": ["dates"]}, {"required": ["weekly"]}, {"required": ["when"]}, {"required": ["file"]}]))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct ReasonedShape {
    /// Dates or ranges of dates, both ends included: `2026-12-24/2027-01-02`.
    #[serde(default)]
    dates: Option<OneOrMany>,
    /// Weekdays, or nth weekdays: `Fri-Sun`, `last Fri 16:00-24:00`.
    #[serde(default)]
    weekly: Option<OneOrMany>,
    /// What closes it in place of a period: CEL, true or false.
    #[serde(default)]
    when: Option<Text>,
    /// A text file, from the folder of the policy, with a date or a range of dates on each line; `#` begins a remark.
    #[serde(default)]
    file: Option<Text>,
    /// Why, for people.
    #[serde(default)]
    reason: Option<Text>,
}
