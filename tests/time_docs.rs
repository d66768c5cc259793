//! The table of `docs/time.md`, one example of each kind: its rules judged on a fixed scenario each, one sample before the
//! limit, at it, and one after.

use std::path::Path;

use crate::rows::scenario::Scenario;
use crate::support;

/// A line of the table.
struct Example {
    kind: String,
    effect: String,
    rule: String,
    /// `met, go` before the limit, at it, and after it.
    cells: [String; 3],
}

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/time.md");
    let text = support::read(&path);
    let (_, section) = text
        .split_once("\n## One example of each kind\n")
        .expect("the section");
    let end = section.find("\n## ").unwrap_or(section.len());
    section[..end].to_owned()
}

/// The inputs that the section begins with.
fn head(section: &str) -> String {
    let (_, rest) = section.split_once("```yaml\n").expect("the inputs");
    rest.split("```").next().expect("their end").to_owned()
}

fn examples(section: &str) -> Vec<Example> {
    let lines = section.lines().filter(|line| line.starts_with("| "));
    lines.skip(1).map(example).collect()
}

fn example(line: &str) -> Example {
    let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
    let [kind, rule, cells @ ..] = cells.as_slice() else {
        panic!("{line}");
    };
    let (effect, rule) = rule.trim_matches('`').split_once(": ").expect(line);
    let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
    Example {
        kind: (*kind).to_owned(),
        effect: effect.to_owned(),
        rule: rule.to_owned(),
        cells: cells.try_into().unwrap_or_else(|_| panic!("{line}")),
    }
}

impl Example {
    /// The rule alone. Beside a stop stands a requirement that is always met.
    fn scenario(&self, head: &str) -> Scenario {
        let other = match self.effect.as_str() {
            "require" => "",
            _ => "require: [{id: other, expr: 'true'}]\n",
        };
        let policy = format!("{head}{other}{}:\n  - {}\n", self.effect, self.rule);
        let (_, rest) = self.rule.split_once("{id: ").expect("an id");
        let id = rest.split(',').next().expect("an id");
        Scenario::of(&self.kind, policy, id, "default")
    }
}

/// The samples of a kind, and the index of the one at the limit.
fn samples(kind: &str, scenario: Scenario) -> (Scenario, usize) {
    match kind {
        "sustained" => {
            let errors = scenario.every("30s").values("error_rate", "0.04 0.05*6");
            (errors, 1 + 4)
        }
        "consecutive window" => {
            let errors = scenario.values("error_rate", "0.01 0.009*1442");
            (errors, 1 + 24 * 60)
        }
        "checkpoint" => {
            let errors = "0.02 0.009 0.02*4 0.009 0.02*17 0.009 0.02";
            (scenario.every("1h").values("error_rate", errors), 24)
        }
        "trend" => {
            let latency = scenario.every("1h");
            (latency.values("latency_p95", "300*25 310 320 330"), 26)
        }
        "baseline" => {
            let tickets = scenario.every("1d").values("tickets", "21 22 23");
            (tickets.baseline("before.tickets", "20"), 1)
        }
        "rate in a window" => {
            let crashes = scenario.every("15s");
            (crashes.values("crashes", "0*5 1 2 3 4 6 8"), 9)
        }
        "band" => {
            let errors = scenario.every("30s");
            (errors.values("error_rate", "0.019 0.02 0.021"), 1)
        }
        "distribution" => {
            let shares = scenario
                .every("5m")
                .values("durations.<10m", "0.6*3")
                .values("durations.>30m", "0.09 0.1 0.11");
            (shares, 1)
        }
        _ => panic!("no scenario for {kind}"),
    }
}

#[test]
fn every_cell_of_the_examples_is_what_comes_of_the_rule() {
    let section = page();
    let head = head(&section);
    let examples = examples(&section);
    let kinds: Vec<&str> = examples
        .iter()
        .map(|example| example.kind.as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "sustained",
            "consecutive window",
            "checkpoint",
            "trend",
            "baseline",
            "rate in a window",
            "band",
            "distribution"
        ]
    );
    for example in &examples {
        let told = format!("- **{}**: ", example.kind);
        assert!(section.contains(&told), "{}: which samples?", example.kind);
        let (scenario, limit) = samples(&example.kind, example.scenario(&head));
        for (at, cell) in (limit - 1..).zip(&example.cells) {
            let found = scenario.at(at).replacen(' ', ", ", 1);
            assert_eq!(found, *cell, "{} at sample {at}", example.kind);
        }
    }
}

#[test]
fn without_the_baseline_the_example_is_unknown() {
    let section = page();
    let head = head(&section);
    let examples = examples(&section);
    let example = examples.iter().find(|example| example.kind == "baseline");
    let example = example.expect("the example");
    let tickets = || {
        let scenario = example.scenario(&head).every("1d");
        scenario.values("tickets", "21 22 23")
    };
    assert_eq!(tickets().at(2), "unknown no-go");
    assert_eq!(tickets().with("missing: ignore").at(2), "unknown go");
}
