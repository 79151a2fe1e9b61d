"""What is in the file, as rows of its tables."""

from __future__ import annotations

import json
import sqlite3
import zlib
from datetime import datetime, timedelta

from msgspec import Struct

LONGEST = timedelta(days=30)
"""After this time an answer tells nobody anything."""
MOST_VISITS = 50


class Answer(Struct, frozen=True):
    """The rows of one place as they were last told."""

    account: str
    kind: str
    place: str
    at: datetime
    shape: str
    """Of the codec that wrote the rows."""
    rows: bytes
    more: bool = False
    notes: tuple[str, ...] = ()


class LastVisit(Struct, frozen=True):
    """Where an entrance led to the last time."""

    entrance: str
    account: str
    at: datetime
    shape: str
    view: bytes


def visit(db: sqlite3.Connection, entrance: str) -> LastVisit | None:
    """None where nobody has entered so."""
    query = "SELECT account, at, shape, view FROM visits WHERE entrance = ?"
    found = db.execute(query, (entrance,)).fetchone()
    if found is None:
        return None
    account, at, shape, view = found
    return LastVisit(entrance, account, datetime.fromisoformat(at), shape, view)


def answers(db: sqlite3.Connection, account: str, kind: str) -> list[Answer]:
    """Every place's rows of a kind, but for those that are not as they were written."""
    found = db.execute(
        "SELECT place, at, shape, rows, more, notes, sum FROM answers"
        " WHERE account = ? AND kind = ?",
        (account, kind),
    )
    return [
        Answer(
            account,
            kind,
            place,
            datetime.fromisoformat(at),
            shape,
            rows,
            bool(more),
            tuple(json.loads(notes)),
        )
        for place, at, shape, rows, more, notes, checksum in found
        if zlib.crc32(rows) == checksum
    ]


def keep(db: sqlite3.Connection, told: Answer) -> None:
    """Write rows down, unless they are there already, or another amltui was told later ones."""
    key = (told.account, told.kind, told.place)
    checksum, at = zlib.crc32(told.rows), _moment(told.at)
    same = db.execute(
        "UPDATE answers SET at = max(at, ?)"
        " WHERE account = ? AND kind = ? AND place = ? AND shape = ? AND sum = ?",
        (at, *key, told.shape, checksum),
    )
    if same.rowcount:
        return
    db.execute(
        "INSERT INTO answers (account, kind, place, at, shape, rows, more, notes, sum)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (account, kind, place) DO UPDATE SET at = excluded.at,"
        " shape = excluded.shape, rows = excluded.rows, more = excluded.more,"
        " notes = excluded.notes, sum = excluded.sum WHERE excluded.at >= answers.at",
        (*key, at, told.shape, told.rows, told.more, json.dumps(told.notes), checksum),
    )


def enter(db: sqlite3.Connection, last: LastVisit) -> None:
    """Note where an entrance led."""
    db.execute(
        "INSERT OR REPLACE INTO visits (entrance, account, at, shape, view) VALUES (?, ?, ?, ?, ?)",
        (last.entrance, last.account, _moment(last.at), last.shape, last.view),
    )


def prune(db: sqlite3.Connection, now: datetime, most: int) -> None:
    """Forget what is old, then the oldest until no more than so many bytes of rows are left."""
    db.execute("DELETE FROM answers WHERE at < ?", (_moment(now - LONGEST),))
    db.execute(
        "DELETE FROM answers WHERE rowid IN (SELECT rowid FROM (SELECT rowid,"
        " sum(length(rows)) OVER (ORDER BY at DESC, rowid DESC) AS newer FROM answers)"
        " WHERE newer > ?)",
        (most,),
    )
    db.execute(
        "DELETE FROM visits WHERE entrance NOT IN"
        " (SELECT entrance FROM visits ORDER BY at DESC LIMIT ?)",
        (MOST_VISITS,),
    )


def forget(db: sqlite3.Connection) -> None:
    """Everything, and nothing of it is left between the tables."""
    db.execute("PRAGMA secure_delete = ON")
    db.execute("DELETE FROM answers")
    db.execute("DELETE FROM visits")


def _moment(at: datetime) -> str:
    """As text that sorts as time does: all moments are in UTC."""
    return at.isoformat(timespec="microseconds")
