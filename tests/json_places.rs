//! JSON to a tree: strictly RFC 8259, with the place of everything.

use gonogo::source::tree::{Datum, Kind, Node, Scalar, Style};
use gonogo::source::{Code, MAX_DOCUMENT, Problem, Source, json, text};
use proptest::prelude::*;

fn read(text: &str) -> Node {
    let (node, problems) = json::parse(&Source::new("t.json", text));
    assert!(problems.is_empty(), "{text:?}: {problems:?}");
    node.unwrap()
}

fn problem(text: &str) -> Problem {
    let (node, problems) = json::parse(&Source::new("t.json", text));
    assert_eq!(problems.len(), 1, "{text:?}: {problems:#?}");
    assert_eq!(node, None, "{text:?}");
    problems.into_iter().next().unwrap()
}

fn value<'a>(node: &'a Node, key: &str) -> &'a Scalar {
    node.get(key).unwrap().scalar().unwrap()
}

fn slice<'a>(text: &'a str, node: &Node) -> &'a str {
    &text[node.span.start..node.span.end]
}

#[test]
fn a_text_becomes_a_tree() {
    let text = " {\"b\": [1, -2.5e3, \"x\"], \"a\": {\"t\": true, \"n\": null, \"f\": false}, \"e\": {}, \"l\": []} \r\n";
    let node = read(text);
    assert_eq!(slice(text, &node), text.trim());
    let Kind::List(items) = &node.get("b").unwrap().kind else {
        panic!()
    };
    assert_eq!(items[0].scalar().unwrap().datum(), Datum::Int(1));
    assert_eq!(items[1].scalar().unwrap().datum(), Datum::Double(-2500.0));
    assert_eq!(items[2].scalar().unwrap().style, Style::Quoted);
    assert_eq!(slice(text, &items[1]), "-2.5e3");
    assert_eq!(slice(text, &items[2]), "\"x\"");
    let inner = node.get("a").unwrap();
    assert_eq!(
        slice(text, inner),
        "{\"t\": true, \"n\": null, \"f\": false}"
    );
    assert_eq!(value(inner, "t").datum(), Datum::Bool(true));
    assert_eq!(value(inner, "f").style, Style::Plain);
    assert!(inner.get("n").unwrap().is_null());
    assert_eq!(node.get("e").unwrap().kind, Kind::Map(Vec::new()));
    assert_eq!(node.get("l").unwrap().kind, Kind::List(Vec::new()));
}

#[test]
fn any_value_is_a_text() {
    for (text, datum) in [
        ("0", Datum::Int(0)),
        ("-0", Datum::Int(0)),
        ("\"true\"", Datum::Text("true")),
        ("null", Datum::Null),
        ("1E+2", Datum::Double(100.0)),
        ("\u{feff}7", Datum::Int(7)),
        (
            "9223372036854775808",
            Datum::Double(9_223_372_036_854_775_808.0),
        ),
    ] {
        assert_eq!(read(text).scalar().unwrap().datum(), datum, "{text}");
    }
}

#[test]
fn escapes_are_decoded_and_keep_their_places() {
    let text = r#"{"k\u00e9y": "a\"b\\c\/d\b\f\n\r\te\uD83D\uDE00f\u65e5g ü"}"#;
    let node = read(text);
    let scalar = value(&node, "kéy");
    assert_eq!(scalar.text, "a\"b\\c/d\u{8}\u{c}\n\r\te😀f日g ü");
    for (at, letter) in scalar.text.char_indices() {
        let place = &text[scalar.locate(at, at).start..];
        match letter {
            'a'..='g' | 'ü' | ' ' => assert!(place.starts_with(letter), "{letter} {place}"),
            '😀' => assert!(place.starts_with(r"\uD83D"), "{place}"),
            '日' => assert!(place.starts_with(r"\u65e5"), "{place}"),
            _ => assert!(place.starts_with('\\'), "{letter} {place}"),
        }
    }
}

