"""What is running, what it costs, and that nothing unknown is ever counted as nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from amltui.domain import burn
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.burn import Rate, Spending
from amltui.domain.compute import Compute, ComputeKind, Nodes
from amltui.domain.endpoint import Deployment
from tests.kinds.anything import COMPUTES, DEPLOYMENTS

PLACE = WorkspaceId("s", "g", "ws")
INSTANCE = Compute(
    PLACE, "ci", ComputeKind.INSTANCE, "ComputeInstance", "Running", "Succeeded", price_per_hour=3.2
)
CLUSTER = Compute(
    PLACE,
    "gpu",
    ComputeKind.CLUSTER,
    "AmlCompute",
    "Steady",
    "Succeeded",
    nodes=Nodes(running=4, idle=2, preparing=1, leaving=1, preempted=3, unusable=1),
    price_per_hour=2.0,
)
DEPLOYMENT = Deployment(PLACE, "ep", "blue", "Succeeded", instances=3, price_per_hour=0.5)
DOLLARS = st.lists(st.none() | st.floats(0, 1e6), max_size=20)


def parts(compute: Compute) -> dict[Spending, tuple[int | None, float | None]]:
    return {each.spending: (each.machines, each.per_hour) for each in burn.of_compute(compute)}


def test_a_cluster_is_paid_for_by_what_its_nodes_do():
    """Jobs, idle nodes and nodes on their way apart; preempted nodes cost nothing."""
    assert parts(CLUSTER) == {
        Spending.JOBS: (4, 8.0),
        Spending.IDLE_NODES: (2, 4.0),
        Spending.CHANGING_NODES: (3, 6.0),
    }


def test_nodes_that_are_in_no_state_are_paid_for_too():
    """Where the cluster has more machines than its states tell, the rest is on its way."""
    grown = replace(CLUSTER, nodes=Nodes(running=1, current=5))
    assert parts(grown) == {Spending.JOBS: (1, 2.0), Spending.CHANGING_NODES: (4, 8.0)}


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("Running", {Spending.INSTANCES: (1, 3.2)}),
        ("JobRunning", {Spending.BUSY_INSTANCES: (1, 3.2)}),
        ("SetupFailed", {Spending.INSTANCES: (1, 3.2)}),
        ("Stopped", {}),
        (None, {}),
    ],
)
def test_an_instance_costs_while_it_is_on(
    state: str | None, told: dict[Spending, tuple[int, float]]
):
    """With a job and without are told apart; a stopped one is not in the burn rate."""
    assert parts(replace(INSTANCE, state=state)) == told


def test_an_unknown_price_is_unknown_and_not_nothing():
    """The machine is counted, its dollars are not made up, and the sum says that it is more."""
    unpriced = replace(INSTANCE, price_per_hour=None)
    assert parts(unpriced) == {Spending.INSTANCES: (1, None)}
    assert burn.total(burn.of_compute(unpriced)) == Rate(0.0, 1)
    assert burn.total(burn.of_compute(unpriced)).least is None
    both = [*burn.of_compute(unpriced), *burn.of_compute(CLUSTER)]
    assert burn.total(both) == Rate(18.0, 1)
    assert not burn.total(both).is_exact


def test_a_failed_deployment_is_paid_for_and_one_on_kubernetes_is_not():
    """Its machines are up whatever its state; a cluster of ours is billed as what it is."""
    failed = replace(DEPLOYMENT, provisioning_state="Failed")
    assert burn.total(burn.of_deployment(failed)) == Rate(1.5, 0)
    assert list(burn.of_deployment(replace(DEPLOYMENT, is_managed=False))) == []


def test_a_deployment_that_does_not_say_how_many_machines_it_has_is_unknown():
    """Null is not none."""
    assert burn.total(burn.of_deployment(replace(DEPLOYMENT, instances=None))) == Rate(0.0, 1)
    assert list(burn.of_deployment(replace(DEPLOYMENT, instances=0))) == []


@given(st.lists(COMPUTES, max_size=5), st.lists(DEPLOYMENTS, max_size=5))
def test_groups_add_up_to_the_whole(computes: list[Compute], deployments: list[Deployment]):
    """However it is split, no dollar and no unknown is lost or made."""
    burns = [each for compute in computes for each in burn.of_compute(compute)]
    burns += [each for deployment in deployments for each in burn.of_deployment(deployment)]
    whole = burn.total(burns)
    for key in (lambda each: each.spending, lambda each: each.owner, lambda each: each.workspace):
        groups = burn.by(burns, key)
        assert sum(rate.unknown for rate in groups.values()) == whole.unknown
        assert sum(rate.known for rate in groups.values()) == pytest.approx(whole.known)
        assert [r.known for r in groups.values()] == sorted(
            (r.known for r in groups.values()), reverse=True
        )


@given(st.lists(COMPUTES, max_size=5))
def test_the_parts_of_a_compute_are_what_the_compute_says_it_burns(computes: list[Compute]):
    """The list's `$/h` and the header's sum cannot tell two stories."""
    for told in computes:
        compute = told
        if told.kind is not ComputeKind.SERVERLESS:  # of which nodes may be unknown
            is_cluster = told.kind is ComputeKind.CLUSTER
            compute = replace(told, nodes=(told.nodes or Nodes()) if is_cluster else None)
        rate = burn.total(burn.of_compute(compute))
        if compute.is_billed:
            if compute.burn_per_hour is None:
                assert rate.unknown
            else:
                assert rate == Rate(pytest.approx(compute.burn_per_hour), 0)
        else:
            assert rate == Rate()


@given(DOLLARS)
def test_a_sum_knows_what_it_does_not_know(dollars: list[float | None]):
    """Every None is counted, and a sum of nothing but unknowns is no zero."""
    rate = burn.rate_of(dollars)
    assert rate.unknown == dollars.count(None)
    assert (rate.least is None) == (bool(rate.unknown) and not rate.known)
