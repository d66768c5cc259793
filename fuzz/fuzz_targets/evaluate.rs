//! An expression on values: the first line chooses the values, the rest is the expression. Never a panic, never more than
//! the budget; the same twice, traced, and in the lowered form.

#![no_main]

mod shared;

use gonogo::expr::budget::STEPS;
use gonogo::expr::value::Value;
use gonogo::expr::{Budget, Expect, Reason, Rules, Tri, brief, compile};
use libfuzzer_sys::fuzz_target;

/// A result as text that is equal where the results are, as far as anybody reads.
fn told(result: &Result<Value, gonogo::expr::Fault>) -> String {
    match result {
        Ok(value) => brief(value).to_string(),
        Err(fault) => format!("{fault:?}"),
    }
}

fuzz_target!(|data: &[u8]| {
    let split = data.iter().position(|byte| *byte == b'\n');
    let (values, text) = data.split_at(split.unwrap_or(0));
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    for rules in [Rules::Gate, Rules::Cel] {
        let (scope, mut slots) = shared::scope(values);
        let scope = scope.rules(rules);
        let Ok(compiled) = compile(text, &scope, Expect::Any) else {
            continue;
        };
        shared::windows(&scope, values, &mut slots);
        let mut budget = Budget::default();
        let result = compiled.value(&slots, &mut budget);
        assert!(budget.left() <= STEPS);
        let again = compiled.value(&slots, &mut Budget::default());
        assert_eq!(told(&result), told(&again), "not the same twice");
        let over = |result: &Result<Value, gonogo::expr::Fault>| matches!(result, Err(fault) if matches!(fault.reason, Reason::Limit(_)));
        // A trace looks at more than the result needs: it may run out where the evaluation does not.
        let trace = compiled.trace(&slots);
        if !over(&trace.result) && !over(&result) {
            assert_eq!(told(&result), told(&trace.result), "traced otherwise");
        }
        if *compiled.ty() == gonogo::expr::types::Type::Bool && !over(&result) {
            let slowly = match &result {
                Ok(Value::Bool(value)) => Tri::from(Ok(*value)),
                Ok(_) => panic!("a condition that is no bool"),
                Err(fault) => Tri::Unknown(*fault),
            };
            assert_eq!(
                compiled.test(&slots, &mut Budget::default()),
                slowly,
                "lowered otherwise"
            );
        }
    }
});
