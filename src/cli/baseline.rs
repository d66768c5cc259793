//! `--baseline NAME=PATH`: which baseline of the policy each names. Reads nothing.

use gonogo::snapshot::Layout;
use gonogo::snapshot::baseline::named;
use gonogo::source::{Code, Problem};

use super::files::Role;

/// What each argument is given for, and its path.
pub(super) fn roles(
    arguments: &[(String, String)],
    layout: &Layout,
) -> Result<Vec<(Role, String)>, Problem> {
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

/// Says that a baseline's own history is not summarised.
pub(super) fn unsupported(layout: &Layout, index: usize) -> Problem {
    let name = layout
        .baselines()
        .get(index)
        .map_or("", |baseline| baseline.name.as_ref());
    let message = format!("this version does not summarise the history of the baseline `{name}`");
    Problem::new(Code::UnsupportedKey, message).help(format!(
        "give its values in the snapshots, under `baselines`, or let it be compared at the same time: `{{name: {name}, live: true}}`"
    ))
}
