"""Makes choose.json: what scipy and scikit-learn say of tests, calibrators and thresholds.

Made with Python 3.11, scikit-learn 1.9.1, scipy 1.17.1 and numpy 2.4.6:

    pip install scikit-learn==1.9.1 scipy==1.17.1 numpy==2.4.6
    python make.py

Inputs come from seeded numpy and are stored, so a test needs neither.
"""

import json
from pathlib import Path

import numpy
import scipy
import sklearn
from scipy import stats
from sklearn import metrics
from sklearn.calibration import _SigmoidCalibration
from sklearn.isotonic import IsotonicRegression

assert sklearn.__version__ == "1.9.1", sklearn.__version__
assert scipy.__version__ == "1.17.1", scipy.__version__
assert numpy.__version__ == "2.4.6", numpy.__version__
rng = numpy.random.default_rng(42)


def student_t():
    for freedom in [1, 2, 4, 9, 49, 1000]:
        for t in [0.0, 0.05, 0.3, -1.0, 2.5, 7.0, 40.0]:
            yield [t, freedom, float(2 * stats.t.sf(abs(t), freedom))]


def corrected_t():
    for folds in [3, 5, 10]:
        differences = numpy.round(rng.normal(-0.01, 0.02, folds), 4)
        ratio = 1 / (folds - 1)
        t = differences.mean() / numpy.sqrt((1 / folds + ratio) * differences.var(ddof=1))
        p = float(2 * stats.t.sf(abs(t), folds - 1))
        yield {"differences": differences.tolist(), "ratio": ratio, "p": p}


def calibrations():
    """Scores are log-odds for the sigmoid, probabilities for isotonic regression."""
    for rows, decimals in [(40, 2), (300, 1), (300, 6)]:
        probabilities = numpy.clip(numpy.round(rng.random(rows), decimals), 0.001, 0.999)
        positive = (rng.random(rows) < probabilities**2).astype(int)
        scores = numpy.log(probabilities / (1 - probabilities))
        at = numpy.round(numpy.linspace(0.0, 1.0, 21), 3)
        sigmoid = _SigmoidCalibration().fit(scores, positive)
        isotonic = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip")
        isotonic.fit(probabilities, positive)
        yield {
            "probabilities": probabilities.tolist(),
            "positive": positive.tolist(),
            "slope": float(-sigmoid.a_),
            "intercept": float(-sigmoid.b_),
            "at": at.tolist(),
            "isotonic": isotonic.predict(at).tolist(),
        }


def thresholds():
    probabilities = numpy.round(rng.random(200), 2)
    positive = (rng.random(200) < 0.6 * probabilities).astype(int)
    scores = {}
    for threshold in [0.2, 0.35, 0.5, 0.65, 0.8]:
        predicted = (probabilities >= threshold).astype(int)
        scores[str(threshold)] = {
            "f1": float(metrics.f1_score(positive, predicted)),
            "balancedAccuracy": float(metrics.balanced_accuracy_score(positive, predicted)),
            "accuracy": float(metrics.accuracy_score(positive, predicted)),
            "mcc": float(metrics.matthews_corrcoef(positive, predicted)),
            "precision": float(metrics.precision_score(positive, predicted)),
            "recall": float(metrics.recall_score(positive, predicted)),
        }
    return {
        "probabilities": probabilities.tolist(),
        "positive": positive.tolist(),
        "scores": scores,
    }


golden = {
    "made with": f"scikit-learn {sklearn.__version__}, scipy {scipy.__version__}",
    "studentT": list(student_t()),
    "correctedT": list(corrected_t()),
    "calibrations": list(calibrations()),
    "thresholds": thresholds(),
}
path = Path(__file__).parent / "choose.json"
path.write_text(json.dumps(golden, indent=None, separators=(",", ":")) + "\n")
