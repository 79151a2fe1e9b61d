"""Workspaces, subscriptions, tenants and models as the service wrote them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amltui.azure import models, subscriptions, workspaces
from amltui.azure.errors import ServiceBroken
from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.domain.model import Model, ModelVersion
from amltui.domain.subscription import Subscription, Tenant
from amltui.domain.workspace import PrivateEndpoint, Workspace
from tests.azure.answers import PLACE, Reply
from tests.azure.samples import sample

STORE = (
    "azureml://subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/00000"
    "/workspaces/00000/datastores"
)
GRAPH = "/providers/Microsoft.ResourceGraph/resources"


def test_a_workspace():
    found = workspaces.parse(sample("workspaces", "workspace"))
    assert found is not None
    assert found == Workspace(
        id=PLACE,
        kind="Default",
        location="eastus",
        provisioning_state="Succeeded",
        friendly_name="00000",
        created=datetime(2023, 2, 18, 9, 22, 11, 840919, tzinfo=UTC),
        created_by="alex@example.com",
        discovery_url="https://eastus.api.azureml.ms/discovery",
        mlflow_tracking_uri=f"azureml://eastus.api.azureml.ms/mlflow/v1.0{PLACE.path}",
        public_access="Enabled",
        isolation=None,
        identity="SystemAssigned",
        stands_on=found.stands_on,
    )
    assert {name: held.rpartition("/")[2] for name, held in found.stands_on.items()} == {
        "storage": "samcw32zcnpjldw",
        "key vault": "kvtestr7nqn2clt2i4c",
        "insights": "aimcw32zcnpjldw",
        "registry": "crmcw32zcnpjldw",
    }
    assert found.health is Health.GOOD


def test_an_old_workspace_without_kind_state_tags_or_creator():
    found = workspaces.parse(sample("workspaces", "official"))
    assert found is not None
    assert found == Workspace(
        id=WorkspaceId("00000000-1111-2222-3333-444444444444", "workspace-1234", "testworkspace"),
        kind="Default",
        location="eastus2euap",
        provisioning_state=None,
        friendly_name="HelloName",
        discovery_url="http://example.com",
        public_access="Disabled",
        identity="SystemAssigned,UserAssigned",
        stands_on=found.stands_on,
        private_endpoints=(PrivateEndpoint("petest01", "Approved"),),
    )
    assert [held.rpartition("/")[2] for held in found.stands_on.values()] == [
        "testStorageAccount",
        "testkv",
        "testinsights",
        "testRegistry",
    ]


def test_kinds_and_tags_of_a_list():
    found = [workspaces.parse(item) for item in sample("workspaces", "list")["value"]]
    assert [each and (each.name, each.kind, each.tags) for each in found] == [
        ("00000", "FeatureStore", {}),
        ("00000", "Default", {}),
        ("e2etest_test_372788544249", "FeatureStore", {"createdByToolkit": "sdk-v2-1.7.0"}),
    ]


@pytest.mark.parametrize(
    "below", ["/datastores/workspaceblobstore", "/computes/cpu", "/jobs/a/versions/1"]
)
def test_what_is_in_a_workspace_is_none(below):
    item = sample("workspaces", "workspace") | {"id": PLACE.path + below}
    assert workspaces.parse(item) is None


async def test_a_datastore_that_is_answered_for_a_workspace_is_told_apart(rig):
    body = {"id": f"{PLACE.path}/datastores/workspaceblobstore", "name": "workspaceblobstore"}
    rig.service.on("GET", "/workspaces/00000", Reply(200, body))
    with pytest.raises(ServiceBroken, match="answer for workspace 00000 is not a workspace"):
        await workspaces.get(rig.client, PLACE)


async def test_resource_graph_lists_what_is_a_workspace_in_any_casing(rig):
    body = sample("workspaces", "graph_of_virtual_clusters")
    row = sample("workspaces", "workspace")
    row |= {"type": row["type"].lower(), "id": row["id"].replace("Groups", "groups").lower()}
    body["data"].append(row)
    rig.service.on("POST", GRAPH, Reply(200, body))
    listing = await workspaces.list_all(rig.client)
    assert [each.key for each in listing.items] == [PLACE.key]
    assert (listing.more, listing.notes) == (False, ())


async def test_resource_graph_as_a_table_over_two_pages(rig):
    columns = [{"name": "id"}, {"name": "kind"}, {"name": "location"}]
    rows = [[PLACE.path, "Hub", "eastus"], "nonsense", [PLACE.path + "2", None]]
    rig.service.on(
        "POST",
        GRAPH,
        Reply(200, {"data": {"columns": columns, "rows": rows[:1]}, "$skipToken": "s1"}),
        Reply(200, {"data": {"columns": columns, "rows": rows[1:]}, "resultTruncated": "false"}),
    )
    found = (await workspaces.list_all(rig.client, ["s"])).items
    assert [(each.name, each.kind, each.location) for each in found] == [
        ("00000", "Hub", "eastus"),
        ("000002", "Default", None),
    ]
    first, second = (request.read().decode() for request in rig.service.sent("POST", GRAPH))
    assert '"subscriptions":["s"]' in first
    assert "$skipToken" not in first
    assert '"$skipToken":"s1"' in second
    assert "project id, name" in second


async def test_a_graph_that_repeats_its_token_is_asked_twice(rig):
    row = sample("workspaces", "workspace")
    rig.service.on("POST", GRAPH, Reply(200, {"data": [row], "$skipToken": "again"}))
    assert len((await workspaces.list_all(rig.client)).items) == 1
    assert len(rig.service.requests) == 2


async def test_a_graph_that_refuses_is_replaced_by_the_subscriptions(rig):
    listed = sample("subscriptions", "subscriptions")
    listed["value"][1]["state"] = "Disabled"
    rig.service.on("POST", GRAPH, Reply(403))
    rig.service.on("GET", "/subscriptions", Reply(200, listed))
    first, third = (listed["value"][number]["subscriptionId"] for number in (0, 2))
    rig.service.on(
        "GET", f"{first}/.*/workspaces", Reply(200, sample("workspaces", "official_list"))
    )
    rig.service.on("GET", f"{third}/.*/workspaces", Reply(500, b"<html>"))
    listing = await workspaces.list_all(rig.client)
    assert [each.id.resource_group for each in listing.items] == [
        "workspace-1234",
        "workspace-5678",
    ]
    assert listing.notes == (
        f"subscription {third} cannot be read: management.azure.com answered 500 to GET the"
        f" providers of subscription {third}",
    )


async def test_hundreds_of_subscriptions_are_asked_a_few_at_a_time(rig):
    many = [{"subscriptionId": f"s{number}", "state": "Enabled"} for number in range(200)]
    rig.service.on("POST", GRAPH, Reply(403))
    rig.service.on("GET", "/subscriptions", Reply(200, {"value": many, "count": {"value": 200}}))
    rig.service.on("GET", "/workspaces", Reply(200, {"value": []}))
    listing = await workspaces.list_all(rig.client)
    assert (listing.items, listing.notes) == ((), ())
    assert len(rig.service.sent("GET", "/workspaces")) == 200
    assert 1 < rig.service.most_at_once <= workspaces.AT_ONCE


async def test_where_every_subscription_refuses_the_refusal_is_the_answer(rig):
    rig.service.on("POST", GRAPH, Reply(403))
    rig.service.on("GET", "/workspaces", Reply(500, b"<html>"))
    with pytest.raises(ServiceBroken):
        await workspaces.list_all(rig.client, ["s1", "s2"])


async def test_subscriptions_and_tenants(rig):
    rig.service.on("GET", "/subscriptions", Reply(200, sample("subscriptions", "subscriptions")))
    rig.service.on("GET", "/tenants", Reply(200, sample("subscriptions", "official_tenants")))
    tenant = "b4bda4e2-5319-4531-a49f-e67f6ca6c609"
    assert await subscriptions.list_all(rig.client) == (
        Subscription("2fdf838e-f62e-4b3c-ae4f-a7d3cb3c7996", "Subscription 1", tenant, "Enabled"),
        Subscription("cf5cb62a-5c7b-40c1-a096-096e0951b93b", "Subscription 2", tenant, "Enabled"),
        Subscription("114b2df8-0eac-41a9-a431-49a556c76231", "Subscription 3", tenant, "Enabled"),
    )
    assert (await subscriptions.tenants(rig.client))[1:] == (
        Tenant(
            "83abe5cd-bcc3-441a-bd86-e6a75360cecc",
            "Contoso Corp.",
            "auxteststagemanual.ccsctp.net",
        ),
        Tenant("daea2e9b-847b-4c93-850d-2aa6f2d7af33", "TEST_TEST_RDV", "rdvmohoro.ccsctp.net"),
    )


@pytest.mark.parametrize(
    ("state", "usable"),
    [
        ("Enabled", True),
        ("enabled", True),
        ("Warned", True),
        ("PastDue", True),
        (None, True),
        ("Disabled", False),
        ("Deleted", False),
    ],
)
def test_disabled_subscriptions_are_listed_and_not_asked(state, usable):
    found = subscriptions.parse({"subscriptionId": "123", "state": state})
    assert found is not None
    assert (found.name, found.is_usable) == ("123", usable)


def test_models():
    found = [models.parse(PLACE, item) for item in sample("models", "containers")["value"]]
    assert found[0] == Model(
        workspace=PLACE,
        name="sklearn_regression_model",
        latest_version="1",
        created=datetime(2022, 9, 15, 3, 13, 53, 555185, tzinfo=UTC),
        created_by="618b4022-e662-4a72-a773-43258a96a4e9",
        modified=datetime(2022, 9, 15, 3, 13, 53, 555185, tzinfo=UTC),
    )
    assert [each and (each.name, each.latest_version) for each in found[1:]] == [
        ("test_326887029225", "2"),
        ("model-1", "5"),
    ]


def test_versions_of_a_model():
    assert models.parse_version(PLACE, "m", sample("models", "version_of_mlflow")) == ModelVersion(
        workspace=PLACE,
        model="m",
        version="1",
        type="mlflow_model",
        uri=f"{STORE}/workspaceartifactstore/paths/ExperimentRun"
        "/dcid.light_gbm_job_0e06762d4adf4f0184c6adc522347262/lightgbm_artifact",
        job="light_gbm_job_0e06762d4adf4f0184c6adc522347262",
        created=datetime(2022, 9, 28, 9, 6, 17, 278090, tzinfo=UTC),
        created_by="Alex Example",
    )
    assert models.parse_version(PLACE, "m", sample("models", "version_archived")) == ModelVersion(
        workspace=PLACE,
        model="m",
        version="3",
        type="mlflow_model",
        stage="Production",
        uri=f"{STORE}/workspaceblobstore/paths/LocalUpload/00000000000000000000000000000000"
        "/lightgbm_mlflow_model",
        description="this is my test model with stage",
        created=datetime(2023, 5, 10, 19, 54, 51, 70580, tzinfo=UTC),
        created_by="Alex Example",
        tags={"foo": "bar", "abc": "123"},
    )


async def test_versions_come_newest_first_whatever_they_are_called(rig):
    def version(name: str, created: object) -> dict[str, object]:
        return {"name": name, "properties": None, "systemData": {"createdAt": created}}

    listed = [
        version("10", "2023-01-02T00:00:00Z"),
        version("123_sweep", "2023-01-03T00:00:00Z"),
        version("9", None),
        version("10", "2023-01-02T00:00:00Z"),
        version("test_775218847481", "2023-01-01T00:00:00Z"),
    ]
    rig.service.on("GET", "/models/m%20%2F1/versions", Reply(200, {"value": listed}))
    rig.service.on("GET", "/models/m /1/versions", Reply(200, {"value": listed}))
    found = await models.versions(rig.place, "m /1")
    assert [each.version for each in found.items] == ["123_sweep", "10", "test_775218847481", "9"]
    assert found.items[0].name == "m /1:123_sweep"
    [asked] = rig.service.requests
    assert asked.url.params["$orderBy"] == "createdtime desc"


async def test_the_recorded_list_of_models_links_on(rig):
    rig.service.on(
        "GET",
        "/models",
        Reply(200, sample("models", "containers")),
        Reply(200, {"value": [sample("models", "container")]}),
    )
    found = (await models.list_all(rig.place)).items
    assert [each.name for each in found][-2:] == ["model-1", "test_198453716381"]
