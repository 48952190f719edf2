"""What MLflow predicts with a registered model, and what Hedgerow did.

    predict.py URL MODEL ROWS PREDICTED

Prints, as JSON, the largest difference of numbers, how many labels differ, the signature's columns with their
types and the inputs of the ONNX file. Rows are given as pandas reads them, and in all types that pandas has
for them.
"""

import json
import logging
import sys

import mlflow
import numpy
import pandas

logging.disable(logging.WARNING)
url, uri, rows, predicted = sys.argv[1:]
mlflow.set_tracking_uri(url)
model = mlflow.pyfunc.load_model(uri)
rows, expected = pandas.read_csv(rows), pandas.read_csv(predicted)
assert rows["age"].dtype == "int64", rows.dtypes


def typed(rows):
    """Whole numbers that may be missing, booleans, dates and categories as pandas' own types."""
    return rows.assign(
        age=rows["age"].astype("Int64"),
        member=rows["member"].map({"True": True, "False": False, True: True, False: False}).astype("boolean"),
        job=rows["job"].astype("category"),
        since=pandas.to_datetime(rows["since"]),
    )


def missed(found, expected):
    """The largest difference of numbers, and how many labels differ."""
    assert list(found.columns) == list(expected.columns), (found.columns, expected.columns)
    difference, labels = 0.0, 0
    for name in expected.columns:
        if pandas.api.types.is_numeric_dtype(expected[name]):
            off = (found[name] - expected[name]).abs() / numpy.maximum(1, expected[name].abs())
            difference = max(difference, float(off.max()))
        else:
            labels += int((found[name] != expected[name]).sum())
    return difference, labels


# Of some rows, no boolean is missing: pandas has another type for those.
whole = rows["member"].notna()
booleans = rows[whole].assign(member=rows["member"][whole].astype(str) == "True")
# Whole numbers of which one is missing are floats.
gap = rows.assign(age=rows["age"].astype(float))
frames = [(rows, expected), (typed(rows), expected), (gap, expected), (booleans, expected[whole])]
found = [missed(model.predict(frame), answer) for frame, answer in frames]
difference, labels = (max(figures) for figures in zip(*found))
# One row alone, in which all is missing.
model.predict(rows.head(1).map(lambda _: None))
onnx = mlflow.onnx.load_model(uri)
print(
    json.dumps(
        {
            "difference": difference,
            "labels": labels,
            "columns": {
                column.name: column.type.name for column in model.metadata.get_input_schema().inputs
            },
            "inputs": [one.name for one in onnx.graph.input],
        }
    )
)
