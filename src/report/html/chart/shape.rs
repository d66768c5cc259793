//! Rectangles, lines and words of a picture, each number to a tenth. Never knows what they stand for.

use crate::report::html::markup::Markup;

/// A number of a picture, to a tenth.
pub(super) fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0 + 0.0
}

pub(super) fn rectangle(
    markup: &mut Markup,
    class: &str,
    (left, right): (f64, f64),
    (top, bottom): (f64, f64),
) {
    let (x, y) = (round(left).to_string(), round(top).to_string());
    let width = round((right - left).max(0.0)).to_string();
    let height = round((bottom - top).max(0.0)).to_string();
    let attributes = [
        ("class", class),
        ("x", &*x),
        ("y", &*y),
        ("width", &*width),
        ("height", &*height),
    ];
    markup.empty("rect", &attributes);
}

pub(super) fn path(markup: &mut Markup, class: &str, line: &str) {
    markup.empty("path", &[("class", class), ("d", line)]);
}

pub(super) fn label(markup: &mut Markup, anchor: &str, (x, y): (f64, f64), text: &str) {
    let (x, y) = (round(x).to_string(), round(y).to_string());
    let attributes = [("x", &*x), ("y", &*y), ("text-anchor", anchor)];
    markup.tag("text", &attributes, |markup| {
        markup.name(text);
    });
}
