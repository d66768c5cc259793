//! cel-spec's simple tests against the expression language. Without the file of tests it says so and passes.
//!
//! `GONOGO_CEL_SPEC` names another file of tests; `GONOGO_CEL_SHOW` a file whose failures are shown though it is left out.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use gonogo::expr::types::Type;
use gonogo::expr::value::{Key, Map, Value};
use gonogo::expr::{Binding, Budget, Expect, Rules, Scope, Variable, compile};
use serde_json::Value as Json;

/// How many tests of each file the half that is at hand must hold, so that none is left out unseen.
const AT_LEAST: &[(&str, usize)] = &[
    ("basic", 17),
    ("bindings_ext", 3),
    ("comparisons", 184),
    ("conversions", 54),
    ("encoders_ext", 2),
    ("fields", 31),
    ("fp_math", 11),
    ("integer_math", 31),
    ("lists", 19),
    ("logic", 15),
    ("macros", 18),
    ("macros2", 23),
    ("math_ext", 94),
    ("namespace", 5),
    ("optionals", 39),
    ("parse", 99),
    ("plumbing", 1),
    ("string", 25),
    ("string_ext", 106),
    ("timestamps", 50),
    ("type_deduction", 3),
];

/// What is left out, and why. All else passes whole.
const LEFT_OUT: &[(&str, &str)] = &[
    (
        "block_ext",
        "`cel.block` is what optimisers write; an expression that people read names its parts under `let`",
    ),
    (
        "network_ext",
        "`net.IP` and `net.CIDR` are types of an extension library that no metric is of",
    ),
];

/// The tests of one file.
#[derive(Default)]
struct Count {
    passed: usize,
    run: usize,
    /// Tests that need protobuf messages, or only look at what a checker of those infers.
    protobuf: usize,
}

#[test]
fn simple_tests_of_cel_spec() {
    let named = std::env::var("GONOGO_CEL_SPEC").ok();
    let path = named
        .as_deref()
        .unwrap_or("../shared/conformance/cel-spec.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        assert!(named.is_none(), "{path} is not there");
        println!("skipped: {path} is not there");
        return;
    };
    let tests: Vec<Json> = serde_json::from_str(&text).expect("a list of tests");
    let shown = std::env::var("GONOGO_CEL_SHOW").unwrap_or_default();
    let left_out = |file: &str| {
        LEFT_OUT
            .iter()
            .find(|(name, _)| *name == file)
            .map(|(_, why)| *why)
    };
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut failed = Vec::new();
    for test in &tests {
        let file = test["file"].as_str().expect("a file");
        let count = counts.entry(file).or_default();
        if test["proto"] == true || test["check_only"] == true {
            count.protobuf += 1;
            continue;
        }
        count.run += 1;
        let Err(why) = run(test) else {
            count.passed += 1;
            continue;
        };
        let said = format!(
            "{}/{}: {}\n    {why}",
            test["file"], test["name"], test["expr"]
        );
        if left_out(file).is_none() {
            failed.push(said);
        } else if shown == file || shown == "all" {
            println!("{said}");
        }
    }
    let mut total = Count::default();
    for (file, count) in &counts {
        print(file, count, left_out(file));
        total.passed += count.passed;
        total.run += count.run;
        total.protobuf += count.protobuf;
    }
    print("total", &total, None);
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(total.run > 0, "{path} has no tests");
    // Another half of the tests has other numbers of them.
    if named.is_none() {
        for (file, least) in AT_LEAST {
            let passed = counts.get(file).map_or(0, |count| count.passed);
            assert!(passed >= *least, "{file}: {passed} pass, {least} did");
        }
    }
}

fn print(file: &str, count: &Count, left_out: Option<&str>) {
    let passed = format!("{}/{}", count.passed, count.run);
    let protobuf = match count.protobuf {
        0 => String::new(),
        some => format!("protobuf: {some} not run"),
    };
    let why = left_out.map_or(String::new(), |why| format!("left out: {why}"));
    println!(
        "{}",
        format!("{file:16} {passed:9} {protobuf} {why}").trim_end()
    );
}

fn run(case: &Json) -> Result<(), String> {
    let text = case["expr"].as_str().ok_or("no expression")?;
    let rules = if case["disable_check"] == true {
        Rules::Unchecked
    } else {
        Rules::Cel
    };
    let mut scope = Scope::new().rules(rules);
    if let Some(container) = case["container"]
        .as_str()
        .filter(|container| !container.is_empty())
    {
        scope = scope.container(container);
    }
    let mut slots = Vec::new();
    for (name, value) in case["bindings"].as_object().ok_or("no bindings")? {
        let variable = Variable {
            slot: slots.len(),
            ty: Type::Dyn,
            unit: None,
            values: None,
        };
        scope.declare(name.as_str(), Binding::Slot(variable));
        slots.push(read(value)?);
    }
    let result = match compile(text, &scope, Expect::Any) {
        Ok(compiled) => compiled
            .value(&slots, &mut Budget::default())
            .map_err(|fault| fault.reason.to_string()),
        Err(mistakes) => Err(mistakes
            .iter()
            .map(|m| m.message.clone())
            .collect::<Vec<_>>()
            .join("; ")),
    };
    match (&case["expect"]["value"], result) {
        (Json::Null, Err(_)) => Ok(()),
        (Json::Null, Ok(value)) => Err(format!("gives {value}, an error is expected")),
        (want, Ok(value)) => {
            let want = read(want)?;
            if same(&want, &value) {
                Ok(())
            } else {
                Err(format!("gives {value}, expected {want}"))
            }
        }
        (want, Err(why)) => Err(format!("fails with {why}, expected {want}")),
    }
}

