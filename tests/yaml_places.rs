//! YAML to a tree: what is read, where each byte of it stands, and what is said of what is not read.

use gonogo::source::tree::{Datum, Entry, Kind, Node, Scalar, Style};
use gonogo::source::{Code, Problem, Source, yaml};
use proptest::prelude::*;

fn read(text: &str) -> Node {
    let (mut documents, problems) = yaml::parse(&Source::new("t.yaml", text));
    assert!(problems.is_empty(), "{text:?}: {problems:?}");
    assert_eq!(documents.len(), 1, "{text:?}");
    documents.remove(0)
}

/// The one problem of a text.
fn problem(text: &str) -> Problem {
    let (_, problems) = yaml::parse(&Source::new("t.yaml", text));
    assert_eq!(problems.len(), 1, "{text:?}: {problems:#?}");
    problems.into_iter().next().unwrap()
}

fn value<'a>(node: &'a Node, key: &str) -> &'a Scalar {
    node.get(key)
        .unwrap_or_else(|| panic!("no {key}"))
        .scalar()
        .unwrap()
}

fn entries(node: &Node) -> &[Entry] {
    match &node.kind {
        Kind::Map(entries) => entries,
        other => panic!("{other:?}"),
    }
}

fn slice<'a>(text: &'a str, node: &Node) -> &'a str {
    &text[node.span.start..node.span.end]
}

/// What stands in the source where the part of the decoded text stands.
fn source_of<'a>(text: &'a str, scalar: &Scalar, part: &str) -> &'a str {
    let at = scalar
        .text
        .find(part)
        .unwrap_or_else(|| panic!("{part} not in {:?}", scalar.text));
    let span = scalar.locate(at, at + part.len());
    &text[span.start..span.end]
}

/// The problem's code, `line:column`, and the text of its main place.
fn told(text: &str) -> (Code, String, String) {
    let problem = problem(text);
    let label = &problem.labels[0];
    (
        problem.code,
        problem.place().unwrap().replace("t.yaml:", ""),
        text[label.span.start..label.span.end].to_owned(),
    )
}

fn help(text: &str) -> String {
    problem(text).help.unwrap_or_default()
}

#[test]
fn a_document_becomes_a_tree_in_the_order_written() {
    let text = "b: 1\na:\n  - x\n  - {p: 'q', r: [2]}\nc:\n";
    let node = read(text);
    let keys: Vec<&str> = entries(&node)
        .iter()
        .map(|entry| entry.key.text.as_str())
        .collect();
    assert_eq!(keys, ["b", "a", "c"]);
    assert_eq!(value(&node, "b").datum(), Datum::Int(1));
    assert!(node.get("c").unwrap().is_null());
    assert_eq!(value(&node, "c").text, "");
    let Kind::List(items) = &node.get("a").unwrap().kind else {
        panic!()
    };
    assert_eq!(slice(text, &items[0]), "x");
    assert_eq!(slice(text, &items[1]), "{p: 'q', r: [2]}");
    assert_eq!(value(&items[1], "p").style, Style::Quoted);
    assert_eq!(slice(text, items[1].get("p").unwrap()), "'q'");
    assert_eq!(slice(text, items[1].get("r").unwrap()), "[2]");
    assert_eq!(
        slice(text, node.get("a").unwrap()),
        "- x\n  - {p: 'q', r: [2]}"
    );
    assert_eq!(entries(&node)[1].key_span.start, 5);
}

#[test]
fn documents_are_separated() {
    let (documents, problems) = yaml::parse(&Source::new("t", "a: 1\n---\na: 2\n...\n---\n- 3\n"));
    assert_eq!(problems, []);
    assert_eq!(documents.len(), 3);
    assert_eq!(value(&documents[1], "a").text, "2");
}

#[test]
fn a_tilde_is_written_and_nothing_is_not() {
    let node = read("a: ~\nb:\n");
    assert_eq!(value(&node, "a").text, "~");
    assert_eq!(value(&node, "b").text, "");
}

