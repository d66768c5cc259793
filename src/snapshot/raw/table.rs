//! A CSV document: the names of its first row, and each row below it with as many cells. Never looks at what a column means.

use super::taking::Taking;
use crate::snapshot::read::csv::whole::{Row, Rows, each};
use crate::source::{Code, Problem, Source, Span};

/// The first row.
pub(super) struct Names {
    /// Of the columns, none twice.
    pub(super) names: Vec<String>,
    /// Where it stands.
    pub(super) span: Span,
}

struct Document<'d, 't, 'l, F> {
    taking: &'d mut Taking<'t, 'l>,
    names: Option<Names>,
    take: F,
    /// Whether there is a row below the first.
    below: bool,
    sound: bool,
}

/// Gives the names of the first row and then each row below it to `take`. It ends where `take` says that nothing more is
/// wanted. Whether all of it could be read.
pub(super) fn rows<'l>(
    taking: &mut Taking<'_, 'l>,
    take: impl FnMut(&mut Taking<'_, 'l>, &Names, &Row<'_>) -> bool,
) -> bool {
    let source = taking.source;
    let mut document = Document {
        taking,
        names: None,
        take,
        below: false,
        sound: true,
    };
    let sound = each(source, &mut document);
    if !sound || !document.sound {
        return false;
    }
    if document.below {
        return true;
    }
    let what = if document.names.is_some() {
        "has names and no row below them"
    } else {
        "has nothing in it"
    };
    let message = format!("`{}` {what}", source.name());
    let problem = Problem::new(Code::Empty, message)
        .help("see whether the query that exports it finds anything");
    taking.problem(problem);
    false
}

impl<'l, F: FnMut(&mut Taking<'_, 'l>, &Names, &Row<'_>) -> bool> Rows for Document<'_, '_, 'l, F> {
    fn problem(&mut self, problem: Problem) {
        self.taking.problem(problem);
    }

    fn row(&mut self, row: &Row<'_>) -> bool {
        let source = self.taking.source;
        let Some(names) = &self.names else {
            match header(row) {
                Ok(names) => self.names = Some(names),
                Err((index, problem)) => {
                    let problem = problem.at(source, row.span(index), "here");
                    self.taking.problem(problem);
                    self.sound = false;
                }
            }
            return self.sound;
        };
        self.below = true;
        if names.names.len() == row.len() {
            return (self.take)(self.taking, names, row);
        }
        self.sound = false;
        let problem = uneven(source, names.names.len(), row);
        self.taking.problem(problem);
        true
    }
}

/// The names of the columns, or the index of the one that is wrong.
fn header(row: &Row<'_>) -> Result<Names, (usize, Problem)> {
    let mut names: Vec<String> = Vec::with_capacity(row.len());
    for index in 0..row.len() {
        let name = row.trimmed(index);
        if name.is_empty() {
            let message = format!("column {} has no name", index.saturating_add(1));
            let problem = Problem::new(Code::CsvSyntax, message);
            return Err((
                index,
                problem.help("name it in the first row, or leave the column out"),
            ));
        }
        if names.contains(&name) {
            let problem = Problem::new(Code::DuplicateKey, format!("two columns `{name}`"));
            return Err((
                index,
                problem.help("give each its own name, or leave one out"),
            ));
        }
        names.push(name);
    }
    Ok(Names {
        names,
        span: row.whole(),
    })
}

fn uneven(source: &Source, named: usize, row: &Row<'_>) -> Problem {
    let message = format!("a row of {} cells under {named} names", row.len());
    Problem::new(Code::CsvSyntax, message)
        .help("give each column its cell; an empty one says nothing")
        .at(source, row.whole(), format!("expected {named} cells"))
}
