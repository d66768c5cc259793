//! The schema of what people write, out of a shape: a key is there with a value or not at all, and `x-…` is free among
//! names as well. Never the schema of what is read from elsewhere.

use schemars::Schema;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::{Map, Value as Json, json};

/// A shape as its reader takes it: optional is no null, and maps by name have keys that nobody reads.
#[derive(Clone, Debug)]
pub(super) struct Written;

impl Transform for Written {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(schema) = schema.as_object_mut() {
            if let Some(Json::Object(keys)) = schema.get_mut("properties") {
                keys.values_mut()
                    .filter_map(Json::as_object_mut)
                    .for_each(given);
            }
            if schema
                .get("additionalProperties")
                .is_some_and(Json::is_object)
            {
                schema.insert("patternProperties".to_owned(), json!({"^x-": true}));
            }
        }
        transform_subschemas(self, schema);
    }
}

/// The value of a key that is there: never null, which a missing key stands for.
fn given(schema: &mut Map<String, Json>) {
    if let Some(Json::Array(types)) = schema.get_mut("type") {
        types.retain(|ty| ty != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Json::Array(any)) = schema.get_mut("anyOf") {
        any.retain(|one| *one != json!({"type": "null"}));
        if let [Json::Object(only)] = any.as_slice() {
            let only = only.clone();
            schema.remove("anyOf");
            schema.extend(only);
        }
    }
    if schema.get("default").is_some_and(Json::is_null) {
        schema.remove("default");
    }
}
