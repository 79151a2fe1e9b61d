"""`amltui metrics NAME --system`: what the machines of a job are doing."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from amltui.azure import machine_load
from amltui.cli import find, records, session, table
from amltui.cli.exits import say
from amltui.cli.settings import Settings
from amltui.domain.machine_load import MachineLoad
from amltui.kinds import machine_load as words
from amltui.kinds.job import JOB

TREND = 40


async def show(asked: argparse.Namespace, settings: Settings) -> int:
    """Print a line for each gauge of each GPU and machine; in scripts' formats every sample."""
    async with session.signed_in(settings) as client:
        job = await find.one(client, JOB, await session.scope(client, settings), asked.name)
        now = datetime.now(UTC)
        load = MachineLoad(now, 60.0)
        end = job.ended or now
        if job.started is not None and job.started < end:
            place = client.workspace(job.workspace)
            load = await machine_load.get(place, job.name, job.started, end)
    if not load.traces:
        say(words.why_none(job, now))
    if asked.output == "table":
        for line in table.columns(
            ("METRIC", "WHERE", "TREND", "LAST", "MEAN", "PEAK"),
            [
                (
                    trace.gauge.name,
                    load.place(trace),
                    _trend(trace.values, trace.gauge.top or trace.peak or 0.0),
                    *(words.figure(trace, value) for value in (trace.last, trace.mean, trace.peak)),
                )
                for trace in load.traces
            ],
        ):
            print(line)
        for remark in load.remarks(running=job.is_running):
            say(remark)
    elif asked.output == "json":
        print(records.to_json(words.records(load)))
    else:
        records.write(
            [
                {
                    "metric": each["metric"],
                    "node": each["node"],
                    "gpu": each["gpu"],
                    **sample,
                }
                for each in words.records(load)
                for sample in each["samples"]
            ],
            asked.output,
        )
    return 0


def _trend(values: tuple[float | None, ...], top: float) -> str:
    return "".join(glyph for glyph, _ in words.shades(values, TREND, top))
