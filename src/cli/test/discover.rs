//! Which suites there are: files as named, and those below folders, in alphabetical order.

use std::path::{Path, PathBuf};

use gonogo::source::{Code, Problem};
use gonogo::verdict::ExitCode;

use crate::cli::files;

/// What a suite's name ends in.
const ENDINGS: [&str; 3] = [".test.yaml", ".test.yml", ".test.json"];

/// Every suite under some paths.
pub(super) fn suites(paths: &[PathBuf]) -> Result<Vec<PathBuf>, (ExitCode, Problem)> {
    let found = files::under(paths, &is_suite).map_err(|problem| (ExitCode::Input, problem))?;
    if found.is_empty() {
        let named: Vec<String> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        let problem = Problem::new(
            Code::Unreadable,
            format!("there is no suite in `{}`", named.join(" ")),
        )
        .help(format!(
            "name a suite, or a folder with files ending in {}",
            ENDINGS.join(", ")
        ));
        return Err((ExitCode::Nothing, problem));
    }
    Ok(found)
}

fn is_suite(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.is_some_and(|name| ENDINGS.iter().any(|ending| name.ends_with(ending)))
}
