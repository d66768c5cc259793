//! Any text as a policy; where it is one, it is judged on a small history that fits its inputs and on none.

#![no_main]

mod judged;

use std::fmt::Write as _;

use gonogo::expr::types::Type;
use gonogo::policy::Policy;
use gonogo::policy::check::{Settings, check};
use gonogo::snapshot::{Format, Reader};
use gonogo::source::Source;
use gonogo::source::problem::any_error;
use gonogo::verdict::Decision;
use libfuzzer_sys::fuzz_target;

/// A value of a type as JSON.
fn value(ty: &Type, minute: usize) -> String {
    match ty {
        Type::Bool => (minute % 2 == 0).to_string(),
        Type::Int => minute.to_string(),
        Type::Double => format!("{}", 0.004 * (minute as f64)),
        Type::String => "\"a\"".to_owned(),
        Type::Timestamp => "\"2025-10-16T10:00:00Z\"".to_owned(),
        Type::Duration => "\"90s\"".to_owned(),
        Type::List(item) => format!("[{}, {}]", value(item, minute), value(item, 3)),
        Type::Map(_, of) => format!("{{\"a\": {}, \"P0\": {}}}", value(of, minute), value(of, 0)),
        Type::Struct(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|field| format!("{:?}: {}", field.name, value(&field.ty, minute)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
        _ => "null".to_owned(),
    }
}

/// Three samples in which every input has a value.
fn samples(policy: &Policy) -> String {
    let mut text = String::new();
    for minute in [0, 7, 20] {
        let metrics: Vec<String> = policy
            .layout
            .inputs()
            .iter()
            .map(|input| format!("{:?}: {}", input.name, value(&input.ty, minute)))
            .collect();
        let stage = policy
            .judged()
            .next()
            .map_or("default", |stage| &stage.name);
        let _ = writeln!(
            text,
            "{{\"at\": \"2025-10-16T10:{minute:02}:00Z\", \"stage\": {{\"name\": {stage:?}, \
             \"entered\": \"2025-10-16T10:05:00Z\", \"traffic\": 0.05}}, \"metrics\": {{{}}}}}",
            metrics.join(", ")
        );
    }
    text
}

fuzz_target!(|text: &str| {
    let source = Source::new("policy.yaml", text);
    let (policy, problems) = check(&source, &Settings::new());
    assert_eq!(policy.is_none(), any_error(&problems));
    for problem in &problems {
        for label in &problem.labels {
            let place = label.span.start..label.span.end.min(text.len());
            assert!(place.start <= text.len(), "{problem:?}");
            assert!(label.span.end <= text.len() + 1, "{problem:?}");
            assert!(text.get(place).is_some(), "{problem:?}");
        }
    }
    let Some(policy) = policy.filter(|policy| policy.unset.is_empty()) else {
        return;
    };
    let samples = samples(&policy);
    let judge = |text: &str| {
        let mut reader = Reader::new(&policy.layout);
        if !text.is_empty() {
            reader.document(&Source::new("history.jsonl", text), Format::JsonLines);
        }
        let (history, problems) = reader.finish();
        judged::judged(&policy, &history, &problems)
    };
    let (silent, told) = (judge(""), judge(&samples));
    // Silence never turns a no into a go, but through what asks for it and a stop's own past.
    let asks = ["known", "missing", "rollback", "default"];
    if !asks.iter().any(|word| text.contains(word)) {
        for (silent, told) in silent.into_iter().zip(told) {
            assert!(
                told == Decision::Go || silent != Decision::Go,
                "go without data"
            );
        }
    }
});
