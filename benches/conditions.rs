//! 40 and 400 conditions, side by side with the `cel` crate in one run: medians of interleaved rounds, as ratios.
//!
//! `cargo bench --bench conditions`. The workload stands in `benches/data`. The peer has no `known(x)`: it is given the
//! same conditions without that operand, so it does a little less.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cel::objects::Value as PeerValue;
use gonogo::evaluate::{Question, World, evaluate};
use gonogo::explain::explain;
use gonogo::expr::value::Value;
use gonogo::expr::{Binding, Budget, Compiled, Expect, Scope, Variable, compile};
use gonogo::policy::Policy;
use gonogo::policy::check::{Settings, check};
use gonogo::snapshot::{Format, History, Layout, Reader};
use gonogo::source::Source;
use serde_json::Value as Json;

const POLICY_40: &str = include_str!("data/policy40.yaml");
const POLICY_400: &str = include_str!("data/policy400.yaml");
const SNAPSHOT: &str = include_str!("data/snapshot1.json");
const ROUNDS: usize = 41;

/// Something that is timed, by name.
type Timed<'t> = (&'static str, Box<dyn FnMut() + 't>);

fn main() {
    let forty = Workload::new(POLICY_40);
    let many = Workload::new(POLICY_400);
    let world = forty.world();
    let many_world = many.world();
    let peer = forty.peer();
    let context = peer_context();
    let texts = forty.texts();
    let many_texts = many.texts();
    let (scope, many_scope) = (scope(&forty.policy.layout), scope(&many.policy.layout));
    let peer_texts: Vec<String> = texts.iter().map(|text| without_known(text)).collect();

    let mut timed: Vec<Timed<'_>> = vec![
        ("eval 40, gonogo", Box::new(|| forty.test(world.slots()))),
        (
            "eval 40, cel crate",
            Box::new(|| {
                peer.iter()
                    .for_each(|one| drop(black_box(one.execute(&context))));
            }),
        ),
        (
            "eval 400, gonogo",
            Box::new(|| many.test(many_world.slots())),
        ),
        (
            "compile 40, gonogo (parse, check, plan)",
            Box::new(|| compile_all(&texts, &scope)),
        ),
        (
            "compile 40, cel crate (parse alone)",
            Box::new(|| {
                peer_texts
                    .iter()
                    .for_each(|text| drop(black_box(cel::Program::compile(text))));
            }),
        ),
        (
            "compile 400, gonogo",
            Box::new(|| compile_all(&many_texts, &many_scope)),
        ),
        (
            "policy 40: YAML to checked policy",
            Box::new(|| {
                drop(black_box(check(
                    &Source::new("p", POLICY_40),
                    &Settings::new(),
                )));
            }),
        ),
        (
            "snapshot: JSON to history",
            Box::new(|| drop(black_box(forty.read()))),
        ),
        (
            "verdict 40: evaluate",
            Box::new(|| {
                black_box(forty.judge());
            }),
        ),
        (
            "verdict 40: evaluate and explain",
            Box::new(|| forty.explain()),
        ),
    ];
    let medians = run(&mut timed);
    for ((name, _), median) in timed.iter().zip(&medians) {
        println!("{name:<42} {:>12.2} µs", median * 1e6);
    }
    let ratio = |a: usize, b: usize| medians[a] / medians[b];
    println!();
    println!(
        "eval 40: gonogo is {:.1} times faster than the cel crate (goal 10)",
        ratio(1, 0)
    );
    println!(
        "compile 40: gonogo is {:.1} times faster than the cel crate's parse (goal 5)",
        ratio(4, 3)
    );
    println!(
        "eval 400 costs {:.1} times eval 40 (goal at most 12)",
        ratio(2, 0)
    );
    println!(
        "compile 400 costs {:.1} times compile 40 (goal at most 12)",
        ratio(5, 3)
    );
}

