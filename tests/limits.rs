//! The limits of the language, each tripped through the program: its message and its exit code; and a table of inputs made
//! to hang, abort or eat memory, run with little memory. No time is measured.

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use crate::support::place::{Place, Run};
use gonogo::expr::types::Type;
use gonogo::expr::value::{Missing, Value};
use gonogo::expr::{Binding, Budget, Expect, Scope, Variable, compile};

/// The memory that every run must do with, in KiB: 256 MiB of addresses, the program's own code included, of which one that
/// is not optimised has 32 MiB more.
const MEMORY: u32 = (if cfg!(debug_assertions) { 288 } else { 256 }) * 1024;

const HEAD: &str = "\
gonogo: 1
name: limits
inputs:
  xs: {type: list<double>}
  long: {type: string}
  name: {type: string}
  n: {type: int}
  m: {type: 'map<string, double>'}
";

/// 100,000 numbers, a text of 1 MiB, a map of 1,000 entries.
fn snapshot() -> String {
    let numbers: Vec<String> = (0..100_000).map(|n| n.to_string()).collect();
    let entries: Vec<String> = (0..1_000).map(|n| format!("\"k{n}\": {n}")).collect();
    format!(
        "{{\"at\": \"2025-10-16T10:05:00Z\", \"metrics\": {{\"xs\": [{}], \"long\": \"{}\", \"name\": \"canary\", \
         \"n\": 100000, \"m\": {{{}}}}}}}\n",
        numbers.join(","),
        "a".repeat(1 << 20),
        entries.join(","),
    )
}

/// A folder with the snapshot.
fn place() -> Place {
    Place::empty().with("big.json", snapshot())
}

impl Place {
    /// Runs the program with little memory.
    fn run_limited(&self, arguments: &str) -> Run {
        let program = env!("CARGO_BIN_EXE_gonogo");
        let command = if limited() {
            let mut shell = Command::new("sh");
            shell.args([
                "-c",
                &format!("ulimit -v {MEMORY} && exec \"$0\" \"$@\""),
                program,
            ]);
            shell
        } else {
            Command::new(program)
        };
        self.run_by(command, arguments, "")
    }

    fn judge(&self, policy: &str) -> Run {
        self.write("policy.yaml", policy);
        self.run_limited("eval -p policy.yaml -s big.json --now latest")
    }
}

/// Whether a process can be given less memory here.
fn limited() -> bool {
    cfg!(target_os = "linux")
        && Command::new("sh")
            .args(["-c", &format!("ulimit -v {MEMORY}")])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
}

/// A policy whose only rule is this condition.
fn rule(expr: &str) -> String {
    format!("{HEAD}require:\n  - id: heavy\n    expr: |\n      {expr}\n")
}

/// `name` twice in a list, that list twice in a list, and so on: far more parts than memory ever holds.
fn shared(value: &str, levels: usize, body: &str) -> String {
    let mut text = String::new();
    let mut inner = value.to_owned();
    for level in 0..levels {
        let _ = write!(text, "cel.bind(v{level}, [{inner}, {inner}], ");
        inner = format!("v{level}");
    }
    let body = body.replace("ALL", &inner);
    format!("{text}{body}{}", ")".repeat(levels))
}

#[test]
fn each_limit_of_an_evaluation_has_its_own_message_and_one_exit_code() {
    let place = place();
    let ranges = ["lists.range(n)"; 7].join(", ");
    for (expr, message, help) in [
        (
            "lists.range(3200).all(a, lists.range(3200).all(b, a + b < n))".to_owned(),
            "needs more than 1,000,000 steps",
            "help: one expression may take 1,000,000 steps",
        ),
        (
            "size(long + long) > 0".to_owned(),
            "needs a text of more than 1 MiB",
            "help: a text built in an expression may have 1 MiB",
        ),
        (
            "size(lists.range(n + 1)) > 0".to_owned(),
            "needs a list of more than 100,000 items",
            "help: a list or map built in an expression may have 100,000 items",
        ),
        (
            format!("size([{ranges}]) > 0"),
            "needs more than 16 MiB of texts and lists together",
            "help: all texts and lists that one expression builds",
        ),
    ] {
        let run = place.judge(&rule(&expr));
        let said = format!("{}{}", run.stdout, run.stderr).replace("\n  │ ", " ");
        assert_eq!(run.code, 6, "{expr}: {said}");
        for part in [
            "run-time-limit",
            "`heavy` could not be judged",
            "policy.yaml:",
            message,
            help,
        ] {
            assert!(said.contains(part), "{expr}: no {part:?} in {said}");
        }
    }
}

