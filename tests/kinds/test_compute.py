"""How computes are told: states, nodes, money, and what can be switched when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from amltui.domain.compute import Compute, ComputeKind, LastOperation, Nodes
from amltui.domain.health import Health
from amltui.kinds.arrange import Arrangement
from amltui.kinds.compute import COMPUTE, node_bar
from amltui.kinds.kind import Cell, Row
from amltui.kinds.switching import cannot_start, cannot_stop
from tests.kinds.anything import NOW, PLACE

INSTANCE = Compute(
    PLACE,
    "kim-a10",
    ComputeKind.INSTANCE,
    "ComputeInstance",
    "Running",
    "Succeeded",
    size="Standard_NV36ads_A10_v5",
    owner="kim@contoso.com",
    last_operation=LastOperation("Start", "Succeeded", NOW - timedelta(days=3, hours=2), "User"),
    price_per_hour=3.2,
)
CLUSTER = Compute(
    PLACE,
    "gpu-a100",
    ComputeKind.CLUSTER,
    "AmlCompute",
    "Steady",
    "Succeeded",
    size="STANDARD_NC6S_V3",
    nodes=Nodes(running=4, idle=1, preparing=1, maximum=6),
    price_per_hour=3.06,
)
ATTACHED = Compute(PLACE, "dbx", ComputeKind.ATTACHED, "Databricks", "Succeeded", "Succeeded")


def shown(title: str, compute: Compute, **more: object) -> Cell | str:
    row = Row(compute, NOW, **more)  # type: ignore[arg-type]
    return next(column.cell(row) for column in COMPUTE.columns if column.title == title)


def texts(title: str, *computes: Compute) -> list[str]:
    cells = [shown(title, compute) for compute in computes]
    return [cell.text if isinstance(cell, Cell) else cell for cell in cells]


def test_an_instance_tells_how_long_it_is_on():
    """Off is off, and on without a known start is a question mark."""
    off = replace(INSTANCE, state="Stopped")
    unknown = replace(INSTANCE, last_operation=None)
    assert texts("ON / r/i/p/max", INSTANCE, off, unknown) == ["on 3d 02h", "off", "on ?"]


def test_a_cluster_tells_its_nodes_in_bars_and_numbers():
    """Running, moving, idle, and what is left; a cluster without a maximum says so."""
    cell = shown("ON / r/i/p/max", CLUSTER)
    assert cell == Cell("4/1/1/6", bar="████▒░")
    endless = replace(CLUSTER, nodes=Nodes(running=2))
    assert texts("ON / r/i/p/max", endless, replace(CLUSTER, nodes=None)) == ["2/0/0/?", "?"]


@pytest.mark.parametrize(
    ("nodes", "bar"),
    [
        (Nodes(maximum=4), "····"),
        (Nodes(maximum=0), "·"),
        (Nodes(running=100, maximum=200), "███···"),
        (Nodes(running=1, maximum=200), "█·····"),
        (Nodes(running=9, idle=9, maximum=6), "██████"),
    ],
)
def test_the_bar_is_at_most_six_cells_and_one_node_is_seen(nodes: Nodes, bar: str):
    """However many nodes there may be."""
    assert node_bar(nodes) == bar


def test_money_is_only_told_where_it_is_known():
    """Nothing on costs nothing; an unknown price is a question mark; attached is not ours."""
    off = replace(INSTANCE, state="Stopped")
    unpriced = replace(INSTANCE, price_per_hour=None)
    assert texts("$/h", INSTANCE, CLUSTER, off, unpriced, ATTACHED) == [
        "3.20", "18.36", "0.00", "?", "n/a"
    ]  # fmt: skip


def test_the_header_sums_what_is_known_and_marks_what_is_not():
    """An unknown price makes the sum a lower bound."""
    told = [cell.text for cell in COMPUTE.tally([INSTANCE, CLUSTER])]
    assert told == ["on 1", "nodes 6", "err 0", "$21.56/h"]
    assert COMPUTE.tally([INSTANCE, replace(CLUSTER, price_per_hour=None)])[-1].text == "≥ $3.20/h"


@pytest.mark.parametrize(
    ("state", "provisioning", "text", "health"),
    [
        ("Running", "Succeeded", "Running", Health.GOOD),
        ("Stopping", "Succeeded", "Stopping", Health.BUSY),
        ("SetupFailed", "Succeeded", "SetupFailed", Health.BAD),
        ("Running", "Failed", "Failed", Health.BAD),
        ("Hibernating", "Succeeded", "Hibernating", Health.UNKNOWN),
        (None, "Succeeded", "?", Health.UNKNOWN),
        (None, None, "?", Health.UNKNOWN),
    ],
)
def test_a_state_is_told_in_the_service_s_words(state, provisioning, text, health):  # type: ignore[no-untyped-def]
    """What is not provisioned has no other state worth telling."""
    compute = replace(INSTANCE, state=state, provisioning_state=provisioning)
    assert shown("STATE", compute) == Cell(text, health)


@pytest.mark.parametrize(
    ("state", "start", "stop"),
    [
        ("Stopped", True, False),
        ("Running", False, True),
        ("JobRunning", False, True),
        ("SetupFailed", False, True),
        ("Starting", False, False),
        ("Hibernating", False, False),
        (None, False, False),
    ],
)
def test_what_can_be_switched_follows_from_the_state(state, start, stop):  # type: ignore[no-untyped-def]
    """Every refusal names the state."""
    compute = replace(INSTANCE, state=state)
    assert (cannot_start(compute) is None) is start
    assert (cannot_stop(compute) is None) is stop
    for reason in (cannot_start(compute), cannot_stop(compute)):
        assert reason is None or (state or "unknown state") in reason


@pytest.mark.parametrize("compute", [CLUSTER, ATTACHED])
def test_only_instances_are_switched(compute: Compute):
    """Clusters scale by themselves."""
    for refusal in (cannot_start, cannot_stop):
        assert "only instances" in str(refusal(compute))


def test_the_dialog_warns_of_a_job_that_would_be_lost():
    """What is dangerous is marked."""
    stop = next(action for action in COMPUTE.actions if action.name == "stop")
    busy = stop.effect(Row(replace(INSTANCE, state="JobRunning"), NOW))
    assert "! a job is running on it and will be lost" in busy
    assert "stops billing $3.20/h retail" in busy
    unpriced = stop.effect(Row(replace(INSTANCE, price_per_hour=None), NOW))
    assert "stops billing an unknown price per hour" in unpriced


def test_what_is_saved_is_what_burns_now():
    """Start costs, stop saves, restart neither; unknown stays unknown."""
    saves = {action.name: action.saves for action in COMPUTE.actions}
    assert saves["start"](replace(INSTANCE, state="Stopped")) == -3.2
    assert saves["stop"](INSTANCE) == 3.2
    assert saves["restart"](INSTANCE) == 0.0
    assert saves["stop"](replace(INSTANCE, price_per_hour=None)) is None


def test_clusters_come_first_then_instances_by_workspace_and_name():
    """An order that no change of state disturbs."""
    rows = [Row(c, NOW) for c in (ATTACHED, INSTANCE, replace(INSTANCE, name="Ana-nb"), CLUSTER)]
    ordered = Arrangement().apply(COMPUTE.columns, rows, COMPUTE.order)
    assert [row.resource.name for row in ordered] == ["gpu-a100", "Ana-nb", "kim-a10", "dbx"]


def test_facts_tell_spending_and_errors():
    """Errors come right after the state."""
    broken = replace(INSTANCE, errors=("Setup script\nexited with 1.",))
    facts = COMPUTE.facts(Row(broken, NOW))
    assert [fact.name for fact in facts[:2]] == ["state", "error"]
    told = {fact.name: fact.value for fact in facts}
    assert told["error"] == Cell("Setup script exited with 1.", Health.BAD)
    assert told["spent since start"] == "~$236.80 retail (74.0 h)"
    assert told["last operation"] == "Start by User Succeeded, 3d ago"


def test_an_idle_setting_of_zero_is_a_number_in_the_record():
    """Not an object that JSON does not know."""
    assert COMPUTE.record(replace(INSTANCE, idle_shutdown=timedelta(0)), NOW)["idle_shutdown"] == 0
    assert COMPUTE.record(INSTANCE, NOW)["idle_shutdown"] is None


def test_a_cluster_with_errors_is_marked_in_its_row():
    """It is provisioned and steady, and gets no more nodes: that is nothing to be green about."""
    sick = replace(CLUSTER, errors=("ClusterCoreQuotaReached",))
    assert shown("STATE", sick) == Cell("Steady", Health.ATTENTION)
    assert shown("STATE", replace(sick, state="Resizing")) == Cell("Resizing", Health.BUSY)
    assert shown("STATE", CLUSTER) == Cell("Steady", Health.GOOD)
