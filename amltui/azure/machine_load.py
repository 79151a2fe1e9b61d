"""What the machines of a job or a compute are doing, from Azure Monitor.

Who may read it, and what is asked. UNVERIFIED against the real service: that `RunId` holds the
job's name for every kind of job, that `InstanceId` is the id in a cluster's list of nodes, that
samples come some minutes late, that energy and megabytes are told by the minute, and that all is
kept for 93 days.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any

from amltui.azure import loose
from amltui.azure.errors import NotAllowed
from amltui.domain.machine_load import BUSY, GAUGES, Gauge, MachineLoad, Trace, order_of

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient

VERSION = "2023-10-01"
MOST_STEPS = 180
"""Steps of time that are asked for at most."""
MOST_SERIES = 256
"""Of each metric; Monitor hands out ten where nothing is said."""
SAMPLE = 60.0
"""Seconds that a sample of Monitor sums up, where it is a sum."""
HOUR = timedelta(hours=1)
KEPT = timedelta(days=93)
LATE = timedelta(minutes=15)
"""Before the newest sample, from when on is asked again: some machines send theirs later."""
GRAINS = {
    60: "PT1M",
    300: "PT5M",
    900: "PT15M",
    1800: "PT30M",
    3600: "PT1H",
    21600: "PT6H",
    43200: "PT12H",
    86400: "P1D",
}
"""Seconds of every interval that Monitor answers in."""


async def get(
    place: WorkspaceClient,
    run_id: str,
    start: datetime,
    end: datetime,
    held: MachineLoad | None = None,
) -> MachineLoad:
    """The load from `start` to `end`, in the finest steps that are not too many.

    What is `held` in the same steps is not asked for again, but for the newest of it.
    NotAllowed says which role is missing: reading metrics takes one of its own.
    """
    start = max(start, end - KEPT).astimezone(UTC)
    whole = (end - start).total_seconds()
    step = next((each for each in GRAINS if whole / each <= MOST_STEPS), 86400)
    first = datetime.fromtimestamp(start.timestamp() // step * step, UTC)
    last = max(end.astimezone(UTC), first + timedelta(seconds=step))
    since = _since(held, first, step)
    begin = since or first
    asked = await asyncio.gather(
        *(
            _ask(
                place,
                f"RunId eq '{_quoted(run_id)}'",
                [each for each in GAUGES if each.per_gpu is gpus],
                begin,
                last,
                step,
            )
            for gpus in (True, False)
        )
    )
    count = -(-int((last - begin).total_seconds()) // step)
    traces = [trace for gauges, body in asked for trace in parse(body, gauges, begin, step, count)]
    load = MachineLoad(begin, float(step), tuple(traces))
    return load if held is None or since is None else held.continued(load, first)


async def of_compute(place: WorkspaceClient, name: str, end: datetime) -> MachineLoad:
    """How busy the machines of a compute were in the last hour, by the minute: GPUs and CPU.

    Raises like `get`. Without a job Monitor hears of no machine, so there may be no trace.
    """
    last = datetime.fromtimestamp(end.timestamp() // SAMPLE * SAMPLE, UTC)
    first, whose = last - HOUR, f"ComputeName eq '{_quoted(name)}'"
    asked = await asyncio.gather(
        *(_ask(place, whose, [each], first, last, int(SAMPLE)) for each in BUSY)
    )
    count = int(HOUR.total_seconds() / SAMPLE)
    traces = [each for gauges, body in asked for each in parse(body, gauges, first, SAMPLE, count)]
    return MachineLoad(first, SAMPLE, tuple(sorted(traces, key=order_of)))


def _since(held: MachineLoad | None, first: datetime, step: int) -> datetime | None:
    """From when on to ask where the rest is held; None where all has to be asked for."""
    if held is None or held.step != step or held.newest is None or held.start > first:
        return None
    steps = (held.newest - max(LATE, timedelta(seconds=step)) - first).total_seconds() // step
    return first + timedelta(seconds=steps * step) if steps > 0 else None


def _quoted(name: str) -> str:
    return name.replace("'", "''")


async def _ask(
    place: WorkspaceClient,
    whose: str,
    gauges: Sequence[Gauge],
    first: datetime,
    last: datetime,
    step: int,
) -> tuple[Sequence[Gauge], Any]:
    ends = (first, last.replace(microsecond=0))
    split = [whose, "InstanceId eq '*'"]
    if gauges[0].per_gpu:
        split.append("DeviceId eq '*'")
    try:
        body = await place.client.get(
            f"{place.path}/providers/Microsoft.Insights/metrics",
            params={
                "metricnames": ",".join(gauge.metric for gauge in gauges),
                "timespan": "/".join(f"{each:%Y-%m-%dT%H:%M:%SZ}" for each in ends),
                "interval": GRAINS[step],
                "aggregation": "average",
                "$filter": " and ".join(split),
                "top": str(MOST_SERIES),
            },
            api_version=VERSION,
        )
    except NotAllowed as error:
        raise NotAllowed(
            "no right to read metrics of this workspace (Microsoft.Insights/metrics/read, which the"
            f" role Monitoring Reader has): {error}",
            code=error.code,
            status=error.status,
            request_id=error.request_id,
        ) from error
    return gauges, body


def parse(
    body: Any, gauges: Sequence[Gauge], first: datetime, step: float, count: int
) -> list[Trace]:
    """The traces of an answer; samples outside of the steps, and series without one, are left out.

    Dimensions come back in whatever case the service likes.
    """
    known = {gauge.metric.lower(): gauge for gauge in gauges}
    found: list[Trace] = []
    for metric in loose.objects(body, "value"):
        gauge = known.get((loose.text(metric, "name", "value") or "").lower())
        for series in loose.objects(metric, "timeseries") if gauge else ():
            assert gauge is not None
            labels = {
                (loose.text(each, "name", "value") or "").lower(): loose.text(each, "value") or ""
                for each in loose.objects(series, "metadatavalues")
            }
            values: list[float | None] = [None] * count
            for point in loose.objects(series, "data"):
                at = loose.moment(point, "timeStamp")
                told = loose.number(point, "average")
                if at is None or told is None or not isfinite(told):
                    continue
                index = int((at - first).total_seconds() // step)
                if 0 <= index < count:
                    values[index] = told / SAMPLE if gauge.per_second else told
            if any(value is not None for value in values):
                device = labels.get("deviceid", "") if gauge.per_gpu else ""
                found.append(Trace(gauge, labels.get("instanceid", "?"), device, tuple(values)))
    return sorted(found, key=order_of)
