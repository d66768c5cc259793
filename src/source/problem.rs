//! What can be wrong, with a stable code, a place and the fix.
//!
//! One model for every diagnostic of the product. It never prints: rendering belongs to whoever has a terminal.

use std::fmt;

use super::{Source, Span};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing can be judged with this.
    Error,
    /// It is judged, and said.
    Warning,
}

/// A place in a source and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The source it stands in.
    pub source: Source,
    /// The bytes it covers.
    pub span: Span,
    /// What is said there; may be empty for the main place.
    pub text: String,
}

/// Something wrong with what was read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// What kind of problem: stable, to search for, to allow or deny.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// What is wrong, in the author's words: lower case, no full stop, their text in backticks.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
    /// Where; the first label is the main place.
    pub labels: Vec<Label>,
}

impl Problem {
    /// An error without a place.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: bounded(message.into()),
            help: None,
            labels: Vec::new(),
        }
    }

    /// The same, as a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// The same, with how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(bounded(help.into()));
        self
    }

    /// The same, with a place: the first one added is the main place.
    #[must_use]
    pub fn at(mut self, source: &Source, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            source: source.clone(),
            span,
            text: bounded(text.into()),
        });
        self
    }

    /// `name:line:column` of the main place, or nothing.
    #[must_use]
    pub fn place(&self) -> Option<String> {
        let label = self.labels.first()?;
        let position = label.source.position(label.span.start);
        Some(format!(
            "{}:{}:{}",
            label.source.name(),
            position.line,
            position.column
        ))
    }
}

impl miette::Diagnostic for Problem {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
}

/// The codes, each with its stable name and one line on what it means.
macro_rules! codes {
    ($($variant:ident $name:literal $meaning:literal,)*) => {
        /// The stable name of a kind of problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $meaning] $variant,)*
        }

        impl Code {
            /// Every code there is, in the order of their declaration.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The name as printed, kebab-case.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// One line on what it means.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$variant => $meaning,)* }
            }
        }
    };
}

