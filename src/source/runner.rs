//! Where a text that is printed would be taken for a command by what runs the job: `##[`, `##vso[`, `##teamcity[` anywhere in
//! a line, `::` at the beginning of one. Finds it, and knows of each kind of document how it is written otherwise.

/// The same text with `put` in place of the second `#` of whatever begins a command.
fn replaced(text: &str, put: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("##") {
        out.push_str(before);
        out.push('#');
        if begins(after) {
            out.push_str(put);
            rest = after;
        } else {
            // Of three the last two may begin one.
            let next = before.len().saturating_add(1);
            rest = rest.get(next..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

/// Whether what stands behind `##` makes a command of it: a word, or none, and a bracket.
fn begins(after: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    after.trim_start_matches(word).starts_with('[')
}

/// A line in which no command begins in its middle.
#[must_use]
pub fn spaced(text: &str) -> String {
    replaced(text, "# ")
}

/// JSON in which no command begins: the same value. A `#` is always a part of a text there.
#[must_use]
pub fn in_json(json: &str) -> String {
    replaced(json, "\\u0023")
}

/// Text and values of attributes of XML or HTML in which no command begins, the same for whoever parses them.
#[must_use]
pub fn in_markup(markup: &str) -> String {
    let mut out = String::with_capacity(markup.len());
    for line in replaced(markup, "&#35;").split_inclusive('\n') {
        let rest = line.trim_start();
        let blanks = line.strip_suffix(rest).unwrap_or_default();
        match rest.strip_prefix("::") {
            Some(rest) => {
                out.push_str(blanks);
                out.push_str("&#58;:");
                out.push_str(rest);
            }
            None => out.push_str(line),
        }
    }
    out
}

/// A text in which no line is a command, whether the runner was told to look for none or not.
#[must_use]
pub fn harmless(text: &str) -> String {
    let line = |line: &str| {
        let begin = line.len().saturating_sub(line.trim_start().len());
        let (blanks, rest) = line.split_at(begin);
        let rest = spaced(rest);
        match rest.strip_prefix("::") {
            Some(rest) => format!("{blanks}: :{rest}\n"),
            None => format!("{blanks}{rest}\n"),
        }
    };
    text.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::{harmless, in_json, in_markup, spaced};

    #[test]
    fn no_line_is_a_command() {
        let text = "::set-output name=x::y\n  ::error::z\na ::error:: b\n##[add-mask]x\n";
        let told = harmless(text);
        assert_eq!(
            told,
            ": :set-output name=x::y\n  : :error::z\na ::error:: b\n## [add-mask]x\n"
        );
    }

    #[test]
    fn the_commands_of_other_runners_are_broken_wherever_they_stand() {
        assert_eq!(
            spaced("a ##vso[task.complete result=Succeeded;]DONE"),
            "a ## vso[task.complete result=Succeeded;]DONE"
        );
        assert_eq!(
            spaced("##teamcity[x] ##[y] ###[z]"),
            "## teamcity[x] ## [y] ### [z]"
        );
        for plain in ["## a heading [x]", "#[x]", "##", "a ##b c[", "###"] {
            assert_eq!(spaced(plain), plain);
        }
    }

    #[test]
    fn what_is_written_otherwise_stays_what_it_is() {
        let text = "##[a] ##vso[b] ###[c] \\##[d]";
        let json = serde_json::Value::from(text).to_string();
        let told = in_json(&json);
        assert!(!told.contains("##["), "{told}");
        assert_eq!(
            serde_json::from_str::<String>(&told).ok(),
            Some(text.to_owned())
        );
        assert_eq!(
            in_markup("<a b=\"##vso[x]\">\n  ::error::y\n::z a::b</a>"),
            "<a b=\"#&#35;vso[x]\">\n  &#58;:error::y\n&#58;:z a::b</a>"
        );
    }
}
