"""A log is read on from where it ended, through expired links, failures and silence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from amltui.azure.errors import LinkExpired, NotFound, ServiceBroken, Throttled
from amltui.domain.log import LogChunk, LogFile
from amltui.feeds.log_tail import LONGEST, LONGEST_BACKOFF, SHORTEST, LogTail, Tail
from tests.manual_clock import ManualClock
from tests.stage import Stage

PATH = "user_logs/std_log.txt"


class Service:
    """One growing file, the links to it, and what is to go wrong."""

    def __init__(self, data: bytes = b"", *, page: int = 1000) -> None:
        self.data = data
        self.page = page
        self.looked_up = 0
        self.asked: list[tuple[str, int]] = []
        self.wrong: list[Exception] = []
        self.paths = [PATH]
        self.made: str | None = "Mon, 01 Jan 2026 00:00:00 GMT"

    async def files(self, place: Any, run_id: str) -> tuple[LogFile, ...]:
        self.looked_up += 1
        return tuple(LogFile(path, f"https://blob/{path}?{self.looked_up}") for path in self.paths)

    async def read(self, place: Any, file: LogFile, start: int, most: int = 1 << 22) -> LogChunk:
        self.asked.append((file.url, start))
        if self.wrong:
            raise self.wrong.pop(0)
        stop = start + min(self.page, most)
        return LogChunk(start, self.data[start:stop], len(self.data), self.made)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    made = Service()
    monkeypatch.setattr("amltui.feeds.log_tail.logs", made)
    return made


def tail(clock: ManualClock) -> LogTail:
    return LogTail(None, "run", PATH, clock)  # type: ignore[arg-type]


async def next_of(tails: AsyncIterator[Tail], clock: ManualClock, seconds: float = 0.0) -> Tail:
    """The next piece, letting `seconds` pass while it is awaited."""
    task = asyncio.ensure_future(anext(tails))
    for _ in range(20):
        await asyncio.sleep(0)
    if not task.done():
        await clock.advance(seconds)
    return await asyncio.wait_for(task, 1)


async def test_each_piece_begins_where_the_last_one_ended(service: Service):
    """No byte twice, none left out."""
    clock = ManualClock()
    service.data = b"one\n"
    tails = tail(clock).tails()
    assert (await next_of(tails, clock)).data == b"one\n"
    service.data += b"two\n"
    assert (await next_of(tails, clock, SHORTEST)).data == b"two\n"
    assert [start for _, start in service.asked] == [0, 4]


async def test_a_long_file_is_read_without_a_pause_between_its_pieces(service: Service):
    """Megabytes that are there already are not worth waiting for."""
    clock = ManualClock()
    service.data, service.page = b"x" * 25, 10
    tails = tail(clock).tails()
    read = [(await next_of(tails, clock)).data for _ in range(3)]
    assert b"".join(read) == service.data
    assert clock.waits == []


async def test_silence_is_asked_about_less_and_less_and_a_new_line_often_again(service: Service):
    """Two seconds while it grows, ten when nothing comes."""
    clock = ManualClock()
    service.data = b"one\n"
    tails = tail(clock).tails()
    await next_of(tails, clock)
    waiting = asyncio.ensure_future(anext(tails))
    for _ in range(12):
        await clock.advance(LONGEST)
    assert clock.waits[0] == SHORTEST
    assert clock.waits == sorted(clock.waits)
    assert clock.waits[-1] == LONGEST
    service.data += b"two\n"
    await clock.advance(LONGEST)
    assert (await waiting).data == b"two\n"
    again = asyncio.ensure_future(anext(tails))
    await clock.advance(0)
    assert clock.waits[-1] == SHORTEST
    again.cancel()


async def test_an_expired_link_is_renewed_and_reading_goes_on(service: Service):
    """The reader gets bytes, no error."""
    clock = ManualClock()
    service.data = b"one\n"
    tails = tail(clock).tails()
    await next_of(tails, clock)
    service.data += b"two\n"
    service.wrong = [LinkExpired("expired")]
    piece = await next_of(tails, clock, SHORTEST)
    assert (piece.data, piece.error) == (b"two\n", None)
    assert service.looked_up == 2
    assert service.asked[-1] == (f"https://blob/{PATH}?2", 4)


async def test_a_failure_is_told_with_when_bytes_last_came_and_then_a_recovery(service: Service):
    """Also a recovery without new bytes is news."""
    clock = ManualClock()
    service.data = b"one\n"
    tails = tail(clock).tails()
    first = await next_of(tails, clock)
    service.wrong = [ServiceBroken("502"), ServiceBroken("502")]
    failed = await next_of(tails, clock, SHORTEST)
    assert str(failed.error) == "502"
    assert failed.at == first.at
    assert str((await next_of(tails, clock, 5)).error) == "502"
    recovered = await next_of(tails, clock, 10)
    assert (recovered.error, recovered.data, recovered.at) == (None, b"", first.at)
    assert clock.waits[-1] > clock.waits[-2]


async def test_the_pause_a_service_asks_for_is_kept(service: Service):
    """Retry-After beats the own back-off."""
    clock = ManualClock()
    service.wrong = [Throttled("slow down", retry_after=45)]
    tails = tail(clock).tails()
    await next_of(tails, clock)
    waiting = asyncio.ensure_future(anext(tails))
    await clock.advance(1)
    assert clock.waits == [45]
    waiting.cancel()


async def test_a_file_that_is_not_there_is_an_error_that_may_pass(service: Service):
    """The file of a job that has only begun comes later."""
    clock = ManualClock()
    service.paths = []
    tails = tail(clock).tails()
    assert isinstance((await next_of(tails, clock)).error, NotFound)
    service.paths, service.data = [PATH], b"one\n"
    assert (await next_of(tails, clock, 5)).data == b"one\n"


async def test_an_empty_file_is_told_once(service: Service):
    """So that the reader can say that there is nothing yet."""
    clock = ManualClock()
    tails = tail(clock).tails()
    piece = await next_of(tails, clock)
    assert (piece.data, piece.size) == (b"", 0)
    waiting = asyncio.ensure_future(anext(tails))
    await clock.advance(60)
    await clock.advance(60)
    assert not waiting.done()
    waiting.cancel()


async def test_the_tail_of_a_job_that_is_over_ends_with_the_file(service: Service):
    """What was written at the very end is still read."""
    clock = ManualClock()
    service.data = b"one\n"
    followed = tail(clock)
    tails = followed.tails()
    await next_of(tails, clock)
    followed.final = True
    service.data += b"last\n"
    assert (await next_of(tails, clock, SHORTEST)).data == b"last\n"
    ended = asyncio.ensure_future(anext(tails, None))
    await asyncio.sleep(0.01)
    await clock.advance(LONGEST)
    assert await asyncio.wait_for(ended, 1) is None


async def test_a_long_file_begins_with_its_end(service: Service):
    """A gigabyte is not read to show its last lines; then every new byte comes."""
    clock = ManualClock()
    service.data, service.page = b"x" * 500_000 + b"end\n", 1 << 22
    followed = tail(clock)
    followed.from_end = 100_000
    tails = followed.tails()
    piece = await next_of(tails, clock)
    assert (piece.start, piece.data) == (400_004, service.data[400_004:])
    assert (piece.size, followed.size) == (500_004, 500_004)
    assert len(service.asked) == 2
    service.data += b"more\n"
    assert (await next_of(tails, clock, SHORTEST)).data == b"more\n"
    older = await followed.read(300_004, 100_000)
    assert older.data == service.data[300_004:400_004]


async def test_a_short_file_is_whole_with_the_first_question(service: Service):
    """Most logs are: the size need not be asked for first."""
    clock = ManualClock()
    service.data = b"one\n"
    followed = tail(clock)
    followed.from_end = 100_000
    assert (await next_of(followed.tails(), clock)).data == b"one\n"
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    ("data", "made"), [(b"other\n", None), (b"much longer, another\n", "later")]
)
async def test_a_file_that_is_not_the_same_any_more_is_read_anew(
    service: Service, data: bytes, made: str | None
):
    """It has become shorter, or was made again: nothing of it is glued to the old lines."""
    clock = ManualClock()
    service.data = b"one, two, three\n"
    tails = tail(clock).tails()
    await next_of(tails, clock)
    service.data, service.made = data, made
    piece = await next_of(tails, clock, SHORTEST)
    assert (piece.anew, piece.start, piece.data) == (True, 0, data)
    service.data += b"more\n"
    piece = await next_of(tails, clock, SHORTEST)
    assert (piece.anew, piece.data) == (False, b"more\n")


async def test_a_file_that_was_emptied_is_told(service: Service):
    """The old lines are gone although there are no new ones."""
    clock = ManualClock()
    service.data = b"one\n"
    tails = tail(clock).tails()
    await next_of(tails, clock)
    service.data = b""
    piece = await next_of(tails, clock, SHORTEST)
    assert (piece.anew, piece.data, piece.size) == (True, b"", 0)


async def test_a_storage_that_refuses_new_links_too_is_an_error(service: Service):
    """It says that a new link does not help, and when it is tried again."""
    clock = ManualClock()
    service.wrong = [LinkExpired("the link is no longer accepted") for _ in range(2)]
    piece = await next_of(tail(clock).tails(), clock)
    assert str(piece.error) == "the link is no longer accepted, nor is a new one"
    assert piece.retry_at is not None
    assert (piece.retry_at - clock.now()).total_seconds() == 2


async def test_a_file_that_is_gone_is_looked_for_again(service: Service):
    """It comes back behind another link."""
    clock = ManualClock()
    service.data = b"one\n"
    service.wrong = [NotFound("gone")]
    tails = tail(clock).tails()
    assert isinstance((await next_of(tails, clock)).error, NotFound)
    assert (await next_of(tails, clock, 5)).data == b"one\n"
    assert service.looked_up == 2


async def test_after_hours_without_a_network_it_is_asked_every_half_minute(service: Service):
    """Who comes back from lunch does not wait for minutes."""
    clock = ManualClock()
    service.wrong = [ServiceBroken("no route") for _ in range(200)]
    tails = tail(clock).tails()
    for _ in range(50):
        assert (await next_of(tails, clock, LONGEST_BACKOFF)).error is not None
    assert max(clock.waits) == LONGEST_BACKOFF


async def test_refresh_asks_now(service: Service):
    """A user who does not want to wait need not."""
    clock = ManualClock()
    service.data = b"one\n"
    followed = tail(clock)
    tails = followed.tails()
    await next_of(tails, clock)
    waiting = asyncio.ensure_future(anext(tails))
    await clock.advance(0.1)
    service.data += b"two\n"
    followed.refresh()
    assert (await asyncio.wait_for(waiting, 1)).data == b"two\n"


async def test_a_reader_that_comes_back_reads_on(service: Service):
    """A hidden log is not read again from its start."""
    clock = ManualClock()
    service.data = b"one\n"
    followed = tail(clock)
    await next_of(followed.tails(), clock)
    service.data += b"two\n"
    assert (await next_of(followed.tails(), clock)).data == b"two\n"


async def test_the_log_of_a_running_job_grows_as_the_service_tells_it(stage: Stage, place: Any):
    """Over the wire: what the tail hands out is what the file holds."""
    from amltui.azure import jobs, logs

    running = next(job for job in (await jobs.newest(place, 10)).items if job.is_running)
    file = (await logs.files(place, running.name))[0]
    followed = LogTail(place, running.name, file.path, stage.clock)
    read = b""

    async def follow() -> None:
        nonlocal read
        async for piece in followed.tails():
            read += piece.data

    task = asyncio.ensure_future(follow())
    await stage.until(lambda: read)
    size = len(read)
    await stage.until(lambda: len(read) > size + 500)
    task.cancel()
    whole = (await logs.read(place, file, 0)).data
    assert whole.startswith(read)
