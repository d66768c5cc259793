//! The second engine beside ours: what is translated, what is told apart, and that every known difference is one.

use std::sync::Arc;

use super::{ENGINE, KNOWN, Known, Opinion, STACK, Second, Why};
use crate::expr::types::Type;
use crate::expr::value::{Key, Map, Missing, Value};
use crate::expr::{Binding, Expect, Rules, Scope, Unit, Variable, compile, functions, parse};

/// Runs something on a stack the second engine's parser cannot exhaust.
fn on_big_stack<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, run)
            .expect("a thread");
        thread
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Name, type, unit, value.
fn inputs() -> Vec<(&'static str, &'static str, Option<&'static str>, Value)> {
    let double = Value::Double;
    let map = |entries: Vec<(&str, Value)>| {
        let entries = entries
            .into_iter()
            .map(|(key, value)| (Key::String(key.into()), value));
        Value::Map(Arc::new(Map::new(entries.collect())))
    };
    vec![
        ("x", "double", None, double(1.0)),
        ("zero", "double", None, double(0.0)),
        ("n", "int", None, Value::Int(3)),
        ("text", "string", None, Value::String("7d".into())),
        (
            "names",
            "map<string, int>",
            None,
            map(vec![("a", Value::Int(1)), ("b", Value::Int(2))]),
        ),
        ("gone", "double", None, Value::Unknown(Missing::Absent)),
        ("error_rate", "double", Some("ratio"), double(0.061)),
        ("p95", "double", Some("ms"), double(480.0)),
        ("slow", "double", Some("s"), double(0.5)),
        ("tickets", "int", None, Value::Int(11)),
        ("before.tickets", "int", None, Value::Int(10)),
        ("before.error_rate", "double", Some("ratio"), double(0.06)),
        (
            "stage.name",
            "string",
            None,
            Value::String("canary-5".into()),
        ),
        (
            "stage.entered",
            "timestamp",
            None,
            Value::Unknown(Missing::Absent),
        ),
        (
            "up",
            "duration",
            None,
            Value::Duration(jiff::SignedDuration::from_hours(200)),
        ),
        (
            "incidents",
            "map<string, int>",
            None,
            map(vec![
                ("P0", Value::Int(0)),
                ("P1", Value::Unknown(Missing::Null)),
            ]),
        ),
        (
            "list",
            "list<double>",
            None,
            Value::List(vec![double(1.0), Value::Unknown(Missing::Null)].into()),
        ),
        ("data", "data", None, map(vec![("n", Value::Int(3))])),
    ]
}

fn scope(rules: Rules) -> (Scope, Vec<Value>) {
    let mut scope = Scope::new().rules(rules);
    let mut slots = Vec::new();
    for (name, ty, unit, value) in inputs() {
        let ty = match ty {
            "data" => Type::Dyn,
            ty => Type::parse(ty).expect("a type"),
        };
        let variable = Variable {
            slot: slots.len(),
            ty,
            unit: unit.map(Unit::parse),
            values: None,
        };
        scope.declare(name, Binding::Slot(variable));
        slots.push(value);
    }
    let constant = |value, ty| Binding::Constant {
        value,
        ty,
        unit: None,
    };
    scope.declare("params.limit", constant(Value::Int(2), Type::Double));
    for (name, text) in [
        ("quiet", "x < 2 && gone > 1"),
        ("calm", "error_rate < q(\"7%\")"),
        ("window", "duration(\"1d\")"),
    ] {
        let compiled = compile(text, &scope, Expect::Any).expect("a named expression");
        scope.declare(name, Binding::Let(Arc::new(compiled)));
    }
    (scope, slots)
}

