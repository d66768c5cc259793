//! The constants and named expressions that an expression refers to by name, and what they stand for: where its text stays
//! the same they may not. Never what it does with them.

use std::collections::BTreeMap;

use super::compiled::Compiled;
use super::plan::What;
use super::units::Unit;
use super::value::Value;

/// What a name stands for.
#[derive(Clone, Debug)]
pub(crate) enum Meant {
    /// A value that is always the same, in its unit.
    Value(Value, Option<Unit>),
    /// A named expression, as written.
    Expression(String),
}

impl Compiled {
    /// Everything it refers to by name that is no input, by the name as it is written, in the expressions it refers to too.
    pub(crate) fn mentions(&self) -> BTreeMap<String, Meant> {
        let mut found = BTreeMap::new();
        self.mentioned(&mut found);
        found
    }

    fn mentioned(&self, found: &mut BTreeMap<String, Meant>) {
        let named = |id: usize| {
            let step = self.steps.get(id)?;
            let text = step.at.of(&self.text).trim();
            (is_name(text) && matches!(step.what, What::Const(_) | What::Let(_)))
                .then_some((step, text))
        };
        let all: Vec<_> = (0..self.steps.len()).filter_map(named).collect();
        for (step, text) in &all {
            // Of `table.row.limit` only the whole is told.
            let part = |other: &&(&super::plan::Step, &str)| {
                let (own, other) = (step.at.range(), other.0.at.range());
                own != other && other.start <= own.start && own.end <= other.end
            };
            if all.iter().any(|other| part(&other)) {
                continue;
            }
            match &step.what {
                What::Const(value) => {
                    let meant = Meant::Value(value.clone(), step.unit.clone());
                    found.insert((*text).to_owned(), meant);
                }
                What::Let(inner) => {
                    let known = found.insert(
                        (*text).to_owned(),
                        Meant::Expression(inner.text().trim().to_owned()),
                    );
                    if known.is_none() {
                        inner.mentioned(found);
                    }
                }
                _ => {}
            }
        }
        for window in &self.windows {
            // Those of named expressions are told there.
            if self.text.contains(window.text.as_ref()) {
                window.of.mentioned(found);
            }
        }
    }
}

/// Whether a text refers to something by name: no literal, and no operation.
fn is_name(text: &str) -> bool {
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let plain = |c: char| c.is_alphanumeric() || "._[]\"'-`".contains(c);
    begins && !matches!(text, "true" | "false" | "null") && text.chars().all(plain)
}
