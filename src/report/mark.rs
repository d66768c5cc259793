//! Texts from outside as Markdown: text, whatever it looks like. It never becomes markup, a link that nobody wrote, or a call
//! for somebody.

use std::fmt::Write as _;

use crate::source::hidden::hides;
use crate::source::runner;

/// A link where it is one that can be followed, else the text.
pub(crate) fn link(url: &str) -> String {
    let web = url.starts_with("https://") || url.starts_with("http://");
    let safe = |c: char| c.is_ascii_graphic() && !"<>()[]\\`\"|*_".contains(c);
    if web && url.chars().all(|c| safe(c) || c == '_') {
        format!("<{url}>")
    } else {
        inert(url)
    }
}

/// Text on one line, without what could steer.
fn clean(text: &str) -> String {
    let spaced = text.chars().map(|c| match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
        other => other,
    });
    let seen: String = spaced.filter(|c| !hides(*c)).collect();
    runner::spaced(&seen)
}

/// Text as text: no character of it is markup.
pub(crate) fn escaped(text: &str) -> String {
    let text = clean(text);
    let mut out = String::new();
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        // What follows at the end is not known.
        let next = chars.peek().copied().unwrap_or('a');
        match c {
            // Before a space, a digit or an equals sign it begins no entity and no tag, and reads better as it is.
            '&' if next.is_alphanumeric() || next == '#' => out.push_str("&amp;"),
            '<' if !(next == ' ' || next == '=' || next.is_ascii_digit()) => out.push_str("&lt;"),
            '>' if out.is_empty() => out.push_str("&gt;"),
            // Inside a word it is no markup.
            '_' if before.is_alphanumeric() && next.is_alphanumeric() => out.push(c),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' => {
                out.push('\\');
                out.push(c);
            }
            other => out.push(other),
        }
        before = c;
    }
    out
}

/// Text as text that calls nobody and links nowhere: mentions, addresses and references are broken where nobody sees it.
pub(crate) fn inert(text: &str) -> String {
    const BREAK: &str = "&#8203;";
    let mut out = String::new();
    let marked = escaped(text);
    let mut chars = marked.chars().peekable();
    let mut word = String::new();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        if c == '.' && word == "www" {
            out.push_str(BREAK);
        }
        out.push(c);
        if c.is_alphanumeric() {
            word.push(c.to_ascii_lowercase());
            continue;
        }
        let breaks = match c {
            '@' => true,
            '#' | '!' | '$' => next.is_alphanumeric(),
            // An address, or the name of a picture: `:smile:`.
            ':' => {
                let picture = next.is_ascii_alphabetic() || matches!(next, '+' | '-');
                next == '/' || picture || word == "mailto" || word == "xmpp"
            }
            '-' => word == "gh" && next.is_ascii_digit(),
            _ => false,
        };
        if breaks {
            out.push_str(BREAK);
        }
        word.clear();
    }
    out
}

/// Text as code, whatever backticks are in it.
pub(crate) fn code(text: &str) -> String {
    let text = clean(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.saturating_add(1));
    let space = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Text as code in a cell of a table. Not between backticks: in a table a bar ends the cell even there, and a backslash
/// before it cannot be told from one that protects it.
pub(crate) fn cell(text: &str) -> String {
    let text = clean(text);
    if text.is_empty() {
        return text;
    }
    let mut out = String::from("<code>");
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        match c {
            '&' | '<' | '>' | '|' | '`' | '*' | '~' | '[' | ']' | '\\' | ':' | '$' | '#' | '!' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            // A mention, or the middle of an address.
            '@' => out.push_str("&#64;&#8203;"),
            '.' if before == 'w' => out.push_str("&#46;"),
            // At the edge of a word it is markup.
            '_' if !(before.is_alphanumeric() && next.is_alphanumeric()) => out.push_str("&#95;"),
            other => out.push(other),
        }
        before = c;
    }
    out.push_str("</code>");
    out
}

#[cfg(test)]
mod tests {
    use super::{cell, code, escaped, inert, link};

    #[test]
    fn text_is_never_markup() {
        assert_eq!(escaped("error_rate < 5"), "error_rate < 5");
        assert_eq!(escaped("a\n## b\u{202e}"), "a \\#\\# b");
        assert_eq!(escaped("[x](y) | `z`"), "\\[x\\](y) \\| \\`z\\`");
        assert_eq!(escaped("_a_ *b*"), "\\_a\\_ \\*b\\*");
        assert_eq!(escaped("<img src=x>&amp;"), "&lt;img src=x>&amp;amp;");
    }

    #[test]
    fn code_is_fenced_by_more_than_is_in_it() {
        assert_eq!(code("a b"), "`a b`");
        assert_eq!(code("a `` b"), "```a `` b```");
        assert_eq!(code("`a`"), "`` `a` ``");
    }

    #[test]
    fn only_what_can_be_followed_is_a_link() {
        assert_eq!(link("https://ci/1?a=b_c"), "<https://ci/1?a=b_c>");
        assert_eq!(link("javascript:x"), "javascript:&#8203;x");
        assert_eq!(link("https://x> [y](z)"), "https:&#8203;//x> \\[y\\](z)");
    }

    #[test]
    fn nobody_is_called_and_nothing_linked() {
        assert_eq!(inert("ask @mira/team"), "ask @&#8203;mira/team");
        assert_eq!(inert("https://x.y"), "https:&#8203;//x.y");
        assert_eq!(
            inert("www.x.y #12 a@b.c"),
            "www&#8203;.x.y \\#&#8203;12 a@&#8203;b.c"
        );
        assert_eq!(
            inert("error_rate < 5% at 10:05"),
            "error_rate < 5% at 10:05"
        );
        assert_eq!(inert(":+1: GH-3 a-3"), ":&#8203;+1: GH-&#8203;3 a-3");
        assert_eq!(inert(":smile:"), ":&#8203;smile:");
        assert_eq!(inert("</details><x"), "&lt;/details>&lt;x");
    }

    #[test]
    fn nothing_leaves_a_cell() {
        assert_eq!(
            cell("a || b\\| `c`"),
            "<code>a &#124;&#124; b&#92;&#124; &#96;c&#96;</code>"
        );
        assert_eq!(cell("error_rate < 1"), "<code>error_rate &#60; 1</code>");
        assert_eq!(
            cell("_a_</code>"),
            "<code>&#95;a&#95;&#60;/code&#62;</code>"
        );
        assert_eq!(cell("www.x.y"), "<code>www&#46;x.y</code>");
        assert_eq!(cell(""), "");
    }
}
