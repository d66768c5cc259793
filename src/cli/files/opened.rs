//! A path or standard input, opened: a whole document, or a text to be read line by line as often as needed. What comes
//! through a pipe is kept in a file without a name for that.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use gonogo::snapshot::Format;
use gonogo::source::{Code, MAX_DOCUMENT, MAX_LINE, Problem, Source, text};

use super::expand::expand;
use super::physical::Physical;
use super::{open, unreadable};
use crate::cli::progress::Progress;

/// How many bytes are read at once.
const BUFFER: usize = 256 * 1024;

/// Something that was opened.
pub(in crate::cli) enum Opened {
    /// A document that was read.
    Document(Source, Format),
    /// A text that is read line by line.
    Lines(Text),
}

/// A text on the disk, of which no more than its length when it was opened is read: somebody may be adding to it.
pub(in crate::cli) struct Text {
    pub(in crate::cli) name: Arc<str>,
    pub(in crate::cli) format: Format,
    pub(in crate::cli) length: u64,
    file: File,
}

impl Text {
    /// Its lines from the first one.
    pub(in crate::cli) fn lines(&self) -> Result<Physical<Box<dyn BufRead + '_>>, Problem> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0))
            .map_err(|error| unreadable(Path::new(self.name.as_ref()), &error))?;
        let input = BufReader::with_capacity(BUFFER, file.take(self.length));
        Ok(Physical::new(Box::new(input), Arc::clone(&self.name)))
    }
}

/// Opens all that one argument names, one after another.
pub(in crate::cli) fn open_all(
    argument: &str,
    format: Option<Format>,
    progress: Progress,
    sink: &mut dyn FnMut(Result<Opened, Problem>),
) {
    if argument == "-" {
        let input = BufReader::with_capacity(BUFFER, stdin());
        return sink(pipe(input, "<stdin>", format, progress));
    }
    match expand(argument) {
        Ok(paths) => paths
            .iter()
            .for_each(|path| sink(file(path, format, progress))),
        Err(problem) => sink(Err(problem)),
    }
}

/// What came through standard input, where it is to be read by more than one reader.
static KEPT: OnceLock<File> = OnceLock::new();

/// Takes in all of standard input, so that it can be read any number of times, one after another.
pub(in crate::cli) fn keep_stdin(progress: Progress) -> Result<(), Problem> {
    let input = BufReader::with_capacity(BUFFER, std::io::stdin().lock());
    let (file, _) = spool(&[], input, "<stdin>", progress)?;
    KEPT.get_or_init(|| file);
    Ok(())
}

/// Standard input from its beginning, as far as nobody has read it.
pub(super) fn stdin() -> Box<dyn Read> {
    let kept = KEPT.get().and_then(|file| {
        let mut file = file.try_clone().ok()?;
        file.seek(SeekFrom::Start(0)).ok()?;
        Some(file)
    });
    match kept {
        Some(file) => Box::new(file),
        None => Box::new(std::io::stdin().lock()),
    }
}

/// The format that the ending of a path tells, if it tells one.
pub(super) fn format(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()? {
        "jsonl" | "ndjson" => Some(Format::JsonLines),
        "csv" => Some(Format::Csv),
        "yaml" | "yml" => Some(Format::Yaml),
        _ => None,
    }
}

fn file(path: &Path, format: Option<Format>, progress: Progress) -> Result<Opened, Problem> {
    let ending = path.extension().and_then(|ending| ending.to_str());
    if matches!(ending, Some("prom" | "metrics" | "toml")) && format.is_none() {
        let message = format!("`{}` is no snapshot", path.display());
        let help = format!(
            "give it the name that the policy's `from` reads it by: -s NAME={}",
            path.display()
        );
        return Err(Problem::new(Code::WrongKind, message).help(help));
    }
    let format = format.or(self::format(path));
    let name = path.display().to_string();
    let file = open(path)?;
    // A file of the system may have something in it although its length is 0: it is read as a pipe is.
    let length = file
        .metadata()
        .ok()
        .filter(std::fs::Metadata::is_file)
        .map_or(0, |metadata| metadata.len());
    if length == 0 {
        return pipe(
            BufReader::with_capacity(BUFFER, file),
            &name,
            format,
            progress,
        );
    }
    let mut input = BufReader::new(file);
    let (format, head) = sniff(&mut input, &name, format)?;
    if format.streams() {
        let file = input.into_inner();
        let name = name.into();
        return Ok(Opened::Lines(Text {
            name,
            format,
            length,
            file,
        }));
    }
    document(head.as_slice().chain(input), &name, format)
}

/// Opens what can be read only once.
fn pipe(
    mut input: impl BufRead,
    name: &str,
    format: Option<Format>,
    progress: Progress,
) -> Result<Opened, Problem> {
    let (format, head) = sniff(&mut input, name, format)?;
    if !format.streams() {
        return document(head.as_slice().chain(input), name, format);
    }
    let (file, length) = spool(&head, input, name, progress)?;
    let name = name.into();
    Ok(Opened::Lines(Text {
        name,
        format,
        length,
        file,
    }))
}

/// The format, and what had to be read to tell it.
fn sniff(
    input: &mut impl BufRead,
    name: &str,
    format: Option<Format>,
) -> Result<(Format, Vec<u8>), Problem> {
    let mut head = Vec::new();
    if let Some(format) = format {
        return Ok((format, head));
    }
    // Two lines tell JSON Lines from one document.
    for _ in 0..2 {
        input
            .by_ref()
            .take(MAX_LINE as u64)
            .read_until(b'\n', &mut head)
            .map_err(|error| unreadable(Path::new(name), &error))?;
    }
    Ok((Format::of(&String::from_utf8_lossy(&head)), head))
}

fn document(input: impl Read, name: &str, format: Format) -> Result<Opened, Problem> {
    let mut bytes = Vec::new();
    input
        .take(MAX_DOCUMENT as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(Path::new(name), &error))?;
    text(name, bytes).map(|source| Opened::Document(source, format))
}

/// Copies a stream into a file that has no name, and that the system removes with this process.
fn spool(
    head: &[u8],
    mut input: impl BufRead,
    name: &str,
    progress: Progress,
) -> Result<(File, u64), Problem> {
    let unwritable = |error: std::io::Error| {
        let message = format!("there is no room to keep `{name}`, which is read twice: {error}");
        Problem::new(Code::Unreadable, message)
            .help("make room in the folder of temporary files, or give it as a file")
    };
    let mut file = BufWriter::with_capacity(BUFFER, tempfile::tempfile().map_err(unwritable)?);
    file.write_all(head).map_err(unwritable)?;
    let mut length = head.len() as u64;
    let copying = progress.pass("taking in", None);
    loop {
        let part = match input.fill_buf() {
            Ok(part) => part,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(Path::new(name), &error)),
        };
        if part.is_empty() {
            break;
        }
        file.write_all(part).map_err(unwritable)?;
        let (bytes, samples) = (part.len(), breaks(part));
        input.consume(bytes);
        length += bytes as u64;
        copying.add(bytes as u64, samples);
    }
    let file = file
        .into_inner()
        .map_err(|error| unwritable(error.into_error()))?;
    Ok((file, length))
}

/// How many lines end in these bytes.
#[expect(
    clippy::naive_bytecount,
    reason = "small beside reading them, and no crate for it"
)]
fn breaks(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}
