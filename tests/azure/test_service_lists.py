"""Against the service: workspaces, computes with their prices, nodes, models and subscriptions."""

from __future__ import annotations

import pytest

from amltui.azure import computes, models, places, subscriptions, workspaces
from amltui.azure.errors import NotFound, NotSignedIn
from amltui.azure.places import Ambiguous
from amltui.domain.compute import ComputeKind
from amltui.domain.place import Wish
from tests.stage import Stage

NIGHT = ["contoso-dev", "edu-lab", "nlp-dev", "risk-prod", "vision-prod"]


def names(items) -> list[str]:
    return sorted(item.name for item in items)


@pytest.mark.scenario("busy_night")
async def test_all_workspaces_come_from_resource_graph_in_one_question(stage: Stage, azure):
    listing = await workspaces.list_all(azure)
    assert names(listing.items) == NIGHT
    assert (listing.more, listing.notes) == (False, ())
    assert len(stage.sent("POST", "/resources")) == 1
    assert {each.provisioning_state for each in listing.items} == {"Succeeded"}
    assert all(each.discovery_url and each.location for each in listing.items)


@pytest.mark.scenario("busy_night")
@pytest.mark.parametrize("kind", ["403", "404", "html502"])
async def test_where_resource_graph_refuses_each_subscription_is_asked(stage: Stage, azure, kind):
    stage.world.faults.add("ResourceGraph_Query", kind, times=9)
    listing = await workspaces.list_all(azure)
    assert names(listing.items) == NIGHT
    assert listing.notes == ()
    asked = stage.sent("GET", "/providers/Microsoft.MachineLearningServices/workspaces")
    usable = [each for each in await subscriptions.list_all(azure) if each.is_usable]
    assert len(asked) == len(usable) == 3


@pytest.mark.scenario("busy_night")
async def test_one_subscription_that_refuses_is_a_note(stage: Stage, azure):
    stage.world.faults.add("ResourceGraph_Query", "403")
    stage.world.faults.add("Workspaces_ListBySubscription", "403")
    listing = await workspaces.list_all(azure)
    assert 0 < len(listing.items) < 5
    [note] = listing.notes
    assert note.startswith("subscription ")
    assert "does not have authorization" in note


async def test_a_token_that_is_refused_is_no_reason_to_ask_elsewhere(stage: Stage, azure):
    stage.world.faults.add("*", "401", times=99)
    with pytest.raises(NotSignedIn):
        await workspaces.list_all(azure)
    assert len(stage.sent("POST", "/resources")) == 2


@pytest.mark.scenario("busy_night")
async def test_some_subscriptions_only(azure):
    chosen = (await subscriptions.list_all(azure))[0].id
    found = (await workspaces.list_all(azure, [chosen])).items
    assert 0 < len(found) < 5
    assert {each.id.subscription_id for each in found} == {chosen}


async def test_one_workspace_as_it_is_now(azure, place):
    found = await workspaces.get(azure, place.id)
    assert (found.id, found.provisioning_state) == (place.id, "Succeeded")


async def test_a_workspace_that_does_not_exist(azure, place):
    gone = type(place.id)(place.id.subscription_id, place.id.resource_group, "gone-ws")
    with pytest.raises(NotFound, match="gone-ws"):
        await workspaces.get(azure, gone)


@pytest.mark.scenario("busy_night")
async def test_the_place_that_is_meant(azure):
    [found] = await places.find(azure, Wish(workspace="VISION-prod"))
    assert found.name == "vision-prod"
    assert len(await places.find(azure, Wish(), all_workspaces=True)) == 5
    with pytest.raises(Ambiguous, match="5 workspaces match any workspace: "):
        await places.find(azure, Wish())
    with pytest.raises(NotFound, match="no workspace vision-prd; did you mean vision-prod"):
        await places.find(azure, Wish(workspace="vision-prd"))
    with pytest.raises(NotFound, match="is in resource group "):
        await places.find(azure, Wish(workspace="vision-prod", resource_group="elsewhere"))


async def test_where_all_three_are_named_nothing_is_listed(stage: Stage, azure):
    wish = Wish(subscription="s", resource_group="g", workspace="w")
    assert await places.find(azure, wish) == (wish.exact,)
    assert stage.sent("POST", "/resources") == []


@pytest.mark.scenario("busy_night")
async def test_computes_of_every_kind_and_what_they_cost(stage: Stage, azure):
    [vision] = await places.find(azure, Wish(workspace="vision-prod"))
    place = azure.workspace(vision)
    before = len(stage.sent("GET", "/vmSizes"))
    listing = await computes.list_all(place)
    await computes.list_all(place)
    assert listing.notes == ()
    assert {each.kind for each in listing.items} == set(ComputeKind) - {ComputeKind.SERVERLESS}
    for each in listing.items:
        if each.kind in {ComputeKind.INSTANCE, ComputeKind.CLUSTER}:
            assert each.price_per_hour is not None
            assert each.price_per_hour > 0
            assert each.burn_per_hour is not None
        else:
            assert each.burn_per_hour is None
    assert len(stage.sent("GET", "/vmSizes")) == before + 1


async def test_one_compute_and_none(place):
    listed = {each.name: each for each in (await computes.list_all(place)).items}
    assert await computes.get(place, "kim-dev") == listed["kim-dev"]
    with pytest.raises(NotFound, match=r"^compute nobody does not exist$"):
        await computes.get(place, "nobody")


async def test_the_machines_of_a_cluster(place):
    cluster = await computes.get(place, "cpu-cluster")
    nodes = await computes.nodes(place, "cpu-cluster")
    assert cluster.nodes is not None
    assert len(nodes) == cluster.nodes.running + cluster.nodes.idle
    assert {node.state for node in nodes} <= {"idle", "running"}
    assert all(node.run_id for node in nodes if node.state == "running")


async def test_without_prices_there_is_a_note(stage: Stage, place):
    stage.world.faults.add("VirtualMachineSizes_List", "403")
    listing = await computes.list_all(place)
    assert [each.price_per_hour for each in listing.items] == [None] * len(listing.items)
    assert listing.notes[0].startswith("prices are missing: ")


async def test_models_and_their_versions_newest_first(place):
    listed = (await models.list_all(place)).items
    assert [(each.name, each.latest_version) for each in listed] == [
        ("churn-xgb", "3"),
        ("demand-prophet", "test_775218847481"),
    ]
    versions = (await models.versions(place, "churn-xgb")).items
    assert versions[0].version == "3"
    made = [each.created for each in versions if each.created]
    assert made == sorted(made, reverse=True)
    assert all(each.uri and each.type for each in versions)


async def test_versions_of_a_model_that_does_not_exist(place):
    with pytest.raises(NotFound, match="nobody"):
        await models.versions(place, "nobody")


async def test_a_workspace_tells_what_it_stands_on(azure, place):
    """Storage, vault, insights, network and identity come with the list: nothing else is asked."""
    listed = {each.key: each for each in (await workspaces.list_all(azure)).items}
    found = listed[place.id.key]
    assert set(found.stands_on) >= {"storage", "key vault", "insights"}
    assert "/storageAccounts/" in found.stands_on["storage"]
    assert found.identity == "SystemAssigned"
    assert found.public_access == "Enabled"
    assert found.hub is None
    alone = await workspaces.get(azure, place.id)
    assert (alone.stands_on, alone.identity) == (found.stands_on, found.identity)
