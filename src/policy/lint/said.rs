//! What a rule says of what proves it, wherever it stands: words and trees, never places. Never what two conditions come
//! to.

use crate::expr::{Shape, shape};
use crate::policy::decode::Text;
use crate::policy::document::proof::{AskedDocument, FieldsDocument};
use crate::policy::document::{ListDocument, RuleDocument};

/// What a proof says. Two that are equal are proved by the same.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Said {
    /// A condition, as far as it can be read.
    Expr(Option<Shape>),
    /// Evidence: its words, and the condition of its data.
    Evidence(Vec<Option<String>>, Option<Shape>),
    /// Statements of people: words, lists and fields.
    Statements(&'static str, Vec<Option<String>>, Vec<Vec<String>>),
    /// A calendar.
    During(String),
}

/// Every proof of a rule; of a right one just one.
pub(super) fn said(rule: &RuleDocument) -> Vec<Said> {
    let proofs = &rule.proofs;
    let expr = rule
        .expr
        .as_ref()
        .map(|text| Said::Expr(shape(text.as_str())));
    let evidence = proofs.evidence.as_ref().map(|proof| {
        let keys = [
            &proof.id,
            &proof.max_age,
            &proof.commit,
            &proof.environment,
            &proof.status,
        ];
        let condition = proof.condition.as_ref();
        Said::Evidence(
            keys.into_iter().map(|text| words(text.as_ref())).collect(),
            condition.and_then(|text| shape(text.as_str())),
        )
    });
    let attest = proofs.attest.as_ref().map(|proof| {
        let (mut keys, lists) = asked(&proof.asked);
        keys.extend([words(proof.role.as_ref()), words(proof.count.as_ref())]);
        Said::Statements("attest", keys, lists)
    });
    let approve = proofs.approve.as_ref().map(|proof| {
        let (mut keys, mut lists) = asked(&proof.asked);
        keys.extend([words(proof.each.as_ref()), words(proof.any.as_ref())]);
        lists.push(list(proof.roles.as_ref()));
        Said::Statements("approve", keys, lists)
    });
    let during = proofs.during.as_ref();
    let during = during.map(|text| Said::During(text.as_str().to_owned()));
    let proofs = [expr, evidence, attest, approve, during];
    proofs.into_iter().flatten().collect()
}

fn words(text: Option<&Text>) -> Option<String> {
    text.map(|text| text.as_str().to_owned())
}

/// The same roles in another order are the same.
fn list(list: Option<&ListDocument>) -> Vec<String> {
    let texts = list.into_iter().flat_map(|list| &list.texts);
    let mut texts: Vec<String> = texts.map(|text| text.as_str().to_owned()).collect();
    texts.sort();
    texts
}

fn asked(asked: &AskedDocument) -> (Vec<Option<String>>, Vec<Vec<String>>) {
    let keys = vec![words(asked.max_age.as_ref()), words(asked.since.as_ref())];
    let lists = vec![list(asked.not_by.as_ref()), fields(asked.fields.as_ref())];
    (keys, lists)
}

fn fields(fields: Option<&FieldsDocument>) -> Vec<String> {
    let fields = fields.into_iter().flat_map(|fields| &fields.fields);
    let mut fields: Vec<String> = fields
        .map(|(name, values)| {
            let values = values.as_ref().map(|values| list(Some(values)));
            format!("{} {values:?}", name.as_str())
        })
        .collect();
    fields.sort();
    fields
}
