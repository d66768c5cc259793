//! What came of checking a log, for people and for programs. Never says more than a chain of digests can tell.

use std::fmt::Write as _;

use serde::Serialize;

use super::clip;
use crate::source::visible::pretty;
use crate::verdict::log::Audit;
use crate::verdict::log::chain::{Kept, Told};

/// What is told of every log that is whole.
const BLIND: &str = "not found by this: records taken from the end, and records changed with all digests from there to the end made anew";

/// For people.
#[must_use]
pub fn text(name: &str, audit: &Audit) -> String {
    let word = if audit.whole { "WHOLE" } else { "BROKEN" };
    let lines = counted(audit);
    let mut out = format!("{word:<10}{}   {lines}\n", clip::name(name));
    for found in &audit.findings {
        let _ = writeln!(out, "line {:<5}{}", found.line, found.what);
    }
    if audit.more > 0 {
        let _ = writeln!(out, "          … and {} more lines", audit.more);
    }
    for (what, told) in [("first", &audit.first), ("last", &audit.last)] {
        if let Some(told) = told {
            let _ = writeln!(out, "{what:<10}{}", one(told));
        }
    }
    if let Some(head) = &audit.head {
        let _ = writeln!(out, "head      {head}");
    }
    match audit.kept {
        Some(Kept::Last) => {
            out.push_str("          it is the head that was kept: nothing is missing at the end\n");
        }
        Some(Kept::Inside) => {
            let _ = writeln!(
                out,
                "          the head that was kept is that of record {}: what came since is behind it",
                audit.kept_seq.unwrap_or_default()
            );
        }
        Some(Kept::Nowhere) => out.push_str(
            "kept      no line has the head that was kept: records were taken from the end,\n          or the log was written anew\n",
        ),
        None => {
            let _ = writeln!(out, "note      not found by this: records taken from the end, and records changed with all digests\n          from there to the end made anew; keep the head elsewhere, and give it with --head");
        }
    }
    out
}

fn counted(audit: &Audit) -> String {
    // Whether each line is a record is known of a whole log only.
    let what = if audit.whole { "record" } else { "line" };
    let plural = if audit.lines == 1 { "" } else { "s" };
    format!("{} {what}{plural}", audit.lines)
}

/// A record in a line.
fn one(told: &Told) -> String {
    let named: Vec<String> = told.subject.named().map(clip::name).collect();
    let mut line = format!(
        "{}  {}  {}  {} @ {}",
        told.seq,
        told.now,
        told.verdict.name(),
        clip::name(&told.policy),
        clip::name(&told.stage)
    );
    if !named.is_empty() {
        line.push_str("  ");
        line.push_str(&named.join(" "));
    }
    line
}

#[derive(Serialize)]
struct Json<'a> {
    file: &'a str,
    #[serde(flatten)]
    audit: &'a Audit,
    not_found_by_this: &'static str,
}

/// For programs: indented JSON with a line end.
#[must_use]
pub fn json(name: &str, audit: &Audit) -> String {
    pretty(&Json {
        file: name,
        audit,
        not_found_by_this: BLIND,
    })
}
