//! `JUnit` XML against the schema in `tests/data/junit.xsd`, read by a strict parser of XML.

use std::path::Path;

use gonogo::report::Told;
use roxmltree::{Document, Node};

use crate::support;

pub(super) fn holds(told: &Told<'_>, text: &str) {
    let document = Document::parse(text).expect("XML");
    let schema = support::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/junit.xsd"));
    let schema = Document::parse(&schema).expect("a schema");
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    fits(root, &schema);
    let named = |node: Node<'_, '_>, name: &str| {
        let found = node.descendants().filter(|node| node.has_tag_name(name));
        found.count().to_string()
    };
    for node in [root, root.first_element_child().expect("a suite")] {
        assert_eq!(
            node.attribute("tests"),
            Some(named(node, "testcase").as_str())
        );
        assert_eq!(
            node.attribute("failures"),
            Some(named(node, "failure").as_str())
        );
        assert_eq!(
            node.attribute("errors"),
            Some(named(node, "error").as_str())
        );
    }
    let suite = root.first_element_child().expect("a suite");
    assert_eq!(
        suite.attribute("skipped"),
        Some(named(suite, "skipped").as_str())
    );
    let red = named(root, "failure") != "0" || named(root, "error") != "0";
    assert_eq!(red, told.exit.code() != 0, "{text}");
    if let Some(verdict) = told.verdict {
        let cases = named(root, "testcase").parse::<usize>().expect("a number");
        assert!(cases >= verdict.findings.len());
    }
}

/// Holds an element against its declaration: its attributes, its children and their order, and its text.
fn fits(node: Node<'_, '_>, schema: &Document<'_>) {
    let name = node.tag_name().name();
    let mut declared = schema.root_element().children();
    let declared = declared
        .find(|one| one.attribute("name") == Some(name))
        .unwrap_or_else(|| panic!("<{name}> is not declared"));
    let all: Vec<Node<'_, '_>> = declared.descendants().collect();
    let attributes = || all.iter().filter(|one| one.has_tag_name((XS, "attribute")));
    for attribute in node.attributes() {
        let found = attributes().find(|one| one.attribute("name") == Some(attribute.name()));
        let found =
            found.unwrap_or_else(|| panic!("<{name} {}> is not declared", attribute.name()));
        let value = attribute.value();
        let good = match found.attribute("type").expect("a type") {
            "xs:nonNegativeInteger" => value.parse::<u64>().is_ok(),
            "xs:decimal" => value.parse::<f64>().is_ok(),
            "xs:dateTime" => value.parse::<jiff::civil::DateTime>().is_ok() && value.len() == 19,
            _ => true,
        };
        assert!(good, "<{name} {}=\"{value}\">", attribute.name());
    }
    for required in attributes().filter(|one| one.attribute("use") == Some("required")) {
        let wanted = required.attribute("name").expect("a name");
        assert!(node.has_attribute(wanted), "<{name}> without {wanted}");
    }
    let allowed: Vec<&Node<'_, '_>> = all
        .iter()
        .filter(|one| one.attribute("ref").is_some())
        .collect();
    let mut at = 0;
    let mut count = 0;
    for child in node.children().filter(Node::is_element) {
        let wanted = child.tag_name().name();
        while allowed
            .get(at)
            .is_some_and(|one| one.attribute("ref") != Some(wanted))
        {
            (at, count) = (at + 1, 0);
        }
        let one = allowed
            .get(at)
            .unwrap_or_else(|| panic!("<{wanted}> may not stand there in <{name}>"));
        count += 1;
        let most = one.attribute("maxOccurs").unwrap_or("1");
        assert!(
            most == "unbounded" || count <= 1,
            "<{wanted}> twice in <{name}>"
        );
        fits(child, schema);
    }
    let text = node
        .children()
        .any(|child| child.is_text() && !child.text().unwrap_or_default().trim().is_empty());
    let mixed = all.iter().any(|one| one.attribute("mixed") == Some("true"));
    let simple = declared.attribute("type") == Some("xs:string");
    assert!(!text || mixed || simple, "text in <{name}>");
}

const XS: &str = "http://www.w3.org/2001/XMLSchema";
