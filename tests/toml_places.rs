//! TOML to a tree: what is TOML for the `toml` crate and for nobody else, with the place of everything.

use gonogo::source::tree::{Datum, Kind, MAX_DEPTH, Node, Scalar};
use gonogo::source::{Code, Problem, Source, toml};
use proptest::prelude::*;

fn read(text: &str) -> Node {
    let (node, problems) = toml::parse(&Source::new("t.toml", text));
    assert!(problems.is_empty(), "{text:?}: {problems:#?}");
    node.unwrap()
}

fn problems(text: &str) -> Vec<Problem> {
    toml::parse(&Source::new("t.toml", text)).1
}

fn at<'a>(node: &'a Node, path: &str) -> &'a Node {
    path.split('.').fold(node, |node, key| match &node.kind {
        Kind::List(items) => &items[key.parse::<usize>().unwrap()],
        _ => node.get(key).unwrap_or_else(|| panic!("{path}")),
    })
}

fn datum<'a>(node: &'a Node, path: &str) -> Datum<'a> {
    at(node, path).scalar().map(Scalar::datum).unwrap()
}

const LIMITS: &str = r#"
title = "limits" # by format
[csv]
error_rate_percent = 2.5
p95_latency_seconds = 1_000
"with space" = { a.b = 1, "c" = [1, -2.5e3, 'x', {d = true}] }
[pdf.deep]
seen = 2026-02-03 08:00:00z
[[window]]
from = 07:32:00
[[window]]
"#;

#[test]
fn a_text_becomes_a_tree() {
    let node = read(LIMITS);
    assert_eq!(datum(&node, "title"), Datum::Text("limits"));
    assert_eq!(datum(&node, "csv.error_rate_percent"), Datum::Double(2.5));
    assert_eq!(datum(&node, "csv.p95_latency_seconds"), Datum::Int(1000));
    assert_eq!(datum(&node, "csv.with space.a.b"), Datum::Int(1));
    assert_eq!(datum(&node, "csv.with space.c.1"), Datum::Double(-2500.0));
    assert_eq!(datum(&node, "csv.with space.c.3.d"), Datum::Bool(true));
    assert_eq!(
        datum(&node, "pdf.deep.seen"),
        Datum::Text("2026-02-03T08:00:00Z")
    );
    assert_eq!(datum(&node, "window.0.from"), Datum::Text("07:32:00"));
    assert_eq!(at(&node, "window.1").kind, Kind::Map(Vec::new()));
}

#[test]
fn everything_has_its_place() {
    let node = read(LIMITS);
    let slice = |path: &str| {
        let span = at(&node, path).span;
        &LIMITS[span.start..span.end]
    };
    assert_eq!(slice("title"), "\"limits\"");
    assert_eq!(slice("csv"), "[csv]");
    assert_eq!(slice("csv.p95_latency_seconds"), "1_000");
    assert_eq!(slice("csv.with space.c"), "[1, -2.5e3, 'x', {d = true}]");
    assert_eq!(slice("csv.with space.c.3"), "{d = true}");
    assert_eq!(slice("pdf"), "pdf");
    assert_eq!(slice("pdf.deep"), "[pdf.deep]");
    assert_eq!(slice("window"), "[[window]]");
    let Kind::Map(entries) = &at(&node, "csv").kind else {
        panic!()
    };
    let key = &entries[2];
    assert_eq!(
        &LIMITS[key.key_span.start..key.key_span.end],
        "\"with space\""
    );
}

#[test]
fn numbers_are_what_toml_says() {
    for (text, datum) in [
        ("0xff", Datum::Int(255)),
        ("0x0b1", Datum::Int(177)),
        ("0o17", Datum::Int(15)),
        ("0b101", Datum::Int(5)),
        ("+5", Datum::Int(5)),
        ("-0", Datum::Int(0)),
        ("-9223372036854775808", Datum::Int(i64::MIN)),
        ("1_0.2_5e+1", Datum::Double(102.5)),
        ("inf", Datum::Double(f64::INFINITY)),
        ("-inf", Datum::Double(f64::NEG_INFINITY)),
        ("'1'", Datum::Text("1")),
        ("1979-05-27", Datum::Text("1979-05-27")),
        ("\"null\"", Datum::Text("null")),
    ] {
        let node = read(&format!("a = {text}"));
        assert_eq!(self::datum(&node, "a"), datum, "{text}");
    }
    let node = read("a = -nan");
    assert!(matches!(datum(&node, "a"), Datum::Double(number) if number.is_nan()));
}

