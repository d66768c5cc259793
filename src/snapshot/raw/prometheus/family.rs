//! What `# TYPE`, `# HELP` and `# UNIT` say of families. Every other comment is passed over.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::dialect::{kind_of, kinds};
use super::labels::is_name;
use super::scan::Scan;
use super::trouble::Trouble;
use super::{Dialect, Kind};
use crate::source::Span;
use crate::source::problem::nearest;

/// The families of a text, as far as it is read.
#[derive(Debug, Default)]
pub(super) struct Families {
    known: BTreeMap<Arc<str>, Family>,
}

/// What is said of one family, and where.
#[derive(Debug, Default)]
struct Family {
    kind: Option<(Kind, Span)>,
    help: Option<Span>,
    unit: Option<Span>,
}

impl Families {
    /// What `# TYPE` says of each.
    pub(super) fn kinds(self) -> BTreeMap<Arc<str>, Kind> {
        let known = self.known.into_iter();
        known
            .filter_map(|(name, family)| Some((name, family.kind?.0)))
            .collect()
    }

    /// What `# TYPE` says of a family of this name.
    pub(super) fn kind(&self, name: &str) -> Option<Kind> {
        self.known.get(name)?.kind.map(|(kind, _)| kind)
    }

    /// Reads a comment, of which `#` is the next character. `first` is where a series of a name first stands.
    pub(super) fn comment(
        &mut self,
        mut scan: Scan<'_>,
        dialect: Dialect,
        first: impl Fn(&str) -> Option<Span>,
    ) -> Result<(), Trouble> {
        let start = scan.here();
        scan.bump();
        scan.blanks();
        let (word, _) = scan.word();
        match (word, dialect) {
            ("HELP" | "TYPE", _) | ("UNIT", Dialect::OpenMetrics) => {}
            _ => return Ok(()),
        }
        scan.blanks();
        let (name, named) = name(&mut scan, word)?;
        scan.blanks();
        let family = self.known.entry(Arc::from(name.as_str())).or_default();
        let twice = |before: Span| {
            let help = "say it once, before the first series of the family";
            Trouble::new(named, format!("a second `# {word}` of `{name}`"), help)
                .also(before, "the first one")
        };
        match word {
            "HELP" => match family.help {
                Some(before) => Err(twice(before)),
                None => {
                    family.help = Some(named);
                    Ok(())
                }
            },
            "UNIT" => {
                let (unit, _) = scan.word();
                let span = scan.since(start);
                ends(&mut scan, "# UNIT")?;
                if let Some(before) = family.unit {
                    return Err(twice(before));
                }
                family.unit = Some(named);
                if unit.is_empty() || name.ends_with(&format!("_{unit}")) {
                    return Ok(());
                }
                let message = format!("`{name}` does not end in its unit, `_{unit}`");
                let help = "in OpenMetrics a family's name ends in its unit";
                Err(Trouble::new(span, message, help))
            }
            _ => {
                let kind = kind(&mut scan, &name, dialect)?;
                if let Some((_, before)) = family.kind {
                    return Err(twice(before));
                }
                family.kind = Some((kind, named));
                let suffixes = kind.suffixes().iter();
                let mut series = suffixes.filter_map(|suffix| first(&format!("{name}{suffix}")));
                let Some(before) = series.next() else {
                    return Ok(());
                };
                let message = format!("`# TYPE` of `{name}` behind its first series");
                let help = "say the type before the first series of the family";
                Err(Trouble::new(named, message, help).also(before, "a series of it"))
            }
        }
    }
}

/// The name of a family, plain or in quotes.
fn name(scan: &mut Scan<'_>, word: &str) -> Result<(String, Span), Trouble> {
    let start = scan.here();
    if scan.peek() == Some('"') {
        let name = scan.quoted("a name")?;
        return Ok((name, scan.since(start)));
    }
    let (name, span) = scan.word();
    if is_name(name) {
        return Ok((name.to_owned(), span));
    }
    let help = format!(
        "write `# {word} name`, the name in quotes if it has more than letters, digits, `_` and `:`"
    );
    Err(if name.is_empty() {
        Trouble::new(span, format!("`# {word}` of nothing"), help)
    } else {
        Trouble::new(span, format!("`{name}` is no name of a family"), help)
    })
}

/// The kind of a family, and that nothing stands behind it.
fn kind(scan: &mut Scan<'_>, name: &str, dialect: Dialect) -> Result<Kind, Trouble> {
    let (word, span) = scan.word();
    let Some(kind) = kind_of(word, dialect) else {
        let known = kinds(dialect);
        let list = format!("a type is one of {}", known.join(", "));
        let help = match nearest(word, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? {list}"),
            None => list,
        };
        return Err(if word.is_empty() {
            Trouble::new(span, format!("`# TYPE` of `{name}` without a type"), help)
        } else {
            Trouble::new(span, format!("`{word}` is no type of a family"), help)
        });
    };
    ends(scan, "# TYPE")?;
    Ok(kind)
}

fn ends(scan: &mut Scan<'_>, what: &str) -> Result<(), Trouble> {
    scan.blanks();
    if scan.peek().is_none() {
        return Ok(());
    }
    let start = scan.here();
    scan.take_while(|_| true);
    let help = "write one name and one word behind it";
    let message = format!("more on the line than `{what}` takes");
    Err(Trouble::new(scan.since(start), message, help))
}
