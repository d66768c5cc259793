//! **gonogo** decides, from a policy and snapshots of what is known about a rollout, whether it may go on: *go*,
//! *no-go* or *rollback*, with every reason.
//!
//! A policy turns a playbook into rules, written as [CEL](https://cel.dev) expressions over metrics:
//!
//! ```yaml
//! gonogo: 1
//! name: canary
//! inputs:
//!   error_rate: {type: double, unit: ratio}
//! require:
//!   - {id: errors, expr: error_rate < 0.01, for: 10m}
//! rollback:
//!   - {id: error-spike, expr: error_rate >= 0.05, for: 2m}
//! ```
//!
//! # One straight line
//!
//! ```text
//! policy.yaml ─▶ Source ─parse─▶ PolicyDocument ─check─▶ Policy ──┐
//!                                                                 ├─evaluate(now)─▶ Judgement ─explain─▶ Verdict ─▶ report
//! snapshots   ─▶ Source ─parse─▶ Sample … ──────────────▶ History ┘
//! ```
//!
//! The same line in code:
//!
//! ```
//! use gonogo::evaluate::{Question, evaluate, stage};
//! use gonogo::explain::explain;
//! use gonogo::policy::check::{Settings, check};
//! use gonogo::snapshot::{Format, Reader};
//! use gonogo::source::Source;
//! use gonogo::verdict::Decision;
//!
//! let policy = "
//! gonogo: 1
//! name: canary
//! inputs: {error_rate: {type: double, unit: ratio}}
//! require: [{id: errors, expr: error_rate < 0.01}]
//! ";
//! let (policy, problems) = check(&Source::new("policy.yaml", policy), &Settings::new());
//! let policy = policy.expect("a policy without errors");
//! assert!(problems.is_empty());
//!
//! let mut reader = Reader::new(&policy.layout);
//! let snapshot = r#"{"at": "2025-10-16T10:05:00Z", "metrics": {"error_rate": 0.061}}"#;
//! reader.document(&Source::new("snapshot.json", snapshot), Format::Json);
//! let (history, problems) = reader.finish();
//! assert!(problems.is_empty());
//!
//! let now = "2025-10-16T10:06:00Z".parse().expect("an instant");
//! let stage = stage(&policy, &history, None, now).expect("the only stage");
//! let question = Question { stage, asked: None, now };
//! let judgement = evaluate(&policy, &history, question);
//! assert_eq!(judgement.decision, Decision::NoGo);
//!
//! let verdict = explain(&policy, &history, question, judgement, &problems);
//! assert_eq!(verdict.reason, "errors: error_rate is 6.1%, limit 1%");
//! ```
//!
//! # Three names for three states
//!
//! A *document* is a policy as it was written, with places ([`policy::document`]). A [`Policy`](policy::Policy) is
//! checked, typed and compiled: it cannot be wrong, and only [`policy::check::check`] makes one. That is why
//! [`evaluate::evaluate`] needs no `Result`: whatever is missing or malformed in the data is a status, never an error.
//! A [`Verdict`](verdict::Verdict) is plain data in the shape of the record that scripts read.
//!
//! # Three promises
//!
//! * **Silence is never go.** Missing, stale or malformed data, an empty gate or an unknown condition is never a go.
//! * **Every rule is always evaluated.** One failure never hides another.
//! * **Nothing is absorbed in silence.** Where a result was reached although an input was unknown or assumed, the
//!   finding says so.
//!
//! # Rooms
//!
//! In layer order; each imports only from those above it.
//!
//! | room | knows | never |
//! |---|---|---|
//! | [`source`] | text with a name, spans, trees of YAML and JSON, diagnostics | opens a file |
//! | [`expr`] | the CEL dialect: types, checking, three-valued evaluation, traces | policy words, YAML |
//! | [`calendar`] | time zones, days, windows of the week, business time | rules; what time it is |
//! | [`snapshot`] | what was observed: samples, histories | judging |
//! | [`verdict`] | what was decided, as plain data; exit codes | deciding |
//! | [`policy`] | what was promised: documents, checked policies, lints | evaluating |
//! | [`evaluate`] | the fold: held values, runs, latches, the tables of effects | text for people |
//! | [`explain`] | reasons: values, margins, what would change a finding | formats |
//! | [`report`] | one file for each format | deciding |
//! | [`suite`] | fixture tests, what they cover, which changes they notice | its own copy of evaluation |
//! | [`diff`] | what changed between two policies, and which verdicts it changes | judging by itself |
//! | [`schema`] | JSON Schemas out of the types | |
//!
//! The library is pure: no file, clock, environment, randomness or printing; the same inputs give the same bytes. The
//! binary (feature `cli`, on by default) is a thin edge around it.

#![deny(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros
)]
#![deny(missing_docs)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects
)]

pub mod calendar;
pub mod diff;
pub mod evaluate;
pub mod explain;
pub mod expr;
pub mod policy;
pub mod report;
pub mod schema;
pub mod snapshot;
pub mod source;
pub mod suite;
pub mod verdict;
