//! What is drawn: the inputs that decided, with their limits and baselines, their holes, and every spike.

use gonogo::policy::check::Settings;
use gonogo::report::Plot;
use gonogo::report::plot::Gather;
use gonogo::verdict::Part;

use super::{drawn, history, page};
use crate::support;

fn plots(policy: &str, history: &str) -> Vec<Plot> {
    let policy = support::policy(policy, &Settings::new());
    drawn(&policy, &[history], None).1
}

fn inputs(plots: &[Plot]) -> Vec<&str> {
    plots.iter().map(|plot| plot.input.as_str()).collect()
}

#[test]
fn it_is_drawn_with_what_it_is_compared_with() {
    let plots = plots(super::POLICY, &history());
    assert_eq!(
        inputs(&plots),
        ["error_rate", "latency", "incidents[\"P0\"]", "ready"]
    );
    let rate = &plots[0];
    assert_eq!(rate.rules, ["error-spike", "mean"]);
    let limits: Vec<(f64, &str)> = rate
        .limits
        .iter()
        .map(|limit| (limit.value, limit.of.as_str()))
        .collect();
    assert_eq!(
        limits,
        [(0.05, "error_rate"), (0.01, "error_rate.avg(\"4m\")")]
    );
    assert_eq!((rate.known, rate.unknown), (10, 1));
    let ends: Vec<(i64, i64)> = rate
        .whole
        .bars
        .windows(2)
        .filter(|pair| pair[0].to < pair[1].from)
        .map(|pair| {
            (
                pair[0].to.as_second() % 3600 / 60,
                pair[1].from.as_second() % 3600 / 60,
            )
        })
        .collect();
    assert_eq!(
        ends,
        [(3, 4)],
        "the minute of which nothing is known is a hole"
    );
    let latency = &plots[1];
    assert_eq!(latency.levels[0].name, "before.latency");
    assert_eq!(
        latency.limits[0].value.to_bits(),
        (400.0_f64 * 1.1).to_bits()
    );
    assert_eq!(latency.entered, "2025-10-16T10:00:00Z".parse().ok());
    assert!(plots[3].is_bool && plots[3].limits.is_empty());
}

#[test]
fn limits_are_in_the_unit_of_the_input_and_of_every_comparison() {
    let plots = plots(
        "gonogo: 1\nname: units\ninputs: {latency: {type: double, unit: ms}, quick: {type: double, unit: s}}\n\
         let: {slow: quick > q(\"250ms\")}\n\
         require: [{id: both, expr: 'latency < q(\"0.5s\") && latency > 1.0 && !slow'}]\n",
        "{\"at\": \"2025-10-16T10:00:00Z\", \"metrics\": {\"latency\": 400.0, \"quick\": 0.1}}",
    );
    let values = |plot: &Plot| {
        plot.limits
            .iter()
            .map(|limit| limit.value)
            .collect::<Vec<f64>>()
    };
    assert_eq!(inputs(&plots), ["latency", "quick"]);
    assert_eq!(values(&plots[0]), [500.0, 1.0]);
    assert_eq!(values(&plots[1]), [0.25]);
}

