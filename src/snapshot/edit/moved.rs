//! A history at another time: every instant in it moved by the same length of time. Never the time of day alone.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::keeps_places;
use crate::expr::types::Type;
use crate::expr::value::{Map, Value};
use crate::snapshot::columns::Column;
use crate::snapshot::facts::{Evidence, Gather, Record, Statement};
use crate::snapshot::layout::{Kind, Layout};
use crate::snapshot::{Facts, History};

impl History {
    /// The same history, earlier or later: samples, what is told of the stage and of what is planned, facts, and instants
    /// among metrics. None where an instant would be out of range.
    #[must_use]
    pub fn moved(&self, layout: &Layout, by: SignedDuration) -> Option<Self> {
        let times = self.times.iter().map(|at| at.checked_add(by).ok());
        let mut moved = self.clone();
        moved.times = times.collect::<Option<_>>()?;
        for (slot, column) in moved.columns.iter_mut().enumerate() {
            let ty = match layout.kind(slot) {
                Some(Kind::Context(context)) => Some(context.ty()),
                _ => {
                    let input = layout.input_of(slot);
                    let input = input.and_then(|input| layout.inputs().get(input));
                    input.map(|input| input.ty.clone())
                }
            };
            if !column.is_empty() && ty.is_some_and(|ty| has_instants(&ty)) {
                *column = Arc::new(self.column_moved(column, keeps_places(layout, slot), by)?);
            }
        }
        if !self.facts.is_empty() {
            moved.facts = Arc::new(facts(&self.facts, by)?);
        }
        Some(moved)
    }

    fn column_moved(&self, column: &Column, places: bool, by: SignedDuration) -> Option<Column> {
        let (mut made, mut sound) = (column.emptied(), true);
        let mut cursor = crate::snapshot::columns::Cursor::new(column);
        for row in 0..self.rows() {
            if let Some((known, place)) = cursor.placed(row) {
                match value(&known, by) {
                    Some(value) => made.push(row, value, places.then_some(place)),
                    None => sound = false,
                }
            }
        }
        sound.then_some(made)
    }
}

/// Whether values of a type hold instants.
fn has_instants(ty: &Type) -> bool {
    match ty {
        Type::Timestamp | Type::Dyn => true,
        Type::List(item) => has_instants(item),
        Type::Map(_, value) => has_instants(value),
        Type::Struct(fields) => fields.iter().any(|field| has_instants(&field.ty)),
        _ => false,
    }
}

fn value(of: &Value, by: SignedDuration) -> Option<Value> {
    Some(match of {
        Value::Timestamp(at) => Value::Timestamp(at.timestamp()?.checked_add(by).ok()?.into()),
        Value::List(items) => {
            let items: Option<Vec<Value>> = items.iter().map(|item| value(item, by)).collect();
            Value::List(Arc::from(items?))
        }
        Value::Map(map) => {
            let entries = map.iter();
            let entries = entries.map(|(key, of)| Some((key.clone(), value(of, by)?)));
            Value::Map(Arc::new(Map::new(entries.collect::<Option<_>>()?)))
        }
        other => other.clone(),
    })
}

/// Facts at another time; those of one instant may be told in another order there.
fn facts(given: &Facts, by: SignedDuration) -> Option<Facts> {
    let later = |at: Option<Timestamp>| match at {
        Some(at) => at.checked_add(by).ok().map(Some),
        None => Some(None),
    };
    let mut gather = Gather::default();
    for one in &given.evidence {
        gather.evidence(Evidence {
            at: later(one.at)?,
            started: later(one.started)?,
            ..one.as_ref().clone()
        });
    }
    for one in &given.statements {
        gather.statement(Statement {
            at: later(one.at)?,
            expires: later(one.expires)?,
            ..one.as_ref().clone()
        });
    }
    for one in &given.records {
        gather.record(Record {
            at: later(one.at)?,
            ..one.as_ref().clone()
        });
    }
    // What contradicts each other has been told where it was read.
    let (moved, _) = gather.finish(|_| String::new());
    let files = given.files.clone();
    Some(Facts { files, ..moved })
}
