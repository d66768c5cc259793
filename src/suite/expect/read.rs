//! From `expect` as written to expectations. Never whether there is such a rule, and never what came of the test.

use super::ids::Id;
use super::reads::{parts, rows, values, ways};
use super::want::{Want, Wanted};
use crate::expr::duration::{advice, parse_duration};
use crate::policy::decode::{Decoder, Fields, Text};
use crate::source::problem::nearest;
use crate::source::tree::{Datum, Kind, Node, Scalar};
use crate::source::{Code, Problem, Source};
use crate::suite::bound::Case;
use crate::verdict::{Cause, Decision, ExitCode, Status};

/// The lists of rules.
const LISTS: [(&str, Status); 8] = [
    ("fired", Status::Fired),
    ("unmet", Status::Unmet),
    ("unknown", Status::Unknown),
    ("pending", Status::Pending),
    ("waived", Status::Waived),
    ("skipped", Status::Skipped),
    ("met", Status::Met),
    ("clear", Status::Clear),
];
const DECISIONS: [Decision; 3] = [Decision::Go, Decision::NoGo, Decision::Rollback];
const CAUSES: [Cause; 7] = [
    Cause::Fired,
    Cause::Unmet,
    Cause::Held,
    Cause::Empty,
    Cause::Unknown,
    Cause::Pending,
    Cause::Closed,
];
/// The keys of the plan of a rollback.
const PLAN: [&str; 7] = [
    "mode", "target", "reenter", "due", "overdue", "requires", "check",
];
/// The keys of a row of escalation.
const ROW: [&str; 6] = [
    "severity",
    "action",
    "notify",
    "respond_by",
    "overdue",
    "undecided",
];
/// The keys of a duty.
const DUTY: [&str; 4] = ["by", "due", "overdue", "undecided"];

/// What a test expects, and what is wrong with how it says so.
pub(super) fn expectations(source: &Source, case: &Case) -> (Vec<Wanted>, Vec<Problem>) {
    let mut d = Decoder::new(source);
    let mut wanted = Vec::new();
    // Where there is none, that has been told.
    let fields = case.test.expect.as_ref();
    if let Some(mut f) = fields.and_then(|node| d.fields(node, "`expect`")) {
        all(&mut d, &mut f, &mut wanted);
        d.finish(&f);
        if wanted.is_empty() && d.problems.list().is_empty() {
            let help = "say at least what the verdict is: expect: {verdict: go}";
            let message = "a test that expects nothing passes whatever happens";
            d.at(Code::BadExpectation, f.span(), message, "nothing", help);
        }
    }
    (wanted, d.problems.finish())
}

fn all(d: &mut Decoder<'_>, f: &mut Fields<'_>, wanted: &mut Vec<Wanted>) {
    let mut one = |key: &'static str, d: &mut Decoder<'_>, read: &Read| {
        let Some(node) = f.get(key) else {
            return;
        };
        if let Some(what) = read(d, node, key) {
            let span = node.span;
            wanted.push(Wanted { key, span, what });
        }
    };
    one("verdict", d, &|d, node, key| {
        let text = d.text(node, key)?;
        word(d, &text, key, &DECISIONS, Decision::name).map(Want::Verdict)
    });
    one("causes", d, &|d, node, key| {
        let texts = listed(d, node, key)?;
        let causes = texts.iter();
        let causes = causes.filter_map(|text| word(d, text, "causes", &CAUSES, Cause::name));
        Some(Want::Causes(causes.collect()))
    });
    for (name, status) in LISTS {
        one(name, d, &|d, node, key| {
            let ids = listed(d, node, key)?;
            Some(Want::Rules(status, ids.iter().map(id).collect()))
        });
    }
    one("held", d, &held);
    one("exit_code", d, &exit_code);
    one("next", d, &|d, node, key| {
        let next = if node.is_null() {
            None
        } else {
            Some(d.text(node, key)?)
        };
        Some(Want::Next(next))
    });
    one("reason", d, &|d, node, key| {
        d.text(node, key).map(Want::Reason)
    });
    one("warnings", d, &|d, node, key| {
        listed(d, node, key).map(Want::Warnings)
    });
    one("escalation", d, &|d, node, key| {
        rows(d, node, key, "a row of `escalation`", &ROW).map(Want::Escalation)
    });
    one("duties", d, &|d, node, key| {
        rows(d, node, key, "a duty", &DUTY).map(Want::Duties)
    });
    one("rollback", d, &|d, node, _| {
        if node.is_null() {
            return Some(Want::Rollback(None));
        }
        let plan = parts(d, node, "`rollback`", &PLAN)?;
        Some(Want::Rollback(Some(plan)))
    });
    one("messages", d, &|d, node, key| {
        let by_rule = ruled(d, node, key)?;
        let mut messages = Vec::new();
        for (id, node) in by_rule {
            let texts = match &node.kind {
                _ if node.is_null() => Vec::new(),
                Kind::List(_) => listed(d, node, key)?,
                Kind::Scalar(_) | Kind::Map(_) => vec![d.text(node, key)?],
            };
            messages.push((id, texts));
        }
        Some(Want::Messages(messages))
    });
    one("values", d, &|d, node, key| {
        values(d, node, key).map(Want::Values)
    });
    one("to_change", d, &|d, node, key| {
        let by_rule = ruled(d, node, key)?;
        let mut changes = Vec::new();
        for (id, node) in by_rule {
            changes.push((id, ways(d, node)?));
        }
        Some(Want::ToChange(changes))
    });
    one("approved", d, &|d, node, key| {
        let path = d.text(node, key)?;
        Some(Want::Approved(path.as_str().to_owned()))
    });
}

