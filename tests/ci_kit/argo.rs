//! What Argo Rollouts is given: the job's arguments are those of the program, its codes those of a verdict, and the
//! conditions on a record say what the page says.

use cel::{Context, Program, Value};
use gonogo::source::tree::Node;
use gonogo::verdict::ExitCode;

use super::{Change, document, documents, entries, get, items, short, spike, text, texts, world};

#[test]
fn the_job_s_arguments_give_the_codes_that_it_counts() {
    let template = document("docs/ci/argo-job.yaml");
    assert_eq!(text(get(&template, "kind")), "AnalysisTemplate");
    let metrics = items(get(&template, "spec/metrics"));
    let job = get(metrics[0], "provider/job/spec");
    let pod = get(job, "template/spec");
    // Without this Kubernetes refuses a podFailurePolicy.
    assert_eq!(text(get(pod, "restartPolicy")), "Never");
    let container = items(get(pod, "containers"))[0];
    let rules = items(get(job, "podFailurePolicy/rules"));
    let rule = |rule, action: &str, operator: &str| {
        assert_eq!(text(get(rule, "action")), action);
        let codes = get(rule, "onExitCodes");
        assert_eq!(text(get(codes, "operator")), operator);
        assert_eq!(
            text(get(codes, "containerName")),
            text(get(container, "name"))
        );
        assert_eq!(
            texts(get(codes, "values")),
            [ExitCode::NotYet.code().to_string()]
        );
    };
    assert_eq!(rules.len(), 2);
    rule(rules[0], "Count", "In");
    rule(rules[1], "FailJob", "NotIn");
    assert_eq!(text(get(pod, "securityContext/runAsUser")), "65532");
    // What is mounted is what is named.
    let mounts: Vec<String> = items(get(container, "volumeMounts"))
        .iter()
        .map(|mount| text(get(mount, "name")))
        .collect();
    let volumes: Vec<String> = items(get(pod, "volumes"))
        .iter()
        .map(|volume| text(get(volume, "name")))
        .collect();
    assert_eq!(mounts, volumes);

    let stage = text(get(items(get(&template, "spec/args"))[0], "value"));
    let changes: [(Change, i32); 3] = [(|_| (), 0), (short, 11), (spike, 20)];
    for (change, code) in changes {
        let place = world();
        change(&place);
        let root = place.path().display().to_string();
        let arguments: Vec<String> = texts(get(container, "args"))
            .into_iter()
            .map(|argument| {
                argument
                    .replace("{{args.stage}}", &stage)
                    .replace("=/policies", &format!("={root}/policies"))
                    .replace(
                        "=/snapshots",
                        &format!("={root}/policies/checkout/snapshots"),
                    )
            })
            .collect();
        let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        // By the clock nothing recorded goes.
        let run = place.call(&arguments);
        assert_ne!(run.code, 0, "{}", run.transcript);
        arguments.push("--now=latest");
        let run = place.call(&arguments);
        assert_eq!(run.code, code, "{}", run.transcript);
    }
}

/// What a condition says of a result. Those here are written alike in CEL and in Argo's language.
fn holds(condition: &str, result: &serde_json::Value) -> bool {
    let program = Program::compile(condition).expect("a condition");
    let mut context = Context::default();
    context.add_variable("result", result).expect("a result");
    program.execute(&context).expect("an answer") == Value::Bool(true)
}

#[test]
fn the_conditions_on_a_record_are_those_of_the_page() {
    let templates = documents("docs/ci/argo-web.yaml");
    // One metric each: an analysis fails where any of its metrics does, and the second one does not wait.
    let metrics: Vec<&Node> = templates
        .iter()
        .map(|template| {
            assert_eq!(text(get(template, "kind")), "AnalysisTemplate");
            let metrics = items(get(template, "spec/metrics"));
            assert_eq!(metrics.len(), 1);
            metrics[0]
        })
        .collect();
    let names = templates.iter().map(|one| text(get(one, "metadata/name")));
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["gonogo-record", "gonogo-record-at-once"]
    );
    // Of each verdict: is it a success, is it a failure.
    let cases: [(Change, [(bool, bool); 2]); 3] = [
        (|_| (), [(true, false), (true, false)]),
        (short, [(false, false), (false, true)]),
        (spike, [(false, true), (false, true)]),
    ];
    for (change, wanted) in cases {
        let place = world();
        change(&place);
        place.run(
            "eval -p policies/checkout -s policies/checkout/snapshots --now latest --record r.json",
        );
        let record = crate::support::read(&place.path().join("r.json"));
        let record: serde_json::Value = serde_json::from_str(&record).expect("a record");
        for (metric, wanted) in metrics.iter().zip(wanted) {
            let path = text(get(metric, "provider/web/jsonPath"));
            let field = path
                .strip_prefix("{$.")
                .and_then(|rest| rest.strip_suffix('}'));
            let field = field.expect("a field");
            let result = record.get(field).unwrap_or_else(|| panic!("no {field}"));
            let success = holds(&text(get(metric, "successCondition")), result);
            // Without a condition of its own whatever is no success is a failure.
            let failure = metric.get("failureCondition");
            let failure = failure.map_or(!success, |condition| holds(&text(condition), result));
            assert_eq!((success, failure), wanted, "{field}: {result}");
        }
    }
    // Where there was no verdict neither is a success, and it never waits for ever.
    for metric in &metrics {
        for none in [
            serde_json::json!(3),
            serde_json::json!(70),
            serde_json::Value::Null,
        ] {
            let success = holds(&text(get(metric, "successCondition")), &none);
            assert!(!success);
        }
        for (key, limit) in entries(metric)
            .iter()
            .filter(|(key, _)| key.ends_with("Limit"))
        {
            assert!(text(limit).parse::<u32>().is_ok(), "{key}");
        }
        assert_eq!(text(get(metric, "failureLimit")), "0");
    }
}
