//! `gonogo init`: a policy, a history, tests and a pipeline that pass at once. It never writes over anything.

mod name;
mod written;

use std::path::{Component, Path, PathBuf};

use clap::ValueEnum;
use gonogo::schema;
use gonogo::source::hidden::hides;
use gonogo::source::visible::pretty;
use gonogo::verdict::ExitCode;

use super::files::Found;
use super::quoted::quoted;
use super::test::is_suite;
use super::{Color, Printed, diagnostics, print, say};

const AFTER_HELP: &str = "\
Examples:
  gonogo init checkout
  gonogo init policies/checkout --ci gitlab
  gonogo init --ci none                              # into this folder

What is written passes `gonogo check` and `gonogo test`, and its history goes. Where any of its files is there already \
and says something else nothing is written; a README.md that is there stays as it is.

Exit codes: 0 written, 2 usage, 4 a file is in the way, or cannot be written.";

/// Write a policy, a history, tests and a pipeline that pass at once.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The folder to write into, made if it is not there; the policy is named after it. By default this folder.
    #[arg(value_name = "NAME", default_value = ".", hide_default_value = true, value_parser = folder)]
    name: String,
    /// Whose pipeline to write.
    #[arg(long, value_name = "CI", default_value = "github")]
    ci: Ci,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Ci {
    /// A workflow of GitHub.
    Github,
    /// Jobs of GitLab.
    Gitlab,
    /// A pipeline of Jenkins.
    Jenkins,
    /// None.
    None,
}

fn folder(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("a folder has a name".to_owned());
    }
    if text.chars().any(hides) {
        return Err("it has characters that nobody sees".to_owned());
    }
    Ok(text.to_owned())
}

/// A file that is written, and what it is.
struct File {
    path: &'static str,
    text: String,
    about: &'static str,
}

impl Ci {
    /// The pipeline's file in the folder, its text, and where it is to be copied to.
    fn file(self) -> Option<(&'static str, &'static str, &'static str)> {
        Some(match self {
            Self::Github => (
                "ci/github.yml",
                include_str!("../../docs/ci/github.yml"),
                "a workflow: copy it to .github/workflows/gonogo.yml",
            ),
            Self::Gitlab => (
                "ci/gitlab.yml",
                include_str!("../../docs/ci/gitlab.yml"),
                "its jobs: copy them into .gitlab-ci.yml",
            ),
            Self::Jenkins => (
                "ci/Jenkinsfile",
                include_str!("../../docs/ci/Jenkinsfile"),
                "a pipeline: copy it to Jenkinsfile",
            ),
            Self::None => return None,
        })
    }
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    let folder = Path::new(&arguments.name);
    let named = name::of(folder);
    let placed = place(&rooted(folder));
    let guessed = placed.is_none() && arguments.ci != Ci::None;
    let place = placed.unwrap_or_else(|| named.name.clone());
    let files = files(&named.name, &place, arguments.ci);
    let texts: Vec<(PathBuf, &str)> = files
        .iter()
        .map(|file| (folder.join(file.path), file.text.as_str()))
        .collect();
    // What stands there already is tested and read with it.
    let alone = !stands(folder, &files);
    let left = match written::all(folder, &texts) {
        Ok(left) => left,
        Err(problem) => {
            diagnostics::report(&[problem], color);
            return ExitCode::Input;
        }
    };
    if let Some(from) = named.from {
        say(&format!(
            "the policy is named `{}`: `{from}` is no name in kebab-case",
            named.name
        ));
    }
    if guessed {
        say(&format!(
            "the pipeline looks for the policy in `{place}`: write there where this folder is in your repository"
        ));
    }
    print(&Printed::Text(&told(folder, &files, &left, alone)));
    ExitCode::Success
}

/// All that is written.
fn files(name: &str, place: &str, ci: Ci) -> Vec<File> {
    let named = |text: &str| text.replace("@NAME@", name);
    let policy = include_str!("init/policy.yaml");
    let policy = policy.replace("@NAME@", &yaml(name));
    let pipeline = ci.file();
    let row = pipeline.map(|(path, _, about)| format!("| `{path}` | {about} |\n"));
    let mut files = vec![
        File {
            path: "policy.yaml",
            text: policy,
            about: "the rules: begin here",
        },
        File {
            path: "snapshots/healthy.jsonl",
            text: named(include_str!("init/healthy.jsonl")),
            about: "a quiet quarter of an hour, a sample each minute",
        },
        File {
            path: "tests/policy.test.yaml",
            text: named(include_str!("init/policy.test.yaml")),
            about: "what the policy says in cases that are known",
        },
    ];
    if let Some((path, text, about)) = pipeline {
        files.push(File {
            path,
            text: set(ci, text, place),
            about,
        });
    }
    files.push(File {
        path: "README.md",
        text: named(include_str!("init/README.md")).replace("@CI@\n", &row.unwrap_or_default()),
        about: "what to do with them",
    });
    for (path, schema) in [
        ("schemas/policy.schema.json", schema::policy()),
        ("schemas/suite.schema.json", schema::suite()),
    ] {
        files.push(File {
            path,
            text: pretty(&schema),
            about: "for editors that complete and check YAML",
        });
    }
    files
}

