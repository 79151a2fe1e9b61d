"""Pinned metrics: by experiment, from one start to the next, whatever is in the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from amltui.feeds.pins import MOST, Pins


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "pins.json"


def test_pins_are_kept_by_experiment_until_they_are_taken_back(file: Path):
    """In the order they were pinned; another program started later has them."""
    pins = Pins(lambda: file)
    assert pins.of("cifar") == ()
    for name in ("val/loss", "lr", "val/loss", "acc"):
        assert pins.toggle("cifar", name)
    later = Pins(lambda: file)
    assert later.of("cifar") == ("lr", "acc")
    assert later.of("other") == ()
    assert file.stat().st_mode & 0o077 == 0
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_two_dashboards_do_not_undo_each_other(file: Path):
    """Each reads before it writes."""
    one, other = Pins(lambda: file), Pins(lambda: file)
    one.of("a"), other.of("a")
    one.toggle("a", "loss")
    other.toggle("b", "acc")
    again = Pins(lambda: file)
    assert (again.of("a"), again.of("b")) == (("loss",), ("acc",))


@pytest.mark.parametrize("junk", ["", "{", "[1]", '{"a": 3, "b": ["x", 4]}'])
def test_a_file_that_is_not_ours_is_no_reason_to_fail(file: Path, junk: str):
    """What can be read of it is; pinning replaces the rest."""
    file.parent.mkdir()
    file.write_text(junk, encoding="utf-8")
    pins = Pins(lambda: file)
    assert pins.of("a") == ()
    assert pins.toggle("a", "loss")
    assert Pins(lambda: file).of("a") == ("loss",)


def test_where_nothing_can_be_written_pins_last_as_long_as_the_program(tmp_path: Path):
    """And whoever pins is told."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    pins = Pins(lambda: tmp_path / "file" / "pins.json")
    assert not pins.toggle("a", "loss")
    assert pins.of("a") == ("loss",)
    assert Pins().toggle("a", "loss")


def test_old_experiments_leave(file: Path):
    """The file is bounded."""
    file.parent.mkdir()
    file.write_text(json.dumps({f"e{n}": ["x"] for n in range(MOST)}), encoding="utf-8")
    Pins(lambda: file).toggle("new", "loss")
    again = Pins(lambda: file)
    assert again.of("e0") == ()
    assert again.of("e1") == ("x",)
    assert again.of("new") == ("loss",)
