"""Bytes behind a signed link: the part that is new, however the storage answers."""

from __future__ import annotations

import pytest

from amltui.azure.blobs import LARGEST
from amltui.azure.errors import AzureError, LinkExpired, NotFound, ServiceBroken
from amltui.domain.log import LogChunk
from tests.azure.answers import Reply

URL = "https://sa1.blob.core.windows.net/azureml/dcid.r1/user_logs/std_log.txt?sv=1&sig=SECRET"
ENDLESS = "9" * 5000


@pytest.mark.parametrize(
    ("start", "reply", "chunk"),
    [
        (0, Reply(206, b"abc", {"Content-Range": "bytes 0-2/3"}), LogChunk(0, b"abc", 3)),
        (4, Reply(206, b"ef", {"Content-Range": "bytes 4-5/10"}), LogChunk(4, b"ef", 10)),
        (4, Reply(206, b"ef", {"content-range": "BYTES 4-5/*"}), LogChunk(4, b"ef", None)),
        (4, Reply(206, b"def", {"Content-Range": "bytes 3-5/6"}), LogChunk(3, b"def", 6)),
        (4, Reply(206, b"ef"), LogChunk(4, b"ef", None)),
        (4, Reply(206, b"ef", {"Content-Range": "nonsense"}), LogChunk(4, b"ef", None)),
        (4, Reply(206, b"ef", {"Content-Range": f"bytes {ENDLESS}-5/6"}), LogChunk(4, b"ef", None)),
        # The range was not heeded: this is the whole file.
        (0, Reply(200, b"abcdef"), LogChunk(0, b"abcdef", 6)),
        (4, Reply(200, b"abcdef"), LogChunk(4, b"ef", 6)),
        (9, Reply(200, b"abcdef"), LogChunk(9, b"", 6)),
        # Nothing from there on.
        (6, Reply(416, b"<Error/>", {"Content-Range": "bytes */6"}), LogChunk(6, b"", 6)),
        (0, Reply(416, b"<Error/>", {"Content-Range": "bytes */0"}), LogChunk(0, b"", 0)),
        (6, Reply(416), LogChunk(6, b"", None)),
    ],
)  # fmt: skip
async def test_what_is_read(rig, start, reply, chunk):
    rig.service.on("GET", "/std_log.txt", reply)
    assert await rig.client.read_blob(URL, start) == chunk
    [asked] = rig.service.requests
    assert asked.headers["Range"] == f"bytes={start}-{start + LARGEST - 1}"
    assert asked.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    ("reply", "kind", "sentence"),
    [
        (Reply(403), LinkExpired, "the link to std_log.txt is no longer accepted"),
        (Reply(401), LinkExpired, "the link to std_log.txt is no longer accepted"),
        (
            Reply(
                403,
                b"\xef\xbb\xbf<Error><Code>AuthenticationFailed</Code><Message>m</Message></Error>",
            ),
            LinkExpired,
            "the link to std_log.txt is no longer accepted",
        ),
        (
            Reply(404, None, {"x-ms-error-code": "BlobNotFound"}),
            NotFound,
            "user_logs/std_log.txt does not exist",
        ),
        (
            Reply(500, b"<html>"),
            ServiceBroken,
            "sa1.blob.core.windows.net answered 500 to GET user_logs/std_log.txt",
        ),
        (
            Reply(302, None, {"Location": "https://evil.example"}),
            ServiceBroken,
            "sa1.blob.core.windows.net answered 302 to GET user_logs/std_log.txt",
        ),
    ],
)
async def test_what_is_refused_is_told_without_the_signature(rig, reply, kind, sentence):
    rig.service.on("GET", "/std_log.txt", reply)
    with pytest.raises(AzureError) as told:
        await rig.client.read_blob(URL, 0)
    assert type(told.value) is kind
    assert str(told.value) == sentence
    assert "SECRET" not in repr(told.value)
