//! All that a report for CI tells, one by one: every finding, what stands against a go without being one, and what was said of
//! the input. No format, and no opinion of its own: what counts was decided before.

use std::collections::BTreeMap;

use super::alike::Apart;
use super::{Told, clip, text, untold};
use crate::explain::reason::{EMPTY, one};
use crate::source::hidden::blank;
use crate::source::{Code, Problem, Severity};
use crate::verdict::record::{RollbackPlan, digest};
use crate::verdict::{Cause, Decision, Finding, Region, Status, Step, Verdict};

/// The id of the case that says that no requirement applies; like all that are built in, no rule can have it.
pub(crate) const EMPTY_ID: &str = "stage.empty";
/// The id of the case that stands for a verdict which nothing else explains.
const REST: &str = "stage.verdict";
/// The id of the case that says that there is no verdict.
const NO_VERDICT: &str = "no-verdict";
/// The id of warnings that have no code.
pub(crate) const WARNING: &str = "warning";

/// How many digits of a fingerprint tell two names apart.
const DIGITS: usize = 8;

/// What stands between the status of a rule that is only watched and what is the matter with it.
pub(crate) const WATCHED: &str = " (watched only): ";

/// What became of a case, as CI knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// There is no verdict.
    Error,
    /// Stands against a go: fired or unmet.
    Failed,
    /// Stands against a go: nobody can tell.
    Unknown,
    /// Stands against a go: not yet.
    Waiting,
    /// Said of what was read.
    Warning,
    /// Not as it should be, but only watched.
    Watched,
    /// Not decided, and not counted.
    Open,
    /// Set aside.
    Waived,
    /// Does not apply.
    Skipped,
    /// As it should be.
    Passed,
}

/// One of them. Its texts are lines that can be printed; only the identity and the finding are as they were given.
pub(crate) struct Case<'t> {
    /// The rule, or the code of a diagnostic.
    pub(crate) rule: String,
    /// The same with its item.
    pub(crate) name: String,
    pub(crate) outcome: Outcome,
    /// What is the matter, in one line.
    pub(crate) says: String,
    /// All there is to say.
    pub(crate) details: Vec<String>,
    /// Where it stands.
    pub(crate) at: Option<Region>,
    pub(crate) finding: Option<&'t Finding>,
    /// The code of a diagnostic.
    pub(crate) code: Option<Code>,
    /// What it is known by from one report to the next, wherever it stands: in hexadecimal, no two alike.
    pub(crate) fingerprint: String,
}

impl Outcome {
    /// Whether a report with it may not be green.
    pub(crate) fn red(self) -> bool {
        self <= Self::Waiting
    }

    fn of(finding: &Finding) -> Self {
        match finding.status {
            Status::Waived => Self::Waived,
            Status::Skipped => Self::Skipped,
            Status::Met | Status::Clear => Self::Passed,
            _ if finding.watch => Self::Watched,
            Status::Fired | Status::Unmet => Self::Failed,
            Status::Unknown if finding.counts => Self::Unknown,
            Status::Pending if finding.counts => Self::Waiting,
            Status::Unknown | Status::Pending => Self::Open,
        }
    }
}

/// All cases: the findings as they are ordered, then what else stands against a go, then what was said of the input. Whatever
/// is no go has one that is red.
pub(crate) fn cases<'t>(told: &Told<'t>) -> Vec<Case<'t>> {
    let mut cases: Vec<Case<'t>> = Vec::new();
    if let Some(verdict) = told.verdict {
        let findings = verdict.findings.iter();
        cases.extend(findings.map(|finding| of_finding(finding, verdict)));
        if verdict.causes.contains(&Cause::Empty) {
            cases.push(plain(EMPTY_ID, Outcome::Failed, EMPTY));
        }
    }
    let shown = |problem: &&Problem| problem.severity == Severity::Error;
    cases.extend(told.problems.iter().filter(shown).map(of_problem));
    let red = cases.iter().any(|case| case.outcome.red());
    if told.exit.code() != 0 && !red {
        let (id, outcome) = match told.verdict {
            Some(_) => (REST, Outcome::Failed),
            None => (NO_VERDICT, Outcome::Error),
        };
        cases.insert(0, plain(id, outcome, &told.reason()));
    }
    cases.extend(warnings(told));
    distinct(&mut cases, told);
    apart(&mut cases);
    cases
}

