"""Trains a forest of 100 trees with scikit-learn on one thread and prints what it took, as JSON.

python train.py DATA_FOLDER NAME TARGET TASK
"""

import json
import sys
import time

import numpy
import pandas
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.metrics import accuracy_score, roc_auc_score, root_mean_squared_error

folder, name, target, task = sys.argv[1:]


def as_numbers(fit, test):
    """Ordinal codes for strings (unseen ones are missing), then the median for what is missing."""
    for column in fit.columns:
        if not pandas.api.types.is_numeric_dtype(fit[column]):
            known = sorted(fit[column].dropna().unique())
            for part in (fit, test):
                codes = pandas.Categorical(part[column], known).codes
                part[column] = numpy.where(codes < 0, numpy.nan, codes)
        median = fit[column].median()
        for part in (fit, test):
            part[column] = part[column].fillna(median)


parts = [pandas.read_csv(f"{folder}/{name}_{part}.csv.gz") for part in ("train", "test")]
y_fit, y_test = (part.pop(target) for part in parts)
as_numbers(*parts)
x_fit, x_test = (part.to_numpy(dtype=numpy.float64) for part in parts)

forest = RandomForestClassifier if task == "classification" else RandomForestRegressor
model = forest(n_estimators=100, random_state=42, n_jobs=1)
cpu, wall = time.process_time(), time.perf_counter()
model.fit(x_fit, y_fit)
took = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}

predicted = model.predict(x_test)
if task == "classification":
    metrics = {"accuracy": accuracy_score(y_test, predicted)}
    if len(model.classes_) == 2:
        positive = model.predict_proba(x_test)[:, 1]
        metrics["rocAuc"] = roc_auc_score(y_test == model.classes_[1], positive)
else:
    metrics = {"rmse": root_mean_squared_error(y_test, predicted)}
print(json.dumps({**took, "metrics": metrics}))