/// A window is the value of its slot, whatever stands under it and whatever that is now.
#[test]
fn a_window_is_given_to_the_second_engine() {
    let double = |value: f64| vec![Value::Double(value)];
    let hits = |p0: Value| {
        let entries = vec![(Key::String("P0".into()), p0)];
        vec![Value::Map(Arc::new(Map::new(entries)))]
    };
    let gone = || vec![Value::Unknown(Missing::Hole)];
    for (text, values, want) in [
        (
            "error_rate.avg(\"10m\") < before.error_rate * q(\"110%\")",
            double(0.05),
            "true",
        ),
        (
            "error_rate.avg(\"10m\") < before.error_rate * q(\"110%\")",
            double(0.07),
            "false",
        ),
        (
            "p95.first(\"10m\") < slow.max(\"1d\")",
            vec![Value::Double(499.0), Value::Double(0.5)],
            "true",
        ),
        (
            "p95.first(\"10m\") < slow.max(\"1d\")",
            vec![Value::Double(501.0), Value::Double(0.5)],
            "false",
        ),
        (
            "(slow + p95 > q(\"1s\")).share(\"1d\") > 0.2",
            double(0.25),
            "true",
        ),
        ("calm.streak() > 3 || quiet", vec![Value::Int(4)], "true"),
        (
            "incidents.increase(\"1h\")[\"P0\"] == 2",
            hits(Value::Int(2)),
            "true",
        ),
        (
            "incidents.increase(\"1h\").P0 == 2",
            hits(Value::Unknown(Missing::Null)),
            "unknown",
        ),
        (
            "(double(tickets) + 1.0).avg(\"10m\") > 1",
            double(0.5),
            "false",
        ),
        (
            "(gone < 1 ? [1, 2].all(i, v, i < v) : x > 2).edges(\"stage\") == 0",
            vec![Value::Int(0)],
            "true",
        ),
        ("gone.avg(\"10m\") > 1 || x > 0", double(0.5), "true"),
        ("x.ago(\"10m\") < 1", gone(), "unknown"),
        ("x.ago(\"10m\") < 1 && x > 5", gone(), "false"),
        ("known(x.ago(\"10m\"))", gone(), "false"),
        (
            "__window_99 == 2 && x.ago(\"10m\") == x",
            double(1.0),
            "true",
        ),
    ] {
        let (mut scope, mut slots) = scope(Rules::Gate);
        let first = slots.len() + 1;
        scope = scope.windows(first);
        let two = Binding::Constant {
            value: Value::Int(2),
            ty: Type::Int,
            unit: None,
        };
        scope.declare("__window_99", two);
        let compiled = compile(text, &scope, Expect::Any)
            .unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"));
        assert_eq!(compiled.windows().len(), values.len(), "{text}");
        slots.push(Value::Null);
        slots.extend(values);
        let ours = match compiled.test(&slots, &mut crate::expr::Budget::default()) {
            crate::expr::Tri::True => "true",
            crate::expr::Tri::False => "false",
            crate::expr::Tri::Unknown(_) => "unknown",
        };
        assert_eq!(ours, want, "{text}");
        let opinion = on_big_stack(|| {
            Second::new()
                .expect("the second engine")
                .compare(&compiled, &slots)
        });
        assert_eq!(opinion, Opinion::Same, "{text}");
    }
}

fn opinion(text: &str, rules: Rules) -> Opinion {
    let (scope, slots) = scope(rules);
    let compiled = compile(text, &scope, Expect::Any)
        .unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"));
    on_big_stack(|| {
        Second::new()
            .expect("the second engine")
            .compare(&compiled, &slots)
    })
}

#[test]
fn what_the_policy_language_adds_is_translated() {
    for text in [
        // Whole numbers that stand for doubles, alone and among constants.
        "x + 1 == 2.0",
        "x < 2 * 3 + 1.5",
        "[1, 2.5].exists(v, v > x)",
        "math.greatest(x, 3) == 3.0",
        "(gone > 1 ? 1 : x) > 0.5 || true",
        "x > -1 && x == params.limit - 1",
        // Quantities in the unit they meet, and inputs in each other's.
        "error_rate >= q(\"5%\")",
        "error_rate < before.error_rate * q(\"110%\")",
        "p95 < q(\"0.5s\")",
        "p95 < slow",
        "slow + p95 > q(\"1s\") - q(\"20ms\")",
        "tickets <= before.tickets * q(\"110%\")",
        "up > q(\"8d\")",
        // Durations.
        "up > duration(\"1w1d\")",
        "up > window",
        "duration(\"-2d\") < duration(\"0s\")",
        // Functions of its own.
        "within(tickets, before.tickets, q(\"10%\"))",
        "within(p95, slow, q(\"30ms\"))",
        "within((x), x + 1.0, 0.5)",
        "known(x) && !known(gone)",
        "[x, gone].size() > 0 || known(stage.entered)",
        "[1.0, 2.0].all(v, known(v + x) && !known(v + gone))",
        // Names with dots, named expressions, unknowns.
        "stage.name == \"canary-5\" && before.tickets == 10",
        "calm && !quiet || x > 0.0",
        "quiet || gone > 1.0",
        "gone > 1.0 && x > 5.0",
        "stage.entered < timestamp(\"2025-10-16T10:05:00Z\") || x > 0.5",
        "names[\"a\"] + names.b == 3 && \"c\" in names",
        "incidents[\"P0\"] == 0",
        "incidents[\"P1\"] == 0 || x > 0.5",
        "[\"P0\", \"P1\"].exists(p, incidents[p] == 0) && !known(incidents[\"P\" + string(n - 2)])",
        "has(names.c) || names.all(k, names[k] > 0)",
    ] {
        assert_eq!(opinion(text, Rules::Gate), Opinion::Same, "{text}");
    }
}

