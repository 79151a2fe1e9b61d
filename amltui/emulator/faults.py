"""Things going wrong on purpose: a plan by operation, used up and accounted for."""

from __future__ import annotations

import asyncio
import difflib
import json
import tomllib
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from starlette.responses import HTMLResponse, Response

from amltui.emulator.http import errors

HTML = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
_CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}'
_SAID = {
    "403": (
        "AuthorizationFailed",
        "The client 'kim@contoso.com' does not have authorization to perform this action"
        " over the scope, or the scope is invalid.",
    ),
    "404": ("ResourceNotFound", "The Resource was not found."),
    "409": ("Conflict", "Another operation on the resource is in progress."),
    "429": ("TooManyRequests", "The request is being throttled."),
    "500": ("InternalServerError", "An internal error occurred."),
    "503": ("ServiceUnavailable", "The service is temporarily unavailable."),
}
_SAID_BY_STORAGE = {
    "403": ("AuthorizationFailure", "This request is not authorized to perform this operation."),
    "404": ("BlobNotFound", "The specified blob does not exist."),
    "409": ("OperationNotAllowedOnBlob", "The operation is not allowed on this blob."),
    "429": ("TooManyRequests", "The request is being throttled."),
    "500": ("InternalError", "The server encountered an internal error."),
    "503": ("ServerBusy", "The server is busy."),
}
"""Storage has words of its own, and says them in XML."""
FAILS, HANGS = "operation-fails", "operation-hangs"
KINDS = {
    "401": "the token has expired",
    "claims": "401 with a claims challenge, as continuous access evaluation sends it",
    **{status: f"{code}, in ARM's envelope" for status, (code, _) in _SAID.items()},
    "html502": "502 with a page of nginx",
    "html504": "504 with a page of nginx",
    "truncated": "200 whose JSON breaks off",
    "reset": "the connection is cut without an answer",
    "slow": "the real answer, `seconds` late",
    "sas-expired": "403 as storage says it of an old link",
    FAILS: "accepted, and failed in the end",
    HANGS: "accepted, and never over",
}
"""Every way to fail, and what it looks like."""


class ConnectionReset(Exception):
    """The connection is to be cut without an answer."""


@dataclass
class Fault:
    """One way to fail, for so many calls of an operation."""

    operation: str
    """As in the table of routes: Compute_List; `*` is any."""
    kind: str
    times: int | None = 1
    """How many calls meet it; None is all of them."""
    every: int = 1
    """Only each so-manieth call meets it."""
    after: int = 0
    """So many calls pass first."""
    path: str | None = None
    """What the path must hold, in any case: a subscription's id, a name."""
    retry_after: int | None = None
    seconds: float = 2.0
    """How slow a slow answer is."""
    message: str | None = None
    """Said instead of the usual words."""
    seen: int = 0
    """Calls that this fault was about."""
    met: int = 0
    """Calls that it befell."""

    def strikes(self, operation: str, path: str) -> bool:
        """Whether this call meets the fault; it is counted either way."""
        if self.operation not in {operation, "*"}:
            return False
        if self.path is not None and self.path.lower() not in path.lower():
            return False
        self.seen += 1
        if self.times is not None and self.met >= self.times:
            return False
        turn = self.seen - self.after
        if turn <= 0 or turn % max(1, self.every):
            return False
        self.met += 1
        return True


