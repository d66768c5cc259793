//! The same texts given to `promtool check metrics`, whose parser is the one of Prometheus' clients: what it takes and what
//! it refuses, and where the two differ on purpose. `GONOGO_PROMTOOL=promtool` runs it; the version is printed.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::accepted::TEXT;
use super::refused::{LINES, TEXTS};

/// Whether promtool reads a text; what it warns of is no matter.
fn takes(promtool: &str, text: &str) -> bool {
    let mut child = Command::new(promtool)
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool");
    let mut input = child.stdin.take().expect("its input");
    input.write_all(text.as_bytes()).expect("its input");
    drop(input);
    let output = child.wait_with_output().expect("its end");
    let said = String::from_utf8_lossy(&output.stderr);
    !said.contains("error while linting")
}

/// What is read here and refused there, and why.
const READ_HERE: &[(&str, &str)] = &[
    ("  up  1  ", BLANKS),
    ("\tup\t1\t", BLANKS),
    (
        "up 1\r",
        "a scrape may have been saved with other line breaks",
    ),
    ("up{a=\"x\"} 3 1395066363000 ", BLANKS),
    ("{\"my.metric\"} 1", QUOTED),
    ("{\"my.metric\",} 1", QUOTED),
    ("{\"my metric\", a=\"x\"} 1", QUOTED),
    ("up{\"a.b\"=\"x\"} 1", QUOTED),
    ("{\"größe \\\"x\\\"\", \"é\"=\"x\"} 1", QUOTED),
];

const BLANKS: &str = "blanks at the end of a line say nothing";
const QUOTED: &str = "names in quotes are of Prometheus 3, this promtool is older";

/// What is refused here and read there, and why.
const REFUSED_HERE: &[(&str, &str)] = &[
    ("a 1 99999999999999999", "no calendar has that year"),
    ("# TYPE", HALF),
    ("# HELP", HALF),
    ("# TYPE a", HALF),
    (
        "# TYPE a Gauge",
        "the scraper of Prometheus takes lower case alone",
    ),
    ("", NOTHING),
    ("\n\n", NOTHING),
    ("# TYPE a gauge\n", NOTHING),
    ("# EOF\n", NOTHING),
    ("# TYPE a counter\na_total 1\n", OPEN),
    ("a 1\n# EOF\nb 1\nc 1\n", OPEN),
    ("a 1\n# EOF\n\n", OPEN),
    ("a 1\na 1\n", TWICE),
    ("a{b=\"1\",c=\"2\"} 1\na{c=\"2\",b=\"1\"} 1\n", TWICE),
    ("a{b=\"\"} 1\na 2\n", TWICE),
    ("a 1 1\na 2 2\n", TWICE),
    ("# UNIT a_s s\n# UNIT a_s s\na_s 1\n# EOF\n", OPEN),
    (
        "a_count 1\n# TYPE a summary\na_sum 1\n",
        "a type behind its series",
    ),
    ("# TYPE a histogram\na_bucket 1\n", HISTOGRAM),
    ("# TYPE a histogram\na_bucket{le=\"NaN\"} 1\n", HISTOGRAM),
    ("# TYPE a histogram\na_bucket{le=\"+Inf\"} -1\n", HISTOGRAM),
    ("# TYPE a histogram\na_bucket{le=\"+Inf\"} NaN\n", HISTOGRAM),
    (
        "# TYPE a histogram\na_bucket{le=\"1\"} 1\na_bucket{le=\"2\"} 2\na_sum 1\na_count 2\n",
        HISTOGRAM,
    ),
    (
        "# TYPE a histogram\na_bucket{le=\"+Inf\"} 2\na_bucket{le=\"1\"} 3\n",
        HISTOGRAM,
    ),
    (
        "# TYPE a histogram\na_bucket{le=\"1\"} 3\na_bucket{le=\"1.0\"} 3\na_bucket{le=\"+Inf\"} 3\n",
        HISTOGRAM,
    ),
    (
        "# TYPE a histogram\na_bucket{le=\"+Inf\"} 2\na_count 3\n",
        HISTOGRAM,
    ),
    (
        "# TYPE a histogram\na_bucket{b=\"1\",le=\"+Inf\"} 2\na_bucket{b=\"2\",le=\"1\"} 3\na_count{b=\"1\"} 2\n",
        HISTOGRAM,
    ),
];

const HALF: &str = "a declaration that was cut off, or meant to be one";
const NOTHING: &str = "a scrape without a series says nothing of the service";
const OPEN: &str = "OpenMetrics, which the peer reads as comments";
const TWICE: &str = "nothing tells which of the two values counts";
const HISTOGRAM: &str = "the format's page says so; quantiles of it would be guesses";

#[test]
fn the_same_texts_are_refused_as_by_a_peer() {
    let Ok(promtool) = std::env::var("GONOGO_PROMTOOL") else {
        return;
    };
    let version = Command::new(&promtool).arg("--version").output();
    let version = version.expect("promtool").stdout;
    println!(
        "{}",
        String::from_utf8_lossy(&version)
            .lines()
            .next()
            .unwrap_or_default()
    );
    let (mut read, mut refused) = (Vec::new(), Vec::new());
    for (line, _) in TEXT {
        if !takes(&promtool, &format!("{line}\n")) {
            read.push(*line);
        }
    }
    let lines = LINES
        .iter()
        .map(|(line, _)| (*line, format!("up 1\n{line}\nlast 2\n")));
    let texts = TEXTS.iter().map(|(text, _)| (*text, (*text).to_owned()));
    for (shown, text) in lines.chain(texts) {
        if takes(&promtool, &text) {
            refused.push(shown);
        }
    }
    println!(
        "{} read here only, {} refused here only",
        read.len(),
        refused.len()
    );
    let listed =
        |list: &[(&'static str, &str)]| list.iter().map(|(text, _)| *text).collect::<Vec<_>>();
    assert_eq!(read, listed(READ_HERE));
    assert_eq!(refused, listed(REFUSED_HERE));
}
