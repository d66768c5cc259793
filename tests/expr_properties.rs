//! What holds for every expression: the lowered form agrees with the plan, knowing less never flips a result, and no
//! text can exhaust the stack.

use std::sync::Arc;

use crate::support::expressions::{declare, logic, map};
use gonogo::expr::value::{Map, Missing, Value};
use gonogo::expr::{Budget, Expect, Rules, Scope, Tri, compile};
use gonogo::source::Code;
use proptest::prelude::*;

fn scope() -> Scope {
    let mut scope = Scope::new();
    let names = [
        ("a", "double", None),
        ("b.c", "double", None),
        ("n", "int", None),
        ("s", "string", None),
        ("t", "bool", None),
        ("m", "map<string, int>", None),
    ];
    declare(&mut scope, names);
    scope
}

fn number() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("a".to_owned()),
        Just("b.c".to_owned()),
        Just("1.5".to_owned()),
        Just("0.0".to_owned())
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        (
            inner.clone(),
            prop::sample::select(vec!["+", "-", "*", "/"]),
            inner,
        )
            .prop_map(|(l, op, r)| format!("({l} {op} {r})"))
    })
}

fn condition() -> impl Strategy<Value = String> {
    let compare = prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let leaf = prop_oneof![
        (number(), compare.clone(), number()).prop_map(|(l, op, r)| format!("{l} {op} {r}")),
        compare.prop_map(|op| format!("n {op} 2")),
        Just("s == \"x\"".to_owned()),
        Just("s in [\"x\", \"y\"]".to_owned()),
        Just("s.startsWith(\"x\")".to_owned()),
        Just("t".to_owned()),
        prop::sample::select(vec![
            "m.k == n",
            "has(m.k)",
            "m.?k.hasValue()",
            "m.?k.orValue(2) == n",
            "m[?\"k\"].or(m.?j).or(optional.of(n)).value() > 1",
            "m.?k == m.?j",
            "m.?k.optMap(v, v > n).orValue(t)",
            "m.?k.optFlatMap(v, optional.ofNonZeroValue(n - v)).hasValue()",
            "size([?m.?k, ?m.?j, n]) > 1",
            "{?\"x\": m.?k, \"y\": n}.exists(k, k == s)",
            "[n, 2, m.?j.orValue(0)].sortBy(v, -v).first().value() == n",
            "optional.of([m.?k])[0].hasValue()",
        ])
        .prop_map(str::to_owned),
    ];
    logic(leaf, 4, 12)
}

/// `known` is the one thing that may turn with knowledge: in the lowered form it is tested beside the others.
fn lowered() -> impl Strategy<Value = String> {
    prop_oneof![
        condition(),
        condition().prop_map(|c| format!("known(a) && ({c} || known(n))"))
    ]
}

fn slots() -> impl Strategy<Value = Vec<Value>> {
    let unknown = || Just(Value::Unknown(Missing::Stale));
    let double = || {
        prop_oneof![
            prop::sample::select(vec![0.0, 1.5, 2.0, -1.0]).prop_map(Value::Double),
            unknown()
        ]
    };
    (
        double(),
        prop_oneof![
            double(),
            Just(Value::Int(2)),
            Just(Value::String("x".into())),
            Just(Value::Double(f64::NAN))
        ],
        prop_oneof![(0_i64..4).prop_map(Value::Int), unknown()],
        prop_oneof![
            prop::sample::select(vec!["x", "xy", ""]).prop_map(|s| Value::String(s.into())),
            unknown()
        ],
        prop_oneof![any::<bool>().prop_map(Value::Bool), unknown()],
        prop_oneof![
            prop::collection::btree_map(
                prop::sample::select(vec!["j", "k"]),
                prop_oneof![(0_i64..4).prop_map(Value::Int), unknown()],
                0..3
            )
            .prop_map(|entries| map(entries.into_iter())),
            unknown()
        ],
    )
        .prop_map(|(a, b, n, s, t, m)| vec![a, b, n, s, t, m])
}

/// The same with one slot unknown, or for the number beyond the last one with all entries of the map unknown.
fn forgotten(mut slots: Vec<Value>, forget: usize) -> Vec<Value> {
    let unknown = Value::Unknown(Missing::Absent);
    let entries = match slots.last() {
        Some(Value::Map(entries)) => entries.clone(),
        _ => Arc::default(),
    };
    match slots.get_mut(forget) {
        Some(slot) => *slot = unknown,
        None if !entries.is_empty() => {
            let keys = entries
                .iter()
                .map(|(key, _)| (key.clone(), unknown.clone()));
            slots.pop();
            slots.push(Value::Map(Arc::new(Map::new(keys.collect()))));
        }
        None => {}
    }
    slots
}

