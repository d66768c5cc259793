//! JSON text to a tree, strictly as RFC 8259 has it.
//!
//! The scanner is a crate's; the grammar is here, with its own stack, so that depth is bounded and every error says
//! what was expected. It never accepts what only some readers accept: comments, trailing commas, `NaN`.

mod string;
mod trouble;

use jsonc_parser::tokens::Token;
use jsonc_parser::{Scanner, ScannerOptions};

use super::tree::build::Builder;
use super::tree::{Kind, Node, Places, Scalar, Style};
use super::{Problem, Source, Span};

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
    let mark = '\u{feff}';
    let base = if source.text().starts_with(mark) {
        mark.len_utf8()
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
        let gap = text.get(before..start).unwrap_or_default();
        if let Some(at) = gap.find(|space| !matches!(space, ' ' | '\t' | '\n' | '\r')) {
            let at = base.saturating_add(before).saturating_add(at);
            return Err(Some(trouble::space(source, at)));
        }
        before = end;
        let span = Span::new(base.saturating_add(start), base.saturating_add(end));
        let Some(token) = token else {
            return match expected {
                Expected::End => Ok(tree),
                _ => Err(Some(trouble::end(source, builder.innermost(), expected))),
            };
        };
        expected = match step(source, builder, &token, span, expected)? {
            Step::Expect(next) => next,
            Step::Ended(None) => Expected::Comma,
            Step::Ended(node) => {
                tree = node;
                Expected::End
            }
        };
    }
}

/// What a token does.
enum Step {
    /// It is taken, and the value it belongs to goes on.
    Expect(Expected),
    /// It ends a value; with the tree, if that was all.
    Ended(Option<Node>),
}

/// Takes one token.
fn step(
    source: &Source,
    builder: &mut Builder<'_>,
    token: &Token<'_>,
    span: Span,
    expected: Expected,
) -> Result<Step, Option<Problem>> {
    let value = matches!(
        expected,
        Expected::Document | Expected::Value | Expected::FirstItem | Expected::Item
    );
    let key = matches!(expected, Expected::FirstKey | Expected::Key);
    let open = |opened: bool, next: Expected| {
        if opened {
            Ok(Step::Expect(next))
        } else {
            Err(None)
        }
    };
    match token {
        Token::OpenBrace if value => open(builder.open_map(span.start), Expected::FirstKey),
        Token::OpenBracket if value => open(builder.open_list(span.start), Expected::FirstItem),
        Token::CloseBrace if closes(expected, builder, true) => {
            Ok(Step::Ended(builder.close(Some(span.end))))
        }
        Token::CloseBracket if closes(expected, builder, false) => {
            Ok(Step::Ended(builder.close(Some(span.end))))
        }
        Token::Comma if expected == Expected::Comma => {
            let map = builder.innermost().is_some_and(|(_, map)| map);
            Ok(Step::Expect(if map {
                Expected::Key
            } else {
                Expected::Item
            }))
        }
        Token::Colon if expected == Expected::Colon => Ok(Step::Expect(Expected::Value)),
        Token::String(_) | Token::Number(_) | Token::Boolean(_) | Token::Null
            if (value || key) && !builder.count_text(span.start, span.len()) =>
        {
            Err(None)
        }
        Token::String(decoded) if value || key => {
            let kind = Kind::Scalar(string::scalar(source, span, decoded)?);
            let tree = builder.add(Node { span, kind });
            Ok(if key {
                Step::Expect(Expected::Colon)
            } else {
                Step::Ended(tree)
            })
        }
        Token::Number(_) | Token::Boolean(_) | Token::Null if value => {
            let text = source
                .text()
                .get(span.start..span.end)
                .unwrap_or_default()
                .to_owned();
            let scalar = Scalar {
                text,
                style: Style::Plain,
                map: Places::from([(0, span.start)]),
            };
            Ok(Step::Ended(builder.add(Node {
                span,
                kind: Kind::Scalar(scalar),
            })))
        }
        _ => Err(Some(trouble::token(
            source,
            span,
            token,
            expected,
            builder.innermost(),
        ))),
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
