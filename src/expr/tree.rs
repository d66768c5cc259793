//! The tree of an expression as it was written, with the bytes of every node.
//!
//! It expands no macro and resolves no name. Nodes lie in one vector, so that dropping a tree never recurses.

use super::value::Value;

/// The index of a node in its tree.
pub(crate) type Id = usize;

/// Bytes of the text, end exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl At {
    /// The bytes as they are in a text.
    pub(crate) fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }

    /// The bytes as a range.
    pub(crate) fn range(self) -> std::ops::Range<usize> {
        let wide = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        wide(self.start)..wide(self.end)
    }

    /// The smallest range that covers both.
    pub(crate) fn to(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// A tree: the nodes, children before parents.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
}

/// A node: what it is, and its bytes. Parentheses around a whole node belong to no node.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) at: At,
    /// How many nodes lie on the longest way down from here, itself included.
    pub(crate) height: u16,
}

/// What a node is.
#[derive(Debug)]
pub(crate) enum Kind {
    /// A literal.
    Literal(Value),
    /// A name; `rooted` if a dot stands before it.
    Name { name: At, rooted: bool },
    /// `of.field`; the field may be a quoted name in backticks.
    Select { of: Id, field: At },
    /// `of[index]`.
    Index { of: Id, index: Id },
    /// `of.?field`: an optional.
    OptSelect { of: Id, field: At },
    /// `of[?index]`: an optional.
    OptIndex { of: Id, index: Id },
    /// `?of` in a list or as the value of a `?key`: it stands there only if the optional has a value.
    OptItem(Id),
    /// `name(…)` or `of.name(…)`.
    Call {
        name: At,
        of: Option<Id>,
        args: Vec<Id>,
        rooted: bool,
    },
    /// `[…]`.
    List(Vec<Id>),
    /// `{…}`.
    Map(Vec<(Id, Id)>),
    /// `!x`.
    Not(Id),
    /// `-x`.
    Minus(Id),
    /// `left op right`.
    Binary {
        op: Op,
        op_at: At,
        left: Id,
        right: Id,
    },
    /// `test ? yes : no`.
    If { test: Id, yes: Id, no: Id },
    /// `has(of.field)`.
    Has { of: Id, field: At },
    /// A macro over a list or map.
    Fold(Box<Fold>),
    /// `cel.bind(name, value, body)`.
    Bind { name: At, value: Id, body: Id },
    /// `of.optMap(name, body)`, or with `flat` `of.optFlatMap(name, body)`.
    OptMap {
        of: Id,
        name: At,
        body: Id,
        flat: bool,
    },
    /// What could not be read: its mistake has been told.
    Broken,
}

/// A macro over a list or map: `of.all(x, test)`.
#[derive(Debug)]
pub(crate) struct Fold {
    pub(crate) how: How,
    pub(crate) of: Id,
    /// The name of the item, or of the key where there is a second name.
    pub(crate) name: At,
    /// The name of the value in the forms with two variables.
    pub(crate) second: Option<At>,
    /// The test, or in `map` the condition of its three-argument form.
    pub(crate) test: Option<Id>,
    /// What `map` and `transformList` make of an item, and `sortBy` sorts by.
    pub(crate) make: Option<Id>,
}

/// Which macro.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    All,
    Exists,
    ExistsOne,
    Filter,
    /// `map` and `transformList`: a list.
    Map,
    /// `transformMap`: a map with the same keys.
    Values,
    /// `transformMapEntry`: a map of the entries of maps.
    Entries,
    /// `sortBy`: the list in the order of the keys.
    SortBy,
}

/// A binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `in`
    In,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

impl Tree {
    /// Whether a node is what could not be read.
    pub(crate) fn is_broken(&self, id: Id) -> bool {
        matches!(
            self.nodes.get(id),
            Some(Node {
                kind: Kind::Broken,
                ..
            })
        )
    }
}

impl Op {
    /// As it is written.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Or => "||",
            Self::And => "&&",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::In => "in",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }

    /// How strongly it binds: more binds stronger.
    pub(crate) fn strength(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Add | Self::Subtract => 4,
            Self::Multiply | Self::Divide | Self::Remainder => 5,
            _ => 3,
        }
    }

    /// Whether it compares: `<`, `<=`, `>`, `>=`, `==`, `!=`.
    #[must_use]
    pub fn compares(self) -> bool {
        self.orders() || matches!(self, Self::Equal | Self::NotEqual)
    }

    /// The operator that says the same with its sides exchanged.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            same => same,
        }
    }

    /// Whether it orders: `<`, `<=`, `>`, `>=`.
    #[must_use]
    pub fn orders(self) -> bool {
        matches!(
            self,
            Self::Less | Self::LessEqual | Self::Greater | Self::GreaterEqual
        )
    }
}
