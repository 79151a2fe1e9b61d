"""Things going wrong on purpose: a plan by operation, used up and accounted for."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from starlette.responses import HTMLResponse, Response

from amltui.emulator.http import errors

HTML = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
KINDS = (
    "401",
    "403",
    "404",
    "409",
    "429",
    "500",
    "html502",
    "html504",
    "truncated",
    "slow",
    "reset",
)


class ConnectionReset(Exception):
    """The connection is to be cut without an answer."""


@dataclass
class Fault:
    """One way to fail, for so many calls of an operation."""

    operation: str
    """As in the table of routes: Computes_List; `*` is any."""
    kind: str
    times: int = 1
    retry_after: int | None = None
    seconds: float = 0.0
    """How slow a slow answer is."""
    met: int = 0


@dataclass
class FaultPlan:
    """What is still to go wrong, and what has."""

    faults: list[Fault] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    """Every call that came, by operation."""

    def add(self, operation: str, kind: str, **options: Any) -> Fault:
        """Plan a fault; ValueError for a kind that does not exist."""
        if kind not in KINDS:
            raise ValueError(f"no fault is called {kind!r}: choose {', '.join(KINDS)}")
        fault = Fault(operation, kind, **options)
        self.faults.append(fault)
        return fault

    def next(self, operation: str) -> Fault | None:
        """The fault that this call meets, used up by it."""
        self.calls[operation] += 1
        for fault in self.faults:
            if fault.operation in {operation, "*"} and fault.met < fault.times:
                fault.met += 1
                self.met[operation] += 1
                return fault
        return None

    def account(self) -> dict[str, Any]:
        return {"faults": [asdict(fault) for fault in self.faults], "calls": dict(self.calls)}


async def instead(fault: Fault, tenant: str) -> Response | None:
    """The answer that a fault gives; None where the real one follows, late."""
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
        return None
    if fault.kind == "reset":
        raise ConnectionReset
    if fault.kind.startswith("html"):
        return HTMLResponse(HTML, int(fault.kind.removeprefix("html")))
    if fault.kind == "truncated":
        return Response(b'{"value": [{"id": "/subscr', 200, media_type="application/json")
    status = int(fault.kind)
    if status == 401:
        return errors.unauthorized(
            tenant, "ExpiredAuthenticationToken", "The access token expiry has passed."
        )
    code, message = _SAID[status]
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    return errors.gateway(status, code, message, headers)


_SAID = {
    403: (
        "AuthorizationFailed",
        "The client 'kim@contoso.com' does not have authorization to perform this action"
        " over the scope, or the scope is invalid.",
    ),
    404: ("ResourceNotFound", "The Resource was not found."),
    409: ("Conflict", "Another operation on the resource is in progress."),
    429: ("TooManyRequests", "The request is being throttled."),
    500: ("InternalServerError", "An internal error occurred."),
}
