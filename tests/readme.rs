//! The README holds: its table of exit codes, its policy, its snapshots, and what its first command prints.

use crate::support;
use std::path::Path;
use std::process::Command;

use gonogo::policy::check::Settings;
use gonogo::source::problem::any_error;
use gonogo::verdict::ExitCode;

fn readme() -> String {
    support::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"))
}

/// The code blocks of a language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    text.split("```")
        .skip(1)
        .step_by(2)
        .filter_map(|block| {
            block
                .strip_prefix(&format!("{language}\n"))
                .map(str::to_owned)
        })
        .collect()
}

#[test]
fn the_table_of_exit_codes_is_the_enum() {
    let text = readme();
    let rows: Vec<String> = ExitCode::ALL
        .iter()
        .map(|code| format!("| {} | {} |\n", code.code(), code.meaning()))
        .collect();
    assert!(
        text.contains(&rows.concat()),
        "the README does not have the table\n{}",
        rows.concat()
    );
}

#[test]
fn its_policy_checks_and_its_snapshots_fit() {
    let text = readme();
    let policies = blocks(&text, "yaml");
    let policy = support::policy(&policies[0], &Settings::new());
    let snapshots = blocks(&text, "json");
    assert_eq!(snapshots.len(), 3);
    let verdict = support::judge(&policy, &[&snapshots[0]], None, None);
    assert_eq!(verdict.exit_code, 11, "one sample is not yet ten minutes");
    // The second is of another policy: it must be a snapshot all the same.
    let one_line = snapshots[1].replace('\n', " ");
    let (history, problems) = support::history(&policy, &[&one_line]);
    assert!(!any_error(&problems), "{}", support::told(&problems));
    assert_eq!(history.len(), 1);
}

/// Runs a command of the README with the built binary in place of `cargo run --release --`.
fn run(command: &str) -> (String, i32) {
    let arguments = command
        .strip_prefix("cargo run --release -- ")
        .expect("a command of cargo");
    let output = Command::new(env!("CARGO_BIN_EXE_gonogo"))
        .args(arguments.split_whitespace())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("NO_COLOR", "1")
        .output()
        .expect("the binary runs");
    (
        String::from_utf8(output.stdout).expect("text"),
        output.status.code().expect("an exit code"),
    )
}

#[test]
fn its_first_command_prints_what_it_says() {
    let text = readme();
    let command = blocks(&text, "sh")[0].trim().to_owned();
    let (printed, code) = run(&command);
    assert_eq!(code, 20);
    let shown = &blocks(&text, "text")[0];
    let shown = shown.split("          …").next().expect("a beginning");
    assert!(
        printed.starts_with(shown),
        "the README shows\n{shown}\nbut it prints\n{printed}"
    );
    let (_, code) = run(&command.replace("canary-5-error-spike", "canary-5-healthy"));
    assert_eq!(code, 0);
}

#[test]
fn its_example_over_time_ends_as_each_line_says() {
    let text = readme();
    let section = text.split("## Over time\n").nth(1).expect("a section");
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, block: &str| {
        std::fs::write(folder.path().join(name), block).expect("a file");
    };
    write("rollout.yaml", &blocks(section, "yaml")[0]);
    for (name, table) in ["now.csv", "canary-5.csv"]
        .iter()
        .zip(blocks(section, "csv"))
    {
        assert!(section.contains(&format!("`{name}`, ")), "{name}");
        write(name, &table);
    }
    let commands = &blocks(section, "sh")[0];
    for (command, told) in ended(commands, folder.path()) {
        assert!(told.is_empty(), "{command}\n{told}");
    }
    assert_eq!(commands.lines().count(), 3);
}

/// Runs each line of a block in a folder: it must end with the exit code it says. What it wrote to standard error.
fn ended(commands: &str, folder: &Path) -> Vec<(String, String)> {
    let run = |line: &str| {
        let (command, code) = line.split_once("# exit code ").expect("an exit code");
        let output = Command::new(env!("CARGO_BIN_EXE_gonogo"))
            .args(command.split_whitespace().skip(1))
            .current_dir(folder)
            .output()
            .expect("the binary runs");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), code.parse().ok(), "{command}\n{told}");
        (command.to_owned(), told)
    };
    commands.lines().map(run).collect()
}

#[test]
fn its_checklist_ends_as_each_line_says() {
    let text = readme();
    let section = text.split("## Checklists\n").nth(1).expect("a section");
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, block: &str| {
        std::fs::write(folder.path().join(name), block).expect("a file");
    };
    write("release.yaml", &blocks(section, "yaml")[0]);
    assert!(section.contains("`subject.json`"));
    write("subject.json", &blocks(section, "json")[0]);
    assert_eq!(ended(&blocks(section, "sh")[0], folder.path()).len(), 4);
}

#[test]
fn its_wrong_policy_is_told_as_it_says() {
    let text = readme();
    let right = &blocks(&text, "yaml")[0];
    let wrong = right.replace("error_rate >= q(\"5%\")", "error_rate >= 5");
    assert_ne!(*right, wrong);
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("policy.yaml"), wrong).expect("a policy");
    let output = Command::new(env!("CARGO_BIN_EXE_gonogo"))
        .args(["check", "policy.yaml"])
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stdout).expect("text");
    assert_eq!(told, blocks(&text, "text")[1]);
    assert!(told.contains("gonogo explain unit-mismatch"));
}

#[test]
fn its_suite_passes_and_tells_what_broke_as_it_says() {
    let text = readme();
    let section = text.split("## Tests\n").nth(1).expect("a section");
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, block: &str| {
        std::fs::write(folder.path().join(name), block).expect("a file");
    };
    let right = &blocks(&text, "yaml")[0];
    write("policy.yaml", right);
    write("canary.test.yaml", &blocks(section, "yaml")[0]);
    assert_eq!(ended(&blocks(section, "sh")[0], folder.path()).len(), 1);
    let wrong = right.replace("error_rate >= q(\"5%\")", "error_rate > q(\"5%\")");
    assert_ne!(*right, wrong);
    assert!(section.contains("Make the stop `error_rate > q(\"5%\")`"));
    write("policy.yaml", &wrong);
    let output = Command::new(env!("CARGO_BIN_EXE_gonogo"))
        .arg("test")
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let told = String::from_utf8(output.stdout).expect("text");
    assert_eq!(told, blocks(section, "text")[0]);
}

#[test]
fn shipped_histories_end_as_their_readmes_say() {
    // | `history.jsonl` | … | … | exit code |
    for policy in ["phase9-canary", "gradual-cutover"] {
        let text = support::read(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("policies/{policy}/README.md")),
        );
        let mut seen = 0;
        for line in text
            .lines()
            .filter(|line| line.starts_with("| `") && line.contains(".jsonl` |"))
        {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let history = cells[0].trim_matches('`');
            let code: i32 = cells
                .last()
                .and_then(|cell| cell.parse().ok())
                .expect("an exit code in the last cell");
            let command = format!(
                "cargo run --release -- eval -p policies/{policy} -s policies/{policy}/snapshots/{history} --now latest"
            );
            assert_eq!(run(&command).1, code, "{policy}: {history}");
            seen += 1;
        }
        assert!(seen >= 3, "{policy}: only {seen} histories in the README");
    }
}
