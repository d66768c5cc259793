//! `ignored-missing`: a hard stop that a broken exporter switches off. A rule that only watches stops nothing anyway.

use super::Subject;
use crate::policy::OnMissing;
use crate::source::{Code, Problem};
use crate::verdict::Effect;

/// `ignored-missing`
pub(super) fn ignored_missing(subject: &Subject<'_>) -> Vec<Problem> {
    let pairs = subject.pairs().into_iter();
    let ignoring = pairs.filter(|pair| {
        pair.rule.effect == Effect::Rollback
            && pair.rule.missing == OnMissing::Ignore
            && !pair.rule.watch
    });
    ignoring
        .filter_map(|pair| {
            let text = pair.document.missing.as_ref()?;
            let message = format!(
                "the hard stop `{}` stops nothing while its data are missing",
                pair.rule.id
            );
            let help =
                "remove `missing: ignore`, so that unknown is a no-go, or write `missing: fire`";
            let label = "silence switches it off";
            Some(subject.problem(Code::IgnoredMissing, text.span, message, label, help))
        })
        .collect()
}
