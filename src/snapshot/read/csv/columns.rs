//! What each column of a table is, by its name in the first row. Never looks at a value.

use std::sync::Arc;

use super::place::Text;
use crate::expr::types::Type;
use crate::snapshot::layout::{Context, Layout};
use crate::snapshot::read::Reading;
use crate::snapshot::read::parts::{undeclared, unread};
use crate::source::problem::nearest;
use crate::source::{Code, Problem};

/// The names of the column of instants, the first one that is there.
const TIME: [&str; 3] = ["at", "time", "timestamp"];

/// The columns of a table.
#[derive(Debug)]
pub(super) struct Columns {
    /// How many there are.
    pub(super) count: usize,
    /// The one of instants.
    pub(super) time: usize,
    /// What is said of stage and subject.
    pub(super) contexts: Vec<(usize, Context)>,
    /// Fields of the subject that an audit needs, by slot.
    pub(super) fields: Vec<(usize, usize)>,
    /// The inputs, of the policy or of a baseline.
    pub(super) inputs: Vec<Column>,
}

/// The columns of one input.
#[derive(Debug)]
pub(super) struct Column {
    /// Its slot.
    pub(super) slot: usize,
    /// The index of its declaration.
    pub(super) input: usize,
    /// Where its value, or each part of it, stands.
    pub(super) shape: Shape,
}

/// A value, or the parts of one.
#[derive(Debug)]
pub(super) enum Shape {
    /// The column of this index; what its value is called.
    Cell(usize, String),
    /// Entries of a map, or fields.
    Parts(Vec<(Arc<str>, Shape)>),
}

/// Reads the first row; none where no instant can be told, which has been said then.
pub(super) fn columns(reading: &mut Reading<'_>, row: &Text<'_>) -> Option<Columns> {
    let names: Vec<String> = row.texts().map(|name| name.trim().to_owned()).collect();
    let before = |index: usize| names.get(..index).unwrap_or_default();
    let mut sound = true;
    for (index, name) in names.iter().enumerate() {
        if name.is_empty() {
            let message = format!("column {} has no name", index.saturating_add(1));
            let problem = Problem::new(Code::CsvSyntax, message)
                .help("name it in the first row, or leave the column out");
            reading.problem(row.at(problem, index, "no name"));
            sound = false;
        } else if let Some(first) = before(index).iter().position(|other| other == name) {
            let problem = Problem::new(
                Code::DuplicateKey,
                format!("two columns are named `{name}`"),
            )
            .help("leave one of them out, or give it its own name");
            let problem = row.at(problem, index, "second");
            reading.problem(row.at(problem, first, "first"));
            sound = false;
        }
    }
    let time = TIME
        .iter()
        .find_map(|time| names.iter().position(|name| name == time));
    let Some(time) = time else {
        let help = match names.as_slice() {
            [only] if only.contains([';', '\t']) => "separate the cells by commas",
            _ => "name the column of instants `at` (or `time`, or `timestamp`)",
        };
        let problem = Problem::new(Code::MissingTime, "a table without a column of instants");
        reading.problem(row.at(problem.help(help), 0, "no `at` in this row"));
        return None;
    };
    let mut columns = Columns {
        count: names.len(),
        time,
        contexts: Vec::new(),
        fields: Vec::new(),
        inputs: Vec::new(),
    };
    for (index, name) in names.iter().enumerate() {
        if index != time
            && !name.is_empty()
            && let Some(problem) = columns.add(reading.layout(), index, name)
        {
            let warning = problem.code == Code::UndeclaredMetric;
            let label = if warning { "not declared" } else { "here" };
            let problem = row.at(problem, index, label);
            if warning {
                reading.problems.push_once(problem);
            } else {
                reading.problem(problem);
                sound = false;
            }
        }
    }
    sound.then_some(columns)
}

