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
        let by = |due: Option<jiff::Timestamp>, undecided: bool| match due {
            _ if undecided => " undecided".to_owned(),
            Some(due) => format!(" by {due}"),
            None => String::new(),
        };
        let told = verdict.escalation.iter();
        let told = told.map(|row| format!("{}{}", row.row, by(row.respond_by, row.undecided)));
        let told: Vec<String> = told.collect();
        if case.escalation.as_ref().is_some_and(|rows| *rows != told) {
            differs(format!(
                "the escalation is {told:?}, not {:?}",
                case.escalation
            ));
        }
        let owed = verdict.duties.iter();
        let owed = owed.map(|duty| format!("{}{}", duty.what, by(duty.due, duty.undecided)));
        let owed: Vec<String> = owed.collect();
        if case.duties.as_ref().is_some_and(|duties| *duties != owed) {
            differs(format!("the duties are {owed:?}, not {:?}", case.duties));
        }
        if let Some(steps) = &case.to_go {
            let told = verdict.to_go.as_ref();
            let what = told.map(|told| told.steps.iter().map(|step| step.what.clone()));
            let what: Vec<String> = what.into_iter().flatten().collect();
            let at = told.and_then(|told| told.at);
            if (&what, at) != (steps, case.go_at) {
                differs(format!(
                    "{what:?} at {at:?} make it go, not {steps:?} at {:?}",
                    case.go_at
                ));
            }
        }
        if case.next.is_some() && case.next != verdict.next {
            differs(format!("next is {:?}, not {:?}", verdict.next, case.next));
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
