//! What a syntax error says, and the fix for usual slips. It never changes what is accepted.

use super::{CHAIN, Parsed, Parser};
use crate::expr::lexer::TokenKind;
use crate::expr::mistake::Mistake;
use crate::expr::tree::At;
use crate::source::Code;

/// The words CEL keeps for itself.
const RESERVED: &[&str] = &[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// Whether a word is one that CEL keeps for itself: no name can be it.
#[must_use]
pub fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word) || matches!(word, "true" | "false" | "null" | "in")
}

/// Whether a text is a word and no operator: names with a space between them are one name with `_`.
fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && !is_reserved(text)
}

impl Parser<'_> {
    /// Something else stands where `what` must.
    pub(super) fn expected(&self, what: &str) -> Mistake {
        let before = self.previous().of(self.text);
        let found = match self.kind() {
            TokenKind::End if before.is_empty() => format!("expected {what}"),
            TokenKind::End => format!("expected {what}, but the expression ends after `{before}`"),
            _ => format!("expected {what} before `{}`", self.word()),
        };
        Mistake::new(Code::ExpressionSyntax, self.here(), found)
    }

    /// The bytes of the next token, or of the last one at the end.
    fn here(&self) -> std::ops::Range<usize> {
        let at = if matches!(self.kind(), TokenKind::End) {
            self.previous()
        } else {
            self.at()
        };
        at.range()
    }

    /// An operand is missing.
    pub(super) fn no_operand(&self) -> Mistake {
        let before = self.previous();
        let (word, next) = (before.of(self.text), self.word());
        let at_end = matches!(self.kind(), TokenKind::End);
        let mut message = "expected an operand".to_owned();
        if !word.is_empty() && self.next > 0 {
            message = format!("expected an operand after `{word}`");
        } else if !at_end {
            message = format!("expected an operand before `{next}`");
        }
        // What was written is wrong where the operator stands, unless something else stands in the way.
        let range = if at_end || self.next > 0 && !matches!(word, "(" | "[" | "{" | ",") {
            before.range()
        } else {
            self.at().range()
        };
        let mistake = Mistake::new(Code::ExpressionSyntax, range, message);
        let operator = || next.strip_prefix('=').is_some() && matches!(word, "<" | ">");
        match (word, next) {
            _ if operator() => mistake.help(format!("write `{word}=`")),
            ("*", "*") => mistake.help("CEL has no `**`: write the product, such as `x * x`"),
            ("+", "+") => mistake.help("CEL has no `++`: write `+ 1`"),
            ("-", ">") => {
                mistake.help("write a macro's variable and its test: `.exists(x, x > 0)`")
            }
            _ if at_end => mistake.help(format!("write a value behind `{word}`, or leave it out")),
            _ if self.next == 0 => {
                mistake.help(format!("write a value before `{next}`, or leave it out"))
            }
            _ => mistake.help("write a value there, or leave out what stands alone"),
        }
    }

    /// Something stands behind a complete expression.
    pub(super) fn leftover(&self) -> Mistake {
        let word = self.word();
        let range = self.at().range();
        let new = |message: String| Mistake::new(Code::ExpressionSyntax, range.clone(), message);
        let no_operator = || new(format!("`{word}` is not an operator"));
        let previous = self.previous().of(self.text);
        match word.to_lowercase().as_str() {
            ")" | "]" | "}" => {
                new(format!("`{word}` closes nothing")).help("leave it out, or open it")
            }
            "," => {
                let mistake = new("`,` stands outside of brackets".to_owned());
                match self.decimal() {
                    Some((whole, help)) => Mistake {
                        range: whole,
                        ..mistake
                    }
                    .help(help),
                    None => mistake.help("join conditions with `&&`"),
                }
            }
            ":" => new("`:` without a `?` before it".to_owned()).help("write `test ? yes : no`"),
            "between" => no_operator().help("write `low <= x && x <= high`"),
            "like" | "matches" => no_operator().help("write `text.matches(r\"…\")`"),
            "contains" | "startswith" | "endswith" => {
                no_operator().help("write it behind a dot: `text.contains(\"…\")`")
            }
            "for" => new("`for` is a key of the rule, not a part of its expression".to_owned())
                .help("write `for: 10m` on a line of its own beside `expr`"),
            "then" | "else" => no_operator().help("write `test ? yes : no`"),
            "less" | "below" | "under" => no_operator().help("write `<`"),
            "greater" | "more" | "above" | "over" => no_operator().help("write `>`"),
            _ if matches!(self.kind(), TokenKind::Word) && is_word(previous) => {
                new(format!("expected an operator before `{word}`")).help(format!(
                    "join conditions with `&&` or `||`; a name has no spaces: `{previous}_{word}`"
                ))
            }
            _ => new(format!("expected an operator before `{word}`"))
                .help("join conditions with `&&` or `||`"),
        }
    }

    /// A number written with a comma, around the comma that comes next: its bytes and the fix.
    pub(super) fn decimal(&self) -> Option<(std::ops::Range<usize>, String)> {
        let before = self.previous();
        let after = self.nth(1)?;
        let (whole, fraction) = (before.of(self.text), after.at.of(self.text));
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let help = if fraction.len() == 3 && !whole.starts_with('0') {
            format!(
                "write the thousands without a comma: `{whole}{fraction}`; a decimal point is `{whole}.{fraction}`"
            )
        } else {
            format!("write the decimal point: `{whole}.{fraction}`")
        };
        (digits(whole) && digits(fraction)).then(|| (before.to(after.at).range(), help))
    }

    /// The closing bracket that must come next.
    pub(super) fn close(&mut self, bracket: &str, open: At) -> Parsed<At> {
        let at = self.at();
        if self.eat(bracket) {
            return Ok(at);
        }
        let opened = open.of(self.text).to_owned();
        if matches!(self.kind(), TokenKind::End) {
            return Err(Mistake::new(
                Code::ExpressionSyntax,
                open.range(),
                format!("`{opened}` is not closed"),
            )
            .label("opened here")
            .help(format!("close it with `{bracket}`"))
            .into());
        }
        let word = self.word();
        let mistake = match word {
            ")" | "]" | "}" => Mistake::new(
                Code::ExpressionSyntax,
                at.range(),
                format!("expected `{bracket}` before `{word}`"),
            ),
            _ => self.leftover(),
        };
        Err(mistake.into())
    }

    /// A word that may not be a name.
    pub(super) fn not_reserved(&self) -> Parsed<()> {
        let word = self.word();
        if !RESERVED.contains(&word) {
            return Ok(());
        }
        let mistake = Mistake::new(
            Code::ExpressionSyntax,
            self.at().range(),
            format!("`{word}` is a reserved word"),
        );
        Err(match word {
            "if" => mistake.help("write `test ? yes : no`"),
            "let" => mistake.help(
                "name an expression under the policy's `let:`, or write `cel.bind(x, value, …)`",
            ),
            "for" => mistake.help("write `list.all(x, …)` or `list.exists(x, …)`"),
            _ => mistake.help("choose another name"),
        }
        .into())
    }

    /// `Name{…}` builds a message, which this language has none of.
    pub(super) fn not_a_message(&self, name: At) -> Parsed<()> {
        if !matches!(self.kind(), TokenKind::Mark("{")) {
            return Ok(());
        }
        let text = name.of(self.text);
        if text.starts_with(|c: char| c.is_ascii_lowercase()) && !text.contains('.') {
            // `error_rate{job="x"}`, as Prometheus selects a series.
            return Err(Mistake::new(
                Code::ExpressionSyntax,
                name.to(self.at()).range(),
                format!("`{text}{{…}}` selects a series, and an expression reads inputs"),
            )
            .help("declare an input for the series, and write its name")
            .into());
        }
        Err(Mistake::new(
            Code::ExpressionSyntax,
            name.to(self.at()).range(),
            format!("`{text}{{…}}` builds a protobuf message, which policies do not have"),
        )
        .help("write a map: `{\"field\": value}`")
        .into())
    }

    /// Too many operators in a row.
    pub(super) fn too_long(&self) -> Mistake {
        Mistake::new(
            Code::ExpressionLimit,
            self.previous().range(),
            format!("more than {CHAIN} operators or members are chained"),
        )
        .help("name its parts under `let`, or write `[…].all(x, …)`")
    }
}
