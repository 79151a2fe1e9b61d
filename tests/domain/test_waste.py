"""What is called wasteful, with what evidence, and what is left in peace."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from amltui.domain import job_cost, waste
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.compute import Compute, ComputeKind, LastOperation, Nodes
from amltui.domain.endpoint import Deployment
from amltui.domain.job import Job
from amltui.domain.job_cost import JobCost
from amltui.domain.metric import LastValue
from amltui.domain.waste import Reason, Remedy, Waste
from tests.kinds.anything import COMPUTES, DEPLOYMENTS, JOBS, NOW

PLACE = WorkspaceId("s", "g", "ws")


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def instance(state: str = "Running", on: float | None = 74, **more: Any) -> Compute:
    """`on` is for how many hours; None where the service does not say."""
    last = None if on is None else LastOperation("Start", "Succeeded", ago(hours=on), "User")
    return Compute(
        PLACE,
        "kim-a10",
        ComputeKind.INSTANCE,
        "ComputeInstance",
        state,
        "Succeeded",
        **{"last_operation": last, "price_per_hour": 3.2, **more},
    )


def cluster(nodes: Nodes, **more: Any) -> Compute:
    return Compute(
        PLACE,
        "nlp-gpu",
        ComputeKind.CLUSTER,
        "AmlCompute",
        "Steady",
        "Succeeded",
        nodes=nodes,
        **{"price_per_hour": 3.06, "steady_since": ago(days=2), **more},
    )


def deployment(**more: Any) -> Deployment:
    known: dict[str, Any] = {
        "provisioning_state": "Succeeded",
        "instances": 1,
        "price_per_hour": 0.54,
        "traffic": 100,
        "created": ago(days=90),
    }
    return Deployment(PLACE, "asr-ep", "main", **{**known, **more})


def job(status: str = "Running", **more: Any) -> Job:
    known: dict[str, Any] = {
        "compute": "gpu",
        "experiment": "exp",
        "node_count": 2,
        "started": ago(hours=2),
    }
    more = {"type": "Command", "status": status, "display_name": None, **known, **more}
    return Job(**{"workspace": PLACE, "name": "job1", **more})


def of(*computes: Compute, jobs: tuple[Job, ...] = ()) -> list[Waste]:
    return list(waste.of_computes(computes, jobs, NOW))


def test_an_instance_on_for_days_without_a_job_is_found():
    """Reason, evidence, since when, dollars and the action that ends it."""
    (found,) = of(instance())
    assert (found.reason, found.remedy) == (Reason.ON_WITHOUT_JOB, Remedy.STOP)
    assert found.evidence == "no idle shutdown"
    assert found.since == ago(hours=74)
    assert found.per_hour == 3.2
    assert found.is_older(timedelta(hours=12), NOW)


def test_nothing_is_called_idle_where_the_service_cannot_know():
    """Kernels are not visible: the word for an instance is that it is on without a job."""
    (found,) = of(instance())
    assert "idle" not in found.reason.value.lower()
    assert found.reason.value == "On, no job"


@pytest.mark.parametrize(
    "left_alone",
    [
        instance(on=9.2),
        instance("JobRunning"),
        instance("Stopped"),
        instance("Stopping"),
        instance("Starting"),
    ],
    ids=["a working day", "at work", "off", "going off", "coming"],
)
def test_an_instance_that_may_be_in_use_is_left_alone(left_alone: Compute):
    """Neither one that was on for a day's work nor one that is on its way."""
    assert of(left_alone) == []


def test_a_job_that_waits_for_the_instance_saves_it():
    """It is about to be used."""
    assert of(instance(), jobs=(job("Queued", compute="KIM-A10"),)) == []
    elsewhere = job("Queued", compute="kim-a10", workspace=WorkspaceId("s", "g", "other"))
    assert len(of(instance(), jobs=(elsewhere,))) == 1


def test_the_last_job_counts_as_use():
    """A job that ended an hour ago makes it used; one of last week does not, and dates it."""
    ended = job("Completed", compute="kim-a10", ended=ago(hours=1))
    assert of(instance(), jobs=(ended,)) == []
    (found,) = of(instance(), jobs=(replace(ended, ended=ago(hours=20)),))
    assert found.since == ago(hours=20)


def test_an_instance_that_is_on_since_nobody_knows_when_is_told_and_never_old():
    """It is on the list; no command that asks for an age may stop it."""
    (found,) = of(instance(on=None))
    assert found.since is None
    assert not found.is_older(timedelta(0), NOW)


