//! What reports say first, and by which names: the order to roll back, values behind long names, paths from the folder the
//! program was started in, and names of which no two are alike.

use std::fs;

use serde_json::{Value as Json, json};

use crate::support::place::{Place, Run};

const POLICY: &str = "\
gonogo: 1
name: canary
inputs:
  rate: {type: double, unit: ratio}
  pages: {type: 'map<string, double>'}
require:
  - {id: errors, expr: rate < 0.01, action: look at the log}
rollback:
  - {id: spike, expr: rate > 0.05, action: turn it off}
rollback_plan: [{mode: instant, target: 0%, reenter: default}]
";
const BAD: &str = r#"{"at": "2025-10-16T10:05:00Z", "metrics": {"rate": 0.061}}"#;
const EACH: &str = "\
gonogo: 1
name: canary
inputs: {pages: {type: 'map<string, double>'}}
require: [{id: quiet, expr: 'pages[each] < 5.0', for_each: {each: [KEYS]}}]
";

fn place() -> Place {
    Place::empty()
        .with("gate/policy.yaml", POLICY)
        .with("bad.json", BAD)
}

fn ends(run: &Run, code: i32) {
    assert_eq!(run.code, code, "{}", run.transcript);
}

/// A policy with a rule for each of some keys, all of which are nine.
fn each(keys: &[String]) -> Place {
    let quoted: Vec<String> = keys
        .iter()
        .map(|key| Json::from(key.as_str()).to_string())
        .collect();
    let values: Vec<String> = quoted.iter().map(|key| format!("{key}: 9")).collect();
    let values = values.join(", ");
    Place::empty()
        .with("policy.yaml", EACH.replace("KEYS", &quoted.join(", ")))
        .with(
            "bad.json",
            format!(r#"{{"at": "2025-10-16T10:05:00Z", "metrics": {{"pages": {{{values}}}}}}}"#),
        )
}

#[test]
fn the_order_to_roll_back_comes_first() {
    let place = place();
    let order = "roll back: instant to 0%, re-enter at default";
    let call = "eval -q -p gate/policy.yaml -s bad.json --now latest";
    let run = place.run("eval -p gate/policy.yaml -s bad.json --now latest");
    ends(&run, 20);
    let first: Vec<&str> = run.stdout.lines().take(5).collect();
    assert_eq!(
        first,
        [
            "ROLLBACK  canary @ default   2025-10-16T10:05:00Z",
            "because   spike: rate is 6.1%, limit 5%",
            "do now    roll back: instant to 0%, re-enter at default",
            "to go     rate < 1%; enter the stage again",
            "",
        ]
    );
    let steps: Vec<&str> = run.stdout.split("\ndo now    ").skip(2).collect();
    assert!(
        steps[0].starts_with(&format!("{order}\n          turn it off\n")),
        "{}",
        run.stdout
    );
    for (format, wanted) in [
        (
            "markdown",
            format!("**spike: rate is 6.1%, limit 5%**\n\n**do now: {order}**\n"),
        ),
        (
            "tap",
            format!("# spike: rate is 6.1%, limit 5%\n# do now: {order}\n"),
        ),
        ("tap", format!("  details:\n    - \"do now: {order}\"\n")),
        (
            "junit",
            format!("limit 5%\" type=\"fired\">do now: {order}\n"),
        ),
        ("sarif", format!("\"doNow\": \"do now: {order}\"")),
        ("sarif", format!("limit 5%\\ndo now: {order}\\n")),
        ("gitlab", format!("limit 5%; do now: {order};")),
        (
            "github",
            format!("limit 5%%0Ado now: {}", order.replace("0%", "0%25")),
        ),
    ] {
        let run = place.run(&format!("{call} --format {format}"));
        let wanted = wanted.replace("5%%0A", "5%25%0A");
        assert!(run.stdout.contains(&wanted), "{wanted}\n{}", run.transcript);
    }
    // A rule that did not fire asks for none.
    let run = place.run(&format!("{call} --format gitlab"));
    assert_eq!(run.stdout.matches(order).count(), 1, "{}", run.stdout);
}

#[test]
fn what_looks_alike_is_told_apart_in_every_report() {
    let keys = [
        "a b",
        "a\tb",
        "a\nb",
        "fa\u{2060}st",
        "fa\u{200b}st",
        "so\u{ad}ft",
        "so\u{fe0f}ft",
        "c",
    ];
    let place = each(&keys.map(ToOwned::to_owned));
    for format in [
        "text", "html", "junit", "tap", "github", "gitlab", "sarif", "markdown",
    ] {
        let run = place.run(&format!(
            "eval -p policy.yaml -s bad.json --now latest --format {format}"
        ));
        ends(&run, 10);
        let text = run
            .stdout
            .replace("\\\\#", "#")
            .replace("\\#", "#")
            .replace("&#35;", "#")
            .replace("&#8203;", "");
        for (alike, count) in [("a b", 3), ("fa\u{fffd}st", 2), ("so\u{fffd}ft", 2)] {
            let name = format!("quiet[{alike}] #");
            let marked = text
                .replace("\\[", "[")
                .replace("\\]", "]")
                .replace("&#91;", "[")
                .replace("&#93;", "]");
            let digits = marked.split(&name).skip(1).filter_map(|rest| rest.get(..8));
            let mut digits: Vec<&str> = digits.collect();
            digits.sort_unstable();
            digits.dedup();
            assert_eq!(digits.len(), count, "{format} {alike}: {}", run.stdout);
        }
        for hidden in ['\u{2060}', '\u{200b}', '\u{ad}', '\u{fe0f}'] {
            assert!(!run.stdout.contains(hidden), "{format} {hidden:?}");
        }
    }
    // The same digits in all, and the rule is found by its own name.
    let run = place.run("eval -p policy.yaml -s bad.json --now latest --rule quiet");
    assert!(run.stdout.contains("quiet[a b] #"), "{}", run.stdout);
    assert!(run.stdout.contains("quiet[c]  unmet"), "{}", run.stdout);
    let (_, rest) = run.stdout.split_once("quiet[a b] #").expect("a name");
    let name = format!("quiet[a b] #{}", &rest[..8]);
    let run = place.run("eval -p policy.yaml -s bad.json --now latest --format junit");
    assert!(run.stdout.contains(&name), "{name}: {}", run.stdout);
}

#[test]
fn a_long_name_hides_no_value_and_no_limit() {
    let long = "N".repeat(100_000);
    let place = each(&[long]);
    for format in [
        "text", "html", "junit", "tap", "github", "gitlab", "sarif", "markdown",
    ] {
        let run = place.run(&format!(
            "eval -p policy.yaml -s bad.json --now latest --format {format}"
        ));
        ends(&run, 10);
        assert!(
            run.stdout.contains("is 9, limit 5"),
            "{format}: {}",
            run.stdout
        );
        assert!(run.stdout.contains("(clipped"), "{format}");
        assert!(run.stdout.len() < 120_000, "{format}: {}", run.stdout.len());
    }
}

#[test]
fn paths_are_those_of_the_folder_it_was_started_in() {
    let place = place();
    let folder = fs::canonicalize(place.path()).expect("a folder");
    let folder = folder.to_str().expect("a name");
    let paths = [
        "gate/policy.yaml".to_owned(),
        "./gate/../gate/./policy.yaml".to_owned(),
        format!("{folder}/gate/policy.yaml"),
        format!("{folder}/gate/../gate/policy.yaml"),
    ];
    for path in paths {
        let call = format!("eval -q -p {path} -s bad.json --now latest --format");
        let gitlab = place.run(&format!("{call} gitlab"));
        let issues: Json = serde_json::from_str(&gitlab.stdout).expect("JSON");
        assert_eq!(issues[0]["location"]["path"], "gate/policy.yaml", "{path}");
        let sarif = place.run(&format!("{call} sarif"));
        let log: Json = serde_json::from_str(&sarif.stdout).expect("JSON");
        let location = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(
            location["artifactLocation"],
            json!({"uri": "gate/policy.yaml", "uriBaseId": "%SRCROOT%"}),
            "{path}"
        );
        let github = place.run(&format!("{call} github"));
        assert!(
            github.stdout.contains("::error file=gate/policy.yaml,"),
            "{}",
            github.transcript
        );
    }
    // What lies elsewhere keeps its path.
    let other = Place::empty().with("policy.yaml", POLICY);
    let path = other.path().join("policy.yaml");
    let path = path.to_str().expect("a name");
    let run = place.run(&format!(
        "eval -q -p {path} -s bad.json --now latest --format gitlab"
    ));
    let issues: Json = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(issues[0]["location"]["path"], path);
}

#[test]
fn errors_of_a_kind_have_names_of_their_own() {
    let place = place().with(
        "broken.yaml",
        POLICY.replace("rate <", "rat <").replace("rate >", "rte >"),
    );
    for (call, count) in [
        ("-p broken.yaml -s bad.json", 2),
        ("-p gate/policy.yaml -s no.json -s none.json", 2),
    ] {
        let run = place.run(&format!("eval -q {call} --now latest --format junit"));
        let names = run.stdout.split("<testcase name=\"").skip(1);
        let mut names: Vec<&str> = names
            .filter_map(|rest| Some(rest.split_once('"')?.0))
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "{}", run.stdout);
        assert!(all >= count, "{}", run.transcript);
    }
}
