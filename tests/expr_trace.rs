//! What an explanation is made of: values of parts, comparisons and inputs with their places.

use crate::support::expressions::declare;
use gonogo::expr::value::{Key, Missing, Value};
use gonogo::expr::{Expect, Kind, Op, Scope, Unit, compile};

fn scope() -> Scope {
    let mut scope = Scope::new();
    let names = [
        ("rate", "double", Some("ratio")),
        ("p95", "double", Some("ms")),
        ("slow", "double", Some("s")),
        ("incidents", "map<string, int>", None),
        ("list", "list<int>", None),
    ];
    declare(&mut scope, names);
    scope
}

/// `text = value` of every part.
fn traced(text: &str, slots: &[Value]) -> Vec<String> {
    let compiled = compile(text, &scope(), Expect::Any).expect("an expression");
    let part = |part: &gonogo::expr::Traced| {
        let value = part
            .value
            .as_ref()
            .map_or_else(|fault| fault.reason.to_string(), ToString::to_string);
        let item = part
            .items
            .iter()
            .map(|item| format!("[{item}] "))
            .collect::<String>();
        format!("{item}{} = {value}", &text[part.range.clone()])
    };
    compiled.trace(slots).parts.iter().map(part).collect()
}

#[test]
fn every_part_has_its_value() {
    let slots = [Value::Double(0.061), Value::Unknown(Missing::Stale)];
    assert_eq!(
        traced("rate >= q(\"5%\") || p95 > 500", &slots),
        [
            "rate >= q(\"5%\") || p95 > 500 = true",
            "rate >= q(\"5%\") = true",
            "rate = 0.061",
            "q(\"5%\") = 0.05",
            "p95 > 500 = too old",
            "p95 = too old",
            "500 = 500",
        ]
    );
}

#[test]
fn a_macro_shows_the_items_that_decided() {
    let mut slots = vec![Value::Null; 4];
    slots.push(Value::List([1, 8, 2, 9].map(Value::Int).to_vec().into()));
    assert_eq!(
        traced("list.all(v, v < 5)", &slots),
        [
            "list.all(v, v < 5) = false",
            "list = [1, 8, 2, 9]",
            "[1] v < 5 = false",
            "[3] v < 5 = false",
            "[1] v = 8",
            "[3] v = 9",
            "[1] 5 = 5",
            "[3] 5 = 5",
        ]
    );
}

#[test]
fn operands_are_told_in_the_unit_of_the_comparison() {
    let slots = [Value::Null, Value::Double(480.0), Value::Double(0.4)];
    let compiled = compile("p95 < slow", &scope(), Expect::Bool).expect("a condition");
    let trace = compiled.trace(&slots);
    let Kind::Comparison { op, left, right } = &trace.parts[0].kind else {
        panic!("{:?}", trace.parts[0])
    };
    assert_eq!(*op, Op::Less);
    assert_eq!((left.side.slot, right.side.slot), (Some(1), Some(2)));
    assert_eq!(
        right.value.as_ref().map(ToString::to_string),
        Ok("400.0".to_owned())
    );
    assert_eq!(right.side.unit, Some(Unit::parse("ms")));
    assert!((right.side.factor - 1000.0).abs() < f64::EPSILON);
}

#[test]
fn comparisons_and_inputs_have_their_places() {
    let text =
        "incidents[\"P0\"] == 0 && rate < q(\"1%\") && incidents.P1 <= 2 && incidents.P0 < 9";
    let compiled = compile(text, &scope(), Expect::Bool).expect("a condition");
    let comparisons = compiled.comparisons();
    let sides: Vec<(&str, Option<usize>, bool)> = comparisons
        .iter()
        .map(|c| {
            (
                &text[c.left.range.clone()],
                c.left.slot,
                c.right.constant.is_some(),
            )
        })
        .collect();
    assert_eq!(
        sides,
        [
            ("incidents[\"P0\"]", Some(3), true),
            ("rate", Some(0), true),
            ("incidents.P1", Some(3), true),
            ("incidents.P0", Some(3), true),
        ]
    );
    assert_eq!(comparisons[0].left.path, [Key::String("P0".into())]);
    let inputs = compiled.inputs();
    let names: Vec<&str> = inputs.iter().map(|input| input.text.as_str()).collect();
    assert_eq!(names, ["incidents[\"P0\"]", "rate", "incidents.P1"]);
    assert_eq!(compiled.slots(), [0, 3]);
}

#[test]
fn optionals_show_what_was_asked_and_what_stood_in() {
    let mut slots = vec![Value::Double(0.0); 3];
    let entries = vec![(Key::String("P0".into()), Value::Int(3))];
    slots.push(Value::Map(std::sync::Arc::new(
        gonogo::expr::value::Map::new(entries),
    )));
    assert_eq!(
        traced("incidents.?P0.orValue(0) > 2", &slots),
        [
            "incidents.?P0.orValue(0) > 2 = true",
            "incidents.?P0.orValue(0) = 3",
            "incidents.?P0 = optional.of(3)",
            "incidents = {\"P0\": 3}",
            "2 = 2",
        ]
    );
    assert_eq!(
        traced("incidents[?\"P9\"].orValue(0) > 2", &slots),
        [
            "incidents[?\"P9\"].orValue(0) > 2 = false",
            "incidents[?\"P9\"].orValue(0) = 0",
            "incidents[?\"P9\"] = optional.none()",
            "incidents = {\"P0\": 3}",
            "0 = 0",
            "2 = 2",
        ]
    );
    let compiled = compile("incidents.?P0.orValue(0) > 2", &scope(), Expect::Bool).expect("fine");
    let inputs = compiled.inputs();
    assert_eq!(inputs.len(), 1);
    assert_eq!(inputs[0].text, "incidents.?P0");
    assert_eq!(inputs[0].path, [Key::String("P0".into())]);
}
