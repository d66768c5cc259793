//! What a test sets aside: a file of waivers, or waivers written out. Never whether they count.

use std::sync::Arc;

use crate::policy::{Policy, Waiver, waiver};
use crate::source::{Code, Problem, Severity, Source};
use crate::suite::document::WaiversDocument;
use crate::suite::files::{Files, Named, Use};

/// The waivers of a test, and what is wrong with them. What a suite itself sets aside that there is not is an error; a file
/// may be of another time.
pub(super) fn read(
    suite: &Source,
    files: &Files,
    document: &WaiversDocument,
    policy: &Policy,
) -> Result<Arc<[Waiver]>, Vec<Problem>> {
    let (waivers, problems) = match document {
        WaiversDocument::Inline(node) => {
            let (waivers, mut problems) = waiver::read_node(suite, node, policy);
            for problem in &mut problems {
                if matches!(problem.code, Code::UnknownRule | Code::UnknownStage) {
                    problem.severity = Severity::Error;
                }
            }
            (waivers, problems)
        }
        WaiversDocument::Path(path) => {
            let named = Named {
                of: Use::Waivers,
                path: path.as_str().to_owned(),
            };
            match files.found.get(&named) {
                Some(Ok(found)) => {
                    let (mut all, mut wrong) = (Vec::new(), Vec::new());
                    for (source, format) in found {
                        let (waivers, problems) = waiver::read(source, *format, policy);
                        all.extend(waivers);
                        wrong.extend(problems);
                    }
                    (all, wrong)
                }
                Some(Err(problem)) => {
                    let problem = problem.clone().at(suite, path.span, "named here");
                    (Vec::new(), vec![problem])
                }
                None => {
                    let message = format!("`{}` was not opened", path.as_str());
                    let problem = Problem::new(Code::Unreadable, message);
                    (Vec::new(), vec![problem.at(suite, path.span, "named here")])
                }
            }
        }
    };
    let error = |problem: &Problem| problem.severity == Severity::Error;
    let errors: Vec<Problem> = problems.into_iter().filter(error).collect();
    if errors.is_empty() {
        Ok(waivers.into())
    } else {
        Err(errors)
    }
}