/// The place of a case; of one that has none the beginning of the policy, as far as that is known.
pub(crate) fn place(case: &Case<'_>, told: &Told<'_>) -> Option<Region> {
    let begin = |file: &str| Region {
        file: file.to_owned(),
        line: 1,
        column: 1,
        end_line: 1,
        end_column: 1,
    };
    let policy = told
        .verdict
        .map_or(told.policy, |verdict| &verdict.policy.path);
    let policy = Some(policy).filter(|policy| !policy.is_empty());
    case.at.clone().or_else(|| policy.map(begin))
}

/// What is to be done for a go, each step in a line with the rules it is for; where no set of steps was found, what to begin
/// with.
pub(crate) fn steps(verdict: &Verdict) -> Vec<String> {
    match Apart::of(verdict) {
        Some(apart) => shown_steps(&apart.shown(verdict)),
        None => shown_steps(verdict),
    }
}

fn shown_steps(verdict: &Verdict) -> Vec<String> {
    if verdict.to_go.is_none() && verdict.verdict != Decision::Go {
        return vec![clip::line(&text::first::first(verdict))];
    }
    let steps = verdict.to_go.iter().flat_map(|to_go| &to_go.steps);
    steps
        .map(|step| {
            let rules: Vec<String> = step.rules.iter().map(|rule| clip::seen(rule)).collect();
            let what = clip::line(&what(step));
            if rules.is_empty() {
                return what;
            }
            clip::line(&format!("{what} ({})", rules.join(", ")))
        })
        .collect()
}

/// The order to roll back; none where there is no rollback, or no plan of one.
pub(crate) fn order(verdict: &Verdict) -> Option<String> {
    let plan = verdict.rollback.as_ref()?;
    (verdict.verdict == Decision::Rollback).then(|| clip::line(&do_now(plan, verdict)))
}

fn do_now(plan: &RollbackPlan, verdict: &Verdict) -> String {
    format!("do now: {}", text::follow::back(plan, verdict))
}

fn of_finding<'t>(finding: &'t Finding, verdict: &Verdict) -> Case<'t> {
    let outcome = Outcome::of(finding);
    let says = match (&finding.waiver, &finding.skipped) {
        (Some(waiver), _) => format!(
            "{} but for a waiver: {} (owner {}, approved by {}, until {})",
            waiver.instead_of.name(),
            waiver.reason,
            waiver.owner,
            waiver.approved_by,
            waiver.expires
        ),
        (None, Some(skipped)) => skipped.clone(),
        (None, None) if finding.status == Status::Skipped => "does not apply".to_owned(),
        (None, None) => matter(finding),
    };
    let says = if finding.watch {
        format!("{}{WATCHED}{says}", finding.status.name())
    } else {
        says
    };
    // What asks for the rollback asks for that before anything else.
    let back = verdict
        .rollback
        .as_ref()
        .filter(|_| verdict.verdict == Decision::Rollback && finding.asks_back());
    let back = back.map(|plan| do_now(plan, verdict));
    let long = finding.name().len() > clip::LINE;
    let seen = long.then(|| short(finding));
    let details = text::details(seen.as_ref().unwrap_or(finding), verdict);
    let details = back.into_iter().chain(details);
    Case {
        rule: clip::name(&finding.rule),
        name: named(&finding.name()),
        outcome,
        says: clip::line(&says),
        details: details
            .chain(asked(finding))
            .map(|line| clip::line(&line))
            .collect(),
        at: finding.at.clone(),
        finding: Some(finding),
        code: None,
        fingerprint: known(finding, verdict),
    }
}

/// What a finding is known by, wherever it stands.
fn known(finding: &Finding, verdict: &Verdict) -> String {
    identity(&[
        "finding",
        &verdict.policy.name,
        &verdict.stage,
        &finding.rule,
        finding.key.as_deref().unwrap_or_default(),
    ])
}

/// What tells a finding from those whose names look like its own: the beginning of its fingerprint.
pub(crate) fn digits(finding: &Finding, verdict: &Verdict) -> String {
    let whole = of_stage(&whose(verdict), &known(finding, verdict), 0);
    whole.chars().take(DIGITS).collect()
}

/// The worst finding in one line. Where the names in it are so long that its value would be cut off, they are cut instead.
pub(crate) fn reason(verdict: &Verdict) -> String {
    match Apart::of(verdict) {
        Some(apart) => shown_reason(&apart.shown(verdict)),
        None => shown_reason(verdict),
    }
}

