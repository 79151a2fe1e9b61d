"""What the logs tab says: of its files, of what is read, of what was found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from amltui.domain.health import Health
from amltui.domain.job import Job
from amltui.domain.log import LogFile
from amltui.domain.log_merge import Merged
from amltui.feeds.first_errors import FirstErrors
from amltui.feeds.merged_log import MergedLog
from amltui.feeds.open_log import OpenLog
from amltui.kinds.format import age, one_line, size
from amltui.kinds.kind import Cell
from amltui.ui.widgets.log_list import short
from amltui.ui.widgets.log_view import LogView

PROMPTS = {
    "find": "words or a regular expression; n and N go on",
    "grep": "show only lines that match; !words hides them",
    "save": "name of the file",
}
SILENT = 60.0
"""Seconds without a byte after which the silence is worth a look."""


def no_files(job: Job) -> str:
    """Why there is no log."""
    if job.ended_for_good:
        return "This job left no logs."
    return f"No logs yet: they come with the job, which is {job.status or 'unknown'}."


def named(files: Sequence[LogFile], opened: str | None) -> tuple[list[Cell], list[str]]:
    """The files in a line, the open one first."""
    paths = [file.path for file in files]
    if opened not in paths:
        return [], []
    at = paths.index(opened)
    others = [Cell(short(file), dim=True) for file in (*files[at + 1 :], *files[:at])]
    return [Cell(f"[{files[at].name}]"), *others], [f"file {at + 1} of {len(paths)}"]


def state(log: OpenLog, view: LogView, now: datetime) -> tuple[Cell, ...]:
    """How much of the file is held, how it is followed, and why not if it is not."""
    tail, last = log.tail, log.last
    cells: list[Cell] = []
    if last.error is not None:
        known = f"last byte {age(last.at, now)} ago · " if last.at else ""
        again = "asking"
        if last.retry_at is not None and last.retry_at > now:
            again = f"again in {age(now, last.retry_at)}"
        cells.append(Cell(f"log: {known}{again} · {one_line(str(last.error))}", Health.ATTENTION))
    searched = scope(log, view)
    if searched:
        cells.append(Cell(searched))
    if last.error is not None or (last.at is None and not log.begun.is_set()):
        return tuple(cells)
    when = f"last byte {age(last.at, now)} ago" if last.at else "no bytes yet"
    silent = last.at is not None and (now - last.at).total_seconds() > SILENT
    health = Health.STALLED if silent and not tail.final else None
    told = [] if searched else [held(log)]
    cells.append(Cell(" · ".join((*told, "complete" if tail.final else when)), health))
    if tail.renewed is not None:
        cells.append(Cell(f"link renewed {tail.renewed.astimezone():%H:%M}", dim=True))
    return tuple(cells)


def held(log: OpenLog) -> str:
    """`last 256 K of 1.0 G read`: which part of the file is in memory."""
    window, whole = log.window, max(log.tail.size or 0, log.window.end)
    if window.base == 0 and log.at_end:
        return f"{size(whole)} read"
    part = size(len(window.data))
    if log.at_end:
        return f"last {part} of {size(whole)} read"
    if window.base == 0:
        return f"first {part} of {size(whole)} read"
    return f"{part} from {size(window.base)} on of {size(whole)} read"


def scope(log: OpenLog, view: LogView) -> str:
    """What a search has looked at: `7 found in the last 4.0 M of 1.0 G`."""
    sieve = view.find or view.grep
    if sieve is None:
        return ""
    if view.sifting:
        return "searching …"
    count = len(sieve.hits) + (sieve.open is not None)
    if log.window.base == 0 and log.at_end:
        return f"{count:,} match{'es' * (count != 1)} in all of the file"
    part = held(log).removesuffix(" read")
    more = " · N reads on" if view.find is not None and log.window.base else ""
    return f"{count:,} match{'es' * (count != 1)} in the {part}{more}"


def merged_state(log: MergedLog, made: Merged | None) -> tuple[Cell, ...]:
    """How many ranks are merged, from when on, and what is left out."""
    cells: list[Cell] = []
    if log.error is not None:
        cells.append(Cell(f"log: {one_line(str(log.error))}", Health.ATTENTION))
    told = f"{len(log.logs)} ranks by time"
    if made is not None and made.since is not None:
        told += f" from {datetime.fromtimestamp(made.since, UTC):%H:%M:%S} on"
    cells.append(Cell(told))
    if made is not None and made.timeless:
        cells.append(Cell(f"without times, left out: {', '.join(made.timeless)}", Health.ATTENTION))
    if log.left_out:
        cells.append(Cell(f"{log.left_out} ranks more are not shown", Health.ATTENTION))
    return tuple(cells)


def first_error(errors: FirstErrors, files: Sequence[LogFile]) -> tuple[list[Cell], list[Cell]]:
    """The error that came first, whose it is, and how to get there."""
    if errors.cause is None:
        return [], []
    path, finding = errors.cause
    file = next((each for each in files if each.path == path), None)
    whose = short(file) if file is not None else path
    of = f" of {errors.looked}" if errors.looked > 1 else ""
    when = f", {finding.at:%H:%M:%S}" if finding.at else ""
    left = [f"{errors.left_out} not read"] if errors.left_out else []
    return [Cell(f"first error in {whose}{of}{when}  {finding.summary}", Health.BAD)], [
        *(Cell(each, Health.ATTENTION) for each in left),
        Cell("F jobs like it", dim=True),
        Cell("E", dim=True),
    ]


def no_error(errors: FirstErrors | None) -> str:
    """That nothing was found, and in how much."""
    if errors is None or not errors.looked:
        why = f": {errors.error}" if errors is not None and errors.error else ""
        return one_line(f"No log could be read{why}")
    files = f"{errors.looked} log{'s' * (errors.looked != 1)}"
    return f"No error in the last 64 K of {files}"


def file_name(job: Job, path: str, *, merged: bool) -> str:
    """A name for a copy of a log that no shell minds."""
    name = "merged.txt" if merged else path.rpartition("/")[2]
    return re.sub(r"[^\w.-]+", "_", f"{job.name}-{name}", flags=re.ASCII)
