//! Recognises the macros of CEL among calls. It expands none of them.

use super::{Parsed, Parser};
use crate::expr::mistake::Mistake;
use crate::expr::tree::{At, Fold, How, Id, Kind};
use crate::source::Code;

impl Parser<'_> {
    /// What a call is: a macro or a call.
    pub(super) fn called(
        &self,
        name: At,
        of: Option<Id>,
        args: Vec<Id>,
        rooted: bool,
    ) -> Parsed<Kind> {
        let call = |args| Kind::Call {
            name,
            of,
            args,
            rooted,
        };
        let Some(target) = of else {
            if let ("has", false, [only]) = (name.of(self.text), rooted, args.as_slice())
                && let Some(Kind::Select { of, field }) = self.kind_of(*only)
            {
                return Ok(Kind::Has {
                    of: *of,
                    field: *field,
                });
            }
            return Ok(call(args));
        };
        let word = name.of(self.text);
        if args.iter().any(|arg| self.tree.is_broken(*arg)) {
            return Ok(call(args));
        }
        if word == "bind" && self.is_name(target, "cel") {
            if let [variable, value, body] = *args {
                return Ok(Kind::Bind {
                    name: self.variable(variable, word)?,
                    value,
                    body,
                });
            }
            return Ok(call(args));
        }
        if let ("optMap" | "optFlatMap", [variable, body]) = (word, args.as_slice()) {
            return Ok(Kind::OptMap {
                of: target,
                name: self.variable(*variable, word)?,
                body: *body,
                flat: word == "optFlatMap",
            });
        }
        let how = match word {
            "all" => How::All,
            "exists" => How::Exists,
            "exists_one" | "existsOne" => How::ExistsOne,
            "map" | "transformList" => How::Map,
            "filter" => How::Filter,
            "transformMap" => How::Values,
            "transformMapEntry" => How::Entries,
            "sortBy" => How::SortBy,
            _ => return Ok(call(args)),
        };
        // The variables come first: one, or in the two-variable forms two.
        let transform = word.starts_with("transform");
        let (names, test, make) = match (how, args.as_slice()) {
            (How::All | How::Exists | How::ExistsOne | How::Filter, [x, test]) => {
                ((*x, None), Some(*test), None)
            }
            (How::All | How::Exists | How::ExistsOne, [x, y, test]) => {
                ((*x, Some(*y)), Some(*test), None)
            }
            (How::Map | How::SortBy, [x, make]) if !transform => ((*x, None), None, Some(*make)),
            (How::Map, [x, test, make]) if !transform => ((*x, None), Some(*test), Some(*make)),
            (How::Map | How::Values | How::Entries, [x, y, make]) => {
                ((*x, Some(*y)), None, Some(*make))
            }
            (How::Map | How::Values | How::Entries, [x, y, test, make]) if transform => {
                ((*x, Some(*y)), Some(*test), Some(*make))
            }
            _ => return Ok(call(args)),
        };
        let first = self.variable(names.0, word)?;
        let second = names
            .1
            .map(|second| self.variable(second, word))
            .transpose()?;
        if let Some(second) = second.filter(|second| second.of(self.text) == first.of(self.text)) {
            return Err(Mistake::new(
                Code::ExpressionSyntax,
                second.range(),
                format!("`{word}` has two variables of one name"),
            )
            .help("give the second one another name")
            .into());
        }
        Ok(Kind::Fold(Box::new(Fold {
            how,
            of: target,
            name: first,
            second,
            test,
            make,
        })))
    }

    fn kind_of(&self, id: Id) -> Option<&Kind> {
        self.tree.nodes.get(id).map(|node| &node.kind)
    }

    fn is_name(&self, id: Id, wanted: &str) -> bool {
        matches!(self.kind_of(id), Some(Kind::Name { name, .. }) if name.of(self.text) == wanted)
    }

    /// The name a macro gives to what it goes through.
    fn variable(&self, id: Id, word: &str) -> Parsed<At> {
        if let Some(Kind::Name {
            name,
            rooted: false,
        }) = self.kind_of(id)
        {
            return Ok(*name);
        }
        let at = self
            .tree
            .nodes
            .get(id)
            .map_or(At::default(), |node| node.at);
        Err(Mistake::new(
            Code::ExpressionSyntax,
            at.range(),
            format!("the first argument of `{word}` must be a name for the item"),
        )
        .help(format!(
            "write `.{word}(x, …)` and use `x` behind the comma"
        ))
        .into())
    }
}
