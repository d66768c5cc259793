//! The course of what decided, out of the snapshots once more: only where a report draws it. Decides nothing.

use gonogo::policy::Policy;
use gonogo::report::Plot;
use gonogo::report::plot::Gather;
use gonogo::verdict::Verdict;

use super::files::Sources;

/// What there is to draw of a verdict; `sources` were told to keep what they hold.
pub(super) fn plots(policy: &Policy, verdict: &Verdict, sources: &mut Sources<'_>) -> Vec<Plot> {
    let mut gather = Gather::new(policy, verdict);
    if !gather.is_empty() {
        sources.again(|sample| gather.take(sample));
    }
    gather.finish()
}
