//! Texts: CEL's own functions and its strings extension. Positions count characters, never bytes.

use super::table;
use crate::expr::budget::{Budget, fits_text};
use crate::expr::display;
use crate::expr::fault::Reason;
use crate::expr::number;
use crate::expr::pattern::Patterns;
use crate::expr::value::Value;

table! {
    "size" size {
        free(String) Int; free(Bytes) Int; free(AnyList) Int; free(AnyMap) Int;
        method(String) Int; method(Bytes) Int; method(AnyList) Int; method(AnyMap) Int;
    }
    "contains" contains { method(String, String) Bool; }
    "startsWith" starts_with { method(String, String) Bool; }
    "endsWith" ends_with { method(String, String) Bool; }
    "matches" matches { method(String, String) Bool; free(String, String) Bool; }
    "charAt" char_at { method(String, Int) String; }
    "indexOf" index_of { method(String, String) Int; method(String, String, Int) Int; }
    "lastIndexOf" last_index_of { method(String, String) Int; method(String, String, Int) Int; }
    "join" join { method(Strings) String; method(Strings, String) String; }
    "lowerAscii" lower_ascii { method(String) String; }
    "upperAscii" upper_ascii { method(String) String; }
    "replace" replace { method(String, String, String) String; method(String, String, String, Int) String; }
    "split" split { method(String, String) Strings; method(String, String, Int) Strings; }
    "substring" substring { method(String, Int) String; method(String, Int, Int) String; }
    "trim" trim { method(String) String; }
    "strings.quote" quote { free(String) String; }
}

fn size(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let size = match args {
        [Value::String(text)] => {
            budget.read(text.len())?;
            text.chars().count()
        }
        [Value::Bytes(bytes)] => bytes.len(),
        [Value::List(items)] => items.len(),
        [Value::Map(map)] => map.len(),
        _ => return Err(Reason::WrongType),
    };
    Ok(Value::Int(number::size(size)))
}

/// A question about two texts.
fn ask(
    args: &[Value],
    budget: &mut Budget,
    question: fn(&str, &str) -> bool,
) -> Result<Value, Reason> {
    let [Value::String(text), Value::String(part)] = args else {
        return Err(Reason::WrongType);
    };
    budget.read(text.len().saturating_add(part.len()))?;
    Ok(Value::Bool(question(text, part)))
}

fn contains(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    ask(args, budget, |text, part| text.contains(part))
}

fn starts_with(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    ask(args, budget, |text, part| text.starts_with(part))
}

fn ends_with(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    ask(args, budget, |text, part| text.ends_with(part))
}

/// Where nobody planned it as a step of its own.
fn matches(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [Value::String(text), Value::String(pattern)] = args else {
        return Err(Reason::WrongType);
    };
    let pattern = Patterns::default().get(pattern, budget)?;
    pattern.is_match(text, budget).map(Value::Bool)
}

/// The byte at which a character begins; the end counts as a place.
fn byte_of(text: &str, index: i64) -> Result<usize, Reason> {
    let index = usize::try_from(index).map_err(|_| Reason::OutOfBounds)?;
    text.char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .nth(index)
        .ok_or(Reason::OutOfBounds)
}

/// How many characters stand before a byte.
fn index_at(text: &str, byte: usize) -> i64 {
    number::size(text.get(..byte).unwrap_or_default().chars().count())
}

fn char_at(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [Value::String(text), Value::Int(index)] = args else {
        return Err(Reason::WrongType);
    };
    budget.read(text.len())?;
    let rest = text.get(byte_of(text, *index)?..).unwrap_or_default();
    Ok(Value::String(
        rest.chars()
            .next()
            .map_or_else(String::new, String::from)
            .into(),
    ))
}

fn index_of(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let (text, part, from) = match args {
        [Value::String(text), Value::String(part)] => (text, part, None),
        [Value::String(text), Value::String(part), Value::Int(from)] => (text, part, Some(*from)),
        _ => return Err(Reason::WrongType),
    };
    budget.read(text.len().saturating_add(part.len()))?;
    let from = from.map_or(Ok(0), |from| place(text, part, from))?;
    let found = text.get(from..).unwrap_or_default().find(part.as_ref());
    Ok(Value::Int(
        found.map_or(-1, |at| index_at(text, from.saturating_add(at))),
    ))
}

/// The byte at which to look for a part: behind the last character there is nothing to be found but an empty text.
fn place(text: &str, part: &str, at: i64) -> Result<usize, Reason> {
    byte_of(text, at)
        .ok()
        .filter(|at| *at < text.len() || part.is_empty())
        .ok_or(Reason::OutOfBounds)
}

