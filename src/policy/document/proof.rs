//! What proves a rule beside a condition, as written: evidence, attestations, approvals, an open calendar. Never a role
//! or a calendar looked up.

pub mod shape;

use super::rule::RuleDocument;
use crate::policy::decode::{Decoder, Fields, Text};
use crate::source::tree::{Datum, Kind, Node, Scalar};
use crate::source::{Code, Span};
pub use shape::{ApproveShape, AttestShape, EvidenceShape};

/// The proofs that are given beside `expr`: of a right rule at most one.
#[derive(Clone, Debug, Default)]
pub struct ProofsDocument {
    /// A command that passed.
    pub evidence: Option<Box<EvidenceDocument>>,
    /// People who attest it.
    pub attest: Option<Box<AttestDocument>>,
    /// People who approve it.
    pub approve: Option<Box<ApproveDocument>>,
    /// A calendar that is open.
    pub during: Option<Text>,
}

/// `evidence` as written.
#[derive(Clone, Debug)]
pub struct EvidenceDocument {
    /// Where its map begins.
    pub span: Span,
    /// The id of the records; none: the key is missing, which has been told.
    pub id: Option<Text>,
    /// How old one may be.
    pub max_age: Option<Text>,
    /// Of which commit it must be.
    pub commit: Option<Text>,
    /// Of which environment it must be.
    pub environment: Option<Text>,
    /// Whether it is about one that failed.
    pub status: Option<Text>,
    /// From when on one counts.
    pub since: Option<Text>,
    /// What must be true of its data.
    pub condition: Option<Text>,
}

/// `attest` as written.
#[derive(Clone, Debug)]
pub struct AttestDocument {
    /// Where its map begins.
    pub span: Span,
    /// The role of those who attest.
    pub role: Option<Text>,
    /// How many.
    pub count: Option<Text>,
    /// What is asked of each statement.
    pub asked: AskedDocument,
}

/// `approve` as written.
#[derive(Clone, Debug)]
pub struct ApproveDocument {
    /// Where its map begins.
    pub span: Span,
    /// The roles of those who approve.
    pub roles: Option<ListDocument>,
    /// How many of each role.
    pub each: Option<Text>,
    /// How many in all.
    pub any: Option<Text>,
    /// What is asked of each statement.
    pub asked: AskedDocument,
}

/// What is asked of a statement, as written.
#[derive(Clone, Debug)]
pub struct AskedDocument {
    /// How old it may be.
    pub max_age: Option<Text>,
    /// Fields of the subject: whom they name may not make it.
    pub not_by: Option<ListDocument>,
    /// From when on one counts.
    pub since: Option<Text>,
    /// What it must fill in.
    pub fields: Option<FieldsDocument>,
}

/// A list of texts with its place.
#[derive(Clone, Debug)]
pub struct ListDocument {
    /// Where it stands.
    pub span: Span,
    /// What is in it.
    pub texts: Vec<Text>,
}

/// `fields` as written.
#[derive(Clone, Debug)]
pub struct FieldsDocument {
    /// Where they stand.
    pub span: Span,
    /// Each with the values it can have.
    pub fields: Vec<(Text, Option<ListDocument>)>,
}

/// Reads the keys of a rule that prove it, but for `expr`.
pub fn proofs(d: &mut Decoder<'_>, f: &mut Fields<'_>) -> ProofsDocument {
    ProofsDocument {
        evidence: f
            .get("evidence")
            .and_then(|node| evidence(d, node).map(Box::new)),
        attest: f
            .get("attest")
            .and_then(|node| attest(d, node).map(Box::new)),
        approve: f
            .get("approve")
            .and_then(|node| approve(d, node).map(Box::new)),
        during: d.optional(f, "during"),
    }
}

fn evidence(d: &mut Decoder<'_>, node: &Node) -> Option<EvidenceDocument> {
    let mut f = map(d, node, "`evidence`", "evidence: {id: _}")?;
    let document = EvidenceDocument {
        span: node.span,
        id: d.required(&mut f, "id"),
        max_age: d.optional(&mut f, "max_age"),
        commit: d.optional(&mut f, "commit"),
        environment: d.optional(&mut f, "environment"),
        status: d.optional(&mut f, "status"),
        since: d.optional(&mut f, "since"),
        condition: d.optional(&mut f, "where"),
    };
    d.finish(&f);
    Some(document)
}

