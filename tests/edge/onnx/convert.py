"""Trains models with scikit-learn, LightGBM and XGBoost and converts them to ONNX.

    convert.py FOLDER

Writes a folder of each into FOLDER: `model.onnx`, `rows.csv` with rows that were not learned from, and
`expected.csv`, what the library that trained the model predicts for them: probabilities, or numbers.
"""

import pathlib
import sys
import warnings

import lightgbm
import numpy
import onnx
import pandas
import xgboost
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as ToolsFloats
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, PoissonRegressor, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

warnings.filterwarnings("ignore")
out = pathlib.Path(sys.argv[1])
random = numpy.random.default_rng(7)
# What scikit-learn draws from.
numpy.random.seed(7)

TRAIN, TEST = 600, 300
FEATURES = 6


def matrix(rows, gaps=0.0):
    """Numbers as floats have them, a grid of some so that thresholds are met exactly."""
    values = random.normal(size=(rows, FEATURES)).round(1).astype(numpy.float32)
    values[random.random(values.shape) < gaps] = numpy.nan
    return values


def targets(values):
    """Two classes, three classes, numbers and counts."""
    score = numpy.nan_to_num(values) @ [2.0, -1.0, 0.5, 0.0, 1.0, 0.0]
    score = score + numpy.sin(3 * numpy.nan_to_num(values[:, 3]))
    return {
        "two": (score > 0).astype(int),
        "three": numpy.digitize(score, [-1, 1]),
        "number": score,
        "count": random.poisson(numpy.exp(score / 4)),
    }


def save(name, model, rows, expected):
    folder = out / name
    folder.mkdir(parents=True)
    onnx.save(model, folder / "model.onnx")
    rows.to_csv(folder / "rows.csv", index=False)
    expected = numpy.asarray(expected, dtype=float)
    numpy.savetxt(folder / "expected.csv", expected.reshape(len(rows), -1), delimiter=",", fmt="%.17g")


def predictions(model, rows):
    return model.predict_proba(rows) if hasattr(model, "predict_proba") else model.predict(rows)


def numbers(values):
    """Named as `hedgerow import` names the columns of one input."""
    return pandas.DataFrame(values.astype(float), columns=[f"input_{i}" for i in range(FEATURES)])


def scikit_learn(name, model, target, gaps=0.0):
    values = matrix(TRAIN, gaps)
    model.fit(values, targets(values)[target])
    options = {"zipmap": False} if hasattr(model, "predict_proba") else None
    types = [("input", FloatTensorType([None, FEATURES]))]
    converted = convert_sklearn(model, initial_types=types, options=options)
    test = matrix(TEST, gaps)
    save(f"{name}-{target}", converted, numbers(test), predictions(model, test))


def others(name, convert, model, target, change=lambda values: values, **fit):
    values = change(matrix(TRAIN, 0.1))
    model.fit(values, targets(values)[target], **fit)
    converted = convert(model, initial_types=[("input", ToolsFloats([None, FEATURES]))])
    test = change(matrix(TEST, 0.1))
    save(f"{name}-{target}", converted, numbers(test), predictions(model, test))


def table(rows):
    """Behind a scaler rounding decides where a number goes that meets a threshold: here none does."""
    values = random.normal(size=(rows, 2)).astype(numpy.float32)
    values[random.random(values.shape) < 0.1] = numpy.nan
    frame = pandas.DataFrame({"a": values[:, 0], "b": values[:, 1]})
    frame["job"] = random.choice(["clerk", "nurse", "chef", "päst"], rows)
    frame["level"] = random.choice(["low", "middle", "high"], rows)
    frame["code"] = random.integers(3, 9, rows)
    return frame


def with_categories(name, encoder, model, categories=("job", "level")):
    """Columns of both kinds, and categories that are only in the rows that are predicted."""
    columns = ["a", "b", *categories]
    frame, test = table(TRAIN)[columns], table(TEST)[columns]
    hot = frame[categories[0]].isin(["chef", 5, 7])
    target = (numpy.nan_to_num(frame["a"]) + hot > 0.3).astype(int)
    fill = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    prepare = ColumnTransformer([("n", fill, ["a", "b"]), ("c", encoder, list(categories))])
    model = make_pipeline(prepare, model).fit(frame, target)
    kinds = {"a": FloatTensorType, "b": FloatTensorType, "code": Int64TensorType}
    types = [(column, kinds.get(column, StringTensorType)([None, 1])) for column in columns]
    converted = convert_sklearn(model, initial_types=types, options={"zipmap": False})
    if "job" in categories:
        test.loc[::7, "job"] = "zebra"
    save(name, converted, test.astype({"a": float, "b": float}), model.predict_proba(test))


def first_is_category(values):
    values[:, 0] = numpy.floor(random.random(len(values)) * 9)
    return values


for target in ("two", "three"):
    scikit_learn("decision-tree", DecisionTreeClassifier(max_depth=6), target)
    scikit_learn("random-forest", RandomForestClassifier(30), target)
    scikit_learn("extra-trees", ExtraTreesClassifier(20), target)
    scikit_learn("gradient-boosting", GradientBoostingClassifier(n_estimators=20), target)
    scikit_learn("hist-boosting", HistGradientBoostingClassifier(max_iter=20), target, 0.1)
    scikit_learn("logistic-regression", LogisticRegression(), target)
    steps = SimpleImputer(), StandardScaler(), LogisticRegression()
    scikit_learn("imputed-and-scaled", make_pipeline(*steps), target, 0.1)
    others("lightgbm", convert_lightgbm, lightgbm.LGBMClassifier(n_estimators=20, verbose=-1), target)
    others("xgboost", convert_xgboost, xgboost.XGBClassifier(n_estimators=20), target)
scikit_learn("decision-tree", DecisionTreeRegressor(max_depth=6), "number")
scikit_learn("random-forest", RandomForestRegressor(30), "number")
scikit_learn("gradient-boosting", GradientBoostingRegressor(n_estimators=20), "number")
scikit_learn("hist-boosting", HistGradientBoostingRegressor(max_iter=20), "number", 0.1)
scikit_learn("linear-regression", LinearRegression(), "number")
scikit_learn("scaled-ridge", make_pipeline(MinMaxScaler(), Ridge()), "number")
scikit_learn("poisson", make_pipeline(StandardScaler(), PoissonRegressor()), "count")
others("lightgbm", convert_lightgbm, lightgbm.LGBMRegressor(n_estimators=20, verbose=-1), "number")
others("xgboost", convert_xgboost, xgboost.XGBRegressor(n_estimators=20), "number")
others(
    "lightgbm-categories",
    convert_lightgbm,
    lightgbm.LGBMClassifier(n_estimators=20, verbose=-1, min_data_per_group=1, cat_smooth=1),
    "two",
    first_is_category,
    categorical_feature=[0],
)
one_hot = OneHotEncoder(handle_unknown="ignore")
ordinal = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
with_categories("one-hot-linear", one_hot, LogisticRegression())
with_categories("one-hot-forest", one_hot, RandomForestClassifier(20))
with_categories("ordinal-linear", ordinal, LogisticRegression())
with_categories("ordinal-forest", ordinal, RandomForestClassifier(20))
with_categories("numbered-one-hot", OneHotEncoder(), LogisticRegression(), ["code"])
with_categories("numbered-ordinal", OrdinalEncoder(), RandomForestClassifier(20), ["code", "level"])
