"""What is known of a blob that a client wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

BLOCK, APPEND = "BlockBlob", "AppendBlob"
PROMISED = "promised"
"""An artifact was registered of which no byte is there."""
REMOVED = "removed"
"""A client deleted what would be there otherwise."""


@dataclass(frozen=True)
class Key:
    """Where it is."""

    account: str
    container: str
    name: str


@dataclass(frozen=True)
class Written:
    """A blob, or that there is none: its bytes lie apart."""

    key: Key
    kind: str
    created: float
    modified: float
    etag: str
    size: int = 0
    content: str = ""
    """What its bytes are kept under."""
    md5: str | None = None
    """In base64, if the client sent it or sent all bytes at once."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Content-Type and its like, as the client wants them back."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    pieces: int = 0
    """How many times something was appended."""

    @property
    def is_there(self) -> bool:
        return self.kind in {BLOCK, APPEND}


def new_etag() -> str:
    return f"0x8D{uuid4().hex[:13].upper()}"
