//! A text to an exposition, line by line: each mistake is told, and the lines behind it are read all the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::family::Families;
use super::line::{Line, line};
use super::scan::Scan;
use super::trouble::Trouble;
use super::{Dialect, Exposition, MAX_SERIES, Series, dialect, histogram, twice};
use crate::source::{Code, MAX_LINE, Problem, Problems, Source, Span};

/// Reads an exposition. With an error among the problems it is not whole, and nothing may be judged with it.
#[must_use]
pub fn read(source: &Source) -> (Exposition, Problems) {
    at_most(MAX_SERIES, source)
}

/// Reads an exposition of so many series.
fn at_most(most: usize, source: &Source) -> (Exposition, Problems) {
    // As everywhere a byte order mark may stand before the text.
    let mark = '\u{feff}';
    let text = source.text().strip_prefix(mark).unwrap_or(source.text());
    let mut reader = Reader {
        source,
        most,
        dialect: dialect::of(text),
        series: Vec::new(),
        families: Families::default(),
        first: BTreeMap::new(),
        texts: BTreeSet::new(),
        broken: BTreeSet::new(),
        problems: Problems::default(),
    };
    reader.lines(text, source.text().len().saturating_sub(text.len()));
    reader.finish()
}

/// A text in the making.
struct Reader<'s> {
    source: &'s Source,
    /// The most series that are read.
    most: usize,
    dialect: Dialect,
    series: Vec<Series>,
    families: Families,
    /// Where a series of each name first stands.
    first: BTreeMap<Arc<str>, Span>,
    /// Every text that names or labels something, once.
    texts: BTreeSet<Arc<str>>,
    /// The names of lines that could not be read.
    broken: BTreeSet<String>,
    problems: Problems,
}

impl Reader<'_> {
    fn lines(&mut self, text: &str, mut base: usize) {
        let mut ended = None;
        let mut whole = true;
        for written in text.split_inclusive('\n') {
            let start = base;
            base = base.saturating_add(written.len());
            let line = written.strip_suffix('\n').unwrap_or(written);
            let line = line.strip_suffix('\r').unwrap_or(line);
            let span = Span::new(start, start.saturating_add(line.len()));
            if let Some(end) = ended {
                let help = "`# EOF` ends a scrape: give each scrape as a file of its own";
                let trouble = Trouble::new(span, "more behind `# EOF`", help);
                self.trouble(trouble.also(end, "the end"));
                break;
            }
            if self.dialect == Dialect::OpenMetrics && line.trim_end() == "# EOF" {
                ended = Some(span);
            } else if written.ends_with('\n') {
                if !self.line(line, span) {
                    return;
                }
            } else if !line.trim().is_empty() {
                whole = false;
                self.lost(line);
                let help = "the last line of a scrape ends with a line break too; without it the text was cut off: scrape it again";
                let trouble = Trouble::new(span, "the last line has no end", help);
                self.trouble(trouble.label("nobody knows what is missing"));
            }
        }
        if self.dialect == Dialect::OpenMetrics && ended.is_none() && whole {
            let end = Span::new(base, base);
            let message = "an OpenMetrics text without `# EOF`";
            let help = "its last line is `# EOF`, without it the text was cut off: scrape it again; in Prometheus' own format a counter is typed by its whole name, `# TYPE requests_total counter`";
            self.trouble(Trouble::new(end, message, help).label("the text ends here"));
        }
    }

    /// Reads a line; whether those behind it are read too.
    fn line(&mut self, text: &str, span: Span) -> bool {
        if text.len() > MAX_LINE {
            let message = format!(
                "a line of {} bytes, more than the {MAX_LINE} that are read",
                text.len()
            );
            let help = "no series has labels as long as that: look at what wrote them";
            // Only its beginning is shown.
            let start = Span::new(span.start, span.start.saturating_add(1));
            self.lost(text);
            self.trouble(Trouble::new(start, message, help).code(Code::TooLarge));
            return true;
        }
        let mut scan = Scan::new(text, span.start);
        scan.blanks();
        let read = match scan.peek() {
            None => Ok(()),
            Some('#') => {
                let first = &self.first;
                self.families
                    .comment(scan, self.dialect, |name| first.get(name).copied())
            }
            Some(_) if self.series.len() >= self.most => {
                let message = format!("more than the {} series that are read", self.most);
                let help = "scrape fewer: leave out at the source what no policy reads";
                self.trouble(Trouble::new(span, message, help).code(Code::TooLarge));
                return false;
            }
            Some(_) => line(scan, self.dialect).and_then(|line| {
                histogram::line(&line, &self.families)?;
                self.add(line);
                Ok(())
            }),
        };
        if let Err(trouble) = read {
            self.lost(text);
            self.trouble(trouble);
        }
        true
    }

    fn add(&mut self, line: Line) {
        let name = self.text(&line.name);
        let labels = line.labels.into_iter();
        let labels = labels
            .filter(|label| !label.value.is_empty())
            .map(|label| (self.text(&label.name), self.text(&label.value)))
            .collect();
        self.first.entry(Arc::clone(&name)).or_insert(line.named);
        self.series.push(Series {
            name,
            labels,
            value: line.value,
            at: line.at,
            span: line.span,
            named: line.named,
        });
    }

    /// A text that may have been met before.
    fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = Arc::from(text);
        self.texts.insert(Arc::clone(&new));
        new
    }

    /// Remembers a line that could not be read by the name it begins with.
    fn lost(&mut self, line: &str) {
        let name = line.trim_start().split(['{', ' ', '\t']).next();
        self.broken.extend(name.map(str::to_owned));
    }

    fn trouble(&mut self, trouble: Trouble) {
        self.problems.push(trouble.problem(self.source));
    }

    fn finish(mut self) -> (Exposition, Problems) {
        for trouble in twice::twice(&self.series) {
            self.trouble(trouble);
        }
        for trouble in histogram::whole(&self.series, &self.families, &self.broken) {
            self.trouble(trouble);
        }
        if self.series.is_empty() && self.problems.list().is_empty() {
            let message = format!("`{}` has no series in it", self.source.name());
            let help = "scrape what has values: an endpoint that answers nothing says nothing of the service";
            let problem = Problem::new(Code::Empty, message).help(help);
            let end = self.source.text().len();
            self.problems
                .push(problem.at(self.source, Span::new(end, end), "the text ends here"));
        }
        let exposition = Exposition {
            dialect: self.dialect,
            series: self.series,
            families: self.families.kinds(),
        };
        (exposition, self.problems)
    }
}

#[cfg(test)]
mod tests {
    use super::at_most;
    use crate::source::{Code, Source};

    #[test]
    fn more_series_than_are_read_are_an_error() {
        let read = |text: &str| {
            let (exposition, problems) = at_most(2, &Source::new("scrape.prom", text));
            let told = problems.list().iter();
            let told: Vec<_> = told
                .map(|problem| (problem.code, problem.place(), problem.message.clone()))
                .collect();
            (exposition.series.len(), told)
        };
        assert_eq!(read("a 1\n# one\nb 1\n"), (2, Vec::new()));
        let message = "more than the 2 series that are read".to_owned();
        let place = Some("scrape.prom:3:1".to_owned());
        assert_eq!(
            read("a 1\nb 1\nc 1\nd 1\n"),
            (2, vec![(Code::TooLarge, place, message)])
        );
    }
}
