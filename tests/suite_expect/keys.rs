//! Each key, right and wrong, both ways.

use gonogo::explain::explain;
use gonogo::suite::expect::Outline;
use gonogo::verdict::Status;

use super::{SICK, result, suite, text, told};

/// Whether each of these passes by itself.
fn right(expects: &[&str]) {
    for expect in expects {
        assert_eq!(told(expect), "passed\n", "{expect}");
    }
}

/// Whether each of these fails, with these words.
fn wrong(expects: &[(&str, &str)]) {
    for (expect, words) in expects {
        assert_eq!(told(expect), format!("{words}\n"), "{expect}");
    }
}

#[test]
fn the_verdict_and_its_causes() {
    right(&[
        "verdict: rollback",
        "causes: [fired, unmet, unknown, pending]",
        "causes: [pending, unknown, unmet, fired, fired]",
        "exit_code: 20",
        "next: null",
        "next: ~",
        "reason: 'spike: error_rate is 6.1%, limit 5%, for 3m (2m)'",
    ]);
    wrong(&[
        ("verdict: go", r#"verdict: "go" but "rollback""#),
        (
            "causes: [fired, held]",
            r#"causes: ["fired","held"] but ["fired","unmet","unknown","pending"]; missing held; extra pending, unknown, unmet"#,
        ),
        ("exit_code: 0", "exit_code: 0 but 20"),
        ("next: full", r#"next: "full" but null"#),
        (
            "reason: spike",
            r#"reason: "spike" but "spike: error_rate is 6.1%, limit 5%, for 3m (2m)""#,
        ),
    ]);
}

#[test]
fn a_list_is_all_there_are() {
    right(&[
        "fired: [spike]",
        "fired: [spike, spike]",
        "unmet: [fast, 'healthy[db]']",
        "unmet: ['healthy', fast]",
        "unknown: [watched-over]",
        "pending: [steady]",
        "waived: [backed-up]",
        "skipped: [drained]",
        "met: ['healthy[api]', idle, stage.bake]",
        "clear: [busy]",
    ]);
    wrong(&[
        ("fired: []", r#"fired: [] but ["spike"]; extra spike"#),
        (
            "fired: [spike, busy]",
            r#"fired: ["busy","spike"] but ["spike"]; missing busy"#,
        ),
        (
            "unmet: [fast]",
            r#"unmet: ["fast"] but ["fast","healthy[db]"]; extra healthy[db]"#,
        ),
        (
            "unmet: [fast, healthy, 'healthy[api]']",
            r#"unmet: ["fast","healthy","healthy[api]"] but ["fast","healthy[db]"]; missing healthy[api]"#,
        ),
        (
            "waived: []",
            r#"waived: [] but ["backed-up"]; extra backed-up"#,
        ),
        (
            "met: [idle]",
            r#"met: ["idle"] but ["healthy[api]","idle","stage.bake"]; extra healthy[api], stage.bake"#,
        ),
        ("clear: []", r#"clear: [] but ["busy"]; extra busy"#),
    ]);
}

#[test]
fn what_is_only_watched_is_there_for_who_names_it() {
    right(&["unmet: [fast, healthy, calm]", "held: {calm: 3m}"]);
    wrong(&[(
        "fired: [spike, calm]",
        r#"fired: ["calm","spike"] but ["spike"]; missing calm"#,
    )]);
}

#[test]
fn a_requirement_whose_failure_is_a_stop_is_fired_and_unmet() {
    let busy = "given: well, series: {every: 1m, queue: ['500*2']}";
    let of = |expect| text(&result(busy, expect));
    assert_eq!(
        of("verdict: rollback, causes: [fired], fired: [idle], unmet: [idle, drained]"),
        "causes: [\"fired\"] but [\"fired\",\"unmet\"]; extra unmet\n"
    );
    assert_eq!(
        of("unmet: [drained]"),
        "unmet: [\"drained\"] but [\"drained\",\"idle\"]; extra idle\n"
    );
}

#[test]
fn how_long_a_condition_has_held_is_exact() {
    right(&[
        "held: {spike: 3m}",
        "held: {spike: 180s, steady: 3m}",
        "held: {stage.bake: 1h3m}",
    ]);
    wrong(&[
        ("held: {spike: 2m}", r#"held.spike: "2m" but "3m""#),
        (
            "held: {'healthy[web]': 3m}",
            r#"held.healthy[web]: "3m" but null"#,
        ),
    ]);
}

#[test]
fn rows_of_escalation() {
    right(&[
        "escalation: [spike, page-lead]",
        "escalation: {spike: {severity: P0, action: switch it off, notify: [on-call]}}",
        "escalation: {spike: {respond_by: '2025-10-16T12:07:00+02:00', overdue: false}}",
        "escalation: {page-lead: {notify: [lead, lead], respond_by: null, undecided: false}}",
        "escalation: {page-lead: {}, idle: null}",
    ]);
    wrong(&[
        (
            "escalation: [spike, idle]",
            r#"escalation: ["idle","spike"] but ["page-lead","spike"]; missing idle; extra page-lead"#,
        ),
        (
            "escalation: {spike: {severity: P2, overdue: true}}",
            "escalation.spike.severity: \"P2\" but \"P0\"\nescalation.spike.overdue: true but false",
        ),
        (
            "escalation: {idle: {severity: P2}}",
            r#"escalation.idle: {"severity":"P2"} but null"#,
        ),
        (
            "escalation: {page-lead: {notify: [lead, on-call]}}",
            r#"escalation.page-lead.notify: ["lead","on-call"] but ["lead"]"#,
        ),
    ]);
    assert!(told("escalation: {spike: null}").starts_with("escalation.spike: null but {"));
}

#[test]
fn duties_and_the_plan() {
    right(&[
        "duties: [write the report]",
        "duties: {write the report: {by: lead, due: 2025-10-17T10:02:00Z, overdue: false}}",
        "rollback: {mode: instant, target: 0%, reenter: canary, check: null, due: null}",
        "rollback: {requires: [idle]}",
        "rollback: {requires: {idle: met}}",
    ]);
    wrong(&[
        (
            "duties: []",
            r#"duties: [] but ["write the report"]; extra write the report"#,
        ),
        (
            "duties: {write the report: {by: on-call}}",
            r#"duties.write the report.by: "on-call" but "lead""#,
        ),
        (
            "rollback: {mode: slow, target: 0%}",
            r#"rollback.mode: "slow" but "instant""#,
        ),
        (
            "rollback: {requires: [idle, fast]}",
            r#"rollback.requires: ["idle","fast"] but ["idle"]"#,
        ),
        (
            "rollback: {requires: {idle: unmet}}",
            r#"rollback.requires: {"idle":"unmet"} but {"idle":"met"}"#,
        ),
    ]);
    assert!(told("rollback: null").starts_with("rollback: null but {"));
    let well = |expect| text(&result("given: well", expect));
    assert_eq!(
        well("rollback: null, duties: [], escalation: []"),
        "passed\n"
    );
    assert_eq!(
        well("rollback: {mode: instant}"),
        "rollback: {\"mode\":\"instant\"} but null\n"
    );
}

#[test]
fn messages() {
    right(&[
        "messages: {fast: it takes 600 ms}",
        "messages: {fast: [it takes 600 ms], spike: null}",
        "messages: {healthy: [look at db, look at api]}",
        "messages: {'healthy[db]': look at db}",
    ]);
    wrong(&[
        (
            "messages: {fast: it takes long}",
            r#"messages.fast: "it takes long" but "it takes 600 ms""#,
        ),
        (
            "messages: {fast: null}",
            r#"messages.fast: null but "it takes 600 ms""#,
        ),
        (
            "messages: {healthy: look at db}",
            r#"messages.healthy: "look at db" but ["look at api","look at db"]; extra look at api"#,
        ),
    ]);
}

#[test]
fn values_are_read_in_their_unit() {
    right(&[
        "values: {error_rate: 0.061}",
        "values: {error_rate: 6.1%}",
        "values: {error_rate: 0.06100000000001}",
        "values: {latency: 600}",
        "values: {latency: 600ms}",
        "values: {latency: 0.6s}",
        "values: {spike: {error_rate: 6.1%}, fast: {latency: 600.0}}",
        "values: {'healthy[db]': {check: db}}",
        "values: {seen: null}",
    ]);
    wrong(&[
        (
            "values: {error_rate: 6.2%}",
            r#"values.error_rate: "6.2%" but 0.061"#,
        ),
        (
            "values: {error_rate: 0.0611}",
            "values.error_rate: 0.0611 but 0.061",
        ),
        (
            "values: {error_rate: 61ms}",
            r#"values.error_rate: "61ms" but 0.061"#,
        ),
        (
            "values: {error_rate: null}",
            "values.error_rate: null but 0.061",
        ),
        (
            "values: {spike: {latency: 600}}",
            "values.spike.latency: 600 but null",
        ),
        ("values: {seen: 0}", "values.seen: 0 but null"),
    ]);
}

#[test]
fn what_would_change_a_rule() {
    right(&[
        "to_change: {spike: error_rate < 5%}",
        "to_change: {spike: error_rate < 0.05}",
        "to_change: {fast: [latency < 500ms], idle: []}",
        "to_change: {fast: {input: latency, op: <, value: 500}}",
    ]);
    wrong(&[
        (
            "to_change: {spike: error_rate <= 5%}",
            r#"to_change.spike: ["error_rate <= 5%"] but ["error_rate < 5%"]; missing error_rate <= 5%; extra error_rate < 5%"#,
        ),
        (
            "to_change: {spike: []}",
            r#"to_change.spike: [] but ["error_rate < 5%"]; extra error_rate < 5%"#,
        ),
        (
            "to_change: {idle: queue < 1}",
            r#"to_change.idle: ["queue < 1"] but []; missing queue < 1"#,
        ),
    ]);
}

#[test]
fn warnings_contain_what_is_expected() {
    right(&["warnings: [the history begins at, after the stage was entered]"]);
    let told = told("warnings: []");
    assert!(
        told.starts_with("warnings: [] but [\"the history begins at"),
        "{told}"
    );
    let well = text(&result("given: well", "warnings: [begins]"));
    assert_eq!(well, "warnings: [\"begins\"] but []; missing begins\n");
    assert_eq!(text(&result("given: well", "warnings: []")), "passed\n");
}

#[test]
fn several_keys_are_told_in_the_order_of_the_suite() {
    wrong(&[(
        "fired: [], reason: x, exit_code: 0",
        "fired: [] but [\"spike\"]; extra spike\nreason: \"x\" but \"spike: error_rate is 6.1%, limit 5%, for 3m (2m)\"\nexit_code: 0 but 20",
    )]);
}

#[test]
fn what_needs_no_reasons_is_the_same_with_them() {
    let tests = format!(
        "  - {{name: a, {SICK}, expect: {{verdict: go}}}}
  - {{name: b, given: well, expect: {{verdict: go}}}}
  - {{name: c, given: well, stage: full, expect: {{verdict: go}}}}
  - {{name: d, given: well, now: 2025-10-16T11:00:00Z, expect: {{verdict: go}}}}
  - {{name: e, given: well, series: {{every: 1m, queue: ['500*2']}}, expect: {{verdict: go}}}}
"
    );
    let suite = suite(&tests, &[]);
    for case in &suite.cases {
        let fixture = suite.fixture(case).expect("a fixture");
        let policy = &suite.policies[fixture.policy].1;
        let (question, judgement) = fixture.judge(policy).expect("a judgement");
        let outline = Outline::of(policy, question, &judgement);
        let verdict = explain(policy, &fixture.history, question, judgement, &[]);
        assert_eq!(outline.decision, verdict.verdict);
        assert_eq!(outline.causes, verdict.causes);
        assert_eq!(outline.exit_code, verdict.exit_code);
        assert_eq!(outline.next, verdict.next);
        assert_eq!(outline.members.len(), verdict.findings.len());
        for finding in &verdict.findings {
            let named = |member: &&_| -> bool {
                let member: &gonogo::suite::expect::Member = member;
                member.name() == finding.name()
            };
            let member = outline.members.iter().find(named).expect("a member");
            assert_eq!(member.status, finding.status, "{}", finding.rule);
            assert_eq!(member.watch, finding.watch, "{}", finding.rule);
            assert_eq!(member.held, finding.held, "{}", finding.rule);
            let fired = finding.status == Status::Fired
                || (finding.status == Status::Unmet && finding.fired_at.is_some());
            assert_eq!(member.is(Status::Fired), fired, "{}", finding.rule);
        }
    }
}
