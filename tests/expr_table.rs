//! CEL by itself, without a policy: the tables of `tests/cel/`, a line for each case.
//!
//! `expression  =>  value`, as CEL would write it; `refused` if it does not check, `error: reason` if it has no value.
//! White space that has no other picture is written ⏎ ␍ ␉ ␌. A `#` begins a comment. In `unchecked.txt` the type checker
//! is off, in `inferred.txt` the type of the expression is meant.

use std::path::Path;
use std::sync::Arc;

use gonogo::expr::types::Type;
use gonogo::expr::value::{Key, Map, Value};
use gonogo::expr::{Binding, Budget, Expect, Rules, Scope, Variable, compile};

/// The cases of one table: expression, what is expected, line.
fn table(name: &str) -> Vec<(String, String, usize)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cel")
        .join(name);
    let text = std::fs::read_to_string(path).expect("a table");
    let plain = |text: &str| {
        let pairs = [('⏎', '\n'), ('␍', '\r'), ('␉', '\t'), ('␌', '\x0c')];
        pairs
            .iter()
            .fold(text.to_owned(), |text, (picture, plain)| {
                text.replace(*picture, &plain.to_string())
            })
    };
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.starts_with('#') && !line.is_empty())
        .map(|(at, line)| {
            let (expr, want) = line
                .split_once("  =>  ")
                .unwrap_or_else(|| panic!("{name}:{}: no `  =>  `", at + 1));
            (plain(expr), want.to_owned(), at + 1)
        })
        .collect()
}

/// What an expression gives, as the tables write it.
fn outcome(text: &str, rules: Rules) -> String {
    let scope = Scope::new().rules(rules);
    let Ok(compiled) = compile(text, &scope, Expect::Any) else {
        return "refused".to_owned();
    };
    let value = compiled.value(&[], &mut Budget::default());
    let traced = compiled.trace(&[]).result;
    assert_eq!(shown(&value), shown(&traced), "traced otherwise: {text}");
    shown(&value)
}

fn shown(result: &Result<Value, gonogo::expr::Fault>) -> String {
    match result {
        Ok(value) => value.to_string(),
        Err(fault) => format!("error: {}", fault.reason),
    }
}

