//! What a comparison with constants admits, and whether another one admits all of it.

use std::cmp::Ordering;

use super::{Form, Forms, Id, Sort};
use crate::expr::same;
use crate::expr::value::Value;

/// The values that something is compared with, and which of them it may be.
pub(super) enum Set<'v> {
    /// Up to this one, itself included or not.
    Below(&'v Value, bool),
    /// From this one on.
    Above(&'v Value, bool),
    /// One of these.
    Points(Vec<&'v Value>),
    /// None of these.
    Except(Vec<&'v Value>),
}

impl Forms {
    /// What is compared with constants, and what it may be.
    pub(super) fn set(&self, id: Id) -> Option<(Id, Set<'_>)> {
        let value = |id: Id| self.values.get(&id);
        match self.get(id)? {
            Form::Compare(sort, left, right) => {
                let (of, limit, below) = match (value(*left), value(*right)) {
                    (None, Some(limit)) => (*left, limit, true),
                    (Some(limit), None) => (*right, limit, false),
                    _ => return None,
                };
                Some((
                    of,
                    match (sort, below) {
                        (Sort::Less, true) => Set::Below(limit, false),
                        (Sort::AtMost, true) => Set::Below(limit, true),
                        (Sort::Less, false) => Set::Above(limit, false),
                        (Sort::AtMost, false) => Set::Above(limit, true),
                        (Sort::Equal, _) => Set::Points(vec![limit]),
                        (Sort::Unequal, _) => Set::Except(vec![limit]),
                    },
                ))
            }
            Form::Not(inner) => match self.set(*inner)? {
                (of, Set::Points(points)) => Some((of, Set::Except(points))),
                _ => None,
            },
            Form::Of(name, parts) if name == "in" => match parts.as_slice() {
                [of, list] => match value(*list)? {
                    Value::List(items) => Some((*of, Set::Points(items.iter().collect()))),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }
}

impl Forms {
    /// What alone a condition asks of, where all it does is to hold that against constants.
    pub(super) fn about(&self, id: Id) -> Option<Id> {
        match self.get(id)? {
            Form::All(parts) | Form::Any(parts) => {
                let mut all = parts.iter().map(|part| self.set(*part).map(|(of, _)| of));
                let first = all.next()??;
                all.all(|of| of == Some(first)).then_some(first)
            }
            _ => self.set(id).map(|(of, _)| of),
        }
    }
}

impl Set<'_> {
    /// Whether a value is in it; nothing where that cannot be told.
    fn has(&self, value: &Value) -> Option<bool> {
        let order = |limit: &Value| same::order(value, limit)?;
        let equal = |point: &&Value| value.equals(point);
        Some(match self {
            Self::Below(limit, included) => match order(limit)? {
                Ordering::Less => true,
                Ordering::Equal => *included,
                Ordering::Greater => false,
            },
            Self::Above(limit, included) => match order(limit)? {
                Ordering::Greater => true,
                Ordering::Equal => *included,
                Ordering::Less => false,
            },
            Self::Points(points) => points.iter().any(|point| equal(point) == Some(true)),
            Self::Except(points) => !points.iter().any(|point| equal(point) == Some(true)),
        })
    }

    /// Whether all of it is in the other one, for sure.
    pub(super) fn is_in(&self, other: &Self) -> bool {
        let has = |value: &Value| other.has(value) == Some(true);
        let lacks = |value: &Value| self.has(value) == Some(false);
        match (self, other) {
            (Self::Points(points), _) => points.iter().all(|point| has(point)),
            (_, Self::Except(points)) => points.iter().all(|point| lacks(point)),
            (Self::Below(limit, true), Self::Below(..))
            | (Self::Above(limit, true), Self::Above(..)) => has(limit),
            (Self::Below(limit, false), Self::Below(end, _))
            | (Self::Above(limit, false), Self::Above(end, _)) => {
                let same = same::order(limit, end) == Some(Some(Ordering::Equal));
                same || has(limit)
            }
            _ => false,
        }
    }
}
