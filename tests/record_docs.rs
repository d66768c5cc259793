//! `docs/record.md`: its commands are run one after the other, and print what it shows. `GONOGO_BLESS=1` writes it anew:
//! read it before it is committed.

use std::path::{Path, PathBuf};

use crate::support;
use crate::support::place::Place;

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/record.md")
}

fn page() -> String {
    support::read(&path())
}

#[test]
fn its_commands_print_what_it_shows() {
    let page = page();
    let (place, mut runs, mut written) = (Place::empty(), 0, String::new());
    for (index, part) in page.split("\n```").enumerate() {
        if index > 0 {
            written.push_str("\n```");
        }
        let (info, text) = part.split_once('\n').unwrap_or((part, ""));
        if index % 2 == 0 {
            written.push_str(part);
        } else if info == "console" {
            written.push_str(&run(&place, text));
            runs += 1;
        } else {
            if let Some((_, name)) = info.split_once(' ') {
                place.write(name, format!("{text}\n"));
            } else {
                assert!(matches!(info, "text" | "json" | "sh"), "{info}");
            }
            written.push_str(part);
        }
    }
    assert!(runs >= 6, "{runs}");
    if std::env::var_os("GONOGO_BLESS").is_some() {
        std::fs::write(path(), written).expect("writing the page");
    } else {
        assert_eq!(
            digests(&page),
            digests(&written),
            "GONOGO_BLESS=1 writes it anew"
        );
    }
}

/// A command with what it prints, and in the last line its exit code.
fn run(place: &Place, text: &str) -> String {
    let command = text.lines().next().expect("a command");
    let run = place.run(command.strip_prefix("$ gonogo ").expect("a command"));
    let told = brief(&format!("{}{}", run.stdout, run.stderr));
    format!("console\n{command}\n{told}exit code {}", run.code)
}

/// A text with the beginnings of its digests alone.
fn brief(text: &str) -> String {
    let mut parts = text.split("sha256:");
    let mut brief = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at(64);
        brief.push_str(&format!("sha256:{}…{rest}", &digits[..12]));
    }
    brief
}

/// A text without the digits of its digests: they change with every version of the program.
fn digests(text: &str) -> String {
    let parts = text.split("sha256:");
    let parts = parts.enumerate().map(|(index, part)| match index {
        0 => part.to_owned(),
        _ => format!(
            "sha256:…{}",
            part.trim_start_matches(|c: char| c.is_ascii_hexdigit() || c == '…')
        ),
    });
    parts.collect()
}
