//! Texts that are refused, and what is said of them.

use gonogo::source::{Code, MAX_LINE};

use super::{exposition, wrong};

/// A line that is wrong, and what is said: column, what is underlined, message.
pub(super) const LINES: &[(&str, &str)] = &[
    // Names.
    ("2xx 1", "1 2xx: `2xx` is no name of a series"),
    (
        "my.metric 1",
        "1 my.metric: `my.metric` is no name of a series",
    ),
    (
        "my-metric{a=\"b\"} 1",
        "1 my-metric: `my-metric` is no name of a series",
    ),
    ("größe 1", "1 größe: `größe` is no name of a series"),
    ("{} 1", "1 {}: labels without the name of a series"),
    (
        "{a=\"b\"} 1",
        "1 {a=\"b\"}: labels without the name of a series",
    ),
    ("{\"\"} 1", "2 \"\": a name that is empty"),
    (
        "{\"a\", \"b\"} 1",
        "10 }: `}` among the labels, where `=` after `b` is expected",
    ),
    (
        "a{\"b\"} 1",
        "3 \"b\": a series with two names, `a` and `b`",
    ),
    (
        "a{b=\"c\",\"d\"} 1",
        "12 }: `}` among the labels, where `=` after `d` is expected",
    ),
    // Labels.
    ("a{b=\"c 1", "5 \": the value of a label is never closed"),
    (
        "a{b=\"c\\\"} 1",
        "5 \": the value of a label is never closed",
    ),
    ("a{b=\"c\\", "5 \": the value of a label is never closed"),
    (
        "a{b=\"\\x\"} 1",
        "6 \\x: a backslash in the value of a label that escapes nothing",
    ),
    (
        "a{b=\"C:\\DIR\"} 1",
        "8 \\D: a backslash in the value of a label that escapes nothing",
    ),
    (
        "a{b=\"c\" 1",
        "9 1: `1` among the labels, where a comma or `}` is expected",
    ),
    (
        "a{b=\"c\"",
        "2 {: the labels are never closed: a comma or `}` is expected where the line ends",
    ),
    (
        "a{b=\"c\",",
        "2 {: the labels are never closed: a label is expected where the line ends",
    ),
    (
        "a{",
        "2 {: the labels are never closed: a label is expected where the line ends",
    ),
    (
        "a{b}",
        "4 }: `}` among the labels, where `=` after `b` is expected",
    ),
    (
        "a{b=c} 1",
        "5 c: `c` among the labels, where the value of `b`, in quotes is expected",
    ),
    (
        "a{b='c'} 1",
        "5 ': `'` among the labels, where the value of `b`, in quotes is expected",
    ),
    (
        "a{=\"c\"} 1",
        "3 =: `=` among the labels, where a label is expected",
    ),
    (
        "a{,} 1",
        "3 ,: `,` among the labels, where a label is expected",
    ),
    (
        "a{b=\"c\",,} 1",
        "9 ,: `,` among the labels, where a label is expected",
    ),
    (
        "a{b=\"c\" d=\"e\"} 1",
        "9 d: `d` among the labels, where a comma or `}` is expected",
    ),
    ("a{1b=\"c\"} 1", "3 1b: `1b` is no name of a label"),
    ("a{b:c=\"d\"} 1", "3 b:c: `b:c` is no name of a label"),
    ("a{b.c=\"d\"} 1", "3 b.c: `b.c` is no name of a label"),
    (
        "a{__name__=\"b\"} 1",
        "3 __name__: `__name__` is the name of the series, not a label of it",
    ),
    (
        "a{b=\"1\",c=\"2\",b=\"3\"} 1",
        "15 b=\"3\": the label `b` stands twice in one series",
    ),
    (
        "a{b=\"1\",\"b\"=\"1\"} 1",
        "9 \"b\"=\"1\": the label `b` stands twice in one series",
    ),
    // Values.
    ("a", "2 : `a` has no value"),
    ("a ", "3 : `a` has no value"),
    ("a{b=\"c\"}", "9 : `a` has no value"),
    ("a # nothing", "3 : `a` has no value"),
    ("a one", "3 one: `one` is not a number"),
    ("a 1,209", "3 1,209: `1,209` is not a number"),
    ("a 1_000", "3 1_000: `1_000` is not a number"),
    ("a 0x1F", "3 0x1F: `0x1F` is not a number"),
    ("a 0x1p4", "3 0x1p4: `0x1p4` is not a number"),
    ("a 5%", "3 5%: `5%` is not a number"),
    ("a null", "3 null: `null` is not a number"),
    ("a -NaN", "3 -NaN: `-NaN` is not a number"),
    ("a \"1\"", "3 \"1\": `\"1\"` is not a number"),
    ("a\u{a0}1", "1 a\u{a0}1: `a\u{a0}1` is no name of a series"),
    (
        "a 1e999",
        "3 1e999: `1e999` is larger than any number that is read",
    ),
    // Instants, and what is behind them.
    ("a 1 now", "5 now: `now` is not an instant"),
    (
        "a 1 2025-10-16T10:05:00Z",
        "5 2025-10-16T10:05:00Z: `2025-10-16T10:05:00Z` is not an instant",
    ),
    (
        "a 1 1520879607.789",
        "5 1520879607.789: `1520879607.789` is not an instant in whole milliseconds",
    ),
    (
        "a 1 99999999999999999",
        "5 99999999999999999: `99999999999999999` is no instant that there is, in milliseconds",
    ),
    (
        "a 1 2 3",
        "7 3: more on the line than a value and its instant",
    ),
    ("a 1 # a comment", "5 # a comment: a comment behind a value"),
    (
        "a 1 # {b=\"c\"} 1",
        "5 # {b=\"c\"} 1: an exemplar in a text without `# EOF`",
    ),
    // Comments that are none.
    ("# TYPE", "7 : `# TYPE` of nothing"),
    ("# HELP", "7 : `# HELP` of nothing"),
    ("# TYPE a.b gauge", "8 a.b: `a.b` is no name of a family"),
    ("# TYPE a", "9 : `# TYPE` of `a` without a type"),
    ("# TYPE a gouge", "10 gouge: `gouge` is no type of a family"),
    ("# TYPE a Gauge", "10 Gauge: `Gauge` is no type of a family"),
    (
        "# TYPE a gauge of it",
        "16 of it: more on the line than `# TYPE` takes",
    ),
    ("# TYPE \"a gauge", "8 \": a name is never closed"),
];

