//! Reads on after a mistake, so that one slip hides no other. It never makes a text valid: what it passes over is told.

use super::{CONDITION, Parsed, Parser, Part};
use crate::expr::lexer::TokenKind;
use crate::expr::mistake::Mistake;
use crate::expr::tree::{At, Kind};
use crate::source::Code;

impl Parser<'_> {
    /// The whole text; what stands behind a complete expression is told and read too.
    pub(super) fn whole(&mut self) -> Parsed<Part> {
        let root = self.expression()?;
        while !matches!(self.kind(), TokenKind::End) {
            let mistake = self.leftover();
            self.tell(mistake);
            self.advance();
            if !self.eat("&&") {
                self.eat("||");
            }
            if !matches!(self.kind(), TokenKind::End) && !self.ends_condition() {
                self.expression()?;
            }
        }
        Ok(root)
    }

    /// A comparison or what binds stronger, up to where a condition may end.
    pub(super) fn condition(&mut self) -> Parsed<Part> {
        let (from, depth) = (self.next, self.depth);
        let mistake = match self.chain(CONDITION) {
            Ok(part) if self.ends_condition() => return Ok(part),
            Ok(_) => self.leftover(),
            Err(mistake) if mistake.code == Code::ExpressionLimit => return Err(mistake),
            Err(mistake) => *mistake,
        };
        match self.word() {
            // What follows is the rule's, not a part of any expression.
            "for" => {
                let here = mistake.range.start;
                self.mistakes.retain(|told| told.range.start < here);
                self.next = self.tokens.len().saturating_sub(1);
            }
            // The `and` of `between` joins nothing.
            "between" => {
                while !self.ends_condition() {
                    self.advance();
                }
                self.advance();
            }
            _ => {}
        }
        self.tell(mistake);
        self.depth = depth;
        self.skip();
        let start = self
            .tokens
            .get(from)
            .map_or(At::default(), |token| token.at);
        let end = if self.next > from {
            self.previous()
        } else {
            start
        };
        self.broken(start.to(end))
    }

    /// Adds a mistake, unless something was told of that place.
    pub(super) fn tell(&mut self, mistake: Mistake) {
        let range = &mistake.range;
        let told = self.mistakes.iter().any(|told| {
            told.range == *range || told.range.start < range.end && range.start < told.range.end
        });
        if !told {
            self.mistakes.push(mistake);
        }
    }

    /// Whether the next token may stand behind a condition.
    fn ends_condition(&self) -> bool {
        match self.kind() {
            TokenKind::End | TokenKind::Mark("&&" | "||" | "," | ")" | "]" | "}" | "?" | ":") => {
                true
            }
            _ => self
                .operator()
                .is_some_and(|next| next.op.strength() < CONDITION),
        }
    }

    /// What could not be read.
    pub(super) fn broken(&mut self, at: At) -> Parsed<Part> {
        self.add(Kind::Broken, at)
    }

    /// Passes over everything up to the bracket that closes what is open, or a comma.
    pub(super) fn skip_all(&mut self) {
        loop {
            self.skip();
            if matches!(
                self.kind(),
                TokenKind::End | TokenKind::Mark(")" | "]" | "}" | ",")
            ) {
                return;
            }
            self.advance();
        }
    }

    /// Passes over everything up to where a condition may end; brackets opened on the way are passed over whole.
    fn skip(&mut self) {
        let mut open = 0_usize;
        loop {
            match self.kind() {
                TokenKind::End => return,
                TokenKind::Mark("(" | "[" | "{") => open = open.saturating_add(1),
                TokenKind::Mark(")" | "]" | "}") if open > 0 => open = open.saturating_sub(1),
                _ if open == 0 && self.ends_condition() => return,
                _ => {}
            }
            self.advance();
        }
    }
}
