"""What endpoints and deployments have answered, how fast, and what their instances are doing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from amltui.emulator import vm_sizes
from amltui.emulator.endpoints import deployments, load
from amltui.emulator.endpoints.ledger import Ledger
from amltui.emulator.jobs import noise
from amltui.emulator.monitor.catalogue import Metric
from amltui.emulator.monitor.question import MINUTE, Question
from amltui.emulator.monitor.series import Series
from amltui.emulator.places import guid
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

_STATUSES = (200, 424, 429, load.UNHEALTHY)
_PERCENTILES = {"P50": 0.5, "P90": 0.9, "P95": 0.95, "P99": 0.99}
_BYTES = 900.0
"""Of a request and its answer."""


def of_endpoint(
    call: Call, endpoint: Resource, question: Question, metric: Metric
) -> Iterator[Series]:
    """A series for each deployment, and where requests are counted for each status."""
    held = call.world.resources.within(f"{endpoint.id}/deployments", call.now)
    for each in held:
        if metric.name == "RequestsPerMinute":
            yield from _requests(call.world.requests, endpoint, each, question)
        elif metric.name.startswith("RequestLatency"):
            labels = {"deployment": each.name}
            yield Series(labels, _latency(call.world.requests, endpoint, each, metric.name))
    if factor := _TRAFFIC.get(metric.name):
        yield Series({}, _traffic(call.world.requests, endpoint, held, factor))


def of_deployment(
    call: Call, endpoint: Resource, deployment: Resource, question: Question, metric: Metric
) -> Iterator[Series]:
    """A series for each instance; of requests for each status, and one of latencies."""
    ledger = call.world.requests
    if metric.name == "RequestsPerMinute":
        for each in _requests(ledger, endpoint, deployment, question):
            yield Series({"envoy_response_code": each.labels["statusCode"]}, each.at)
    elif metric.name.startswith("RequestLatency"):
        yield Series({}, _latency(ledger, endpoint, deployment, metric.name))
    else:
        for number in range(deployments.instances(deployment)):
            yield from _instance(ledger, endpoint, deployment, metric, number)


def _requests(
    ledger: Ledger, endpoint: Resource, deployment: Resource, question: Question
) -> Iterator[Series]:
    start, end = question.start * MINUTE, question.end * MINUTE
    sent: dict[int, Counter[int]] = {status: Counter() for status in _STATUSES}
    for each in ledger.between(deployment.id, start, end):
        sent.setdefault(each.status, Counter())[int(each.time // MINUTE)] += 1
    for status, minutes in sent.items():
        labels = {
            "deployment": deployment.name,
            "statusCode": str(status),
            "statusCodeClass": f"{status // 100}xx",
            "modelStatusCode": {200: "200", 424: "500"}.get(status, "0"),
        }
        if status != 200 and not minutes and not _may_fail(endpoint, deployment, status):
            continue
        yield Series(labels, _counting(endpoint, deployment, status, minutes))


def _may_fail(endpoint: Resource, deployment: Resource, status: int) -> bool:
    """Whether requests from elsewhere can end with that status."""
    if not endpoint.kept.get("rpm"):
        return False
    broken = load.ready_at(deployment) == float("inf")
    return (status == load.UNHEALTHY and broken) or (
        status == 424 and bool(deployment.kept.get("errors"))
    )


def _counting(
    endpoint: Resource, deployment: Resource, status: int, sent: Mapping[int, int]
) -> Callable[[int], float | None]:
    def at(minute: int) -> float | None:
        if (minute + 1) * MINUTE <= deployment.created:
            return None
        elsewhere = load.statuses(endpoint, deployment, minute).get(status, 0)
        return float(elsewhere + sent.get(minute, 0))

    return at


def _latency(
    ledger: Ledger, endpoint: Resource, deployment: Resource, name: str
) -> Callable[[int], float | None]:
    percentile = _PERCENTILES.get(name.rpartition("_")[2], 0.5)

    def at(minute: int) -> float | None:
        """None in a minute without an answer."""
        if load.statuses(endpoint, deployment, minute).get(200):
            middle = load.latency(deployment, minute, percentile)
            return middle if "_" in name else middle * 1.13
        sent = ledger.between(deployment.id, minute * MINUTE, (minute + 1) * MINUTE)
        took = sorted(each.milliseconds for each in sent if each.milliseconds)
        return took[min(len(took) - 1, int(percentile * len(took)))] if took else None

    return at


_TRAFFIC = {
    "ConnectionsActive": 1 / 30,
    "NewConnectionsPerSecond": 1 / 60,
    "NetworkBytes": _BYTES / 60,
    "DataCollectionEventsPerMinute": 0.0,
    "DataCollectionErrorsPerMinute": 0.0,
}
"""What one request a minute comes to."""


def _traffic(
    ledger: Ledger, endpoint: Resource, held: Sequence[Resource], factor: float
) -> Callable[[int], float | None]:
    def at(minute: int) -> float | None:
        return factor * sum(_load(ledger, endpoint, each, minute) for each in held)

    return at


def _load(ledger: Ledger, endpoint: Resource, deployment: Resource, minute: int) -> int:
    """Requests of a minute, from wherever they came."""
    sent = ledger.between(deployment.id, minute * MINUTE, (minute + 1) * MINUTE)
    return len(sent) + load.count(endpoint, deployment, minute)


def _instance(
    ledger: Ledger, endpoint: Resource, deployment: Resource, metric: Metric, number: int
) -> Iterator[Series]:
    size = vm_sizes.SIZES.get(str(deployment.properties.get("instanceType")).lower())
    if metric.name.startswith("Gpu") and not (size and size.gpus):
        return
    ready = load.ready_at(deployment)
    began = float(deployment.kept.get("started") or deployment.created)
    seed = noise.seeded(0, deployment.id.lower(), number, metric.name)
    labels = {"instanceId": f"{deployment.name}-{guid(deployment.id, str(number))[:8]}"}
    if metric.name == "DeploymentCapacity":
        # A machine whose container does not run is there, and paid for.
        for state in ("Ready", "NotReady"):
            lasts = (ready, math.inf) if state == "Ready" else (began, ready)
            yield Series({**labels, "State": state}, partial(_within, *lasts))
        return
    level, each, swing = _LEVELS[metric.name]
    own = noise.uniform(seed)

    def at(minute: int) -> float | None:
        if minute * MINUTE < began:
            return None
        busy = 0.0
        if minute * MINUTE >= ready:
            requests = _load(ledger, endpoint, deployment, minute)
            busy = requests / deployments.instances(deployment)
        value = level * (0.7 + 0.6 * own) + each * busy + swing * noise.bell(seed, minute)
        return round(max(0.0, value if metric.name == "GpuEnergyJoules" else min(value, 99.0)), 4)

    yield Series({**labels, "disk": "/dev/sda1"}, at)


def _within(start: float, end: float, minute: int) -> float | None:
    return 1.0 if start <= minute * MINUTE < end else None


_LEVELS = {
    "CpuUtilizationPercentage": (4.0, 0.35, 0.8),
    "CpuMemoryUtilizationPercentage": (31.0, 0.02, 0.4),
    "GpuUtilizationPercentage": (0.0, 0.6, 0.2),
    "GpuMemoryUtilizationPercentage": (38.0, 0.0, 0.1),
    "GpuEnergyJoules": (1800.0, 12.0, 40.0),
    "DiskUtilization": (22.0, 0.0, 0.05),
}
"""Without requests, for each request a minute, and how it wavers."""
