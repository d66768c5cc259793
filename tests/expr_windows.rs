//! Windows as the checker sees them: their types and units, which of them share a slot, and what an expression with them
//! reads.

use std::sync::Arc;

use crate::support::expressions::{declare, variable};
use gonogo::expr::types::Type;
use gonogo::expr::value::{Missing, Value};
use gonogo::expr::window::{Method, Over};
use gonogo::expr::{Binding, Budget, Compiled, Expect, Reason, Rules, Scope, Tri, Unit, compile};
use gonogo::policy::Policy;
use gonogo::policy::check::{Settings, check};
use gonogo::policy::lint::lint;
use gonogo::source::text;
use jiff::SignedDuration;

/// Name, type, unit; the slot is the place in the list.
const INPUTS: &[(&str, &str, Option<&str>)] = &[
    ("error_rate", "double", Some("ratio")),
    ("latency", "double", Some("ms")),
    ("requests", "double", None),
    ("restarts", "int", None),
    ("uptime_pct", "double", Some("percent")),
    ("ready", "bool", None),
    ("errors", "map<string, double>", Some("ratio")),
    ("hits", "map<string, int>", None),
    ("hosts", "list<string>", None),
    ("region", "string", None),
    ("before.requests", "double", None),
    ("stage.elapsed", "duration", None),
    ("now", "timestamp", None),
];

/// The slot of the item of a `for_each`.
const ITEM: usize = INPUTS.len();

fn scope() -> Scope {
    let mut scope = Scope::new().windows(ITEM + 1);
    declare(&mut scope, INPUTS.iter().copied());
    let constant = |value, ty| Binding::Constant {
        value,
        ty,
        unit: None,
    };
    let far = Value::String("7d".into());
    scope.declare("params.far", constant(far, Type::String));
    scope.declare("params.share", constant(Value::Double(0.9), Type::Double));
    let unset = variable(usize::MAX, "string", None);
    scope.declare("params.unset", Binding::Slot(unset));
    scope
}

fn compiled(text: &str, scope: &Scope) -> Compiled {
    compile(text, scope, Expect::Any).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:#?}"))
}

#[test]
fn every_method_has_its_type_and_its_unit() {
    for (text, ty, unit) in [
        ("error_rate.avg(\"10m\")", "double", Some("ratio")),
        ("restarts.avg(\"10m\")", "double", None),
        ("latency.min(\"10m\")", "double", Some("ms")),
        ("restarts.max(\"10m\")", "int", None),
        ("latency.sum(\"10m\")", "double", Some("ms")),
        ("error_rate.sum(\"10m\")", "double", None),
        ("uptime_pct.sum(\"10m\")", "double", None),
        ("restarts.sum(\"10m\")", "int", None),
        ("latency.count(\"10m\")", "int", None),
        ("ready.count(\"10m\")", "int", None),
        ("restarts.median(\"10m\")", "double", None),
        ("latency.quantile(0.95, \"10m\")", "double", Some("ms")),
        ("latency.quantile(1, \"10m\")", "double", Some("ms")),
        (
            "latency.quantile(params.share, \"1h\")",
            "double",
            Some("ms"),
        ),
        ("latency.quantile(q(\"95%\"), \"1h\")", "double", Some("ms")),
        ("latency.stddev(\"10m\")", "double", Some("ms")),
        ("restarts.first(\"10m\")", "int", None),
        ("ready.first(\"10m\")", "bool", None),
        ("error_rate.ago(\"7d\")", "double", Some("ratio")),
        ("ready.ago(\"7d\")", "bool", None),
        ("restarts.delta(\"1h\")", "int", None),
        ("latency.delta(\"1h\")", "double", Some("ms")),
        ("restarts.increase(\"1h\")", "int", None),
        ("hits.increase(\"1h\")", "map<string, int>", None),
        ("errors.delta(\"1h\")", "map<string, double>", Some("ratio")),
        ("restarts.rate(\"1h\")", "double", Some("per_s")),
        ("latency.rate(\"1h\")", "double", None),
        ("hits.rate(\"1h\")", "map<string, double>", Some("per_s")),
        ("requests.slope(\"1h\")", "double", Some("per_h")),
        ("latency.slope(\"1h\")", "double", None),
        ("requests.rising(\"1h\")", "bool", None),
        ("latency.falling(\"1h\", 5)", "bool", None),
        ("requests.rising(\"1h\", 0.5)", "bool", None),
        ("requests.rising(\"1h\", q(\"1/min\"))", "bool", None),
        ("ready.share(\"1h\")", "double", Some("ratio")),
        ("(latency > 500).share(\"1h\")", "double", Some("ratio")),
        ("ready.streak()", "int", None),
        ("ready.edges(\"stage\")", "int", None),
        (
            "(requests - before.requests).avg(\"stage\")",
            "double",
            None,
        ),
        ("errors[\"csv\"].avg(\"10m\")", "double", Some("ratio")),
        ("errors.csv.avg(\"10m\")", "double", Some("ratio")),
        ("hits.rate(\"1h\")[\"eu\"]", "double", Some("per_s")),
        ("latency.avg(params.far)", "double", Some("ms")),
        ("latency.avg(params.unset)", "double", Some("ms")),
        ("latency.avg(duration(\"10m\"))", "double", Some("ms")),
        // The clock may be looked at, only not compared with itself.
        (
            "(now > timestamp(\"2025-01-01T00:00:00Z\") && ready).share(\"1h\")",
            "double",
            Some("ratio"),
        ),
        // A macro inside of what is looked at, and a name beside it.
        (
            "hosts.exists(h, h == \"a\").share(\"1h\")",
            "double",
            Some("ratio"),
        ),
        (
            "cel.bind(limit, 2.0, latency.avg(\"10m\") * limit)",
            "double",
            Some("ms"),
        ),
        // CEL's own methods of these names.
        ("hosts.first().orValue(\"none\")", "string", None),
    ] {
        let compiled = compiled(text, &scope());
        let got = compiled.unit().map(Unit::name);
        assert_eq!(
            (compiled.ty().to_string().as_str(), got),
            (ty, unit),
            "{text}"
        );
    }
}

