"""Makes linear.json: small inputs and the coefficients that scikit-learn finds.

Made with Python 3.11, scikit-learn 1.9.1 and numpy 2.4.6:

    pip install scikit-learn==1.9.1 numpy==2.4.6
    python make.py

Inputs come from seeded numpy and are stored, so a test needs neither.
"""

import json
from pathlib import Path

import numpy
import sklearn
from sklearn.linear_model import ElasticNet, LinearRegression, LogisticRegression, Ridge

assert sklearn.__version__ == "1.9.1", sklearn.__version__
assert numpy.__version__ == "2.4.6", numpy.__version__
rng = numpy.random.default_rng(7)

ROWS, FEATURES, CLASSES = 80, 5, 4
x = rng.normal(size=(ROWS, FEATURES)).round(3)
x[:, 2] = (x[:, 0] - 0.5 * x[:, 1] + 0.1 * x[:, 2]).round(3)
y = (2 + x @ [1.5, -2, 0, 0.3, 0] + 0.5 * rng.normal(size=ROWS)).round(3)
weights = rng.integers(0, 4, size=ROWS).astype(float)
scores = x @ rng.normal(size=(FEATURES, CLASSES)) + rng.gumbel(size=(ROWS, CLASSES))
many = scores.argmax(axis=1)
two = (scores[:, 0] > scores[:, 1]).astype(int)
assert len(set(many)) == CLASSES


def fitted(model, target, weights):
    model.fit(x, target, sample_weight=weights)
    return {
        "intercepts": numpy.atleast_1d(model.intercept_).tolist(),
        "coefficients": numpy.ravel(model.coef_).tolist(),
    }


def both(model, target):
    return [fitted(model, target, None), fitted(model, target, weights)]


def logistic(c):
    # Newton: the default solver stops at some 1e-6 of the coefficients.
    return LogisticRegression(C=c, solver="newton-cholesky", tol=1e-12, max_iter=10_000)


figures = {
    "x": x.tolist(),
    "y": y.tolist(),
    "weights": weights.tolist(),
    "two": two.tolist(),
    "many": many.tolist(),
    # Of each, without weights and with.
    "linear-regression": both(LinearRegression(), y),
    "ridge": both(Ridge(alpha=3.0), y),
    "elastic-net": both(ElasticNet(alpha=0.2, l1_ratio=0.6, tol=1e-12, max_iter=100_000), y),
    "lasso": both(ElasticNet(alpha=0.2, l1_ratio=1.0, tol=1e-12, max_iter=100_000), y),
    "logistic": both(logistic(0.5), two),
    "multinomial": both(logistic(2.0), many),
}
Path(__file__).with_name("linear.json").write_text(json.dumps(figures) + "\n")
