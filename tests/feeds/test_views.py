"""Saved views: kept from one start to the next, and told when they cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from amltui.feeds.views import SavedView, Unkept, Views

VIEW = SavedView("job", "status:failed", "AGE", True, ("NAME", "metrics.acc"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "views.json"


def test_a_view_is_there_in_the_next_program_and_for_nobody_else(file: Path):
    Views(lambda: file).save("bad nights", VIEW)
    assert Views(lambda: file).all() == {"bad nights": VIEW}
    assert file.stat().st_mode & 0o077 == 0
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_two_dashboards_do_not_undo_each_other(file: Path):
    one, other = Views(lambda: file), Views(lambda: file)
    one.save("a", VIEW)
    other.save("b", VIEW)
    assert set(one.all()) == {"a", "b"}
    assert one.forget("a")
    assert not other.forget("a")
    assert set(other.all()) == {"b"}


@pytest.mark.parametrize("text", ["{", "[]", "\x00", '{"a": '])
def test_a_damaged_file_is_told_and_not_written_over(file: Path, text: str):
    """It may be repaired by hand."""
    file.parent.mkdir()
    file.write_text(text)
    for act in (Views(lambda: file).all, lambda: Views(lambda: file).save("a", VIEW)):
        with pytest.raises(Unkept, match=r"remove it to have saved views again"):
            act()
    assert file.read_text() == text


def test_what_is_no_view_is_left_out(file: Path):
    file.parent.mkdir()
    strange = {"a": 1, "b": {}, "c": {"kind": "job", "filter": 3, "columns": [1, "NAME"]}}
    file.write_text(json.dumps(strange))
    assert Views(lambda: file).all() == {"c": SavedView("job", columns=("NAME",))}


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(Unkept, match="saved"):
        Views(lambda: blocked / "views.json").save("a", VIEW)


def test_without_a_file_views_are_kept_as_long_as_the_program_runs():
    views = Views()
    views.save("a", VIEW)
    assert views.all() == {"a": VIEW}
