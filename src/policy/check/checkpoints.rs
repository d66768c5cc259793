//! `at:` of a rule: checkpoints in order, longer than nothing, and only where a requirement is judged.

use jiff::SignedDuration;

use super::Checker;
use crate::policy::decode::Text;
use crate::policy::document::RuleDocument;
use crate::policy::document::at::{AtDocument, TimesDocument};
use crate::policy::{Checkpoints, Proof, Times};
use crate::snapshot::Layout;
use crate::source::{Code, Problem, Span};
use crate::verdict::Effect;

/// The most checkpoints that are listed or counted.
const MOST: u64 = 10_000;

impl Checker<'_> {
    /// The checkpoints of a rule; nothing where it has none, or wrong ones.
    pub(super) fn checkpoints(
        &mut self,
        rule: &RuleDocument,
        layout: &Layout,
        proof: Option<&Proof>,
    ) -> Option<Checkpoints> {
        let at = rule.at.as_ref()?;
        if rule.effect != Effect::Require {
            let help = "move the rule under `require`; a stop is judged at every instant";
            self.error(
                Code::BadValue,
                at.span,
                "`at` is for `require`",
                "under a stop",
                help,
            );
        }
        if let Some(hold) = &rule.hold {
            let problem = Problem::new(
                Code::BadValue,
                "a rule is judged at checkpoints or throughout a time, not both",
            )
            .help("remove `for` or `at`; for a mean up to each checkpoint, write a window such as `.avg(\"1h\")`")
            .at(self.source, at.span, "judged at these instants")
            .at(self.source, hold.span, "judged throughout");
            self.problems.push(problem);
        }
        let times = self.times(at)?;
        let reads = proof.into_iter().flat_map(Proof::expressions);
        let reads = reads.flat_map(|expr| expr.reads());
        let ages = reads.filter_map(|slot| layout.max_age(*slot));
        let within = match &at.within {
            Some(text) => self.duration(text)?,
            None => ages.min().unwrap_or(layout.fresh()),
        };
        Some(Checkpoints { times, within })
    }

    fn times(&mut self, at: &AtDocument) -> Option<Times> {
        match (&at.every, &at.times) {
            (None, None) => {
                let help = "write `at: {times: [1h, 6h, 24h]}` or `at: {every: 12h, times: 4}`";
                self.error(
                    Code::MissingKey,
                    at.span,
                    "`at` without `times` or `every`",
                    "when?",
                    help,
                );
                None
            }
            (None, Some(TimesDocument::One(text))) if text.as_str().parse::<u64>().is_ok() => {
                let count = text.as_str();
                let message = format!("{count} checkpoints, and nobody says when");
                let help = format!("write `every: 12h, times: {count}`, or `times: [1h, 6h]`");
                self.error(Code::BadValue, text.span, message, "no `every`", help);
                None
            }
            (None, Some(TimesDocument::One(text))) => {
                let only = self.duration(text)?;
                Some(Times::Listed(vec![only]))
            }
            (None, Some(TimesDocument::Listed(texts, span))) => self.listed(texts, *span),
            (Some(every), None) => Some(Times::Every {
                every: self.duration(every)?,
                times: None,
            }),
            (Some(every), Some(TimesDocument::One(text))) => {
                let (every, times) = (self.duration(every), self.count(text));
                Some(Times::Every {
                    every: every?,
                    times: Some(times?),
                })
            }
            (Some(every), Some(TimesDocument::Listed(_, span))) => {
                let problem = Problem::new(Code::BadValue, "`times` beside `every` is a number")
                    .help("write how often: `at: {every: 12h, times: 4}`, or remove `every`")
                    .at(self.source, *span, "a list of times")
                    .at(self.source, every.span, "already says when");
                self.problems.push(problem);
                None
            }
        }
    }

    fn listed(&mut self, texts: &[Text], span: Span) -> Option<Times> {
        if texts.is_empty() {
            let help = "list at least one length of time, such as `[1h, 6h]`";
            self.error(
                Code::BadValue,
                span,
                "`at` without a checkpoint",
                "an empty list",
                help,
            );
            return None;
        }
        if u64::try_from(texts.len()).unwrap_or(u64::MAX) > MOST {
            let message = format!("more than {MOST} checkpoints");
            let help = "write `every`, or fewer of them";
            self.error(Code::BadValue, span, message, "too many", help);
            return None;
        }
        let read: Vec<Option<SignedDuration>> =
            texts.iter().map(|text| self.duration(text)).collect();
        for (pair, texts) in read.windows(2).zip(texts.windows(2)) {
            let ([Some(before), Some(after)], [_, text]) = (pair, texts) else {
                continue;
            };
            if after <= before {
                let message = format!(
                    "the checkpoint `{}` does not come after the one before it",
                    text.as_str()
                );
                let help = "list them in the order of time, each once";
                self.error(Code::BadValue, text.span, message, "not later", help);
            }
        }
        Some(Times::Listed(read.into_iter().collect::<Option<_>>()?))
    }

    fn count(&mut self, text: &Text) -> Option<u64> {
        let count = text.as_str().parse().ok();
        let count = count.filter(|count| (1..=MOST).contains(count));
        if count.is_none() {
            let message = format!(
                "`times: {}` is not a number from 1 to {MOST}",
                text.as_str()
            );
            let help =
                "write how often, such as `times: 4`; without `times` it goes on without end";
            self.error(Code::BadValue, text.span, message, "how often?", help);
        }
        count
    }
}
