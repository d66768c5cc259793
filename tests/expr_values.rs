//! Operators, functions and three-valued logic: expression, expected CEL text of the value or reason.

use std::sync::Arc;

use crate::support::expressions::{map, variable};
use gonogo::expr::value::{Missing, Value};
use gonogo::expr::{Binding, Budget, Expect, Reason, Rules, Scope, compile};

/// Inputs: name, type, unit, value.
fn inputs() -> (Scope, Vec<Value>) {
    let known: &[(&str, &str, Option<&str>, Value)] = &[
        ("rate", "double", Some("ratio"), Value::Double(0.04)),
        ("pct", "double", Some("percent"), Value::Double(4.0)),
        ("p95", "double", Some("ms"), Value::Double(480.0)),
        ("slow", "double", Some("s"), Value::Double(0.5)),
        ("x", "double", None, Value::Double(2.5)),
        ("n", "int", None, Value::Int(7)),
        ("name", "string", None, Value::String("canary".into())),
        ("gone", "double", None, Value::Unknown(Missing::Absent)),
        ("stale", "bool", None, Value::Unknown(Missing::Stale)),
        (
            "up",
            "duration",
            None,
            Value::Duration(jiff::SignedDuration::from_mins(90)),
        ),
        (
            "incidents",
            "map<string, int>",
            None,
            map([("P0", Value::Int(0)), ("P1", Value::Unknown(Missing::Null))]),
        ),
        ("before.x", "double", None, Value::Double(2.0)),
        (
            "deploy",
            "{version: string, age: double}",
            None,
            map([("version", Value::String("1.2".into()))]),
        ),
        (
            "lost",
            "map<string, int>",
            None,
            Value::Unknown(Missing::Stale),
        ),
        (
            "sizes",
            "map<string, double>",
            Some("ms"),
            map([("a", Value::Double(700.0))]),
        ),
        (
            "list",
            "list<double>",
            None,
            Value::List(vec![Value::Double(1.0), Value::Unknown(Missing::Null)].into()),
        ),
    ];
    let mut scope = Scope::new();
    let mut slots = Vec::new();
    for (name, ty, unit, value) in known {
        let variable = variable(slots.len(), ty, *unit);
        scope.declare(*name, Binding::Slot(variable));
        slots.push(value.clone());
    }
    let quiet = compile("x > 1 && gone > 1", &scope, Expect::Bool).expect("a condition");
    scope.declare("quiet", Binding::Let(Arc::new(quiet)));
    (scope, slots)
}

