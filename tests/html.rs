//! The page of a verdict: well-formed and accessible whatever it is of, never green where the gate is not, and nothing of a
//! policy or a snapshot ever becomes markup.

mod bars;
mod chromium;
mod course;
mod kept;
mod labels;

use gonogo::policy::Policy;
use gonogo::policy::check::Settings;
use gonogo::report::html::html;
use gonogo::report::plot::Gather;
use gonogo::report::{Plot, Told};
use gonogo::source::{Code, Problem};
use gonogo::verdict::{Decision, ExitCode, Verdict};
use serde_json::Value as Json;

use crate::support;
use crate::support::place::Place;
pub(crate) use kept::kept;

const POLICY: &str = "\
gonogo: 1
name: canary
baselines: [before]
inputs:
  error_rate: {type: double, unit: ratio, title: non-4xx errors per request}
  latency: {type: double, unit: ms}
  incidents: {type: \"map<string, int>\"}
  ready: {type: bool}
severities:
  - {id: P0, respond_within: 5m, notify: [on-call], then: [{after: 10m, notify: [sre]}]}
stages:
  - name: canary-5
    bake: 1h
    require:
      - {id: latency, expr: latency < before.latency * 1.1, controls: [CC7.2]}
      - {id: mean, title: the mean of ten minutes, expr: 'error_rate.avg(\"4m\") < q(\"1%\")'}
      - {id: incidents, expr: 'incidents[\"P0\"] == 0'}
      - {id: ready, expr: ready}
      - {id: sign-off, attest: {role: sre}}
    rollback:
      - {id: error-spike, expr: error_rate >= q(\"5%\"), for: 2m, severity: P0, action: turn it off, cite: S3-131, runbook: https://wiki.example/spike}
rollback_plan: [{mode: instant, target: 0%, reenter: canary-5}]
after: {rollback: [{do: write the report, by: on-call, within: 1d}]}
";

/// Ten minutes, a sample each; the last five are a spike, and one in between is unknown.
pub(crate) fn history() -> String {
    let mut text = String::new();
    for minute in 0..11 {
        let rate = match minute {
            3 => "null".to_owned(),
            0..6 => format!("0.00{}", minute + 2),
            _ => format!("0.06{minute}"),
        };
        let stage = if minute == 0 {
            r#", "subject": {"service": "web", "version": "1.2.3"}, "stage": {"name": "canary-5", "entered": "2025-10-16T10:00:00Z"}, "baselines": {"before": {"latency": 400.0}}"#
        } else {
            ""
        };
        text.push_str(&format!(
            "{{\"at\": \"2025-10-16T10:{minute:02}:00Z\"{stage}, \"metrics\": {{\"error_rate\": {rate}, \"latency\": {}, \"incidents\": {{\"P0\": 0, \"P1\": 2}}, \"ready\": {}}}}}\n",
            430 + minute * 3,
            minute > 1,
        ));
    }
    text
}

/// A verdict with what there is to draw of it.
pub(crate) fn drawn(policy: &Policy, texts: &[&str], stage: Option<&str>) -> (Verdict, Vec<Plot>) {
    let verdict = support::judge(policy, texts, stage, None);
    let (history, _) = support::history(policy, texts);
    let mut gather = Gather::new(policy, &verdict);
    for sample in history.samples() {
        gather.take(&sample);
    }
    let plots = gather.finish();
    (verdict, plots)
}

fn rollback() -> (Verdict, Vec<Plot>) {
    let policy = support::policy(POLICY, &Settings::new());
    drawn(&policy, &[&history()], None)
}

pub(crate) fn page(verdict: &Verdict, plots: &[Plot]) -> String {
    let exit = ExitCode::ALL.iter();
    let exit = exit.copied().find(|exit| exit.code() == verdict.exit_code);
    html(&Told {
        verdict: Some(verdict),
        exit: exit.expect("a code"),
        policy: "policy.yaml",
        problems: &[],
        folder: "",
        plots,
    })
}

/// The classes of the banner.
fn banner(text: &str) -> &str {
    let (_, rest) = text.split_once("<div class=\"banner ").expect("a banner");
    rest.split('"').next().expect("a class")
}

#[test]
fn the_page_of_a_rollback() {
    let (verdict, plots) = rollback();
    assert_eq!(verdict.verdict, Decision::Rollback);
    let text = page(&verdict, &plots);
    kept(&text);
    let (before, rest) = text.split_once("<style>").expect("a style");
    let (_, after) = rest.split_once("</style>").expect("its end");
    let shown = format!("{before}{after}").replace("><", ">\n<");
    insta::with_settings!({
        snapshot_path => "snapshots/html",
        prepend_module_to_snapshot => false,
        omit_expression => true,
        filters => vec![(r"sha256:[0-9a-f]{64}", "sha256:[digest]"), (r"sha256-[A-Za-z0-9+/]+=*", "sha256-[style]")],
    }, { insta::assert_snapshot!("rollback", shown) });
    assert_eq!(text, page(&verdict, &plots), "the same inputs, other bytes");
}

#[test]
fn every_verdict_is_a_page_and_only_a_go_is_green() {
    for case in support::cases() {
        let policy = support::policy(&case.policy, &case.settings);
        let (history, _) = support::history(&policy, &[&case.history]);
        let verdict = case.judge();
        let mut gather = Gather::new(&policy, &verdict);
        history.samples().for_each(|sample| gather.take(&sample));
        let text = page(&verdict, &gather.finish());
        kept(&text);
        let green = banner(&text) == "good";
        assert_eq!(green, verdict.verdict == Decision::Go, "{}", case.name);
        assert!(
            text.contains(verdict.digests.record.as_str()),
            "{}",
            case.name
        );
    }
}

#[test]
fn a_go_that_did_not_end_as_one_is_not_green() {
    let (mut verdict, _) = rollback();
    verdict.verdict = Decision::Go;
    for exit in ExitCode::ALL {
        let text = html(&Told {
            verdict: Some(&verdict),
            exit: *exit,
            policy: "policy.yaml",
            problems: &[],
            folder: "",
            plots: &[],
        });
        kept(&text);
        assert_eq!(
            banner(&text) == "good",
            *exit == ExitCode::Success,
            "{exit:?}"
        );
    }
}

#[test]
fn where_nothing_could_be_judged_the_page_is_red_and_says_why() {
    let wrong = Problem::new(Code::Unreadable, "there is no file `a<b`").help("check the path");
    let doubt = Problem::new(Code::NoData, "a warning").warning();
    for exit in ExitCode::ALL {
        let text = html(&Told {
            verdict: None,
            exit: *exit,
            policy: "policy.yaml",
            problems: &[doubt.clone(), wrong.clone()],
            folder: "",
            plots: &[],
        });
        kept(&text);
        assert_eq!(banner(&text), "bad");
        assert!(
            text.contains("NO VERDICT") && text.contains("there is no file `a&lt;b`"),
            "{text}"
        );
        let (error, warning) = (text.find("a&lt;b"), text.find("a warning"));
        assert!(error < warning, "errors first");
    }
}

/// Every text of a record that may be any text at all, as something hostile: whatever can still be read as a record then.
fn hostile(verdict: &Verdict, text: &str) -> Verdict {
    let mut record = serde_json::to_value(verdict).expect("JSON");
    let mut places = Vec::new();
    strings(&record, &mut String::new(), &mut places);
    assert!(places.len() > 80, "{}", places.len());
    for place in places {
        let own = record.pointer_mut(&place).expect("a place");
        let before = std::mem::replace(own, Json::String(text.to_owned()));
        if serde_json::from_value::<Verdict>(record.clone()).is_err() {
            // A time, or a word of a few.
            *record.pointer_mut(&place).expect("a place") = before;
        }
    }
    serde_json::from_value(record).expect("a record")
}

fn strings(value: &Json, at: &mut String, found: &mut Vec<String>) {
    let length = at.len();
    match value {
        Json::String(_) => found.push(at.clone()),
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                at.push_str(&format!("/{index}"));
                strings(item, at, found);
                at.truncate(length);
            }
        }
        Json::Object(entries) => {
            for (key, item) in entries {
                at.push_str(&format!("/{}", key.replace('~', "~0").replace('/', "~1")));
                strings(item, at, found);
                at.truncate(length);
            }
        }
        _ => {}
    }
}

/// The plots with every text of theirs as something hostile.
fn renamed(plots: &[Plot], text: &str) -> Vec<Plot> {
    let name = || text.to_owned();
    let each = plots.iter().cloned().map(|mut plot| {
        plot.input = name();
        plot.title = Some(name());
        plot.unit = Some(name());
        plot.rules = vec![name()];
        plot.limits.iter_mut().for_each(|limit| {
            limit.of = name();
            limit.rules = vec![name(); 9];
        });
        plot.levels.iter_mut().for_each(|level| level.name = name());
        plot
    });
    each.collect()
}

pub(crate) const HOSTILE: [&str; 10] = [
    "</style></title><script>parent.owned()</script>",
    "\"onload=\"parent.owned()\" x='",
    "' onmouseover='parent.owned()",
    "]]><![CDATA[<img src=x onerror=parent.owned()>",
    "<svg/onload=parent.owned()>&lt;b&gt;&#0;&amp;",
    "javascript:parent.owned()",
    "\u{202e}\u{2066}\u{200b}\u{0}\u{1b}[31m\u{7f}\u{9b}\u{feff}\u{ffff}\u{fffe}\r\n\t\u{2028}",
    "<iframe srcdoc='<script>parent.owned()</script>'></iframe><base href=//evil.example/>",
    "https://evil.example/\"><script>parent.owned()</script>",
    "-->--><!-- --!><meta http-equiv=refresh content=0;url=//evil.example>",
];

#[test]
fn no_text_becomes_markup() {
    let (verdict, plots) = rollback();
    for text in HOSTILE {
        let page = page(&hostile(&verdict, text), &renamed(&plots, text));
        kept(&page);
        assert!(
            !page.contains('\u{202e}') && !page.contains('\u{1b}'),
            "what steers is shown"
        );
        let problem = Problem::new(Code::Unreadable, text).help(text);
        kept(&html(&Told {
            verdict: None,
            exit: ExitCode::Input,
            policy: "policy.yaml",
            problems: &[problem],
            folder: "",
            plots: &[],
        }));
    }
}

#[test]
fn what_is_very_long_is_clipped_and_says_so() {
    let (verdict, plots) = rollback();
    let long = "n".repeat(1 << 20);
    let page = page(&hostile(&verdict, &long), &renamed(&plots, &long));
    kept(&page);
    assert!(page.len() < 1 << 20, "{}", page.len());
    assert!(page.contains("(clipped, 1048576 characters in all)"));
}

#[test]
fn three_hundred_findings_are_less_than_a_megabyte() {
    let policy = support::policy(
        "gonogo: 1\nname: many\ninputs: {rates: {type: \"map<string, double>\", unit: ratio}}\n\
         require: [{id: rate, title: errors of each endpoint, for_each: {e: rates}, expr: 'rates[e] < q(\"1%\")', cite: S1-1}]\n",
        &Settings::new(),
    );
    let mut text = String::new();
    for minute in 0..60 {
        let entries: Vec<String> = (0..300)
            .map(|key| format!("\"endpoint-{key:03}\": 0.0{}", 10 + (minute * 7 + key) % 80))
            .collect();
        text.push_str(&format!(
            "{{\"at\": \"2025-10-16T10:{minute:02}:00Z\", \"metrics\": {{\"rates\": {{{}}}}}}}\n",
            entries.join(", ")
        ));
    }
    let (verdict, plots) = drawn(&policy, &[&text], None);
    assert_eq!(verdict.findings.len(), 300);
    assert_eq!(plots.len(), 24, "as many as a page takes");
    assert_eq!(plots[0].input, "rates[\"endpoint-000\"]");
    let page = page(&verdict, &plots);
    kept(&page);
    assert!(page.len() < 1_000_000, "{}", page.len());
    assert!(page.contains("Not drawn"), "what is left out is said");
}

#[test]
fn the_program_writes_it_whatever_the_snapshots_come_as() {
    let place = Place::empty()
        .with("policy.yaml", POLICY)
        .with("history.jsonl", history())
        .with("broken.jsonl", "{\"at\": \n");
    let yaml: String = history()
        .lines()
        .map(|line| format!("---\n{line}\n"))
        .collect();
    place.write("history.yaml", yaml);
    let run = |snapshot: &str, input: &str| {
        let run = place.run_with(
            &format!("eval -p policy.yaml -s {snapshot} --now 2025-10-16T10:10:00Z --report html=report.html -q"),
            input,
        );
        let page = std::fs::read_to_string(place.path().join("report.html")).expect("a report");
        kept(&page);
        (run.code, page)
    };
    let (code, lines) = run("history.jsonl", "");
    assert_eq!(code, 20);
    assert_eq!(lines.matches("<svg").count(), 4, "one of each input");
    assert_eq!(
        run("history.yaml", ""),
        (20, lines.clone()),
        "what is held is drawn like what is not"
    );
    assert_eq!(
        run("-", &history()),
        (20, lines),
        "what comes through a pipe likewise"
    );
    let (code, page) = run("broken.jsonl", "");
    assert_eq!((code, banner(&page)), (4, "bad"));
}
