"""All workspaces at a glance: their parts, and what it takes to tell them apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.compute import Compute, ComputeKind
from amltui.domain.endpoint import Deployment
from amltui.domain.health import Health
from amltui.domain.job import Job
from amltui.domain.overview import JobNow, Overview
from tests.stage import START

PLACES = tuple(WorkspaceId("s", "g", name) for name in ("one", "two", "Three"))


def job(place: WorkspaceId, number: int) -> JobNow:
    status = ("Running", "Queued", "Failed")[number % 3]
    return JobNow(Job(place, f"job-{number}", None, None, "Command", status))


def compute(place: WorkspaceId, number: int) -> Compute:
    return Compute(place, f"ci-{number}", ComputeKind.INSTANCE, "", "Running", "Succeeded")


def of(places: list[WorkspaceId]) -> Overview:
    return Overview(
        START,
        PLACES,
        tuple(compute(place, number) for number, place in enumerate(places)),
        tuple(Deployment(place, "ep", str(n), None) for n, place in enumerate(places)),
        tuple(job(place, number) for number, place in enumerate(places)),
        frozenset({PLACES[0].key}),
        START,
    )


@given(st.lists(st.sampled_from(PLACES), max_size=30))
def test_a_part_is_what_lies_in_one_workspace(places: list[WorkspaceId]):
    """However the case of its id is spelled; all parts together are the whole."""
    told = of(places)
    for place in PLACES:
        shouted = WorkspaceId("S", "G", place.name.upper())
        part = told.of(shouted)
        assert part.computes == tuple(c for c in told.computes if c.workspace == place)
        assert part.deployments == tuple(d for d in told.deployments if d.workspace == place)
        assert part.jobs == tuple(j for j in told.jobs if j.job.workspace == place)
        assert part.silent == told.silent & {place.key}
        assert part.oldest == START
        for health in Health:
            assert told.count(health, place) == sum(j.job.health is health for j in part.jobs)
    assert sum(told.count(health) for health in Health) == len(places)


def test_a_workspace_it_is_not_about_has_nothing_in_it():
    """One that has come since."""
    part = of(list(PLACES)).of(WorkspaceId("s", "g", "new"))
    assert (part.computes, part.jobs, part.rate.known) == ((), (), 0.0)


class Counted(tuple[Any, ...]):
    """Counts how often all of it is gone through."""

    times = 0

    def __iter__(self) -> Iterator[Any]:
        Counted.times += 1
        return super().__iter__()


def test_a_thousand_parts_take_one_look_at_everything():
    """With one for each, Pulse stood still for four seconds at every answer."""
    Counted.times = 0
    places = tuple(WorkspaceId("s", "g", f"ws-{number}") for number in range(1000))
    told = Overview(START, places, Counted(compute(place, 0) for place in places))
    parts = [told.of(place) for place in places]
    assert [len(part.computes) for part in parts] == [1] * 1000
    assert Counted.times == 1
