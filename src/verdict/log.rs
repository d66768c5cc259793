//! A log of records: each line names the digest of the one before, so that none can be changed, taken out or put in between
//! without its being seen. Never opens one, and never finds what was cut off its end.

pub mod chain;

use super::Verdict;
use super::record::digest;
use crate::source::{Code, Problem, Source, Span};
pub use chain::{Audit, Chain};

/// How every line begins, up to its version.
pub const BEGINNING: &str = "{\"log\":";
/// How a line of the version begins that is read and written.
const OWN: &str = "{\"log\":1,\"seq\":";
/// How many characters a digest has: `sha256:` and 64 hexadecimal digits.
const DIGEST: usize = 71;

/// What a line is known by to the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its number, from 1.
    pub seq: u64,
    /// The digest it ends with.
    pub digest: String,
}

/// A line, taken apart and not yet believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'t> {
    /// Its number.
    pub seq: u64,
    /// The digest of the line before; none: it is the first.
    pub previous: Option<&'t str>,
    /// The record as it is written.
    pub record: &'t str,
    /// The digest it ends with.
    pub digest: &'t str,
    /// All before that.
    body: &'t str,
}

/// Why a text is no line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is something else.
    NoLine,
    /// It is one of another version.
    Version(String),
    /// It is not what was written; with the digest of what it says.
    Altered(String),
}

/// The line of a record behind another one, with a line end.
#[must_use]
pub fn line(before: Option<&Link>, record: &Verdict) -> String {
    let seq = before.map_or(1, |before| before.seq.saturating_add(1));
    let previous = before.map_or_else(
        || "null".to_owned(),
        |before| format!("\"{}\"", before.digest),
    );
    let record = record.to_line();
    let body = format!("{OWN}{seq},\"previous\":{previous},\"record\":{record}");
    let digest = digest(format!("{body}}}").as_bytes());
    format!("{body},\"digest\":\"{digest}\"}}\n")
}

impl<'t> Line<'t> {
    /// A line without its end, taken apart. It is read as it is written, so that no space of it is free.
    ///
    /// # Errors
    /// Where it is no line, or one of another version.
    pub fn read(text: &'t str) -> Result<Self, Fault> {
        let Some(rest) = text.strip_prefix(OWN) else {
            let version = text.strip_prefix(BEGINNING);
            let version = version.map(|rest| rest.split([',', '}']).next().unwrap_or_default());
            let number =
                |told: &&str| *told != "1" && told.len() < 20 && told.parse::<u64>().is_ok();
            return Err(match version.filter(number) {
                Some(version) => Fault::Version(version.to_owned()),
                None => Fault::NoLine,
            });
        };
        Self::parts(text, rest).ok_or(Fault::NoLine)
    }

    fn parts(text: &'t str, rest: &'t str) -> Option<Self> {
        let (seq, rest) = rest.split_once(",\"previous\":")?;
        let (previous, rest) = match rest.strip_prefix("null") {
            Some(rest) => (None, rest),
            None => {
                let (previous, rest) = rest.strip_prefix('"')?.split_at_checked(DIGEST)?;
                (Some(previous), rest.strip_prefix('"')?)
            }
        };
        let rest = rest.strip_prefix(",\"record\":")?;
        let rest = rest.strip_suffix("\"}")?;
        let (record, digest) = rest.split_at_checked(rest.len().checked_sub(DIGEST)?)?;
        let record = record.strip_suffix(",\"digest\":\"")?;
        let end = "\"}"
            .len()
            .saturating_add(DIGEST)
            .saturating_add(",\"digest\":\"".len());
        Some(Self {
            seq: number(seq)?,
            previous: match previous {
                Some(previous) => Some(is_digest(previous).then_some(previous)?),
                None => None,
            },
            record,
            digest: is_digest(digest).then_some(digest)?,
            body: text.get(..text.len().checked_sub(end)?)?,
        })
    }

    /// Whether it says what was written.
    ///
    /// # Errors
    /// With the digest of what it says, where that is another one.
    pub fn whole(&self) -> Result<(), Fault> {
        let own = digest(format!("{}}}", self.body).as_bytes());
        if own == self.digest {
            Ok(())
        } else {
            Err(Fault::Altered(own))
        }
    }

