"""What the machines of a job are doing, from minute to minute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from msgspec import Struct

IDLE = 15.0
"""Percent below which a GPU is said to idle."""
QUIET = 10 * 60.0
"""Seconds that it has to be so for."""
SLOW = 0.6
"""Of the median of the others: a GPU below it keeps them waiting, or is kept waiting."""


class Gauge(Struct, frozen=True):
    """One of the things that are measured."""

    name: str
    """What people call it, with its unit."""
    metric: str
    """What Azure Monitor calls it."""
    per_gpu: bool = False
    top: float | None = None
    """The most that it can be; None where that is not known."""
    per_second: bool = False
    """Whether its samples are sums, which are told by the second."""


GAUGES = (
    Gauge("GPU %", "GpuUtilizationPercentage", per_gpu=True, top=100.0),
    Gauge("GPU memory %", "GpuMemoryUtilizationPercentage", per_gpu=True, top=100.0),
    Gauge("GPU power W", "GpuEnergyJoules", per_gpu=True, per_second=True),
    Gauge("CPU %", "CpuUtilizationPercentage", top=100.0),
    Gauge("memory %", "CpuMemoryUtilizationPercentage", top=100.0),
    Gauge("disk read MB/s", "DiskReadMegabytes", per_second=True),
    Gauge("disk write MB/s", "DiskWriteMegabytes", per_second=True),
    Gauge("net in MB/s", "NetworkInputMegabytes", per_second=True),
    Gauge("net out MB/s", "NetworkOutputMegabytes", per_second=True),
)
"""In the order in which they are shown."""
GPU, CPU = GAUGES[0], GAUGES[3]
BUSY = (GPU, CPU)
"""How hard a machine works."""


class Trace(Struct, frozen=True):
    """One gauge of one machine, or of one GPU of it."""

    gauge: Gauge
    node: str
    """The machine, as the service names it."""
    device: str
    """The GPU; empty for what is the machine's."""
    values: tuple[float | None, ...]
    """One for each step of time; None where there is no sample."""

    @property
    def samples(self) -> list[float]:
        return [value for value in self.values if value is not None]

    @property
    def last(self) -> float | None:
        return next((value for value in reversed(self.values) if value is not None), None)

    @property
    def mean(self) -> float | None:
        found = self.samples
        return sum(found) / len(found) if found else None

    @property
    def peak(self) -> float | None:
        return max(self.samples, default=None)


class MachineLoad(Struct, frozen=True):
    """Every trace of a job over the same steps of time."""

    start: datetime
    step: float
    """Seconds from one value to the next."""
    traces: tuple[Trace, ...] = ()

    @property
    def nodes(self) -> list[str]:
        """The machines, in the order in which they are numbered."""
        return sorted({trace.node for trace in self.traces})

    @property
    def newest(self) -> datetime | None:
        """When the newest sample of all begins."""
        ends = [
            max((at for at, value in enumerate(trace.values) if value is not None), default=None)
            for trace in self.traces
        ]
        last = max((end for end in ends if end is not None), default=None)
        return None if last is None else self.start + timedelta(seconds=last * self.step)

    def continued(self, newer: MachineLoad, start: datetime) -> MachineLoad:
        """The steps from `start` on: from when `newer` begins its own, what is here before that.

        Both are in the same steps, and `start` is at one of them.
        """
        skipped = round((start - self.start).total_seconds() / self.step)
        kept = round((newer.start - start).total_seconds() / self.step)
        length = max((len(trace.values) for trace in newer.traces), default=0)
        old, new = ({_line(t): t for t in load.traces} for load in (self, newer))
        traces = []
        for line, trace in {**old, **new}.items():
            before = old[line].values[skipped : skipped + kept] if line in old else ()
            before += (None,) * (kept - len(before))
            after = new[line].values if line in new else (None,) * length
            values = before + after
            if any(value is not None for value in values):
                traces.append(Trace(trace.gauge, trace.node, trace.device, values))
        return MachineLoad(start, self.step, tuple(sorted(traces, key=order_of)))

    def place(self, trace: Trace) -> str:
        """`node 1 gpu 0`, the node's number only where there are several."""
        nodes = self.nodes
        words = [f"node {nodes.index(trace.node)}"] if len(nodes) > 1 or not trace.device else []
        words += [f"gpu {trace.device}"] if trace.device else []
        return " ".join(words)

    def together(self, gauge: Gauge, node: str | None = None) -> list[float | None]:
        """The mean over all machines and GPUs, or those of one, at each step that any tells."""
        told = [
            trace.values
            for trace in self.traces
            if trace.gauge == gauge and node in {None, trace.node}
        ]
        steps = ([value for value in step if value is not None] for step in zip(*told, strict=True))
        return [sum(step) / len(step) if step else None for step in steps]

    def remarks(self, *, running: bool = True) -> list[str]:
        """What a person should know: GPUs that do nothing now, and one that lags behind."""
        gpus = [trace for trace in self.traces if trace.gauge == GPU and trace.samples]
        told = []
        idle = [(trace, quiet) for trace in gpus if (quiet := self._quiet(trace)) >= QUIET]
        if idle and running:
            shortest = int(min(quiet for _, quiet in idle) // 60)
            who = "every GPU" if len(idle) == len(gpus) > 1 else _listed(self, [t for t, _ in idle])
            told.append(
                f"{who} below {IDLE:.0f}% for {shortest} min: waiting for data, or stalled?"
            )
        for trace in gpus if len(gpus) > 1 else ():
            others = median(each.mean or 0.0 for each in gpus if each is not trace)
            mean = trace.mean or 0.0
            if others > IDLE and mean < SLOW * others:
                told.append(
                    f"{self.place(trace)} at {mean:.0f}% while the others are at {others:.0f}%"
                )
        return told

    def _quiet(self, trace: Trace) -> float:
        """Seconds at the end for which it was below what counts as work."""
        count = 0
        for value in reversed(trace.samples):
            if value >= IDLE:
                break
            count += 1
        return count * self.step


def order_of(trace: Trace) -> tuple[Any, ...]:
    """By gauge, machine and the number of the GPU."""
    is_number = trace.device.isdecimal()
    number = int(trace.device) if is_number else 0
    return GAUGES.index(trace.gauge), trace.node, not is_number, number, trace.device


def _line(trace: Trace) -> tuple[str, str, str]:
    return trace.gauge.metric, trace.node, trace.device


def _listed(load: MachineLoad, traces: Sequence[Trace]) -> str:
    names = [load.place(trace) for trace in traces]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def together(count: int, width: int) -> int:
    """How many neighbours share a column, for all to fit in `width`."""
    return max(1, -(-count // max(1, width)))


def merged(values: Sequence[float | None], width: int) -> list[float | None]:
    """The means of so many neighbours that all fit in `width` columns; nothing is left out."""
    each = together(len(values), width)
    found: list[float | None] = []
    for at in range(0, len(values), each):
        known = [value for value in values[at : at + each] if value is not None]
        found.append(sum(known) / len(known) if known else None)
    return found