fn attest(d: &mut Decoder<'_>, node: &Node) -> Option<AttestDocument> {
    let mut f = map(d, node, "`attest`", "attest: {role: _}")?;
    let document = AttestDocument {
        span: node.span,
        role: d.optional(&mut f, "role"),
        count: d.optional(&mut f, "count"),
        asked: asked(d, &mut f),
    };
    d.finish(&f);
    Some(document)
}

fn approve(d: &mut Decoder<'_>, node: &Node) -> Option<ApproveDocument> {
    let number = node.scalar().map(Scalar::datum);
    let meant = match number {
        Some(Datum::Int(_)) => "approve: {any: _}",
        _ => "approve: {roles: [_]}",
    };
    let mut f = map(d, node, "`approve`", meant)?;
    let document = ApproveDocument {
        span: node.span,
        roles: list(d, &mut f, "roles"),
        each: d.optional(&mut f, "each"),
        any: d.optional(&mut f, "any"),
        asked: asked(d, &mut f),
    };
    if document.roles.is_none() && document.any.is_none() {
        d.missing(&f, "roles", "roles: […]` or `any: 2");
    }
    d.finish(&f);
    Some(document)
}

fn asked(d: &mut Decoder<'_>, f: &mut Fields<'_>) -> AskedDocument {
    AskedDocument {
        max_age: d.optional(f, "max_age"),
        not_by: list(d, f, "not_by"),
        since: d.optional(f, "since"),
        fields: f.get("fields").map(|node| fields(d, node)),
    }
}

/// One text or a list of them, with its place.
pub fn list(d: &mut Decoder<'_>, f: &mut Fields<'_>, key: &'static str) -> Option<ListDocument> {
    let node = f.get(key)?;
    Some(list_of(d, node, key))
}

fn list_of(d: &mut Decoder<'_>, node: &Node, key: &str) -> ListDocument {
    d.not_empty(node, key);
    ListDocument {
        span: node.span,
        texts: d.texts_of(node, key),
    }
}

/// The map of a proof; of a text alone it is said what is meant by it.
fn map<'n>(
    d: &mut Decoder<'_>,
    node: &'n Node,
    what: &'static str,
    meant: &str,
) -> Option<Fields<'n>> {
    let text = node.scalar().filter(|_| !node.is_null());
    let Some(text) = text.filter(|text| text.text.len() <= 100) else {
        return d.fields(node, what);
    };
    let message = format!("{what} is {}, not a map", node.describe());
    let help = format!("write `{}`", meant.replace('_', &text.text));
    d.at(Code::WrongKind, node.span, message, "expected a map", help);
    None
}

/// A list of names, or a map from each name to what it can be.
fn fields(d: &mut Decoder<'_>, node: &Node) -> FieldsDocument {
    d.not_empty(node, "fields");
    let fields = match &node.kind {
        Kind::Map(entries) => {
            let free = entries
                .iter()
                .filter(|entry| entry.key.text.starts_with("x-"));
            for entry in free {
                let message = format!("`{}` cannot be a field to fill in", entry.key.text);
                let help = "choose a name that does not begin with `x-`: such keys are free";
                d.at(
                    Code::BadName,
                    entry.key_span,
                    message,
                    "never asked for",
                    help,
                );
            }
            let named = d.named(node, "fields").into_iter();
            let values = named.map(|(name, node)| {
                let values = (!node.is_null()).then(|| list_of(d, node, "fields"));
                (name, values)
            });
            values.collect()
        }
        Kind::Scalar(_) | Kind::List(_) => {
            let names = d.texts_of(node, "fields").into_iter();
            names.map(|name| (name, None)).collect()
        }
    };
    FieldsDocument {
        span: node.span,
        fields,
    }
}

impl ProofsDocument {
    /// Whether any is given.
    #[must_use]
    pub fn any(&self) -> bool {
        self.evidence.is_some()
            || self.attest.is_some()
            || self.approve.is_some()
            || self.during.is_some()
    }
}

impl RuleDocument {
    /// Every proof that is given, with its place.
    #[must_use]
    pub fn given(&self) -> Vec<(&'static str, Span)> {
        let proofs = &self.proofs;
        let given = [
            ("expr", self.expr.as_ref().map(|text| text.span)),
            ("evidence", proofs.evidence.as_ref().map(|proof| proof.span)),
            ("attest", proofs.attest.as_ref().map(|proof| proof.span)),
            ("approve", proofs.approve.as_ref().map(|proof| proof.span)),
            ("during", proofs.during.as_ref().map(|text| text.span)),
        ];
        let given = given.into_iter();
        given.filter_map(|(key, span)| Some((key, span?))).collect()
    }
}
