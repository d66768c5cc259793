"""Computes the figures of windows.json and trend.json. Not run by the tests: they read its output.

    python3 -m venv venv && venv/bin/pip install numpy scipy statsmodels pymannkendall
    venv/bin/python tests/data/reference.py

The series are random with fixed seeds and stand in the files themselves.
"""

import itertools
import json
import pathlib

import numpy
import pymannkendall
import scipy
import scipy.stats
import statsmodels
import statsmodels.api

HERE = pathlib.Path(__file__).parent
SHARES = [0.0, 0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0]


def windows():
    """Irregular times in whole seconds, values of different sizes and spreads."""
    draw = numpy.random.default_rng(20251016)
    kinds = [
        ("ratios", 0.0, 0.01, 5),
        ("latencies", 250.0, 40.0, 12),
        ("far from nought", 1e9, 3.0, 20),
        ("tiny", 0.0, 1e-12, 15),
        ("huge", 0.0, 1e150, 9),
        ("long", 1000.0, 100.0, 200),
        ("two", 3.0, 1.0, 2),
        ("three", 3.0, 1.0, 3),
    ]
    for name, centre, spread, size in kinds:
        for drift in [0.0, 0.02]:
            times = numpy.cumsum(draw.integers(1, 120, size))
            values = centre + spread * (draw.standard_normal(size) + drift * numpy.arange(size))
            yield name if drift == 0.0 else f"{name}, drifting", times, values


def window(name, times, values):
    hours = times / 3600.0
    line = scipy.stats.linregress(hours, values)
    fit = statsmodels.api.OLS(values, statsmodels.api.add_constant(hours - hours.mean())).fit()
    assert abs(fit.params[1] - line.slope) <= 1e-6 * numpy.std(values) / numpy.std(hours), (name, fit.params, line.slope)
    return {
        "name": name,
        "seconds": times.tolist(),
        "values": values.tolist(),
        "mean": float(numpy.mean(values.astype(numpy.longdouble))),
        "stddev": float(numpy.std(values, ddof=0)),
        "slope": float(line.slope),
        "quantiles": [[share, float(numpy.quantile(values, share, method="linear"))] for share in SHARES],
    }


def scores_of_all_orders(size):
    """How often each score arises among all orders of so many different values."""
    counts = {}
    for order in itertools.permutations(range(size)):
        falls = sum(a > b for a, b in itertools.combinations(order, 2))
        score = size * (size - 1) // 2 - 2 * falls
        counts[score] = counts.get(score, 0) + 1
    return counts


def series():
    draw = numpy.random.default_rng(1945)
    # On both sides of the limit where the distribution is exact: scores of 14, 16 of eight, 16, 18 of nine, 19, 21 of ten.
    for size, falls in [(8, 7), (8, 6), (9, 10), (9, 9), (10, 13), (10, 12)]:
        order = list(range(size))
        for _ in range(falls):
            at = next(i for i in range(size - 1) if order[i] < order[i + 1])
            order[at], order[at + 1] = order[at + 1], order[at]
        yield f"{falls} falls", [float(value) for value in order]
    for size in range(8, 25):
        for kind, drift, digits in [("smooth", 0.12, 9), ("ties", 0.10, 0), ("down", -0.25, 1)]:
            if size % 2 and kind == "down" or size > 14 and size % 3 == 0:
                continue
            values = numpy.round(draw.standard_normal(size) + drift * numpy.arange(size), digits)
            yield kind, (values + 0.0).tolist()
    yield "all equal", [2.5] * 12
    yield "one above", [1.0] * 11 + [2.0]
    yield "steps", [float(n // 6) for n in range(24)]


def trend(name, values, orders):
    size = len(values)
    score = int(sum(numpy.sign(b - a) for a, b in itertools.combinations(values, 2)))
    found = {"name": name, "values": values, "score": score}
    if size <= 10 and len(set(values)) == size:
        counts = orders[size]
        high = sum(count for other, count in counts.items() if other >= score)
        found["p"] = high / sum(counts.values())
        tau = scipy.stats.kendalltau(range(size), values, method="exact", alternative="greater")
        assert abs(tau.pvalue - found["p"]) < 1e-12, (name, tau.pvalue, found["p"])
    else:
        test = pymannkendall.original_test(values)
        assert test.s == score
        found["z"] = float(test.z)
        # Its p is that of both sides; one side is the upper tail of the same z.
        found["p"] = float(scipy.stats.norm.sf(test.z))
    found["rising"] = bool(found["p"] < 0.05)
    return found


def write(name, about, rows):
    lines = ",\n".join("    " + json.dumps(row) for row in rows)
    text = '{\n  "computed_by": ' + json.dumps(about) + ',\n  "series": [\n' + lines + "\n  ]\n}\n"
    (HERE / name).write_text(text)


def main():
    versions = f"numpy {numpy.__version__}, scipy {scipy.__version__}"
    write(
        "windows.json",
        f"{versions}: mean numpy.mean (long double), stddev numpy.std (ddof=0), quantiles numpy.quantile (linear), "
        f"slope scipy.stats.linregress over hours, beside statsmodels {statsmodels.__version__} OLS",
        [window(*one) for one in windows()],
    )
    orders = {size: scores_of_all_orders(size) for size in (8, 9, 10)}
    write(
        "trend.json",
        f"{versions}: to ten different values p by enumeration of all orders, beside scipy.stats.kendalltau "
        f"(method exact, alternative greater); else z of pymannkendall {pymannkendall.__version__} original_test, whose p "
        "is two-sided, and p = scipy.stats.norm.sf(z)",
        [trend(name, values, orders) for name, values in series()],
    )


main()