#[test]
fn what_cannot_be_compared_says_why() {
    let partly = Opinion::Apart(Why::Partly);
    assert_eq!(opinion("list[0] == 1.0", Rules::Gate), partly);
    assert_eq!(opinion("size(incidents) == 2", Rules::Gate), partly);
    let costly = "lists.range(400).all(a, lists.range(300).all(b, a + b >= 0))";
    assert_eq!(opinion(costly, Rules::Gate), Opinion::Apart(Why::Costly));
}

/// What is known to differ does so beside other errors and inside macros, and hides nothing else.
#[test]
fn known_differences_are_recognised_wherever_they_stand() {
    for (text, name) in [
        ("x / zero > 1.0 && x > 0.0", "numbers that are not finite"),
        ("!known(x / zero)", "numbers that are not finite"),
        (
            "[0.0, 1.0].filter(v, known(x / v)).size() == 1",
            "numbers that are not finite",
        ),
        (
            "[0.0, 1.0].exists(v, x / v > 5.0)",
            "numbers that are not finite",
        ),
        (
            "gone < 1.0 || duration(text) > duration(\"1h\")",
            "days and weeks in a text",
        ),
        ("gone > 1.0 ? 1.0 : x", "`?:` with an unknown condition"),
        (
            "string(x / 100000.0) == \"1e-05\"",
            "very large and very small numbers as text",
        ),
        (
            "[x].map(v, string(v / 100000.0)) == [\"1e-05\"]",
            "very large and very small numbers as text",
        ),
    ] {
        assert_eq!(
            opinion(text, Rules::Gate),
            Opinion::Apart(Why::Known(name)),
            "{text}"
        );
    }
    for text in [
        "string(x) == \"1\"",
        "string(n) == \"3\"",
        "known(x / 2.0)",
        "gone > 1.0 ? x : 2.0",
        "duration(text + \"x\") > duration(\"1h\")",
    ] {
        assert_eq!(opinion(text, Rules::Gate), Opinion::Same, "{text}");
    }
}

#[test]
fn a_difference_shows_both_values() {
    let (scope, mut slots) = scope(Rules::Gate);
    let compiled = compile("p95 < q(\"0.5s\")", &scope, Expect::Bool).expect("a condition");
    let second = Second::new().expect("the second engine");
    // Another text under the same plan: what a wrong plan would look like.
    let mut wrong = compile("p95 > q(\"0.5s\")", &scope, Expect::Bool).expect("a condition");
    wrong.text = compiled.text.clone();
    let differs = |ours: &str, theirs: &str| Opinion::Different {
        ours: ours.to_owned(),
        theirs: theirs.to_owned(),
    };
    on_big_stack(|| {
        assert_eq!(second.compare(&compiled, &slots), Opinion::Same);
        assert_eq!(second.compare(&wrong, &slots), differs("false", "true"));
        // A wrong unknown, and a wrong value.
        slots[7] = Value::Unknown(Missing::Stale);
        assert_eq!(second.compare(&wrong, &slots), Opinion::Same);
        let mut wrong = compile("known(gone)", &scope, Expect::Bool).expect("a condition");
        wrong.text = "gone > 1.0 ".into();
        assert!(
            matches!(second.compare(&wrong, &slots), Opinion::Different { ours, .. } if ours == "false")
        );
    });
}

