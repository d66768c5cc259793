//! A line with a value: name, labels, value, instant, and in OpenMetrics an exemplar. Each line alone, without the ones
//! around it.

use jiff::Timestamp;

use super::Dialect;
use super::labels::{Label, Labels, is_name, labels};
use super::number::{BadNumber, BadTime, milliseconds, number, seconds};
use super::scan::Scan;
use super::trouble::Trouble;
use crate::source::Span;

/// A line with a value, as it was written.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) labels: Vec<Label>,
    pub(super) value: f64,
    pub(super) at: Option<Timestamp>,
    /// Where the value stands.
    pub(super) span: Span,
    /// Where name and labels stand.
    pub(super) named: Span,
}

/// Reads a line that begins with the name of a series or a brace.
pub(super) fn line(mut scan: Scan<'_>, dialect: Dialect) -> Result<Line, Trouble> {
    let (name, labels, named) = series(&mut scan)?;
    scan.blanks();
    let (value, span) = value(&mut scan, &format!("`{name}`"))?;
    scan.blanks();
    let at = match scan.peek() {
        None | Some('#') => None,
        Some(_) => Some(time(&mut scan, dialect)?),
    };
    scan.blanks();
    if scan.peek() == Some('#') {
        exemplar(&mut scan, dialect)?;
        scan.blanks();
    }
    if scan.peek().is_some() {
        let start = scan.here();
        scan.take_while(|_| true);
        let help = match dialect {
            Dialect::Text => {
                "a line is `name{labels} value`, and then an instant in milliseconds or nothing"
            }
            Dialect::OpenMetrics => {
                "a line is `name{labels} value`, then an instant in seconds or nothing, then an exemplar or nothing"
            }
        };
        let message = "more on the line than a value and its instant";
        return Err(Trouble::new(scan.since(start), message, help).label("not expected here"));
    }
    Ok(Line {
        name,
        labels: labels.list,
        value,
        at,
        span,
        named,
    })
}

/// Name and labels, and where they stand.
fn series(scan: &mut Scan<'_>) -> Result<(String, Labels, Span), Trouble> {
    let start = scan.here();
    let written = scan.take_while(|next| !matches!(next, ' ' | '\t' | '{'));
    let span = scan.since(start);
    if !written.is_empty() && !is_name(written) {
        return Err(Trouble::new(
            span,
            format!("`{written}` is no name of a series"),
            NAME,
        ));
    }
    let mut named = span;
    scan.blanks();
    let mut read = Labels::default();
    if scan.peek() == Some('{') {
        read = labels(scan)?;
        named = scan.since(start);
    }
    match (&read.name, written) {
        (None, "") => {
            let help = "write it before the braces, or as the first thing in them, in quotes: `{\"my.metric\", label=\"value\"}`";
            Err(Trouble::new(
                named,
                "labels without the name of a series",
                help,
            ))
        }
        (Some((name, _)), "") => Ok((name.clone(), read, named)),
        (None, name) => Ok((name.to_owned(), read, named)),
        (Some((second, at)), first) => {
            let message = format!("a series with two names, `{first}` and `{second}`");
            let help = "write one of them; the value of a label is written `label=\"value\"`";
            Err(Trouble::new(*at, message, help).also(span, "the first name"))
        }
    }
}

const NAME: &str = "a name has letters, digits, `_` and `:`, and does not begin with a digit; another name is written in quotes, in the braces: `{\"my.metric\"} 1`";

/// The value of what is called `name`.
fn value(scan: &mut Scan<'_>, name: &str) -> Result<(f64, Span), Trouble> {
    let (text, span) = scan.word();
    if text.is_empty() || text.starts_with('#') {
        let help = "write the number behind the name and its labels, after a blank";
        let span = Span::new(span.start, span.start);
        return Err(
            Trouble::new(span, format!("{name} has no value"), help).label("a number is expected")
        );
    }
    match number(text) {
        Ok(value) => Ok((value, span)),
        Err(BadNumber::TooLarge) => {
            let message = format!("`{text}` is larger than any number that is read");
            let help = "write `+Inf` or `-Inf` for what has no bound";
            Err(Trouble::new(span, message, help))
        }
        Err(BadNumber::Syntax) => {
            let help = "write it in decimal digits, such as `12`, `0.5`, `1.5e-3`, or as `NaN`, `+Inf`, `-Inf`";
            Err(
                Trouble::new(span, format!("`{text}` is not a number"), help)
                    .label(format!("the value of {name}")),
            )
        }
    }
}

/// The instant of a value.
fn time(scan: &mut Scan<'_>, dialect: Dialect) -> Result<Timestamp, Trouble> {
    let (text, span) = scan.word();
    let (read, unit) = match dialect {
        Dialect::Text => (milliseconds(text), "milliseconds"),
        Dialect::OpenMetrics => (seconds(text), "seconds"),
    };
    read.map_err(|bad| {
        let (message, help) = match bad {
            BadTime::Syntax => (
                format!("`{text}` is not an instant"),
                format!("write it in {unit} since 1970, or leave it out"),
            ),
            BadTime::Fraction => (
                format!("`{text}` is not an instant in whole milliseconds"),
                "write milliseconds since 1970; seconds are of OpenMetrics, whose last line is `# EOF`: without it, the text was cut off".to_owned(),
            ),
            BadTime::Range => (
                format!("`{text}` is no instant that there is, in {unit}"),
                match dialect {
                    Dialect::Text => "write it in milliseconds since 1970".to_owned(),
                    Dialect::OpenMetrics => "write it in seconds since 1970: this text is OpenMetrics, for it has `# EOF`, `# UNIT` or a type of its own".to_owned(),
                },
            ),
        };
        Trouble::new(span, message, help)
    })
}

/// An example that was counted: looked through for mistakes, and not kept.
fn exemplar(scan: &mut Scan<'_>, dialect: Dialect) -> Result<(), Trouble> {
    let start = scan.here();
    scan.bump();
    scan.blanks();
    if scan.peek() != Some('{') || dialect == Dialect::Text {
        let exemplar = scan.peek() == Some('{');
        scan.take_while(|_| true);
        let span = scan.since(start);
        return Err(if exemplar {
            let help = "exemplars are of OpenMetrics, whose last line is `# EOF`: without it, the text was cut off";
            Trouble::new(span, "an exemplar in a text without `# EOF`", help)
        } else {
            let help = "write it on a line of its own";
            Trouble::new(span, "a comment behind a value", help)
        });
    }
    let labels = labels(scan)?;
    if let Some((name, span)) = labels.name {
        let help = "write labels as `name=\"value\"`";
        return Err(Trouble::new(
            span,
            format!("`{name}` names an exemplar, which has none"),
            help,
        ));
    }
    scan.blanks();
    value(scan, "the exemplar")?;
    scan.blanks();
    if scan.peek().is_some() {
        time(scan, Dialect::OpenMetrics)?;
    }
    Ok(())
}
