//! A sample as a line of JSON Lines that reads back as the same one. What has no value is `null`, whatever the reason; what
//! the layout does not read was never kept, and is not there.

mod facts;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::layout::{Context, Kind, Layout};
use super::{Observed, Sample};
use crate::expr::duration::format_duration;
use crate::expr::value::Value;
use crate::source::visible;
pub use facts::facts;

/// A sample as it is written, in the order that people read it in.
#[derive(Default, Serialize)]
struct Line<'l> {
    at: Timestamp,
    #[serde(skip_serializing_if = "Map::is_empty")]
    subject: Map<String, Json>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    stage: Map<String, Json>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    metrics: BTreeMap<&'l str, Json>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    baselines: BTreeMap<&'l str, BTreeMap<&'l str, Json>>,
}

/// A sample as a line, with its end.
#[must_use]
pub fn sample(layout: &Layout, sample: &Sample) -> String {
    let mut line = Line {
        at: sample.at,
        ..Line::default()
    };
    for observed in &sample.values {
        line.put(layout, observed);
    }
    text(&line)
}

impl<'l> Line<'l> {
    fn put(&mut self, layout: &'l Layout, observed: &Observed) {
        let value = json(&observed.value);
        let input = |index: usize| {
            let input = layout.inputs().get(index)?;
            Some(input.name.as_ref())
        };
        match layout.kind(observed.slot) {
            Some(Kind::Input(index)) => {
                self.metrics.extend(input(index).map(|name| (name, value)));
            }
            Some(Kind::Baseline(baseline, index)) => {
                let baseline = layout.baselines().get(baseline);
                if let Some((baseline, name)) = baseline.zip(input(index)) {
                    let values = self.baselines.entry(&baseline.name).or_default();
                    values.insert(name, value);
                }
            }
            Some(Kind::Context(context)) => self.context(context, value),
            Some(Kind::Field(index)) => {
                let field = layout.fields().get(index);
                let field = field.map(|name| (name.to_string(), value));
                self.subject.extend(field);
            }
            // Nothing gives these.
            Some(Kind::Derived(_)) | None => {}
        }
    }

    fn context(&mut self, context: Context, value: Json) {
        let (of, name) = match context.name().split_once('.') {
            Some(("stage", name)) => (&mut self.stage, name),
            Some(("subject", name)) => (&mut self.subject, name),
            // The clock, which is no part of a sample.
            _ => return,
        };
        of.insert(name.to_owned(), value);
    }
}

/// A line with its end.
fn text(line: &impl Serialize) -> String {
    visible::line(line) + "\n"
}

/// A value as JSON, in the form that its reader takes for the same one.
fn json(value: &Value) -> Json {
    match value {
        Value::Bool(value) => Json::from(*value),
        Value::Int(value) => Json::from(*value),
        Value::Uint(value) => Json::from(*value),
        // One that is not finite would be null as well.
        Value::Double(value) => Json::from(*value),
        Value::String(text) => Json::from(text.as_ref()),
        Value::Timestamp(at) => Json::from(at.to_string()),
        Value::Duration(duration) => Json::from(format_duration(*duration)),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(map) => {
            let entries = map.iter();
            let entries = entries.map(|(key, value)| (key.to_string(), json(value)));
            Json::Object(entries.collect())
        }
        // No snapshot gives the others.
        Value::Null | Value::Bytes(_) | Value::Type(_) | Value::Optional(_) | Value::Unknown(_) => {
            Json::Null
        }
    }
}
