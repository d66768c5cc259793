//! Lines that are read, and as what.

use gonogo::snapshot::raw::prometheus::{Dialect, Kind};

use super::{exposition, series};

/// A line of the text format, and the series it is.
pub(super) const TEXT: &[(&str, &str)] = &[
    ("up 1", "up{} 1.0"),
    ("up{} 1", "up{} 1.0"),
    ("up{ } 1", "up{} 1.0"),
    ("  up  1  ", "up{} 1.0"),
    ("\tup\t1\t", "up{} 1.0"),
    ("up 1\r", "up{} 1.0"),
    ("a:b_c9 -1.5e-3", "a:b_c9{} -0.0015"),
    (":x 0", ":x{} 0.0"),
    ("up{job=\"api\"} 1", "up{job=\"api\"} 1.0"),
    ("up{job=\"api\",} 1", "up{job=\"api\"} 1.0"),
    ("up {b=\"2\" , a = \"1\" } 1", "up{a=\"1\",b=\"2\"} 1.0"),
    ("up{job=\"api\"}1", "up{job=\"api\"} 1.0"),
    ("up{_a1=\"x\"} 1", "up{_a1=\"x\"} 1.0"),
    // Other characters than blanks are text in a value, whatever they mean elsewhere.
    ("up{a=\"x,y=z}{ #\"} 1", "up{a=\"x,y=z}{ #\"} 1.0"),
    ("up{a=\"日本 é\"} 1", "up{a=\"日本 é\"} 1.0"),
    (
        r#"f{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9"#,
        r#"f{error="Cannot find file:\n\"FILE.TXT\"",path="C:\\DIR\\FILE.TXT"} 1458255915.0"#,
    ),
    // A label without a value is the same as none.
    ("up{a=\"\",b=\"x\"} 1", "up{b=\"x\"} 1.0"),
    ("up NaN", "up{} NaN"),
    ("up +Inf", "up{} inf"),
    ("up -Inf", "up{} -inf"),
    ("up 1027 1395066363000", "up{} 1027.0 @2014-03-17T14:26:03Z"),
    ("up +Inf -3982045", "up{} inf @1969-12-31T22:53:37.955Z"),
    (
        "up{a=\"x\"} 3 1395066363000 ",
        "up{a=\"x\"} 3.0 @2014-03-17T14:26:03Z",
    ),
    // Names in quotes.
    ("{\"my.metric\"} 1", "my.metric{} 1.0"),
    ("{\"my.metric\",} 1", "my.metric{} 1.0"),
    ("{\"my metric\", a=\"x\"} 1", "my metric{a=\"x\"} 1.0"),
    ("up{\"a.b\"=\"x\"} 1", "up{a.b=\"x\"} 1.0"),
    (
        "{\"größe \\\"x\\\"\", \"é\"=\"x\"} 1",
        "größe \"x\"{é=\"x\"} 1.0",
    ),
];

/// What OpenMetrics has beside that.
const OPEN: &[(&str, &str)] = &[
    ("up 1 1520879607.789", "up{} 1.0 @2018-03-12T18:33:27.789Z"),
    (
        "up 1 1.520879607789e+09",
        "up{} 1.0 @2018-03-12T18:33:27.789Z",
    ),
    ("up 1 -1", "up{} 1.0 @1969-12-31T23:59:59Z"),
    ("x_total 5 # {} 1", "x_total{} 5.0"),
    (
        "x_total 5 # {trace_id=\"KOO5S4vxi0o\"} 0.67",
        "x_total{} 5.0",
    ),
    (
        "x_total{a=\"b\"} 5 1 # {trace_id=\"x\"} 0.67 1520879607.789",
        "x_total{a=\"b\"} 5.0 @1970-01-01T00:00:01Z",
    ),
];

#[test]
fn lines_of_the_text_format_are_read() {
    for (line, expected) in TEXT {
        assert_eq!(series(&format!("{line}\n")), [*expected], "{line}");
    }
}

#[test]
fn lines_of_openmetrics_are_read() {
    for (line, expected) in TEXT
        .iter()
        .filter(|(line, _)| !line.contains("139506") && !line.contains("398"))
    {
        assert_eq!(series(&format!("{line}\n# EOF\n")), [*expected], "{line}");
    }
    for (line, expected) in OPEN {
        assert_eq!(series(&format!("{line}\n# EOF\n")), [*expected], "{line}");
        assert_eq!(series(&format!("{line}\n# EOF")), [*expected], "{line}");
    }
}

#[test]
fn places_are_those_of_the_text() {
    let text = "\u{feff}# é\r\n{\"é\", a=\"x\"}  12.5 1395066363000\r\n";
    let (exposition, problems) = exposition(text);
    assert!(problems.is_empty());
    let series = &exposition.series[0];
    assert_eq!(&text[series.span.start..series.span.end], "12.5");
    assert_eq!(
        &text[series.named.start..series.named.end],
        "{\"é\", a=\"x\"}"
    );
}

