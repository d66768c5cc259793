//! The examples of every help are lines that the command line takes. Runs none of them.

use super::command;

/// What stands below `Examples:` in a text, each example on a line of its own.
fn examples(text: &str) -> Vec<String> {
    let block = text.split("Examples:\n").nth(1).unwrap_or_default();
    let block = block.split("\n\n").next().unwrap_or_default();
    let joined = block.replace("\\\n", " ");
    joined.lines().map(|line| line.trim().to_owned()).collect()
}

/// The words of each program that a line of a shell runs, without what is redirected, and without a comment.
fn programs(line: &str) -> Vec<Vec<String>> {
    let mut programs = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut depth = 0_u32;
    for c in line.chars().chain([' ']) {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            // What another command says is one word, whatever stands in it.
            (None, '(') if word.as_deref() == Some("$") => depth += 1,
            (None, ')') if depth > 0 => depth -= 1,
            (None, '(' | ')' | '|' | ';' | '&') if depth == 0 => {
                end(&mut programs, &mut word);
                programs.push(Vec::new());
            }
            (None, '#') if word.is_none() => break,
            (None, ' ') if depth == 0 => end(&mut programs, &mut word),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    assert_eq!((quote, depth), (None, 0), "`{line}` does not end");
    for words in &mut programs {
        while let Some(at) = words
            .iter()
            .position(|word| [">", ">>", "<"].contains(&&**word))
        {
            words.drain(at..(at + 2).min(words.len()));
        }
    }
    programs
}

fn end(programs: &mut [Vec<String>], word: &mut Option<String>) {
    if let (Some(words), Some(word)) = (programs.last_mut(), word.take()) {
        words.push(word);
    }
}

/// A command and all below it, each with the words that call it.
fn all(command: &clap::Command, called: &str, found: &mut Vec<(String, clap::Command)>) {
    found.push((called.to_owned(), command.clone()));
    for below in command.get_subcommands() {
        all(below, &format!("{called} {}", below.get_name()), found);
    }
}

#[test]
fn every_example_of_every_help_is_taken() {
    let mut commands = Vec::new();
    all(&command(), "gonogo", &mut commands);
    assert!(commands.len() > 10);
    for (called, of) in commands {
        if of.has_subcommands() && called != "gonogo" {
            continue;
        }
        let help = of.get_after_help().map(ToString::to_string);
        let examples = examples(&help.unwrap_or_default());
        assert!(!examples.is_empty(), "{called} has no example");
        let mut own = 0;
        for line in examples {
            let programs = programs(&line);
            let ours = programs
                .iter()
                .filter(|words| words.first().is_some_and(|word| word == "gonogo"));
            for words in ours {
                own += u32::from(words.join(" ").starts_with(&called));
                if let Err(error) = command().try_get_matches_from(words) {
                    panic!("{called}: `{line}`\n{words:?}\n{error}");
                }
            }
        }
        assert!(own > 0, "{called} has no example of itself");
    }
}

#[test]
fn the_description_of_the_command_line_is_sound() {
    command().debug_assert();
}

#[test]
fn lines_are_split_as_a_shell_would() {
    let words = |line: &str| -> Vec<String> {
        let programs = programs(line);
        programs.iter().map(|words| words.join("+")).collect()
    };
    assert_eq!(words("a 'b c' \"d\"  # e"), ["a+b c+d"]);
    assert_eq!(words("a > b c | d >> e"), ["a+c", "d"]);
    assert_eq!(words("a --x $(b | c) d"), ["a+--x+$b | c+d"]);
    assert_eq!(words("source <(a b)"), ["source", "a+b", ""]);
}