#[test]
fn a_byte_order_mark_at_the_start_is_no_content() {
    let text = "\u{feff}key: val\r\n";
    let node = read(text);
    assert_eq!(value(&node, "key").text, "val");
    assert_eq!(slice(text, node.get("key").unwrap()), "val");
}

#[test]
fn nothing_to_read_is_empty() {
    for text in [
        "",
        "\n\n",
        "# only a comment\n",
        "---\n",
        "\u{feff}",
        "---\n# c\n---\n",
    ] {
        let (documents, problems) = yaml::parse(&Source::new("t", text));
        assert_eq!(documents, [], "{text:?}");
        assert_eq!(
            problems.iter().map(|p| p.code).collect::<Vec<_>>(),
            [Code::Empty],
            "{text:?}"
        );
    }
}

#[test]
fn quoted_scalars_map_escapes() {
    let text = "é: \"a\\n\\u00e9b\\tc \\\"d\\\" \\U0001F600e\"\nf: 'it''s ü'\n";
    let node = read(text);
    let scalar = value(&node, "é");
    assert_eq!(scalar.text, "a\néb\tc \"d\" 😀e");
    assert_eq!(source_of(text, scalar, "b"), "b");
    assert_eq!(source_of(text, scalar, "d"), "d");
    assert_eq!(source_of(text, scalar, "e"), "e");
    // Places inside of an escape begin with it.
    let accent = scalar.text.find('é').unwrap();
    assert!(text[scalar.locate(accent, accent).start..].starts_with("\\u00e9"));
    let smile = scalar.text.find('😀').unwrap();
    assert!(text[scalar.locate(smile, smile).start..].starts_with("\\U0001F600"));
    let single = value(&node, "f");
    assert_eq!(single.text, "it's ü");
    assert_eq!(source_of(text, single, "s"), "s");
    assert_eq!(source_of(text, single, "ü"), "ü");
    assert_eq!(slice(text, node.get("f").unwrap()), "'it''s ü'");
}

#[test]
fn folded_lines_of_flow_scalars_keep_their_places() {
    // YAML 1.2.2, examples 7.5 and 7.12.
    let text = "a: \"folded \nto a space,\t\n \nto a line feed, or \t\\\n \\ \tnon-content\"\nb: 1st non-empty\n\n 2nd non-empty \n \t3rd non-empty\n";
    let node = read(text.replace("\nto", "\n to").as_str());
    let text = text.replace("\nto", "\n to");
    let scalar = value(&node, "a");
    assert_eq!(
        scalar.text,
        "folded to a space,\nto a line feed, or \t \tnon-content"
    );
    for word in ["folded", "to a space,", "line feed, or \t", "non-content"] {
        assert_eq!(source_of(&text, scalar, word), word);
    }
    let plain = value(&node, "b");
    assert_eq!(plain.text, "1st non-empty\n2nd non-empty 3rd non-empty");
    for word in ["1st non-empty", "2nd non-empty", "3rd"] {
        assert_eq!(source_of(&text, plain, word), word);
    }
}

#[test]
fn an_escaped_space_before_a_folded_line_is_kept() {
    let text = "a: \"x\\t  \n  y\\x20\n\n  z\"\n";
    let node = read(text);
    let scalar = value(&node, "a");
    assert_eq!(scalar.text, "x\t y \nz");
    for letter in ["x", "y", "z"] {
        assert_eq!(source_of(text, scalar, letter), letter);
    }
}

#[test]
fn literal_blocks_keep_their_places() {
    let text = "when: |\n\n\n  a >\n    b\n\n  c\n\nnext: 1\n";
    let node = read(text);
    let scalar = value(&node, "when");
    assert_eq!(scalar.text, "\n\na >\n  b\n\nc\n");
    assert_eq!(scalar.style, Style::Block);
    for word in ["a >", "  b", "c"] {
        assert_eq!(source_of(text, scalar, word), word);
    }
    assert_eq!(
        scalar
            .locate(scalar.text.find('c').unwrap(), scalar.text.len())
            .start,
        text.find("c\n\nnext").unwrap()
    );
    assert_eq!(
        slice(text, node.get("when").unwrap()),
        "|\n\n\n  a >\n    b\n\n  c"
    );
}

