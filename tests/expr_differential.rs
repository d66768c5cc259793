//! Two engines, one answer: generated well-typed expressions evaluated by this crate's engine and by the `cel` crate's
//! parser and interpreter give the same value, or both none, but for the known differences, each of which is shown to
//! be one.
//!
//! `GONOGO_DIFFERENTIAL_CASES=200000 cargo test --release --test all -- expr_differential --nocapture` runs more than the
//! usual few, with a seed of its own.

mod generate;

use std::collections::BTreeMap;

use generate::{Choices, Ty, variables};
use gonogo::expr::oracle::{Opinion, STACK, Second};
use gonogo::expr::types::Type;
use gonogo::expr::value::Value;
use gonogo::expr::{Binding, Budget, Compiled, Expect, Rules, Scope, Variable, compile};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

/// How deep expressions are nested at most.
const DEPTH: usize = 4;

/// How many cases are run where nobody asks for more.
const CASES: u32 = 2_000;

/// Runs something on a stack that the second engine's parser cannot exhaust.
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

fn declared(ty: &Ty) -> Type {
    let of = |ty: &Ty| declared(ty).into();
    match ty {
        Ty::Bool => Type::Bool,
        Ty::Int => Type::Int,
        Ty::Uint => Type::Uint,
        Ty::Double => Type::Double,
        Ty::String => Type::String,
        Ty::Bytes => Type::Bytes,
        Ty::Timestamp => Type::Timestamp,
        Ty::Duration => Type::Duration,
        Ty::List(item) => Type::List(of(item)),
        Ty::Map(value) => Type::Map(Type::String.into(), of(value)),
        Ty::Numbered(value) => Type::Map(Type::Int.into(), of(value)),
    }
}

fn scope() -> Scope {
    let mut scope = Scope::new().rules(Rules::Cel);
    for (slot, variable) in variables().into_iter().enumerate() {
        let ty = declared(&variable.ty);
        scope.declare(
            variable.name,
            Binding::Slot(Variable {
                slot,
                ty,
                unit: None,
                values: None,
            }),
        );
    }
    scope
}

/// An expression and values for its variables.
fn case(choices: &[u32]) -> (String, Vec<Value>) {
    // The values first: what the expression needs of the choices may grow and shrink behind them.
    let (values, expression) = choices.split_at(choices.len().min(80));
    let mut values = Choices::new(values);
    let slots = variables()
        .iter()
        .map(|variable| values.value(&variable.ty))
        .collect();
    let mut expression = Choices::new(expression);
    let ty = expression.ty();
    (expression.expression(&ty, DEPTH), slots)
}

/// The values that an expression reads, for the report of a difference.
fn read(compiled: &Compiled, slots: &[Value]) -> String {
    let names = variables();
    let shown = compiled
        .slots()
        .iter()
        .map(|slot| format!("{} = {}", names[*slot].name, slots[*slot]));
    shown.collect::<Vec<_>>().join(", ")
}

#[test]
fn generated_expressions_have_one_value_in_two_engines() {
    let asked = std::env::var("GONOGO_DIFFERENTIAL_CASES").ok();
    let cases = asked
        .as_ref()
        .map_or(CASES, |cases| cases.parse().expect("a number of cases"));
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    let mut runner = match asked {
        Some(_) => TestRunner::new(config),
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    let counts = on_big_stack(|| {
        let second = Second::new().expect("the second engine");
        let scope = scope();
        let counts = std::cell::RefCell::new(BTreeMap::<String, u32>::new());
        let strategy = proptest::collection::vec(proptest::num::u32::ANY, 0..400);
        let result = runner.run(&strategy, |choices| {
            let (text, slots) = case(&choices);
            let compiled = compile(&text, &scope, Expect::Any).map_err(|mistakes| {
                TestCaseError::fail(format!("{text} is refused: {}", mistakes[0].message))
            })?;
            let count = |what: String| *counts.borrow_mut().entry(what).or_default() += 1;
            match second.compare(&compiled, &slots) {
                Opinion::Same if compiled.value(&slots, &mut Budget::default()).is_ok() => {
                    count("same value".to_owned());
                }
                Opinion::Same => count("no value in both".to_owned()),
                Opinion::Apart(why) => count(format!("not compared: {why}")),
                Opinion::Different { ours, theirs } => {
                    let read = read(&compiled, &slots);
                    return Err(TestCaseError::fail(format!(
                        "{text}\n  with {read}\n  ours:   {ours}\n  theirs: {theirs}"
                    )));
                }
            }
            Ok(())
        });
        match result {
            Err(TestError::Fail(reason, _)) => panic!("{reason}"),
            Err(error) => panic!("{error}"),
            Ok(()) => {}
        }
        counts.into_inner()
    });
    let compared: u32 = counts
        .iter()
        .filter(|(what, _)| !what.starts_with("not"))
        .map(|(_, count)| count)
        .sum();
    println!(
        "{cases} expressions, {compared} compared with {}",
        gonogo::expr::oracle::ENGINE
    );
    for (what, count) in &counts {
        println!("  {count:>8} {what}");
    }
    assert!(compared >= cases / 10 * 9, "too few could be compared");
}
