"""What one run tells the next: of this account, of this entrance, written beside the loop."""

from __future__ import annotations

import sqlite3
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.listing import Listing
from amltui.feeds.cache.file import Busy, CacheFile
from amltui.feeds.cache.memory import LEAVING, Memory, Visit
from amltui.feeds.cache.writer import FIRST_ROWS
from amltui.feeds.store import Store
from tests.manual_clock import ManualClock
from tests.waiting import PATIENCE, wait_until

PLACE = WorkspaceId("sub", "rg", "ws")


class Thing(Struct, frozen=True):
    name: str
    key: str = ""


class LaterThing(Struct, frozen=True):
    name: str
    key: str = ""
    size: int = 0


THINGS = (Thing("a"), Thing("b"))
HERE = Visit("thing", (PLACE,), PLACE, "a", text="x", column="NAME", descending=True)


@pytest.fixture
def file(tmp_path: Path) -> CacheFile:
    return CacheFile(tmp_path / "cache.sqlite3")


def started(
    file: CacheFile, entrance: str = "here", thing: type = Thing, **options: float
) -> Memory:
    return Memory(file, entrance, {"thing": thing}.get, ManualClock(), **options)


def left(file: CacheFile, account: str | None = "kim", entrance: str = "here") -> None:
    """A run that was told of things, and was left."""
    memory = started(file, entrance)
    memory.signed_in(account)
    memory.keep("thing", "ws", Listing(THINGS, True, ("a note",)), ManualClock().now())
    memory.stand(HERE)
    memory.leave(PATIENCE)


def test_the_next_run_knows_where_it_was_and_what_was_there(file: CacheFile):
    """Rows, moment, whether there were more, notes; as what they are: recalled."""
    left(file)
    memory = started(file)
    assert memory.last_visit() == HERE
    found = memory.recall("thing", ["ws", "elsewhere"])
    assert list(found) == ["ws"]
    assert found["ws"].items == THINGS
    assert (found["ws"].at, found["ws"].more, found["ws"].notes) == (
        ManualClock().now(),
        True,
        ("a note",),
    )
    assert found["ws"].recalled


def test_before_the_first_run_nothing_is_known(file: CacheFile):
    """And nothing is made by asking."""
    memory = started(file)
    assert memory.last_visit() is None
    assert memory.recall("thing", ["ws"]) == {}
    memory.leave()
    assert not file.path.exists()


def test_another_account_s_rows_are_gone_with_the_sign_in(file: CacheFile):
    """What the entrance led to was a guess; who signs in is none."""
    left(file)
    memory = started(file)
    memory.last_visit()
    assert memory.recall("thing", ["ws"])
    assert not memory.signed_in("li")
    assert memory.recall("thing", ["ws"]) == {}
    assert memory.signed_in("li")


def test_one_account_s_rows_are_found_by_every_entrance_after_the_sign_in(file: CacheFile):
    """Rows belong to the account; only the place that was left belongs to the entrance."""
    left(file)
    memory = started(file, entrance="with --workspace")
    assert memory.last_visit() is None
    assert memory.recall("thing", ["ws"]) == {}
    assert memory.signed_in("kim")
    assert memory.recall("thing", ["ws"])["ws"].items == THINGS


def test_whom_nobody_can_tell_is_nobody(file: CacheFile):
    """Without a name for the account nothing is kept."""
    left(file, account=None)
    assert not file.path.exists()


def test_rows_of_another_version_are_left_alone(file: CacheFile):
    """A type that has changed is not read into: the list is asked for as on the first day."""
    left(file)
    memory = started(file, thing=LaterThing)
    assert memory.last_visit() == HERE
    assert memory.recall("thing", ["ws"]) == {}


async def test_a_feed_begins_with_what_is_remembered_and_tells_what_it_hears(file: CacheFile):
    """First the old rows, then the answer; the answer is what the next run finds."""
    left(file)
    memory = started(file)
    memory.last_visit()
    memory.signed_in("kim")
    clock = ManualClock()
    await clock.advance(60)

    async def question() -> Listing[Thing]:
        return Listing((Thing("new"),))

    board = Store(clock, memory=memory).board("thing", {"ws": question}, lambda items: 10.0)
    (feed,) = board.feeds.values()
    snapshots = feed.snapshots()
    first, second = await anext(snapshots), await anext(snapshots)
    assert (first.items, first.recalled) == (THINGS, True)
    assert (second.items, second.recalled) == ((Thing("new"),), False)
    memory.leave(PATIENCE)
    again = started(file)
    again.last_visit()
    found = again.recall("thing", ["ws"])["ws"]
    assert found.items == (Thing("new"),)
    assert found.at == clock.now() == ManualClock().now() + timedelta(seconds=60)


async def test_it_is_written_without_being_left(file: CacheFile):
    """A run whose terminal is killed has told its rows before."""
    memory = started(file, first=0.0)
    memory.signed_in("kim")
    memory.keep("thing", "ws", Listing(THINGS), ManualClock().now())
    await wait_until(lambda: file.path.exists() and _rows(file) == 1)


def _rows(file: CacheFile) -> int:
    """How many answers are in the file; none as long as it is being written to."""
    try:
        with file.reading() as db:
            assert db is not None
            return int(db.execute("SELECT count(*) FROM answers").fetchone()[0])
    except Busy:
        return 0


