//! Numbers and instants as the formats write them: what Prometheus takes for a number, and nothing else.

use jiff::Timestamp;

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadNumber {
    /// It is not written as one.
    Syntax,
    /// No double is that large.
    TooLarge,
}

/// A number: `12`, `-1.5e-3`, `+Inf`, `NaN`, in letters of either case. As Prometheus, it takes no hexadecimal digits and no
/// `_`.
pub fn number(text: &str) -> Result<f64, BadNumber> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let infinite = ["inf", "infinity"]
        .iter()
        .any(|name| unsigned.eq_ignore_ascii_case(name));
    // Go writes and reads no sign before it.
    if unsigned.eq_ignore_ascii_case("nan") && unsigned.len() != text.len() {
        return Err(BadNumber::Syntax);
    }
    let value: f64 = text.parse().map_err(|_| BadNumber::Syntax)?;
    if value.is_infinite() && !infinite {
        return Err(BadNumber::TooLarge);
    }
    Ok(value)
}

/// Why a text is no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadTime {
    /// It is not written as one.
    Syntax,
    /// A fraction, where whole milliseconds are counted.
    Fraction,
    /// Before or after all years that are known.
    Range,
}

/// Milliseconds since 1970, whole ones.
pub(super) fn milliseconds(text: &str) -> Result<Timestamp, BadTime> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    if unsigned.is_empty() || !unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(match decimal(text) {
            Some(_) => BadTime::Fraction,
            None => BadTime::Syntax,
        });
    }
    let count: i64 = text.parse().map_err(|_| BadTime::Range)?;
    Timestamp::from_millisecond(count).map_err(|_| BadTime::Range)
}

/// Seconds since 1970 with a fraction, to the nanosecond: what is finer is cut off.
pub(super) fn seconds(text: &str) -> Result<Timestamp, BadTime> {
    let (digits, exponent, negative) = decimal(text).ok_or(BadTime::Syntax)?;
    // So many places behind the point are nanoseconds.
    let shift = exponent.checked_add(9).ok_or(BadTime::Range)?;
    let digits = digits.trim_start_matches('0');
    let length = i64::try_from(digits.len()).unwrap_or(i64::MAX);
    let whole = length.saturating_add(shift);
    let count = if digits.is_empty() || whole <= 0 {
        0
    } else {
        // No instant has more than 21 digits of nanoseconds.
        let whole = usize::try_from(whole)
            .ok()
            .filter(|whole| *whole <= 21)
            .ok_or(BadTime::Range)?;
        let kept = digits.get(..whole.min(digits.len())).unwrap_or(digits);
        let text = format!("{kept:0<whole$}");
        text.parse::<i128>().map_err(|_| BadTime::Range)?
    };
    let count = if negative {
        count.saturating_neg()
    } else {
        count
    };
    Timestamp::from_nanosecond(count).map_err(|_| BadTime::Range)
}

/// A decimal number as its digits, the power of ten of the last one, and whether it is negative.
fn decimal(text: &str) -> Option<(String, i64, bool)> {
    let negative = text.starts_with('-');
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (number, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, exponent.parse::<i64>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let places = i64::try_from(fraction.len()).ok()?;
    Some((digits, exponent.checked_sub(places)?, negative))
}

#[cfg(test)]
#[expect(
    clippy::expect_used,
    reason = "a test may say that something cannot be"
)]
mod tests {
    use super::{BadNumber, BadTime, milliseconds, number, seconds};
    use jiff::Timestamp;

    #[test]
    fn numbers_are_what_go_takes_for_one() {
        for (text, value) in [
            ("0", 0.0),
            ("+1", 1.0),
            ("-.5", -0.5),
            ("5.", 5.0),
            ("1E3", 1000.0),
            ("1.458255915e9", 1_458_255_915.0),
            ("1e-400", 0.0),
            ("+Inf", f64::INFINITY),
            ("inf", f64::INFINITY),
            ("-INFINITY", f64::NEG_INFINITY),
        ] {
            assert_eq!(number(text), Ok(value), "{text}");
        }
        for text in ["NaN", "nan", "NAN"] {
            assert!(number(text).is_ok_and(f64::is_nan), "{text}");
        }
    }

    #[test]
    fn what_it_does_not_take_is_none() {
        for text in [
            "", "+", ".", "e5", "1e", "1_000", "0x1A", "0x1p4", "1,5", "--1", "+NaN", "-nan", "1 ",
            "infin", "true", "١",
        ] {
            assert_eq!(number(text), Err(BadNumber::Syntax), "{text}");
        }
        assert_eq!(number("1e400"), Err(BadNumber::TooLarge));
        assert_eq!(number("-1e400"), Err(BadNumber::TooLarge));
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn milliseconds_are_whole() {
        assert_eq!(
            milliseconds("1395066363000"),
            Ok(at("2014-03-17T14:26:03Z"))
        );
        assert_eq!(milliseconds("-3982045"), Ok(at("1969-12-31T22:53:37.955Z")));
        for text in ["1395066363.123", "1.3e9", "1."] {
            assert_eq!(milliseconds(text), Err(BadTime::Fraction), "{text}");
        }
        for text in ["", "-", "+1", "12a", "NaN", "Inf"] {
            let expected = if text == "+1" {
                BadTime::Fraction
            } else {
                BadTime::Syntax
            };
            assert_eq!(milliseconds(text), Err(expected), "{text}");
        }
        for text in ["99999999999999999999", "9223372036854775807"] {
            assert_eq!(milliseconds(text), Err(BadTime::Range), "{text}");
        }
    }

    #[test]
    fn seconds_are_read_to_the_nanosecond() {
        assert_eq!(
            seconds("1520879607.789"),
            Ok(at("2018-03-12T18:33:27.789Z")),
            "as it is written"
        );
        assert_eq!(
            seconds("1.520879607789e+09"),
            Ok(at("2018-03-12T18:33:27.789Z")),
            "as Go writes it"
        );
        assert_eq!(
            seconds("1520879607.1234567891"),
            Ok(at("2018-03-12T18:33:27.123456789Z"))
        );
        assert_eq!(seconds("-1.5"), Ok(at("1969-12-31T23:59:58.5Z")));
        for text in ["0", "0e99", "0.0", "1e-99", "-0"] {
            assert_eq!(seconds(text), Ok(at("1970-01-01T00:00:00Z")), "{text}");
        }
        // Milliseconds, read as seconds.
        for text in [
            "1520879607789",
            "1e99",
            "1e9223372036854775807",
            "99999999999999999999999999999999",
        ] {
            assert_eq!(seconds(text), Err(BadTime::Range), "{text}");
        }
        for text in [
            "",
            "NaN",
            "+Inf",
            "1e",
            "1.2.3",
            "12:00",
            "1e99999999999999999999",
        ] {
            assert_eq!(seconds(text), Err(BadTime::Syntax), "{text}");
        }
    }
}
