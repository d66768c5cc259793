//! The schemas in `schemas/` are those of the types, and agree with what is read.

use crate::support;
use std::path::Path;

use gonogo::schema;
use serde_json::Value as Json;

fn current(name: &str, schema: &Json) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("schemas")
        .join(format!("{name}.schema.json"));
    let text = format!("{schema:#}\n");
    if std::env::var_os("GONOGO_BLESS").is_some() {
        std::fs::write(&path, &text).expect("a schema is written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == text,
        "schemas/{name}.schema.json is not current: run `just bless`"
    );
}

#[test]
fn written_schemas_are_current() {
    current("policy", &schema::policy());
    current("snapshot", &schema::snapshot());
    current("record", &schema::record());
    current("event", &schema::event());
    current("checklist", &schema::checklist());
    current("diff", &schema::diff());
    current("waivers", &schema::waivers());
    current("suite", &schema::suite());
}

pub(crate) fn yaml_to_json(node: &gonogo::source::tree::Node) -> Json {
    use gonogo::source::tree::{Datum, Kind};
    match &node.kind {
        Kind::List(items) => items.iter().map(yaml_to_json).collect(),
        Kind::Map(entries) => Json::Object(
            entries
                .iter()
                .map(|e| (e.key.text.clone(), yaml_to_json(&e.value)))
                .collect(),
        ),
        Kind::Scalar(scalar) => match scalar.datum() {
            Datum::Null => Json::Null,
            Datum::Bool(value) => Json::from(value),
            Datum::Int(value) => Json::from(value),
            Datum::Double(value) => Json::from(value),
            Datum::Text(text) => Json::from(text),
        },
    }
}