/// The same of a verdict as it is shown.
pub(crate) fn shown_reason(verdict: &Verdict) -> String {
    let worst = verdict.findings.iter().find(|finding| finding.decisive);
    match worst.filter(|_| verdict.reason.len() > clip::LINE) {
        Some(worst) if verdict.verdict != Decision::Go => {
            format!("{}: {}", clip::seen(&worst.name()), matter(worst))
        }
        _ => verdict.reason.clone(),
    }
}

/// What is the matter with a finding in one line, the names in it cut where it would be too long.
fn matter(finding: &Finding) -> String {
    let line = one(finding);
    if line.len() <= clip::LINE {
        return line;
    }
    one(&short(finding))
}

/// A finding in which no name is so long that nobody sees what stands behind it.
pub(crate) fn short(finding: &Finding) -> Finding {
    let mut short = finding.clone();
    let margin = short.margin.iter_mut().map(|margin| &mut margin.input);
    let values = short.values.iter_mut().map(|operand| &mut operand.expr);
    let unknown = short.unknown.iter_mut();
    let unknown = unknown.flat_map(|gap| [&mut gap.expr, &mut gap.reason]);
    let changes = short.to_change.iter_mut();
    let changes = changes.flat_map(|change| {
        let others = change.and.iter_mut().map(|other| &mut other.input);
        std::iter::once(&mut change.input).chain(others)
    });
    for name in margin.chain(values).chain(unknown).chain(changes) {
        *name = clip::name(name);
    }
    short
}

/// A step in words, the name in it cut where it is very long.
pub(crate) fn what(step: &Step) -> String {
    match &step.change {
        Some(change) if change.input.len() > clip::NAME => {
            step.what.replace(&change.input, &clip::name(&change.input))
        }
        _ => step.what.clone(),
    }
}

/// What to do about a finding, how urgent it is, and what it stands for.
pub(crate) fn asked(finding: &Finding) -> impl Iterator<Item = String> {
    let line =
        |what: &str, text: &Option<String>| text.as_ref().map(|text| format!("{what}: {text}"));
    let list = |what: &str, texts: &[String]| {
        (!texts.is_empty()).then(|| format!("{what}: {}", texts.join(", ")))
    };
    [
        line("severity", &finding.severity),
        line("do", &finding.action),
        list("playbook", &finding.cite),
        list("controls", &finding.controls),
    ]
    .into_iter()
    .flatten()
}

/// A name that is seen: a report without one is turned away.
fn named(name: &str) -> String {
    let name = clip::name(name);
    if blank(&name) { "?".to_owned() } else { name }
}

fn of_problem<'t>(problem: &Problem) -> Case<'t> {
    let label = problem.labels.first();
    // What stands there says more about which one it is than the place, which moves with every line above it.
    let marked = label.map_or(problem.message.as_str(), |label| {
        let marked = label.source.text().get(label.span.start..label.span.end);
        marked.unwrap_or_default()
    });
    let file = label.map_or("", |label| label.source.name().as_ref());
    let code = problem.code.name();
    let help = problem.help.iter().map(|help| format!("help: {help}"));
    let at = untold::region(problem);
    let place = at
        .iter()
        .map(|at| format!("at {}:{}:{}", at.file, at.line, at.column));
    let details = place.chain(help).map(|line| clip::line(&line)).collect();
    Case {
        outcome: match problem.severity {
            Severity::Error => Outcome::Error,
            Severity::Warning => Outcome::Warning,
        },
        says: clip::line(&problem.message),
        details,
        at,
        code: Some(problem.code),
        fingerprint: identity(&["problem", code, file, marked]),
        ..plain(code, Outcome::Warning, "")
    }
}

fn plain<'t>(id: &str, outcome: Outcome, says: &str) -> Case<'t> {
    Case {
        rule: id.to_owned(),
        name: id.to_owned(),
        outcome,
        says: clip::line(says),
        details: Vec::new(),
        at: None,
        finding: None,
        code: None,
        // A warning is known by its text, all others are one of a kind.
        fingerprint: identity(&["plain", id, if id == WARNING { says } else { "" }]),
    }
}

