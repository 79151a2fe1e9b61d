"""The load of a job's machines in words: why there is none, and as records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from amltui.domain.job import Job
from amltui.domain.machine_load import BUSY, Gauge, MachineLoad, Trace, merged
from amltui.kinds import format as fmt
from amltui.kinds.kind import Fact

PARENTS = {"sweep", "pipeline", "automl"}
LEVELS = "▁▂▃▄▅▆▇"
"""From nothing to the most, in ASCII `_.:-=+*`; a full block would run into the row above."""
OLD = timedelta(days=93)


def why_none(job: Job, now: datetime) -> str:
    """The sentence in place of what Azure Monitor has no sample of."""
    if (job.type or "").lower() in PARENTS:
        return f"The machines belong to the children of this {(job.type or '').lower()}: open one."
    if job.started is None:
        return "This job has held no machine" + ("." if job.ended_for_good else " yet.")
    if now - (job.ended or now) > OLD:
        return "Azure Monitor keeps samples for 93 days: this job is older."
    late = "" if job.ended_for_good else ", and samples come some minutes late"
    return (
        "Azure Monitor has no samples of this job: attached compute and Kubernetes send none"
        f"{late}."
    )


def shades(values: Sequence[float | None], width: int, top: float) -> list[tuple[str, float]]:
    """For each column its glyph and its share of `top`; a blank where there is no sample.

    Values share a column where there are too many, and have several where there is room.
    """
    told: list[tuple[str, float]] = []
    for value in merged(values, width):
        share = min(1.0, max(0.0, value / top)) if value is not None and top > 0 else 0.0
        glyph = " " if value is None else LEVELS[round(share * (len(LEVELS) - 1))]
        told.append((glyph, share))
    return [told[at * len(told) // width] for at in range(width)] if told else []


SPARK = 20
"""Columns of the line that an hour is told in."""


def busy(load: MachineLoad, now: datetime) -> list[Fact]:
    """How busy the machines of a compute are: a line for GPUs and one for CPU."""
    facts = []
    for gauge in BUSY:
        values = load.together(gauge)
        known = [value for value in values if value is not None]
        if not known:
            continue
        count = sum(trace.gauge == gauge for trace in load.traces)
        noun = "GPU" if gauge.per_gpu else "machine"
        line = "".join(glyph for glyph, _ in shades(values, SPARK, gauge.top or 100.0))
        text = (
            f"{line} {known[-1]:.0f}%  mean {sum(known) / len(known):.0f}%  peak {max(known):.0f}%"
            f"  {count} {noun}{'s' * (count != 1)}, 1 h, {fmt.ago(load.newest, now)}"
        )
        facts.append(Fact(gauge.name.removesuffix(" %"), text))
    return facts or [Fact("busy", "no sample in the last hour: Monitor hears of jobs' machines")]


def last_of(load: MachineLoad | None, gauge: Gauge, node: str) -> str:
    """The newest value of a machine, `84%`; a dash where there is none."""
    values = [] if load is None else load.together(gauge, node)
    known = [value for value in values if value is not None]
    return f"{known[-1]:.0f}%" if known else fmt.NONE


def figure(trace: Trace, value: float | None) -> str:
    """A value of the gauge, in at most five characters where it is a share."""
    if value is None:
        return fmt.NONE
    if trace.gauge.name.endswith("%"):
        return f"{value:.0f}%"
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.1f}"


def records(load: MachineLoad) -> list[dict[str, Any]]:
    """One record for each trace, with all of its samples."""
    return [
        {
            "metric": trace.gauge.name,
            "node": trace.node,
            "gpu": trace.device or None,
            "last": trace.last,
            "mean": trace.mean,
            "peak": trace.peak,
            "step_seconds": load.step,
            "samples": [
                {
                    "time": fmt.iso(load.start + timedelta(seconds=at * load.step)),
                    "value": value,
                }
                for at, value in enumerate(trace.values)
                if value is not None
            ],
        }
        for trace in load.traces
    ]
