//! What a syntax error says, and the fix for usual slips. It never changes what is accepted.

use super::{CHAIN, Parsed, Parser};
use crate::expr::lexer::TokenKind;
use crate::expr::mistake::Mistake;
use crate::expr::tree::At;
use crate::expr::value::Value;
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
        match (word, next) {
            ("%", _) => match self.percent() {
                Some((number, range)) => Mistake { range, ..mistake }.help(format!(
                    "write a percentage as a quantity: `q(\"{number}%\")`"
                )),
                None => mistake,
            },
            ("<", ">") => mistake.help("write `!=`"),
            ("==" | "!=" | "<=" | ">=", "=") | ("&&" | "||", "&" | "|") => {
                mistake.help(format!("write `{word}`"))
            }
            (">" | "<", "=") => mistake.help(format!("write `{word}=`")),
            _ => mistake,
        }
    }

    /// The number before a `%` that was just read, with the bytes of both.
    fn percent(&self) -> Option<(&str, std::ops::Range<usize>)> {
        let number = self.tokens.get(self.next.checked_sub(2)?)?;
        let sign = self.previous();
        matches!(
            number.kind,
            TokenKind::Literal(Value::Int(_) | Value::Double(_))
        )
        .then(|| (number.at.of(self.text), number.at.to(sign).range()))
    }

    /// `=`, `&` or `|` where an operator is expected.
    pub(super) fn half_operator(&self) -> Mistake {
        let word = self.word();
        let after = self
            .tokens
            .get(self.next.saturating_add(1))
            .map_or("", |token| token.at.of(self.text));
        let (message, help) = match (word, after) {
            ("=", "<") => ("`=<` is not an operator", "write `<=`"),
            ("=", ">") => ("`=>` is not an operator", "write `>=`"),
            ("=", _) => ("`=` does not compare", "write `==`"),
            ("&", _) => ("`&` is not an operator", "write `&&`"),
            _ => ("`|` is not an operator", "write `||`"),
        };
        Mistake::new(Code::ExpressionSyntax, self.at().range(), message).help(help)
    }

    /// Something stands behind a complete expression.
    pub(super) fn leftover(&self) -> Mistake {
        let word = self.word();
        let range = self.at().range();
        let new = |message: String| Mistake::new(Code::ExpressionSyntax, range.clone(), message);
        if let Some(help) = self.word_operator() {
            return new(format!("`{word}` is not an operator")).help(help);
        }
        match word {
            ")" | "]" | "}" => {
                new(format!("`{word}` closes nothing")).help("leave it out, or open it")
            }
            "," => {
                let mistake = new("`,` stands outside of brackets".to_owned());
                match self.decimal() {
                    Some((whole, text)) => Mistake {
                        range: whole,
                        ..mistake
                    }
                    .help(format!("write the decimal point: `{text}`")),
                    None => mistake.help("join conditions with `&&`"),
                }
            }
            ":" => new("`:` without a `?` before it".to_owned()).help("write `test ? yes : no`"),
            _ => {
                let mistake = new(format!("expected an operator before `{word}`"));
                let previous = self.previous().of(self.text);
                match previous.to_lowercase().as_str() {
                    "not" => Mistake {
                        range: self.previous().range(),
                        message: format!("`{previous}` is not an operator"),
                        ..mistake
                    }
                    .help("write `!`"),
                    _ => mistake.help("join conditions with `&&` or `||`"),
                }
            }
        }
    }

    /// How to write an operator that stands there as a word.
    fn word_operator(&self) -> Option<&'static str> {
        match self.word().to_lowercase().as_str() {
            "and" => Some("write `&&`"),
            "or" => Some("write `||`"),
            "is" | "eq" => Some("write `==`"),
            "not" => Some("write `!(x in list)` or `!=`"),
            "mod" => Some("write `%`"),
            "between" => Some("write `low <= x && x <= high`"),
            _ => None,
        }
    }

    /// A number written with a decimal comma, around the comma that comes next.
    fn decimal(&self) -> Option<(std::ops::Range<usize>, String)> {
        let before = self.previous();
        let after = self.tokens.get(self.next.checked_add(1)?)?;
        let (whole, fraction) = (before.of(self.text), after.at.of(self.text));
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        (digits(whole) && digits(fraction))
            .then(|| (before.to(after.at).range(), format!("{whole}.{fraction}")))
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
            .help(format!("close it with `{bracket}`")));
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
        Err(mistake)
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
        })
    }

    /// `Name{…}` builds a message, which this language has none of.
    pub(super) fn not_a_message(&self, name: At) -> Parsed<()> {
        if !matches!(self.kind(), TokenKind::Mark("{")) {
            return Ok(());
        }
        let text = name.of(self.text);
        Err(Mistake::new(
            Code::ExpressionSyntax,
            name.to(self.at()).range(),
            format!("`{text}{{…}}` builds a protobuf message, which policies do not have"),
        )
        .help("write a map: `{\"field\": value}`"))
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