/// The same of OpenMetrics.
const OPEN: &[(&str, &str)] = &[
    (
        "a 1 1520879607789",
        "5 1520879607789: `1520879607789` is no instant that there is, in seconds",
    ),
    ("a 1 NaN", "5 NaN: `NaN` is not an instant"),
    ("a 1 # comment", "5 # comment: a comment behind a value"),
    ("a 1 # {b=\"c\"}", "14 : the exemplar has no value"),
    ("a 1 # {b=\"c\"} x", "15 x: `x` is not a number"),
    ("a 1 # {b=\"c\"} 1 x", "17 x: `x` is not an instant"),
    (
        "a 1 # {b=\"c\"} 1 2 3",
        "19 3: more on the line than a value and its instant",
    ),
    (
        "a 1 # {b=\"c} 1",
        "10 \": the value of a label is never closed",
    ),
    (
        "a 1 # {\"b\"} 1",
        "8 \"b\": `b` names an exemplar, which has none",
    ),
    (
        "# TYPE a untyped",
        "10 untyped: `untyped` is no type of a family",
    ),
    (
        "# UNIT a seconds",
        "1 # UNIT a seconds: `a` does not end in its unit, `_seconds`",
    ),
];

#[test]
fn lines_are_refused_with_place_and_reason() {
    let told = |line: &str, end: &str, expected: &str| {
        let text = format!("up 1\n{line}\nlast 2\n{end}");
        assert_eq!(wrong(&text), format!("2:{expected}"), "{line}");
        // What stands around it is read all the same.
        let names: Vec<String> = exposition(&text)
            .0
            .series
            .iter()
            .map(|series| series.name.to_string())
            .collect();
        assert_eq!(names, ["up", "last"], "{line}");
    };
    for (line, expected) in LINES {
        told(line, "", expected);
    }
    for (line, expected) in OPEN {
        told(line, "# EOF\n", expected);
    }
}

