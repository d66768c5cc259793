//! The grammar of a selector.

use regex::RegexBuilder;

use super::super::labels::{is_label_name, is_name};
use super::super::scan::Scan;
use super::text::text;
use super::{Matcher, NAME, Selector, SelectorError, Wanted};
use crate::source::Span;

/// The most bytes of a selector.
const LONGEST: usize = 10_000;
/// The most bytes that a regular expression takes when it is compiled.
const PATTERN: usize = 1 << 20;

/// Something wrong at a place of a selector.
pub(super) fn wrong(
    span: Span,
    message: impl Into<String>,
    help: impl Into<String>,
) -> SelectorError {
    SelectorError {
        range: span.start..span.end,
        message: message.into(),
        help: help.into(),
    }
}

/// Reads a selector.
pub(super) fn selector(written: &str) -> Result<Selector, SelectorError> {
    if written.len() > LONGEST {
        let whole = Span::new(0, written.len());
        let message = format!("a selector of {} bytes, more than {LONGEST}", written.len());
        return Err(wrong(whole, message, "choose by fewer labels"));
    }
    let mut scan = Scan::new(written, 0);
    space(&mut scan);
    let start = scan.here();
    let name = scan.take_while(|next| !next.is_whitespace() && !"{}()[]@,=!~\"'`".contains(next));
    let span = scan.since(start);
    let mut matchers = Vec::new();
    if !name.is_empty() {
        if !is_name(name) {
            let help = "a name has letters, digits, `_` and `:`; another one is written in quotes, in the braces: `{\"my.metric\"}`";
            return Err(wrong(
                span,
                format!("`{name}` is no name of a series"),
                help,
            ));
        }
        matchers.push((named(name.to_owned()), span));
    }
    space(&mut scan);
    if scan.peek() == Some('{') {
        braces(&mut scan, &mut matchers)?;
    }
    space(&mut scan);
    if scan.peek().is_some() {
        let start = scan.here();
        scan.take_while(|_| true);
        let help = "write a name and labels, such as `errors_total{format=\"csv\"}`; functions, ranges and operators of PromQL are not read: a rule computes";
        return Err(wrong(scan.since(start), "not a selector", help));
    }
    let whole = Span::new(0, written.len());
    let mut names = matchers.iter().filter(|(matcher, _)| is_named(matcher));
    if let (Some(_), Some((_, second))) = (names.next(), names.next()) {
        let help = "write the name once, before the braces or in them";
        return Err(wrong(*second, "a selector with two names", help));
    }
    let matchers: Vec<Matcher> = matchers.into_iter().map(|(matcher, _)| matcher).collect();
    if matchers.iter().all(|matcher| matcher.takes("")) {
        let help =
            "write the name of the series, such as `errors_total`, or one label that is not empty";
        return Err(wrong(whole, "a selector of everything", help));
    }
    Ok(Selector { matchers })
}

fn named(name: String) -> Matcher {
    Matcher {
        label: NAME.to_owned(),
        wanted: Wanted::Text(name),
        not: false,
    }
}

/// Whether a matcher says the one name.
fn is_named(matcher: &Matcher) -> bool {
    matcher.label == NAME && !matcher.not && matches!(matcher.wanted, Wanted::Text(_))
}

/// Reads matchers, of which the opening brace is the next character.
fn braces(scan: &mut Scan<'_>, into: &mut Vec<(Matcher, Span)>) -> Result<(), SelectorError> {
    let brace = scan.next_span();
    scan.bump();
    loop {
        space(scan);
        if scan.take("}") {
            return Ok(());
        }
        let start = scan.here();
        let matcher = matcher(scan, brace)?;
        into.push((matcher, scan.since(start)));
        space(scan);
        if scan.take(",") {
            continue;
        }
        if scan.take("}") {
            return Ok(());
        }
        return Err(unexpected(scan, brace, "a comma or `}`"));
    }
}

/// Reads one matcher, or a name in quotes.
fn matcher(scan: &mut Scan<'_>, brace: Span) -> Result<Matcher, SelectorError> {
    let start = scan.here();
    let quoted = quote(scan);
    let label = if quoted {
        text(scan)?
    } else {
        scan.take_while(|next| next.is_alphanumeric() || matches!(next, '_' | ':' | '.' | '-'))
            .to_owned()
    };
    let span = scan.since(start);
    if label.is_empty() {
        return Err(if quoted {
            wrong(
                span,
                "a name that is empty",
                "write the name between the quotes",
            )
        } else {
            unexpected(scan, brace, "a label")
        });
    }
    space(scan);
    if quoted && matches!(scan.peek(), Some(',' | '}')) {
        return Ok(named(label));
    }
    if !quoted && !is_label_name(&label) {
        let help = "a label has letters, digits and `_`; another name is written in quotes: `{\"my.label\"=\"value\"}`";
        return Err(wrong(
            span,
            format!("`{label}` is no name of a label"),
            help,
        ));
    }
    let (not, pattern) = if scan.take("=~") {
        (false, true)
    } else if scan.take("!~") {
        (true, true)
    } else if scan.take("!=") {
        (true, false)
    } else if scan.take("=") {
        (false, false)
    } else {
        return Err(unexpected(scan, brace, "`=`, `!=`, `=~` or `!~`"));
    };
    space(scan);
    if !quote(scan) {
        return Err(unexpected(scan, brace, "a text in quotes"));
    }
    let start = scan.here();
    let value = text(scan)?;
    let wanted = if pattern {
        Wanted::Pattern(compiled(&value, scan.since(start))?)
    } else {
        Wanted::Text(value)
    };
    Ok(Matcher { label, wanted, not })
}

/// The pattern of a whole value, in which a dot is any character.
fn compiled(pattern: &str, span: Span) -> Result<regex::Regex, SelectorError> {
    // First alone: what closes a bracket it did not open would close ours.
    let alone = RegexBuilder::new(pattern).size_limit(PATTERN).build();
    let whole = alone.and_then(|_| {
        RegexBuilder::new(&format!("^(?s:{pattern})$"))
            .size_limit(PATTERN)
            .build()
    });
    whole.map_err(|error| {
        let shown = crate::expr::shortened(pattern, 100);
        let (message, help) = match error {
            regex::Error::CompiledTooBig(_) => (
                format!("`{shown}` is larger than a regular expression may be when it is compiled"),
                "repeat less in it",
            ),
            _ => (
                format!("`{shown}` is not a regular expression"),
                "write it in the syntax of RE2; `=` compares a text as it is",
            ),
        };
        wrong(span, message, help)
    })
}

fn quote(scan: &Scan<'_>) -> bool {
    matches!(scan.peek(), Some('"' | '\'' | '`'))
}

fn space(scan: &mut Scan<'_>) {
    scan.take_while(|next| matches!(next, ' ' | '\t' | '\n' | '\r'));
}

/// Something else than what must stand here.
fn unexpected(scan: &Scan<'_>, brace: Span, expected: &str) -> SelectorError {
    let help = "write `name{label=\"value\", other=~\"a|b\"}`";
    match scan.peek() {
        Some(found) => {
            let message = format!("`{found}` where {expected} is expected");
            wrong(scan.next_span(), message, help)
        }
        None => {
            let message = format!("the braces are never closed: {expected} is expected at the end");
            wrong(brace, message, help)
        }
    }
}