/// A pipeline with the folder of its policy, as its language writes a text.
fn set(ci: Ci, pipeline: &str, place: &str) -> String {
    let snapshots = match place {
        "." => "snapshots".to_owned(),
        place => format!("{place}/snapshots"),
    };
    let written = |text: &str| match ci {
        // It stands between quotes there.
        Ci::Jenkins => text.replace('\'', "\\'"),
        _ => yaml(text),
    };
    pipeline
        .replace("policies/checkout/snapshots", &written(&snapshots))
        .replace("policies/checkout", &written(place))
}

/// A text in YAML: in quotes wherever some reader of YAML could take it for anything else.
fn yaml(text: &str) -> String {
    const WORDS: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let word = WORDS.contains(&text.to_ascii_lowercase().as_str());
    let begins = text == "." || text.starts_with(|c: char| c.is_ascii_alphabetic());
    if begins && !word && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// A folder as it is called from the root of the repository it is in, where it is in one.
fn rooted(folder: &Path) -> PathBuf {
    let below = || {
        let here = std::env::current_dir().ok()?;
        let root = here.ancestors().find(|above| above.join(".git").exists())?;
        Some(here.strip_prefix(root).ok()?.join(folder))
    };
    below().unwrap_or_else(|| folder.to_owned())
}

/// Where a pipeline finds the folder: as it was given, if that can be in a repository, and no pipeline reads more than a
/// text in it.
fn place(folder: &Path) -> Option<String> {
    let text = |part: &str| !part.chars().any(|c| c.is_control() || "$\\\"".contains(c));
    let mut parts = Vec::new();
    for part in folder.components() {
        match part {
            Component::CurDir => {}
            Component::Normal(part) => parts.push(part.to_str().filter(|part| text(part))?),
            _ => return None,
        }
    }
    Some(match parts.first() {
        None => ".".to_owned(),
        // It is no flag.
        Some(first) if first.starts_with('-') => format!("./{}", parts.join("/")),
        Some(_) => parts.join("/"),
    })
}

/// Whether a suite, a snapshot or a policy stands in a folder that is none of these files.
fn stands(folder: &Path, files: &[File]) -> bool {
    let own: Vec<PathBuf> = files.iter().map(|file| folder.join(file.path)).collect();
    let snapshots = folder.join("snapshots");
    let counts = |path: &Path| {
        let is_policy = path.file_name().is_some_and(|name| name == "policy.yaml");
        !own.iter().any(|own| own == path)
            && (is_suite(path) || is_policy || path.starts_with(&snapshots))
    };
    let mut found = Found::default();
    if folder.is_dir() {
        found.under(folder, &counts);
    }
    !found.files.is_empty()
}

/// What was written, what was there already, and what to run next.
fn told(folder: &Path, files: &[File], left: &[PathBuf], alone: bool) -> String {
    let width = files.iter().map(|file| file.path.len()).max();
    let width = width.unwrap_or_default();
    let here = folder == Path::new(".");
    let into = if here {
        "this folder".to_owned()
    } else {
        folder.display().to_string()
    };
    let stays = |file: &&File| left.contains(&folder.join(file.path));
    let (stay, new): (Vec<&File>, Vec<&File>) = files.iter().partition(stays);
    let mut text = String::new();
    if !new.is_empty() {
        text.push_str(&format!("Written into {into}:\n\n"));
    }
    for file in &new {
        text.push_str(&format!("  {:width$}  {}\n", file.path, file.about));
    }
    if !stay.is_empty() {
        let gap = if new.is_empty() { "" } else { "\n" };
        text.push_str(&format!(
            "{gap}There already in {into}, and left as it is:\n\n"
        ));
        for file in &stay {
            text.push_str(&format!("  {}\n", file.path));
        }
    }
    // A folder that looks like a flag is none.
    let flag = folder.to_string_lossy().starts_with('-');
    let folder = if flag {
        Path::new(".").join(folder)
    } else {
        folder.to_owned()
    };
    let policy = quoted(&folder.to_string_lossy());
    let (whole, snapshots) = if here {
        (String::new(), "snapshots".to_owned())
    } else {
        let below = folder.join("snapshots");
        (format!(" {policy}"), quoted(&below.to_string_lossy()))
    };
    let passes = if alone {
        "All of it passes."
    } else {
        "These files pass by themselves; what else stands there was not looked at."
    };
    text.push_str(&format!(
        "\n{passes} Next:\n\n  gonogo check{whole}\n  gonogo test{whole}\n  gonogo eval -p {policy} -s {snapshots} --now latest\n"
    ));
    text
}
