"""Metric series of simulated jobs. A range costs its length and the last value nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from amltui.emulator.jobs import noise, timeline
from amltui.emulator.jobs.curves import Curve
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.scripts import OBJECTIVE, SCRIPTS, objective


@dataclass(frozen=True, slots=True)
class Point:
    """One logged value."""

    step: int
    value: float
    time: float
    """POSIX seconds."""


def curves(record: JobRecord) -> dict[str, Curve]:
    """What its script logs."""
    if record.script == OBJECTIVE:
        return _objective(record)
    return SCRIPTS.get(record.script or "", {})


def _objective(record: JobRecord) -> dict[str, Curve]:
    asked = record.specification.get("objective") or {}
    metric = str(asked.get("primaryMetric") or "accuracy")
    minimizes = str(asked.get("goal")).lower() == "minimize"
    return objective(metric, minimizes, float(record.properties.get("demo.quality", 0.5)))


def steps_done(record: JobRecord, now: float) -> int:
    """Training steps finished until now."""
    ran = timeline.running_seconds(record, now)
    if record.stalls_at is not None:
        ran = min(ran, record.stalls_at)
    return min(record.steps, int(ran / record.step_seconds + 1e-9))


def names(record: JobRecord, now: float) -> list[str]:
    """The metrics that have at least one point."""
    return list(curves(record)) if steps_done(record, now) else []


def count(record: JobRecord, name: str, now: float) -> int:
    """How many points there are by now."""
    curve = curves(record).get(name)
    done = steps_done(record, now)
    if curve is None or not done:
        return 0
    return (done - 1) // curve.every + 1


def points(record: JobRecord, name: str, start: int, stop: int) -> list[Point]:
    """The points with these indices: keep `stop` within `count`."""
    return points_at(record, name, range(start, stop))


def points_at(record: JobRecord, name: str, indices: Iterable[int]) -> list[Point]:
    """The points with these indices: keep them below `count`."""
    curve = curves(record)[name]
    seed = noise.seeded(record.seed, name)
    time_of = _times(record)
    return [
        Point(
            step=index * curve.every,
            value=curve.value(index * curve.every, record.steps, seed, record.nan_from),
            time=time_of(index * curve.every),
        )
        for index in indices
    ]


def last(record: JobRecord, name: str, now: float) -> Point | None:
    length = count(record, name, now)
    return points_at(record, name, [length - 1])[0] if length else None


def last_value(record: JobRecord, name: str, now: float) -> float | None:
    length = count(record, name, now)
    return value_at(record, name, (length - 1) * curves(record)[name].every) if length else None


def value_at(record: JobRecord, name: str, step: int) -> float:
    """What the script saw at a step, whether or not it logged that one."""
    curve = curves(record)[name]
    seed = noise.seeded(record.seed, name)
    return curve.value(step, record.steps, seed, record.nan_from)


def step_time(record: JobRecord, step: int) -> float:
    """When a step was finished."""
    return timeline.moment(record, (step + 1) * record.step_seconds)


def _times(record: JobRecord) -> Callable[[int], float]:
    running = [each for each in timeline.phases(record) if each.status == "Running"]
    if len(running) != 1:
        return lambda step: step_time(record, step)
    start, pace = running[0].start, record.step_seconds
    return lambda step: start + (step + 1) * pace
