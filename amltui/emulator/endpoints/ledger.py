"""The requests that clients sent to deployments: counted, and kept for logs and metrics."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from amltui.emulator.state import Save, save_nothing

TABLE = "requests"


@dataclass(frozen=True)
class Served:
    """One request, as the access log tells of it."""

    time: float
    status: int
    milliseconds: float
    size: int = 0
    """Bytes of the answer."""
    path: str = "/score"


@dataclass
class Ledger:
    """Every request of the world, by the deployment's id in lower case, oldest first."""

    save: Save = save_nothing
    in_flight: Counter[str] = field(default_factory=Counter)
    """How many a deployment is working on at this moment."""
    _served: dict[str, list[Served]] = field(default_factory=lambda: defaultdict(list))

    def add(self, deployment: str, served: Served) -> None:
        known = self._served[deployment.lower()]
        known.append(served)
        key = f"{deployment.lower()}/{len(known):09d}"
        self.save(TABLE, key, {"deployment": deployment.lower(), **asdict(served)})

    def count(self, deployment: str) -> int:
        return len(self._served.get(deployment.lower(), ()))

    def between(self, deployment: str, start: float, end: float) -> list[Served]:
        """Those from a moment on, up to but without another."""
        known = self._served.get(deployment.lower(), [])
        first = bisect_left(known, start, key=lambda each: each.time)
        last = bisect_left(known, end, key=lambda each: each.time)
        return known[first:last]

    def last(self, deployment: str, most: int) -> list[Served]:
        return self._served.get(deployment.lower(), [])[-most:] if most else []

    def restore(self, value: Mapping[str, Any]) -> None:
        """Take back what was saved."""
        rest = {name: each for name, each in value.items() if name != "deployment"}
        self._served[value["deployment"]].append(Served(**rest))
