//! The names of the formats that a report has: one table, for the command line and the documentation. Never renders.

macro_rules! formats {
    ($($variant:ident $name:literal $meaning:literal,)*) => {
        /// What a report is written as.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Format {
            $(#[doc = $meaning] $variant,)*
        }

        impl Format {
            /// Every format there is, those for people first.
            pub const ALL: &'static [Format] = &[$(Format::$variant,)*];

            /// The name as it is asked for.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it is for, in one line.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

formats! {
    Text "text" "For people",
    Json "json" "The verdict record",
    Jsonl "jsonl" "The record as events, one on each line",
    Markdown "markdown" "For people, in a merge request or a wiki",
    Junit "junit" "For the test views of CI servers",
    Sarif "sarif" "For code scanning: SARIF 2.1.0",
    Github "github" "For a step of GitHub Actions: text, annotations, summary and outputs",
    Gitlab "gitlab" "For GitLab's code quality view",
    Tap "tap" "For test harnesses: TAP 14",
    Html "html" "A page for people, with the course of what decided",
    Intoto "intoto" "The record as an in-toto statement, to be signed",
}

impl Format {
    /// The format of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.name() == name)
    }
}
