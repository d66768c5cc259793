//! What somebody meets first: the program without arguments, the help of each command, completions, manual pages.

use std::fs;
use std::process::{Command, Stdio};

use gonogo::source::Code;
use gonogo::verdict::ExitCode;

use crate::support::place::{Place, Run, output};

fn approved(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => "snapshots/cli",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { insta::assert_snapshot!(name, text) });
}

/// The commands that a help lists.
fn listed(help: &str) -> Vec<String> {
    let block = help.split_once("Commands:\n").map_or("", |(_, rest)| rest);
    let block = block.split("\n\n").next().unwrap_or_default();
    let names = block.lines().filter_map(|line| line.strip_prefix("  "));
    let names = names.filter(|line| !line.starts_with(' '));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// Every command that does something, with its help.
fn helps() -> Vec<(String, String)> {
    fn walk(words: &str, place: &Place, found: &mut Vec<(String, String)>) {
        let run = place.run(&format!("{words} --help"));
        assert_eq!(run.code, 0, "{}", run.transcript);
        let below = listed(&run.stdout);
        for name in &below {
            walk(format!("{words} {name}").trim(), place, found);
        }
        if below.is_empty() || words.is_empty() {
            found.push((words.to_owned(), run.stdout));
        }
    }
    let mut found = Vec::new();
    walk("", &Place::empty(), &mut found);
    assert!(found.len() > 12, "{found:?}");
    found
}

/// Whether a program is there.
fn there(program: &str, arguments: &[&str]) -> bool {
    let ran = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if ran.is_err() {
        println!("skipped: `{program}` is not installed");
    }
    ran.is_ok()
}

/// What a program says of a text, and whether it is content.
fn asked(program: &str, arguments: &[&str], text: &str) -> (bool, String) {
    let output = output(Command::new(program).args(arguments), text);
    let mut told = String::from_utf8_lossy(&output.stdout).into_owned();
    told.push_str(&String::from_utf8_lossy(&output.stderr));
    (output.status.success(), told)
}

#[test]
fn without_arguments_it_tells_what_to_do_next_and_stops_a_pipeline() {
    let place = Place::empty();
    let run = place.run("");
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    approved("bare", &run.transcript);
    let with = Place::empty().with("policy.yaml", "gonogo: 1\n");
    let run = with.run("");
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    approved("bare-with-a-policy", &run.transcript);
    let steps = |run: &Run| {
        let lines = run
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("  gonogo "));
        let steps = lines.map(|line| line.split("  ").next().unwrap_or_default().to_owned());
        steps.collect::<Vec<String>>()
    };
    // Each of them is a command that there is, and what it says can be done at once can be.
    for step in steps(&run).iter().chain(&steps(&place.run(""))) {
        let name = step.split(' ').next().unwrap_or_default();
        assert_eq!(place.run(&format!("{name} --help")).code, 0, "{step}");
    }
    assert_eq!(place.run("init checkout").code, 0);
}

#[test]
fn every_help_has_examples_that_fit_and_exit_codes_that_there_are() {
    let known: Vec<u8> = ExitCode::ALL.iter().map(|code| code.code()).collect();
    for (command, help) in helps() {
        let (_, examples) = help
            .split_once("\nExamples:\n")
            .unwrap_or_else(|| panic!("{command}: no examples"));
        let examples = examples.split("\n\n").next().unwrap_or_default();
        for line in examples.lines() {
            // Broken by the renderer it could not be copied.
            assert!(line.chars().count() <= 80, "{command}: {line}");
            assert!(line.starts_with("  "), "{command}: `{line}` was broken");
        }
        let (_, codes) = help
            .split_once("\nExit codes: ")
            .unwrap_or_else(|| panic!("{command}: no exit codes"));
        let words = codes.split(|c: char| !c.is_ascii_alphanumeric());
        let codes: Vec<u8> = words.filter_map(|word| word.parse().ok()).collect();
        assert!(codes.contains(&0), "{command}: {codes:?}");
        assert!(codes.contains(&2), "{command}: {codes:?}");
        for code in codes {
            assert!(known.contains(&code), "{command}: {code} is no exit code");
        }
    }
}

