//! One item of a series: `0.004*236`, `410..460/241`, `_*4`, `x`, `"red"*3`. Never of which metric.

use super::{Run, Told};
use crate::source::Span;
use crate::source::tree::{Datum, Kind, Node, Scalar, Style};

/// What is wrong with an item.
#[derive(Debug)]
pub(super) struct Mistake {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) label: &'static str,
    pub(super) help: String,
}

/// How items are written.
const FORMS: &str = "write a value and how often, `0.004*236`; a ramp, `410..460/241`; `_` for missing; or `x` for no sample";

/// A part of an item, and where it begins in it.
#[derive(Clone, Copy, Debug)]
struct Part<'t> {
    text: &'t str,
    start: usize,
}

impl<'t> Part<'t> {
    fn new(text: &'t str, start: usize) -> Self {
        let begun = text.trim_start();
        let start = start.saturating_add(text.len().saturating_sub(begun.len()));
        let text = begun.trim_end();
        Self { text, start }
    }

    fn end(self) -> usize {
        self.start.saturating_add(self.text.len())
    }

    /// What stands before and behind a mark, the last of its kind.
    fn split(self, mark: &str) -> Option<(Self, Self)> {
        let (before, behind) = self.text.rsplit_once(mark)?;
        let start = self.text.len().saturating_sub(behind.len());
        let start = self.start.saturating_add(start);
        Some((Part::new(before, self.start), Part::new(behind, start)))
    }
}

/// What an item says.
///
/// # Errors
/// Where it cannot be read, and how to write it.
pub(super) fn run(node: &Node) -> Result<Run, Mistake> {
    let Some(scalar) = node.scalar() else {
        return Err(Mistake {
            span: node.span,
            message: format!("an item of a series is {}", node.describe()),
            label: "expected samples",
            help: FORMS.to_owned(),
        });
    };
    let item = Item { node, scalar };
    let whole = Part::new(&scalar.text, 0);
    if whole.text.is_empty() || scalar.datum() == Datum::Null {
        let message = "an item of a series says nothing".to_owned();
        let help = "write `_` where the metric is missing, or `x` where there is no sample";
        return Err(Mistake {
            span: node.span,
            message,
            label: "expected samples",
            help: help.to_owned(),
        });
    }
    if let Some(quote) = whole
        .text
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\''))
    {
        return item.quoted(whole, quote);
    }
    if whole.text.contains("..") {
        return item.ramp(whole);
    }
    let (value, samples) = match whole.split("*") {
        Some((value, samples)) => (value, item.samples(samples, 1)?),
        None => (whole, 1),
    };
    Ok(Run {
        samples,
        what: item.told(value)?,
        span: node.span,
    })
}

/// An item that is being read.
struct Item<'n> {
    node: &'n Node,
    scalar: &'n Scalar,
}

