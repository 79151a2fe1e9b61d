"""The storage account: files of runs behind signed links, whole or in ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import formatdate
from hashlib import sha256
from uuid import uuid4

from starlette.responses import Response

from amltui.emulator.blobs.run_files import modified, run_and_file, run_files
from amltui.emulator.http import errors
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import Plane, Route
from amltui.emulator.jobs.log_file import LogFile

_RANGE = re.compile(r"bytes=(\d*)-(\d*)$")


@dataclass(frozen=True)
class Blob:
    """A file as it is at a moment."""

    log: LogFile
    size: int
    modified: float
    etag: str


async def read(call: Call) -> Response:
    """A file, or the bytes of it that are asked for."""
    if "authorization" in call.request.headers:
        # A signed link with a token beside it: the caller leaks its token to a storage account.
        message = "An Authorization header was sent to a SAS URL."
        return errors.storage(400, "InvalidHeaderValue", message)
    account, path = call.params["account"], call.params["path"]
    refusal = call.world.signer.refusal(account, path, call.request.query_params, call.now, "r")
    if refusal is not None:
        return errors.storage(403, "AuthenticationFailed", _UNSIGNED, refusal)
    blob = _blob(call, account, path)
    if blob is None:
        return errors.storage(404, "BlobNotFound", "The specified blob does not exist.")
    headers = _headers(blob)
    if call.request.method == "HEAD":
        return Response(None, 200, {**headers, "Content-Length": str(blob.size)})
    asked = call.request.headers.get("x-ms-range") or call.request.headers.get("range")
    span = _span(asked, blob.size)
    if span is None:
        data = blob.log.read(0, blob.size, call.now)
        return Response(data, 200, headers, "application/octet-stream")
    start, stop = span
    if start >= blob.size or start >= stop:
        beyond = {"Content-Range": f"bytes */{blob.size}"}
        message = "The range specified is invalid."
        return errors.storage(416, "InvalidRange", message, headers=beyond)
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{blob.size}"
    data = blob.log.read(start, stop, call.now)
    return Response(data, 206, headers, "application/octet-stream")


_UNSIGNED = (
    "Server failed to authenticate the request. Make sure the value of Authorization header is "
    "formed correctly including the signature."
)


def _blob(call: Call, account: str, path: str) -> Blob | None:
    workspace = call.world.workspace_of_account(account)
    place = run_and_file(path)
    if workspace is None or place is None:
        return None
    record = call.world.jobs.of(workspace.id).get(place[0], call.now)
    if record is None:
        return None
    log = run_files(record, call.metrics(record), call.now).get(place[1])
    if log is None:
        return None
    size, at = log.size(call.now), modified(record, call.now)
    etag = sha256(f"{path}:{size}".encode()).hexdigest()[:16].upper()
    return Blob(log, size, at, f'"0x{etag}"')


def _span(asked: str | None, size: int) -> tuple[int, int] | None:
    """The bytes [start, stop) that are wanted; None for all of them."""
    match = _RANGE.match(asked.strip()) if asked else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size


def _headers(blob: Blob) -> dict[str, str]:
    return {
        "ETag": blob.etag,
        "Last-Modified": formatdate(blob.modified, usegmt=True),
        "Accept-Ranges": "bytes",
        "x-ms-blob-type": "AppendBlob",
        "x-ms-version": "2021-08-06",
        "x-ms-request-id": str(uuid4()),
    }


BLOB = "/{account}.blob.core.windows.net/{path*}"
ROUTES = [
    Route("GET", BLOB, read, "Blobs_Get", Plane.OPEN),
    Route("HEAD", BLOB, read, "Blobs_GetProperties", Plane.OPEN),
]
