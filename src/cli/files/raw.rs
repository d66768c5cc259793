//! Documents in shapes of their own, read whole.

use std::io::Read as _;
use std::path::Path;

use gonogo::snapshot::raw::Kind;
use gonogo::source::{Code, MAX_DOCUMENT, Problem, Source, text};

use super::{read, unreadable};

/// Reads a document, and tells how it is written: by the ending of its name or else by its content, where nobody says it.
pub(in crate::cli) fn document(path: &str, kind: Option<Kind>) -> Result<(Source, Kind), Problem> {
    let (name, ending, bytes) = if path == "-" {
        let mut bytes = Vec::new();
        let input = super::opened::stdin();
        input
            .take(MAX_DOCUMENT as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| unreadable(Path::new("<stdin>"), &error))?;
        ("<stdin>", None, bytes)
    } else {
        let file = Path::new(path);
        let ending = file.extension().and_then(|ending| ending.to_str());
        if matches!(ending, Some("jsonl" | "ndjson")) && kind.is_none() {
            let message = format!("`{path}` is JSON Lines: a history of snapshots, not a document");
            let help = "give snapshots without a name: -s FILE; or one of its lines as a document";
            return Err(Problem::new(Code::WrongKind, message).help(help));
        }
        (path, ending, read(file)?)
    };
    let source = text(name, bytes)?;
    let kind = kind
        .or_else(|| Kind::of_ending(ending?))
        .unwrap_or_else(|| Kind::of(source.text()));
    Ok((source, kind))
}
