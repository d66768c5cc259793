//! The command line of gonogo: files, clock and exit codes around a pure library.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
