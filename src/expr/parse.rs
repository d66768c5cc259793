//! Builds the tree of an expression by precedence climbing, within explicit limits.
//!
//! It never recurses deeper than the nesting limit allows. After a mistake it reads on with the next condition, so that
//! every one of them is told.

mod instead;
mod macros;
mod operand;
mod recover;
mod slips;

pub use slips::is_reserved;

use super::lexer::{Token, TokenKind, tokens};
use super::mistake::Mistake;
use super::tree::{At, Id, Kind, Node, Op, Tree};
use super::value::Value;
use crate::source::Code;

/// The most bytes an expression may have.
pub(crate) const TEXT: usize = 16 * 1024;
/// How deep brackets, ternaries and signs may be nested.
const NESTING: usize = 32;
/// How many operators or selectors may be chained.
const CHAIN: usize = 200;
/// The most nodes on a way from the root down: a full chain inside a full nesting.
const HEIGHT: u16 = 232;

/// The strength of the operators that compare: conditions lie between weaker ones.
const CONDITION: u8 = 3;

/// What parsing a part gives; a mistake is rare and large, and kept out of the way.
type Parsed<T> = Result<T, Box<Mistake>>;

/// A node and its bytes with the parentheses around it.
#[derive(Clone, Copy)]
struct Part {
    id: Id,
    extent: At,
}

/// A tree, its root, and what is wrong with the text: where something is, the tree has broken nodes.
pub(crate) struct Read {
    pub(crate) tree: Tree,
    pub(crate) root: Id,
    pub(crate) mistakes: Vec<Mistake>,
}

/// Reads a text.
///
/// # Errors
/// A text beyond the limits, which is not read any further.
pub(crate) fn parse(text: &str) -> Parsed<Read> {
    if text.len() > TEXT {
        return Err(Mistake::new(
            Code::ExpressionLimit,
            0..text.len(),
            format!("the expression has {} bytes, more than 16 KiB", text.len()),
        )
        .help("name its parts under `let`")
        .into());
    }
    let (tokens, mistakes) = tokens(text);
    let tree = Tree {
        nodes: Vec::with_capacity(tokens.len()),
    };
    let mut parser = Parser {
        text,
        tokens,
        next: 0,
        depth: 0,
        tree,
        mistakes,
    };
    if matches!(parser.kind(), TokenKind::End) && parser.mistakes.is_empty() {
        return Err(Mistake::new(
            Code::ExpressionSyntax,
            0..text.len(),
            "the expression is empty",
        )
        .help("write what must be true, such as `error_rate < 0.01`")
        .into());
    }
    let root = parser.whole()?;
    Ok(Read {
        tree: parser.tree,
        root: root.id,
        mistakes: parser.mistakes,
    })
}

/// An operator that comes next: how many tokens it is, and what is wrong with how it is written (message and help).
struct Next {
    op: Op,
    tokens: usize,
    slip: Option<(&'static str, &'static str)>,
}

/// Tokens, how many have been used, and the tree so far.
struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
    tree: Tree,
    mistakes: Vec<Mistake>,
}

/// What stands after the last token, should someone ask beyond it.
static END: Token = Token {
    kind: TokenKind::End,
    at: At {
        start: u32::MAX,
        end: u32::MAX,
    },
};

