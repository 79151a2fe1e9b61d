"""Jobs from the bodies that clients put: what was asked for, and how it is going to go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.submissions.automl import automl
from amltui.emulator.jobs.submissions.command import command
from amltui.emulator.jobs.submissions.intake import Intake
from amltui.emulator.jobs.submissions.pipeline import pipeline
from amltui.emulator.jobs.submissions.sweep import sweep


def submitted(intake: Intake, name: str, asked: Mapping[str, Any]) -> list[JobRecord]:
    """The job, and the children it is going to have; `asked` are the checked properties."""
    match str(asked["jobType"]).lower():
        case "pipeline":
            return pipeline(intake, name, asked)
        case "sweep":
            return sweep(intake, name, asked)
        case "automl":
            return automl(intake, name, asked)
    return [command(intake, name, asked)]