#[test]
fn every_known_difference_is_one_and_has_its_own_example() {
    for Known {
        name,
        example,
        rules,
        ..
    } in KNOWN
    {
        assert_eq!(
            opinion(example, *rules),
            Opinion::Apart(Why::Known(name)),
            "{example}"
        );
        let (scope, slots) = scope(*rules);
        let compiled = compile(example, &scope, Expect::Any).expect("an expression");
        let tree = parse::parse(example).expect("a tree").tree;
        let agree = on_big_stack(|| {
            let both = Second::new()
                .expect("the second engine")
                .both(&compiled, &tree, &slots);
            both.unwrap_or_else(|why| panic!("{why}")).agree()
        });
        assert!(
            !agree,
            "`{example}` ({name}) does not differ any more: take it off the list"
        );
    }
}

#[test]
fn the_second_engine_has_every_function_that_is_not_on_the_list() {
    let listed = |name: &str| {
        name.starts_with("sets.")
            || matches!(name, "first" | "last" | "unwrapOpt" | "histogram_quantile")
    };
    let env = super::functions::env().expect("functions");
    let missing: Vec<&str> = functions::names()
        .filter(|name| !listed(name))
        .filter(|name| {
            // A call of a function it does not have at all is an undeclared name, with any arguments.
            let known = ["0", "\"\"", "[0]", "1.0"].iter().any(|arg| {
                let texts = [
                    format!("{name}({arg})"),
                    format!("{arg}.{name}()"),
                    format!("{arg}.{name}({arg})"),
                ];
                texts.iter().any(|text| {
                    on_big_stack(|| {
                        let context = super::functions::context(Arc::new(
                            super::functions::env().expect("functions"),
                        ));
                        let Ok(expr) = env.parser().parse(text) else {
                            return false;
                        };
                        let result = cel::Value::resolve(&expr, &context.expect("a context"));
                        !matches!(result, Err(cel::ExecutionError::UndeclaredReference(_)))
                    })
                })
            });
            !known
        })
        .collect();
    assert!(
        missing.is_empty(),
        "{ENGINE} lacks {missing:?}: name it among the known differences"
    );
}

/// The extremes that the language allows: the second engine's parser must survive each on its stack.
#[test]
fn no_expression_within_the_limits_exhausts_the_stack() {
    let repeat = |text: &str, times: usize| text.repeat(times);
    let deepest = format!("{}x{}", repeat("(", 32), repeat(")", 32));
    for text in [
        format!("{}x > 0.0", repeat("x+", 199)),
        format!("{}x > 0.0", repeat("x-", 199)),
        format!("{deepest} > 0.0"),
        format!("{}{deepest} > 0.0", repeat("x*", 199)),
        format!("{}x{} > 0.0", repeat("(", 32), repeat("+x+x+x+x+x)", 32)),
        format!("{}[x]{}", repeat("[", 31), repeat("]", 31)),
        format!("{}x > 0.0", repeat("x > 0.0 && ", 199)),
        format!("{}x > 0.0", repeat("x > 0.0 || ", 199)),
        format!("{}x > 0.0{}", repeat("!(", 16), repeat(")", 16)),
        format!("{}true{}", repeat("true ? (", 16), repeat(") : false", 16)),
        format!(
            "{}slow{} > 0",
            repeat("slow + (p95 + (", 15),
            repeat("))", 15)
        ),
        format!(
            "{}slow{} > 0",
            repeat("slow + math.abs(p95 + (", 15),
            repeat("))", 15)
        ),
        format!(
            "{}{}1{} > 0",
            repeat("x - (", 31),
            repeat("x * ", 100),
            repeat(")", 31)
        ),
        format!("[{}1.5].size() > 0", repeat("1,", 8_000)),
        format!("{}true", repeat("true ? false : ", 31)),
        format!("{}1{}", repeat("[1].map(v, ", 30), repeat(")", 30)),
        format!("{}true{}", repeat("[1].all(v, ", 30), repeat(")", 30)),
        format!("text{}", repeat(".trim()", 199)),
        format!("{}n{} > 0", repeat("math.abs(", 31), repeat(")", 31)),
        format!("\"{}\" == text", repeat("é", 8_000)),
        format!("[{}1].size() > 0", repeat("1,", 8_000)),
    ] {
        let (scope, slots) = scope(Rules::Gate);
        let compiled = compile(&text, &scope, Expect::Any)
            .unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"));
        let opinion = on_big_stack(|| {
            Second::new()
                .expect("the second engine")
                .compare(&compiled, &slots)
        });
        assert_eq!(
            opinion,
            Opinion::Same,
            "{}…: {opinion:?}",
            text.chars().take(20).collect::<String>()
        );
    }
}
