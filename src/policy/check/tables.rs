//! Tables: the file of each read as its declaration says, into a constant of the expressions. Whatever of it does not fit
//! is an error at its place in the file; it never makes anything of a table unknown.

mod csv;
mod whole;

use std::sync::Arc;

use jiff::SignedDuration;

use super::Checker;
use super::inputs::leaf;
use super::names::identifier;
use crate::expr::Binding;
use crate::expr::types::Type;
use crate::policy::decode::Text;
use crate::policy::document::{PolicyDocument, TableDocument};
use crate::snapshot::convert::Conversion;
use crate::snapshot::layout::Input;
use crate::source::problem::any_error;
use crate::source::tree::Node;
use crate::source::{Code, Problem, Problems, Severity, Source, json, toml, yaml};

/// How a file is written, by the ending of its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Toml,
    Json,
    Yaml,
    Csv,
}

impl Format {
    fn of(path: &str) -> Option<Self> {
        let (_, ending) = path.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "toml" => Some(Self::Toml),
            "json" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }
}

impl Checker<'_> {
    /// The tables that can be used, by the names that expressions know them by. The file of one that cannot be named is
    /// read all the same: all that is wrong is told.
    pub(super) fn tables(
        &mut self,
        document: &PolicyDocument,
        named: Vec<&TableDocument>,
    ) -> Vec<(String, Binding)> {
        self.paths(document);
        let mut tables = Vec::new();
        for written in named {
            if let Some(binding) = self.table(written) {
                tables.push((identifier(written.name.as_str()), binding));
            }
        }
        tables
    }

    fn table(&mut self, written: &TableDocument) -> Option<Binding> {
        let path = written.file.as_ref()?;
        let ty = self.ty(written.ty.as_ref()?)?;
        let leaf = leaf(&ty);
        // A table is fitted to its type as an input is.
        let unit = written.unit.as_ref();
        let unit = unit.and_then(|unit| self.unit(unit, &leaf));
        let bounds = (written.range.as_deref(), written.values.as_deref());
        let (range, values) = self.bounds(bounds, written.span, &leaf);
        let input = Input {
            name: Arc::from(written.name.as_str()),
            title: None,
            unit,
            range,
            values,
            default: None,
            from: None,
            max_age: SignedDuration::ZERO,
            ty,
        };
        if !matches!(input.ty, Type::List(_) | Type::Map(..) | Type::Struct(_)) {
            let message = format!(
                "a table is a map, a list or a struct, and not {}",
                input.ty.a()
            );
            let help = "write a parameter for a single value, or `type: {name: double}` for a file with one";
            let span = written.ty.as_ref().map_or(written.span, |ty| ty.span);
            self.error(Code::BadValue, span, message, "a single value", help);
            return None;
        }
        let Some(format) = Format::of(path.as_str()) else {
            let message = format!(
                "`{}` has none of the endings that tables have",
                path.as_str()
            );
            let help = "name a file that ends in `.toml`, `.yaml`, `.json` or `.csv`";
            self.error(
                Code::BadValue,
                path.span,
                message,
                "how is it written?",
                help,
            );
            return None;
        };
        if let (Some(key), false) = (&written.key, format == Format::Csv) {
            let message = format!("`{}` has no columns, so none has the keys", path.as_str());
            let help = "remove `key`: only of a CSV file it says which column has the keys";
            self.error(Code::BadValue, key.span, message, "not a CSV file", help);
            return None;
        }
        let file = self.attached(path)?;
        let mut problems = Problems::default();
        let node = if format == Format::Csv {
            let key = written.key.as_ref();
            let declared = written.ty.as_ref().map_or(written.span, |ty| ty.span);
            match csv::shape(&input.ty, key.map(Text::as_str)) {
                Ok(shape) => csv::read(&file, &shape, &mut problems),
                Err((message, help)) => {
                    self.error(Code::BadValue, declared, message, "not of this file", help);
                    None
                }
            }
        } else {
            read(&file, format, &mut problems)
        };
        let value = node.map(|node| {
            let mut conversion = Conversion {
                source: &file,
                yaml: format == Format::Yaml,
                problems: &mut Problems::default(),
            };
            let value = conversion.value(&node, &input, &input.name);
            problems.extend(
                std::mem::take(conversion.problems)
                    .finish()
                    .into_iter()
                    .map(unfit),
            );
            whole::whole(&file, &node, &input, &mut problems);
            value
        });
        let problems = problems.finish();
        let wrong = any_error(&problems);
        for problem in problems {
            match problem.code {
                Code::Empty => {
                    self.nothing(&file, path, "write the table, or remove it from the policy");
                }
                _ => self.in_file(problem, path),
            }
        }
        Some(Binding::Constant {
            value: value.filter(|_| !wrong)?,
            ty: input.ty,
            unit: input.unit,
        })
    }
}

/// The tree of a file.
fn read(file: &Source, format: Format, problems: &mut Problems) -> Option<Node> {
    let (node, found) = match format {
        Format::Toml => toml::parse(file),
        Format::Json => json::parse(file),
        Format::Yaml | Format::Csv => {
            let (nodes, mut found) = yaml::parse(file);
            if let Some(second) = nodes.get(1) {
                let problem = Problem::new(Code::WrongKind, "a table is one document");
                let problem = problem.help("remove `---`, and give each table its own file");
                found.push(problem.at(file, second.span, "a second one begins here"));
            }
            (nodes.into_iter().next(), found)
        }
    };
    problems.extend(found);
    node
}

/// What the reader of snapshots says of a value that does not fit, as it is said of a table.
fn unfit(problem: Problem) -> Problem {
    let help = match problem.code {
        Code::WrongType => "correct the value, or the `type` of the table",
        Code::OutOfRange if problem.message.contains("which its input does not list") => {
            "correct the value, or the `values` of the table"
        }
        Code::OutOfRange => "correct the value, or the `range` of the table",
        _ => "write a number: nothing can be compared with this",
    };
    Problem {
        code: Code::BadTable,
        severity: Severity::Error,
        message: problem.message.replace(
            "which its input does not list",
            "which the table does not list",
        ),
        help: Some(help.to_owned()),
        labels: problem.labels,
    }
}
