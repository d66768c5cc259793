//! `gonogo eval --cross-check`: a stack large enough for the second engine, and what it says on standard error.

use gonogo::evaluate::{Judgement, conditions};
use gonogo::expr::oracle::{STACK, Second};
use gonogo::policy::Policy;
use gonogo::report::cross_check::{CrossCheck, cross_check};
use gonogo::verdict::ExitCode;

/// Compares every condition of a judgement; the exit code where there may be no verdict.
pub(super) fn run(policy: &Policy, judgement: &Judgement<'_>, quiet: bool) -> Result<(), ExitCode> {
    let conditions = conditions(policy, judgement);
    let compared: Option<CrossCheck> = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || {
                Second::new().map(|second| cross_check(&second, &policy.path, &conditions))
            });
        thread.ok()?.join().ok()?
    });
    let Some(compared) = compared else {
        eprintln!("cross-check: the second engine broke off, so there is no verdict");
        return Err(ExitCode::Bug);
    };
    let result = compared.exit_code().map_or(Ok(()), Err);
    if result.is_err() || !quiet {
        eprint!("{}", gonogo::report::github::harmless(&compared.text()));
    }
    result
}
