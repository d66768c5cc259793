//! What is wrong with an expression: its code, the text underlined, and a part of message or help.

mod windows;

use std::sync::Arc;

use crate::support::expressions::variable;
use gonogo::expr::{Binding, Expect, Scope, Variable, compile};

fn scope() -> Scope {
    let mut scope = Scope::new().windows(100);
    let inputs: &[(&str, &str, Option<&str>, &[&str])] = &[
        ("error_rate", "double", Some("ratio"), &[]),
        ("p95", "double", Some("ms"), &[]),
        ("cost", "double", Some("euro"), &[]),
        ("x", "double", None, &[]),
        ("n", "int", None, &[]),
        ("m", "int", None, &[]),
        ("ok", "bool", None, &[]),
        ("mood", "string", None, &["negative", "positive"]),
        ("incidents", "map<string, int>", None, &[]),
        ("deploy", "{version: string, age: double}", None, &[]),
        ("before.error_rate", "double", Some("ratio"), &[]),
        ("up", "duration", None, &[]),
        ("now", "timestamp", None, &[]),
        ("hosts", "list<string>", None, &[]),
    ];
    for (slot, (name, ty, unit, values)) in inputs.iter().enumerate() {
        let values =
            (!values.is_empty()).then(|| values.iter().map(|value| (*value).into()).collect());
        let variable = Variable {
            values,
            ..variable(slot, ty, *unit)
        };
        scope.declare(*name, Binding::Slot(variable));
    }
    let busy = compile("x.avg(\"10m\") > 1.0", &scope, Expect::Bool).expect("a window");
    scope.declare("busy", Binding::Let(Arc::new(busy)));
    scope
}