#[test]
fn a_rule_for_too_many_items_says_so() {
    let place = place();
    let policy =
        format!("{HEAD}hold:\n  - {{id: each, for_each: {{x: xs}}, expr: x > 1000000.0}}\n");
    let run = place.judge(&policy);
    let said = format!("{}{}", run.stdout, run.stderr).replace("\n  │ ", " ");
    assert_eq!(run.code, 6, "{said}");
    for part in [
        "run-time-limit",
        "`each` could not be judged: `for_each` needs more than 1,000 items",
        "help: one rule may speak for 1,000 items",
    ] {
        assert!(said.contains(part), "no {part:?} in {said}");
    }
}

#[test]
fn all_items_of_a_rule_share_its_steps() {
    let place = place();
    let policy = |items: &str| {
        format!(
            "{HEAD}require:\n  - {{id: each, for_each: {{i: {items}}}, expr: 'm.all(k, m[k] >= 0.0 && i != k)'}}\n"
        )
    };
    let few = place.judge(&policy("[a, b]"));
    assert_eq!(few.code, 0, "{}{}", few.stdout, few.stderr);
    // 1,000 entries and a few steps for each of them: some hundred items are judged, the rest is unknown.
    let items: Vec<String> = (0..999).map(|item| format!("i{item}")).collect();
    let many = place.judge(&policy(&format!("[{}]", items.join(", "))));
    assert_eq!(many.code, 6, "{}", many.stderr);
    assert!(many.stdout.contains("1,000,000 steps"), "{}", many.stdout);
}

/// What becomes of a condition.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    /// The policy is refused.
    Refused,
    /// A run-time limit is exceeded.
    Limit,
    /// It is judged, true, false or unknown for another reason.
    Judged,
}

