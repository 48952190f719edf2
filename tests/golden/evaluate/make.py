"""Makes evaluate.json: small inputs and what scikit-learn says of them.

Made with Python 3.11, scikit-learn 1.9.1 and numpy 2.4.6:

    pip install scikit-learn==1.9.1 numpy==2.4.6
    python make.py

Inputs come from seeded numpy and are stored, so a test needs neither. NaN and None are null.
"""

import json
import math
import warnings
from pathlib import Path

import numpy
import sklearn
from sklearn import metrics
from sklearn.calibration import calibration_curve

assert sklearn.__version__ == "1.9.1", sklearn.__version__
assert numpy.__version__ == "2.4.6", numpy.__version__
warnings.simplefilter("ignore")
rng = numpy.random.default_rng(42)


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, numpy.ndarray)):
        return [plain(item) for item in value]
    if isinstance(value, (float, numpy.floating)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, numpy.integer):
        return int(value)
    return value


def softened(actual, n_classes, strength, decimals):
    """Probabilities that favour the actual class, rounded so that scores tie, rows summing to 1."""
    raw = rng.dirichlet(numpy.ones(n_classes), len(actual))
    raw[numpy.arange(len(actual)), actual] += strength * rng.random(len(actual))
    raw = numpy.round(raw / raw.sum(axis=1, keepdims=True), decimals)
    raw[:, -1] = 1 - raw[:, :-1].sum(axis=1)
    return numpy.clip(raw, 0, 1)


def classification_inputs():
    two = rng.integers(0, 2, 60)
    yield "two classes, tied scores", two, softened(two, 2, 1.0, 1)
    two = (rng.random(150) < 0.15).astype(int)
    yield "two classes, few positives", two, softened(two, 2, 0.8, 3)
    three = rng.integers(0, 3, 90)
    yield "three classes", three, softened(three, 3, 1.0, 6)
    yield "three classes, tied scores", three, softened(three, 3, 1.0, 1)
    five = rng.choice(5, 120, p=[0.5, 0.2, 0.15, 0.1, 0.05])
    yield "five uneven classes", five, softened(five, 5, 1.2, 2)
    four = rng.choice([0, 1, 3], 60)
    yield "a class that is predicted but never occurs", four, softened(four, 4, 0.5, 3)
    four = rng.integers(0, 4, 60)
    shares = softened(four, 4, 1.0, 3)
    shares[:, 0] += shares[:, 2]
    shares[:, 2] = 0
    yield "a class that occurs but is never predicted", four, shares
    nowhere = rng.choice([0, 2], 40)
    shares = softened(nowhere, 3, 1.0, 3)
    shares[:, 0] += shares[:, 1]
    shares[:, 1] = 0
    yield "a class that occurs nowhere", nowhere, shares
    two = rng.integers(0, 2, 30)
    certain = numpy.where(rng.random(30) < 0.8, two, 1 - two).astype(float)
    yield "certain and sometimes wrong", two, numpy.column_stack([1 - certain, certain])
    three = rng.integers(0, 3, 30)
    yield "certain and always right", three, numpy.eye(3)[three]
    yield "constant shares", three, numpy.tile([0.2, 0.5, 0.3], (30, 1))
    yield "undecided", rng.integers(0, 2, 20), numpy.full((20, 2), 0.5)
    only = numpy.ones(12, dtype=int)
    yield "only one class occurs", only, softened(only, 2, 1.0, 2)
    yield "one row", numpy.array([1]), numpy.array([[0.25, 0.5, 0.25]])


def one_against_rest(actual, scores):
    occurs = actual.any()
    both = occurs and not actual.all()
    fpr, tpr, roc_thresholds = metrics.roc_curve(actual, scores, drop_intermediate=False)
    precision, recall, thresholds = metrics.precision_recall_curve(actual, scores)
    fraction, predicted = calibration_curve(actual, scores, n_bins=10, pos_label=True)
    bins = numpy.searchsorted(numpy.linspace(0, 1, 11)[1:-1], scores)
    return {
        "roc_auc": metrics.roc_auc_score(actual, scores) if both else None,
        "average_precision": metrics.average_precision_score(actual, scores) if occurs else None,
        "roc": {"x": fpr, "y": tpr, "thresholds": roc_thresholds} if both else None,
        "precision_recall": {
            "x": recall[::-1],
            "y": precision[::-1],
            "thresholds": [None, *thresholds[::-1]],
        }
        if occurs
        else None,
        "calibration": {
            "fraction_positive": fraction,
            "mean_predicted": predicted,
            "counts": numpy.bincount(bins, minlength=10),
        },
    }


def average_area(actual, per_class, area, weighted):
    """Over the classes that occur; scikit-learn returns NaN when one does not."""
    if len(per_class) == 2:
        return per_class[1][area]
    values = [(c[area], numpy.sum(actual == k)) for k, c in enumerate(per_class) if c[area] is not None]
    if not values:
        return None
    return numpy.average([v for v, _ in values], weights=[n for _, n in values] if weighted else None)