fn check(table: &[(&str, &str)]) {
    let (scope, slots) = inputs();
    let mut wrong = Vec::new();
    for (text, want) in table {
        let got = match compile(text, &scope, Expect::Any) {
            Ok(compiled) => {
                let value = compiled.value(&slots, &mut Budget::default());
                let trace = compiled.trace(&slots).result;
                assert_eq!(value.clone().err(), trace.err(), "traced otherwise: {text}");
                value.map_or_else(
                    |fault| format!("! {}", fault.reason),
                    |value| value.to_string(),
                )
            }
            Err(mistakes) => format!("# {}", mistakes[0].message),
        };
        if got != *want {
            wrong.push(format!("{text}\n   gives {got}\n   not   {want}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn quantities_and_units() {
    check(&[
        ("rate >= q(\"4%\")", "true"),
        ("rate > q(\"4%\")", "false"),
        ("pct >= q(\"5%\")", "false"),
        ("q(\"5%\") > pct", "true"),
        ("p95 < q(\"0.5s\")", "true"),
        ("p95 + q(\"1s\")", "1480.0"),
        ("slow > p95", "true"),
        ("p95 < slow", "true"),
        ("pct == rate", "true"),
        ("x * q(\"110%\")", "2.75"),
        ("x > q(\"7%\")", "true"),
        ("n * q(\"110%\")", "7.700000000000001"),
        ("n - n", "0"),
        (
            "n-before.x > 0.0",
            "# `-` does not join an `int` and a `double`",
        ),
        ("q(\"7%\")", "0.07"),
        ("within(x, before.x, q(\"25%\"))", "true"),
        ("within(x, before.x, 0.4)", "false"),
        ("within(p95, slow, q(\"20ms\"))", "true"),
        ("within(p95, slow, q(\"19ms\"))", "false"),
        ("up > q(\"1h\")", "true"),
        ("up == q(\"90min\")", "true"),
    ]);
}

#[test]
fn three_values() {
    check(&[
        ("gone > 1", "! no value"),
        ("gone > 1 && false", "false"),
        ("false && gone > 1", "false"),
        ("gone > 1 || true", "true"),
        ("true || gone > 1", "true"),
        ("gone > 1 || false", "! no value"),
        ("!stale", "! too old"),
        ("stale ? 1 : 1", "1"),
        ("stale ? 1 : 2", "! too old"),
        ("known(gone)", "false"),
        ("known(x)", "true"),
        ("known(1.0 / (x - 2.5))", "false"),
        ("quiet", "! no value"),
        ("quiet && n < 0", "false"),
        ("incidents[\"P0\"] == 0", "true"),
        ("incidents.P1 == 0", "! null"),
        ("incidents[\"P2\"] == 0", "! no such key"),
        ("has(incidents.P1)", "true"),
        ("has(incidents.P2)", "false"),
        ("size(list)", "2"),
        ("1.0 in list", "true"),
        ("2.0 in list", "! null"),
        ("list == [1.0]", "false"),
        ("list == [2.0, 5.0]", "false"),
        ("list == [1.0, 5.0]", "! null"),
        ("list.exists(v, v == 1)", "true"),
        ("list.exists(v, v == 2)", "! null"),
        ("list.all(v, v == 2)", "false"),
        ("list.all(v, v == 1)", "! null"),
        ("list.exists_one(v, v == 1)", "! null"),
        ("list.filter(v, v == 1)", "! null"),
        ("list.map(k, 1)", "[1, 1]"),
    ]);
}

/// What is unknown never becomes an optional without a value; what a known map does not have does, as with `has`.
#[test]
fn optionals() {
    check(&[
        ("incidents.?P0.orValue(5)", "0"),
        ("incidents.?P1.orValue(5)", "! null"),
        ("incidents.?P2.orValue(5)", "5"),
        ("incidents[?\"P2\"].orValue(5)", "5"),
        ("incidents.?P0.hasValue()", "true"),
        ("incidents.?P1.hasValue()", "! null"),
        ("incidents.?P2.hasValue()", "false"),
        ("known(incidents.?P1)", "false"),
        ("known(incidents.?P2)", "true"),
        ("incidents.?P2.value()", "! an optional without a value"),
        ("incidents.?P2.orValue(5) > 3 && stale", "! too old"),
        ("incidents.?P2.orValue(5) > 3 || stale", "true"),
        ("lost.?P0.orValue(5)", "! too old"),
        ("lost[?\"P0\"].hasValue()", "! too old"),
        ("has(lost.P0)", "! too old"),
        ("deploy.?version.orValue(\"0\")", "\"1.2\""),
        ("has(deploy.age)", "false"),
        ("deploy.?age.hasValue()", "false"),
        ("deploy.age", "! no such key"),
        ("optional.of(gone)", "! no value"),
        ("optional.ofNonZeroValue(gone)", "! no value"),
        ("optional.of(gone).orValue(1.0)", "! no value"),
        ("optional.of(x).orValue(gone)", "2.5"),
        ("optional.none().orValue(gone)", "! no value"),
        ("optional.of(x).or(optional.of(gone)).value()", "2.5"),
        ("optional.none().or(optional.of(gone))", "! no value"),
        ("optional.of(x).optMap(v, v + gone)", "! no value"),
        ("incidents.?P2.optMap(v, gone).hasValue()", "false"),
        ("incidents.?P0.optFlatMap(v, incidents.?P1)", "! null"),
        ("(stale ? optional.of(x) : optional.none())", "! too old"),
        ("[?incidents.?P0, ?incidents.?P2]", "[0]"),
        ("[?incidents.?P0, ?incidents.?P1]", "! null"),
        ("{?\"a\": incidents.?P2}", "{}"),
        ("{?\"a\": incidents.?P1}", "! null"),
        ("list.first()", "optional.of(1.0)"),
        ("list.last()", "! null"),
        ("list[?0].orValue(3)", "1.0"),
        ("list[?1].orValue(3)", "! null"),
        ("list[?2].orValue(3)", "3.0"),
        ("optional.of(list) == optional.of([1.0, 5.0])", "! null"),
        ("optional.of(list) == optional.of([2.0, 5.0])", "false"),
        ("optional.of(list) == optional.none()", "false"),
        ("optional.unwrap([incidents.?P0, incidents.?P2])", "[0]"),
        ("[3, 1, 2].sortBy(v, incidents.?P2.orValue(v))", "[1, 2, 3]"),
        ("[3, 1].sortBy(v, incidents.P1)", "! null"),
        (
            "cel.bind(o, incidents.?P2, o.orValue(1) + o.orValue(2))",
            "3",
        ),
        // Units go through: 700 ms are less than 1 s, and more than half a second.
        ("sizes.?a.orValue(0) < q(\"1s\")", "true"),
        ("sizes[?\"a\"].value() > q(\"0.5s\")", "true"),
        ("sizes.?b.orValue(0) < q(\"1s\")", "true"),
        (
            "sizes.?a.orValue(slow) > 1",
            "# the two results of `orValue` have different units",
        ),
    ]);
}

/// Conditions are copied by value all the time: a value is three words.
#[test]
fn values_stay_small() {
    assert_eq!(size_of::<Value>(), 3 * size_of::<usize>());
}

#[test]
fn faults() {
    check(&[
        ("x / (before.x - 2)", "! division by zero"),
        ("n % (n - 7)", "! division by zero"),
        ("x * 1e308 * 10.0", "! not a finite number"),
        ("n + 9223372036854775807", "! a whole number beyond 64 bits"),
        ("-(n - 8)", "1"),
        ("list[5]", "! index out of bounds"),
        ("int(name)", "! cannot be converted"),
        (
            "bool(name.substring(0, 0) + \"T\")",
            "! cannot be converted",
        ),
        ("base64.decode(name + \"aGk=\")", "! cannot be converted"),
        ("name.indexOf(\"y\", n - 1)", "! index out of bounds"),
        ("name.lastIndexOf(\"y\", n - 1)", "! index out of bounds"),
        ("name.indexOf(\"\", n - 1)", "6"),
        (
            "lists.range(n - 8)",
            "! an argument the function does not take",
        ),
        (
            "timestamp(name)",
            "! not a timestamp between the years 1 and 9999",
        ),
        (
            "double(\"NaN\") < x",
            "# `double(\"NaN\")` has no value: not a finite number",
        ),
        ("math.sqrt(-(x * x) - 1.0) < x", "! not a finite number"),
        (
            "lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, a + b + c < 5000)))",
            "! more than 1,000,000 steps",
        ),
        (
            "lists.range(100001)",
            "# `lists.range(100001)` has no value: a list of more than 100,000 items",
        ),
    ]);
}

#[test]
fn texts_and_time() {
    check(&[
        ("name.matches(\"^c.n\")", "true"),
        ("name.startsWith(\"can\") && name.endsWith(\"ary\")", "true"),
        ("name.substring(0, 3).upperAscii()", "\"CAN\""),
        ("\"a,b\".split(\",\")", "[\"a\", \"b\"]"),
        ("duration(\"1w2d\") == duration(\"216h\")", "true"),
        ("duration(\"7d\")", "duration(\"7d\")"),
        (
            "timestamp(\"2025-10-16T10:05:00Z\") - duration(\"5m\")",
            "timestamp(\"2025-10-16T10:00:00Z\")",
        ),
        (
            "timestamp(\"2025-07-01T00:30:00Z\").getHours(\"Europe/Vienna\")",
            "2",
        ),
        (
            "timestamp(\"2025-07-01T00:30:00Z\").getHours(\"+05:30\")",
            "6",
        ),
        ("[3.0, 1, 2].sort()", "[1.0, 2.0, 3.0]"),
        ("[1, 2, 2].distinct()", "[1, 2]"),
        ("sets.contains([1, 2], [2])", "true"),
        ("math.greatest(x, 3)", "3.0"),
        ("math.floor(2.7)", "2.0"),
        ("math.sign(-(x - 2.5))", "0.0"),
        ("cel.bind(t, x + 1, t * t)", "12.25"),
        ("{\"a\": 1}.transformMap(k, v, v + 1)", "{\"a\": 2}"),
        ("n * 2 + 1", "15"),
        ("x * 2 + 1", "6.0"),
        ("n < 7.5 && n > 6u", "true"),
        ("\"%s: %.2f\".format([name, x])", "\"canary: 2.50\""),
        (
            "\"%s\".format([b\"\\xff\\xfea\\xff\" + bytes(name)])",
            "\"\u{fffd}a\u{fffd}canary\"",
        ),
    ]);
}

#[test]
fn in_standard_cel_a_condition_without_a_value_has_no_result() {
    let scope = Scope::new().rules(Rules::Cel);
    let compiled = compile("1 / 0 > 0 ? 1 : 1", &scope, Expect::Any).expect("an expression");
    let result = compiled.value(&[], &mut Budget::default());
    assert_eq!(result.expect_err("no value").reason, Reason::DivisionByZero);
}
