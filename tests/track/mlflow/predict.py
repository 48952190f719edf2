"""What MLflow predicts with a registered model, and what Hedgerow did.

    predict.py URL MODEL ROWS PREDICTED

Prints, as JSON, the largest difference of numbers, how many labels differ, the signature's columns and the
flavours.
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
found = model.predict(rows)
# One row alone, in which all is missing.
model.predict(rows.head(1).map(lambda _: None))
assert list(found.columns) == list(expected.columns), (found.columns, expected.columns)
difference, labels = 0.0, 0
for name in expected.columns:
    if pandas.api.types.is_numeric_dtype(expected[name]):
        off = (found[name] - expected[name]).abs() / numpy.maximum(1, expected[name].abs())
        difference = max(difference, float(off.max()))
    else:
        labels += int((found[name] != expected[name]).sum())
onnx = mlflow.onnx.load_model(uri)
print(
    json.dumps(
        {
            "difference": difference,
            "labels": labels,
            "columns": model.metadata.get_input_schema().input_names(),
            "inputs": [one.name for one in onnx.graph.input],
        }
    )
)
