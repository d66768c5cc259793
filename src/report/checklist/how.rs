//! The command that records what is missing. A line to be copied: nothing here runs it.

use crate::source::hidden::hides;
use crate::verdict::{Finding, Lack, Proof, ProofKind, Verdict};

/// The command that records what a proof asks for, of those who lack where people are asked; none where no command does.
pub(super) fn how(
    verdict: &Verdict,
    finding: &Finding,
    proof: &Proof,
    lack: Option<&Lack>,
) -> Option<String> {
    let mut words: Vec<String> = Vec::new();
    let commit = verdict.subject.commit.as_deref();
    match proof.kind {
        ProofKind::Attest | ProofKind::Approve => {
            say(&mut words, "gonogo attest -p", &verdict.policy.path);
            say(&mut words, "--rule", &finding.rule);
            if let Some(key) = &finding.key {
                say(&mut words, "--key", key);
            }
            if verdict.stage != "default" {
                say(&mut words, "--stage", &verdict.stage);
            }
            if let Some(commit) = commit {
                say(&mut words, "--commit", commit);
            }
            match lack.map(|lack| (&lack.role, lack.what.contains(" of "))) {
                Some((Some(role), _)) => say(&mut words, "--role", role),
                Some((None, true)) => words.push("--role ROLE".to_owned()),
                _ => {}
            }
            for field in &proof.fields {
                say(&mut words, "--field", &format!("{field}=…"));
            }
            words.push("--by NAME".to_owned());
        }
        ProofKind::Evidence => {
            say(&mut words, "gonogo evidence -p", &verdict.policy.path);
            say(&mut words, "--id", proof.evidence.as_deref()?);
            if let Some(key) = &finding.key {
                say(&mut words, "--key", key);
            }
            match commit {
                Some(commit) => say(&mut words, "--commit", commit),
                None => words.push("--commit COMMIT".to_owned()),
            }
            if let Some(environment) = &proof.environment {
                say(&mut words, "--environment", environment);
            }
            words.push("-- COMMAND".to_owned());
        }
        ProofKind::During | ProofKind::Needs | ProofKind::Field => return None,
    }
    Some(words.join(" "))
}

/// A flag with its value.
fn say(words: &mut Vec<String>, flag: &str, value: &str) {
    // A value that begins as a flag does would be read as one.
    if value.starts_with('-') {
        words.push(format!("{flag}={}", quoted(value)));
    } else {
        words.push(flag.to_owned());
        words.push(quoted(value));
    }
}

/// A word as a shell takes it, without what could steer a terminal.
fn quoted(word: &str) -> String {
    let word: String = word.chars().filter(|c| !hides(*c)).collect();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,…".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word;
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::{quoted, say};

    #[test]
    fn a_value_is_never_read_as_a_flag() {
        let mut words = Vec::new();
        say(&mut words, "--key", "--version");
        say(&mut words, "--by", "ada");
        assert_eq!(words, ["--key=--version", "--by", "ada"]);
    }

    #[test]
    fn a_word_reaches_the_program_as_it_is() {
        assert_eq!(quoted("policies/a-b_c.yaml"), "policies/a-b_c.yaml");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("$(rm -rf /)"), "'$(rm -rf /)'");
        assert_eq!(quoted("it's; `x`\n"), "'it'\\''s; `x`'");
    }
}
