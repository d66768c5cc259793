//! What the tests of a run cover of its policies, with tests that would show what none shows. It counts nothing itself.

use std::path::PathBuf;

use gonogo::suite::Suite;
use gonogo::suite::coverage::{Coverage, Kind, Seen, Uncovered, fixtures};
use gonogo::suite::report::coverage;

use super::arguments::{Arguments, CoverageFormat, Format};
use super::parallel::each;
use super::ran::Ran;
use crate::cli::progress::Progress;

/// What is covered of all policies.
#[derive(Debug)]
pub(super) struct Covered {
    /// Of each policy, in the order of their first suites.
    pub(super) policies: Vec<Coverage>,
    /// What no test shows.
    pub(super) uncovered: Vec<Uncovered>,
    /// The kinds that people are told of.
    kinds: Vec<Kind>,
}

/// The suites of one policy, by its file.
struct Group<'r> {
    policy: PathBuf,
    suites: Vec<&'r Suite>,
    seen: Seen,
}

impl Covered {
    /// Of a run, if it is asked for.
    pub(super) fn of(ran: &Ran, arguments: &Arguments) -> Option<Self> {
        if !arguments.covers() {
            return None;
        }
        let groups = groups(ran);
        let mut policies = Vec::new();
        // Those of one rule together: one test often shows several.
        let mut sought: Vec<(Vec<Uncovered>, usize)> = Vec::new();
        let kinds = kinds(arguments);
        for (index, group) in groups.iter().enumerate() {
            let policy = group
                .suites
                .first()
                .and_then(|suite| suite.policies.first());
            let Some((_, policy)) = policy else { continue };
            let coverage = Coverage::of(policy, &group.seen);
            let mut uncovered = coverage.uncovered();
            uncovered.retain(|one| kinds.contains(&one.kind));
            let of_one = uncovered.chunk_by(Uncovered::about_the_same);
            sought.extend(of_one.map(|sides| (sides.to_vec(), index)));
            policies.push(coverage);
        }
        let progress = Progress::new(!arguments.quiet && !arguments.no_progress);
        let progress = progress.count("looking for tests", sought.len());
        // Nobody is shown them in a quiet report, or by lcov.
        let told = !arguments.quiet && arguments.coverage != Some(CoverageFormat::Lcov);
        let wanted = (told || written_as_json(arguments)) && !arguments.no_suggestions;
        let find = |(): &mut (), index: usize| {
            let (mut uncovered, group) = sought[index].clone();
            let suites = groups[group].suites.iter();
            if wanted {
                suites.for_each(|suite| fixtures(&mut uncovered, suite));
            }
            progress.add();
            uncovered
        };
        let (found, _) = each(sought.len(), arguments.threads(), || (), find, |_| false);
        Some(Self {
            policies,
            uncovered: found.into_iter().flatten().collect(),
            kinds,
        })
    }

    /// For people; nothing where only a file in lcov's format is asked for.
    pub(super) fn text(&self, quiet: bool) -> String {
        if self.kinds.is_empty() {
            return String::new();
        }
        let uncovered: &[Uncovered] = if quiet { &[] } else { &self.uncovered };
        coverage::text(&self.policies, uncovered, &self.kinds)
    }

    /// For programs.
    pub(super) fn data(&self) -> coverage::Covered {
        coverage::Covered::of(&self.policies, self.uncovered.clone())
    }

    /// Where a minimum is not reached.
    pub(super) fn below(&self, minimums: &[(super::arguments::Kind, f64)]) -> Vec<String> {
        let mut below = Vec::new();
        for coverage in &self.policies {
            for (kind, least) in minimums {
                let kind = kind.kind();
                let total = coverage.totals.of(kind);
                // Of the counts: the share that is told is cut.
                if double(total.covered) * 100.0 < least * double(total.of) {
                    below.push(format!(
                        "{} of `{}`: {} of {} are covered, {}%, less than {least}%",
                        kind.name(),
                        coverage.path,
                        total.covered,
                        total.of,
                        total.percent
                    ));
                }
            }
        }
        below
    }
}

/// The suites of each policy.
pub(super) fn suites(ran: &Ran) -> Vec<Vec<&Suite>> {
    groups(ran).into_iter().map(|group| group.suites).collect()
}

fn groups(ran: &Ran) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (index, opened) in ran.opened.iter().enumerate() {
        let Ok(suite) = &opened.suite else { continue };
        // A policy whose tests were not chosen is not asked about.
        if !ran.chosen.iter().any(|(chosen, _)| *chosen == index) {
            continue;
        }
        let policy = opened.policy.canonicalize();
        let policy = policy.unwrap_or_else(|_| opened.policy.clone());
        let seen = ran.seen.get(index).cloned().unwrap_or_default();
        match groups.iter_mut().find(|group| group.policy == policy) {
            Some(group) => {
                group.suites.push(suite);
                group.seen.merge(seen);
            }
            None => groups.push(Group {
                policy,
                suites: vec![suite],
                seen,
            }),
        }
    }
    groups
}

/// The kinds that are told of: all, or those that have a minimum where nobody asks for more.
fn kinds(arguments: &Arguments) -> Vec<Kind> {
    let all = arguments.coverage.is_some() || written_as_json(arguments);
    let asked = |kind: &Kind| {
        let mut minimums = arguments.min_coverage.iter();
        all || minimums.any(|(minimum, _)| minimum.kind() == *kind)
    };
    Kind::ALL.into_iter().filter(asked).collect()
}

fn written_as_json(arguments: &Arguments) -> bool {
    let mut written = arguments.report.iter().map(|(format, _)| *format);
    arguments.coverage == Some(CoverageFormat::Json)
        || arguments.format == Format::Json
        || written.any(|format| format == Format::Json)
}

#[expect(clippy::cast_precision_loss, reason = "nobody writes so many rules")]
fn double(count: u64) -> f64 {
    count as f64
}
