//! What `gonogo init` writes passes at once, and it never writes over anything.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::place::{Place, Run};

/// All files below a folder.
fn files(folder: &Path) -> BTreeSet<String> {
    fn walk(folder: &Path, root: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && !path.is_symlink() {
                walk(&path, root, found);
            } else {
                let name = path.strip_prefix(root).expect("below");
                found.insert(name.display().to_string());
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(folder, folder, &mut found);
    found
}

/// The indented lines behind `Next:`.
fn next(run: &Run) -> Vec<String> {
    let (_, next) = run.stdout.split_once("Next:\n\n").expect("what is next");
    next.lines().map(|line| line.trim().to_owned()).collect()
}

/// Runs a line in a shell that finds the program.
fn shell(line: &str, folder: &Path) -> (i32, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_gonogo"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let own = program.parent().expect("a folder").to_owned();
    let path = std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&path)));
    let output = Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env("PATH", path.expect("a path"))
        .output()
        .expect("a shell");
    let mut told = String::from_utf8_lossy(&output.stdout).into_owned();
    told.push_str(&String::from_utf8_lossy(&output.stderr));
    (output.status.code().expect("an exit code"), told)
}

#[test]
fn all_that_is_written_passes_at_once() {
    for (name, called) in [
        ("", "."),
        ("checkout", "checkout"),
        ("policies/check out's", "policies/check out's"),
        ("-x", "-x"),
        ("deep/er/still/", "deep/er/still/"),
        ("null", "null"),
        ("TRUE", "TRUE"),
        ("1e3", "1e3"),
        ("~", "~"),
    ] {
        let place = Place::empty();
        let arguments: &[&str] = if name.is_empty() {
            &["init"]
        } else {
            &["init", "--ci=github", name]
        };
        let run = if name.starts_with('-') {
            place.call(&["init", "--ci=github", "--", name])
        } else {
            place.call(arguments)
        };
        assert_eq!(run.code, 0, "{}", run.transcript);
        let commands = next(&run);
        assert_eq!(commands.len(), 3, "{commands:?}");
        for command in commands {
            let (code, told) = shell(&command, place.path());
            assert_eq!(code, 0, "{command}\n{told}");
        }
        let folder = place.path().join(called);
        for command in [
            "gonogo check --deny-warnings -W pedantic",
            "gonogo test --min-coverage 100 --min-coverage branches=100 --min-coverage boundaries=100",
            "gonogo check -p . -s snapshots",
            "gonogo schema policy | cmp - schemas/policy.schema.json",
            "gonogo schema suite | cmp - schemas/suite.schema.json",
        ] {
            let (code, told) = shell(command, &folder);
            assert_eq!(code, 0, "{command}\n{told}");
        }
    }
}

#[test]
fn the_page_that_is_written_holds() {
    let place = Place::empty();
    assert_eq!(place.run("init checkout").code, 0);
    let folder = place.path().join("checkout");
    let page = fs::read_to_string(folder.join("README.md")).expect("a page");
    let block = |language: &str| {
        let start = page
            .split_once(&format!("```{language}\n"))
            .expect("a block")
            .1;
        start.split("```").next().expect("its end").to_owned()
    };
    let commands = block("sh");
    assert_eq!(commands.lines().count(), 3);
    for command in commands.lines() {
        let (code, told) = shell(command, &folder);
        assert_eq!(code, 0, "{command}\n{told}");
    }
    fs::write(folder.join("one.json"), block("json")).expect("a file");
    let (code, told) = shell("gonogo check -p . -s one.json", &folder);
    assert_eq!(code, 0, "{told}");
    // Every file is in the table, and by the clock what is recorded does not go.
    for file in files(&folder) {
        let named = page.contains(&format!("`{file}`")) || file.starts_with("schemas/");
        assert!(named || file == "README.md" || file == "one.json", "{file}");
    }
    let (code, told) = shell("gonogo eval -p . -s snapshots", &folder);
    assert!([10, 11].contains(&code), "{told}");
}

