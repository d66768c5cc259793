//! Reads the text of a type. It accepts nothing that could mean two things, and stops at the first mistake.

use std::sync::Arc;

use super::{Field, Type};
use crate::expr::mistake::Mistake;
use crate::source::Code;
use crate::source::problem::nearest;

/// The names of types a policy may write.
const NAMES: &[&str] = &[
    "bool",
    "int",
    "double",
    "string",
    "timestamp",
    "duration",
    "list",
    "map",
];
/// How deep types may be nested.
const DEPTH: usize = 32;

/// Reads a whole text as one type.
pub(super) fn parse(text: &str) -> Result<Type, Mistake> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
    };
    let ty = reader.ty()?;
    reader.space();
    if reader.at < text.len() {
        return Err(reader.expected("the end of the type"));
    }
    Ok(ty)
}

/// A text and how far it has been read.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// One type.
    fn ty(&mut self) -> Result<Type, Mistake> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEPTH {
            return Err(self.mistake("a type may be nested 32 deep"));
        }
        let ty = self.ty_inner();
        self.depth = self.depth.saturating_sub(1);
        ty
    }

    fn ty_inner(&mut self) -> Result<Type, Mistake> {
        if self.eat('{') {
            return self.fields();
        }
        let start = self.at;
        let Some(name) = self.word() else {
            return Err(self.expected("a type"));
        };
        Ok(match name {
            "bool" => Type::Bool,
            "int" => Type::Int,
            "double" => Type::Double,
            "string" => Type::String,
            "timestamp" => Type::Timestamp,
            "duration" => Type::Duration,
            "list" => {
                self.need('<', "`<` and the type of the items, as in `list<string>`")?;
                let item = self.ty()?;
                self.need('>', "`>`")?;
                Type::List(Arc::new(item))
            }
            "map" => {
                self.need(
                    '<',
                    "`<` and the types of key and value, as in `map<string, double>`",
                )?;
                self.space();
                let key_start = self.at;
                let key = self.ty()?;
                if key != Type::String {
                    return Err(Mistake::new(
                        Code::BadType,
                        key_start..self.at,
                        "the keys of a map are `string`",
                    )
                    .help("write `map<string, …>`"));
                }
                self.need(',', "`,` and the type of the values")?;
                let value = self.ty()?;
                self.need('>', "`>`")?;
                Type::Map(Arc::new(key), Arc::new(value))
            }
            "optional" | "optional_type" => {
                return Err(Mistake::new(
                    Code::BadType,
                    self.begin(start)..self.at,
                    "no declared value is optional",
                )
                .help("write the type of the value alone: where it is missing it is unknown"));
            }
            other => {
                let mistake = Mistake::new(
                    Code::BadType,
                    self.begin(start)..self.at,
                    format!("`{other}` is not a type"),
                );
                return Err(mistake.help(advice(other)));
            }
        })
    }

    /// The fields of a struct, after its `{`.
    fn fields(&mut self) -> Result<Type, Mistake> {
        let mut fields: Vec<Field> = Vec::new();
        loop {
            if self.eat('}') {
                break;
            }
            self.space();
            let start = self.at;
            let Some(name) = self.word() else {
                return Err(self.expected("the name of a field"));
            };
            if fields.iter().any(|field| field.name.as_ref() == name) {
                return Err(Mistake::new(
                    Code::BadType,
                    start..self.at,
                    format!("the field `{name}` is given twice"),
                )
                .help("leave one of them out"));
            }
            self.need(':', "`:` and the type of the field")?;
            let ty = self.ty()?;
            fields.push(Field {
                name: name.into(),
                ty,
            });
            if !self.eat(',') {
                self.need('}', "`,` or `}`")?;
                break;
            }
        }
        Ok(Type::Struct(fields.into()))
    }

    /// Where the word after `start` begins.
    fn begin(&self, start: usize) -> usize {
        let rest = self.text.get(start..).unwrap_or_default();
        start.saturating_add(rest.len().saturating_sub(rest.trim_start().len()))
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn space(&mut self) {
        self.at = self.begin(self.at);
    }

    fn eat(&mut self, wanted: char) -> bool {
        self.space();
        let found = self.rest().starts_with(wanted);
        if found {
            self.at = self.at.saturating_add(wanted.len_utf8());
        }
        found
    }

    fn need(&mut self, wanted: char, what: &str) -> Result<(), Mistake> {
        if self.eat(wanted) {
            Ok(())
        } else {
            Err(self.expected(what))
        }
    }

    fn word(&mut self) -> Option<&'a str> {
        self.space();
        let rest = self.rest();
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let word = rest.get(..end).filter(|word| !word.is_empty())?;
        self.at = self.at.saturating_add(end);
        Some(word)
    }

    fn expected(&mut self, what: &str) -> Mistake {
        self.mistake(&format!("expected {what}"))
    }

    /// A mistake at what comes next.
    fn mistake(&mut self, message: &str) -> Mistake {
        self.space();
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        Mistake::new(Code::BadType, self.at..self.at.saturating_add(length), message).help(
            "types are `bool int double string timestamp duration list<T> map<string, T> {field: T, …}`",
        )
    }
}

/// What was meant by a word that is no type.
fn advice(word: &str) -> String {
    let meant = match word.to_lowercase().as_str() {
        "float" | "number" | "float64" | "f64" | "decimal" => Some("double"),
        "integer" | "uint" | "int64" | "long" | "i64" => Some("int"),
        "boolean" => Some("bool"),
        "str" | "text" => Some("string"),
        "time" | "date" | "datetime" | "instant" => Some("timestamp"),
        "array" | "vec" => Some("list"),
        "object" | "dict" | "hash" => Some("map"),
        _ => nearest(word, NAMES.iter().copied()),
    };
    meant.map_or_else(
        || "types are `bool int double string timestamp duration list<T> map<string, T> {field: T, …}`".to_owned(),
        |meant| format!("did you mean `{meant}`?"),
    )
}
