//! What holds of every page: well-formed, only known markup, links that lead somewhere, names and headings for whoever does not
//! see it, and a policy under which nothing is fetched and nothing runs.

use std::collections::BTreeSet;

use roxmltree::{Document, Node, ParsingOptions};

const ELEMENTS: &str = "html head meta title style body header nav main section footer h1 h2 h3 p ul ol li dl dt dd div span \
    bdi strong a code pre table thead tbody tr th td article details summary figure figcaption svg desc rect path text";
const ATTRIBUTES: &str = "lang charset http-equiv content name class id href rel role scope aria-label aria-labelledby \
    aria-hidden viewBox x y width height d text-anchor";

/// Holds a page to all of it.
pub(crate) fn kept(text: &str) {
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    let tree = Document::parse_with_options(text, options).expect("well-formed markup");
    let all: Vec<Node<'_, '_>> = tree.descendants().filter(Node::is_element).collect();
    assert_eq!(tree.root_element().attribute("lang"), Some("en"));
    known(&all);
    linked(&all);
    headed(&all);
    all.iter()
        .filter(|node| node.has_tag_name("svg"))
        .for_each(|svg| pictured(*svg));
    let mut heads = all.iter().filter(|node| node.has_tag_name("th"));
    assert!(heads.all(|node| node.attribute("scope").is_some()));
    assert!(!text.contains("url("), "nothing is fetched");
    let policy = all
        .iter()
        .find(|node| node.attribute("http-equiv") == Some("Content-Security-Policy"));
    let policy = policy
        .and_then(|node| node.attribute("content"))
        .expect("a policy");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
}

/// No element and no attribute that a page has no use for.
fn known(all: &[Node<'_, '_>]) {
    let (elements, attributes): (BTreeSet<&str>, BTreeSet<&str>) = (
        ELEMENTS.split_whitespace().collect(),
        ATTRIBUTES.split_whitespace().collect(),
    );
    for node in all {
        let name = node.tag_name().name();
        assert!(elements.contains(name), "an element `{name}`");
        for attribute in node.attributes() {
            assert!(
                attributes.contains(attribute.name()),
                "an attribute `{}`",
                attribute.name()
            );
        }
    }
}

/// What is named or linked is there, once; other links lead into the web and tell nothing.
fn linked(all: &[Node<'_, '_>]) {
    let mut ids = BTreeSet::new();
    for id in all.iter().filter_map(|node| node.attribute("id")) {
        assert!(ids.insert(id), "`{id}` twice");
    }
    for node in all {
        for named in node
            .attribute("aria-labelledby")
            .unwrap_or_default()
            .split_whitespace()
        {
            assert!(ids.contains(named), "nothing is `{named}`");
        }
        let Some(href) = node.attribute("href") else {
            continue;
        };
        match href.strip_prefix('#') {
            Some(id) => assert!(ids.contains(id), "a link to `{id}`"),
            None => {
                assert!(
                    href.starts_with("https://") || href.starts_with("http://"),
                    "{href}"
                );
                assert_eq!(node.attribute("rel"), Some("noopener noreferrer"));
            }
        }
    }
}

/// One of each landmark, and headings that go down one step at a time.
fn headed(all: &[Node<'_, '_>]) {
    for name in ["header", "main", "footer", "h1", "style", "title"] {
        let of_page =
            |node: &&Node<'_, '_>| !node.parent().is_some_and(|of| of.has_tag_name("svg"));
        let own = all
            .iter()
            .filter(|node| node.has_tag_name(name))
            .filter(of_page);
        assert_eq!(own.count(), 1, "{name}");
    }
    let mut level = 0;
    for node in all {
        let next = match node.tag_name().name() {
            "h1" => 1,
            "h2" => 2,
            "h3" => 3,
            _ => continue,
        };
        assert!(next <= level + 1, "a heading {next} below {level}");
        level = next;
    }
}

/// A picture has a name, says what it shows, and has no line to nowhere.
fn pictured(svg: Node<'_, '_>) {
    assert_eq!(svg.attribute("role"), Some("img"));
    for name in ["title", "desc"] {
        let told = svg
            .children()
            .find(|child| child.has_tag_name(name))
            .and_then(|child| child.text());
        assert!(told.is_some_and(|told| !told.trim().is_empty()), "{name}");
    }
    for path in svg.children().filter_map(|child| child.attribute("d")) {
        assert!(!path.contains("NaN") && !path.contains("inf"), "{path}");
        assert!(path.starts_with('M'), "{path}");
    }
}