fn last_index_of(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let (text, part, last) = match args {
        [Value::String(text), Value::String(part)] => (text, part, None),
        [Value::String(text), Value::String(part), Value::Int(last)] => (text, part, Some(*last)),
        _ => return Err(Reason::WrongType),
    };
    budget.read(text.len().saturating_add(part.len()))?;
    let end = match last {
        // The part may begin at the last place, and reach beyond it.
        Some(last) => place(text, part, last)?
            .saturating_add(part.len())
            .min(text.len()),
        None => text.len(),
    };
    // An end inside a character is the end of no part: what ends before it is looked at.
    let end = (0..=end)
        .rev()
        .find(|end| text.is_char_boundary(*end))
        .unwrap_or(0);
    let limit = last.unwrap_or(i64::MAX);
    let found = text
        .get(..end)
        .unwrap_or_default()
        .rfind(part.as_ref())
        .map(|at| index_at(text, at));
    Ok(Value::Int(found.filter(|at| *at <= limit).unwrap_or(-1)))
}

fn join(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let (items, between) = match args {
        [Value::List(items)] => (items, ""),
        [Value::List(items), Value::String(between)] => (items, between.as_ref()),
        _ => return Err(Reason::WrongType),
    };
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        let item = match item {
            Value::String(item) => item,
            Value::Unknown(missing) => return Err(Reason::Missing(*missing)),
            _ => return Err(Reason::WrongType),
        };
        let between = if index > 0 { between } else { "" };
        budget.pay(1)?;
        fits_text(
            text.len()
                .saturating_add(between.len())
                .saturating_add(item.len()),
        )?;
        text.push_str(between);
        text.push_str(item);
    }
    budget.text(text.len())?;
    Ok(Value::String(text.into()))
}

fn lower_ascii(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [Value::String(text)] = args else {
        return Err(Reason::WrongType);
    };
    budget.text(text.len())?;
    Ok(Value::String(text.to_ascii_lowercase().into()))
}

fn upper_ascii(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [Value::String(text)] = args else {
        return Err(Reason::WrongType);
    };
    budget.text(text.len())?;
    Ok(Value::String(text.to_ascii_uppercase().into()))
}

fn replace(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let (text, from, to, most) = match args {
        [Value::String(text), Value::String(from), Value::String(to)] => {
            (text, from, to, usize::MAX)
        }
        [
            Value::String(text),
            Value::String(from),
            Value::String(to),
            Value::Int(most),
        ] => (
            text,
            from,
            to,
            usize::try_from(*most).unwrap_or(if *most < 0 { usize::MAX } else { 0 }),
        ),
        _ => return Err(Reason::WrongType),
    };
    budget.read(text.len().saturating_add(from.len()))?;
    // Sized before it is built, so that a text beyond the limit is never built.
    let found = text.matches(from.as_ref()).take(most).count();
    let size = found
        .checked_mul(to.len())
        .and_then(|more| more.checked_add(text.len()))
        .unwrap_or(usize::MAX);
    budget.text(size)?;
    Ok(Value::String(text.replacen(from.as_ref(), to, most).into()))
}

fn split(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let (text, by, most) = match args {
        [Value::String(text), Value::String(by)] => (text, by, -1),
        [Value::String(text), Value::String(by), Value::Int(most)] => (text, by, *most),
        _ => return Err(Reason::WrongType),
    };
    budget.read(text.len().saturating_add(by.len()))?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut parts: Vec<Value> = Vec::new();
    let mut add = |part: &str| {
        budget.item(parts.len())?;
        budget.text(part.len())?;
        parts.push(Value::String(part.into()));
        Ok(())
    };
    if most == 0 {
    } else if by.is_empty() {
        let mut rest = text.as_ref();
        let mut left = most;
        while let Some(c) = rest.chars().next() {
            left = left.saturating_sub(1);
            if left == 0 {
                add(rest)?;
                break;
            }
            let (first, after) = rest.split_at_checked(c.len_utf8()).unwrap_or((rest, ""));
            add(first)?;
            rest = after;
        }
    } else {
        text.splitn(most, by.as_ref()).try_for_each(&mut add)?;
    }
    Ok(Value::List(parts.into()))
}

fn substring(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let (text, from, to) = match args {
        [Value::String(text), Value::Int(from)] => (text, *from, None),
        [Value::String(text), Value::Int(from), Value::Int(to)] => (text, *from, Some(*to)),
        _ => return Err(Reason::WrongType),
    };
    budget.read(text.len())?;
    let start = byte_of(text, from)?;
    let end = to.map_or(Ok(text.len()), |to| byte_of(text, to))?;
    let part = text.get(start..end).ok_or(Reason::OutOfBounds)?;
    budget.text(part.len())?;
    Ok(Value::String(part.into()))
}

fn trim(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [Value::String(text)] = args else {
        return Err(Reason::WrongType);
    };
    budget.text(text.len())?;
    Ok(Value::String(text.trim().into()))
}

fn quote(args: &[Value], budget: &mut Budget) -> Result<Value, Reason> {
    let [Value::String(text)] = args else {
        return Err(Reason::WrongType);
    };
    // Every character may need an escape, and two quotes stand around them.
    budget.text(text.len().saturating_mul(2).saturating_add(2))?;
    let mut quoted = String::with_capacity(text.len().saturating_add(2));
    display::quote(&mut quoted, text).map_err(|_| Reason::WrongType)?;
    Ok(Value::String(quoted.into()))
}
