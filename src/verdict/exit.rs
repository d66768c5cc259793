//! The exit codes: one table, for the process, the record and the documentation. No flag changes what a code means.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Cause, Decision};

macro_rules! exit_codes {
    ($($variant:ident $code:literal $meaning:literal,)*) => {
        /// What the process says when it ends.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ExitCode {
            $(#[doc = $meaning] $variant,)*
        }

        impl ExitCode {
            /// Every code there is, ascending.
            pub const ALL: &'static [ExitCode] = &[$(ExitCode::$variant,)*];

            /// The number.
            #[must_use]
            pub fn code(self) -> u8 {
                match self { $(Self::$variant => $code,)* }
            }

            /// What it means, in one line.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

exit_codes! {
    Success 0 "go; or nothing wrong",
    Findings 1 "findings: errors in what was checked, a test that failed, too little covered, a replay that differs, a log that was changed, a diff that may not be",
    Usage 2 "usage: the command line is wrong",
    Policy 3 "the policy is invalid or cannot be read",
    Input 4 "the input is invalid or cannot be read",
    Nothing 5 "nothing to do: no policy or test found where one was asked for",
    Limit 6 "a run-time limit was exceeded",
    NoGo 10 "no-go: something is wrong",
    NotYet 11 "no-go: not yet; asking again later may help",
    Rollback 20 "rollback",
    Bug 70 "a bug in gonogo",
}

/// A row of the table, as `gonogo version --json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExitRow {
    /// The number.
    pub code: u8,
    /// What it means.
    pub meaning: &'static str,
}

impl ExitCode {
    /// The whole table.
    #[must_use]
    pub fn table() -> Vec<ExitRow> {
        Self::ALL
            .iter()
            .map(|code| ExitRow {
                code: code.code(),
                meaning: code.meaning(),
            })
            .collect()
    }

    /// The code of a decision and its causes. A run-time limit that stood in the way of a verdict is told as such,
    /// but never hides a rollback.
    #[must_use]
    pub fn of(decision: Decision, causes: &[Cause], limit_exceeded: bool) -> Self {
        match decision {
            Decision::Rollback => Self::Rollback,
            Decision::NoGo if limit_exceeded => Self::Limit,
            Decision::NoGo if causes.iter().any(|cause| *cause <= Cause::Empty) => Self::NoGo,
            Decision::NoGo => Self::NotYet,
            Decision::Go => Self::Success,
        }
    }
}
