"""Writing blobs: at once, block by block, at the end of what is there, or from another blob."""

from __future__ import annotations

from base64 import b64decode
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from starlette.responses import Response

from amltui.emulator.blobs import access, conditions, xml
from amltui.emulator.blobs.account import Account
from amltui.emulator.blobs.address import place_of
from amltui.emulator.blobs.blob import Blob, moment
from amltui.emulator.blobs.sas import Denied, Target
from amltui.emulator.blobs.store import UnknownBlock
from amltui.emulator.blobs.tags import BadTags, of_header
from amltui.emulator.blobs.written import APPEND, BLOCK, Key, Written
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.routes.storage import (
    BLOB,
    account,
    asked_blob,
    bad_header,
    bad_query,
    hashed,
    key_of,
    metadata_of,
    number,
    operation,
    refused,
    settings_of,
    settled,
)


async def put(call: Call) -> Response:
    """Put Blob of either kind, Put Blob From URL, or Copy Blob From URL."""
    if "comp" in call.query:
        raise bad_query("comp", call.query["comp"])
    key, before = _writable(call)
    source = call.request.headers.get("x-ms-copy-source")
    if source is not None:
        return _copy(call, key, before, source)
    kind = call.request.headers.get("x-ms-blob-type")
    if kind is None:
        message = "An HTTP header that's mandatory for this request is not specified."
        raise refused(400, "MissingRequiredHeader", message, "x-ms-blob-type")
    known = {BLOCK.lower(): BLOCK, APPEND.lower(): APPEND}.get(kind.lower())
    if known is None:
        raise bad_header("x-ms-blob-type")
    data = await call.request.body()
    if known == APPEND and data:
        raise bad_header("Content-Length")
    digest = _checked(call, data)
    given = call.request.headers.get("x-ms-blob-content-md5")
    made = _new(call, key, before, known, given or (digest if known == BLOCK else None))
    tags = _tags(call)
    kept = call.world.storage.blobs.put(made, data)
    call.world.storage.tags.put(key, tags)
    return _created(kept, digest)


async def put_block(call: Call) -> Response:
    """A block of a blob that is not there before a list names it."""
    key = key_of(call)
    block = call.query.get("blockid", "")
    try:
        is_good = 0 < len(b64decode(block, validate=True)) <= 64
    except ValueError:
        is_good = False
    if not is_good:
        raise bad_query("blockid", block)
    data = await call.request.body()
    digest = _checked(call, data)
    call.world.storage.blobs.stage(key, block, data)
    return Response(None, 201, {"Content-MD5": digest, "x-ms-request-server-encrypted": "true"})


async def put_block_list(call: Call) -> Response:
    """A blob of the blocks that are listed."""
    key, before = _writable(call)
    body = await call.request.body()
    try:
        blocks = xml.blocks_of(body)
    except ValueError as error:
        message = "The specified XML is not syntactically valid."
        raise refused(400, "InvalidXmlDocument", message, str(error)) from error
    given = call.request.headers.get("x-ms-blob-content-md5")
    tags = _tags(call)
    try:
        made = call.world.storage.blobs.commit(_new(call, key, before, BLOCK, given), blocks)
    except UnknownBlock as error:
        message = "The specified block list is invalid."
        raise refused(400, "InvalidBlockList", message) from error
    call.world.storage.tags.put(key, tags)
    return _created(made, hashed(body))


async def block_list(call: Call) -> Response:
    key, blobs = key_of(call), call.world.storage.blobs
    kind = call.query.get("blocklisttype", "committed").lower()
    if kind not in {"committed", "uncommitted", "all"}:
        raise bad_query("blocklisttype", kind)
    blob, staged = account(call).get(key.container, key.name), blobs.staged(key)
    if blob is None and not staged:
        raise refused(404, "BlobNotFound", "The specified blob does not exist.")
    written = None if blob is None else blob.written
    lists = {}
    if kind != "uncommitted":
        lists["CommittedBlocks"] = blobs.committed(written) if written else []
    if kind != "committed":
        lists["UncommittedBlocks"] = staged
    headers = {"x-ms-blob-content-length": str(blob.size if blob else 0)}
    if blob is not None:
        headers |= {"ETag": f'"{blob.etag}"', "Last-Modified": moment(blob.modified)}
    return Response(xml.block_list(lists), 200, headers, "application/xml")


async def append_block(call: Call) -> Response:
    blob = asked_blob(call)
    if (unwritten := conditions.unwritten(call.request.headers, blob)) is not None:
        return unwritten
    if blob.kind != APPEND:
        message = "The blob type is invalid for this operation."
        raise refused(409, "InvalidBlobType", message)
    data = await call.request.body()
    if not data:
        raise bad_header("Content-Length")
    _at_its_end(call, blob, len(data))
    digest = _checked(call, data)
    made = call.world.storage.blobs.append(settled(call, blob), data, call.now)
    response = _created(made, digest)
    response.headers["x-ms-blob-append-offset"] = str(blob.size)
    response.headers["x-ms-blob-committed-block-count"] = str(made.pieces)
    return response


