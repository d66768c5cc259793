//! Fields of the subject that an audit needs: read of any kind and in any format, and held as the subject is.

use gonogo::evaluate::{Fold, Judgement, Question, evaluate};
use gonogo::policy::Policy;
use gonogo::policy::check::Settings;
use gonogo::snapshot::{Format, History, Reader};
use gonogo::source::Source;

use crate::support;

const POLICY: &str = "\
gonogo: 1
name: canary
record: {fields: [deployer, migrations, service]}
inputs: {error_rate: {type: double}}
require: [{id: errors, expr: error_rate < 0.01}]
";

fn policy() -> Policy {
    support::policy(POLICY, &Settings::new())
}

fn history(policy: &Policy, text: &str, format: Format) -> History {
    let mut reader = Reader::new(&policy.layout);
    reader.document(&Source::new("f", text), format);
    let (history, problems) = reader.finish();
    assert!(problems.is_empty(), "{text}: {}", support::told(&problems));
    history
}

/// What is known of the two fields in the end, folded row by row and sample by sample.
fn known(text: &str, format: Format) -> [String; 2] {
    let policy = policy();
    let history = history(&policy, text, format);
    let question = Question {
        stage: policy.judged().next().expect("a stage"),
        asked: None,
        now: history.newest().expect("a sample"),
    };
    let known = |judgement: &Judgement<'_>| {
        ["deployer", "migrations"].map(|field| {
            let slot = policy.layout.field(field).expect("a slot");
            judgement.world.value(slot).to_string()
        })
    };
    let rows = known(&evaluate(&policy, &history, question));
    let surveyed = history.survey(&policy.layout, Some(question.now));
    let mut fold = Fold::new(&policy, surveyed, question, &[]);
    history.samples().for_each(|sample| fold.take(&sample));
    assert_eq!(known(&fold.finish()), rows, "{text}");
    rows
}

fn line(minute: u32, subject: &str) -> String {
    format!(
        "{{\"at\": \"2025-10-16T10:{minute:02}:00Z\", \"subject\": {{{subject}}}, \"metrics\": {{\"error_rate\": 0.001}}}}\n"
    )
}

#[test]
fn they_have_slots_and_others_have_none() {
    let policy = policy();
    let layout = &policy.layout;
    let names: Vec<&str> = layout.fields().iter().map(AsRef::as_ref).collect();
    assert_eq!(names, ["deployer", "migrations"]);
    assert_eq!(layout.field("team"), None);
    let slot = layout.field("deployer").expect("a slot");
    assert_eq!(layout.name(slot), "subject.deployer");
    assert_eq!(
        layout.name(layout.field("service").expect("a slot")),
        "subject.service"
    );
}

#[test]
fn values_of_any_kind_are_read() {
    for (written, expected) in [
        ("\"jon\"", "\"jon\""),
        ("\"\"", "\"\""),
        ("null", "?"),
        ("true", "true"),
        ("7", "7"),
        ("-0.5", "-0.5"),
        ("9007199254740993", "9007199254740993"),
        ("[\"0001\", 2]", "[\"0001\", 2]"),
        ("{\"a\": [null]}", "{\"a\": [?]}"),
        ("[]", "[]"),
    ] {
        let text = line(1, &format!("\"team\": [1], \"migrations\": {written}"));
        for format in [Format::JsonLines, Format::Json, Format::Yaml] {
            assert_eq!(known(&text, format), ["?", expected], "{text} {format:?}");
        }
    }
}

#[test]
fn a_table_gives_them_as_they_are_written() {
    let table = "\
at,subject.deployer,subject.migrations,subject.team,error_rate
2025-10-16T10:01:00Z,jon,7,a,0.001
2025-10-16T10:02:00Z,,null,,0.001
";
    assert_eq!(known(table, Format::Csv), ["\"jon\"", "?"]);
}

#[test]
fn they_hold_until_they_are_given_anew_or_the_subject_is_another() {
    let named = "\"commit\": \"a\", \"deployer\": \"jon\"";
    // Longer than any value of an input stays good.
    let held = line(1, named) + &line(50, "\"migrations\": 2");
    assert_eq!(known(&held, Format::JsonLines), ["\"jon\"", "2"]);
    let anew = line(1, named) + &line(2, "\"deployer\": \"ada\"");
    assert_eq!(known(&anew, Format::JsonLines), ["\"ada\"", "?"]);
    let taken_back = line(1, named) + &line(2, "\"deployer\": null");
    assert_eq!(known(&taken_back, Format::JsonLines), ["?", "?"]);
    let same = line(1, named) + &line(2, "\"commit\": \"a\", \"version\": \"9\"");
    assert_eq!(known(&same, Format::JsonLines), ["\"jon\"", "?"]);
    let other = line(1, named) + &line(2, "\"commit\": \"b\"");
    assert_eq!(known(&other, Format::JsonLines), ["?", "?"]);
}

#[test]
fn two_values_at_one_instant_are_an_error_and_the_digest_has_them() {
    let policy = policy();
    let mut reader = Reader::new(&policy.layout);
    for (name, who) in [("a", "jon"), ("b", "ada")] {
        let text = line(1, &format!("\"deployer\": \"{who}\""));
        reader.document(&Source::new(name, text), Format::JsonLines);
    }
    let (_, problems) = reader.finish();
    let messages: Vec<&str> = problems.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "`subject.deployer` has two values at 2025-10-16T10:01:00Z: \"jon\" in a:1:56 and \"ada\" in b:1:56"
        ]
    );
    let digest = |subject: &str| {
        history(&policy, &line(1, subject), Format::JsonLines).digest(&policy.layout)
    };
    assert_ne!(
        digest("\"deployer\": \"jon\""),
        digest("\"deployer\": \"ada\"")
    );
    // What nobody asks for is not looked at.
    assert_eq!(digest("\"team\": \"a\""), digest("\"team\": \"b\""));
}
