"""Rows put together by what they have in common."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from amltui.domain.query.parse import parse
from amltui.kinds.fields import Asker, sieve
from amltui.kinds.groups import groupable, grouped
from amltui.kinds.job import JOB
from amltui.kinds.kind import Row
from tests.kinds.anything import NOW
from tests.kinds.test_fields import BASE, UNKNOWN

JOBS = [
    BASE,
    replace(BASE, name="b", status="Running", ended=None, node_count=4),
    replace(BASE, name="c", experiment="other one", created_by="Li Wen", tags={}, status="Queued"),
    UNKNOWN,
]
ROWS = [Row(job, NOW) for job in JOBS]


def test_totals_are_of_the_rows_of_each_group():
    """BASE ran for three hours, the running one for thirty, on four machines."""
    first, second, last = grouped(JOB, "experiment", ROWS)
    assert (first.name, first.count, first.good, first.bad) == ("img-cls", 2, 1, 1)
    assert (first.seconds / 3600, first.node_seconds / 3600) == (33, 123)
    assert (second.name, second.waiting) == ("other one", 1)
    assert (last.name, last.count, last.condition) == ("", 1, "")


@pytest.mark.parametrize("name", ["experiment", "user", "status", "tag.team", "params.lr"])
def test_the_condition_of_a_group_finds_its_rows_and_no_others(name):
    for group in grouped(JOB, name, ROWS):
        if not group.condition:
            continue
        query = parse(group.condition, [field.spec for field in JOB.fields])
        assert not query.complaint
        passes = sieve(query, JOB.columns, JOB.fields, Asker())
        assert sum(map(passes, ROWS)) == group.count


@pytest.mark.parametrize("name", ["metrics.acc", "tag", "after", "nothing", "experiment.x", ""])
def test_what_makes_no_groups_is_told_so(name):
    assert groupable(JOB, name) is None
    assert grouped(JOB, name, ROWS) == []
