//! `-s`: a path to snapshots, or `NAME=FILE[@TIME]`, a document in a shape of its own. Opens nothing.

use std::path::Path;

use gonogo::snapshot::raw::origin::is_name;
use jiff::Timestamp;

/// What one `-s` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// Snapshots: a file, a folder, a pattern, `-`.
    Path(String),
    /// A document of another shape.
    Raw(Raw),
}

/// `NAME=FILE[@TIME]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Raw {
    /// What the policy's `from` calls it.
    pub(super) name: String,
    /// A file, or `-`.
    pub(super) path: String,
    /// The instant it is of.
    pub(super) at: Option<Timestamp>,
}

impl Given {
    /// The path as written.
    pub(super) fn path(&self) -> &str {
        match self {
            Self::Path(path) => path,
            Self::Raw(raw) => &raw.path,
        }
    }
}

/// Reads an argument: what stands before the first `=` is a name where it can be one.
pub(super) fn given(text: &str) -> Result<Given, String> {
    let Some((name, rest)) = text.split_once('=').filter(|(name, _)| is_name(name)) else {
        return Ok(Given::Path(text.to_owned()));
    };
    let (path, at) = match rest.rsplit_once('@') {
        None => (rest, None),
        Some((path, time)) => match time.trim().parse() {
            Ok(at) => (path, Some(at)),
            // A file may have an `@` in its name.
            Err(_) if Path::new(rest).exists() => (rest, None),
            Err(_) => {
                return Err(format!(
                    "`{time}` is not an instant, and there is no file `{rest}`; write NAME=FILE@2025-10-16T10:05:00Z"
                ));
            }
        },
    };
    if path.is_empty() {
        return Err(
            "write NAME=FILE, or NAME=FILE@TIME; for a file with `=` in its name, ./FILE"
                .to_owned(),
        );
    }
    Ok(Given::Raw(Raw {
        name: name.to_owned(),
        path: path.to_owned(),
        at,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_a_document_and_all_else_a_path() {
        let raw = |name: &str, path: &str, at: Option<&str>| {
            Ok(Given::Raw(Raw {
                name: name.to_owned(),
                path: path.to_owned(),
                at: at.map(|at| at.parse().expect("an instant")),
            }))
        };
        let at = Some("2025-10-16T10:05:00Z");
        for (text, wanted) in [
            ("app=a.prom", raw("app", "a.prom", None)),
            ("app=-", raw("app", "-", None)),
            ("app=a.prom@2025-10-16T10:05:00Z", raw("app", "a.prom", at)),
            (
                "app=a@b.prom@2025-10-16T12:05:00+02:00",
                raw("app", "a@b.prom", at),
            ),
            ("a-b_2=x=y.json", raw("a-b_2", "x=y.json", None)),
        ] {
            assert_eq!(given(text), wanted, "{text}");
        }
        for path in [
            "a.json",
            "./a=b.json",
            "-",
            "2a=b.json",
            "a b=c",
            "=a",
            "runs/a@b.json",
            "größe=a",
        ] {
            assert_eq!(given(path), Ok(Given::Path(path.to_owned())));
        }
        for text in [
            "app=",
            "app=@2025-10-16T10:05:00Z",
            "app=a.prom@noon",
            "app=a.prom@2025-10-16T10:05:00",
        ] {
            assert!(given(text).is_err(), "{text}");
        }
    }
}
