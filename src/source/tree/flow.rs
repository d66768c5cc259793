//! A node as YAML in one line, which is JSON where every text is in quotes: for where only a text can be handed on. Never
//! where it stood.

use super::{Datum, Kind, Node, Scalar, Style};

impl Node {
    /// It in one line. Read again it is the same.
    #[must_use]
    pub fn flow(&self) -> String {
        match &self.kind {
            Kind::Scalar(scalar) => written(scalar),
            Kind::List(items) => {
                let items: Vec<String> = items.iter().map(Self::flow).collect();
                format!("[{}]", items.join(", "))
            }
            Kind::Map(entries) => {
                let entry = |entry: &super::Entry| {
                    format!("{}: {}", quoted(&entry.key.text), entry.value.flow())
                };
                let entries: Vec<String> = entries.iter().map(entry).collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }
}

fn written(scalar: &Scalar) -> String {
    match scalar.datum() {
        Datum::Text(text) => quoted(text),
        _ if scalar.style != Style::Plain => quoted(&scalar.text),
        Datum::Null => "null".to_owned(),
        _ => scalar.text.clone(),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
