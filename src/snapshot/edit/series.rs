//! Other ends of metrics: from an instant on, the values of a series and no other. Never how a series is written.

use std::sync::Arc;

use super::grid::Step;
use super::{Grid, with};
use crate::expr::types::Type;
use crate::expr::value::Value;
use crate::snapshot::History;
use crate::snapshot::layout::{Input, Kind, Layout};
use crate::source::problem::nearest;

/// What a series speaks of: a metric or one of a baseline, or a part of one.
#[derive(Clone, Debug)]
pub struct Target<'l> {
    /// Where its values stand.
    pub slot: usize,
    /// Its declaration.
    pub input: &'l Input,
    /// The keys that lead to the part; none: the whole metric.
    pub path: Vec<Arc<str>>,
    /// The type of that part.
    pub ty: &'l Type,
}

/// Why there is no such metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unnamed {
    /// The policy declares none; the one that is meant, where one is near.
    Undeclared(Option<String>),
    /// The metric of this name is no map, and has no parts.
    NoParts(String),
    /// The metric of this name has parts, and not this one; those it has.
    NoPart(String, Vec<String>),
}

/// The samples of a series.
#[derive(Clone, Debug)]
pub struct Series<'l> {
    /// What they speak of.
    pub target: Target<'l>,
    /// What each says, the last one at the end of the history; none: nothing.
    pub values: Vec<Option<Value>>,
}

impl<'l> Target<'l> {
    /// The metric, or the part of one, of a name such as `error_rate`, `incidents.P0` or `before.error_rate`.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn named(layout: &'l Layout, name: &str) -> Result<Self, Unnamed> {
        if let Some(found) = Self::of(layout, name, None) {
            return found;
        }
        let mut baselines = layout.baselines().iter().enumerate();
        let of_baseline = baselines.find_map(|(index, baseline)| {
            let rest = name.strip_prefix(baseline.name.as_ref())?;
            Self::of(layout, rest.strip_prefix('.')?, Some(index))
        });
        of_baseline.unwrap_or_else(|| {
            let mut known: Vec<String> = Vec::new();
            for input in layout.inputs() {
                known.push(input.name.to_string());
                let own = |baseline: &crate::snapshot::Baseline| {
                    format!("{}.{}", baseline.name, input.name)
                };
                known.extend(layout.baselines().iter().map(own));
            }
            let near = nearest(name, known.iter().map(String::as_str));
            // `incident.P0`: the metric alone may be what is misspelt.
            let near = near.map(str::to_owned).or_else(|| {
                let (metric, part) = name.split_once('.')?;
                let near = nearest(metric, known.iter().map(String::as_str))?;
                Some(format!("{near}.{part}"))
            });
            Err(Unnamed::Undeclared(near))
        })
    }

    /// The metric that a name begins with, and the part it ends in.
    fn of(
        layout: &'l Layout,
        name: &str,
        baseline: Option<usize>,
    ) -> Option<Result<Self, Unnamed>> {
        let dots = name.match_indices('.').map(|(at, _)| at);
        let mut ends: Vec<usize> = dots.chain([name.len()]).collect();
        ends.reverse();
        let (slot, end) = ends.into_iter().find_map(|end| {
            let slot = layout.input(name.get(..end)?)?;
            Some((slot, end))
        })?;
        let input = layout.inputs().get(slot)?;
        let part = name.get(end..).and_then(|rest| rest.strip_prefix('.'));
        let slot = baseline.map_or(slot, |baseline| layout.baseline(baseline, slot));
        let (mut path, mut ty, mut rest) = (Vec::new(), &input.ty, part);
        while let Some(keys) = rest {
            match ty {
                Type::Map(_, value) => {
                    // Keys of a map may have dots of their own: only a map of maps takes them apart.
                    let deeper = matches!(**value, Type::Map(..) | Type::Struct(_));
                    let (key, more) = match keys.split_once('.').filter(|_| deeper) {
                        Some((key, more)) => (key, Some(more)),
                        None => (keys, None),
                    };
                    path.push(Arc::from(key));
                    (ty, rest) = (value, more);
                }
                Type::Struct(fields) => {
                    let (key, more) = match keys.split_once('.') {
                        Some((key, more)) => (key, Some(more)),
                        None => (keys, None),
                    };
                    let Some(field) = fields.iter().find(|field| field.name.as_ref() == key) else {
                        let known = fields.iter().map(|field| field.name.to_string());
                        let of = layout.name(slot);
                        return Some(Err(Unnamed::NoPart(of, known.collect())));
                    };
                    path.push(Arc::clone(&field.name));
                    (ty, rest) = (&field.ty, more);
                }
                _ => {
                    let of = name.get(..name.len().saturating_sub(keys.len()));
                    let of = of.and_then(|of| of.strip_suffix('.')).unwrap_or(name);
                    return Some(Err(Unnamed::NoParts(of.to_owned())));
                }
            }
        }
        Some(Ok(Self {
            slot,
            input,
            path,
            ty,
        }))
    }
}

impl History {
    /// The same with other ends of metrics; it has the rows of the grid.
    #[must_use]
    pub fn ending(mut self, layout: &Layout, grid: &Grid, series: &[Series<'_>]) -> Self {
        let rows = self.rows();
        for one in series {
            let begins = grid.len().saturating_sub(one.values.len());
            let Some(column) = self.columns.get_mut(one.target.slot) else {
                continue;
            };
            let changed = column.changed(rows, None, |row, known| {
                let value = match grid.step(row, begins) {
                    Step::Before => return known,
                    Step::Between => None,
                    Step::At(step) => one.values.get(step).cloned().flatten(),
                };
                set(known, &one.target.path, value)
            });
            *column = Arc::new(changed);
        }
        if !grid.silent().is_empty() {
            self.fall_silent(layout, grid.silent());
        }
        self.flag(layout);
        self
    }
}

impl History {
    /// Takes all that rows say of metrics away.
    fn fall_silent(&mut self, layout: &Layout, silent: &[u32]) {
        let rows = self.rows();
        for (slot, column) in self.columns.iter_mut().enumerate() {
            let metric = matches!(layout.kind(slot), Some(Kind::Input(_) | Kind::Baseline(..)));
            if metric && !column.is_empty() {
                let told = |row, known: Option<Value>| {
                    known.filter(|_| silent.binary_search(&row).is_err())
                };
                *column = Arc::new(column.changed(rows, None, told));
            }
        }
    }
}

/// A value with another one at the end of a path, or with nothing there.
fn set(known: Option<Value>, path: &[Arc<str>], value: Option<Value>) -> Option<Value> {
    let Some((key, rest)) = path.split_first() else {
        return value;
    };
    let map = match &known {
        Some(Value::Map(map)) => Some(map.as_ref()),
        _ => None,
    };
    let inner = map.and_then(|map| map.get_str(key)).cloned();
    if value.is_none() && inner.is_none() {
        // Nothing is said of what is not there.
        return known;
    }
    Some(with(map, key, set(inner, rest, value)))
}
