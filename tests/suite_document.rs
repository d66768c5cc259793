//! Suites as written: what is read, and of each mistake its code, place, underlined text and help.

use std::fmt::Write as _;
use std::path::Path;

use gonogo::schema;
use gonogo::snapshot::Format;
use gonogo::source::{Problem, Source};
use gonogo::suite::document::{GivenDocument, TestDocument, Told, WaiversDocument};
use gonogo::suite::{SuiteDocument, read};
use serde_json::Value as Json;

const HEAD: &str = "gonogo: 1\npolicy: policy.yaml\nsnapshots: {s: day.jsonl}\n";

fn parse(text: &str) -> (Option<SuiteDocument>, Vec<Problem>) {
    read(&Source::new("tests/a.test.yaml", text), Format::Yaml)
}

/// A suite with one test: its fields beside `name` and `given`, in brackets.
fn with(fields: &str) -> String {
    format!("{HEAD}tests: [{{name: n, given: s, expect: {{verdict: go}}, {fields}}}]\n")
}

fn tests(text: &str) -> Vec<TestDocument> {
    let (document, problems) = parse(text);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    document.expect("a suite").tests
}

fn test(fields: &str) -> TestDocument {
    let mut tests = tests(&with(fields));
    assert_eq!(tests.len(), 1);
    tests.remove(0)
}

/// `code | underlined | message | help`.
fn told(problem: &Problem) -> String {
    let label = problem.labels.first();
    let underlined = label.map(|label| {
        let text = label.source.text();
        text.get(label.span.start..label.span.end).expect("a place")
    });
    format!(
        "{} | {} | {} | {}",
        problem.code,
        underlined.unwrap_or("-"),
        problem.message,
        problem.help.as_deref().unwrap_or("-")
    )
}

/// What is wrong with a suite, and with each of its tests by name.
fn wrong(text: &str) -> String {
    let (document, problems) = parse(text);
    let mut lines = String::new();
    for problem in &problems {
        let _ = writeln!(lines, "{}", told(problem));
    }
    for test in document.iter().flat_map(|document| &document.tests) {
        for problem in &test.problems {
            let _ = writeln!(lines, "{}: {}", test.name, told(problem));
        }
    }
    lines
}

fn runs(items: &str) -> Vec<String> {
    let test = test(&format!("series: {{every: 30s, m: [{items}]}}"));
    assert!(test.problems.is_empty(), "{items}: {:?}", test.problems);
    let series = test.series.expect("a series");
    let (_, runs) = series.metrics.first().expect("a metric");
    let each = runs.iter().map(|run| {
        let what = match &run.what {
            Told::Value(node) => {
                let scalar = node.scalar().expect("a value");
                format!("{:?}", scalar.datum())
            }
            Told::Ramp(from, to) => format!("{from}..{to}"),
            Told::Missing => "missing".to_owned(),
            Told::Nothing => "nothing".to_owned(),
        };
        format!("{what}*{}", run.samples)
    });
    each.collect()
}

#[test]
fn items_of_a_series_are_read() {
    let table: &[(&str, &[&str])] = &[
        ("'0.004*236'", &["Double(0.004)*236"]),
        ("0.004*236", &["Double(0.004)*236"]),
        (
            "3, '3', 0.5, true, 'false*2'",
            &[
                "Int(3)*1",
                "Int(3)*1",
                "Double(0.5)*1",
                "Bool(true)*1",
                "Bool(false)*2",
            ],
        ),
        ("'410..460/241'", &["410..460*241"]),
        ("'-1.5..2e3/2', '5..1/5'", &["-1.5..2000*2", "5..1*5"]),
        (
            "'_', '_*4', _, x, 'x*2'",
            &[
                "missing*1",
                "missing*4",
                "missing*1",
                "nothing*1",
                "nothing*2",
            ],
        ),
        (
            "red, 'red*3', '\"red\"*3'",
            &["Text(\"red\")*1", "Text(\"red\")*3", "Text(\"red\")*3"],
        ),
        (
            "'\"5\"', '\"_\"', '\"x\"*2', '\"a..b/3\"', '\"a*2\"'",
            &[
                "Text(\"5\")*1",
                "Text(\"_\")*1",
                "Text(\"x\")*2",
                "Text(\"a..b/3\")*1",
                "Text(\"a*2\")*1",
            ],
        ),
        ("' 0.1 * 3 ', '1 .. 2 / 3'", &["Double(0.1)*3", "1..2*3"]),
        ("-0.5*2, 0x10*2", &["Double(-0.5)*2", "Int(16)*2"]),
        ("'0.1*99999'", &["Double(0.1)*99999"]),
    ];
    for (items, expected) in table {
        assert_eq!(runs(items), *expected, "{items}");
    }
}