/// Texts that are wrong as a whole.
pub(super) const TEXTS: &[(&str, &str)] = &[
    ("", "1:1 : `scrape.prom` has no series in it"),
    ("\n\n", "3:1 : `scrape.prom` has no series in it"),
    (
        "# TYPE a gauge\n",
        "2:1 : `scrape.prom` has no series in it",
    ),
    ("# EOF\n", "2:1 : `scrape.prom` has no series in it"),
    // Cut off.
    ("a 1", "1:1 a 1: the last line has no end"),
    ("a 1\nb{c=\"d", "2:1 b{c=\"d: the last line has no end"),
    (
        "a 1\n# TYPE b ga",
        "2:1 # TYPE b ga: the last line has no end",
    ),
    (
        "# TYPE a counter\na_total 1\n",
        "3:1 : an OpenMetrics text without `# EOF`",
    ),
    (
        "# TYPE a info\na_info 1\n",
        "3:1 : an OpenMetrics text without `# EOF`",
    ),
    (
        "# TYPE a counter\na_total 1\n# EO",
        "3:1 # EO: the last line has no end",
    ),
    ("a 1\n# EOF\nb 1\nc 1\n", "3:1 b 1: more behind `# EOF`"),
    ("a 1\n# EOF\n\n", "3:1 : more behind `# EOF`"),
    // Told twice.
    ("a 1\na 1\n", "2:1 a: `a` stands twice with the same labels"),
    (
        "a{b=\"1\",c=\"2\"} 1\na{c=\"2\",b=\"1\"} 1\n",
        "2:1 a{c=\"2\",b=\"1\"}: `a` stands twice with the same labels",
    ),
    (
        "a{b=\"\"} 1\na 2\n",
        "2:1 a: `a` stands twice with the same labels",
    ),
    (
        "{\"a\"} 1\na 2 5\n",
        "2:1 a: `a` stands twice with the same labels",
    ),
    (
        "a 1 1\na 2 2\n",
        "2:1 a: `a` stands twice with the same labels",
    ),
    (
        "# TYPE a gauge\n# TYPE a gauge\na 1\n",
        "2:8 a: a second `# TYPE` of `a`",
    ),
    (
        "# HELP a b\n# HELP a c\na 1\n",
        "2:8 a: a second `# HELP` of `a`",
    ),
    (
        "# UNIT a_s s\n# UNIT a_s s\na_s 1\n# EOF\n",
        "2:8 a_s: a second `# UNIT` of `a_s`",
    ),
    (
        "a 1\n# TYPE a gauge\n",
        "2:8 a: `# TYPE` of `a` behind its first series",
    ),
    (
        "a_count 1\n# TYPE a summary\na_sum 1\n",
        "2:8 a: `# TYPE` of `a` behind its first series",
    ),
    // Summaries.
    (
        "# TYPE a summary\na{quantile=\"half\"} 1\n",
        "2:3 quantile=\"half\": `half` is not a number, which `quantile` is",
    ),
    // Histograms.
    (
        "# TYPE a histogram\na_bucket 1\n",
        "2:1 a_bucket: a bucket of `a` without `le`",
    ),
    (
        "# TYPE a histogram\na_bucket{le=\"all\"} 1\n",
        "2:10 le=\"all\": `all` is not a number, which `le` is",
    ),
    (
        "# TYPE a histogram\na_bucket{le=\"NaN\"} 1\n",
        "2:1 a_bucket{le=\"NaN\"}: a bucket up to `NaN`",
    ),
    (
        "# TYPE a histogram\na_bucket{le=\"+Inf\"} -1\n",
        "2:21 -1: a bucket of `a` that counts -1",
    ),
    (
        "# TYPE a histogram\na_bucket{le=\"+Inf\"} NaN\n",
        "2:21 NaN: a bucket of `a` that counts NaN",
    ),
    (
        "# TYPE a histogram\na_bucket{le=\"1\"} 1\na_bucket{le=\"2\"} 2\na_sum 1\na_count 2\n",
        "3:1 a_bucket{le=\"2\"}: `a` has no bucket up to `+Inf`: the last one is up to 2",
    ),
    (
        "# TYPE a histogram\na_bucket{le=\"+Inf\"} 2\na_bucket{le=\"1\"} 3\n",
        "2:21 2: `a` counts 2 up to `+Inf`, and more below, 3 up to 1",
    ),
    (
        "# TYPE a histogram\na_bucket{le=\"1\"} 3\na_bucket{le=\"1.0\"} 3\na_bucket{le=\"+Inf\"} 3\n",
        "3:1 a_bucket{le=\"1.0\"}: two buckets of `a` up to 1",
    ),
    (
        "# TYPE a histogram\na_bucket{le=\"+Inf\"} 2\na_count 3\n",
        "3:9 3: `a` counts 3 in all, and 2 up to `+Inf`",
    ),
    (
        "# TYPE a gaugehistogram\na_bucket{le=\"+Inf\"} 2\na_gcount 3\n# EOF\n",
        "3:10 3: `a` counts 3 in all, and 2 up to `+Inf`",
    ),
    // Each histogram of a family alone; one that lost a line is told of once.
    (
        "# TYPE a histogram\na_bucket{b=\"1\",le=\"+Inf\"} 2\na_bucket{b=\"2\",le=\"1\"} 3\na_count{b=\"1\"} 2\n",
        "3:1 a_bucket{b=\"2\",le=\"1\"}: `a` has no bucket up to `+Inf`: the last one is up to 1",
    ),
    (
        "# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf} 3\na_count 3\n",
        "3:13 \": the value of a label is never closed",
    ),
];