def classification(name, actual, probabilities):
    n_classes = probabilities.shape[1]
    labels = list(range(n_classes))
    predicted = probabilities.argmax(axis=1)
    per_class = []
    scores = metrics.precision_recall_fscore_support(actual, predicted, labels=labels)
    for label, (precision, recall, f1, support) in enumerate(zip(*scores)):
        per_class.append(
            {"precision": precision, "recall": recall, "f1": f1, "support": support}
            | one_against_rest(actual == label, probabilities[:, label])
        )
    expected = {
        "accuracy": metrics.accuracy_score(actual, predicted),
        "balancedAccuracy": metrics.balanced_accuracy_score(actual, predicted),
        "mcc": metrics.matthews_corrcoef(actual, predicted),
        "logLoss": metrics.log_loss(actual, probabilities, labels=labels),
        "brier": metrics.brier_score_loss(actual, probabilities, labels=labels, scale_by_half=True),
        "rocAuc": average_area(actual, per_class, "roc_auc", False),
        "rocAucWeighted": average_area(actual, per_class, "roc_auc", True),
        "averagePrecision": average_area(actual, per_class, "average_precision", False),
        "averagePrecisionWeighted": average_area(actual, per_class, "average_precision", True),
    }
    if n_classes == 2 and len(set(actual)) == 2:
        positive = probabilities[:, 1]
        assert expected["rocAuc"] == metrics.roc_auc_score(actual, positive)
        assert expected["averagePrecision"] == metrics.average_precision_score(actual, positive)
        assert math.isclose(expected["brier"], metrics.brier_score_loss(actual, positive))
    elif len(set(actual)) == n_classes:
        for average, key in [("macro", ""), ("weighted", "Weighted")]:
            ovr = metrics.roc_auc_score(actual, probabilities, multi_class="ovr", average=average)
            assert math.isclose(expected["rocAuc" + key], ovr)
            precision = metrics.average_precision_score(actual, probabilities, average=average)
            assert math.isclose(expected["averagePrecision" + key], precision)
    for average in ["macro", "micro", "weighted"]:
        scores = metrics.precision_recall_fscore_support(actual, predicted, average=average)
        for metric, score in zip(["precision", "recall", "f1"], scores):
            expected[metric + average.capitalize()] = score
    return {
        "name": name,
        "actual": actual,
        "probabilities": probabilities,
        "metrics": expected,
        "per_class": per_class,
        "confusion": metrics.confusion_matrix(actual, predicted, labels=labels),
    }


def regression_inputs():
    actual = rng.normal(50, 10, 101)
    yield "odd number of rows", actual, actual + rng.normal(0, 3, 101)
    actual = rng.lognormal(3, 2, 80)
    yield "long tail", actual, actual * rng.lognormal(0, 0.3, 80)
    actual = 1e9 + rng.normal(0, 1, 60)
    yield "large offset", actual, actual + rng.normal(0, 0.5, 60)
    actual = numpy.round(rng.normal(0, 2, 40))
    yield "zeros", actual, actual + rng.normal(0, 1, 40)
    actual = rng.normal(0, 1, 30)
    yield "constant prediction", actual, numpy.full(30, 0.25)
    yield "worse than the mean", actual, -actual
    yield "exact", actual, actual
    yield "constant target", numpy.full(20, 7.5), 7.5 + rng.normal(0, 1, 20)
    yield "constant target, exact", numpy.full(20, 7.5), numpy.full(20, 7.5)
    yield "one row", numpy.array([2.0]), numpy.array([3.5])
    yield "two rows", numpy.array([2.0, 5.0]), numpy.array([3.5, 4.0])


def regression(name, actual, predicted):
    defined = not (actual == 0).any()
    return {
        "name": name,
        "actual": actual,
        "predicted": predicted,
        "metrics": {
            "mae": metrics.mean_absolute_error(actual, predicted),
            "rmse": metrics.root_mean_squared_error(actual, predicted),
            "medianAbsoluteError": metrics.median_absolute_error(actual, predicted),
            # scikit-learn divides by 2**-52 where the actual value is 0; we leave it undefined.
            "mape": metrics.mean_absolute_percentage_error(actual, predicted) if defined else None,
            "r2": metrics.r2_score(actual, predicted),
        },
        "residual_quantiles": numpy.quantile(
            actual - predicted, [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]
        ),
    }


made = {
    "made_by": f"make.py with scikit-learn {sklearn.__version__} and numpy {numpy.__version__}",
    "classification": [classification(*case) for case in classification_inputs()],
    "regression": [regression(*case) for case in regression_inputs()],
}
text = json.dumps(plain(made), separators=(",", ":"), allow_nan=False)
# One case a line, so that a change is seen where it is.
text = text.replace('{"name":', '\n{"name":')
Path(__file__).with_name("evaluate.json").write_text(text + "\n")