#[test]
fn samples_of_others_and_later_ones_are_not_drawn() {
    let policy = support::policy(
        "gonogo: 1\nname: a\ninputs: {x: {type: double}}\nrequire: [{id: r, expr: x < 1.0}]\n",
        &Settings::new(),
    );
    let text = "\
{\"at\": \"2025-10-16T09:00:00Z\", \"subject\": {\"version\": \"1\"}, \"metrics\": {\"x\": 100.0}}
{\"at\": \"2025-10-16T10:00:00Z\", \"subject\": {\"version\": \"2\"}, \"metrics\": {\"x\": 5.0}}
{\"at\": \"2025-10-16T10:01:00Z\", \"metrics\": {\"x\": 6.0}}
";
    let (_, plots) = drawn(&policy, &[text], None);
    let values: Vec<f64> = plots[0].whole.bars.iter().map(|bar| bar.last).collect();
    assert_eq!(values, [5.0, 6.0]);
    assert_eq!(
        plots[0].whole.from,
        "2025-10-16T10:00:00Z".parse().expect("an instant")
    );
}

#[test]
fn an_entry_is_followed_by_its_key() {
    let policy = support::policy(
        "gonogo: 1\nname: a\ninputs: {rates: {type: \"map<string, double>\"}, format: {type: string}}\n\
         let: {g: 'format == \"x\" ? \"csv\" : \"ods\"'}\n\
         require:\n  - {id: each, for_each: {f: rates}, expr: 'rates[f] < 1.0'}\n  - {id: one, expr: 'rates[g] < 0.1'}\n",
        &Settings::new(),
    );
    let text = "{\"at\": \"2025-10-16T10:00:00Z\", \"metrics\": {\"rates\": {\"csv\": 2.0, \"ods\": 0.5, \"toml\": 0.0}, \"format\": \"y\"}}";
    let (mut verdict, plots) = drawn(&policy, &[text], None);
    let told = |plots: &[Plot]| {
        let each = plots.iter();
        let each = each.map(|plot| {
            (
                plot.input.clone(),
                plot.rules.clone(),
                plot.whole.bars[0].last,
            )
        });
        each.collect::<Vec<_>>()
    };
    let own = |input: &str, rules: &[&str], value| {
        let rules = rules
            .iter()
            .map(|rule| (*rule).to_owned())
            .collect::<Vec<String>>();
        (input.to_owned(), rules, value)
    };
    assert!(
        told(&plots).contains(&own("rates[\"csv\"]", &["each[csv]"], 2.0)),
        "{:?}",
        told(&plots)
    );
    // What a part of the condition was worth is told by the record: where it is told, its entry is drawn.
    for finding in &mut verdict.findings {
        finding.trace.clear();
        if finding.rule == "one" {
            finding.trace.push(Part {
                expr: "g".to_owned(),
                start: 6,
                value: Some("ods".into()),
                unit: None,
                unknown: None,
                of: None,
                item: None,
            });
        }
    }
    let mut gather = Gather::new(&policy, &verdict);
    let (history, _) = support::history(&policy, &[text]);
    history.samples().for_each(|sample| gather.take(&sample));
    let plots = told(&gather.finish());
    assert_eq!(
        plots,
        [
            own("rates[\"csv\"]", &["each[csv]"], 2.0),
            own("rates[\"ods\"]", &["one", "each[ods]"], 0.5),
            own("rates[\"toml\"]", &["each[toml]"], 0.0),
        ]
    );
}

#[test]
fn a_year_is_a_small_page_that_keeps_its_spike_and_looks_closer_at_the_end() {
    let mut text = String::new();
    let start: jiff::Timestamp = "2025-01-01T00:00:00Z".parse().expect("an instant");
    for index in 0..52_560_i64 {
        let at = start + jiff::SignedDuration::from_secs(index * 600);
        let rate = match index {
            20_000 => 0.049,
            52_500.. => 0.06,
            _ => 0.002 + 0.000_1 * f64::from(u8::try_from(index % 7).expect("small")),
        };
        text.push_str(&format!(
            "{{\"at\": \"{at}\", \"metrics\": {{\"error_rate\": {rate}}}}}\n"
        ));
    }
    let policy = support::policy(
        "gonogo: 1\nname: year\ndata: {max_age: 20m}\ninputs: {error_rate: {type: double, unit: ratio}}\n\
         require: [{id: errors, expr: error_rate < 0.01}]\n",
        &Settings::new(),
    );
    let (verdict, plots) = drawn(&policy, &[&text], None);
    let plot = &plots[0];
    assert!(plot.whole.bars.len() <= 400, "{}", plot.whole.bars.len());
    assert!(
        plot.whole
            .bars
            .iter()
            .any(|bar| bar.low < 0.003 && bar.high > 0.048)
    );
    let close = plot.close.as_ref().expect("a closer look");
    assert!(
        close.bars.iter().any(|bar| bar.last > 0.059)
            && close.bars.iter().any(|bar| bar.last < 0.01)
    );
    let page = page(&verdict, &plots);
    assert!(page.len() < 100_000, "{}", page.len());
}

#[test]
fn whatever_the_numbers_there_is_a_picture() {
    for values in [
        &["7"][..],
        &["5", "5", "5"],
        &["-3", "-8.5"],
        &["1.7e308", "-1.7e308"],
        &["5e-324", "1e-320"],
        &["0"],
        &["null", "null"],
        &["null", "4", "null"],
        &["1000000000.001", "1000000000.002"],
    ] {
        let text: String = values
            .iter()
            .enumerate()
            .map(|(second, value)| {
                format!("{{\"at\": \"2025-10-16T10:00:{second:02}Z\", \"metrics\": {{\"x\": {value}}}}}\n")
            })
            .collect();
        for limit in ["1.0", "-1.0e300", "1.0e-300"] {
            let policy = support::policy(
                &format!(
                    "gonogo: 1\nname: a\ninputs: {{x: {{type: double}}}}\nrequire: [{{id: r, expr: x > {limit}}}]\n"
                ),
                &Settings::new(),
            );
            let (verdict, plots) = drawn(&policy, &[&text], None);
            let page = page(&verdict, &plots);
            super::kept::kept(&page);
            let known = values.iter().any(|value| *value != "null");
            assert_eq!(page.contains("class=\"course\""), known, "{values:?}");
            assert_eq!(
                page.contains("No known value of it was given"),
                !known,
                "{values:?}"
            );
        }
    }
}

#[test]
fn what_decided_is_first_and_a_baseline_far_away_is_an_arrow() {
    let policy = support::policy(
        "gonogo: 1\nname: a\ninputs: {share: {type: double}, size: {type: double}}\nbaselines: [before]\n\
         require: [{id: small, expr: 'share < 1.0 && size < before.size * 0.004'}]\n",
        &Settings::new(),
    );
    let text = "{\"at\": \"2025-10-16T10:00:00Z\", \"metrics\": {\"share\": 0.1, \"size\": 5.0}, \"baselines\": {\"before\": {\"size\": 1000.0}}}";
    let (verdict, plots) = drawn(&policy, &[text], None);
    assert_eq!(inputs(&plots), ["size", "share"]);
    let page = page(&verdict, &plots);
    assert!(page.contains("↑ baseline 1000<"), "{page}");
    assert!(!page.contains("↑ limit"), "{page}");
}
