//! Texts from outside, made fit for a line of a report: without what could steer a reader, and without the end of what is very
//! long. Never used where a program reads: the record has every text whole.

use super::text::printable;
use crate::verdict::record::digest;

/// The most bytes of a name: longer ones are nobody's, and stand in many places.
pub(crate) const NAME: usize = 200;
/// The most bytes of a line.
pub(crate) const LINE: usize = 2_000;
/// How many digits of the digest tell two clipped texts apart.
const DIGITS: usize = 8;

/// A text without its end where it is very long, and that it was clipped. Two that differ stay different.
#[must_use]
pub(crate) fn clip(text: &str, most: usize) -> String {
    if text.len() <= most || is_clipped(text, most) {
        return text.to_owned();
    }
    let (start, _) = text.split_at(text.floor_char_boundary(most));
    let whole = digest(text.as_bytes());
    let whole = whole.trim_start_matches("sha256:");
    let digits = whole.get(..DIGITS).unwrap_or(whole);
    format!("{start}… (clipped: {} bytes, #{digits})", text.len())
}

/// Whether a text was clipped before, to no more than this: what is shown may be shown once more.
fn is_clipped(text: &str, most: usize) -> bool {
    let Some((start, rest)) = text.rsplit_once("… (clipped: ") else {
        return false;
    };
    let Some((bytes, digits)) = rest.split_once(" bytes, #") else {
        return false;
    };
    let number = bytes.len() <= DIGITS && bytes.bytes().all(|byte| byte.is_ascii_digit());
    let digits = digits.strip_suffix(')').unwrap_or_default();
    let hex = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    start.len() <= most && number && hex
}

/// A text as a line.
#[must_use]
pub(crate) fn line(text: &str) -> String {
    seen(&clip(text, LINE))
}

/// A text as a name.
#[must_use]
pub(crate) fn name(text: &str) -> String {
    seen(&clip(text, NAME))
}

/// A text on one line without what nobody sees, or what XML and YAML cannot hold.
pub(crate) fn seen(text: &str) -> String {
    let not_text = |c: char| matches!(c, '\u{fffe}' | '\u{ffff}');
    printable(text).replace(not_text, "\u{fffd}")
}

/// The same text, none of its lines very long.
#[must_use]
pub(crate) fn lines(text: String) -> String {
    if text.lines().all(|line| line.len() <= LINE) {
        return text;
    }
    let clipped = text.lines().map(|line| clip(line, LINE));
    clipped.map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::{clip, lines, name};

    #[test]
    fn what_is_clipped_says_so_and_stays_apart() {
        assert_eq!(clip("short", 5), "short");
        let long = clip("ä".repeat(1_000).as_str(), 5);
        assert!(long.starts_with("ää… (clipped: 2000 bytes, #"), "{long}");
        let (one, other) = ("a".repeat(1 << 20) + "b", "a".repeat(1 << 20) + "c");
        assert_ne!(name(&one), name(&other));
        assert!(name(&one).len() < 300);
        assert_eq!(name(&name(&one)), name(&one));
        // What only looks like it is clipped like any other.
        let long = "a".repeat(300) + "… (clipped: 1 bytes, #00000000)";
        assert_ne!(name(&long), long);
    }

    #[test]
    fn lines_stay_lines() {
        let text = format!("a\n{}\nb\n", "x".repeat(3_000));
        let clipped = lines(text);
        assert_eq!(clipped.lines().count(), 3);
        assert!(
            clipped.len() < 2_100 && clipped.ends_with("\nb\n"),
            "{clipped}"
        );
    }
}
