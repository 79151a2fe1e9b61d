"""The door through which changes are kept over a restart: a table of records in SQLite.

Everything that a client changes is saved as `(table, key, JSON)` and handed back, in the order in
which it was first saved, when the service starts with the same file. What follows from the
scenario and the clock is not kept.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

Save = Callable[[str, str, dict[str, Any]], None]
"""Keeps a record: by table, key and JSON."""


def save_nothing(table: str, key: str, value: dict[str, Any]) -> None:
    """For what is told anew at every start."""
    del table, key, value


class StateFile:
    """A SQLite file; without a path no record is kept.

    `database` is for what is no record: the bytes of blobs have tables of their own in it.
    """

    def __init__(self, path: str | None = None) -> None:
        self._keeps = path is not None
        self.database = sqlite3.connect(path or ":memory:", isolation_level=None)
        # A training script logs every second: it must not wait for the disk each time.
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA synchronous = NORMAL")
        self.database.execute(
            "CREATE TABLE IF NOT EXISTS kept"
            " (what TEXT, name TEXT, value TEXT, PRIMARY KEY (what, name))"
        )

    def save(self, table: str, key: str, value: dict[str, Any]) -> None:
        """Keep this record in place of the one of the same key."""
        if not self._keeps:
            return
        self.database.execute(
            "INSERT INTO kept VALUES (?, ?, ?)"
            " ON CONFLICT (what, name) DO UPDATE SET value = excluded.value",
            (table, key, json.dumps(value)),
        )

    def forget(self, key: str) -> None:
        """Forget every record about what lies below an ARM id, in lower case."""
        below = f"{key}/"
        self.database.execute(
            "DELETE FROM kept WHERE lower(substr(name, 1, ?)) = ?", (len(below), below)
        )

    def get(self, table: str, key: str) -> dict[str, Any] | None:
        """The record of that key."""
        asked = "SELECT value FROM kept WHERE what = ? AND name = ?"
        found = self.database.execute(asked, (table, key)).fetchone()
        return json.loads(found[0]) if found else None

    def records(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every record, in the order of their first saving."""
        asked = "SELECT what, name, value FROM kept ORDER BY rowid"
        for table, key, value in self.database.execute(asked).fetchall():
            yield table, key, json.loads(value)
