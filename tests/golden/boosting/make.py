"""Makes lightgbm.json: how good LightGBM is on the samples of the page.

Made with Python 3.11, LightGBM 4.7.0, scikit-learn 1.9.1 and pandas 3.1.1:

    pip install lightgbm==4.7.0 scikit-learn==1.9.1 pandas==3.1.1
    python make.py

Means over five folds, in each of which every fifth row is kept for testing. Strings are LightGBM's native categories, gaps stay gaps.
"""

import json
from pathlib import Path

import lightgbm
import pandas
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score, root_mean_squared_error

assert lightgbm.__version__ == "4.7.0", lightgbm.__version__
here = Path(__file__).parent
samples = here / "../../../www/public/samples"


FOLDS = 5


def read(name, target):
    table = pandas.read_csv(samples / f"{name}.csv").dropna(subset=[target])
    truth = table.pop(target)
    for column in table.columns:
        if not pandas.api.types.is_numeric_dtype(table[column]):
            table[column] = table[column].astype("category")
    return table, truth


def mean(learner, name, target, figure):
    x, y = read(name, target)
    figures = []
    for fold in range(FOLDS):
        test = pandas.RangeIndex(len(x)) % FOLDS == fold
        model = learner(n_estimators=100, num_leaves=31, n_jobs=1, verbose=-1)
        model.fit(x[~test], y[~test])
        figures.append(figure(model, x[test], y[test]))
    return sum(figures) / FOLDS


def auc(model, x, y):
    return roc_auc_score(y == model.classes_[1], model.predict_proba(x)[:, 1])


def loss(model, x, y):
    return log_loss(y, model.predict_proba(x), labels=model.classes_)


def accuracy(model, x, y):
    return accuracy_score(y, model.predict(x))


def rmse(model, x, y):
    return root_mean_squared_error(y, model.predict(x))


figures = {
    "credit_auc": mean(lightgbm.LGBMClassifier, "credit", "Status", auc),
    "credit_log_loss": mean(lightgbm.LGBMClassifier, "credit", "Status", loss),
    "species_accuracy": mean(lightgbm.LGBMClassifier, "penguins", "species", accuracy),
    "species_log_loss": mean(lightgbm.LGBMClassifier, "penguins", "species", loss),
    "mass_rmse": mean(lightgbm.LGBMRegressor, "penguins", "body_mass_g", rmse),
}
(here / "lightgbm.json").write_text(json.dumps(figures, indent=2) + "\n")