#[test]
fn indentation_indicators_and_chomping_keep_places() {
    let text = "a: |2-  # why\n    two\n   one\n\nb: >1+\n  x\n y\n\n\nc: |+\n z\n\n";
    let node = read(text);
    assert_eq!(value(&node, "a").text, "  two\n one");
    assert_eq!(source_of(text, value(&node, "a"), "two"), "two");
    assert_eq!(source_of(text, value(&node, "a"), "one"), "one");
    assert!(slice(text, node.get("a").unwrap()).starts_with("|2-"));
    assert_eq!(value(&node, "b").text, " x\ny\n\n\n");
    assert_eq!(source_of(text, value(&node, "b"), "y"), "y");
    assert_eq!(value(&node, "c").text, "z\n\n");
    assert_eq!(source_of(text, value(&node, "c"), "z"), "z");
}

#[test]
fn folded_blocks_keep_more_indented_lines_and_places() {
    // YAML 1.2.2, example 8.10.
    let text = "k: >\n\n folded\n line\n\n next\n line\n   * bullet\n\n   * list\n   * lines\n\n last\n line\n\n# Comment\n";
    let node = read(text);
    let scalar = value(&node, "k");
    assert_eq!(
        scalar.text,
        "\nfolded line\nnext line\n  * bullet\n\n  * list\n  * lines\n\nlast line\n"
    );
    for word in ["folded", "next", "* bullet", "* list", "* lines", "last"] {
        assert_eq!(source_of(text, scalar, word), word);
    }
    // A folded space is the line break it comes from.
    let fold = scalar.text.find(" line").unwrap();
    assert_eq!(
        scalar.locate(fold, fold).start,
        text.find("\n line").unwrap()
    );
}

#[test]
fn content_that_looks_like_a_header_is_content() {
    let text = "a: |\n  b |\n  c >-\nd: >-\n  |\n";
    let node = read(text);
    assert_eq!(slice(text, node.get("a").unwrap()), "|\n  b |\n  c >-");
    assert_eq!(slice(text, node.get("d").unwrap()), ">-\n  |");
    assert_eq!(source_of(text, value(&node, "a"), "c >-"), "c >-");
}

#[test]
fn blocks_without_content_have_a_place() {
    let text = "a: |\nb: |+\n\n\n";
    let node = read(text);
    assert_eq!(slice(text, node.get("a").unwrap()), "|");
    assert_eq!(value(&node, "b").text, "\n\n");
    assert!(slice(text, node.get("b").unwrap()).starts_with('|'));
}

#[test]
fn carriage_returns_are_no_content() {
    let text = "a: |\r\n  ä b\r\n\r\n  c\r\nd: x\r\n  y\r\ne: \"p\r\n  q\"\r\nf: >-\r\n  r\r\n  s";
    let node = read(text);
    for (key, decoded) in [
        ("a", "ä b\n\nc\n"),
        ("d", "x y"),
        ("e", "p q"),
        ("f", "r s"),
    ] {
        assert_eq!(value(&node, key).text, decoded);
        for (at, letter) in decoded.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
            let span = value(&node, key).locate(at, at + letter.len_utf8());
            assert_eq!(
                &text[span.start..span.end],
                letter.to_string(),
                "{key} {letter}"
            );
        }
    }
}

#[test]
fn a_key_given_twice_names_both_places() {
    let text = "a: 1\nb:\n  c: 1\n  'c': 2\na: 3\na: 4\n";
    let (documents, problems) = yaml::parse(&Source::new("t", text));
    let told: Vec<_> = problems
        .iter()
        .map(|p| {
            (
                p.code,
                p.labels[0].span.start,
                p.labels[1].span.start,
                p.labels[1].text.as_str(),
            )
        })
        .collect();
    let first = "first given here";
    assert_eq!(
        told,
        [
            (Code::DuplicateKey, 17, 10, first),
            (Code::DuplicateKey, 24, 0, first),
            (Code::DuplicateKey, 29, 0, first)
        ]
    );
    assert_eq!(value(&documents[0], "a").text, "1");
    assert_eq!(entries(&documents[0]).len(), 2);
}