#[test]
fn a_pipeline_of_each_kind_is_written_with_its_folder() {
    for (ci, file) in [
        ("github", "ci/github.yml"),
        ("gitlab", "ci/gitlab.yml"),
        ("jenkins", "ci/Jenkinsfile"),
    ] {
        for (name, placed) in [
            ("services/checkout", "services/checkout"),
            ("./checkout", "checkout"),
            (
                "Pol Dir/it's",
                if ci == "jenkins" {
                    "'Pol Dir/it\\'s"
                } else {
                    "'Pol Dir/it''s"
                },
            ),
            // What some pipeline would read more into, or is in no repository.
            ("check $(out)", "check-out"),
            ("../checkout", "checkout"),
        ] {
            let place = Place::empty().with("in/side.txt", "");
            let program = Command::new(env!("CARGO_BIN_EXE_gonogo"))
                .args(["init", "--ci", ci, name])
                .current_dir(place.path().join("in"))
                .output()
                .expect("the program");
            assert!(program.status.success());
            let path = place.path().join("in").join(name).join(file);
            let text = fs::read_to_string(&path).expect("a pipeline");
            assert!(text.contains(&format!("{placed}/snapshots")), "{text}");
            assert!(!text.contains("policies/checkout"), "{text}");
            assert!(!text.contains("$("), "{text}");
        }
        let place = Place::empty();
        assert_eq!(place.run(&format!("init --ci {ci}")).code, 0);
        let text = fs::read_to_string(place.path().join(file)).expect("a pipeline");
        assert!(!text.contains("policies/checkout"), "{text}");
        assert!(text.contains("snapshots"), "{text}");
    }
    let place = Place::empty();
    assert_eq!(place.run("init --ci none").code, 0);
    assert!(!place.path().join("ci").exists());
    let page = fs::read_to_string(place.path().join("README.md")).expect("a page");
    assert!(!page.contains('@') && !page.contains("ci/"), "{page}");
}

