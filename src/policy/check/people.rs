//! People: who has which role, and how many of them attest or approve. Never a statement of theirs.

use std::sync::Arc;

use super::Checker;
use super::quorum::{everybody, fills};
use super::rules::Context;
use crate::policy::Role;
use crate::policy::decode::Text;
use crate::policy::document::proof::{
    ApproveDocument, AskedDocument, AttestDocument, FieldsDocument,
};
use crate::policy::document::{ListDocument, PolicyDocument};
use crate::policy::proof::{Approve, Asked, Attest, Field, Quorum};
use crate::snapshot::Layout;
use crate::snapshot::facts::folded;
use crate::source::problem::nearest;
use crate::source::{Code, Span};

/// The most people that are listed for a role, or asked for.
const MOST: usize = 1_000;
/// The most roles that approve one rule.
const ROLES: usize = 16;
/// The field of the subject that every policy can ask for a person.
const AUTHOR: &str = "author";

impl Checker<'_> {
    /// The roles there are, with who has them.
    pub(super) fn roles(&mut self, document: &PolicyDocument) -> Option<Vec<Role>> {
        let roles = document.roles.as_ref()?.iter();
        let text = |text: &Text| Arc::from(text.as_str());
        let roles = roles.map(|written| {
            self.filled(&written.name, "the name of a role");
            if let Some(people) = &written.people {
                self.distinct(&people.texts, "person", folded);
                for person in &people.texts {
                    self.filled(person, "the name of a person");
                }
                self.few(people.span, people.texts.len(), MOST, "people in one role");
            }
            let people = written.people.as_ref();
            Role {
                name: text(&written.name),
                contact: written.contact.as_ref().map(text),
                people: people.map(|people| people.texts.iter().map(text).collect()),
            }
        });
        Some(roles.collect())
    }

    /// A role that must be listed, where the policy lists any.
    pub(super) fn role(&mut self, document: &PolicyDocument, role: &Text) {
        let Some(roles) = &document.roles else { return };
        let known = || roles.iter().map(|role| role.name.as_str());
        if !known().any(|name| name == role.as_str()) {
            self.unknown(Code::UnknownRole, role, "role", known());
        }
    }

    pub(super) fn attest(
        &mut self,
        written: &AttestDocument,
        context: &Context<'_>,
    ) -> Option<Attest> {
        let role = written.role.as_ref();
        let role = role.filter(|role| self.filled(role, "the role"));
        if let Some(role) = role {
            self.role(context.document, role);
        }
        let count = self.count_of(written.count.as_ref(), "count");
        let asked = self.asked(&written.asked, context);
        if let (Some(role), Some(text), Some(count)) = (role, &written.count, count) {
            self.enough(text.span, count, &[role.as_str()], context);
        }
        Some(Attest {
            role: role.map(|role| Arc::from(role.as_str())),
            count: count?,
            asked,
        })
    }

    pub(super) fn approve(
        &mut self,
        written: &ApproveDocument,
        context: &Context<'_>,
    ) -> Option<Approve> {
        let roles = written.roles.as_ref();
        let mut few = true;
        if let Some(roles) = roles {
            self.distinct(&roles.texts, "role", str::to_owned);
            few = self.few(roles.span, roles.texts.len(), ROLES, "roles for one rule");
            for role in &roles.texts {
                if self.filled(role, "the role") {
                    self.role(context.document, role);
                }
            }
        }
        let each = self.count_of(written.each.as_ref(), "each");
        let any = self.count_of(written.any.as_ref(), "any");
        let asked = self.asked(&written.asked, context);
        if let (Some(each), Some(_)) = (&written.each, &written.any) {
            let help = "keep `each`: so many of each role; or `any`: so many in all";
            let message = "`approve` has `each` or `any`, not both";
            self.error(Code::BadValue, each.span, message, "both", help);
            return None;
        }
        if !few || roles.is_none() && written.any.is_none() {
            // Neither of both is told where it is read.
            return None;
        }
        let names: Vec<&str> = roles.map_or_else(Vec::new, |roles| {
            roles.texts.iter().map(Text::as_str).collect()
        });
        let (each, any) = (each?, any?);
        let of = || names.iter().map(|name| Arc::from(*name)).collect();
        let quorum = if let Some(text) = &written.any {
            self.enough(text.span, any, &names, context);
            Quorum::Any(of(), any)
        } else {
            let span = written.each.as_ref().map(|each| each.span);
            self.each_enough(
                span.or(roles.map(|roles| roles.span)),
                each,
                &names,
                context,
            );
            Quorum::Each(of(), each)
        };
        Some(Approve { quorum, asked })
    }

    fn asked(&mut self, written: &AskedDocument, context: &Context<'_>) -> Asked {
        let max_age = written
            .max_age
            .as_ref()
            .and_then(|text| self.duration(text));
        let not_by = written.not_by.as_ref();
        let not_by = not_by.map_or_else(Vec::new, |list| self.not_by(list, context.layout));
        let help = "write `any` where statements from before the stage's entry count; without it they do not";
        let any_time = self.since(written.since.as_ref(), help) == Some("any");
        let fields = written.fields.as_ref();
        let fields = fields.map_or_else(Vec::new, |fields| self.fields(fields));
        Asked {
            max_age,
            not_by,
            any_time,
            fields,
        }
    }

    /// The word after `since`, where it is one that means something.
    pub(super) fn since<'t>(&mut self, written: Option<&'t Text>, help: &str) -> Option<&'t str> {
        let text = written?;
        let word = text.as_str();
        if matches!(word, "entry" | "any") {
            return Some(word);
        }
        let message = format!("`since: {word}` means nothing");
        let label = "neither `entry` nor `any`";
        self.error(Code::BadValue, text.span, message, label, help);
        None
    }

    /// Fields of the subject that name people.
    fn not_by(&mut self, list: &ListDocument, layout: &Layout) -> Vec<(Arc<str>, usize)> {
        self.distinct(&list.texts, "field", str::to_owned);
        let people = || {
            let audited = layout.fields().iter().map(AsRef::as_ref);
            std::iter::once(AUTHOR).chain(audited)
        };
        let mut found = Vec::new();
        for text in &list.texts {
            let name = text.as_str();
            match layout.field(name) {
                Some(slot) if people().any(|known| known == name) => {
                    found.push((Arc::from(name), slot));
                }
                Some(_) => {
                    let message = format!("`{name}` of the subject is no person");
                    let help = "write `author`, or a field with a name in it";
                    self.error(Code::BadValue, text.span, message, "nobody", help);
                }
                None => {
                    let message = format!("the subject has no field `{name}`");
                    let help = nearest(name, people()).map_or_else(
                        || {
                            format!(
                                "write `author`, or have `record: {{fields: [{name}]}}` ask for it"
                            )
                        },
                        |near| format!("did you mean `{near}`?"),
                    );
                    self.error(Code::UnknownField, text.span, message, "not a field", help);
                }
            }
        }
        found
    }

    /// What a statement must fill in.
    fn fields(&mut self, written: &FieldsDocument) -> Vec<Field> {
        let names = written.fields.iter().map(|(name, _)| name);
        self.distinct(names, "field", str::to_owned);
        let mut found = Vec::new();
        for (name, values) in &written.fields {
            self.filled(name, "the name of a field");
            if let Some(values) = values {
                self.distinct(&values.texts, "value", str::to_owned);
            }
            let values = values.as_ref();
            found.push(Field {
                name: Arc::from(name.as_str()),
                values: values.map(|values| {
                    let values = values.texts.iter();
                    values.map(|value| Arc::from(value.as_str())).collect()
                }),
            });
        }
        found
    }

    /// A number of people, 1 where none is given.
    fn count_of(&mut self, text: Option<&Text>, key: &str) -> Option<u32> {
        let Some(text) = text else { return Some(1) };
        let count = text.as_str().parse::<u32>().ok();
        let most = u32::try_from(MOST).unwrap_or(u32::MAX);
        let count = count.filter(|count| (1..=most).contains(count));
        if count.is_none() {
            let message = format!(
                "`{key}: {}` is not a number from 1 to {MOST}",
                text.as_str()
            );
            let help = format!("write how many people, such as `{key}: 2`");
            self.error(Code::BadValue, text.span, message, "how many?", help);
        }
        count
    }

    /// Not more of them than are read.
    fn few(&mut self, span: Span, count: usize, most: usize, what: &str) -> bool {
        if count > most {
            let message = format!("{count} {what}, more than the {most} that are read");
            self.error(Code::TooLarge, span, message, "too many", "list fewer");
        }
        count <= most
    }

    /// So many people that have any of these roles, as far as the policy lists who has them.
    fn enough(&mut self, span: Span, count: u32, roles: &[&str], context: &Context<'_>) {
        let Some(people) = everybody(context.roles, roles) else {
            return;
        };
        let (listed, count) = (people.len(), usize::try_from(count).unwrap_or(usize::MAX));
        if count > listed {
            let roles = quoted(roles, " or ");
            let message = format!("{count} people of {roles}, with only {listed} listed");
            let help = format!("ask for {listed} at most, or list more `people`");
            self.error(Code::BadValue, span, message, "can never be", help);
        }
    }

    /// So many people for each of these roles, one person for one of them.
    fn each_enough(
        &mut self,
        span: Option<Span>,
        each: u32,
        roles: &[&str],
        context: &Context<'_>,
    ) {
        let (Some(span), Some(missing)) = (span, fills(context.roles, roles, each)) else {
            return;
        };
        if let [_] = roles {
            return self.enough(span, each, roles, context);
        }
        let people = if each == 1 {
            "1 person"
        } else {
            &format!("{each} people")
        };
        let roles = quoted(roles, " and ");
        let message = format!("{people} for each of {roles}, and nobody is left for `{missing}`");
        let help = "one person fills one role: ask for fewer, or list more `people`";
        self.error(Code::BadValue, span, message, "can never be", help);
    }
}

fn quoted(names: &[&str], joined: &str) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(joined)
}
