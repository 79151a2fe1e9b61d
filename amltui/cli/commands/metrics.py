"""`amltui metrics NAME`: what a job has logged."""

from __future__ import annotations

import argparse
import asyncio
import shutil
from typing import Any

from amltui.azure.errors import NotFound
from amltui.cli import find, records, session, table
from amltui.cli.arguments import Parsers, command
from amltui.cli.exits import Usage, say
from amltui.cli.settings import Settings
from amltui.domain.metric import MetricSeries
from amltui.kinds import format as fmt
from amltui.kinds.job import JOB

TREND = 24
HEIGHT = 16
"""Lines of a chart."""


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    made = command(parsers, "metrics", "show the metrics of a job")
    made.add_argument("name", metavar="NAME")
    made.add_argument("metric", metavar="METRIC", nargs="*", help="only these")
    made.add_argument("--chart", action="store_true", help="draw them, as wide as the terminal")
    made.add_argument(
        "--system", action="store_true", help="what its machines are doing: GPU, CPU, memory, disk"
    )
    made.add_argument("-o", "--output", choices=records.FORMATS, default="table")
    made.set_defaults(run=lambda asked, settings: asyncio.run(_run(asked, settings)))


async def _run(asked: argparse.Namespace, settings: Settings) -> int:
    if not asked.system:
        return await _show(asked, settings)
    if asked.metric or asked.chart:
        raise Usage("--system shows all gauges of the machines: it takes no METRIC and no --chart")
    from amltui.cli.machine_load import show

    return await show(asked, settings)


async def _show(asked: argparse.Namespace, settings: Settings) -> int:
    from amltui.feeds.run_metrics import RunMetrics

    async with session.signed_in(settings) as client:
        job = await find.one(client, JOB, await session.scope(client, settings), asked.name)
        listing = await RunMetrics(client.workspace(job.workspace), job.name, whole=True).fetch()
    known = {series.name: series for series in listing.items}
    if missing := [name for name in asked.metric if name not in known]:
        logged = ", ".join(known) or "none"
        raise NotFound(f"{job.name} has no metric {missing[0]}; it has logged: {logged}")
    if not known:
        say(f"{job.name} has logged no metrics")
    chosen = [known[name] for name in asked.metric] if asked.metric else list(known.values())
    if asked.chart:
        for series in chosen:
            _draw(series)
    elif asked.output == "table":
        for line in table.columns(
            ("NAME", "TREND", "LAST", "BEST", "STEP"), [_row(series) for series in chosen]
        ):
            print(line)
    elif asked.output == "json":
        print(records.to_json([_record(series) for series in chosen]))
    else:
        points = [
            {"name": series.name, "step": p.step, "value": p.value, "time": fmt.iso(p.time)}
            for series in chosen
            for p in series.points
        ]
        records.write(points, asked.output)
    return 0


def _draw(series: MetricSeries) -> None:
    from amltui.cli.chart_text import chart_text

    print(fmt.literal(series.name))
    for line in chart_text(series.points, shutil.get_terminal_size((80, 24)).columns, HEIGHT):
        print(line)


def _row(series: MetricSeries) -> tuple[str, ...]:
    last, best = series.last, series.best
    return (
        series.name,
        fmt.sparkline([point.value for point in series.points], TREND),
        fmt.number(last.value) if last else fmt.NONE,
        fmt.number(best.value) if best else fmt.NONE,
        f"{last.step:,}" if last else fmt.NONE,
    )


def _record(series: MetricSeries) -> dict[str, Any]:
    last, best = series.last, series.best
    return {
        "name": series.name,
        "last": last and last.value,
        "best": best and best.value,
        "step": last and last.step,
        "points": [
            {"step": point.step, "value": point.value, "time": fmt.iso(point.time)}
            for point in series.points
        ],
    }
