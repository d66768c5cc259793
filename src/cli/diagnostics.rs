//! Diagnostics as people see them: snippets on a terminal, one line each where a snippet would be a wall of text.

use std::fmt;
use std::io::Write as _;

use gonogo::report::github;
use gonogo::source::hidden::hides;
use gonogo::source::{Code, Label, Problem, Severity};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents,
};
use textwrap::{WordSeparator, WordSplitter};

use super::Color;

/// How many lines apart two places may stand that are shown in one snippet: with a line around each they touch.
const NEAR: u32 = 3;
/// The widest line that is shown in full around a place.
const WIDEST: usize = 160;
/// The largest text that is held once more to be shown.
const LARGEST: usize = 1 << 20;
/// How many problems of one kind are shown before the rest is counted.
const SHOWN: usize = 20;

/// Writes problems to standard error. A runner looks for commands there too, and texts of snapshots stand in them.
pub(super) fn report(problems: &[Problem], color: Color) {
    let mut stream = std::io::stderr().lock();
    let text = github::harmless(&render(problems, color.on(&std::io::stderr())));
    if stream.write_all(text.as_bytes()).is_err() {
        // Nobody reads; the exit code still tells.
    }
}

/// Problems as text, and a count of those that are left out.
pub(super) fn render(problems: &[Problem], color: bool) -> String {
    let theme = if color {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        // A time or a command to be copied is not cut at its hyphens.
        .with_word_splitter(WordSplitter::NoHyphenation)
        .with_word_separator(WordSeparator::AsciiSpace)
        .with_width(80);
    let mut text = String::new();
    for severity in [Severity::Error, Severity::Warning] {
        // How many more there are is told whatever else is.
        let (counts, of): (Vec<&Problem>, Vec<&Problem>) = problems
            .iter()
            .filter(|problem| problem.severity == severity)
            .partition(|problem| problem.code == Code::TooManyProblems);
        let show = |text: &mut String, problem: &Problem| {
            let shown = Shown::new(problem);
            if handler.render_report(text, &shown).is_err() {
                text.push_str(&problem.message);
            }
            for elsewhere in &shown.related {
                if handler.render_report(text, elsewhere).is_err() {
                    text.push_str(&elsewhere.label.text);
                }
            }
            text.push('\n');
        };
        of.iter()
            .take(SHOWN)
            .for_each(|problem| show(&mut text, problem));
        if let Some(more) = of.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            let what = if severity == Severity::Error {
                "errors"
            } else {
                "warnings"
            };
            text.push_str("  … and ");
            text.push_str(&more.to_string());
            text.push_str(" more ");
            text.push_str(what);
            text.push_str("\n\n");
        }
        counts.iter().for_each(|problem| show(&mut text, problem));
    }
    text.push_str(&for_more(problems));
    text
}

/// Where to read more about up to three kinds of problems: a line, or nothing where there is no problem.
fn for_more(problems: &[Problem]) -> String {
    let mut codes: Vec<Code> = Vec::new();
    for severity in [Severity::Error, Severity::Warning] {
        for problem in problems
            .iter()
            .filter(|problem| problem.severity == severity)
        {
            if !codes.contains(&problem.code) {
                codes.push(problem.code);
            }
        }
    }
    let Some((first, others)) = codes.split_first() else {
        return String::new();
    };
    let others: Vec<&str> = others.iter().take(2).map(|code| code.name()).collect();
    let or = if others.is_empty() {
        String::new()
    } else {
        format!(" (or {})", others.join(", "))
    };
    format!("for more: `gonogo explain {first}`{or}\n")
}

/// A problem with the snippet of its main source.
#[derive(Debug)]
struct Shown<'p> {
    problem: &'p Problem,
    snippet: Option<Snippet>,
    labels: Vec<(String, SourceSpan)>,
    related: Vec<Elsewhere<'p>>,
}

/// A label in another source than the main one, or far from it.
#[derive(Debug)]
struct Elsewhere<'p> {
    label: &'p Label,
    snippet: Snippet,
    span: SourceSpan,
}

impl<'p> Shown<'p> {
    fn new(problem: &'p Problem) -> Self {
        // Of an empty text there is nothing to show.
        let shown = || {
            problem
                .labels
                .iter()
                .filter(|label| !label.source.text().is_empty())
        };
        let main = shown().next();
        let snippet = main.map(|label| Snippet::new(&problem.labels, label));
        let mut labels = Vec::new();
        let mut related = Vec::new();
        for label in shown() {
            match (&snippet, main) {
                (Some(snippet), Some(main))
                    if label.source == main.source
                        && near(label, main)
                        && snippet.span(label).is_some() =>
                {
                    labels.extend(snippet.span(label).map(|span| (label.text.clone(), span)));
                }
                _ => {
                    let snippet = Snippet::new(std::slice::from_ref(label), label);
                    if let Some(span) = snippet.span(label) {
                        related.push(Elsewhere {
                            label,
                            snippet,
                            span,
                        });
                    }
                }
            }
        }
        Self {
            problem,
            snippet,
            labels,
            related,
        }
    }
}

