"""What every operation of a storage account shares: permission, headers, and what is not there."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import md5
from uuid import uuid4

from starlette.responses import Response

from amltui.emulator.blobs import access, snapshots
from amltui.emulator.blobs.account import Account
from amltui.emulator.blobs.blob import Blob
from amltui.emulator.blobs.written import Key, Written
from amltui.emulator.http import errors
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.http.route import Handler, Plane, Route

ACCOUNT = "/{account}.blob.core.windows.net"
CONTAINER = f"{ACCOUNT}/{{container}}"
BLOB = f"{CONTAINER}/{{blob*}}"
VERSION = "2021-12-02"
_LEASES = {
    "LeaseAlreadyPresent": "There is already a lease present.",
    "LeaseIdMissing": "There is currently a lease on the resource and no lease ID was specified"
    " in the request.",
    "LeaseIdMismatchWithBlobOperation": "The lease ID specified did not match the lease ID for"
    " the blob.",
    "LeaseIdMismatchWithContainerOperation": "The lease ID specified did not match the lease ID"
    " for the container.",
    "LeaseIdMismatchWithLeaseOperation": "The lease ID specified did not match the lease ID for"
    " the resource with the specified lease operation.",
    "LeaseNotPresentWithBlobOperation": "There is currently no lease on the blob.",
    "LeaseNotPresentWithContainerOperation": "There is currently no lease on the container.",
    "LeaseNotPresentWithLeaseOperation": "There is currently no lease on the resource.",
    "LeaseLost": "A lease ID was specified, but the lease for the resource has expired.",
}
_METADATA_NAME = re.compile(r"[a-z_][a-z0-9_]*", re.IGNORECASE)
_SETTINGS = (
    "Content-Type",
    "Content-Encoding",
    "Content-Language",
    "Cache-Control",
    "Content-Disposition",
)


def operation(
    method: str,
    path: str,
    handler: Handler,
    name: str,
    may: str,
    *,
    by_account: bool = False,
    **asks: str,
) -> Route:
    """A route for callers who are granted one of the letters of `may`."""

    async def answer(call: Call) -> Response:
        response = access.refusal(call, may, by_account=by_account)
        if response is None:
            try:
                response = await _known(call, handler)
            except Refusal as refusal:
                response = refusal.response
        response.headers.update(_signature(call))
        return response

    return Route(method, path, answer, name, Plane.OPEN, asks)


async def _known(call: Call, handler: Handler) -> Response:
    if not account(call).is_there:
        raise refused(404, "ResourceNotFound", "The specified resource does not exist.")
    if call.query.get("comp") != "lease" and "container" in call.params:
        _heed_lease(call)
    response = await handler(call)
    is_whole = "snapshot" not in call.query
    if call.request.method == "DELETE" and response.status_code == 202 and is_whole:
        call.world.storage.leases.drop(_leased(call))
    return response


def _leased(call: Call) -> Key:
    """What a lease would be of: the blob of the path, or the container."""
    given = call.params
    return Key(given["account"].lower(), given["container"], given.get("blob", ""))


def _heed_lease(call: Call) -> None:
    """Refuse what the lease of another forbids; a container's lease keeps it from deletion only."""
    given = call.request.headers.get("x-ms-lease-id", "").lower()
    key, method = _leased(call), call.request.method
    held = call.world.storage.leases.get(key)
    what = "Blob" if key.name else "Container"
    holds = held is not None and held.holds(call.now)
    if not given:
        if holds and (method == "DELETE" or (method == "PUT" and key.name)):
            raise lease_refused(412, "LeaseIdMissing")
        return
    if held is None:
        raise lease_refused(412, f"LeaseNotPresentWith{what}Operation")
    if held.id != given:
        raise lease_refused(412, f"LeaseIdMismatchWith{what}Operation")
    if not holds:
        raise lease_refused(412, "LeaseLost")


def lease_refused(status: int, code: str) -> Refusal:
    return refused(status, code, _LEASES.get(code, "The lease does not allow this operation."))


def _signature(call: Call) -> dict[str, str]:
    asked = call.request.headers
    told = {
        "x-ms-version": asked.get("x-ms-version", VERSION),
        "x-ms-request-id": str(uuid4()),
    }
    if client := asked.get("x-ms-client-request-id"):
        told["x-ms-client-request-id"] = client
    return told


def account(call: Call) -> Account:
    """The account of the path, as it is now."""
    return Account(call.world, call.params["account"])


def key_of(call: Call) -> Key:
    """Where the blob of the path is; a 404 where there is no such container."""
    held = account(call)
    if held.container(call.params["container"]) is None:
        raise no_container()
    return Key(held.name, call.params["container"], call.params["blob"])


def asked_blob(call: Call) -> Blob:
    """The blob of the path."""
    key = key_of(call)
    stamp = call.query.get("snapshot")
    if stamp is None:
        found = account(call).get(key.container, key.name)
    elif call.request.method == "PUT" or not snapshots.is_stamp(stamp):
        raise bad_query("snapshot", stamp)
    else:
        found = snapshots.get(call.world.storage.blobs, key, stamp)
    if found is None:
        raise refused(404, "BlobNotFound", "The specified blob does not exist.")
    return found


def settled(call: Call, blob: Blob) -> Written:
    """A blob that is to be changed, as a client's: a computed one stays as it is now."""
    if blob.written is not None:
        return blob.written
    made = Written(key_of(call), blob.kind, blob.created, blob.modified, blob.etag)
    return call.world.storage.blobs.put(made, blob.read(0, blob.size))


def refused(status: int, code: str, message: str, detail: str | None = None) -> Refusal:
    """To be raised: an error as storage writes it."""
    return Refusal(errors.storage(status, code, message, detail))


def no_container() -> Refusal:
    return refused(404, "ContainerNotFound", "The specified container does not exist.")


def bad_query(name: str, text: str) -> Refusal:
    message = "Value for one of the query parameters specified in the request URI is invalid."
    return refused(400, "InvalidQueryParameterValue", message, f"{name}={text}")


def bad_header(name: str) -> Refusal:
    message = "The value for one of the HTTP headers is not in the correct format."
    return refused(400, "InvalidHeaderValue", message, name)


def metadata_of(headers: Mapping[str, str]) -> dict[str, str]:
    """The `x-ms-meta-…` of a request; a 400 for a name that is none."""
    prefix = "x-ms-meta-"
    found = {
        name.removeprefix(prefix): text for name, text in headers.items() if name[:10] == prefix
    }
    if any(not _METADATA_NAME.fullmatch(name) for name in found):
        message = "The metadata specified is invalid. It has characters that are not permitted."
        raise refused(400, "InvalidMetadata", message)
    return found


def settings_of(headers: Mapping[str, str], *, plain: bool = False) -> dict[str, str]:
    """How a blob is to be served: from `x-ms-blob-…`, and where `plain` from HTTP's own, too."""
    found = {}
    for name in _SETTINGS:
        text = headers.get(f"x-ms-blob-{name}".lower())
        if text is None and plain:
            text = headers.get(name.lower())
        if text:
            found[name] = text
    return found


def number(text: str) -> int | None:
    """A whole number of a sensible length; None for anything else."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def hashed(data: bytes) -> str:
    """The MD5 of some bytes as Content-MD5 has it."""
    return b64encode(md5(data, usedforsecurity=False).digest()).decode()
