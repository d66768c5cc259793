//! The first lines of a report of what is no go: why, and what to do next. Never more than five lines with the head.

use std::fmt::Write as _;

use super::follow::back;
use super::{INDENT, WIDTH, printable};
use crate::explain::reason;
use crate::report::case;
use crate::report::next::fill;
use crate::report::wrap::wrap;
use crate::verdict::{Decision, Finding, Lack, Status, Step, StepKind, Verdict};

/// How many lines the head and these have together.
const LINES: usize = 5;
/// How long names may be where they do not fit as they are.
const NAMES: [usize; 3] = [48, 28, 16];
/// What stands before the step to begin with.
const BEGIN: &str = "begin with: ";
/// The most lines of the reason.
const REASON: usize = 2;

/// Writes why it is no go, on a rollback where it goes, and what would make it a go; whether all steps are told.
pub(super) fn lines(out: &mut String, verdict: &Verdict) -> bool {
    if verdict.verdict == Decision::Go {
        return true;
    }
    let width = WIDTH.saturating_sub(INDENT);
    let head = out.lines().count();
    let back = verdict
        .rollback
        .as_ref()
        .filter(|_| verdict.verdict == Decision::Rollback)
        .map(|plan| order(&printable(&back(plan, verdict)), width));
    let told = printable(&case::shown_reason(verdict));
    let reason = back
        .as_ref()
        .filter(|_| head > 1)
        .and_then(|_| shortened(&told, 1, width))
        .unwrap_or_else(|| fit(&[told], "", REASON, width).0);
    let back = back.unwrap_or_default();
    let left = LINES
        .saturating_sub(head)
        .saturating_sub(reason.len())
        .saturating_sub(back.len());
    block(out, "because", &reason);
    block(out, "do now", &back);
    if left == 0 {
        // All of it stands below the counts.
        return verdict.to_go.is_none();
    }
    let (steps, all) = match &verdict.to_go {
        Some(to_go) => {
            // Where there is no room, what is asked of a command's data is told in full below, and with the finding.
            let short = |one: &Step| {
                let text = step(one);
                let short = text
                    .split_once(", where ")
                    .map(|(short, _)| short.to_owned());
                short
                    .filter(|_| one.kind == StepKind::Evidence)
                    .unwrap_or(text)
            };
            let whole: Vec<String> = to_go.steps.iter().map(step).collect();
            let parts: Vec<String> = to_go.steps.iter().map(short).collect();
            let told = fit(&whole, "; ", left, width);
            if told.1 {
                told
            } else {
                (fit(&parts, "; ", left, width).0, false)
            }
        }
        None => {
            let told = first(verdict);
            // What to begin with says by itself that it is not all.
            let begin = told.find(BEGIN).and_then(|at| told.get(at..));
            let fitting = whole(std::slice::from_ref(&told), "", left, width);
            let fitting = fitting.or_else(|| whole(&[begin?.to_owned()], "", left, width));
            (
                fitting.unwrap_or_else(|| fit(&[told], "", left, width)).0,
                true,
            )
        }
    };
    block(out, "to go", &steps);
    all
}

/// Writes every step on lines of its own.
pub(super) fn steps(out: &mut String, verdict: &Verdict) {
    let Some(to_go) = &verdict.to_go else { return };
    let width = WIDTH.saturating_sub(INDENT);
    for (index, one) in to_go.steps.iter().enumerate() {
        let label = if index == 0 { "to go" } else { "" };
        let rules: Vec<String> = one.rules.iter().map(|rule| printable(rule)).collect();
        let text = format!("{}  ({})", step(one), rules.join(", "));
        for (line, text) in wrap(&text, width.saturating_sub(2), 0).iter().enumerate() {
            let (label, inner) = if line == 0 { (label, "") } else { ("", "  ") };
            let _ = writeln!(out, "{label:<INDENT$}{inner}{text}");
        }
    }
}

fn block(out: &mut String, label: &str, lines: &[String]) {
    for (index, line) in lines.iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        let _ = writeln!(out, "{label:<INDENT$}{line}");
    }
}

fn step(step: &Step) -> String {
    printable(&step.what)
}

/// As many parts as fit into so many lines, and how many more there are; whether these are all. The first part is told in
/// any case, cut where it must be.
fn fit(parts: &[String], between: &str, most: usize, width: usize) -> (Vec<String>, bool) {
    let most = most.max(1);
    if let Some(fitting) = whole(parts, between, most, width) {
        return fitting;
    }
    // Names are cut before anything else is: a value or a limit never.
    for longest in NAMES {
        let short: Vec<String> = parts.iter().map(|part| names(part, longest)).collect();
        if let Some((lines, _)) = whole(&short, between, most, width) {
            return (lines, false);
        }
    }
    cut(parts, between, most, width)
}

/// Where a rollback goes, in one line: as much of it as fits, for all of it stands below.
fn order(text: &str, width: usize) -> Vec<String> {
    if text.chars().count() <= width {
        return vec![text.to_owned()];
    }
    let mut ends: Vec<usize> = text.match_indices(", ").map(|(at, _)| at).collect();
    ends.reverse();
    let mut short = ends.into_iter().filter_map(|end| {
        let line = format!("{}, …", text.get(..end)?);
        (line.chars().count() <= width).then_some(line)
    });
    short.next().map_or_else(
        || fit(&[text.to_owned()], "", 1, width).0,
        |line| vec![line],
    )
}