/// Expression, code, underlined text, part of the message or help.
const TABLE: &[(&str, &str, &str, &str)] = &[
    ("", "expression-syntax", "", "the expression is empty"),
    (
        "x <",
        "expression-syntax",
        "<",
        "expected an operand after `<`",
    ),
    ("x = 1.0", "expression-syntax", "=", "write `==`"),
    ("ok and ok", "expression-syntax", "and", "write `&&`"),
    ("ok or ok", "expression-syntax", "or", "write `||`"),
    ("not ok", "expression-syntax", "not", "write `!`"),
    ("ok & ok", "expression-syntax", "&", "write `&&`"),
    ("x > 5%", "expression-syntax", "5%", "q(\"5%\")"),
    ("x > 0,5", "expression-syntax", "0,5", "`0.5`"),
    (
        "mood == \"a",
        "expression-syntax",
        "\"a",
        "no closing quote",
    ),
    ("(x > 1.0", "expression-syntax", "(", "`(` is not closed"),
    ("x > 1.0)", "expression-syntax", ")", "closes nothing"),
    ("x => 1.0", "expression-syntax", "=>", "write `>=`"),
    ("p95 < 500ms", "expression-syntax", "500ms", "q(\"500ms\")"),
    ("Foo{a: 1}", "expression-syntax", "Foo{", "protobuf message"),
    (
        "deploy.?age > 1.0",
        "type-mismatch",
        "deploy.?age > 1.0",
        "write `deploy.?age.orValue(…)`",
    ),
    (
        "1 == incidents[?\"P0\"]",
        "type-mismatch",
        "1 == incidents[?\"P0\"]",
        "write `incidents[?\"P0\"].orValue(…)`",
    ),
    (
        "incidents.?P0 + 1 > 2",
        "type-mismatch",
        "incidents.?P0 + 1",
        "write `incidents.?P0.orValue(…) + 1`",
    ),
    (
        "ok && incidents.?P0",
        "type-mismatch",
        "incidents.?P0",
        "`incidents.?P0.hasValue()`",
    ),
    (
        "incidents.?P0.orValue(\"none\") == 0",
        "type-mismatch",
        "incidents.?P0.orValue(\"none\")",
        "the two results of `orValue` are an `int` and a `string`",
    ),
    (
        "error_rate.orValue(0.0) > 0.1",
        "wrong-argument",
        "error_rate",
        "leave it out",
    ),
    (
        "incidents.P0.orValue(0) == 0",
        "wrong-argument",
        "incidents.P0",
        "write `incidents.?P0.orValue(…)`",
    ),
    (
        "incidents[\"P0\"].orValue(0) == 0",
        "wrong-argument",
        "incidents[\"P0\"]",
        "write `incidents[?\"P0\"].orValue(…)`",
    ),
    (
        "before.error_rate.orValue(0.0) > 0.1",
        "wrong-argument",
        "before.error_rate",
        "leave it out",
    ),
    (
        "incidents.?P0.or(3).hasValue()",
        "wrong-argument",
        "3",
        "`or` needs an optional value",
    ),
    (
        "x.optMap(v, v + 1.0).hasValue()",
        "wrong-argument",
        "x",
        "`optMap` needs an optional value",
    ),
    (
        "incidents.?P0.optFlatMap(v, v > 1).hasValue()",
        "type-mismatch",
        "v > 1",
        "write `optMap`",
    ),
    ("size([?n]) == 0", "type-mismatch", "n", "leave out the `?`"),
    ("deploy.?agee.hasValue()", "unknown-field", "agee", "`age`"),
    (
        "has(deploy.?age)",
        "wrong-argument",
        "has(deploy.?age)",
        "write `has(deploy.age)`",
    ),
    (
        "incidents.?P0.optMap(v, v > 1)",
        "not-bool",
        "incidents.?P0.optMap(v, v > 1)",
        "`incidents.?P0.optMap(v, v > 1).orValue(false)`",
    ),
    (
        "optional.none().value() > 1",
        "bad-constant",
        "optional.none().value()",
        "an optional without a value",
    ),
    (
        "{\"a\": 1}.sortBy(k, k) == []",
        "type-mismatch",
        "{\"a\": 1}",
        "sorts a list",
    ),
    (
        "[x].all(v) && ok",
        "wrong-argument",
        "all",
        "write `list.all(x, condition)`",
    ),
    (
        "cel.bind(v, x) > 1.0",
        "wrong-argument",
        "cel.bind",
        "write `cel.bind(x, value, result)`",
    ),
    (
        "cel.block([x], cel.index(0)) > 1.0",
        "unsupported-function",
        "cel.block",
        "`cel.bind(x, value, …)`",
    ),
    (
        "cidr(\"10.0.0.0/8\").containsIP(mood)",
        "unsupported-function",
        "containsIP",
        "compare addresses as texts",
    ),
    (
        "proto.hasExt(deploy, n)",
        "unsupported-function",
        "proto.hasExt",
        "a field of a map",
    ),
    (
        "n == google.protobuf.NullValue.NULL_VALUE",
        "unknown-input",
        "google.protobuf.NullValue.NULL_VALUE",
        "the value itself",
    ),
    (
        "google.protobuf.Int32Value{value: 1} == n",
        "expression-syntax",
        "google.protobuf.Int32Value{",
        "write a map",
    ),
    (
        "math.greatest(x, \"a\", 1.0, 2.0, 3.0, 4.0, 5.0) > 1.0",
        "wrong-argument",
        "\"a\"",
        "`math.greatest(number, …)`",
    ),
    (
        "[1].sortBy(v, [v]) == []",
        "type-mismatch",
        "[v]",
        "has no order",
    ),
    (
        "eror_rate < 0.1",
        "unknown-input",
        "eror_rate",
        "did you mean `error_rate`?",
    ),
    (
        "befor.error_rate < 0.1",
        "unknown-input",
        "befor.error_rate",
        "did you mean `before.error_rate`?",
    ),
    (
        "before < 0.1",
        "unknown-input",
        "before",
        "such as `before.error_rate`",
    ),
    (
        "error-rate < 0.1",
        "unknown-input",
        "error-rate",
        "`error_rate`",
    ),
    (
        "deploy.agee > 1.0",
        "unknown-field",
        "agee",
        "did you mean `age`?",
    ),
    (
        "siez(incidents) == 0",
        "unknown-function",
        "siez",
        "did you mean `size`?",
    ),
    (
        "size(x) == 0",
        "wrong-argument",
        "x",
        "`size` does not take `x` of type `double`",
    ),
    (
        "size() == 0",
        "wrong-argument",
        "size()",
        "does not take 0 arguments",
    ),
    (
        "mood.contains(1)",
        "wrong-argument",
        "1",
        "does not take `1`",
    ),
    (
        "mood > 5",
        "type-mismatch",
        "mood > 5",
        "cannot compare a `string` with an `int`",
    ),
    (
        "x == \"5\"",
        "type-mismatch",
        "x == \"5\"",
        "write `5` without quotes",
    ),
    ("x == null", "type-mismatch", "x == null", "known(x)"),
    ("n * x > 1.0", "type-mismatch", "n * x", "double(n) * x"),
    (
        "n / m > 1",
        "integer-division",
        "n / m",
        "double(n) / double(m)",
    ),
    ("x", "not-bool", "x", "`x > 0`"),
    ("ok && x", "type-mismatch", "x", "compare it"),
    (
        "mood == \"postive\"",
        "value-not-listed",
        "\"postive\"",
        "did you mean `\"positive\"`?",
    ),
    (
        "mood in [\"positive\", \"nah\"]",
        "value-not-listed",
        "\"nah\"",
        "`negative`, `positive`",
    ),
    ("has(x)", "wrong-argument", "has(x)", "known(x)"),
    (
        "has(before.error_rate)",
        "wrong-argument",
        "has(before.error_rate)",
        "known(before.error_rate)",
    ),
    (
        "1 / 0 > n",
        "integer-division",
        "1 / 0",
        "drops the remainder",
    ),
    (
        "n % 0 == 9223372036854775807 + 1",
        "bad-constant",
        "9223372036854775807 + 1",
        "beyond 64 bits",
    ),
    (
        "mood.matches(\"(\")",
        "bad-constant",
        "\"(\"",
        "not a regular expression",
    ),
    (
        "up > duration(\"1mo\")",
        "bad-constant",
        "\"1mo\"",
        "months differ",
    ),
    ("error_rate > 5", "unit-mismatch", "5", "q(\"5%\")"),
    (
        "p95 > q(\"5%\")",
        "unit-mismatch",
        "p95 > q(\"5%\")",
        "a time",
    ),
    (
        "x > q(\"5ms\")",
        "unit-mismatch",
        "x > q(\"5ms\")",
        "declare its unit",
    ),
    ("cost > p95", "unit-mismatch", "cost > p95", "`euro`"),
    (
        "[n, mood] == []",
        "type-mismatch",
        "mood",
        "the items of a list are of one type, and `n` is an `int`, `mood` a `string`",
    ),
    ("[n, x] == []", "type-mismatch", "x", "write `double(n)`"),
    (
        "{\"a\": n, \"b\": ok}.a == 1",
        "type-mismatch",
        "ok",
        "the values of a map are of one type",
    ),
    (
        "deploy[mood] == \"9\"",
        "type-mismatch",
        "deploy[mood]",
        "name the field, such as `deploy.version`",
    ),
    (
        "deploy.exists(k, v, v == \"9\")",
        "type-mismatch",
        "deploy",
        "are of different types",
    ),
    (
        "[[n], [m]].sort() == []",
        "type-mismatch",
        "[[n], [m]]",
        "have no order",
    ),
    (
        "math.greatest([mood]) == 1",
        "wrong-argument",
        "[mood]",
        "needs numbers",
    ),
    (
        "math.greatest(n, x) > 1.0",
        "type-mismatch",
        "x",
        "write `double(n)`",
    ),
    (
        "[[[n]]].flatten(m) == []",
        "type-mismatch",
        "m",
        "write such as `.flatten(2)`",
    ),
    (
        "incidents.transformMapEntry(k, v, v).size() == 1",
        "type-mismatch",
        "v",
        "write `{key: value}`",
    ),
    (
        "ok ? [n] == [x] : [x] == [mood]",
        "type-mismatch",
        "[x] == [mood]",
        "cannot compare",
    ),
    (
        "(ok ? [n] : [x]).size() == 1",
        "type-mismatch",
        "ok ? [n] : [x]",
        "make them of one type",
    ),
    (
        "dyn(n) == mood",
        "type-mismatch",
        "dyn(n) == mood",
        "cannot compare",
    ),
    (
        "ok ? incidents.?P0 : optional.none()",
        "not-bool",
        "ok ? incidents.?P0 : optional.none()",
        "this is an `optional<int>` / ask whether it has a value: `(ok ? incidents.?P0 : optional.none()).hasValue()`",
    ),
    (
        "ok ? mood : \"none\"",
        "not-bool",
        "ok ? mood : \"none\"",
        "`(ok ? mood : \"none\") == \"…\"`",
    ),
    (
        "x > q(\"5 parsecs\")",
        "wrong-argument",
        "\"5 parsecs\"",
        "is not a unit",
    ),
];

