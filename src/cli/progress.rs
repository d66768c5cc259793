//! How far a long piece of work has come, on a terminal only and after half a second. Never writes to a pipe.

use std::cell::{Cell, OnceCell};
use std::io::IsTerminal as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Before that nobody waits.
const PATIENCE: Duration = Duration::from_millis(500);
/// How many bytes are read before the clock is asked again.
const STEP: u64 = 64 * 1024;

/// Whether progress is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    shown: bool,
}

impl Progress {
    /// On a terminal, if it is wanted.
    pub(super) fn new(wanted: bool) -> Self {
        Self {
            shown: wanted && std::io::stderr().is_terminal(),
        }
    }

    /// Never.
    pub(super) fn off() -> Self {
        Self { shown: false }
    }

    /// Begins to do so many things, on any number of threads.
    pub(super) fn count(self, what: &'static str, total: usize) -> Count {
        Count {
            shown: self.shown,
            what,
            total: total as u64,
            begun: Instant::now(),
            done: AtomicU64::new(0),
            bar: OnceLock::new(),
        }
    }

    /// Begins to go through so many bytes, or nobody knows how many.
    pub(super) fn pass(self, what: &'static str, bytes: Option<u64>) -> Pass {
        Pass {
            shown: self.shown,
            what,
            total: bytes,
            begun: Instant::now(),
            bytes: Cell::new(0),
            samples: Cell::new(0),
            asked: Cell::new(0),
            bar: OnceCell::new(),
        }
    }
}

/// One way through all that was given.
#[derive(Debug)]
pub(super) struct Pass {
    shown: bool,
    what: &'static str,
    total: Option<u64>,
    begun: Instant,
    bytes: Cell<u64>,
    samples: Cell<u64>,
    /// The bytes at which the clock was asked last.
    asked: Cell<u64>,
    bar: OnceCell<ProgressBar>,
}

impl Pass {
    /// So many bytes and samples more.
    pub(super) fn add(&self, bytes: u64, samples: u64) {
        if !self.shown {
            return;
        }
        let read = self.bytes.get().saturating_add(bytes);
        self.bytes.set(read);
        self.samples.set(self.samples.get().saturating_add(samples));
        // Where nobody knows how many there will be, they may come slowly.
        if self.total.is_some() && read.saturating_sub(self.asked.get()) < STEP {
            return;
        }
        self.asked.set(read);
        if self.begun.elapsed() >= PATIENCE {
            let bar = self.bar.get_or_init(|| bar(self.what, self.total));
            bar.set_position(self.total.map_or(self.samples.get(), |_| read));
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

/// Things that are done one by one.
#[derive(Debug)]
pub(super) struct Count {
    shown: bool,
    what: &'static str,
    total: u64,
    begun: Instant,
    done: AtomicU64,
    bar: OnceLock<ProgressBar>,
}

impl Count {
    /// One more is done.
    pub(super) fn add(&self) {
        if !self.shown {
            return;
        }
        let done = self.done.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        if self.begun.elapsed() >= PATIENCE {
            let bar = self.bar.get_or_init(|| counted(self.what, self.total));
            bar.set_position(done);
        }
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

fn counted(what: &'static str, total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total);
    bar.set_draw_target(ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {pos} of {len}, {eta} left") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.with_message(what)
}

fn bar(what: &'static str, total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => (
            ProgressBar::new(total),
            "{msg} [{bar:30}] {bytes} of {total_bytes}, {eta} left",
        ),
        None => (
            ProgressBar::new_spinner(),
            "{spinner} {msg}, {human_pos} samples",
        ),
    };
    bar.set_draw_target(ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    if total.is_none() {
        bar.enable_steady_tick(Duration::from_millis(100));
    }
    bar.with_message(what)
}
