"""What is at an MLflow server, all of it, as JSON.

    state.py URL
"""

import json
import sys

import mlflow

client = mlflow.MlflowClient(sys.argv[1])


def files(run, path=None):
    found = {}
    for file in client.list_artifacts(run, path):
        found.update(files(run, file.path) if file.is_dir else {file.path: file.file_size})
    return found


def run_of(run):
    run = client.get_run(run.info.run_id)
    history = {key: client.get_metric_history(run.info.run_id, key) for key in run.data.metrics}
    points = {
        key: sorted([point.step, point.timestamp, repr(point.value)] for point in points)
        for key, points in history.items()
    }
    inputs = [
        [one.dataset.name, one.dataset.digest, one.dataset.schema, one.dataset.profile, one.tags[0].value]
        for one in run.inputs.dataset_inputs
    ]
    info = run.info
    return {
        "id": info.run_id,
        "name": info.run_name,
        "status": info.status,
        "times": [info.start_time, info.end_time],
        "params": run.data.params,
        "tags": run.data.tags,
        "metrics": points,
        "inputs": sorted(inputs),
        "files": files(info.run_id),
    }


def version_of(version):
    return {
        "version": version.version,
        "run": version.run_id,
        "source": version.source,
        "description": version.description,
        "tags": version.tags,
        "updated": version.last_updated_timestamp,
    }


state = {"experiments": {}, "models": {}}
for experiment in client.search_experiments():
    runs = client.search_runs([experiment.experiment_id], max_results=1000)
    state["experiments"][experiment.name] = sorted(map(run_of, runs), key=lambda run: run["id"])
for model in client.search_registered_models():
    versions = client.search_model_versions(f"name = '{model.name}'")
    state["models"][model.name] = {
        "description": model.description,
        "aliases": model.aliases,
        "versions": sorted(map(version_of, versions), key=lambda version: int(version["version"])),
    }
print(json.dumps(state))
