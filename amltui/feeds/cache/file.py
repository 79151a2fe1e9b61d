"""The file itself: opened for a moment each time, by as many amltui as there are.

A rollback journal and not a write-ahead log: home directories of login nodes are network file
systems, where a log that is shared through memory destroys the file.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from amltui.feeds.cache import tables
from amltui.feeds.cache.schema import STEPS, Foreign, Newer, Step, migrate

READING, WRITING = 0.05, 2.0
"""Seconds that are waited for another amltui: the screen waits for what is read."""
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_MISSING = "no such "
"""How SQLite begins where the tables are not those that the version promises."""


class Busy(Exception):
    """Another amltui is at it, and nothing is wrong."""


class Unusable(Exception):
    """The file is of no use to this run; `str()` is a sentence for the user."""


class Damaged(Exception):
    """The file was put aside, so that a new one can be begun; `str()` is a sentence."""


class CacheFile(Struct, frozen=True):
    """Where the cache is. Nothing is made before something is written."""

    path: Path
    steps: Sequence[Step] = STEPS

    @property
    def aside(self) -> Path:
        """Where a damaged file is kept."""
        return self.path.with_name(f"{self.path.name}.damaged")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection for a moment; None where there is no file."""
        if not self.path.exists():
            yield None
            return
        with self._opened(READING) as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in which everything happens or nothing does; makes the file."""
        self._make()
        with self._opened(WRITING) as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    def clear(self) -> int:
        """Forget everything, also what was put aside; how many bytes that was.

        The file stays if it can be written to: another amltui may be about to do so. OSError if it
        can be neither written to nor removed.
        """
        held = sum(each.stat().st_size for each in (self.path, self.aside) if each.exists())
        try:
            if self.path.exists():
                with self.writing() as db:
                    tables.forget(db)
        except Damaged:
            pass
        except Unusable:
            self.path.unlink(missing_ok=True)
        self.aside.unlink(missing_ok=True)
        return held

    @contextmanager
    def _opened(self, patience: float) -> Iterator[sqlite3.Connection]:
        """Busy, Damaged or Unusable for whatever goes wrong in it."""
        db: sqlite3.Connection | None = None
        inode = -1
        try:
            inode = self._own()
            name = f"file:{quote(str(self.path))}?mode=rw"
            db = sqlite3.connect(name, timeout=patience, isolation_level=None, uri=True)
            # After a power cut a cache may be damaged; quitting is not to wait for slow disks.
            db.execute("PRAGMA synchronous = NORMAL")
            migrate(db, self.steps)
            yield db
        except Newer:
            raise self._unusable("a later version of amltui has written it") from None
        except Foreign:
            raise self._put_aside(inode) from None
        except sqlite3.Error as error:
            raise self._trouble(error, inode) from error
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error
        finally:
            if db is not None:
                db.close()

    def _make(self) -> None:
        """The folder and the empty file, for nobody else to read."""
        if self.path.exists():
            return
        try:
            self.path.parent.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE_FILE))
        except FileExistsError:
            pass  # another amltui was faster
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error

    def _own(self) -> int:
        """The file's number; PermissionError if it is another user's. Ours is made private.

        It is looked at and not opened: to close it would end the locks of this whole process.
        """
        held = self.path.stat()
        if hasattr(os, "getuid"):
            if held.st_uid != os.getuid():
                raise PermissionError(1, "it belongs to another user")
            if held.st_mode & 0o077:
                self.path.chmod(PRIVATE_FILE)
        return held.st_ino

    def _trouble(self, error: sqlite3.Error, inode: int) -> Exception:
        # The lowest byte is the reason, the rest its details.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _BUSY:
            return Busy(str(error))
        if code in _DAMAGED or str(error).startswith(_MISSING):
            return self._put_aside(inode)
        return self._unusable(str(error))

    def _put_aside(self, inode: int) -> Exception:
        """Rename it, unless another amltui has done so and begun a new one."""
        try:
            if self.path.stat().st_ino == inode:
                self.path.replace(self.aside)
                # A journal that is left would be played into the next file.
                self.path.with_name(f"{self.path.name}-journal").unlink(missing_ok=True)
        except FileNotFoundError:
            pass
        except OSError as error:
            return self._unusable(error.strerror or str(error))
        return Damaged(f"The cache was damaged: it is now {self.aside}, and a new one is begun")

    def _unusable(self, reason: str) -> Unusable:
        return Unusable(f"The cache {self.path} is not used: {reason}")
