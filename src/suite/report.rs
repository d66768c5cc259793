//! What became of tests, for people and for programs: one file for each format. Never runs one.

pub mod coverage;
pub mod lcov;
pub mod mutants;
pub mod text;
