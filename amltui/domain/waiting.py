"""Why a job waits: one reason, and what it rests on. Nothing is said that was not told."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct

from amltui.domain.health import Health
from amltui.domain.job import Job

if TYPE_CHECKING:
    from amltui.domain.compute import Compute
    from amltui.domain.quota import Fit

_STARTING = {"starting", "provisioning", "preparing"}
NAMED = 3
"""Jobs ahead that are named."""


class Reason(Enum):
    """What a job waits for, from what never ends by itself to what ends soon."""

    GONE = "its compute is gone"
    OFF = "its compute is off"
    TOO_LARGE = "more nodes than there can be"
    IMAGE = "image build"
    ERRORS = "errors of its cluster"
    QUOTA = "quota"
    NODES = "nodes"
    CAPACITY = "preemptible capacity"
    AHEAD = "jobs ahead"
    COMING = "nodes that come up"
    TOLD = "what the service says"
    UNKNOWN = "unknown"


class Why(Struct, frozen=True):
    """The answer, and each thing that was looked at."""

    reason: Reason
    sentence: str
    evidence: tuple[str, ...] = ()


class Facts(Struct, frozen=True):
    """What could be had; what could not is named in `missing`."""

    compute: Compute | None = None
    is_gone: bool = False
    """Whether the service says that there is no such compute."""
    jobs: Sequence[Job] = ()
    """Of its workspace, the newest."""
    fit: Fit | None = None
    """Whether the nodes that it lacks would have room."""
    builds_image: bool = False
    missing: tuple[str, ...] = ()


def waits(job: Job) -> bool:
    """Whether a job has been submitted and does not run yet."""
    return job.health is Health.WAITING or (job.status or "").lower() in _STARTING


def why_waiting(job: Job, facts: Facts) -> Why:
    """The reason that ends last, in one sentence, with everything that was looked at."""
    evidence = [*_evidence(job, facts), *(f"not known: {each}" for each in facts.missing)]
    reason, sentence = _reason(job, facts)
    return Why(reason, sentence, tuple(evidence))


def ahead_of(job: Job, jobs: Sequence[Job]) -> list[Job]:
    """Those that wait for the same compute for longer, the longest first."""
    if job.compute is None or job.created is None:
        return []
    found = [
        each
        for each in jobs
        if each.key != job.key
        and each.health is Health.WAITING
        and each.workspace.key == job.workspace.key
        and (each.compute or "").lower() == job.compute.lower()
        and each.created is not None
        and each.created < job.created
    ]
    return sorted(found, key=lambda each: (each.created and each.created.timestamp(), each.key))


def _reason(job: Job, facts: Facts) -> tuple[Reason, str]:
    from amltui.domain.compute import ComputeKind  # no list waits for it

    compute, needs = facts.compute, job.node_count or 1
    if facts.is_gone:
        return Reason.GONE, f"{job.compute} is not there any more: it will never start"
    if facts.builds_image and (job.status or "").lower() in _STARTING:
        return Reason.IMAGE, "the image of its environment is being built"
    if compute is None:
        return _told(job)
    if compute.kind is ComputeKind.INSTANCE:
        return _of_instance(job, compute, facts)
    nodes = compute.nodes
    if compute.kind is not ComputeKind.CLUSTER or nodes is None:
        return _told(job)
    most = nodes.maximum
    if most is not None and needs > most:
        least = f"{compute.name} has {most} at most: it will never start"
        return Reason.TOO_LARGE, f"it asks for {needs} nodes, and {least}"
    is_full = most is not None and nodes.billed >= most
    free = (0 if most is None else most - nodes.billed) + nodes.idle
    if not is_full and facts.fit is not None and facts.fit.is_known and not facts.fit.fits:
        return Reason.QUOTA, _short(facts.fit)
    if compute.errors and not is_full:
        return Reason.ERRORS, f"{compute.name} gets no nodes: {compute.errors[0]}"
    if is_full and free < needs:
        busy = f"{nodes.billed} of {most} nodes of {compute.name} are taken"
        return Reason.NODES, f"{busy}, {needs} needed{_and_ahead(job, facts)}"
    if compute.low_priority and (nodes.preempted or nodes.billed < (nodes.target or 0)):
        gone = f"{nodes.preempted} preempted, " if nodes.preempted else ""
        return Reason.CAPACITY, (
            f"preemptible capacity of {compute.name} is short: {gone}{nodes.billed} of"
            f" {nodes.target} nodes are there"
        )
    if ahead := ahead_of(job, facts.jobs):
        return Reason.AHEAD, f"{_count(ahead)} ahead of it on {compute.name}"
    if nodes.preparing:
        coming = f"{nodes.preparing} node{'s' * (nodes.preparing != 1)}"
        return Reason.COMING, f"{coming} of {compute.name} will be ready soon"
    if most is not None and free < needs:
        return Reason.NODES, f"{free} of {most} nodes of {compute.name} are free, {needs} needed"
    return _told(job)


def _of_instance(job: Job, compute: Compute, facts: Facts) -> tuple[Reason, str]:
    if not compute.is_on:
        return Reason.OFF, f"{compute.name} is {compute.state or 'in an unknown state'}: start it"
    if ahead := ahead_of(job, facts.jobs):
        return Reason.AHEAD, f"{_count(ahead)} ahead of it on {compute.name}"
    if (compute.state or "").lower() == "jobrunning":
        return Reason.NODES, f"another job runs on {compute.name}"
    return _told(job)


def _told(job: Job) -> tuple[Reason, str]:
    """What is left: the service's own words, or that nothing is known."""
    if job.queueing:
        return Reason.TOLD, f"the service says: {job.queueing}"
    if (job.status or "").lower() in _STARTING:
        return Reason.COMING, "it has been given its compute, and starts"
    return Reason.UNKNOWN, "nothing that is told explains it"