#[test]
fn every_mistake_has_its_place_and_its_fix() {
    let scope = scope();
    let mut wrong = Vec::new();
    for (text, code, under, part) in TABLE.iter().chain(windows::TABLE) {
        match compile(text, &scope, Expect::Bool) {
            Ok(_) => wrong.push(format!("{text}: no mistake")),
            Err(mistakes) => {
                let first = &mistakes[0];
                let all = format!(
                    "{} / {}",
                    first.message,
                    first.help.as_deref().unwrap_or("")
                );
                let underlined = text.get(first.range.clone()).unwrap_or("<outside>");
                if mistakes.len() > 1 {
                    wrong.push(format!("{text}: {mistakes:#?}"));
                }
                if first.code.name() != *code || underlined != *under || !all.contains(part) {
                    wrong.push(format!("{text}: {} at `{underlined}`: {all}", first.code));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn all_mistakes_are_told() {
    let mistakes = compile(
        "eror_rate < 0.1 && n / m > 1 && mood == 5",
        &scope(),
        Expect::Bool,
    )
    .unwrap_err();
    let codes: Vec<&str> = mistakes.iter().map(|mistake| mistake.code.name()).collect();
    assert_eq!(
        codes,
        ["unknown-input", "integer-division", "type-mismatch"]
    );
}

#[test]
fn what_is_gone_through_is_a_list_or_map() {
    for (text, help) in [
        (
            "deploy.?age",
            Some("write a list, such as `[\"csv\", \"json\"]`, or the name of one"),
        ),
        ("[[n]].first()", Some("write `[[n]].first().orValue([])`")),
        (
            "optional.of(incidents)",
            Some("write `optional.of(incidents).orValue({})`"),
        ),
    ] {
        let mistakes = compile(text, &scope(), Expect::Iterable).unwrap_err();
        assert_eq!(mistakes.len(), 1, "{text}");
        assert_eq!(mistakes[0].code.name(), "type-mismatch", "{text}");
        assert_eq!(mistakes[0].help.as_deref(), help, "{text}");
    }
}
