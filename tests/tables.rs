//! Tables and files of dates: what becomes of them in a policy, whatever they are written in.

use std::collections::BTreeMap;

use gonogo::policy::Policy;
use gonogo::policy::check::{Settings, check};
use gonogo::source::{Beside, Code, Problem, Source};
use gonogo::verdict::{Decision, Status};
use proptest::prelude::*;

use crate::support;

type Files<'a> = &'a [(&'a str, &'a str)];

/// A policy of two inputs with tables and rules.
fn written(tables: &str, rules: &str) -> String {
    format!(
        "gonogo: 1\nname: canary\ninputs:\n  rate: {{type: double, unit: ratio}}\n  rates: {{type: \"map<string, double>\"}}\ntables:\n  {tables}\nrequire:\n  {rules}\n"
    )
}

fn source(policy: &str, files: Files<'_>) -> Source {
    let files = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), Ok(Source::new(*name, *text))));
    Source::new("policy.yaml", policy).with(files.collect::<Beside>())
}

fn checked(policy: &str, files: Files<'_>) -> (Option<Policy>, Vec<Problem>) {
    check(&source(policy, files), &Settings::new())
}

fn right(policy: &str, files: Files<'_>) -> Policy {
    let (policy, problems) = checked(policy, files);
    assert!(problems.is_empty(), "{problems:#?}");
    policy.expect("a policy")
}

/// The codes and places of all that is wrong.
fn wrong(policy: &str, files: Files<'_>) -> Vec<(Code, String)> {
    let (policy, problems) = checked(policy, files);
    assert!(policy.is_none(), "nothing is wrong");
    problems
        .iter()
        .map(|problem| (problem.code, problem.place().unwrap_or_default()))
        .collect()
}

fn statuses(policy: &Policy, metrics: &str) -> (Decision, BTreeMap<String, Status>) {
    let history = format!("{{\"at\": \"2026-03-02T10:00:00Z\", \"metrics\": {metrics}}}\n");
    let verdict = support::judge(policy, &[&history], None, None);
    let findings = verdict.findings.iter();
    let findings = findings.map(|finding| (finding.name(), finding.status));
    (verdict.verdict, findings.collect())
}

