//! A suite of one test, that is given what another one is: for a test that is tried before it is written. It reads no
//! snapshot again.

use std::sync::Arc;

use super::shared::{Compared, Stretch};
use super::{Case, Suite};
use crate::source::Source;
use crate::suite::document::TestDocument;
use crate::suite::files::Files;
use crate::suite::fixture::Shape;

impl Suite {
    /// A suite with this test alone, which stands in `source`, and is given what `like` is: snapshots, baselines, parameters
    /// and waivers of its own it may not have.
    #[must_use]
    pub fn trial(&self, like: &Case, source: &Source, test: TestDocument) -> Self {
        let given = self.histories.get(like.given).cloned();
        let mut histories: Vec<_> = given.into_iter().collect();
        let mut compared = Vec::new();
        for one in like
            .compared
            .iter()
            .filter_map(|index| self.compared.get(*index))
        {
            let about = (one.baseline, one.live);
            compared.push(Compared::new(one.policy, about, histories.len()));
            histories.extend(self.histories.get(one.history).cloned());
        }
        let shape = test.series.as_ref().map(Shape::of);
        let stretches: Vec<Stretch> = shape
            .into_iter()
            .map(|shape| Stretch::new(0, shape))
            .collect();
        let case = Case {
            problems: test.problems.clone(),
            test,
            policy: like.policy,
            given: 0,
            stretch: (!stretches.is_empty()).then_some(0),
            compared: (0..compared.len()).collect(),
            waivers: Arc::clone(&like.waivers),
        };
        Self {
            file: Arc::clone(&self.file),
            source: source.clone(),
            policy: self.policy.clone(),
            policies: self.policies.clone(),
            histories,
            stretches,
            compared,
            cases: vec![case],
            files: Files::default(),
        }
    }
}
