//! `docs/suites.md`: its policy, its suite, what it shows of coverage and mutation, and what it says is refused.

use std::path::Path;

use crate::support;
use crate::support::place::Place;

fn page() -> String {
    support::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/suites.md"))
}

/// The blocks of a language, in their order.
fn blocks(language: &str) -> Vec<String> {
    let page = page();
    let start = format!("```{language}\n");
    let blocks = page.split(&start).skip(1);
    blocks
        .map(|rest| rest.split("```").next().expect("its end").to_owned())
        .collect()
}

fn place() -> Place {
    // Each as it is to be saved.
    let files = ["canary.yaml", "canary.test.yaml"];
    files.into_iter().fold(Place::empty(), |place, name| {
        place.with(name, &blocks(&format!("yaml {name}"))[0])
    })
}

#[test]
fn its_suite_passes_and_its_commands_print_what_it_shows() {
    let place = place();
    let commands = blocks("console");
    let shown = blocks("text");
    assert_eq!((commands.len(), shown.len()), (3, 2));
    let run = |command: &str| {
        let arguments = command.trim().strip_prefix("$ gonogo ").expect("a command");
        let run = place.run(arguments);
        assert_eq!(run.code, 0, "{}", run.transcript);
        run
    };
    let plain = run(&commands[0]);
    assert!(
        plain.stdout.contains("7 passed · 0 failed"),
        "{}",
        plain.transcript
    );
    for (command, shown) in commands[1..].iter().zip(&shown) {
        let run = run(command);
        for line in shown.lines() {
            let told = run.stdout.lines().any(|told| told == line);
            assert!(told, "`{line}` is not in\n{}", run.transcript);
        }
    }
}

#[test]
fn what_it_says_is_refused_is() {
    let place = place();
    let test = |lines: &str| {
        format!(
            "gonogo: 1\npolicy: canary.yaml\ntests:\n  - name: wrong\n    given: {{at: 2025-10-16T10:00:00Z, metrics: \
             {{error_rate: 0.004}}}}\n{lines}"
        )
    };
    let go = "    expect: {verdict: go}\n";
    for (lines, code) in [
        (
            "    series: {every: 1m, error_rate: [\"0.1*\"]}\n",
            "bad-series",
        ),
        (
            "    series: {every: 1m, error_rate: [\"1..2/0\"]}\n",
            "bad-series",
        ),
        (
            "    series: {every: 1m, error_rate: [\"1..2/1\"]}\n",
            "bad-series",
        ),
        (
            "    series: {every: 1m, error_rate: [\"0.1*2.5\"]}\n",
            "bad-series",
        ),
        (
            "    series: {every: 1m, error_rate: [\"0.1*9\"]}\n",
            "bad-series",
        ),
        (
            "    series: {every: 1m, error_rat: [\"0.1*1\"]}\n",
            "undeclared-metric",
        ),
        ("    matrix: [{a: 1}, {b: 1}]\n", "bad-matrix"),
        (
            "    now: 2025-10-16T10:00:00Z\n    shift: 1d\n",
            "bad-value",
        ),
        ("    patch: {at: 2025-10-16T10:00:00Z}\n", "unknown-key"),
        ("    include: other.test.yaml\n", "unknown-key"),
        // Keys of the author's own are free; names of what there is are not.
        ("    set: {x-limit: 1}\n", "unknown-param"),
        (
            "    baseline: {x-before: {at: 2025-10-16T10:00:00Z}}\n",
            "unknown-baseline",
        ),
        ("    matrix: [{x-n: 1}]\n", "bad-matrix"),
        (
            "    series: {every: 1m, x-note: [\"1\"]}\n",
            "undeclared-metric",
        ),
    ] {
        place.write("wrong.test.yaml", test(&format!("{lines}{go}")));
        let run = place.run("test wrong.test.yaml");
        assert_eq!(run.code, 4, "{}", run.transcript);
        assert!(run.stderr.contains(code), "{code}: {}", run.transcript);
        // Others run all the same.
        let run = place.run("test");
        assert_eq!(run.code, 4, "{}", run.transcript);
        assert!(run.stdout.contains("7 passed"), "{}", run.transcript);
    }
}
