//! An expression that checks never raises an error of type on values that fit their declarations: whatever the
//! expression, whatever is unknown in the values. Names cannot fail when it runs: they are slots by then.
//!
//! Texts are made from choices, mostly of fitting types and now and then of others, so that the checker has to tell the
//! ones from the others. `GONOGO_SOUNDNESS_CASES` sets how many.

mod choices;

use std::cell::Cell;

use crate::support::expressions::{declare, map};
use gonogo::expr::types::Type;
use gonogo::expr::value::{Missing, Value};
use gonogo::expr::{Budget, Expect, Reason, Scope, compile};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use self::choices::{Choices, WANTS};

/// Name, type and unit of what the expressions may use.
const NAMES: &[(&str, &str, Option<&str>)] = &[
    ("b", "bool", None),
    ("i", "int", None),
    ("j", "int", None),
    ("d", "double", None),
    ("ratio", "double", Some("ratio")),
    ("ms", "double", Some("ms")),
    ("s", "string", None),
    ("t", "timestamp", None),
    ("u", "duration", None),
    ("li", "list<int>", None),
    ("ld", "list<double>", None),
    ("ls", "list<string>", None),
    ("lli", "list<list<int>>", None),
    ("m", "map<string, int>", None),
    ("md", "map<string, double>", None),
    ("mm", "map<string, list<string>>", None),
    ("o", "{version: string, age: duration, load: double}", None),
    ("lo", "list<{name: string, errors: int}>", None),
    ("same", "{a: int, b: int}", None),
];

/// A value of a type, now and then unknown, also in its parts.
fn value(ty: &Type, choices: &mut Choices<'_>) -> Value {
    if choices.below(12) == 11 {
        return Value::Unknown(Missing::Stale);
    }
    match ty {
        Type::Bool => Value::Bool(choices.below(2) == 1),
        Type::Int => Value::Int([0, 1, -3, 7, i64::MAX, i64::MIN][choices.below(6)]),
        Type::Double => Value::Double([0.0, 0.5, -2.0, 1e300, -0.0, 3.0][choices.below(6)]),
        Type::String => Value::String(
            choices
                .one(&["", "a", "é", "5m", "12", "2025-10-16T10:00:00Z", "("])
                .into(),
        ),
        Type::Timestamp => Value::Timestamp("2025-10-16T10:00:00Z".parse().expect("an instant")),
        Type::Duration => Value::Duration(jiff::SignedDuration::from_secs(
            [0, 60, -5][choices.below(3)],
        )),
        Type::List(item) => (0..choices.below(4))
            .map(|_| value(item, choices))
            .collect::<Vec<_>>()
            .pipe_list(),
        Type::Map(_, item) => {
            let keys = ["a", "b", "5m"];
            let count = choices.below(4);
            map(keys
                .iter()
                .take(count)
                .map(|key| (*key, value(item, choices))))
        }
        Type::Struct(fields) => map(fields
            .iter()
            .map(|field| (field.name.as_ref(), value(&field.ty, choices)))),
        other => panic!("no value of {other}"),
    }
}

trait PipeList {
    fn pipe_list(self) -> Value;
}

impl PipeList for Vec<Value> {
    fn pipe_list(self) -> Value {
        Value::List(self.into())
    }
}

#[test]
fn what_checks_never_raises_an_error_of_type() {
    let mut scope = Scope::new();
    declare(&mut scope, NAMES.iter().copied());
    let types = NAMES
        .iter()
        .map(|(_, ty, _)| Type::parse(ty).expect("a type"));
    let types: Vec<Type> = types.collect();
    let cases = std::env::var("GONOGO_SOUNDNESS_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(4_000);
    let (checked, evaluated) = (Cell::new(0_u32), Cell::new(0_u32));
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let bytes = (
        prop::collection::vec(any::<u8>(), 4..120),
        prop::collection::vec(any::<u8>(), 0..60),
    );
    let result = TestRunner::new(config).run(&bytes, |(text, values)| {
        let mut choices = Choices {
            bytes: text.iter(),
            locals: Vec::new(),
        };
        let want = WANTS[choices.below(WANTS.len())];
        let depth = 1 + choices.below(4);
        let text = choices.text(want, depth);
        let Ok(compiled) = compile(&text, &scope, Expect::Any) else {
            return Ok(());
        };
        checked.set(checked.get() + 1);
        let mut choices = Choices {
            bytes: values.iter(),
            locals: Vec::new(),
        };
        let slots: Vec<Value> = types.iter().map(|ty| value(ty, &mut choices)).collect();
        match compiled.value(&slots, &mut Budget::default()) {
            Ok(_) => evaluated.set(evaluated.get() + 1),
            Err(fault) => {
                prop_assert_ne!(fault.reason, Reason::WrongType, "{} with {:?}", text, slots);
            }
        }
        Ok(())
    });
    println!(
        "soundness: {cases} texts, {} pass the checker, {} of these have a value",
        checked.get(),
        evaluated.get()
    );
    if let Err(error) = result {
        panic!("{error}");
    }
    assert!(
        checked.get() > cases / 5,
        "hardly a text passes the checker"
    );
}
