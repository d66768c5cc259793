//! A condition that leans one way never turns back, however far the value goes.

use crate::support::expressions::{declare, logic};
use gonogo::expr::value::Value;
use gonogo::expr::{Binding, Budget, Expect, Scope, Tri, compile};
use proptest::prelude::*;

const STEPS: [f64; 6] = [-2.0, 0.0, 0.999, 1.0, 7.0, 1e300];

/// `a` is what goes, in slot 0.
fn scope() -> Scope {
    let mut scope = Scope::new();
    declare(
        &mut scope,
        [
            ("a", "double", None),
            ("b", "double", None),
            ("ok", "bool", None),
        ],
    );
    let low = compile("a < 4.0 || ok", &scope, Expect::Any).expect("an expression");
    scope.declare("low", Binding::Let(low.into()));
    scope
}

fn condition() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        3 => Just("a".to_owned()),
        2 => Just("b".to_owned()),
        1 => Just("a * 2.0".to_owned()),
        1 => Just("(b - a)".to_owned()),
        2 => (-2..13_i32).prop_map(|number| format!("{number}.0")),
    ];
    let op = prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let leaf = prop_oneof![
        8 => (number.clone(), op, number).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        1 => Just("ok".to_owned()),
        1 => Just("low".to_owned()),
        1 => Just("[a, b].exists(x, x > 3.0)".to_owned()),
        1 => Just("(ok ? a : b) < 2.0".to_owned()),
    ];
    logic(leaf, 3, 12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_leans_never_turns_back(
        text in condition(),
        others in prop::collection::vec((prop::sample::select(STEPS.to_vec()), any::<bool>()), 6),
        up: bool,
        wanted: bool,
    ) {
        let scope = scope();
        let Ok(whole) = compile(&text, &scope, Expect::Bool) else { return Ok(()) };
        if !whole.leans(0, up, wanted) {
            return Ok(());
        }
        for (b, ok) in others {
            let at = |a: &f64| {
                let slots = [Value::Double(*a), Value::Double(b), Value::Bool(ok)];
                whole.test(&slots, &mut Budget::default())
            };
            let mut steps: Vec<Tri> = STEPS.iter().map(at).collect();
            if !up {
                steps.reverse();
            }
            let good = if wanted { Tri::True } else { Tri::False };
            let first = steps.iter().position(|tri| *tri == good).unwrap_or(steps.len());
            prop_assert!(steps[first..].iter().all(|tri| *tri == good), "{text}, b = {b}, ok = {ok}");
        }
    }
}

#[test]
fn what_is_plainly_so_leans() {
    let scope = scope();
    let leans = |text: &str, up: bool| {
        let whole = compile(text, &scope, Expect::Bool).expect("a condition");
        whole.leans(0, up, true)
    };
    for down in [
        "a < 3.0",
        "a <= b * 1.25",
        "3.0 > a",
        "!(a >= b)",
        "low",
        "a < 3.0 && (a < b || ok)",
    ] {
        assert!(leans(down, false), "{down}");
        assert!(!leans(down, true), "{down}");
    }
    assert!(leans("b < 3.0", true) && leans("b < 3.0", false));
    for neither in [
        "a == 3.0",
        "a > 1.0 && a < 3.0",
        "a * 2.0 < 3.0",
        "a < a",
        "known(a)",
    ] {
        assert!(!leans(neither, false) && !leans(neither, true), "{neither}");
    }
}
