//! The parts of an `expect` that are maps of maps: rows, plans, values, changes. Never compares them.

use super::ids::Id;
use super::read::{id, listed, nothing, ruled};
use super::want::{Part, Rows, Shown, Way};
use crate::policy::decode::{Decoder, Text};
use crate::source::Code;
use crate::source::problem::nearest;
use crate::source::tree::{Kind, Node, Places};

/// The signs of comparisons, the longer ones first.
const SIGNS: [&str; 6] = ["<=", ">=", "==", "!=", "<", ">"];

/// Rows of escalation or duties: a list is all there are, a map is about those it names.
pub(super) fn rows(
    d: &mut Decoder<'_>,
    node: &Node,
    key: &'static str,
    what: &'static str,
    keys: &[&'static str],
) -> Option<Rows> {
    if !matches!(node.kind, Kind::Map(_)) {
        let all = listed(d, node, key)?;
        return Some(Rows::All(all.iter().map(id).collect()));
    }
    let mut rows = Vec::new();
    for (row, node) in ruled(d, node, key)? {
        let wanted = if node.is_null() {
            None
        } else {
            Some(parts(d, node, what, keys)?)
        };
        rows.push((row, wanted));
    }
    Some(Rows::Some(rows))
}

/// Parts of a row or a plan.
pub(super) fn parts(
    d: &mut Decoder<'_>,
    node: &Node,
    what: &'static str,
    keys: &[&'static str],
) -> Option<Vec<Part>> {
    let mut f = d.fields(node, what)?;
    let mut parts = Vec::new();
    for key in keys {
        if let Some(value) = f.get(key) {
            let value = value.clone();
            parts.push(Part { key, value });
        }
    }
    d.finish(&f);
    Some(parts)
}

/// Values by expression, or by rule and expression.
pub(super) fn values(d: &mut Decoder<'_>, node: &Node, key: &'static str) -> Option<Vec<Shown>> {
    if matches!(node.kind, Kind::List(_)) {
        let message = format!("`{key}` is a list, expected a map by expressions");
        let help = "say what each shows: values: {error_rate: 6.1%}";
        d.at(Code::WrongKind, node.span, message, "expected a map", help);
        return None;
    }
    let mut values = Vec::new();
    for (name, node) in d.entries(node, key) {
        if !matches!(node.kind, Kind::Map(_)) {
            values.push(value(None, name, node));
            continue;
        }
        let shown = d.entries(node, key);
        if shown.is_empty() {
            nothing(d, node, name.as_str());
            return None;
        }
        let of = id(&name);
        let of_rule = |(expr, node)| value(Some(of.clone()), expr, node);
        values.extend(shown.into_iter().map(of_rule));
    }
    if values.is_empty() {
        nothing(d, node, key);
        return None;
    }
    Some(values)
}

fn value(of: Option<Id>, expr: Text, node: &Node) -> Shown {
    let value = node.clone();
    Shown { of, expr, value }
}

/// Changes: `error_rate < 5%`, a map of its parts, or a list of these.
pub(super) fn ways(d: &mut Decoder<'_>, node: &Node) -> Option<Vec<Way>> {
    match &node.kind {
        Kind::List(items) => items.iter().map(|item| way(d, item)).collect(),
        Kind::Scalar(_) | Kind::Map(_) => Some(vec![way(d, node)?]),
    }
}

fn way(d: &mut Decoder<'_>, node: &Node) -> Option<Way> {
    if matches!(node.kind, Kind::Map(_)) {
        let mut f = d.fields(node, "a change")?;
        let (input, op) = (d.required(&mut f, "input"), d.required(&mut f, "op"));
        let value = f.get("value");
        if value.is_none() {
            d.missing(&f, "value", "value: 0.05");
        }
        d.finish(&f);
        let op = op?;
        if !SIGNS.contains(&op.as_str()) {
            let near = nearest(op.as_str(), SIGNS).unwrap_or("<");
            let message = format!("`{}` compares nothing", op.as_str());
            let help = format!("write one of {}, such as `{near}`", SIGNS.join(" "));
            d.at(Code::BadValue, op.span, message, "not a sign", help);
            return None;
        }
        return Some(Way {
            input: input?.as_str().to_owned(),
            op: op.as_str().to_owned(),
            value: value?.clone(),
        });
    }
    let text = d.text(node, "to_change")?;
    let Some((input, op, value)) = split(text.as_str()) else {
        let message = format!("`{}` is no change of an input", text.as_str());
        let label = "expected an input, a sign and a value";
        let help = "write it as the report does: error_rate < 5%";
        d.at(Code::BadValue, text.span, message, label, help);
        return None;
    };
    let mut scalar = text.scalar.clone();
    value.trim_matches('"').clone_into(&mut scalar.text);
    // What stands in quotes is a text; anything else is read as it would be by itself.
    scalar.style = if value.starts_with('"') {
        crate::source::tree::Style::Quoted
    } else {
        crate::source::tree::Style::Plain
    };
    scalar.map = Places::from([(0, 0)]);
    Some(Way {
        input: input.to_owned(),
        op: op.to_owned(),
        value: Node {
            span: text.span,
            kind: Kind::Scalar(scalar),
        },
    })
}

/// `error_rate < 5%` in its three parts: the last sign that stands between spaces and outside of quotes.
fn split(text: &str) -> Option<(&str, &str, &str)> {
    let found = SIGNS.iter().flat_map(|sign| {
        let spaced = format!(" {sign} ");
        let at: Vec<usize> = text.match_indices(&spaced).map(|(at, _)| at).collect();
        at.into_iter().map(|at| (at, *sign))
    });
    let quoted = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        before.matches('"').count() % 2 == 1
    };
    let outside = found.filter(|(at, _)| !quoted(*at));
    let (at, sign) = outside.max_by_key(|(at, _)| *at)?;
    let (input, rest) = text.split_at_checked(at)?;
    let value = rest.trim_start().strip_prefix(sign)?.trim();
    let input = input.trim();
    (!input.is_empty() && !value.is_empty()).then_some((input, sign, value))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_change_has_three_parts() {
        assert_eq!(split("error_rate < 5%"), Some(("error_rate", "<", "5%")));
        assert_eq!(split("a >= 1"), Some(("a", ">=", "1")));
        assert_eq!(
            split("m[\"x < y\"] != \"a b\""),
            Some(("m[\"x < y\"]", "!=", "\"a b\""))
        );
        assert_eq!(split("a == \"b < c\""), Some(("a", "==", "\"b < c\"")));
        assert_eq!(split("error_rate"), None);
        assert_eq!(split(" < 5"), None);
    }
}
