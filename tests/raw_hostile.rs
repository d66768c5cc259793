//! Documents that are broken, strange or too much, through the program: a policy that goes on sound ones never goes on
//! these, and each is told.

use crate::support::place::Place;

const AT: &str = "2025-10-16T10:05:00Z";

const POLICY: &str = "\
gonogo: 1
name: strict
inputs:
  status: {type: string, from: {json: checks.database.status, file: health}}
  rate: {type: double, unit: ratio, range: [0, 1], from: {json: rate, file: limits}}
  errors: {type: 'map<string, int>', from: {prometheus: errors_total, by: format, file: app}}
  pct: {type: 'map<string, double>', from: {csv: pct, key: bucket, at: hour, where: {pipeline: v2}, file: q3}}
require:
  - {id: status, expr: status == \"healthy\"}
  - {id: rate, expr: rate < q(\"50%\")}
  - {id: errors, expr: 'errors.all(f, errors[f] < 5)'}
  - {id: pct, expr: 'pct.all(b, pct[b] < 5.0)'}
";

const HEALTH: &str = r#"{"checks": {"database": {"status": "healthy"}}}"#;
const LIMITS: &str = "rate = 0.25\n";
const APP: &str =
    "# TYPE errors_total counter\nerrors_total{format=\"csv\"} 1\nerrors_total{format=\"pdf\"} 2\n";
const Q3: &str = "hour,pipeline,bucket,pct\n2025-10-16 10:00:00+00,v2,a,1\n2025-10-16 10:00:00+00,v2,b,2\n2025-10-16 10:00:00+00,v1,b,9\n";

fn place() -> Place {
    Place::empty()
        .with("policy.yaml", POLICY)
        .with("health.json", HEALTH)
        .with("limits.toml", LIMITS)
        .with("app.prom", APP)
        .with("q3.csv", Q3)
}

/// The exit code and what is written to standard error.
fn run(place: &Place, more: &str) -> (i32, String) {
    let documents = [
        "health=health.json",
        "limits=limits.toml",
        "app=app.prom",
        "q3=q3.csv",
    ];
    let given: Vec<String> = documents
        .iter()
        .map(|document| format!("-s {document}@{AT}"))
        .collect();
    let run = place.run(&format!(
        "eval -p policy.yaml {} {more} --now {AT}",
        given.join(" ")
    ));
    (run.code, run.transcript)
}

#[test]
fn sound_documents_go_and_broken_ones_never_do() {
    let place = place();
    let (code, transcript) = run(&place, "");
    assert_eq!(code, 0, "{transcript}");
    // What is wrong, and the exit code: 4 where nothing is judged, 11 where something is unknown.
    let broken: &[(&str, &[u8], i32, &str)] = &[
        ("health.json", br#"{"checks": {"database": {"status": "healthy"#, 4, "json-syntax"),
        ("health.json", br#"{"checks": {"database": {"status": "healthy"}}"#, 4, "json-syntax"),
        ("health.json", b"", 4, "empty"),
        ("health.json", b"\"healthy\"", 4, "wrong-kind"),
        ("health.json", b"\xff\xfe{\0", 4, "not-utf8"),
        ("health.json", b"\x00\x01\x02\x03", 4, "json-syntax"),
        ("health.json", br#"{"checks": {"database": {"status": "healthy", "status": "down"}}}"#, 4, "duplicate-key"),
        ("health.json", br#"{"checks": {"database": {"status": ["healthy"]}}}"#, 11, "wrong-type"),
        ("health.json", br#"{"checks": {"database": {"status": 1}}}"#, 11, "wrong-type"),
        ("health.json", br#"{"checks": {"database": {}}}"#, 11, "no-value"),
        ("health.json", b"[]", 11, "no-value"),
        ("limits.toml", b"rate = 0.25\n[", 4, "toml-syntax"),
        ("limits.toml", b"rate = ", 4, "toml-syntax"),
        ("limits.toml", b"rate = 0.25\nrate = 0.3\n", 4, "duplicate-key"),
        ("limits.toml", b"rate = nan\n", 11, "not-finite"),
        ("limits.toml", b"rate = +inf\n", 11, "not-finite"),
        ("limits.toml", b"rate = 25\n", 11, "out-of-range"),
        ("limits.toml", b"rate = \"0.25\"\n", 11, "wrong-type"),
        ("limits.toml", b"", 4, "empty"),
        ("app.prom", b"", 4, "empty"),
        ("app.prom", b"# TYPE errors_total counter\nerrors_total{format=\"csv\"} 1\nerrors_total{form", 4, "exposition-syntax"),
        ("app.prom", b"errors_total{format=\"csv\" 1\n", 4, "exposition-syntax"),
        ("app.prom", b"errors_total{format=\"csv\"} one\n", 4, "exposition-syntax"),
        ("app.prom", b"errors_total{format=\"csv\"} 1\nerrors_total{format=\"csv\"} 2\n", 4, "exposition-syntax"),
        ("app.prom", b"<html><body>502 Bad Gateway</body></html>\n", 4, "exposition-syntax"),
        ("app.prom", b"errors_total{fmt=\"csv\"} 1\n", 11, "no-value"),
        ("app.prom", b"errors_total{format=\"csv\"} NaN\n", 11, "not-finite"),
        ("app.prom", b"errors_total{format=\"csv\"} +Inf\n", 11, "not-finite"),
        ("app.prom", b"errors_total{format=\"csv\",pod=\"a\"} 1\nerrors_total{format=\"csv\",pod=\"b\"} 1\n", 11, "conflicting-sample"),
        ("app.prom", b"other_total 1\n", 11, "no-value"),
        ("q3.csv", b"", 4, "empty"),
        ("q3.csv", b"hour,pipeline,bucket,pct\n", 4, "empty"),
        ("q3.csv", b"hour,pipeline,bucket\n2025-10-16 10:00:00+00,v2,a\n", 4, "no-value"),
        ("q3.csv", b"hour,pipeline,bucket,pct\n2025-10-16 10:00:00+00,v2,a\n", 4, "csv-syntax"),
        ("q3.csv", b"hour,pipeline,bucket,pct\n2025-10-16 10:00:00+00,v2,\"a,1\n", 4, "csv-syntax"),
        ("q3.csv", b"hour,pipeline,bucket,pct,pct\n2025-10-16 10:00:00+00,v2,a,1,1\n", 4, "duplicate-key"),
        ("q3.csv", b"hour;pipeline;bucket;pct\n2025-10-16 10:00:00+00;v2;a;1\n", 4, "no-value"),
        ("q3.csv", b"hour,pipeline,bucket,pct\n2025-10-16 10:00:00,v2,a,1\n", 4, "missing-time"),
        ("q3.csv", b"hour,pipeline,bucket,pct\nyesterday,v2,a,1\n", 4, "missing-time"),
        ("q3.csv", b"hour,pipeline,bucket,pct\n,v2,a,1\n", 4, "missing-time"),
        ("q3.csv", b"hour,pipeline,bucket,pct\n2025-10-16 10:00:00+00,v2,a,NaN\n", 11, "not-finite"),
        ("q3.csv", b"hour,pipeline,bucket,pct\n2025-10-16 10:00:00+00,v2,a,many\n", 11, "wrong-type"),
        ("q3.csv", b"hour,pipeline,bucket,pct\n2025-10-16 10:00:00+00,v2,,1\n", 11, "no-value"),
        ("q3.csv", b"hour,pipeline,bucket,pct\n2025-10-16 10:00:00+00,v2,a,1\n2025-10-16 10:00:00+00,v2,a,2\n", 11, "conflicting-sample"),
        ("q3.csv", b"hour,pipeline,bucket,pct\n2025-10-16 10:00:00+00,v3,a,1\n", 11, "no-value"),
    ];
    for (file, bytes, code, says) in broken {
        let sound = std::fs::read(place.path().join(file)).expect("a file");
        place.write(file, bytes);
        let (found, transcript) = run(&place, "");
        let bytes = String::from_utf8_lossy(bytes);
        assert_eq!(found, *code, "{file}: {bytes}\n{transcript}");
        assert!(
            transcript.contains(&format!("\n{says}")),
            "{file}: {bytes}\n{transcript}"
        );
        place.write(file, sound);
    }
    assert_eq!(run(&place, "").0, 0);
}

#[test]
fn a_document_left_out_is_no_go() {
    for left in ["health.json", "limits.toml", "app.prom", "q3.csv"] {
        let place = place();
        let given: Vec<String> = [
            ("health", "health.json"),
            ("limits", "limits.toml"),
            ("app", "app.prom"),
            ("q3", "q3.csv"),
        ]
        .iter()
        .filter(|(_, file)| *file != left)
        .map(|(name, file)| format!("-s {name}={file}@{AT}"))
        .collect();
        let run = place.run(&format!(
            "eval -p policy.yaml {} --now {AT}",
            given.join(" ")
        ));
        assert_eq!(run.code, 11, "{left}\n{}", run.transcript);
    }
}

#[test]
fn a_document_that_nothing_reads_is_an_error() {
    let place = place();
    for (more, says) in [
        (
            format!("-s helth=health.json@{AT}"),
            "did you mean `health=…`?",
        ),
        (format!("-s other=app.prom@{AT}"), "file: other"),
        (
            format!("-s health=q3.csv@{AT}"),
            "reads `health` as JSON, YAML or TOML",
        ),
    ] {
        let (code, transcript) = run(&place, &more);
        assert_eq!(code, 4, "{transcript}");
        assert!(
            transcript.contains("\nno-value") && transcript.contains(says),
            "{transcript}"
        );
    }
}

#[test]
fn two_documents_of_one_name_and_instant_must_agree() {
    let place = place();
    assert_eq!(run(&place, &format!("-s health=health.json@{AT}")).0, 0);
    place.write("down.json", HEALTH.replace("healthy", "down"));
    let (code, transcript) = run(&place, &format!("-s health=down.json@{AT}"));
    assert_eq!(code, 4, "{transcript}");
    assert!(
        transcript.contains("\nconflicting-sample")
            && transcript.contains("health.json:1:36")
            && transcript.contains("down.json:1:36"),
        "{transcript}"
    );
}

#[test]
fn a_document_has_its_limits() {
    let place = place();
    // One byte more than 64 MiB, as blanks behind what is sound.
    let large = format!("{HEALTH}{}", " ".repeat((64 << 20) - HEALTH.len() + 1));
    place.write("health.json", &large);
    let (code, transcript) = run(&place, "");
    assert_eq!(code, 4, "{}", &transcript[..transcript.len().min(2_000)]);
    assert!(transcript.contains("\ntoo-large"));
    place.write("health.json", &large[..64 << 20]);
    assert_eq!(run(&place, "").0, 0);
    // More cells than another document may have values.
    let row = "2025-10-16 10:00:00+00,v2,a,1\n";
    place.write(
        "q3.csv",
        format!("hour,pipeline,bucket,pct\n{}", row.repeat(400_001)),
    );
    let (code, transcript) = run(&place, "");
    assert_eq!(code, 4, "{}", &transcript[..transcript.len().min(2_000)]);
    assert!(transcript.contains("\ntoo-large"));
    // A document nested too deep.
    place.write("q3.csv", Q3);
    place.write(
        "health.json",
        format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
    );
    let (code, transcript) = run(&place, "");
    assert_eq!(code, 4);
    assert!(transcript.contains("\ntoo-deep"));
}