proptest! {
    #[test]
    fn the_lowered_form_gives_what_the_plan_gives(text in lowered(), slots in slots()) {
        let Ok(compiled) = compile(&text, &scope(), Expect::Bool) else { return Ok(()) };
        let fast = compiled.test(&slots, &mut Budget::default());
        let plan: Tri = compiled.value(&slots, &mut Budget::default()).map(|v| matches!(v, Value::Bool(true))).into();
        prop_assert_eq!(fast, plan, "{}", text);
    }

    #[test]
    fn knowing_less_never_flips_a_result(text in condition(), slots in slots(), forget in 0_usize..7) {
        let Ok(compiled) = compile(&text, &scope(), Expect::Bool) else { return Ok(()) };
        let before = compiled.test(&slots, &mut Budget::default());
        let less = forgotten(slots, forget);
        let after = compiled.test(&less, &mut Budget::default());
        let fine = matches!(after, Tri::Unknown(_)) || after == before;
        prop_assert!(fine, "{}: {:?} became {:?}", text, before, after);
    }

    #[test]
    fn no_text_panics(parts in prop::collection::vec(prop::sample::select(vec![
        "a", "b.c", "n", "s", "t", "1", "1.5", "0x", "9223372036854775808", "\"x", "\"x\"", "b'\\xff'", "r'\\'", "(", ")",
        "[", "]", "{", "}", "?", ":", ",", ".", "-", "!", "&&", "||", "==", "<", "in", "q(\"5%\")", "x.all(", "size(",
        "has(", ".map(i,", ".?", "[?", ".orValue(", ".optMap(i,", "optional.of(", "optional.none()", "/", "%", "`a b`", "é", "$", " ", "= ", "1e", "5%", "//", "\n",
    ]), 0..20)) {
        let text = parts.concat();
        match compile(&text, &scope(), Expect::Any) {
            Ok(compiled) => {
                let _ = compiled.trace(&[]);
                let _ = (compiled.inputs(), compiled.comparisons());
            }
            Err(mistakes) => for mistake in mistakes {
                prop_assert!(text.get(mistake.range.clone()).is_some(), "{}: {:?}", text, mistake);
            },
        }
    }
}

#[test]
fn no_text_exhausts_the_stack() {
    let repeat = |text: &str, times: usize| text.repeat(times);
    let refused = [
        format!("{}1{}", repeat("(", 33), repeat(")", 33)),
        format!("{}1{}", repeat("(", 8_000), repeat(")", 8_000)),
        repeat("(", 10_000),
        repeat("[", 10_000),
        repeat("{1:", 5_000),
        repeat("!", 16_000),
        repeat("-", 16_000),
        repeat("t?", 8_000),
        repeat("a+", 100_000),
        format!("{}a", repeat("a+", 8_000)),
        format!("{}a", repeat("a+", 201)),
        format!("{}t", repeat("t&&", 201)),
        format!("a{}", repeat(".b", 8_000)),
        format!("a{}", repeat("[0]", 5_000)),
        format!("a{}", repeat(".size()", 2_000)),
        format!("a{}", repeat(".?b", 5_000)),
        format!("a{}", repeat("[?0]", 4_000)),
        repeat("[?", 8_000),
        repeat("{?1:", 4_000),
        format!("a{}", repeat(".optMap(x,", 1_500)),
        format!("optional.none(){}", repeat(".orValue(1)", 201)),
        format!(
            "{}a{}",
            repeat("(", 32),
            repeat(&format!("{})", repeat("+a", 190)), 32)
        ),
    ];
    for text in &refused {
        let mistakes = compile(text, &scope(), Expect::Any).expect_err("refused");
        assert!(
            matches!(mistakes[0].code, Code::ExpressionLimit),
            "{}: {:?}",
            &text[..20],
            mistakes[0]
        );
    }
    // The largest that is allowed is checked and evaluated on the 2 MiB of a test's thread.
    let sums = format!("{}a > 0.0", repeat("a+", 199));
    let nested = format!("{}a{} > 0.0", repeat("(", 32), repeat("+a+a+a+a+a)", 32));
    let parens = format!("{}1{} == 1", repeat("(", 32), repeat(")", 32));
    let fields = format!("dyn(a){}.hasValue() || true", repeat(".?b", 199));
    let maps = format!(
        "optional.of(a){}.value() > 0.0",
        repeat(".optMap(x, x)", 197)
    );
    let inner = format!(
        "{}optional.of(a){}.value() > 0.0",
        repeat("optional.of(a).optFlatMap(x, ", 31),
        repeat(")", 31)
    );
    let lists = format!(
        "size({}a{}) == 1",
        repeat("[?optional.of(", 15),
        repeat(")]", 15)
    );
    for text in [sums, nested, parens, fields, maps, inner, lists] {
        // What is `dyn` is no policy's.
        let rules = if text.contains("dyn(") {
            Rules::Cel
        } else {
            Rules::Gate
        };
        let compiled = compile(&text, &scope().rules(rules), Expect::Bool).expect("allowed");
        let slots = [Value::Double(1.0)];
        assert_eq!(compiled.test(&slots, &mut Budget::default()), Tri::True);
        assert!(compiled.trace(&slots).result.is_ok());
    }
}
