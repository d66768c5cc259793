//! What is wrong with an `expect`: the code, the words, the text it stands at, and the fix. A test with a mistake does not
//! run.

use super::{result, told};

/// Whether each of these is told so.
fn mistakes(expects: &[(&str, &str)]) {
    for (expect, words) in expects {
        assert_eq!(told(expect), format!("{words}\n"), "{expect}");
    }
}

#[test]
fn an_expect_without_anything() {
    mistakes(&[
        (
            "",
            "bad-expectation: a test that expects nothing passes whatever happens @ {}\n  say at least what the verdict is: expect: {verdict: go}",
        ),
        (
            "x-why: a note",
            "bad-expectation: a test that expects nothing passes whatever happens @ {x-why: a note}\n  say at least what the verdict is: expect: {verdict: go}",
        ),
        (
            "held: {}",
            "bad-expectation: `held` names nothing, so nothing can differ from it @ {}\n  name at least one, or remove it",
        ),
        (
            "values: {}",
            "bad-expectation: `values` names nothing, so nothing can differ from it @ {}\n  name at least one, or remove it",
        ),
    ]);
}

#[test]
fn keys_and_words_there_are_not() {
    mistakes(&[
        (
            "verdit: go",
            "unknown-key: `expect` has no `verdit` @ verdit\n  did you mean `verdict`?",
        ),
        (
            "verdict: nogo",
            "bad-value: `nogo` is none of `verdict` @ nogo\n  did you mean `no-go`?",
        ),
        (
            "causes: [fired, lost]",
            "bad-value: `lost` is none of `causes` @ lost\n  write one of fired, unmet, held, empty, unknown, pending, closed",
        ),
        (
            "exit_code: 3",
            "bad-value: `exit_code` is none that a verdict has @ 3\n  the exit codes of verdicts are 0, 6, 10, 11, 20",
        ),
        (
            "held: {spike: soon}",
            "bad-duration: `soon` is not a length of time @ soon\n  write a number and one of `ms`, `s`, `m`, `h`, `d`, `w`, such as `10m` or `1h30m`",
        ),
        (
            "escalation: {spike: {sevrity: P0}}",
            "unknown-key: a row of `escalation` has no `sevrity` @ sevrity\n  did you mean `severity`?",
        ),
        (
            "to_change: {spike: error_rate}",
            "bad-value: `error_rate` is no change of an input @ error_rate\n  write it as the report does: error_rate < 5%",
        ),
    ]);
}

#[test]
fn a_list_or_a_map_where_the_other_is_meant() {
    mistakes(&[
        (
            "fired: spike",
            "wrong-kind: `fired` is a list: all there are, and no other @ spike\n  write fired: [spike]",
        ),
        (
            "fired: null",
            "wrong-kind: `fired` is nothing, expected a list @ null\n  write fired: [], or leave it out to expect nothing of it",
        ),
        (
            "held: [spike]",
            "wrong-kind: `held` is a list, expected a map by rules @ [spike]\n  say how long the condition of each has held: held: {error-spike: 1m}",
        ),
        (
            "values: [error_rate]",
            "wrong-kind: `values` is a list, expected a map by expressions @ [error_rate]\n  say what each shows: values: {error_rate: 6.1%}",
        ),
    ]);
}

#[test]
fn names_the_stage_does_not_have() {
    mistakes(&[
        (
            "fired: [spik]",
            "unknown-rule: stage `canary` has no rule `spik` @ spik\n  did you mean `spike`?",
        ),
        (
            "unmet: [fast-everywhere]",
            "unknown-rule: stage `canary` has no rule `fast-everywhere` @ fast-everywhere\n  `full` has it: give the test `stage: full`, or name a rule of this stage",
        ),
        (
            "met: [stage.traffic]",
            "unknown-rule: stage `canary` has no rule `stage.traffic` @ stage.traffic\n  name a rule of that stage",
        ),
        (
            "unmet: ['fast[api]']",
            "bad-expectation: `fast` does not speak for each of a list, so it has no items @ 'fast[api]'\n  write `fast`",
        ),
        (
            "held: {spik: 1m}",
            "unknown-rule: stage `canary` has no rule `spik` @ spik\n  did you mean `spike`?",
        ),
        (
            "messages: {fats: x}",
            "unknown-rule: stage `canary` has no rule `fats` @ fats\n  did you mean `fast`?",
        ),
        (
            "values: {spik: {error_rate: 1}}",
            "unknown-rule: stage `canary` has no rule `spik` @ spik\n  did you mean `spike`?",
        ),
        (
            "next: ful",
            "unknown-stage: the policy has no stage `ful` @ ful\n  did you mean `full`?",
        ),
        (
            "escalation: [fast]",
            "bad-expectation: `fast` has no severity, so it asks for nobody @ fast\n  give it a `severity` in the policy, or expect it in `fired` or `unmet`",
        ),
        (
            "escalation: [page-led]",
            "unknown-rule: there is no row `page-led` of escalation @ page-led\n  did you mean `page-lead`?",
        ),
        (
            "escalation: {spike: {notify: [on-cal], severity: P1}}",
            "unknown-severity: the policy has no severity `P1` @ P1\n  did you mean `P0`?\nunknown-role: the policy has no role `on-cal` @ on-cal\n  did you mean `on-call`?",
        ),
        (
            "duties: [write a report]",
            "bad-expectation: the policy has no duty `write a report` @ write a report\n  did you mean `write the report`?",
        ),
        (
            "rollback: {reenter: canari}",
            "unknown-stage: the policy has no stage `canari` @ canari\n  did you mean `canary`?",
        ),
    ]);
}

#[test]
fn ids_are_looked_up_in_the_stage_that_is_judged() {
    let full = result("given: well, stage: full", "met: [fast-everywhere]");
    assert_eq!(super::text(&full), "passed\n");
    let full = result("given: well, stage: full", "fired: [spike]");
    assert_eq!(
        super::text(&full),
        "unknown-rule: stage `full` has no rule `spike` @ spike\n  `canary` has it: give the test `stage: canary`, or name a rule of this stage\n"
    );
}
