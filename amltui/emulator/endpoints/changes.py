"""Endpoints and deployments change over a while: each change is a long-running operation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import Response

from amltui.emulator import operations
from amltui.emulator.change import DELETING, Change
from amltui.emulator.http.asked import Malformed
from amltui.emulator.http.errors import Refusal
from amltui.emulator.operations import Operation, Style
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

WORD = "Updating"
"""What the status of such an operation says until it is over, whatever is done: as recorded."""


def settled(call: Call, resource: Resource) -> None:
    """Refuse to change what is already changing."""
    change = resource.change
    if change is None or change.is_over(call.now):
        return
    what = "deployment" if "/deployments/" in resource.id else "endpoint"
    message = (
        f"The {what} {resource.name} is in provisioning state {change.word}:"
        " another operation on it is in progress."
    )
    raise call.refused(409, message, "Conflict", "OperationInProgress", code="Conflict")


def begin(
    call: Call,
    resource: Resource,
    kind: str,
    word: str,
    takes: float,
    error: str | None = None,
) -> tuple[Resource, Operation]:
    """Keep a resource that is on its way. `kind` is the front end's: `oe`, `od`, `be`, `bd`."""
    begun = operations.begin(call, Style.FRONT_END, takes, kind=kind, word=WORD, error=error)
    changing = replace(
        resource,
        change=Change(word, call.now, begun.takes, begun.error),
        kept={**resource.kept, "operation": begun.id},
    )
    return call.world.resources.put(changing), begun


def delete(call: Call, resource: Resource, kind: str, takes: float) -> Response:
    """202 with `null`; what lies below goes the same way at the same time."""
    gone, begun = begin(call, resource, kind, DELETING, takes)
    for below in call.world.resources.within(f"{gone.id}/deployments", call.now):
        call.world.resources.put(replace(below, change=gone.change))
    return accepted(call, begun)


def accepted(call: Call, begun: Operation) -> Response:
    """202 with `null`, and where to look."""
    headers = operations.following(call, begun, call.workspace.location)
    return Response(b"null", 202, headers, "application/json; charset=utf-8")


def operation_link(call: Call, resource: Resource) -> dict[str, str]:
    """Among the properties: where the last operation can be followed, also after a restart."""
    known = resource.kept.get("operation")
    held = call.world.operations.get(known) if known else None
    if held is None:
        return {}
    link = operations.status_url(call, held, call.workspace.location)
    return {"AzureAsyncOperationUri": link}


def bad(call: Call, message: str, *inner: str) -> Refusal:
    """To be raised: what was asked for cannot be done."""
    return call.refused(400, message, "BadArgument", *(inner or ("ArgumentInvalid",)))


@contextmanager
def understood(call: Call) -> Iterator[None]:
    """Within it, a body that cannot be meant is refused."""
    try:
        yield
    except Malformed as error:
        raise bad(call, str(error)) from error
