//! `gonogo` alone: what to do next. Nothing was asked, so it is never a success that a pipeline could go on with.

use std::path::Path;

use gonogo::verdict::ExitCode;

use super::say;

const BEGIN: &str = "\
gonogo decides from a policy and snapshots of what is known: go, no-go or
rollback, and says why.

Begin with a policy, a history and tests that pass at once:

  gonogo init checkout

Then, with a policy of your own:

  gonogo check                   is it right: types, units, names
  gonogo test                    does it do what its tests say
  gonogo eval -p . -s SNAPSHOT   go, no-go or rollback: the exit code tells
  gonogo explain CODE            what a diagnostic means
";

const GO_ON: &str = "\
There is a policy in this folder:

  gonogo check                   is it right: types, units, names
  gonogo test                    does it do what its tests say
  gonogo schema snapshot -p .    what a snapshot for it looks like
  gonogo eval -p . -s SNAPSHOT   go, no-go or rollback: the exit code tells
  gonogo checklist -p .          what is asked for, as a list
  gonogo explain CODE            what a diagnostic means
";

const MORE: &str = "\
`gonogo --help` lists all commands, `gonogo COMMAND --help` has examples of one.
Nothing was asked, so this ends with exit code 2.";

/// Tells what to do next.
pub(super) fn run() -> ExitCode {
    let next = if Path::new("policy.yaml").is_file() {
        GO_ON
    } else {
        BEGIN
    };
    say(&format!("{next}\n{MORE}"));
    ExitCode::Usage
}
