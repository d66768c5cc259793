//! One folder, one claim: a policy and a history, the verdict written by hand, the explanation approved.

use crate::support;
use gonogo::report::text::{Style, report};

#[test]
fn every_case_is_as_its_folder_claims() {
    let mut wrong = Vec::new();
    for case in support::cases() {
        let verdict = case.judge();
        let mut differs = |what: String| wrong.push(format!("{}: {what}", case.name));
        if verdict.verdict.name() != case.verdict {
            differs(format!(
                "verdict is {}, not {}",
                verdict.verdict.name(),
                case.verdict
            ));
        }
        let causes: Vec<&str> = verdict.causes.iter().map(|cause| cause.name()).collect();
        if causes != case.causes {
            differs(format!("causes are {causes:?}, not {:?}", case.causes));
        }
        for (name, status) in &case.findings {
            let found = verdict
                .findings
                .iter()
                .find(|finding| finding.name() == *name);
            let found = found.map_or("-", |finding| finding.status.name());
            if found != status {
                differs(format!("{name} is {found}, not {status}"));
            }
        }
        insta::with_settings!({snapshot_path => "snapshots/cases", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(case.name.clone(), report(&verdict, Style::default()));
        });
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