#[test]
fn examples_on_shipped_policies_do_what_they_say() {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut count = 0;
    for (_, help) in helps() {
        let examples = help
            .split_once("\nExamples:\n")
            .map_or("", |(_, rest)| rest);
        let examples = examples.split("\n\n").next().unwrap_or_default();
        let shipped = examples
            .lines()
            .filter(|line| line.contains("policies/phase9-canary"));
        for line in shipped.filter(|line| !line.contains("record.json")) {
            let history = "policies/phase9-canary/snapshots/canary-5-healthy.jsonl";
            let line = line.replace("history.jsonl", history);
            let line = line.replace(" > snapshot.schema.json", "");
            let line = line.replacen("gonogo", env!("CARGO_BIN_EXE_gonogo"), 1);
            let run = output(Command::new("sh").args(["-c", &line]).current_dir(root), "");
            let told = String::from_utf8_lossy(&run.stderr);
            let code = run.status.code().expect("an exit code");
            // By the clock nothing recorded goes, and no checklist is complete; all else is fine.
            let asks = line.contains(" eval ") || line.contains(" checklist ");
            let fine = code == 0 || asks && [10, 11].contains(&code);
            assert!(fine, "{line}: {code}\n{told}");
            count += 1;
        }
    }
    assert!(count >= 4, "{count}");
}

#[test]
fn helps_of_what_is_met_first() {
    let place = Place::empty();
    for command in ["init", "completions", "man", "version", "schema"] {
        let run = place.run(&format!("{command} --help"));
        approved(&format!("help-{command}"), &run.transcript);
    }
}

#[test]
fn completions_are_scripts_of_their_shells() {
    let place = Place::empty();
    for (shell, check) in [
        ("bash", &["-n"][..]),
        ("zsh", &["-n"]),
        ("fish", &["--no-execute"]),
        ("powershell", &[]),
        ("elvish", &[]),
    ] {
        let run = place.run(&format!("completions {shell}"));
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{shell}");
        assert!(run.stdout.contains("gonogo"), "{shell}");
        // Names that an argument takes, some of which no help lists; the last two shells are told commands and flags only.
        let names: &[&str] = if check.is_empty() {
            &["checklist", "--no-progress"]
        } else {
            &["type-mismatch", "unused-input", "elvish", "jenkins"]
        };
        for word in names {
            assert!(run.stdout.contains(word), "{shell}: no `{word}`");
        }
        if !check.is_empty() && there(shell, &["-c", "true"]) {
            place.write("script", &run.stdout);
            let script = place.path().join("script").display().to_string();
            let arguments: Vec<&str> = check.iter().copied().chain([script.as_str()]).collect();
            let (fine, told) = asked(shell, &arguments, "");
            assert!(fine && told.is_empty(), "{shell}: {told}");
        }
    }
    let run = place.run("completions tcsh");
    assert_eq!(run.code, 2, "{}", run.transcript);
    assert_eq!(place.run("completions").code, 2);
}

#[test]
fn bash_completes_commands_flags_and_the_names_they_take() {
    if !there("bash", &["-c", "true"]) {
        return;
    }
    let place = Place::empty();
    let script = place.run("completions bash").stdout;
    place.write("gonogo.bash", script);
    let path = place.path().join("gonogo.bash").display().to_string();
    for (line, wanted) in [
        ("gonogo ev", &["eval", "evidence"][..]),
        ("gonogo ini", &["init"]),
        ("gonogo init --ci g", &["github", "gitlab"]),
        ("gonogo eval --form", &["--format"]),
        ("gonogo eval --format js", &["json"]),
        ("gonogo explain type-m", &["type-mismatch"]),
        ("gonogo check --deny unused-in", &["unused-input"]),
        ("gonogo completions f", &["fish"]),
        ("gonogo schema po", &["policy"]),
        ("gonogo eval --nonsuch", &[]),
        ("gonogo eval --format = jsonl", &["jsonl"]),
        ("gonogo eval --report juni", &["junit="]),
        ("gonogo man expl", &["explain"]),
    ] {
        let call = r#"
            source "$1"; read -ra COMP_WORDS <<<"$2"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE=$2
            _gonogo gonogo "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            printf '%s\n' "${COMPREPLY[@]}""#;
        let (_, told) = asked("bash", &["--norc", "-c", call, "bash", &path, line], "");
        let mut found: Vec<&str> = told.lines().filter(|word| !word.is_empty()).collect();
        found.sort_unstable();
        let found: Vec<&str> = if line.ends_with("js") {
            // Whatever other formats there are.
            found.into_iter().filter(|word| *word == "json").collect()
        } else {
            found
        };
        assert_eq!(found, wanted, "{line}");
    }
    // A path follows, and no blank.
    let call = r#"
        compopt() { echo "compopt $*"; }
        source "$1"; COMP_WORDS=(gonogo eval --report "$2"); COMP_CWORD=3
        _gonogo_open gonogo "$2" --report; complete -p gonogo"#;
    for (word, open) in [("juni", true), ("j", false)] {
        let (_, told) = asked("bash", &["--norc", "-c", call, "bash", &path, word], "");
        assert_eq!(told.contains("compopt -o nospace"), open, "{told}");
        assert!(told.contains("-F _gonogo_open"), "{told}");
    }
    // All codes of diagnostics, none forgotten.
    let text = fs::read_to_string(&path).expect("a script");
    for code in Code::ALL {
        assert!(text.contains(code.name()), "{}", code.name());
    }
}

