//! What people write instead of CEL: told, and read as it was meant, so that the rest of the expression is read too.
//! Nothing of it is accepted.

use super::{CONDITION, Next, Parsed, Parser, Part};
use crate::expr::lexer::{Token, TokenKind};
use crate::expr::mistake::Mistake;
use crate::expr::tree::{At, Kind, Op};
use crate::expr::units::Quantity;
use crate::expr::value::Value;
use crate::source::Code;

impl Parser<'_> {
    /// The operator that was meant where none stands.
    pub(super) fn meant(&self) -> Option<Next> {
        const NO: &str = "`{}` is not an operator";
        let after = self.nth(1).map_or("", |token| token.at.of(self.text));
        let glued = self.glued();
        let word = self.word().to_lowercase();
        let (op, tokens, message, help) = match word.as_str() {
            "=" if glued && after == "<" => (Op::LessEqual, 2, NO, "write `<=`"),
            "=" if glued && after == ">" => (Op::GreaterEqual, 2, NO, "write `>=`"),
            "=" if glued && after == "=" => (Op::Equal, 2, NO, "write `==`"),
            "=" => (Op::Equal, 1, "`=` does not compare", "write `==`"),
            "&" | "and" => (Op::And, 1, NO, "write `&&`"),
            "|" | "or" => (Op::Or, 1, NO, "write `||`"),
            "is" if after.eq_ignore_ascii_case("not") => (Op::NotEqual, 2, NO, "write `!=`"),
            "not" if after.eq_ignore_ascii_case("in") => (Op::In, 2, NO, "write `!(x in list)`"),
            "is" | "eq" | "equals" => (Op::Equal, 1, NO, "write `==`"),
            "ne" => (Op::NotEqual, 1, NO, "write `!=`"),
            "lt" => (Op::Less, 1, NO, "write `<`"),
            "le" | "lte" => (Op::LessEqual, 1, NO, "write `<=`"),
            "gt" => (Op::Greater, 1, NO, "write `>`"),
            "ge" | "gte" => (Op::GreaterEqual, 1, NO, "write `>=`"),
            "mod" => (Op::Remainder, 1, NO, "write `%`"),
            _ => return None,
        };
        Some(Next {
            op,
            tokens,
            slip: Some((message, help)),
        })
    }

    /// An operator that is written with one mark too many: `<>`, `===`, `!==`, `&&&`.
    pub(super) fn doubled(&self, op: Op) -> Option<Next> {
        let (more, meant, help) = match op {
            Op::Less => (">", Op::NotEqual, "write `!=`"),
            Op::Equal => ("=", Op::Equal, "write `==`"),
            Op::NotEqual => ("=", Op::NotEqual, "write `!=`"),
            Op::And => ("&", Op::And, "write `&&`"),
            Op::Or => ("|", Op::Or, "write `||`"),
            _ => return None,
        };
        let marked = matches!(self.nth(1)?.kind, TokenKind::Mark(mark) if mark == more);
        (marked && self.glued()).then_some(Next {
            op: meant,
            tokens: 2,
            slip: Some(("`{}` is not an operator", help)),
        })
    }

    /// Whether the token after the next stands right behind it.
    fn glued(&self) -> bool {
        self.nth(1)
            .is_some_and(|after| after.at.start == self.at().end)
    }

    /// The token so many behind the next one.
    pub(super) fn nth(&self, behind: usize) -> Option<&Token> {
        self.tokens.get(self.next.saturating_add(behind))
    }

    /// `not x`: told, and read as `!(x)`, which is how those who write it mean it.
    pub(super) fn not_in_words(&mut self) -> Option<Parsed<Part>> {
        let not = matches!(self.kind(), TokenKind::Word) && self.word().eq_ignore_ascii_case("not");
        if !not {
            return None;
        }
        let after = self.nth(1)?;
        // `not in list` asks for a name.
        let operand = match after.kind {
            TokenKind::Word => after.at.of(self.text) != "in",
            TokenKind::Literal(_) => true,
            _ => false,
        };
        if !operand {
            return None;
        }
        let start = self.at();
        let word = self.word();
        let mistake = Mistake::new(
            Code::ExpressionSyntax,
            start.range(),
            format!("`{word}` is not an operator"),
        )
        .help("write `!`");
        self.tell(mistake);
        self.advance();
        Some(
            self.enter()
                .and_then(|()| self.chain(CONDITION))
                .and_then(|of| {
                    self.leave();
                    self.add(Kind::Not(of.id), start.to(of.extent))
                }),
        )
    }

    /// Whether an operand can begin with a token.
    fn begins_operand(&self, token: &Token) -> bool {
        const OPERATORS: &[&str] = &["and", "or", "is", "in", "for", "then", "not"];
        match token.kind {
            TokenKind::Word => !OPERATORS.contains(&token.at.of(self.text).to_lowercase().as_str()),
            TokenKind::Quoted | TokenKind::Literal(_) | TokenKind::IntEnd | TokenKind::Bad => true,
            TokenKind::Mark(mark) => matches!(mark, "(" | "[" | "{" | "-" | "!" | "."),
            TokenKind::End => false,
        }
    }

    /// `5%` and `5 percent`, which CEL reads as a remainder without a divisor, or not at all.
    pub(super) fn percentage(&mut self, number: Part) -> Parsed<Part> {
        if !matches!(self.kind(), TokenKind::Mark("%") | TokenKind::Word) {
            return Ok(number);
        }
        let Some(Kind::Literal(Value::Int(_) | Value::Double(_))) =
            self.tree.nodes.get(number.id).map(|node| &node.kind)
        else {
            return Ok(number);
        };
        let text = number.extent.of(self.text);
        let (meant, because) = match self.kind() {
            TokenKind::Mark("%")
                if !self.nth(1).is_some_and(|after| self.begins_operand(after)) =>
            {
                let because = ": `%` is the remainder of a division";
                (Some(format!("{text}%")), because)
            }
            TokenKind::Word => (Quantity::meant(&format!("{text}{}", self.word())), ""),
            _ => return Ok(number),
        };
        let Some(meant) = meant else {
            return Ok(number);
        };
        let at = number.extent.to(self.at());
        let message = format!("`{}` is not a number{because}", at.of(self.text));
        let help = format!("write a number with a unit as a quantity: `q(\"{meant}\")`");
        self.tell(Mistake::new(Code::ExpressionSyntax, at.range(), message).help(help));
        self.advance();
        self.broken(at)
    }

    /// `("eu", "us")`: told, and read as a list. The first item has been read.
    pub(super) fn list_in_parentheses(&mut self, open: At) -> Parsed<Option<Part>> {
        if !matches!(self.kind(), TokenKind::Mark(",")) || self.decimal().is_some() {
            return Ok(None);
        }
        while self.eat(",") && !matches!(self.kind(), TokenKind::Mark(")")) {
            self.expression()?;
        }
        let close = self.close(")", open)?;
        self.leave();
        let at = open.to(close);
        let inner = At {
            start: open.end,
            end: close.start,
        }
        .of(self.text);
        let mistake = Mistake::new(
            Code::ExpressionSyntax,
            at.range(),
            "a list stands in square brackets",
        )
        .help(format!("write `[{inner}]`"));
        self.tell(mistake);
        self.broken(at).map(Some)
    }

    /// `x => test` among arguments: told and passed over, if it comes next.
    pub(super) fn lambda(&mut self) -> bool {
        if !matches!(self.kind(), TokenKind::Word) {
            return false;
        }
        let Some((one, two)) = self.nth(1).zip(self.nth(2)) else {
            return false;
        };
        let at = one.at.to(two.at);
        let begins = matches!(one.kind, TokenKind::Mark("=" | "-"));
        if !begins || !matches!(at.of(self.text), "=>" | "->") {
            return false;
        }
        let word = self.word();
        let mistake = Mistake::new(
            Code::ExpressionSyntax,
            self.at().to(at).range(),
            format!(
                "`{word} {}` is not how a macro names its variable",
                at.of(self.text)
            ),
        )
        .help(format!("write a comma: `{word}, …`"));
        self.tell(mistake);
        self.skip_all();
        true
    }
}
