//! The YAML parser's errors, in words for a person who does not know the grammar: what is wrong, and the fix.
//!
//! It knows no text and no place.

use granit_parser::ErrorKind;

/// How lists, maps and documents are put together.
pub(super) fn structure(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        ErrorKind::MappingValueNotAllowed => (
            "a `:` stands where no key can be",
            "indent the key like its neighbours, or quote the text if the `:` belongs to it",
        ),
        ErrorKind::InvalidColonPlacement => (
            "a `:` stands inside brackets where no key can be",
            "close the bracket, or quote the text",
        ),
        ErrorKind::ExpectedFlowMappingSeparator => (
            "a `,` or `}` is missing before this",
            "close the `{`, or quote the text",
        ),
        ErrorKind::ExpectedFlowSequenceSeparator => (
            "a `,` or `]` is missing before this",
            "close the `[`, or quote the text",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => (
            "a `:` is missing behind this key",
            "write `key: value`, or indent the line to go on with the text above",
        ),
        ErrorKind::ExpectedBlockMappingKey => (
            "this does not go on with the map it stands in",
            "indent it like the keys of its map",
        ),
        ErrorKind::ExpectedBlockSequenceEntry | ErrorKind::BlockSequenceEntryNotAllowed => (
            "this does not go on with the list it stands in",
            "indent the `-` like the others of its list",
        ),
        ErrorKind::BlockEntryInFlowCollection => (
            "a `-` does not begin an item inside brackets",
            "separate items with `,`",
        ),
        ErrorKind::InvalidIndentation
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::InvalidBlockScalarIndent => (
            "the indentation fits none of the lines above",
            "indent the line like its neighbours",
        ),
        ErrorKind::ExpectedDocumentStart => (
            "this stands behind the end of the document",
            "indent it like what it belongs to, or begin another document with `---`",
        ),
        ErrorKind::InvalidDocumentEnd => (
            "something stands behind `...`",
            "begin the next document with `---`",
        ),
        ErrorKind::CommentNotSeparated => (
            "a comment without a space before it",
            "put a space before the `#`",
        ),
        ErrorKind::BomInsideDocument => {
            ("a byte order mark in the middle of the text", "take it out")
        }
        _ => return None,
    })
}

/// How single values are written.
pub(super) fn scalar(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent => (
            "something stands behind the `|` or `>` that begins a block of text",
            "begin the text on the next line, or quote it",
        ),
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => (
            "something stands behind the closing quote",
            "quote the whole text",
        ),
        ErrorKind::UnknownQuotedScalarEscape => (
            "a backslash before a character that is not an escape",
            "write `\\\\` for a backslash, or use single quotes",
        ),
        ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate => (
            "an escape that is no character",
            "write `\\u00e9` with four digits, or the character itself",
        ),
        ErrorKind::ExpectedTagBang
        | ErrorKind::InvalidTagTerminator
        | ErrorKind::UndeclaredTagHandle
        | ErrorKind::MissingTagUri
        | ErrorKind::UnclosedVerbatimTag
        | ErrorKind::InvalidTagEscape => (
            "a `!` begins a YAML tag, which is not followed",
            "quote the text",
        ),
        ErrorKind::MissingAnchorOrAliasName => (
            "`&` and `*` begin YAML anchors and aliases",
            "quote the text",
        ),
        ErrorKind::PlainScalarStartsWithDashFlowIndicator => {
            ("a `-` with a bracket or comma behind it", "quote the text")
        }
        _ => return None,
    })
}
