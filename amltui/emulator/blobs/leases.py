"""Leases: who has a blob or a container to itself, and for how long."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from uuid import uuid4

from amltui.emulator.blobs.written import Key

_TABLE = """
CREATE TABLE IF NOT EXISTS blob_leases (
    account TEXT, container TEXT, name TEXT, id TEXT, seconds INTEGER, until REAL, broken INTEGER,
    PRIMARY KEY (account, container, name));
"""
_HERE = "account = ? AND container = ? AND name = ?"
INFINITE = -1
LONGEST_BREAK = 60


@dataclass(frozen=True)
class Lease:
    """One that was acquired at some time."""

    id: str
    seconds: int
    """INFINITE, or 15 to 60."""
    until: float
    is_broken: bool = False
    """Whether it ends at `until` for good."""

    def state(self, now: float) -> str:
        if self.until > now:
            return "breaking" if self.is_broken else "leased"
        return "broken" if self.is_broken else "expired"

    def holds(self, now: float) -> bool:
        """Whether nobody else may write."""
        return self.until > now

    def headers(self, now: float) -> dict[str, str]:
        """What is told of it beside the blob."""
        state = self.state(now)
        told = {
            "x-ms-lease-status": "locked" if self.holds(now) else "unlocked",
            "x-ms-lease-state": state,
        }
        if state == "leased":
            told["x-ms-lease-duration"] = "infinite" if self.seconds == INFINITE else "fixed"
        return told


class Refused(Exception):
    """A lease that does not allow this: storage's code."""


class Leases:
    """Leases by account, container and blob; that of a container itself has no blob."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._data = database
        self._data.executescript(_TABLE)

    def get(self, key: Key) -> Lease | None:
        row = self._data.execute(
            f"SELECT id, seconds, until, broken FROM blob_leases WHERE {_HERE}", _parts(key)
        ).fetchone()
        return Lease(row[0], row[1], row[2], bool(row[3])) if row else None

    def of(self, account: str) -> dict[Key, Lease]:
        """All of an account: they are few."""
        rows = self._data.execute(
            "SELECT container, name, id, seconds, until, broken FROM blob_leases WHERE account = ?",
            (account,),
        )
        return {
            Key(account, container, name): Lease(id_, seconds, until, bool(broken))
            for container, name, id_, seconds, until, broken in rows
        }

    def drop(self, key: Key) -> None:
        self._data.execute(f"DELETE FROM blob_leases WHERE {_HERE}", _parts(key))

    def acquire(self, key: Key, wanted: str | None, seconds: int, now: float) -> Lease:
        held = self.get(key)
        if held is not None and held.holds(now) and (held.is_broken or held.id != wanted):
            raise Refused("LeaseAlreadyPresent")
        return self._put(key, Lease(wanted or str(uuid4()), seconds, _end(seconds, now)))

    def renew(self, key: Key, given: str, now: float) -> Lease:
        held = self._held(key, given)
        if held.is_broken:
            raise Refused("LeaseIsBrokenAndCannotBeRenewed")
        return self._put(key, replace(held, until=_end(held.seconds, now)))

    def change(self, key: Key, given: str, wanted: str, now: float) -> Lease:
        held = self.get(key)
        if held is None or not held.holds(now):
            raise Refused("LeaseNotPresentWithLeaseOperation")
        if held.is_broken:
            raise Refused("LeaseIsBreakingAndCannotBeChanged")
        if given not in {held.id, wanted} or (given == wanted and held.id != wanted):
            raise Refused("LeaseIdMismatchWithLeaseOperation")
        return self._put(key, replace(held, id=wanted))

    def release(self, key: Key, given: str) -> None:
        self._held(key, given)
        self.drop(key)

    def end(self, key: Key, period: int | None, now: float) -> int:
        """Break it, now or a little later; the seconds until then."""
        held = self.get(key)
        if held is None:
            raise Refused("LeaseNotPresentWithLeaseOperation")
        left = max(0.0, held.until - now)
        if held.seconds == INFINITE and not held.is_broken:
            left = 0.0 if period is None else float(period)
        elif period is not None:
            left = min(left, float(period))
        self._put(key, replace(held, until=now + left, is_broken=True))
        return round(left)

    def _held(self, key: Key, given: str) -> Lease:
        held = self.get(key)
        if held is None or held.id != given:
            raise Refused("LeaseIdMismatchWithLeaseOperation")
        return held

    def _put(self, key: Key, lease: Lease) -> Lease:
        self._data.execute(
            "INSERT OR REPLACE INTO blob_leases VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*_parts(key), lease.id, lease.seconds, lease.until, int(lease.is_broken)),
        )
        return lease


def _end(seconds: int, now: float) -> float:
    return float("inf") if seconds == INFINITE else now + seconds


def _parts(key: Key) -> tuple[str, str, str]:
    return (key.account, key.container, key.name)
