//! TAP 14 by a strict reader: a version, one plan, points in order, and blocks of YAML below them.

use gonogo::report::Told;
use gonogo::source::{Source, yaml};

pub(super) fn holds(told: &Told<'_>, text: &str) {
    let mut lines = text.lines().peekable();
    assert_eq!(lines.next(), Some("TAP version 14"));
    let (mut plan, mut points, mut failed, mut out) = (None, 0, 0, false);
    while let Some(line) = lines.next() {
        if line.starts_with('#') {
            continue;
        }
        if let Some(count) = line.strip_prefix("1..") {
            assert!(
                plan.replace(count.parse::<u64>().expect("a number"))
                    .is_none(),
                "two plans"
            );
            continue;
        }
        if line.starts_with("Bail out!") {
            out = true;
            continue;
        }
        let (ok, rest) = match line.strip_prefix("not ") {
            Some(rest) => (false, rest),
            None => (true, line),
        };
        let rest = rest
            .strip_prefix("ok ")
            .unwrap_or_else(|| panic!("no point: {line}"));
        let (number, description) = rest.split_once(" - ").expect("a description");
        points += 1;
        assert_eq!(number.parse(), Ok(points), "{line}");
        let (name, directive) = directive(description);
        assert!(!name.trim().is_empty(), "a point without a name: {line}");
        match directive.as_deref() {
            Some(directive) => {
                let word = directive.split_whitespace().next();
                assert!(matches!(word, Some("SKIP" | "TODO")), "{line}");
                assert!(ok || word == Some("TODO"), "{line}");
            }
            None => failed += u64::from(!ok),
        }
        if lines.peek() == Some(&"  ---") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "  ...").collect();
            let block: String = block[1..]
                .iter()
                .map(|line| format!("{}\n", &line[2..]))
                .collect();
            let (nodes, problems) = yaml::parse(&Source::new("block", block.clone()));
            assert!(
                problems.is_empty() && nodes.len() == 1,
                "{block}\n{problems:?}"
            );
        }
    }
    assert_eq!(plan, Some(points));
    assert_eq!(failed > 0, told.exit.code() != 0, "{text}");
    assert_eq!(out, told.verdict.is_none());
}

/// A description up to the first `#` that is not escaped, and what stands behind it.
fn directive(text: &str) -> (String, Option<String>) {
    let mut chars = text.chars();
    let mut name = String::new();
    while let Some(c) = chars.next() {
        match c {
            '\\' => name.extend(chars.next()),
            '#' => return (name, Some(chars.collect())),
            other => name.push(other),
        }
    }
    (name, None)
}