#[test]
fn each_malformed_item_is_underlined() {
    let table = [
        ("'0.1*'", "'0.1*'", "`0.1*` does not say how many samples"),
        (
            "'1..2/0'",
            "0",
            "a ramp has at least the samples of its two ends",
        ),
        (
            "'1..2/1'",
            "1",
            "a ramp has at least the samples of its two ends",
        ),
        (
            "'1..2'",
            "1..2",
            "the ramp `1..2` does not say how many samples it has",
        ),
        ("'*3'", "'*3'", "`*3` has no value"),
        ("'a..3/3'", "a", "`a` is not a number"),
        ("'1..b/3'", "b", "`b` is not a number"),
        ("''", "''", "an item of a series says nothing"),
        ("'1*-2'", "-2", "`-2` is not a number of samples"),
        ("'0.1*2.5'", "2.5", "`2.5` is not a number of samples"),
        ("'0.1*0'", "0", "a value without a sample"),
        ("'.inf*2'", ".inf", "`.inf` is not a finite number"),
        ("NaN", "NaN", "`NaN` is not a finite number"),
        ("'1..inf/3'", "inf", "`inf` is not a number"),
        ("'1..1e999/3'", "1e999", "`1e999` is not a finite number"),
        ("[1]", "[1]", "an item of a series is a list"),
        (
            "'0.1*100001'",
            "'0.1*100001'",
            "the series of `m` has more than 100000 samples",
        ),
        (
            "'x*60000', '_*40001'",
            "'_*40001'",
            "the series of `m` has more than 100000 samples",
        ),
        // Places in texts that are written in other ways.
        ("\"\\x30.1*b\"", "b", "`b` is not a number of samples"),
        ("\"1*\\x62\"", "\\", "`b` is not a number of samples"),
    ];
    for (items, underlined, message) in table {
        let told = wrong(&with(&format!("series: {{every: 30s, m: [{items}]}}")));
        let start = format!("n: bad-series | {underlined} | {message} | ");
        assert!(told.starts_with(&start), "{items}:\n{told}\n{start}");
        assert_eq!(told.lines().count(), 1, "{items}:\n{told}");
    }
}

#[test]
fn the_rest_of_a_series_is_told_as_well() {
    let table = [
        (
            "series: {m: [1]}",
            "n: bad-series | m | a series without `every` | add the time from one sample to the next: `every: 30s`\n",
        ),
        (
            "series: {every: 0s, m: [1]}",
            "n: bad-series | 0s | samples of a series have no time between them | give the time from one sample to the next: `every: 30s`\n",
        ),
        (
            "series: {every: 5 min, m: [1]}",
            "n: bad-duration | 5 min | `5 min` is not a length of time | write `5m`\n",
        ),
        (
            "series: {every: 30s}",
            "n: bad-series | every | a series without a metric | name one, and its samples: `error_rate: [\"0.004*238\", \"0.06*3\"]`\n",
        ),
        (
            "series: {every: 30s, m: []}",
            "n: bad-series | [] | the series of `m` has no sample | list its samples, or remove it\n",
        ),
        (
            "series: {every: 30s, m: 1*3}",
            "n: wrong-kind | 1*3 | `m` is a text, not a list of samples | write a list of samples here\n",
        ),
        (
            "series: [1]",
            "n: wrong-kind | [1] | `series` is a list, not a map | write a map here\n",
        ),
    ];
    for (fields, expected) in table {
        assert_eq!(wrong(&with(fields)), expected, "{fields}");
    }
}

