//! `gonogo test`: policies tested against fixtures. What a test means is the library's.

mod arguments;
mod covered;
mod discover;
mod listed;
mod mutated;
mod opened;
mod parallel;
mod ran;
mod reports;
mod stamp;
mod update;
mod watch;

use clap::CommandFactory as _;
use gonogo::verdict::ExitCode;

pub(super) use arguments::Arguments;
pub(super) use discover::is_suite;
use ran::Ran;
use stamp::Stamps;

use super::Color;

/// Runs the command.
pub(super) fn run(arguments: &Arguments, color: Color) -> ExitCode {
    if let Some(conflict) = arguments.conflict() {
        let kind = clap::error::ErrorKind::ArgumentConflict;
        super::Arguments::command().error(kind, conflict).exit();
    }
    if arguments.watch {
        return watch::run(arguments, color);
    }
    once(arguments, color).0
}

/// Runs everything once: how it ended, and what was read as it was then.
fn once(arguments: &Arguments, color: Color) -> (ExitCode, Stamps) {
    let mut ran = Ran::open(arguments);
    if arguments.list {
        ran.tell(color);
        listed::print(&ran, arguments.format);
    } else {
        ran.run(arguments);
        if arguments.update {
            update::update(&mut ran);
        }
        ran.end();
        ran.tell(color);
        ran.code = ran.code.max(reports::write(&ran, arguments, color));
    }
    (ran.code, ran.stamps())
}
