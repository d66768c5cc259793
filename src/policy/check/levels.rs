//! `lint`: names that are lints, and levels that are levels. Never lints.

use super::Checker;
use crate::policy::document::PolicyDocument;
use crate::policy::lint::level::{Level, lints, names};
use crate::source::Code;

impl Checker<'_> {
    pub(super) fn levels(&mut self, document: &PolicyDocument) {
        for (name, level) in &document.lints {
            let code = Code::ALL.iter().find(|code| code.name() == name.as_str());
            if lints(name.as_str()).is_empty() {
                match code {
                    Some(code) => {
                        let message = format!("`{code}` is an error, not a lint");
                        let help = "remove it: only lints can be allowed, warned of or denied";
                        self.error(Code::UnknownLint, name.span, message, "no lint", help);
                    }
                    None => self.unknown(Code::UnknownLint, name, "lint", names()),
                }
            }
            if Level::parse(level.as_str()).is_none() {
                let message = format!("`{}` is not a level of a lint", level.as_str());
                let help = "write `allow`, `warn` or `deny`";
                self.error(Code::BadValue, level.span, message, "no level", help);
            }
        }
    }
}