/// What was compiled for an expression that is one window.
fn window(text: &str, scope: &Scope) -> (String, Method, Over) {
    let compiled = compiled(text, scope);
    let [window] = compiled.windows() else {
        panic!("{text}: {:?}", compiled.windows())
    };
    assert_eq!(compiled.slots(), [window.slot], "{text}");
    (window.of.text().to_owned(), window.method, window.over)
}

#[test]
fn a_window_says_what_is_looked_at_and_how() {
    let last = |minutes| Over::Last(SignedDuration::from_mins(minutes));
    for (text, of, method, over) in [
        ("latency.avg(\"10m\")", "latency", Method::Avg, last(10)),
        (
            "latency .median( \"90s\" )",
            "latency",
            Method::Quantile(0.5),
            Over::Last(SignedDuration::from_secs(90)),
        ),
        (
            "(latency > 500).share(\"1h\")",
            "latency > 500",
            Method::Share,
            last(60),
        ),
        (
            "((latency + 1) * 2).max(\"1h\")",
            "(latency + 1) * 2",
            Method::Max,
            last(60),
        ),
        (
            "ready // so far\n.streak()",
            "ready",
            Method::Streak,
            Over::Samples,
        ),
        (
            "requests.rising(\"stage\", q(\"1/min\"))",
            "requests",
            Method::Rising(Some(60.0)),
            Over::Stage,
        ),
        (
            "latency.falling(\"1d\", 5)",
            "latency",
            Method::Falling(Some(5.0)),
            last(1440),
        ),
        (
            "latency.quantile(q(\"95%\"), \"1h\")",
            "latency",
            Method::Quantile(0.95),
            last(60),
        ),
        (
            "latency.ago(params.far)",
            "latency",
            Method::Ago,
            last(7 * 1440),
        ),
    ] {
        assert_eq!(
            window(text, &scope()),
            (of.to_owned(), method, over),
            "{text}"
        );
    }
}

