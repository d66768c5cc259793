//! What an expression becomes where its author slips by one step: another comparison, a limit a little off, an operand
//! left out. It only writes texts: whether one is an expression, and what it means, is asked by compiling it.

mod limit;

use std::ops::Range;

use super::compiled::Compiled;
use super::lexer::{Token, TokenKind, tokens};
use super::plan::{Step, What};
use super::tree::{At, Fold, How, Id, Kind, Node, Op, Tree};
use super::value::Value;
use limit::{Moves, Written};

/// An expression with one step changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Altered {
    /// The bytes of the original that are changed.
    pub(crate) range: Range<usize>,
    /// The whole text as it becomes.
    pub(crate) text: String,
}

/// All texts that are one step away, in the order of what they change; none twice.
pub(crate) fn altered(compiled: &Compiled) -> Vec<Altered> {
    let text = compiled.text();
    let Ok(read) = super::parse::parse(text) else {
        return Vec::new();
    };
    let (tokens, _) = tokens(text);
    let mut writer = Writer {
        text,
        tree: &read.tree,
        steps: &compiled.steps,
        tokens: &tokens,
        found: Vec::new(),
    };
    for (id, node) in read.tree.nodes.iter().enumerate() {
        writer.node(id, node);
    }
    let mut found = writer.found;
    found.sort_by_key(|altered| (altered.range.start, altered.range.end));
    let mut kept: Vec<Altered> = Vec::new();
    for altered in found {
        if altered.text != text && !kept.iter().any(|known| known.text == altered.text) {
            kept.push(altered);
        }
    }
    kept
}

/// The texts of a limit that is no literal, moved: one that is compared by these operators, and none where it is only a part
/// of what is compared.
pub(crate) fn limits(value: &Value, compared: &[Option<Op>]) -> Vec<String> {
    let mut alone = compared.iter().flatten();
    let moves = match alone.next() {
        None => Moves::PERCENT,
        Some(first) if alone.all(|op| op == first) => Moves::limit(*first),
        Some(_) => Moves::ALL,
    };
    Written::Plain.moved(value, moves)
}

/// Writes the texts.
struct Writer<'t> {
    text: &'t str,
    tree: &'t Tree,
    steps: &'t [Step],
    tokens: &'t [Token],
    found: Vec<Altered>,
}

impl<'t> Writer<'t> {
    fn node(&mut self, id: Id, node: &Node) {
        match &node.kind {
            Kind::Binary {
                op,
                op_at,
                left,
                right,
            } => match op {
                Op::And | Op::Or => self.joined(*op, *op_at, *left, *right),
                Op::In => self.listed(*right),
                op if op.compares() => self.compared(*op, *op_at, *left, *right),
                _ if self.constant(id).is_none() => {
                    self.moved(*left, Moves::PERCENT);
                    self.moved(*right, Moves::PERCENT);
                }
                _ => {}
            },
            Kind::Call { name, args, .. } if name.of(self.text) == "within" => {
                if let Some(by) = args.get(2) {
                    self.moved(*by, Moves::PERCENT);
                }
            }
            Kind::Not(_)
                if self
                    .text
                    .get(node.at.range())
                    .is_some_and(|not| not.starts_with('!')) =>
            {
                let start = node.at.range().start;
                self.instead(start..start.saturating_add(1), "");
            }
            Kind::Fold(fold) => self.folded(fold),
            _ => {}
        }
    }

    /// A comparison and its limit. Of a limit that is moved by one step towards what the other comparison says already,
    /// nothing is written: the two mean the same.
    fn compared(&mut self, op: Op, op_at: At, left: Id, right: Id) {
        if self.constant(left).is_some() && self.constant(right).is_some() {
            return;
        }
        self.instead(op_at.range(), flipped(op).text());
        let (limit, facing) = if self.constant(left).is_some() {
            (left, op.turned())
        } else {
            (right, op)
        };
        self.moved(limit, Moves::limit(facing));
    }

    fn moved(&mut self, id: Id, moves: Moves) {
        let Some(node) = self.tree.nodes.get(id) else {
            return;
        };
        let Some(value) = self.constant(id) else {
            return;
        };
        let written = limit::written(self.text, self.tree, node);
        for text in written
            .map(|written| written.moved(value, moves))
            .unwrap_or_default()
        {
            self.instead(node.at.range(), &text);
        }
    }

    /// `&&` or `||`: each operand left out. One that is such a chain itself is left out piece by piece.
    fn joined(&mut self, op: Op, op_at: At, left: Id, right: Id) {
        let Some((one, other)) = self.extent(left, right, op_at) else {
            return;
        };
        if !self.is_chain(right, op) {
            self.cut(other.clone(), one.end..other.end);
        }
        if !self.is_chain(left, op) {
            self.cut(one.clone(), one.start..other.start);
        }
    }

