//! What a lint calls certain is never otherwise, whatever is measured.

use crate::support::expressions::{declare, logic};
use gonogo::expr::value::{Missing, Value};
use gonogo::expr::{Binding, Budget, Expect, Scope, Tri, compile};
use proptest::prelude::*;

/// Both lie between 0 and 10, `b` in seconds; `ok` is a bool, `either` a named expression.
fn scope() -> Scope {
    let mut scope = Scope::new();
    let names = [
        ("a", "double", Some("ms")),
        ("b", "double", Some("s")),
        ("ok", "bool", None),
    ];
    declare(&mut scope, names);
    let either = compile("a < 11.0 || ok", &scope, Expect::Any).expect("an expression");
    scope.declare("either", Binding::Let(either.into()));
    scope
}

fn bounds(slot: usize) -> Option<(f64, f64)> {
    (slot < 2).then_some((0.0, 10.0))
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => Just("a".to_owned()),
        2 => Just("b".to_owned()),
        1 => Just("a * 2.0".to_owned()),
        3 => (-2..13_i32).prop_map(|number| format!("{number}.0")),
        1 => (0..13_i32).prop_map(|number| format!("q(\"{number}s\")")),
    ]
}

fn condition() -> impl Strategy<Value = String> {
    let op = prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let leaf = prop_oneof![
        8 => (number(), op, number()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        1 => Just("ok".to_owned()),
        1 => Just("either".to_owned()),
        1 => Just("true".to_owned()),
        1 => Just("false".to_owned()),
        1 => Just("known(a)".to_owned()),
    ];
    logic(leaf, 3, 12)
}

/// A value within the bounds, or none.
fn measured() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => prop::sample::select(vec![0.0, 0.001, 1.0, 3.0, 9.999, 10.0]).prop_map(Value::Double),
        1 => Just(Value::Unknown(Missing::Absent)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_certain_is_never_otherwise(
        text in condition(),
        values in prop::collection::vec((measured(), measured(), any::<bool>()), 12),
    ) {
        let scope = scope();
        let Ok(whole) = compile(&text, &scope, Expect::Bool) else { return Ok(()) };
        for certain in whole.certain(&bounds) {
            let part = &text[certain.range.clone()];
            let part = compile(part, &scope, Expect::Bool).expect("a part of a condition is one");
            for (a, b, ok) in &values {
                let slots = [a.clone(), b.clone(), Value::Bool(*ok)];
                let otherwise = match part.test(&slots, &mut Budget::default()) {
                    Tri::True => !certain.value,
                    Tri::False => certain.value,
                    Tri::Unknown(_) => false,
                };
                prop_assert!(!otherwise, "{} of {text} at {slots:?}", part.text());
            }
        }
    }
}

#[test]
fn named_expressions_in_one_another_are_not_followed_for_ever() {
    let mut scope = scope();
    let mut last = "ok".to_owned();
    for level in 0..32 {
        let name = format!("level_{level}");
        let text = format!("{last} || {last}");
        let named = compile(&text, &scope, Expect::Bool).expect("an expression");
        scope.declare(name.as_str(), Binding::Let(named.into()));
        last = name;
    }
    let top = compile(&last, &scope, Expect::Bool).expect("an expression");
    assert_eq!(top.certain(&bounds), []);
    assert_eq!(top.fragile().len(), 0);
}
