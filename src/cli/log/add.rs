//! `eval --log`: a record behind the last line of a log. Who adds one waits until nobody else does, so that no two lines
//! follow the same one; what cannot be checked is not added to.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use gonogo::source::{Code, MAX_DOCUMENT, Problem, Source, text};
use gonogo::verdict::Verdict;
use gonogo::verdict::log::{Link, line, link};

use crate::cli::append::{json_lines, unwritten};
use crate::cli::lock::lock;

/// How many bytes are read at once, from the end on.
const STEP: u64 = 64 * 1024;

/// Adds a record to a log, which is made where there is none.
pub(in crate::cli) fn add(path: &Path, record: &Verdict) -> Result<(), Problem> {
    let failed = |error: std::io::Error| unwritable(path, &error);
    json_lines(path)?;
    let mut options = OpenOptions::new();
    let options = options.read(true).append(true).create(true);
    let mut file = options.open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        let message = format!("`{}` is no file", path.display());
        let help = "a log is a file: what is written last is read before anything is added";
        return Err(Problem::new(Code::Unreadable, message).help(help));
    }
    // Without it two runs at once could both follow the same line.
    lock(&file, &path.display().to_string()).map_err(|error| {
        let message = format!("`{}` cannot be locked: {error}", path.display());
        let help = if error.kind() == std::io::ErrorKind::TimedOut {
            "see which program has it, and run it again; the verdict above stands"
        } else {
            "keep the log on a disk that knows locks; the verdict above stands"
        };
        Problem::new(Code::Unreadable, message).help(help)
    })?;
    let before = last(&mut file, path)?;
    let line = line(before.as_ref(), record);
    if line.len() > MAX_DOCUMENT {
        let message = format!(
            "the record has {} bytes, more than a line of a log may",
            line.len()
        );
        return Err(Problem::new(Code::TooLarge, message)
            .help("keep it with --record in a file of its own"));
    }
    let end = file.metadata().map_err(failed)?.len();
    let wrote = file.write_all(line.as_bytes());
    wrote.and_then(|()| file.sync_data()).map_err(|error| {
        // A disk that is full took a part of it perhaps; nobody else can have added to it meanwhile.
        let _ = file.set_len(end);
        failed(error)
    })
}

/// What the last line is known by; nothing of an empty file.
fn last(file: &mut File, path: &Path) -> Result<Option<Link>, Problem> {
    let failed = |error: std::io::Error| unwritable(path, &error);
    let length = file.metadata().map_err(failed)?.len();
    if length == 0 {
        return Ok(None);
    }
    let name = path.display().to_string();
    let mut start = length;
    // The end of the file, the newest part first.
    let mut tail: Vec<u8> = Vec::new();
    loop {
        let step = STEP.max(tail.len() as u64).min(start);
        start -= step;
        let mut part = vec![0; usize::try_from(step).unwrap_or_default()];
        file.seek(SeekFrom::Start(start)).map_err(failed)?;
        file.read_exact(&mut part).map_err(failed)?;
        part.append(&mut tail);
        tail = part;
        if tail.last() != Some(&b'\n') {
            let message = format!("the last line of `{name}` is not finished");
            return Err(Problem::new(Code::Unreadable, message).help(
                "see what was written last: the rest of a line that was cut off may be removed; then run it again",
            ));
        }
        let body = tail.len() - 1;
        if let Some(at) = tail[..body].iter().rposition(|byte| *byte == b'\n') {
            tail.drain(..=at);
            break;
        }
        if start == 0 {
            break;
        }
        if tail.len() > MAX_DOCUMENT {
            let message = format!("the last line of `{name}` is longer than 64 MiB");
            return Err(Problem::new(Code::TooLarge, message)
                .help("name a log, or a file that there is not yet"));
        }
    }
    let line = text(&name, tail)?;
    match link(&line) {
        Ok(link) => Ok(Some(link)),
        // Which line it is nobody needs to know but to be told.
        Err(_) => {
            let number = lines(file).map_err(failed)?;
            let placed = Source::fragment(name, line.text(), number);
            link(&placed).map(Some).map_err(|problem| {
                let help = problem.help.clone().unwrap_or_default();
                problem.help(format!("{help}; the verdict above stands"))
            })
        }
    }
}

/// How many lines a file has.
fn lines(file: &mut File) -> std::io::Result<u32> {
    file.seek(SeekFrom::Start(0))?;
    let mut input = BufReader::new(file);
    let mut lines = 0_u32;
    while input.skip_until(b'\n')? > 0 {
        lines = lines.saturating_add(1);
    }
    Ok(lines)
}

fn unwritable(path: &Path, error: &std::io::Error) -> Problem {
    let (path, why) = (path.display(), unwritten(error));
    let message = format!("the log `{path}` cannot be written to: {why}");
    Problem::new(Code::Unreadable, message)
        .help("name a file that can be written with --log; the verdict above stands")
}