#[test]
fn a_key_given_twice_among_many_is_found() {
    let lines: Vec<String> = (0..100)
        .map(|index| format!("k{}: {index}\n", (index * 37) % 100))
        .collect();
    let mut text = lines.concat();
    text.push_str("k5: again\nk5: once more\nlast: 1\n");
    let (documents, problems) = yaml::parse(&Source::new("t", text.as_str()));
    assert_eq!(problems.len(), 2);
    assert!(
        problems
            .iter()
            .all(|p| p.labels[1].span.start == text.find("k5: ").unwrap())
    );
    assert_eq!(entries(&documents[0]).len(), 101);
    assert_ne!(value(&documents[0], "k5").text, "again");
}

#[test]
fn merge_keys_are_keys() {
    assert_eq!(value(&read("<<: x\n"), "<<").text, "x");
}

#[test]
fn anchors_and_aliases_are_refused_each_at_its_place() {
    let text = "a: &x 1\nb: *x\nc: [*nope]\n";
    let (documents, problems) = yaml::parse(&Source::new("t", text));
    let told: Vec<_> = problems
        .iter()
        .map(|p| (p.code, &text[p.labels[0].span.start..p.labels[0].span.end]))
        .collect();
    assert_eq!(
        told,
        [
            (Code::YamlAlias, "&x"),
            (Code::YamlAlias, "*x"),
            (Code::YamlAlias, "*nope")
        ]
    );
    assert!(
        problems[1]
            .help
            .as_deref()
            .unwrap()
            .contains("write the value out")
    );
    assert_eq!(value(&documents[0], "a").text, "1");
}

#[test]
fn keys_are_texts() {
    assert_eq!(told("? [a]\n: b\nc: d\n").0, Code::WrongKind);
    assert_eq!(told("? [a]\n: b\nc: d\n").2, "[a]");
    assert_eq!(told("{{a: b}: c, d: e}\n").0, Code::WrongKind);
    assert_eq!(told(": a\n").0, Code::WrongKind);
}

#[test]
fn an_exclamation_mark_asks_for_quotes() {
    let cases = [
        ("expr: !known(x)\nb: 1\n", "write '!known(x)'", "1:7"),
        ("expr: !a.b == 'x' # why\n", "write '!a.b == ''x'''", "1:7"),
        ("expr: !a && !b\n", "write '!a && !b'", "1:7"),
        ("expr: ! a\n", "write '! a'", "1:7"),
        ("expr: !known(\"a\")\n", "write '!known(\"a\")'", "1:7"),
        ("expr: !(a || b)\n", "write '!(a || b)'", "1:7"),
        ("expr: !a!b\n", "write '!a!b'", "1:7"),
        (
            "- {id: x, expr: !known(x), for: 5m}\n",
            "write '!known(x)'",
            "1:17",
        ),
        ("- {id: x, expr: !known(x)}\n", "write '!known(x)'", "1:17"),
        (
            "- {id: x, expr: !(a > 1), for: 5m}\n",
            "write '!(a > 1)'",
            "1:17",
        ),
        ("- !a\n- b\n", "write '!a'", "1:3"),
        ("- [!known(a, b), c]\n", "write '!known(a, b)'", "1:4"),
        ("a:\n  b:\n    - [1, !x]\n", "write '!x'", "3:11"),
    ];
    for (text, fix, place) in cases {
        let (code, at, _) = told(text);
        assert_eq!(
            (code, at.as_str()),
            (Code::UnquotedExpression, place),
            "{text}"
        );
        assert_eq!(help(text), fix, "{text}");
    }
}

