"""The requests that a story's endpoints get from elsewhere: a pure function of the minute.

An endpoint keeps `rpm`, its requests per minute at noon; a deployment keeps `latency`, its median
in milliseconds. What clients of this service sent is in the ledger.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from amltui.emulator.endpoints.ledger import Served
from amltui.emulator.jobs import noise
from amltui.emulator.resources import Resource

MINUTE = 60.0
USUAL_LATENCY = 12.0
UNHEALTHY = 503
"""What the front of an endpoint answers where no instance is up."""
MOST_SPLITS = 50


def share(endpoint: Resource, deployment: str, moment: float) -> float:
    """The part of the traffic that a deployment had at a moment."""
    held: Mapping[str, int] = endpoint.properties.get("traffic") or {}
    for since, split in endpoint.kept.get("splits") or ():
        if since > moment:
            break
        held = split
    return held.get(deployment, 0) / 100


def resplit(endpoint: Resource, traffic: Mapping[str, int], now: float) -> list[list[Any]]:
    """What is kept of the traffic there was, with a new split from now on."""
    known = list(endpoint.kept.get("splits") or [[0.0, endpoint.properties.get("traffic") or {}]])
    if known[-1][1] != traffic:
        known.append([now, dict(traffic)])
    return known[-MOST_SPLITS:]


def ready_at(deployment: Resource) -> float:
    """When its container began to answer; never where it has not."""
    change = deployment.change
    if change is not None and change.error is not None:
        return math.inf
    started = float(deployment.kept.get("started") or deployment.created)
    return started + float(deployment.kept.get("rollout") or 0.0)


def count(endpoint: Resource, deployment: Resource, minute: int) -> int:
    """Requests from elsewhere in a minute since the epoch."""
    rate = _rate(endpoint, minute) * share(endpoint, deployment.name, minute * MINUTE)
    if rate <= 0 or minute * MINUTE < deployment.created:
        return 0
    return _drawn(rate, _seed(deployment), minute)


def latency(deployment: Resource, minute: int, percentile: float) -> float:
    """Milliseconds below which that share of a minute's requests stays."""
    middle = float(deployment.kept.get("latency") or USUAL_LATENCY)
    wobble = 1 + 0.08 * noise.bell(noise.seeded(_seed(deployment), "latency"), minute)
    # A log-normal tail: the 99th percentile is some three times the median.
    stretch = math.exp(0.5 * _QUANTILES[percentile])
    return round(middle * wobble * stretch, 3)


def requests(endpoint: Resource, deployment: Resource, minute: int) -> list[Served]:
    """The requests of a minute, oldest first."""
    seed = noise.seeded(_seed(deployment), minute)
    ready = ready_at(deployment)
    middle = float(deployment.kept.get("latency") or USUAL_LATENCY)
    amount = count(endpoint, deployment, minute)
    found = []
    for index in range(amount):
        moment = (minute + (index + noise.uniform(seed, index)) / amount) * MINUTE
        status = 200 if moment >= ready else UNHEALTHY
        if status == 200 and noise.uniform(seed, -index - 1) < _errors(deployment):
            status = 424
        took = middle * math.exp(0.5 * noise.bell(noise.seeded(seed, "ms"), index))
        found.append(Served(moment, status, round(took, 1), 60 + int(9 * took) % 1900))
    return found


def statuses(endpoint: Resource, deployment: Resource, minute: int) -> Mapping[int, int]:
    """How many requests of a minute got which status."""
    amount = count(endpoint, deployment, minute)
    if not amount:
        return {}
    if minute * MINUTE < ready_at(deployment):
        return {UNHEALTHY: amount}
    expected = amount * _errors(deployment)
    failed = min(amount, _drawn(expected, noise.seeded(_seed(deployment), "errors"), minute))
    return {code: each for code, each in ((200, amount - failed), (424, failed)) if each}


def newest_first(
    endpoint: Resource, deployment: Resource, since: float, now: float
) -> Iterator[Served]:
    """Requests from elsewhere, back to a moment."""
    if not endpoint.kept.get("rpm"):
        return
    for minute in range(int(now // MINUTE), int(since // MINUTE) - 1, -1):
        for each in reversed(requests(endpoint, deployment, minute)):
            if since <= each.time <= now:
                yield each


def _rate(endpoint: Resource, minute: int) -> float:
    """Less at night: the least at four in the morning, UTC."""
    hour = minute / 60 % 24
    return float(endpoint.kept.get("rpm") or 0.0) * (
        0.75 - 0.25 * math.cos((hour - 4) / 24 * math.tau)
    )


def _drawn(expected: float, seed: int, minute: int) -> int:
    """How often something has happened in a minute, in one draw however often that is."""
    if expected < 3:
        whole, part = divmod(expected, 1)
        return int(whole) + (noise.uniform(seed, minute) < part)
    return max(0, round(expected + math.sqrt(expected) * noise.bell(seed, minute)))


def _errors(deployment: Resource) -> float:
    """The share of its requests at which the model fails."""
    return float(deployment.kept.get("errors") or 0.0)


def _seed(deployment: Resource) -> int:
    return noise.seeded(0, deployment.id.lower())


_QUANTILES = {0.5: 0.0, 0.9: 1.2816, 0.95: 1.6449, 0.99: 2.3263}