def test_a_failed_set_up_is_billed_all_the_same():
    """No job will ever run on it."""
    (found,) = of(instance("SetupFailed"))
    assert "SetupFailed, still billed" in found.evidence


def test_min_nodes_without_a_job_are_found():
    """Only the idle ones are counted, at the cluster's price."""
    (found,) = of(cluster(Nodes(running=1, idle=2, minimum=3, maximum=4)))
    assert (found.reason, found.remedy) == (Reason.IDLE_NODES, Remedy.SCALE_DOWN)
    assert found.evidence == "min_nodes=3, 2 idle"
    assert found.per_hour == pytest.approx(6.12)
    assert found.since == ago(days=2)


@pytest.mark.parametrize(
    "left_alone",
    [
        cluster(Nodes(running=2, minimum=2)),
        cluster(Nodes(idle=2), scale_down=timedelta(minutes=2)),
        cluster(Nodes(idle=2, minimum=2), steady_since=ago(minutes=3)),
    ],
    ids=["all at work", "leaving by themselves", "just come"],
)
def test_nodes_that_work_or_go_by_themselves_are_left_alone(left_alone: Compute):
    """A cluster does what it is for."""
    assert of(left_alone) == []


def test_idle_nodes_that_are_to_stay_for_hours_are_found():
    """Without a minimum, too."""
    (found,) = of(cluster(Nodes(idle=3), scale_down=timedelta(hours=4)))
    assert "a long idle time" in found.evidence


@pytest.mark.parametrize(
    ("told", "reason", "since"),
    [
        ({"provisioning_state": "Failed"}, Reason.FAILED, ago(days=90)),
        ({"traffic": 0}, Reason.NO_TRAFFIC, None),
        ({"quiet_for": 72 * 3600.0}, Reason.NO_TRAFFIC, ago(hours=72)),
        ({"quiet_for": 72 * 3600.0, "created": ago(hours=5)}, Reason.NO_TRAFFIC, ago(hours=5)),
        ({"traffic": None, "quiet_for": 72 * 3600.0}, Reason.NO_TRAFFIC, ago(hours=72)),
    ],
)
def test_ghost_deployments_are_found(told: dict[str, Any], reason: Reason, since: datetime | None):
    """Failed but billed, without a share of the traffic, or asked by nobody."""
    (found,) = waste.of_deployments([deployment(**told)], NOW)
    assert (found.reason, found.remedy) == (reason, Remedy.DELETE)
    assert found.since == since
    assert found.per_hour == 0.54


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"traffic": None},
        {"traffic": 0, "created": ago(minutes=20)},
        {"traffic": 0, "provisioning_state": "Creating"},
        {"provisioning_state": "Failed", "instances": 0},
        {"provisioning_state": "Failed", "is_managed": False},
    ],
)
def test_other_deployments_are_left_alone(told: dict[str, Any]):
    """In use, of unknown use, new, on its way, without machines, or not ours to bill."""
    assert list(waste.of_deployments([deployment(**told)], NOW)) == []


def of_job(**values: tuple[float, float | None]) -> list[Waste]:
    """`values` are a metric's last value and how many minutes ago it was logged."""
    cost = JobCost(job(), 14.7, 29.4, None)
    last = {
        name: LastValue(name, value, 4210, None if old is None else ago(minutes=old))
        for name, (value, old) in values.items()
    }
    return list(waste.of_jobs([cost], {cost.key: (last, NOW)}))


@pytest.mark.parametrize(("value", "word"), [(math.nan, "NaN"), (math.inf, "Inf")])
def test_a_job_whose_loss_is_no_number_is_found(value: float, word: str):
    """With the metric, the step and what the job costs; since when is not told by a last value."""
    (found,) = of_job(loss=(value, 5), lr=(0.1, 5))
    assert (found.reason, found.remedy) == (Reason.NOT_A_NUMBER, Remedy.CANCEL)
    assert found.evidence == f"loss is {word} at step 4,210"
    assert (found.since, found.per_hour) == (None, 14.7)


def test_a_job_that_has_fallen_silent_is_found():
    """By the metric that was logged last."""
    (found,) = of_job(loss=(0.4, 90), lr=(0.1, 45))
    assert (found.reason, found.since) == (Reason.STALLED, ago(minutes=45))


@pytest.mark.parametrize("values", [{}, {"loss": (0.4, 5)}, {"loss": (0.4, None)}])
def test_a_job_that_logs_or_never_has_is_left_alone(values: dict[str, Any]):
    """Many jobs log no metric at all, and some values have no time."""
    assert of_job(**values) == []