/// Conditions made to cost more than anybody would pay.
#[expect(clippy::too_many_lines, reason = "a table")]
fn nasty() -> Vec<(String, Fate)> {
    let doubled = |levels: usize| {
        let mut text = String::new();
        let mut inner = "name".to_owned();
        for level in 0..levels {
            let _ = write!(text, "cel.bind(t{level}, {inner} + {inner}, ");
            inner = format!("t{level}");
        }
        format!("{text}size({inner}) > 0{}", ")".repeat(levels))
    };
    let deep = (0..30).fold("name".to_owned(), |inner, _| format!("[{inner}]"));
    let exists = |levels: usize| {
        let opened: String = (0..levels).fold(String::new(), |mut text, level| {
            let _ = write!(text, "xs.exists(v{level}, ");
            text
        });
        format!("{opened}v0 >= 0.0{}", ")".repeat(levels))
    };
    vec![
        // Loops.
        (
            "xs.all(a, xs.all(b, xs.all(c, a + b + c >= 0.0)))".to_owned(),
            Fate::Limit,
        ),
        (
            "lists.range(1000000000).all(i, i >= 0)".to_owned(),
            Fate::Refused,
        ),
        (
            "lists.range(n * 10000).all(i, i >= 0)".to_owned(),
            Fate::Limit,
        ),
        (exists(25), Fate::Judged),
        (
            "m.all(a, m.all(b, m.all(c, m[a] + m[b] + m[c] >= 0.0)))".to_owned(),
            Fate::Limit,
        ),
        ("xs.exists(x, x in xs && x < 0.0)".to_owned(), Fate::Limit),
        // Texts.
        (doubled(28), Fate::Limit),
        (
            "size(\"x\".replace(\"\", long)) > 0".to_owned(),
            Fate::Limit,
        ),
        ("size(long.replace(\"\", long)) > 0".to_owned(), Fate::Limit),
        (
            "size(long.replace(\"a\", \"ab\")) > 0".to_owned(),
            Fate::Limit,
        ),
        ("size(long.split(\"\")) > 0".to_owned(), Fate::Limit),
        ("size(long.split(\"a\")) > 0".to_owned(), Fate::Limit),
        ("size(xs.map(x, long + \"\")) > 0".to_owned(), Fate::Limit),
        (
            "size(xs.map(x, long.reverse())) > 0".to_owned(),
            Fate::Limit,
        ),
        (
            "size([long, long, long].join(long)) > 0".to_owned(),
            Fate::Limit,
        ),
        (
            "size(xs.map(x, \"\").join(long)) > 0".to_owned(),
            Fate::Limit,
        ),
        ("size(strings.quote(long)) > 0".to_owned(), Fate::Limit),
        (
            "size(base64.encode(bytes(long))) > 0".to_owned(),
            Fate::Limit,
        ),
        ("size(base64.decode(long)) > 0".to_owned(), Fate::Judged),
        (
            "size(\"%.1000000f\".format([xs[1]])) > 0".to_owned(),
            Fate::Judged,
        ),
        ("size(\"%s\".format([xs])) > 0".to_owned(), Fate::Judged),
        (
            "size(\"%s%s%s\".format([xs, xs, xs])) > 0".to_owned(),
            Fate::Limit,
        ),
        (
            shared("xs", 20, "size(\"%s\".format([ALL])) > 0"),
            Fate::Limit,
        ),
        (
            "xs.all(x, \"%.1000f\".format([x]) != \"\")".to_owned(),
            Fate::Limit,
        ),
        ("xs.all(x, !long.contains(name))".to_owned(), Fate::Limit),
        ("xs.all(x, long.indexOf(long) == 0)".to_owned(), Fate::Limit),
        (
            "timestamp(long) < now || duration(long) > duration(\"1s\")".to_owned(),
            Fate::Judged,
        ),
        // Patterns.
        (
            "long.matches(\"(a?){1000}a{1000}$\")".to_owned(),
            Fate::Limit,
        ),
        (
            "long.matches(\"(((a{100}){100}){100}){100}\")".to_owned(),
            Fate::Refused,
        ),
        ("name.matches(\"\\\\w{500}\")".to_owned(), Fate::Refused),
        (
            format!("name.matches(\"{}\")", "\\\\w".repeat(4_000)),
            Fate::Refused,
        ),
        (
            "long.matches(\"(.*)(.*)(.*)(.*)(.*)[b-z]$\")".to_owned(),
            Fate::Judged,
        ),
        (
            "lists.range(1000).all(i, name.matches(\"\\\\w{9}\" + string(i)) == (i < 0))"
                .to_owned(),
            Fate::Limit,
        ),
        ("name.matches(long)".to_owned(), Fate::Judged),
        (
            format!(
                "[{}].all(b, b)",
                vec!["name.matches(\"\\\\w{10}\")"; 400].join(", ")
            ),
            Fate::Refused,
        ),
        // Lists and maps, shared and not.
        (shared("xs", 28, "ALL == ALL"), Fate::Limit),
        (shared("1", 28, "ALL != ALL"), Fate::Limit),
        (shared("1", 28, "ALL in [ALL, ALL]"), Fate::Limit),
        (shared("xs", 28, "sets.equivalent(ALL, ALL)"), Fate::Limit),
        (shared("xs", 28, "size(ALL.distinct()) == 1"), Fate::Limit),
        (shared("xs", 28, "size(ALL.flatten(28)) > 0"), Fate::Limit),
        (shared("m", 28, "ALL == xs"), Fate::Refused),
        (shared("xs", 28, "ALL == [[]] || [ALL] == []"), Fate::Judged),
        (format!("{deep} == {deep}"), Fate::Judged),
        ("size(xs.map(x, xs).flatten()) > 0".to_owned(), Fate::Limit),
        ("xs.map(x, xs) == xs.map(x, xs)".to_owned(), Fate::Limit),
        ("size(xs + xs) > 0".to_owned(), Fate::Limit),
        ("size(xs.map(x, xs + [x])) > 0".to_owned(), Fate::Limit),
        ("size(xs.map(x, xs.reverse())) > 0".to_owned(), Fate::Limit),
        (
            "size(xs.map(x, xs.slice(0, 100000))) > 0".to_owned(),
            Fate::Limit,
        ),
        ("xs.sort() == xs.sort()".to_owned(), Fate::Limit),
        ("size(xs.map(x, long).sort()) > 0".to_owned(), Fate::Limit),
        ("size(xs.distinct()) > 0".to_owned(), Fate::Limit),
        (
            "sets.contains(xs, xs) && sets.intersects(xs, xs)".to_owned(),
            Fate::Limit,
        ),
        (
            "size(xs.transformMap(i, x, m)) > 0".to_owned(),
            Fate::Judged,
        ),
        (
            "size(xs.transformMapEntry(i, x, {i: x})) > 0".to_owned(),
            Fate::Judged,
        ),
        (
            "size(xs.transformMapEntry(i, x, xs.transformMap(j, y, y))) > 0".to_owned(),
            Fate::Limit,
        ),
        (
            "size(m.transformMapEntry(k, v, m)) > 0".to_owned(),
            Fate::Limit,
        ),
        ("xs.all(x, math.greatest(xs) >= x)".to_owned(), Fate::Limit),
        ("m.all(k, {long: k}[long] == k)".to_owned(), Fate::Limit),
        // Numbers.
        ("double(n) * 1e308 * 1e308 > 0.0".to_owned(), Fate::Judged),
        ("n * 9223372036854775807 > 0".to_owned(), Fate::Judged),
    ]
}

