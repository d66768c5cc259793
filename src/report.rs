//! A verdict in the formats that people and machines read: one file for each. Never decides, never guesses colours.

pub mod text;
mod wrap;
