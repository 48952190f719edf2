"""Makes cases.json: rows, and what NannyML says of them, and scipy of the difference between two models.

    pip install nannyml==0.13.1 lightgbm==4.5.0 scipy==1.13.1 scikit-learn==1.5.2 "pandas<2.3" "numpy<2" \\
        "category-encoders<2.7" statsmodels
    python make.py
"""

import json
import os

# It sends nothing anywhere.
os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"

import nannyml as nml
import numpy as np
import pandas as pd
from scipy import stats

rng = np.random.default_rng(11)


def table(**columns):
    return pd.DataFrame({name: np.round(values, 3) for name, values in columns.items()})


def columns(rows):
    return {name: rows[name].tolist() for name in rows}


def pair(n, sign, shift=0.0):
    a = rng.uniform(-0.5, 0.5, n)
    b = sign * a + rng.uniform(-0.2, 0.2, n)
    return table(a=a + shift, b=b, c=rng.normal(0, 1, n))


def domain(name, reference, new):
    """The area that NannyML's domain classifier has for all new rows together."""
    calculator = nml.DomainClassifierCalculator(
        feature_column_names=list(reference), chunk_size=len(new), cv_folds_num=5
    )
    calculator.fit(reference)
    found = calculator.calculate(new).filter(period="analysis").to_df()
    values = found["domain_classifier_auroc"]
    return {
        "name": name,
        "reference": columns(reference),
        "new": columns(new),
        "auc": float(values["value"].iloc[0]),
        "drifted": bool(values["alert"].iloc[0]),
    }


def cars(n, low, high):
    """A price that is twice `x`, with errors that grow with `x`, and half as large where `z` is below 0."""
    x, z = rng.uniform(low, high, n), rng.normal(0, 1, n)
    noise = rng.normal(0, 1, n) * (0.1 + 0.4 * x) * np.where(z < 0, 0.5, 1)
    rows = table(x=x, z=z, y=2 * x + noise)
    return rows.assign(said=2 * rows.x)


def loss(name, reference, new):
    """What NannyML's direct loss estimation says of the errors of the model that says twice `x`."""
    estimator = nml.DLE(
        metrics=["mae", "rmse"],
        y_true="y",
        y_pred="said",
        feature_column_names=["x", "z"],
        chunk_size=len(new),
    )
    estimator.fit(reference)
    found = estimator.estimate(new).filter(period="analysis").to_df()
    error = new.y - new.said
    return {
        "name": name,
        "new": columns(new[["x", "z", "y"]]),
        "mae": float(found["mae"]["value"].iloc[0]),
        "rmse": float(found["rmse"]["value"].iloc[0]),
        "real_mae": float(error.abs().mean()),
        "real_rmse": float(np.sqrt((error**2).mean())),
    }


def paired():
    """By how much less the error of a model is that says 2.1 `x` than that of one that says twice `x`."""
    x = np.round(rng.uniform(0, 10, 200), 3)
    y = np.round(2.06 * x + rng.normal(0, 0.5, 200), 3)
    first, second = (2 * x - y) ** 2, (2.1 * x - y) ** 2

    def gain(a, b, axis):
        return np.sqrt(np.mean(a, axis=axis)) - np.sqrt(np.mean(b, axis=axis))

    found = stats.bootstrap(
        (first, second), gain, paired=True, method="percentile", n_resamples=20_000, random_state=rng
    ).confidence_interval
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "gain": float(gain(first, second, 0)),
        "low": float(found.low),
        "high": float(found.high),
    }


reference = cars(2000, 0, 10)
cases = {
    "domain": [
        domain("the same", pair(600, 1), pair(500, 1)),
        domain("turned", pair(600, 1), pair(500, -1)),
        domain("a little shifted", pair(600, 1), pair(500, 1, 0.15)),
        domain("shifted", pair(600, 1), pair(500, 1, 0.3)),
    ],
    "reference": columns(reference[["x", "z", "y"]]),
    "loss": [
        loss("the same", reference, cars(1000, 0, 10)),
        loss("large", reference, cars(1000, 7, 10)),
        loss("small", reference, cars(1000, 0, 3)),
    ],
    "paired": paired(),
}
# What trains prints to standard output.
with open("cases.json", "w") as file:
    json.dump(cases, file)