/// The format of a text, and what its families are.
fn families(text: &str) -> (Dialect, Vec<(String, Kind)>) {
    let (exposition, problems) = exposition(text);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    let families = exposition.families.iter();
    let families = families.map(|(name, kind)| (name.to_string(), *kind));
    (exposition.dialect, families.collect())
}

#[test]
fn comments_say_what_families_are_or_nothing() {
    let text = "\
# HELP a_total How many \\n there were \\\\.
# TYPE a_total counter
# a comment, # TYPE a_total gauge
#
 # TYPE  b\tgauge
#HELP b
# HELP \"c.d\" in quotes
# TYPE \"c.d\" summary
# TYPE e untyped
# TYPES f gauge

a_total 1
b 1
";
    let named = |name: &str, kind| (name.to_owned(), kind);
    assert_eq!(
        families(text),
        (
            Dialect::Text,
            vec![
                named("a_total", Kind::Counter),
                named("b", Kind::Gauge),
                named("c.d", Kind::Summary),
                named("e", Kind::Unknown),
            ]
        )
    );
}

#[test]
fn openmetrics_is_told_by_what_only_it_has() {
    for open in [
        "up 1\n# EOF\n",
        "# UNIT a_seconds seconds\na_seconds 1\n# EOF\n",
        "# TYPE a info\na_info{v=\"1\"} 1\n# EOF\n",
        "# TYPE a stateset\na{a=\"on\"} 1\n# EOF\n",
        "# TYPE a unknown\na 1\n# EOF\n",
        "# TYPE a counter\na_total 1\na_created 1520879607.789\n# EOF\n",
    ] {
        assert_eq!(families(open).0, Dialect::OpenMetrics, "{open}");
    }
    for text in [
        "up 1\n",
        "# the EOF\nup 1\n",
        "# EOF of the first part\nup 1\n",
        "# TYPE a_total counter\na_total 1\n",
        "# TYPE a counter\na 1\n# TYPE b gauge\na_total 1\n",
        "# TYPE a counter\na 1\na_totals 1\n",
    ] {
        assert_eq!(families(text).0, Dialect::Text, "{text}");
    }
}

#[test]
fn a_series_is_of_the_family_whose_name_it_begins_with() {
    let text = "\
# TYPE h histogram
h_bucket{le=\"1\"} 2
h_bucket{le=\"+Inf\"} 3
h_sum 4.5
h_count 3
# TYPE h_sum_total counter
h_sum_total 1
g 1
";
    let (exposition, problems) = exposition(text);
    assert!(problems.is_empty(), "{problems:?}");
    let kinds = ["h_bucket", "h_sum", "h_count", "h_sum_total", "g", "h_max"]
        .map(|name| exposition.kind(name));
    let histogram = Some(Kind::Histogram);
    let expected = [
        histogram,
        histogram,
        histogram,
        Some(Kind::Counter),
        None,
        None,
    ];
    assert_eq!(kinds, expected);
}

/// The example of the format's own page, whole.
#[test]
fn the_example_of_the_format_is_read() {
    let text = r#"# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045

# A histogram, which has a pretty complex representation in the text format:
# HELP http_request_duration_seconds A histogram of the request duration.
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="0.1"} 33444
http_request_duration_seconds_bucket{le="0.2"} 100392
http_request_duration_seconds_bucket{le="0.5"} 129389
http_request_duration_seconds_bucket{le="1"} 133988
http_request_duration_seconds_bucket{le="+Inf"} 144320
http_request_duration_seconds_sum 53423
http_request_duration_seconds_count 144320

# Finally a summary, which has a complex representation, too:
# HELP rpc_duration_seconds A summary of the RPC duration in seconds.
# TYPE rpc_duration_seconds summary
rpc_duration_seconds{quantile="0.01"} 3102
rpc_duration_seconds{quantile="0.05"} 3272
rpc_duration_seconds{quantile="0.5"} 4773
rpc_duration_seconds{quantile="0.9"} 9001
rpc_duration_seconds{quantile="0.99"} 76656
rpc_duration_seconds_sum 1.7560473e+07
rpc_duration_seconds_count 2693
"#;
    assert_eq!(series(text).len(), 20);
    assert_eq!(families(text).0, Dialect::Text);
}

#[test]
fn the_example_of_the_page_is_read() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = crate::support::read(&root.join("docs/raw.md"));
    let section = page.split("## Prometheus and OpenMetrics\n").nth(1);
    let example = section.and_then(|section| section.split("```text\n").nth(1));
    let example = example.and_then(|rest| rest.split("```").next());
    assert_eq!(
        series(example.expect("an example")),
        [
            "parse_errors_total{format=\"csv\"} 12.0",
            r#"parse_errors_total{format="C:\\data \"x\""} 3.0 @2025-10-16T10:05:00Z"#,
            "queue.depth{zone=\"eu\"} 7.0",
        ]
    );
}
