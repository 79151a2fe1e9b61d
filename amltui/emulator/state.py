"""The door through which changes are kept over a restart: a table of records in SQLite.

Everything that a client changes is saved as `(table, key, JSON)` and handed back, in the order in
which it was first saved, when the service starts with the same file. What follows from the
scenario and the clock is not kept.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any


class StateFile:
    """A SQLite file; `:memory:` forgets."""

    def __init__(self, path: str) -> None:
        self._data = sqlite3.connect(path, isolation_level=None)
        self._data.execute(
            "CREATE TABLE IF NOT EXISTS kept"
            " (what TEXT, name TEXT, value TEXT, PRIMARY KEY (what, name))"
        )

    def save(self, table: str, key: str, value: dict[str, Any]) -> None:
        """Keep this record in place of the one of the same key."""
        self._data.execute(
            "INSERT INTO kept VALUES (?, ?, ?)"
            " ON CONFLICT (what, name) DO UPDATE SET value = excluded.value",
            (table, key, json.dumps(value)),
        )

    def forget(self, key: str) -> None:
        """Forget every record about what lies below an ARM id, in lower case."""
        below = f"{key}/"
        self._data.execute(
            "DELETE FROM kept WHERE lower(substr(name, 1, ?)) = ?", (len(below), below)
        )

    def records(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every record, in the order of their first saving."""
        rows = self._data.execute("SELECT what, name, value FROM kept ORDER BY rowid").fetchall()
        for table, key, value in rows:
            yield table, key, json.loads(value)
