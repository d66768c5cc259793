//! Series that stand in a text more than once: a scrape is of one instant, and nothing tells which value counts.

use super::Series;
use super::trouble::Trouble;

/// The later ones of those that are the same, in the order of the text.
pub(super) fn twice(series: &[Series]) -> Vec<Trouble> {
    let mut sorted: Vec<&Series> = series.iter().collect();
    sorted.sort_by(|a, b| {
        let identity = a.name.cmp(&b.name).then_with(|| a.labels.cmp(&b.labels));
        identity.then_with(|| a.named.cmp(&b.named))
    });
    let same = |a: &Series, b: &Series| a.name == b.name && a.labels == b.labels;
    let mut found = Vec::new();
    for run in sorted.chunk_by(|a, b| same(a, b)) {
        let Some((first, later)) = run.split_first() else {
            continue;
        };
        for series in later {
            let message = format!("`{}` stands twice with the same labels", series.name);
            let help = "a scrape has each series once: take one out, or give it a label that tells them apart";
            found.push(
                Trouble::new(series.named, message, help)
                    .label("again")
                    .also(first.named, "first here"),
            );
        }
    }
    found.sort_by_key(|trouble| trouble.span);
    found
}
