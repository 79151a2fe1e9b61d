"""What real answers hold that no document announces is neither an error nor shown as nonsense.

Each of these was counted in thousands of recorded answers; what is tested more closely elsewhere
is here once, as it was seen.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amltui.azure import (
    computes,
    envelope,
    jobs,
    models,
    run_facts,
    runs,
    subscriptions,
    workspaces,
)
from amltui.azure.errors import Conflict, NotAllowed, ServiceBroken
from amltui.azure.times import parse_time
from amltui.domain.compute import ComputeKind
from amltui.domain.health import Health
from amltui.domain.job import Job
from tests.azure.answers import HISTORY, PLACE, Reply
from tests.azure.samples import sample

STEP = "3728f549-8d54-4999-aa3f-5f9f5cabef5c"


def job(**properties: object) -> Job:
    body = sample("jobs", "command_running")
    body["properties"] |= properties
    found = jobs.parse(PLACE, body)
    assert found is not None
    return found


def cluster(outer: dict[str, object], inner: dict[str, object]):
    body = sample("computes", "cluster")
    body["properties"] |= outer
    body["properties"]["properties"] |= inner
    found = computes.parse(PLACE, body)
    assert found is not None
    return found


async def test_a_step_has_no_properties_in_resource_manager_and_is_read_from_run_history(rig):
    rig.service.data_plane()
    rig.service.on("GET", f"/jobs/{STEP}", Reply(200, sample("jobs", "child")))
    rig.service.on("GET", f"/runs/{STEP}", Reply(200, sample("runs", "reused_step")))
    found = await jobs.get(rig.place, STEP)
    assert (found.status, found.type, found.compute) == ("Completed", "Command", "cpu-cluster")
    assert found.title == "test_392099637575"
    assert found.parent == "000000000000000000000"


def test_counts_and_states_of_a_cluster_may_be_null():
    nothing = dict.fromkeys(
        ("nodeStateCounts", "currentNodeCount", "allocationState", "vmPriority")
    )
    found = cluster({"provisioningState": "Creating"}, nothing)
    assert found.nodes is not None
    assert (found.nodes.current, found.nodes.running, found.nodes.maximum) == (None, 0, 3)
    assert (found.state, found.low_priority, found.health) == ("Creating", False, Health.BUSY)


@pytest.mark.parametrize(
    ("errors", "told"),
    [
        ([{"error": {"code": "DiskFull", "message": "Disk of node 1 is full"}}],
         ("Disk of node 1 is full",)),
        ([{"error": {"code": "ClusterCoreQuotaReached"}}], ("ClusterCoreQuotaReached",)),
        ([{"code": "ComputeRequiresImageMigration", "message": " migrate \n"}], ("migrate",)),
        (None, ()),
        ([], ()),
        ([None, {}, {"error": None}], ()),
    ],
)  # fmt: skip
def test_a_cluster_that_has_succeeded_may_hold_errors(errors, told):
    """It works, and somebody should look at it."""
    found = cluster({}, {"errors": errors})
    assert found.errors == told
    assert found.health is (Health.ATTENTION if told else Health.GOOD)


def test_the_cause_of_a_failure_may_be_in_the_provisioning_errors_only():
    errors = [{"error": {"code": "VmSizeNotSupported", "message": "Not here."}}]
    found = cluster({"provisioningState": "Failed", "provisioningErrors": errors}, {"errors": None})
    assert (found.errors, found.health) == (("Not here.",), Health.BAD)


def test_jobs_without_services_or_a_display_name():
    found = job(services=None, displayName=None)
    assert (found.studio_url, found.title) == (None, "test_92541083814")


def test_tags_may_be_null_and_so_may_their_values():
    assert job(tags=None).tags == {}
    assert job(tags={"a": None, "b": "", "c": "x"}).tags == {"a": None, "b": "", "c": "x"}
    body = sample("computes", "cluster") | {"tags": None}
    found = computes.parse(PLACE, body)
    assert found is not None
    assert found.tags == {}


@pytest.mark.parametrize("system", [None, {}, {"createdAt": "2023-05-03T04:15:27Z"}])
def test_system_data_may_be_null_or_lack_the_people(system):
    body = sample("models", "container") | {"systemData": system}
    found = models.parse(PLACE, body)
    assert found is not None
    assert (found.created_by, found.modified) == (None, None)
    workspace = workspaces.parse(sample("workspaces", "official") | {"systemData": system})
    assert workspace is not None
    assert workspace.created_by is None


def test_the_latest_version_may_be_null_beside_a_next_one():
    body = sample("models", "container")
    body["properties"] |= {"latestVersion": None, "nextVersion": "2022-07-07-10-02-32-5114801"}
    found = models.parse(PLACE, body)
    assert found is not None
    assert found.latest_version is None


def test_a_location_may_be_null():
    workspace = workspaces.parse(sample("workspaces", "workspace") | {"location": None})
    assert workspace is not None
    assert workspace.location is None
    body = sample("computes", "cluster") | {"location": None}
    body["properties"]["computeLocation"] = None
    found = computes.parse(PLACE, body)
    assert found is not None
    assert found.location is None


@pytest.mark.parametrize(
    ("created_by", "shown"),
    [
        ({"userObjectId": "o", "userName": "Alex Example", "upn": None}, "Alex Example"),
        ({"userObjectId": "o", "userName": None, "upn": "alex@example.com"}, "alex@example.com"),
        ({"userOrgId": "o", "userId": "u"}, None),
        ("Alex Example", None),
        (None, None),
    ],
)
def test_who_made_a_run_is_an_object_there_and_a_name_elsewhere(created_by, shown):
    found = run_facts.parse({"runId": "r", "createdBy": created_by})
    assert found is not None
    assert found.created_by == shown


def test_the_owner_of_an_instance_may_have_no_name():
    found = computes.parse(PLACE, sample("computes", "instance"))
    assert found is not None
    assert found.owner is None


def test_a_run_in_flight_has_no_end_no_target_no_error_and_no_logs():
    nothing = dict.fromkeys(("endTimeUtc", "startTimeUtc", "target", "error", "duration"))
    found = runs.parse_details("r", {"runId": "r", "status": "Queued", "logFiles": {}, **nothing})
    assert found.logs == ()
    assert (found.started, found.ended, found.error, found.facts.compute) == (None,) * 4


async def test_empty_lists_are_common_and_links_mostly_absent(rig):
    rig.service.on("GET", "/jobs", Reply(200, {"value": []}))
    listing = await jobs.newest(rig.place, 100)
    assert (listing.items, listing.more, listing.notes) == ((), False, ())
    assert len(rig.service.requests) == 1


def test_the_definition_of_a_run_in_other_casing_with_numbers_for_words_is_left_alone():
    found = runs.parse_details("r", sample("runs", "details"))
    assert found.facts.type == "Pipeline"
    assert found.facts.display_name is None


def test_ids_in_lower_case_name_the_same_place():
    item = sample("workspaces", "workspace")
    item["id"] = (
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/00000"
        "/providers/microsoft.machinelearningservices/workspaces/00000"
    )
    found = workspaces.parse(item)
    assert found is not None
    assert found.id.key == PLACE.key


@pytest.mark.parametrize("type_", ["amlcompute", "AMLCOMPUTE", "AmlCompute"])
def test_kinds_are_compared_without_their_casing(type_):
    assert cluster({"computeType": type_}, {}).kind is ComputeKind.CLUSTER


@pytest.mark.parametrize("traits", [["a"], {"a": None}, None])
def test_traits_of_a_run_may_be_a_list_or_an_object(traits):
    assert run_facts.parse({"runId": "r", "runTypeV2": {"traits": traits}}) is not None


def test_a_tag_and_a_property_that_differ_in_casing_do_not_collide():
    item = sample("workspaces", "workspace") | {"tags": {"AgentsEndpointUri": "a"}}
    item["properties"]["agentsEndpointUri"] = "b"
    found = workspaces.parse(item)
    assert found is not None
    assert found.tags == {"AgentsEndpointUri": "a"}


def test_numbers_may_be_text():
    assert job(resources={"instanceCount": "4"}).node_count == 4
    found = run_facts.parse({"runId": "r", "compute": {"instanceCount": "2"}, "runNumber": "7"})
    assert found is not None
    assert found.node_count == 2


@pytest.mark.parametrize("name", ["1", "test_775218847481", "123_sweep", "0f1f-4ba8"])
def test_versions_are_names(name):
    found = models.parse_version(PLACE, "m", {"name": name})
    assert found is not None
    assert found.version == name


def test_wrapped_scores_of_automl_stay_as_they_were_written():
    tags = {"score": "<0.9101669195751139>;", "iteration": "<0>;", "run_algorithm": "<LightGBM>;"}
    found = run_facts.parse({"runId": "r", "tags": tags})
    assert found is not None
    assert found.tags == tags


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2022-12-14T03:54:41", datetime(2022, 12, 14, 3, 54, 41, tzinfo=UTC)),
        ("2022-05-12 10:15:00", datetime(2022, 5, 12, 10, 15, tzinfo=UTC)),
        ("2022-03-10 10:15:00-08:00", datetime(2022, 3, 10, 18, 15, tzinfo=UTC)),
        ("0001-01-01T00:00:00+00:00", None),
        ("8/20/2024 4:48:47 PM", None),
    ],
)
def test_odd_dates(written, read):
    assert parse_time(written) == read


@pytest.mark.parametrize(
    ("status", "health"),
    [
        ("Preparing", Health.BUSY),
        ("NotStarted", Health.WAITING),
        ("Starting", Health.BUSY),
        ("Queued", Health.WAITING),
        ("Finalizing", Health.BUSY),
        ("CancelRequested", Health.BUSY),
        ("Finished", Health.DONE),
        ("Unknown", Health.UNKNOWN),
        ("Tomorrow", Health.UNKNOWN),
        (None, Health.UNKNOWN),
    ],
)
def test_states_of_jobs_also_unheard_of_ones_are_shown_as_written(status, health):
    assert (job(status=status).status, job(status=status).health) == (status, health)


@pytest.mark.parametrize(
    ("written", "kind"), [("Hub", "Hub"), ("FeatureStore", "FeatureStore"), (None, "Default")]
)
def test_workspaces_of_every_kind_and_of_none(written, kind):
    found = workspaces.parse(sample("workspaces", "workspace") | {"kind": written})
    assert found is not None
    assert found.kind == kind


async def test_cancelling_what_is_over_is_refused_as_a_conflict(rig):
    rig.service.on("POST", "/jobs/j/cancel", Reply(400, sample("refusals", "pipeline_over")))
    with pytest.raises(Conflict, match="is in terminal status, it can't be canceled"):
        await jobs.cancel(rig.place, "j")


async def test_html_of_a_gateway_is_a_broken_service_also_behind_resource_manager(rig):
    html = b"<html>\r\n<head><title>502 Bad Gateway</title></head></html>"
    rig.service.on("GET", "/jobs", Reply(502, html, {"Content-Type": "text/html"}))
    with pytest.raises(ServiceBroken, match="answered 502 to GET the jobs of workspace 00000"):
        await jobs.newest(rig.place, 100)


def test_401_may_mean_no_right():
    body = b'{"error": {"message": "User/tenant/subscription is not allowed to access registry"}}'
    error = envelope.error_for(401, {}, body, method="GET", url="https://h/x")
    assert type(error) is NotAllowed


def test_an_error_whose_members_are_all_null_is_none():
    nothing = dict.fromkeys(("code", "message", "details", "innerError", "severity"))
    found = run_facts.parse({"runId": "r", "status": "Completed", "error": {"error": nothing}})
    assert found is not None
    assert found.error is None


@pytest.mark.parametrize(
    "api", ["https://eastus.api.azureml.ms", "https://5e1f.workspace.eastus2.api.azureml.ms/"]
)
async def test_the_data_plane_is_where_discovery_says_whatever_else_it_lists(rig, api):
    rig.service.data_plane()
    rig.service.on("GET", "/discovery", Reply(200, sample("runs", "discovery") | {"api": api}))
    rig.service.on("GET", "/runs/r", Reply(200, {"runId": "r"}))
    await runs.get(rig.place, "r")
    [asked] = rig.service.sent("GET", "/runs/r")
    assert (
        str(asked.url)
        == f"{HISTORY.replace('https://eastus.api.azureml.ms', api.rstrip('/'))}/runs/r"
    )


async def test_a_discovery_address_of_its_own_for_each_workspace(rig):
    url = "https://5e1f.workspace.eastus2.api.azureml.ms/discovery/workspaces/5e1f"
    rig.service.on("GET", "/workspaces/00000", Reply(200, {"properties": {"discoveryUrl": url}}))
    rig.service.on("GET", "/workspaces/5e1f", Reply(200, sample("runs", "discovery")))
    assert (await rig.place.services()).api == "https://eastus.api.azureml.ms"
    assert str(rig.service.requests[1].url) == url


async def test_lists_of_subscriptions_hold_more_than_a_list(rig):
    rig.service.on("GET", "/subscriptions", Reply(200, sample("subscriptions", "subscriptions")))
    assert len(await subscriptions.list_all(rig.client)) == 3


def test_an_id_need_not_be_a_guid():
    item = sample("workspaces", "workspace")
    item["id"] = item["id"].replace("00000000-0000-0000-0000-000000000000", "0000-12345678x")
    found = workspaces.parse(item)
    assert found is not None
    assert found.id.subscription_id == "0000-12345678x"
