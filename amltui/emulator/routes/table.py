"""Which route a path means. Azure's paths are case-insensitive and come in every case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from amltui.emulator.routes import (
    artifacts,
    jobs,
    metrics,
    mlflow_routes,
    models,
    online_endpoints,
    run_history,
)
from amltui.emulator.routes.call import WorkspaceRoute

_WORKSPACE = (
    r"(?P<workspace_id>/subscriptions/[^/]+/resourcegroups/[^/]+"
    r"/providers/microsoft\.machinelearningservices/workspaces/[^/]+)"
)
ROUTES: list[WorkspaceRoute] = [
    *jobs.ROUTES,
    *run_history.ROUTES,
    *metrics.ROUTES,
    *artifacts.ROUTES,
    *mlflow_routes.ROUTES,
    *models.ROUTES,
    *online_endpoints.ROUTES,
]


@dataclass(frozen=True)
class Match:
    """A route, and what the path says."""

    route: WorkspaceRoute
    workspace: str
    """The workspace's id as the caller spelled it."""
    params: dict[str, str]


def _pattern(route: WorkspaceRoute) -> re.Pattern[str]:
    pieces = re.split(r"\{(\w+)\}", route.path)
    text = "".join(
        f"(?P<{piece}>[^/:]+)" if place % 2 else re.escape(piece)
        for place, piece in enumerate(pieces)
    )
    return re.compile(re.escape(route.prefix) + _WORKSPACE + text + "/?", re.IGNORECASE)


_PATTERNS = [(_pattern(route), route) for route in ROUTES]


def match(method: str, path: str) -> Match | None:
    """The route of a method and a path that is still percent-encoded."""
    for pattern, route in _PATTERNS:
        found = pattern.fullmatch(path) if route.method == method else None
        if found is not None:
            params = {name: unquote(value) for name, value in found.groupdict().items()}
            return Match(route, params.pop("workspace_id"), params)
    return None
