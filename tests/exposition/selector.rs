//! Which series a selector takes, and which texts are none.

use gonogo::snapshot::raw::prometheus::Selector;

use super::exposition;

const SCRAPE: &str = "\
errors_total{format=\"csv\",code=\"500\"} 1
errors_total{format=\"json\",code=\"503\"} 2
errors_total{format=\"json\",code=\"404\"} 3
errors_total 4
up{job=\"a\\nb\"} 5
{\"my.metric\",\"a.b\"=\"x\"} 6
";

/// The values of the series that a selector takes.
fn taken(selector: &str) -> Vec<f64> {
    let selector = Selector::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error}"));
    let (exposition, problems) = exposition(SCRAPE);
    assert!(problems.is_empty());
    exposition
        .select(&selector)
        .map(|series| series.value)
        .collect()
}

#[test]
fn a_selector_takes_what_promql_takes() {
    for (selector, expected) in [
        ("errors_total", vec![1.0, 2.0, 3.0, 4.0]),
        ("errors_total{}", vec![1.0, 2.0, 3.0, 4.0]),
        (" errors_total { } ", vec![1.0, 2.0, 3.0, 4.0]),
        ("errors", vec![]),
        ("errors_total{format=\"json\"}", vec![2.0, 3.0]),
        ("errors_total{format=\"json\",}", vec![2.0, 3.0]),
        ("errors_total{format='json', code!=`404`}", vec![2.0]),
        // A label that is not there is empty.
        ("errors_total{format=\"\"}", vec![4.0]),
        ("errors_total{format!=\"json\"}", vec![1.0, 4.0]),
        ("errors_total{format!=\"\"}", vec![1.0, 2.0, 3.0]),
        ("errors_total{format=~\".*\"}", vec![1.0, 2.0, 3.0, 4.0]),
        ("errors_total{format=~\".+\"}", vec![1.0, 2.0, 3.0]),
        // A regular expression is of the whole value.
        ("errors_total{code=~\"50\"}", vec![]),
        ("errors_total{code=~\"50.\"}", vec![1.0, 2.0]),
        ("errors_total{code=~\"500|404\"}", vec![1.0, 3.0]),
        ("errors_total{code!~\"5..\"}", vec![3.0, 4.0]),
        ("errors_total{code=~\"5..\",code!~\".*3\"}", vec![1.0]),
        ("up{job=~\"a.b\"}", vec![5.0]),
        ("up{job=\"a\\nb\"}", vec![5.0]),
        ("up{job=\"a\\x0ab\"}", vec![5.0]),
        ("up{job=\"\\u0061\\012b\"}", vec![5.0]),
        ("up{job=`a\nb`}", vec![5.0]),
        ("{__name__=\"up\"}", vec![5.0]),
        ("{__name__=~\"u.|my.*\"}", vec![5.0, 6.0]),
        ("{\"my.metric\"}", vec![6.0]),
        ("{'my.metric', \"a.b\"=\"x\"}", vec![6.0]),
        ("{\"a.b\"=\"x\"}", vec![6.0]),
        ("{format=~\"c.+\"}", vec![1.0]),
    ] {
        assert_eq!(taken(selector), expected, "{selector}");
    }
}

#[test]
fn a_selector_knows_what_it_fixes() {
    let selector = Selector::parse("a{b=\"c\",d!=\"e\",f=~\"g\"}").expect("a selector");
    assert_eq!(selector.name(), Some("a"));
    assert_eq!(selector.fixed().collect::<Vec<_>>(), [("b", "c")]);
    let selector = Selector::parse("{__name__=~\"a\"}").expect("a selector");
    assert_eq!(selector.name(), None);
    let selector = Selector::parse("{__name__=\"a\"}").expect("a selector");
    assert_eq!(selector.name(), Some("a"));
}

/// What is no selector, what of it is wrong, and why.
const REFUSED: &[(&str, &str, &str)] = &[
    ("", "", "a selector of everything"),
    ("{}", "{}", "a selector of everything"),
    ("{a=~\".*\"}", "{a=~\".*\"}", "a selector of everything"),
    ("{a!=\"b\"}", "{a!=\"b\"}", "a selector of everything"),
    ("2xx", "2xx", "`2xx` is no name of a series"),
    ("a.b", "a.b", "`a.b` is no name of a series"),
    (
        "a{b=\"c\"",
        "{",
        "the braces are never closed: a comma or `}` is expected at the end",
    ),
    (
        "a{",
        "{",
        "the braces are never closed: a label is expected at the end",
    ),
    ("a{b=\"c}", "\"", "a text is never closed"),
    ("a{b=\"c\n\"}", "\"", "a text is never closed"),
    ("a{b=\"\\q\"}", "\\q", "a backslash that escapes nothing"),
    ("a{b=\"\\d+\"}", "\\d", "a backslash that escapes nothing"),
    (
        "a{b=\"\\xff\"}",
        "\\xff",
        "a backslash that escapes nothing",
    ),
    ("a{b=c}", "c", "`c` where a text in quotes is expected"),
    ("a{b}", "}", "`}` where `=`, `!=`, `=~` or `!~` is expected"),
    ("a{b==\"c\"}", "=", "`=` where a text in quotes is expected"),
    ("a{,}", ",", "`,` where a label is expected"),
    ("a{b=\"c\",,}", ",", "`,` where a label is expected"),
    ("a{b.c=\"d\"}", "b.c", "`b.c` is no name of a label"),
    ("a{\"\"=\"d\"}", "\"\"", "a name that is empty"),
    ("a{\"b\"}", "\"b\"", "a selector with two names"),
    (
        "a{__name__=\"b\"}",
        "__name__=\"b\"",
        "a selector with two names",
    ),
    ("a{b=~\"(\"}", "\"(\"", "`(` is not a regular expression"),
    ("a{b=~\")(\"}", "\")(\"", "`)(` is not a regular expression"),
    (
        "a{b=~\"(x{1000}){1000}\"}",
        "\"(x{1000}){1000}\"",
        "`(x{1000}){1000}` is larger than a regular expression may be when it is compiled",
    ),
    ("rate(a[5m])", "(a[5m])", "not a selector"),
    ("a[5m]", "[5m]", "not a selector"),
    ("a offset 5m", "offset 5m", "not a selector"),
    ("a + b", "+ b", "not a selector"),
    ("a{} b", "b", "not a selector"),
];

#[test]
fn what_is_no_selector_is_told_with_its_place() {
    for (text, underlined, message) in REFUSED {
        let error = Selector::parse(text).expect_err(text);
        assert_eq!(text.get(error.range.clone()), Some(*underlined), "{text}");
        assert_eq!(error.message, *message, "{text}");
        assert!(!error.help.is_empty());
    }
    let long = format!("a{{b=\"{}\"}}", "x".repeat(10_000));
    let error = Selector::parse(&long).expect_err("a long one");
    assert_eq!(error.message, "a selector of 10007 bytes, more than 10000");
}
