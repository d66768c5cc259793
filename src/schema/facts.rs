//! The schema of facts: evidence, attestations, approvals and earlier verdicts. Never narrowed by a policy: what no rule of
//! it asks for is told when it is judged.

use serde_json::{Map, Value as Json, json};

use super::nullable;

/// The lists of facts of a snapshot, by key; `instant` is the schema of one.
pub(super) fn lists(instant: &Json) -> Map<String, Json> {
    let lists = [
        ("evidence", evidence(instant)),
        (
            "attestations",
            statement(instant, "What a person attests of a rule.", attested()),
        ),
        (
            "approvals",
            statement(instant, "What a person decides on a rule.", decided()),
        ),
        ("records", record(instant)),
    ];
    lists
        .map(|(key, item)| {
            (
                key.to_owned(),
                json!({"type": ["array", "null"], "items": item}),
            )
        })
        .into_iter()
        .collect()
}

fn item(description: &str, required: &[&str], properties: &Json) -> Json {
    json!({
        "type": "object",
        "description": description,
        "required": required,
        "additionalProperties": false,
        "patternProperties": {"^x-": true},
        "properties": properties,
    })
}

/// A text that says something.
fn name(description: &str) -> Json {
    json!({"type": "string", "pattern": "\\S", "description": description})
}

fn text(description: &str) -> Json {
    json!({"type": ["string", "null"], "description": description})
}

/// A text, or a single value as it is written.
fn single(description: &str) -> Json {
    json!({"type": ["string", "number", "boolean", "null"], "description": description})
}

fn time(instant: &Json, description: &str) -> Json {
    let mut schema = nullable(instant);
    if let Some(object) = schema.as_object_mut() {
        object.insert("description".to_owned(), json!(description));
    }
    schema
}

const AT: &str = "The instant from which on it counts; without one it never does.";

fn evidence(instant: &Json) -> Json {
    let properties = json!({
        "id": name("What it is evidence of."),
        "key": single("The item it is about, for a rule that speaks for each."),
        "status": {"type": "string", "enum": ["passed", "failed"], "description": "How it went."},
        "exit_code": {"type": ["integer", "null"], "description": "The exit code; any but 0 has failed."},
        "at": time(instant, AT),
        "commit": text("The commit it was run for."),
        "environment": text("Where it was run."),
        "data": {"type": ["object", "null"], "description": "What else it says, for conditions."},
        "url": text("Where to look it up."),
        "command": text("What was run."),
        "started": time(instant, "When it began."),
        "digest": text("The digest of what it left."),
        "by": text("Who ran it."),
    });
    item("A command that was run.", &["id", "status"], &properties)
}

fn attested() -> (&'static [&'static str], Json) {
    let decision = json!({
        "type": ["string", "null"],
        "enum": ["attested", "withdrawn", null],
        "description": "`attested`, unless it says otherwise.",
    });
    (&["rule", "by"], decision)
}

fn decided() -> (&'static [&'static str], Json) {
    let decision = json!({"type": "string", "enum": ["approved", "rejected", "withdrawn"]});
    (&["rule", "by", "decision"], decision)
}

fn statement(instant: &Json, description: &str, (required, decision): (&[&str], Json)) -> Json {
    let properties = json!({
        "rule": name("The rule it is about."),
        "key": single("The item it is about, for a rule that speaks for each."),
        "by": name("Who."),
        "role": text("In which role."),
        "at": time(instant, AT),
        "stage": text("The stage it is for alone."),
        "commit": text("The commit it is for alone."),
        "expires": time(instant, "From when on it does not count any more."),
        "fields": {
            "type": ["object", "null"],
            "description": "What was filled in.",
            "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
        },
        "decision": decision,
        "url": text("Where to look it up."),
        "note": text("What else is said."),
    });
    item(description, required, &properties)
}

fn record(instant: &Json) -> Json {
    let properties = json!({
        "stage": name("The stage that was judged."),
        "verdict": {"type": "string", "enum": ["go", "no-go", "rollback"], "description": "What was decided."},
        "at": time(instant, AT),
        "policy": text("The name of the policy."),
        "subject": {
            "type": ["object", "null"],
            "description": "What it was about; without one, what the document says. Further fields are free.",
            "properties": {
                "service": text("The service."),
                "version": text("Its version."),
                "commit": text("The commit it was built from."),
                "environment": text("Where it ran."),
            },
        },
    });
    item("An earlier verdict.", &["stage", "verdict"], &properties)
}
