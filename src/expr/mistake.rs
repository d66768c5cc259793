//! Something wrong in the text of an expression, with the exact bytes.
//!
//! It knows the expression's text only: where that text stands in a file is for its reader to say.

use std::ops::Range;

use crate::source::Code;

/// Something wrong in the text of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What kind.
    pub code: Code,
    /// The bytes of the expression's text it is about.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What stands at the place.
    pub label: String,
    /// How to mend it.
    pub help: Option<String>,
    /// The declared names it comes of: whoever knows their declarations can show them.
    pub names: Vec<String>,
}

impl Mistake {
    /// A mistake at these bytes.
    #[must_use]
    pub fn new(code: Code, range: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            code,
            range,
            message: message.into(),
            label: String::new(),
            help: None,
            names: Vec::new(),
        }
    }

    /// The same, with what stands at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// The same, with how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
