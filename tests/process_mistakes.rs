//! What people, commands, calendars and waivers can get wrong, through the program: a clear error, or a verdict that says
//! what does not count. Never a go.

mod facts;
mod policy;
mod waivers;

use crate::support::place::{Place, Run};

const POLICY: &str = r#"gonogo: 1
name: release
roles:
  sre: {}
  lead: {people: [Ada, Ben]}
calendars:
  hours: {timezone: America/Los_Angeles, allow: "Tue-Thu 10:00-16:00"}
stages:
  - name: ready
    require:
      - {id: build, evidence: {id: build, commit: same}}
      - {id: drill, attest: {role: sre, fields: [minutes]}}
      - {id: board, approve: {roles: [lead], not_by: [author]}}
      - {id: window, during: hours}
    rollback:
      - {id: called-off, attest: {role: sre}}
"#;

const SNAPSHOT: &str = r#"{"at": "2026-03-10T18:00:00Z", "subject": {"version": "2.0", "commit": "c1", "author": "Mira"}, "stage": {"name": "ready", "entered": "2026-03-10T17:00:00Z"}}"#;

const FACTS: &str = r#"{"evidence": [{"id": "build", "status": "passed", "at": "2026-03-10T17:30:00Z", "commit": "c1"}]}
{"attestations": [{"rule": "drill", "by": "jon", "role": "sre", "at": "2026-03-10T17:30:00Z", "fields": {"minutes": 4}}]}
{"approvals": [{"rule": "board", "by": "Ada", "role": "lead", "at": "2026-03-10T17:30:00Z", "decision": "approved"}]}
"#;

const WAIVERS: &str = "gonogo: 1
waivers:
  - {rule: drill, stage: ready, reason: the drill is on Friday, owner: jon, approved_by: ada, expires: 2026-03-13T17:00:00Z}
";

/// A mistake: the file it is in, what is written there in place of what, the exit code, and what is told among other things.
struct Mistake {
    what: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
    code: i32,
    told: &'static [&'static str],
}

const fn mistake(
    what: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
    code: i32,
    told: &'static [&'static str],
) -> Mistake {
    Mistake {
        what,
        file,
        from,
        to,
        code,
        told,
    }
}

fn files() -> [(&'static str, String); 4] {
    [
        ("policy.yaml", POLICY.to_owned()),
        ("snapshot.json", SNAPSHOT.to_owned()),
        ("facts.jsonl", FACTS.to_owned()),
        ("waivers.yaml", WAIVERS.to_owned()),
    ]
}

fn judged(files: &[(&str, String)], waivers: bool) -> Run {
    let place = files
        .iter()
        .fold(Place::empty(), |place, (name, text)| place.with(name, text));
    let waivers = if waivers {
        " --waivers waivers.yaml"
    } else {
        ""
    };
    let now = "--now 2026-03-10T18:00:00Z";
    place.run(&format!(
        "eval -p policy.yaml -s snapshot.json -s facts.jsonl {now}{waivers}"
    ))
}

/// The attestation of the drill is what the waiver stands for.
fn without_the_drill(files: &mut [(&str, String)]) {
    let facts = &mut files[2].1;
    *facts = facts
        .lines()
        .filter(|line| !line.contains("drill"))
        .map(|line| format!("{line}\n"))
        .collect();
}

fn is_told(mistake: &Mistake, run: &Run) {
    let transcript = &run.transcript;
    assert_eq!(run.code, mistake.code, "{}: {transcript}", mistake.what);
    // What is told may be broken into lines.
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = words(&transcript.replace('│', " "));
    for part in mistake.told {
        assert!(
            said.contains(&words(part)),
            "{}: {part}: {transcript}",
            mistake.what
        );
    }
}

#[test]
fn without_a_mistake_it_goes() {
    assert_eq!(judged(&files(), false).code, 0);
    let mut set_aside = files();
    without_the_drill(&mut set_aside);
    assert_eq!(judged(&set_aside, false).code, 11);
    assert_eq!(judged(&set_aside, true).code, 0);
}

#[test]
fn what_is_wrong_in_a_policy_or_a_fact_is_told_and_never_goes() {
    for mistake in policy::MISTAKES.iter().chain(facts::MISTAKES) {
        let mut files = files();
        let (_, text) = files
            .iter_mut()
            .find(|(name, _)| *name == mistake.file)
            .expect("the file");
        assert!(text.contains(mistake.from), "{}", mistake.what);
        *text = text.replacen(mistake.from, mistake.to, 1);
        if mistake.what == "by the author" {
            files[2].1 = FACTS.replace("\"by\": \"Ada\"", "\"by\": \" mira\"");
        }
        is_told(mistake, &judged(&files, false));
    }
}

#[test]
fn what_is_wrong_in_a_waiver_is_told_and_never_goes() {
    for mistake in waivers::MISTAKES {
        let mut files = files();
        without_the_drill(&mut files);
        let text = &mut files[3].1;
        assert!(text.contains(mistake.from), "{}", mistake.what);
        *text = text.replacen(mistake.from, mistake.to, 1);
        is_told(mistake, &judged(&files, true));
    }
}

#[test]
fn a_mistake_beside_a_stop_does_not_hide_the_stop() {
    let mut files = files();
    files[2].1 = FACTS.replace("\"rule\": \"drill\"", "\"rule\": \"called-off\"");
    let run = judged(&files, false);
    assert_eq!(run.code, 20, "{}", run.transcript);
}
