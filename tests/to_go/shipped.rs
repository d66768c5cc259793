//! The histories that ship with the policies, in the stage they are of and in the next: what they tell makes them go.

use std::collections::BTreeSet;
use std::path::Path;

use gonogo::verdict::{Decision, StepKind};
use serde_json::json;

use super::apply::{Applied, reached, when};
use crate::support;

/// Those that tell nothing in their own stage, and why.
const NOTHING: [(&str, &str); 1] = [
    // Entered again it must bake for two weeks, with values that are good for a minute: too many samples are imagined.
    ("format-rollout", "enterprise-stuck.jsonl"),
];
/// Those that leave something open, and why.
const OPEN: [(&str, &str); 1] = [
    // It compares with a baseline's history, which is given as files of its own.
    ("phase9-canary", "canary-25-db-cpu.jsonl"),
];

/// The text of a history: a file, or all files of a folder.
fn text(path: &Path) -> String {
    if path.is_dir() {
        let files = std::fs::read_dir(path).expect("a folder");
        let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
        files.sort();
        files.iter().map(|file| support::read(file)).collect()
    } else {
        support::read(path)
    }
}

#[test]
fn what_the_shipped_histories_tell_makes_them_go() {
    let (mut nothing, mut goes) = (BTreeSet::new(), BTreeSet::new());
    let (mut open, mut wrong) = (BTreeSet::new(), Vec::new());
    for folder in support::folders("policies") {
        let name = folder
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let (policy, _) = support::shipped(&folder);
        let files = std::fs::read_dir(folder.join("snapshots")).expect("snapshots");
        let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
        files.retain(|file| file.is_dir() || file.extension().is_some_and(|end| end == "jsonl"));
        files.sort();
        for file in files {
            let history = text(&file);
            let file = file
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            let (read, _) = support::history(&policy, &[&history]);
            let now = read.newest().expect("a sample");
            let survey = read.survey(&policy.layout, Some(now));
            let own = survey
                .stage(&policy.layout)
                .map(|(name, _)| name.to_owned());
            // The stage it is of, and the next one, of which it says nothing yet.
            let of = own.as_deref().and_then(|own| policy.stage(own));
            let next = of.and_then(|of| policy.next(of));
            for stage in of.into_iter().chain(next) {
                let asked = Some(stage.name.as_ref());
                let verdict = support::judge(&policy, &[&history], asked, Some(now));
                if verdict.verdict == Decision::Go {
                    continue;
                }
                let here = own.as_deref() == asked;
                let Some(to_go) = &verdict.to_go else {
                    if here {
                        nothing.insert((name.clone(), file.clone()));
                    }
                    continue;
                };
                let data = to_go
                    .steps
                    .iter()
                    .any(|step| step.kind == StepKind::Evidence && step.what.contains("where "));
                if data && !here {
                    // What is asked of a command's data cannot be read off the step.
                    continue;
                }
                let mut applied = Applied::of(&policy, &verdict, &history);
                applied.data = json!({"file": "results.json", "run_at": "2100-01-01T00:00:00Z"});
                let after = applied.text();
                let after = support::judge(&policy, &[&after], asked, Some(when(&verdict)));
                if reached(&verdict, &after) {
                    goes.extend(to_go.is_whole().then(|| name.clone()));
                    open.extend((here && !to_go.is_whole()).then(|| (name.clone(), file.clone())));
                } else {
                    let steps: Vec<&str> =
                        to_go.steps.iter().map(|step| step.what.as_str()).collect();
                    wrong.push(format!(
                        "{name}/{file} in {}: {steps:#?} at {:?}: {} ({})",
                        stage.name,
                        to_go.at,
                        after.verdict.name(),
                        after.reason
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    let expected = |(policy, file): (&str, &str)| (policy.to_owned(), file.to_owned());
    assert_eq!(nothing, BTreeSet::from(NOTHING.map(expected)));
    assert_eq!(open, BTreeSet::from(OPEN.map(expected)));
    assert_eq!(goes.len(), 5, "every policy has one: {goes:?}");
}