#[test]
fn a_tag_by_mistake_is_read_as_the_text_that_was_meant() {
    let (documents, _) = yaml::parse(&Source::new("t", "expr: !known(x)\n"));
    let scalar = value(&documents[0], "expr");
    assert_eq!(scalar.text, "!known(x)");
    assert_eq!(scalar.locate(1, 6).start, 7);
}

#[test]
fn an_expression_that_yaml_reads_otherwise_asks_for_quotes() {
    let cases = [
        ("expr: a > 1 ? b : c\n", "write 'a > 1 ? b : c'"),
        ("expr: \"a\" == b\n", "write '\"a\" == b'"),
        (
            "expr: [1, 2].exists(x, x > a)\n",
            "write '[1, 2].exists(x, x > a)'",
        ),
        ("- {id: x, expr: a[0] > 1, for: 5m}\n", "write 'a[0] > 1'"),
        ("- {id: x, expr: a['k'] > 1}\n", "write 'a[''k''] > 1'"),
        (
            "- expr: \"a\" in b && c(d)\n  id: x\n",
            "write '\"a\" in b && c(d)'",
        ),
    ];
    for (text, fix) in cases {
        assert_eq!(told(text).0, Code::UnquotedExpression, "{text}");
        assert_eq!(help(text), fix, "{text}");
    }
}

#[test]
fn other_tags_are_refused_but_str() {
    assert_eq!(value(&read("a: !!str 5\n"), "a").datum(), Datum::Text("5"));
    assert_eq!(
        told("a: !!int 5\n"),
        (Code::YamlSyntax, "1:4".into(), "!!int".into())
    );
    assert_eq!(told("a: !Ref\n  - b\n").0, Code::YamlSyntax);
}

#[test]
fn a_tab_is_shown_where_it_stands() {
    for (text, place) in [
        ("a:\n\tb: 1\n", "2:1"),
        ("a:\n  b: 1\n\tc: 1\n", "3:1"),
        ("a:\n  - b\n \t- c\n", "3:2"),
        ("a:\n  b:\n  \tc: d\n", "3:3"),
    ] {
        assert_eq!(
            told(text),
            (Code::YamlTab, place.into(), "\t".into()),
            "{text:?}"
        );
        assert_eq!(help(text), "indent with spaces");
    }
}

#[test]
fn what_is_not_closed_is_said() {
    let unclosed = [
        ("a: \"x\nb: 1\n", "quote"),
        ("a: 'x", "`'` is not closed"),
        ("a: [1, 2", "not closed"),
        ("a: {b: 1", "not closed"),
        ("a: [1, 2}\n", "`}` closes a `[`"),
        ("a: [1, 2\nb: 3\n", "inside brackets"),
        ("a: {b: 1\nc: 2\n", "a `,` or `}` is missing"),
        ("a: 1\nb: ]\n", "closes nothing"),
    ];
    for (text, words) in unclosed {
        let problem = problem(text);
        assert_eq!(problem.code, Code::YamlSyntax, "{text}");
        assert!(
            problem.message.contains(words),
            "{text:?}: {}",
            problem.message
        );
        assert!(problem.help.is_some(), "{text:?}");
    }
}

#[test]
fn other_syntax_errors_have_a_place_and_a_help() {
    for (text, place) in [
        ("a: 1\n  b: 2\n", "2:3"),
        ("- a\nb: 1\n", "2:1"),
        ("a: 1\n- b\n", "2:1"),
        ("  a: 1\nb: 2\n", "2:1"),
        ("a: @x\n", "1:4"),
        ("a: \"\\q\"\n", "1:4"),
        ("a:\n - b\n c\n", "3:2"),
    ] {
        let problem = problem(text);
        assert_eq!(problem.code, Code::YamlSyntax, "{text}");
        assert_eq!(
            problem.place().unwrap(),
            format!("t.yaml:{place}"),
            "{text}: {}",
            problem.message
        );
        assert!(problem.help.is_some(), "{text:?}");
    }
}