def _at_its_end(call: Call, blob: Blob, length: int) -> None:
    """Refuse what is not to be appended here, or not to a blob of this size."""
    for name, code, is_met in (
        ("appendpos", "AppendPositionConditionNotMet", int.__eq__),
        ("maxsize", "MaxBlobSizeConditionNotMet", int.__le__),
    ):
        asked = call.request.headers.get(f"x-ms-blob-condition-{name}")
        if asked is None:
            continue
        limit = number(asked)
        if limit is None:
            raise bad_header(f"x-ms-blob-condition-{name}")
        if not is_met(blob.size + (length if name == "maxsize" else 0), limit):
            raise refused(412, code, "The append condition specified was not met.")


def _writable(call: Call) -> tuple[Key, Blob | None]:
    """Where the blob of the path goes, and what is there; a refusal where it may not go."""
    key = key_of(call)
    before = account(call).get(key.container, key.name)
    unwritten = conditions.unwritten(call.request.headers, before)
    if unwritten is not None:
        raise Refusal(unwritten)
    return key, before


def _new(call: Call, key: Key, before: Blob | None, kind: str, digest: str | None) -> Written:
    headers = call.request.headers
    # Put Blob takes HTTP's own Content-Type where Azure's is not given, Put Block List does not.
    settings = settings_of(headers, plain="comp" not in call.query)
    created = call.now if before is None else before.created
    metadata = metadata_of(headers)
    return Written(key, kind, created, call.now, "", 0, "", digest, settings, metadata)


def _tags(call: Call) -> dict[str, str]:
    """The index tags that a blob is written with."""
    try:
        return of_header(call.request.headers.get("x-ms-tags", ""))
    except BadTags as error:
        raise bad_header("x-ms-tags") from error


def _checked(call: Call, data: bytes) -> str:
    """The MD5 of what was sent; a 400 where it is not the one that was announced."""
    digest = hashed(data)
    if call.request.headers.get("content-md5", digest) != digest:
        message = "The MD5 value specified in the request did not match with the MD5 calculated."
        raise refused(400, "Md5Mismatch", message)
    return digest


def _created(blob: Written, digest: str) -> Response:
    headers = {
        "ETag": f'"{blob.etag}"',
        "Last-Modified": moment(blob.modified),
        "x-ms-request-server-encrypted": "true",
    }
    return Response(None, 201, headers | ({"Content-MD5": digest} if digest else {}))


def _copy(call: Call, key: Key, before: Blob | None, source: str) -> Response:
    """A copy is there at once."""
    found = _source(call, key, source)
    given, tags = metadata_of(call.request.headers), _tags(call)
    created = call.now if before is None else before.created
    made = call.world.storage.blobs.put(
        Written(
            key,
            found.kind,
            created,
            call.now,
            "",
            md5=found.md5,
            headers=found.settings,
            metadata=given or found.metadata,
        ),
        found.read(0, found.size),
    )
    call.world.storage.tags.put(key, tags)
    response = _created(made, found.md5 or "")
    if "x-ms-blob-type" not in call.request.headers:
        response.status_code = 202
        response.headers["x-ms-copy-id"] = str(uuid4())
        response.headers["x-ms-copy-status"] = "success"
    return response


def _source(call: Call, key: Key, source: str) -> Blob:
    """The blob of an address: signed, or in the same account."""
    place = place_of(source)
    if place is not None:
        target = Target(*place, is_https=source.startswith("https:"))
        query = dict(parse_qsl(urlsplit(source).query))
        may = "r" if target.account == key.account else ""
        if "sig" in query:
            try:
                keys = access.keys_of(call, target.account)
                may = call.world.signer.granted(query, target, keys, call.now)
            except Denied:
                may = ""
        found = Account(call.world, target.account).get(target.container, target.blob)
        if "r" in may and found is not None:
            return found
    message = "The specified resource does not exist, or may not be read."
    raise refused(404, "CannotVerifyCopySource", message)


ROUTES = [
    operation("PUT", BLOB, put_block, "Blobs_PutBlock", "wc", comp="block"),
    operation("PUT", BLOB, put_block_list, "Blobs_PutBlockList", "wc", comp="blocklist"),
    operation("GET", BLOB, block_list, "Blobs_GetBlockList", "r", comp="blocklist"),
    operation("PUT", BLOB, append_block, "Blobs_AppendBlock", "aw", comp="appendblock"),
    operation("PUT", BLOB, put, "Blobs_Put", "wc"),
]