@dataclass
class FaultPlan:
    """What is still to go wrong, and what has."""

    faults: list[Fault] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    """Every call that came, by operation."""
    operations: Collection[str] = ()
    """Those there are, by the table of routes; as long as it is empty, any name is taken."""

    def add(self, operation: str, kind: str, **options: Any) -> Fault:
        """Plan a fault; ValueError for a kind or an operation that does not exist."""
        if kind not in KINDS:
            raise ValueError(f"no fault is called {kind!r}: choose {', '.join(KINDS)}")
        if self.operations and operation not in self.operations and operation != "*":
            raise ValueError(f"no operation is called {operation!r}{self._near(operation)}")
        fault = Fault(operation, kind, **options)
        self.faults.append(fault)
        return fault

    def plan(self, told: Mapping[str, Any]) -> Fault:
        """A fault from a file or a request; ValueError in one sentence for what is none."""
        unknown = sorted(set(told) - _TELLABLE)
        if unknown:
            known = ", ".join(sorted(_TELLABLE))
            raise ValueError(f"a fault has no {unknown[0]!r}: it has {known}")
        if "kind" not in told:
            raise ValueError("a fault needs a kind")
        for name, kinds in _TYPES.items():
            if told.get(name) is not None and not isinstance(told[name], kinds):
                raise ValueError(f"a fault's {name} cannot be {told[name]!r}")
        return self.add(**{"operation": "*", **told})

    def _near(self, operation: str) -> str:
        """What may have been meant, however it was spelled."""
        spelled = {each.lower(): each for each in self.operations}
        found = difflib.get_close_matches(operation.lower(), spelled, 3, 0.6)
        if not found:
            return ": the README has a table of them, and `*` is any"
        return f": did you mean {' or '.join(spelled[each] for each in found)}?"

    def next(self, operation: str, path: str = "") -> Fault | None:
        """The fault that this call meets, used up by it."""
        self.calls[operation] += 1
        for fault in self.faults:
            if fault.strikes(operation, path):
                self.met[operation] += 1
                return fault
        return None

    def account(self) -> dict[str, Any]:
        """The plan, how much of it was met, and every call so far."""
        return {"faults": [asdict(fault) for fault in self.faults], "calls": dict(self.calls)}


_TELLABLE = {each.name for each in fields(Fault)} - {"seen", "met"}
_TYPES: dict[str, type | tuple[type, ...]] = {
    "operation": str,
    "kind": str,
    "times": int,
    "every": int,
    "after": int,
    "path": str,
    "retry_after": int,
    "seconds": (int, float),
    "message": str,
}


def read(file: Path) -> Iterable[Mapping[str, Any]]:
    """The plan of a file: `[[fault]]` tables in TOML, or a list in JSON.

    OSError where it cannot be read, ValueError where it holds something else.
    """
    text = file.read_text(encoding="utf-8")
    told = json.loads(text) if file.suffix == ".json" else tomllib.loads(text).get("fault")
    if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
        raise ValueError("it holds no list of faults: [[fault]] in TOML, or a list in JSON")
    return told


async def instead(fault: Fault, tenant: str, *, of_storage: bool = False) -> Response | None:
    """The answer that a fault gives; None where the real one follows, late or ill-fated."""
    match fault.kind:
        case "slow":
            await asyncio.sleep(fault.seconds)
            return None
        case "operation-fails" | "operation-hangs":
            return None
        case "reset":
            raise ConnectionReset
        case "html502" | "html504":
            return HTMLResponse(HTML, int(fault.kind.removeprefix("html")))
        case "truncated":
            return Response(b'{"value": [{"id": "/subscr', 200, media_type="application/json")
        case "sas-expired":
            message = "Server failed to authenticate the request."
            return errors.storage(403, "AuthenticationFailed", message, "Signature not valid.")
        case "401":
            said = fault.message or "The access token expiry has passed."
            return errors.unauthorized(tenant, "ExpiredAuthenticationToken", said)
        case "claims":
            claims = urlsafe_b64encode(_CLAIMS.encode()).decode().rstrip("=")
            said = fault.message or "Continuous access evaluation resulted in a challenge."
            return errors.unauthorized(
                tenant, "InvalidAuthenticationToken", said, "insufficient_claims", claims
            )
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    if of_storage:
        code, message = _SAID_BY_STORAGE[fault.kind]
        return errors.storage(int(fault.kind), code, fault.message or message, headers=headers)
    code, message = _SAID[fault.kind]
    return errors.gateway(int(fault.kind), code, fault.message or message, headers)