def test_leaving_does_not_wait_for_another_amltui(file: CacheFile):
    """Somebody writes for long: this run ends in time, and without what it would have written."""
    left(file)
    holding = sqlite3.connect(file.path, isolation_level=None)
    try:
        holding.execute("BEGIN EXCLUSIVE")
        memory = started(file)
        memory.signed_in("kim")
        memory.keep("thing", "ws", Listing(()), ManualClock().now())
        began = time.monotonic()
        memory.leave()
        assert time.monotonic() - began < LEAVING + 1
        assert memory._writer._thread is not None
        assert memory._writer._thread.daemon
    finally:
        holding.close()


async def test_what_could_not_be_written_is_written_later(file: CacheFile):
    """Another amltui was at it: nothing is said, and nothing is lost."""
    left(file)
    holding = sqlite3.connect(file.path, isolation_level=None, check_same_thread=False)
    told: list[str] = []
    memory = started(file, first=0.0)
    memory.listen(told.append)
    memory.signed_in("kim")
    holding.execute("BEGIN EXCLUSIVE")
    memory.keep("thing", "other", Listing(THINGS), ManualClock().now())
    memory._writer._news.wait(PATIENCE)
    holding.close()
    memory.leave(PATIENCE)
    assert told == []
    assert _rows(file) == 2


def test_trouble_is_told_once_also_to_who_listens_late(tmp_path: Path):
    """A file that cannot be made is one sentence, however often something is to be kept."""
    (tmp_path / "file").write_text("")
    memory = started(CacheFile(tmp_path / "file" / "cache.sqlite3"), first=0.0)
    memory.signed_in("kim")
    for _ in range(3):
        memory.keep("thing", "ws", Listing(THINGS), ManualClock().now())
    memory.leave(PATIENCE)
    memory.keep("thing", "ws", Listing(THINGS), ManualClock().now())
    told: list[str] = []
    memory.listen(told.append)
    assert len(told) == 1
    assert "is not used: Not a directory" in told[0]


def test_an_answer_that_would_fill_the_file_is_not_kept(file: CacheFile):
    """One list that is too long does not push out all the others."""
    left(file)
    memory = started(file)
    memory._writer.most = 1000
    memory.signed_in("kim")
    many = tuple(Thing(str(uuid4())) for _ in range(100))
    memory.keep("thing", "big", Listing(many), ManualClock().now())
    memory.leave(PATIENCE)
    assert list(started_as(file, "kim").recall("thing", ["ws", "big"])) == ["ws"]


def started_as(file: CacheFile, account: str) -> Memory:
    memory = started(file)
    memory.signed_in(account)
    return memory


def kept(memory: Memory, things: tuple[Thing, ...]) -> None:
    memory.keep("thing", "ws", Listing(things), ManualClock().now())


def whole(memory: Memory) -> tuple[Thing, ...]:
    """What is recalled once all of it has been read."""
    memory.join(memory.behind())
    return memory.recall("thing", ["ws"])["ws"].items


MANY = tuple(Thing(f"thing {number}", str(number)) for number in range(1800))


def test_of_a_long_list_the_first_rows_are_there_at_once_and_the_rest_later(file: CacheFile):
    """The first paint waits for a screenful; in the end every row is there, in its order."""
    memory = started_as(file, "kim")
    kept(memory, MANY)
    memory.leave(PATIENCE)
    memory = started_as(file, "kim")
    assert memory.recall("thing", ["ws"])["ws"].items == MANY[:FIRST_ROWS]
    assert whole(memory) == MANY
    assert whole(memory) == MANY


def test_a_new_row_on_top_leaves_most_of_a_long_list_as_it_was_written(file: CacheFile):
    """What a minute costs is what has changed in it, and not the length of the list."""
    memory = started_as(file, "kim")
    memory._writer.first = memory._writer.every = 0
    kept(memory, MANY)
    memory.leave(PATIENCE)
    parts = _parts(file)
    memory = started_as(file, "kim")
    kept(memory, (Thing("new"), *MANY))
    memory.leave(PATIENCE)
    assert len(parts) == 4
    assert _parts(file)[:3] == parts[:3]
    assert whole(started_as(file, "kim")) == (Thing("new"), *MANY)
    memory = started_as(file, "kim")
    kept(memory, MANY[:300])
    memory.leave(PATIENCE)
    assert whole(started_as(file, "kim")) == MANY[:300]


def test_a_long_list_of_which_a_part_is_damaged_has_its_first_rows(file: CacheFile):
    """Rows that are missing in the middle would look as if they had never been."""
    memory = started_as(file, "kim")
    kept(memory, MANY)
    memory.leave(PATIENCE)
    with file.writing() as db:
        db.execute("UPDATE parts SET rows = x'00' WHERE part = 1")
    assert whole(started_as(file, "kim")) == MANY[:FIRST_ROWS]


def test_the_rest_of_a_list_that_was_answered_meanwhile_is_of_no_use(file: CacheFile):
    """What the service has just said is not made older again; nor is it shown to another."""
    memory = started_as(file, "kim")
    kept(memory, MANY)
    memory.leave(PATIENCE)
    memory = started_as(file, "kim")
    behind = memory.behind()
    memory.recall("thing", ["ws"])
    kept(memory, MANY[:1])
    memory.join(behind)
    assert memory.recall("thing", ["ws"]) == {}
    other = started_as(file, "li")
    other.join(behind)
    assert other.recall("thing", ["ws"]) == {}


def _parts(file: CacheFile) -> list[bytes]:
    with file.reading() as db:
        assert db is not None
        return [rows for (rows,) in db.execute("SELECT rows FROM parts ORDER BY part")]