#[test]
fn depth_is_bounded_in_every_notation() {
    let brackets = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let braces = |depth: usize| format!("{}{}", "{a: ".repeat(depth), "}".repeat(depth));
    let dashes = |depth: usize| format!("{}x", "- ".repeat(depth));
    let keys = |depth: usize| {
        (0..depth)
            .map(|level| format!("{}a:\n", " ".repeat(level)))
            .collect::<Vec<_>>()
            .concat()
    };
    for text in [
        brackets(64),
        braces(64),
        dashes(64),
        keys(64),
        "- ".repeat(32) + &brackets(32),
    ] {
        read(&text);
    }
    for text in [
        brackets(65),
        braces(65),
        dashes(65),
        keys(65),
        "- ".repeat(32) + &brackets(33),
        brackets(10_000),
    ] {
        assert_eq!(told(&text).0, Code::TooDeep, "{text}");
    }
    // Not even closed.
    assert_eq!(told(&"[".repeat(1 << 20)).0, Code::TooDeep);
    assert_eq!(told(&"{a: ".repeat(1 << 18)).0, Code::TooDeep);
    assert_eq!(told(&"- ".repeat(1 << 19)).0, Code::TooDeep);
}

#[test]
fn aliases_do_not_multiply() {
    let mut text = String::from("a0: &a0 [x, x]\n");
    for level in 1..60 {
        let alias = format!("*a{}, ", level - 1);
        let line = format!("a{level}: &a{level} [{}]\n", alias.repeat(10));
        text.push_str(&line);
    }
    let (documents, problems) = yaml::parse(&Source::new("t", text));
    assert_eq!(documents.len(), 1);
    assert_eq!(problems.len(), 60 + 590);
    assert!(
        problems
            .iter()
            .all(|problem| problem.code == Code::YamlAlias)
    );
}

#[test]
fn a_flood_of_problems_is_cut_off() {
    let (_, problems) = yaml::parse(&Source::new("t", "a: 1\n".repeat(20_000)));
    let (last, listed) = problems.split_last().expect("problems");
    assert_eq!(listed.len(), 1_000);
    assert!(
        listed
            .iter()
            .all(|problem| problem.code == Code::DuplicateKey)
    );
    assert_eq!(last.code, Code::TooManyProblems);
    // The first of them repeats nothing.
    assert_eq!(last.message, "18999 more errors are not listed");
}

// What a document is made of, for the property: words with non-ASCII letters, in every style.

const WORDS: [&str; 7] = ["alpha", "ü2", "naïve", "x", "Ωmega9", "日本", "42b"];

fn words() -> impl Strategy<Value = Vec<Vec<usize>>> {
    // Lines of words; an empty line is a blank line.
    prop::collection::vec(prop::collection::vec(0..WORDS.len(), 0..4), 1..6)
}

#[derive(Clone, Debug)]
struct Piece {
    style: usize,
    lines: Vec<Vec<usize>>,
    more_indent: Vec<usize>,
    indent: usize,
    chomp: usize,
    indicator: bool,
    trailing: usize,
    escape: bool,
}

fn piece() -> impl Strategy<Value = Piece> {
    (
        0..5_usize,
        words(),
        prop::collection::vec(0..3_usize, 6),
        1..4_usize,
        0..3_usize,
        any::<bool>(),
        0..3_usize,
        any::<bool>(),
    )
        .prop_map(
            |(style, lines, more_indent, indent, chomp, indicator, trailing, escape)| Piece {
                style,
                lines,
                more_indent,
                indent,
                chomp,
                indicator,
                trailing,
                escape,
            },
        )
}