impl Item<'_> {
    /// Where a part stands; all of the item where the part is nothing.
    fn span(&self, part: Part<'_>) -> Span {
        if part.text.is_empty() {
            return self.node.span;
        }
        self.scalar.locate(part.start, part.end())
    }

    fn wrong(&self, part: Part<'_>, message: String, label: &'static str, help: &str) -> Mistake {
        Mistake {
            span: self.span(part),
            message,
            label,
            help: help.to_owned(),
        }
    }

    /// A text in quotes of its own, and how often.
    fn quoted(&self, whole: Part<'_>, quote: char) -> Result<Run, Mistake> {
        let inner = whole.text.get(1..).unwrap_or_default();
        let Some((text, behind)) = inner.rsplit_once(quote) else {
            let message = format!("the text `{}` has no end", whole.text);
            let help = format!("close it with {quote}");
            return Err(self.wrong(whole, message, "not closed", &help));
        };
        let start = whole.start.saturating_add(1);
        let end = start.saturating_add(text.len());
        let behind = Part::new(behind, end.saturating_add(1));
        let samples = match behind.text.strip_prefix('*') {
            Some(samples) => self.samples(Part::new(samples, behind.start.saturating_add(1)), 1)?,
            None if behind.text.is_empty() => 1,
            None => {
                let message = format!("`{}` stands behind a text", behind.text);
                let help = "write how often it is said: `\"red\"*3`";
                return Err(self.wrong(behind, message, "expected `*`", help));
            }
        };
        let value = self.value(text, start, Style::Quoted);
        Ok(Run {
            samples,
            what: Told::Value(value),
            span: self.node.span,
        })
    }

    /// Numbers from one to another.
    fn ramp(&self, whole: Part<'_>) -> Result<Run, Mistake> {
        let Some((ends, samples)) = whole.split("/") else {
            let message = format!(
                "the ramp `{}` does not say how many samples it has",
                whole.text
            );
            let help = format!(
                "write how many, such as `{}/10`; quote a text: `'\"a..b\"'`",
                whole.text
            );
            return Err(self.wrong(whole, message, "expected `/` and a number", &help));
        };
        let samples = self.samples(samples, 2)?;
        let Some((from, to)) = ends.split("..") else {
            let message = format!("the ramp `{}` has no two ends", whole.text);
            return Err(self.wrong(whole, message, "expected `A..B/N`", FORMS));
        };
        let (from, to) = (self.number(from)?, self.number(to)?);
        Ok(Run {
            samples,
            what: Told::Ramp(from, to),
            span: self.node.span,
        })
    }

    /// How many samples there are.
    fn samples(&self, part: Part<'_>, least: usize) -> Result<usize, Mistake> {
        let digits = !part.text.is_empty() && part.text.bytes().all(|byte| byte.is_ascii_digit());
        let label = "expected a number of samples";
        let example = if least == 1 {
            "`0.004*236`"
        } else {
            "`410..460/241`"
        };
        if !digits {
            let message = if part.text.is_empty() {
                format!("`{}` does not say how many samples", self.scalar.text)
            } else {
                format!("`{}` is not a number of samples", part.text)
            };
            let help = format!("write a whole number behind the value: {example}");
            return Err(self.wrong(part, message, label, &help));
        }
        // What is beyond 64 bits is beyond every limit.
        let samples = part.text.parse().unwrap_or(usize::MAX);
        if samples >= least {
            return Ok(samples);
        }
        let (message, help) = if least == 1 {
            ("a value without a sample", "write at least 1, or remove it")
        } else {
            (
                "a ramp has at least the samples of its two ends",
                "write at least 2, or one value alone",
            )
        };
        Err(self.wrong(part, message.to_owned(), label, help))
    }

    fn number(&self, part: Part<'_>) -> Result<f64, Mistake> {
        let value = self.value(part.text, part.start, Style::Plain);
        let datum = value.scalar().map(Scalar::datum);
        #[expect(
            clippy::cast_precision_loss,
            reason = "the values of a ramp are doubles"
        )]
        let number = match datum {
            Some(Datum::Int(number)) => number as f64,
            Some(Datum::Double(number)) => number,
            _ => {
                let message = format!("`{}` is not a number", part.text);
                let help = "a ramp goes from a number to a number: `410..460/241`; quote a text: `'\"a..b\"'`";
                return Err(self.wrong(part, message, "expected a number", help));
            }
        };
        if number.is_finite() {
            Ok(number)
        } else {
            Err(self.endless(part))
        }
    }

    fn endless(&self, part: Part<'_>) -> Mistake {
        let message = format!("`{}` is not a finite number", part.text);
        let help = "write a number, or `_` where nobody knows it; quote a text: `'\"inf\"'`";
        self.wrong(part, message, "not finite", help)
    }

    /// What a value without quotes says.
    fn told(&self, part: Part<'_>) -> Result<Told, Mistake> {
        match part.text {
            "_" => return Ok(Told::Missing),
            "x" => return Ok(Told::Nothing),
            "" => {
                let message = format!("`{}` has no value", self.scalar.text);
                return Err(self.wrong(part, message, "expected a value", FORMS));
            }
            _ => {}
        }
        let value = self.value(part.text, part.start, Style::Plain);
        let fault = match value.scalar().map(Scalar::datum) {
            Some(Datum::Double(number)) if !number.is_finite() => self.endless(part),
            Some(Datum::Text(text)) if endless(text) => self.endless(part),
            Some(Datum::Null) => {
                let message = format!("`{}` is no value", part.text);
                let help = "write `_` where the metric is missing; quote a text: `'\"null\"'`";
                self.wrong(part, message, "expected a value", help)
            }
            _ => return Ok(Told::Value(value)),
        };
        Err(fault)
    }

    /// A value with its place in the suite.
    fn value(&self, text: &str, start: usize, style: Style) -> Node {
        let end = start.saturating_add(text.len());
        let map = self.scalar.part(start, end);
        Node {
            span: self.scalar.locate(start, end),
            kind: Kind::Scalar(Scalar {
                text: text.to_owned(),
                style,
                map,
            }),
        }
    }
}

/// Whether a text is how other languages write a number that is none.
fn endless(text: &str) -> bool {
    let text = text.trim_start_matches(['-', '+', '.']).to_lowercase();
    matches!(text.as_str(), "nan" | "inf" | "infinity")
}
