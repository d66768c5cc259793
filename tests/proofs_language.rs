//! What is said of proofs, due times, needs, people and audits that are written wrong, word by word.

use std::fmt::Write as _;

use gonogo::policy::check::{Settings, check};
use gonogo::source::Source;

/// A policy around a rule: `RULE` under the list named first, `TOP` at the top, `STAGE` in its stage.
fn policy(rule: &str, roles: &str, calendars: &str, stage: &str) -> String {
    let (list, rule) = rule
        .split_once(": ")
        .unwrap_or(("require", "{id: r, expr: calm}"));
    format!(
        "gonogo: 1\nname: canary\ninputs:\n  error_rate: {{type: double, unit: ratio}}\n  calm: {{type: bool}}\n\
         roles:\n  sre: {{people: [ada, jon]}}\n  lead: {{people: [Ada]}}\n  qa: {{people: [ada]}}\n  on-call: {{}}\n\
         {roles}calendars:\n  hours: {{timezone: UTC, allow: Mon-Fri 10:00-16:00}}\n\
         \x20 quiet: {{timezone: UTC, allow: Mon-Fri, deny: [{{when: error_rate > 0.5, reason: trouble}}]}}\n\
         {calendars}record: {{fields: [deployer, version]}}\n\
         stages:\n  - name: lab\n    require: [{{id: builds, evidence: {{id: build}}}}]\n\
         \x20 - {{name: base, abstract: true, require: [{{id: a, expr: calm}}]}}\n\
         \x20 - name: canary-5\n{stage}    {list}:\n      - {rule}\n"
    )
}

fn told(text: &str) -> String {
    let problems = check(&Source::new("policy.yaml", text), &Settings::new()).1;
    let mut lines = String::new();
    for problem in problems {
        let labels: Vec<String> = problem
            .labels
            .iter()
            .map(|label| {
                let under = text.get(label.span.start..label.span.end).unwrap_or("?");
                format!("{} <{}>", under.replace('\n', "~"), label.text)
            })
            .collect();
        let help = problem.help.unwrap_or_default();
        let _ = writeln!(
            lines,
            "{} | {} | {} | {help}",
            problem.code,
            problem.message,
            labels.join(" + ")
        );
    }
    lines
}

/// Where a text stands: as a rule behind its list, or as a line among the roles, the calendars or the keys of a stage.
#[derive(Clone, Copy, Debug)]
enum In {
    Rule,
    Roles,
    Calendars,
    Stage,
}

