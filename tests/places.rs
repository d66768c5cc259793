//! One mistake, written in every way YAML has for a text, is underlined at exactly its own bytes.

use gonogo::policy::check::{Settings, check};
use gonogo::source::{Code, Source};

/// A policy with one rule, `%` where its expression stands with all that YAML puts around it.
const BLOCK: &str = "gonogo: 1\nname: canary\ninputs:\n  error_rate: {type: double, unit: ratio}\n  region: {type: string}\nrequire:\n  - id: errors\n    title: zu viele Fehler – 10 ‰\n    expr: %\n    for: 10m\n";
const FLOW: &str = "gonogo: 1\nname: canary\ninputs: {error_rate: {type: double, unit: ratio}, region: {type: string}}\nrequire:\n  - {id: errors, title: ‰ größer — 🚀, expr: %, for: 10m}\n";

/// A mistake: the expression, its code, and what must be underlined.
struct Mistake {
    /// Two lines, so that every style that goes over lines can be tried.
    lines: [&'static str; 2],
    code: Code,
    wrong: &'static str,
}

const MISTAKES: [Mistake; 4] = [
    Mistake {
        lines: ["region == 'é' ||", "error_rat < 0.01"],
        code: Code::UnknownInput,
        wrong: "error_rat",
    },
    Mistake {
        lines: ["error_rat < 0.01 ||", "region == 'é'"],
        code: Code::UnknownInput,
        wrong: "error_rat",
    },
    Mistake {
        lines: ["region == 'é' &&", "error_rate <"],
        code: Code::ExpressionSyntax,
        wrong: "<",
    },
    Mistake {
        lines: ["region == 'é' ||", "error_rate + region"],
        code: Code::TypeMismatch,
        wrong: "error_rate + region",
    },
];

/// The ways of writing a text: a name, the policy around it, and the text itself.
fn styles(mistake: &Mistake) -> Vec<(&'static str, &'static str, String)> {
    let [first, second] = mistake.lines;
    let line = format!("{first} {second}");
    let single = line.replace('\'', "''");
    let escaped = line
        .replace('é', "\\u00e9")
        .replace("error_rat", "error\\u005frat");
    vec![
        ("plain", BLOCK, line.clone()),
        ("plain with a comment", BLOCK, format!("{line}   # größer")),
        (
            "plain over lines",
            BLOCK,
            format!("{first}\n      {second}"),
        ),
        (
            "plain over lines with one left free",
            BLOCK,
            format!("\n      {first}\n\n      {second}"),
        ),
        ("single", BLOCK, format!("'{single}'")),
        (
            "single over lines",
            BLOCK,
            format!(
                "'{}\n      {}'",
                first.replace('\'', "''"),
                second.replace('\'', "''")
            ),
        ),
        ("double", BLOCK, format!("\"{line}\"")),
        (
            "double with escapes",
            BLOCK,
            format!("\"{}\"", line.replace('é', "\\u00e9")),
        ),
        (
            "double with escapes in the mistake",
            BLOCK,
            format!("\"{escaped}\""),
        ),
        (
            "double over lines",
            BLOCK,
            format!("\"{first}\n      {second}\""),
        ),
        (
            "double with the line's end escaped",
            BLOCK,
            format!("\"{first} \\\n      {second}\""),
        ),
        (
            "literal",
            BLOCK,
            format!("|\n      {first}\n      {second}"),
        ),
        (
            "literal, stripped, indented by hand",
            BLOCK,
            format!("|2-\n      {first}\n        {second}"),
        ),
        ("folded", BLOCK, format!(">\n      {first}\n      {second}")),
        (
            "folded, stripped",
            BLOCK,
            format!(">-\n      {first}\n      {second}"),
        ),
        (
            "folded around a free line",
            BLOCK,
            format!(">-\n\n      {first}\n\n      {second}"),
        ),
        ("plain in a flow map", FLOW, line.clone()),
        ("single in a flow map", FLOW, format!("'{single}'")),
        ("double in a flow map", FLOW, format!("\"{escaped}\"")),
        (
            "plain over lines in a flow map",
            FLOW,
            format!("{first}\n    {second}"),
        ),
    ]
}

fn tried(name: &str, text: &str, mistake: &Mistake, escaped: bool) {
    let source = Source::new("policy.yaml", text);
    let (policy, problems) = check(&source, &Settings::new());
    assert!(policy.is_none(), "{name}: no mistake was found in\n{text}");
    let [problem] = problems.as_slice() else {
        panic!("{name}: {problems:?}\n{text}")
    };
    assert_eq!(problem.code, mistake.code, "{name}: {problem:?}\n{text}");
    let span = problem.labels.first().expect("a place").span;
    let wanted = if escaped {
        mistake.wrong.replace("error_rat", "error\\u005frat")
    } else {
        mistake.wrong.to_owned()
    };
    let underlined = text.get(span.start..span.end).expect("whole characters");
    assert_eq!(underlined, wanted, "{name}\n{text}");
    // The last one there is: the names of inputs come before the rules.
    assert_eq!(
        Some(span.start),
        text.rfind(&wanted),
        "{name}: elsewhere in\n{text}"
    );
}

#[test]
fn every_style_of_a_text_keeps_the_place_of_a_mistake() {
    for mistake in &MISTAKES {
        for (name, around, written) in styles(mistake) {
            let text = around.replacen('%', &written, 1);
            let escaped = written.contains("\\u005f");
            tried(name, &text, mistake, escaped);
            tried(
                &format!("{name}, CRLF"),
                &text.replace('\n', "\r\n"),
                mistake,
                escaped,
            );
            tried(
                &format!("{name}, byte order mark"),
                &format!("\u{feff}{text}"),
                mistake,
                escaped,
            );
        }
    }
}

#[test]
fn the_other_keys_with_expressions_keep_places_too() {
    let head = "gonogo: 1\nname: canary\ninputs: {error_rate: {type: double, unit: ratio}}\n";
    let rule = "{id: errors, expr: error_rate < 0.01}";
    let texts = [
        (
            "let",
            format!("{head}let:\n  quiet: >-\n    error_rat <\n    0.01\nrequire:\n  - {rule}\n"),
        ),
        (
            "when",
            format!(
                "{head}require:\n  - id: errors\n    expr: error_rate < 0.01\n    when: 'error_rat < 0.5'\n"
            ),
        ),
        (
            "message",
            format!(
                "{head}require:\n  - id: errors\n    expr: error_rate < 0.01\n    message: \"größer: \\t${{error_rat}} – zu viel\"\n"
            ),
        ),
        (
            "for_each",
            format!(
                "{head}require:\n  - {{id: errors, for_each: {{f: error_rat}}, expr: error_rate < 0.01}}\n"
            ),
        ),
        (
            "group",
            format!(
                "{head}require:\n  - group: Fehler\n    when: |\n      error_rat < 0.5\n    rules: [{rule}]\n"
            ),
        ),
    ];
    let mistake = &MISTAKES[1];
    for (name, text) in texts {
        let source = Source::new("policy.yaml", text.as_str());
        let (_, problems) = check(&source, &Settings::new());
        let [problem] = problems.as_slice() else {
            panic!("{name}: {problems:?}\n{text}")
        };
        assert_eq!(problem.code, mistake.code, "{name}");
        let span = problem.labels.first().expect("a place").span;
        assert_eq!(
            text.get(span.start..span.end),
            Some(mistake.wrong),
            "{name}\n{text}"
        );
    }
}