/// A scalar in its notation, to be put behind `key: ` at indentation 0.
fn write(piece: &Piece) -> String {
    let line = |words: &Vec<usize>| {
        words
            .iter()
            .map(|index| WORDS[*index])
            .collect::<Vec<_>>()
            .join(" ")
    };
    let pad = " ".repeat(piece.indent);
    let mut lines: Vec<String> = piece.lines.iter().map(line).collect();
    if piece.style < 3 {
        // A flow scalar: its lines between quotes, blank ones inside.
        lines[0].insert(0, 'w');
        lines.push("end".to_owned());
        let body = lines
            .iter()
            .enumerate()
            .map(|(index, line)| {
                if index == 0 || line.is_empty() {
                    line.clone()
                } else {
                    format!("{pad}{line}")
                }
            })
            .collect::<Vec<_>>()
            .join(if piece.escape { " \n" } else { "\n" });
        return match piece.style {
            0 => body,
            1 => format!("'{}'", body.replace(" x", " ''x''")),
            _ => format!(
                "\"{}\"",
                body.replace(" x", " \\\"\\u00e9\\\\ \\x41x")
                    .replace('日', "\\u65E5")
            ),
        };
    }
    // A block scalar needs one line that has content; the first of those must not be indented further, or be declared.
    lines.push("end".to_owned());
    let first = lines.iter().position(|line| !line.is_empty()).unwrap();
    let indicator = if piece.indicator {
        piece.indent.to_string()
    } else {
        String::new()
    };
    let mut text = format!(
        "{}{indicator}{}\n",
        ["|", ">"][piece.style - 3],
        ["", "-", "+"][piece.chomp]
    );
    for (index, line) in lines.iter().enumerate() {
        if !line.is_empty() {
            let more = piece.more_indent.get(index).copied().unwrap_or(0);
            let more = if index == first && !piece.indicator {
                0
            } else {
                more
            };
            text += &(pad.clone() + &" ".repeat(more) + line);
        }
        text.push('\n');
    }
    text.push_str(&"\n".repeat(piece.trailing));
    text.truncate(text.len() - 1);
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every letter and digit that is read stands where its map says; an escaped one where its escape begins.
    #[test]
    fn every_letter_stands_where_its_map_says(pieces in prop::collection::vec(piece(), 1..5), crlf: bool) {
        let mut text = String::new();
        for (index, piece) in pieces.iter().enumerate() {
            let entry = format!("key{index}: {}\n", write(piece));
            text.push_str(&entry);
        }
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let (documents, problems) = yaml::parse(&Source::new("t", text.as_str()));
        prop_assert!(problems.is_empty(), "{:?}\n{}", problems, text);
        let mut seen = 0;
        for entry in entries(&documents[0]) {
            let scalar = entry.value.scalar().unwrap();
            let mut last = 0;
            for (at, letter) in scalar.text.char_indices() {
                let place = scalar.locate(at, at).start;
                prop_assert!(place >= last, "backwards at {} of {:?} in {:?}", at, scalar.text, text);
                last = place;
                if letter.is_alphanumeric() {
                    seen += 1;
                    let rest = &text[place..];
                    let escape = match letter {
                        'é' => "\\u00e9",
                        'A' => "\\x41",
                        '日' => "\\u65E5",
                        _ => "none",
                    };
                    prop_assert!(rest.starts_with(letter) || rest.starts_with(escape), "{letter} of {:?} in {:?}", scalar.text, text);
                }
            }
            prop_assert!(scalar.map.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1), "{:?}", scalar.map);
            prop_assert_eq!(scalar.map[0].0, 0);
            let written = &text[entry.value.span.start..entry.value.span.end];
            prop_assert!(written.trim() == written, "{:?} in {:?}", written, text);
        }
        prop_assert!(seen >= pieces.len());
    }

    /// No text makes the reader fail, and every place it names is in the text.
    #[test]
    fn any_text_is_answered(text in "[-a-c:,\\[\\]{}#&*!|>'\"%@?~ \t\n\r\\\\0-2é.<=()]{0,60}") {
        let (documents, problems) = yaml::parse(&Source::new("t", text.as_str()));
        prop_assert!(!documents.is_empty() || !problems.is_empty());
        for label in problems.iter().flat_map(|problem| &problem.labels) {
            let span = label.span;
            prop_assert!(span.end <= text.len() + 1 && text.is_char_boundary(span.start), "{:?} {:?}", span, text);
        }
    }
}
