"""A route: a handler, its path, and who may call it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote

from starlette.responses import Response

from amltui.emulator.places import PROVIDER

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

SUBSCRIPTION = "/subscriptions/{sub}"
GROUP = f"{SUBSCRIPTION}/resourceGroups/{{rg}}"
REGION = f"{SUBSCRIPTION}/providers/{PROVIDER}/locations/{{location}}"
WORKSPACE = f"{GROUP}/providers/{PROVIDER}/workspaces/{{ws}}"
REGISTRY = f"{GROUP}/providers/{PROVIDER}/registries/{{reg}}"
FRONT_END = "/mferp/managementfrontend"
"""Where the front end of assets and jobs answers without ARM before it."""
HISTORY = f"/history/v1.0{WORKSPACE}"

Handler = Callable[["Call"], Awaitable[Response]]


class Plane(Enum):
    """What a call must show before its handler sees it."""

    ARM = "arm"
    """A token and an api-version."""
    DATA = "data"
    """A token."""
    OPEN = "open"
    """Nothing: sign-in, discovery, signed links and the emulator's own knobs."""


@dataclass(frozen=True)
class Route:
    """One operation of the service."""

    method: str
    path: str
    """With `{names}` for what may be anything; compared without regard to case."""
    handler: Handler
    operation: str
    """Its name in Azure's own description: Computes_List. Faults are planned by it."""
    plane: Plane = Plane.ARM
    asks: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Query parameters without which another operation is meant: `comp=block` of storage."""

    def is_asked(self, query: Mapping[str, str]) -> bool:
        """Whether a query (names in lower case) means this route."""
        return all(query.get(name, "").lower() == value for name, value in self.asks.items())

    def match(self, path: str) -> dict[str, str] | None:
        """The named parts of a path (still percent-encoded) that means this route."""
        found = self._pattern.fullmatch(path)
        return found and {name: unquote(value) for name, value in found.groupdict().items()}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        pieces = re.split(r"\{(\w+\*?)\}", self.path)
        text = "".join(_named(piece) if place % 2 else re.escape(piece)
                       for place, piece in enumerate(pieces))  # fmt: skip
        return re.compile(text + "/?", re.IGNORECASE)

    @property
    def segments(self) -> int | None:
        """How many parts its path has; None where the last one may hold slashes."""
        return None if self.path.endswith("*}") else self.path.count("/")


def _named(name: str) -> str:
    """`{name}` is one segment, `{name*}` all the rest."""
    return f"(?P<{name[:-1]}>.+)" if name.endswith("*") else f"(?P<{name}>[^/]+)"