impl Columns {
    /// Adds a column; what is wrong with its name.
    fn add(&mut self, layout: &Layout, index: usize, name: &str) -> Option<Problem> {
        if name.starts_with("x-") {
            return None;
        }
        if let Some(context) = given(name) {
            self.contexts.push((index, context));
            return None;
        }
        // A subject may carry what an audit needs.
        if let Some(field) = name.strip_prefix("subject.") {
            let slot = layout.field(field);
            self.fields.extend(slot.map(|slot| (index, slot)));
            return None;
        }
        if name.starts_with("stage.") {
            let known = Context::ALL.iter().map(|context| context.name());
            let help = nearest(name, known.filter(|name| given(name).is_some())).map_or_else(
                || "there are stage.name, stage.entered and stage.traffic".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("`stage` has no `{}`", name.trim_start_matches("stage."));
            return Some(Problem::new(Code::UnknownKey, message).help(help));
        }
        let Some((slot, input, path)) = find(layout, name) else {
            return Some(unknown(layout, name));
        };
        let ty = layout.inputs().get(input).map(|input| &input.ty)?;
        let position = self.inputs.iter().position(|column| column.slot == slot);
        let known = position.and_then(|position| self.inputs.get_mut(position));
        match known {
            Some(column) => add(&mut column.shape, ty, path, index, name)
                .map(|trouble| trouble.problem(layout, name)),
            None => {
                let mut shape = Shape::Parts(Vec::new());
                let trouble = add(&mut shape, ty, path, index, name);
                if trouble.is_none() {
                    self.inputs.push(Column { slot, input, shape });
                }
                trouble.map(|trouble| trouble.problem(layout, name))
            }
        }
    }
}

/// What is wrong with the path of a column.
enum Trouble {
    /// A map as one cell.
    Map,
    /// A list as a cell.
    List,
    /// No such part.
    Unknown,
}

impl Trouble {
    fn problem(self, layout: &Layout, name: &str) -> Problem {
        let (what, help) = match self {
            Self::Map => (
                "a map",
                format!("write a column for each entry, such as `{name}.NAME`"),
            ),
            Self::List => (
                "a list",
                "no cell holds one: give it as JSON Lines".to_owned(),
            ),
            Self::Unknown => return unknown(layout, name),
        };
        let message = format!("`{name}` is {what}, not a single value");
        Problem::new(Code::WrongKind, message).help(help)
    }
}

/// Adds a column to the parts of a value.
fn add(
    shape: &mut Shape,
    ty: &Type,
    path: Option<&str>,
    index: usize,
    name: &str,
) -> Option<Trouble> {
    let Some(path) = path else {
        match ty {
            Type::Map(..) | Type::Struct(_) => return Some(Trouble::Map),
            Type::List(_) => return Some(Trouble::List),
            _ => {}
        }
        *shape = Shape::Cell(index, name.to_owned());
        return None;
    };
    let cut = || match path.split_once('.') {
        Some((key, rest)) => (key, Some(rest)),
        None => (path, None),
    };
    let (key, rest, ty) = match ty {
        Type::Map(_, value) => match value.as_ref() {
            Type::Map(..) | Type::Struct(_) => {
                let (key, rest) = cut();
                (key, rest, value.as_ref())
            }
            // The key of a single value may have dots of its own.
            value => (path, None, value),
        },
        Type::Struct(_) => {
            let (key, rest) = cut();
            let Some(ty) = ty.field(key) else {
                return Some(Trouble::Unknown);
            };
            (key, rest, ty)
        }
        _ => return Some(Trouble::Unknown),
    };
    let Shape::Parts(parts) = shape else {
        return Some(Trouble::Unknown);
    };
    let known = parts
        .iter()
        .position(|(name, _)| name.as_ref() == key)
        .and_then(|position| parts.get_mut(position));
    if let Some((_, part)) = known {
        return add(part, ty, rest, index, name);
    }
    let mut part = Shape::Parts(Vec::new());
    let trouble = add(&mut part, ty, rest, index, name);
    if trouble.is_none() {
        parts.push((Arc::from(key), part));
    }
    trouble
}

/// The slot a column's name begins with, its declaration, and the path behind it.
fn find<'n>(layout: &Layout, name: &'n str) -> Option<(usize, usize, Option<&'n str>)> {
    if let Some(input) = layout.input(name) {
        return Some((input, input, None));
    }
    let (first, rest) = name.split_once('.')?;
    if let Some(input) = layout.input(first) {
        return Some((input, input, Some(rest)));
    }
    let mut baselines = layout.baselines().iter();
    let baseline = baselines.position(|baseline| baseline.name.as_ref() == first)?;
    let (first, rest) = match rest.split_once('.') {
        _ if layout.input(rest).is_some() => (rest, None),
        Some((first, rest)) => (first, Some(rest)),
        None => (rest, None),
    };
    let input = layout.input(first)?;
    Some((layout.baseline(baseline, input), input, rest))
}

/// What a snapshot can say of stage or subject by this name.
fn given(name: &str) -> Option<Context> {
    Context::ALL.iter().copied().find(|context| {
        context.name() == name && !matches!(context, Context::StageElapsed | Context::Now)
    })
}

fn unknown(layout: &Layout, name: &str) -> Problem {
    let known = layout.inputs().iter().map(|input| input.name.as_ref());
    let near = nearest(name, known);
    Problem::new(Code::UndeclaredMetric, undeclared("metric", name))
        .warning()
        .help(unread("metric", near))
}
