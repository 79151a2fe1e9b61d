"""Where MLflow's calls are found: under both versions of the service, and of MLflow's own API."""

from __future__ import annotations

from amltui.emulator.http.route import WORKSPACE, Handler, Plane, Route
from amltui.emulator.routes import mlflow

_CALLS: list[tuple[str, str, Handler]] = [
    ("GET", "experiments/search", mlflow.search_experiments),
    ("POST", "experiments/search", mlflow.search_experiments),
    ("GET", "experiments/list", mlflow.search_experiments),
    ("GET", "experiments/get", mlflow.get_experiment),
    ("GET", "experiments/get-by-name", mlflow.get_experiment_by_name),
    ("POST", "experiments/create", mlflow.create_experiment),
    ("GET", "runs/get", mlflow.of_run(mlflow.get_run)),
    ("POST", "runs/search", mlflow.search_runs),
    ("POST", "runs/create", mlflow.create_run),
    ("POST", "runs/update", mlflow.of_run(mlflow.update_run)),
    ("POST", "runs/log-metric", mlflow.of_run(mlflow.log_metric)),
    ("POST", "runs/log-batch", mlflow.of_run(mlflow.log_batch)),
    ("POST", "runs/log-parameter", mlflow.of_run(mlflow.log_parameter)),
    ("POST", "runs/set-tag", mlflow.of_run(mlflow.set_tag)),
    ("POST", "runs/delete-tag", mlflow.of_run(mlflow.delete_tag)),
    ("POST", "runs/delete", mlflow.of_run(mlflow.delete_run)),
    ("POST", "runs/restore", mlflow.of_run(mlflow.restore_run)),
    ("GET", "metrics/get-history", mlflow.of_run(mlflow.metric_history)),
    ("POST", "logged-models/search", mlflow.logged_models),
]


def _operation(path: str) -> str:
    """`runs/log-metric` is Mlflow_RunsLogMetric."""
    words = path.replace("/", "-").split("-")
    return "Mlflow_" + "".join(word.title() for word in words)


ROUTES = [
    Route(
        method,
        f"/mlflow/{service}{WORKSPACE}/api/{api}/mlflow/{path}",
        handler,
        _operation(path),
        Plane.DATA,
    )
    for service in ("v1.0", "v2.0")
    for api in ("2.0", "2.1")
    for method, path, handler in _CALLS
]
