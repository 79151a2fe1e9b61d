"""Leases of blobs and containers: acquired, renewed, changed, released, broken."""

from __future__ import annotations

from uuid import UUID

from starlette.responses import Response

from amltui.emulator.blobs import conditions
from amltui.emulator.blobs.blob import moment
from amltui.emulator.blobs.leases import INFINITE, LONGEST_BREAK, Refused
from amltui.emulator.blobs.written import Key
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.routes.storage import (
    BLOB,
    CONTAINER,
    account,
    asked_blob,
    bad_header,
    key_of,
    lease_refused,
    no_container,
    operation,
    refused,
    settled,
)

_DONE = {"acquire": 201, "renew": 200, "change": 200, "release": 200, "break": 202}


async def of_blob(call: Call) -> Response:
    blob, key = asked_blob(call), key_of(call)
    if (unwritten := conditions.unwritten(call.request.headers, blob)) is not None:
        return unwritten
    settled(call, blob)  # a computed file does not change while somebody has it to himself
    return _done(call, key, {"ETag": f'"{blob.etag}"', "Last-Modified": moment(blob.modified)})


async def of_container(call: Call) -> Response:
    held = account(call)
    found = held.container(call.params["container"])
    if found is None:
        raise no_container()
    told = {"ETag": f'"{found.etag}"', "Last-Modified": moment(found.modified)}
    return _done(call, Key(held.name, found.name, ""), told)


def _done(call: Call, key: Key, told: dict[str, str]) -> Response:
    leases, headers, now = call.world.storage.leases, call.request.headers, call.now
    if "x-ms-lease-action" not in headers:
        raise _missing("x-ms-lease-action")
    action = headers["x-ms-lease-action"].lower()
    if action not in _DONE:
        raise bad_header("x-ms-lease-action")
    try:
        match action:
            case "acquire":
                wanted = _identity(call, "x-ms-proposed-lease-id", is_needed=False)
                lease = leases.acquire(key, wanted, _seconds(call), now)
                told["x-ms-lease-id"] = lease.id
            case "renew":
                told["x-ms-lease-id"] = leases.renew(key, _given(call), now).id
            case "change":
                wanted = _identity(call, "x-ms-proposed-lease-id") or ""
                told["x-ms-lease-id"] = leases.change(key, _given(call), wanted, now).id
            case "release":
                leases.release(key, _given(call))
            case _:
                told["x-ms-lease-time"] = str(leases.end(key, _period(call), now))
    except Refused as error:
        raise lease_refused(409, str(error)) from error
    return Response(None, _DONE[action], told)


def _given(call: Call) -> str:
    return _identity(call, "x-ms-lease-id") or ""


def _identity(call: Call, name: str, *, is_needed: bool = True) -> str | None:
    """A lease id, as storage writes it; a 400 for what is none."""
    text = call.request.headers.get(name)
    if text is None:
        if is_needed:
            raise _missing(name)
        return None
    try:
        return str(UUID(text))
    except ValueError as error:
        raise bad_header(name) from error


def _missing(name: str) -> Refusal:
    message = "An HTTP header that's mandatory for this request is not specified."
    return refused(400, "MissingRequiredHeader", message, name)


def _seconds(call: Call) -> int:
    text = call.request.headers.get("x-ms-lease-duration", "")
    if text == "-1":
        return INFINITE
    if not text.isdecimal() or not 15 <= int(text[:9]) <= 60:
        raise bad_header("x-ms-lease-duration")
    return int(text)


def _period(call: Call) -> int | None:
    text = call.request.headers.get("x-ms-lease-break-period")
    if text is None:
        return None
    if not text.isdecimal() or int(text[:9]) > LONGEST_BREAK:
        raise bad_header("x-ms-lease-break-period")
    return int(text)


ROUTES = [
    operation("PUT", BLOB, of_blob, "Blobs_Lease", "w", comp="lease"),
    operation(
        "PUT",
        CONTAINER,
        of_container,
        "Containers_Lease",
        "w",
        by_account=True,
        restype="container",
        comp="lease",
    ),
]
