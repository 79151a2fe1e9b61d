"""Operations that are not over, in their file: few writes however many there are, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from amltui.azure.operation import Operation
from amltui.domain.arm_id import WorkspaceId
from amltui.feeds import small_file
from amltui.feeds.operations import InFlight
from amltui.feeds.unfinished import KEPT_FOR, Entry, Unfinished
from tests.stage import START

PLACE = WorkspaceId("s", "g", "ws")
CLOUD = "https://arm"
MANY = 500


def entry(number: int) -> Entry:
    doing = InFlight(f"ci-{number}", f"ci-{number}", "stopping", "stopped", START)
    operation = Operation("stop of ci", "https://arm/status", None, None)
    return Entry(doing, PLACE, operation, CLOUD, START)


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes were written each time."""
    found: list[int] = []
    real = small_file.write

    def write(path: Path, data: bytes) -> None:
        found.append(len(data))
        real(path, data)

    monkeypatch.setattr(small_file, "write", write)
    return found


def names(path: Path) -> set[str]:
    """What another start of the program reads."""
    return {each.action.key for each in Unfinished(lambda: path).of(CLOUD, START)}


async def test_the_first_is_kept_at_once(tmp_path: Path, writes: list[int]):
    """Whoever pulls the plug in the next moment has it in the file."""
    path = tmp_path / "operations.json"
    Unfinished(lambda: path).put(entry(1))
    assert len(writes) == 1
    assert names(path) == {"ci-1"}


async def test_hundreds_in_a_row_are_written_together(tmp_path: Path, writes: list[int]):
    """And so is their end; what is left is what the next start follows."""
    path = tmp_path / "operations.json"
    kept = Unfinished(lambda: path)
    for number in range(MANY):
        kept.put(entry(number))
    kept.flush()
    assert names(path) == {f"ci-{number}" for number in range(MANY)}
    for number in range(MANY - 1):
        kept.drop(f"ci-{number}")
    kept.flush()
    assert names(path) == {f"ci-{MANY - 1}"}
    assert len(writes) < MANY / 5


async def test_what_begins_and_ends_between_two_writes_is_never_in_the_file(
    tmp_path: Path, writes: list[int]
):
    """Nothing is written for it either."""
    path = tmp_path / "operations.json"
    kept = Unfinished(lambda: path)
    kept.put(entry(0))
    before = len(writes)
    kept._rests_until = float("inf")
    kept._noted = {"ci-1": entry(1)}
    kept._noted["ci-1"] = None
    kept.flush()
    assert len(writes) == before
    assert names(path) == {"ci-0"}


async def test_what_is_too_old_to_be_asked_for_leaves_the_file(tmp_path: Path):
    """With the next that is put there."""
    path = tmp_path / "operations.json"
    kept = Unfinished(lambda: path)
    kept.put(entry(0))
    doing = InFlight("later", "later", "stopping", "stopped", START + KEPT_FOR)
    kept.put(Entry(doing, PLACE, entry(0).operation, CLOUD, START + KEPT_FOR))
    kept.flush()
    assert "ci-0" not in path.read_text()
    assert "later" in path.read_text()
