"""Exit codes by what has become of a job."""

from __future__ import annotations

from amltui.cli.exits import DONE, FAILED
from amltui.domain.health import Health
from amltui.domain.job import Job

JOB_FAILED, JOB_CANCELED, TIMED_OUT = 5, 6, 124
"""The last as of timeout(1)."""


def of(job: Job) -> int:
    """Of a job that has ended; a status that nobody knows counts as a failure of the service."""
    if job.health is Health.DONE:
        return DONE
    if job.health is Health.BAD:
        return JOB_FAILED
    return JOB_CANCELED if (job.status or "").lower() == "canceled" else FAILED
