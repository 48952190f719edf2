"""Makes neural.json: small inputs, and what scikit-learn's networks, neighbours and naive Bayes make of
them.

Made with Python 3.11, scikit-learn 1.9.1 and numpy 2.4.6:

    pip install scikit-learn==1.9.1 numpy==2.4.6
    python make.py

Inputs come from seeded numpy and are stored, so a test needs neither.
"""

import json
import warnings
from pathlib import Path

import numpy
import sklearn
from sklearn.naive_bayes import CategoricalNB, GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor

assert sklearn.__version__ == "1.9.1", sklearn.__version__
assert numpy.__version__ == "2.4.6", numpy.__version__
warnings.simplefilter("ignore")
rng = numpy.random.default_rng(42)
ROWS, FEATURES, EPOCHS = 40, 3, 6


def layers(network):
    """Unit by unit, as Hedgerow keeps weights."""
    return [
        {"weights": coefs.T.ravel().tolist(), "biases": intercepts.tolist()}
        for coefs, intercepts in zip(network.coefs_, network.intercepts_)
    ]


def network(learner, y, activation, alpha, weights):
    """Six steps of Adam on all rows, from where a first fit of one epoch ended."""
    model = learner(
        hidden_layer_sizes=(5, 4),
        activation=activation,
        alpha=alpha,
        batch_size=ROWS,
        learning_rate_init=0.01,
        max_iter=1,
        warm_start=True,
        shuffle=False,
        random_state=7,
    )
    model.fit(x, y, sample_weight=weights)
    start = layers(model)
    # A second fit starts there with a new Adam.
    model.set_params(max_iter=EPOCHS)
    losses = len(model.loss_curve_)
    model.fit(x, y, sample_weight=weights)
    outputs = model.predict_proba(x) if hasattr(model, "predict_proba") else model.predict(x)
    return {
        "activation": activation,
        "alpha": alpha,
        "target": y.tolist(),
        "sample_weight": None if weights is None else weights.tolist(),
        "start": start,
        "end": layers(model),
        "losses": model.loss_curve_[losses:],
        "outputs": outputs.ravel().tolist(),
    }


def neighbours(learner, y, **params):
    model = learner(algorithm="brute", **params).fit(x, y)
    outputs = model.predict_proba(queries) if hasattr(model, "predict_proba") else model.predict(queries)
    return {**params, "target": y.tolist(), "outputs": outputs.ravel().tolist()}


def gaussian(y, weights):
    model = GaussianNB().fit(x, y, sample_weight=weights)
    return {
        "target": y.tolist(),
        "sample_weight": None if weights is None else weights.tolist(),
        "means": model.theta_.T.ravel().tolist(),
        "variances": model.var_.T.ravel().tolist(),
        "outputs": model.predict_proba(queries).ravel().tolist(),
    }


def categorical(y, alpha, weights):
    model = CategoricalNB(alpha=alpha, min_categories=4).fit(codes, y, sample_weight=weights)
    return {
        "alpha": alpha,
        "target": y.tolist(),
        "sample_weight": None if weights is None else weights.tolist(),
        "outputs": model.predict_proba(codes).ravel().tolist(),
    }


# Rounded to f32, which Hedgerow's networks and neighbours calculate with.
x = rng.normal(size=(ROWS, FEATURES)).astype(numpy.float32).astype(float)
queries = rng.normal(size=(20, FEATURES)).astype(numpy.float32).astype(float)
codes = rng.integers(0, 4, size=(ROWS, 2))
three = rng.integers(0, 3, size=ROWS)
two = (x[:, 0] * x[:, 1] > 0).astype(int)
number = numpy.sin(x[:, 0]) + x[:, 1] * x[:, 2]
# As Hedgerow has it inside: mean 0, standard deviation 1.
number = ((number - number.mean()) / number.std()).astype(numpy.float32).astype(float)
weights = rng.integers(1, 4, size=ROWS).astype(float)

figures = {
    "x": x.ravel().tolist(),
    "queries": queries.ravel().tolist(),
    "codes": codes.ravel().tolist(),
    "networks": [
        network(MLPClassifier, two, "relu", 1e-4, None),
        network(MLPClassifier, two, "tanh", 1.0, None),
        network(MLPClassifier, three, "tanh", 1e-4, None),
        network(MLPClassifier, two, "relu", 0.0, weights),
        network(MLPRegressor, number, "relu", 1e-4, None),
    ],
    "neighbours": [
        neighbours(KNeighborsClassifier, three, n_neighbors=5, weights="uniform", metric="euclidean"),
        neighbours(KNeighborsClassifier, three, n_neighbors=7, weights="distance", metric="manhattan"),
        neighbours(KNeighborsRegressor, number, n_neighbors=4, weights="distance", metric="euclidean"),
        neighbours(KNeighborsRegressor, number, n_neighbors=1, weights="uniform", metric="manhattan"),
    ],
    "gaussian": [gaussian(three, None), gaussian(two, weights)],
    "categorical": [categorical(three, 1.0, None), categorical(two, 0.25, weights)],
}
Path(__file__).with_name("neural.json").write_text(json.dumps(figures) + "\n")
