"""What is in the file, as rows of its tables."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Sequence
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
    """Those that are read first; what else there is stands in parts of their own."""
    more: bool = False
    notes: tuple[str, ...] = ()
    rest: tuple[bytes, ...] = ()
    """The rows behind them, the last part first: new rows on top leave old parts as they are."""

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.rows) + sum(map(len, self.rest))


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


def rest(db: sqlite3.Connection, account: str) -> dict[tuple[str, str], list[bytes]]:
    """By kind and place: the parts behind the first rows, in their order, where all are whole."""
    held = db.execute(
        "SELECT kind, place, rest FROM answers WHERE account = ? AND rest != 0", (account,)
    )
    found = {}
    for kind, place, signature in held.fetchall():
        parts = db.execute(
            "SELECT rows, sum FROM parts WHERE account = ? AND kind = ? AND place = ?"
            " ORDER BY part",
            (account, kind, place),
        ).fetchall()
        sums = [checksum for _, checksum in parts]
        if _signature(sums) == signature and sums == [zlib.crc32(rows) for rows, _ in parts]:
            found[kind, place] = [rows for rows, _ in reversed(parts)]
    return found


def keep(db: sqlite3.Connection, told: Answer) -> None:
    """Write rows down, unless they are there already, or another amltui was told later ones."""
    key = (told.account, told.kind, told.place)
    checksum, at = zlib.crc32(told.rows), _moment(told.at)
    sums = [zlib.crc32(each) for each in told.rest]
    signature = _signature(sums)
    same = db.execute(
        "UPDATE answers SET at = max(at, ?)"
        " WHERE account = ? AND kind = ? AND place = ? AND shape = ? AND sum = ?"
        " AND rest = ?",
        (at, *key, told.shape, checksum, signature),
    )
    if same.rowcount:
        return
    newer = db.execute(
        "INSERT INTO answers (account, kind, place, at, shape, rows, more, notes, sum, rest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (account, kind, place) DO UPDATE SET at = excluded.at,"
        " shape = excluded.shape, rows = excluded.rows, more = excluded.more,"
        " notes = excluded.notes, sum = excluded.sum, rest = excluded.rest"
        " WHERE excluded.at >= answers.at",
        (*key, at, told.shape, told.rows, told.more, json.dumps(told.notes), checksum, signature),
    )
    if newer.rowcount:
        _keep_rest(db, key, told.rest, sums)


def _keep_rest(
    db: sqlite3.Connection, key: tuple[str, str, str], parts: Sequence[bytes], sums: Sequence[int]
) -> None:
    """Write the parts that are not there as they are; those that are too many go."""
    where = "WHERE account = ? AND kind = ? AND place = ?"
    held = dict(db.execute(f"SELECT part, sum FROM parts {where}", key).fetchall())
    for part, (rows, checksum) in enumerate(zip(parts, sums, strict=True)):
        if held.get(part) != checksum:
            db.execute(
                "INSERT OR REPLACE INTO parts (account, kind, place, part, rows, sum)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (*key, part, rows, checksum),
            )
    db.execute(f"DELETE FROM parts {where} AND part >= ?", (*key, len(parts)))


def _signature(sums: Sequence[int]) -> int:
    """What parts that belong together have in common; 0 for none."""
    return zlib.crc32(repr(list(sums)).encode()) or 1 if sums else 0


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
        " sum(size) OVER (ORDER BY at DESC, rowid DESC) AS newer FROM"
        " (SELECT rowid, at, length(rows) + (SELECT ifnull(sum(length(p.rows)), 0) FROM parts p"
        " WHERE (p.account, p.kind, p.place) = (a.account, a.kind, a.place)) AS size"
        " FROM answers a)) WHERE newer > ?)",
        (most,),
    )
    db.execute(
        "DELETE FROM parts WHERE (account, kind, place) NOT IN"
        " (SELECT account, kind, place FROM answers)"
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
    db.execute("DELETE FROM parts")
    db.execute("DELETE FROM visits")


def _moment(at: datetime) -> str:
    """As text that sorts as time does: all moments are in UTC."""
    return at.isoformat(timespec="microseconds")
