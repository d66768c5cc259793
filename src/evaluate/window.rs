//! Stub.
use super::moment::Moment;
use crate::expr::value::{Missing, Value};
use crate::expr::window::{Method, Over};
use jiff::SignedDuration;
/// One window's state.
#[derive(Clone, Debug)]
pub struct Looking;
impl Looking {
    /// New.
    pub fn new(
        _method: Method,
        _over: Over,
        _whole: bool,
        _max_age: Option<SignedDuration>,
    ) -> Self {
        Self
    }
    /// Keep.
    pub fn keep_from(&mut self, _earliest: Option<Moment>) {}
    /// Sample.
    pub fn sample(&mut self, _at: Moment, _value: &Value) {}
    /// Holds.
    pub fn holds(&self) -> bool {
        false
    }
    /// Hold.
    pub fn hold(&mut self, _at: Moment, _value: &Value) {}
    /// Value.
    pub fn value(&mut self, _now: Moment, _entered: Option<Moment>) -> Value {
        Value::Unknown(Missing::Short)
    }
    /// Next.
    pub fn next(&self, _now: Moment) -> Moment {
        Moment::NEVER
    }
}
