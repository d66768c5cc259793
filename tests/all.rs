//! All integration tests in one binary: linked once, sharing `support`.

mod calendar;
mod cases;
mod check_json;
mod checkpoint_mistakes;
mod cli;
#[cfg(feature = "cross-check")]
mod cross_check;
mod diagnostics;
mod did_you_mean;
mod docs;
mod expr_conformance;
#[cfg(feature = "cross-check")]
mod expr_differential;
mod expr_mistakes;
mod expr_properties;
mod expr_soundness;
mod expr_table;
mod expr_texts;
mod expr_trace;
mod expr_values;
mod expr_windows;
mod fold;
mod histories;
mod json_places;
mod limits;
mod lint_properties;
mod lints;
mod oracle;
mod oracle_checkpoints;
mod oracle_windows;
mod pages;
mod places;
mod promises;
mod readme;
mod related_places;
mod rooms;
mod rows;
mod schemas;
mod support;
mod time_docs;
mod tired_author;
mod window_definition;
mod window_numbers;
mod window_reference;
mod workload;
mod yaml_places;
