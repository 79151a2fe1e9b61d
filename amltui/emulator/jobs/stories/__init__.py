"""What goes on in the workspaces of the scenarios, told as jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from amltui.emulator.jobs.generated import Generated
from amltui.emulator.jobs.history import JobHistory
from amltui.emulator.jobs.stories.desk import Desk
from amltui.emulator.jobs.stories.elsewhere import contoso, lab, risk
from amltui.emulator.jobs.stories.everyday import ROUTINES
from amltui.emulator.jobs.stories.language import language
from amltui.emulator.jobs.stories.past import Routine, generated
from amltui.emulator.jobs.stories.quiet import quiet
from amltui.emulator.jobs.stories.vision import vision

HOUR = 3600.0
ARRIVALS = 360.0
"""Seconds between the jobs that keep coming."""
_STORIES: dict[str, Callable[[Desk], None]] = {
    "vision-prod": vision,
    "nlp-dev": language,
    "edu-lab": lab,
    "risk-prod": risk,
    "contoso-dev": contoso,
}
_PASTS = {"vision-prod": 16, "nlp-dev": 10, "edu-lab": 6, "risk-prod": 8, "contoso-dev": 5}


def busy_night(workspace: str, seed: int, epoch: float) -> JobHistory:
    """A workspace of the demo, by the name in its id."""
    name = workspace.rpartition("/")[2].lower()
    desk = Desk(workspace.lower(), seed, epoch)
    _STORIES.get(name, quiet)(desk)
    routine = ROUTINES.get(name, ROUTINES["contoso-dev"])
    past = _PASTS.get(name, 4)
    return JobHistory(desk.jobs, _around(routine, desk, past, 1.7 * HOUR, ARRIVALS))


def calm(workspace: str, seed: int, epoch: float) -> JobHistory:
    """A few jobs, and a new one now and then."""
    desk = Desk(workspace.lower(), seed, epoch)
    quiet(desk)
    return JobHistory(desk.jobs, _around(ROUTINES["contoso-dev"], desk, 3, 5 * HOUR, 1200.0))


def thousands(workspace: str, seed: int, epoch: float, count: int = 5000) -> JobHistory:
    """A long history that costs nothing until it is looked at."""
    desk = Desk(workspace.lower(), seed, epoch)
    quiet(desk)
    routine = ROUTINES["vision-prod"]
    past = max(0, count - len([each for each in desk.jobs if each.parent is None]))
    return JobHistory(desk.jobs, _around(routine, desk, past, 900.0, ARRIVALS))


def hundred_thousand(workspace: str, seed: int, epoch: float) -> JobHistory:
    """A history of years, a metric of a million points, and a log of a gigabyte that grows."""
    history = thousands(workspace, seed, epoch, 99_998)
    desk = Desk(workspace.lower(), seed + 1, epoch)
    endless: dict[str, Any] = {
        "queued": 5.0,
        "preparing": 20.0,
        "experiment": "endless",
        "compute": "cpu-cluster",
        "script": "small",
    }
    desk.train("million-points", 1500.0, runs=1_000_000 * 0.0015, pace=0.0015, **endless)
    desk.train(
        "gigabyte-log",
        150_000.0,
        runs=400_000.0,
        pace=1.5,
        properties={"demo.log": "chatty"},
        **endless,
    )
    for job in desk.jobs:
        history.put(job)
    return history


def _around(
    routine: Routine, desk: Desk, past: int, spacing: float, arrivals: float
) -> list[Generated]:
    """What was before the story began, and what comes after."""
    earliest = desk.epoch - (past + 0.2) * spacing
    return [
        generated(routine, desk.workspace, desk.seed, earliest, spacing, past),
        generated(routine, desk.workspace, desk.seed + 1, desk.epoch + 90.0, arrivals, None),
    ]
