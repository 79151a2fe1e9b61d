"""A blob as it is at a moment: written by a client, or computed where it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import sha256

from amltui.emulator.blobs.store import BlobStore
from amltui.emulator.blobs.written import APPEND, BLOCK, Written
from amltui.emulator.jobs.log_file import LogFile

FREE = {"x-ms-lease-status": "unlocked", "x-ms-lease-state": "available"}
OCTETS = "application/octet-stream"


@dataclass(frozen=True)
class Blob:
    """What the blob service says of a blob, and its bytes."""

    name: str
    kind: str
    size: int
    created: float
    modified: float
    etag: str
    """Without the quotes around it."""
    read: Callable[[int, int], bytes]
    """The bytes [start, stop)."""
    md5: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    """Content-Type and its like."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    pieces: int | None = None
    lease: Mapping[str, str] = field(default_factory=lambda: FREE)
    """Whether somebody has it to himself, in headers."""
    snapshot: str = ""
    """The moment that it is of, if it is a snapshot."""
    written: Written | None = None
    """What is kept of it; None for one that is computed."""

    @property
    def content_type(self) -> str:
        return self.settings.get("Content-Type") or OCTETS

    def headers(self) -> dict[str, str]:
        """As GET and HEAD tell of it, but for its length."""
        told = {
            "ETag": f'"{self.etag}"',
            "Last-Modified": moment(self.modified),
            "Accept-Ranges": "bytes",
            "x-ms-creation-time": moment(self.created),
            "x-ms-blob-type": self.kind,
            **self.lease,
            "x-ms-server-encrypted": "true",
            **{name: text for name, text in self.settings.items() if name != "Content-Type"},
            **{f"x-ms-meta-{name}": text for name, text in self.metadata.items()},
        }
        if self.kind == BLOCK:
            told |= {"x-ms-access-tier": "Hot", "x-ms-access-tier-inferred": "true"}
        if self.pieces is not None:
            told["x-ms-blob-committed-block-count"] = str(self.pieces)
        return told


def of_written(blob: Written, store: BlobStore, lease: Mapping[str, str] = FREE) -> Blob:
    return Blob(
        blob.key.name,
        blob.kind,
        blob.size,
        blob.created,
        blob.modified,
        blob.etag,
        lambda start, stop: store.read(blob, start, stop),
        blob.md5,
        blob.headers,
        blob.metadata,
        blob.pieces if blob.kind == APPEND else None,
        lease,
        "",
        blob,
    )


def of_log(name: str, log: LogFile, modified: float, now: float, kind: str = APPEND) -> Blob:
    """A computed file. Its tag follows from its name and size: it only ever grows."""
    size = log.size(now)
    etag = sha256(f"{name}:{size}".encode()).hexdigest()[:16].upper()
    return Blob(
        name,
        kind,
        size,
        min((at for at, _ in log.head), default=modified),
        modified,
        f"0x{etag}",
        lambda start, stop: log.read(start, stop, now),
        pieces=1 if kind == APPEND else None,
    )


def moment(at: float) -> str:
    """A moment as HTTP writes it."""
    return formatdate(at, usegmt=True)
