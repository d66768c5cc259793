//! Whether a snapshot fits a policy: every violation of the narrowed schema, at its place in the file.

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::{Map, Number, Value as Json};

use super::snapshot_of;
use crate::policy::Policy;
use crate::snapshot::Format;
use crate::snapshot::read::{fact_keys, is_record};
use crate::source::problem::nearest;
use crate::source::tree::{Datum, Kind, Node};
use crate::source::{Code, Problem, Problems, Source, json, yaml};

/// The narrowed schema of a policy, ready to validate.
#[derive(Debug)]
pub struct Fit {
    validator: Validator,
    names: Vec<String>,
}

impl Fit {
    /// Prepares the schema of a policy.
    ///
    /// # Errors
    /// A bug: the generated schema is not one.
    pub fn new(policy: &Policy) -> Result<Self, String> {
        let validator =
            jsonschema::validator_for(&snapshot_of(policy)).map_err(|error| error.to_string())?;
        let inputs = policy
            .layout
            .inputs()
            .iter()
            .map(|input| input.name.to_string());
        let baselines = policy
            .layout
            .baselines()
            .iter()
            .map(|baseline| baseline.name.to_string());
        let keys = [
            "at",
            "subject",
            "stage",
            "metrics",
            "baselines",
            "name",
            "entered",
            "traffic",
            "evidence",
            "attestations",
            "approvals",
            "records",
        ];
        let names = inputs
            .chain(baselines)
            .chain(keys.into_iter().map(str::to_owned))
            .collect();
        Ok(Self { validator, names })
    }

    /// Everything in a document that does not fit.
    #[must_use]
    pub fn violations(&self, source: &Source, format: Format) -> Vec<Problem> {
        let nodes = match format {
            Format::Yaml => yaml::parse(source).0,
            Format::Json | Format::JsonLines => json::parse(source).0.into_iter().collect(),
            // The schema is one of JSON; cells are held against the declarations when they are read.
            Format::Csv => Vec::new(),
        };
        let mut problems = Problems::default();
        for node in &nodes {
            match &node.kind {
                Kind::List(items) => items
                    .iter()
                    .for_each(|item| self.snapshot(source, format, item, &mut problems)),
                Kind::Map(_) | Kind::Scalar(_) => {
                    self.snapshot(source, format, node, &mut problems);
                }
            }
        }
        problems.finish()
    }

    fn snapshot(&self, source: &Source, format: Format, node: &Node, problems: &mut Problems) {
        if is_record(node) {
            return;
        }
        let value = to_json(node);
        for error in self.validator.iter_errors(&value) {
            let path = error.instance_path().to_string();
            let at = walk(node, &path);
            if format == Format::Yaml && reads_as_text(error.kind(), at) {
                continue;
            }
            if problems.full() {
                problems.count(1);
                continue;
            }
            let name = path.trim_start_matches('/').replace('/', ".");
            if let ValidationErrorKind::AdditionalProperties { unexpected } = error.kind() {
                for (index, key) in unexpected.iter().enumerate() {
                    if problems.full() {
                        problems.count(unexpected.len().saturating_sub(index));
                        break;
                    }
                    problems.push(self.undeclared(source, at, &name, key));
                }
                continue;
            }
            let what = if name.is_empty() {
                "the snapshot".to_owned()
            } else {
                format!("`{name}`")
            };
            let problem = Problem::new(
                Code::SchemaViolation,
                format!("{what} does not fit: {}", said(error.kind(), at)),
            )
            .help("`gonogo schema snapshot -p POLICY` prints what fits")
            .at(source, at.span, "does not fit");
            problems.push(problem);
        }
    }

    /// A key that does not belong into the map of this name.
    fn undeclared(&self, source: &Source, at: &Node, name: &str, key: &str) -> Problem {
        let span = entry_span(at, key).unwrap_or(at.span);
        let facts = ["evidence", "attestations", "approvals", "records"];
        let fact = name.split('.').next().filter(|first| facts.contains(first));
        let near = match fact {
            Some(_) => nearest(key, fact_keys()),
            None => nearest(key, self.names.iter().map(String::as_str)),
        };
        let help = near.map(|near| format!("did you mean `{near}`?"));
        let (message, help, label) = match fact {
            Some(_) => (
                format!("`{name}` has no key `{key}`"),
                help.unwrap_or_else(|| "remove it, or begin it with `x-`".to_owned()),
                "unknown key",
            ),
            None => {
                let place = if name.is_empty() {
                    "a snapshot".to_owned()
                } else {
                    format!("`{name}`")
                };
                (
                    format!("the policy knows no `{key}` in {place}"),
                    help.unwrap_or_else(|| "remove it, or declare it in the policy".to_owned()),
                    "not declared",
                )
            }
        };
        Problem::new(Code::SchemaViolation, message)
            .help(help)
            .at(source, span, label)
    }
}

