"""Many ranks are followed together, and what is held of them is bounded."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from amltui.domain.log import LogChunk, LogFile
from amltui.feeds import merged_log
from amltui.feeds.merged_log import MOST_FILES, MergedLog
from tests.manual_clock import ManualClock


def line(second: int, rank: int) -> bytes:
    return b"2026-01-01 00:%02d:%02d rank %d\n" % (second // 60, second % 60, rank)


class Service:
    """One growing log for each rank."""

    def __init__(self, ranks: int) -> None:
        paths = [f"user_logs/std_log_process_{rank}.txt" for rank in range(ranks)]
        self.data = dict.fromkeys(paths, b"")

    def grow(self, start: int, stop: int) -> None:
        for rank, path in enumerate(self.data):
            self.data[path] += b"".join(line(second, rank) for second in range(start, stop))

    async def files(self, place: Any, run_id: str) -> tuple[LogFile, ...]:
        return tuple(LogFile(path, f"https://blob/{path}") for path in self.data)

    async def read(self, place: Any, file: LogFile, start: int, most: int = 1 << 22) -> LogChunk:
        data = self.data[file.path]
        return LogChunk(start, data[start : start + most], len(data))


class Instant(ManualClock):
    """Nobody waits."""

    async def wait(self, seconds: float, event: asyncio.Event) -> bool:
        await asyncio.sleep(0)
        return False


def merged_of(service: Service, monkeypatch: pytest.MonkeyPatch) -> MergedLog:
    monkeypatch.setattr("amltui.feeds.log_tail.logs", service)
    files = tuple(LogFile(path, "") for path in service.data)
    made = MergedLog.of(None, "run", files, Instant())  # type: ignore[arg-type]
    made.finish()
    return made


async def test_all_that_has_come_is_in_order(monkeypatch: pytest.MonkeyPatch):
    """When all tails have ended, every line of every rank is there, by time."""
    service = Service(3)
    service.grow(0, 50)
    log = merged_of(service, monkeypatch)
    last = [made async for made in log.changes()][-1]
    texts = [last.window.text(row)[-30:] for row in range(len(last.window))]
    assert len(texts) == 150
    assert texts == sorted(texts)


async def test_what_is_held_is_bounded(monkeypatch: pytest.MonkeyPatch):
    """The oldest lines of each are dropped, and none are read before them any more."""
    monkeypatch.setattr(merged_log, "HELD", 9000)
    monkeypatch.setattr(merged_log, "LEAST", 1000)
    service = Service(3)
    service.grow(0, 500)
    log = merged_of(service, monkeypatch)
    made = [each async for each in log.changes()][-1]
    assert sum(len(each.window.data) for each in log.logs) <= 9000
    assert made.since is not None
    assert made.window.text(len(made.window) - 1).endswith("00:08:19 rank 2")
    while await log.older():
        pass
    assert sum(len(each.window.data) for each in log.logs) <= 9000
    assert all(min(source.times) >= source.window.base for source in log.sources)


async def test_too_many_ranks_are_counted(monkeypatch: pytest.MonkeyPatch):
    """Those that are not followed are told."""
    log = merged_of(Service(MOST_FILES + 3), monkeypatch)
    assert (len(log.logs), log.left_out) == (MOST_FILES, 3)