def test_a_service_that_is_silent_makes_no_job_stall():
    """Values that were read an hour ago, minutes after they were logged, say nothing of now."""
    cost = JobCost(job(), 14.7, 29.4, None)
    last = {"loss": LastValue("loss", 0.4, 10, ago(minutes=65))}
    assert list(waste.of_jobs([cost], {cost.key: (last, ago(minutes=60))})) == []
    assert list(waste.of_jobs([cost], {})) == []


def test_the_most_expensive_comes_first_and_the_unknown_last():
    """An unknown price is no reason to be on top, nor to be left out."""
    found = of(
        instance(price_per_hour=None),
        replace(instance(), name="cheap", price_per_hour=0.5),
        replace(instance(), name="dear", price_per_hour=9.0),
    )
    assert [each.resource.name for each in waste.worst_first(found)] == ["dear", "cheap", "kim-a10"]


@given(
    st.lists(COMPUTES, max_size=4), st.lists(DEPLOYMENTS, max_size=4), st.lists(JOBS, max_size=4)
)
def test_whatever_is_told_no_more_is_saved_than_is_burned(
    computes: list[Compute], deployments: list[Deployment], jobs: list[Job]
):
    """No rule trips over odd values, and none promises more than the thing costs."""
    for found in waste.of_computes(computes, jobs, NOW):
        assert isinstance(found.resource, Compute)
        burned = found.resource.burn_per_hour
        assert found.per_hour is None or (
            burned is not None and found.per_hour <= burned * (1 + 1e-9)
        )
    for found in waste.of_deployments(deployments, NOW):
        assert isinstance(found.resource, Deployment)
        assert found.per_hour == found.resource.burn_per_hour


GPU = Compute(
    PLACE, "gpu", ComputeKind.CLUSTER, "AmlCompute", "Steady", "Succeeded", price_per_hour=7.0
)


def test_a_running_job_costs_its_nodes_at_their_price_for_its_time():
    """Two nodes at $7 for two hours."""
    (cost,) = job_cost.costs([job(), job("Completed", name="j2")], [GPU], NOW)
    assert (cost.per_hour, cost.so_far) == (14.0, 28.0)
    assert (cost.projected, cost.alike) == (None, 0)


@pytest.mark.parametrize(
    ("told", "prices"),
    [
        ({}, None),
        ({"compute": None}, 7.0),
        ({"node_count": None}, 7.0),
        ({"type": "Sweep"}, 7.0),
        ({"compute": "elsewhere"}, 7.0),
    ],
)
def test_what_a_job_costs_is_unknown_where_a_part_of_it_is(
    told: dict[str, Any], prices: float | None
):
    """Serverless jobs have no compute, and the children of sweeps hold their nodes."""
    (cost,) = job_cost.costs([job(**told)], [replace(GPU, price_per_hour=prices)], NOW)
    assert (cost.per_hour, cost.so_far, cost.projected) == (None, None, None)


def ended(hours: float, **more: Any) -> Job:
    start = datetime(2026, 11, 20, tzinfo=UTC)
    told = {"name": f"e{hours}", "started": start, "ended": start + timedelta(hours=hours)}
    return job("Completed", **{**told, **more})


def test_its_end_is_projected_from_jobs_alike():
    """The median of what the experiment's jobs took on as many nodes of that compute."""
    jobs = [job(), ended(3), ended(5), ended(40), ended(1, experiment="other")]
    (cost,) = job_cost.costs(jobs, [GPU], NOW)
    assert (cost.projected, cost.alike) == (14.0 * 5, 3)


def test_a_job_that_takes_longer_than_any_before_is_not_projected():
    """It will cost more than it has: how much more nobody knows."""
    (cost,) = job_cost.costs([job(), ended(1)], [GPU], NOW)
    assert (cost.projected, cost.alike) == (None, 0)


@given(st.lists(JOBS, max_size=6), st.lists(COMPUTES, max_size=3))
def test_costs_are_told_of_running_jobs_only(jobs: list[Job], computes: list[Compute]):
    """One for each, never negative, and its end is never cheaper than now."""
    told = job_cost.costs(jobs, computes, NOW)
    assert sorted(cost.key for cost in told) == sorted(job.key for job in jobs if job.is_running)
    for cost in told:
        assert cost.so_far is None or cost.so_far >= 0
        if cost.projected is not None and cost.so_far is not None:
            assert cost.projected >= cost.so_far
