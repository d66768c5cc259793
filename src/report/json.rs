//! The record of a verdict, or a record that says that there is none. Never clips a text.

use serde::Serialize;
use serde_json::Value as Json;

use super::{Told, diagnostics};

/// What is said where there is no verdict, beginning as a record does. No reader takes it for one: its `verdict` is null.
#[derive(Serialize)]
struct Untold {
    gonogo: u32,
    verdict: Option<()>,
    causes: [(); 0],
    exit_code: u8,
    reason: String,
    diagnostics: Vec<Json>,
}

/// The record as indented JSON. Where there is no verdict, `verdict` is null, and `diagnostics` says why.
#[must_use]
pub fn json(told: &Told<'_>) -> String {
    if let Some(verdict) = told.verdict {
        return verdict.to_json();
    }
    let untold = Untold {
        gonogo: 1,
        verdict: None,
        causes: [],
        exit_code: told.exit.code(),
        reason: told.reason(),
        diagnostics: diagnostics::json(told.problems),
    };
    let mut text = serde_json::to_string_pretty(&untold).unwrap_or_default();
    text.push('\n');
    text
}
