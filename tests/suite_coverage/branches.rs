//! Operands of `&&` and `||`, decisive both ways.

use super::{Kind, Watched};
use serde_json::{Value as Json, json};

/// What is seen of a rule with this condition over `a`, `b`, `c` (each true or false), `n` and `list`, in these verdicts.
fn seen(expr: &str, tests: &[Json]) -> Vec<String> {
    let mut watched = of(expr);
    for metrics in tests {
        watched.see(&[(0, metrics.clone())]);
    }
    watched.points("r", Kind::Branches)
}

fn of(expr: &str) -> Watched {
    Watched::new(&format!(
        "inputs: {{a: {{type: bool}}, b: {{type: bool}}, c: {{type: bool}}, n: {{type: int}}, list: {{type: 'list<int>'}}}}\n\
         let: {{either: a || b, rate: '(a || b) ? 1.0 : 2.0'}}\nrequire: [{{id: r, expr: '{expr}'}}]"
    ))
}

fn bits(a: bool, b: bool, c: bool) -> Json {
    json!({"a": a, "b": b, "c": c, "n": 0, "list": []})
}

#[test]
fn an_operand_decides_where_the_others_leave_it_open() {
    assert_eq!(
        seen("a && b", &[bits(true, true, true)]),
        ["a: true (false)", "b: true (false)"]
    );
    assert_eq!(
        seen("a && b", &[bits(false, true, true)]),
        ["a: (true) false", "b: (true) (false)"]
    );
    // Neither decides where both are false.
    assert_eq!(
        seen("a && b", &[bits(false, false, true)]),
        ["a: (true) (false)", "b: (true) (false)"]
    );
    assert_eq!(
        seen(
            "a || b",
            &[bits(true, false, true), bits(false, false, true)]
        ),
        ["a: true false", "b: (true) false"]
    );
}

#[test]
fn a_chain_has_all_its_operands_and_what_stands_in_one_has_its_own() {
    let all = [
        bits(true, true, true),
        bits(false, true, true),
        bits(true, false, true),
        bits(true, true, false),
    ];
    assert_eq!(
        seen("a && b && c", &all),
        ["a: true false", "b: true false", "c: true false"]
    );
    assert_eq!(
        seen(
            "a && (b || c)",
            &[bits(true, true, false), bits(true, false, false)]
        ),
        [
            "a: true (false)",
            "b || c: true false",
            "b: true false",
            "c: (true) false"
        ]
    );
    // `!` turns what an operand is, not whether it decides.
    assert_eq!(
        seen("!(a || b)", &[bits(true, false, false)]),
        ["a: true (false)", "b: (true) (false)"]
    );
}

#[test]
fn of_a_choice_only_what_is_chosen_decides() {
    assert_eq!(
        seen("c ? (a && b) : (a || b)", &[bits(true, true, true)]),
        [
            "a: true (false)",
            "b: true (false)",
            "a: (true) (false)",
            "b: (true) (false)"
        ]
    );
    // The test decides where both ways differ.
    assert_eq!(
        seen(
            "(a && b) ? c : false",
            &[bits(true, true, true), bits(true, false, true)]
        ),
        ["a: true (false)", "b: true false"]
    );
    assert_eq!(
        seen("(a && b) ? c : false", &[bits(true, true, false)]),
        ["a: (true) (false)", "b: (true) (false)"]
    );
}

#[test]
fn an_unknown_operand_leaves_nothing_open() {
    let metrics = |b: Json| json!({"a": false, "b": b, "c": true, "n": 0, "list": []});
    // False whatever `b` is, but with `a` true nobody could tell.
    assert_eq!(
        seen("a && b", &[metrics(Json::Null)]),
        ["a: (true) (false)", "b: (true) (false)"]
    );
    assert_eq!(
        seen("a || b", &[metrics(Json::Null)]),
        ["a: (true) (false)", "b: (true) (false)"]
    );
}

