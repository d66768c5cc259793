//! A stream as lines of text: bounded, counted, and with what is no text told. Never keeps more than one line.

use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher as _;
use std::io::{BufRead, Read as _};
use std::path::Path;
use std::sync::Arc;

use gonogo::source::{Code, MAX_LINE, Problem};

use super::unreadable;

/// The lines of a stream.
pub(in crate::cli) struct Physical<R> {
    input: R,
    name: Arc<str>,
    number: u32,
    line: Vec<u8>,
    /// Of all bytes so far: what is read twice must be the same twice.
    hash: DefaultHasher,
    ended: bool,
}

impl<R: BufRead> Physical<R> {
    pub(in crate::cli) fn new(input: R, name: Arc<str>) -> Self {
        Self {
            input,
            name,
            number: 0,
            line: Vec::new(),
            hash: DefaultHasher::new(),
            ended: false,
        }
    }

    /// The next line with its break and its number from 1, or why there is none.
    pub(in crate::cli) fn next(&mut self) -> Option<Result<(u32, &str), Problem>> {
        if self.ended {
            return None;
        }
        self.number = self.number.saturating_add(1);
        self.line.clear();
        let read = self
            .input
            .by_ref()
            .take(MAX_LINE as u64 + 1)
            .read_until(b'\n', &mut self.line);
        let (number, name) = (self.number, &self.name);
        match read {
            Ok(0) => {
                self.ended = true;
                return None;
            }
            Ok(_) if self.line.len() > MAX_LINE => {
                self.ended = true;
                let message = format!("line {number} of `{name}` is longer than 4 MiB");
                let help = "write one snapshot on each line";
                return Some(Err(Problem::new(Code::TooLarge, message).help(help)));
            }
            Ok(_) => {}
            Err(error) => {
                self.ended = true;
                return Some(Err(unreadable(Path::new(name.as_ref()), &error)));
            }
        }
        self.hash.write(&self.line);
        Some(
            std::str::from_utf8(&self.line)
                .map(|line| (number, line))
                .map_err(|_| {
                    let message = format!("line {number} of `{name}` is not UTF-8 text");
                    Problem::new(Code::NotUtf8, message).help("write the file in UTF-8")
                }),
        )
    }

    /// How many bytes the line has that was read last.
    pub(in crate::cli) fn bytes(&self) -> u64 {
        self.line.len() as u64
    }

    /// A digest of all that was read.
    pub(in crate::cli) fn digest(&self) -> u64 {
        self.hash.finish()
    }
}
