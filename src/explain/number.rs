//! Numbers for people: as few digits as tell the truth.

/// The power of ten of a number's first digit: 0.001 of 0.0042. Read from its digits, so that it is exact, and the same on
/// every host, which a logarithm of the system need not be.
#[must_use]
pub fn decade(number: f64) -> Option<f64> {
    let text = format!("{number:e}");
    let (_, exponent) = text.split_once('e')?;
    format!("1e{exponent}").parse().ok()
}

/// A number in its unit, with as many digits as are written.
#[must_use]
pub fn quantity(value: f64, unit: Option<&str>) -> String {
    // Fifteen digits: what a double surely holds of a decimal number.
    with_digits(value, unit, 15)
}

/// A value and its limit in one unit, in as few digits as keep their order true, never `5% > 5%`, and as tell how far apart
/// they are: not `99.9 < 99.95` of what lies a billionth below.
#[must_use]
pub fn pair(value: f64, limit: f64, unit: Option<&str>) -> (String, String) {
    let right = quantity(limit, unit);
    let (exact, edge) = (read(&with_digits(value, unit, 17)), read(&right));
    for digits in 3..17 {
        let left = with_digits(value, unit, digits);
        let shown = read(&left);
        let off = (shown - exact).abs() > (exact - edge).abs() / 2.0;
        if value.partial_cmp(&limit) == shown.partial_cmp(&edge) && !off {
            return (left, right);
        }
    }
    (quantity(value, unit), quantity(limit, unit))
}

/// Up to here every whole number is told digit by digit.
const WHOLE: f64 = 9_007_199_254_740_992.0; // 2^53

/// The number a text begins with.
fn read(text: &str) -> f64 {
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | 'e')))
        .unwrap_or(text.len());
    text.get(..end)
        .and_then(|number| number.parse().ok())
        .unwrap_or(f64::NAN)
}

/// A number with at most so many significant digits.
#[must_use]
pub fn with_digits(value: f64, unit: Option<&str>, digits: usize) -> String {
    match unit {
        Some("ratio") => format!("{}%", significant(value * 100.0, digits.min(15))),
        Some("percent") => format!("{}%", significant(value, digits)),
        Some(rate @ ("per_s" | "per_min" | "per_h" | "per_d")) => {
            format!(
                "{}/{}",
                significant(value, digits),
                rate.trim_start_matches("per_")
            )
        }
        Some(unit) => format!("{} {unit}", significant(value, digits)),
        None => significant(value, digits),
    }
}

fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{}", value + 0.0);
    }
    // All digits before the point are told: 1024 is not 1020.
    let whole = format!("{:.0}", value.abs()).len();
    let rounded = format!("{:.*e}", digits.max(whole.min(17)).saturating_sub(1), value);
    let number: f64 = rounded.parse().unwrap_or(value);
    let is_whole = number.fract() == 0.0 && number.abs() <= WHOLE;
    if (1e-6..1e15).contains(&number.abs()) || is_whole {
        format!("{number}")
    } else {
        format!("{number:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::decade;

    #[test]
    fn the_decade_of_a_number_is_exact() {
        let decades = [
            (0.0042, 0.001),
            (0.001, 0.001),
            (-9.99, 1.0),
            (1000.0, 1000.0),
            (999.999, 100.0),
        ];
        for (number, of) in decades {
            assert_eq!(decade(number), Some(of), "{number}");
        }
        assert_eq!(decade(f64::INFINITY), None);
        assert_eq!(decade(f64::NAN), None);
    }
}