#[test]
fn texts_are_refused_with_place_and_reason() {
    for (text, expected) in TEXTS {
        assert_eq!(wrong(text), *expected, "{text}");
    }
}

#[test]
fn without_a_type_buckets_are_series_like_any_other() {
    for text in [
        "a_bucket{le=\"1\"} 1\n",
        "a_bucket 1\n",
        "# TYPE a untyped\na_bucket{le=\"x\"} 1\n",
        "# TYPE a_bucket gauge\na_bucket 1\n",
    ] {
        assert_eq!(wrong(text), "", "{text}");
    }
}

#[test]
fn all_that_is_wrong_is_told_up_to_what_anybody_reads() {
    let text = format!("up 1\n{}", "a x\n".repeat(1_500));
    let (exposition, problems) = exposition(&text);
    assert_eq!(exposition.series.len(), 1);
    assert_eq!(problems.len(), 1_001);
    let last = problems.last().expect("a problem");
    assert_eq!(last.code, Code::TooManyProblems);
    assert_eq!(last.message, "500 more errors are not listed");
}

#[test]
fn a_line_that_is_too_long_is_not_read() {
    let text = format!("a{{b=\"{}\"}} 1\nc 1\n", "x".repeat(MAX_LINE));
    let (exposition, problems) = exposition(&text);
    let codes: Vec<Code> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [Code::TooLarge]);
    assert_eq!(problems[0].place().as_deref(), Some("scrape.prom:1:1"));
    assert_eq!(exposition.series.len(), 1);
    // As long as a line may be.
    let text = format!("a{{b=\"{}\"}} 1\n", "x".repeat(MAX_LINE - 9));
    assert_eq!(wrong(&text), "");
}
