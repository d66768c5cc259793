//! Names and values for expressions.

use std::sync::Arc;

use gonogo::expr::types::Type;
use gonogo::expr::value::{Key, Map, Missing, Value};
use gonogo::expr::window::Method;
use gonogo::expr::{Binding, Expect, Scope, Unit, Variable, compile};
use jiff::{SignedDuration, Timestamp};

/// The names: each with its type and unit.
const NAMES: [(&str, &str, Option<&str>); 14] = [
    ("x", "double", None),
    ("y", "double", None),
    ("rate", "double", Some("ratio")),
    ("p95", "double", Some("ms")),
    ("n", "int", None),
    ("i", "int", None),
    ("ok", "bool", None),
    ("s", "string", None),
    ("t", "string", None),
    ("at", "timestamp", None),
    ("d", "duration", None),
    ("xs", "list<double>", None),
    ("names", "list<string>", None),
    ("m", "map<string, int>", None),
];

/// A scope with these names, and a value for each chosen by a byte. Windows are read from the slot after that of an item on.
pub fn scope(bytes: &[u8]) -> (Scope, Vec<Value>) {
    let mut scope = Scope::new().windows(NAMES.len() + 1);
    let mut slots = Vec::new();
    for (slot, (name, ty, unit)) in NAMES.into_iter().enumerate() {
        let ty = Type::parse(ty).expect("a type");
        let byte = bytes.get(slot).copied().unwrap_or(b'1');
        slots.push(value(&ty, byte));
        let variable = Variable {
            slot,
            ty,
            unit: unit.map(Unit::parse),
            values: None,
        };
        scope.declare(name, Binding::Slot(variable));
    }
    for (name, text) in [
        ("quiet", "x < 0.5 && ok"),
        ("twice", "quiet || quiet"),
        ("total", "x + y"),
    ] {
        let compiled = compile(text, &scope, Expect::Any).expect("a named expression");
        scope.declare(name, Binding::Let(Arc::new(compiled)));
    }
    slots.push(Value::Unknown(Missing::Absent));
    (scope, slots)
}

/// A value for each window that was compiled with this scope, of the type of the window's method.
#[allow(dead_code, reason = "one of the targets evaluates nothing")]
pub fn windows(scope: &Scope, bytes: &[u8], slots: &mut Vec<Value>) {
    for window in scope.registered() {
        let byte = bytes.get(window.slot % bytes.len().max(1)).copied().unwrap_or(b'1');
        if slots.len() <= window.slot {
            slots.resize(window.slot + 1, Value::Unknown(Missing::Short));
        }
        if let Some(slot) = slots.get_mut(window.slot) {
            *slot = value(&result(window.method, window.of.ty()), byte);
        }
    }
}

/// The type of what a method says of samples of this type.
fn result(method: Method, of: &Type) -> Type {
    match (method, of) {
        (Method::Count | Method::Streak | Method::Edges, _) => Type::Int,
        (Method::Rising(_) | Method::Falling(_), _) => Type::Bool,
        (
            Method::Min | Method::Max | Method::Sum | Method::First | Method::Ago | Method::Delta | Method::Increase,
            of,
        ) => of.clone(),
        (Method::Rate, Type::Map(key, _)) => Type::Map(key.clone(), Arc::new(Type::Double)),
        _ => Type::Double,
    }
}

fn value(ty: &Type, byte: u8) -> Value {
    let missing = match byte {
        b'?' => Some(Missing::Absent),
        b'~' => Some(Missing::Null),
        b'!' => Some(Missing::WrongType),
        _ => None,
    };
    if let Some(missing) = missing {
        return Value::Unknown(missing);
    }
    let number = i64::from(byte) - i64::from(b'0');
    match ty {
        Type::Bool => Value::Bool(byte % 2 == 0),
        Type::Int if byte > 200 => Value::Int(i64::MAX - number),
        Type::Int => Value::Int(number),
        Type::Double if byte > 200 => Value::Double(f64::MAX),
        Type::Double if byte > 120 => Value::Double(f64::NAN),
        Type::Double => Value::Double(f64::from(byte) / 7.0 - 6.0),
        Type::String => Value::String("aé\u{1F600}b".repeat(usize::from(byte % 8)).into()),
        Type::Timestamp => Value::Timestamp(
            Timestamp::from_second(1_760_000_000 + number * 86_400).expect("an instant").into(),
        ),
        Type::Duration => Value::Duration(SignedDuration::from_secs(number * 60)),
        Type::List(item) => {
            let items = (0..byte % 16).map(|at| value(item, at.wrapping_mul(byte)));
            Value::List(items.collect())
        }
        Type::Map(_, of) => Value::Map(Arc::new(Map::new(
            (0..byte % 8)
                .map(|at| (Key::String(format!("k{at}").into()), value(of, byte)))
                .collect(),
        ))),
        _ => Value::Null,
    }
}