/// Reads the value of one key.
type Read<'r> = dyn Fn(&mut Decoder<'_>, &Node, &'static str) -> Option<Want> + 'r;

/// A list, which is a whole set: one name by itself would not look like that.
pub(super) fn listed(d: &mut Decoder<'_>, node: &Node, key: &'static str) -> Option<Vec<Text>> {
    match &node.kind {
        Kind::List(items) => {
            let texts = items.iter().filter_map(|item| d.text(item, key));
            Some(texts.collect())
        }
        Kind::Scalar(scalar) if scalar.datum() != Datum::Null => {
            let message = format!("`{key}` is a list: all there are, and no other");
            let help = format!("write {key}: [{}]", scalar.text);
            d.at(Code::WrongKind, node.span, message, "expected a list", help);
            None
        }
        Kind::Scalar(_) | Kind::Map(_) => {
            let message = format!("`{key}` is {}, expected a list", node.describe());
            let help = format!("write {key}: [], or leave it out to expect nothing of it");
            d.at(Code::WrongKind, node.span, message, "expected a list", help);
            None
        }
    }
}

/// A map by rules that is not empty.
pub(super) fn ruled<'n>(
    d: &mut Decoder<'_>,
    node: &'n Node,
    key: &'static str,
) -> Option<Vec<(Id, &'n Node)>> {
    if matches!(node.kind, Kind::List(_)) {
        let message = format!("`{key}` is a list, expected a map by rules");
        let help = match key {
            "held" => "say how long the condition of each has held: held: {error-spike: 1m}",
            _ => "say what is expected of each rule: {error-spike: …}",
        };
        d.at(Code::WrongKind, node.span, message, "expected a map", help);
        return None;
    }
    let named = d.entries(node, key);
    if named.is_empty() {
        nothing(d, node, key);
        return None;
    }
    Some(
        named
            .into_iter()
            .map(|(text, node)| (id(&text), node))
            .collect(),
    )
}

/// Says of a map that nothing can differ from it.
pub(super) fn nothing(d: &mut Decoder<'_>, node: &Node, key: &str) {
    if matches!(&node.kind, Kind::Map(_)) {
        let message = format!("`{key}` names nothing, so nothing can differ from it");
        let help = "name at least one, or remove it";
        d.at(Code::BadExpectation, node.span, message, "empty", help);
    }
}

/// A text as the name of a rule or an item of it.
pub(super) fn id(text: &Text) -> Id {
    Id::new(text.as_str(), text.span)
}

fn held(d: &mut Decoder<'_>, node: &Node, key: &'static str) -> Option<Want> {
    let by_rule = ruled(d, node, key)?;
    let mut held = Vec::new();
    for (id, node) in by_rule {
        if node.is_null() {
            held.push((id, None));
            continue;
        }
        let text = d.text(node, key)?;
        match parse_duration(text.as_str()) {
            Ok(long) => held.push((id, Some(long))),
            Err(_) => {
                let message = format!("`{}` is not a length of time", text.as_str());
                let label = "expected a length of time";
                let help = advice(text.as_str());
                d.at(Code::BadDuration, text.span, message, label, help);
                return None;
            }
        }
    }
    Some(Want::Held(held))
}

fn exit_code(d: &mut Decoder<'_>, node: &Node, _: &'static str) -> Option<Want> {
    let codes: Vec<u8> = [
        ExitCode::Success,
        ExitCode::Limit,
        ExitCode::NoGo,
        ExitCode::NotYet,
        ExitCode::Rollback,
    ]
    .map(ExitCode::code)
    .to_vec();
    let code = match node.scalar().map(Scalar::datum) {
        Some(Datum::Int(code)) => u8::try_from(code).ok(),
        _ => None,
    };
    let code = code.filter(|code| codes.contains(code));
    if code.is_none() {
        let told: Vec<String> = codes.iter().map(ToString::to_string).collect();
        let message = "`exit_code` is none that a verdict has";
        let help = format!("the exit codes of verdicts are {}", told.join(", "));
        d.at(
            Code::BadValue,
            node.span,
            message,
            "expected an exit code",
            help,
        );
    }
    code.map(Want::ExitCode)
}

/// One of a few words.
fn word<T: Copy>(
    d: &mut Decoder<'_>,
    text: &Text,
    key: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Option<T> {
    let found = all.iter().find(|one| name(**one) == text.as_str());
    if found.is_none() {
        let names: Vec<&str> = all.iter().map(|one| name(*one)).collect();
        let near = nearest(text.as_str(), names.iter().copied());
        let help = near.map_or_else(
            || format!("write one of {}", names.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("`{}` is none of `{key}`", text.as_str());
        d.at(Code::BadValue, text.span, message, "not known", help);
    }
    found.copied()
}
