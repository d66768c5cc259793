//! gonogo
pub mod evaluate;
pub mod explain;
pub mod expr;
pub mod policy;
pub mod report;
pub mod schema;
pub mod snapshot;
pub mod source;
pub mod verdict;