#[test]
fn a_key_given_twice_is_told_and_left_out() {
    let text = r#"{"a": 1, "b": {"c": 1, "\u0063": 2}, "a": 3}"#;
    let (node, problems) = json::parse(&Source::new("t", text));
    let told: Vec<_> = problems
        .iter()
        .map(|p| (p.code, p.labels[0].span.start, p.labels[1].span.start))
        .collect();
    assert_eq!(
        told,
        [(Code::DuplicateKey, 23, 15), (Code::DuplicateKey, 37, 1)]
    );
    assert_eq!(problems[0].labels[1].text, "first given here");
    assert_eq!(value(&node.unwrap(), "a").text, "1");
}

#[test]
fn what_only_some_readers_take_is_refused() {
    for text in [
        "01",
        "-01",
        "1.",
        ".5",
        "+1",
        "-.5",
        "1.e2",
        "1e",
        "1e+",
        "-",
        "0x1F",
        "00",
        "1.2.3",
        "--1",
        "1_000",
        "NaN",
        "Infinity",
        "-Infinity",
        "nan",
        "True",
        "None",
        "undefined",
        "a",
        "'a'",
        "tru",
        "nulll",
        "truefalse",
        "[1,]",
        "{\"a\":1,}",
        "[,1]",
        "[1 2]",
        "{\"a\" 1}",
        "{\"a\":}",
        "{a:1}",
        "{1:2}",
        "{\"a\":1 \"b\":2}",
        "{,}",
        "[1",
        "{\"a\":1",
        "{\"a\"",
        "{\"a\":",
        "{",
        "[",
        "]",
        "}",
        "[}",
        "{]",
        "[1}",
        "{\"a\":1]",
        ":",
        ",",
        "1 2",
        "{} x",
        "[]]",
        "// c\n1",
        "1 /* c */",
        "/",
        "\"a",
        "\"\\",
        "\"\\x41\"",
        "\"\\'\"",
        "\"\\u12\"",
        "\"\\uD800\"",
        "\"\\uDC00\"",
        "\"\\uD800\\u0041\"",
        "\"a\nb\"",
        "\"a\tb\"",
        "\"\u{0}\"",
        "\u{a0}1",
        "1\u{b}",
        "\u{2028}1",
        "[1\u{c}]",
        "{\"a\":1,,\"b\":2}",
        "[NaN]",
        "[\"a\":1]",
        "{true:1}",
        "\"a\"\"b\"",
        "#",
        "@",
        "[1]\u{0}",
    ] {
        let problem = problem(text);
        assert_eq!(problem.code, Code::JsonSyntax, "{text}");
        assert!(
            !problem.message.ends_with('.') && !problem.labels.is_empty(),
            "{text}"
        );
        let span = problem.labels[0].span;
        assert!(text.get(span.start..span.end).is_some(), "{text} {span:?}");
    }
}

#[test]
fn errors_say_what_is_missing_and_where() {
    for (text, place, message) in [
        (
            "{\"a\": [1, 2",
            "1:12",
            "the text ends inside an array: a `]` is missing",
        ),
        (
            "{\"a\": 1\n",
            "1:8",
            "the text ends inside an object: a `}` is missing",
        ),
        (
            "{\"a\"",
            "1:5",
            "the text ends inside an object: a `:` and a value are missing",
        ),
        (
            "{\"a\": ",
            "1:6",
            "the text ends inside an object: a value is missing",
        ),
        (
            "[\"a",
            "1:2",
            "the text ends inside a string: a `\"` is missing",
        ),
        ("[1,\n 2,\n]", "3:1", "a comma before `]`"),
        ("[1 2]", "1:4", "`2` where a comma is expected"),
        (
            "{\"a\" 1}",
            "1:6",
            "`1` where the `:` after the key is expected",
        ),
        ("{a: 1}", "1:2", "`a` where a key is expected"),
        ("[01]", "1:3", "a number with a zero in front"),
        ("[1}", "1:3", "`}` where `]` is expected"),
        (
            "{} {}",
            "1:4",
            "something stands behind the end of the JSON text",
        ),
        ("// c", "1:1", "JSON has no comments"),
        ("[\"a\tb\"]", "1:4", "a tab inside a string"),
        ("é", "1:1", "`é` is not a JSON value"),
        ("[\"ü\", x]", "1:7", "`x` is not a JSON value"),
    ] {
        let problem = problem(text);
        assert_eq!(problem.message, message, "{text}");
        assert_eq!(
            problem.place().unwrap(),
            format!("t.json:{place}"),
            "{text}"
        );
    }
}

