//! What an expression is apart from how it is written: its words and its tree, without white space, comments and the
//! parentheses that only group. It never knows what a name means.

use super::lexer::{Token, TokenKind, tokens};

/// The words of an expression and which of them belong together: equal for two texts that say the same in the same
/// words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape {
    words: Vec<String>,
    /// The first and the last word of every node of the tree, in ascending order.
    nodes: Vec<(usize, usize)>,
}

/// The shape of an expression; nothing if it is none.
#[must_use]
pub fn shape(text: &str) -> Option<Shape> {
    let read = super::parse::parse(text).ok()?;
    if !read.mistakes.is_empty() {
        return None;
    }
    let tree = read.tree;
    let (tokens, _) = tokens(text);
    let kept = kept(&tokens);
    let mut nodes: Vec<(usize, usize)> = tree
        .nodes
        .iter()
        .map(|node| {
            let first = kept.partition_point(|token| token.at.start < node.at.start);
            let after = kept.partition_point(|token| token.at.end <= node.at.end);
            (first, after)
        })
        .collect();
    nodes.sort_unstable();
    let words = kept
        .iter()
        .map(|token| token.at.of(text).to_owned())
        .collect();
    Some(Shape { words, nodes })
}

/// The tokens without parentheses, whose work the extents of the nodes do; but `f()` is not `f`.
fn kept(tokens: &[Token]) -> Vec<&Token> {
    let is = |token: Option<&Token>, mark: &str| {
        token.is_some_and(|token| matches!(token.kind, TokenKind::Mark(found) if found == mark))
    };
    let mut kept = Vec::with_capacity(tokens.len());
    let mut before = None;
    for (index, token) in tokens.iter().enumerate() {
        let next = tokens.get(index.saturating_add(1));
        let dropped = match token.kind {
            TokenKind::Mark("(") => !is(next, ")"),
            TokenKind::Mark(")") => !is(before, "("),
            TokenKind::End => true,
            _ => false,
        };
        if !dropped {
            kept.push(token);
        }
        before = Some(token);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn writing_does_not_matter() {
        for (one, other) in [
            ("a<1.0", " a  <  1.0 "),
            ("(a < 1.0)", "a < 1.0"),
            ("((a) < (1.0)) && b", "a < 1.0 && b"),
            ("(a && b) && c", "a && b && c"),
            ("f(a)", "f( (a) )"),
        ] {
            assert_eq!(shape(one), shape(other), "{one} {other}");
            assert!(shape(one).is_some());
        }
    }

    #[test]
    fn what_is_said_does() {
        for (one, other) in [
            ("a < 1.0", "a <= 1.0"),
            ("a - (b - c)", "a - b - c"),
            ("!(a && b)", "!a && b"),
            ("(a || b) && c", "a || b && c"),
            ("a.f()", "a.f"),
            ("-(a + b)", "-a + b"),
            ("a < 1.0", "b < 1.0"),
            ("a == \"x\"", "a == \"x \""),
        ] {
            assert_ne!(shape(one), shape(other), "{one} {other}");
        }
        assert_eq!(shape("a <"), None);
    }
}
