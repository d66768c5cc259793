//! gonogo
pub mod expr;
pub mod source;