    fn is_chain(&self, id: Id, joined: Op) -> bool {
        let kind = self.tree.nodes.get(id).map(|node| &node.kind);
        matches!(kind, Some(Kind::Binary { op, .. }) if *op == joined)
    }

    /// The bytes of two operands with the parentheses around each.
    fn extent(&self, left: Id, right: Id, op_at: At) -> Option<(Range<usize>, Range<usize>)> {
        let (left, right) = (
            self.tree.nodes.get(left)?.at,
            self.tree.nodes.get(right)?.at,
        );
        // Those that close behind an operand and before the operator open before it.
        let closed = self.net(left.start, op_at.start, ")", "(");
        let opened = self.net(op_at.end, right.end, "(", ")");
        let before = self
            .tokens
            .iter()
            .filter(|token| token.at.end <= left.start);
        let behind = self
            .tokens
            .iter()
            .filter(|token| token.at.start >= right.end);
        let ends = |at: At| at.range();
        let first = match closed.checked_sub(1) {
            Some(last) => ends(before.rev().nth(last)?.at).start,
            None => ends(left).start,
        };
        let last = match opened.checked_sub(1) {
            Some(last) => ends(behind.clone().nth(last)?.at).end,
            None => ends(right).end,
        };
        let ends_at = self
            .tokens
            .iter()
            .rev()
            .find(|token| token.at.end <= op_at.start)?;
        let begins_at = self
            .tokens
            .iter()
            .find(|token| token.at.start >= op_at.end)?;
        Some((first..ends(ends_at.at).end, ends(begins_at.at).start..last))
    }

    /// How many more of one mark than of another stand between two bytes.
    fn net(&self, from: u32, to: u32, more: &str, less: &str) -> usize {
        let between = |token: &&Token| token.at.start >= from && token.at.end <= to;
        let count = |mark: &str| {
            let tokens = self.tokens.iter().filter(between);
            tokens.filter(|token| is(token, mark)).count()
        };
        count(more).saturating_sub(count(less))
    }

    /// `in` a list that is written out: each item left out.
    fn listed(&mut self, list: Id) {
        let Some(Kind::List(items)) = self.tree.nodes.get(list).map(|node| &node.kind) else {
            return;
        };
        let nodes: Vec<&'t Node> = items
            .iter()
            .filter_map(|id| self.tree.nodes.get(*id))
            .collect();
        let literal = |node: &&Node| matches!(node.kind, Kind::Literal(_));
        if nodes.len() < 2 || !nodes.iter().all(literal) {
            return;
        }
        for (index, node) in nodes.iter().enumerate() {
            let own = node.at.range();
            let cut = match nodes.get(index.saturating_add(1)) {
                Some(next) => own.start..next.at.range().start,
                None => {
                    let before = index.checked_sub(1).and_then(|before| nodes.get(before));
                    before.map_or(own.start, |before| before.at.range().end)..own.end
                }
            };
            self.cut(own, cut);
        }
    }

    /// `all` becomes `exists`, and the other way round.
    fn folded(&mut self, fold: &Fold) {
        let (from, to) = match fold.how {
            How::All => ("all", "exists"),
            How::Exists => ("exists", "all"),
            _ => return,
        };
        let Some(of) = self.tree.nodes.get(fold.of) else {
            return;
        };
        let mut behind = self
            .tokens
            .iter()
            .filter(|token| token.at.start >= of.at.end);
        let word = behind.find(|token| matches!(token.kind, TokenKind::Word));
        if let Some(word) = word.filter(|word| word.at.of(self.text) == from) {
            self.instead(word.at.range(), to);
        }
    }

    fn constant(&self, id: Id) -> Option<&'t Value> {
        self.steps
            .get(id)
            .and_then(|step: &'t Step| match &step.what {
                What::Const(value) => Some(value),
                _ => None,
            })
    }

    fn cut(&mut self, range: Range<usize>, cut: Range<usize>) {
        let before = self.text.get(..cut.start).unwrap_or_default();
        let behind = self.text.get(cut.end..).unwrap_or_default();
        let text = format!("{before}{behind}").trim().to_owned();
        self.found.push(Altered { range, text });
    }

    fn instead(&mut self, range: Range<usize>, becomes: &str) {
        let before = self.text.get(..range.start).unwrap_or_default();
        let behind = self.text.get(range.end..).unwrap_or_default();
        let text = format!("{before}{becomes}{behind}");
        self.found.push(Altered { range, text });
    }
}

fn is(token: &Token, mark: &str) -> bool {
    matches!(token.kind, TokenKind::Mark(found) if found == mark)
}

/// The comparison that differs at the limit only.
fn flipped(op: Op) -> Op {
    match op {
        Op::Less => Op::LessEqual,
        Op::LessEqual => Op::Less,
        Op::Greater => Op::GreaterEqual,
        Op::GreaterEqual => Op::Greater,
        Op::Equal => Op::NotEqual,
        Op::NotEqual => Op::Equal,
        other => other,
    }
}