#[test]
fn escapes_keep_their_places() {
    for (text, part) in [
        (r#"a = "x\u00e9\ty<z>""#, "<z>"),
        ("a = '''\nx<z>'''", "<z>"),
        ("a = \"\"\"\r\nx\\\r\n  \\x41 \\\n\n  <z>\\n\"\"\"", "<z>"),
        (r#"a = "<z>""#, "<z>"),
    ] {
        let node = read(text);
        let scalar = at(&node, "a").scalar().unwrap();
        let found = scalar.text.find(part).unwrap();
        let span = scalar.locate(found, found + part.len());
        assert_eq!(&text[span.start..span.end], part, "{text:?}");
    }
}

#[test]
fn what_is_wrong_is_told_at_its_place() {
    for (text, code, place) in [
        ("a = 1\na = 2", Code::DuplicateKey, "t.toml:2:1"),
        ("[a]\nb = 1\n[a]\nc = 2", Code::DuplicateKey, "t.toml:3:2"),
        ("[a.b]\n[a]\nb.c = 1", Code::DuplicateKey, "t.toml:3:1"),
        ("a.b = 1\n[a]", Code::DuplicateKey, "t.toml:2:2"),
        ("[[a]]\n[a]", Code::DuplicateKey, "t.toml:2:2"),
        ("a = {b = 1, b = 2}", Code::DuplicateKey, "t.toml:1:13"),
        ("a = [1]\n[[a]]", Code::DuplicateKey, "t.toml:2:3"),
        ("a = 1\na.b = 2", Code::TomlSyntax, "t.toml:2:1"),
        ("a = {b = 1}\n[a.c]", Code::TomlSyntax, "t.toml:2:2"),
        ("a = {}\na.b = 1", Code::TomlSyntax, "t.toml:2:1"),
        ("a = 9223372036854775808", Code::TomlSyntax, "t.toml:1:5"),
        ("a = 2026-02-30", Code::TomlSyntax, "t.toml:1:5"),
        ("a = 2026-02-03T08", Code::TomlSyntax, "t.toml:1:5"),
        ("a = 08:00:00Z", Code::TomlSyntax, "t.toml:1:5"),
        ("a = 012", Code::TomlSyntax, "t.toml:1:5"),
        ("a = csv", Code::TomlSyntax, "t.toml:1:5"),
        ("a = \"x", Code::TomlSyntax, "t.toml:1:7"),
        ("a = [1, 2", Code::TomlSyntax, "t.toml:1:10"),
        ("# nothing\n", Code::Empty, "t.toml:1:1"),
        ("", Code::Empty, "t.toml:1:1"),
    ] {
        let found = problems(text);
        assert_eq!(found.len(), 1, "{text:?}: {found:#?}");
        assert_eq!(
            (found[0].code, found[0].place().as_deref()),
            (code, Some(place)),
            "{text:?}: {found:#?}"
        );
    }
}

#[test]
fn all_that_is_wrong_is_told() {
    let (node, problems) =
        toml::parse(&Source::new("t.toml", "a = csv\nb = 1\nc =\n[d\ne = 012\n"));
    assert_eq!(node, None);
    let places: Vec<_> = problems.iter().filter_map(Problem::place).collect();
    assert_eq!(
        places,
        ["t.toml:1:5", "t.toml:3:4", "t.toml:4:3", "t.toml:5:5"]
    );
    for problem in problems {
        assert!(problem.help.is_some_and(|help| !help.is_empty()));
    }
}

#[test]
fn a_key_that_is_given_twice_leaves_the_first() {
    let (node, problems) = toml::parse(&Source::new("t.toml", "[a]\nb = 1\nb = 2\n[a]\nb = 3"));
    assert_eq!(problems.len(), 2);
    let node = node.unwrap();
    assert_eq!(datum(&node, "a.b"), Datum::Int(1));
}

#[test]
fn depth_is_bounded() {
    let lists = |depth: usize| format!("a = {}{}", "[".repeat(depth), "]".repeat(depth));
    read(&lists(MAX_DEPTH - 1));
    let path = |depth: usize| vec!["a"; depth].join(".");
    read(&format!("{} = 1", path(MAX_DEPTH)));
    read(&format!("[{}]", path(MAX_DEPTH - 1)));
    for text in [
        lists(MAX_DEPTH),
        lists(100_000),
        format!("{} = 1", path(MAX_DEPTH + 1)),
        format!("[{}]", path(MAX_DEPTH)),
        format!("[[{}]]", path(MAX_DEPTH - 1)),
        format!("[{}]\na = [1]", path(MAX_DEPTH - 1)),
        format!("a = {}1{}", "{a = ".repeat(90_000), "}".repeat(90_000)),
    ] {
        let found = problems(&text);
        assert_eq!(found[0].code, Code::TooDeep, "{text:.60}");
        assert_eq!(found.len(), 1, "{text:.60}");
    }
}

#[test]
fn very_many_values_are_refused() {
    let found = problems(&format!("a = [{}]", "1,".repeat(400_000)));
    assert_eq!(found[0].code, Code::TooLarge);
    let found = problems(&"[".repeat(5_000_000));
    assert_eq!(found[0].code, Code::TooLarge);
    let found = problems(&format!("a = '{}'", "x".repeat(5 << 20)));
    assert_eq!(found[0].code, Code::TooLarge);
    let found = problems(&"=\n".repeat(5_000));
    assert_eq!(found.len(), 1_001);
}

/// Pieces of TOML, put together with and without sense.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        "a.b",
        "b.a",
        "a.b.a",
        "\"a\"",
        "'b'",
        "[a]",
        "[a.b]",
        "[b.a.a]",
        "[[a]]",
        "[[a.b]]",
        "[b]",
        "\n",
        "\n",
        "\n",
        " = ",
        "=",
        "1",
        "-2.5",
        "0x1f",
        "01",
        "true",
        "inf",
        "'x'",
        "\"\\u00e9\"",
        "\"\"\"\ny\"\"\"",
        "2026-02-03",
        "2026-02-31",
        "08:00:00",
        "[1, 2]",
        "[]",
        "{}",
        "{a = 1}",
        "{b.a = 1, b.b = 2}",
        "{",
        "}",
        "[",
        "]",
        ",",
        ".",
        "# c\n",
        "\r\n",
        "\"",
        "'",
        "\\",
        "é",
        "\u{7f}",
    ]);
    let value = prop::sample::select(vec!["1", "{}", "{a = 1}", "[]", "[{b = 1}]", "'x'"]);
    let key = prop::sample::select(vec!["a", "b", "a.b", "a.a", "b.a.b", "'a'"]);
    let line = prop_oneof![
        (key.clone(), value).prop_map(|(key, value)| format!("{key} = {value}\n")),
        key.clone().prop_map(|key| format!("[{key}]\n")),
        key.prop_map(|key| format!("[[{key}]]\n")),
    ];
    prop_oneof![
        prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat()),
        prop::collection::vec(line, 0..8).prop_map(|lines| lines.concat()),
    ]
}