/// Strict equality: the type counts too.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Double(a), Value::Double(b)) => {
            a.partial_cmp(b) == Some(Ordering::Equal) || a.is_nan() && b.is_nan()
        }
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len()
                && a.iter()
                    .zip(b.iter())
                    .all(|(a, b)| a.0 == b.0 && same(&a.1, &b.1))
        }
        _ => std::mem::discriminant(a) == std::mem::discriminant(b) && a.equals(b) == Some(true),
    }
}

fn read(json: &Json) -> Result<Value, String> {
    let text = json["v"].as_str();
    let need = || text.ok_or_else(|| format!("no text in {json}"));
    let any = || Arc::new(Type::Dyn);
    Ok(
        match json["t"]
            .as_str()
            .ok_or_else(|| format!("no type in {json}"))?
        {
            "null" => Value::Null,
            "bool" => Value::Bool(json["v"].as_bool().ok_or("no bool")?),
            "int" => Value::Int(need()?.parse().map_err(|_| "int")?),
            "uint" => Value::Uint(need()?.parse().map_err(|_| "uint")?),
            "double" => Value::Double(match need()? {
                "Infinity" | "inf" | "+Inf" => f64::INFINITY,
                "-Infinity" | "-inf" | "-Inf" => f64::NEG_INFINITY,
                text => text.parse().map_err(|_| format!("double {text}"))?,
            }),
            "string" => Value::String(need()?.into()),
            "bytes" => Value::Bytes(unbase64(need()?).into()),
            "list" => {
                let items = json["v"].as_array().ok_or("no list")?;
                Value::List(
                    items
                        .iter()
                        .map(read)
                        .collect::<Result<Vec<_>, _>>()?
                        .into(),
                )
            }
            "map" => {
                let mut entries = Vec::new();
                for entry in json["v"].as_array().ok_or("no map")? {
                    let key = match read(&entry[0])? {
                        Value::Bool(key) => Key::Bool(key),
                        Value::Int(key) => Key::Int(key),
                        Value::Uint(key) => i64::try_from(key).map_or(Key::Uint(key), Key::Int),
                        Value::String(key) => Key::String(key),
                        other => return Err(format!("key {other}")),
                    };
                    entries.push((key, read(&entry[1])?));
                }
                Value::Map(Arc::new(Map::new(entries)))
            }
            "type" => Value::Type(Arc::new(match need()? {
                "bool" => Type::Bool,
                "int" => Type::Int,
                "uint" => Type::Uint,
                "double" => Type::Double,
                "string" => Type::String,
                "bytes" => Type::Bytes,
                "null_type" => Type::Null,
                "list" => Type::List(any()),
                "map" => Type::Map(any(), any()),
                "type" => Type::Type,
                "optional_type" => Type::Optional(any()),
                "google.protobuf.Timestamp" => Type::Timestamp,
                "google.protobuf.Duration" => Type::Duration,
                other => return Err(format!("type {other}")),
            })),
            "timestamp" => Value::Timestamp(need()?.parse().map_err(|_| "timestamp")?),
            "duration" => {
                let part = |key: &str| json[key].as_str().and_then(|text| text.parse::<i64>().ok());
                if let Some(seconds) = part("s") {
                    let nanos = part("n")
                        .and_then(|nanos| i32::try_from(nanos).ok())
                        .unwrap_or(0);
                    Value::Duration(jiff::SignedDuration::new(seconds, nanos))
                } else {
                    let seconds: f64 = need()?
                        .trim_end_matches('s')
                        .parse()
                        .map_err(|_| "duration")?;
                    Value::Duration(jiff::SignedDuration::from_secs_f64(seconds))
                }
            }
            other => return Err(format!("kind {other}: {json}")),
        },
    )
}

fn unbase64(text: &str) -> Vec<u8> {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u8> = text
        .bytes()
        .filter_map(|b| digits.iter().position(|d| *d == b))
        .filter_map(|at| u8::try_from(at).ok())
        .collect();
    let mut bytes = Vec::new();
    for chunk in bits.chunks(4) {
        let word = chunk
            .iter()
            .chain([0; 4].iter())
            .take(4)
            .fold(0_u32, |word, six| word << 6 | u32::from(*six));
        bytes.extend(
            word.to_be_bytes()[1..]
                .iter()
                .take(chunk.len().saturating_sub(1)),
        );
    }
    bytes
}
