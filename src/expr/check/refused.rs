//! Calls that no function answers: macros that are called otherwise than they are, and what CEL has and policies have not.
//!
//! It never refuses what the tables of functions hold.

use super::{Checker, Info};
use crate::expr::fault::Reason;
use crate::expr::mistake::Mistake;
use crate::expr::plan::What;
use crate::expr::scope::Rules;
use crate::expr::tree::{At, Id};
use crate::source::Code;

/// The functions of addresses and networks.
const NETWORK: &[&str] = &[
    "ip",
    "isIP",
    "cidr",
    "isCIDR",
    "ip.isCanonical",
    "isUnspecified",
    "isLoopback",
    "isGlobalUnicast",
    "isLinkLocalMulticast",
    "isLinkLocalUnicast",
    "containsIP",
    "containsCIDR",
    "prefixLength",
    "masked",
    "family",
];

impl Checker<'_> {
    /// A call that is refused by its name alone; nothing if it may be one of a function.
    pub(super) fn refused(&mut self, id: Id, at: At, word: &str) -> Option<Info> {
        let (code, message, help) = match (macro_way(word), word) {
            (Some(way), _) => (
                Code::WrongArgument,
                format!("`{word}` is not called so"),
                format!("write `{way}`"),
            ),
            (_, "cel.block" | "cel.index" | "cel.iterVar") => (
                Code::UnsupportedFunction,
                format!("`{word}` is what optimisers write, and not evaluated"),
                "name the part with `cel.bind(x, value, …)`, or under the policy's `let:`"
                    .to_owned(),
            ),
            (_, "proto.getExt" | "proto.hasExt") => (
                Code::UnsupportedFunction,
                format!("`{word}` asks a protobuf message, which policies do not have"),
                "ask a field of a map: `x.field`, `has(x.field)`".to_owned(),
            ),
            _ if NETWORK.contains(&word) => (
                Code::UnsupportedFunction,
                format!("`{word}` is about network addresses, which are not evaluated"),
                "compare addresses as texts, such as `address.startsWith(\"10.\")`".to_owned(),
            ),
            _ => return None,
        };
        if self.rules == Rules::Unchecked {
            self.plan(id, What::Fail(Reason::WrongType));
            return Some(Info::error());
        }
        Some(self.wrong(Mistake::new(code, at.range(), message).help(help)))
    }
}

/// How a macro is called.
fn macro_way(word: &str) -> Option<&'static str> {
    Some(match word {
        "all" => "list.all(x, condition)",
        "exists" => "list.exists(x, condition)",
        "exists_one" => "list.exists_one(x, condition)",
        "existsOne" => "list.existsOne(x, condition)",
        "filter" => "list.filter(x, condition)",
        "map" => "list.map(x, result)",
        "sortBy" => "list.sortBy(x, key)",
        "transformList" => "list.transformList(index, x, result)",
        "transformMap" => "map.transformMap(key, x, result)",
        "transformMapEntry" => "map.transformMapEntry(key, x, {key: x})",
        "optMap" => "optional.optMap(x, result)",
        "optFlatMap" => "optional.optFlatMap(x, optional)",
        "cel.bind" => "cel.bind(x, value, result)",
        _ => return None,
    })
}
