//! Durations, types and values as text: what is read, what is written, what is refused and how it should be written.

use gonogo::expr::duration::{format_duration, parse_duration};
use gonogo::expr::types::Type;
use gonogo::expr::value::Value;
use gonogo::expr::{Budget, Expect, Rules, Scope, compile, json};
use jiff::SignedDuration;

#[test]
fn durations_are_read() {
    let seconds = |text: &str| parse_duration(text).map(|length| length.as_secs_f64());
    for (text, want) in [
        ("90s", 90.0),
        ("5m", 300.0),
        ("1h30m", 5_400.0),
        ("24h", 86_400.0),
        ("7d", 604_800.0),
        ("2w", 1_209_600.0),
        ("1.5h", 5_400.0),
        ("500ms", 0.5),
        ("0s", 0.0),
    ] {
        assert_eq!(seconds(text), Ok(want), "{text}");
    }
}

#[test]
fn what_is_no_duration_says_how_to_write_it() {
    for (text, part) in [
        ("", "such as `10m`"),
        ("-5m", "negative"),
        ("10", "`10s` or `10m`"),
        ("10min", "write `10m`"),
        ("1mo", "`30d`"),
        ("1y", "`365d`"),
        ("1h 30m", "write `1h30m`"),
        ("2 hours", "write `2h`"),
        ("m", "such as `10m`"),
        ("99999999999999999999d", "not a duration"),
    ] {
        let message = parse_duration(text).expect_err(text);
        assert!(message.contains(part), "{text}: {message}");
    }
}

#[test]
fn durations_are_written() {
    for (seconds, want) in [
        (0, "0s"),
        (210, "3m30s"),
        (86_400, "24h"),
        (172_800, "48h"),
        (604_800, "7d"),
        (11_520, "3h12m"),
        (-90, "-1m30s"),
        (176_400, "49h"),
    ] {
        assert_eq!(format_duration(SignedDuration::from_secs(seconds)), want);
    }
    assert_eq!(
        format_duration(SignedDuration::new(1, 500_000_001)),
        "1s500ms1ns"
    );
}

#[test]
fn types_are_read_and_written() {
    for text in [
        "bool",
        "list<string>",
        "map<string, list<double>>",
        "{version: string, age: {s: int}}",
        "map<string, {a: double}>",
    ] {
        assert_eq!(
            Type::parse(text).map(|ty| ty.to_string()).as_deref(),
            Ok(text)
        );
    }
    for (text, under, part) in [
        ("strin", "strin", "did you mean `string`?"),
        ("list<flaot>", "flaot", "is not a type"),
        ("float", "float", "did you mean `double`?"),
        ("list", "", "expected `<`"),
        ("map<int, int>", "int", "keys of a map are `string`"),
        ("{a: int, a: int}", "a", "given twice"),
        ("int int", "i", "the end of the type"),
        (
            "optional<int>",
            "optional",
            "write the type of the value alone",
        ),
    ] {
        let mistake = Type::parse(text).expect_err(text);
        let all = format!("{} / {}", mistake.message, mistake.help.unwrap_or_default());
        assert_eq!(&text[mistake.range], under, "{all}");
        assert!(all.contains(part), "{text}: {all}");
    }
}

#[test]
fn values_are_written_as_cel_that_reads_back() {
    for text in [
        "null",
        "true",
        "-3",
        "7u",
        "500.0",
        "0.1",
        "1e300",
        "\"a\\\"b\\n\"",
        "b\"\\x00a\"",
        "[1, 2]",
        "{\"a\": [1], \"b\": {}}",
        "duration(\"1h30m\")",
        "timestamp(\"2025-10-16T10:05:00Z\")",
        "double(\"Infinity\")",
        "[optional.none(), optional.of({\"a\": 1})]",
        "timestamp(\"9999-12-31T23:59:59.5Z\")",
    ] {
        let compiled = compile(text, &Scope::new().rules(Rules::Cel), Expect::Any).expect(text);
        let value = compiled.value(&[], &mut Budget::default()).expect(text);
        assert_eq!(value.to_string(), text);
    }
}

#[test]
fn values_are_written_as_json() {
    let text = "[null, 9007199254740993, 0.5, duration(\"330s\"), timestamp(\"2025-10-16T10:05:00Z\"), b\"hi\", {\"a\": true}]";
    let compiled = compile(text, &Scope::new().rules(Rules::Cel), Expect::Any).expect(text);
    let value = compiled.value(&[], &mut Budget::default()).expect(text);
    assert_eq!(
        json(&value).to_string(),
        r#"[null,9007199254740993,0.5,"5m30s","2025-10-16T10:05:00Z","aGk=",{"a":true}]"#
    );
    assert!(json(&Value::Double(f64::NAN)).is_null());
    assert!(json(&Value::Optional(None)).is_null());
    let some = Value::Optional(Some(std::sync::Arc::new(Value::Int(3))));
    assert_eq!(json(&some), 3);
}
