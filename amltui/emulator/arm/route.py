"""A route of the Resource Manager side, and what its handler is given."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from amltui.emulator import errors
from amltui.emulator.arm.places import Subscription, Workspace
from amltui.emulator.routes.paging import position, token
from amltui.emulator.world import World


@dataclass(frozen=True)
class Ask:
    """One request, and the world it asks about."""

    world: World
    request: Request
    base: str
    """Scheme and host that the client used: every link in the answer starts with it."""
    params: Mapping[str, str]

    @property
    def query(self) -> Mapping[str, str]:
        """Query parameters by lower-case name."""
        return {name.lower(): value for name, value in self.request.query_params.items()}

    async def body(self) -> dict[str, Any]:
        """The JSON object of the request; empty where there is none, or another value."""
        data = await self.request.body()
        value = json.loads(data) if data.strip() else {}
        return value if isinstance(value, dict) else {}

    def subscription(self) -> Subscription | None:
        wanted = self.params["sub"].lower()
        return next((s for s in self.world.subscriptions if s.id.lower() == wanted), None)

    def workspace(self) -> Workspace | None:
        sub, group, name = (self.params[part].lower() for part in ("sub", "rg", "ws"))
        found = (place for place in self.world.workspaces.values() if place.name.lower() == name)
        return next(
            (p for p in found if (p.subscription.id.lower(), p.group.lower()) == (sub, group)), None
        )

    def no_workspace(self) -> Response:
        message = (
            f"The Resource 'Microsoft.MachineLearningServices/workspaces/{self.params['ws']}'"
            f" under resource group '{self.params['rg']}' was not found."
        )
        return errors.gateway(404, "ResourceNotFound", message)

    def listing(self, bodies: Sequence[dict[str, Any]], array: str = "value") -> Response:
        """A page of an ARM list. `nextLink` is opaque, absolute, and absent on the last page."""
        start = position(self.query.get("$skiptoken") or self.query.get("$skip")) or 0
        stop = int(start) + self.world.page_size
        answer: dict[str, Any] = {array: list(bodies[int(start) : stop])}
        if stop < len(bodies):
            version = self.query.get("api-version", "")
            answer["nextLink"] = (
                f"{self.base}{self.request.url.path}?api-version={version}&$skipToken={token(stop)}"
            )
        return JSONResponse(answer)


Handler = Callable[[Ask], Awaitable[Response]]


@dataclass(frozen=True)
class Route:
    """A handler, its path with `{names}`, and the operation's name in Azure's own description."""

    method: str
    path: str
    handler: Handler
    operation: str
    open: bool = False
    """Answers without a token."""

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """The named parts of a path that means this route, in whatever casing."""
        if method != self.method:
            return None
        found = _pattern(self.path).fullmatch(path)
        return found and {name: unquote(value) for name, value in found.groupdict().items()}


_PATTERNS: dict[str, re.Pattern[str]] = {}


def _pattern(path: str) -> re.Pattern[str]:
    if path not in _PATTERNS:
        pieces = re.split(r"\{(\w+)\}", path)
        text = "".join(
            f"(?P<{piece}>[^/]+)" if place % 2 else re.escape(piece)
            for place, piece in enumerate(pieces)
        )
        _PATTERNS[path] = re.compile(text + "/?", re.IGNORECASE)
    return _PATTERNS[path]