def _short(fit: Fit) -> str:
    from amltui.domain.quota import Limit

    limit = fit.limit
    assert limit is not None
    what = limit.title if limit.counts is Limit.FAMILY else f"vCPU ({limit.title})"
    return f"quota: {what} {limit.used}/{limit.limit} in {limit.region}, {fit.need.vcpus} needed"


def _count(jobs: Sequence[Job]) -> str:
    return f"{len(jobs)} job{'s wait' if len(jobs) != 1 else ' waits'}"


def _and_ahead(job: Job, facts: Facts) -> str:
    ahead = ahead_of(job, facts.jobs)
    return f"; {_count(ahead)} ahead of it" if ahead else ""


def _evidence(job: Job, facts: Facts) -> list[str]:
    told = []
    compute = facts.compute
    if compute is not None and compute.nodes is not None:
        nodes = compute.nodes
        most = "?" if nodes.maximum is None else nodes.maximum
        told.append(
            f"nodes of {compute.name}: running {nodes.running}, idle {nodes.idle},"
            f" preparing {nodes.preparing}, preempted {nodes.preempted}, at most {most}"
        )
    elif compute is not None:
        told.append(f"{compute.name} is {compute.state or 'in an unknown state'}")
    if compute is not None:
        told += [f"error of {compute.name}: {each}" for each in compute.errors]
    if facts.fit is not None and facts.fit.limit is not None:
        limit = facts.fit.limit
        most = "no limit" if limit.limit < 0 else limit.limit
        told.append(f"quota: {limit.title} {limit.used}/{most} in {limit.region}")
    if ahead := ahead_of(job, facts.jobs):
        names = ", ".join(each.title for each in ahead[:NAMED])
        more = f" and {len(ahead) - NAMED} more" if len(ahead) > NAMED else ""
        told.append(f"ahead: {names}{more}")
    if facts.builds_image:
        told.append("log of an image build: there is one")
    if job.queueing:
        told.append(f"the service says: {job.queueing}")
    return told
