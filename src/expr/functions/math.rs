//! The math extension. A whole number never leaves 64 bits unseen.

use std::cmp::Ordering;

use super::table;
use crate::expr::budget::Budget;
use crate::expr::fault::Reason;
use crate::expr::number;
use crate::expr::same;
use crate::expr::value::Value;

table! {
    "math.greatest" greatest {
        free(Number, More) Number; free(AnyList) Number;
    }
    "math.least" least {
        free(Number, More) Number; free(AnyList) Number;
    }
    "math.abs" abs { free(Int) Int; free(Uint) Uint; free(Double) Double; }
    "math.sign" sign { free(Int) Int; free(Uint) Uint; free(Double) Double; }
    "math.sqrt" sqrt { free(Number) Double; }
    "math.ceil" ceil { free(Double) Double; }
    "math.floor" floor { free(Double) Double; }
    "math.round" round { free(Double) Double; }
    "math.trunc" trunc { free(Double) Double; }
    "math.isNaN" is_nan { free(Double) Bool; }
    "math.isInf" is_inf { free(Double) Bool; }
    "math.isFinite" is_finite { free(Double) Bool; }
    "math.bitAnd" bit_and { free(Int, Int) Int; free(Uint, Uint) Uint; }
    "math.bitOr" bit_or { free(Int, Int) Int; free(Uint, Uint) Uint; }
    "math.bitXor" bit_xor { free(Int, Int) Int; free(Uint, Uint) Uint; }
    "math.bitNot" bit_not { free(Int) Int; free(Uint) Uint; }
    "math.bitShiftLeft" shift_left { free(Int, Int) Int; free(Uint, Int) Uint; }
    "math.bitShiftRight" shift_right { free(Int, Int) Int; free(Uint, Int) Uint; }
}

/// The number that comes first in this order; of equal ones the first written.
fn extreme(args: &[Value], budget: &mut Budget, wanted: Ordering) -> Result<Value, Reason> {
    let numbers = match args {
        [Value::List(items)] => items.as_ref(),
        numbers => numbers,
    };
    budget.each(numbers.len())?;
    let mut best: Option<&Value> = None;
    for candidate in numbers {
        match candidate {
            Value::Int(_) | Value::Uint(_) | Value::Double(_) => {}
            Value::Unknown(missing) => return Err(Reason::Missing(*missing)),
            _ => return Err(Reason::WrongType),
        }
        let better = match best {
            None => true,
            Some(best) => same::order(candidate, best).flatten() == Some(wanted),
        };
        if better {
            best = Some(candidate);
        }
    }
    best.cloned().ok_or(Reason::BadArgument)
}

fn greatest(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    extreme(args, budget, Ordering::Greater)
}

fn least(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    extreme(args, budget, Ordering::Less)
}

fn abs(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    match args {
        [Value::Int(value)] => value.checked_abs().map(Value::Int).ok_or(Reason::Overflow),
        [Value::Uint(value)] => Ok(Value::Uint(*value)),
        [Value::Double(value)] => Ok(Value::Double(value.abs())),
        _ => Err(Reason::WrongType),
    }
}

fn sign(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    match args {
        [Value::Int(value)] => Ok(Value::Int(value.signum())),
        [Value::Uint(value)] => Ok(Value::Uint((*value).min(1))),
        [Value::Double(value)] if *value == 0.0 => Ok(Value::Double(0.0)),
        [Value::Double(value)] if value.is_nan() => Ok(Value::Double(*value)),
        [Value::Double(value)] => Ok(Value::Double(value.signum())),
        _ => Err(Reason::WrongType),
    }
}

fn sqrt(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    let value = match args {
        [Value::Int(value)] => number::double(*value),
        [Value::Uint(value)] => number::double_of_uint(*value),
        [Value::Double(value)] => *value,
        _ => return Err(Reason::WrongType),
    };
    Ok(Value::Double(value.sqrt()))
}

/// A function of one double.
fn double(args: &[Value], of: fn(f64) -> f64) -> Result<Value, Reason> {
    let [Value::Double(value)] = args else {
        return Err(Reason::WrongType);
    };
    Ok(Value::Double(of(*value)))
}

fn ceil(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    double(args, f64::ceil)
}

fn floor(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    double(args, f64::floor)
}

fn round(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    double(args, f64::round)
}

fn trunc(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    double(args, f64::trunc)
}

/// A question about one double.
fn ask(args: &[Value], of: fn(f64) -> bool) -> Result<Value, Reason> {
    let [Value::Double(value)] = args else {
        return Err(Reason::WrongType);
    };
    Ok(Value::Bool(of(*value)))
}

fn is_nan(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    ask(args, f64::is_nan)
}

fn is_inf(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    ask(args, f64::is_infinite)
}

fn is_finite(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    ask(args, f64::is_finite)
}

/// A function of the bits of two numbers of one kind.
fn bits(args: &[Value], of: fn(u64, u64) -> u64) -> Result<Value, Reason> {
    match args {
        [Value::Int(a), Value::Int(b)] => Ok(Value::Int(number::signed(of(
            number::bits(*a),
            number::bits(*b),
        )))),
        [Value::Uint(a), Value::Uint(b)] => Ok(Value::Uint(of(*a, *b))),
        _ => Err(Reason::WrongType),
    }
}

fn bit_and(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    bits(args, |a, b| a & b)
}

fn bit_or(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    bits(args, |a, b| a | b)
}

fn bit_xor(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    bits(args, |a, b| a ^ b)
}

fn bit_not(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    match args {
        [Value::Int(value)] => Ok(Value::Int(!value)),
        [Value::Uint(value)] => Ok(Value::Uint(!value)),
        _ => Err(Reason::WrongType),
    }
}

/// The bits moved by so many places; all of them are gone from 64 on.
fn shift(args: &[Value], of: fn(u64, u32) -> Option<u64>) -> Result<Value, Reason> {
    let moved = |value: u64, by: i64| {
        let by = u64::try_from(by).map_err(|_| Reason::BadArgument)?;
        Ok(u32::try_from(by)
            .ok()
            .and_then(|by| of(value, by))
            .unwrap_or(0))
    };
    match args {
        [Value::Int(value), Value::Int(by)] => Ok(Value::Int(number::signed(moved(
            number::bits(*value),
            *by,
        )?))),
        [Value::Uint(value), Value::Int(by)] => Ok(Value::Uint(moved(*value, *by)?)),
        _ => Err(Reason::WrongType),
    }
}

fn shift_left(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    shift(args, u64::checked_shl)
}

/// To the right zeros come in, for negative numbers too.
fn shift_right(args: &[Value], _: &mut Budget) -> Result<Value, Reason> {
    shift(args, u64::checked_shr)
}
