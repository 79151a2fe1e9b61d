"""The file of the cache: whoever else uses it, whatever is in it, whatever the disk says."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from amltui.feeds.cache import tables
from amltui.feeds.cache.file import Busy, CacheFile, Damaged, Unusable
from amltui.feeds.cache.schema import STEPS
from amltui.feeds.cache.tables import LONGEST, MOST_VISITS, Answer, LastVisit

NOW = datetime(2026, 11, 24, 19, 42, tzinfo=UTC)
MOST = 1_000_000


@pytest.fixture
def file(tmp_path: Path) -> CacheFile:
    return CacheFile(tmp_path / "new" / "cache.sqlite3")


def answer(
    place: str = "ws",
    rows: bytes = b"rows",
    at: datetime = NOW,
    more: bool = False,
    notes: tuple[str, ...] = (),
) -> Answer:
    return Answer("kim", "job", place, at, "1", rows, more, notes)


def write(file: CacheFile, *answers: Answer, most: int = MOST) -> None:
    with file.writing() as db:
        for each in answers:
            tables.keep(db, each)
        tables.prune(db, NOW, most)


def read(file: CacheFile, account: str = "kim", kind: str = "job") -> list[Answer]:
    with file.reading() as db:
        return [] if db is None else tables.answers(db, account, kind)


def test_what_is_written_is_read_by_account_and_kind(file: CacheFile):
    """Nothing is there before, and nothing of it is another account's or another kind's."""
    assert read(file) == []
    assert not file.path.parent.exists()
    told = answer(more=True, notes=("times are missing",))
    write(file, told)
    assert read(file) == [told]
    assert read(file, account="li") == read(file, kind="model") == []


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such modes")
def test_nobody_else_may_read_it(file: CacheFile):
    """Folder and file are the owner's alone, whatever the umask; a file that was open is closed."""
    before = os.umask(0)
    try:
        write(file, answer())
    finally:
        os.umask(before)
    assert file.path.parent.stat().st_mode & 0o777 == 0o700
    assert file.path.stat().st_mode & 0o777 == 0o600
    file.path.chmod(0o644)
    read(file)
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_another_user_s_file_is_left_alone(file: CacheFile, monkeypatch: pytest.MonkeyPatch):
    """What somebody else has put there is neither shown nor written to."""
    write(file, answer())
    monkeypatch.setattr(os, "getuid", lambda: file.path.stat().st_uid + 1)
    with pytest.raises(Unusable, match="belongs to another user"):
        read(file)


def test_the_later_answer_stays(file: CacheFile):
    """Of two amltui the one that was told later is right, whoever writes last."""
    late = answer(rows=b"late", at=NOW)
    write(file, late)
    write(file, answer(rows=b"early", at=NOW - timedelta(seconds=5)))
    assert read(file) == [late]
    write(file, answer(rows=b"late", at=NOW + timedelta(seconds=5)))
    assert read(file)[0].at == NOW + timedelta(seconds=5)


def test_rows_that_are_not_as_they_were_written_are_left_out(file: CacheFile):
    """A bit that fell over on the disk is no news of a job."""
    write(file, answer("a"), answer("b"))
    with file.writing() as db:
        db.execute("UPDATE answers SET rows = ? WHERE place = 'a'", (b"rowt",))
    assert [each.place for each in read(file)] == ["b"]


def test_the_file_stays_within_its_bound(file: CacheFile):
    """The oldest answers make room for new ones, and the file shrinks with what is in it."""
    for age in range(20):
        old = answer(f"ws-{age:02}", os.urandom(100_000), NOW - timedelta(hours=20 - age))
        write(file, old, most=500_000)
    assert [each.place for each in read(file)] == [f"ws-{age}" for age in range(15, 20)]
    assert file.path.stat().st_size < 700_000


def test_a_long_list_counts_with_all_its_parts(file: CacheFile):
    """The bound is one of the file; what goes, goes with all that belongs to it."""
    write(file, replace(answer("long", b"top"), rest=(os.urandom(400_000),)))
    write(file, answer("short", os.urandom(200_000), NOW + timedelta(hours=1)), most=500_000)
    assert [each.place for each in read(file)] == ["short"]
    with file.reading() as db:
        assert db is not None
        assert db.execute("SELECT count(*) FROM parts").fetchone() == (0,)


def test_what_is_very_old_is_forgotten(file: CacheFile):
    """A month-old list says nothing; entrances nobody uses any more go, too."""
    with file.writing() as db:
        tables.keep(db, answer("old", at=NOW - LONGEST - timedelta(seconds=1)))
        tables.keep(db, answer("new"))
        for number in range(MOST_VISITS + 5):
            at = NOW + timedelta(seconds=number)
            tables.enter(db, LastVisit(f"way {number}", "kim", at, "1", b""))
        tables.prune(db, NOW, MOST)
        assert tables.visit(db, "way 4") is None
        assert tables.visit(db, "way 5") is not None
    assert [each.place for each in read(file)] == ["new"]


@pytest.mark.parametrize("damage", ["text", "a page", "another program's", "no tables"])
def test_a_damaged_file_is_put_aside(damage: str, file: CacheFile):
    """Its bytes are kept, a sentence says where, and a new file works at once."""
    write(file, answer(rows=b"x" * 50_000))
    if damage == "text":
        file.path.write_bytes(b"not a database, but long enough to be taken for one " * 40)
    elif damage == "a page":
        held = bytearray(file.path.read_bytes())
        held[4096:] = b"\xff" * (len(held) - 4096)
        file.path.write_bytes(held)
    else:
        with sqlite3.connect(file.path) as db:
            if damage == "another program's":
                db.execute("PRAGMA application_id = 5")
            else:
                db.execute("DROP TABLE answers")
        db.close()
    bytes_before = file.path.read_bytes()
    with pytest.raises(Damaged, match=r"cache\.sqlite3\.damaged"):
        read(file)
    assert file.aside.read_bytes() == bytes_before
    write(file, answer())
    assert len(read(file)) == 1