/// What is written, and each problem of it: code, message, underlined texts with what is said of them, help.
const TABLE: &[(In, &str, &[&str])] = &[
    (In::Rule, "require: {id: r, expr: calm}", &[]),
    (
        In::Rule,
        "require: {id: r}",
        &[
            "missing-key | the rule `r` says nothing | {id: r} <no proof here> | add `expr: …`: what must be true; or `evidence`, `attest`, `approve` or `during`",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, expr: calm, attest: {role: sre}}",
        &[
            "bad-value | the rule `r` has two proofs: `expr` and `attest` | {role: sre} <second> + calm <first> | write two rules: one for each",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, during: hours, evidence: {id: x}, approve: {any: 1}}",
        &[
            "bad-value | the rule `r` has two proofs: `evidence` and `approve` | {any: 1} <second> + {id: x} <first> | write two rules: one for each",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: x}",
        &[
            "wrong-kind | `evidence` is a text, not a map | x <expected a map> | write `evidence: {id: x}`",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {}}",
        &["missing-key | `evidence` without `id` | {} <not here> | add `id: …`"],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {id: ''}}",
        &[
            "bad-value | the id of evidence is empty | '' <nothing> | write what it is, or remove it",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {name: x}}",
        &[
            "missing-key | `evidence` without `id` | {name: x} <not here> | add `id: …`",
            "unknown-key | `evidence` has no `name` | name <unknown key> | the keys of `evidence` are id, max_age, commit, environment, status, since, where",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {id: x, max_age: 0s}}",
        &[
            "bad-duration | `0s` is no time at all | 0s <must be longer than 0> | write a duration such as 10m",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {id: x, max_age: soon}}",
        &[
            "bad-duration | `soon` is not a duration | soon <not a duration> | write a number and one of `ms`, `s`, `m`, `h`, `d`, `w`, such as `10m` or `1h30m`",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {id: x, commit: 0f1e2d3}}",
        &[
            "bad-value | `commit: 0f1e2d3` means nothing | 0f1e2d3 <not `same`> | write `commit: same`: the commit that is rolled out; or remove it",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {id: x, environment: ''}}",
        &["bad-value | an environment is empty | '' <nothing> | write what it is, or remove it"],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {id: x, since: entry}}",
        &[],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {id: x, since: any}}",
        &[],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {id: x, since: yesterday}}",
        &[
            "bad-value | `since: yesterday` means nothing | yesterday <neither `entry` nor `any`> | write `entry` where only what was run since the stage's entry counts; without it the age does not matter",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {id: x, status: passed}}",
        &[
            "bad-value | `status: passed` means nothing | passed <not `failed`> | remove it: without `status` the newest record must have passed",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {id: x, status: broken}}",
        &[
            "bad-value | `status: broken` means nothing | broken <not `failed`> | write `status: failed`, or remove it: without it the record must have passed",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {id: x, where: data.coverage}}",
        &[],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {id: x, where: data.coverage + 1}}",
        &[],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {id: x, where: data.coverage >}}",
        &[
            "expression-syntax | expected an operand after `>` | > <> | write a value behind `>`, or leave it out",
        ],
    ),
    (
        In::Rule,
        r#"require: {id: r, evidence: {id: x, where: 'data.coverage.avg("1h") > 0.5'}}"#,
        &[
            "wrong-argument | `avg` looks back at inputs, and `data` is none | data.coverage <> | write `data` outside of the window",
        ],
    ),
    (
        In::Rule,
        r#"require: {id: r, evidence: {id: x, where: '(data.a + error_rate).avg("1h") > 0.5'}}"#,
        &[
            "wrong-argument | `avg` looks back at inputs, and `data` is none | data.a + error_rate <> | write `data` outside of the window",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {id: x, where: max(data.a, 1) > 0}}",
        &[
            "unquoted-expression | the expression of `where` is cut at a comma | max(data.a, 1) > 0 <YAML ends a value at a comma inside `{…}`> | quote it: `where: 'max(data.a, 1) > 0'`, or write the rule as a block",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {id: x, where: coverage > 0.5}}",
        &[
            "unknown-input | `coverage` is not declared | coverage <> | declare it under `inputs`, `params` or `let`",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, expr: data.coverage > 0.5}",
        &[
            "unknown-input | `data` is not known here | data.coverage <> | only `where` of `evidence` sees the `data` of a record",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, expr: size(fired) == 0}",
        &[
            "unknown-input | `fired` is not known here | fired <> | only rows of `escalation` see what becomes of rules: a rule never does",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, expr: verdict == 'go'}",
        &[
            "unknown-input | `verdict` is not known here | verdict <> | only rows of `escalation` see what becomes of rules: a rule never does",
        ],
    ),
    (
        In::Rule,
        r#"require: {id: r, expr: 'records.exists(x, x.stag == "lab")'}"#,
        &["unknown-field | `x` has no field `stag` | stag <> | did you mean `stage`?"],
    ),
    (
        In::Rule,
        "require: {id: r, expr: records > 1}",
        &[
            "type-mismatch | `>` cannot compare a `list<{stage: string, verdict: string, at: timestamp, service: string, version: string, commit: string}>` with an `int` | records > 1 <> | write `size(records)`",
        ],
    ),
    (
        In::Rule,
        r#"require: {id: r, expr: 'records.size().max("1d") > 1'}"#,
        &[
            "wrong-argument | `max` looks back at inputs, and `records` is none | records.size() <> | write `records` outside of the window",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, expr: calm, for_each: {data: [a]}}",
        &[
            "name-clash | `data` is already a name | data <taken> | choose another name for the item",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {id: x}, for: 10m}",
        &[
            "bad-value | `for` is for a rule with `expr` | 10m <this one has `evidence`> | remove it; `max_age` says how old a record may be",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {}, at: {times: 1h}}",
        &[
            "bad-value | `at` is for a rule with `expr` | {times: 1h} <this one has `attest`> | remove it; `max_age` says how old a statement may be",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, during: hours, for: bake}",
        &[
            "bad-value | `for` is for a rule with `expr` | bake <this one has `during`> | remove it: a calendar is open or closed at every instant",
        ],
    ),
    (
        In::Rule,
        "hold: {id: r, evidence: {id: x}}",
        &[
            "bad-value | a stop by evidence has `status: failed` | {id: x} <under a stop> | add `status: failed`: it fires where the newest record failed; or move the rule under `require`",
        ],
    ),
    (
        In::Rule,
        "rollback: {id: r, evidence: {id: x, status: failed}}",
        &[],
    ),
    (
        In::Rule,
        "hold: {id: r, during: hours}",
        &[
            "bad-value | `during` is for `require` | hours <under a stop> | move the rule under `require`: a calendar that is closed is no stop",
        ],
    ),
    (
        In::Rule,
        "hold: {id: r, approve: {roles: [sre]}, due: +24h}",
        &[
            "bad-value | `due` is for `require` | +24h <under a stop> | remove it: a stop is judged at every instant",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sr}}",
        &["unknown-role | there is no role `sr` | sr <not listed> | did you mean `sre`?"],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: ''}}",
        &["bad-value | the role is empty | '' <nothing> | write what it is, or remove it"],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sre, count: 0}}",
        &[
            "bad-value | `count: 0` is not a number from 1 to 1000 | 0 <how many?> | write how many people, such as `count: 2`",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sre, count: two}}",
        &[
            "bad-value | `count: two` is not a number from 1 to 1000 | two <how many?> | write how many people, such as `count: 2`",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sre, count: 1001}}",
        &[
            "bad-value | `count: 1001` is not a number from 1 to 1000 | 1001 <how many?> | write how many people, such as `count: 2`",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sre, count: 3}}",
        &[
            "bad-value | 3 people of `sre`, with only 2 listed | 3 <can never be> | ask for 2 at most, or list more `people`",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: on-call, count: 3}}",
        &[],
    ),
    (
        In::Rule,
        "require: {id: r, attest: sre}",
        &[
            "wrong-kind | `attest` is a text, not a map | sre <expected a map> | write `attest: {role: sre}`",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {rol: sre}}",
        &["unknown-key | `attest` has no `rol` | rol <unknown key> | did you mean `role`?"],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sre, max_age: -1d}}",
        &["bad-duration | `-1d` is not a duration | -1d <not a duration> | write `1d`"],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sre, not_by: []}}",
        &["bad-value | `not_by` lists nothing | [] <empty> | list at least one, or remove it"],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sre, not_by: [auther]}}",
        &[
            "unknown-field | the subject has no field `auther` | auther <not a field> | did you mean `author`?",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sre, not_by: [reviewer]}}",
        &[
            "unknown-field | the subject has no field `reviewer` | reviewer <not a field> | write `author`, or have `record: {fields: [reviewer]}` ask for it",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sre, not_by: [deployer, commit, version]}}",
        &[
            "bad-value | `commit` of the subject is no person | commit <nobody> | write `author`, or a field with a name in it",
            "bad-value | `version` of the subject is no person | version <nobody> | write `author`, or a field with a name in it",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sre, not_by: [author, author]}}",
        &[
            "duplicate-id | the field `author` is listed twice | author <second> + author <first> | list each once",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sre, since: start}}",
        &[
            "bad-value | `since: start` means nothing | start <neither `entry` nor `any`> | write `any` where statements from before the stage's entry count; without it they do not",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sre, fields: []}}",
        &["bad-value | `fields` lists nothing | [] <empty> | list at least one, or remove it"],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sre, fields: {}}}",
        &["bad-value | `fields` lists nothing | {} <empty> | list at least one, or remove it"],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sre, fields: [a, a]}}",
        &["duplicate-id | the field `a` is listed twice | a <second> + a <first> | list each once"],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sre, fields: {a: []}}}",
        &["bad-value | `fields` lists nothing | [] <empty> | list at least one, or remove it"],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sre, fields: {a: [b, b], c: }}}",
        &["duplicate-id | the value `b` is listed twice | b <second> + b <first> | list each once"],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sre, fields: {a: {b: c}}}}",
        &[
            "wrong-kind | `fields` is a map, not a text | {b: c} <expected a text> | write a text here",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, approve: {}}",
        &["missing-key | `approve` without `roles` | {} <not here> | add `roles: […]` or `any: 2`"],
    ),
    (
        In::Rule,
        "require: {id: r, approve: {roles: []}}",
        &["bad-value | `roles` lists nothing | [] <empty> | list at least one, or remove it"],
    ),
    (
        In::Rule,
        "require: {id: r, approve: {roles: [sre, sre]}}",
        &[
            "duplicate-id | the role `sre` is listed twice | sre <second> + sre <first> | list each once",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, approve: {roles: [sre, leed]}}",
        &["unknown-role | there is no role `leed` | leed <not listed> | did you mean `lead`?"],
    ),
    (
        In::Rule,
        "require: {id: r, approve: {each: 2}}",
        &[
            "missing-key | `approve` without `roles` | {each: 2} <not here> | add `roles: […]` or `any: 2`",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, approve: {any: 2, each: 1}}",
        &[
            "bad-value | `approve` has `each` or `any`, not both | 1 <both> | keep `each`: so many of each role; or `any`: so many in all",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, approve: {any: 3, roles: [sre, lead]}}",
        &[
            "bad-value | 3 people of `sre` or `lead`, with only 2 listed | 3 <can never be> | ask for 2 at most, or list more `people`",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, approve: {roles: [sre], each: 3}}",
        &[
            "bad-value | 3 people of `sre`, with only 2 listed | 3 <can never be> | ask for 2 at most, or list more `people`",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, approve: {roles: [sre, lead]}}",
        &[],
    ),
    (
        In::Rule,
        "require: {id: r, approve: {roles: [sre, lead], each: 2}}",
        &[
            "bad-value | 2 people for each of `sre` and `lead`, and nobody is left for `lead` | 2 <can never be> | one person fills one role: ask for fewer, or list more `people`",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, approve: {roles: [sre, lead, on-call]}}",
        &[],
    ),
    (
        In::Rule,
        "require: {id: r, approve: {roles: [sre], any: 2, count: 1}}",
        &[
            "unknown-key | `approve` has no `count` | count <unknown key> | the keys of `approve` are roles, each, any, max_age, not_by, since, fields",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, during: hour}",
        &[
            "unknown-calendar | there is no calendar `hour` | hour <not listed> | did you mean `hours`?",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, during: [hours]}",
        &[
            "wrong-kind | `during` is a list, not a text | [hours] <expected a text> | write a text here",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, expr: calm, due: 48h}",
        &[
            "bad-duration | `48h` is not a due time | 48h <when?> | write `T-48h` or `T+48h`: before or after `subject.planned_at`; or `+48h`: after the stage is entered",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, expr: calm, due: -48h}",
        &[
            "bad-duration | `-48h` is not a due time | -48h <when?> | write `T-48h`: so long before `subject.planned_at`",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, expr: calm, due: t-48h}",
        &["bad-duration | `t-48h` is not a due time | t-48h <when?> | did you mean `T-48h`?"],
    ),
    (
        In::Rule,
        "require: {id: r, expr: calm, due: T - 48h}",
        &["bad-duration | `T - 48h` is not a due time | T - 48h <when?> | did you mean `T-48h`?"],
    ),
    (
        In::Rule,
        "require: {id: r, expr: calm, due: T+0h}",
        &["bad-duration | `T+0h` is not a due time | T+0h <when?> | did you mean `T`?"],
    ),
    (
        In::Rule,
        "require: {id: r, expr: calm, due: T--1h}",
        &[
            "bad-duration | `T--1h` is not a due time | T--1h <when?> | write `T-1h` or `T+1h`: before or after `subject.planned_at`; or `+1h`: after the stage is entered",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, expr: calm, due: +1}",
        &[
            "bad-duration | `+1` is not a due time | +1 <when?> | write such as `T-48h` or `T+1h`: before or after `subject.planned_at`; or `+24h`: after the stage is entered",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, expr: calm, due: tomorrow}",
        &[
            "bad-duration | `tomorrow` is not a due time | tomorrow <when?> | write such as `T-48h` or `T+1h`: before or after `subject.planned_at`; or `+24h`: after the stage is entered",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, expr: calm, due: }",
        &["wrong-kind | `due` is nothing, not a text |  <expected a text> | write a text here"],
    ),
    (
        In::Rule,
        "require: {id: r, expr: calm, due: +2h, at: {times: [1h]}}",
        &[
            "bad-value | `due` and `at` are two times for one rule | +2h <beside `at`> | remove it: `at` says when the rule is judged",
        ],
    ),
    (
        In::Rule,
        "require: {group: g, due: +2h, rules: [{id: r, expr: calm, at: {times: [1h]}}]}",
        &[
            "bad-value | `due` and `at` are two times for one rule | +2h <beside `at`> | move the rule out of the group: its `at` says when it is judged",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {role: sre, fields: {x-minutes: , reason: }}}",
        &[
            "bad-name | `x-minutes` cannot be a field to fill in | x-minutes <never asked for> | choose a name that does not begin with `x-`: such keys are free",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, expr: calm, waivable: maybe}",
        &[
            "wrong-kind | `waivable` is a text, not true or false | maybe <expected true or false> | write true or false here",
        ],
    ),
    (
        In::Rule,
        "hold: {group: g, due: T-48h, rules: [{id: r, expr: calm}]}",
        &[
            "bad-value | `due` is for `require` | T-48h <under a stop> | remove it: a stop is judged at every instant",
        ],
    ),
    (
        In::Rule,
        "require: {group: g, due: never, rules: [{id: r, expr: calm}]}",
        &[
            "bad-duration | `never` is not a due time | never <when?> | write such as `T-48h` or `T+1h`: before or after `subject.planned_at`; or `+24h`: after the stage is entered",
        ],
    ),
    (
        In::Stage,
        "needs: [lba]",
        &["unknown-stage | there is no stage `lba` | lba <not listed> | did you mean `lab`?"],
    ),
    (
        In::Stage,
        "needs: [canary-5]",
        &[
            "needs-cycle | the stage `canary-5` needs itself | canary-5 <this stage> | name a stage that comes before it",
        ],
    ),
    (
        In::Stage,
        "needs: [base]",
        &[
            "unknown-stage | the stage `base` is never judged | base <abstract> + base <only there to be extended> | name a stage that is not abstract",
        ],
    ),
    (
        In::Stage,
        "needs: [lab, lab]",
        &[
            "duplicate-id | the stage `lab` is listed twice | lab <second> + lab <first> | list each once",
        ],
    ),
    (
        In::Stage,
        "needs: []",
        &["bad-value | `needs` lists nothing | [] <empty> | list at least one, or remove it"],
    ),
    (
        In::Stage,
        "needs: [{any: []}]",
        &["bad-value | `any` lists nothing | [] <empty> | list at least one, or remove it"],
    ),
    (
        In::Stage,
        "needs: [{any: [lab, labb]}]",
        &["unknown-stage | there is no stage `labb` | labb <not listed> | did you mean `lab`?"],
    ),
    (
        In::Stage,
        "needs: [{all: [lab]}]",
        &[
            "missing-key | a need without `any` | {all: [lab]} <not here> | add `any: […]`",
            "unknown-key | a need has no `all` | all <unknown key> | the keys of a need are any",
        ],
    ),
    (
        In::Stage,
        "needs: [{any: [lab]}, lab]",
        &[
            "duplicate-id | the stage `lab` is listed twice | lab <second> + lab <first> | list each once",
        ],
    ),
    (In::Stage, "needs: lab", &[]),
    (In::Stage, "needs: {any: [lab]}", &[]),
    (
        In::Stage,
        "needs: [[lab]]",
        &[
            "wrong-kind | `needs` is a list, not a text | [lab] <expected a text> | write a text here",
        ],
    ),
    (
        In::Stage,
        "record: [deployer]",
        &[
            "wrong-kind | `record` is a list, not a map | [deployer] <expected a map> | write `record: {fields: […]}`",
        ],
    ),
    (
        In::Stage,
        "record: {fields: []}",
        &["bad-value | `fields` lists nothing | [] <empty> | list at least one, or remove it"],
    ),
    (
        In::Stage,
        "record: {fields: [a b]}",
        &[
            "bad-name | `a b` cannot be the name of a field | a b <letters, digits, `-` and `_`> | name a field of the subject, such as `deployer`",
        ],
    ),
    (
        In::Stage,
        "record: {fields: [deployer, deployer]}",
        &[
            "duplicate-id | the field `deployer` is listed twice | deployer <second> + deployer <first> | list each once",
        ],
    ),
    (
        In::Stage,
        "record: {field: [deployer]}",
        &[
            "missing-key | `record` without `fields` | {field: [deployer]} <not here> | add `fields: […]`",
            "unknown-key | `record` has no `field` | field <unknown key> | did you mean `fields`?",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, approve: 2}",
        &[
            "wrong-kind | `approve` is a whole number, not a map | 2 <expected a map> | write `approve: {any: 2}`",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, attest: }",
        &["wrong-kind | `attest` is nothing, not a map |  <expected a map> | write a map here"],
    ),
    (
        In::Rule,
        "require: {id: r, approve: {roles: [lead, qa]}}",
        &[
            "bad-value | 1 person for each of `lead` and `qa`, and nobody is left for `qa` | [lead, qa] <can never be> | one person fills one role: ask for fewer, or list more `people`",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, approve: {roles: [lead, sre]}}",
        &[],
    ),
    (
        In::Rule,
        "require: {id: r, approve: {roles: [lead, sre, qa]}}",
        &[
            "bad-value | 1 person for each of `lead` and `sre` and `qa`, and nobody is left for `qa` | [lead, sre, qa] <can never be> | one person fills one role: ask for fewer, or list more `people`",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, approve: {any: 1, roles: [lead, qa]}}",
        &[],
    ),
    (
        In::Rule,
        "require: {id: r, approve: {any: 2, roles: [lead, qa]}}",
        &[
            "bad-value | 2 people of `lead` or `qa`, with only 1 listed | 2 <can never be> | ask for 1 at most, or list more `people`",
        ],
    ),
    (
        In::Rule,
        "require: {id: r, approve: {any: 2, roles: [lead, on-call]}}",
        &[],
    ),
    (
        In::Rule,
        "require: {id: r, attest: {fields: {outcome: bug}}}",
        &[],
    ),
    (
        In::Rule,
        "require: {id: r, evidence: {id: x}, due: T-48h}",
        &[],
    ),
    (In::Rule, "require: {id: r, during: quiet, due: T}", &[]),
    (
        In::Stage,
        "bake: {business: 1d, calendar: quiet}",
        &[
            "bad-value | `quiet` is closed by a condition, so business time cannot be counted in it | quiet <counted in it> + error_rate > 0.5 <whether this is true later nobody knows> | count in a calendar that has periods only",
        ],
    ),
    (
        In::Roles,
        "x: {people: []}",
        &["bad-value | `people` lists nothing | [] <empty> | list at least one, or remove it"],
    ),
    (
        In::Roles,
        "x: {people: [ada, ' ADA']}",
        &[
            "duplicate-id | the person ` ADA` is listed twice | ' ADA' <second> + ada <first> | list each once",
        ],
    ),
    (
        In::Roles,
        "x: {people: ['']}",
        &[
            "bad-value | the name of a person is empty | '' <nothing> | write what it is, or remove it",
        ],
    ),
    (
        In::Roles,
        "x: {people: {ada: x}}",
        &[
            "wrong-kind | `people` is a map, not a text | {ada: x} <expected a text> | write a text here",
        ],
    ),
    (
        In::Roles,
        "x: {pople: [ada]}",
        &["unknown-key | a role has no `pople` | pople <unknown key> | did you mean `people`?"],
    ),
    (In::Roles, "x: {people: ada}", &[]),
    (
        In::Calendars,
        "x: {timezone: UTC, allow: Mon, deny: [{when: error_rate}]}",
        &[
            "not-bool | a condition must be true or false, this is a `double` | error_rate <`double`> + double <`error_rate` is declared here> | compare it, such as `error_rate > 0`",
        ],
    ),
    (
        In::Calendars,
        "x: {timezone: UTC, allow: Mon, deny: [{when: errors > 0.5}]}",
        &[
            "unknown-input | `errors` is not declared | errors <> | declare it under `inputs`, `params` or `let`",
        ],
    ),
    (
        In::Calendars,
        "x: {timezone: UTC, allow: Mon, deny: [{when: calm, weekly: Fri}]}",
        &[
            "bad-value | a denied period has `weekly` or `when`, not both | {when: calm, weekly: Fri} <both> | write two: one with `weekly`, and one with `when`",
        ],
    ),
    (
        In::Calendars,
        "x: {timezone: UTC, allow: Mon, deny: [{reason: x}]}",
        &[
            "missing-key | a denied period without `dates` | {reason: x} <not here> | add `dates: 2026-12-24/2027-01-02`, `weekly: Fri-Sun`, `file: holidays.txt` or `when: …`",
        ],
    ),
    (
        In::Calendars,
        "x: {timezone: UTC, allow: Mon, deny: [{whenn: calm}]}",
        &[
            "unknown-key | a denied period has no `whenn` | whenn <unknown key> | did you mean `when`?",
        ],
    ),
    (
        In::Calendars,
        "x: {timezone: UTC, allow: Mon, deny: {when: calm}}",
        &[],
    ),
    (
        In::Calendars,
        "x: {timezone: UTC, allow: Mon, deny: [{when: size(fired) > 0}]}",
        &[
            "unknown-input | `fired` is not known here | fired <> | only rows of `escalation` see what becomes of rules: a rule never does",
        ],
    ),
];

