"""How requests and commands about jobs are written down for the user."""

from __future__ import annotations

import shlex

from amltui.domain.job import Job
from amltui.kinds.shell import az_ml


def az_job(verb: str, job: Job, more: str = "") -> str:
    """What does the same on the command line."""
    return az_ml(f"job {verb}", job.workspace, f"-n {shlex.quote(job.name)}{more}")


def history_request(job: Job, said: str) -> str:
    """The request to run history: its path below the workspace, and what it says."""
    return f"PATCH {job.workspace.path}/runs/{job.name} {said}"
