"""Machines without a compute, as the jobs that hold them tell."""

from __future__ import annotations

from msgspec.structs import replace

from amltui.domain import burn, job_cost, serverless
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.burn import Rate, Spending
from amltui.domain.compute import Compute, ComputeKind
from amltui.domain.health import Health
from amltui.domain.job import Job
from amltui.domain.overview import JobNow, Overview
from tests.stage import START

PLACE = WorkspaceId("s", "g", "ws")
JOB = Job(
    PLACE,
    "one",
    "one",
    "tuning",
    "Command",
    "Running",
    compute="serverless",
    created_by="Kim",
    started=START,
    node_count=2,
    instance_type="Standard_NC6s_v3",
)


def told(*jobs: Job, price: float | None = 3.0) -> tuple[Compute, ...]:
    return serverless.computes((job, price) for job in jobs)


def test_jobs_on_machines_of_one_size_are_one_row():
    """Machines that get ready for a job are paid for too; those of another size are another row."""
    preparing = replace(JOB, name="two", status="Preparing", node_count=None)
    small = replace(JOB, name="three", instance_type="Standard_DS3_v2")
    large, other = told(JOB, preparing, small)
    assert (large.kind, large.state, large.health) == (
        ComputeKind.SERVERLESS,
        "2 jobs",
        Health.GOOD,
    )
    assert large.nodes is not None
    assert (large.nodes.running, large.nodes.preparing) == (2, 1)
    assert large.burn_per_hour == 9.0
    assert large.owner == "Kim"
    assert other.size == "Standard_DS3_v2"
    assert other.key != large.key


def test_machines_of_several_people_are_nobodys():
    """Each job has its own owner; their row has none, and is nobody's in the sums."""
    (both,) = told(JOB, replace(JOB, name="two", created_by="Li"))
    assert both.owner is None


def test_spot_machines_are_a_row_of_their_own():
    """They cost less, and the size alone does not tell."""
    dedicated, spot = told(JOB, replace(JOB, name="two", tier="Spot"))
    assert (dedicated.low_priority, spot.low_priority) == (False, True)
    assert dedicated.key != spot.key


def test_what_holds_no_machine_is_in_no_row():
    """Waiting or over, on a compute of its own, or told of no compute at all: a laptop's run."""
    assert not told(
        replace(JOB, status="Queued"),
        replace(JOB, status="Provisioning"),
        replace(JOB, status="Completed"),
        replace(JOB, compute="gpu-a100"),
        replace(JOB, compute="local"),
        replace(JOB, compute=None),
    )


def test_what_is_unknown_stays_unknown():
    """The price of a size that no job names, and the machines of a sweep's trials."""
    (unnamed,) = told(replace(JOB, instance_type=None), price=None)
    (sweep,) = told(replace(JOB, type="Sweep"))
    assert unnamed.burn_per_hour is None
    assert sweep.burn_per_hour is None
    assert sweep.nodes is None
    for each in (unnamed, sweep):
        assert burn.total(burn.of_compute(each)) == Rate(0.0, 1)


def test_all_workspaces_burn_what_such_jobs_hold():
    """In the rate and its classes, and in the cost of each job."""
    overview = Overview(START, (PLACE,), jobs=(JobNow(JOB, price=3.0),))
    assert overview.rate == Rate(6.0)
    assert [each.spending for each in overview.burns] == [Spending.SERVERLESS]
    (cost,) = overview.costs
    assert (cost.per_hour, cost.is_spot) == (6.0, False)
    (cheaper,) = job_cost.costs([replace(JOB, tier="spot")], (), START, {JOB.key: 1.0})
    assert (cheaper.per_hour, cheaper.is_spot) == (2.0, True)
    (unknown,) = job_cost.costs([JOB], (), START)
    assert unknown.per_hour is None
