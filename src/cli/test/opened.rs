//! A suite with all the files it names, opened.

use std::path::Path;

use gonogo::snapshot::Format;
use gonogo::source::{Code, Problem, Source};
use gonogo::suite::bound::Unbound;
use gonogo::suite::{Files, Named, Suite, Use, bind, read};

use crate::cli::files;

/// Opens a suite.
pub(super) fn open(path: &Path) -> Result<Suite, Unbound> {
    let source = files::document(path).map_err(|problem| Unbound::Suite(vec![problem]))?;
    let (document, problems) = read(&source, format(path));
    let document = document.filter(|_| !gonogo::source::problem::any_error(&problems));
    let Some(document) = document else {
        return Err(Unbound::Suite(problems));
    };
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    let policy = document
        .policy
        .as_ref()
        .map(|policy| folder.join(policy.as_str()));
    let policy = policy.unwrap_or_default();
    let policy =
        files::policy_source(&policy).map_err(|(_, problem)| Unbound::Policy(vec![problem]))?;
    let mut opened = Files::default();
    for named in document.named() {
        let found = contents(folder, &named);
        opened.found.insert(named, found);
    }
    bind(&document, &policy, opened)
}

fn format(path: &Path) -> Format {
    if path.extension().is_some_and(|ending| ending == "json") {
        Format::Json
    } else {
        Format::Yaml
    }
}

fn contents(folder: &Path, named: &Named) -> Result<Vec<(Source, Format)>, Problem> {
    let path = folder.join(&named.path);
    match named.of {
        Use::Snapshots => files::documents(&path.display().to_string()),
        Use::Waivers => Ok(vec![(files::document(&path)?, format(&path))]),
        Use::Approved => match files::document(&path) {
            Ok(source) => Ok(vec![(source, Format::Yaml)]),
            Err(problem) if problem.code == Code::Unreadable && !path.exists() => Ok(Vec::new()),
            Err(problem) => Err(problem),
        },
    }
}
