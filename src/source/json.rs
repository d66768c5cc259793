//! JSON text to a tree, strictly as RFC 8259 has it.
//!
//! The scanner is a crate's; the grammar is here, with its own stack, so that depth is bounded and every error says
//! what was expected. It never accepts what only some readers accept: comments, trailing commas, `NaN`.

mod string;
mod trouble;

use jsonc_parser::tokens::Token;
use jsonc_parser::{Scanner, ScannerOptions};

use super::tree::build::Builder;
use super::tree::{Kind, Node, Scalar, Style};
use super::{Code, Problem, Source, Span};

const STRICT: ScannerOptions = ScannerOptions {
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// What the grammar allows next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// The first thing of the text.
    Document,
    /// An item, or the end of an empty array.
    FirstItem,
    /// An item after a comma.
    Item,
    /// A key, or the end of an empty object.
    FirstKey,
    /// A key after a comma.
    Key,
    /// The colon after a key.
    Colon,
    /// The value after a colon.
    Value,
    /// A comma, or the end of the object or array.
    Comma,
    /// Nothing more.
    End,
}

/// Reads a JSON text. The tree is missing if the text is not JSON; with a duplicate key it is there, without the
/// later entry.
#[must_use]
pub fn parse(source: &Source) -> (Option<Node>, Vec<Problem>) {
    let mut builder = Builder::new(source);
    let tree = match read(source, &mut builder) {
        Ok(tree) => tree,
        Err(problem) => {
            if let Some(problem) = problem {
                builder.report(problem);
            }
            None
        }
    };
    (tree, builder.into_problems())
}

/// The tree, or the problem that ends the reading unless it has been reported.
fn read(source: &Source, builder: &mut Builder<'_>) -> Result<Option<Node>, Option<Problem>> {
    // A byte order mark may be ignored (RFC 8259, 8.1); offsets are those of the whole text.
    let base = if source.text().starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let text = source.text().get(base..).unwrap_or_default();
    let mut scanner = Scanner::new(text, &STRICT);
    let mut expected = Expected::Document;
    let mut tree = None;
    let mut before = 0;
    loop {
        let token = scanner
            .scan()
            .map_err(|error| trouble::scan(source, base, &error))?;
        let (start, end) = (scanner.token_start(), scanner.token_end());
        // The scanner skips all that Unicode calls space.
        if let Some(at) = text
            .get(before..start)
            .and_then(|gap| gap.find(|c| !matches!(c, ' ' | '\t' | '\n' | '\r')))
        {
            let at = base.saturating_add(before).saturating_add(at);
            return Err(Some(trouble::space(source, at)));
        }
        before = end;
        let span = Span::new(base.saturating_add(start), base.saturating_add(end));
        let Some(token) = token else {
            return match expected {
                Expected::End => Ok(tree),
                Expected::Document => Err(Some(
                    Problem::new(Code::Empty, "there is nothing in it").at(
                        source,
                        Span::new(base, base),
                        "",
                    ),
                )),
                _ => Err(Some(trouble::end(source, builder.innermost(), expected))),
            };
        };
        let value_may_stand = matches!(
            expected,
            Expected::Document | Expected::Value | Expected::FirstItem | Expected::Item
        );
        let key_may_stand = matches!(expected, Expected::FirstKey | Expected::Key);
        let done = match &token {
            Token::OpenBrace if value_may_stand => {
                if !builder.open_map(span.start) {
                    return Err(None);
                }
                expected = Expected::FirstKey;
                continue;
            }
            Token::OpenBracket if value_may_stand => {
                if !builder.open_list(span.start) {
                    return Err(None);
                }
                expected = Expected::FirstItem;
                continue;
            }
            Token::CloseBrace if closes(expected, builder, true) => builder.close(Some(span.end)),
            Token::CloseBracket if closes(expected, builder, false) => {
                builder.close(Some(span.end))
            }
            Token::Comma if expected == Expected::Comma => {
                let map = builder.innermost().is_some_and(|(_, map)| map);
                expected = if map { Expected::Key } else { Expected::Item };
                continue;
            }
            Token::Colon if expected == Expected::Colon => {
                expected = Expected::Value;
                continue;
            }
            Token::String(decoded) if value_may_stand || key_may_stand => {
                let scalar = string::scalar(source, span, decoded)?;
                let node = Node {
                    span,
                    kind: Kind::Scalar(scalar),
                };
                let done = builder.add(node);
                if key_may_stand {
                    expected = Expected::Colon;
                    continue;
                }
                done
            }
            Token::Number(_) | Token::Boolean(_) | Token::Null if value_may_stand => {
                let scalar = Scalar {
                    text: text.get(start..end).unwrap_or_default().to_owned(),
                    style: Style::Plain,
                    map: vec![(0, span.start)],
                };
                builder.add(Node {
                    span,
                    kind: Kind::Scalar(scalar),
                })
            }
            _ => {
                return Err(Some(trouble::token(
                    source,
                    span,
                    &token,
                    expected,
                    builder.innermost(),
                )));
            }
        };
        expected = if let Some(node) = done {
            tree = Some(node);
            Expected::End
        } else {
            Expected::Comma
        };
    }
}

/// Whether a closing bracket may stand here: of the right kind and not after a comma.
fn closes(expected: Expected, builder: &Builder<'_>, brace: bool) -> bool {
    let first = if brace {
        Expected::FirstKey
    } else {
        Expected::FirstItem
    };
    (expected == first || expected == Expected::Comma)
        && builder.innermost().is_some_and(|(_, map)| map == brace)
}
