//! A record, read back: by itself, in an in-toto statement, or as a line of a log. What is not exactly what gonogo wrote is
//! refused with its place. Never mends one, and never knows who wrote it: a digest is no signature.

mod data;
mod same;
mod shape;

use super::{ExitCode, Verdict, log, statement};
use crate::expr::shortened;
use crate::source::canonical::{canonical, value};
use crate::source::tree::{Datum, Kind, Node};
use crate::source::{Code, Problem, Source, Span, json};

/// The version of records that is read and written.
pub const VERSION: i64 = 1;
/// The `_type` of in-toto statements that are read and written.
pub const STATEMENT: &str = "https://in-toto.io/Statement/v1";
/// The `predicateType` of a statement whose predicate is a record.
pub const PREDICATE: &str = "https://gonogo.dev/verdict/v1";

/// The keys of a statement.
const KEYS: [&str; 4] = ["_type", "subject", "predicateType", "predicate"];

const WHICH: &str = "give the file that `gonogo eval --record FILE` wrote";

/// Reads a record.
///
/// # Errors
/// All that is wrong with it: that it is no JSON, no record, one of another version, of another shape, or not what was
/// written.
pub fn read(source: &Source) -> Result<Verdict, Vec<Problem>> {
    let (tree, mut problems) = json::parse(source);
    let Some(tree) = tree.filter(|_| problems.is_empty()) else {
        if source.text().starts_with(log::BEGINNING) {
            return Err(vec![a_log(source)]);
        }
        for problem in &mut problems {
            let large = problem.code == Code::TooLarge;
            problem.help = problem.help.take().filter(|_| !large);
            problem.help.get_or_insert_with(|| WHICH.to_owned());
        }
        return Err(problems);
    };
    let record = record_in(source, &tree).map_err(|problem| vec![problem])?;
    let verdict = shape::verdict(source, record).map_err(|problem| vec![problem])?;
    let altered = same::altered(source, record, &verdict);
    if !altered.is_empty() {
        return Err(altered);
    }
    fits(source, record, &verdict).map_err(|problem| vec![problem])?;
    if tree.get("_type").is_some() {
        about(source, &tree, &verdict).map_err(|problem| vec![problem])?;
    }
    Ok(verdict)
}

/// The record in what was read.
fn record_in<'n>(source: &Source, tree: &'n Node) -> Result<&'n Node, Problem> {
    if !matches!(tree.kind, Kind::Map(_)) {
        return Err(no_record(
            source,
            tree,
            &format!("it is {}", tree.describe()),
        ));
    }
    let record = if tree.get("_type").is_some() {
        predicate(source, tree)?
    } else if tree.get("payloadType").is_some() && tree.get("payload").is_some() {
        let problem = no_record(
            source,
            tree,
            "it is a signed envelope, which has one inside",
        );
        return Err(problem.help(
            "verify its signature, then give its payload: `jq -r .payload FILE | base64 -d | gonogo report -`",
        ));
    } else if tree.get("log").is_some() && tree.get("record").is_some() {
        logged(source, tree)?
    } else {
        tree
    };
    version(source, record)?;
    Ok(record)
}

/// What a statement says of its subjects.
fn predicate<'n>(source: &Source, tree: &'n Node) -> Result<&'n Node, Problem> {
    for (key, wanted) in [("_type", STATEMENT), ("predicateType", PREDICATE)] {
        let Some(node) = tree.get(key) else {
            return Err(lacking(source, tree, "the statement", key)
                .help(format!("a statement of gonogo has `{key}`: `{wanted}`")));
        };
        if node.scalar().map(|scalar| scalar.text.as_str()) != Some(wanted) {
            let problem = Problem::new(
                Code::BadValue,
                format!("the `{key}` of the statement is not that of a verdict record"),
            );
            return Err(problem
                .at(source, node.span, "another one")
                .help(format!("only `{wanted}` is read")));
        }
    }
    let predicate = tree.get("predicate");
    let predicate =
        predicate.ok_or_else(|| lacking(source, tree, "the statement", "predicate").help(WHICH))?;
    if let Kind::Map(entries) = &tree.kind
        && let Some(entry) = entries
            .iter()
            .find(|entry| !KEYS.contains(&entry.key.text.as_str()))
    {
        let key = shortened(&entry.key.text, 100).replace('`', "'");
        let message = format!("`{key}` does not belong in a statement");
        return Err(Problem::new(Code::RecordAltered, message)
            .at(source, entry.key_span, "added")
            .help("take the statement from where it was kept, or make it anew with `gonogo report RECORD --format intoto`"));
    }
    Ok(predicate)
}

/// Whether a statement is about what its record is about: whoever verifies a signature looks at its subject alone.
fn about(source: &Source, tree: &Node, verdict: &Verdict) -> Result<(), Problem> {
    let Some(subject) = tree.get("subject") else {
        return Err(lacking(source, tree, "the statement", "subject").help(WHICH));
    };
    let own = serde_json::to_value(statement::subject(verdict)).unwrap_or_default();
    if value(subject).is_some_and(|subject| canonical(&subject) == canonical(&own)) {
        return Ok(());
    }
    let own = shortened(&canonical(&own), 300);
    let message = "the `subject` of the statement is not that of its record";
    Err(Problem::new(Code::RecordAltered, message)
        .at(source, beginning(subject), format!("of this record it is `{own}`"))
        .help("somebody has changed it since: take the statement from where it was kept, or make it anew with `gonogo report RECORD --format intoto`"))
}