codes! {
    // Texts.
    Unreadable "unreadable" "a file cannot be read",
    NotUtf8 "not-utf8" "a file is not UTF-8 text",
    TooLarge "too-large" "a text is longer, or has more values, than the documented limit",
    TooDeep "too-deep" "a text is nested deeper than the documented limit",
    TooManyProblems "too-many-problems" "more is wrong than anybody reads",
    Empty "empty" "a file has nothing in it",
    YamlSyntax "yaml-syntax" "a text is not YAML",
    YamlTab "yaml-tab" "a tab indents a line of YAML",
    YamlAlias "yaml-alias" "YAML anchors and aliases are not followed",
    JsonSyntax "json-syntax" "a text is not JSON",
    TomlSyntax "toml-syntax" "a text is not TOML",
    CsvSyntax "csv-syntax" "a text is not CSV",
    ExpositionSyntax "exposition-syntax" "a text is not what Prometheus scrapes",
    DuplicateKey "duplicate-key" "one map has a key twice",
    UnquotedExpression "unquoted-expression" "YAML cut an expression that needs quotes",
    // Shapes.
    WrongKind "wrong-kind" "a list, map, text or number stands where another is expected",
    UnknownKey "unknown-key" "a key nobody reads",
    MissingKey "missing-key" "a key that must be there is not",
    BadValue "bad-value" "a value that its key does not take",
    BadVersion "bad-version" "a policy of another version of the language",
    // Policies.
    BadName "bad-name" "a name that cannot be used in an expression or an output",
    NameClash "name-clash" "two things of one name",
    DuplicateId "duplicate-id" "two rules of one id in a stage",
    UnknownRule "unknown-rule" "a rule that does not exist",
    UnknownStage "unknown-stage" "a stage that does not exist",
    NoStage "no-stage" "several stages, and nobody says which to judge",
    UnknownBaseline "unknown-baseline" "a baseline that the policy does not have",
    UnknownRole "unknown-role" "a role that is not listed",
    UnknownSeverity "unknown-severity" "a severity that is not listed",
    UnknownCalendar "unknown-calendar" "a calendar that is not listed",
    UnknownZone "unknown-zone" "a time zone that does not exist",
    BadPeriod "bad-period" "a text that is no period of a calendar",
    OverlappingPeriods "overlapping-periods" "two allowed periods of a calendar that overlap",
    EmptyCalendar "empty-calendar" "a calendar that is never open",
    UnknownParam "unknown-param" "a parameter the policy does not have",
    BadParam "bad-param" "a parameter without a value, or with one it does not take",
    EmptyStage "empty-stage" "a stage without a rule",
    ExtendsCycle "extends-cycle" "a stage that extends itself",
    NeedsCycle "needs-cycle" "stages that wait for each other",
    NoBake "no-bake" "`for: bake` in a stage without a bake time",
    BadDuration "bad-duration" "a text that is not a duration",
    BadType "bad-type" "a text that is not a type",
    BadUnit "bad-unit" "a unit that does not fit its type",
    BadDefault "bad-default" "a default that does not fit its own declaration",
    BadFrom "bad-from" "a `from` that no document can follow",
    BadTable "bad-table" "a table whose file does not fit its declaration",
    // Expressions.
    ExpressionSyntax "expression-syntax" "a text is not a CEL expression",
    ExpressionLimit "expression-limit" "an expression longer or deeper than the documented limit",
    UnknownInput "unknown-input" "a name that is not declared",
    UnknownField "unknown-field" "a field its value does not have",
    UnknownFunction "unknown-function" "a function CEL does not have",
    UnsupportedFunction "unsupported-function" "a function of CEL that policies do not have",
    NestedWindow "nested-window" "a window inside of another one, or of a macro",
    WrongArgument "wrong-argument" "a function called with what it does not take",
    TypeMismatch "type-mismatch" "an operator between types it does not join",
    NotBool "not-bool" "a condition that is neither true nor false",
    IntegerDivision "integer-division" "a division that would drop the remainder",
    UnitMismatch "unit-mismatch" "a comparison between units that do not agree",
    ValueNotListed "value-not-listed" "a text outside an input's `values`",
    BadConstant "bad-constant" "a constant expression that has no value",
    RunTimeLimit "run-time-limit" "an expression that costs more than the documented limit when it runs",
    // Snapshots.
    NoData "no-data" "no sample can be used",
    MissingTime "missing-time" "a sample without a time",
    Conflict "conflicting-sample" "two different values for one name and time",
    UndeclaredMetric "undeclared-metric" "a metric that the policy does not declare",
    WrongType "wrong-type" "a value of another type than its input",
    OutOfRange "out-of-range" "a value outside its input's range or values",
    NotFinite "not-finite" "a number that is infinite or not a number",
    NoValue "no-value" "a raw document does not have what is read from it",
    SchemaViolation "schema-violation" "a part of a snapshot that does not fit the policy's inputs",
    // Waivers.
    NotWaivable "not-waivable" "a rule that no waiver can set aside",
    IdleWaiver "idle-waiver" "a waiver that sets nothing aside",
    // Records.
    RecordAltered "record-altered" "a record, or a line of a log, that is not what gonogo wrote",
    // Suites.
    UnknownSnapshot "unknown-snapshot" "snapshots that a suite does not name",
    UnusedSnapshot "unused-snapshot" "snapshots that no test of a suite is given",
    BadSeries "bad-series" "a series of samples that cannot be read or does not fit the history",
    BadMatrix "bad-matrix" "a matrix of a test whose rows do not fit it",
    BadExpectation "bad-expectation" "an expectation that a test cannot have",
    // Lints.
    UnknownLint "unknown-lint" "a lint that does not exist",
    UnusedInput "unused-input" "an input that nothing uses",
    UnusedBaseline "unused-baseline" "a baseline that nothing compares with",
    UnusedParam "unused-param" "a parameter that nothing uses",
    UnusedTable "unused-table" "a table that nothing uses",
    UnusedLet "unused-let" "a named expression that nothing uses",
    UnusedRole "unused-role" "a role that nothing notifies or asks",
    UnusedSeverity "unused-severity" "a severity that no rule has",
    UnusedCalendar "unused-calendar" "a calendar that nothing uses",
    FloatEquality "float-equality" "a measured number that must be exactly another one",
    DoubtfulUnit "doubtful-unit" "a limit that reads as one in another unit",
    IgnoredMissing "ignored-missing" "a hard stop that missing data switch off",
    LooserOverride "looser-override" "an override that makes a stop fire less readily",
    ConstantCondition "constant-condition" "a condition that is the same whatever is measured",
    DuplicateCondition "duplicate-condition" "two rules of a stage with one condition",
    ShadowedOverride "shadowed-override" "an override that changes nothing",
    ShortFor "short-for" "a `for` that one held value can satisfy",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The most bytes of a message: a name in it may be as long as a document.
const MESSAGE: usize = 2_000;

/// A message without the end of what is very long in it.
fn bounded(text: String) -> String {
    if text.len() <= MESSAGE {
        return text;
    }
    let (start, _) = text.split_at(text.floor_char_boundary(MESSAGE));
    let open = start.matches('`').count() % 2 == 1;
    format!("{start}…{}", if open { "`" } else { "" })
}

/// The longest name that another one can be near to: comparing costs the product of the lengths.
const LONGEST_NAME: usize = 100;

/// The known name nearest to a mistyped one, if one is near enough to be meant.
#[must_use]
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if wanted.len() > LONGEST_NAME {
        return None;
    }
    let fold = |text: &str| text.to_lowercase().replace(['-', '.'], "_");
    let wanted = fold(wanted);
    known
        .into_iter()
        // A name that is far longer or shorter is far away.
        .filter(|name| name.len() <= LONGEST_NAME.saturating_mul(2))
        .map(|name| (strsim::damerau_levenshtein(&wanted, &fold(name)), name))
        // Of one letter everything is one step away.
        .filter(|(distance, _)| *distance < wanted.len())
        .filter(|(distance, name)| *distance <= (wanted.len().max(name.len()) / 3).max(1))
        .min_by_key(|(distance, name)| (*distance, *name))
        .map(|(_, name)| name)
}

/// Whether any of them forbids to go on.
#[must_use]
pub fn any_error(problems: &[Problem]) -> bool {
    problems
        .iter()
        .any(|problem| problem.severity == Severity::Error)
}
