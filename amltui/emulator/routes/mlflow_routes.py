"""Where MLflow's calls are found: under both versions of the service, and of MLflow's own API."""

from __future__ import annotations

from amltui.emulator.http.route import WORKSPACE, Handler, Plane, Route
from amltui.emulator.routes import (
    mlflow_artifacts,
    mlflow_experiments,
    mlflow_logged_models,
    mlflow_metrics,
    mlflow_models,
    mlflow_runs,
    mlflow_traces,
    mlflow_versions,
)
from amltui.emulator.routes.mlflow import answering, of_run

_Call = tuple[str, str, Handler]
_EXPERIMENTS: list[_Call] = [
    ("GET", "experiments/search", mlflow_experiments.search),
    ("POST", "experiments/search", mlflow_experiments.search),
    ("GET", "experiments/list", mlflow_experiments.search),
    ("GET", "experiments/get", mlflow_experiments.get),
    ("GET", "experiments/get-by-name", mlflow_experiments.get_by_name),
    ("POST", "experiments/create", mlflow_experiments.create),
    ("POST", "experiments/update", mlflow_experiments.update),
    ("POST", "experiments/delete", mlflow_experiments.delete),
    ("POST", "experiments/restore", mlflow_experiments.restore),
    ("POST", "experiments/set-experiment-tag", mlflow_experiments.set_tag),
    ("POST", "experiments/delete-experiment-tag", mlflow_experiments.delete_tag),
]
_RUNS: list[_Call] = [
    ("GET", "runs/get", of_run(mlflow_runs.get)),
    ("POST", "runs/search", mlflow_runs.search),
    ("POST", "runs/create", mlflow_runs.create),
    ("POST", "runs/update", of_run(mlflow_runs.update)),
    ("POST", "runs/delete", of_run(mlflow_runs.delete)),
    ("POST", "runs/restore", of_run(mlflow_runs.restore)),
    ("POST", "runs/log-metric", of_run(mlflow_metrics.log_metric, is_write=True)),
    ("POST", "runs/log-batch", of_run(mlflow_metrics.log_batch, is_write=True)),
    ("POST", "runs/log-parameter", of_run(mlflow_runs.log_parameter, is_write=True)),
    ("POST", "runs/set-tag", of_run(mlflow_runs.set_tag, is_write=True)),
    ("POST", "runs/delete-tag", of_run(mlflow_runs.delete_tag, is_write=True)),
    ("POST", "runs/log-model", of_run(mlflow_runs.log_model, is_write=True)),
    ("POST", "runs/log-inputs", of_run(mlflow_runs.log_inputs, is_write=True)),
    ("POST", "runs/outputs", of_run(mlflow_runs.log_outputs, is_write=True)),
    ("GET", "metrics/get-history", of_run(mlflow_metrics.history)),
    ("GET", "metrics/get-history-bulk", mlflow_metrics.bulk),
    ("GET", "metrics/get-history-bulk-interval", mlflow_metrics.bulk_interval),
    ("GET", "artifacts/list", of_run(mlflow_artifacts.listing)),
]
_REGISTRY: list[_Call] = [
    ("POST", "registered-models/create", mlflow_models.create),
    ("GET", "registered-models/get", mlflow_models.get),
    ("GET", "registered-models/search", mlflow_models.search),
    ("GET", "registered-models/list", mlflow_models.search),
    ("POST", "registered-models/rename", mlflow_models.rename),
    ("PATCH", "registered-models/update", mlflow_models.update),
    ("DELETE", "registered-models/delete", mlflow_models.delete),
    ("GET", "registered-models/get-latest-versions", mlflow_models.latest_versions),
    ("POST", "registered-models/get-latest-versions", mlflow_models.latest_versions),
    ("POST", "registered-models/set-tag", mlflow_models.set_tag),
    ("DELETE", "registered-models/delete-tag", mlflow_models.delete_tag),
    ("POST", "registered-models/alias", mlflow_models.set_alias),
    ("GET", "registered-models/alias", mlflow_models.get_by_alias),
    ("DELETE", "registered-models/alias", mlflow_models.delete_alias),
    ("POST", "model-versions/create", mlflow_versions.create),
    ("GET", "model-versions/get", mlflow_versions.get),
    ("GET", "model-versions/search", mlflow_versions.search),
    ("PATCH", "model-versions/update", mlflow_versions.update),
    ("DELETE", "model-versions/delete", mlflow_versions.delete),
    ("POST", "model-versions/transition-stage", mlflow_versions.transition_stage),
    ("GET", "model-versions/get-download-uri", mlflow_versions.download_uri),
    ("POST", "model-versions/set-tag", mlflow_versions.set_tag),
    ("DELETE", "model-versions/delete-tag", mlflow_versions.delete_tag),
]
_LOGGED = "logged-models/{model}"
_TRACE = "traces/{trace}"
_THREE: list[_Call] = [
    ("POST", "logged-models", mlflow_logged_models.create),
    ("POST", "logged-models/search", mlflow_logged_models.search),
    ("GET", _LOGGED, mlflow_logged_models.get),
    ("PATCH", _LOGGED, mlflow_logged_models.finalize),
    ("DELETE", _LOGGED, mlflow_logged_models.delete),
    ("PATCH", f"{_LOGGED}/tags", mlflow_logged_models.set_tags),
    ("DELETE", f"{_LOGGED}/tags/{{key}}", mlflow_logged_models.delete_tag),
    ("POST", f"{_LOGGED}/params", mlflow_logged_models.log_params),
    ("GET", f"{_LOGGED}/artifacts/directories", mlflow_logged_models.directories),
    ("POST", "traces", mlflow_traces.start),
    ("GET", "traces", mlflow_traces.search),
    ("POST", "traces/search", mlflow_traces.search),
    ("POST", "traces/delete-traces", mlflow_traces.delete),
    ("GET", _TRACE, mlflow_traces.get),
    ("GET", f"{_TRACE}/info", mlflow_traces.get),
    ("PATCH", _TRACE, mlflow_traces.end),
    ("PATCH", f"{_TRACE}/tags", mlflow_traces.set_tag),
    ("DELETE", f"{_TRACE}/tags", mlflow_traces.delete_tag),
]
_AZURE: list[_Call] = [
    ("POST", "runs/log-batch-async", of_run(mlflow_metrics.log_batch_async, is_write=True)),
    ("GET", "runs/get-run-data-status", of_run(mlflow_metrics.run_data_status)),
]
"""What only Azure's own plug-in asks for."""


def _operation(path: str) -> str:
    """`runs/log-metric` is Mlflow_RunsLogMetric."""
    plain = path.replace("{", "").replace("}", "")
    words = plain.replace("/", "-").replace("_", "-").split("-")
    return "Mlflow_" + "".join(word.title() for word in words)


def _routes(api: str, calls: list[_Call]) -> list[Route]:
    return [
        Route(
            method,
            f"/mlflow/{service}{WORKSPACE}/api/{api}/{path}",
            answering(handler),
            _operation(path),
            Plane.DATA,
        )
        for service in ("v1.0", "v2.0")
        for method, path, handler in calls
    ]


ROUTES = [
    *_routes("2.0/mlflow", [*_EXPERIMENTS, *_RUNS, *_REGISTRY, *_THREE]),
    *_routes("2.1/mlflow", [*_EXPERIMENTS, *_RUNS, *_REGISTRY]),
    *_routes("3.0/mlflow", _THREE),
    *_routes("2.0/preview/mlflow", _AZURE),
]
