//! A file that only one program at a time writes to. Who waits for another one says so, and does not wait for ever.

use std::fs::{File, TryLockError};
use std::io::{Error, ErrorKind};
use std::time::{Duration, Instant};

/// How long nobody is told that anything is waited for.
const QUIET: Duration = Duration::from_secs(1);
/// How long is waited.
const LONGEST: Duration = Duration::from_secs(30);
/// The time between two tries.
const STEP: Duration = Duration::from_millis(20);

/// Locks a file up to its being closed, which is called so where another program has it.
pub(super) fn lock(file: &File, name: &str) -> Result<(), Error> {
    let told = || {
        super::say(&format!(
            "waiting for `{name}`: another program is writing to it"
        ));
    };
    wait(file, (QUIET, LONGEST), told)
}

fn wait(
    file: &File,
    (quiet, longest): (Duration, Duration),
    told: impl FnOnce(),
) -> Result<(), Error> {
    let begun = Instant::now();
    let mut told = Some(told);
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) => {}
        }
        let waited = begun.elapsed();
        if waited >= longest {
            let message = format!("another program has kept it for {longest:?}");
            return Err(Error::new(ErrorKind::TimedOut, message));
        }
        if waited >= quiet
            && let Some(told) = told.take()
        {
            told();
        }
        std::thread::sleep(STEP);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn who_waits_says_so_once_and_gives_up() {
        let held = tempfile::NamedTempFile::new().expect("a file");
        held.as_file().lock().expect("a lock");
        let other = File::open(held.path()).expect("a file");
        let told = Cell::new(0);
        let short = (Duration::from_millis(1), Duration::from_millis(60));
        let waited = wait(&other, short, || told.set(told.get() + 1));
        assert_eq!(waited.expect_err("it is held").kind(), ErrorKind::TimedOut);
        assert_eq!(told.get(), 1);
        held.as_file().unlock().expect("no lock");
        assert!(wait(&other, short, || told.set(9)).is_ok());
        assert_eq!(told.get(), 1);
    }
}
