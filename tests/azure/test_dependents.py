"""What a workspace stands on: state, network and bill, and what is said where nobody tells."""

from __future__ import annotations

import pytest

from amltui.azure import dependents, graph, workspaces
from amltui.azure.client import AzureClient
from amltui.azure.errors import AzureError, NotAllowed, Throttled
from amltui.domain.dependent import Cost, Dependent
from amltui.domain.health import Health
from amltui.domain.workspace import Workspace
from tests.azure.answers import PLACE, Reply, Rig
from tests.stage import Stage

GRAPH, BILLS = "/Microsoft.ResourceGraph/resources", "/Microsoft.CostManagement/query"
ACCOUNT = "/subscriptions/0000/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/sa's\\"
VAULT = "/subscriptions/1111/resourceGroups/g/providers/Microsoft.Keyvault/vaults/kv"
HERE = Workspace(PLACE, "Default", "eastus", "Succeeded", stands_on={"storage": ACCOUNT})


@pytest.mark.scenario("busy_night")
async def test_each_is_told_with_its_state_its_network_and_its_bill(
    stage: Stage, azure: AzureClient
):
    """Checked against the world's own bill, to the cent."""
    listed = {each.name: each for each in (await workspaces.list_all(azure)).items}
    risk = listed["risk-prod"]
    found = {each.what: each for each in (await dependents.of(azure, risk)).items}
    assert set(found) == {"storage", "key vault", "insights"}
    storage = found["storage"]
    assert (storage.state, storage.sku, storage.location) == (
        "Succeeded",
        "Standard_LRS",
        "northeurope",
    )
    assert storage.is_closed
    assert not found["insights"].is_closed
    ids = [risk.id.path, *risk.stands_on.values()]
    bills = await dependents.bills(azure, ids)
    priced = {each.what: each.billed for each in dependents.with_bills(found.values(), bills)}
    assert priced["insights"] is None
    assert priced["storage"] is not None
    assert priced["storage"].currency == "USD"
    assert sum(each.month for each in bills.values()) == pytest.approx(await whole(azure, risk))
    asked = len(stage.sent("POST", BILLS))
    await dependents.bills(azure, ids)
    assert len(stage.sent("POST", BILLS)) == asked


async def whole(azure: AzureClient, workspace: Workspace) -> float:
    """What the month has cost in a workspace's resource group, asked for in another way."""
    body = await azure.post(
        f"/subscriptions/{workspace.id.subscription_id}"
        f"/resourceGroups/{workspace.id.resource_group}/providers/Microsoft.CostManagement/query",
        json={
            "type": "ActualCost",
            "timeframe": "MonthToDate",
            "dataset": {"aggregation": {"a": {"name": "Cost", "function": "Sum"}}},
        },
        api_version="2023-11-01",
        reads=True,
    )
    names = [column["name"] for column in body["properties"]["columns"]]
    ((*row,),) = body["properties"]["rows"]
    return float(dict(zip(names, row, strict=True)).get("Cost", row[0]))


async def test_what_the_graph_does_not_know_is_said_to_be_gone(rig: Rig):
    """Deleted behind the workspace's back, or hidden: it is no healthy one either way."""
    rig.service.on("POST", GRAPH, Reply(body={"data": []}))
    (gone,) = (await dependents.of(rig.client, HERE)).items
    assert (gone.is_gone, gone.health) == (True, Health.BAD)


async def test_names_are_asked_for_as_they_are(rig: Rig):
    """No quote in a name ends the text that it stands in."""
    rig.service.on("POST", GRAPH, Reply(body={"data": []}))
    await dependents.of(rig.client, HERE)
    (request,) = rig.service.sent("POST", GRAPH)
    assert rb"storageAccounts/sa\\'s\\\\')" in request.content
    assert graph.quoted("a'b\\") == "'a\\'b\\\\'"


async def test_nulls_and_unknown_words_are_told_as_such(rig: Rig):
    """Whatever a provider leaves out, or calls by a new name."""
    row = {"id": ACCOUNT.upper(), "sku": None, "properties": {"provisioningState": "Dreaming"}}
    rig.service.on("POST", GRAPH, Reply(body={"data": [row, {"id": None}, None]}))
    (found,) = (await dependents.of(rig.client, HERE)).items
    assert found == Dependent(PLACE, "storage", ACCOUNT, state="Dreaming")
    assert found.health is Health.UNKNOWN
    rig.service.on("POST", GRAPH, Reply(body={"data": [{"id": ACCOUNT, "properties": None}]}))
    (bare,) = (await dependents.of(rig.client, HERE)).items
    assert bare == Dependent(PLACE, "storage", ACCOUNT)


async def test_a_workspace_that_names_nothing_asks_nothing(rig: Rig):
    """Old answers leave all of it out."""
    bare = Workspace(PLACE, "Default", None, None)
    assert (await dependents.of(rig.client, bare)).items == ()
    assert not rig.service.requests


async def test_bills_are_asked_for_in_each_subscription(rig: Rig):
    """And found by their ids, whatever the case and whichever column comes first."""
    columns = [{"name": "ResourceId"}, {"name": "Cost"}, {"name": "Currency"}]

    def answer(request: object) -> Reply:
        rows = [[ACCOUNT.upper() + "/", 1.5, "EUR"], [ACCOUNT.lower(), 2.0, "EUR"], ["x", None]]
        return Reply(body={"properties": {"columns": columns, "rows": rows}})

    rig.service.on("POST", f"/subscriptions/0000/.*{BILLS}", answer)
    rig.service.on("POST", f"/subscriptions/1111/.*{BILLS}", Reply(204))
    found = await dependents.bills(rig.client, [ACCOUNT, VAULT])
    assert found[ACCOUNT.lower()] == Cost(3.5, "EUR")
    assert VAULT.lower() not in found


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(403, {"error": {"code": "RBACAccessDenied", "message": "no"}}), NotAllowed),
        (Reply(429, {"error": {"code": "429"}}), Throttled),
        (Reply(200, b"{"), AzureError),
        (Reply(503, b"<html>", {"Content-Type": "text/html"}), AzureError),
    ],
)
async def test_a_bill_that_is_refused_is_no_bill_of_nothing(
    rig: Rig, reply: Reply, kind: type[AzureError]
):
    """Who asks is told why, and a later question is asked anew."""
    rig.service.on("POST", BILLS, reply)
    for _ in range(2):
        with pytest.raises(kind):
            await dependents.bills(rig.client, [ACCOUNT])
