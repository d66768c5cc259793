//! Whether all that a table's type declares is there. What is there and is not declared is nobody's business: no expression
//! can name it, and a file that the alerting reads too has more in it than the gate needs. Never whether a value is right.

use std::fmt::Write as _;

use crate::expr::shortened;
use crate::expr::types::Type;
use crate::snapshot::layout::Input;
use crate::source::problem::nearest;
use crate::source::tree::{Kind, Node};
use crate::source::{Code, Problem, Problems, Source};

/// A step into a table.
#[derive(Clone, Copy)]
enum Step<'n> {
    Item(usize),
    Entry(&'n str),
    Field(&'n str),
}

/// Tells what is missing.
pub(super) fn whole(file: &Source, node: &Node, input: &Input, problems: &mut Problems) {
    let empty = match &node.kind {
        Kind::List(items) => items.is_empty(),
        Kind::Map(entries) => entries.is_empty(),
        Kind::Scalar(_) => false,
    };
    // Of rows that were refused none may be left: that has been told.
    if empty && problems.list().is_empty() {
        let message = format!("`{}` has nothing in it", input.name);
        let problem = Problem::new(Code::BadTable, message);
        let problem = problem.help("write what the rules look up in it, or remove the table");
        problems.push(problem.at(file, node.span, "empty"));
        return;
    }
    let mut lacking = Lacking {
        file,
        input,
        problems,
        path: Vec::new(),
    };
    lacking.of(node, &input.ty);
}

struct Lacking<'n> {
    file: &'n Source,
    input: &'n Input,
    problems: &'n mut Problems,
    path: Vec<Step<'n>>,
}

impl<'n> Lacking<'n> {
    /// As deep as the document is, which is bounded where it is read.
    fn of(&mut self, node: &'n Node, ty: &'n Type) {
        if node.is_null() {
            let message = format!("`{}` has no value", self.name());
            let problem = Problem::new(Code::BadTable, message);
            let problem =
                problem.help("write one: a table says what is known before anything is measured");
            self.problems
                .push(problem.at(self.file, node.span, "no value"));
            return;
        }
        match (ty, &node.kind) {
            (Type::List(item), Kind::List(nodes)) => {
                for (index, node) in nodes.iter().enumerate() {
                    self.step(Step::Item(index), node, item);
                }
            }
            (Type::Map(_, value), Kind::Map(entries)) => {
                for entry in entries {
                    self.step(Step::Entry(&entry.key.text), &entry.value, value);
                }
            }
            (Type::Struct(fields), Kind::Map(_)) => {
                for field in fields.iter() {
                    match node.get(&field.name) {
                        Some(value) => self.step(Step::Field(&field.name), value, &field.ty),
                        None => self.missing(node, ty, &field.name),
                    }
                }
            }
            // What is of another kind has been told.
            _ => {}
        }
    }

    fn step(&mut self, step: Step<'n>, node: &'n Node, ty: &'n Type) {
        self.path.push(step);
        self.of(node, ty);
        self.path.pop();
    }

    fn missing(&mut self, node: &Node, ty: &Type, field: &str) {
        let message = format!("`{}` has no `{field}`", self.name());
        let others: Vec<&str> = match &node.kind {
            Kind::Map(entries) => {
                let keys = entries.iter().map(|entry| entry.key.text.as_str());
                keys.filter(|key| ty.field(key).is_none()).collect()
            }
            _ => Vec::new(),
        };
        let help = match nearest(field, others) {
            Some(near) => format!("is `{near}` meant? It is not declared"),
            None => format!("write `{field}`, or take it out of the `type` of the table"),
        };
        // Not all of a map that goes over many lines: its first key.
        let text = self.file.text().get(node.span.start..node.span.end);
        let lines = text.is_some_and(|text| text.contains('\n'));
        let span = node.first_key().filter(|_| lines).unwrap_or(node.span);
        let label = if lines {
            "begins here, without it"
        } else {
            "not here"
        };
        let problem = Problem::new(Code::BadTable, message).help(help);
        self.problems.push(problem.at(self.file, span, label));
    }

    /// The part that is looked at, as an expression writes it.
    fn name(&self) -> String {
        const LONGEST: usize = 100;
        let mut name = self.input.name.to_string();
        for step in &self.path {
            let _ = match step {
                Step::Item(index) => write!(name, "[{index}]"),
                Step::Entry(key) => write!(name, "[{:?}]", shortened(key, LONGEST)),
                Step::Field(field) => write!(name, ".{field}"),
            };
        }
        name
    }
}
