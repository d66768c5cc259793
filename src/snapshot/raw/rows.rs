//! CSV: the cells that each input names, of the rows that it names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::entries::{Entries, Joined, Part, null, scalar};
use super::origin::{Rows, Way};
use super::table::{Names, rows};
use super::taking::Taking;
use super::{Missed, Wanted};
use crate::expr::types::Type;
use crate::snapshot::read::csv::whole::Row;
use crate::snapshot::read::csv::{instant, written};
use crate::source::problem::nearest;
use crate::source::{Code, Problem};

/// The most cells that are values of inputs: as many values as another document may have.
const MAX_VALUES: usize = 400_000;

/// What is read for one input.
struct Asked<'l> {
    input: usize,
    rows: &'l Rows,
    /// The type of a cell.
    ty: Type,
    name: String,
    columns: Columns,
    found: BTreeMap<Option<Timestamp>, Entries>,
    /// Whether a row was met that says nothing.
    any: bool,
}

/// The indices of its columns.
struct Columns {
    value: usize,
    key: Option<usize>,
    filters: Vec<usize>,
    at: Option<usize>,
}

/// A table while it is read.
#[derive(Default)]
struct Table<'l> {
    /// None before the first row.
    asked: Option<Vec<Asked<'l>>>,
    missed: Vec<Missed>,
    /// Cells that are no instant, which have been told of.
    told: BTreeSet<usize>,
    values: usize,
    sound: bool,
}

