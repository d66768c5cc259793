//! Which declarations a mistake speaks of, so that whoever knows their places can show them. Never a mistake of its own.

use std::ops::Range;

use super::Checker;
use crate::expr::mistake::Mistake;
use crate::expr::tree::{Id, Kind};
use crate::source::Code;

/// More names than these, and a mistake is about none of them in particular.
const MOST_NAMES: usize = 3;
/// Behind so many mistakes of one expression nobody looks for declarations.
const MOST_MISTAKES: usize = 32;

impl Checker<'_> {
    /// Adds a mistake, and the declared names it speaks of.
    pub(super) fn told(&mut self, mut mistake: Mistake) {
        if self.mistakes.len() < MOST_MISTAKES {
            mistake.names = self.about(&mistake).unwrap_or_default();
        }
        self.mistakes.push(mistake);
    }

    fn about(&self, mistake: &Mistake) -> Option<Vec<String>> {
        let place = &mistake.range;
        let within = match mistake.code {
            Code::TypeMismatch | Code::NotBool | Code::IntegerDivision => place.clone(),
            // An argument that does not fit: of a whole call nobody knows which.
            Code::WrongArgument => {
                let names = self.names_within(place);
                return names
                    .first()
                    .filter(|(_, at)| at == place)
                    .map(|(name, _)| vec![name.clone()]);
            }
            // They stand at a literal or a field: what it meets is in the smallest part around it that names something.
            Code::UnitMismatch | Code::ValueNotListed | Code::UnknownField => self.around(place)?,
            _ => return None,
        };
        let mut names: Vec<String> = Vec::new();
        for (name, _) in self.names_within(&within) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        (names.len() <= MOST_NAMES).then_some(names)
    }

    /// The smallest part of the expression around a place in which a declared name stands.
    fn around(&self, place: &Range<usize>) -> Option<Range<usize>> {
        let parts = self.tree.nodes.iter().map(|node| node.at.range());
        let mut parts: Vec<Range<usize>> = parts.filter(|part| covers(part, place)).collect();
        parts.sort_by_key(ExactSizeIterator::len);
        parts
            .into_iter()
            .find(|part| !self.names_within(part).is_empty())
    }

    /// The declared names in a range, with their places, in the order of the text.
    fn names_within(&self, range: &Range<usize>) -> Vec<(String, Range<usize>)> {
        let ids = (0..self.tree.nodes.len()).filter(|id| covers(range, &self.at(*id).range()));
        let mut names: Vec<_> = ids
            .filter_map(|id| Some((self.declared(id)?, self.at(id).range())))
            .collect();
        names.sort_by_key(|(_, at)| at.start);
        names
    }

    /// The name of the declaration a node stands for.
    fn declared(&self, id: Id) -> Option<String> {
        let node = self.tree.nodes.get(id)?;
        if !matches!(node.kind, Kind::Name { .. } | Kind::Select { .. }) {
            return None;
        }
        let dotted = self.dotted(id)?;
        let hidden = !dotted.rooted && self.local(dotted.root).is_some();
        (!hidden && self.scope.get(&dotted.name).is_some()).then(|| dotted.name.into_owned())
    }
}

fn covers(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