/// Whether a violation is a scalar of YAML that is read as the text it is written as.
fn reads_as_text(kind: &ValidationErrorKind, at: &Node) -> bool {
    let wanted = match kind {
        ValidationErrorKind::Type { kind } => format!("{kind:?}").to_lowercase(),
        _ => return false,
    };
    wanted.contains("string") && at.scalar().is_some() && !at.is_null()
}

/// What a violation says, in the words of a person.
fn said(kind: &ValidationErrorKind, at: &Node) -> String {
    match kind {
        ValidationErrorKind::Type { kind } => {
            let wanted = format!("{kind:?}").to_lowercase();
            if ["string", "number"].iter().all(|one| wanted.contains(one)) {
                return format!("it is {}, not a single value", at.describe());
            }
            let wanted = ["integer", "number", "string", "boolean", "array", "object"]
                .into_iter()
                .find(|known| wanted.contains(known))
                .unwrap_or("another type");
            format!("it is {}, not {}", at.describe(), plain(wanted))
        }
        ValidationErrorKind::Minimum { limit } => format!("it is less than {limit}"),
        ValidationErrorKind::Maximum { limit } => format!("it is more than {limit}"),
        ValidationErrorKind::Enum { options } => format!("it is none of {options}"),
        ValidationErrorKind::Required { property } => format!("{property} is missing"),
        ValidationErrorKind::Pattern { pattern } if pattern == "\\S" => "it is empty".to_owned(),
        ValidationErrorKind::Pattern { .. } | ValidationErrorKind::Format { .. } => {
            "it is not an instant such as 2025-10-16T10:05:00Z".to_owned()
        }
        ValidationErrorKind::AnyOf { .. } if matches!(at.kind, Kind::Map(_)) => {
            "\"at\" is missing".to_owned()
        }
        ValidationErrorKind::AnyOf { .. } => "it is not a share such as \"5%\" or 0.05".to_owned(),
        _ => "it has another shape than the policy expects".to_owned(),
    }
}

fn plain(kind: &str) -> &str {
    match kind {
        "integer" => "a whole number",
        "number" => "a number",
        "string" => "a text",
        "boolean" => "a bool",
        "array" => "a list",
        "object" => "a map",
        other => other,
    }
}

/// The node a JSON pointer leads to; the last one on the way where it leads out of the tree.
fn walk<'n>(node: &'n Node, pointer: &str) -> &'n Node {
    let mut node = node;
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        let next = match &node.kind {
            Kind::Map(_) => node.get(&step),
            Kind::List(items) => step
                .parse::<usize>()
                .ok()
                .and_then(|index| items.get(index)),
            Kind::Scalar(_) => None,
        };
        match next {
            Some(next) => node = next,
            None => break,
        }
    }
    node
}

fn entry_span(node: &Node, key: &str) -> Option<crate::source::Span> {
    match &node.kind {
        Kind::Map(entries) => entries
            .iter()
            .find(|entry| entry.key.text == key)
            .map(|entry| entry.key_span),
        Kind::Scalar(_) | Kind::List(_) => None,
    }
}

fn to_json(node: &Node) -> Json {
    match &node.kind {
        Kind::List(items) => Json::Array(items.iter().map(to_json).collect()),
        Kind::Map(entries) => Json::Object(
            entries
                .iter()
                .map(|entry| (entry.key.text.clone(), to_json(&entry.value)))
                .collect::<Map<_, _>>(),
        ),
        Kind::Scalar(scalar) => match scalar.datum() {
            Datum::Null => Json::Null,
            Datum::Bool(value) => Json::Bool(value),
            Datum::Int(value) => Json::from(value),
            // What JSON cannot say is told as a text: no number fits there.
            Datum::Double(value) => Number::from_f64(value)
                .map_or_else(|| Json::String(value.to_string()), Json::Number),
            Datum::Text(text) => Json::String(text.to_owned()),
        },
    }
}
