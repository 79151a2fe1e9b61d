"""A job that runs a command: waits for its nodes, runs, ends as its command does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from amltui.emulator.jobs import commands, wiretime
from amltui.emulator.jobs.capacity import FOR_EVER
from amltui.emulator.jobs.commands import Reading
from amltui.emulator.jobs.plans import Timeline
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.submissions.intake import Intake

STARTING, QUEUED = 1.0, 2.0
"""Seconds after its creation that a job is in these states."""
WAITS = 1.0
"""Seconds in Queued where there is room at once."""
PREPARING, FINALIZING = 3.0, 2.0
SHORTEST = 6.0
"""Seconds in Running, however little there is to do."""
STEP = 0.5


def command(intake: Intake, name: str, asked: Mapping[str, Any], **members: Any) -> JobRecord:
    """The job that was asked for, or the step or trial of another; `members` go over it."""
    record = intake.record(name, asked, **members)
    if record.type == "Command":
        reading = commands.read(record.command or "", record.inputs)
    else:
        reading = Reading(seconds=commands.SCRIPT + 6.0, is_script=True)
    problem = intake.problem(record)
    if problem is not None:
        return replace(record, **_fails_to_start(problem))
    return replace(record, **_life(intake, record, reading))


def duration(record: JobRecord) -> float:
    """Seconds from its creation to its end; infinity where it has none."""
    last, at = record.timeline[-1]
    return at if last in {"Completed", "Failed", "Canceled"} else FOR_EVER


def limit(asked: Mapping[str, Any], name: str = "timeout") -> float:
    """Seconds that a limit allows: of `PT10M`, 600; infinity where nothing is said."""
    limits = asked.get("limits")
    text = limits.get(name) if isinstance(limits, Mapping) else None
    return wiretime.duration(str(text)) if text else FOR_EVER


def _life(intake: Intake, record: JobRecord, reading: Reading) -> dict[str, Any]:
    runs = max(reading.seconds, SHORTEST)
    allowed = limit(record.specification)
    last, failure, reason = "Completed", None, None
    if runs > allowed:
        runs, last = max(allowed, 1.0), "Canceled"
        reason = f"The job was canceled: it ran longer than the {allowed:g} seconds of its limit."
    elif reading.fails:
        last = "Failed"
        failure = "raised" if reading.error else "status"
        reason = reading.error or str(reading.status)
    release = record.created + QUEUED + WAITS
    length = PREPARING + runs + FINALIZING
    start = intake.nodes.start(record.compute, release, length, record.nodes)
    if start == FOR_EVER:
        most = intake.nodes.most(record.compute or "") or 0
        said = (
            f"The job asks for {record.nodes} nodes, but {record.compute} has at most {most}:"
            " the maximum number of nodes of the cluster is exceeded."
        )
        return _fails_to_start(("nodes", said))
    return {
        "timeline": _marks(start - record.created, runs, last),
        "failure": failure,
        "reason": reason,
        "said": reading.said,
        "queueing": _waiting(record) if start > release else None,
        "script": record.script or ("small" if reading.is_script else "brief"),
        "steps": max(1, int(runs / STEP * (1.6 if last != "Completed" else 1.0))),
        "step_seconds": STEP,
    }


def _marks(starts: float, runs: float, last: str) -> Timeline:
    """A life whose nodes are there after so many seconds."""
    running = starts + PREPARING
    return (
        ("NotStarted", 0.0),
        ("Starting", STARTING),
        ("Queued", QUEUED),
        ("Preparing", starts),
        ("Running", running),
        ("Finalizing", running + runs),
        (last, running + runs + FINALIZING),
    )


def _fails_to_start(problem: tuple[str, str]) -> dict[str, Any]:
    kind, said = problem
    middle = ("Preparing", QUEUED) if kind == "environment" else ("Queued", QUEUED)
    return {
        "timeline": (("NotStarted", 0.0), middle, ("Failed", QUEUED + 5.0)),
        "failure": kind,
        "reason": said,
        "queueing": said if kind == "quota" else None,
        "script": None,
    }


def _waiting(record: JobRecord) -> str:
    return (
        f"Waiting for nodes of {record.compute}: {record.nodes} requested,"
        " all others are in use by jobs that came before."
    )