#[test]
fn fish_completes_them_too() {
    if !there("fish", &["-c", "true"]) {
        return;
    }
    let place = Place::empty();
    place.write("gonogo.fish", place.run("completions fish").stdout);
    let script = place.path().join("gonogo.fish").display().to_string();
    for (line, wanted) in [
        ("gonogo ini", "init"),
        ("gonogo init --ci gitl", "gitlab"),
        ("gonogo explain type-m", "type-mismatch"),
        ("gonogo completions elv", "elvish"),
        ("gonogo schema polic", "policy"),
    ] {
        let call = "source $argv[1]; complete -C $argv[2]";
        let (fine, told) = asked("fish", &["--no-config", "-c", call, &script, line], "");
        let mut words = told.lines().filter_map(|line| line.split('\t').next());
        assert!(fine && words.any(|word| word == wanted), "{line}: {told}");
    }
}

#[test]
fn manual_pages_are_what_readers_of_manuals_take() {
    let place = Place::empty();
    let run = place.run("man --out pages");
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (0, ""),
        "{}",
        run.transcript
    );
    let (mandoc, groff) = (
        there("mandoc", &["-T", "lint"]),
        there("groff", &["--version"]),
    );
    let helps = helps();
    for (command, help) in &helps {
        let page = place.run(&format!("man {command}"));
        assert_eq!((page.code, page.stderr.as_str()), (0, ""), "{command}");
        let file = format!("pages/gonogo {command}").trim().replace(' ', "-");
        let file = format!("{file}.1").replace("pages/gonogo-.", "pages/gonogo.");
        let written = fs::read_to_string(place.path().join(&file)).expect("a page");
        assert_eq!(written, page.stdout, "{file}");
        assert!(page.stdout.is_ascii(), "{command}");
        for heading in [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "EXAMPLES",
            "\"EXIT STATUS\"",
        ] {
            assert!(
                page.stdout.contains(&format!("\n.SH {heading}\n")),
                "{command}: {heading}"
            );
        }
        if mandoc {
            let (fine, told) = asked("mandoc", &["-T", "lint", "-W", "warning"], &page.stdout);
            assert!(fine && told.is_empty(), "{command}: {told}");
        }
        if groff {
            let (fine, told) = asked("groff", &["-ww", "-man", "-Tutf8", "-P-cbou"], &page.stdout);
            assert!(fine && !told.contains("troff:"), "{command}: {told}");
            // An example stands there as it stands in the help.
            let example = help
                .split_once("Examples:\n")
                .and_then(|(_, rest)| rest.lines().next());
            let example = example.expect("an example").trim();
            assert!(told.contains(example), "{command}: {example}\n{told}");
        }
    }
    // As many pages as commands, written over those of an earlier version.
    assert!(
        fs::read_dir(place.path().join("pages"))
            .expect("a folder")
            .count()
            >= helps.len()
    );
    place.write("pages/gonogo.1", "old");
    assert_eq!(place.run("man -o pages").code, 0);
    let page = fs::read_to_string(place.path().join("pages/gonogo.1")).expect("a page");
    assert_ne!(page, "old");
}

#[test]
fn a_page_that_there_is_not_is_told() {
    let place = Place::empty().with("file", "");
    for (arguments, code, told) in [
        ("man evl", 2, "did you mean `eval`?"),
        ("man nonsuch", 2, "there are init, "),
        ("man eval json", 2, "`eval` has no commands"),
        ("man --out pages eval", 2, "cannot be used with"),
        ("man --out file", 4, "cannot be written"),
        ("man --out file/pages", 4, "cannot be written"),
    ] {
        let run = place.run(arguments);
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (code, ""),
            "{}",
            run.transcript
        );
        assert!(run.stderr.contains(told), "{}", run.stderr);
    }
}

#[test]
fn a_page_that_cannot_be_had_says_why() {
    let place = Place::empty().with("file", "mine");
    let help = place.run("man help");
    assert_eq!(help.code, 2, "{}", help.transcript);
    assert!(
        help.stderr.contains("`help` has no page of its own"),
        "{}",
        help.stderr
    );
    let file = place.run("man -o file");
    assert_eq!(file.code, 4, "{}", file.transcript);
    assert!(
        file.stderr.contains("it is a file, and no folder"),
        "{}",
        file.stderr
    );
    let page = place.run("man eval").stdout;
    assert!(
        page.contains("[\\fB\\-\\-report\\fR \\fIFORMAT=PATH\\fR]"),
        "{page}"
    );
}
