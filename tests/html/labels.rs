//! What stands at the lines of a plot: each limit with all its digits, whose firing it was, and what decided although it is
//! not drawn.

use gonogo::policy::check::Settings;

use super::{drawn, page};
use crate::support;

/// The page of a policy over samples of `m` a minute apart.
fn shown(rules: &str, unit: &str, values: &[f64]) -> String {
    let policy = format!(
        "gonogo: 1\nname: c\ndata: {{max_age: 10m}}\ninputs: {{m: {{type: double{unit}}}, other: {{type: double, default: 1.0}}}}\n{rules}"
    );
    let samples: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(minute, value)| {
            format!("{{\"at\": \"2025-10-16T10:{minute:02}:00Z\", \"metrics\": {{\"m\": {value:?}, \"other\": {minute}}}}}\n")
        })
        .collect();
    let policy = support::policy(&policy, &Settings::new());
    let (verdict, plots) = drawn(&policy, &[&samples.concat()], None);
    page(&verdict, &plots)
}

/// The words in the pictures, each with its place.
fn labels(page: &str) -> Vec<(f64, f64, String)> {
    let number = |text: &str, name: &str| -> f64 {
        let (_, rest) = text.split_once(&format!("{name}=\"")).expect(name);
        let (number, _) = rest.split_once('"').expect("an end");
        number.parse().expect("a number")
    };
    page.split("<text ")
        .skip(1)
        .map(|text| {
            let (told, _) = text.split_once("</text>").expect("an end");
            let (place, told) = told.split_once('>').expect("a tag");
            let place = format!(" {place}");
            (number(&place, " x"), number(&place, " y"), told.to_owned())
        })
        .collect()
}

fn words(page: &str) -> Vec<String> {
    labels(page).into_iter().map(|(_, _, text)| text).collect()
}

#[test]
fn a_limit_has_all_its_digits() {
    for (rule, unit, values, wanted) in [
        (
            "m >= 0.99995",
            ", unit: ratio",
            [0.9, 0.91],
            vec!["limit 99.995%"],
        ),
        (
            "m < 1234.56",
            ", unit: ms",
            [1300.0, 1400.0],
            vec!["limit 1234.56 ms"],
        ),
        (
            "m >= 0.99995 && m > 0.99991",
            ", unit: ratio",
            [0.9, 0.91],
            vec!["limit 99.995%", "limit 99.991%"],
        ),
    ] {
        let page = shown(
            &format!("require: [{{id: q, expr: '{rule}'}}]\n"),
            unit,
            &values,
        );
        let words = words(&page);
        for limit in wanted {
            assert!(words.iter().any(|word| word == limit), "{limit}: {words:?}");
            let told = format!("╌ {limit}");
            assert!(page.contains(&told), "{told}: {page}");
        }
    }
}

#[test]
fn a_limit_far_away_stands_where_no_line_is() {
    let rules = "require:\n  - {id: a, expr: m < 0.05}\n  - {id: b, expr: m < 0.06}\n  - {id: c, expr: m < 0.9}\n";
    let page = shown(rules, ", unit: ratio", &[0.06, 0.062, 0.061]);
    let labels = labels(&page);
    let far = labels.iter().find(|(_, _, text)| text == "↑ limit 90%");
    let (_, y, _) = far.expect("the far one");
    // Above the field, which begins at 28.
    assert!(*y < 28.0, "{labels:?}");
    for limit in ["limit 5%", "limit 6%"] {
        let near = labels.iter().filter(|(_, _, text)| text == limit);
        assert_eq!(near.count(), 1, "{limit}: {labels:?}");
    }
}

#[test]
fn a_firing_says_whose_it_is_and_the_own_one_is_drawn() {
    let rules = "rollback: [{id: slow, expr: m > 5.0, for: 10m}]\nhold: [{id: quick, expr: m > 4.0}]\n\
                 require: [{id: fine, expr: other >= 0.0}]\n";
    let mut values = vec![1.0; 5];
    values.extend([9.0; 12]);
    let page = shown(rules, "", &values);
    let labels = labels(&page);
    let at = |name: &str| {
        let found = labels.iter().find(|(_, _, text)| text == name);
        found.unwrap_or_else(|| panic!("{name}: {labels:?}")).0
    };
    assert!(page.contains("fired 10:15:00Z"), "{page}");
    assert!(at("slow fired") > at("quick fired") + 50.0, "{labels:?}");
    assert_eq!(page.matches("class=\"fired\"").count() % 2, 0);
}

#[test]
fn what_decided_but_is_not_drawn_is_told() {
    let rules = "require: [{id: q, expr: 'm.increase(\"5m\") < 5.0'}]\n";
    let values: Vec<f64> = (0..12).map(|minute| f64::from(minute) * 2.0).collect();
    let page = shown(rules, "", &values);
    assert!(
        page.contains("not drawn: m.increase(&quot;5m&quot;) = 10 ≥ 5"),
        "{page}"
    );
    // What is drawn itself is not said to be missing.
    let page = shown("require: [{id: q, expr: m < 5.0}]\n", "", &values);
    assert!(!page.contains("not drawn"), "{page}");
}

#[test]
fn what_decided_is_the_first_plot_by_whatever_name() {
    let rules = "let:\n  level: m.increase(\"5m\")\n  share: other * 2.0\nrequire: [{id: q, expr: 'share >= 0.0 && level < 5.0 + other * 0.0'}]\n";
    let values: Vec<f64> = (0..12).map(|minute| f64::from(minute) * 2.0).collect();
    let page = shown(rules, "", &values);
    let first = page
        .find("<p class=\"what\"><code>m</code>")
        .expect("its plot");
    let second = page
        .find("<p class=\"what\"><code>other</code>")
        .expect("another plot");
    assert!(first < second);
}

#[test]
fn what_is_drawn_elsewhere_is_not_said_to_be_missing() {
    let rules = "require: [{id: q, expr: 'm < 5.0 && other < 900.0'}]\n";
    let page = shown(rules, "", &[9.0, 9.0]);
    assert!(page.contains("<code>other</code>"), "{page}");
    assert!(!page.contains("not drawn"), "{page}");
}
