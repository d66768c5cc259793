//! What an audit needs to know of the subject, as written. Never whether a subject has it.

use schemars::JsonSchema;

use super::proof::{ListDocument, list};
use crate::policy::decode::{Decoder, Fields};
use crate::source::Code;
use crate::source::tree::Kind;

/// Reads the fields that `record` names.
pub fn record(d: &mut Decoder<'_>, f: &mut Fields<'_>) -> Option<ListDocument> {
    let node = f.get("record")?;
    let Kind::Map(_) = &node.kind else {
        let message = format!("`record` is {}, not a map", node.describe());
        let help = "write `record: {fields: […]}`";
        d.at(Code::WrongKind, node.span, message, "expected a map", help);
        return None;
    };
    let mut f = d.fields(node, "`record`")?;
    let fields = list(d, &mut f, "fields");
    if fields.is_none() {
        d.missing(&f, "fields", "fields: […]");
    }
    d.finish(&f);
    fields
}

/// `record` in the schema.
#[derive(JsonSchema)]
#[schemars(rename = "record", extend("additionalProperties" = false, "patternProperties" = {"^x-": true}))]
#[expect(dead_code, reason = "the shape of the schema")]
pub struct RecordShape {
    /// Fields of the subject that an audit needs: one that is absent is an unmet `record.<field>`.
    fields: super::OneOrMany,
}
