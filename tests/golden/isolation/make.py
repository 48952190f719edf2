"""Makes breast_cancer.csv: what scikit-learn's isolation forests make of its breast cancer data.

The data are all 357 benign rows and every tenth of the 212 malignant ones, which are the anomalies.
`score` is from a forest of 2,000 trees, near to what any number of trees would say, so that two
libraries with other random numbers can be compared; `penguin_scores` likewise for the numbers of
www/public/samples/penguins.csv without missing values. `figures.json` has the ROC AUC of
forests of 100 trees by seed and what a contamination of 0.1 calls anomalies.

Made with Python 3.11, scikit-learn 1.9.1 and numpy 2.4.6:

    pip install scikit-learn==1.9.1 numpy==2.4.6
    python make.py
"""

import csv
import json
from pathlib import Path

import numpy
import sklearn
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score, roc_auc_score

assert sklearn.__version__ == "1.9.1", sklearn.__version__
assert numpy.__version__ == "2.4.6", numpy.__version__
HERE = Path(__file__).parent


def scores(x, trees, seed=0):
    """Larger is more anomalous."""
    forest = IsolationForest(n_estimators=trees, random_state=seed).fit(x)
    return -forest.score_samples(x)


data = load_breast_cancer()
malignant = numpy.flatnonzero(data.target == 0)[::10]
rows = numpy.sort(numpy.concatenate([numpy.flatnonzero(data.target == 1), malignant]))
x, anomaly = data.data[rows], (data.target[rows] == 0).astype(int)
many = scores(x, 2_000)

with open(HERE / "breast_cancer.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow([name.replace(" ", "_") for name in data.feature_names] + ["label", "score"])
    for row, label, score in zip(x, anomaly, many):
        out.writerow([*row.tolist(), ["benign", "malignant"][label], round(float(score), 6)])

with open(HERE / "../../../www/public/samples/penguins.csv") as file:
    penguins = list(csv.DictReader(file))
names = [name for name in penguins[0] if name.endswith(("_mm", "_g"))]
numbers = [[row[name] for name in names] for row in penguins]
complete = numpy.array([row for row in numbers if all(row)], dtype=float)

by_seed = [scores(x, 100, seed) for seed in range(20)]
figures = {
    "roc_auc": [roc_auc_score(anomaly, one) for one in by_seed],
    "average_precision": [average_precision_score(anomaly, one) for one in by_seed],
    "roc_auc_of_many": roc_auc_score(anomaly, many),
    "flagged": int(
        (IsolationForest(contamination=0.1, random_state=0).fit(x).predict(x) == -1).sum()
    ),
    "penguin_columns": names,
    "penguin_scores": [round(float(score), 6) for score in scores(complete, 2_000)],
}
(HERE / "figures.json").write_text(json.dumps(figures, indent=1) + "\n")