/// The median seconds of one call of each, rounds interleaved so that a busy machine slows all of them.
fn run(timed: &mut [Timed<'_>]) -> Vec<f64> {
    let mut calls = Vec::new();
    for (_, work) in timed.iter_mut() {
        let start = Instant::now();
        work();
        // Enough calls for about two milliseconds a round.
        let once = start.elapsed().max(Duration::from_nanos(100));
        calls.push((2_000_000 / once.as_nanos()).clamp(1, 20_000));
    }
    let mut rounds = vec![Vec::new(); timed.len()];
    for _ in 0..ROUNDS {
        for (index, (_, work)) in timed.iter_mut().enumerate() {
            let start = Instant::now();
            for _ in 0..calls[index] {
                work();
            }
            #[expect(clippy::cast_precision_loss, reason = "a count of at most 20,000")]
            rounds[index].push(start.elapsed().as_secs_f64() / calls[index] as f64);
        }
    }
    rounds
        .into_iter()
        .map(|mut round| {
            round.sort_by(f64::total_cmp);
            round[ROUNDS / 2]
        })
        .collect()
}

struct Workload {
    policy: Policy,
    /// The conditions of its rules, as the peer's programs are held.
    conditions: Vec<Arc<Compiled>>,
    history: History,
}

impl Workload {
    fn new(text: &str) -> Self {
        let (policy, problems) = check(&Source::new("policy.yaml", text), &Settings::new());
        let policy = policy.unwrap_or_else(|| panic!("{problems:?}"));
        let mut reader = Reader::new(&policy.layout);
        reader.document(&Source::new("snapshot.json", SNAPSHOT), Format::Json);
        let history = reader.finish().0;
        let rules = policy.stages[0].rules.iter();
        let conditions = rules.filter_map(|rule| rule.expr().cloned()).collect();
        Self {
            policy,
            conditions,
            history,
        }
    }

    fn read(&self) -> History {
        let mut reader = Reader::new(&self.policy.layout);
        reader.document(&Source::new("snapshot.json", SNAPSHOT), Format::Json);
        reader.finish().0
    }

    fn world(&self) -> World<'_> {
        let mut world = World::new(&self.policy, None);
        for sample in self.history.samples() {
            world.observe(&sample);
        }
        world
    }

    fn test(&self, slots: &[Value]) {
        for condition in &self.conditions {
            black_box(condition.test(slots, &mut Budget::default()));
        }
    }

    fn texts(&self) -> Vec<String> {
        self.policy.stages[0]
            .rules
            .iter()
            .filter_map(|rule| Some(rule.expr()?.text().to_owned()))
            .collect()
    }

    fn peer(&self) -> Vec<cel::Program> {
        let compile =
            |text: &String| cel::Program::compile(&without_known(text)).expect("a CEL expression");
        self.texts().iter().map(compile).collect()
    }

    fn question(&self) -> Question<'_> {
        let now = self.history.newest().expect("a sample");
        Question {
            stage: &self.policy.stages[0],
            asked: None,
            now,
        }
    }

    fn judge(&self) -> gonogo::verdict::Decision {
        evaluate(&self.policy, &self.history, self.question()).decision
    }

    fn explain(&self) {
        let judgement = evaluate(&self.policy, &self.history, self.question());
        drop(black_box(explain(
            &self.policy,
            &self.history,
            self.question(),
            judgement,
            &[],
        )));
    }
}

/// The names of the workload: its inputs, and those of its baseline.
fn scope(layout: &Layout) -> Scope {
    let mut scope = Scope::new();
    for (slot, input) in layout.inputs().iter().enumerate() {
        let variable = |slot| Variable {
            slot,
            ty: input.ty.clone(),
            unit: None,
            values: None,
        };
        scope.declare(input.name.as_ref(), Binding::Slot(variable(slot)));
        scope.declare(
            format!("baseline.{}", input.name),
            Binding::Slot(variable(layout.baseline(0, slot))),
        );
    }
    scope
}

fn compile_all(texts: &[String], scope: &Scope) {
    for text in texts {
        drop(black_box(compile(text, scope, Expect::Bool)));
    }
}

/// A condition without `known(x) &&`, which the peer does not have.
fn without_known(text: &str) -> String {
    match text
        .strip_prefix("known(")
        .and_then(|rest| rest.split_once("&&"))
    {
        Some((_, rest)) => rest.trim().to_owned(),
        None => text.to_owned(),
    }
}

/// The peer's variables, ready before anything is timed.
fn peer_context() -> cel::Context<'static, 'static> {
    let snapshot: Json = serde_json::from_str(SNAPSHOT).expect("JSON");
    let mut context = cel::Context::default();
    for (name, value) in snapshot["metrics"].as_object().expect("metrics") {
        context.add_variable_from_value(name.clone(), peer_value(value));
    }
    context.add_variable_from_value("baseline", peer_value(&snapshot["baselines"]["baseline"]));
    context
}

fn peer_value(value: &Json) -> PeerValue {
    match value {
        Json::Number(number) => PeerValue::Float(number.as_f64().expect("a number")),
        Json::String(text) => PeerValue::String(text.clone().into()),
        Json::Object(entries) => {
            let entries: std::collections::HashMap<String, PeerValue> = entries
                .iter()
                .map(|(key, value)| (key.clone(), peer_value(value)))
                .collect();
            PeerValue::from(entries)
        }
        other => panic!("the workload has no {other}"),
    }
}
