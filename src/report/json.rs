//! The record of a verdict, or a record that says that there is none. Never clips a text.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use super::{Told, diagnostics};
use crate::source::visible::pretty;
use crate::verdict::Verdict;

/// What `--record` and `--format json` write.
#[derive(JsonSchema)]
#[schemars(title = "gonogo verdict record", untagged)]
pub enum Written {
    /// A verdict.
    Verdict(Box<Verdict>),
    /// Why there is none.
    Untold(Untold),
}

/// What is said where there is no verdict, beginning as a record does. No reader takes it for one: its `verdict` is null.
#[derive(Serialize, JsonSchema)]
pub struct Untold {
    /// The version of this shape.
    gonogo: u32,
    /// There is none.
    #[schemars(required)]
    verdict: Option<()>,
    /// None: nothing was judged.
    causes: [(); 0],
    /// The exit code of the process.
    exit_code: u8,
    /// Why there is no verdict, in one line.
    reason: String,
    /// What is wrong with what was read, in the shape of `gonogo check --format json`.
    diagnostics: Vec<Json>,
}

/// The record as indented JSON. Where there is no verdict, `verdict` is null, and `diagnostics` says why.
#[must_use]
pub fn json(told: &Told<'_>) -> String {
    if let Some(verdict) = told.verdict {
        return verdict.to_json();
    }
    pretty(&Untold {
        gonogo: 1,
        verdict: None,
        causes: [],
        exit_code: told.exit.code(),
        reason: told.reason(),
        diagnostics: diagnostics::json(told.problems),
    })
}