#[test]
fn identical_windows_share_a_slot_and_others_do_not() {
    let scope = scope();
    let slot = |text: &str| {
        let compiled = compiled(text, &scope);
        compiled
            .windows()
            .iter()
            .map(|window| window.slot)
            .collect::<Vec<_>>()
    };
    let first = slot("latency.avg(\"10m\") < 500");
    assert_eq!(first, [ITEM + 1]);
    for same in [
        "latency .avg(\"10m\")  <  600",
        "(latency).avg(\"600s\") > 1",
        "latency.avg(duration(\"10m\")) > latency.avg(\"10m\")",
    ] {
        assert_eq!(slot(same), first, "{same}");
    }
    for (at, other) in [
        "latency.avg(\"11m\") < 500",
        "latency.max(\"10m\") < 500",
        "requests.avg(\"10m\") < 500",
        "before.requests.avg(\"10m\") < 500",
        "latency.quantile(0.5, \"10m\") < 500",
    ]
    .iter()
    .enumerate()
    {
        assert_eq!(slot(other), [ITEM + 2 + at], "{other}");
    }
    assert_eq!(slot("latency.median(\"10m\") < 500"), [ITEM + 6]);
    let texts: Vec<String> = scope
        .registered()
        .iter()
        .map(|window| window.text.to_string())
        .collect();
    assert_eq!(texts.len(), 6, "{texts:?}");
    // The same text of another set of inputs is another window.
    let mut own = scope.clone();
    own.declare("latency", Binding::Slot(variable(10, "double", Some("ms"))));
    assert_eq!(
        compiled("latency.avg(\"10m\")", &own).windows()[0].slot,
        ITEM + 7
    );
    // So is that of a named expression that stands for something else.
    let named = |scope: &Scope| {
        let mut scope = scope.clone();
        let slow = compiled("latency > 500", &scope);
        scope.declare("slow", Binding::Let(Arc::new(slow)));
        compiled("slow.share(\"10m\")", &scope).windows()[0].slot
    };
    assert_eq!(named(&scope), ITEM + 8);
    assert_eq!(named(&own), ITEM + 9);
}

#[test]
fn a_window_at_an_item_never_shares() {
    let scope = scope();
    let item = |ty: &str| {
        let mut scope = scope.clone();
        scope.declare("f", Binding::Slot(variable(ITEM, ty, None)));
        scope
    };
    let slot = |text: &str, scope: &Scope| compiled(text, scope).windows()[0].slot;
    let (one, other) = (item("string"), item("string"));
    assert_eq!(slot("errors[f].avg(\"10m\")", &one), ITEM + 1);
    assert_eq!(slot("errors[f].avg(\"10m\")", &other), ITEM + 2);
    assert_eq!(slot("errors[f].avg(\"10m\")", &one), ITEM + 3);
    // What does not read the item is the same for all.
    assert_eq!(slot("latency.avg(\"10m\")", &one), ITEM + 4);
    assert_eq!(slot("latency.avg(\"10m\")", &scope), ITEM + 4);
}

#[test]
fn what_stands_under_a_window_is_used_but_not_read() {
    let mut scope = scope();
    let slow = compiled("latency.avg(\"10m\") > 500", &scope);
    scope.declare("slow", Binding::Let(Arc::new(slow)));
    let calm = compiled("error_rate < 0.01", &scope);
    scope.declare("calm", Binding::Let(Arc::new(calm)));
    let text = "slow && calm.share(\"1h\") > 0.9 && requests > hits.rate(\"5m\")[\"eu\"]";
    let compiled = compiled(text, &scope);
    assert_eq!(compiled.windows().len(), 3);
    let slots: Vec<usize> = compiled
        .windows()
        .iter()
        .map(|window| window.slot)
        .collect();
    assert_eq!(slots, [ITEM + 1, ITEM + 2, ITEM + 3]);
    assert_eq!(compiled.slots(), [2, ITEM + 1, ITEM + 2, ITEM + 3]);
    assert_eq!(compiled.reads(), [0, 1, 2, 7, ITEM + 1, ITEM + 2, ITEM + 3]);
    let names = compiled.names();
    for name in ["slow", "calm", "requests", "hits"] {
        assert!(names.iter().any(|known| known == name), "{name}: {names:?}");
    }
    let inputs: Vec<(String, usize)> = compiled
        .inputs()
        .into_iter()
        .map(|input| (input.text, input.slot))
        .collect();
    let want = [
        ("calm.share(\"1h\")", ITEM + 2),
        ("requests", 2),
        ("hits.rate(\"5m\")[\"eu\"]", ITEM + 3),
        ("latency.avg(\"10m\")", ITEM + 1),
    ];
    assert_eq!(inputs, want.map(|(text, slot)| (text.to_owned(), slot)));
    let named: Vec<String> = compiled.named().into_iter().map(|(name, _)| name).collect();
    assert_eq!(named, ["slow"]);
}

