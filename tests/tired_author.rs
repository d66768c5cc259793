//! What a tired author writes, and every word the policy's reader says of it: the mistake in their words, at its
//! place, with the text that is right.

use crate::support;

/// What every expression here may use.
const INPUTS: &str = r#"gonogo: 1
name: canary
inputs:
  error_rate: {type: double, unit: ratio}
  latency_p95: {type: double, unit: ms}
  free_space: {type: double, unit: GB}
  requests: {type: double}
  restarts: {type: int}
  ready: {type: bool}
  region: {type: string, values: [eu, us]}
  hosts: {type: list<string>}
  incidents: {type: "map<string, int>"}
  uptime: {type: duration}
baselines: [before]
params:
  margin: {type: double, default: 1.1}
"#;

/// An expression, and for each thing wrong with it `code [underlined] message — help`.
const EXPRESSIONS: &[(&str, &[&str])] = &[
    (
        "ready = true",
        &["expression-syntax [=] `=` does not compare — write `==`"],
    ),
    (
        "error_rate =< 0.05",
        &["expression-syntax [=<] `=<` is not an operator — write `<=`"],
    ),
    (
        "region <> \"eu\"",
        &["expression-syntax [<>] `<>` is not an operator — write `!=`"],
    ),
    (
        "region === \"eu\"",
        &["expression-syntax [===] `===` is not an operator — write `==`"],
    ),
    (
        "ready and requests > 5.0",
        &["expression-syntax [and] `and` is not an operator — write `&&`"],
    ),
    (
        "ready | requests > 5.0",
        &["expression-syntax [|] `|` is not an operator — write `||`"],
    ),
    (
        "not ready",
        &["expression-syntax [not] `not` is not an operator — write `!`"],
    ),
    (
        "region is not \"eu\"",
        &["expression-syntax [is not] `is not` is not an operator — write `!=`"],
    ),
    (
        "!error_rate < 0.05",
        &[
            "type-mismatch [error_rate] `!` binds to `error_rate` alone, which is a `double` — write `!(error_rate < 0.05)`",
        ],
    ),
    (
        "error_rate < 5%",
        &[
            "expression-syntax [5%] `5%` is not a number: `%` is the remainder of a division — write a number with a unit as a quantity: `q(\"5%\")`",
        ],
    ),
    (
        "error_rate < 0,05",
        &[
            "expression-syntax [0,05] `,` stands outside of brackets — write the decimal point: `0.05`",
        ],
    ),
    (
        "restarts < 1,000",
        &[
            "expression-syntax [1,000] `,` stands outside of brackets — write the thousands without a comma: `1000`; a decimal point is `1.000`",
        ],
    ),
    (
        "requests > 10k",
        &["expression-syntax [10k] `10k` is not a number — write it out: `10000`"],
    ),
    (
        "region == \"eu",
        &["expression-syntax [\"eu] the text has no closing quote — close it with `\"`"],
    ),
    (
        "region == “eu”",
        &[
            "expression-syntax [“eu”] `“` is not part of an expression — write straight quotes: `\"eu\"`",
        ],
    ),
    (
        "region == eu",
        &["unknown-input [eu] `eu` is not declared — write a text in quotes: `\"eu\"`"],
    ),
    (
        "region == \"EU\"",
        &["value-not-listed [\"EU\"] `\"EU\"` is no value of `region` — did you mean `\"eu\"`?"],
    ),
    (
        "metrics.error_rate < 0.05",
        &[
            "unknown-input [metrics.error_rate] `metrics.error_rate` is not declared — write the name alone: `error_rate`",
        ],
    ),
    (
        "baseline.error_rate < 0.05",
        &[
            "unknown-input [baseline.error_rate] `baseline.error_rate` is not declared — did you mean `before.error_rate`?",
        ],
    ),
    (
        "error_rate < before * 1.1",
        &[
            "unknown-input [before] `before` alone is not a value — name what is meant, such as `before.error_rate`",
        ],
    ),
    (
        "error_rate < margin",
        &["unknown-input [margin] `margin` is not declared — did you mean `params.margin`?"],
    ),
    (
        "error-rate < 0.05",
        &[
            "unknown-input [error-rate] `error-rate` is read as a subtraction — names with `-` are written with `_`: `error_rate`",
        ],
    ),
    (
        "error rate < 0.05",
        &[
            "expression-syntax [rate] expected an operator before `rate` — join conditions with `&&` or `||`; a name has no spaces: `error_rate`",
        ],
    ),
    (
        "eror_rate < 0.05",
        &["unknown-input [eror_rate] `eror_rate` is not declared — did you mean `error_rate`?"],
    ),
    (
        "uptime > \"10min\"",
        &[
            "type-mismatch [uptime > \"10min\"] `>` cannot compare a `duration` with a `string` — write `duration(\"10m\")`",
        ],
    ),
    (
        "uptime > duration(\"10min\")",
        &["bad-constant [\"10min\"] `10min` is not a duration — write `10m`"],
    ),
    (
        "latency_p95 < 500ms",
        &[
            "expression-syntax [500ms] `500ms` is not a number — write a number with a unit as a quantity: `q(\"500ms\")`",
        ],
    ),
    (
        "latency_p95 < \"500ms\"",
        &[
            "type-mismatch [latency_p95 < \"500ms\"] `<` cannot compare a `double` with a `string` — write `q(\"500ms\")`",
        ],
    ),
    (
        "latency_p95 < q(\"500 millis\")",
        &["wrong-argument [\"500 millis\"] `millis` is not a unit — write `q(\"500ms\")`"],
    ),
    (
        "latency_p95 < q(\"5%\")",
        &[
            "unit-mismatch [latency_p95 < q(\"5%\")] `<` between a time in `ms` and a ratio — write a quantity of its kind, such as `q(\"5s\")`",
        ],
    ),
    (
        "free_space > q(\"5gb\")",
        &["wrong-argument [\"5gb\"] `gb` is not a unit — write `q(\"5GB\")`"],
    ),
    (
        "error_rate < 5",
        &[
            "unit-mismatch [5] `error_rate` is a ratio, where 1 is all of it: `5` is more than that — write `q(\"5%\")`",
        ],
    ),
    (
        "restarts == \"3\"",
        &[
            "type-mismatch [restarts == \"3\"] `==` cannot compare an `int` with a `string` — write `3` without quotes",
        ],
    ),
    (
        "region == 3",
        &[
            "type-mismatch [region == 3] `==` cannot compare a `string` with an `int` — write a text: `\"3\"`",
        ],
    ),
    (
        "ready == \"true\"",
        &[
            "type-mismatch [ready == \"true\"] `==` cannot compare a `bool` with a `string` — write `ready`",
        ],
    ),
    (
        "ready == True",
        &["unknown-input [True] `True` is not declared — write `true`"],
    ),
    (
        "restarts / 2 > 1",
        &[
            "integer-division [restarts / 2] `restarts / 2` drops the remainder — write `double(restarts) / 2.0`",
        ],
    ),
    (
        "0.01 < error_rate < 0.05",
        &[
            "type-mismatch [0.01 < error_rate < 0.05] `<` cannot compare a `bool` with a `double` — comparisons do not chain: write `a < b && b < c`",
        ],
    ),
    (
        "error_rate != null",
        &[
            "type-mismatch [error_rate != null] `!=` cannot compare a `double` with a `null` — a missing value is unknown, never null: write `known(error_rate)`",
        ],
    ),
    (
        "region in (\"eu\", \"us\")",
        &[
            "expression-syntax [(\"eu\", \"us\")] a list stands in square brackets — write `[\"eu\", \"us\"]`",
        ],
    ),
    (
        "region not in [\"eu\"]",
        &["expression-syntax [not in] `not in` is not an operator — write `!(x in list)`"],
    ),
    (
        "incidents[P0] == 0",
        &["unknown-input [P0] `P0` is not declared — write a text in quotes: `\"P0\"`"],
    ),
    (
        "hosts.contains(\"a\")",
        &[
            "wrong-argument [hosts] `contains` does not take `hosts` of type `list<string>` — write `\"a\" in hosts`",
        ],
    ),
    (
        "len(hosts) > 2",
        &["unknown-function [len] there is no function `len` — did you mean `size`?"],
    ),
    (
        "hosts.length > 2",
        &[
            "type-mismatch [hosts] `hosts` is a `list<string>`, which has no fields — write `size(hosts)`",
        ],
    ),
    (
        "hosts.any(h, h == \"a\")",
        &["unknown-function [any] there is no function `any` — did you mean `exists`?"],
    ),
    (
        "hosts.exists(h => h == \"a\")",
        &[
            "expression-syntax [h =>] `h =>` is not how a macro names its variable — write a comma: `h, …`",
        ],
    ),
    (
        "max(requests, 3.0) > 2.0",
        &["unknown-function [max] there is no function `max` — did you mean `math.greatest`?"],
    ),
    (
        "error_rate < 0.05 for 10m",
        &[
            "expression-syntax [for] `for` is a key of the rule, not a part of its expression — write `for: 10m` on a line of its own beside `expr`",
        ],
    ),
    (
        "{{ error_rate }} < 0.05",
        &[
            "expression-syntax [{{ error_rate }}] an expression is not a template — write the name alone: `error_rate`",
        ],
    ),
    (
        "(ready && requests > 5.0",
        &["expression-syntax [(] `(` is not closed — close it with `)`"],
    ),
    (
        "ready && requests > 5.0)",
        &["expression-syntax [)] `)` closes nothing — leave it out, or open it"],
    ),
    (
        "error_rate",
        &[
            "not-bool [error_rate] a condition must be true or false, this is a `double` — compare it, such as `error_rate > 0`",
        ],
    ),
    (
        "\"ready\"",
        &[
            "not-bool [\"ready\"] a condition must be true or false, this is a `string` — leave out the quotes around it: `ready`",
        ],
    ),
    (
        "stage.name == \"canary\"",
        &[
            "value-not-listed [\"canary\"] `\"canary\"` is no value of `stage.name` — it is one of `default`",
        ],
    ),
    (
        "rate(requests[5m]) > 1",
        &[
            "unknown-function [rate] there is no function `rate` — write a window as a method: `requests.rate(\"5m\")`",
            "expression-syntax [5m] `5m` is not a number — write a window as a method, such as `.avg(\"5m\")`",
        ],
    ),
    (
        "error_rate.avg(10) < 0.05",
        &[
            "wrong-argument [10] `avg` looks back over a length of time, and `10` is a number — write a text such as `\"10m\"`: `error_rate.avg(\"10m\")`",
        ],
    ),
    (
        "error_rate.avg() < 0.05",
        &[
            "wrong-argument [error_rate.avg()] `avg` does not say how far it looks back — write a text such as `\"10m\"`: `error_rate.avg(\"10m\")`",
        ],
    ),
    (
        "error_rate.avg(5m) < 0.05",
        &["expression-syntax [5m] `5m` is not a number — write it as text: `\"5m\"`"],
    ),
    (
        "error_rate.mean(\"5m\") < 0.05",
        &[
            "unknown-function [mean] there is no function `mean` — write a window as a method: `error_rate.avg(\"5m\")`",
        ],
    ),
    (
        "avg(error_rate, \"5m\") < 0.05",
        &[
            "unknown-function [avg] there is no function `avg` — write a window as a method: `error_rate.avg(\"5m\")`",
        ],
    ),
    (
        "error_rate[5m] < 0.05",
        &[
            "expression-syntax [5m] `5m` is not a number — write a window as a method, such as `.avg(\"5m\")`",
        ],
    ),
    (
        "avg_over_time(error_rate[5m]) < 0.05",
        &[
            "unknown-function [avg_over_time] there is no function `avg_over_time` — write a window as a method: `error_rate.avg(\"5m\")`",
            "expression-syntax [5m] `5m` is not a number — write a window as a method, such as `.avg(\"5m\")`",
        ],
    ),
    (
        "quantile_over_time(0.95, latency_p95[1h]) < 500.0",
        &[
            "unknown-function [quantile_over_time] there is no function `quantile_over_time` — write a window as a method: `latency_p95.quantile(0.95, \"1h\")`",
            "expression-syntax [1h] `1h` is not a number — write a window as a method, such as `.avg(\"1h\")`",
        ],
    ),
    (
        "error_rate.avg(\"1mo\") < 0.05",
        &[
            "bad-duration [\"1mo\"] `1mo` is not a duration — months differ in length: write days, such as `30d`",
        ],
    ),
    (
        "ready.avg(\"5m\") > 0.9",
        &[
            "type-mismatch [ready] `avg` looks back at numbers, and `ready` is a `bool` — ask for the share of samples that are true: `ready.share(\"5m\")`",
        ],
    ),
    (
        "incidents.all(k, incidents[k].max(\"1h\") == 0)",
        &[
            "nested-window [incidents[k].max(\"1h\")] the window `incidents[k].max(\"1h\")` stands inside of `all` — give the rule `for_each: {k: incidents}`, and write `incidents[k].max(\"1h\")` without the macro",
        ],
    ),
    // All of them at once.
    (
        "ready = true && erro_rate < 5% and restarts == \"3\" && hosts.len() > 2",
        &[
            "expression-syntax [=] `=` does not compare — write `==`",
            "unknown-input [erro_rate] `erro_rate` is not declared — did you mean `error_rate`?",
            "expression-syntax [5%] `5%` is not a number: `%` is the remainder of a division — write a number with a unit as a quantity: `q(\"5%\")`",
            "expression-syntax [and] `and` is not an operator — write `&&`",
            "type-mismatch [restarts == \"3\"] `==` cannot compare an `int` with a `string` — write `3` without quotes",
            "unknown-function [len] there is no function `len` — did you mean `size`?",
        ],
    ),
];

