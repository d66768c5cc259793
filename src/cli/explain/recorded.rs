//! A record in full: every finding of it, or those of one rule. Evaluates nothing.

use std::collections::BTreeSet;

use gonogo::report::text::{self, Style};
use gonogo::source::problem::nearest;
use gonogo::source::{Code, Problem};
use gonogo::verdict::{ExitCode, Verdict};

use crate::cli::judge::Refused;
use crate::cli::record::record;

/// What there is to say of a record, or of one rule of it.
pub(super) fn explained(path: &str, rule: Option<&str>, color: bool) -> Result<String, Refused> {
    let verdict = record(path)?;
    if let Some(rule) = rule {
        known(&verdict, rule).map_err(|problem| (ExitCode::Usage, vec![problem]))?;
    }
    let rules: Vec<String> = rule.map(ToOwned::to_owned).into_iter().collect();
    let style = Style {
        color,
        rules: &rules,
        full: true,
        ..Style::default()
    };
    Ok(text::report(&verdict, style))
}

/// Whether a record has a rule, or an item of one, of this name.
fn known(verdict: &Verdict, rule: &str) -> Result<(), Problem> {
    let names: BTreeSet<String> = verdict
        .findings
        .iter()
        .flat_map(|finding| [finding.rule.clone(), finding.name()])
        .collect();
    if names.contains(rule) {
        return Ok(());
    }
    let message = format!("the record has no finding of a rule `{rule}`");
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let help = match (nearest(rule, names.iter().copied()), names.as_slice()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => "it has no findings".to_owned(),
        (None, names) => format!("there are {}", names.join(", ")),
    };
    Err(Problem::new(Code::UnknownRule, message).help(help))
}