#[test]
fn a_window_has_the_value_of_its_slot() {
    let scope = scope();
    let condition = |text: &str| compile(text, &scope, Expect::Bool).expect("a condition");
    let avg = condition("error_rate.avg(\"10m\") < q(\"5%\")");
    let pct = condition("uptime_pct.avg(\"10m\") > error_rate.avg(\"10m\")");
    let test = |expr: &Compiled, slots: &[Value]| expr.test(slots, &mut Budget::default());
    let mut slots = vec![Value::Unknown(Missing::Absent); ITEM + 3];
    slots[ITEM + 1] = Value::Double(0.04);
    slots[ITEM + 2] = Value::Double(5.0);
    assert_eq!(test(&avg, &slots), Tri::True);
    assert_eq!(test(&pct, &slots), Tri::True);
    slots[ITEM + 2] = Value::Double(3.0);
    assert_eq!(test(&pct, &slots), Tri::False);
    slots[ITEM + 1] = Value::Unknown(Missing::Hole);
    // Where nobody fills them, and where there are no such slots at all.
    for slots in [&slots[..], &slots[..ITEM], &[]] {
        let Tri::Unknown(fault) = test(&avg, slots) else {
            panic!("known")
        };
        assert!(matches!(fault.reason, Reason::Missing(_)));
        let range = usize::try_from(fault.start).unwrap()..usize::try_from(fault.end).unwrap();
        assert_eq!(&avg.text()[range], "error_rate.avg(\"10m\")");
    }
}

#[test]
fn a_thousand_windows_are_enough() {
    let scope = scope();
    for seconds in 1..=1_000 {
        compiled(&format!("latency.avg(\"{seconds}s\") > 1"), &scope);
    }
    let mistakes = compile("latency.avg(\"2h\") > 1", &scope, Expect::Bool).unwrap_err();
    assert_eq!(mistakes.len(), 1);
    assert_eq!(mistakes[0].code.name(), "expression-limit");
    assert_eq!(
        mistakes[0].message,
        "the policy has more than 1,000 windows"
    );
    // One that is there already is no further one.
    compiled("latency.avg(\"17s\") > 2", &scope);
    assert_eq!(scope.registered().len(), 1_000);
}

#[test]
fn without_a_history_there_are_no_windows() {
    let mut scope = Scope::new();
    scope.declare("x", Binding::Slot(variable(0, "double", None)));
    let mistakes = compile("x.avg(\"10m\") > 1.0", &scope, Expect::Bool).unwrap_err();
    assert_eq!(mistakes.len(), 1);
    assert_eq!(mistakes[0].code.name(), "unsupported-function");
    assert_eq!(
        mistakes[0].message,
        "`avg` looks back over a history, and here is none"
    );
    // Standard CEL does not know them.
    let mistakes = compile(
        "x.avg(\"10m\") > 1.0",
        &scope.rules(Rules::Cel),
        Expect::Bool,
    );
    assert_eq!(mistakes.unwrap_err()[0].code.name(), "unknown-function");
}

const POLICY: &str = r#"gonogo: 1
name: canary
inputs:
  error_rate: {type: double, unit: ratio, range: [0, 1]}
  latency: {type: double, unit: ms, max_age: 10m}
  errors: {type: "map<string, double>", unit: ratio}
baselines: [before, blue]
params:
  far: {type: string, default: 10m}
let:
  calm: error_rate.avg(params.far) < 0.01
"#;

fn policy(rules: &str) -> (Option<Policy>, Vec<String>) {
    let source = text("policy.yaml", format!("{POLICY}{rules}").into_bytes()).expect("UTF-8");
    let (policy, problems) = lint(&source, &Settings::default(), &[]);
    let told = problems
        .iter()
        .map(|problem| format!("{}: {}", problem.code, problem.message));
    (policy, told.collect())
}

