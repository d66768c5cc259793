//! What is said of an `at:` that is wrong, word by word.

use crate::support::told;
use gonogo::policy::check::{Settings, check};
use gonogo::source::Source;

/// The keys of a rule, and what is said of them: message and help.
const TABLE: &[(&str, &str, &str)] = &[
    (
        "at: {}",
        "`at` without `times` or `every`",
        "write `at: {times: [1h, 6h, 24h]}` or `at: {every: 12h, times: 4}`",
    ),
    ("at: 1h", "`at` is a text, not a map", "write a map here"),
    (
        "at: {times: []}",
        "`at` without a checkpoint",
        "list at least one length of time, such as `[1h, 6h]`",
    ),
    (
        "at: {times: [6h, 1h]}",
        "the checkpoint `1h` does not come after the one before it",
        "list them in the order of time, each once",
    ),
    (
        "at: {times: [1h, 60m]}",
        "the checkpoint `60m` does not come after the one before it",
        "list them in the order of time, each once",
    ),
    (
        "at: {times: [0h]}",
        "`0h` is no time at all",
        "write a duration such as 10m",
    ),
    (
        "at: {times: [1mo]}",
        "`1mo` is not a duration",
        "months differ in length: write days, such as `30d`",
    ),
    (
        "at: {times: [-1h]}",
        "`-1h` is not a duration",
        "write `1h`",
    ),
    (
        "at: {times: 4}",
        "4 checkpoints, and nobody says when",
        "write `every: 12h, times: 4`, or `times: [1h, 6h]`",
    ),
    (
        "at: {every: 12h, times: 0}",
        "`times: 0` is not a number from 1 to 10000",
        "write how often, such as `times: 4`; without `times` it goes on without end",
    ),
    (
        "at: {every: 12h, times: [1h]}",
        "`times` beside `every` is a number",
        "write how often: `at: {every: 12h, times: 4}`, or remove `every`",
    ),
    (
        "at: {every: 0s}",
        "`0s` is no time at all",
        "write a duration such as 10m",
    ),
    (
        "at: {times: [1h], within: 0s}",
        "`0s` is no time at all",
        "write a duration such as 10m",
    ),
    (
        "at: {time: [1h]}",
        "`at` has no `time`",
        "did you mean `times`?",
    ),
    (
        "at: {times: [1h]}, for: 10m",
        "a rule is judged at checkpoints or throughout a time, not both",
        "remove `for` or `at`; for a mean up to each checkpoint, write a window such as `.avg(\"1h\")`",
    ),
];

fn problems(effect: &str, keys: &str) -> Vec<gonogo::source::Problem> {
    let text = format!(
        "gonogo: 1\nname: p\ninputs: {{x: {{type: double}}}}\n{effect}:\n  - {{id: r, expr: x < 5.0, {keys}}}\n"
    );
    check(&Source::new("policy.yaml", text), &Settings::new()).1
}

#[test]
fn every_slip_is_told_with_its_fix() {
    for (keys, message, help) in TABLE {
        let problems = problems("require", keys);
        let found = problems
            .iter()
            .find(|problem| problem.message == *message)
            .unwrap_or_else(|| panic!("{keys}: {}", told(&problems)));
        assert_eq!(found.help.as_deref(), Some(*help), "{keys}");
    }
}

#[test]
fn a_stop_has_no_checkpoints() {
    for effect in ["hold", "rollback"] {
        let problems = problems(effect, "at: {times: [1h]}");
        assert_eq!(problems.len(), 1, "{}", told(&problems));
        assert_eq!(problems[0].message, "`at` is for `require`");
    }
}

#[test]
fn what_is_right_is_accepted() {
    for keys in [
        "at: {times: [1h, 6h, 24h], within: 30m}",
        "at: {times: 24h}",
        "at: {every: 30m}",
        "at: {every: 12h, times: 4, x-why: shifts}",
    ] {
        let problems = problems("require", keys);
        assert!(problems.is_empty(), "{keys}: {}", told(&problems));
    }
}
