"""The containers that clients made, and the keys of accounts that clients brought along."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

from amltui.emulator.blobs.written import new_etag

_TABLES = """
CREATE TABLE IF NOT EXISTS blob_containers (
    account TEXT, name TEXT, modified REAL, etag TEXT, metadata TEXT,
    PRIMARY KEY (account, name));
CREATE TABLE IF NOT EXISTS blob_accounts (account TEXT, key TEXT, PRIMARY KEY (account, key));
"""
_NAME = re.compile(r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")


def is_name(name: str) -> bool:
    """Whether Azure takes this name for a container."""
    return bool(_NAME.fullmatch(name)) or name in {"$root", "$web", "$logs"}


@dataclass(frozen=True)
class Container:
    """A container, without what is in it."""

    name: str
    modified: float
    etag: str
    metadata: Mapping[str, str] = field(default_factory=dict)


class Containers:
    """Containers by account, and what opens the accounts."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._data = database
        self._data.executescript(_TABLES)

    def get(self, account: str, name: str) -> Container | None:
        row = self._data.execute(
            "SELECT name, modified, etag, metadata FROM blob_containers"
            " WHERE account = ? AND name = ?",
            (account, name),
        ).fetchone()
        return _container(row) if row else None

    def of(self, account: str) -> list[Container]:
        rows = self._data.execute(
            "SELECT name, modified, etag, metadata FROM blob_containers WHERE account = ?",
            (account,),
        )
        return [_container(row) for row in rows]

    def put(
        self, account: str, name: str, now: float, metadata: Mapping[str, str] | None = None
    ) -> Container:
        """Keep a container, new or changed."""
        made = Container(name, now, new_etag(), metadata or {})
        self._data.execute(
            "INSERT OR REPLACE INTO blob_containers VALUES (?, ?, ?, ?, ?)",
            (account, name, now, made.etag, json.dumps(dict(made.metadata))),
        )
        return made

    def drop(self, account: str, name: str) -> None:
        self._data.execute(
            "DELETE FROM blob_containers WHERE account = ? AND name = ?", (account, name)
        )

    def admit(self, account: str, key: str) -> None:
        """Let an account be opened by a key that a client says it has; '' is none."""
        self._data.execute("INSERT OR IGNORE INTO blob_accounts VALUES (?, ?)", (account, key))

    def keys(self, account: str) -> list[str]:
        """What clients said opens the account."""
        rows = self._data.execute("SELECT key FROM blob_accounts WHERE account = ?", (account,))
        return [key for (key,) in rows if key]

    def knows(self, account: str) -> bool:
        """Whether a client has named this account, or made a container in it."""
        return any(
            self._data.execute(f"SELECT 1 FROM {table} WHERE account = ?", (account,)).fetchone()
            for table in ("blob_accounts", "blob_containers")
        )


def _container(row: tuple[str, float, str, str]) -> Container:
    name, modified, etag, metadata = row
    return Container(name, modified, etag, json.loads(metadata))
