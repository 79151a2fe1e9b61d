"""Blobs of a storage account: read whole or in ranges, described, deleted."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from amltui.emulator.blobs import conditions, snapshots
from amltui.emulator.blobs.blob import Blob, moment
from amltui.emulator.blobs.spans import span
from amltui.emulator.blobs.written import REMOVED
from amltui.emulator.http import errors
from amltui.emulator.http.call import Call
from amltui.emulator.jobs.wiretime import iso
from amltui.emulator.routes.storage import (
    BLOB,
    account,
    asked_blob,
    bad_header,
    bad_query,
    hashed,
    key_of,
    metadata_of,
    operation,
    refused,
    settings_of,
    settled,
)


async def read(call: Call) -> Response:
    """A blob, or the bytes of it that are asked for."""
    if "comp" in call.query:
        raise bad_query("comp", call.query["comp"])
    blob = asked_blob(call)
    if (unread := conditions.unread(call.request.headers, blob)) is not None:
        return unread
    headers = _headers(call, blob)
    wanted = span(call.request.headers, blob.size)
    if wanted is None:
        if blob.md5:
            headers["Content-MD5"] = blob.md5
        return Response(blob.read(0, blob.size), 200, headers)
    start, stop = wanted
    if start >= blob.size or start >= stop:
        beyond = {"Content-Range": f"bytes */{blob.size}"}
        message = "The range specified is invalid for the current size of the resource."
        return errors.storage(416, "InvalidRange", message, headers=beyond)
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{blob.size}"
    data = blob.read(start, stop)
    if blob.md5:
        headers["x-ms-blob-content-md5"] = blob.md5
    if call.request.headers.get("x-ms-range-get-content-md5", "").lower() == "true":
        headers["Content-MD5"] = hashed(data)
    return Response(data, 206, headers)


async def describe(call: Call) -> Response:
    """What GET would say, without the bytes."""
    blob = asked_blob(call)
    if (unread := conditions.unread(call.request.headers, blob)) is not None:
        return unread
    md5 = {"Content-MD5": blob.md5} if blob.md5 else {}
    return Response(None, 200, {**_headers(call, blob), **md5, "Content-Length": str(blob.size)})


async def metadata(call: Call) -> Response:
    blob = asked_blob(call)
    told = {f"x-ms-meta-{name}": text for name, text in blob.metadata.items()}
    return Response(None, 200, {**_changed(blob.etag, blob.modified), **told})


async def set_metadata(call: Call) -> Response:
    """All of a blob's metadata, in place of what was there."""
    blob = asked_blob(call)
    if (unwritten := conditions.unwritten(call.request.headers, blob)) is not None:
        return unwritten
    given = metadata_of(call.request.headers)
    held = replace(settled(call, blob), metadata=given, modified=call.now)
    made = call.world.storage.blobs.change(held)
    return Response(
        None, 200, {**_changed(made.etag, made.modified), "x-ms-request-server-encrypted": "true"}
    )


async def set_properties(call: Call) -> Response:
    """Content-Type and its like: what is not given is not there any more."""
    blob = asked_blob(call)
    if (unwritten := conditions.unwritten(call.request.headers, blob)) is not None:
        return unwritten
    settings = settings_of(call.request.headers)
    digest = call.request.headers.get("x-ms-blob-content-md5")
    held = replace(settled(call, blob), headers=settings, md5=digest, modified=call.now)
    made = call.world.storage.blobs.change(held)
    return Response(None, 200, _changed(made.etag, made.modified))


async def snapshot(call: Call) -> Response:
    """A blob as it is now, kept under the moment."""
    blob = asked_blob(call)
    if (unwritten := conditions.unwritten(call.request.headers, blob)) is not None:
        return unwritten
    store, key = call.world.storage.blobs, key_of(call)
    taken = [each.snapshot for each in snapshots.of(store, key)]
    stamp = _stamp(call.now)
    if taken and taken[-1] >= stamp:  # two within one tick of the clock are two all the same
        stamp = f"{taken[-1][:-8]}{int(taken[-1][-8:-1]) + 1:07d}Z"
    made = snapshots.take(store, settled(call, blob), stamp, metadata_of(call.request.headers))
    return Response(None, 201, {**_changed(made.etag, made.modified), "x-ms-snapshot": stamp})


def _stamp(now: float) -> str:
    return str(iso(now)).replace("+00:00", "Z")


async def delete(call: Call) -> Response:
    """A computed file stays away as well; a blob with snapshots goes with them, or not at all."""
    blob, key = asked_blob(call), key_of(call)
    if (unwritten := conditions.unwritten(call.request.headers, blob)) is not None:
        return unwritten
    store = call.world.storage.blobs
    if blob.snapshot:
        store.forget(snapshots.key_of(key, blob.snapshot))
        return Response(None, 202, {"x-ms-delete-type-permanent": "true"})
    asked = call.request.headers.get("x-ms-delete-snapshots", "").lower()
    if asked not in {"", "include", "only"}:
        raise bad_header("x-ms-delete-snapshots")
    if not asked and next(snapshots.of(store, key), None) is not None:
        message = "This operation is not permitted because the blob has snapshots."
        raise refused(409, "SnapshotsPresent", message)
    snapshots.drop(store, key)
    if asked == "only":
        return Response(None, 202, {"x-ms-delete-type-permanent": "true"})
    if account(call).computed(key.container, key.name) is None:
        call.world.storage.blobs.forget(key)
    else:
        call.world.storage.blobs.note(key, REMOVED, call.now)
    return Response(None, 202, {"x-ms-delete-type-permanent": "true"})


def _headers(call: Call, blob: Blob) -> dict[str, str]:
    """What is told of a blob; a signed link may have it called something else."""
    told = {**blob.headers(), "Content-Type": blob.content_type}
    if tags := call.world.storage.tags.get(key_of(call)):
        told["x-ms-tag-count"] = str(len(tags))
    for parameter, name in _SIGNED.items():
        if parameter in call.query and "sig" in call.query:
            told[name] = "".join(each for each in call.query[parameter] if " " <= each <= "~")
    return told


_SIGNED = {
    "rscc": "Cache-Control",
    "rscd": "Content-Disposition",
    "rsce": "Content-Encoding",
    "rscl": "Content-Language",
    "rsct": "Content-Type",
}


def _changed(etag: str, modified: float) -> dict[str, str]:
    return {"ETag": f'"{etag}"', "Last-Modified": moment(modified)}


ROUTES = [
    operation("GET", BLOB, metadata, "Blobs_GetMetadata", "r", comp="metadata"),
    operation("PUT", BLOB, set_metadata, "Blobs_SetMetadata", "w", comp="metadata"),
    operation("PUT", BLOB, set_properties, "Blobs_SetProperties", "w", comp="properties"),
    operation("PUT", BLOB, snapshot, "Blobs_CreateSnapshot", "wc", comp="snapshot"),
    operation("GET", BLOB, read, "Blobs_Get", "r"),
    operation("HEAD", BLOB, describe, "Blobs_GetProperties", "r"),
    operation("DELETE", BLOB, delete, "Blobs_Delete", "d"),
]
