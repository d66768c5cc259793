//! A hole in the schema: where a test with a matrix has `${rate}` in place of what else stands there. Never read.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// What a text with a hole has in it.
pub(super) const PATTERN: &str = r"\$\{.+\}";

/// Something, or a hole that becomes it.
pub(super) struct OrHole<T>(PhantomData<T>);

impl<T: JsonSchema> JsonSchema for OrHole<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{} or a hole", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let told = generator.subschema_for::<T>();
        json_schema!({"anyOf": [told, {"type": "string", "pattern": PATTERN}]})
    }
}
