//! Bytes as base64 text and back.

use super::table;
use crate::expr::budget::Budget;
use crate::expr::fault::Reason;
use crate::expr::value::Value;

table! {
    "base64.encode" encode { free(Bytes) String; }
    "base64.decode" decode { free(String) Bytes; }
}

/// The sixty-four digits.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes as base64, padded.
pub(crate) fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4_usize {
            let shift = [18_u32, 12, 6, 0].get(place).copied().unwrap_or(0);
            let digit = usize::try_from((word >> shift) & 63)
                .ok()
                .and_then(|at| DIGITS.get(at))
                .copied();
            text.push(if place <= chunk.len() {
                char::from(digit.unwrap_or(b'='))
            } else {
                '='
            });
        }
    }
    text
}

/// The value of a digit.
fn value(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => digit.checked_sub(b'A'),
        b'a'..=b'z' => digit.checked_sub(b'a')?.checked_add(26),
        b'0'..=b'9' => digit.checked_sub(b'0')?.checked_add(52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// The bytes of a base64 text, padded as it must be or not at all.
fn unbase64(text: &str) -> Option<Vec<u8>> {
    let padded = text;
    let text = padded.trim_end_matches('=');
    let padding = padded.len().saturating_sub(text.len());
    if padding > 2 || (padding > 0 && !padded.len().is_multiple_of(4)) {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    let (mut word, mut bits) = (0_u32, 0_u32);
    for digit in text.bytes() {
        word = (word << 6 | u32::from(value(digit)?)) & 0xff_ffff;
        bits = bits.saturating_add(6);
        if bits >= 8 {
            bits = bits.saturating_sub(8);
            bytes.push(u8::try_from((word >> bits) & 0xff).ok()?);
        }
    }
    (bits < 6).then_some(bytes)
}

fn encode(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [Value::Bytes(bytes)] = args else {
        return Err(Reason::WrongType);
    };
    budget.text(bytes.len().div_ceil(3).saturating_mul(4))?;
    Ok(Value::String(base64(bytes).into()))
}

fn decode(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [Value::String(text)] = args else {
        return Err(Reason::WrongType);
    };
    budget.text(text.len())?;
    unbase64(text)
        .map(|bytes| Value::Bytes(bytes.into()))
        .ok_or(Reason::Conversion)
}
