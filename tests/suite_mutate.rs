//! Mutants of policies: which there are, which tests notice them, and which nobody can.

use gonogo::snapshot::Format;
use gonogo::source::Source;
use gonogo::suite::mutate::trial::grouped;
use gonogo::suite::mutate::{Count, Fate, Trial, Unfit, prepare};
use gonogo::suite::report::mutants;
use gonogo::suite::{Files, Suite, bind, read};

/// A suite of these tests, one line each, of a policy with these lines.
fn suite(policy: &str, tests: &[&str]) -> Suite {
    let tests: String = tests.iter().map(|test| format!("  {test}\n")).collect();
    let text = format!("gonogo: 1\npolicy: policy.yaml\ntests:\n{tests}");
    let source = Source::new("suite.test.yaml", text);
    let (document, problems) = read(&source, Format::Yaml);
    assert!(problems.is_empty(), "{problems:?}");
    let policy = format!("gonogo: 1\nname: small\n{policy}\n");
    let policy = Source::new("policy.yaml", policy);
    let bound = bind(&document.expect("a suite"), &policy, Files::default());
    bound.unwrap_or_else(|unbound| panic!("{unbound:?}"))
}

/// A test that is given these metrics.
fn given(name: &str, metrics: &str, expect: &str) -> String {
    let at = "2026-01-01T00:00:00Z";
    format!("- {{name: {name}, given: {{at: {at}, metrics: {{{metrics}}}}}, expect: {{{expect}}}}}")
}

fn trial(suite: &Suite) -> Trial<'_> {
    prepare(&[suite], &[]).unwrap_or_else(|unfit| panic!("{unfit}"))
}

/// The lines of all mutants, without file and place, those that no snapshot can tell from the policy marked.
fn lines(policy: &str) -> Vec<String> {
    let idle = given("idle", "", "verdict: no-go");
    let suite = suite(policy, &[&idle]);
    let trial = trial(&suite);
    let mutants = trial.mutants.iter();
    let mutants = mutants.filter(|mutant| trial.try_mutant(mutant) != Fate::Refused);
    mutants
        .map(|mutant| {
            let mark = if mutant.equivalent {
                " (equivalent)"
            } else {
                ""
            };
            format!(
                "{}: {} -> {}{mark}",
                mutant.rule, mutant.was, mutant.becomes
            )
        })
        .collect()
}

/// What became of each mutant by these tests: the test that noticed it, or how it ended.
fn fates(policy: &str, tests: &[&str]) -> Vec<(String, String)> {
    let suite = suite(policy, tests);
    let trial = trial(&suite);
    let told = |fate: Fate| match fate {
        Fate::Killed(by) => by.split(" > ").nth(1).unwrap_or_default().to_owned(),
        other => format!("{other:?}"),
    };
    let mutants = trial.mutants.iter();
    mutants
        .map(|mutant| (mutant.becomes.clone(), told(trial.try_mutant(mutant))))
        .collect()
}