def test_a_file_that_was_replaced_meanwhile_is_not_put_aside(file: CacheFile):
    """Another amltui saw the damage first and has begun a new file: that one is good."""
    write(file, answer())
    good = file.path.read_bytes()

    def read_while_it_is_replaced() -> None:
        with file.reading() as db:
            assert db is not None
            file.path.rename(file.aside)
            file.path.write_bytes(good)
            db.execute("SELECT * FROM nowhere")

    with pytest.raises(Damaged):
        read_while_it_is_replaced()
    assert file.path.read_bytes() == good


STEP = ("ALTER TABLE answers ADD COLUMN remark TEXT",)


def test_an_older_file_is_brought_up_to_date(file: CacheFile):
    """Its rows stay."""
    write(file, answer())
    later = CacheFile(file.path, (*STEPS, STEP))
    assert read(later) == [answer()]
    with later.writing() as db:
        db.execute("UPDATE answers SET remark = 'new'")


def test_a_step_that_fails_changes_nothing(file: CacheFile):
    """A migration happens as a whole, and its file is still good for the version before."""
    write(file, answer())
    broken = CacheFile(file.path, (*STEPS, (*STEP, "INSERT INTO answers VALUES (1)")))
    with pytest.raises(Unusable):
        read(broken)
    assert read(file) == [answer()]


def test_a_later_version_s_file_is_left_alone(file: CacheFile):
    """Said in a sentence; the file is as it was."""
    write(CacheFile(file.path, (*STEPS, STEP)), answer())
    held = file.path.read_bytes()
    with pytest.raises(Unusable, match="later version"):
        read(file)
    with pytest.raises(Unusable, match="later version"):
        write(file, answer("more"))
    assert file.path.read_bytes() == held


def test_a_folder_that_cannot_be_made(tmp_path: Path):
    """A sentence that names file and reason."""
    (tmp_path / "file").write_text("")
    file = CacheFile(tmp_path / "file" / "cache.sqlite3")
    with pytest.raises(Unusable, match=r"cache\.sqlite3 is not used: Not a directory"):
        write(file, answer())


def test_one_that_is_being_written_to_is_not_waited_for_by_a_reader(file: CacheFile):
    """The screen is not kept waiting for another amltui."""
    write(file, answer())
    db = sqlite3.connect(file.path, isolation_level=None)
    try:
        db.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Busy):
            read(file)
    finally:
        db.close()
    assert len(read(file)) == 1


PROGRAM = """
import sys
from tests.feeds.cache.test_file import *
file = CacheFile(Path(sys.argv[1]))
for number in range(30):
    write(file, answer(f"{sys.argv[2]}-{number}", bytes(10_000)), answer("shared", bytes(number)))
"""


def test_two_at_once_lose_nothing(file: CacheFile):
    """Both make the file, both write, and all of it is there and sound afterwards."""
    line = [sys.executable, "-c", PROGRAM, str(file.path)]
    running = [
        subprocess.Popen([*line, name], stderr=subprocess.PIPE, text=True) for name in ("a", "b")
    ]
    said = [each.communicate(timeout=60)[1] for each in running]
    assert said == ["", ""]
    expected = {f"{name}-{number}" for name in "ab" for number in range(30)} | {"shared"}
    assert {each.place for each in read(file)} == expected
    with file.reading() as db:
        assert db is not None
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


FULL = """
import resource, sys
from tests.feeds.cache.test_file import *
file = CacheFile(Path(sys.argv[1]))
write(file, answer("before"))
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
try:
    write(file, answer("big", bytes(200_000)))
except Unusable as trouble:
    print(trouble)
print([each.place for each in read(file)])
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows limits no file's size")
def test_a_disk_that_is_full(file: CacheFile):
    """A sentence, and what was there before is still there."""
    ended = subprocess.run(
        [sys.executable, "-c", FULL, str(file.path)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.stderr == ""
    told, left = ended.stdout.splitlines()
    assert "is not used: " in told
    assert left == "['before']"


def test_clearing_forgets_everything(file: CacheFile):
    """No byte of a row is left, in the file or beside it, and the file can be used on."""
    long = replace(answer(rows=b"a very private row" * 1000), rest=(b"private" * 1000,))
    write(file, long, answer("small", b"private"))
    file.aside.write_bytes(b"a very private row")
    assert file.clear() > 18_000
    left = b"".join(each.read_bytes() for each in file.path.parent.iterdir())
    assert b"private" not in left
    assert read(file) == []
    write(file, answer())
    assert len(read(file)) == 1


@pytest.mark.parametrize("damaged", [True, False])
def test_clearing_what_cannot_be_read(damaged: bool, file: CacheFile):
    """A damaged file and one of a later version go as well; where none is, nothing is made."""
    assert file.clear() == 0
    assert not file.path.exists()
    write(CacheFile(file.path, (*STEPS, STEP)), answer(rows=b"private"))
    if damaged:
        file.path.write_bytes(b"private " * 1000)
    assert file.clear() > 0
    assert not [each for each in file.path.parent.iterdir() if b"private" in each.read_bytes()]
