"""Workspaces with azure-ai-ml and azure-mgmt: templates, updates, keys, diagnosis, deletion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from amltui.emulator.process import Service

WAIT = 60


@pytest.fixture(scope="module")
def begun(ml: Any) -> dict[str, Any]:
    """A workspace, a hub and a feature store, which azure-ai-ml makes by templates, as it does."""
    from azure.ai.ml.entities import FeatureStore, Hub, Workspace

    place = Workspace(
        name="made-ws", location="eastus2", display_name="Made", description="By a template",
        tags={"team": "x"},
    )  # fmt: skip
    hub = ml.workspaces.begin_create(Hub(name="a-hub", location="eastus2"))
    store = ml.feature_stores.begin_create(FeatureStore(name="a-store", location="eastus2"))
    return {"hub": hub, "store": store, "workspace": ml.workspaces.begin_create(place)}


@pytest.fixture(scope="module")
def made(begun: dict[str, Any]) -> Any:
    return begun["workspace"].result(WAIT)


@pytest.fixture
def resources(management: Callable[..., Any], service: Service) -> Any:
    from azure.mgmt.resource.resources import ResourceManagementClient

    return management(ResourceManagementClient, service.subscription_id)


@pytest.fixture
def deployer(management: Callable[..., Any], service: Service) -> Any:
    """The client of deployments that azure-ai-ml brings along."""
    from azure.ai.ml._vendor.azure_resources import ResourceManagementClient

    return management(ResourceManagementClient, service.subscription_id)


@pytest.fixture
def learning(management: Callable[..., Any], service: Service) -> Any:
    from azure.mgmt.machinelearningservices import MachineLearningServicesMgmtClient

    return management(MachineLearningServicesMgmtClient, service.subscription_id)


def test_a_workspace_is_created_by_a_template(made: Any, ml: Any, service: Service) -> None:
    assert made.name == "made-ws"
    assert made.location == "eastus2"
    assert made.display_name == "Made"
    assert made.tags["team"] == "x"
    assert made.tags["createdByToolkit"].startswith("sdk-v2-")
    assert made.hbi_workspace is False
    assert made.storage_account
    assert made.mlflow_tracking_uri.startswith("azureml://")
    assert "made-ws" in [each.name for each in ml.workspaces.list()]
    assert "made-ws" in [each.name for each in ml.workspaces.list(scope="subscription")]


def test_the_template_made_what_the_workspace_stands_on(
    made: Any, resources: Any, service: Service
) -> None:
    for name in (made.storage_account, made.key_vault, made.application_insights):
        assert resources.resources.get_by_id(name, api_version="2023-01-01").location == "eastus2"
    found = resources.resources.list_by_resource_group(
        service.resource_group, filter="resourceType eq 'Microsoft.Storage/storageAccounts'"
    )
    assert made.storage_account.lower() in [each.id.lower() for each in found]


def test_the_new_workspace_can_be_worked_in(made: Any, ml: Any, service: Service) -> None:
    from azure.ai.ml import MLClient

    inside = MLClient(ml._credential, service.subscription_id, service.resource_group, made.name)
    assert list(inside.compute.list()) == []
    assert list(inside.jobs.list()) == []
    assert list(inside.models.list()) == []


def test_creating_it_again_is_an_update(made: Any, ml: Any) -> None:
    from azure.ai.ml.entities import Workspace

    again = ml.workspaces.begin_create(Workspace(name="made-ws", tags={"more": "y"})).result(WAIT)
    assert again.tags["more"] == "y"
    assert again.tags["team"] == "x"


def test_update(made: Any, ml: Any) -> None:
    place = ml.workspaces.get("made-ws")
    place.description = "Changed"
    place.tags = {"only": "this"}
    changed = ml.workspaces.begin_update(place).result(WAIT)
    assert changed.description == "Changed"
    assert ml.workspaces.get("made-ws").tags == {"only": "this"}


def test_keys(ml: Any) -> None:
    keys = ml.workspaces.get_keys("calm-ws")
    assert keys.user_storage_key
    assert keys.notebook_access_keys.primary_access_key
    ml.workspaces.begin_sync_keys("calm-ws").result(WAIT)


def test_diagnosis(ml: Any) -> None:
    found = ml.workspaces.begin_diagnose("calm-ws").result(WAIT)
    assert not found.storage_account_results


def test_a_managed_network(made: Any, ml: Any) -> None:
    from azure.ai.ml.entities import FqdnDestination

    place = ml.workspaces.get("made-ws")
    ml.workspaces.begin_update(place, managed_network="allow_only_approved_outbound").result(WAIT)
    rule = FqdnDestination(name="pypi", destination="pypi.org")
    ml.workspace_outbound_rules.begin_create("made-ws", rule).result(WAIT)
    assert ml.workspace_outbound_rules.get("made-ws", "pypi").destination == "pypi.org"
    assert [each.name for each in ml.workspace_outbound_rules.list("made-ws")] == ["pypi"]
    told = ml.workspaces.begin_provision_network(workspace_name="made-ws").result(WAIT)
    assert told.status == "Active"
    ml.workspace_outbound_rules.begin_remove("made-ws", "pypi").result(WAIT)
    assert list(ml.workspace_outbound_rules.list("made-ws")) == []


def test_a_hub_and_its_project(begun: dict[str, Any], ml: Any) -> None:
    from azure.ai.ml.entities import Project

    hub = begun["hub"].result(WAIT)
    asked = Project(name="a-project", location="eastus2", hub_id=hub.id)
    project = ml.workspaces.begin_create(asked).result(WAIT)
    assert project.hub_id.lower() == hub.id.lower()
    assert [each.lower() for each in ml.workspaces.get("a-hub").associated_workspaces] == [
        project.id.lower()
    ]


def test_a_feature_store(begun: dict[str, Any], ml: Any) -> None:
    assert begun["store"].result(WAIT).name == "a-store"
    assert "a-store" in [each.name for each in ml.feature_stores.list()]
    kept = ml.feature_stores.get("a-store")
    assert kept.materialization_identity.resource_id
    assert kept.offline_store.target


def test_deployments_are_told_of(made: Any, deployer: Any, service: Service) -> None:
    group = service.resource_group
    found = [
        each
        for each in deployer.deployments.list_by_resource_group(group)
        if each.properties.output_resources
    ]
    assert found
    shown = deployer.deployments.get(group, found[0].name)
    assert shown.properties.provisioning_state == "Succeeded"
    steps = list(deployer.deployment_operations.list(group, found[0].name))
    assert {each.properties.provisioning_state for each in steps} == {"Succeeded"}
    assert all(each.properties.target_resource.id for each in steps)
    assert deployer.deployments.export_template(group, found[0].name).template["resources"]
    deployer.deployments.begin_delete(group, found[0].name).result(WAIT)
    assert not deployer.deployments.check_existence(group, found[0].name)


def test_workspaces_of_the_management_client(learning: Any, service: Service) -> None:
    group = service.resource_group
    asked = {"location": "eastus2", "properties": {"friendly_name": "Managed"}}
    place = learning.workspaces.begin_create_or_update(group, "managed-ws", asked).result(WAIT)
    assert place.provisioning_state == "Succeeded"
    update = {"tags": {"a": "b"}}
    place = learning.workspaces.begin_update(group, "managed-ws", update).result(WAIT)
    assert place.tags == {"a": "b"}
    assert learning.workspaces.list_keys(group, "managed-ws").user_storage_key
    assert learning.workspaces.list_notebook_access_token(group, "managed-ws").access_token
    assert list(learning.workspace_features.list(group, "managed-ws"))
    learning.workspaces.begin_prepare_notebook(group, "managed-ws").result(WAIT)
    learning.workspaces.begin_resync_keys(group, "managed-ws").result(WAIT)
    assert learning.private_link_resources.list(group, "managed-ws").value
    learning.workspaces.begin_delete(group, "managed-ws").result(WAIT)


def test_deletion_leaves_what_it_stood_on_unless_asked(
    made: Any, ml: Any, resources: Any, learning: Any, service: Service
) -> None:
    """Created again on the same storage, by a client that asks for its progress sooner."""
    from azure.core.exceptions import ResourceNotFoundError

    storage = ml.workspaces.get("made-ws").storage_account
    ml.workspaces.begin_delete("made-ws", delete_dependent_resources=False).result(WAIT)
    with pytest.raises(ResourceNotFoundError):
        ml.workspaces.get("made-ws")
    assert resources.resources.check_existence_by_id(storage, api_version="2023-01-01")
    with pytest.raises(ResourceNotFoundError):
        ml.workspaces.begin_delete("made-ws", delete_dependent_resources=False)

    parts = {
        "storage_account": made.storage_account,
        "key_vault": made.key_vault,
        "application_insights": made.application_insights,
    }
    asked = {"location": "eastus2", "properties": parts}
    learning.workspaces.begin_create_or_update(service.resource_group, "made-ws", asked).result(
        WAIT
    )
    ml.workspaces.begin_delete(
        "made-ws", delete_dependent_resources=True, permanently_delete=True
    ).result(WAIT)
    assert not resources.resources.check_existence_by_id(storage, api_version="2023-01-01")


def test_resource_groups(resources: Any) -> None:
    from azure.core.exceptions import ResourceNotFoundError

    assert not resources.resource_groups.check_existence("rg-new")
    resources.resource_groups.create_or_update("rg-new", {"location": "eastus", "tags": {"a": "b"}})
    assert resources.resource_groups.check_existence("rg-new")
    assert "rg-new" in [each.name for each in resources.resource_groups.list()]
    assert resources.resource_groups.update("rg-new", {"tags": {"c": "d"}}).tags == {"c": "d"}
    resources.resource_groups.begin_delete("rg-new").result(WAIT)
    with pytest.raises(ResourceNotFoundError):
        resources.resource_groups.get("rg-new")


def test_a_workspace_that_amltui_makes(ml: Any, amltui: Callable[..., Any]) -> None:
    """azure-ai-ml tells what was asked for, and finds what it stands on."""
    told = amltui("create-workspace", "by-amltui", "--region", "eastus2", "--description", "Ours",
                  "--wait")  # fmt: skip
    assert told["result"] == "created"
    made = ml.workspaces.get("by-amltui")
    assert (made.location, made.description) == ("eastus2", "Ours")
    assert "/storageAccounts/byamltuistor" in made.storage_account
    assert "/vaults/byamltuikv" in made.key_vault
    assert "/components/byamltuiinsi" in made.application_insights
    ml.workspaces.begin_delete(
        "by-amltui", delete_dependent_resources=True, permanently_delete=True
    ).result(WAIT)
