"""Trains and predicts with a library for Python on one thread and prints what it took, as JSON.

python peers.py JOB
"""

import json
import re
import sys
import time
from pathlib import Path

import numpy
import pandas
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score, root_mean_squared_error

import libraries

job = json.loads(sys.argv[1])
target, classify = job["target"], job["task"] != "regression"


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
    return [part.to_numpy(dtype=numpy.float64) for part in (fit, test)]


def peak():
    """The most memory that the process had so far, in bytes."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024


fit, test = (pandas.read_csv(job["csv"][part]) for part in ("train", "test"))
y_fit, y_test = fit.pop(target).to_numpy(), test.pop(target).to_numpy()
if classify:
    classes, y_fit = numpy.unique(y_fit, return_inverse=True)
    y_test = numpy.searchsorted(classes, y_test)
    # Of anomalies it is only measured how well they are found: the rarer class is the second.
    if job["task"] == "anomaly" and 2 * y_fit.sum() > len(y_fit):
        y_fit, y_test = 1 - y_fit, 1 - y_test
if job["library"] in libraries.TAKE_TABLES:
    x_fit, x_test = fit, test
else:
    x_fit, x_test = as_numbers(fit, test)
model = libraries.make(job["library"], job["learner"], classify)

cpu, wall = time.process_time(), time.perf_counter()
model.fit(x_fit, y_fit)
took = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "peak": peak()}

cpu = time.process_time()
predicted = model.predict(x_test)
took["predict"] = time.process_time() - cpu

if classify:
    probabilities = model.predict_proba(x_test)
    metrics = {
        "accuracy": accuracy_score(y_test, predicted),
        "logLoss": log_loss(y_test, probabilities),
    }
    if len(classes) == 2:
        metrics["rocAuc"] = roc_auc_score(y_test, probabilities[:, 1])
else:
    metrics = {"rmse": root_mean_squared_error(y_test, predicted)}
print(json.dumps({**took, "metrics": metrics}))
