//! Where what an expression names is declared, for mistakes that come of a declaration. Never whether it is right.

use std::collections::BTreeMap;

use super::names::identifier;
use crate::policy::decode::Text;
use crate::policy::document::{InputDocument, ParamDocument, PolicyDocument, TableDocument};
use crate::source::{Code, Span};

/// The places of the declarations, by the name an expression uses.
#[derive(Default)]
pub(super) struct Declared {
    places: BTreeMap<String, Places>,
    baselines: Vec<String>,
}

/// A declaration: its name, and what of it a mistake may come from.
struct Places {
    name: Span,
    ty: Option<Span>,
    unit: Option<Span>,
    values: Option<Span>,
}

impl Declared {
    /// The declarations of a policy.
    pub(super) fn of(document: &PolicyDocument) -> Self {
        let mut declared = Self::default();
        for input in &document.inputs {
            declared.add(identifier(input.name.as_str()), input.into());
        }
        for param in &document.params {
            let name = format!("params.{}", identifier(param.name.as_str()));
            declared.add(name, param.into());
        }
        for table in &document.tables {
            declared.add(identifier(table.name.as_str()), table.into());
        }
        for (name, _) in &document.lets {
            declared.add(identifier(name.as_str()), name.into());
        }
        declared.baselines = document
            .baselines
            .iter()
            .map(|baseline| identifier(baseline.name.as_str()))
            .collect();
        declared
    }

    /// Of two declarations of one name the first counts, as everywhere.
    fn add(&mut self, name: String, places: Places) {
        self.places.entry(name).or_insert(places);
    }

    /// The part of a declaration that a mistake of this kind comes from. A baseline's value is declared as the input.
    pub(super) fn place(&self, name: &str, code: Code) -> Option<Span> {
        let input = name
            .split_once('.')
            .filter(|(baseline, _)| self.baselines.iter().any(|known| known == baseline))
            .map_or(name, |(_, input)| input);
        let places = self.places.get(input)?;
        let part = match code {
            Code::UnitMismatch => places.unit,
            Code::ValueNotListed => places.values,
            Code::UnknownInput | Code::NameClash => None,
            _ => places.ty,
        };
        Some(part.unwrap_or(places.name))
    }
}

impl From<&InputDocument> for Places {
    fn from(input: &InputDocument) -> Self {
        let values = input.values.as_deref().unwrap_or_default();
        Self {
            name: input.name.span,
            ty: input.ty.as_ref().map(|ty| ty.span),
            unit: input.unit.as_ref().map(|unit| unit.span),
            values: values.iter().map(|value| value.span).reduce(Span::to),
        }
    }
}

impl From<&ParamDocument> for Places {
    fn from(param: &ParamDocument) -> Self {
        Self {
            name: param.name.span,
            ty: param.ty.as_ref().map(|ty| ty.span),
            unit: param.unit.as_ref().map(|unit| unit.span),
            values: None,
        }
    }
}

impl From<&TableDocument> for Places {
    fn from(table: &TableDocument) -> Self {
        Self {
            name: table.name.span,
            ty: table.ty.as_ref().map(|ty| ty.span),
            unit: table.unit.as_ref().map(|unit| unit.span),
            values: None,
        }
    }
}

impl From<&Text> for Places {
    fn from(name: &Text) -> Self {
        Self {
            name: name.span,
            ty: None,
            unit: None,
            values: None,
        }
    }
}
