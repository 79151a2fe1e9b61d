"""Why a job waits: each reason from what was told, and nothing where nothing was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.compute import Compute, ComputeKind, Nodes
from amltui.domain.job import Job
from amltui.domain.quota import Need, Usage, fit
from amltui.domain.waiting import Facts, Reason, ahead_of, waits, why_waiting

PLACE = WorkspaceId("s1", "rg", "vision-prod")
NOW = datetime(2026, 11, 24, 19, 42, tzinfo=UTC)
JOB = Job(PLACE, "j1", None, "img", "command", "Queued", "gpu", created=NOW, node_count=2)
NEED = Need(PLACE, "eastus2", "standardNCSv3Family", 12)
FULL = fit(NEED, [Usage("s1", "eastus2", "standardNCSv3Family", 48, 48)])
ROOMY = fit(NEED, [Usage("s1", "eastus2", "standardNCSv3Family", 0, 48)])
EARLIER = replace(JOB, name="j0", created=NOW - timedelta(hours=1))


def cluster(**nodes: Any) -> Compute:
    held = Nodes(**{"maximum": 6, **nodes})
    return Compute(PLACE, "gpu", ComputeKind.CLUSTER, "AmlCompute", "Steady", "Succeeded",
                   nodes=held)  # fmt: skip


def instance(state: str) -> Compute:
    return Compute(PLACE, "gpu", ComputeKind.INSTANCE, "ComputeInstance", state, "Succeeded")


SICK = replace(cluster(running=1), errors=("ClusterCoreQuotaReached: 48 of 48 in use",))
SPOT = replace(cluster(running=1, preempted=2, target=4, current=1), low_priority=True)


@pytest.mark.parametrize(
    ("facts", "reason", "words"),
    [
        (Facts(is_gone=True), Reason.GONE, "gpu is not there any more: it will never start"),
        (Facts(instance("Stopped")), Reason.OFF, "gpu is Stopped: start it"),
        (Facts(instance("JobRunning")), Reason.NODES, "another job runs on gpu"),
        (Facts(cluster(maximum=1)), Reason.TOO_LARGE, "asks for 2 nodes, and gpu has 1 at most"),
        (Facts(SICK), Reason.ERRORS, "gpu gets no nodes: ClusterCoreQuotaReached"),
        (Facts(SICK, fit=FULL), Reason.QUOTA, "48/48 in eastus2, 12 needed"),
        (Facts(cluster(running=1), fit=FULL), Reason.QUOTA, "quota: NCSv3 48/48 in eastus2"),
        (Facts(cluster(running=6)), Reason.NODES, "6 of 6 nodes of gpu are taken, 2 needed"),
        (
            Facts(cluster(running=6), jobs=[JOB, EARLIER]),
            Reason.NODES,
            "2 needed; 1 job waits ahead of it",
        ),
        (Facts(replace(SICK, nodes=Nodes(running=6, maximum=6))), Reason.NODES, "6 of 6 nodes"),
        (Facts(SPOT), Reason.CAPACITY, "of gpu is short: 2 preempted, 1 of 4 nodes are there"),
        (Facts(cluster(running=1), jobs=[EARLIER]), Reason.AHEAD, "1 job waits ahead of it on gpu"),
        (Facts(cluster(preparing=2), fit=ROOMY), Reason.COMING, "2 nodes of gpu will be ready"),
    ],
)
def test_each_reason_from_what_was_told(facts: Facts, reason: Reason, words: str):
    """One sentence that names the thing, and the evidence beside it."""
    why = why_waiting(JOB, facts)
    assert (why.reason, words in why.sentence) == (reason, True), why.sentence


def test_a_job_that_prepares_waits_for_its_image():
    """Where there is the log of a build; without one it has only begun to start."""
    job = replace(JOB, status="Preparing")
    building = why_waiting(job, Facts(cluster(idle=6), builds_image=True))
    assert building.reason is Reason.IMAGE
    assert why_waiting(job, Facts(cluster(idle=6))).reason is Reason.COMING
    assert why_waiting(JOB, Facts(cluster(idle=6), builds_image=True)).reason is Reason.UNKNOWN


def test_nothing_is_made_up():
    """Without answers there is no reason, and what is missing is named."""
    why = why_waiting(JOB, Facts(missing=("its compute (403)",)))
    assert why.reason is Reason.UNKNOWN
    assert why.evidence == ("not known: its compute (403)",)
    told = why_waiting(replace(JOB, queueing="Waiting for nodes"), Facts())
    assert (told.reason, told.sentence) == (Reason.TOLD, "the service says: Waiting for nodes")


def test_the_evidence_is_everything_that_was_looked_at():
    """Nodes, errors, quota, neighbours: so that one sees for oneself."""
    facts = Facts(SICK, jobs=[EARLIER], fit=FULL)
    told = "\n".join(why_waiting(JOB, facts).evidence)
    for words in ("running 1, idle 0", "error of gpu", "NCSv3 48/48 in eastus2", "ahead: j0"):
        assert words in told


def test_only_those_that_wait_longer_for_the_same_are_ahead():
    """Neither running ones, nor others' computes, nor later ones, nor the job itself."""
    others = [
        EARLIER,
        JOB,
        replace(EARLIER, name="j2", status="Running"),
        replace(EARLIER, name="j3", compute="cpu"),
        replace(EARLIER, name="j4", created=NOW + timedelta(hours=1)),
        replace(EARLIER, name="j5", created=None),
        replace(EARLIER, name="j6", compute="GPU", created=NOW - timedelta(hours=2)),
    ]
    assert [each.name for each in ahead_of(JOB, others)] == ["j6", "j0"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [("Queued", True), ("NotStarted", True), ("Preparing", True), ("Running", False),
     ("Completed", False), ("Paused", False), (None, False)],
)  # fmt: skip
def test_what_waits(status: str | None, expected: bool):
    """Submitted, and not running yet."""
    assert waits(replace(JOB, status=status)) is expected
