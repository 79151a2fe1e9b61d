"""Bytes behind signed links."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from amltui.azure import address, envelope, errors
from amltui.azure.headers import header, http_date
from amltui.azure.trust import may_be_read
from amltui.domain.log import LogChunk

if TYPE_CHECKING:
    from amltui.azure.clouds import Cloud

LARGEST = 4 * 1024 * 1024
"""Bytes asked for at once."""

_RANGE = re.compile(r"bytes\s+(?:(\d{1,18})-\d+|\*)/(?:(\d{1,18})|\*)", re.IGNORECASE)


class Blob(Protocol):
    """An answer with bytes."""

    @property
    def status_code(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def content(self) -> bytes: ...


async def read(
    fetch: Callable[[str, int, int], Awaitable[Blob]],
    cloud: Cloud,
    url: str,
    start: int,
    most: int = LARGEST,
) -> LogChunk:
    """What is in the blob from `start` on, `most` bytes of it; nothing where it has not grown."""
    if not may_be_read(url, cloud):
        raise errors.Untrusted(f"the link to {address.host(url)} is not https: nothing was asked")
    answer = await fetch(url, start, start + most)
    said = _RANGE.search(header(answer.headers, "content-range") or "")
    size = int(said[2]) if said and said[2] else None
    made = header(answer.headers, "x-ms-creation-time")
    written = header(answer.headers, "last-modified")
    changed = http_date(written) if written else None
    match answer.status_code:
        case 206:
            begin = int(said[1]) if said and said[1] else start
            return LogChunk(begin, answer.content, size, made, changed)
        case 200:  # the range was ignored: this is the whole file
            whole = answer.content
            return LogChunk(start, whole[start : start + most], len(whole), made, changed)
        case 416:  # the file ends at or before `start`, and may be empty
            return LogChunk(start, b"", size, made, changed)
    # The query is the key to the blob: it must not reach an error's text.
    bare = url.partition("?")[0]
    error = envelope.error_for(
        answer.status_code, answer.headers, answer.content, method="GET", url=bare
    )
    # A firewall before the storage account says AuthorizationFailure, which no fresh link cures.
    if error.status in {401, 403} and not (error.code or "").startswith("Authorization"):
        raise errors.LinkExpired(
            f"the link to {address.last(url)} is no longer accepted", status=error.status
        )
    if error.status == 403:
        account = address.host(url).partition(".")[0]
        raise errors.because(
            error, f"the firewall of storage account {account} does not let this network in"
        )
    raise error