/// The record of a line of a log, which must be whole.
fn logged<'n>(source: &Source, tree: &'n Node) -> Result<&'n Node, Problem> {
    log::link(source)?;
    tree.get("record")
        .ok_or_else(|| lacking(source, tree, "the line", "record").help(WHICH))
}

/// Whether it is a record at all, and of the version that is read.
fn version(source: &Source, record: &Node) -> Result<(), Problem> {
    let version = record.get("gonogo").and_then(Node::scalar);
    match version.map(|version| (version.datum(), record.get("gonogo"))) {
        Some((Datum::Int(VERSION), _)) => {}
        Some((Datum::Int(_) | Datum::Double(_), Some(node))) => {
            let told = version.map_or("", |version| version.text.as_str());
            let message =
                format!("a record of version {told}; this program reads version {VERSION}");
            return Err(Problem::new(Code::BadVersion, message)
                .at(source, node.span, "the version")
                .help("read it with the program that wrote it, or one of its version"));
        }
        _ => return Err(no_record(source, record, "it has no version in `gonogo`")),
    }
    if let Some(problem) = untold(source, record) {
        return Err(problem);
    }
    let own = ["verdict", "findings", "digests"];
    if own.iter().any(|key| record.get(key).is_some()) {
        return Ok(());
    }
    Err(no_record(
        source,
        record,
        "it has neither `verdict` nor `findings`",
    ))
}

/// What is wrong with the record of an evaluation that came to no verdict: there is nothing to be read in it.
fn untold(source: &Source, record: &Node) -> Option<Problem> {
    let verdict = record.get("verdict").filter(|verdict| verdict.is_null())?;
    let Kind::List(why) = &record.get("diagnostics")?.kind else {
        return None;
    };
    let text = |node: Option<&Node>| {
        let text = node?.scalar()?.text.lines().next()?.to_owned();
        Some(shortened(&text, 300))
    };
    let first = why.first();
    let code = text(first.and_then(|first| first.get("code")));
    let first = text(first.and_then(|first| first.get("message")));
    let why = match (code, first) {
        (Some(code), Some(first)) => format!(": {code}: {first}"),
        (_, Some(first)) => format!(": {first}"),
        _ => String::new(),
    };
    let name = source.name();
    let message = format!("`{name}` is of an evaluation that came to no verdict{why}");
    Some(
        Problem::new(Code::WrongKind, message)
            .at(source, verdict.span, "no verdict")
            .help("there is nothing to show or to compute again: mend what `diagnostics` says, and evaluate again with `gonogo eval --record FILE`"),
    )
}

/// Whether its exit code is one of its verdict: reports and scripts believe it.
fn fits(source: &Source, record: &Node, verdict: &Verdict) -> Result<(), Problem> {
    let codes = [false, true].map(|limit| ExitCode::of(verdict.verdict, &verdict.causes, limit));
    if codes.iter().any(|code| code.code() == verdict.exit_code) {
        return Ok(());
    }
    let (code, word) = (verdict.exit_code, verdict.verdict.name());
    let span = record
        .get("exit_code")
        .map_or(record.span, |node| node.span);
    let message = format!("the exit code {code} is not that of this {word}");
    Err(Problem::new(Code::BadValue, message)
        .at(source, span, "the exit code")
        .help(WHICH))
}

fn no_record(source: &Source, node: &Node, why: &str) -> Problem {
    let message = format!("`{}` is no verdict record: {why}", source.name());
    Problem::new(Code::WrongKind, message)
        .at(source, beginning(node), "no record")
        .help(WHICH)
}

fn lacking(source: &Source, node: &Node, what: &str, key: &str) -> Problem {
    let message = format!("{what} has no `{key}`");
    Problem::new(Code::MissingKey, message).at(source, beginning(node), "missing here")
}

/// What a file of several lines is, the first of which begins as one of a log does.
fn a_log(source: &Source) -> Problem {
    let end = source.text().find('\n').unwrap_or(source.text().len());
    Problem::new(
        Code::WrongKind,
        format!("`{}` is a log, and no single record", source.name()),
    )
    .at(source, Span::new(0, end), "a line of it")
    .help("take one line out of it, `sed -n 2p LOG | gonogo report -`, or check all of it with `gonogo log verify LOG`")
}

/// Where a value begins: of a map its first key, for it may be all of a file.
fn beginning(node: &Node) -> Span {
    let one = Span::new(node.span.start, node.span.start.saturating_add(1));
    match &node.kind {
        Kind::Map(_) => node.first_key().unwrap_or(one),
        Kind::List(_) => one,
        Kind::Scalar(_) => node.span,
    }
}
