"""The storage account: files of runs behind signed links, whole or in ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import formatdate
from hashlib import sha256
from uuid import uuid4
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response

from amltui.emulator.blobs.run_files import modified, run_and_file, run_files
from amltui.emulator.blobs.sas import Signer
from amltui.emulator.jobs.book import JobBook
from amltui.emulator.jobs.log_file import LogFile

_RANGE = re.compile(r"bytes=(\d*)-(\d*)$")
_BOM = "\ufeff"


@dataclass(frozen=True)
class Blob:
    """A file as it is at a moment."""

    log: LogFile
    size: int
    modified: float
    etag: str


def read(
    request: Request, book: JobBook, signer: Signer, workspace: str | None, now: float
) -> Response:
    """Answer a GET or HEAD of `/{account}.blob.core.windows.net/{container}/{blob…}`."""
    if "authorization" in request.headers:
        # A signed link with a token beside it: the caller leaks its token to a storage account.
        return _error(400, "InvalidHeaderValue", "An Authorization header was sent to a SAS URL.")
    account, path = request.path_params["account"], request.path_params["path"]
    refusal = signer.refusal(account, path, request.query_params, now, "r")
    if refusal is not None:
        return _error(403, "AuthenticationFailed", _UNSIGNED, refusal)
    blob = _blob(book, workspace, path, now) if workspace is not None else None
    if blob is None:
        return _error(404, "BlobNotFound", "The specified blob does not exist.")
    headers = _headers(blob)
    if request.method == "HEAD":
        return Response(None, 200, {**headers, "Content-Length": str(blob.size)})
    asked = request.headers.get("x-ms-range") or request.headers.get("range")
    span = _span(asked, blob.size)
    if span is None:
        data = blob.log.read(0, blob.size, now)
        return Response(data, 200, headers, "application/octet-stream")
    start, stop = span
    if start >= blob.size or start >= stop:
        beyond = {"Content-Range": f"bytes */{blob.size}"}
        return _error(416, "InvalidRange", "The range specified is invalid.", headers=beyond)
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{blob.size}"
    return Response(blob.log.read(start, stop, now), 206, headers, "application/octet-stream")


_UNSIGNED = (
    "Server failed to authenticate the request. Make sure the value of Authorization header is "
    "formed correctly including the signature."
)


def _blob(book: JobBook, workspace: str, path: str, now: float) -> Blob | None:
    place = run_and_file(path)
    record = book.of(workspace).get(place[0], now) if place is not None else None
    if place is None or record is None:
        return None
    log = run_files(record, book.metrics(record, now), now).get(place[1])
    if log is None:
        return None
    size, at = log.size(now), modified(record, now)
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


def _error(
    status: int,
    code: str,
    message: str,
    detail: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Storage answers in XML, with a byte-order mark."""
    more = (
        f"<AuthenticationErrorDetail>{escape(detail)}</AuthenticationErrorDetail>" if detail else ""
    )
    text = (
        f'{_BOM}<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code>'
        f"<Message>{escape(message)}\nRequestId:{uuid4()}</Message>{more}</Error>"
    )
    return Response(
        text.encode(), status, {"x-ms-error-code": code, **(headers or {})}, "application/xml"
    )
