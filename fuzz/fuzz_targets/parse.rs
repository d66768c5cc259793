//! Any text as an expression, under all three rules: never a panic, and every mistake stands inside the text.

#![no_main]

mod shared;

use gonogo::expr::duration::{format_duration, parse_duration};
use gonogo::expr::types::Type;
use gonogo::expr::{Expect, Rules, compile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for rules in [Rules::Gate, Rules::Cel, Rules::Unchecked] {
        let (scope, _) = shared::scope(&[]);
        let scope = scope.rules(rules);
        match compile(text, &scope, Expect::Any) {
            Ok(compiled) => {
                assert_eq!(compiled.text(), text);
                for input in compiled.inputs() {
                    assert!(input.range.is_none_or(|range| text.get(range).is_some()));
                }
                for comparison in compiled.comparisons() {
                    assert!(text.get(comparison.range).is_some());
                }
            }
            Err(mistakes) => {
                assert!(!mistakes.is_empty(), "refused without a word");
                for mistake in mistakes {
                    assert!(
                        text.get(mistake.range.clone()).is_some(),
                        "{:?} is no place in the text: {}",
                        mistake.range,
                        mistake.message
                    );
                }
            }
        }
    }
    if let Ok(length) = parse_duration(text) {
        let written = format_duration(length);
        assert_eq!(parse_duration(&written), Ok(length), "{written}");
    }
    if let Ok(ty) = Type::parse(text) {
        let written = ty.to_string();
        assert_eq!(Type::parse(&written).as_ref(), Ok(&ty), "{written}");
    }
});
