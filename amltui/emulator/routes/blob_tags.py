"""Index tags: of one blob, and the blobs that have some."""

from __future__ import annotations

from itertools import islice

from starlette.responses import Response

from amltui.emulator.blobs import tags as blob_tags
from amltui.emulator.blobs import xml
from amltui.emulator.blobs.tags import BadTags
from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.routes.storage import (
    ACCOUNT,
    BLOB,
    CONTAINER,
    account,
    asked_blob,
    bad_query,
    key_of,
    no_container,
    number,
    operation,
    refused,
    settled,
)

MOST = 5000


async def get(call: Call) -> Response:
    asked_blob(call)
    held = call.world.storage.tags.get(key_of(call))
    return Response(xml.tags(held), 200, media_type="application/xml")


async def put(call: Call) -> Response:
    """All of a blob's tags. Neither its ETag nor its time changes."""
    blob = asked_blob(call)
    try:
        held = blob_tags.checked(xml.tags_of(await call.request.body()))
    except BadTags as error:
        message = "The tags specified are invalid. It contains characters that are not permitted."
        raise refused(400, "InvalidTags", message, str(error)) from error
    except ValueError as error:
        message = "The specified XML is not syntactically valid."
        raise refused(400, "InvalidXmlDocument", message, str(error)) from error
    settled(call, blob)
    call.world.storage.tags.put(key_of(call), held)
    return Response(None, 204)


async def find(call: Call) -> Response:
    """The blobs of an account, or of one container, whose tags answer a question."""
    held, container = account(call), call.params.get("container")
    if container is not None and held.container(container) is None:
        raise no_container()
    text = call.query.get("where", "")
    try:
        asked = blob_tags.question(text)
    except BadTags as error:
        raise bad_query("where", text) from error
    size = min(number(call.query.get("maxresults", "")) or MOST, MOST)
    start = paging.index(call.query.get("marker"))
    found = list(
        islice(call.world.storage.tags.found(held.name, container, asked), start, start + size + 1)
    )
    following = paging.token(start + size) if len(found) > size else ""
    endpoint = f"https://{held.name}.blob.core.windows.net/"
    body = xml.tagged(
        endpoint, text, [(key.container, key.name, tags) for key, tags in found[:size]], following
    )
    return Response(body, 200, media_type="application/xml")


ROUTES = [
    operation("GET", BLOB, get, "Blobs_GetTags", "t", comp="tags"),
    operation("PUT", BLOB, put, "Blobs_SetTags", "t", comp="tags"),
    operation("GET", ACCOUNT, find, "Blobs_FindByTags", "f", by_account=True, comp="blobs"),
    operation(
        "GET", CONTAINER, find, "Containers_FilterBlobs", "f", restype="container", comp="blobs"
    ),
]
