//! Values over samples, written short: `0.004*10 0.06*5` is ten samples of one value and five of another, `1..5/5` a ramp
//! of five, `_` a sample that does not give it, `null` one that gives nothing.

use serde_json::{Value as Json, json};

/// The values, one for each sample; none where the sample does not give it.
pub(crate) fn series(text: &str) -> Vec<Option<Json>> {
    text.split_whitespace().flat_map(part).collect()
}

fn part(part: &str) -> Vec<Option<Json>> {
    let number = |text: &str| -> f64 { text.parse().unwrap_or_else(|_| panic!("{part}")) };
    let whole = |text: &str| -> usize { text.parse().unwrap_or_else(|_| panic!("{part}")) };
    if let Some((ends, count)) = part.split_once('/')
        && let Some((from, to)) = ends.split_once("..")
    {
        let (from, to, count) = (number(from), number(to), whole(count));
        let last = u32::try_from(count - 1).expect("a short ramp");
        return (0..=last)
            .map(|step| from + (to - from) * f64::from(step) / f64::from(last))
            .map(|value| Some(given(value)))
            .collect();
    }
    let (value, count) = match part.rsplit_once('*') {
        Some((value, count)) => (value, whole(count)),
        None => (part, 1),
    };
    let value = (value != "_").then(|| serde_json::from_str(value).unwrap_or(json!(value)));
    vec![value; count]
}

/// A number without a fraction fits an `int` too.
fn given(value: f64) -> Json {
    serde_json::from_str(&format!("{value}")).expect("a number")
}
