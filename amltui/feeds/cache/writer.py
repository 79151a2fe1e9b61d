"""Writing beside the event loop: gathered, seldom, and at the end of the program."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from operator import is_
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from amltui.feeds.cache import tables
from amltui.feeds.cache.codec import Codec
from amltui.feeds.cache.file import Busy, CacheFile, Damaged, Unusable
from amltui.feeds.cache.tables import Answer, LastVisit

FIRST, EVERY = 2.0, 60.0
"""Seconds in which news is gathered before it is written: at the start, and later on."""
SHARE = 50.0
"""Times as long as a long writing took nothing is written: it takes time from the keyboard."""
MOST = 64_000_000
"""Bytes of rows in the whole file, and half of it in one answer."""


FIRST_ROWS = 200
"""Rows that are read before the first paint: more than any screen shows."""
PART = 500
"""Rows behind them that are read, and written where one of them has changed, at once."""
MOST_ROWS = 100_000
"""Of one list. 10,000 jobs take half a megabyte."""


class Part(Struct, frozen=True):
    """Some rows as they were written the last time."""

    items: tuple[Any, ...]
    rows: bytes

    def holds(self, items: tuple[Any, ...]) -> bool:
        """Whether these are the very same."""
        return len(items) == len(self.items) and all(map(is_, items, self.items))


class Told(Struct, frozen=True):
    """An answer whose rows are not yet text."""

    answer: Answer
    codec: Codec[Any]
    items: tuple[Any, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.answer.account, self.answer.kind, self.answer.place)

    def encoded(self, known: list[Part]) -> Answer:
        """The answer with its rows; `known` are the parts of the last time, and then of this."""
        items = self.items[:MOST_ROWS]
        rest = items[FIRST_ROWS:]
        fresh = []
        for number, stop in enumerate(range(len(rest), 0, -PART)):
            piece = rest[max(0, stop - PART) : stop]
            if number < len(known) and known[number].holds(piece):
                fresh.append(known[number])
            else:
                fresh.append(Part(piece, self.codec.encode(piece)))
        known[:] = fresh
        first = self.codec.encode(items[:FIRST_ROWS])
        return replace(self.answer, rows=first, rest=tuple(part.rows for part in fresh))


class Writer(Struct):
    """Takes what is to be kept, and keeps the newest of it. A thread of its own writes.

    A daemon, because a program that is to end does not wait for a slow disk.
    """

    file: CacheFile
    on_trouble: Callable[[str], None]
    now: Callable[[], datetime]
    most: int = MOST
    first: float = FIRST
    every: float = EVERY
    _answers: dict[tuple[str, str, str], Told] = field(default_factory=dict)
    _parts: dict[tuple[str, str, str], list[Part]] = field(default_factory=dict)
    """What has been written of long lists."""
    _visit: LastVisit | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _leaving: threading.Event = field(default_factory=threading.Event)
    _news: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _useless: bool = False

    def keep(self, told: Told) -> None:
        """Rows that have just been answered."""
        with self._lock:
            self._answers[told.key] = told
        self._wake()

    def enter(self, last: LastVisit) -> None:
        """Where the user is now."""
        with self._lock:
            self._visit = last
        self._wake()

    def leave(self, patience: float) -> None:
        """Write what is left, for so many seconds at the most; what is not done then is lost."""
        self._leaving.set()
        self._news.set()
        if self._thread is not None:
            self._thread.join(patience)

    def _wake(self) -> None:
        if self._useless:
            return
        self._news.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="amltui-cache", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        pause = self.first
        while not self._useless:
            self._news.wait()
            self._leaving.wait(pause)
            self._news.clear()
            leaving = self._leaving.is_set()
            began = time.monotonic()
            self._flush()
            pause = max(self.every, SHARE * (time.monotonic() - began))
            if leaving:
                return

    def _flush(self) -> None:
        """Write what there is; on a damaged file once more, on a new one."""
        with self._lock:
            answers, self._answers = self._answers, {}
            visit, self._visit = self._visit, None
        for _ in range(2):
            try:
                # First what takes no time: the program may be about to end.
                self._write((), visit)
                encoded = (
                    told.encoded(self._parts.setdefault(told.key, [])) for told in answers.values()
                )
                self._write([each for each in encoded if each.size <= self.most // 2], None)
                return
            except Damaged as damage:
                self.on_trouble(str(damage))
            except Unusable as trouble:
                self._useless = True
                self.on_trouble(str(trouble))
                return
            except Busy:
                self._put_back(answers, visit)
                return

    def _write(self, answers: Sequence[Answer], visit: LastVisit | None) -> None:
        if not answers and visit is None:
            return
        with self.file.writing() as db:
            for each in answers:
                tables.keep(db, each)
            if visit is not None:
                tables.enter(db, visit)
            tables.prune(db, self.now(), self.most)

    def _put_back(self, answers: dict[tuple[str, str, str], Told], visit: LastVisit | None) -> None:
        """For the next time, unless there is something newer already."""
        with self._lock:
            self._answers = {**answers, **self._answers}
            self._visit = self._visit or visit
        self._news.set()