/// The tree as the other reader has it.
fn same(node: &Node, value: &::toml::Value) -> bool {
    use ::toml::Value;
    match (&node.kind, value) {
        (Kind::Map(entries), Value::Table(table)) => {
            let same = |entry: &gonogo::source::tree::Entry| {
                let other = table.get(&entry.key.text);
                other.is_some_and(|other| same(&entry.value, other))
            };
            entries.len() == table.len() && entries.iter().all(same)
        }
        (Kind::List(items), Value::Array(values)) => {
            items.len() == values.len() && items.iter().zip(values).all(|(a, b)| same(a, b))
        }
        (Kind::Scalar(scalar), value) => match (scalar.datum(), value) {
            (Datum::Int(a), Value::Integer(b)) => a == *b,
            (Datum::Double(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
            (Datum::Bool(a), Value::Boolean(b)) => a == *b,
            (Datum::Text(a), Value::String(b)) => a == b,
            (Datum::Text(a), Value::Datetime(b)) => a == b.to_string(),
            _ => false,
        },
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    /// What the other reader takes is taken as the same values; what it refuses is refused.
    #[test]
    fn a_text_is_toml_for_both_or_for_neither(text in soup()) {
        let (node, problems) = toml::parse(&Source::new("t.toml", text.as_str()));
        match text.parse::<::toml::Table>() {
            Ok(table) if table.is_empty() && node.is_none() => {
                prop_assert!(problems.iter().all(|problem| problem.code == Code::Empty));
            }
            // The other reader lets a key with dots add to the last table of `[[a.b]]` from within `[a]`.
            Ok(_) if text.contains("[[") && problems.len() == 1
                && problems[0].code == Code::DuplicateKey => {}
            Ok(table) => {
                prop_assert!(problems.is_empty(), "{problems:#?}");
                prop_assert!(same(&node.unwrap(), &::toml::Value::Table(table)));
            }
            Err(error) => prop_assert!(!problems.is_empty(), "{error}"),
        }
    }
}