#[test]
fn no_nan_says_what_to_write() {
    for text in [
        "{\"a\": NaN}",
        "[NaN, 1]",
        "Infinity",
        "[-Infinity]",
        "{\"a\": nan\n}",
        "[1, Infinity]",
    ] {
        let help = "JSON has no NaN; leave the value out or write null";
        assert_eq!(problem(text).help.as_deref(), Some(help), "{text}");
    }
    assert_eq!(problem("[1, NaN]").message, "`NaN` is not a JSON value");
}

#[test]
fn nothing_is_empty() {
    for text in ["", " \n\t\r", "\u{feff}"] {
        assert_eq!(problem(text).code, Code::Empty, "{text:?}");
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let objects = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    read(&nested(64));
    read(&objects(64));
    assert_eq!(problem(&nested(65)).code, Code::TooDeep);
    assert_eq!(
        problem(&objects(65)).place().unwrap(),
        format!("t.json:1:{}", 64 * 5 + 1)
    );
    let hostile = || {
        assert_eq!(problem(&"[".repeat(100_000)).code, Code::TooDeep);
        assert_eq!(problem(&"{\"a\":".repeat(100_000)).code, Code::TooDeep);
    };
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(hostile)
        .unwrap()
        .join()
        .unwrap();
}

#[test]
fn bytes_that_are_no_text_are_told_with_their_place() {
    let problem = text("m.json", b"{\"a\":\n \"\xff\"}".to_vec()).unwrap_err();
    assert_eq!(problem.code, Code::NotUtf8);
    assert!(
        problem.message.contains("byte 8,") && problem.message.contains("line 2"),
        "{}",
        problem.message
    );
    assert_eq!(problem.place().unwrap(), "m.json:2:3");
}

#[test]
fn a_text_keeps_all_its_bytes_and_has_a_limit() {
    assert_eq!(
        text("t", "\u{feff}a\r\n".into()).unwrap().text(),
        "\u{feff}a\r\n"
    );
    assert!(text("t", vec![b' '; MAX_DOCUMENT]).is_ok());
    assert_eq!(
        text("t", vec![b' '; MAX_DOCUMENT + 1]).unwrap_err().code,
        Code::TooLarge
    );
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        (-1e300..1e300).prop_map(|number: f64| number.into()),
        ".{0,8}".prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(".{0,4}", inner, 0..20)
                .prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn same(node: &Node, value: &serde_json::Value) -> bool {
    use serde_json::Value;
    match (&node.kind, value) {
        (Kind::List(items), Value::Array(values)) => {
            items.len() == values.len()
                && items
                    .iter()
                    .zip(values)
                    .all(|(item, value)| same(item, value))
        }
        (Kind::Map(entries), Value::Object(values)) => {
            entries.len() == values.len()
                && entries.iter().all(|entry| {
                    values
                        .get(&entry.key.text)
                        .is_some_and(|value| same(&entry.value, value))
                })
        }
        (Kind::Scalar(scalar), value) => match scalar.datum() {
            Datum::Null => value.is_null(),
            Datum::Bool(bool) => value.as_bool() == Some(bool),
            Datum::Int(int) => value.as_i64() == Some(int),
            Datum::Double(double) => value.as_f64() == Some(double),
            Datum::Text(text) => value.as_str() == Some(text),
        },
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// What another writer writes is read as the same.
    #[test]
    fn what_serde_json_writes_is_read_alike(value in any_json(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        prop_assert!(same(&read(&text), &value), "{}", text);
    }

    /// The same texts are JSON here and for a strict reader; only duplicate keys and depth are seen otherwise.
    #[test]
    fn the_same_texts_are_json(text in "([\\[\\]{}:, \t\n]|\"[ab\\\\/un0-3'\t]{0,3}\"|-?[0-2]{1,2}|[.eE+-]|true|null|NaN|a|é|//){0,9}") {
        let (node, problems) = json::parse(&Source::new("t", text.as_str()));
        let strict = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        prop_assert_eq!(node.is_some(), strict, "{} {:?}", text, problems);
        prop_assert_eq!(problems.is_empty() || problems.iter().all(|p| p.code == Code::DuplicateKey), strict, "{}", text);
    }
}