    /// What the next line knows it by.
    #[must_use]
    pub fn link(&self) -> Link {
        Link {
            seq: self.seq,
            digest: self.digest.to_owned(),
        }
    }
}

/// A number as it is written: without a sign, and without a zero before it.
fn number(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| plain)
}

/// Whether a text is a digest as [`digest`] writes it.
#[must_use]
pub fn is_digest(text: &str) -> bool {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let digits = text.strip_prefix("sha256:");
    digits.is_some_and(|digits| digits.len() == 64 && digits.bytes().all(hex))
}

/// What the last line of a log is known by, so that another one can follow.
///
/// # Errors
/// `wrong-kind` where it is no line of a log, `bad-version` of another version, `record-altered` where its digest is
/// another one.
pub fn link(source: &Source) -> Result<Link, Problem> {
    let text = source.text().trim_end_matches('\n');
    let read = Line::read(text).and_then(|line| line.whole().map(|()| line));
    let name = source.name();
    let all = Span::new(0, text.len());
    match read {
        Ok(line) => Ok(line.link()),
        Err(Fault::NoLine) => {
            let message = format!("`{name}` does not end with a line of a log");
            Err(Problem::new(Code::WrongKind, message)
                .at(source, all, "no line of a log")
                .help("name another file, which is made if there is none; a log has only what `gonogo eval --log` wrote"))
        }
        Err(Fault::Version(version)) => {
            let message =
                format!("a line of a log of version {version}; this program reads version 1");
            let own = Span::new(
                BEGINNING.len(),
                BEGINNING.len().saturating_add(version.len()),
            );
            Err(Problem::new(Code::BadVersion, message)
                .at(source, own, "the version")
                .help("go on with the program that wrote it, or begin another log"))
        }
        Err(Fault::Altered(own)) => {
            let start = text.len().saturating_sub(DIGEST.saturating_add(2));
            let place = Span::new(start, start.saturating_add(DIGEST));
            let message = format!(
                "the last line of `{name}` is not what gonogo wrote: its digest is another one"
            );
            Err(Problem::new(Code::RecordAltered, message)
                .at(source, place, format!("what it says has `{own}`"))
                .help("see what `gonogo log verify` finds, keep this log as it is, and go on in another file"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Line, is_digest};

    #[test]
    fn what_is_not_as_it_is_written_is_no_line() {
        let zeros = format!("sha256:{}", "0".repeat(64));
        let line = |seq: &str, previous: &str| {
            format!(
                "{{\"log\":1,\"seq\":{seq},\"previous\":{previous},\"record\":{{}},\"digest\":\"{zeros}\"}}"
            )
        };
        let good = line("1", "null");
        let read = Line::read(&good);
        let parts = read
            .clone()
            .map(|read| (read.seq, read.previous, read.record));
        assert_eq!(parts, Ok((1, None, "{}")));
        let whole = read.and_then(|read| read.whole());
        assert!(matches!(whole, Err(Fault::Altered(_))));
        let quoted = format!("\"{zeros}\"");
        assert!(Line::read(&line("2", &quoted)).is_ok());
        for bad in [
            line("01", "null"),
            line("+1", "null"),
            line("1.0", "null"),
            line("99999999999999999999", "null"),
            line("1", "\"\""),
            line("1", &quoted.to_uppercase()),
            format!(" {good}"),
            format!("{good} "),
            good.replace("\"log\":1", "\"log\":x"),
            good.replace(",\"digest\"", ", \"digest\""),
            "{\"log\":1,\"seq\":1,\"previous\":null,\"record\":ü\"}".to_owned(),
            String::new(),
        ] {
            assert_eq!(Line::read(&bad), Err(Fault::NoLine), "{bad}");
        }
        let newer = good.replace("\"log\":1", "\"log\":2");
        assert_eq!(Line::read(&newer), Err(Fault::Version("2".to_owned())));
    }

    #[test]
    fn a_digest_has_64_small_digits() {
        assert!(is_digest(&format!("sha256:{}", "0a".repeat(32))));
        for bad in ["", "sha256:", "0a", &format!("sha256:{}", "0A".repeat(32))] {
            assert!(!is_digest(bad), "{bad}");
        }
    }
}