/// One part in so many lines, with its names cut where they must be; none where that is not enough.
fn shortened(part: &str, most: usize, width: usize) -> Option<Vec<String>> {
    let short = NAMES.into_iter().map(|longest| names(part, longest));
    let mut all = std::iter::once(part.to_owned()).chain(short);
    all.find_map(|text| Some(whole(&[text], "", most, width)?.0))
}

/// As many parts as fit whole.
fn whole(
    parts: &[String],
    between: &str,
    most: usize,
    width: usize,
) -> Option<(Vec<String>, bool)> {
    for count in (1..=parts.len()).rev() {
        let told = parts.get(..count).unwrap_or_default().join(between);
        let more = parts.len().saturating_sub(count);
        let text = match more {
            0 => told,
            1 => format!("{told}{between}1 more step, below"),
            more => format!("{told}{between}{more} more steps, below"),
        };
        let lines = wrap(&text, width, 0);
        let fits = lines.iter().all(|line| line.chars().count() <= width);
        if lines.len() <= most && fits {
            return Some((lines, more == 0));
        }
    }
    None
}

/// A text with its words cut to so many characters; what stands in quotes is one word with what it touches.
fn names(text: &str, longest: usize) -> String {
    let quotes = text.matches('"').count().is_multiple_of(2);
    let mut words = vec![String::new()];
    let mut quoted = false;
    let mut escaped = false;
    for c in text.chars() {
        quoted ^= quotes && c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        if c.is_whitespace() && !quoted {
            words.push(String::new());
        } else if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    let words = words.iter().map(|word| {
        let size = word.chars().count();
        if size <= longest {
            return word.clone();
        }
        let end: String = if word.ends_with("\"]") { "\"]" } else { "" }.to_owned();
        let room = longest.saturating_sub(end.len()).saturating_sub(1);
        let kept: String = word.chars().take(room).collect();
        format!("{kept}…{end}")
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The first part, cut where it must be.
fn cut(parts: &[String], between: &str, most: usize, width: usize) -> (Vec<String>, bool) {
    let mut text = parts.first().cloned().unwrap_or_default();
    let whole = parts.len() == 1;
    let more = if whole {
        String::new()
    } else {
        format!("{between}{} more, below", parts.len().saturating_sub(1))
    };
    // Lines break where words allow: what is cut is cut to surely fit.
    let room = width.saturating_mul(most).saturating_sub(more.len());
    let mut room = room.saturating_sub(2);
    loop {
        let cut: String = text.chars().take(room).collect();
        let shorter = cut.chars().count() < text.chars().count();
        let dots = if shorter { "…" } else { "" };
        let lines = wrap(&format!("{cut}{dots}{more}"), width, 0);
        let fits = lines.iter().all(|line| line.chars().count() <= width);
        if (lines.len() <= most && fits) || room < 8 {
            return (lines.into_iter().take(most).collect(), false);
        }
        if !fits {
            // A word that is wider than a line is broken.
            text = broken(&text, width);
        }
        room = room.saturating_sub(4);
    }
}

/// A text with blanks in words that are wider than a line.
fn broken(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut run = 0_usize;
    for c in text.chars() {
        run = if c.is_whitespace() {
            0
        } else {
            run.saturating_add(1)
        };
        if run >= width {
            out.push(' ');
            run = 1;
        }
        out.push(c);
    }
    out
}

/// What to begin with, where no set of steps was found: what the worst finding says.
pub(in crate::report) fn first(verdict: &Verdict) -> String {
    let worst = verdict.findings.iter().find(|finding| finding.decisive);
    let first = worst.and_then(begin);
    match (first, worst.and_then(needed)) {
        (Some(first), _) => format!("no steps were found for all of it; {BEGIN}{first}"),
        (None, Some(needed)) => format!("no steps were found: {needed}"),
        (None, None) => "no steps were found that would make it go".to_owned(),
    }
}

/// What a condition must be, where nothing is known of how.
fn needed(finding: &Finding) -> Option<String> {
    let must = match finding.status {
        Status::Unmet | Status::Pending => "asks for",
        Status::Fired => "stops at",
        _ => return None,
    };
    let expr = printable(finding.expr.as_ref()?);
    Some(format!("{} {must} {expr}", printable(&finding.name())))
}

/// The next step for one finding.
fn begin(finding: &Finding) -> Option<String> {
    let name = printable(&finding.name());
    if finding.checkpoint.is_some() && finding.status != Status::Pending {
        // Judged once, for good.
        return Some("enter the stage again".to_owned());
    }
    // What is unknown comes before what it would have to be: it may be nothing that anybody sets.
    let unknown = finding.unknown.first().map(|gap| printable(&fill(gap)));
    if let Some(gap) = unknown
        .clone()
        .filter(|_| finding.status == Status::Unknown)
    {
        return Some(gap);
    }
    if let Some(way) = finding.to_change.first() {
        return Some(printable(&reason::way(finding, way)));
    }
    let lack = |lack: &Lack| {
        let role = lack.role.as_ref().map(|role| format!(" of role {role}"));
        let role = role.unwrap_or_default();
        let cannot = if lack.too_few {
            ", but too few who are listed can give it"
        } else {
            ""
        };
        printable(&format!(
            "{} {}{role} for {name}{cannot}",
            lack.count,
            lack.named()
        ))
    };
    let missing = finding.proof.as_ref();
    if let Some(missing) = missing.and_then(|proof| proof.missing.first()) {
        return Some(lack(missing));
    }
    if let Some(at) = finding.met_at {
        return Some(format!("wait for {name} until {at}"));
    }
    if finding.latched {
        return Some(format!("clear {name}, and enter the stage again"));
    }
    unknown
}
