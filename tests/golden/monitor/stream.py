"""Makes stream.json: series, and where river's detectors find changes in them.

    pip install river==0.26.1
    python stream.py > stream.json
"""

import json

import numpy as np
from river import drift

rng = np.random.default_rng(11)


def normal(*parts):
    return np.concatenate([rng.normal(mean, std, n) for mean, std, n in parts])


def yes(*parts):
    return np.concatenate([(rng.random(n) < share).astype(float) for share, n in parts])


def found(detector, values):
    places = []
    for place, value in enumerate(values):
        detector.update(value)
        if detector.drift_detected:
            places.append(place)
    return places


series = {
    "quiet": normal((0, 1, 1500)),
    "one step": normal((0, 1, 800), (1.5, 1, 700)),
    "steps up and down": normal((0, 1, 500), (3, 1, 500), (-2, 1, 500), (0, 1, 500)),
    "a slow rise": rng.normal(0, 1, 1500) + np.linspace(0, 4, 1500),
    "errors become more": yes((0.1, 700), (0.4, 700)),
    "errors become fewer": yes((0.6, 700), (0.3, 500), (0.05, 500)),
    "wider, the same mean": normal((5, 1, 700), (5, 4, 700)),
    "large numbers": normal((1e6, 1e3, 600), (1.01e6, 1e3, 600)),
    "skewed": np.concatenate([rng.exponential(1, 700), rng.exponential(2.5, 700)]),
    "constant, then another": np.concatenate([np.full(300, 1.0), np.full(300, 4.0)]),
}
adwins = [
    {},
    {"delta": 0.05, "clock": 1},
    {"clock": 8, "maxBuckets": 2, "minWindowLength": 20, "gracePeriod": 100},
]
tests = [
    {},
    {"threshold": 10.0, "delta": 0.1, "minInstances": 50},
    {"mode": "up", "threshold": 20.0},
    {"mode": "down", "threshold": 20.0, "alpha": 0.99},
]


def snake(options):
    return {"".join("_" + c.lower() if c.isupper() else c for c in k): v for k, v in options.items()}


cases = []
for name, values in series.items():
    values = [float(f"{value:.5g}") for value in values]
    cases.append({
        "name": name,
        "values": values,
        "adwin": [{"options": o, "found": found(drift.ADWIN(**snake(o)), values)} for o in adwins],
        "pageHinkley": [{"options": o, "found": found(drift.PageHinkley(**snake(o)), values)} for o in tests],
    })
print(json.dumps(cases))
