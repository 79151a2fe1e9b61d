"""Containers of a storage account, and what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from starlette.responses import Response

from amltui.emulator.blobs import snapshots, xml
from amltui.emulator.blobs.account import Account
from amltui.emulator.blobs.blob import FREE, Blob, moment
from amltui.emulator.blobs.containers import Container, is_name
from amltui.emulator.blobs.runs import LAST
from amltui.emulator.blobs.written import Key
from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import Handler, Route
from amltui.emulator.http.unhurried import unhurried
from amltui.emulator.routes.storage import (
    ACCOUNT,
    CONTAINER,
    account,
    bad_query,
    metadata_of,
    no_container,
    number,
    operation,
    refused,
)

MOST = 5000


async def list_blobs(call: Call) -> Response:
    """A page of names, in order; with a delimiter those that begin alike are one."""
    held, container = account(call), call.params["container"]
    if held.container(container) is None:
        raise no_container()
    prefix, delimiter = call.query.get("prefix", ""), call.query.get("delimiter", "")
    size = _size(call)
    start = max(prefix, _marker(call))
    names = islice(_names(held, container, prefix, delimiter, start), size + 1)
    found = [each async for each in unhurried(names, 10)]
    include = call.query.get("include", "").lower().split(",")
    following = _name(found[size]) if len(found) > size else ""
    asked = {"Prefix": prefix, "Marker": call.query.get("marker", "")}
    asked |= {"MaxResults": call.query.get("maxresults", ""), "Delimiter": delimiter}
    body = xml.blob_list(
        _endpoint(held),
        container,
        {name: text for name, text in asked.items() if text},
        _with_snapshots(held, container, found[:size]) if "snapshots" in include else found[:size],
        paging.token(following) if following else "",
        with_metadata="metadata" in include,
    )
    return Response(body, 200, {"Content-Type": "application/xml"})


def _with_snapshots(held: Account, container: str, found: list[Blob | str]) -> Iterator[Blob | str]:
    """Before each blob what it was, oldest first."""
    for each in found:
        if isinstance(each, Blob):
            key = Key(held.name, container, each.name)
            yield from snapshots.of(held.storage.blobs, key)
        yield each


async def list_containers(call: Call) -> Response:
    held, prefix, marker = account(call), call.query.get("prefix", ""), _marker(call)
    size = _size(call)
    named = [each for each in held.containers() if each.name.startswith(prefix)]
    found = [each for each in named if each.name >= marker]
    following = found[size].name if len(found) > size else ""
    asked = {"Prefix": prefix} if prefix else {}
    token = paging.token(following) if following else ""
    body = xml.container_list(_endpoint(held), asked, found[:size], token)
    return Response(body, 200, {"Content-Type": "application/xml"})


async def create(call: Call) -> Response:
    held, name = account(call), call.params["container"]
    if not is_name(name):
        message = "The specified resource name contains invalid characters."
        raise refused(400, "InvalidResourceName", message)
    if held.container(name) is not None:
        message = "The specified container already exists."
        raise refused(409, "ContainerAlreadyExists", message)
    given = metadata_of(call.request.headers)
    made = call.world.storage.containers.put(held.name, name, call.now, given)
    return Response(None, 201, _changed(made))


async def describe(call: Call) -> Response:
    found = _asked(call)
    lease = call.world.storage.leases.get(Key(account(call).name, found.name, ""))
    headers = {
        **_changed(found),
        **{f"x-ms-meta-{name}": text for name, text in found.metadata.items()},
        **(FREE if lease is None else lease.headers(call.now)),
        "x-ms-has-immutability-policy": "false",
        "x-ms-has-legal-hold": "false",
        "x-ms-default-encryption-scope": "$account-encryption-key",
        "x-ms-deny-encryption-scope-override": "false",
    }
    return Response(None, 200, headers)


async def set_metadata(call: Call) -> Response:
    held, found = account(call), _asked(call)
    given = metadata_of(call.request.headers)
    made = call.world.storage.containers.put(held.name, found.name, call.now, given)
    return Response(None, 200, _changed(made))


async def delete(call: Call) -> Response:
    """The containers of a workspace stay: without them it is broken for good."""
    held, found = account(call), _asked(call)
    if call.world.storage.containers.get(held.name, found.name) is None:
        message = "The container is in use by a workspace."
        raise refused(409, "OperationNotAllowedOnContainer", message)
    call.world.storage.containers.drop(held.name, found.name)
    call.world.storage.blobs.clear(held.name, found.name)
    snapshots.clear(call.world.storage.blobs, held.name, found.name)
    return Response(None, 202)


def _names(
    held: Account, container: str, prefix: str, delimiter: str, start: str
) -> Iterator[Blob | str]:
    """Blobs, and what several names have in common up to the delimiter, from a name on."""
    more = True
    while more:
        more = False
        for blob in held.walk(container, start, prefix + LAST):
            rest = blob.name.removeprefix(prefix)
            if not delimiter or delimiter not in rest:
                yield blob
                continue
            common = prefix + rest.partition(delimiter)[0] + delimiter
            yield common
            start, more = common + LAST, True
            break


def _asked(call: Call) -> Container:
    found = account(call).container(call.params["container"])
    if found is None:
        raise no_container()
    return found


def _name(item: Blob | str) -> str:
    return item if isinstance(item, str) else item.name


def _marker(call: Call) -> str:
    """The name at which the page begins."""
    text = call.query.get("marker")
    position = paging.position(text)
    if text and not isinstance(position, str):
        raise bad_query("marker", text)
    return position or ""


def _size(call: Call) -> int:
    text = call.query.get("maxresults") or str(MOST)
    size = number(text)
    if not size:
        message = "One of the query parameters specified in the request URI is out of range."
        raise refused(400, "OutOfRangeQueryParameterValue", message, f"maxresults={text}")
    return min(MOST, size)


def _endpoint(held: Account) -> str:
    return f"https://{held.name}.blob.core.windows.net/"


def _changed(found: Container) -> dict[str, str]:
    return {"ETag": f'"{found.etag}"', "Last-Modified": moment(found.modified)}


def _of_one(method: str, handler: Handler, name: str, may: str, **asks: str) -> Route:
    """An operation on a container itself, which no signature of one container opens."""
    return operation(
        method, CONTAINER, handler, name, may, by_account=True, restype="container", **asks
    )


ROUTES = [
    operation("GET", ACCOUNT, list_containers, "Containers_List", "l", comp="list"),
    operation("GET", CONTAINER, list_blobs, "Blobs_List", "l", restype="container", comp="list"),
    _of_one("PUT", create, "Containers_Create", "cw"),
    _of_one("PUT", set_metadata, "Containers_SetMetadata", "w", comp="metadata"),
    _of_one("GET", describe, "Containers_GetProperties", "r"),
    _of_one("HEAD", describe, "Containers_GetProperties", "r"),
    _of_one("DELETE", delete, "Containers_Delete", "d"),
]
