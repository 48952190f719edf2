"""Makes cases.json: columns, and what Evidently's default tests, scipy and numpy say of them.

    pip install evidently==0.7.23 "pandas<3"
    python make.py > cases.json
"""

import json

import numpy as np
import pandas as pd
from evidently.legacy.calculations.stattests import get_stattest, psi_stat_test
from evidently.legacy.core import ColumnType
from scipy import stats

rng = np.random.default_rng(7)


def numbers(n, draw):
    return np.round(draw(n), 4).tolist()


def case(name, kind, reference, current):
    column = ColumnType.Numerical if kind == "number" else ColumnType.Categorical
    a, b = pd.Series(reference).dropna(), pd.Series(current).dropna()
    test = get_stattest(a, b, column, None)
    found = test(a, b, column, None)
    more = {}
    if kind == "number":
        more["ks"] = float(stats.ks_2samp(a, b).statistic)
        more["mean"], more["std"] = float(b.mean()), float(np.std(b))
    else:
        more["psi"] = float(psi_stat_test(a, b, column, None).drift_score)
    return {
        "name": name,
        "kind": kind,
        "reference": [None if v != v else v for v in reference],
        "current": [None if v != v else v for v in current],
        "test": test.name,
        "score": float(found.drift_score),
        "drifted": bool(found.drifted),
        **more,
    }


def words(n, shares):
    return rng.choice(list(shares), n, p=list(shares.values())).tolist()


few, many = 400, 1100
normal, shifted = (lambda n: rng.normal(0, 1, n)), (lambda n: rng.normal(0.4, 1.2, n))
skewed, longer = (lambda n: rng.exponential(1, n)), (lambda n: rng.exponential(1.3, n))
gone = numbers(few, normal)
gone[::5] = [float("nan")] * len(gone[::5])
old = {"a": 0.5, "b": 0.3, "c": 0.2}
cases = [
    case("normal, the same", "number", numbers(few, normal), numbers(500, normal)),
    case("normal, shifted", "number", numbers(few, normal), numbers(500, shifted)),
    case("normal, missing values", "number", gone, numbers(300, normal)),
    case("many, the same", "number", numbers(many, normal), numbers(900, normal)),
    case("many, shifted", "number", numbers(many, normal), numbers(900, shifted)),
    case("many, skewed", "number", numbers(many, skewed), numbers(900, longer)),
    case("many, far away", "number", numbers(many, normal), numbers(900, lambda n: rng.normal(30, 5, n))),
    case("few values", "number", rng.integers(0, 4, few).tolist(), rng.integers(0, 5, 300).tolist()),
    case("few values, many rows", "number", rng.integers(0, 4, many).tolist(), rng.integers(1, 5, 300).tolist()),
    case("two values", "number", rng.integers(0, 2, few).tolist(), (rng.random(300) < 0.65).astype(int).tolist()),
    case("counts", "number", rng.poisson(20, many).tolist(), rng.poisson(22, 700).tolist()),
    case("words, the same", "category", words(few, old), words(500, old)),
    case("words, other shares", "category", words(few, old), words(500, {"a": 0.3, "b": 0.3, "c": 0.4})),
    case("words, a new one", "category", words(few, old), words(500, {"a": 0.5, "b": 0.3, "d": 0.2})),
    case("words, many rows", "category", words(many, old), words(900, {"a": 0.4, "b": 0.3, "c": 0.25, "d": 0.05})),
    case("two words", "category", words(few, {"yes": 0.5, "no": 0.5}), words(500, {"yes": 0.42, "no": 0.58})),
    case("constant", "category", words(few, {"yes": 1.0}), words(500, {"yes": 1.0})),
]
print(json.dumps(cases))
