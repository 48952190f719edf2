"""Checks exported ONNX files, and what onnxruntime makes of them beside what Hedgerow predicts.

    check.py FOLDER

Every folder in FOLDER has `model.onnx`, `rows.csv` (what is predicted) and `predicted.csv` (by `hedgerow
predict --proba`). Prints, by folder, the largest difference, relative where numbers are large, and how many
labels differ, as JSON.
"""

import csv
import datetime
import json
import pathlib
import sys

import numpy
import onnx
import onnxruntime


def number(text):
    """A cell of a column of numbers, booleans or dates."""
    if text == "":
        return numpy.nan
    if text in ("true", "false"):
        return float(text == "true")
    try:
        return float(text)
    except ValueError:
        date = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc)
        return date.timestamp() * 1000


def column(rows, of):
    cells = [row[of.name] for row in rows]
    if of.type == "tensor(string)":
        return numpy.array(cells, dtype=object).reshape(-1, 1)
    return numpy.array([number(cell) for cell in cells]).reshape(-1, 1)


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def check(folder):
    path = str(folder / "model.onnx")
    onnx.checker.check_model(path, full_check=True)
    session = onnxruntime.InferenceSession(path)
    rows, predicted = read(folder / "rows.csv"), read(folder / "predicted.csv")
    names = [output.name for output in session.get_outputs()]
    feed = {of.name: column(rows, of) for of in session.get_inputs()}
    outputs = dict(zip(names, session.run(None, feed)))
    label, *shares = predicted[0]
    if "variable" in outputs:
        found, labels = outputs["variable"], 0
        expected = [[float(row[label])] for row in predicted]
    else:
        found = outputs["probabilities"]
        expected = [[float(row[share]) for share in shares] for row in predicted]
        pairs = zip(outputs["label"], predicted, strict=True)
        labels = sum(str(own) != row[label] for own, row in pairs)
    expected = numpy.array(expected)
    assert found.shape == expected.shape, (found.shape, expected.shape)
    difference = numpy.abs(found - expected) / numpy.maximum(1, numpy.abs(expected))
    return {"difference": float(difference.max()), "labels": labels}


folders = sorted(path for path in pathlib.Path(sys.argv[1]).iterdir() if path.is_dir())
print(json.dumps({folder.name: check(folder) for folder in folders}))