impl Parser<'_> {
    /// `a || b ? c : d`
    fn expression(&mut self) -> Parsed<Part> {
        let test = self.binary(1)?;
        if !self.eat("?") {
            return Ok(test);
        }
        self.enter()?;
        let yes = self.expression()?;
        if !self.eat(":") {
            let mistake = self.expected("`:` and the other result of `?`");
            self.tell(mistake.help("write `test ? yes : no`"));
            self.leave();
            return self.add(Kind::Broken, test.extent.to(yes.extent));
        }
        let no = self.expression()?;
        self.leave();
        let at = test.extent.to(no.extent);
        self.add(
            Kind::If {
                test: test.id,
                yes: yes.id,
                no: no.id,
            },
            at,
        )
    }

    /// Operands with operators between them that bind at least so strongly; conditions are the operands of the weak ones.
    fn binary(&mut self, strength: u8) -> Parsed<Part> {
        if strength == CONDITION {
            return self.condition();
        }
        self.chain(strength)
    }

    /// The same where no condition begins.
    fn chain(&mut self, strength: u8) -> Parsed<Part> {
        let mut left = if strength < CONDITION {
            self.condition()?
        } else {
            self.unary()?
        };
        let mut chained = 0_usize;
        while let Some(next) = self.operator() {
            let op = next.op;
            if op.strength() < strength {
                break;
            }
            chained = chained.saturating_add(1);
            if chained > CHAIN {
                return Err(self.too_long().into());
            }
            let op_at = self.at();
            self.take(&next);
            let right = self.binary(op.strength().saturating_add(1))?;
            let at = left.extent.to(right.extent);
            left = self.add(
                Kind::Binary {
                    op,
                    op_at,
                    left: left.id,
                    right: right.id,
                },
                at,
            )?;
        }
        Ok(left)
    }

    /// The operator that comes next, if one does; what is written instead of one counts as it.
    fn operator(&self) -> Option<Next> {
        let op = match self.kind() {
            TokenKind::Mark(mark) => match *mark {
                "||" => Op::Or,
                "&&" => Op::And,
                "<" => Op::Less,
                "<=" => Op::LessEqual,
                ">" => Op::Greater,
                ">=" => Op::GreaterEqual,
                "==" => Op::Equal,
                "!=" => Op::NotEqual,
                "+" => Op::Add,
                "-" => Op::Subtract,
                "*" => Op::Multiply,
                "/" => Op::Divide,
                "%" => Op::Remainder,
                "=" | "&" | "|" => return self.meant(),
                _ => return None,
            },
            TokenKind::Word if self.word() == "in" => Op::In,
            TokenKind::Word => return self.meant(),
            _ => return None,
        };
        Some(self.doubled(op).unwrap_or(Next {
            op,
            tokens: 1,
            slip: None,
        }))
    }

    /// Passes over an operator, and tells what is wrong with how it is written.
    fn take(&mut self, next: &Next) {
        if let Some((message, help)) = next.slip {
            let end = self.next.saturating_add(next.tokens).saturating_sub(1);
            let last = self.tokens.get(end).map_or(At::default(), |token| token.at);
            let at = self.at().to(last);
            let text = at.of(self.text);
            let message = message.replace("{}", text);
            self.tell(Mistake::new(Code::ExpressionSyntax, at.range(), message).help(help));
        }
        self.next = self.next.saturating_add(next.tokens);
    }

    /// `!x`, `-x`, or what binds stronger.
    fn unary(&mut self) -> Parsed<Part> {
        let start = self.at();
        if let Some(not) = self.not_in_words() {
            return not;
        }
        if self.eat("!") {
            self.enter()?;
            let of = self.unary()?;
            self.leave();
            return self.add(Kind::Not(of.id), start.to(of.extent));
        }
        if self.eat("-") {
            if let Some(value) = self.negative() {
                let at = start.to(self.at());
                self.advance();
                let literal = self.add(Kind::Literal(value), at)?;
                let literal = self.percentage(literal)?;
                return self.members(literal);
            }
            self.enter()?;
            let of = self.unary()?;
            self.leave();
            return self.add(Kind::Minus(of.id), start.to(of.extent));
        }
        let primary = self.primary()?;
        let primary = self.percentage(primary)?;
        self.members(primary)
    }

    /// The literal that comes next with a minus before it, if it is a signed number.
    fn negative(&self) -> Option<Value> {
        match self.kind() {
            TokenKind::Literal(Value::Int(value)) => value.checked_neg().map(Value::Int),
            TokenKind::Literal(Value::Double(value)) => Some(Value::Double(-value)),
            TokenKind::IntEnd => Some(Value::Int(i64::MIN)),
            _ => None,
        }
    }

    /// A node, if the tree does not grow too high with it.
    fn add(&mut self, kind: Kind, at: At) -> Parsed<Part> {
        let height = self.height(&kind);
        if height > HEIGHT {
            return Err(self.too_long().into());
        }
        let id = self.tree.nodes.len();
        self.tree.nodes.push(Node { kind, at, height });
        Ok(Part { id, extent: at })
    }

    /// How high a node stands.
    fn height(&self, kind: &Kind) -> u16 {
        let of = |id: &Id| self.tree.nodes.get(*id).map_or(0, |node| node.height);
        let below = match kind {
            Kind::Literal(_) | Kind::Name { .. } | Kind::Broken => 0,
            Kind::Select { of: id, .. }
            | Kind::OptSelect { of: id, .. }
            | Kind::OptItem(id)
            | Kind::Has { of: id, .. }
            | Kind::Not(id)
            | Kind::Minus(id) => of(id),
            Kind::Index { of: a, index: b }
            | Kind::OptIndex { of: a, index: b }
            | Kind::OptMap { of: a, body: b, .. }
            | Kind::Binary {
                left: a, right: b, ..
            }
            | Kind::Bind {
                value: a, body: b, ..
            } => of(a).max(of(b)),
            Kind::Call {
                of: target, args, ..
            } => args
                .iter()
                .chain(target.as_ref())
                .map(of)
                .max()
                .unwrap_or(0),
            Kind::List(items) => items.iter().map(of).max().unwrap_or(0),
            Kind::Map(entries) => entries
                .iter()
                .map(|(key, value)| of(key).max(of(value)))
                .max()
                .unwrap_or(0),
            Kind::If { test, yes, no } => of(test).max(of(yes)).max(of(no)),
            Kind::Fold(fold) => [Some(&fold.of), fold.test.as_ref(), fold.make.as_ref()]
                .into_iter()
                .flatten()
                .map(of)
                .max()
                .unwrap_or(0),
        };
        below.saturating_add(1)
    }

    /// One bracket deeper.
    fn enter(&mut self) -> Parsed<()> {
        self.depth = self.depth.saturating_add(1);
        if self.depth <= NESTING {
            return Ok(());
        }
        Err(Mistake::new(
            Code::ExpressionLimit,
            self.previous().range(),
            format!("the expression is nested deeper than {NESTING} levels"),
        )
        .help("name its parts under `let`")
        .into())
    }

    /// One bracket out again.
    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    fn token(&self) -> &Token {
        self.tokens.get(self.next).unwrap_or(&END)
    }

    fn kind(&self) -> &TokenKind {
        &self.token().kind
    }

    fn at(&self) -> At {
        self.token().at
    }

    fn word(&self) -> &str {
        self.at().of(self.text)
    }

    /// The bytes of the token before the next one.
    fn previous(&self) -> At {
        self.next
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .map_or(At::default(), |token| token.at)
    }

    fn advance(&mut self) {
        self.next = self.next.saturating_add(1);
    }

    fn eat(&mut self, wanted: &str) -> bool {
        let found = matches!(self.kind(), TokenKind::Mark(mark) if *mark == wanted);
        if found {
            self.advance();
        }
        found
    }
}
