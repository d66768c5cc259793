//! A verdict in the formats that people and machines read: one file for each. Never decides, never guesses colours.

pub(crate) mod alike;
pub(crate) mod case;
pub mod checklist;
pub(crate) mod clip;
#[cfg(feature = "cross-check")]
pub mod cross_check;
pub mod diagnostics;
pub mod format;
pub mod github;
pub mod gitlab;
pub mod html;
pub mod intoto;
pub mod json;
pub mod jsonl;
pub mod junit;
pub mod log;
pub(crate) mod mark;
pub mod markdown;
pub(crate) mod next;
pub(crate) mod path;
pub mod plot;
pub mod replay;
pub mod sarif;
pub mod tap;
pub mod text;
pub mod untold;
pub(crate) mod wrap;
pub(crate) mod xml;

use crate::source::Problem;
use crate::verdict::{ExitCode, Verdict};
pub use format::Format;
pub use plot::Plot;
use text::Style;

/// What a report is of: a verdict, or why there is none.
#[derive(Clone, Copy, Debug)]
pub struct Told<'t> {
    /// The verdict; none where something could not be read.
    pub verdict: Option<&'t Verdict>,
    /// What the process ends with.
    pub exit: ExitCode,
    /// The file of the policy, where what is told stands nowhere else; empty where it is not known.
    pub policy: &'t str,
    /// The folder that paths are relative to, from the root; empty where it is not known.
    pub folder: &'t str,
    /// What reading the policy and the snapshots said: of a verdict warnings, else also the errors that stand in its way;
    /// then why something of it could not be written.
    pub problems: &'t [Problem],
    /// The course of what decided, as far as the snapshots are at hand.
    pub plots: &'t [Plot],
}

impl Told<'_> {
    /// The verdict's reason, or what kept it away, in one line.
    #[must_use]
    pub fn reason(&self) -> String {
        self.verdict.map_or_else(
            || format!("no verdict: {}", self.exit.meaning()),
            case::reason,
        )
    }
}

/// A report in a format. Every one of them tells a verdict that is missing as the failure that it is.
#[must_use]
pub fn render(format: Format, told: &Told<'_>) -> String {
    match format {
        Format::Text => told.verdict.map_or_else(
            || untold::text(told),
            |verdict| text::report(verdict, Style::default()),
        ),
        Format::Json => json::json(told),
        Format::Jsonl => jsonl::jsonl(told),
        Format::Markdown => markdown::markdown(told),
        Format::Junit => junit::junit(told),
        Format::Sarif => sarif::sarif(told),
        Format::Github => github::github(told),
        Format::Gitlab => gitlab::gitlab(told),
        Format::Tap => tap::tap(told),
        Format::Html => html::html(told),
        // A statement is about a verdict: where there is none, what is written is no statement.
        Format::Intoto => told
            .verdict
            .map_or_else(|| json::json(told), intoto::statement),
    }
}
