//! How raw documents are written, and what tells it.

/// The ways a raw document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One JSON document.
    Json,
    /// One YAML document.
    Yaml,
    /// A TOML document.
    Toml,
    /// A table with a row of names.
    Csv,
    /// Prometheus' text format, or OpenMetrics.
    Prometheus,
}

impl Kind {
    /// What the ending of a file's name tells.
    #[must_use]
    pub fn of_ending(ending: &str) -> Option<Self> {
        Some(match ending {
            "json" => Self::Json,
            "yaml" | "yml" => Self::Yaml,
            "toml" => Self::Toml,
            "csv" => Self::Csv,
            "prom" | "txt" | "metrics" => Self::Prometheus,
            _ => return None,
        })
    }

    /// What a text tells where no ending does: an exposition by its `# HELP` or `# TYPE`, JSON by its bracket, and YAML
    /// otherwise. TOML and CSV are never guessed.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        let mut lines = text.lines().map(str::trim_start);
        let mut comments = lines.by_ref().take_while(|line| line.starts_with('#'));
        let about = ["# HELP ", "# TYPE ", "# UNIT ", "# EOF"];
        if comments.any(|line| about.iter().any(|about| line.starts_with(about))) {
            Self::Prometheus
        } else if text.starts_with(['{', '[']) {
            Self::Json
        } else {
            Self::Yaml
        }
    }

    /// Its name, for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Yaml => "YAML",
            Self::Toml => "TOML",
            Self::Csv => "CSV",
            Self::Prometheus => "an exposition of metrics",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_tells_its_kind() {
        for (text, kind) in [
            ("{\"a\": 1}", Kind::Json),
            ("\u{feff}\n[1]", Kind::Json),
            ("a: 1", Kind::Yaml),
            ("# a comment\na: 1", Kind::Yaml),
            ("# a comment\n# TYPE a counter\na 1\n", Kind::Prometheus),
            ("# EOF\n", Kind::Prometheus),
            ("a: 1\n# TYPE a counter\n", Kind::Yaml),
            ("", Kind::Yaml),
        ] {
            assert_eq!(Kind::of(text), kind, "{text}");
        }
    }
}
