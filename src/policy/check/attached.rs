//! Files that a policy names: their paths, their texts as they were given with the policy's, the digest of all of it, and
//! files of dates. It opens none.

use super::Checker;
use crate::calendar::text::period;
use crate::calendar::{Form, Period};
use crate::policy::decode::Text;
use crate::policy::document::{MOST_FILES, PolicyDocument, refused};
use crate::source::{Code, Problem, Source, Span};
use crate::verdict::record::digest;

/// The periods of a file of dates; none where something is wrong with it, which has been told.
pub(super) type Dates = Option<Vec<Period>>;

/// SHA-256 of a policy with the files it names. Without files it is that of the policy's bytes; with files that of a list
/// as `sha256sum` writes one: the policy as `-`, then each file by its path as written, in the order of their paths.
pub(super) fn digest_of(source: &Source, document: &PolicyDocument) -> String {
    let mut named: Vec<&str> = document.files().map(Text::as_str).collect();
    named.sort_unstable();
    named.dedup();
    let own = digest(source.text().as_bytes());
    if named.is_empty() {
        return own;
    }
    let mut list = String::new();
    let mut add = |digest: &str, name: &str| {
        let hex = digest.strip_prefix("sha256:").unwrap_or(digest);
        list.push_str(&format!("{hex}  {name}\n"));
    };
    add(&own, "-");
    for path in named {
        if let Some(Ok(file)) = source.file(path) {
            add(&digest(file.text().as_bytes()), path);
        }
    }
    digest(list.as_bytes())
}

impl Checker<'_> {
    /// The paths of all files: not too many.
    pub(super) fn paths(&mut self, document: &PolicyDocument) {
        let mut seen: Vec<&str> = Vec::new();
        for path in document.files() {
            if seen.len() <= MOST_FILES && !seen.contains(&path.as_str()) {
                seen.push(path.as_str());
                if seen.len() > MOST_FILES {
                    let message = format!("a policy names at most {MOST_FILES} files");
                    let help = "put several tables into one file: a struct has a field for each";
                    self.error(Code::TooLarge, path.span, message, "one too many", help);
                }
            }
        }
    }

    /// The text of a file that the policy names.
    pub(super) fn attached(&mut self, path: &Text) -> Option<Source> {
        if let Some((message, help)) = refused(path.as_str()) {
            self.error(
                Code::BadValue,
                path.span,
                message,
                "not from this folder",
                help,
            );
            return None;
        }
        let problem = match self.source.file(path.as_str()) {
            Some(Ok(file)) => return Some(file.clone()),
            Some(Err(problem)) => problem.clone(),
            None => {
                let message = format!("`{}` was not read with the policy", path.as_str());
                Problem::new(Code::Unreadable, message)
                    .help("give the text of the file with that of the policy")
            }
        };
        self.problems
            .push(problem.at(self.source, path.span, "named here"));
        None
    }

    /// A problem in a file, with the place that leads to it.
    pub(super) fn in_file(&mut self, problem: Problem, path: &Text) {
        let named = "named here";
        self.problems
            .push(problem.at(self.source, path.span, named));
    }

    /// The dates of a file, one or a range of them on each line.
    pub(super) fn dates(&mut self, path: &Text) -> Dates {
        let file = self.attached(path)?;
        let mut periods = Some(Vec::new());
        let mut anything = false;
        let mark = '\u{feff}';
        let mut start = if file.text().starts_with(mark) {
            mark.len_utf8()
        } else {
            0
        };
        for line in file.text().get(start..).unwrap_or_default().split('\n') {
            let before = start;
            start = start.saturating_add(line.len()).saturating_add(1);
            let written = line.split('#').next().unwrap_or_default();
            let text = written.trim();
            if text.is_empty() {
                continue;
            }
            anything = true;
            let indent = written.len().saturating_sub(written.trim_start().len());
            let at = before.saturating_add(indent);
            match (period(text, Form::Dates), &mut periods) {
                (Ok(period), Some(periods)) => periods.push(period),
                (Ok(_), None) => {}
                (Err(mistake), _) => {
                    periods = None;
                    let place = Span::new(
                        at.saturating_add(mistake.range.start),
                        at.saturating_add(mistake.range.end),
                    );
                    // A line of dates cannot say `weekly`.
                    let help = mistake.help.filter(|help| !help.contains("`weekly`"));
                    let help = help.unwrap_or_else(|| {
                        "write a date or a range of dates on each line, such as `2026-12-24/2027-01-02`".to_owned()
                    });
                    let problem = Problem::new(mistake.code, mistake.message).help(help).at(
                        &file,
                        place,
                        mistake.label,
                    );
                    self.in_file(problem, path);
                    if self.problems.full() {
                        return None;
                    }
                }
            }
        }
        if !anything {
            self.nothing(
                &file,
                path,
                "write a date on a line of its own, or remove it from the policy",
            );
            return None;
        }
        periods
    }

    /// Says that a file has nothing in it.
    pub(super) fn nothing(&mut self, file: &Source, path: &Text, help: &str) {
        let message = format!("`{}` has nothing in it", path.as_str());
        let problem = Problem::new(Code::Empty, message).help(help);
        self.in_file(problem.at(file, Span::default(), ""), path);
    }
}
