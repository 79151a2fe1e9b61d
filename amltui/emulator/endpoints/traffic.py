"""How an endpoint's requests are split among its deployments."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from amltui.emulator.http.asked import Malformed, mapping, whole

MOST_MIRRORED = 50


def split(value: Any, deployments: Collection[str]) -> dict[str, int]:
    """Percentages by deployment, which sum to 0 or 100; Malformed otherwise."""
    found = _percentages(value, "traffic", deployments)
    total = sum(found.values())
    if total not in {0, 100}:
        raise Malformed(f"The sum of the traffic rules must be 0 or 100; it is {total}.")
    return found


def mirrored(value: Any, deployments: Collection[str]) -> dict[str, int]:
    """At most half of the requests, to one deployment; Malformed otherwise."""
    found = _percentages(value, "mirrorTraffic", deployments)
    used = {name: share for name, share in found.items() if share}
    if len(used) > 1:
        raise Malformed("Traffic can be mirrored to one deployment only.")
    if sum(used.values()) > MOST_MIRRORED:
        raise Malformed(f"At most {MOST_MIRRORED} percent of the traffic can be mirrored.")
    return found


def _percentages(value: Any, name: str, deployments: Collection[str]) -> dict[str, int]:
    spelled = {each.lower(): each for each in deployments}
    found: dict[str, int] = {}
    for key, each in mapping(value, name).items():
        share = whole(each, f"{name}.{key}")
        if share > 100:
            raise Malformed(f"The field {name}.{key} must be at most 100.")
        if key.lower() not in spelled:
            raise Malformed(f"The deployment {key} in {name} does not exist.")
        found[spelled[key.lower()]] = share
    return found


def chosen(shares: Mapping[str, int], chance: float) -> str | None:
    """The deployment that a request goes to, by a chance in [0, 1); None without traffic."""
    left = chance * sum(shares.values())
    for name, share in shares.items():
        left -= share
        if left < 0:
            return name
    return None