/// What was said of the input. A record has no more than the lines; where the problems are at hand, they have their places.
fn warnings<'t>(told: &Told<'t>) -> Vec<Case<'t>> {
    let problems = told.problems.iter();
    let problems: Vec<&Problem> = problems
        .filter(|problem| problem.severity == Severity::Warning)
        .collect();
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| untold::line(problem))
        .collect();
    let recorded = told.verdict.iter().flat_map(|verdict| &verdict.warnings);
    let others = recorded.filter(|line| !lines.contains(line)).map(|line| {
        let (code, message) = line.split_once(": ").unwrap_or(("", line));
        match Code::ALL.iter().find(|known| known.name() == code) {
            Some(code) => Case {
                code: Some(*code),
                fingerprint: identity(&["problem", code.name(), unplaced(message)]),
                ..plain(code.name(), Outcome::Warning, message)
            },
            None => plain(WARNING, Outcome::Warning, line),
        }
    });
    problems.into_iter().map(of_problem).chain(others).collect()
}

/// A recorded warning without the place behind it.
fn unplaced(message: &str) -> &str {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let placed = |place: &str| {
        let mut parts = place.trim_end_matches(')').rsplitn(3, ':');
        let numbers = [parts.next(), parts.next()];
        parts.next().is_some() && numbers.iter().all(|part| part.is_some_and(number))
    };
    match message.rsplit_once(" (") {
        Some((message, place)) if place.ends_with(')') && placed(place) => message,
        _ => message,
    }
}

/// A digest of some texts, none of which can pass for a part of another.
fn identity(parts: &[&str]) -> String {
    let whole: String = parts
        .iter()
        .map(|part| format!("{}:{part}", part.len()))
        .collect();
    hexadecimal(&whole)
}

fn hexadecimal(text: &str) -> String {
    digest(text.as_bytes()).replacen("sha256:", "", 1)
}

fn whose(verdict: &Verdict) -> String {
    identity(&[&verdict.policy.name, &verdict.stage])
}

fn of_stage(whose: &str, fingerprint: &str, count: u32) -> String {
    hexadecimal(&format!("{whose}{fingerprint}{count}"))
}

/// Makes each fingerprint one of a policy and stage, and the second of two that are alike another one.
fn distinct(cases: &mut [Case<'_>], told: &Told<'_>) {
    let whose = told.verdict.map_or_else(String::new, whose);
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for case in cases {
        let count = seen.entry(case.fingerprint.clone()).or_default();
        case.fingerprint = of_stage(&whose, &case.fingerprint, *count);
        *count = count.saturating_add(1);
    }
}

/// Makes the names of findings different that only look alike: what cannot be shown was replaced in them.
fn apart(cases: &mut [Case<'_>]) {
    let mut names: BTreeMap<String, u32> = BTreeMap::new();
    let findings = || cases.iter().filter(|case| case.finding.is_some());
    for case in findings() {
        let count = names.entry(case.name.clone()).or_default();
        *count = count.saturating_add(1);
    }
    let alike = |name: &str| names.get(name).is_some_and(|count| *count > 1);
    for case in cases.iter_mut() {
        if case.finding.is_some() && alike(&case.name) {
            let digits = case.fingerprint.get(..DIGITS).unwrap_or_default();
            case.name = format!("{} #{digits}", case.name);
        }
    }
    placed(cases);
}

/// Makes the names of errors of a kind different, by their places, else by their numbers: who merges tests of one name would
/// show one of them.
fn placed(cases: &mut [Case<'_>]) {
    let mut count: BTreeMap<String, u32> = BTreeMap::new();
    let errors = |case: &&mut Case<'_>| case.outcome == Outcome::Error;
    for case in cases.iter_mut().filter(errors) {
        let count = count.entry(case.name.clone()).or_default();
        *count = count.saturating_add(1);
    }
    let mut known: BTreeMap<String, u32> = BTreeMap::new();
    for case in cases.iter_mut().filter(errors) {
        if count.get(&case.name).is_none_or(|count| *count < 2) {
            continue;
        }
        if let Some(at) = &case.at {
            let place = format!("{} at {}:{}:{}", case.name, at.file, at.line, at.column);
            case.name = clip::line(&place);
        }
        let number = known.entry(case.name.clone()).or_default();
        *number = number.saturating_add(1);
        if *number > 1 || case.at.is_none() {
            case.name = format!("{} {number}", case.name);
        }
    }
}
