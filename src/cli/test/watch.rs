//! Again at every change, until somebody ends it. The files are looked at a few times a second: that also sees what other
//! machines and containers write, and editors that put a new file in the place of the old one.

use std::io::Write as _;
use std::thread::sleep;
use std::time::Duration;

use gonogo::verdict::ExitCode;

use super::arguments::Arguments;
use super::once;
use crate::cli::{Color, say};

/// How long from one look to the next.
const PAUSE: Duration = Duration::from_millis(100);
/// How often files may go on changing before the tests run all the same.
const PATIENCE: usize = 20;

/// Runs the tests again and again; ends when nobody reads what is printed.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    loop {
        let (code, stamps) = once(arguments, color);
        let mut out = std::io::stdout().lock();
        if out.write_all(b"\n").and_then(|()| out.flush()).is_err() {
            return code;
        }
        drop(out);
        say("waiting for a change; Ctrl-C ends");
        let changed = loop {
            if let Some(path) = stamps.changed() {
                break path.display().to_string();
            }
            sleep(PAUSE);
        };
        // Whoever writes one file may be writing the next one: all is to be as it was a moment ago.
        let mut before = stamps.again();
        for _ in 0..PATIENCE {
            sleep(PAUSE);
            if before.changed().is_none() {
                break;
            }
            before = before.again();
        }
        say(&format!("`{changed}` has changed"));
    }
}
