//! What became of the mutants of policies: for people every one that no test noticed, each with a test that would; for
//! scripts all of that as data. Never tries one.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use crate::suite::mutate::{Count, Fate, Mutation, Tried};

/// What became of mutants.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MutantsReport {
    /// How many a test noticed.
    pub killed: usize,
    /// The killed of a hundred that could be; null: there are none.
    pub percent: Option<f64>,
    /// Those that no test noticed.
    pub survived: Vec<MutantReport>,
    /// Those that mean what the policy means.
    pub equivalent: Vec<MutantReport>,
}

/// A mutant.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MutantReport {
    /// The policy's name.
    pub policy: String,
    /// The rule, or what else is changed: `let.NAME`, `params.NAME`, `stage.bake`.
    pub rule: String,
    /// The stage in which it is written; null: in none.
    pub stage: Option<String>,
    /// Where: `policy.yaml:58:35`.
    pub place: String,
    /// As it was.
    pub was: String,
    /// As it becomes.
    pub becomes: String,
    /// A test that notices it, one line to be pasted under `tests`; null: none was found.
    pub fixture: Option<String>,
}

/// The mutants of policies as data.
#[must_use]
pub fn data(mutations: &[Mutation]) -> MutantsReport {
    let counts = mutations.iter().map(Mutation::count);
    let count = counts.fold(Count::default(), Count::and);
    let of = |fate: &Fate| -> Vec<MutantReport> {
        let each = mutations.iter().flat_map(|mutation| {
            let met = mutation.tried.iter().filter(|tried| tried.fate == *fate);
            met.map(|tried| mutant(&mutation.policy, tried))
        });
        each.collect()
    };
    MutantsReport {
        killed: count.killed,
        percent: count.percent(),
        survived: of(&Fate::Survived),
        equivalent: of(&Fate::Equivalent),
    }
}

fn mutant(policy: &str, tried: &Tried) -> MutantReport {
    let mutant = &tried.mutant;
    let place = &mutant.place;
    MutantReport {
        policy: policy.to_owned(),
        rule: mutant.rule.to_string(),
        stage: mutant.stage.as_ref().map(ToString::to_string),
        place: format!("{}:{}:{}", place.file, place.line, place.column),
        was: mutant.was.clone(),
        becomes: mutant.becomes.clone(),
        fixture: tried
            .suggestion
            .as_ref()
            .map(|suggestion| suggestion.line.clone()),
    }
}

/// The mutants of policies for people.
#[must_use]
pub fn text(mutations: &[Mutation]) -> String {
    let mut out = String::new();
    for mutation in mutations {
        for tried in &mutation.tried {
            let word = match tried.fate {
                Fate::Survived => "survived",
                Fate::Equivalent => "equivalent",
                Fate::Killed(_) | Fate::Refused => continue,
            };
            let _ = writeln!(out, "{word}  {}", tried.mutant.line());
            if let Some(suggestion) = &tried.suggestion {
                let _ = writeln!(out, "          {}", suggestion.line);
            }
        }
        let _ = writeln!(out, "{}", summary(&mutation.policy, mutation.count()));
    }
    out
}

/// How many mutants met which end: `canary: 41 mutants killed · 3 survived · 2 equivalent · 93.18 % killed`.
#[must_use]
pub fn summary(policy: &str, count: Count) -> String {
    let Count {
        killed,
        survived,
        equivalent,
    } = count;
    // Cut, not rounded: what is called a hundred is a hundred.
    let percent = count
        .percent()
        .map(|percent| (percent * 100.0).floor() / 100.0);
    let percent = percent.map_or_else(
        || "nothing to kill".to_owned(),
        |percent| format!("{percent} % killed"),
    );
    let policy = policy.trim();
    format!(
        "{policy}: {killed} mutants killed · {survived} survived · {equivalent} equivalent · {percent}"
    )
}