/// The rules of a policy as they are written in YAML, and what is wrong with them.
const RULES: &[(&str, &[&str])] = &[
    (
        "require:\n  - id: r\n    expr: !ready\n",
        &[
            "unquoted-expression [!ready] YAML takes a text that begins with `!` for a tag — write '!ready'",
        ],
    ),
    (
        "require:\n  - id: r\n    expr: \"eu\" in [region]\n",
        &[
            "unquoted-expression [\"eu\" in [region]] YAML does not read this as one text: it needs quotes — write '\"eu\" in [region]'",
        ],
    ),
    (
        "require:\n  - {id: r, expr: incidents[\"P0\"] == 0}\n",
        &[
            "unquoted-expression [incidents[\"P0\"] == 0] YAML does not read this as one text: it needs quotes — write 'incidents[\"P0\"] == 0'",
        ],
    ),
    (
        "require:\n  - {id: r, expr: within(error_rate, before.error_rate, q(\"10%\"))}\n",
        &[
            "unquoted-expression [within(error_rate, before.error_rate, q(\"10%\"))] the expression of `expr` is cut at a comma — quote it: `expr: 'within(error_rate, before.error_rate, q(\"10%\"))'`, or write the rule as a block",
        ],
    ),
    (
        "require:\n  - {id: r, expr: ready, for: 10}\n",
        &["bad-duration [10] `10` is not a duration — say the unit, such as `10s` or `10m`"],
    ),
    (
        "require:\n  - {id: r, expr: ready, for: 10 min}\n",
        &["bad-duration [10 min] `10 min` is not a duration — write `10m`"],
    ),
    (
        "require:\n  - id: r\n    exp: ready\n",
        &["unknown-key [exp] a rule has no `exp` — did you mean `expr`?"],
    ),
    (
        "requires:\n  - {id: r, expr: ready}\n",
        &["unknown-key [requires] a policy has no `requires` — did you mean `require`?"],
    ),
    (
        "require:\n  - id:r\n    expr: ready\n",
        &["yaml-syntax [id:r] there is no space behind `id:` — write `id: r`"],
    ),
    (
        "require:\n  - id: r\n    expr:ready\n",
        &["yaml-syntax [expr:ready] there is no space behind `expr:` — write `expr: ready`"],
    ),
    (
        "require:\n\t- {id: r, expr: ready}\n",
        &["yaml-tab [\t] a tab stands where YAML counts spaces — indent with spaces"],
    ),
    (
        "require:\n  - id: r\n   expr: ready\n",
        &[
            "yaml-syntax [expr] `expr` is not indented like the keys of its list item — put 4 spaces before it, so that it stands under `id`",
        ],
    ),
    (
        "require:\n  - id: r\n      expr: ready\n",
        &[
            "yaml-syntax [expr] `expr` is not indented like the keys of its list item — put 4 spaces before it, so that it stands under `id`",
        ],
    ),
    (
        "require:\n  - {id: r, expr: ready\n",
        &["yaml-syntax [{] a `{` is not closed — add the missing `}`"],
    ),
    (
        "require:\n  - expr: ready\n",
        &["missing-key [expr: ready] a rule without `id` — add `id: …`"],
    ),
    (
        "require:\n  - {id: error_rate, expr: ready}\n",
        &[
            "bad-name [error_rate] `error_rate` cannot be the id of a rule — write it in kebab-case, such as `error-spike`",
        ],
    ),
];

/// What is wrong with a policy that ends with this.
fn told(rules: &str) -> Vec<String> {
    support::mistakes(&format!("{INPUTS}{rules}"))
}

#[test]
fn each_mistake_is_named_and_mended() {
    let expressions = EXPRESSIONS.iter().map(|(text, want)| {
        (
            format!("require:\n  - id: r\n    expr: |-\n      {text}\n"),
            *text,
            *want,
        )
    });
    let rules = RULES
        .iter()
        .map(|(rules, want)| ((*rules).to_owned(), *rules, *want));
    let mut wrong = String::new();
    for (policy, written, want) in expressions.chain(rules) {
        let told = told(&policy);
        if told != want {
            wrong += &format!("{written}\n  says {told:#?}\n  not {want:#?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
