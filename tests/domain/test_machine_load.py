"""What is said about the load of machines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from amltui.domain.machine_load import GAUGES, GPU, MachineLoad, Trace, merged

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def load(*rows: list[float | None], nodes: int = 1) -> MachineLoad:
    """GPUs by the minute, dealt out to the nodes."""
    traces = [
        Trace(GPU, f"vm-{n * nodes // len(rows)}", str(n), tuple(row)) for n, row in enumerate(rows)
    ]
    return MachineLoad(NOON, 60.0, tuple(traces))


def test_gpus_that_wait_are_told_of_with_how_long():
    """Ten quiet minutes at the end, while the job runs; what was busy a moment ago is not."""
    busy, waiting = [90.0] * 30, [90.0] * 18 + [2.0] * 12
    assert load(busy, waiting).remarks() == [
        "gpu 1 below 15% for 12 min: waiting for data, or stalled?"
    ]
    assert load(waiting, waiting).remarks()[0].startswith("every GPU below 15% for 12 min")
    assert load(busy, busy).remarks() == []
    assert load(waiting, waiting).remarks(running=False) == []
    assert load([90.0] * 25 + [2.0] * 5).remarks() == []


def test_a_gpu_that_lags_behind_is_told_of():
    """One at less than 60 % of the others: a slow rank keeps all waiting."""
    assert load([90.0] * 9, [34.0] * 9, [88.0] * 9).remarks() == [
        "gpu 1 at 34% while the others are at 89%"
    ]
    assert load([34.0] * 9).remarks() == []


def test_the_node_is_named_where_there_are_several():
    """Machines are numbered in the order of their ids."""
    held = load([1.0], [1.0], nodes=2)
    assert [held.place(trace) for trace in held.traces] == ["node 0 gpu 0", "node 1 gpu 1"]
    cpu = Trace(GAUGES[3], "vm", "", (1.0,))
    assert MachineLoad(NOON, 60.0, (cpu,)).place(cpu) == "node 0"


def test_the_newest_sample_is_that_of_any_trace():
    """What comes late in one gauge has come in another."""
    assert load([1.0, None, None], [1.0, 2.0, None]).newest == NOON + timedelta(minutes=1)
    assert load([None, None]).newest is None


@pytest.mark.parametrize("width", [1, 2, 3, 7, 50])
def test_columns_are_means_and_leave_nothing_out(width: int):
    """As many as there is room for, and a gap only where there is no sample at all."""
    values = [float(n) for n in range(20)]
    found = merged(values, width)
    assert len(found) <= width
    assert found[0] == sum(values[: -(-20 // width)]) / -(-20 // width)
    assert merged([None, None, 4.0, None], 2) == [None, 4.0]
    assert merged([], width) == []


def test_what_comes_later_takes_the_place_of_what_was_there_before():
    """Late samples fill gaps; a GPU that is new or gone has gaps of its own."""
    old = load([1.0, 2.0, None, None], [5.0, 5.0, 5.0, 5.0])
    traces = (*load([7.0, 8.0, 9.0]).traces, Trace(GPU, "vm-1", "0", (1.0, 1.0, 1.0)))
    newer = MachineLoad(NOON + timedelta(minutes=2), 60.0, traces)
    told = old.continued(newer, NOON + timedelta(minutes=1))
    assert told.start == NOON + timedelta(minutes=1)
    assert [trace.values for trace in told.traces] == [
        (2.0, 7.0, 8.0, 9.0),
        (5.0, None, None, None),
        (None, 1.0, 1.0, 1.0),
    ]
