//! Markdown as GitHub and GitLab read it, by a parser of others: every text stays text, in its own cell.

use comrak::nodes::NodeValue;
use comrak::{Arena, Options, parse_document};
use gonogo::report::{Told, markdown};

pub(super) fn holds(told: &Told<'_>, text: &str) {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    let arena = Arena::new();
    let root = parse_document(&arena, text, &options);
    let mut headings = 0;
    for node in root.descendants() {
        match &node.data.borrow().value {
            NodeValue::Heading(_) => headings += 1,
            NodeValue::Link(link) => assert!(
                link.url == "https://wiki.example/errors",
                "a link to {} in\n{text}",
                link.url
            ),
            NodeValue::HtmlInline(html) => {
                assert!(["<code>", "</code>"].contains(&html.as_str()), "{html}");
            }
            NodeValue::HtmlBlock(block) => {
                for line in block.literal.lines() {
                    let known = ["<details>", "</details>"].contains(&line)
                        || (line.starts_with("<summary>All ")
                            && line.ends_with(" rules</summary>"))
                        || line == "<summary>The rule</summary>";
                    assert!(known, "{line}");
                }
            }
            NodeValue::Image(_)
            | NodeValue::CodeBlock(_)
            | NodeValue::Strikethrough
            | NodeValue::TaskItem(_)
            | NodeValue::Emph
            | NodeValue::BlockQuote
            | NodeValue::FootnoteReference(_)
            | NodeValue::ThematicBreak => panic!("a text became markup in\n{text}"),
            _ => {}
        }
    }
    let own = text.lines().filter(|line| line.starts_with('#')).count();
    assert_eq!(headings, own, "{text}");
    rows(told, text);
    called(text);
    let green = text.starts_with("# GO: ");
    assert_eq!(green, told.exit.code() == 0, "{text}");
    let short = markdown::bounded(told, 700);
    assert!(short.len() <= 700, "{}", short.len());
    assert_eq!(
        short.matches("<details>").count(),
        short.matches("</details>").count()
    );
}

/// Every row has as many cells as its table's head, and there is one for each finding.
fn rows(told: &Told<'_>, text: &str) {
    let mut cells = None;
    let mut count = 0;
    for line in text.lines() {
        if !line.starts_with('|') {
            cells = None;
            continue;
        }
        let mut bars = 0;
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            match c {
                // What a backslash protects is no bar, and protects nothing itself.
                '\\' => drop(chars.next()),
                '|' => bars += 1,
                _ => {}
            }
        }
        assert_eq!(*cells.get_or_insert(bars), bars, "{line}");
        count += 1;
    }
    let findings = told.verdict.map_or(0, |verdict| verdict.findings.len());
    assert!(count >= findings, "{text}");
}

/// Nobody is called: behind every `@` of a text stands what breaks a mention.
fn called(text: &str) {
    for (at, _) in text.match_indices('@') {
        let rest = &text[at + 1..];
        assert!(
            rest.starts_with("&#8203;") || rest.starts_with(' '),
            "{}",
            &text[at..]
        );
    }
}