#[test]
fn what_a_test_gives_is_read() {
    let given = |test: &TestDocument| -> Vec<String> {
        let each = test.given.iter();
        each.map(|one| match one {
            GivenDocument::Named(name) => name.as_str().to_owned(),
            GivenDocument::Inline(_) => "inline".to_owned(),
        })
        .collect()
    };
    let text = format!(
        "{HEAD}tests: [{{name: n, given: [s, {{at: 2025-10-16T10:05:00Z}}], expect: {{verdict: go}}}}]"
    );
    assert_eq!(given(&tests(&text)[0]), ["s", "inline"]);
    let read = test("baseline: {before: s, control: [s, {metrics: {}}]}");
    let named: Vec<(&str, usize)> = read
        .baselines
        .iter()
        .map(|(name, given)| (name.as_str(), given.len()))
        .collect();
    assert_eq!(named, [("before", 1), ("control", 2)]);
    for key in ["set", "params"] {
        let read = test(&format!("{key}: {{noise: 2.5, name: a}}"));
        let set: Vec<(&str, &str)> = read
            .set
            .iter()
            .map(|(name, (value, _))| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(set, [("name", "a"), ("noise", "2.5")], "{key}");
    }
    assert_eq!(
        test("shift: 2d").shift,
        Some(jiff::SignedDuration::from_hours(48))
    );
    assert_eq!(
        test("shift: -90s").shift,
        Some(jiff::SignedDuration::from_secs(-90))
    );
    assert_eq!(
        test("now: 2025-10-16T12:05:00+02:00").now,
        "2025-10-16T10:05:00Z".parse().ok()
    );
    assert!(matches!(
        test("waivers: a.yaml").waivers,
        Some(WaiversDocument::Path(_))
    ));
    assert!(matches!(
        test("waivers: []").waivers,
        Some(WaiversDocument::Inline(_))
    ));
    assert!(test("patch: {metrics: {a: 1}}").patch.is_some());
    assert!(test("x-note: {free: [1]}, stage: canary").stage.is_some());
}

#[test]
fn each_mistake_of_a_test_is_told_at_its_place() {
    let table = [
        (
            "set: {a: 1}, params: {b: 2}",
            "bad-value | {b: 2} | a test has `set` and `params`, two names of one thing | write all parameters into one of them",
        ),
        (
            "now: 2025-10-16T10:05:00Z, shift: 2d",
            "bad-value | 2d | a test has `now` and `shift` | keep one: `shift` moves the history and the instant with it, `now` moves the instant alone",
        ),
        (
            "now: yesterday",
            "bad-value | yesterday | `now` is `yesterday`, not an instant | write it as RFC 3339 does, with its offset: 2025-10-16T10:05:00Z",
        ),
        (
            "shift: 2 days",
            "bad-duration | 2 days | `2 days` is not a length of time | write `2d`",
        ),
        (
            "patch: [1]",
            "wrong-kind | [1] | `patch` is a list, not a map | write a map here",
        ),
        (
            "serie: {}",
            "unknown-key | serie | a test has no `serie` | did you mean `series`?",
        ),
        (
            "metrix: []",
            "unknown-key | metrix | a test has no `metrix` | did you mean `matrix`?",
        ),
        (
            "stage: ",
            "wrong-kind |  | `stage` is nothing, not a text | write a text here",
        ),
        (
            "baseline: s",
            "wrong-kind | s | `baseline` is a text, not a map | write a map here",
        ),
    ];
    for (fields, expected) in table {
        assert_eq!(wrong(&with(fields)), format!("n: {expected}\n"), "{fields}");
    }
    let table = [
        (
            "{given: s, expect: {verdict: go}}",
            ": missing-key | {given: s, expect: {verdict: go}} | a test without `name` | add `name: …`\n",
        ),
        (
            "{name: n, expect: {verdict: go}}",
            "n: missing-key | {name: n, expect: {verdict: go}} | a test without `given` | add `given: SNAPSHOT`\n",
        ),
        (
            "{name: n, given: s}",
            "n: missing-key | {name: n, given: s} | a test without `expect` | add `expect: {verdict: go}`\n",
        ),
        (
            "{name: n, given: [], expect: {verdict: go}}",
            "n: bad-value | [] | `given` lists nothing | list at least one, or remove it\n",
        ),
        (
            "{name: '', given: s, expect: {verdict: go}}",
            ": bad-value | '' | the name of a test is one line of text | say in a few words what must come of it, as a report would\n",
        ),
        (
            "3",
            ": wrong-kind | 3 | a test is a whole number, not a map | write a map here\n",
        ),
    ];
    for (test, expected) in table {
        assert_eq!(
            wrong(&format!("{HEAD}tests: [{test}]\n")),
            expected,
            "{test}"
        );
    }
}

#[test]
fn a_matrix_makes_a_test_of_each_row() {
    let read = tests(&with(
        "matrix: [{rate: 0.0499, v: no-go}, {rate: 0.05, v: rollback}], series: {every: 30s, m: ['${rate}*241']}, stage: '${v}'",
    ));
    let seen: Vec<(&str, &str)> = read
        .iter()
        .map(|test| {
            (
                test.name.as_str(),
                test.stage.as_ref().expect("a stage").as_str(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("n [rate=0.0499, v=no-go]", "no-go"),
            ("n [rate=0.05, v=rollback]", "rollback")
        ]
    );
    let series = read[1].series.as_ref().expect("a series");
    let run = &series.metrics[0].1[0];
    assert_eq!(run.samples, 241);
    let Told::Value(node) = &run.what else {
        panic!("{run:?}")
    };
    assert_eq!(node.scalar().expect("a value").text, "0.05");
    assert!(
        read.iter()
            .all(|test| test.row.is_some() && test.problems.is_empty())
    );
}

#[test]
fn what_stands_alone_takes_the_value_as_it_is() {
    let read = tests(&with(
        "matrix: [{a: 1, l: [x, y], q: '1', n: null}], patch: {a: '${a}', l: '${l}', q: '${q}', n: '${n}', t: 'v${a}', '${a}k': 1, e: '$${a} ${ a }'}",
    ));
    let patch = read[0].patch.as_ref().expect("a patch");
    let datum = |key: &str| {
        format!(
            "{:?}",
            patch
                .get(key)
                .and_then(|node| node.scalar())
                .expect(key)
                .datum()
        )
    };
    assert_eq!(datum("a"), "Int(1)");
    assert_eq!(datum("q"), "Text(\"1\")");
    assert_eq!(datum("n"), "Null");
    assert_eq!(datum("t"), "Text(\"v1\")");
    assert_eq!(datum("1k"), "Int(1)");
    assert_eq!(datum("e"), "Text(\"${a} 1\")");
    assert_eq!(patch.get("l").expect("a list").describe(), "a list");
    assert_eq!(read[0].name, "n [a=1, l=[x, y], q=1, n=null]");
    let text = format!(
        "{HEAD}tests: [{{name: 'at ${{a}}', given: s, matrix: [{{a: 1}}, {{a: 2}}], expect: {{verdict: go}}}}]"
    );
    let names: Vec<String> = tests(&text).into_iter().map(|test| test.name).collect();
    assert_eq!(names, ["at 1", "at 2"]);
}

#[test]
fn each_mistake_of_a_matrix_is_told_at_its_place() {
    let table = [
        (
            "matrix: []",
            "n: bad-matrix | [] | a matrix without a row | write a row, such as `{rate: 0.05, verdict: rollback}`, or remove it\n",
        ),
        (
            "matrix: [3], stage: '${a}'",
            "n: bad-matrix | 3 | a row of a matrix is a whole number, not a map | write its values by name: `{rate: 0.05, verdict: rollback}`\n",
        ),
        (
            "matrix: [{a: 1}, {b: 1}], stage: '${a}'",
            "n: bad-matrix | b | the first row of the matrix has no `b` | all rows have the same keys: write it in each of them, or remove it\nn: bad-matrix | {b: 1} | a row of the matrix has no `a` | all rows have the same keys: write its value, or `null` where there is none\n",
        ),
        (
            "matrix: [{rate: 1}, {rte: 1}], stage: '${rate}'",
            "n: bad-matrix | rte | the first row of the matrix has no `rte` | did you mean `rate`?\n",
        ),
        (
            "matrix: [{rate: 1}], stage: 'a${rte}b'",
            "n: bad-matrix | ${rte} | the matrix has no `rte` | did you mean `${rate}`?\n",
        ),
        (
            "matrix: [{rate: 1}]",
            "n: bad-matrix | rate | nothing in the test takes `rate` of its matrix | write `${rate}` where it belongs, or remove it\n",
        ),
        (
            "stage: 'a${rate}'",
            "n: bad-matrix | ${rate} | `${rate}` in a test without a matrix | give the test `matrix`, a list of rows; write `$${` for `${` itself\n",
        ),
        (
            "matrix: [{a: 1}], stage: '${a'",
            "n: bad-matrix | ${a | `${` is never closed | close it with `}`, or write `$${` for `${` itself\n",
        ),
        (
            "matrix: {a: 1}, stage: '${a}'",
            "n: wrong-kind | {a: 1} | `matrix` is a map, not a list of rows | write a list of rows here\n",
        ),
        // The same whatever the row: told once.
        (
            "matrix: [{a: 1}, {a: 2}], stage: '${a}', serie: 1",
            "n: unknown-key | serie | a test has no `serie` | did you mean `series`?\n",
        ),
        // Of one row alone, by its name.
        (
            "matrix: [{a: 1d}, {a: 2 days}], shift: '${a}'",
            "n [a=2 days]: bad-duration | '${a}' | `2 days` is not a length of time | write `2d`\n",
        ),
        (
            "matrix: [{a: [1]}], stage: 'x${a}'",
            "n [a=[1]]: bad-matrix | [1] | `${a}` stands in a text, and its value is none | write one value, or let it stand alone\n",
        ),
        (
            "matrix: [{a: b}], patch: {b: 1, '${a}': 2}",
            "n [a=b]: duplicate-key | '${a}' | `b` is here twice | two keys take the same value from the matrix: keep one\n",
        ),
        (
            "matrix: [{a: 1}, {a: 1}], stage: '${a}'",
            "n [a=1]: name-clash | n | two tests are called `n [a=1]` | give each a name of its own\n",
        ),
    ];
    for (fields, expected) in table {
        assert_eq!(wrong(&with(fields)), expected, "{fields}");
    }
}

#[test]
fn the_row_of_what_is_wrong_is_shown() {
    let read = tests(&with("matrix: [{a: 1d}, {a: 2 days}], shift: '${a}'"));
    let labels: Vec<String> = read[1].problems[0]
        .labels
        .iter()
        .map(|label| {
            let text = label.source.text().get(label.span.start..label.span.end);
            format!("{}: {}", label.text, text.expect("a place"))
        })
        .collect();
    assert_eq!(
        labels,
        [
            "expected a length of time: '${a}'",
            "with this row of the matrix: {a: 2 days}"
        ]
    );
}

#[test]
fn one_test_that_is_wrong_stops_no_other() {
    let text = format!(
        "{HEAD}tests:\n  - {{name: a, given: s, expect: {{verdict: go}}}}\n  - {{name: b, given: s, given: s, expect: {{verdict: go}}}}\n  - {{name: c, given: *s, expect: {{verdict: go}}}}\n  - 3\n  - {{name: a, given: s, expect: {{verdict: go}}}}\n  - {{name: d, given: s, expect: {{verdict: go}}}}\n"
    );
    assert_eq!(
        wrong(&text),
        "b: duplicate-key | given | `given` is given twice in one map | keep one of them\nc: yaml-alias | *s | `*s` is a YAML alias, which is not followed | write the value out here\n: wrong-kind | 3 | a test is a whole number, not a map | write a map here\na: name-clash | a | two tests are called `a` | give each a name of its own\n"
    );
    let right: Vec<String> = tests(&text)
        .into_iter()
        .filter(|test| test.problems.is_empty())
        .map(|test| test.name)
        .collect();
    assert_eq!(right, ["a", "d"]);
}

#[test]
fn what_is_wrong_with_a_whole_suite_is_told() {
    let ok = "tests: [{name: n, given: s, expect: {verdict: go}}]\n";
    let with_test = |head: &str| format!("{head}{ok}");
    let table = [
        (
            with_test("policy: p\nsnapshots: {s: a}\n"),
            "missing-key | policy | a suite without `gonogo` | add `gonogo: 1`\n",
        ),
        (
            with_test("gonogo: 2\npolicy: p\nsnapshots: {s: a}\n"),
            "bad-version | 2 | this is not a suite of version 1 | write `gonogo: 1`, or use the version of gonogo the suite was written for\n",
        ),
        (
            with_test("gonogo: 1\nsnapshots: {s: a}\n"),
            "missing-key | gonogo | a suite without `policy` | add `policy: …`\n",
        ),
        (
            HEAD.to_owned(),
            "missing-key | gonogo | a suite without `tests` | add `tests: [{name: …, given: …, expect: …}]`\n",
        ),
        (
            format!("{HEAD}tests: []\n"),
            "bad-value | [] | `tests` lists nothing | list at least one, or remove it\n",
        ),
        (
            format!("{HEAD}tests: {{}}\n"),
            "wrong-kind | {} | `tests` is a map, not a list | write a list here\n",
        ),
        (
            with_test("gonogo: 1\npolicy: p\nsnapshot: {s: a}\n"),
            "unknown-key | snapshot | a suite has no `snapshot` | did you mean `snapshots`?\n",
        ),
        (
            with_test("gonogo: 1\npolicy: p\nsnapshots: [a]\n"),
            "wrong-kind | [a] | `snapshots` is a list, not a map | write a map here\n",
        ),
        (
            with_test("gonogo: 1\npolicy: p\nsnapshots: {s: []}\n"),
            "bad-value | [] | `snapshots` lists nothing | list at least one, or remove it\n",
        ),
        (
            format!("{HEAD}{ok}---\na: 1\n"),
            "wrong-kind | a | a suite is one document | remove `---`\n",
        ),
        (
            with_test("gonogo: 1\npolicy: p\nsnapshots: {s: a}\ninclude: b.test.yaml\n"),
            "unknown-key | include | a suite has no `include` | suites do not include one another: ",
        ),
        (
            "[1]\n".to_owned(),
            "wrong-kind | [1] | a suite is a list, not a map | write a map here\n",
        ),
        (
            "gonogo: 1\nname: p\nrequire: [{id: a, expr: b}]\nhold: []\n".to_owned(),
            "wrong-kind | gonogo | `tests/a.test.yaml` is a policy, not a suite | name its suite, or the folder in which suites lie; `gonogo check` looks at a policy\n",
        ),
        (
            "at: 2025-10-16T10:05:00Z\nmetrics: {a: 1}\n".to_owned(),
            "wrong-kind | at | `tests/a.test.yaml` is a snapshot, not a suite | name the suite that is given it, or the folder in which suites lie\n",
        ),
    ];
    for (text, expected) in table {
        let told = wrong(&text);
        assert!(told.starts_with(expected), "{text}\n{told}");
        assert_eq!(told.lines().count(), 1, "{text}\n{told}");
    }
}

#[test]
fn a_suite_is_no_policy_and_no_snapshots() {
    let table = [
        (
            "a.test.yaml",
            "bad-value | a.test.yaml | the suite names itself as its policy | name the policy to test, such as `../policy.yaml`\n",
        ),
        (
            "./a.test.yaml",
            "bad-value | ./a.test.yaml | the suite names itself as its policy | name the policy to test, such as `../policy.yaml`\n",
        ),
        (
            "../tests/a.test.yaml",
            "bad-value | ../tests/a.test.yaml | the suite names itself as its policy | name the policy to test, such as `../policy.yaml`\n",
        ),
        (
            "b.test.yml",
            "bad-value | b.test.yml | `b.test.yml` is a suite, not a policy | name the policy to test, such as `../policy.yaml`\n",
        ),
        ("../policy.yaml", ""),
        ("..", ""),
        ("../atest.yaml", ""),
    ];
    for (path, expected) in table {
        let text = format!(
            "gonogo: 1\npolicy: {path}\ntests: [{{name: n, given: {{}}, expect: {{verdict: go}}}}]\n"
        );
        assert_eq!(wrong(&text), expected, "{path}");
    }
    let text = "gonogo: 1\npolicy: p\nsnapshots: {s: [a.jsonl, a.test.yaml, ../b.test.json]}\ntests: [{name: n, given: s, expect: {verdict: go}}]\n";
    assert_eq!(
        wrong(text),
        "bad-value | a.test.yaml | the suite names itself as its snapshots | name files of snapshots, such as `../snapshots/healthy.jsonl`\nbad-value | ../b.test.json | `../b.test.json` is a suite, not snapshots | name files of snapshots, such as `../snapshots/healthy.jsonl`\n"
    );
    // And the other way round: a suite where a policy is read.
    let source = Source::new("a.test.yaml", with(""));
    let (policy, problems) =
        gonogo::policy::check::check(&source, &gonogo::policy::check::Settings::new());
    assert!(policy.is_none());
    let lines: Vec<String> = problems.iter().map(told).collect();
    assert_eq!(
        lines,
        [
            "wrong-kind | gonogo | `a.test.yaml` is a suite, not a policy | name the policy; a suite is run by `gonogo test`"
        ]
    );
}

#[test]
fn the_same_suite_is_read_from_json_and_from_other_line_ends() {
    let plain = with("series: {every: 30s, m: ['0.1*3']}");
    let json = r#"{"gonogo": 1, "policy": "policy.yaml", "snapshots": {"s": "day.jsonl"}, "tests": [{"name": "n", "given": "s", "expect": {"verdict": "go"}, "series": {"every": "30s", "m": ["0.1*3"]}}]}"#;
    let (of_json, problems) = read(&Source::new("a.test.json", json), Format::Json);
    assert!(problems.is_empty(), "{problems:?}");
    let of_json = of_json.expect("a suite").tests;
    for text in [
        plain.clone(),
        plain.replace('\n', "\r\n"),
        format!("\u{feff}{plain}"),
    ] {
        let read = tests(&text);
        assert!(read[0].problems.is_empty(), "{:?}", read[0].problems);
        let samples =
            |test: &TestDocument| test.series.as_ref().expect("a series").metrics[0].1[0].samples;
        assert_eq!(samples(&read[0]), samples(&of_json[0]));
    }
}

#[test]
fn hostile_texts_are_told_of() {
    let deep = format!("{HEAD}tests: {}{}\n", "[".repeat(5_000), "]".repeat(5_000));
    assert!(wrong(&deep).starts_with("too-deep | "), "{}", wrong(&deep));
    let tabs = format!("{HEAD}tests:\n\t- {{name: a}}\n");
    assert!(wrong(&tabs).starts_with("yaml-tab | "), "{}", wrong(&tabs));
    assert!(wrong("").starts_with("empty | "), "{}", wrong(""));
    // Many wrong tests: each keeps one thing that is wrong with it.
    let many = format!("{HEAD}tests:\n{}", "  - {}\n".repeat(3_000));
    let (document, _) = parse(&many);
    let tests = document.expect("a suite").tests;
    assert_eq!(tests.len(), 3_000);
    assert!(tests.iter().all(|test| !test.problems.is_empty()));
    let told: usize = tests.iter().map(|test| test.problems.len()).sum();
    assert!(told < 5_000, "{told}");
    let too_many = format!("{HEAD}tests: [{}]\n", "3,".repeat(100_001));
    assert_eq!(
        wrong(&too_many),
        "too-large | 3 | a suite has more than 100000 tests | write several suites\n"
    );
    // A matrix whose values would fill the memory.
    let value = "v".repeat(10_000);
    let holes = "'${a}',".repeat(1_000);
    let text = with(&format!("matrix: [{{a: {value}}}], waivers: [{holes}]"));
    let told = wrong(&text);
    assert!(told.starts_with("n: bad-matrix | "), "{}", &told[..200]);
    assert!(
        told.contains("the matrices of the suite make more than 1000000 values"),
        "{}",
        &told[told.len() - 300..]
    );
    // Of a name as long as a document no more is told than somebody reads.
    let long = format!(
        "{HEAD}tests: [{{name: n, given: s, expect: {{verdict: go}}, shift: {}}}]\n",
        "k".repeat(100_000)
    );
    let (document, _) = parse(&long);
    assert!(
        document.expect("a suite").tests[0].problems[0]
            .message
            .len()
            < 3_000
    );
}

fn to_json(text: &str) -> Json {
    let (nodes, problems) = gonogo::source::yaml::parse(&Source::new("a.yaml", text));
    assert!(problems.is_empty(), "{problems:?}");
    crate::schemas::yaml_to_json(&nodes[0])
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_the_reader_takes_fits_the_schema_and_what_it_refuses_does_not() {
    let validator = jsonschema::validator_for(&schema::suite()).expect("a schema");
    let table = [
        ("", true),
        ("stage: a, now: 2025-10-16T10:05:00Z", true),
        ("shift: -2d, set: {a: 1, b: true, c: x}", true),
        ("params: {a: 1}", true),
        (
            "series: {every: 30s, a: ['0.1*3', 1, true, _, x], incidents.P0: ['1..2/3']}",
            true,
        ),
        (
            "matrix: [{a: 1, b: [x]}, {a: 2, b: [y]}], series: {every: '${a}s', m: '${b}'}",
            true,
        ),
        ("patch: {metrics: {a: null}, evidence: {t: null}}", true),
        ("baseline: {before: s, control: [s, {metrics: {}}]}", true),
        ("waivers: w.yaml", true),
        (
            "waivers: [{rule: a, stage: b, reason: c, owner: d, approved_by: e, expires: 2026-01-01T00:00:00Z}]",
            true,
        ),
        ("x-note: 1", true),
        ("serie: {}", false),
        ("stage: ", false),
        ("set: {a: 1}, params: {a: 1}", false),
        ("now: 2025-10-16T10:05:00Z, shift: 2d", false),
        ("series: {m: [1]}", false),
        ("series: {every: 30s}", false),
        ("series: {every: 30s, m: []}", false),
        ("series: {every: 30s, m: 1*3}", false),
        ("series: {every: 30s, m: [null]}", false),
        ("series: {every: 30s, m: [[1]]}", false),
        ("series: {every: 30s, m: ['']}", false),
        ("matrix: []", false),
        ("matrix: [3]", false),
        ("matrix: [{}]", false),
        ("matrix: {a: 1}", false),
        ("patch: [1]", false),
        ("baseline: s", false),
        ("set: [a]", false),
    ];
    for (fields, fits) in table {
        let text = with(fields);
        let (document, problems) = parse(&text);
        let tests = document.expect("a suite").tests;
        let read = problems.is_empty() && tests.iter().all(|test| test.problems.is_empty());
        let errors: Vec<String> = validator
            .iter_errors(&to_json(&text))
            .map(|error| error.to_string())
            .collect();
        assert_eq!(
            (read, errors.is_empty()),
            (fits, fits),
            "{fields}: {errors:?}"
        );
    }
    let table = [
        (
            "policy: p\ntests: [{name: n, given: {}, expect: {verdict: go}}]",
            true,
        ),
        (
            "policy: p\ntests: [{name: n, given: [a, {}], expect: {verdict: go}}]\nsnapshots: {a: [b, {}], x-old: 3}",
            true,
        ),
        ("policy: p\ntests: []", false),
        ("policy: p", false),
        (
            "tests: [{name: n, given: {}, expect: {verdict: go}}]",
            false,
        ),
        (
            "policy: p\ntests: [{name: n, given: [], expect: {verdict: go}}]",
            false,
        ),
        (
            "policy: p\ntests: [{name: '', given: {}, expect: {verdict: go}}]",
            false,
        ),
        (
            "policy: p\ntests: [{given: {}, expect: {verdict: go}}]",
            false,
        ),
        (
            "policy: p\ntests: [{name: n, expect: {verdict: go}}]",
            false,
        ),
        ("policy: p\ntests: [{name: n, given: {}}]", false),
        (
            "policy: p\ninclude: b\ntests: [{name: n, given: {}, expect: {verdict: go}}]",
            false,
        ),
        (
            "policy: p\nsnapshots: [a]\ntests: [{name: n, given: {}, expect: {verdict: go}}]",
            false,
        ),
        (
            "policy: p\nsnapshots: {a: []}\ntests: [{name: n, given: {}, expect: {verdict: go}}]",
            false,
        ),
    ];
    for (text, fits) in table {
        let text = format!("gonogo: 1\n{text}\n");
        let read = wrong(&text).is_empty();
        let schema = validator.is_valid(&to_json(&text));
        assert_eq!((read, schema), (fits, fits), "{text}");
    }
}

#[test]
fn expectations_fit_the_schema() {
    let validator = jsonschema::validator_for(&schema::suite()).expect("a schema");
    let table = [
        (
            "{verdict: rollback, causes: [fired], fired: [a, 'b[c]'], unmet: [], next: null}",
            true,
        ),
        (
            "{unknown: [], pending: [], waived: [], skipped: [], met: [], clear: []}",
            true,
        ),
        (
            "{held: {a: 1m, b: null}, messages: {a: b, c: [d]}, values: {a: {b: 6.1%}, c: 1}}",
            true,
        ),
        (
            "{to_change: {a: error_rate < 5%, b: [], c: [{input: d, op: <=, value: 3}]}, reason: x, exit_code: 0}",
            true,
        ),
        (
            "{escalation: [a], duties: {a: {by: b, overdue: true}}, rollback: {mode: m, target: null}}",
            true,
        ),
        (
            "{escalation: {a: {severity: P1, notify: [x], respond_by: 2025-10-16T10:05:00Z}}, rollback: null}",
            true,
        ),
        (
            "{warnings: [a], approved: a.txt, next: canary-25, x-note: 1}",
            true,
        ),
        (
            "{verdict: '${v}', fired: '${f}', exit_code: '${e}', causes: ['${c}']}",
            true,
        ),
        ("{}", false),
        ("[]", false),
        ("{verdict: maybe}", false),
        ("{verdict: }", false),
        ("{causes: fired}", false),
        ("{causes: [broken]}", false),
        ("{fired: a}", false),
        ("{fire: [a]}", false),
        ("{held: [a]}", false),
        ("{held: {}}", false),
        ("{exit_code: '1'}", false),
        ("{exit_code: 99}", false),
        ("{escalation: {a: {sevrity: P1}}}", false),
        ("{rollback: {mod: m}}", false),
        ("{to_change: {a: {input: b}}}", false),
    ];
    for (expect, fits) in table {
        let text =
            format!("gonogo: 1\npolicy: p\ntests: [{{name: n, given: {{}}, expect: {expect}}}]\n");
        assert_eq!(validator.is_valid(&to_json(&text)), fits, "{expect}");
    }
}

#[test]
fn shipped_suites_fit_the_schema_of_suites() {
    let validator = jsonschema::validator_for(&schema::suite()).expect("a schema");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let mut seen = 0;
    for policy in crate::support::folders("policies") {
        let Ok(suites) = std::fs::read_dir(root.join(&policy).join("tests")) else {
            continue;
        };
        for suite in suites {
            let path = suite.expect("a file").path();
            if !path.to_string_lossy().ends_with(".test.yaml") {
                continue;
            }
            let json = to_json(&crate::support::read(&path));
            let errors: Vec<String> = validator
                .iter_errors(&json)
                .map(|e| format!("{}: {e}", e.instance_path()))
                .collect();
            assert!(
                errors.is_empty(),
                "{}:\n{}",
                path.display(),
                errors.join("\n")
            );
            seen += 1;
        }
    }
    assert!(seen > 0, "no suite is shipped");
}

/// The keys that the reader knows of a map, from what it says of one it does not.
fn keys_read(text: &str) -> Vec<String> {
    let told = wrong(text);
    let help = told
        .split(" are ")
        .nth(1)
        .unwrap_or_else(|| panic!("{told}"));
    let mut keys: Vec<String> = help.trim().split(", ").map(str::to_owned).collect();
    keys.sort();
    keys
}

#[test]
fn the_schema_and_the_reader_know_the_same_keys_of_suites() {
    let schema = schema::suite();
    let keys = |schema: &Json| -> Vec<String> {
        let mut keys: Vec<String> = schema["properties"]
            .as_object()
            .expect("properties")
            .keys()
            .cloned()
            .collect();
        keys.sort();
        keys
    };
    let stray = "zzzzzzzzzzzzzzzzzzzz: 1";
    assert_eq!(keys_read(&with(stray)), keys(&schema["$defs"]["test"]));
    assert_eq!(keys_read(&format!("{}{stray}\n", with(""))), keys(&schema));
}

#[test]
fn snapshots_that_a_wrong_test_would_be_given_are_not_unused() {
    let policy = Source::new(
        "policy.yaml",
        "gonogo: 1\nname: p\ninputs: {a: {type: int}}\nrequire: [{id: r, expr: a > 1}]\n",
    );
    let bound = |text: &str| {
        let (document, problems) = parse(text);
        assert!(problems.is_empty(), "{problems:?}");
        let files = gonogo::suite::Files::default();
        gonogo::suite::bind(&document.expect("a suite"), &policy, files)
    };
    let head = "gonogo: 1\npolicy: policy.yaml\nsnapshots: {s: {at: 2025-10-16T10:05:00Z, metrics: {a: 1}}}\n";
    let right =
        "{name: m, given: {at: 2025-10-16T10:05:00Z, metrics: {a: 2}}, expect: {verdict: go}}";
    for broken in [
        "{name: n, given: '${g}', matrix: [{g: s, h: 1}], expect: {verdict: go}}",
        "{name: n, given: '${g}', matrix: [{g: s}], expect: {verdict: go}, expect: {verdict: go}}",
        "{name: n, given: '${g}', matrix: [{g: t}, {g: s}], expext: {verdict: go}}",
    ] {
        let suite = bound(&format!("{head}tests: [{broken}, {right}]\n")).expect("a suite");
        let wrong: Vec<bool> = suite
            .cases
            .iter()
            .map(|case| !case.problems.is_empty())
            .collect();
        assert_eq!(
            (wrong.first(), wrong.last()),
            (Some(&true), Some(&false)),
            "{broken}"
        );
    }
    assert!(bound(&format!("{head}tests: [{right}]\n")).is_err());
}
