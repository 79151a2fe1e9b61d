"""What differs between two runs' documents, and which run to compare with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.differing import differences, last_that_worked, told
from amltui.domain.job import Job

PLACE = WorkspaceId("s", "g", "w")
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)


def job(name: str, hours: float, status: str = "Completed", **facts: Any) -> Job:
    fields: dict[str, Any] = {"display_name": "train", "experiment": "e"} | facts
    return Job(
        workspace=PLACE,
        name=name,
        type="Command",
        status=status,
        compute=None,
        created=NOON + timedelta(hours=hours),
        **fields,
    )


def test_members_that_differ_are_told_with_both_values():
    """Added, gone and changed; a run's own name, wherever it stands, is no difference."""
    before = {"properties": {"command": "python a.py", "env": {"A": "1"}, "out": "x/one/y"}}
    after = {"properties": {"command": "python b.py", "env": {"B": 2}, "out": "x/two/y"}}
    assert told(differences(before, after, ("one", "two"))).splitlines() == [
        "properties.command", "- python a.py", "+ python b.py", "",
        "properties.env.B", "+ 2", "",
        "properties.env.A", "- 1",
    ]  # fmt: skip


def test_what_differs_in_any_two_runs_is_only_named():
    found = differences({"name": "a", "x": [1, 2]}, {"name": "b", "x": [1, 3]})
    assert [each.path for each in found] == ["x[1]", "name"]
    assert told(found).endswith("as in any two runs: name")


def test_nothing_and_an_empty_text_are_the_same():
    """One service writes null where the other writes nothing."""
    assert differences({"a": None, "b": {}}, {"c": "", "d": []}) == []


@given(JSON)
def test_a_document_differs_in_nothing_from_itself(document: Any):
    assert differences(document, document) == []


@given(JSON, JSON)
def test_both_ways_the_same_members_differ(one: Any, other: Any):
    there, back = differences(one, other), differences(other, one)
    assert {(d.path, d.before, d.after) for d in there} == {
        (d.path, d.after, d.before) for d in back
    }


@pytest.mark.parametrize(
    ("others", "chosen"),
    [
        ([job("old", -3), job("newer", -1), job("later", 1)], "newer"),
        ([job("other-title", -1, display_name="x"), job("same-title", -2)], "same-title"),
        ([job("other-title", -1, display_name="x")], "other-title"),
        ([job("x", -1, display_name="x"), job("alike", -9, display_name="train-7")], "alike"),
        ([job("failed", -1, "Failed"), job("elsewhere", -1, experiment="f"), job("it", 0)], None),
        ([], None),
    ],
)
def test_the_last_run_that_worked(others: list[Job], chosen: str | None):
    """Completed, of the same experiment, before this one; the same title goes first."""
    found = last_that_worked(job("it", 0, "Failed"), others)
    assert (found.name if found else None) == chosen
