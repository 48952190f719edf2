"""Makes flights.json: what Evidently with its defaults says of the flights of July to December beside those of January
to June.

Evidently is told which columns are categories: what it would make of them by itself depends on how many values they
have, and a model says what each of its columns is. They are as `hedgerow train` reads the file: text, and the classes
to predict, are categories, all other columns are numbers. A number of few values gets the test that Evidently has for
such. Scores are rounded, as the order of sums over words is another every time.

    pip install evidently==0.7.23 "pandas<3"
    python flights.py > flights.json
"""

import json
from pathlib import Path

import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset

CATEGORIES = ["carrier", "origin", "dest", "delayed"]
TESTS = {"Wasserstein distance (normed)": "wasserstein", "Jensen-Shannon distance": "jensen_shannon"}

table = pd.read_csv(Path(__file__).parent / "flights.csv")
numbers = [name for name in table.columns if name not in (*CATEGORIES, "month")]
definition = DataDefinition(numerical_columns=numbers, categorical_columns=CATEGORIES)


def rows(months):
    chosen = table[table["month"].isin(months)].drop(columns="month")
    return Dataset.from_pandas(chosen, data_definition=definition)


def columns(month):
    """The columns in the report of a month, with Evidently's own verdict: a test that fails has found drift."""
    report = Report([DataDriftPreset()], include_tests=True).run(rows([month]), reference).dict()
    drifts = [metric for metric in report["metrics"] if metric["config"]["type"].endswith(":ValueDrift")]
    drifted = {
        test["metric_config"]["params"]["column"]: test["status"].value == "FAIL"
        for test in report["tests"]
        if test["id"] == "drift"
    }
    return [
        {
            "name": metric["config"]["column"],
            "test": TESTS[metric["config"]["method"]],
            "score": round(float(metric["value"]), 12),
            "threshold": metric["config"]["threshold"],
            "drifted": drifted[metric["config"]["column"]],
        }
        for metric in drifts
    ]


reference = rows(range(1, 7))
months = [{"month": month, "columns": columns(month)} for month in range(7, 13)]
print(json.dumps(months))
