//! Pages whose commands are run: blocks of ```` ```console ````, each line behind a `$` run by a shell, with what it prints
//! below it.

use std::path::Path;
use std::process::Command;

/// A command, and the lines below it.
pub(crate) struct Step<'t> {
    pub(crate) command: &'t str,
    pub(crate) printed: Vec<&'t str>,
}

/// The commands of a page, in order.
pub(crate) fn steps(text: &str) -> Vec<Step<'_>> {
    let blocks = text.split("```").skip(1).step_by(2);
    let mut steps: Vec<Step<'_>> = Vec::new();
    for block in blocks.filter_map(|block| block.strip_prefix("console\n")) {
        for line in block.lines() {
            match (line.strip_prefix("$ "), steps.last_mut()) {
                (Some(command), _) => steps.push(Step {
                    command,
                    printed: Vec::new(),
                }),
                (None, Some(step)) => step.printed.push(line.trim_end()),
                (None, None) => panic!("`{line}` stands before any command"),
            }
        }
    }
    steps
}

/// What a command prints on both its outputs, and its exit code.
pub(crate) fn run(command: &str, root: &Path) -> (String, i32) {
    let program = Path::new(env!("CARGO_BIN_EXE_gonogo"));
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let before = program.parent().expect("a folder").to_owned();
    let path = std::env::join_paths(std::iter::once(before).chain(std::env::split_paths(&folders)));
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {command}\n}} 2>&1")])
        .current_dir(root)
        .env("PATH", path.expect("a path"))
        .env("NO_COLOR", "1")
        .env_remove("COLUMNS")
        .output()
        .expect("a shell runs");
    let printed = String::from_utf8(output.stdout).expect("text");
    (printed, output.status.code().expect("an exit code"))
}