const SPIKE: &str = "\
inputs: {error_rate: {type: double, unit: ratio, range: [0, 1]}}
require: [{id: known, expr: known(error_rate)}]
rollback:
  - {id: spike, expr: error_rate >= q(\"5%\"), for: 2m}";

#[test]
fn every_step_away_from_a_limit_is_a_mutant() {
    let expected = [
        "known: require: known(error_rate) -> no rule",
        "spike: rollback: error_rate >= q(\"5%\") -> no rule",
        "spike: rollback -> hold",
        "spike: error_rate >= q(\"5%\") -> error_rate > q(\"5%\")",
        // One step up is `>` already.
        "spike: error_rate >= q(\"5%\") -> error_rate >= 0.049999999999999996",
        "spike: error_rate >= q(\"5%\") -> error_rate >= q(\"4.95%\")",
        "spike: error_rate >= q(\"5%\") -> error_rate >= q(\"5.05%\")",
        "spike: for: 2m -> for: 1m",
        "spike: for: 2m -> for: 4m",
    ];
    assert_eq!(lines(SPIKE), expected);
}

#[test]
fn operands_are_dropped_and_what_means_the_same_is_found() {
    let policy = "\
inputs: {n: {type: int}, open: {type: bool}, k: {type: int, range: [0, 100]}}
require:
  - {id: few, expr: n <= 5 && open}
  - {id: other, expr: '!open || k < 101'}";
    let expected = [
        "few: require: n <= 5 && open -> no rule",
        "few: n <= 5 && open -> open",
        "few: n <= 5 && open -> n < 5 && open",
        "few: n <= 5 && open -> n <= 6 && open",
        "few: n <= 5 && open -> n <= 5",
        "other: require: !open || k < 101 -> no rule",
        "other: !open || k < 101 -> open || k < 101",
        "other: !open || k < 101 -> k < 101",
        "other: !open || k < 101 -> !open",
        // No snapshot says more than 100.
        "other: !open || k < 101 -> !open || k <= 101 (equivalent)",
        "other: !open || k < 101 -> !open || k < 100",
        "other: !open || k < 101 -> !open || k < 99",
        "other: !open || k < 101 -> !open || k < 103 (equivalent)",
    ];
    assert_eq!(lines(policy), expected);
}

#[test]
fn parts_of_maps_listed_texts_and_lengths_of_time_have_theirs() {
    let policy = "\
inputs: {t: {type: \"map<string, int>\"}, s: {type: string, values: [a, b, c]}}
require:
  - {id: none, expr: 't[\"P0\"] == 0'}
  - {id: tone, expr: 's in [\"a\", \"b\"]'}
  - {id: aged, expr: stage.elapsed > duration(\"3m\")}
  - {id: each, expr: 't.all(k, t[k] < 2)'}";
    let expected = [
        "none: require: t[\"P0\"] == 0 -> no rule",
        "none: t[\"P0\"] == 0 -> t[\"P0\"] != 0",
        "none: t[\"P0\"] == 0 -> t[\"P0\"] == -1",
        "none: t[\"P0\"] == 0 -> t[\"P0\"] == 1",
        "tone: require: s in [\"a\", \"b\"] -> no rule",
        "tone: s in [\"a\", \"b\"] -> s in [\"b\"]",
        "tone: s in [\"a\", \"b\"] -> s in [\"a\"]",
        "aged: require: stage.elapsed > duration(\"3m\") -> no rule",
        "aged: stage.elapsed > duration(\"3m\") -> stage.elapsed >= duration(\"3m\")",
        "aged: stage.elapsed > duration(\"3m\") -> stage.elapsed > duration(\"3m1ns\")",
        "aged: stage.elapsed > duration(\"3m\") -> stage.elapsed > duration(\"2m58s200ms\")",
        "aged: stage.elapsed > duration(\"3m\") -> stage.elapsed > duration(\"3m1s800ms\")",
        "each: require: t.all(k, t[k] < 2) -> no rule",
        "each: t.all(k, t[k] < 2) -> t.exists(k, t[k] < 2)",
        "each: t.all(k, t[k] < 2) -> t.all(k, t[k] <= 2)",
        "each: t.all(k, t[k] < 2) -> t.all(k, t[k] < 1)",
    ];
    assert_eq!(lines(policy), expected);
}

#[test]
fn a_factor_is_moved_by_one_in_a_hundred_alone() {
    let policy = "\
baselines: [before]
inputs: {tickets: {type: double}}
require: [{id: more, expr: tickets <= before.tickets * q(\"110%\")}]";
    let expected = [
        "more: tickets <= before.tickets * q(\"110%\") -> tickets < before.tickets * q(\"110%\")",
        "more: tickets <= before.tickets * q(\"110%\") -> tickets <= before.tickets * q(\"108.9%\")",
        "more: tickets <= before.tickets * q(\"110%\") -> tickets <= before.tickets * q(\"111.1%\")",
    ];
    assert_eq!(lines(policy), expected);
}

#[test]
fn defaults_names_and_keys_are_changed_where_they_are_written() {
    let policy = "\
inputs: {n: {type: int}}
params: {most: {type: int, default: 3}, never: {type: int, default: 3}}
let: {busy: n > 10}
require: [{id: few, expr: n < params.most || busy, on_unmet: rollback}]
hold: [{id: odd, expr: n == 7, missing: ignore, watch: true, for: bake}]
stages: []";
    let policy = policy
        .replace("\nstages: []", "")
        .replace(", for: bake", "");
    let expected = [
        "params.most: default: 3 -> default: 2",
        "let.busy: n > 10 -> n >= 10",
        "let.busy: n > 10 -> n > 11",
        "few: require: n < params.most || busy -> no rule",
        "few: n < params.most || busy -> busy",
        "few: n < params.most || busy -> n <= params.most || busy",
        "few: n < params.most || busy -> n < params.most",
        "few: on_unmet: rollback -> no on_unmet",
        "odd: hold: n == 7 -> no rule",
        "odd: hold -> rollback",
        "odd: watch: true -> no watch",
        "odd: n == 7 -> n != 7",
        "odd: n == 7 -> n == 6",
        "odd: n == 7 -> n == 8",
        "odd: missing: ignore -> no missing",
    ];
    assert_eq!(lines(&policy), expected);
}

#[test]
fn proofs_have_theirs() {
    let policy = "\
inputs: {n: {type: int}}
require:
  - {id: cab, approve: {any: 2, not_by: [author]}}
  - {id: tests, evidence: {id: unit, max_age: 1h, commit: same, where: data.coverage > 0.5}}";
    let expected = [
        "cab: require: approve -> no rule",
        "cab: any: 2 -> any: 1",
        "cab: not_by: [author] -> no not_by",
        "tests: require: evidence: unit -> no rule",
        "tests: max_age: 1h -> max_age: 2h",
        "tests: commit: same -> no commit",
        "tests: where: data.coverage > 0.5 -> where: data.coverage >= 0.5",
        "tests: where: data.coverage > 0.5 -> where: data.coverage > 0.5000000000000001",
        "tests: where: data.coverage > 0.5 -> where: data.coverage > 0.495",
        "tests: where: data.coverage > 0.5 -> where: data.coverage > 0.505",
    ];
    assert_eq!(lines(policy), expected);
}

#[test]
fn however_an_expression_is_written_its_mutants_are_the_same() {
    let head = "inputs: {a: {type: int}, b: {type: int}}\nrequire:\n";
    let styles = [
        "  - id: r\n    expr: (a < 5) && ((b == 0))",
        "  - {id: r, expr: (a < 5) && ((b == 0))}",
        "  - {id: r, expr: '(a < 5) && ((b == 0))'}",
        "  - {\"id\": r, \"expr\": \"(a \\u003c 5) && ((b =\\x3d 0))\"}",
        "  - id: r\n    expr: |\n      (a < 5)\n      && ((b == 0))",
        "  - id: r\n    expr: >-\n      (a < 5)\n      && ((b == 0))",
        "  - id: r\n    expr: (a < 5)\n      && ((b == 0))   # b is none",
    ];
    let expected = [
        "r: (a < 5) && ((b == 0)) -> ((b == 0))",
        "r: (a < 5) && ((b == 0)) -> (a <= 5) && ((b == 0))",
        "r: (a < 5) && ((b == 0)) -> (a < 4) && ((b == 0))",
        "r: (a < 5) && ((b == 0)) -> (a < 5)",
        "r: (a < 5) && ((b == 0)) -> (a < 5) && ((b != 0))",
        "r: (a < 5) && ((b == 0)) -> (a < 5) && ((b == -1))",
        "r: (a < 5) && ((b == 0)) -> (a < 5) && ((b == 1))",
    ];
    for style in styles {
        assert_eq!(lines(&format!("{head}{style}")), expected, "{style}");
    }
}

#[test]
fn parentheses_stay_balanced_where_an_operand_goes() {
    let head =
        "inputs: {a: {type: bool}, b: {type: bool}, c: {type: bool}, d: {type: bool}}\nrequire:\n";
    let policy = format!("{head}  - id: r\n    expr: ((a) || (b && c)) && (d)");
    let becomes = lines(&policy);
    let expected = [
        "((b && c)) && (d)",
        "((a) || (b && c))",
        "((a)) && (d)",
        "((a) || (c)) && (d)",
        "((a) || (b)) && (d)",
        "(d)",
    ];
    let mut found: Vec<&str> = becomes
        .iter()
        .filter_map(|line| line.split_once(" -> ").map(|(_, becomes)| becomes))
        .collect();
    found.sort_unstable();
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

const STAGES: &str = "\
inputs: {a: {type: int}, b: {type: int}}
stages:
  - name: live
    abstract: true
    require: [{id: low, expr: a < 5, for: 1m}]
    hold: [{id: soft, expr: b > 3}]
  - {name: one, extends: live, bake: 10m, require: [{id: low, for: 4m}]}
  - {name: two, extends: one, drop: [soft], require: [{id: own, expr: b == 0}]}";

#[test]
fn what_is_taken_over_is_changed_once_and_noticed_in_every_heir() {
    let expected = [
        "low: require: a < 5 -> no rule",
        "low: a < 5 -> a <= 5",
        "low: a < 5 -> a < 4",
        "low: for: 1m -> for: 30s",
        "low: for: 1m -> for: 2m",
        "soft: hold: b > 3 -> no rule",
        "soft: hold -> rollback",
        "soft: b > 3 -> b >= 3",
        "soft: b > 3 -> b > 4",
        "stage.bake: bake: 10m -> bake: 5m",
        "stage.bake: bake: 10m -> bake: 20m",
        "low: this override -> none",
        "low: for: 4m -> for: 2m",
        "low: for: 4m -> for: 8m",
        "own: require: b == 0 -> no rule",
        "own: b == 0 -> b != 0",
        "own: b == 0 -> b == -1",
        "own: b == 0 -> b == 1",
    ];
    let test = |stage: &str| {
        format!(
            "- {{name: {stage}, stage: {stage}, given: {{at: 2026-01-01T00:00:00Z, metrics: {{a: 5, b: 3}}}}, \
             expect: {{unmet: [{}], fired: []}}}}",
            if stage == "one" { "low" } else { "low, own" }
        )
    };
    let (one, two) = (test("one"), test("two"));
    let suite = suite(STAGES, &[&two, &one]);
    let trial = trial(&suite);
    let told = trial.mutants.iter();
    let told: Vec<String> = told
        .map(|mutant| format!("{}: {} -> {}", mutant.rule, mutant.was, mutant.becomes))
        .collect();
    assert_eq!(told, expected);
    let by = |becomes: &str| {
        let found = trial
            .mutants
            .iter()
            .find(|mutant| mutant.becomes == becomes);
        trial.try_mutant(found.expect("such a mutant"))
    };
    assert_eq!(by("a <= 5"), Fate::Killed("suite.test.yaml > two".into()));
    // Stage two has dropped it: only stage one can tell.
    assert_eq!(by("b >= 3"), Fate::Killed("suite.test.yaml > one".into()));
    assert_eq!(by("b > 4"), Fate::Survived);
    assert_eq!(by("b == 1"), Fate::Survived);
    assert_eq!(by("b != 0"), Fate::Killed("suite.test.yaml > two".into()));
    // Both stages say how long themselves.
    assert_eq!(by("for: 30s"), Fate::Survived);
}

#[test]
fn a_mutant_dies_by_the_test_that_looks_where_it_differs() {
    let low = given("low", "error_rate: 0.001", "verdict: go, clear: [spike]");
    let limit = given(
        "limit",
        "error_rate: 0.05",
        "verdict: no-go, unknown: [spike]",
    );
    let run = |samples: &str| {
        format!(
            "- {{name: 'run {samples}', given: [{{at: 2026-01-01T00:00:00Z, metrics: {{error_rate: 0.01}}}}, \
             {{at: 2026-01-01T00:10:00Z, metrics: {{error_rate: 0.01}}}}], \
             series: {{every: 30s, error_rate: ['{samples}']}}, expect: {{verdict: VERDICT}}}}"
        )
    };
    let short = run("0.05*4").replace("VERDICT", "no-go");
    let exact = run("0.05*5").replace("VERDICT", "rollback");
    let before = given(
        "before",
        "error_rate: 0.04999999999999999",
        "clear: [spike]",
    );
    let tests = [low, limit, short, exact, before];
    let tests: Vec<&str> = tests.iter().map(String::as_str).collect();
    let found = fates(SPIKE, &tests);
    let by = |becomes: &str| {
        let found = found.iter().find(|(told, _)| told == becomes);
        found.map_or("not there", |(_, fate)| fate.as_str())
    };
    assert_eq!(by("error_rate > q(\"5%\")"), "limit");
    assert_eq!(by("error_rate >= q(\"5.05%\")"), "limit");
    assert_eq!(by("error_rate >= q(\"4.95%\")"), "before");
    assert_eq!(by("for: 1m"), "run 0.05*4");
    assert_eq!(by("for: 4m"), "run 0.05*5");
    assert_eq!(by("hold"), "run 0.05*5");
    // The double before the limit is not the one that the test gives.
    assert_eq!(by("error_rate >= 0.049999999999999996"), "Survived");
    let without = fates(SPIKE, &tests[..1]);
    for becomes in ["error_rate > q(\"5%\")", "for: 1m", "for: 4m", "hold"] {
        assert!(
            without.contains(&(becomes.to_owned(), "Survived".to_owned())),
            "{becomes}"
        );
    }
}

#[test]
fn the_share_of_the_killed_leaves_out_what_nobody_can_kill() {
    let policy = "\
inputs: {k: {type: int, range: [0, 100]}}
require: [{id: some, expr: k < 101}]";
    let low = given("low", "k: 1", "verdict: go");
    let suite = suite(policy, &[&low]);
    let mutation = trial(&suite).all();
    let count = mutation.count();
    let expected = Count {
        killed: 0,
        survived: 2,
        equivalent: 2,
    };
    // The rule left out would leave a policy without any, which is none.
    assert_eq!(
        count,
        expected,
        "{}",
        mutants::text(std::slice::from_ref(&mutation))
    );
    let text = mutants::text(std::slice::from_ref(&mutation));
    let place = "policy.yaml:4:30";
    assert!(
        text.contains(&format!(
            "equivalent  {place}  some: k < 101  →  k <= 101\n"
        )),
        "{text}"
    );
    assert!(
        text.ends_with("small: 0 mutants killed · 2 survived · 2 equivalent · 0 % killed\n"),
        "{text}"
    );
    let data = serde_json::to_value(mutants::data(&[mutation])).expect("JSON");
    assert_eq!(data["killed"], 0);
    assert_eq!(data["survived"][0]["becomes"], "k < 100");
    assert_eq!(data["survived"][0]["rule"], "some");
    assert_eq!(data["equivalent"][0]["place"], place);
    assert!(data["percent"] == 0.0);
}

#[test]
fn nothing_is_tried_while_a_test_fails_or_for_a_rule_there_is_not() {
    let wrong = given("wrong", "error_rate: 0.001", "verdict: rollback");
    let failing = suite(SPIKE, &[&wrong]);
    match prepare(&[&failing], &[]) {
        Err(Unfit::Failing(tests)) => assert_eq!(tests, ["suite.test.yaml > wrong"]),
        other => panic!("{other:?}"),
    }
    let right = given("right", "error_rate: 0.001", "verdict: go");
    let passing = suite(SPIKE, &[&right]);
    match prepare(&[&passing], &["spke".to_owned()]) {
        Err(Unfit::Unknown(problem)) => {
            assert_eq!(problem.help.as_deref(), Some("did you mean `spike`?"));
        }
        other => panic!("{other:?}"),
    }
    let narrow = prepare(&[&passing], &["known".to_owned()]).expect("a rule");
    assert_eq!(narrow.mutants.len(), 1);
}

#[test]
fn suites_of_one_policy_count_together() {
    let limit = given("limit", "error_rate: 0.05", "unknown: [spike]");
    let low = given("low", "error_rate: 0.001", "verdict: go");
    let (one, other) = (suite(SPIKE, &[&low]), suite(SPIKE, &[&limit]));
    let third = suite(&SPIKE.replace("2m", "3m"), &[&low]);
    let groups = grouped([&one, &third, &other]);
    assert_eq!(groups.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    let trial = prepare(&groups[0], &["spike".to_owned()]).expect("suites that pass");
    let flipped = trial
        .mutants
        .iter()
        .find(|mutant| mutant.becomes == "error_rate > q(\"5%\")");
    assert!(matches!(
        trial.try_mutant(flipped.expect("the flip")),
        Fate::Killed(_)
    ));
}

#[test]
fn a_parameter_that_is_set_is_set_in_the_mutant_too() {
    let policy = "\
inputs: {n: {type: int}}
params: {most: {type: int, default: 3}}
require: [{id: few, expr: n < params.most}]";
    let set = "- {name: set, given: {at: 2026-01-01T00:00:00Z, metrics: {n: 7}}, set: {most: 8}, expect: {verdict: go}}";
    let found = fates(policy, &[set]);
    assert!(
        found.contains(&("default: 2".to_owned(), "Survived".to_owned())),
        "{found:?}"
    );
    let plain = given("plain", "n: 2", "verdict: go");
    let found = fates(policy, &[set, &plain]);
    assert!(
        found.contains(&("default: 2".to_owned(), "plain".to_owned())),
        "{found:?}"
    );
}

#[test]
fn every_suggestion_kills_the_survivor_it_is_made_for() {
    let policies = [
        SPIKE,
        STAGES,
        "inputs: {n: {type: int}, open: {type: bool}}\nrequire: [{id: few, expr: n <= 5 && open}]",
        "inputs: {m: {type: \"map<string, int>\"}}\nrequire: [{id: none, expr: 'm[\"P0\"] == 0 && m[\"P1\"] == 0'}]",
    ];
    let mut found = 0;
    let mut missing = Vec::new();
    for policy in policies {
        let stage = if policy == STAGES { ", stage: two" } else { "" };
        let idle = format!(
            "- {{name: idle{stage}, given: {{at: 2026-01-01T00:00:00Z, metrics: {{}}}}, expect: {{verdict: no-go}}}}"
        );
        let suite_of = |more: &[&str]| {
            let mut tests = vec![idle.as_str()];
            tests.extend(more);
            suite(policy, &tests)
        };
        let bare = suite_of(&[]);
        let trial = trial(&bare);
        for mutant in &trial.mutants {
            let tried = trial.tried(mutant);
            let Some(suggestion) = tried.suggestion else {
                if tried.fate == Fate::Survived {
                    missing.push(mutant.line());
                }
                continue;
            };
            found += 1;
            let more = suite_of(&[&suggestion.line]);
            let again = self::trial(&more);
            let name = format!("suite.test.yaml > {}", suggestion.name);
            assert_eq!(
                again.try_mutant(mutant),
                Fate::Killed(name),
                "{}",
                suggestion.line
            );
        }
    }
    println!("{found} suggestions; none for:\n{}", missing.join("\n"));
    assert!(found > 0);
}

#[test]
fn it_may_be_shared_between_threads() {
    fn shared<T: Sync>() {}
    shared::<Trial<'_>>();
}
