//! What makes buckets a histogram: bounds that are numbers, counts that grow with them, and one of everything. Quantiles of
//! anything else would be guesses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::family::Families;
use super::labels::Label;
use super::line::Line;
use super::number::number;
use super::trouble::Trouble;
use super::{Kind, Series};

/// Looks at one line of a histogram or summary.
pub(super) fn line(line: &Line, families: &Families) -> Result<(), Trouble> {
    if let Some(family) = line.name.strip_suffix("_bucket")
        && families.kind(family).is_some_and(Kind::is_histogram)
    {
        let Some(le) = bound(line, "le")? else {
            let message = format!("a bucket of `{family}` without `le`");
            let help = "give it the label `le`, the greatest value that it counts; `+Inf` for the last bucket";
            return Err(Trouble::new(line.named, message, help));
        };
        if le.is_nan() {
            let help = "`le` is the greatest value that the bucket counts; `+Inf` for the last one";
            return Err(Trouble::new(line.named, "a bucket up to `NaN`", help));
        }
        if line.value.is_nan() || line.value < 0.0 {
            let message = format!("a bucket of `{family}` that counts {}", line.value);
            let help = "a bucket counts how often something was seen: 0 or more";
            return Err(Trouble::new(line.span, message, help));
        }
    }
    if families.kind(&line.name) == Some(Kind::Summary) {
        bound(line, "quantile")?;
    }
    Ok(())
}

/// The number of a label, where it is there.
fn bound(line: &Line, name: &str) -> Result<Option<f64>, Trouble> {
    let label = line.labels.iter().find(|label| label.name == name);
    let Some(Label { value, span, .. }) = label else {
        return Ok(None);
    };
    number(value).map(Some).map_err(|_| {
        let message = format!("`{value}` is not a number, which `{name}` is");
        Trouble::new(*span, message, "write it in decimal digits, or as `+Inf`")
    })
}

/// The series of one histogram.
#[derive(Default)]
struct Parts<'s> {
    buckets: Vec<(f64, &'s Series)>,
    count: Option<&'s Series>,
}

/// A family, and the labels of one histogram of it, `le` left out.
type Identity<'s> = (&'s str, Vec<&'s (Arc<str>, Arc<str>)>);

/// Looks at each histogram as a whole. `broken` are the names of lines that could not be read: of their families nothing
/// more is said.
pub(super) fn whole(
    series: &[Series],
    families: &Families,
    broken: &BTreeSet<String>,
) -> Vec<Trouble> {
    let mut histograms: BTreeMap<Identity<'_>, Parts<'_>> = BTreeMap::new();
    for one in series {
        let bucket = one.name.strip_suffix("_bucket");
        let count = || one.name.strip_suffix("_gcount");
        let count = || one.name.strip_suffix("_count").or_else(count);
        let Some(family) = bucket.or_else(count) else {
            continue;
        };
        let told = ["_bucket", "_count", "_gcount"]
            .iter()
            .any(|suffix| broken.contains(&format!("{family}{suffix}")));
        if told || !families.kind(family).is_some_and(Kind::is_histogram) {
            continue;
        }
        let labels = one.labels.iter();
        let others = labels.filter(|(name, _)| bucket.is_none() || name.as_ref() != "le");
        let parts = histograms.entry((family, others.collect())).or_default();
        match bucket {
            Some(_) => {
                let le = number(one.label("le")).unwrap_or(f64::NAN);
                parts.buckets.push((le, one));
            }
            None => parts.count = Some(one),
        }
    }
    let mut found = Vec::new();
    for ((family, _), parts) in histograms {
        found.extend(parts.troubles(family));
    }
    found.sort_by_key(|trouble| trouble.span);
    found
}

impl Parts<'_> {
    fn troubles(mut self, family: &str) -> Vec<Trouble> {
        let mut found = Vec::new();
        self.buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
        for pair in self.buckets.windows(2) {
            let [(below, lower), (le, upper)] = pair else {
                continue;
            };
            // `1` and `1.0` are two labels and one bound; so are `0` and `-0`.
            if below.total_cmp(le).is_eq() || le - below <= 0.0 {
                let message = format!("two buckets of `{family}` up to {}", shown(*le));
                let help = "write each bound once";
                found.push(
                    Trouble::new(upper.named, message, help).also(lower.named, "the other one"),
                );
            }
            if upper.value < lower.value {
                let message = format!(
                    "`{family}` counts {} up to {}, and more below, {} up to {}",
                    upper.value,
                    shown(*le),
                    lower.value,
                    shown(*below)
                );
                let help = "a bucket counts all below its bound, so that counts never fall: take the histogram from the process, not from what was computed of it";
                found.push(
                    Trouble::new(upper.span, message, help).also(lower.span, "more than that"),
                );
            }
        }
        let Some((le, last)) = self.buckets.last() else {
            return found;
        };
        if *le < f64::INFINITY {
            let message = format!(
                "`{family}` has no bucket up to `+Inf`: the last one is up to {}",
                shown(*le)
            );
            let help = "every histogram ends with `le=\"+Inf\"`, which counts everything: without it the text was cut off, or lines were taken out";
            found.push(Trouble::new(last.named, message, help).label("its last bucket"));
        } else if let Some(count) = self
            .count
            .filter(|count| different(count.value, last.value))
        {
            let message = format!(
                "`{family}` counts {} in all, and {} up to `+Inf`",
                count.value, last.value
            );
            let help = "both are how often something was seen: take them from one scrape";
            found.push(
                Trouble::new(count.span, message, help).also(last.span, "the bucket of everything"),
            );
        }
        found
    }
}

/// A bound as it is written.
fn shown(bound: f64) -> String {
    if bound.is_infinite() {
        let sign = if bound > 0.0 { "+" } else { "-" };
        return format!("`{sign}Inf`");
    }
    bound.to_string()
}

/// Whether two counts are not the same; one that is not a number is the same as none.
fn different(a: f64, b: f64) -> bool {
    !a.total_cmp(&b).is_eq() && (a - b).abs() > 0.0 || a.is_nan() || b.is_nan()
}