#[test]
fn nothing_is_ever_written_over() {
    let fresh = Place::empty();
    assert_eq!(fresh.run("init checkout").code, 0);
    let all = files(&fresh.path().join("checkout"));
    assert_eq!(all.len(), 7);
    for taken in all.iter().filter(|taken| *taken != "README.md") {
        let place = Place::empty().with(&format!("checkout/{taken}"), "mine");
        let run = place.run("init checkout");
        assert_eq!((run.code, run.stdout.as_str()), (4, ""), "{taken}");
        let told = run.stderr.replace("\n  │ ", " ");
        assert!(
            told.contains(&format!("`checkout/{taken}` is in the way")),
            "{told}"
        );
        let left = files(&place.path().join("checkout"));
        assert_eq!(left, BTreeSet::from([taken.clone()]));
        let text = fs::read_to_string(place.path().join("checkout").join(taken));
        assert_eq!(text.expect("a file"), "mine");
    }
    // All that are in the way are named.
    for taken in &all {
        fresh.write(&format!("checkout/{taken}"), "mine");
    }
    let run = fresh.run("init checkout");
    assert_eq!(run.code, 4);
    for taken in all.iter().filter(|taken| *taken != "README.md") {
        assert!(
            run.stderr.contains(&format!("`checkout/{taken}`")),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn a_page_that_is_there_stays_and_a_second_pipeline_can_be_had() {
    let place = Place::empty().with("checkout/README.md", "mine");
    let run = place.run("init checkout");
    assert_eq!(run.code, 0, "{}", run.transcript);
    assert!(
        run.stdout
            .contains("left as it is:\n\n  README.md\n\nAll of it passes"),
        "{}",
        run.stdout
    );
    let page = |place: &Place| fs::read_to_string(place.path().join("checkout/README.md"));
    assert_eq!(page(&place).expect("a page"), "mine");

    let again = place.run("init checkout --ci gitlab");
    assert_eq!(again.code, 0, "{}", again.transcript);
    let (new, left) = again.stdout.split_once("There already").expect("both");
    assert!(
        new.contains("ci/gitlab.yml") && !new.contains("policy.yaml"),
        "{new}"
    );
    for file in ["policy.yaml", "tests/policy.test.yaml", "README.md"] {
        assert!(left.contains(&format!("  {file}\n")), "{left}");
    }
    assert!(place.path().join("checkout/ci/github.yml").is_file());
    assert_eq!(page(&place).expect("a page"), "mine");
    // All of it is there: nothing is written, and that is no failure.
    let last = place.run("init checkout --ci gitlab");
    assert_eq!(last.code, 0, "{}", last.transcript);
    assert!(!last.stdout.contains("Written"), "{}", last.stdout);
    // What somebody has changed is in the way.
    place.write("checkout/policy.yaml", "mine");
    assert_eq!(place.run("init checkout --ci jenkins").code, 4);
    assert!(!place.path().join("checkout/ci/Jenkinsfile").exists());
}

#[test]
fn a_pipeline_begins_at_the_root_of_the_repository() {
    for git in ["repo/.git/HEAD", "repo/.git"] {
        for (below, name, placed) in [
            ("services/pay", "checkout", "services/pay/checkout"),
            ("services/pay", ".", "services/pay"),
            ("", "checkout", "checkout"),
            ("", ".", "."),
        ] {
            let place = Place::empty().with(git, "").with("repo/services/pay/x", "");
            let here = place.path().join("repo").join(below);
            let run = Command::new(env!("CARGO_BIN_EXE_gonogo"))
                .args(["init", name])
                .current_dir(&here)
                .output()
                .expect("the program");
            assert!(run.status.success() && run.stderr.is_empty());
            let text = fs::read_to_string(here.join(name).join("ci/github.yml"));
            let text = text.expect("a pipeline");
            let line = format!("POLICY: {placed} #");
            assert!(text.contains(&line), "{line}: {text}");
        }
    }
}

#[test]
fn what_stands_where_a_folder_must_be_is_in_the_way() {
    for (file, told) in [
        ("checkout", "`checkout` is in the way"),
        ("checkout/tests", "`checkout/tests` is in the way"),
    ] {
        let place = Place::empty().with(file, "mine");
        let run = place.run("init checkout");
        assert_eq!(run.code, 4);
        assert!(run.stderr.contains(told), "{}", run.stderr);
        assert_eq!(files(place.path()), BTreeSet::from([file.to_owned()]));
    }
    let place = Place::empty().with("file", "mine");
    let run = place.run("init file/checkout");
    assert_eq!(run.code, 4);
    assert!(run.stderr.contains("is no folder"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_in_the_way_too() {
    let place = Place::empty();
    std::os::unix::fs::symlink("nowhere", place.path().join("policy.yaml")).expect("a link");
    let run = place.run("init");
    assert_eq!(run.code, 4, "{}", run.transcript);
    assert!(!place.path().join("nowhere").exists());
    assert_eq!(files(place.path()).len(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn what_fails_midway_leaves_nothing() {
    let place = Place::empty();
    // Nobody makes a file in here.
    std::os::unix::fs::symlink("/proc", place.path().join("schemas")).expect("a link");
    let run = place.run("init");
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (4, ""),
        "{}",
        run.transcript
    );
    assert!(run.stderr.contains("cannot be written"), "{}", run.stderr);
    let left = fs::read_dir(place.path()).expect("a folder");
    let left: Vec<_> = left
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(left, ["schemas"]);
}

#[test]
fn a_name_that_does_not_fit_is_made_to_and_that_is_said() {
    for (folder, name, said) in [
        ("checkout", "checkout", false),
        ("Check Out", "check-out", true),
        ("日本", "release", true),
        ("~", "release", true),
    ] {
        let place = Place::empty().with(&format!("{folder}/notes.txt"), "");
        let run = place.call(&["init", folder]);
        assert_eq!(run.code, 0, "{}", run.transcript);
        let told = format!("the policy is named `{name}`: `{folder}` is no name in kebab-case\n");
        assert_eq!(run.stderr, if said { told } else { String::new() });
        let policy = fs::read_to_string(place.path().join(folder).join("policy.yaml"));
        let policy = policy.expect("a policy");
        assert!(policy.contains(&format!("\nname: {name}\n")), "{policy}");
    }
}

#[test]
fn wrong_arguments_are_told() {
    let place = Place::empty();
    for arguments in [
        &["init", ""][..],
        &["init", "  "],
        &["init", "a\nb"],
        &["init", "a\u{202e}b"],
        &["init", "a", "b"],
        &["init", "--ci", "circle"],
        &["init", "--force"],
    ] {
        let run = place.call(arguments);
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (2, ""),
            "{}",
            run.transcript
        );
        assert!(run.stderr.contains("--help"), "{}", run.stderr);
    }
    assert!(files(place.path()).is_empty());
}

#[test]
fn what_else_stands_there_is_not_said_to_pass() {
    for other in [
        "o/tests/x.test.yaml",
        "o/snapshots/x.jsonl",
        "o/more/policy.yaml",
    ] {
        let place = Place::empty().with(other, "broken");
        let run = place.run("init o");
        assert_eq!(run.code, 0, "{}", run.transcript);
        assert!(
            !run.stdout.contains("All of it passes"),
            "{other}: {}",
            run.stdout
        );
        assert!(run.stdout.contains("was not looked at"), "{}", run.stdout);
    }
    // What no command reads is nobody's concern.
    let place = Place::empty().with("o/src/main.rs", "fn main() {}");
    assert!(place.run("init o").stdout.contains("All of it passes"));
}