/// Whether a place stands so near to the main one that one snippet shows both. One far above would be shown first, and
/// taken for the main place.
fn near(label: &Label, main: &Label) -> bool {
    let line = |label: &Label| label.source.position(label.span.start).line;
    line(label).abs_diff(line(main)) <= NEAR
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.problem.message))
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.problem.code()
    }

    fn severity(&self) -> Option<miette::Severity> {
        self.problem.severity()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.problem
            .help
            .as_ref()
            .map(|help| Box::new(printable(help)) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.snippet
            .as_ref()
            .map(|snippet| snippet as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let spans = self.labels.iter().enumerate().map(|(index, (text, span))| {
            let text = Some(printable(text)).filter(|text| !text.is_empty());
            // The first label is the main place: the one that is named above the snippet.
            let new = if index == 0 {
                LabeledSpan::new_primary_with_span
            } else {
                LabeledSpan::new_with_span
            };
            new(text, *span)
        });
        Some(Box::new(spans))
    }
}

impl fmt::Display for Elsewhere<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.label.text))
    }
}

impl std::error::Error for Elsewhere<'_> {}

impl Diagnostic for Elsewhere<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.snippet)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(
            None, self.span,
        ))))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(miette::Severity::Advice)
    }
}

/// The text of a source as far as it is shown: all of it, or a window of one very long line.
#[derive(Debug)]
struct Snippet {
    name: String,
    text: String,
    /// Where the window begins in the source.
    start: usize,
    line: usize,
    column: usize,
}

impl Snippet {
    fn new(labels: &[Label], main: &Label) -> Self {
        let text = main.source.text();
        let line_start = text[..floor(text, main.span.start)]
            .rfind('\n')
            .map_or(0, |at| at + 1);
        let line_end = text[line_start..]
            .find('\n')
            .map_or(text.len(), |at| line_start + at);
        let long = text.len() > LARGEST
            || labels
                .iter()
                .filter(|label| label.source == main.source)
                .any(|label| longest_line(text, label.span.start) > WIDEST);
        let name = main.source.name().to_string();
        let first = main.source.first_line() as usize - 1;
        if !long {
            // A place at the very end is drawn only where something stands.
            let at_end = labels
                .iter()
                .any(|label| label.source == main.source && label.span.start >= text.len());
            let text = if at_end {
                format!("{text} ")
            } else {
                text.to_owned()
            };
            return Self {
                name,
                text: harmless(&text),
                start: 0,
                line: first,
                column: 0,
            };
        }
        let start = floor(
            text,
            main.span.start.saturating_sub(WIDEST / 4).max(line_start),
        );
        let end = floor(text, (start + WIDEST / 2).min(line_end));
        Self {
            name,
            text: harmless(&text[start..end]),
            start,
            line: first + text[..start].matches('\n').count(),
            column: text[line_start..start].chars().count(),
        }
    }

    /// Where a label stands in the window; none if it lies outside.
    fn span(&self, label: &Label) -> Option<SourceSpan> {
        let start = label.span.start.checked_sub(self.start)?;
        if start > self.text.len() {
            return None;
        }
        let end = (label.span.end - self.start).clamp(start, self.text.len());
        Some(SourceSpan::new(start.into(), end - start))
    }
}

impl SourceCode for Snippet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.read_span(span, before, after)?;
        // A column that is not 0 makes sense only on the window's own line.
        let column = if contents.line() == 0 {
            contents.column() + self.column
        } else {
            contents.column()
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            contents.data(),
            *contents.span(),
            contents.line() + self.line,
            column,
            contents.line_count(),
        )))
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn longest_line(text: &str, at: usize) -> usize {
    let at = floor(text, at);
    let start = text[..at].rfind('\n').map_or(0, |start| start + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    end - start
}

/// A snippet without what could steer a terminal, byte for byte as long, so that places stay.
fn harmless(text: &str) -> String {
    let put = |c: char| match (hides(c), c.len_utf8()) {
        (false, _) => c,
        (true, 1) if c == '\n' || c == '\t' => c,
        (true, 1) if c == '\r' => ' ',
        (true, 1) => '?',
        (true, 2) => '\u{bf}',
        (true, _) => '\u{fffd}',
    };
    text.chars().map(put).collect()
}

/// Text from a file on a line of its own, without what could steer a terminal.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if hides(c) && c != '\n' { '\u{fffd}' } else { c })
        .collect()
}
