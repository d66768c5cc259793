//! Operands: literals, names, calls, brackets, and the members behind them.

use super::{CHAIN, Parsed, Parser, Part};
use crate::expr::lexer::TokenKind;
use crate::expr::mistake::Mistake;
use crate::expr::tree::{At, Id, Kind};
use crate::expr::value::Value;
use crate::source::Code;

impl Parser<'_> {
    /// A literal, a name, a call, or something in brackets.
    pub(super) fn primary(&mut self) -> Parsed<Part> {
        let at = self.at();
        match self.kind() {
            TokenKind::Literal(value) => {
                let value = value.clone();
                self.advance();
                self.add(Kind::Literal(value), at)
            }
            TokenKind::IntEnd => Err(Mistake::new(
                Code::ExpressionSyntax,
                at.range(),
                "the number does not fit into 64 bits",
            )
            .help("write it as a double: `9223372036854775808.0`")
            .into()),
            TokenKind::Word => self.named(false),
            TokenKind::Mark("(") => {
                self.advance();
                self.enter()?;
                let inner = self.expression()?;
                if let Some(list) = self.list_in_parentheses(at)? {
                    return Ok(list);
                }
                let close = self.close(")", at)?;
                self.leave();
                Ok(Part {
                    id: inner.id,
                    extent: at.to(close),
                })
            }
            TokenKind::Mark("[") => {
                self.advance();
                self.enter()?;
                let (items, close) = self.list("]", at)?;
                self.leave();
                self.add(Kind::List(items), at.to(close))
            }
            TokenKind::Mark("{") => {
                self.advance();
                self.enter()?;
                let (entries, close) = self.entries(at)?;
                self.leave();
                self.add(Kind::Map(entries), at.to(close))
            }
            TokenKind::Mark(".") => {
                self.advance();
                if !matches!(self.kind(), TokenKind::Word) {
                    return Err(self.expected("a name after `.`").into());
                }
                self.named(true)
            }
            TokenKind::Bad => {
                self.advance();
                self.add(Kind::Broken, at)
            }
            TokenKind::Quoted | TokenKind::Mark(_) | TokenKind::End => {
                Err(self.no_operand().into())
            }
        }
    }

    /// A keyword, a name or a call of a function.
    fn named(&mut self, rooted: bool) -> Parsed<Part> {
        let at = self.at();
        let literal = match self.word() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            "null" => Some(Value::Null),
            "in" => return Err(self.no_operand().into()),
            _ => None,
        };
        if let Some(value) = literal {
            self.advance();
            return self.add(Kind::Literal(value), at);
        }
        self.not_reserved()?;
        self.advance();
        if matches!(self.kind(), TokenKind::Mark("(")) {
            return self.call(at, None, rooted);
        }
        self.not_a_message(at)?;
        self.add(Kind::Name { name: at, rooted }, at)
    }

    /// The members, indices and methods behind an operand.
    pub(super) fn members(&mut self, mut of: Part) -> Parsed<Part> {
        let mut chained = 0_usize;
        loop {
            let open = self.at();
            if self.eat(".") {
                let optional = self.eat("?");
                let field = self.at();
                match self.kind() {
                    TokenKind::Word if matches!(self.word(), "in" | "true" | "false" | "null") => {
                        return Err(self.expected("a name after `.`").into());
                    }
                    TokenKind::Word => {
                        self.advance();
                        if !optional && matches!(self.kind(), TokenKind::Mark("(")) {
                            of = self.call(field, Some(of), false)?;
                        } else {
                            of = self.select(of, optional, field, field)?;
                            self.not_a_message(of.extent)?;
                        }
                    }
                    TokenKind::Quoted => {
                        self.advance();
                        let field = At {
                            start: field.start.saturating_add(1),
                            end: field.end.saturating_sub(1),
                        };
                        let end = At {
                            start: field.end,
                            end: field.end.saturating_add(1),
                        };
                        of = self.select(of, optional, field, end)?;
                    }
                    _ => return Err(self.expected("a name after `.`").into()),
                }
            } else if self.eat("[") {
                let optional = self.eat("?");
                self.enter()?;
                let index = self.expression()?.id;
                let close = self.close("]", open)?;
                self.leave();
                let kind = if optional {
                    Kind::OptIndex { of: of.id, index }
                } else {
                    Kind::Index { of: of.id, index }
                };
                of = self.add(kind, of.extent.to(close))?;
            } else {
                return Ok(of);
            }
            chained = chained.saturating_add(1);
            if chained > CHAIN {
                return Err(self.too_long().into());
            }
        }
    }

    /// `of.field` or `of.?field`, which ends at `end`.
    fn select(&mut self, of: Part, optional: bool, field: At, end: At) -> Parsed<Part> {
        let kind = if optional {
            Kind::OptSelect { of: of.id, field }
        } else {
            Kind::Select { of: of.id, field }
        };
        self.add(kind, of.extent.to(end))
    }

    /// An expression with `?` before it: it stands there only if it has a value.
    fn optional_item(&mut self, mark: At) -> Parsed<Id> {
        let item = self.expression()?;
        Ok(self.add(Kind::OptItem(item.id), mark.to(item.extent))?.id)
    }

    /// A call: its name has been read, its `(` comes next.
    fn call(&mut self, name: At, of: Option<Part>, rooted: bool) -> Parsed<Part> {
        let open = self.at();
        self.advance();
        self.enter()?;
        let (args, close) = self.list(")", open)?;
        self.leave();
        let at = of.map_or(name, |of| of.extent).to(close);
        let kind = self.called(name, of.map(|of| of.id), args, rooted)?;
        self.add(kind, at)
    }

    /// Expressions between commas up to a closing bracket.
    fn list(&mut self, close: &'static str, open: At) -> Parsed<(Vec<Id>, At)> {
        let mut items = Vec::new();
        loop {
            let at = self.at();
            if (items.is_empty() || close != ")") && self.eat(close) {
                return Ok((items, at));
            }
            let lambda = close == ")" && self.lambda();
            items.push(if lambda {
                self.broken(at)?.id
            } else if close == "]" && self.eat("?") {
                self.optional_item(at)?
            } else {
                self.expression()?.id
            });
            if !self.eat(",") {
                return Ok((items, self.close(close, open)?));
            }
        }
    }

    /// The entries of a map up to its `}`.
    fn entries(&mut self, open: At) -> Parsed<(Vec<(Id, Id)>, At)> {
        let mut entries = Vec::new();
        loop {
            let at = self.at();
            if self.eat("}") {
                return Ok((entries, at));
            }
            let optional = self.eat("?");
            let key = self.expression()?;
            if self.tree.is_broken(key.id) && !matches!(self.kind(), TokenKind::Mark(":")) {
                if !self.eat(",") {
                    return Ok((entries, self.close("}", open)?));
                }
                continue;
            }
            if !self.eat(":") {
                return Err(self.expected("`:` and the value of the key").into());
            }
            let value = if optional {
                self.optional_item(self.at())?
            } else {
                self.expression()?.id
            };
            entries.push((key.id, value));
            if !self.eat(",") {
                return Ok((entries, self.close("}", open)?));
            }
        }
    }
}
