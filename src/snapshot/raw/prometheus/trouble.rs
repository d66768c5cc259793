//! What is wrong in an exposition, before it knows the text it stands in.

use crate::source::{Code, Problem, Source, Span};

/// Something wrong, at its place in the text.
#[derive(Debug)]
pub(super) struct Trouble {
    code: Code,
    pub(super) span: Span,
    label: String,
    message: String,
    help: String,
    /// A second place; in a box, for results that have none are everywhere.
    also: Option<Box<(Span, &'static str)>>,
}

impl Trouble {
    /// What is wrong and how it is mended.
    pub(super) fn new(span: Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            code: Code::ExpositionSyntax,
            span,
            label: String::new(),
            message: message.into(),
            help: help.into(),
            also: None,
        }
    }

    /// The same, with what is said at the place.
    pub(super) fn label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    /// The same, with a second place.
    pub(super) fn also(mut self, span: Span, text: &'static str) -> Self {
        self.also = Some(Box::new((span, text)));
        self
    }

    /// The same, under another code.
    pub(super) fn code(mut self, code: Code) -> Self {
        self.code = code;
        self
    }

    /// The problem of this text.
    pub(super) fn problem(self, source: &Source) -> Problem {
        let problem = Problem::new(self.code, self.message)
            .help(self.help)
            .at(source, self.span, self.label);
        match self.also.as_deref() {
            Some((span, text)) => problem.at(source, *span, *text),
            None => problem,
        }
    }
}
