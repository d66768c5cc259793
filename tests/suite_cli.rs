//! `gonogo test` as a pipeline meets it: which tests run, in which order, on how many threads, and how it ends.

use std::fmt::Write as _;

use crate::support::place::{Place, Run};

pub(crate) const POLICY: &str = "\
gonogo: 1
name: canary
inputs:
  error_rate: {type: double, unit: ratio, range: [0, 1]}
require:
  - {id: errors, expr: error_rate < q(\"1%\")}
rollback:
  - {id: error-spike, expr: error_rate >= q(\"5%\")}
";

pub(crate) const GOOD: &str = "\
gonogo: 1
policy: policy.yaml
tests:
  - name: few errors go
    given: {at: 2025-10-16T10:05:00Z, metrics: {error_rate: 0.004}}
    expect: {verdict: go}
  - name: many errors roll back
    given: {at: 2025-10-16T10:05:00Z, metrics: {error_rate: 0.06}}
    expect: {verdict: rollback}
";

const FAILING: &str = "\
gonogo: 1
policy: policy.yaml
tests:
  - name: the limit itself
    given: {at: 2025-10-16T10:05:00Z, metrics: {error_rate: 0.05}}
    expect: {verdict: go}
";

/// The first test cannot run, the second one passes.
const MISTAKEN: &str = "\
gonogo: 1
policy: policy.yaml
tests:
  - name: nobody knows these
    given: healthy
    expect: {verdict: go}
  - name: few errors go
    given: {at: 2025-10-16T10:05:00Z, metrics: {error_rate: 0.004}}
    expect: {verdict: go}
";

/// A folder with a policy and a suite that passes.
pub(crate) fn place() -> Place {
    Place::empty()
        .with("policy.yaml", POLICY)
        .with("good.test.yaml", GOOD)
}

impl Run {
    fn ends(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{}", self.transcript);
        self
    }

    fn counts(&self, passed: usize, failed: usize, errors: usize) -> &Self {
        let line = format!("{passed} passed · {failed} failed · {errors} could not run");
        let told = self.stdout.lines().any(|told| told.contains(&line));
        assert!(told, "no `{line}` in\n{}", self.transcript);
        self
    }

    fn tells(&self, text: &str) -> &Self {
        assert!(
            self.stderr.contains(text),
            "no `{text}` in\n{}",
            self.transcript
        );
        self
    }
}

#[test]
fn a_folder_is_searched_for_suites_and_they_pass() {
    let place = place().with(
        "below/more.test.yml",
        GOOD.replace("policy: ", "policy: ../"),
    );
    let json = r#"{"gonogo": 1, "policy": "policy.yaml", "tests": [{"name": "few errors go",
        "given": {"at": "2025-10-16T10:05:00Z", "metrics": {"error_rate": 0.004}}, "expect": {"verdict": "go"}}]}"#;
    place.write("written.test.json", json);
    place.write("notes.yaml", "no suite");
    place.write(".hidden/secret.test.yaml", "no suite");
    for call in [
        "test",
        "test .",
        "test ./below good.test.yaml written.test.json",
    ] {
        let run = place.run(call);
        run.ends(0).counts(5, 0, 0);
        assert_eq!(run.stderr, "");
    }
}

#[test]
fn every_exit_code_and_the_greatest_wins() {
    let place = place()
        .with("failing.test.yaml", FAILING)
        .with("mistaken.test.yaml", MISTAKEN)
        .with(
            "wrong.yaml",
            "gonogo: 1\nname: canary\nrequire: [{id: errors, expr: error_rate <}]\n",
        )
        .with(
            "wrong-policy.test.yaml",
            GOOD.replace("policy.yaml", "wrong.yaml"),
        )
        .with(
            "no-policy.test.yaml",
            GOOD.replace("policy.yaml", "nowhere.yaml"),
        )
        .with("empty/notes.txt", "nothing");
    let codes = [
        ("good", 0),
        ("failing", 1),
        ("wrong-policy", 3),
        ("no-policy", 3),
        ("mistaken", 4),
        ("nowhere", 4),
    ];
    for (index, (name, code)) in codes.iter().enumerate() {
        place.run(&format!("test {name}.test.yaml")).ends(*code);
        for (other, greater) in &codes[index..] {
            let run = place.run(&format!("test {other}.test.yaml {name}.test.yaml"));
            run.ends(*greater);
        }
    }
    place
        .run("test empty")
        .ends(5)
        .tells("there is no suite in `empty`");
    place
        .run("test empty mistaken.test.yaml")
        .ends(5)
        .counts(1, 0, 1);
    // Whatever is wrong with one, the others ran.
    place.run("test .").ends(4).counts(3, 1, 1);
}

#[test]
fn a_policy_that_is_not_there_is_told_where_it_is_named() {
    let place = place().with(
        "lost.test.yaml",
        GOOD.replace("policy.yaml", "nowhere.yaml"),
    );
    place
        .run("test lost.test.yaml")
        .ends(3)
        .tells("there is no file `nowhere.yaml`")
        .tells("lost.test.yaml:2:9");
}

#[test]
fn usage_errors() {
    let place = place();
    let all = [
        ("test -", "not read from standard input"),
        ("test --update --check", "cannot be used with"),
        ("test --list --watch", "cannot be used with"),
        ("test --update --mutate", "cannot be used with"),
        ("test --list --format junit", "as text or as JSON"),
        ("test --coverage=json --format json", "--report"),
        ("test --coverage=xml", "invalid value 'xml'"),
        ("test --report tests.xml", "expected a format and a file"),
        ("test --report junit=", "expected a format and a file"),
        (
            "test --report xml=a",
            "`xml` is none of text, json, junit, lcov",
        ),
        ("test --min-coverage 101", "from 0 to 100"),
        ("test --min-coverage -1", "unexpected argument"),
        ("test --min-coverage nan", "from 0 to 100"),
        (
            "test --min-coverage lines=80",
            "`lines` is none of rules, branches, boundaries",
        ),
        ("test --min-killed 90", "--mutate"),
        ("test --mutate --min-killed many", "from 0 to 100"),
        ("test -j 0", "invalid value '0'"),
    ];
    for (call, told) in all {
        let run = place.run(call);
        run.ends(2).tells(told);
        assert_eq!(run.stdout, "", "{call}");
    }
    assert_eq!(place.call(&["test", "--filter", ""]).code, 2);
}

#[test]
fn tests_are_listed_and_none_runs() {
    let place = place().with("failing.test.yaml", FAILING).with(
        "lost.test.yaml",
        GOOD.replace("policy.yaml", "nowhere.yaml"),
    );
    let run = place.run("test --list good.test.yaml failing.test.yaml");
    let lines = "\
good.test.yaml > few errors go
good.test.yaml > many errors roll back
failing.test.yaml > the limit itself
";
    assert_eq!((run.code, run.stdout.as_str()), (0, lines));
    let run = place.call(&[
        "test",
        "--list",
        "--filter",
        "good.test.yaml > m",
        "--filter",
        "itself",
    ]);
    let lines = "\
failing.test.yaml > the limit itself
good.test.yaml > many errors roll back
";
    assert_eq!((run.code, run.stdout.as_str()), (3, lines));
    let run = place.run("test --list --format json failing.test.yaml");
    let json: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let test = serde_json::json!(
        {"file": "failing.test.yaml", "name": "the limit itself", "line": 4, "column": 11});
    assert_eq!(json, serde_json::json!({"tests": [test]}));
}

#[test]
fn a_filter_chooses_and_one_that_chooses_nothing_is_told() {
    let place = place().with("failing.test.yaml", FAILING);
    place.run("test --filter few").ends(0).counts(1, 0, 0);
    place.run("test --filter good.test").ends(0).counts(2, 0, 0);
    let run = place.call(&["test", "--filter", "few", "--filter", "itself"]);
    run.ends(1).counts(1, 1, 0);
    let run = place.run("test --filter nothing");
    run.ends(5).tells("no test has `nothing` in its name");
}

#[test]
fn a_suite_given_twice_runs_once() {
    let place = place();
    let run = place.run("test good.test.yaml ./good.test.yaml . good.test.yaml");
    run.ends(0).counts(2, 0, 0);
}

/// A suite of many tests, some of which fail and some cannot run.
fn many() -> String {
    let mut suite = "gonogo: 1\npolicy: policy.yaml\ntests:\n".to_owned();
    for index in 0..60 {
        let rate = f64::from(index) / 1000.0;
        let verdict = if index == 45 { "rollback" } else { "go" };
        let given = match index {
            20 | 50 => "healthy".to_owned(),
            _ => format!("{{at: 2025-10-16T10:05:00Z, metrics: {{error_rate: {rate}}}}}"),
        };
        let _ = writeln!(
            suite,
            "  - {{name: test {index}, given: {given}, expect: {{verdict: {verdict}}}}}"
        );
    }
    suite
}

#[test]
fn the_same_bytes_whatever_the_number_of_threads() {
    let place = place();
    for name in ["a", "b", "c"] {
        place.write(&format!("{name}.test.yaml"), many());
    }
    for flags in ["", " --fail-fast", " --list", " --filter 5"] {
        let one = place.run(&format!("test -j 1{flags}"));
        for threads in [2, 3, 8, 200] {
            let run = place.run(&format!("test -j {threads}{flags}"));
            assert_eq!(
                (run.code, run.stdout, run.stderr),
                (one.code, one.stdout.clone(), one.stderr.clone()),
                "-j {threads}{flags}"
            );
        }
    }
}

#[test]
fn the_first_that_does_not_pass_ends_it_if_asked() {
    let place = place().with("many.test.yaml", many());
    // Go below 1 %: the first ten pass.
    place
        .run("test --fail-fast many.test.yaml")
        .ends(1)
        .counts(10, 1, 0)
        .tells("49 tests not run: --fail-fast");
    // A suite that cannot be opened passes no more than a test that fails.
    let lost = GOOD.replace("policy.yaml", "nowhere.yaml");
    let place = place.with("lost.test.yaml", lost);
    let run = place.run("test --fail-fast good.test.yaml lost.test.yaml many.test.yaml");
    run.ends(3).counts(2, 0, 0).tells("60 tests not run");
    let run = place.run("test --fail-fast good.test.yaml");
    run.ends(0).counts(2, 0, 0);
    assert_eq!(run.stderr, "");
}

#[test]
fn what_tests_share_is_told_once() {
    let place = place().with("broken.jsonl", "{\"at\": \"yesterday\"}\n");
    let mut suite =
        "gonogo: 1\npolicy: policy.yaml\nsnapshots: {broken: broken.jsonl}\ntests:\n".to_owned();
    for index in 0..3 {
        let _ = writeln!(
            suite,
            "  - {{name: test {index}, given: broken, expect: {{verdict: go}}}}"
        );
    }
    place.write("shared.test.yaml", suite);
    let run = place.run("test shared.test.yaml");
    run.ends(4).counts(0, 0, 3);
    assert_eq!(run.stderr.matches("yesterday").count(), 2, "{}", run.stderr);
}

#[test]
fn the_help_has_examples_and_exit_codes() {
    let run = place().run("test --help");
    run.ends(0);
    for text in [
        "Examples:",
        "Exit codes:",
        "--min-coverage",
        "--mutate",
        "--watch",
    ] {
        assert!(run.stdout.contains(text), "{text}");
    }
}

#[test]
fn a_test_sets_lists_and_maps_as_the_command_line_does() {
    let place = place();
    place.write(
        "lists.yaml",
        "gonogo: 1\nname: lists\ninputs: {n: {type: int}}\nparams:\n  among: {type: \"list<int>\", default: [1]}\n  \
         most: {type: \"map<string, double>\", default: {n: 1}}\nrequire:\n  - {id: listed, expr: n in params.among}\n  \
         - {id: few, expr: 'double(n) <= params.most[\"n\"]'}\n",
    );
    let given = "{at: 2025-10-16T10:00:00Z, metrics: {n: 2}}";
    place.write(
        "lists.test.yaml",
        format!(
            "gonogo: 1\npolicy: lists.yaml\ntests:\n  - {{name: as it is, given: {given}, expect: {{unmet: [listed, few]}}}}\n  \
             - {{name: set, given: {given}, set: {{among: [2, 3], most: {{n: 2.5}}}}, expect: {{verdict: go}}}}\n"
        ),
    );
    let run = place.run("test lists.test.yaml");
    assert_eq!(run.code, 0, "{}", run.transcript);
    place.write(
        "two.json",
        "{\"at\": \"2025-10-16T10:00:00Z\", \"metrics\": {\"n\": 2}}",
    );
    let eval = |set: &[&str]| {
        let mut arguments = vec![
            "eval",
            "-p",
            "lists.yaml",
            "-s",
            "two.json",
            "--now",
            "latest",
        ];
        for one in set {
            arguments.extend(["--set", one]);
        }
        place.call(&arguments)
    };
    assert_eq!(eval(&["among=[2, 3]", "most={n: 2}"]).code, 0);
    assert_eq!(eval(&["among=[2, 3]"]).code, 10);
    for wrong in [
        "among=2",
        "among=[two]",
        "among=[2",
        "most=[2]",
        "among=null",
    ] {
        let run = eval(&[wrong]);
        assert_eq!(run.code, 2, "{wrong}: {}", run.transcript);
        assert!(run.stderr.contains("bad-param"), "{}", run.transcript);
    }
}
