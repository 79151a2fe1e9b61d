"""The tables of the cache, version by version."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

APPLICATION = 0x616D6C74
"""Marks the file as ours: `amlt`."""

Step = Sequence[str]
STEPS: tuple[Step, ...] = (
    (
        """
        CREATE TABLE answers (
            account TEXT NOT NULL,
            kind TEXT NOT NULL,
            place TEXT NOT NULL,
            at TEXT NOT NULL,
            shape TEXT NOT NULL,
            more INTEGER NOT NULL,
            notes TEXT NOT NULL,
            rows BLOB NOT NULL,
            sum INTEGER NOT NULL,
            PRIMARY KEY (account, kind, place)
        )
        """,
        """
        CREATE TABLE visits (
            entrance TEXT NOT NULL PRIMARY KEY,
            account TEXT NOT NULL,
            at TEXT NOT NULL,
            shape TEXT NOT NULL,
            view BLOB NOT NULL
        )
        """,
    ),
    (
        """
        CREATE TABLE parts (
            account TEXT NOT NULL,
            kind TEXT NOT NULL,
            place TEXT NOT NULL,
            part INTEGER NOT NULL,
            rows BLOB NOT NULL,
            sum INTEGER NOT NULL,
            PRIMARY KEY (account, kind, place, part)
        )
        """,
        "ALTER TABLE answers ADD COLUMN rest INTEGER NOT NULL DEFAULT 0",
    ),
)
"""What leads from each version to the next. A step that has been published is never changed."""


class Newer(Exception):
    """The file was written by a later version of the program."""


class Foreign(Exception):
    """The file is a database, but not ours."""


def migrate(db: sqlite3.Connection, steps: Sequence[Step] = STEPS) -> None:
    """Bring the file to the newest version, as one step that happens or does not."""
    version = _version(db, steps)
    if version == len(steps):
        return
    if version == 0:
        # Only before the first table; the file shrinks with what is in it.
        db.execute("PRAGMA auto_vacuum = FULL")
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another amltui may have done it while this one waited.
        for statement in (each for step in steps[_version(db, steps) :] for each in step):
            db.execute(statement)
        db.execute(f"PRAGMA application_id = {APPLICATION}")
        db.execute(f"PRAGMA user_version = {len(steps)}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _version(db: sqlite3.Connection, steps: Sequence[Step]) -> int:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    (application,) = db.execute("PRAGMA application_id").fetchone()
    if version > 0 and application != APPLICATION:
        raise Foreign
    if version > len(steps):
        raise Newer
    return int(version)
