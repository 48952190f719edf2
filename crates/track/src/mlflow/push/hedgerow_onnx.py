"""Loads a model that Hedgerow exported, for MLflow.

It takes a DataFrame of raw columns: numbers, booleans (also `true` and `false`), dates (also as text, or
milliseconds since 1970) and categories. What is missing may be None, NaN, NaT or "". It answers as `hedgerow
predict --proba` does: TARGET.predicted, and probability.CLASS for each class.
"""

import functools
import json
import os

import mlflow.pyfunc
import numpy
import onnxruntime
import pandas


def _load_pyfunc(path):
    _take_typed_frames()
    return Model(path)


def _take_typed_frames():
    """MLflow takes no whole numbers for `double`, and no booleans, dates or pandas' categories for `string`,
    which the signature says so that CSV can be served. So frames for models of this loader, and for no
    others, are made what it says before MLflow looks at them. Where MLflow has no such place any more, it
    refuses them with a message of its own."""
    check = getattr(mlflow.pyfunc, "_validate_prediction_input", None)
    if check is None or hasattr(check, "takes_typed_frames"):
        return

    @functools.wraps(check)
    def checked(data, params, schema, *rest):
        if __name__ in rest and schema is not None and isinstance(data, pandas.DataFrame):
            data = _as_declared(data, schema)
        return check(data, params, schema, *rest)

    checked.takes_typed_frames = True
    mlflow.pyfunc._validate_prediction_input = checked


def _as_declared(data, schema):
    types = {column.name: column.type.name for column in schema.inputs}
    return data.assign(
        **{name: DECLARED[kind](data[name]) for name, kind in types.items() if name in data}
    )


class Model:
    def __init__(self, path):
        with open(os.path.join(path, "columns.json"), encoding="utf-8") as file:
            about = json.load(file)
        self.target = about["target"]
        self.classes = about["classes"]
        self.kinds = {column["name"]: column["kind"] for column in about["columns"]}
        self.session = onnxruntime.InferenceSession(
            os.path.join(path, "model.onnx"), providers=["CPUExecutionProvider"]
        )

    def predict(self, data, params=None):
        if not isinstance(data, pandas.DataFrame):
            data = pandas.DataFrame(data, columns=list(self.kinds))
        names = [column.name for column in self.session.get_inputs()]
        feed = {name: READERS[self.kinds[name]](data[name]).reshape(-1, 1) for name in names}
        outputs = [output.name for output in self.session.get_outputs()]
        found = dict(zip(outputs, self.session.run(None, feed)))
        predicted = f"{self.target}.predicted"
        if not self.classes:
            return pandas.DataFrame({predicted: found["variable"][:, 0]}, index=data.index)
        answer = {predicted: found["label"]}
        for place, name in enumerate(self.classes):
            answer[f"probability.{name}"] = found["probabilities"][:, place]
        return pandas.DataFrame(answer, index=data.index)


def _filled(column):
    """The cells, None where one is missing."""
    missing = column.isna().to_numpy()
    return [None if gone or cell == "" else cell for cell, gone in zip(column, missing)]


def _numbers(column):
    if column.dtype.kind in "iuf":
        return column.to_numpy(dtype=numpy.float64, na_value=numpy.nan)
    cells = [numpy.nan if cell is None else float(cell) for cell in _filled(column)]
    return numpy.array(cells, dtype=numpy.float64)


def _booleans(column):
    def read(cell):
        if cell is None:
            return numpy.nan
        text = str(cell).strip().lower()
        if text not in ("true", "false", "1", "0", "1.0", "0.0"):
            raise ValueError(f"{column.name}: {cell!r} is neither true nor false")
        return float(text in ("true", "1", "1.0"))

    return numpy.array([read(cell) for cell in _filled(column)], dtype=numpy.float64)


def _dates(column):
    if column.dtype.kind in "iuf":
        return _numbers(column)

    def read(cell):
        if cell is None:
            return numpy.nan
        if isinstance(cell, (int, float)):
            return float(cell)
        date = pandas.Timestamp(cell)
        date = date.tz_localize("UTC") if date.tzinfo is None else date.tz_convert("UTC")
        return date.as_unit("ns").value / 1e6

    return numpy.array([read(cell) for cell in _filled(column)], dtype=numpy.float64)


def _texts(column):
    def read(cell):
        if cell is None:
            return ""
        if isinstance(cell, (bool, numpy.bool_)):
            return str(cell).lower()
        # Categories that are numbers lose their spelling where one of them is missing.
        if isinstance(cell, (float, numpy.floating)) and float(cell).is_integer():
            return str(int(cell))
        return str(cell)

    return numpy.array([read(cell) for cell in _filled(column)], dtype=object)


DECLARED = {
    "double": lambda column: pandas.Series(_numbers(column), column.index),
    "string": lambda column: column.astype(object),
}

READERS = {
    "number": _numbers,
    "boolean": _booleans,
    "date": _dates,
    "category": _texts,
    "text": _texts,
}