#[test]
fn shipped_policies_fit_the_schema_of_policies() {
    let validator = jsonschema::validator_for(&schema::policy()).expect("a schema");
    for folder in ["policies/phase9-canary", "policies/gradual-cutover"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(folder)
            .join("policy.yaml");
        let text = std::fs::read_to_string(path).expect("a policy");
        let (nodes, _) =
            gonogo::source::yaml::parse(&gonogo::source::Source::new("policy.yaml", text));
        let policy = yaml_to_json(&nodes[0]);
        let errors: Vec<String> = validator
            .iter_errors(&policy)
            .map(|e| format!("{}: {e}", e.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{folder}:\n{}", errors.join("\n"));
    }
}

#[test]
fn what_is_read_of_a_proof_fits_the_schema_and_what_is_not_does_not() {
    let validator = jsonschema::validator_for(&schema::policy()).expect("a schema");
    let table = [
        (
            "require: [{id: a, evidence: {id: t, max_age: 1d, commit: same, environment: prod, where: data.ok}}]",
            true,
        ),
        ("hold: [{id: a, evidence: {id: t, status: failed}}]", true),
        (
            "require: [{id: a, attest: {role: x, count: 2, not_by: [author], since: any, fields: {a: , b: [c]}}}]",
            true,
        ),
        (
            "require: [{id: a, attest: {fields: [a, b]}, due: T-48h, waivable: false}]",
            true,
        ),
        (
            "require: [{id: a, approve: {roles: [x, y], each: 2}}, {group: g, due: +1d, rules: [{id: b, approve: {any: 1}}]}]",
            true,
        ),
        (
            "require: [{id: a, during: c}]\ncalendars: {c: {timezone: UTC, allow: Mon, deny: [{when: ok, reason: r}]}}\ninputs: {ok: {type: bool}}",
            true,
        ),
        (
            "roles: {x: {people: [a, b]}}\nrecord: {fields: [y]}\nrequire: [{id: a, attest: {}}]",
            true,
        ),
        (
            "stages: [{name: s, require: [{id: a, attest: {}}]}, {name: t, needs: [{any: [s]}], record: {fields: z}, require: [{id: a, attest: {}}]}]",
            true,
        ),
        (
            "stages: [{name: s, require: [{id: a, attest: {}}]}, {name: t, needs: s, require: [{id: a, attest: {}}]}]",
            true,
        ),
        ("require: [{id: 1, attest: {}}]", true),
        (
            "roles: {x: , x-later: [1]}\ncalendars: {x-old: 3}\nescalation: {x-a: 1}\nrequire: [{id: a, attest: {role: x}}]",
            true,
        ),
        ("require: [{id: '', attest: {}}]", false),
        ("require: [{id: a, attest: {role: }}]", false),
        ("require: [{id: a, approve: {each: 2}}]", false),
        (
            "require: [{id: a, during: c}]\ncalendars: {c: {timezone: UTC, allow: Mon, deny: {reason: r}}}",
            false,
        ),
        ("require: [{id: a, attest: {fields: }}]", false),
        ("require: [{id: a, approve: {any: 1, each: }}]", false),
        ("require: [{id: a, attest: {}, for: }]", false),
        ("require: [{id: a, attest: {}, waivable: }]", false),
        ("roles:\nrequire: [{id: a, attest: {}}]", false),
        (
            "after: {go: [{do: x, within: }]}\nrequire: [{id: a, attest: {}}]",
            false,
        ),
        ("escalation:\nrequire: [{id: a, attest: {}}]", false),
        ("require: [{id: a, evidence: t}]", false),
        ("require: [{id: a, evidence: {}}]", false),
        ("require: [{id: a, evidence: {id: t, commit: abc}}]", false),
        (
            "require: [{id: a, evidence: {id: t, status: passed}}]",
            false,
        ),
        ("require: [{id: a, attest: {count: 0}}]", false),
        ("require: [{id: a, attest: {count: 1001}}]", false),
        ("require: [{id: a, attest: {since: start}}]", false),
        ("require: [{id: a, approve: {any: many}}]", false),
        ("require: [{id: a, attest: {}, waivable: maybe}]", false),
        ("require: [{id: a, attest: {}}]\nrecord: [x]", false),
        (
            "stages: [{name: t, needs: {all: [s]}, require: [{id: a, attest: {}}]}]",
            false,
        ),
    ];
    for (rest, fits) in table {
        let text = format!("gonogo: 1\nname: a\n{rest}\n");
        let source = gonogo::source::Source::new("policy.yaml", text.as_str());
        let (nodes, _) = gonogo::source::yaml::parse(&source);
        assert_eq!(validator.is_valid(&yaml_to_json(&nodes[0])), fits, "{rest}");
        let checked =
            gonogo::policy::check::check(&source, &gonogo::policy::check::Settings::new());
        let problems = support::told(&checked.1);
        assert_eq!(checked.0.is_some(), fits, "{rest}\n{problems}");
    }
}

/// The names of the properties of a definition of the policy schema; the schema itself without a name.
fn properties(schema: &Json, definition: Option<&str>) -> Vec<String> {
    let of = definition.map_or(schema, |name| &schema["$defs"][name]);
    let mut names: Vec<String> = of["properties"]
        .as_object()
        .unwrap_or_else(|| panic!("no properties in {of}"))
        .keys()
        .cloned()
        .collect();
    names.sort();
    names
}

#[test]
fn the_schema_and_the_reader_know_the_same_keys_of_what_follows() {
    let schema = schema::policy();
    let stray = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqq: 1";
    let row = "{id: r, expr: 'true', action: x}";
    for (of, definition, follows) in [
        (
            "a matrix",
            "matrix map",
            format!("escalation: {{m: {{rows: [{row}], {stray}}}}}"),
        ),
        (
            "a row",
            "row",
            format!("escalation: [{{id: r, expr: 'true', {stray}}}]"),
        ),
        (
            "a row of the plan",
            "plan",
            format!("rollback_plan: [{{mode: a, target: b, {stray}}}]"),
        ),
        ("`after`", "after", format!("after: {{{stray}}}")),
        (
            "a duty",
            "duty",
            format!("after: {{go: [{{do: x, {stray}}}]}}"),
        ),
    ] {
        let policy = format!("gonogo: 1\nname: a\n{follows}\nrequire: [{{id: a, expr: 'true'}}]\n");
        let keys = keys_read(&policy, of);
        assert_eq!(
            keys,
            properties(&schema, Some(definition)),
            "the keys of {of}"
        );
    }
    // Both ways to write a matrix, and both to write rows, are told apart.
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for follows in [
        format!("escalation: [{row}]"),
        format!("escalation: {{m: [{row}], n: {{hit: first, rows: [{row}]}}}}"),
    ] {
        let text = format!("gonogo: 1\nname: a\n{follows}\nrequire: [{{id: a, expr: 'true'}}]\n");
        let source = gonogo::source::Source::new("policy.yaml", text);
        let (nodes, _) = gonogo::source::yaml::parse(&source);
        let json = yaml_to_json(&nodes[0]);
        assert!(validator.is_valid(&json), "{follows}");
    }
}

/// What a diagnostic on an unknown key lists as the keys there are.
fn keys_read(policy: &str, of: &str) -> Vec<String> {
    let source = gonogo::source::Source::new("policy.yaml", policy);
    let (_, problems) =
        gonogo::policy::check::check(&source, &gonogo::policy::check::Settings::new());
    let help = problems
        .iter()
        .filter_map(|problem| problem.help.as_deref())
        .find_map(|help| help.strip_prefix(&format!("the keys of {of} are ")))
        .unwrap_or_else(|| panic!("nothing lists the keys of {of}: {problems:?}"));
    let mut keys: Vec<String> = help.split(", ").map(str::to_owned).collect();
    keys.sort();
    keys.dedup();
    keys
}

#[test]
#[expect(clippy::too_many_lines, reason = "a row for each map")]
fn the_schema_and_the_reader_know_the_same_keys() {
    let schema = schema::policy();
    let stray = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqq: 1";
    let rule = format!("{{id: a, expr: 'true', {stray}}}");
    let table = [
        (
            "a policy",
            None,
            format!("gonogo: 1\nname: a\nrequire: [{{id: a, expr: 'true'}}]\n{stray}\n"),
        ),
        (
            "a rule",
            Some("rule"),
            format!("gonogo: 1\nname: a\nrequire: [{rule}]\n"),
        ),
        (
            "a group",
            Some("group"),
            format!("gonogo: 1\nname: a\nrequire: [{{group: g, rules: [{rule}], {stray}}}]\n"),
        ),
        (
            "a stage",
            Some("stage"),
            format!("gonogo: 1\nname: a\nstages: [{{name: s, require: [{rule}], {stray}}}]\n"),
        ),
        (
            "an input",
            Some("input"),
            format!(
                "gonogo: 1\nname: a\ninputs: {{x: {{type: int, {stray}}}}}\nrequire: [{rule}]\n"
            ),
        ),
        (
            "a parameter",
            Some("param"),
            format!(
                "gonogo: 1\nname: a\nparams: {{x: {{type: int, {stray}}}}}\nrequire: [{rule}]\n"
            ),
        ),
        (
            "a baseline",
            Some("baseline map"),
            format!("gonogo: 1\nname: a\nbaselines: [{{name: b, {stray}}}]\nrequire: [{rule}]\n"),
        ),
        (
            "a severity",
            Some("severity"),
            format!("gonogo: 1\nname: a\nseverities: [{{id: P0, {stray}}}]\nrequire: [{rule}]\n"),
        ),
        (
            "a calendar",
            Some("calendar"),
            format!(
                "gonogo: 1\nname: a\ncalendars: {{c: {{timezone: UTC, allow: Mon, {stray}}}}}\nrequire: [{rule}]\n"
            ),
        ),
        (
            "a denied period",
            Some("denied map"),
            format!(
                "gonogo: 1\nname: a\ncalendars: {{c: {{timezone: UTC, allow: Mon, deny: [{{dates: 2026-12-24, {stray}}}]}}}}\nrequire: [{rule}]\n"
            ),
        ),
        (
            "business time",
            Some("business time"),
            format!(
                "gonogo: 1\nname: a\nseverities: [{{id: P0, respond_within: {{business: 1d, {stray}}}}}]\nrequire: [{rule}]\n"
            ),
        ),
        (
            "a role",
            Some("role"),
            format!("gonogo: 1\nname: a\nroles: {{r: {{{stray}}}}}\nrequire: [{rule}]\n"),
        ),
        (
            "`evidence`",
            Some("evidence"),
            format!("gonogo: 1\nname: a\nrequire: [{{id: a, evidence: {{id: x, {stray}}}}}]\n"),
        ),
        (
            "`attest`",
            Some("attest"),
            format!("gonogo: 1\nname: a\nrequire: [{{id: a, attest: {{{stray}}}}}]\n"),
        ),
        (
            "`approve`",
            Some("approve"),
            format!("gonogo: 1\nname: a\nrequire: [{{id: a, approve: {{any: 1, {stray}}}}}]\n"),
        ),
        (
            "a need",
            Some("any stage"),
            format!(
                "gonogo: 1\nname: a\nstages: [{{name: s, needs: {{any: [s], {stray}}}, require: [{rule}]}}]\n"
            ),
        ),
        (
            "`record`",
            Some("record"),
            format!("gonogo: 1\nname: a\nrecord: {{fields: [x], {stray}}}\nrequire: [{rule}]\n"),
        ),
        (
            "`data`",
            Some("data"),
            format!("gonogo: 1\nname: a\ndata: {{{stray}}}\nrequire: [{rule}]\n"),
        ),
    ];
    for (of, definition, policy) in table {
        assert_eq!(
            keys_read(&policy, of),
            properties(&schema, definition),
            "the keys of {of}"
        );
    }
}

#[test]
fn a_record_fits_the_schema_of_records() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let validator = jsonschema::validator_for(&schema::record()).expect("a schema");
    let text =
        std::fs::read_to_string(root.join("policies/phase9-canary/policy.yaml")).expect("a policy");
    let policy = support::policy(&text, &gonogo::policy::check::Settings::new());
    for history in ["canary-5-error-spike", "canary-25-db-cpu"] {
        let path = root.join(format!("policies/phase9-canary/snapshots/{history}.jsonl"));
        let samples = std::fs::read_to_string(path).expect("a history");
        let record: Json =
            serde_json::from_str(&support::judge(&policy, &[&samples], None, None).to_json())
                .expect("JSON");
        let errors: Vec<String> = validator
            .iter_errors(&record)
            .map(|e| format!("{}: {e}", e.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{history}:\n{}", errors.join("\n"));
    }
}
