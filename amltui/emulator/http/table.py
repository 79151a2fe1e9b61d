"""Every operation of the service, and which one a request means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from amltui.emulator.http.route import Route
from amltui.emulator.routes import (
    activity,
    artifacts,
    assets,
    batch_deployments,
    batch_endpoints,
    batch_jobs,
    blob_containers,
    blob_leases,
    blob_tags,
    blob_writes,
    blobs,
    computes,
    connections,
    control,
    costs,
    datastores,
    deployments,
    experiments,
    generic,
    identity,
    instances,
    jobs,
    managed_network,
    marketplace_subscriptions,
    metric_writes,
    metrics,
    mlflow_routes,
    monitor,
    online_deployments,
    online_endpoints,
    operations,
    pending_uploads,
    private_endpoints,
    provider,
    regions,
    registries,
    registry_assets,
    resource_graph,
    resource_groups,
    run_events,
    run_history,
    run_queries,
    schedules,
    scoring,
    serverless_calls,
    serverless_endpoints,
    sign_in,
    subscriptions,
    workspace_checks,
    workspace_keys,
    workspaces,
)

ROUTES: tuple[Route, ...] = (
    *identity.ROUTES,
    *sign_in.ROUTES,
    *subscriptions.ROUTES,
    *provider.ROUTES,
    *resource_groups.ROUTES,
    *resource_graph.ROUTES,
    *workspaces.ROUTES,
    *workspace_keys.ROUTES,
    *workspace_checks.ROUTES,
    *managed_network.ROUTES,
    *private_endpoints.ROUTES,
    *connections.ROUTES,
    *regions.ROUTES,
    *computes.ROUTES,
    *instances.ROUTES,
    *operations.ROUTES,
    *jobs.ROUTES,
    *assets.ROUTES,
    *pending_uploads.ROUTES,
    *datastores.ROUTES,
    *registries.ROUTES,
    *registry_assets.ROUTES,
    *online_endpoints.ROUTES,
    *online_deployments.ROUTES,
    *experiments.ROUTES,
    *run_queries.ROUTES,
    *batch_endpoints.ROUTES,
    *batch_deployments.ROUTES,
    *batch_jobs.ROUTES,
    *serverless_endpoints.ROUTES,
    *marketplace_subscriptions.ROUTES,
    *scoring.ROUTES,
    *monitor.ROUTES,
    *activity.ROUTES,
    *costs.ROUTES,
    *serverless_calls.ROUTES,
    *run_history.ROUTES,
    *run_events.ROUTES,
    *schedules.ROUTES,
    *metrics.ROUTES,
    *metric_writes.ROUTES,
    *artifacts.ROUTES,
    *mlflow_routes.ROUTES,
    *blob_containers.ROUTES,
    *blob_leases.ROUTES,
    *blob_tags.ROUTES,
    *blob_writes.ROUTES,
    *blobs.ROUTES,
    *control.ROUTES,
    *deployments.ROUTES,
    *generic.ROUTES,
)

_NO_QUERY: Mapping[str, str] = {}


@dataclass(frozen=True)
class Match:
    """A route, and what the path says."""

    route: Route
    params: dict[str, str]


class Table:
    """Finds a route among those of the same method and length."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes: dict[tuple[str, int | None], list[Route]] = defaultdict(list)
        # Of routes with the same path, the one counts first that asks for more.
        for route in sorted(routes, key=lambda each: -len(each.asks)):
            self._routes[route.method, route.segments].append(route)

    def match(self, method: str, path: str, query: Mapping[str, str] = _NO_QUERY) -> Match | None:
        """The route of a method and a path that is still percent-encoded.

        `query` has its names in lower case.
        """
        segments = path.rstrip("/").count("/")
        for length in (segments, None):
            for route in self._routes.get((method, length), ()):
                params = route.match(path)
                if params is not None and route.is_asked(query):
                    return Match(route, params)
        return None


TABLE = Table(ROUTES)
OPERATIONS = frozenset(each.operation for each in ROUTES)
"""By Azure's names."""