/// Takes the values of inputs; those that are not there. Nothing where the document cannot be read.
pub(super) fn read(taking: &mut Taking<'_, '_>, wanted: &[Wanted<'_>]) -> Option<Vec<Missed>> {
    let mut table = Table {
        sound: true,
        ..Table::default()
    };
    let sound = rows(taking, |taking, names, row| {
        table.row(taking, wanted, names, row)
    });
    if !sound || !table.sound {
        return None;
    }
    let mut missed = table.missed;
    for asked in table.asked.unwrap_or_default() {
        let input = asked.input;
        if asked.found.is_empty() && !asked.any {
            let problem = Problem::new(
                Code::NoValue,
                format!(
                    "`{}` has no value: no row of `{}` is left by its `where`",
                    asked.name,
                    taking.source.name()
                ),
            );
            let problem = problem
                .warning()
                .help("correct `where` in the policy, or the query that exports the table");
            missed.push(Missed { input, problem });
            continue;
        }
        let joined = Joined {
            name: &asked.name,
            sum: asked.rows.sum,
            parts: "rows",
            help: "narrow them with `where`, name the column that tells them apart as `key` or `at`, or write `sum: true`",
        };
        let mut given = false;
        for (at, entries) in asked.found {
            if let Some(node) = entries.node(taking, joined) {
                taking.put(input, &node, at);
                given = true;
            }
        }
        if !given {
            let problem = Problem::new(
                Code::NoValue,
                format!(
                    "`{}` has no value: all its cells of `{}` in `{}` are empty",
                    asked.name,
                    asked.rows.column,
                    taking.source.name()
                ),
            );
            let problem = problem
                .warning()
                .help("see whether the query that exports it finds anything");
            missed.push(Missed { input, problem });
        }
    }
    Some(missed)
}

impl<'l> Table<'l> {
    /// Takes a row; whether more can be taken.
    fn row(
        &mut self,
        taking: &mut Taking<'_, '_>,
        wanted: &[Wanted<'l>],
        names: &Names,
        row: &Row<'_>,
    ) -> bool {
        if self.asked.is_none() {
            self.asked = Some(self.asked(taking, wanted, names));
        }
        for asked in self.asked.iter_mut().flatten() {
            if !asked.takes(row) {
                continue;
            }
            asked.any = true;
            let at = match asked.columns.at {
                None => None,
                Some(index) => match instant(&row.trimmed(index)) {
                    Ok(at) => Some(at),
                    Err(problem) => {
                        self.sound = false;
                        let span = row.span(index);
                        if self.told.insert(span.start) {
                            let problem = problem.at(taking.source, span, "expected an instant");
                            taking.problem(problem);
                        }
                        continue;
                    }
                },
            };
            self.values = self.values.saturating_add(1);
            asked.push(taking, row, at);
        }
        if self.values > MAX_VALUES {
            let message = format!(
                "more than {MAX_VALUES} cells of `{}` are values of inputs",
                taking.source.name()
            );
            taking.problem(
                Problem::new(Code::TooLarge, message).help("export fewer rows, or split the table"),
            );
            self.sound = false;
        }
        self.sound || self.values <= MAX_VALUES
    }

    /// What is read for each input; those whose columns are not there are missed.
    fn asked(
        &mut self,
        taking: &mut Taking<'_, '_>,
        wanted: &[Wanted<'l>],
        names: &Names,
    ) -> Vec<Asked<'l>> {
        let mut all = Vec::with_capacity(wanted.len());
        for (input, origin) in wanted {
            let (Way::Rows(rows), Some(declared)) = (&origin.way, taking.input(*input)) else {
                continue;
            };
            let name = taking.name(*input);
            let ty = match (&declared.ty, &rows.key) {
                (Type::Map(_, value), Some(_)) => value.as_ref().clone(),
                (ty, _) => ty.clone(),
            };
            match Columns::of(rows, &names.names) {
                Ok(columns) => all.push(Asked {
                    input: *input,
                    rows,
                    ty,
                    name,
                    columns,
                    found: BTreeMap::new(),
                    any: false,
                }),
                Err(column) => {
                    let problem = lacks(taking, &name, column, names);
                    self.missed.push(Missed {
                        input: *input,
                        problem,
                    });
                }
            }
        }
        all
    }
}

impl Asked<'_> {
    /// Whether a row is one of its own.
    fn takes(&self, row: &Row<'_>) -> bool {
        let filters = self.rows.filters.iter().zip(&self.columns.filters);
        filters
            .into_iter()
            .all(|((_, says), index)| row.trimmed(*index) == says.as_ref())
    }

    fn push(&mut self, taking: &Taking<'_, '_>, row: &Row<'_>, at: Option<Timestamp>) {
        let entries = self.found.entry(at).or_default();
        let place = row.span(self.columns.value);
        let mut keys = Vec::new();
        if let Some(index) = self.columns.key {
            let key = row.trimmed(index);
            if key.is_empty() {
                let column = self.rows.key.as_deref().unwrap_or_default();
                let problem = Problem::new(Code::NoValue, format!("a row of `{}` without its key", self.name))
                    .warning()
                    .help(format!("the input counts as unknown: nobody knows which entry this is; fill in `{column}`, or leave the row out with `where`"))
                    .at(taking.source, row.span(index), "empty");
                return entries.lose(place, problem);
            }
            keys.push(Arc::from(key));
        }
        let node = row.cell(self.columns.value).map(|(text, quoted)| {
            if !quoted && matches!(text.trim(), "null" | "NULL") {
                return null(place);
            }
            let (text, style) = written(&self.ty, text.into_owned(), quoted);
            scalar(text, style, place)
        });
        entries.push(keys, Part { node, place });
    }
}

impl Columns {
    /// Where they are; the one that is not there.
    fn of<'r>(rows: &'r Rows, names: &[String]) -> Result<Self, &'r str> {
        let find = |column: &'r Arc<str>| {
            let found = names
                .iter()
                .position(|name| name.as_str() == column.as_ref());
            found.ok_or(column.as_ref())
        };
        let filters: Result<_, _> = rows
            .filters
            .iter()
            .map(|(column, _)| find(column))
            .collect();
        Ok(Self {
            value: find(&rows.column)?,
            key: rows.key.as_ref().map(find).transpose()?,
            at: rows.at.as_ref().map(find).transpose()?,
            filters: filters?,
        })
    }
}

/// A column that is not there.
fn lacks(taking: &Taking<'_, '_>, name: &str, column: &str, names: &Names) -> Problem {
    let known = names.names.iter().map(String::as_str);
    let help = nearest(column, known).map_or_else(
        || format!("the columns are {}", names.names.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    Problem::new(
        Code::NoValue,
        format!("the table has no column `{column}`, which `{name}` is read from"),
    )
    .help(help)
    .at(taking.source, names.span, "not among these")
}
