//! What `gonogo test` is called with. Decides nothing but what is no argument.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::NonEmptyStringValueParser;
use gonogo::suite::coverage;

const AFTER_HELP: &str = "\
Examples:
  gonogo test                             # every suite below this folder
  gonogo test policies/phase9-canary --filter 'canary-5.test.yaml > the day'
  gonogo test --coverage --min-coverage 100 --min-coverage branches=80
  gonogo test --mutate --min-killed 90    # what change would no test notice
  gonogo test --mutate=error-spike        # … of one rule
  gonogo test --update                    # write approved files, once shown
  gonogo test --watch                     # again at every change, until Ctrl-C
  gonogo test -q --report junit=tests.xml --report lcov=policy.info

Every suite below a folder is run, fixtures of others among them: name the folders whose suites are meant.

Exit codes: 0 all passed; 1 a test failed, or coverage or the share of killed mutants is below its minimum; 2 usage; \
3 a policy is invalid or cannot be read; 4 a suite or a test is, or a file they name; 5 no suite or no test found; the \
greatest that applies.";

/// Test policies against snapshot fixtures.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(in crate::cli) struct Arguments {
    /// Suites, or folders in which they lie: files ending in `.test.yaml`, `.test.yml` or `.test.json`.
    #[arg(value_name = "PATH", default_value = ".", value_parser = path)]
    pub(super) paths: Vec<PathBuf>,
    /// Run only the tests with this in `FILE > NAME`. Repeatable: any of them.
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub(super) filter: Vec<String>,
    /// List the tests, `FILE > NAME` on a line each, and run none.
    #[arg(long, conflicts_with_all = ["watch", "update", "report", "coverage", "min_coverage", "mutate", "fail_fast"])]
    pub(super) list: bool,
    /// Run no further test after the first that does not pass.
    #[arg(long)]
    pub(super) fail_fast: bool,
    /// How many tests run at the same time; by default as many as there are cores. What is reported is the same.
    #[arg(short, long, value_name = "N")]
    pub(super) jobs: Option<NonZeroUsize>,
    /// Run again whenever a suite or a file that it names changes, until Ctrl-C.
    #[arg(long)]
    pub(super) watch: bool,
    /// Write the approved files of tests in which nothing else is wrong, after showing what is new.
    #[arg(long, conflicts_with = "mutate")]
    pub(super) update: bool,
    /// Write no approved file: the default.
    #[arg(long, conflicts_with = "update")]
    pub(super) check: bool,
    /// What to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: Format,
    /// Also write a report to a file, in a format of its own. Repeatable.
    #[arg(long, value_name = "FORMAT=PATH", value_parser = report)]
    pub(super) report: Vec<(Format, PathBuf)>,
    /// Tell what the tests cover of the policy: in the report or, as JSON or lcov, instead of it.
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    pub(super) coverage: Option<CoverageFormat>,
    /// The least percentage that is to be covered, of `rules` if no other kind is named, of each policy. Repeatable.
    #[arg(long, value_name = "[KIND=]PERCENT", value_parser = minimum)]
    pub(super) min_coverage: Vec<(Kind, f64)>,
    /// Change the policy one step at a time and tell which changes no test notices: everywhere, or in a rule. Repeatable.
    #[arg(long, value_name = "[STAGE/]RULE", conflicts_with = "filter", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(super) mutate: Vec<String>,
    /// The least percentage of changes that is to be noticed, in each policy.
    #[arg(long, value_name = "PERCENT", requires = "mutate", value_parser = percent)]
    pub(super) min_killed: Option<f64>,
    /// Leave out the tests that would show what none shows: to find them takes longer than all else.
    #[arg(long)]
    pub(super) no_suggestions: bool,
    /// Print the counts alone.
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// Show no progress; it is shown on a terminal only, of what takes longer than half a second.
    #[arg(long)]
    pub(super) no_progress: bool,
}

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For the test views of CI servers.
    Junit,
    /// What is covered, line by line, for coverage views; nothing else.
    Lcov,
}

/// How coverage is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CoverageFormat {
    /// Within the report.
    Text,
    /// For programs, instead of the report.
    Json,
    /// For coverage views, instead of the report.
    Lcov,
}

/// What is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// Rules seen both to hold and not to hold.
    Rules,
    /// Operands of `&&` and `||` seen to decide both ways.
    Branches,
    /// Limits and lengths of time with a test at and on each side of them.
    Boundaries,
}

impl Kind {
    /// The same, as it is counted.
    pub(super) fn kind(self) -> coverage::Kind {
        match self {
            Self::Rules => coverage::Kind::Rules,
            Self::Branches => coverage::Kind::Branches,
            Self::Boundaries => coverage::Kind::Boundaries,
        }
    }
}

impl Arguments {
    /// Whether anything asks for what is covered.
    pub(super) fn covers(&self) -> bool {
        self.coverage.is_some()
            || !self.min_coverage.is_empty()
            || self.format == Format::Lcov
            || self
                .report
                .iter()
                .any(|(format, _)| *format == Format::Lcov)
    }

    /// How many threads to run on.
    pub(super) fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().ok();
        self.jobs.or_else(cores).map_or(1, NonZeroUsize::get)
    }

    /// What makes no sense together and that nobody else tells.
    pub(super) fn conflict(&self) -> Option<String> {
        let instead = match self.coverage {
            Some(CoverageFormat::Json) => Some("--coverage=json"),
            Some(CoverageFormat::Lcov) => Some("--coverage=lcov"),
            Some(CoverageFormat::Text) | None => None,
        };
        if let Some(instead) = instead.filter(|_| self.format != Format::Text) {
            return Some(format!(
                "{instead} is printed instead of the report: write one of them to a file with --report"
            ));
        }
        if self.list && !matches!(self.format, Format::Text | Format::Json) {
            return Some("--list is printed as text or as JSON".to_owned());
        }
        None
    }
}

fn path(text: &str) -> Result<PathBuf, String> {
    match text {
        "-" => Err(
            "a suite is not read from standard input: the paths in it are from its folder"
                .to_owned(),
        ),
        "" => Err("a path has a name".to_owned()),
        _ => Ok(PathBuf::from(text)),
    }
}

fn report(text: &str) -> Result<(Format, PathBuf), String> {
    match text.split_once('=') {
        Some((format, path)) if !path.is_empty() => Ok((named(format)?, PathBuf::from(path))),
        _ => Err("expected a format and a file: junit=tests.xml".to_owned()),
    }
}

fn minimum(text: &str) -> Result<(Kind, f64), String> {
    let (kind, number) = match text.split_once('=') {
        Some((kind, number)) => (named(kind)?, number),
        None => (Kind::Rules, text),
    };
    Ok((kind, percent(number)?))
}

/// One of some words, as clap itself would tell that it is none.
fn named<T: ValueEnum>(text: &str) -> Result<T, String> {
    T::from_str(text, false).map_err(|_| {
        let values = T::value_variants().iter();
        let names: Vec<String> = values
            .filter_map(|value| Some(value.to_possible_value()?.get_name().to_owned()))
            .collect();
        format!("`{text}` is none of {}", names.join(", "))
    })
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text);
    match number.parse() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent),
        _ => Err("expected a percentage from 0 to 100".to_owned()),
    }
}
