"""How requests and commands about jobs are written down for the user."""

from __future__ import annotations

import shlex

from amltui.domain.job import Job


def az_job(verb: str, job: Job, more: str = "") -> str:
    """What does the same on the command line."""
    place = job.workspace
    return (
        f"az ml job {verb} -n {shlex.quote(job.name)}{more} -w {shlex.quote(place.name)}"
        f" -g {shlex.quote(place.resource_group)} --subscription {place.subscription_id}"
    )


def history_request(job: Job, said: str) -> str:
    """The request to run history: its path below the workspace, and what it says."""
    return f"PATCH {job.workspace.path}/runs/{job.name} {said}"
