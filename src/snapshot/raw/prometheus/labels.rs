//! The labels of a series, between braces. Never takes one twice.

use super::scan::Scan;
use super::trouble::Trouble;
use crate::source::Span;

/// What stood between the braces.
#[derive(Debug, Default)]
pub(super) struct Labels {
    /// A name of the series, where it is written in quotes inside of them.
    pub(super) name: Option<(String, Span)>,
    /// The labels, sorted by name, each with its place; those without a value too.
    pub(super) list: Vec<Label>,
}

/// One label.
#[derive(Debug)]
pub(super) struct Label {
    pub(super) name: String,
    pub(super) value: String,
    /// Name and value.
    pub(super) span: Span,
}

/// Whether a text needs no quotes as the name of a label.
pub(super) fn is_label_name(text: &str) -> bool {
    !text.starts_with(|first: char| first.is_ascii_digit())
        && !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a text needs no quotes as the name of a series.
pub(super) fn is_name(text: &str) -> bool {
    !text.starts_with(|first: char| first.is_ascii_digit())
        && !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':'))
}

/// Reads labels, of which the opening brace is the next character.
pub(super) fn labels(scan: &mut Scan<'_>) -> Result<Labels, Trouble> {
    let brace = scan.next_span();
    scan.bump();
    let mut read = Labels::default();
    let mut first = true;
    loop {
        scan.blanks();
        if scan.take("}") {
            break;
        }
        entry(scan, &mut read, first, brace)?;
        first = false;
        scan.blanks();
        if scan.take(",") {
            continue;
        }
        if scan.take("}") {
            break;
        }
        return Err(unexpected(scan, brace, "a comma or `}`"));
    }
    read.list.sort_by(|a, b| a.name.cmp(&b.name));
    let twice = read.list.windows(2).find_map(|pair| match pair {
        // The sort keeps the order of those that are the same.
        [a, b] if a.name == b.name => Some((a, b)),
        _ => None,
    });
    if let Some((a, b)) = twice {
        let message = format!("the label `{}` stands twice in one series", b.name);
        let help = "a series has each label once: take one of them out";
        return Err(Trouble::new(b.span, message, help).also(a.span, "first here"));
    }
    Ok(read)
}

/// Reads one label, or the name in quotes that may be the first of them.
fn entry(scan: &mut Scan<'_>, read: &mut Labels, first: bool, brace: Span) -> Result<(), Trouble> {
    let start = scan.here();
    let quoted = scan.peek() == Some('"');
    let name = if quoted {
        scan.quoted("a name")?
    } else {
        let ends = |next| matches!(next, ' ' | '\t' | '=' | ',' | '}' | '{' | '"');
        scan.take_while(|next| !ends(next)).to_owned()
    };
    let span = scan.since(start);
    if name.is_empty() {
        return Err(if quoted {
            let help = "write the name between the quotes";
            Trouble::new(span, "a name that is empty", help)
        } else {
            unexpected(scan, brace, "a label")
        });
    }
    scan.blanks();
    if quoted && first && matches!(scan.peek(), Some(',' | '}')) {
        read.name = Some((name, span));
        return Ok(());
    }
    if !quoted && !is_label_name(&name) {
        let help = "a label has letters, digits and `_`, and does not begin with a digit; another name is written in quotes";
        return Err(Trouble::new(
            span,
            format!("`{name}` is no name of a label"),
            help,
        ));
    }
    if name == "__name__" {
        let help = "write the name before the braces";
        let message = "`__name__` is the name of the series, not a label of it";
        return Err(Trouble::new(span, message, help));
    }
    if !scan.take("=") {
        return Err(unexpected(scan, brace, &format!("`=` after `{name}`")));
    }
    scan.blanks();
    if scan.peek() != Some('"') {
        let what = format!("the value of `{name}`, in quotes");
        return Err(unexpected(scan, brace, &what));
    }
    let value = scan.quoted("the value of a label")?;
    read.list.push(Label {
        name,
        value,
        span: scan.since(start),
    });
    Ok(())
}

/// Something else than what must stand here.
fn unexpected(scan: &Scan<'_>, brace: Span, expected: &str) -> Trouble {
    let help = "labels are written `{name=\"value\", other=\"value\"}`";
    match scan.peek() {
        Some(found) => Trouble::new(
            scan.next_span(),
            format!("`{found}` among the labels, where {expected} is expected"),
            help,
        )
        .label("not expected here"),
        None => Trouble::new(
            brace,
            format!("the labels are never closed: {expected} is expected where the line ends"),
            help,
        )
        .label("this brace"),
    }
}
