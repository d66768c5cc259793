//! `-A`, `-W` and `-D`: levels of lints in the order in which they were given, so that the later one wins.

use clap::{Arg, ArgAction, ArgMatches, Command};
use gonogo::policy::lint::level::{LINTS, Level, lints, names};
use gonogo::source::Code;
use gonogo::source::problem::nearest;

/// The levels that were given, each group as its lints.
#[derive(Clone, Debug, Default)]
pub(super) struct Levels(pub(super) Vec<(Code, Level)>);

/// The flags: name, letter, level, help.
const FLAGS: [(&str, char, Level, &str); 3] = [
    (
        "allow",
        'A',
        Level::Allow,
        "Do not tell what this lint finds; repeatable, the later of -A, -W and -D wins",
    ),
    (
        "warn",
        'W',
        Level::Warn,
        "Tell it as a warning; also `all`, or `pedantic`: the lints that are off by default",
    ),
    ("deny", 'D', Level::Deny, "Tell it as an error"),
];

/// Every lint with its default level and what it finds.
pub(super) fn list() -> String {
    let rows = LINTS.iter().map(|(code, level)| {
        format!(
            "{:<20} {:<6} {}\n",
            code.name(),
            level.name(),
            code.meaning()
        )
    });
    rows.collect()
}

fn parse(name: &str) -> Result<Vec<Code>, String> {
    let found = lints(name);
    if !found.is_empty() {
        return Ok(found);
    }
    Err(nearest(name, names()).map_or_else(
        || "`gonogo check --list-lints` lists them".to_owned(),
        |near| format!("did you mean `{near}`?"),
    ))
}

impl clap::Args for Levels {
    fn augment_args(command: Command) -> Command {
        let flags = FLAGS.map(|(name, letter, _, help)| {
            Arg::new(name)
                .short(letter)
                .long(name)
                .value_name("LINT")
                .action(ArgAction::Append)
                .value_parser(parse)
                .conflicts_with("policy")
                .help(help)
        });
        command.args(flags)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for Levels {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut given: Vec<(usize, &Vec<Code>, Level)> = Vec::new();
        for (name, _, level, _) in FLAGS {
            let values = matches.get_many::<Vec<Code>>(name).into_iter().flatten();
            let places = matches.indices_of(name).into_iter().flatten();
            given.extend(places.zip(values).map(|(at, codes)| (at, codes, level)));
        }
        given.sort_by_key(|(at, ..)| *at);
        let codes = given
            .into_iter()
            .flat_map(|(_, codes, level)| codes.iter().map(move |code| (*code, level)));
        Ok(Self(codes.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
