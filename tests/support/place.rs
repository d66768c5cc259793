//! A folder of its own, and the program run in it.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder that is gone when the test is.
pub(crate) struct Place(TempDir);

/// What a run gave.
pub(crate) struct Run {
    /// What was called, its exit code, and what it wrote.
    pub(crate) transcript: String,
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Place {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The same with a file, in a folder below where the name says so.
    pub(crate) fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.write(name, bytes);
        self
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    pub(crate) fn run(&self, arguments: &str) -> Run {
        self.run_with(arguments, "")
    }

    /// Runs the program with something on its standard input.
    pub(crate) fn run_with(&self, arguments: &str, input: &str) -> Run {
        let program = Command::new(env!("CARGO_BIN_EXE_gonogo"));
        self.run_by(program, arguments, input)
    }

    /// Runs the program with arguments that may have spaces in them.
    pub(crate) fn call(&self, arguments: &[&str]) -> Run {
        let program = Command::new(env!("CARGO_BIN_EXE_gonogo"));
        self.call_by(program, arguments, "")
    }

    /// Runs the program by a command that calls it; a signal is a failure.
    pub(crate) fn run_by(&self, program: Command, arguments: &str, input: &str) -> Run {
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        self.call_by(program, &arguments, input)
    }

    fn call_by(&self, mut program: Command, given: &[&str], input: &str) -> Run {
        let arguments = given.join(" ");
        // What stands behind `--` is for another program.
        let end = given.iter().position(|argument| *argument == "--");
        let (own, others) = given.split_at(end.unwrap_or(given.len()));
        program
            .args(own)
            .args(["--color", "never"])
            .args(others)
            .env("COLUMNS", "100")
            .current_dir(self.path());
        let output = output(&mut program, input);
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        let (stdout, stderr) = (text(output.stdout), text(output.stderr));
        let code = output
            .status
            .code()
            .unwrap_or_else(|| panic!("{arguments}: {} {stderr}", output.status));
        let mut transcript = format!("$ gonogo {arguments}\nexit code {code}\n");
        for (name, text) in [("stdout", &stdout), ("stderr", &stderr)] {
            if !text.is_empty() {
                let _ = write!(transcript, "--- {name}\n{text}");
            }
        }
        Run {
            transcript,
            code,
            stdout,
            stderr,
        }
    }
}

/// What a program writes that is given this on its standard input.
pub(crate) fn output(program: &mut Command, input: &str) -> Output {
    let mut process = program
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    // Who needs no input, or has read enough, may not wait for it.
    let mut pipe = process.stdin.take().expect("a pipe");
    let _ = pipe.write_all(input.as_bytes());
    drop(pipe);
    process.wait_with_output().expect("an output")
}
