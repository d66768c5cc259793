//! `docs/raw.md`: its worked example is run, and prints what it shows.

use std::path::Path;

use crate::support;
use crate::support::place::Place;

fn page() -> String {
    support::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/raw.md"))
}

#[test]
fn its_example_prints_what_it_shows() {
    let page = page();
    let (place, mut runs) = (Place::empty(), 0);
    for fence in page.split("\n```").skip(1).step_by(2) {
        let (info, text) = fence.split_once('\n').expect("an info string");
        if let Some((_, name)) = info.split_once(' ') {
            place.write(name, format!("{text}\n"));
            continue;
        }
        if info == "text" {
            continue;
        }
        assert_eq!(info, "console");
        let (command, shown) = text.split_once('\n').expect("what it prints");
        let run = place.run(command.strip_prefix("$ gonogo ").expect("a command"));
        assert_eq!(
            run.stdout.trim_end(),
            shown.trim_end(),
            "{}",
            run.transcript
        );
        assert_eq!((run.code, run.stderr.as_str()), (10, ""));
        runs += 1;
    }
    assert_eq!(runs, 1);
}

#[test]
fn the_endings_it_lists_are_read_as_it_says() {
    let page = page();
    let line = |ending: &str| {
        let line = page
            .lines()
            .find(|line| line.starts_with("| ") && line.contains(ending));
        line.unwrap_or_else(|| panic!("{ending} is not listed"))
            .to_owned()
    };
    let policy = "gonogo: 1\nname: endings\ninputs:\n  a: {type: int, from: a}\n  b: {type: int, from: {csv: a}}\n  \
                  c: {type: int, from: {prometheus: a}}\nrequire: [{id: any, expr: a == 1 || b == 1 || c == 1}]\n";
    for (ending, kind, text) in [
        (".json", "JSON", "{\"a\": 1}"),
        (".yaml", "YAML", "a: 1\n"),
        (".yml", "YAML", "a: 1\n"),
        (".toml", "TOML", "a = 1\n"),
        (".csv", "CSV", "a\n1\n"),
        (".prom", "an exposition", "a 1\n"),
        (".txt", "an exposition", "a 1\n"),
        (".metrics", "an exposition", "a 1\n"),
        (
            "another",
            "an exposition if it begins",
            "# TYPE a gauge\na 1\n",
        ),
        ("another", "JSON if it begins", " {\"a\": 1}"),
        ("another", "YAML otherwise", "a: 1\n"),
    ] {
        assert!(line(ending).contains(kind), "{ending}");
        let file = format!(
            "document{}",
            if ending == "another" { ".out" } else { ending }
        );
        let place = Place::empty().with("policy.yaml", policy).with(&file, text);
        let run = place.run(&format!("eval -p policy.yaml -s x={file} -q"));
        assert_eq!(run.code, 0, "{}", run.transcript);
    }
}