#[test]
fn a_named_expression_has_its_own_operands_which_decide_through_whatever_uses_it() {
    let mut watched = of("either && c");
    watched.see(&[(0, bits(true, false, true))]);
    assert_eq!(
        watched.points("r", Kind::Branches),
        ["either: true (false)", "c: true (false)"]
    );
    let own = |watched: &Watched| watched.points("either", Kind::Branches);
    assert_eq!(own(&watched), ["a: true (false)", "b: (true) (false)"]);
    watched.see(&[(0, bits(false, false, true))]);
    assert_eq!(own(&watched), ["a: true false", "b: (true) false"]);
    // Where `c` is false nothing of it decides.
    watched.see(&[(0, bits(false, true, false))]);
    assert_eq!(own(&watched), ["a: true false", "b: (true) false"]);
    watched.see(&[(0, bits(false, true, true))]);
    assert_eq!(own(&watched), ["a: true false", "b: true false"]);
}

#[test]
fn a_condition_inside_a_comparison_decides_where_the_result_is_another_one() {
    assert_eq!(
        seen(
            "((a || b) ? 3 : 8) > n + 5",
            &[bits(true, false, false), bits(false, false, false)]
        ),
        ["a: true false", "b: (true) false"]
    );
    assert_eq!(
        seen("((a || b) ? 3 : 4) < n + 5", &[bits(true, false, false)]),
        ["a: (true) (false)", "b: (true) (false)"]
    );
    assert_eq!(
        seen("(a && b) == c", &[bits(true, true, false)]),
        ["a: true (false)", "b: true (false)"]
    );
    // A named number is looked at for itself.
    let mut watched = of("rate > 0.5");
    watched.see(&[(0, bits(true, false, false))]);
    assert_eq!(
        watched.points("rate", Kind::Branches),
        ["a: true (false)", "b: (true) (false)"]
    );
}

#[test]
fn inside_a_macro_each_item_decides_where_the_others_leave_it_open() {
    let metrics = |list: &[i64]| json!({"a": true, "b": true, "c": true, "n": 3, "list": list});
    let all = "list.all(i, i > 0 && i < n)";
    assert_eq!(
        seen(all, &[metrics(&[1, 2])]),
        ["i > 0: true (false)", "i < n: true (false)"]
    );
    assert_eq!(
        seen(all, &[metrics(&[1, 5])]),
        ["i > 0: (true) (false)", "i < n: (true) false"]
    );
    // Two items fail: neither decides.
    assert_eq!(
        seen(all, &[metrics(&[5, 6])]),
        ["i > 0: (true) (false)", "i < n: (true) (false)"]
    );
    assert_eq!(
        seen("list.exists(i, i > 0 && i < n)", &[metrics(&[0, 2])]),
        ["i > 0: true (false)", "i < n: true (false)"]
    );
    assert_eq!(
        seen("list.exists(i, i > 0 && i < n)", &[metrics(&[0])]),
        ["i > 0: (true) false", "i < n: (true) (false)"]
    );
    // One more would be two.
    assert_eq!(
        seen("list.exists_one(i, i > 0 && i < n)", &[metrics(&[2, 0])]),
        ["i > 0: true false", "i < n: true (false)"]
    );
}

#[test]
fn a_when_has_operands_too() {
    let mut watched = Watched::new(
        "inputs: {a: {type: bool}, b: {type: bool}, c: {type: bool}}\nrequire: [{id: r, expr: c, when: a || b}, {id: s, expr: c}]",
    );
    watched.see(&[(0, json!({"a": false, "b": false, "c": true}))]);
    assert_eq!(
        watched.points("r", Kind::Branches),
        ["a: (true) false", "b: (true) false"]
    );
}

#[test]
fn what_is_built_or_looked_back_at_is_a_value() {
    let watched = of("list.filter(i, i > 0 && i < n).size() > 2");
    assert_eq!(watched.points("r", Kind::Branches), Vec::<String>::new());
    assert_eq!(
        watched.points("r", Kind::Boundaries),
        ["list.filter(i, i > 0 && i < n).size() > 2: (below) (at) (above)"]
    );
    let watched = Watched::new(
        "inputs: {a: {type: bool}, b: {type: bool}}\nrequire: [{id: r, expr: '(a && b).share(\"1m\") > 0.5'}]",
    );
    assert_eq!(watched.points("r", Kind::Branches), Vec::<String>::new());
}
