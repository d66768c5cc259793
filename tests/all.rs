//! All integration tests in one binary: linked once, sharing `support`.

mod cases;
mod check_json;
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
mod json_places;
mod limits;
mod lint_properties;
mod lints;
mod oracle;
mod pages;
mod places;
mod promises;
mod readme;
mod related_places;
mod rooms;
mod schemas;
mod support;
mod tired_author;
mod window_definition;
mod window_numbers;
mod window_reference;
mod workload;
mod yaml_places;
