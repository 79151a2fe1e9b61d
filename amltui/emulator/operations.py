"""Long-running operations: what is accepted now and over later. Their state follows from the clock.

Each part of Azure ML has its own addresses and words for them (api-version apart):
computes and workspaces say InProgress, the front end of jobs and endpoints says what it is doing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from amltui.emulator.jobs.wiretime import iso
from amltui.emulator.places import PROVIDER
from amltui.emulator.state import Save, save_nothing

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

TABLE = "operations"


class Style(Enum):
    """Whose operation it is: the name of its addresses."""

    COMPUTE = "compute"
    WORKSPACE = "workspace"
    FRONT_END = "mfe"
    REGISTRY = "registry"
    RESOURCES = "resources"
    """Resource Manager itself."""


_ONE_ADDRESS = {Style.WORKSPACE.value, Style.REGISTRY.value}
"""Whose status and result are asked for at one address, apart by `type`."""


@dataclass(frozen=True)
class Operation:
    """One operation, from its acceptance to its end."""

    id: str
    style: str
    began: float
    takes: float
    word: str = "InProgress"
    """Its status until it is over: the front end says Creating, Updating or Deleting."""
    error: str | None = None
    """Why it fails; None if it does not."""
    result: Any = None
    """What its Location answers in the end."""

    def is_over(self, now: float) -> bool:
        return now >= self.began + self.takes

    def status(self, now: float) -> dict[str, Any]:
        """As `…OperationsStatus` writes it, always with 200."""
        told: dict[str, Any] = {"id": self.id, "name": self.id, "startTime": iso(self.began)}
        if not self.is_over(now):
            # Endpoints say Updating, and how far they are: never anywhere until they are there.
            far = {"percentComplete": 0.0} if self.word == "Updating" else {}
            return {**told, **far, "status": self.word}
        told["endTime"] = iso(self.began + self.takes)
        if self.error is None:
            return {**told, "status": "Succeeded", "percentComplete": 100.0}
        error = {"code": "UserError", "message": self.error, "details": [], "additionalInfo": []}
        return {**told, "status": "Failed", "error": error}

    def outcome(self, now: float) -> Response:
        """As its Location answers: 202 until it is over."""
        if not self.is_over(now):
            return JSONResponse({}, 202)
        if self.error is not None:
            error = {"code": "UserError", "message": self.error, "details": []}
            return JSONResponse({"error": error}, 400)
        return JSONResponse(self.result) if self.result is not None else Response(status_code=200)


@dataclass
class Operations:
    """Every operation that was ever begun."""

    save: Save = save_nothing
    _known: dict[str, Operation] = field(default_factory=dict)

    def get(self, id: str) -> Operation | None:  # noqa: A002
        return self._known.get(id.lower())

    def put(self, operation: Operation) -> Operation:
        self._known[operation.id.lower()] = operation
        self.save(TABLE, operation.id.lower(), asdict(operation))
        return operation

    def restore(self, value: Mapping[str, Any]) -> None:
        self._known[value["id"].lower()] = Operation(**value)


def begin(
    call: Call,
    style: Style,
    takes: float,
    *,
    kind: str = "",
    word: str = "InProgress",
    error: str | None = None,
    result: Any = None,
) -> Operation:
    """Accept an operation now. `kind` is the front end's name for it: `oe`, `od`, `be`, `s` …"""
    takes, error = call.fate(takes, error)
    known = f"{kind}:{call.workspace.guid}:{uuid4()}" if kind else str(uuid4())
    return call.world.operations.put(
        Operation(known, style.value, call.now, takes, word, error, result)
    )


def status_url(call: Call, operation: Operation, location: str) -> str:
    """Where its status is asked for."""
    asked = "&service=new" if operation.style == Style.COMPUTE.value else ""
    if operation.style in _ONE_ADDRESS:
        asked = "&type=async"
    return _url(call, operation, location, "OperationsStatus", asked)


def result_url(call: Call, operation: Operation, location: str) -> str:
    """Where its result is asked for: 202 until it is over."""
    if operation.style in _ONE_ADDRESS:
        return _url(call, operation, location, "OperationsStatus", "&type=location")
    return _url(call, operation, location, "OperationResults", "")


def _url(call: Call, operation: Operation, location: str, address: str, asked: str) -> str:
    return (
        f"{call.base}/subscriptions/{call.params['sub']}/providers/{PROVIDER}/locations/{location}"
        f"/{operation.style}{address}/{operation.id}?api-version={call.version}{asked}"
    )


def following(call: Call, operation: Operation, location: str) -> dict[str, str]:
    """The headers that lead to an operation which changes no resource that is there already.

    Computes give the status only; the others its result, too.
    """
    headers = {"Azure-AsyncOperation": status_url(call, operation, location), **hint(call)}
    if operation.style != Style.COMPUTE.value:
        headers["Location"] = result_url(call, operation, location)
    if operation.style == Style.FRONT_END.value:
        headers["x-ms-async-operation-timeout"] = "PT30M"
    return headers


def result_only(call: Call, operation: Operation) -> dict[str, str]:
    """The headers of what Resource Manager itself does: a Location, and nothing else."""
    address = f"{call.base}/subscriptions/{call.params['sub']}/operationresults/{operation.id}"
    return {"Location": f"{address}?api-version={call.version}", **hint(call)}


def creating(call: Call, operation: Operation, location: str, id: str) -> dict[str, str]:  # noqa: A002
    """The headers of a PUT: the status, and the resource itself as the result."""
    headers = following(call, operation, location)
    if operation.style != Style.COMPUTE.value:
        headers["Location"] = f"{call.base}{id}?api-version={call.version}"
    return headers


def hint(call: Call) -> dict[str, str]:
    """`Retry-After`, which Azure documents and no recorded answer carries.

    Without it Microsoft's clients look every 30 seconds only, so it is sent unless told otherwise.
    It has whole seconds only: parts of one are told as other services of Azure do.
    """
    seconds = call.world.retry_after
    if not seconds:
        return {}
    if seconds % 1:
        return {"x-ms-retry-after-ms": f"{seconds * 1000:.0f}"}
    return {"Retry-After": f"{seconds:.0f}"}