#[test]
fn a_policy_holds_its_windows_in_the_order_of_their_slots() {
    let rules = r#"require:
  - {id: calm, expr: calm && latency.avg("10m") < 500.0}
  - {id: slow, expr: latency.avg("10m") < 400.0, message: 'mean ${latency.avg("10m")}, once ${latency.ago("1h")}'}
hold:
  - {id: calmer, expr: before.calm && error_rate.avg("10m") > before.error_rate * 1.1}
  - {id: each, expr: 'errors[f].avg("10m") > 0.05', for_each: {f: errors}}
"#;
    let (policy, told) = policy(rules);
    assert_eq!(told, ["unused-baseline: nothing uses the baseline `blue`"]);
    let policy = policy.expect("a policy");
    let texts: Vec<&str> = policy
        .windows
        .iter()
        .map(|window| window.text.as_ref())
        .collect();
    let want = [
        "error_rate.avg(params.far)",
        // The same for the baseline, whose `calm` is asked for.
        "error_rate.avg(params.far)",
        "latency.avg(\"10m\")",
        "latency.ago(\"1h\")",
        "errors[f].avg(\"10m\")",
    ];
    let mut sorted = texts.clone();
    sorted.sort_unstable();
    let mut wanted = want.to_vec();
    wanted.sort_unstable();
    assert_eq!(sorted, wanted);
    for (index, window) in policy.windows.iter().enumerate() {
        assert_eq!(window.slot, policy.item_slot + 1 + index);
        assert!(window.of.windows().is_empty());
    }
}

#[test]
fn lints_see_through_windows() {
    // Inputs that stand under windows only are used; a `for` behind a window is judged on more than one held value.
    let rules = r#"lint: {short-for: warn}
require:
  - {id: slow, expr: latency.avg("1h") < 0.4 && calm, for: 2m}
  - {id: before, expr: 'before.latency.max("1h") < 400.0 && (blue.errors["csv"] == 0.3).share("1h") < 0.5'}
  - {id: always, expr: latency.avg("1h") <= latency.avg("1h")}
hold:
  - {id: higher, expr: error_rate.max("1h") > 0.05}
"#;
    let (_, told) = policy(rules);
    assert_eq!(
        told,
        [
            "doubtful-unit: `latency.avg(\"1h\")` is in `ms`, and `0.4` is less than one of it",
            "float-equality: `blue.errors[\"csv\"] == 0.3` hangs on the last digit of a measured number",
            "constant-condition: `latency.avg(\"1h\") <= latency.avg(\"1h\")` is always true",
        ]
    );
}

#[test]
fn a_parameter_says_how_far_a_window_looks_back() {
    let rules = "require:\n  - {id: r, expr: calm}\n";
    let source = text("policy.yaml", format!("{POLICY}{rules}").into_bytes()).expect("UTF-8");
    let check = |far: Option<&str>| {
        let settings = far.map(|far| ("far".to_owned(), far.to_owned()));
        check(&source, &settings.into_iter().collect())
    };
    let over = |far| check(far).0.expect("a policy").windows[0].over;
    assert_eq!(over(None), Over::Last(SignedDuration::from_mins(10)));
    assert_eq!(over(Some("2h")), Over::Last(SignedDuration::from_hours(2)));
    assert_eq!(over(Some("stage")), Over::Stage);
    let (policy, problems) = check(Some("1mo"));
    assert!(policy.is_none() || !problems.is_empty());
    assert_eq!(problems[0].code.name(), "bad-duration");
    // Without a value nothing is judged, and nothing is wrong.
    let unset = POLICY.replace(", default: 10m", "");
    let source = text("policy.yaml", format!("{unset}{rules}").into_bytes()).expect("UTF-8");
    let (policy, problems) = lint(&source, &Settings::default(), &[]);
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code.name()).collect();
    let unused = [
        "unused-input",
        "unused-input",
        "unused-baseline",
        "unused-baseline",
    ];
    assert_eq!(codes, unused);
    let policy = policy.expect("a policy");
    assert_eq!(policy.unset.len(), 1);
    assert!(policy.windows.is_empty());
}

#[test]
fn every_example_on_the_page_is_a_condition() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = crate::support::read(&root.join("docs/expressions.md"));
    let section = page.split_once("\n## Windows\n").expect("the section").1;
    let mut scope = scope();
    let names = [
        ("latency_p95", "double", Some("ms")),
        ("failed", "int", None),
        ("open_tickets", "int", None),
        ("queue_length", "int", None),
        ("crashes_total", "int", None),
        ("requests_total", "double", None),
        ("heap_mb", "double", None),
        ("probe_ok", "bool", None),
    ];
    declare(&mut scope, names);
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let mut examples = 0;
    for row in rows.take_while(|row| row.matches('|').count() == 7) {
        let example = row.rsplit('|').nth(1).expect("a column").trim();
        let example = example.trim_matches('`');
        let compiled = compile(example, &scope, Expect::Bool);
        assert!(
            compiled.is_ok_and(|found| !found.windows().is_empty()),
            "{example}"
        );
        examples += 1;
    }
    assert_eq!(examples, 17);
}
