//! How windows are written in other languages, PromQL above all, and how they are written here. It accepts none of them.

use super::super::Checker;
use super::{WINDOWS, written};
use crate::expr::tree::{Id, Kind};
use crate::expr::value::Value;

/// Words for windows that have another name here.
pub(in crate::expr::check) const ALIASES: &[(&str, &str)] = &[
    ("average", "avg"),
    ("mean", "avg"),
    ("avg_over_time", "avg"),
    ("min_over_time", "min"),
    ("max_over_time", "max"),
    ("sum_over_time", "sum"),
    ("count_over_time", "count"),
    ("quantile_over_time", "quantile"),
    ("percentile", "quantile"),
    ("stddev_over_time", "stddev"),
    ("stdev", "stddev"),
    ("first_over_time", "first"),
    ("irate", "rate"),
    ("idelta", "delta"),
    ("deriv", "slope"),
    ("changes", "edges"),
    ("offset", "ago"),
    ("lag", "ago"),
    ("previous", "ago"),
];

impl Checker<'_> {
    /// How a call of a function nobody knows is written as a window, if it is meant to be one.
    pub(in crate::expr::check) fn meant_window(
        &self,
        word: &str,
        of: Option<Id>,
        args: &[Id],
    ) -> Option<String> {
        let alias = ALIASES.iter().find(|(alias, _)| *alias == word);
        let window = alias
            .map(|(_, name)| *name)
            .or_else(|| WINDOWS.iter().find(|name| **name == word).copied())?;
        let length = args.iter().find_map(|arg| written(self.tree, *arg));
        // `min(a, b)` is meant to be the lesser of two numbers.
        if of.is_none() && length.is_none() && matches!(word, "min" | "max" | "count") {
            return None;
        }
        // `quantile(0.95, x[5m])`: the share comes first there.
        let number = |id: &Id| {
            let kind = self.tree.nodes.get(*id).map(|node| &node.kind);
            matches!(kind, Some(Kind::Literal(Value::Int(_) | Value::Double(_))))
        };
        let shown = |id: Id| self.shown(id);
        let share = args.iter().find(|arg| number(arg)).map(|arg| shown(*arg));
        let first = args
            .iter()
            .find(|arg| !number(arg) && written(self.tree, **arg).is_none());
        let what = of.or(first.copied()).map_or("x", shown);
        // `rate(requests[5m])`, as Prometheus has it.
        let (what, length) = what
            .split_once('[')
            .and_then(|(name, rest)| Some((name, rest.strip_suffix(']')?)))
            .filter(|(_, length)| crate::expr::duration::parse_duration(length).is_ok())
            .unwrap_or((what, length.unwrap_or("10m")));
        let way = match (window, share) {
            ("quantile", Some(share)) => format!("{what}.quantile({share}, \"{length}\")"),
            _ => way(what, window, length),
        };
        Some(format!("write a window as a method: `{way}`"))
    }
}

/// A window as it is written here.
pub(super) fn way(of: &str, word: &str, length: &str) -> String {
    match word {
        "quantile" => format!("{of}.quantile(0.95, \"{length}\")"),
        "streak" => format!("{of}.streak()"),
        _ => format!("{of}.{word}(\"{length}\")"),
    }
}