#[test]
fn every_mistake_is_told_at_its_place() {
    for (place, text, expected) in TABLE {
        let plain = "require: {id: r, expr: calm}";
        let line = format!("  {text}\n");
        let policy = match place {
            In::Rule => policy(text, "", "", ""),
            In::Roles => policy(plain, &line, "", ""),
            In::Calendars => policy(plain, "", &line, ""),
            In::Stage => policy(plain, "", "", &format!("  {line}")),
        };
        let expected: String = expected.iter().map(|line| format!("{line}\n")).collect();
        assert_eq!(told(&policy), expected, "{place:?} {text}");
    }
}

#[test]
fn a_key_of_any_shape_is_read_or_told_and_never_more() {
    let shapes = [
        "",
        "null",
        "x",
        "''",
        "-1",
        "0.5",
        "99999999999999999999",
        "true",
        "[]",
        "[x]",
        "[[x]]",
        "[{x: y}]",
        "[null, '', x, x]",
        "{}",
        "{x: y}",
        "{id: }",
        "{id: [x]}",
        "{any: x, each: x, roles: {x: y}}",
        "{role: [x], count: {}, fields: [[x]]}",
        "{fields: {a: , b: [], c: [[d]], x-e: f}}",
        "{id: x, where: '${', max_age: T, commit: , environment: [], status: {}}",
        "{any: []}",
        "{any: {any: x}}",
        "{not_by: [x, x, author], since: 1, max_age: -1}",
        "T",
        "T-",
        "T+999999999999999h",
        "+",
        "+-1h",
        "T-9999999999d",
        "{when: {when: x}}",
        "{when: data.x, reason: []}",
        "'\\u{0}'",
        "ä",
        "t\u{301}-1h",
    ];
    for shape in shapes {
        let rules = [
            "evidence", "attest", "approve", "during", "due", "waivable", "group",
        ];
        let rules =
            rules.map(|key| policy(&format!("require: {{id: r, {key}: {shape}}}"), "", "", ""));
        let groups = policy(
            &format!("hold: {{group: g, due: {shape}, rules: [{{id: r, expr: calm}}]}}"),
            "",
            "",
            "",
        );
        let plain = "require: {id: r, expr: calm}";
        let keys =
            ["needs", "record"].map(|key| policy(plain, "", "", &format!("    {key}: {shape}\n")));
        let role = policy(
            plain,
            &format!("  x: {{people: {shape}, contact: {shape}}}\n"),
            "",
            "",
        );
        let calendar = format!("  x: {{timezone: UTC, allow: Mon, deny: {shape}}}\n");
        let calendar = policy(plain, "", &calendar, "");
        for text in rules
            .into_iter()
            .chain(keys)
            .chain([groups, role, calendar])
        {
            let source = Source::new("policy.yaml", text.as_str());
            let (policy, problems) = check(&source, &Settings::new());
            let wrong = gonogo::source::problem::any_error(&problems);
            assert_eq!(policy.is_none(), wrong, "{text}");
            for label in problems.iter().flat_map(|problem| &problem.labels) {
                let place = label.span.start..label.span.end.min(text.len());
                assert!(text.get(place).is_some(), "{text}: {label:?}");
            }
        }
    }
}
