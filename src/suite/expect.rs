//! What a test expects, held against what came of it. Never judges.
//!
//! Most expectations are answered by what the judgement says of each rule (an [`Outline`]); only those that need reasons
//! cost an explanation.

mod approved;
mod ids;
mod lists;
mod outline;
mod partial;
mod read;
mod reads;
mod told;
mod unknown;
mod value;
mod want;

use std::sync::Arc;

use serde_json::Value as Json;

use super::bound::{Case, Suite};
use super::result::Difference;
use crate::policy::{Policy, Stage};
use crate::source::{Problem, Source, Span};
use crate::verdict::{Place, Verdict};
pub use approved::{Approved, stable};
pub use outline::{Member, Outline};
use want::{Want, Wanted};

/// What a test expects, read once.
#[derive(Clone, Debug)]
pub struct Expected {
    source: Source,
    file: Arc<str>,
    wanted: Vec<Wanted>,
}

impl Expected {
    /// Reads what a test expects.
    ///
    /// # Errors
    /// What is wrong with it whatever comes of the test: keys there are not, values a key does not take, nothing expected.
    pub fn read(suite: &Suite, case: &Case) -> Result<Self, Vec<Problem>> {
        let (wanted, problems) = read::expectations(&suite.source, case);
        if problems.is_empty() {
            Ok(Self {
                source: suite.source.clone(),
                file: Arc::clone(&suite.file),
                wanted,
            })
        } else {
            Err(problems)
        }
    }

    /// What is named that the stage which is judged, or its policy, does not have.
    #[must_use]
    pub fn unknown(&self, policy: &Policy, stage: &Stage) -> Vec<Problem> {
        let mut lookup = unknown::Lookup::new(&self.source, policy, stage);
        for wanted in &self.wanted {
            lookup.wanted(&wanted.what);
        }
        lookup.problems
    }

    /// Whether anything of it needs an explained verdict.
    #[must_use]
    pub fn needs_reasons(&self) -> bool {
        self.wanted.iter().any(|wanted| wanted.what.needs_reasons())
    }

    /// What is other than expected of that which needs no reasons.
    #[must_use]
    pub fn against(&self, outline: &Outline) -> Vec<Difference> {
        let mut into = self.comparing();
        for wanted in &self.wanted {
            lists::compare(&mut into, wanted, outline);
        }
        into.found
    }

    /// What is other than expected of that which needs reasons.
    #[must_use]
    pub fn against_reasons(&self, suite: &Suite, verdict: &Verdict) -> Vec<Difference> {
        let mut into = self.comparing();
        for wanted in &self.wanted {
            match &wanted.what {
                Want::Approved(path) => approved::compare(&mut into, wanted, path, suite, verdict),
                _ => told::compare(&mut into, wanted, verdict),
            }
        }
        into.found
    }

    /// The file of the approved explanation, where one is named.
    #[must_use]
    pub fn approved(&self) -> Option<&str> {
        self.wanted.iter().find_map(|wanted| match &wanted.what {
            Want::Approved(path) => Some(path.as_str()),
            _ => None,
        })
    }

    fn comparing(&self) -> Comparing<'_> {
        Comparing {
            expected: self,
            found: Vec::new(),
        }
    }
}

/// Differences as they are found.
struct Comparing<'e> {
    expected: &'e Expected,
    found: Vec<Difference>,
}

impl Comparing<'_> {
    /// Adds a difference, which may be told more of.
    fn differs(
        &mut self,
        key: impl Into<String>,
        span: Span,
        expected: Json,
        actual: Json,
    ) -> &mut Difference {
        let at = place(&self.expected.source, &self.expected.file, span);
        self.found.push_mut(Difference {
            key: key.into(),
            expected,
            actual,
            missing: Vec::new(),
            extra: Vec::new(),
            unit: None,
            note: None,
            at,
            rules: Vec::new(),
        })
    }
}

/// A place in a suite.
#[must_use]
pub fn place(source: &Source, file: &str, span: Span) -> Place {
    let position = source.position(span.start);
    Place {
        file: file.to_owned(),
        line: position.line,
        column: position.column,
    }
}
