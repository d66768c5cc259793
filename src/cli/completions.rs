//! `gonogo completions`: what a shell completes a command line with, out of the same description as the help.

use clap::builder::PossibleValuesParser;
use clap_complete::Shell;
use gonogo::policy::lint::level::names;
use gonogo::report::Format;
use gonogo::source::Code;
use gonogo::verdict::ExitCode;

use super::{Printed, command, print};

const AFTER_HELP: &str = "\
Examples:
  gonogo completions bash > ~/.local/share/bash-completion/completions/gonogo
  gonogo completions zsh > ~/.zfunc/_gonogo          # where fpath has ~/.zfunc
  gonogo completions fish > ~/.config/fish/completions/gonogo.fish
  gonogo completions powershell >> $PROFILE
  source <(gonogo completions bash)                  # in this shell only

Commands and flags are completed; by bash, zsh and fish also the names that they take: formats, codes of diagnostics, \
lints, shells.

Exit codes: 0 printed, 2 usage.";

/// Where the script for bash knows the word before the one that is completed.
const PREVIOUS: &str = "    prev=\"$3\"\n";
/// To bash the sign in `--format=json` is a word of its own.
const EQUALS: &str = r#"    if [[ "$prev" == "=" ]]; then
        prev="${COMP_WORDS[COMP_CWORD-2]}"
    elif [[ "$cur" == "=" || "${COMP_WORDS[COMP_CWORD]}" == "=" ]]; then
        cur=""
    fi
"#;

/// Behind `junit=` a path follows, and no blank.
const OPEN: &str = r#"_gonogo_open() {
    _gonogo "$@"
    if [[ "${#COMPREPLY[@]}" -eq 1 && "${COMPREPLY[0]}" == *= ]]; then
        compopt -o nospace
    fi
}

"#;

/// Print what completes a command line, for a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The shell.
    shell: Shell,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> ExitCode {
    let mut script = Vec::new();
    let mut command = named();
    clap_complete::generate(arguments.shell, &mut command, "gonogo", &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    match arguments.shell {
        Shell::Fish => script.push_str(&positionals(&command)),
        Shell::Bash => {
            script = script.replace(PREVIOUS, &format!("{PREVIOUS}{EQUALS}"));
            script = script.replace("complete -F _gonogo ", "complete -F _gonogo_open ");
            script.insert_str(0, OPEN);
        }
        _ => {}
    }
    print(&Printed::Made(&script));
    ExitCode::Success
}

/// All commands, where an argument takes one of many names with those names: no help would have room for them.
fn named() -> clap::Command {
    let codes = || PossibleValuesParser::new(Code::ALL.iter().map(|code| code.name()));
    let lints = || PossibleValuesParser::new(names());
    command()
        .mut_subcommand("explain", |explain| {
            // A code is what comes first; the rest is told apart by its name.
            let first = explain.get_positionals().next();
            let first = first.map(|arg| arg.get_id().clone());
            explain.mut_args(|arg| {
                if Some(arg.get_id()) == first.as_ref() {
                    arg.value_parser(codes())
                } else {
                    arg
                }
            })
        })
        .mut_subcommand("man", |man| {
            let names = command();
            let names = names.get_subcommands();
            let names: Vec<&str> = names.map(|one| kept(one.get_name().to_owned())).collect();
            man.mut_args(|arg| {
                if arg.is_positional() {
                    arg.value_parser(PossibleValuesParser::new(names.clone()))
                } else {
                    arg
                }
            })
        })
        .mut_subcommand("eval", reports)
        .mut_subcommand("report", reports)
        .mut_subcommand("check", |check| {
            check.mut_args(|arg| match arg.get_id().as_str() {
                "allow" | "warn" | "deny" => arg.value_parser(lints()),
                _ => arg,
            })
        })
}

/// The same, with the formats of reports; a path follows.
fn reports(command: clap::Command) -> clap::Command {
    let formats = Format::ALL.iter();
    let formats: Vec<&str> = formats
        .map(|format| kept(format!("{}=", format.name())))
        .collect();
    command.mut_args(|arg| match arg.get_id().as_str() {
        "report" => arg.value_parser(PossibleValuesParser::new(formats.clone())),
        _ => arg,
    })
}

/// A name for as long as this process lives, which prints a script and ends: the parser takes no other one.
fn kept(name: String) -> &'static str {
    name.leak()
}

/// The names that stand without a flag, for fish: its generator leaves them out.
fn positionals(command: &clap::Command) -> String {
    let mut lines = String::new();
    for below in command
        .get_subcommands()
        .filter(|of| of.get_name() != "help")
    {
        let taken = below.get_positionals().map(clap::Arg::get_possible_values);
        let names = taken.flatten().map(|value| value.get_name().to_owned());
        let names: Vec<String> = names.collect();
        if !names.is_empty() {
            lines.push_str(&format!(
                "complete -c gonogo -n \"__fish_gonogo_using_subcommand {}\" -a \"{}\"\n",
                below.get_name(),
                names.join(" ")
            ));
        }
    }
    lines
}
