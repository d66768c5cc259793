//! What the runner of GitHub Actions makes of a report: its commands, found as the runner finds them.

use gonogo::report::Told;
use gonogo::report::github::outputs;

/// A command: its name, its properties, its message.
pub(super) type Command = (String, Vec<(String, String)>, String);

fn unescaped(text: &str, property: bool) -> String {
    let text = text.replace("%0D", "\r").replace("%0A", "\n");
    let text = if property {
        text.replace("%3A", ":").replace("%2C", ",")
    } else {
        text
    };
    text.replace("%25", "%")
}

/// The commands of a log, and the lines that are none.
pub(super) fn read(text: &str) -> (Vec<Command>, Vec<String>) {
    let (mut commands, mut lines, mut stopped) = (Vec::new(), Vec::new(), None);
    for line in text.split(['\n', '\r']) {
        let command = line
            .trim_start()
            .strip_prefix("::")
            .and_then(|rest| rest.split_once("::"));
        match (command, &stopped) {
            (Some((name, "")), Some(token)) if name == token => stopped = None,
            (Some(("stop-commands", token)), None) => stopped = Some(token.to_owned()),
            (Some((head, message)), None) => {
                let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
                let properties = properties.split(',').filter_map(|one| one.split_once('='));
                let properties =
                    properties.map(|(key, value)| (key.to_owned(), unescaped(value, true)));
                commands.push((
                    name.to_owned(),
                    properties.collect(),
                    unescaped(message, false),
                ));
            }
            // The older form is found anywhere in a line.
            _ if line.contains("##[") => {
                commands.push(("##[".to_owned(), Vec::new(), line.to_owned()));
            }
            _ => lines.push(line.to_owned()),
        }
        assert!(
            stopped.is_none() || command.is_none_or(|(name, _)| name == "stop-commands"),
            "a command where there should be none: {line}"
        );
    }
    assert!(stopped.is_none(), "commands stay off");
    (commands, lines)
}

pub(super) fn holds(told: &Told<'_>, text: &str) {
    let (commands, lines) = read(text);
    assert!(text.starts_with("::stop-commands::"));
    assert!(
        lines.iter().any(|line| !line.is_empty()),
        "nothing for people"
    );
    for (name, properties, message) in &commands {
        assert!(
            ["error", "warning", "notice"].contains(&name.as_str()),
            "{name}"
        );
        let keys: Vec<&str> = properties.iter().map(|(key, _)| key.as_str()).collect();
        let known = [
            vec!["file", "line", "endLine", "col", "endColumn", "title"],
            vec!["file", "line", "endLine", "title"],
            vec!["title"],
        ];
        assert!(known.contains(&keys), "{keys:?}");
        assert!(!message.trim().is_empty(), "an empty message");
    }
    for kind in ["error", "warning", "notice"] {
        assert!(commands.iter().filter(|(name, ..)| name == kind).count() <= 10);
    }
    let red = commands.iter().any(|(name, ..)| name == "error");
    assert_eq!(red, told.exit.code() != 0, "{text}");
    let values = values(&outputs(told, "record.json"));
    let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
    let wanted = [
        "verdict",
        "exit-code",
        "reason",
        "unmet",
        "fired",
        "pending",
        "record",
        "digest",
    ];
    assert_eq!(names, wanted);
    let verdict = told
        .verdict
        .map_or("none", |verdict| verdict.verdict.name());
    assert_eq!(values[0].1, verdict);
    assert_eq!(values[1].1, told.exit.code().to_string());
}

/// The outputs of a step, as the runner reads them.
pub(super) fn values(text: &str) -> Vec<(String, String)> {
    let mut lines = text.lines();
    let mut values = Vec::new();
    while let Some(line) = lines.next() {
        let (equals, heredoc) = (line.find('='), line.find("<<"));
        let plain = equals.is_some_and(|at| heredoc.is_none_or(|other| at < other));
        if plain {
            let (name, value) = line.split_once('=').expect("a value");
            values.push((name.to_owned(), value.to_owned()));
        } else {
            let (name, end) = line
                .split_once("<<")
                .unwrap_or_else(|| panic!("no output: {line}"));
            let value: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
            values.push((name.to_owned(), value.join("\n")));
        }
    }
    values
}

#[test]
fn the_last_of_too_many_says_how_many_more() {
    let fixture = super::all()
        .into_iter()
        .find(|one| one.name == "many")
        .expect("many");
    let text = gonogo::report::render(gonogo::report::Format::Github, &fixture.told());
    let (commands, _) = read(&text);
    let errors: Vec<&Command> = commands
        .iter()
        .filter(|(name, ..)| name == "error")
        .collect();
    assert_eq!(errors.len(), 10);
    let (_, properties, message) = errors[9];
    assert_eq!(
        properties,
        &[("title".to_owned(), "gonogo: 291 more".to_owned())]
    );
    assert!(message.starts_with("291 more: errors-"), "{message}");
}