#[test]
fn a_table_is_the_same_in_whatever_it_is_written() {
    let forms: [(&str, &str, &str); 5] = [
        (
            "t.toml",
            "",
            "[csv]\nrate = 5\nnote = \"x\"\n[pdf]\nrate = 7.5\n",
        ),
        (
            "t.json",
            "",
            r#"{"csv": {"rate": 5, "note": "x"}, "pdf": {"rate": 7.5}}"#,
        ),
        ("t.yaml", "", "csv: {rate: 5, note: x}\npdf:\n  rate: 7.5\n"),
        ("t.YML", "", "csv: {rate: 5.0}\npdf: {rate: 7.5}\n"),
        (
            "t.csv",
            "key: format, ",
            "\u{feff}format,note,rate\r\ncsv,\"a, b\",5\r\n\r\n pdf ,,7.5\r\n",
        ),
    ];
    for (name, key, text) in forms {
        let table = format!("t: {{file: {name}, {key}type: \"map<string, {{rate: double}}>\"}}");
        let rules = "- {id: r, for_each: {f: t}, expr: 'rates[f] < t[f].rate'}\n  - {id: one, expr: 'rates[\"csv\"] <= t.csv.rate'}";
        let policy = right(&written(&table, rules), &[(name, text)]);
        let (decision, found) = statuses(&policy, r#"{"rates": {"csv": 4.9, "pdf": 7.5}}"#);
        assert_eq!(decision, Decision::NoGo, "{name}");
        assert_eq!(found["r[csv]"], Status::Met, "{name}");
        assert_eq!(found["r[pdf]"], Status::Unmet, "{name}");
        assert_eq!(found["one"], Status::Met, "{name}");
    }
}

#[test]
fn lists_structs_and_rows_are_tables_too() {
    let policy = written(
        "list: {file: l.json, type: 'list<double>'}\n  rows: {file: r.csv, type: 'list<{zone: string, most: int, open: bool}>'}\n  one: {file: o.toml, type: '{canary: double, deep: {wait: duration, since: timestamp}}'}\n  pairs: {file: p.csv, key: zone, type: 'map<string, string>', values: [low, high]}",
        "- {id: a, expr: 'rate < list[1] && rows.exists(row, row.zone == \"eu\" && row.open && row.most == 5)'}\n  - {id: b, expr: 'rate < one.canary && one.deep.wait == duration(\"90s\") && one.deep.since < now && pairs[\"eu\"] == \"low\"'}",
    );
    let policy = right(
        &policy,
        &[
            ("l.json", "[0.1, 0.5]"),
            ("r.csv", "most,zone,open\n5,eu,true\n7,us,FALSE\n"),
            (
                "o.toml",
                "canary = 0.5\n[deep]\nwait = '90s'\nsince = 2026-01-01 00:00:00Z\n",
            ),
            ("p.csv", "level,zone\nlow,eu\nhigh,us\n"),
        ],
    );
    let (decision, found) = statuses(&policy, r#"{"rate": 0.4}"#);
    assert_eq!(decision, Decision::Go, "{found:?}");
    assert_eq!(statuses(&policy, r#"{"rate": 0.5}"#).0, Decision::NoGo);
}

#[test]
fn a_key_that_a_table_does_not_have_is_unknown_and_never_go() {
    let table = "t: {file: t.toml, type: 'map<string, double>'}";
    let rules = "- {id: r, for_each: {f: rates}, expr: 'rates[f] < t[f]'}";
    let policy = right(&written(table, rules), &[("t.toml", "csv = 5")]);
    let (decision, found) = statuses(&policy, r#"{"rates": {"csv": 1, "pdf": 1}}"#);
    assert_eq!(
        (decision, found["r[pdf]"]),
        (Decision::NoGo, Status::Unknown)
    );
    let stop = written(
        table,
        "- {id: ok, expr: 'known(rates)'}\nrollback:\n  - {id: r, for_each: {f: rates}, expr: 'rates[f] >= t[f]'}",
    );
    let policy = right(&stop, &[("t.toml", "csv = 5")]);
    assert_eq!(
        statuses(&policy, r#"{"rates": {"pdf": 1}}"#).0,
        Decision::NoGo
    );
    // And a format that the table lists and the snapshot does not.
    let policy = right(
        &written(
            table,
            "- {id: r, for_each: {f: t}, expr: 'rates[f] < t[f]'}",
        ),
        &[("t.toml", "csv = 5\npdf = 5")],
    );
    let (decision, found) = statuses(&policy, r#"{"rates": {"csv": 1}}"#);
    assert_eq!(
        (decision, found["r[pdf]"]),
        (Decision::NoGo, Status::Unknown)
    );
}

#[test]
fn a_constant_key_that_is_not_there_is_an_error_with_the_one_that_is_meant() {
    let table = "t: {file: t.toml, type: 'map<string, {most: double}>'}";
    let file = [("t.toml", "[csv]\nmost = 5\n[pdf]\nmost = 6\n")];
    for (expr, help) in [
        ("rate < t[\"cvs\"].most", "did you mean `t[\"csv\"]`?"),
        ("rate < t.cvs.most", "did you mean `t[\"csv\"]`?"),
        ("rate < t[\"parquet\"].most", "`t` has `csv`, `pdf`"),
        ("rate < t[\"csv\"].mots", "did you mean `most`?"),
    ] {
        let policy = written(table, &format!("- {{id: r, expr: '{expr}'}}"));
        let (policy, problems) = checked(&policy, &file);
        assert!(policy.is_none(), "{expr}");
        assert_eq!(problems.len(), 1, "{expr}: {problems:#?}");
        assert_eq!(problems[0].help.as_deref(), Some(help), "{expr}");
    }
    let asked =
        "- {id: r, expr: 'rate < t.?cvs.most.orValue(0.5) && !(\"cvs\" in t) && !has(t.cvs)'}";
    let policy = right(&written(table, asked), &file);
    assert_eq!(statuses(&policy, r#"{"rate": 0.4}"#).0, Decision::Go);
}

#[test]
fn units_of_tables_are_those_of_their_numbers() {
    let table = "t: {file: t.toml, type: 'map<string, double>', unit: percent}";
    let rule = "- {id: r, expr: 'rate < t[\"csv\"]'}";
    let policy = right(&written(table, rule), &[("t.toml", "csv = 5")]);
    assert_eq!(statuses(&policy, r#"{"rate": 0.049}"#).0, Decision::Go);
    assert_eq!(statuses(&policy, r#"{"rate": 0.05}"#).0, Decision::NoGo);
    let table = "t: {file: t.toml, type: 'map<string, double>', unit: s}";
    let (_, problems) = checked(&written(table, rule), &[("t.toml", "csv = 5")]);
    assert_eq!(problems[0].code, Code::UnitMismatch);
    let places: Vec<&str> = problems[0]
        .labels
        .iter()
        .map(|label| label.text.as_str())
        .collect();
    assert!(places.contains(&"`t` is declared here"), "{places:?}");
}

#[test]
fn names_of_tables_are_names_of_expressions() {
    let file = [("t.toml", "csv = 5")];
    let rule = "- {id: r, expr: 'rate < my_table[\"csv\"]'}";
    right(
        &written(
            "my-table: {file: t.toml, type: 'map<string, double>'}",
            rule,
        ),
        &file,
    );
    for name in ["rate", "now", "params"] {
        let table = format!("{name}: {{file: t.toml, type: 'map<string, double>'}}");
        let found = wrong(&written(&table, "- {id: r, expr: rate < 0.5}"), &file);
        assert_eq!(
            found,
            [(Code::NameClash, "policy.yaml:7:3".to_owned())],
            "{name}"
        );
    }
    let clash = format!(
        "{}let:\n  t: rate < 0.1\n",
        written(
            "t: {file: t.toml, type: 'map<string, double>'}",
            "- {id: r, expr: 't'}"
        )
    );
    assert!(
        wrong(&clash, &file)
            .iter()
            .any(|(code, _)| *code == Code::NameClash)
    );
    let table = "alerts: {file: t.toml, type: 'map<string, double>'}";
    let (_, problems) = checked(
        &written(table, "- {id: r, expr: 'rate < alrts[\"csv\"]'}"),
        &file,
    );
    assert_eq!(problems[0].code, Code::UnknownInput);
    assert_eq!(problems[0].help.as_deref(), Some("did you mean `alerts`?"));
}

#[test]
fn a_table_that_is_wrong_is_told_once_and_its_users_are_not() {
    let table = "t: {file: t.toml, type: 'map<string, double>'}";
    let rule = "- {id: r, expr: 'rate < t[\"csv\"] && rate < t.pdf.what'}";
    let found = wrong(&written(table, rule), &[("t.toml", "csv = 'x'")]);
    assert_eq!(found, [(Code::BadTable, "t.toml:1:7".to_owned())]);
    // Nobody gave its text.
    let found = wrong(&written(table, rule), &[]);
    assert_eq!(found, [(Code::Unreadable, "policy.yaml:7:13".to_owned())]);
    // What is wrong in the policy comes first, and nothing hides anything.
    let policy = written(table, "- {id: r, expr: 'raet < t[\"csv\"]'}");
    let found = wrong(&policy, &[("t.toml", "csv = 'x'\npdf = nan\n")]);
    let codes: Vec<_> = found
        .into_iter()
        .map(|(code, place)| format!("{code} {place}"))
        .collect();
    assert_eq!(
        codes,
        [
            "unknown-input policy.yaml:9:20",
            "bad-table t.toml:1:7",
            "bad-table t.toml:2:7"
        ]
    );
}

#[test]
fn declarations_that_cannot_be_are_told_in_the_policy() {
    let file = [
        ("t.toml", "csv = 5"),
        ("s.toml", "csv = 'x'"),
        ("t.csv", "a,b\n1,2\n"),
        ("t.txt", "x"),
    ];
    for (table, code) in [
        ("{file: t.toml, type: double}", Code::BadValue),
        ("{file: t.txt, type: 'map<string, double>'}", Code::BadValue),
        (
            "{file: t.toml, key: a, type: 'map<string, double>'}",
            Code::BadValue,
        ),
        ("{file: t.csv, type: 'map<string, double>'}", Code::BadValue),
        (
            "{file: t.csv, key: a, type: 'list<{b: double}>'}",
            Code::BadValue,
        ),
        ("{file: t.csv, type: 'list<double>'}", Code::BadValue),
        (
            "{file: t.csv, type: 'list<{a: list<int>}>'}",
            Code::BadValue,
        ),
        (
            "{file: s.toml, type: 'map<string, string>', unit: s}",
            Code::BadUnit,
        ),
        (
            "{file: s.toml, type: 'map<string, string>', range: [0, 1]}",
            Code::BadValue,
        ),
        (
            "{file: t.toml, type: 'map<string, double>', values: [a]}",
            Code::BadValue,
        ),
        ("{file: t.toml, type: 'map<string, doubel>'}", Code::BadType),
        (
            "{file: /etc/t.toml, type: 'map<string, double>'}",
            Code::BadValue,
        ),
        (
            "{file: 'C:\\t.toml', type: 'map<string, double>'}",
            Code::BadValue,
        ),
        ("{file: '', type: 'map<string, double>'}", Code::BadValue),
        (
            "{file: \"t\\n.toml\", type: 'map<string, double>'}",
            Code::BadValue,
        ),
        ("{type: 'map<string, double>'}", Code::MissingKey),
        ("{file: t.toml}", Code::MissingKey),
        (
            "{file: t.toml, type: 'map<string, double>', max_age: 5m}",
            Code::UnknownKey,
        ),
        ("t.toml", Code::WrongKind),
    ] {
        let policy = written(&format!("t: {table}"), "- {id: r, expr: rate < 0.5}");
        let (_, problems) = checked(&policy, &file);
        assert!(
            problems.iter().any(|problem| problem.code == code),
            "{table}: {problems:#?}"
        );
        for problem in problems {
            assert!(
                problem.place().unwrap().starts_with("policy.yaml:7:"),
                "{table}: {problem:#?}"
            );
        }
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn files_of_tables_that_are_wrong_are_told_at_their_places() {
    let map = "type: 'map<string, double>'";
    let keyed = "key: k, type: 'map<string, {a: double, b: int}>'";
    for (name, declared, text, code, place) in [
        ("t.csv", keyed, "k,a\n1,2\n", Code::BadTable, "t.csv:1:1"),
        ("t.csv", keyed, "k,a,b\nx,1\n", Code::CsvSyntax, "t.csv:2:1"),
        (
            "t.csv",
            keyed,
            "k,a,b\nx,1,2\nx,1,2\n",
            Code::DuplicateKey,
            "t.csv:3:1",
        ),
        (
            "t.csv",
            keyed,
            "k,a,a,b\nx,1,2,3\n",
            Code::DuplicateKey,
            "t.csv:1:5",
        ),
        ("t.csv", keyed, "k,a,b\nx,1,\n", Code::BadTable, "t.csv:2:5"),
        (
            "t.csv",
            keyed,
            "k,a,b\nx,1,null\n",
            Code::BadTable,
            "t.csv:2:5",
        ),
        (
            "t.csv",
            keyed,
            "k,a,b\nx,NaN,1\n",
            Code::BadTable,
            "t.csv:2:3",
        ),
        (
            "t.csv",
            keyed,
            "k,a,b\nx,+Inf,1\n",
            Code::BadTable,
            "t.csv:2:3",
        ),
        (
            "t.csv",
            keyed,
            "k,a,b\nx,1,1.5\n",
            Code::BadTable,
            "t.csv:2:5",
        ),
        (
            "t.csv",
            keyed,
            "k,a,b\nx,0x10,1\n",
            Code::BadTable,
            "t.csv:2:3",
        ),
        ("t.csv", keyed, "k,a,b\n,1,1\n", Code::BadTable, "t.csv:2:1"),
        (
            "t.csv",
            keyed,
            "k,a,b\nx,\"1,1\n",
            Code::CsvSyntax,
            "t.csv:2:3",
        ),
        (
            "t.csv",
            keyed,
            "k,a,b\nx,1\"1,1\n",
            Code::CsvSyntax,
            "t.csv:2:4",
        ),
        (
            "t.csv",
            keyed,
            "k;a;b\nx;1;1\n",
            Code::BadTable,
            "t.csv:1:1",
        ),
        ("t.csv", keyed, "k,a,b\n", Code::BadTable, "t.csv:1:1"),
        ("t.csv", keyed, "\n\n", Code::Empty, "t.csv:1:1"),
        (
            "t.csv",
            "key: k, type: 'map<string, double>'",
            "k,a,b\nx,1,2\n",
            Code::BadTable,
            "t.csv:1:1",
        ),
        (
            "t.csv",
            "key: k, type: 'map<string, double>'",
            "k\nx\n",
            Code::BadTable,
            "t.csv:1:1",
        ),
        (
            "t.toml",
            map,
            "a = 1\na = 2",
            Code::DuplicateKey,
            "t.toml:2:1",
        ),
        ("t.toml", map, "a = ", Code::TomlSyntax, "t.toml:1:5"),
        ("t.toml", map, "# none", Code::Empty, "t.toml:1:1"),
        ("t.toml", map, "a = '1'", Code::BadTable, "t.toml:1:5"),
        ("t.toml", map, "a = inf", Code::BadTable, "t.toml:1:5"),
        ("t.toml", map, "[a]\nb = 1", Code::BadTable, "t.toml:1:1"),
        (
            "t.json",
            map,
            "{\"a\": NaN}",
            Code::JsonSyntax,
            "t.json:1:7",
        ),
        ("t.json", map, "{\"a\": null}", Code::BadTable, "t.json:1:7"),
        ("t.json", map, "[1]", Code::BadTable, "t.json:1:1"),
        ("t.json", map, "1e999", Code::BadTable, "t.json:1:1"),
        ("t.json", map, "{}", Code::BadTable, "t.json:1:1"),
        ("t.json", map, "", Code::Empty, "t.json:1:1"),
        (
            "t.yaml",
            map,
            "a: 1\n---\na: 2",
            Code::WrongKind,
            "t.yaml:3:1",
        ),
        (
            "t.yaml",
            map,
            "a: &x 1\nb: *x",
            Code::YamlAlias,
            "t.yaml:1:4",
        ),
        ("t.yaml", map, "a: .nan", Code::BadTable, "t.yaml:1:4"),
        ("t.yaml", map, "a: 1\n\tb: 2", Code::YamlTab, "t.yaml:2:1"),
    ] {
        let policy = written(
            &format!("t: {{file: {name}, {declared}}}"),
            "- {id: r, expr: 'rate < 0.5'}",
        );
        let (checked, problems) = checked(&policy, &[(name, text)]);
        assert!(checked.is_none(), "{text:?}");
        let first = problems
            .first()
            .map(|problem| (problem.code, problem.place().unwrap()));
        assert_eq!(
            first,
            Some((code, place.to_owned())),
            "{text:?}: {problems:#?}"
        );
        for problem in &problems {
            assert!(problem.help.is_some(), "{problem:#?}");
            let last = problem.labels.last().unwrap();
            assert_eq!(last.source.name().as_ref(), "policy.yaml", "{problem:#?}");
        }
    }
}

#[test]
fn a_policy_names_at_most_a_hundred_files() {
    let table =
        |index: usize| format!("t{index}: {{file: t{index}.toml, type: 'map<string, double>'}}");
    let tables: Vec<String> = (0..101).map(table).collect();
    let names: Vec<String> = (0..101).map(|index| format!("t{index}.toml")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "a = 1")).collect();
    let rule = "- {id: r, expr: rate < 0.5}";
    let found = wrong(&written(&tables.join("\n  "), rule), &files);
    assert_eq!(found, [(Code::TooLarge, "policy.yaml:107:16".to_owned())]);
    right(&written(&tables[1..].join("\n  "), rule), &files);
}

const CALENDAR: &str = "gonogo: 1\nname: canary\ncalendars:\n  c: {timezone: UTC, allow: Mon-Sun, deny: [DENIED]}\nrequire:\n  - {id: r, during: c}\n";

#[test]
fn dates_of_a_file_are_dates_of_the_calendar() {
    let inline =
        "{dates: [2026-07-03, 2026-12-24/2027-01-02, '2026-11-25 12:00-24:00'], reason: away}";
    let file = "\u{feff}# closed\r\n2026-07-03\r\n\r\n  2026-12-24/2027-01-02   # both ends\n2026-11-25 12:00-24:00";
    let inline = right(&CALENDAR.replace("DENIED", inline), &[]);
    let filed = CALENDAR.replace("DENIED", "{file: d.txt, reason: away}");
    let of_file = right(&filed, &[("d.txt", file)]);
    assert_eq!(
        format!("{:?}", inline.calendars),
        format!("{:?}", of_file.calendars)
    );
    assert_ne!(
        of_file.digest,
        right(&filed, &[("d.txt", "2026-07-03")]).digest
    );
    for (text, code, place) in [
        ("2026-07-03\n  12/11/2026\n", Code::BadPeriod, "d.txt:2:3"),
        ("2026-07-03\nFri\n", Code::BadPeriod, "d.txt:2:1"),
        ("# none\n", Code::Empty, "d.txt:1:1"),
        ("date,reason\n2026-07-03,x\n", Code::BadPeriod, "d.txt:1:1"),
    ] {
        let found = wrong(&filed, &[("d.txt", text)]);
        assert_eq!(found[0], (code, place.to_owned()), "{text:?}: {found:?}");
    }
    let many: String = (0..367)
        .map(|day| format!("{}-01-01\n", 2000 + day))
        .collect();
    assert_eq!(
        wrong(&filed, &[("d.txt", many.as_str())])[0].0,
        Code::TooLarge
    );
    let both = CALENDAR.replace("DENIED", "{file: d.txt, dates: 2026-01-01}");
    assert_eq!(
        wrong(&both, &[("d.txt", "2026-07-03")])[0].0,
        Code::BadValue
    );
}

proptest! {
    /// A limit in a table decides as the same limit in the rule does.
    #[test]
    fn a_limit_in_a_table_is_the_limit_in_the_rule(limit in 0.0001_f64..1.0, rate in 0.0_f64..1.0) {
        let table = "t: {file: t.toml, type: 'map<string, double>', unit: ratio}";
        let rules = format!("- {{id: a, expr: 'rate < t[\"x\"]'}}\n  - {{id: b, expr: 'rate < {limit:?}'}}");
        let policy = right(&written(table, &rules), &[("t.toml", &format!("x = {limit:?}"))]);
        let (_, found) = statuses(&policy, &format!("{{\"rate\": {rate:?}}}"));
        prop_assert_eq!(found["a"], found["b"]);
    }

    /// Whatever stands in a file, the policy is refused with a reason or has a table.
    #[test]
    fn any_file_gives_a_table_or_a_reason(text in "([a-c0-9=\\[\\]{}\",:.\n #'-]|nan|null){0,40}", form in 0_usize..4) {
        let name = ["t.toml", "t.json", "t.yaml", "t.csv"][form];
        let key = if form == 3 { "key: a, " } else { "" };
        let table = format!("t: {{file: {name}, {key}type: 'map<string, double>'}}");
        let (policy, problems) = checked(&written(&table, "- {id: r, expr: rate < 0.5}"), &[(name, &text)]);
        prop_assert_eq!(policy.is_none(), !problems.is_empty(), "{:#?}", problems);
    }
}
