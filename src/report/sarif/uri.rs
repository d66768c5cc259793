//! Paths as they stand in SARIF: relative to where the program was started, percent-encoded. Looks up no path.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use crate::report::clip::clip;

/// What relative paths are relative to, by the name that readers know.
pub(super) const BASE: &str = "%SRCROOT%";
/// The most bytes of a path.
const MOST: usize = 2_000;

/// A file as SARIF names it.
pub(super) fn artifact(file: &str) -> Json {
    let file = clip(file, MOST);
    match file.strip_prefix('/') {
        Some(below) => json!({"uri": format!("file:///{}", encoded(below))}),
        None => {
            let uri = encoded(&file);
            // A reference without a path is none.
            let uri = if uri.is_empty() { ".".to_owned() } else { uri };
            json!({"uri": uri, "uriBaseId": BASE})
        }
    }
}

/// Whether a text is the address of a page.
pub(super) fn web(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or(text.strip_prefix("http://"));
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=%".contains(c);
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let sharps = rest.matches('#').count();
        !host.is_empty()
            && rest.len() < MOST
            && rest.chars().all(allowed)
            && sharps < 2
            && percents(rest)
    })
}

/// Whether every percent sign begins an encoded byte.
fn percents(text: &str) -> bool {
    let encoded = |part: &str| {
        let mut bytes = part.bytes();
        let digits = [bytes.next(), bytes.next()];
        digits
            .iter()
            .all(|digit| digit.is_some_and(|b| b.is_ascii_hexdigit()))
    };
    text.split('%').skip(1).all(encoded)
}

/// A path with what is no part of one encoded, and without the steps that lead nowhere.
fn encoded(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let mut out = String::new();
    for byte in parts.join("/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{artifact, encoded, web};

    #[test]
    fn paths_are_encoded() {
        for (path, wanted) in [
            ("policies/a b.yaml", "policies/a%20b.yaml"),
            ("./a/../b/./c.yaml", "b/c.yaml"),
            ("../a.yaml", "../a.yaml"),
            ("c:d#e?f%41", "c%3Ad%23e%3Ff%2541"),
            ("größe\u{202e}.yaml", "gr%C3%B6%C3%9Fe%E2%80%AE.yaml"),
            ("a//b/", "a/b"),
        ] {
            assert_eq!(encoded(path), wanted);
        }
        let file = artifact("/work/a b");
        assert_eq!(file, serde_json::json!({"uri": "file:///work/a%20b"}));
        let nowhere = serde_json::json!({"uri": ".", "uriBaseId": "%SRCROOT%"});
        assert_eq!(artifact(""), nowhere);
    }

    #[test]
    fn only_an_address_is_a_page() {
        assert!(web("https://wiki.example/a?b=c#d") && web("http://x/%20"));
        for other in [
            "javascript:x",
            "https://",
            "https:///x",
            "https://x/ y",
            "https://x/%2",
            "https://x/#a#b",
            "wiki",
        ] {
            assert!(!web(other), "{other}");
        }
    }
}
