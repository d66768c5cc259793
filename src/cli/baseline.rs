//! `--baseline NAME=PATH` and `--baseline NAME=DOCUMENT=FILE`: which baseline of the policy each names. Reads nothing.

use gonogo::snapshot::Layout;
use gonogo::snapshot::baseline::named;
use gonogo::source::Problem;

use super::files::Role;
use super::given::Given;

/// What each argument is given for, and what it gives.
pub(super) fn roles(
    arguments: &[(String, Given)],
    layout: &Layout,
) -> Result<Vec<(Role, Given)>, Problem> {
    let roles = arguments.iter().map(|(name, path)| {
        let index = named(layout, name)?;
        let live = layout
            .baselines()
            .get(index)
            .is_some_and(|baseline| baseline.live);
        let role = if live {
            Role::Live(index)
        } else {
            Role::Apart(index)
        };
        Ok((role, path.clone()))
    });
    roles.collect()
}