fn check(name: &str, give: impl Fn(&str) -> String) {
    let wrong: Vec<String> = table(name)
        .into_iter()
        .filter_map(|(text, want, line)| {
            let got = give(&text);
            (got != want).then(|| format!("{name}:{line}: {text}\n   gives {got}\n   not   {want}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn values_are_as_cel_has_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cel");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the tables")
        .map(|entry| {
            let name = entry.expect("a table").file_name();
            name.to_string_lossy().into_owned()
        })
        .filter(|name| name != "unchecked.txt" && name != "inferred.txt")
        .collect();
    names.sort();
    assert!(names.len() > 10, "tables are missing: {names:?}");
    for name in names {
        check(&name, |text| outcome(text, Rules::Cel));
        // What checks has the same value without the checker.
        check_unchecked(&name);
    }
}

fn check_unchecked(name: &str) {
    for (text, want, line) in table(name) {
        if want != "refused" {
            let got = outcome(&text, Rules::Unchecked);
            assert_eq!(got, want, "{name}:{line}: {text}: unchecked");
        }
    }
}

#[test]
fn without_the_checker_types_are_found_out_at_run_time() {
    check("unchecked.txt", |text| outcome(text, Rules::Unchecked));
}

#[test]
fn types_are_inferred() {
    check("inferred.txt", |text| {
        let scope = Scope::new().rules(Rules::Cel);
        compile(text, &scope, Expect::Any).map_or_else(
            |mistakes| format!("refused: {}", mistakes[0].message),
            |compiled| compiled.ty().to_string(),
        )
    });
}

/// Names with dots: the longest that is declared counts, the innermost container first, and variables of macros before all.
#[test]
fn names_are_resolved_from_the_inside_out() {
    let value = |name: &str| Value::String(name.into());
    let field = vec![(Key::String("c".into()), value("the field"))];
    let declared = [
        ("z", value("z")),
        ("x.z", value("x.z")),
        ("x.y.z", value("x.y.z")),
        ("a.b", Value::Map(Arc::new(Map::new(field.clone())))),
        ("p.q.r", value("p.q.r")),
        ("p.q", Value::Map(Arc::new(Map::new(field)))),
    ];
    for (container, text, want) in [
        ("", "z", "\"z\""),
        ("x", "z", "\"x.z\""),
        ("x.y", "z", "\"x.y.z\""),
        ("x.y.w", "z", "\"x.y.z\""),
        ("x.y", ".z", "\"z\""),
        ("x.y", "x.z", "\"x.z\""),
        ("x", "y.z", "\"x.y.z\""),
        ("", "a.b.c", "\"the field\""),
        ("a", "b.c", "\"the field\""),
        ("", "a.b.?c", "optional.of(\"the field\")"),
        ("", "a.?b", "refused"),
        ("", "p.q.r", "\"p.q.r\""),
        ("", "p.q.c", "\"the field\""),
        ("x.y", "[1].map(z, z)", "[1]"),
        ("x.y", "[1].map(z, .z)", "[\"z\"]"),
        ("x.y", "[{'z': 1}].map(x, x.z)", "[1]"),
        ("x.y", "cel.bind(z, 1, z)", "1"),
        ("x.y", "optional.of(1).optMap(z, z)", "optional.of(1)"),
        ("x.y", "int(z)", "error: cannot be converted"),
    ] {
        let mut scope = Scope::new().rules(Rules::Cel).container(container);
        let mut slots = Vec::new();
        for (name, value) in &declared {
            let variable = Variable {
                slot: slots.len(),
                ty: Type::Dyn,
                unit: None,
                values: None,
            };
            scope.declare(*name, Binding::Slot(variable));
            slots.push(value.clone());
        }
        let got = compile(text, &scope, Expect::Any).map_or_else(
            |_| "refused".to_owned(),
            |compiled| shown(&compiled.value(&slots, &mut Budget::default())),
        );
        assert_eq!(got, want, "{text} in `{container}`");
    }
}

/// What every implementation must be able to read, by cel-spec's language definition, and more.
#[test]
fn long_and_deep_expressions_are_read() {
    let nested = |open: &str, inner: &str, close: &str, times: usize| {
        format!("{}{inner}{}", open.repeat(times), close.repeat(times))
    };
    let joined = |part: &str, by: &str, times: usize| vec![part; times].join(by);
    let cases = [
        (joined("false", " || ", 32), "false"),
        (joined("true", " && ", 32), "true"),
        (joined("1", " + ", 32), "32"),
        (joined("1", " * ", 32), "1"),
        (format!("{}2", "false ? 1 : ".repeat(24)), "2"),
        (format!("math.greatest({}, 2)", joined("1", ", ", 31)), "2"),
        (format!("[{}].size()", joined("1", ", ", 32)), "32"),
        (nested("(", "7", ")", 32), "7"),
        (nested("-", "1", "", 32), "1"),
        (nested("!", "true", "", 32), "true"),
        (nested("int(", "7", ")", 32), "7"),
        (format!("size({})", nested("[", "1", "]", 31)), "1"),
        (
            format!("{}{}", nested("[", "1", "]", 32), "[0]".repeat(32)),
            "1",
        ),
        (
            format!("{}{}", nested("{'a': ", "1", "}", 32), ".a".repeat(32)),
            "1",
        ),
        (
            format!(
                "{}{}.value()",
                nested("{'a': ", "1", "}", 32),
                ".?a".repeat(32)
            ),
            "1",
        ),
        (nested("[0].all(x, ", "true", ")", 32), "true"),
        (nested("cel.bind(x, 1, ", "x", ")", 32), "1"),
        (
            format!("optional.of(1){}.value()", ".optMap(x, x + 1)".repeat(30)),
            "31",
        ),
    ];
    for (text, want) in cases {
        assert_eq!(outcome(&text, Rules::Cel), want, "{text}");
    }
}