#[test]
fn no_condition_hangs_aborts_or_eats_the_memory() {
    if !limited() {
        println!("no `ulimit -v` here: run without a limit on memory");
    }
    let place = place();
    let (refused, judged): (Vec<_>, Vec<_>) = nasty()
        .into_iter()
        .partition(|(_, fate)| *fate == Fate::Refused);
    let mut wrong = String::new();
    for (expr, _) in refused {
        place.write("policy.yaml", rule(&expr));
        let run = place.run_limited("check policy.yaml");
        let bytes = run.stdout.len() + run.stderr.len();
        if run.code != 1 || bytes > 100_000 {
            let _ = writeln!(
                wrong,
                "{expr} is not refused, {} in {bytes} bytes",
                run.code
            );
        }
    }
    // All in one policy: what one leaves behind would be met by the next.
    let mut policy = format!("{HEAD}require:\n");
    for (index, (expr, _)) in judged.iter().enumerate() {
        let _ = writeln!(
            policy,
            "  - id: r{index}\n    message: 'is ${{xs}} and ${{[xs, xs]}} ${{m}} ${{long}}'\n    expr: |\n      {expr}"
        );
    }
    place.write("policy.yaml", policy);
    let run = place.run_limited("eval -p policy.yaml -s big.json --now latest --format json");
    assert_eq!(run.code, 6, "{}", run.stderr);
    assert!(run.stdout.len() < 1_000_000, "{} bytes", run.stdout.len());
    let record: serde_json::Value = serde_json::from_str(&run.stdout).expect("a record");
    for (index, (expr, fate)) in judged.iter().enumerate() {
        let finding = record["findings"]
            .as_array()
            .and_then(|findings| {
                findings
                    .iter()
                    .find(|finding| finding["rule"] == format!("r{index}"))
            })
            .expect("a finding");
        let limited = finding["unknown"].to_string().contains("\"more than ")
            || finding["unknown"].to_string().contains(" of more than ");
        let is = if limited { Fate::Limit } else { Fate::Judged };
        if is != *fate {
            let _ = writeln!(
                wrong,
                "{expr}\n  is {is:?}, not {fate:?}: {}",
                finding["unknown"]
            );
        }
        let told = run
            .stderr
            .contains(&format!("`r{index}` could not be judged"));
        // Twenty of them are shown in full.
        if told && *fate != Fate::Limit {
            let _ = writeln!(wrong, "{expr}\n  is told to be beyond a limit");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

const AT: &str = "\"at\": \"2025-10-16T10:05:00Z\"";

/// A snapshot with this text among its metrics.
fn metrics(text: &str) -> String {
    format!("{{{AT}, \"metrics\": {{{text}}}}}\n")
}

/// A document: how it is called, what is in it, and for `eval` and `check -s` the exit code and something that is said.
type Document = (&'static str, String, [(i32, &'static str); 2]);

/// Documents at the limits of a text, and beyond.
#[expect(clippy::too_many_lines, reason = "a table")]
fn documents() -> Vec<Document> {
    const MIB: usize = 1 << 20;
    let yaml = |text: String| format!("at: 2025-10-16T10:05:00Z\n{text}");
    let keys = |count: usize| {
        let keys: Vec<String> = (0..count).map(|key| format!("\"k{key}\": 1")).collect();
        keys.join(", ")
    };
    let values = "more than 400000 values in one document";
    let text = "a text of more than 4 MiB in a document";
    vec![
        (
            "all-values.json",
            metrics(&format!("\"xs\": [{}1]", "1,".repeat(399_990))),
            [(11, "unknown: n: no value"), (0, "all fit")],
        ),
        (
            "all-wrong.json",
            metrics(&format!("\"xs\": [{}1]", "\"a\",".repeat(399_990))),
            [
                (11, "398990 more warnings are not listed"),
                (1, "398990 more errors are not listed"),
            ],
        ),
        (
            "all-undeclared.json",
            metrics(&keys(150_000)),
            [
                (11, "more warnings are not listed"),
                (1, "more errors are not listed"),
            ],
        ),
        (
            "values.json",
            metrics(&format!("\"xs\": [{}1]", "1,".repeat(400_000))),
            [(4, values), (1, values)],
        ),
        (
            "values.yaml",
            yaml(format!("metrics: {{xs: [{}1]}}\n", "1,".repeat(400_000))),
            [(4, values), (1, values)],
        ),
        (
            "one-text.json",
            metrics(&format!("\"long\": \"{}\"", "a".repeat(4 * MIB + 1))),
            [(4, text), (1, text)],
        ),
        (
            "one-key.json",
            metrics(&format!("\"{}\": 1", "a".repeat(4 * MIB + 1))),
            [(4, text), (1, text)],
        ),
        (
            "escapes.json",
            metrics(&format!("\"long\": \"{}\"", "\\n".repeat(2 * MIB + 1))),
            [(4, text), (1, text)],
        ),
        (
            "folds.yaml",
            yaml(format!("x-log: >\n{}", " a\n".repeat(2 * MIB + 1))),
            [(4, text), (1, text)],
        ),
        (
            "lines.yaml",
            yaml(format!("x-log: |\n{}", " a\n".repeat(300_000))),
            [(11, "unknown"), (0, "all fit")],
        ),
        (
            "newlines.json",
            format!("{}{}", "\n".repeat(4 * MIB), metrics("\"zz\": 1")),
            [(11, "newlines.json:4194305"), (1, "newlines.json:4194305")],
        ),
        (
            "bad-lines.jsonl",
            "{\"at\": 1}\n".repeat(5_000),
            [
                (4, "4000 more errors are not listed"),
                (1, "more errors are not listed"),
            ],
        ),
        (
            "repeated.jsonl",
            metrics("\"zz\": 1").repeat(5_000),
            [
                (11, "no metric `zz`, given 5000 times"),
                (1, "more errors are not listed"),
            ],
        ),
        (
            "long-lines.jsonl",
            metrics(&format!("\"zz{}\": 1, \"long\": 7", "y".repeat(3 * MIB))).repeat(3),
            [(11, "undeclared-metric"), (1, "schema-violation")],
        ),
        (
            "same-keys.json",
            metrics(&"\"xs\": 1, ".repeat(5_000)).replace(", }", "}"),
            [
                (4, "3999 more errors are not listed"),
                (1, "more errors are not listed"),
            ],
        ),
        (
            "brackets.json",
            "[".repeat(MIB),
            [(4, "nested deeper"), (1, "nested deeper")],
        ),
        (
            "dashes.yaml",
            "- ".repeat(MIB),
            [(4, "nested deeper"), (1, "nested deeper")],
        ),
        (
            "questions.yaml",
            "? ".repeat(MIB),
            [(4, "nested deeper"), (1, "nested deeper")],
        ),
        (
            "tags.yaml",
            yaml(format!("x-y: [{}]", "!a ,".repeat(5_000))),
            [
                (4, "more errors are not listed"),
                (1, "more errors are not listed"),
            ],
        ),
        (
            "documents.yaml",
            "--- {}\n".repeat(5_000),
            [
                (4, "more errors are not listed"),
                (1, "more errors are not listed"),
            ],
        ),
    ]
}

#[test]
fn no_document_hangs_aborts_or_eats_the_memory() {
    let place = place();
    place.write(
        "policy.yaml",
        rule("lists.range(n).all(i, i >= 0) || xs.all(a, xs.all(b, a + b >= 0.0))"),
    );
    let mut wrong = String::new();
    for (name, text, expected) in documents() {
        place.write(name, text);
        for (arguments, (code, message)) in [
            format!("eval -p policy.yaml -s {name} --now latest"),
            format!("check -p policy.yaml -s {name}"),
        ]
        .iter()
        .zip(expected)
        {
            let run = place.run_limited(arguments);
            let said = format!("{}{}", run.stdout, run.stderr);
            if run.code != code || !said.contains(message) || said.len() > 100_000 {
                let _ = writeln!(
                    wrong,
                    "{arguments} gave {}, not {code}, without {message:?}, in {} bytes\n{}",
                    run.code,
                    said.len(),
                    said.chars()
                        .rev()
                        .take(700)
                        .collect::<Vec<_>>()
                        .iter()
                        .rev()
                        .collect::<String>(),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn named_expressions_in_one_another_never_exhaust_the_stack() {
    let mut scope = Scope::new();
    let variable = Variable {
        slot: 0,
        ty: Type::Double,
        unit: None,
        values: None,
    };
    scope.declare("x", Binding::Slot(variable));
    scope.declare(
        "l0",
        Binding::Let(Arc::new(
            compile("x > 0.0", &scope, Expect::Bool).expect("a condition"),
        )),
    );
    let mut deepest = None;
    let mut refused = None;
    for level in 1..33 {
        let before = level - 1;
        // The longest chain in the deepest nesting that one expression may have.
        let chain = vec![format!("l{before}"); 200].join(" && ");
        let macros: String = (0..31).map(|v| format!("[1].all(v{v}, ")).collect();
        let text = format!("{macros}{chain}{}", ")".repeat(31));
        match compile(&text, &scope, Expect::Bool) {
            Ok(compiled) => {
                let compiled = Arc::new(compiled);
                scope.declare(format!("l{level}"), Binding::Let(Arc::clone(&compiled)));
                deepest = Some(compiled);
            }
            Err(mistakes) => {
                refused = mistakes.into_iter().next();
                break;
            }
        }
    }
    let refused = refused.expect("a limit");
    assert_eq!(
        refused.message,
        "named expressions stand in one another more than 32 deep, or 250 operators deep"
    );
    // This thread has 2 MiB, and nothing is optimised here: the hardest that can be asked.
    let deepest = deepest.expect("a condition");
    for (value, known) in [
        (Value::Double(1.0), true),
        (Value::Unknown(Missing::Absent), false),
    ] {
        let slots = [value];
        let result = deepest.value(&slots, &mut Budget::default());
        assert_eq!(result.is_ok(), known, "{result:?}");
        assert_eq!(deepest.trace(&slots).result.is_ok(), known);
    }
}
