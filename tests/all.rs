//! All integration tests in one binary: linked once, sharing `support`.

mod cases;
mod cli;
mod diagnostics;
mod expr_conformance;
mod expr_mistakes;
mod expr_properties;
mod expr_texts;
mod expr_trace;
mod expr_values;
mod json_places;
mod limits;
mod oracle;
mod places;
mod promises;
mod readme;
mod rooms;
mod schemas;
mod support;
mod workload;
mod yaml_places;
