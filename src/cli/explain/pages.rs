//! The pages of `docs/diagnostics`, carried in the program. Never says anything of its own.

use gonogo::source::Code;

/// A code without its line, or a line without its file, does not compile; that each is its own page a test holds.
macro_rules! pages {
    ($($code:ident $name:literal,)*) => {
        /// The page of a code, as Markdown.
        pub(super) fn page(code: Code) -> &'static str {
            match code {
                $(Code::$code => include_str!(concat!("../../../docs/diagnostics/", $name, ".md")),)*
            }
        }
    };
}

pages! {
    Unreadable "unreadable",
    NotUtf8 "not-utf8",
    TooLarge "too-large",
    TooDeep "too-deep",
    TooManyProblems "too-many-problems",
    Empty "empty",
    YamlSyntax "yaml-syntax",
    YamlTab "yaml-tab",
    YamlAlias "yaml-alias",
    JsonSyntax "json-syntax",
    CsvSyntax "csv-syntax",
    DuplicateKey "duplicate-key",
    UnquotedExpression "unquoted-expression",
    WrongKind "wrong-kind",
    UnknownKey "unknown-key",
    UnsupportedKey "unsupported-key",
    MissingKey "missing-key",
    BadValue "bad-value",
    BadVersion "bad-version",
    BadName "bad-name",
    NameClash "name-clash",
    DuplicateId "duplicate-id",
    UnknownRule "unknown-rule",
    UnknownStage "unknown-stage",
    NoStage "no-stage",
    UnknownBaseline "unknown-baseline",
    UnknownRole "unknown-role",
    UnknownSeverity "unknown-severity",
    UnknownParam "unknown-param",
    BadParam "bad-param",
    EmptyStage "empty-stage",
    ExtendsCycle "extends-cycle",
    NoBake "no-bake",
    BadDuration "bad-duration",
    BadType "bad-type",
    BadUnit "bad-unit",
    BadDefault "bad-default",
    ExpressionSyntax "expression-syntax",
    ExpressionLimit "expression-limit",
    UnknownInput "unknown-input",
    UnknownField "unknown-field",
    UnknownFunction "unknown-function",
    UnsupportedFunction "unsupported-function",
    WrongArgument "wrong-argument",
    TypeMismatch "type-mismatch",
    NotBool "not-bool",
    IntegerDivision "integer-division",
    UnitMismatch "unit-mismatch",
    ValueNotListed "value-not-listed",
    BadConstant "bad-constant",
    RunTimeLimit "run-time-limit",
    NoData "no-data",
    MissingTime "missing-time",
    Conflict "conflicting-sample",
    UndeclaredMetric "undeclared-metric",
    WrongType "wrong-type",
    OutOfRange "out-of-range",
    NotFinite "not-finite",
    SchemaViolation "schema-violation",
    UnknownLint "unknown-lint",
    UnusedInput "unused-input",
    UnusedBaseline "unused-baseline",
    UnusedParam "unused-param",
    UnusedLet "unused-let",
    UnusedRole "unused-role",
    UnusedSeverity "unused-severity",
    FloatEquality "float-equality",
    DoubtfulUnit "doubtful-unit",
    IgnoredMissing "ignored-missing",
    LooserOverride "looser-override",
    ConstantCondition "constant-condition",
    DuplicateCondition "duplicate-condition",
    ShadowedOverride "shadowed-override",
    ShortFor "short-for",
}
