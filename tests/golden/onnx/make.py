"""Small ONNX files of every kind that is imported, and what the libraries that trained them predict.

Run with the packages of tests/edge/onnx/requirements.txt; writes beside itself. The files are also what
tests change bytes of.
"""

import json
import pathlib
import warnings

import lightgbm
import numpy
import onnx
import pandas
import xgboost
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as ToolsFloats
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

warnings.filterwarnings("ignore")
here = pathlib.Path(__file__).parent
random = numpy.random.default_rng(3)
numpy.random.seed(3)
found = {}


def save(name, model, columns, predictions):
    onnx.save(model, here / f"{name}.onnx")
    values = numpy.asarray(predictions, dtype=float)
    found[name] = {"columns": columns, "predictions": values.reshape(-1).tolist()}


def predict(model, rows):
    return model.predict_proba(rows) if hasattr(model, "predict_proba") else model.predict(rows)


def plain(frame):
    columns = []
    for name in frame:
        cells = frame[name]
        missing = cells.isna() if cells.dtype == "float32" else cells.isnull()
        kept = [None if gone else cell for cell, gone in zip(cells.tolist(), missing)]
        columns.append(kept)
    return columns


values = random.normal(size=(300, 3)).astype(numpy.float32)
values[random.random(values.shape) < 0.1] = numpy.nan
values[:, 0] = numpy.floor(random.random(300) * 6)
score = values[:, 0] % 3 + numpy.nan_to_num(values) @ [0.0, 1.0, -1.0]
two, three = (score > 1).astype(int), numpy.digitize(score, [0.5, 1.5])
full, rows = numpy.nan_to_num(values), values[:12]
tools = [("input", ToolsFloats([None, 3]))]
types = [("input", FloatTensorType([None, 3]))]
frame = pandas.DataFrame(values)

boosted = lightgbm.LGBMClassifier(n_estimators=3, max_depth=3, verbose=-1, cat_smooth=1)
boosted.fit(values, two, categorical_feature=[0])
save("lightgbm-sets", convert_lightgbm(boosted, initial_types=tools), plain(frame[:12]), predict(boosted, rows))
boosted = xgboost.XGBClassifier(n_estimators=2, max_depth=2).fit(values, three)
save("xgboost-three", convert_xgboost(boosted, initial_types=tools), plain(frame[:12]), predict(boosted, rows))
frame = pandas.DataFrame(full)
boosted = GradientBoostingClassifier(n_estimators=3, max_depth=2).fit(full, two)
converted = convert_sklearn(boosted, initial_types=types)
save("boosting-two", converted, plain(frame[:12]), predict(boosted, full[:12]))
line = LinearRegression().fit(full, score)
save("linear", convert_sklearn(line, initial_types=types), plain(frame[:12]), predict(line, full[:12]))

frame = pandas.DataFrame({"a": values[:, 1], "b": values[:, 2]})
frame["job"] = random.choice(["clerk", "nurse", "päst"], 300)
one_hot = OneHotEncoder(handle_unknown="ignore")
ordinal = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
models = [("one-hot-linear", one_hot, LogisticRegression()), ("ordinal-forest", ordinal, RandomForestClassifier(3, max_depth=3))]
for name, encoder, model in models:
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    prepare = ColumnTransformer([("n", numbers, ["a", "b"]), ("c", encoder, ["job"])])
    model = make_pipeline(prepare, model).fit(frame, two)
    inputs = [("a", FloatTensorType([None, 1])), ("b", FloatTensorType([None, 1])), ("job", StringTensorType([None, 1]))]
    test = frame[:12].copy()
    test.loc[3, "job"] = "zebra"
    save(name, convert_sklearn(model, initial_types=inputs), plain(test), predict(model, test))

(here / "expected.json").write_text(json.dumps(found, indent=1).replace("\n   ", " ") + "\n")
