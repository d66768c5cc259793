//! Policies changed one step at a time, and whether any test notices. It makes no change itself.

use gonogo::suite::Suite;
use gonogo::suite::mutate::{Fate, Mutation, Trial, Tried, Unfit, prepare};
use gonogo::suite::report::mutants;
use gonogo::verdict::ExitCode;

use super::arguments::Arguments;
use super::covered;
use super::parallel::each;
use super::ran::Ran;
use crate::cli::progress::Progress;
use crate::cli::{Color, diagnostics, say};

/// What became of the mutants of all policies.
#[derive(Debug)]
pub(super) struct Mutated {
    /// Of each policy that could be changed.
    pub(super) policies: Vec<Mutation>,
    /// How it ends.
    pub(super) code: ExitCode,
}

impl Mutated {
    /// Of a run, if it is asked for.
    pub(super) fn of(ran: &Ran, arguments: &Arguments, color: Color) -> Option<Self> {
        if arguments.mutate.is_empty() {
            return None;
        }
        let rules: Vec<String> = arguments
            .mutate
            .iter()
            .filter(|rule| !rule.is_empty())
            .cloned()
            .collect();
        // Without a name everything is asked for, whatever else is.
        let all = rules.len() < arguments.mutate.len();
        let rules = if all { Vec::new() } else { rules };
        let groups = covered::suites(ran);
        let (trials, code) = trials(&groups, &rules, color);
        let mutants: Vec<(usize, usize)> = trials
            .iter()
            .enumerate()
            .flat_map(|(trial, of)| (0..of.mutants.len()).map(move |mutant| (trial, mutant)))
            .collect();
        let progress = Progress::new(!arguments.quiet && !arguments.no_progress);
        let progress = progress.count("trying changes", mutants.len());
        let work = |(): &mut (), index: usize| {
            let (trial, mutant) = mutants[index];
            let suggests = !arguments.quiet && !arguments.no_suggestions;
            let tried = tried(&trials[trial], mutant, suggests);
            progress.add();
            (trial, tried)
        };
        let (done, _) = each(mutants.len(), arguments.threads(), || (), work, |_| false);
        let mut policies: Vec<Mutation> = trials
            .iter()
            .map(|trial| Mutation {
                policy: trial.policy.clone(),
                tried: Vec::new(),
            })
            .collect();
        for (trial, tried) in done {
            policies[trial].tried.push(tried);
        }
        Some(Self { policies, code })
    }

    /// For people.
    pub(super) fn text(&self, quiet: bool) -> String {
        if !quiet {
            return mutants::text(&self.policies);
        }
        let policies = self.policies.iter();
        let line = |one: &Mutation| format!("{}\n", mutants::summary(&one.policy, one.count()));
        policies.map(line).collect()
    }

    /// Where a minimum is not reached.
    pub(super) fn below(&self, least: Option<f64>) -> Vec<String> {
        let Some(least) = least else {
            return Vec::new();
        };
        let mut below = Vec::new();
        for mutation in &self.policies {
            let count = mutation.count();
            if count.percent().is_some_and(|percent| percent < least) {
                let all = count.killed + count.survived;
                below.push(format!(
                    "mutants of `{}`: {} of {all} are killed, less than {least}%",
                    mutation.policy, count.killed
                ));
            }
        }
        below
    }
}

/// The policies that can be changed; what stands in the way of others is told.
fn trials<'r>(
    groups: &[Vec<&'r Suite>],
    rules: &[String],
    color: Color,
) -> (Vec<Trial<'r>>, ExitCode) {
    let (mut trials, mut code) = (Vec::new(), ExitCode::Success);
    let mut found = vec![false; rules.len()];
    let mut unknown = Vec::new();
    for group in groups {
        // A rule that another policy has is no mistake.
        let mut known = Vec::new();
        for (rule, found) in rules.iter().zip(&mut found) {
            match prepare(group, std::slice::from_ref(rule)) {
                Err(Unfit::Unknown(problem)) => unknown.push((rule, problem)),
                _ => {
                    *found = true;
                    known.push(rule.clone());
                }
            }
        }
        if known.is_empty() && !rules.is_empty() {
            continue;
        }
        match prepare(group, &known) {
            Ok(trial) => trials.push(trial),
            Err(unfit) => {
                say(&unfit.to_string());
                // What it comes of is told, and counted, where the tests are.
                code = code.max(ExitCode::Findings);
            }
        }
    }
    let lost = rules.iter().zip(&found).filter(|(_, found)| !**found);
    let lost: Vec<_> = lost
        .filter_map(|(rule, _)| {
            let mut unknown = unknown.iter();
            unknown
                .find(|(asked, _)| *asked == rule)
                .map(|(_, problem)| problem.clone())
        })
        .collect();
    if !lost.is_empty() {
        diagnostics::report(&lost, color);
        code = code.max(ExitCode::Usage);
    }
    (trials, code)
}

fn tried(trial: &Trial<'_>, mutant: usize, suggests: bool) -> Tried {
    let mutant = &trial.mutants[mutant];
    let fate = trial.try_mutant(mutant);
    let survived = fate == Fate::Survived && suggests;
    Tried {
        suggestion: survived.then(|| trial.suggest(mutant)).flatten(),
        mutant: mutant.clone(),
        fate,
    }
}
