"""What clients wrote into storage accounts: in SQLite, beside the records of the world.

A blob's bytes lie in parts under a key of their own, so that a new version is there at once or
not at all, and a range costs the parts that it touches.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

from amltui.emulator.blobs.tags import TABLE as TAGS
from amltui.emulator.blobs.written import Key, Written, new_etag

_TABLES = """
CREATE TABLE IF NOT EXISTS blobs (
    account TEXT, container TEXT, name TEXT, kind TEXT, created REAL, modified REAL, etag TEXT,
    size INTEGER, content TEXT, md5 TEXT, headers TEXT, metadata TEXT, pieces INTEGER,
    PRIMARY KEY (account, container, name));
CREATE TABLE IF NOT EXISTS blob_parts (
    content TEXT, start INTEGER, size INTEGER, block TEXT, data BLOB,
    PRIMARY KEY (content, start));
CREATE TABLE IF NOT EXISTS blob_blocks (
    account TEXT, container TEXT, name TEXT, block TEXT, data BLOB,
    PRIMARY KEY (account, container, name, block));
"""
_COLUMNS = ("kind", "created", "modified", "etag", "size", "content", "md5")
_HERE = "account = ? AND container = ? AND name = ?"


class UnknownBlock(LookupError):
    """A block list names a block that is not there."""


class BlobStore:
    """Blobs by account, container and name. Every change is kept when the call returns."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._data = database
        self._data.executescript(_TABLES)
        self._data.executescript(TAGS)

    # Reading

    def get(self, key: Key) -> Written | None:
        """What a client left there: a blob, a promise of one, or that there is none."""
        row = self._data.execute(f"SELECT * FROM blobs WHERE {_HERE}", _parts(key)).fetchone()
        return _written(row) if row else None

    def within(self, account: str, container: str, start: str, stop: str) -> Iterator[Written]:
        """Those named in [start, stop), in the order of their names."""
        rows = self._data.execute(
            "SELECT * FROM blobs WHERE account = ? AND container = ? AND name >= ? AND name < ?"
            " ORDER BY name",
            (account, container, start, stop),
        )
        return map(_written, rows)

    def read(self, blob: Written, start: int, stop: int) -> bytes:
        """The bytes [start, stop), as far as there are any."""
        rows = self._data.execute(
            "SELECT substr(data, max(?2 - start, 0) + 1,"
            " min(?3 - start, size) - max(?2 - start, 0)) FROM blob_parts"
            " WHERE content = ?1 AND start < ?3 AND start + size > ?2 ORDER BY start",
            (blob.content, start, stop),
        )
        return b"".join(bytes(data) for (data,) in rows)

    # Whole blobs

    def put(self, blob: Written, data: bytes) -> Written:
        """Keep a blob with these bytes in place of what was there."""
        made = replace(blob, content=uuid4().hex, size=len(data), etag=new_etag())
        with self._data:
            self._data.execute("BEGIN")
            self._clear(blob.key)
            self._add(made.content, 0, "", data)
            self._save(made)
        return made

    def change(self, blob: Written) -> Written:
        """Keep what was changed about a blob, not its bytes."""
        made = replace(blob, etag=new_etag())
        self._save(made)
        return made

    def append(self, blob: Written, data: bytes, now: float) -> Written:
        made = replace(
            blob,
            size=blob.size + len(data),
            pieces=blob.pieces + 1,
            modified=now,
            etag=new_etag(),
            md5=None,
        )
        with self._data:
            self._data.execute("BEGIN")
            self._add(blob.content, blob.size, "", data)
            self._save(made)
        return made

    def note(self, key: Key, kind: str, now: float) -> None:
        """Keep that a blob is promised, or that there is none any more."""
        with self._data:
            self._data.execute("BEGIN")
            self._clear(key)
            self._save(Written(key, kind, now, now, new_etag()))

    def forget(self, key: Key) -> None:
        """As if no client had ever written it."""
        with self._data:
            self._data.execute("BEGIN")
            self._clear(key)
            self._data.execute(f"DELETE FROM blobs WHERE {_HERE}", _parts(key))

    def clear(self, account: str, container: str) -> None:
        """Forget all that is in a container."""
        for blob in list(self.within(account, container, "", "\U0010ffff")):
            self.forget(blob.key)

    # Blocks

    def stage(self, key: Key, block: str, data: bytes) -> None:
        """Keep a block until a list of blocks names it."""
        self._data.execute(
            "INSERT OR REPLACE INTO blob_blocks VALUES (?, ?, ?, ?, ?)", (*_parts(key), block, data)
        )

    def staged(self, key: Key) -> list[tuple[str, int]]:
        """Blocks that no list has named, and their sizes."""
        return self._data.execute(
            f"SELECT block, length(data) FROM blob_blocks WHERE {_HERE} ORDER BY block", _parts(key)
        ).fetchall()

    def committed(self, blob: Written) -> list[tuple[str, int]]:
        """The blocks that a blob was made of, and their sizes."""
        return self._data.execute(
            "SELECT block, size FROM blob_parts WHERE content = ? AND block != '' ORDER BY start",
            (blob.content,),
        ).fetchall()

    def commit(self, blob: Written, blocks: list[tuple[str, str]]) -> Written:
        """Make a blob of blocks: (Committed, Uncommitted or Latest, id). UnknownBlock if missing.

        The bytes go from table to table without being held here.
        """
        before = self.get(blob.key)
        content, size = uuid4().hex, 0
        with self._data:
            self._data.execute("BEGIN")
            for source, block in blocks:
                size += self._take(blob.key, before, content, size, source, block)
            self._clear(blob.key)
            made = replace(blob, content=content, size=size, etag=new_etag())
            self._save(made)
        return made

    def _take(
        self, key: Key, before: Written | None, content: str, at: int, source: str, block: str
    ) -> int:
        """Copy one block to where it goes; its size."""
        if source != "Committed":
            taken = self._data.execute(
                "INSERT INTO blob_parts SELECT ?, ?, length(data), block, data FROM blob_blocks"
                f" WHERE {_HERE} AND block = ? RETURNING size",
                (content, at, *_parts(key), block),
            ).fetchone()
            if taken:
                return int(taken[0])
        if source != "Uncommitted" and before is not None:
            taken = self._data.execute(
                "INSERT INTO blob_parts SELECT ?, ?, size, block, data FROM blob_parts"
                " WHERE content = ? AND block = ? LIMIT 1 RETURNING size",
                (content, at, before.content, block),
            ).fetchone()
            if taken:
                return int(taken[0])
        raise UnknownBlock(block)

    # Rows

    def _add(self, content: str, start: int, block: str, data: bytes) -> None:
        if data:
            self._data.execute(
                "INSERT INTO blob_parts VALUES (?, ?, ?, ?, ?)",
                (content, start, len(data), block, data),
            )

    def _clear(self, key: Key) -> None:
        """Drop the bytes of a blob, and its blocks."""
        self._data.execute(
            f"DELETE FROM blob_parts WHERE content = (SELECT content FROM blobs WHERE {_HERE})",
            _parts(key),
        )
        self._data.execute(f"DELETE FROM blob_blocks WHERE {_HERE}", _parts(key))
        self._data.execute(f"DELETE FROM blob_tags WHERE {_HERE}", _parts(key))

    def _save(self, blob: Written) -> None:
        self._data.execute(
            "INSERT OR REPLACE INTO blobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *_parts(blob.key),
                blob.kind,
                blob.created,
                blob.modified,
                blob.etag,
                blob.size,
                blob.content,
                blob.md5,
                json.dumps(dict(blob.headers)),
                json.dumps(dict(blob.metadata)),
                blob.pieces,
            ),
        )


def _parts(key: Key) -> tuple[str, str, str]:
    return (key.account, key.container, key.name)


def _written(row: tuple[Any, ...]) -> Written:
    account, container, name, *rest, headers, metadata, pieces = row
    described = dict(zip(_COLUMNS, rest, strict=True))
    return Written(
        Key(account, container, name),
        headers=json.loads(headers),
        metadata=json.loads(metadata),
        pieces=pieces,
        **described,
    )
