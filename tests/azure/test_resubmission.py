"""What a job would have to be asked for to have it again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from amltui.azure import job_changes, jobs, resubmission
from amltui.azure.errors import Conflict
from amltui.domain.arm_id import WorkspaceId
from tests.stage import Stage

NOW = datetime(2026, 11, 24, 19, 42, 5, tzinfo=UTC)
TOLD = {
    "id": "/subscriptions/s/resourceGroups/g/…/jobs/train1",
    "name": "train1",
    "properties": {
        "description": None,
        "status": "Completed",
        "isArchived": False,
        "jobType": "Command",
        "command": "python train.py",
        "tags": {"team": "vision", "none": None, "_aml_system_ComputeTargetStatus": "{}"},
        "properties": {
            "_azureml.ComputeTargetType": "amlctrain",
            "ProcessInfoFile": "azureml-logs/process_info.json",
            "azureml.git.commit": "4f2c1d9",
            "mine": "kept",
        },
        "services": {
            "Studio": {"jobServiceType": "Studio", "endpoint": "https://ml.azure.com/runs/train1"},
            "lab": {
                "jobServiceType": "JupyterLab",
                "port": 8888,
                "endpoint": "https://x",
                "status": "Running",
            },
            "odd": None,
        },
        "outputs": {
            "default": {
                "jobOutputType": "uri_folder",
                "uri": "azureml://datastores/workspaceartifactstore/ExperimentRun/dcid.train1",
            },
            "model": {"jobOutputType": "uri_folder", "uri": "azureml://datastores/d/paths/m"},
            "odd": None,
        },
        "unheardOf": {"of": [1, None]},
    },
}


def test_what_only_the_service_writes_is_left_out():
    """Asked-for members stay, also unheard-of ones; the old outputs' folder does not."""
    assert resubmission.document(TOLD, NOW) == {
        "name": "train1-r1124194205",
        "properties": {
            "jobType": "Command",
            "command": "python train.py",
            "tags": {"team": "vision"},
            "properties": {"azureml.git.commit": "4f2c1d9", "mine": "kept"},
            "services": {"lab": {"jobServiceType": "JupyterLab", "port": 8888}},
            "outputs": {
                "default": {"jobOutputType": "uri_folder"},
                "model": {"jobOutputType": "uri_folder", "uri": "azureml://datastores/d/paths/m"},
            },
            "unheardOf": {"of": [1, None]},
        },
    }
    kept = resubmission.document(TOLD, NOW)["properties"]
    assert resubmission.shared_outputs(kept) == ["azureml://datastores/d/paths/m"]


def test_a_name_is_new_however_often_and_never_too_long():
    """The mark of the last time is replaced, and the service's limit kept."""
    assert resubmission.new_name("train1-r1101000000", NOW) == "train1-r1124194205"
    assert len(resubmission.new_name("x" * 255, NOW)) == 255
    assert resubmission.is_name(resubmission.new_name("x" * 255, NOW))
    assert not any(map(resubmission.is_name, ("", "-a", "a b", "a/b", None, 3, "ä", "x" * 256)))


@pytest.mark.parametrize("told", [{}, {"properties": None}, {"name": 3, "properties": []}])
def test_an_answer_that_is_no_job_has_nothing_to_ask_for(told: dict[str, object]):
    """Nothing is invented."""
    assert resubmission.document(told, NOW)["properties"] == {}


@pytest.mark.scenario("busy_night")
async def test_every_kind_of_job_is_taken_again(stage: Stage):
    """The service accepts what is left of each of its own jobs, and keeps what it asks for."""
    client = await stage.connect()
    kinds: set[str | None] = set()
    for workspace in stage.world.workspaces.values():
        place = client.workspace(WorkspaceId.parse(workspace.id))
        for job in (await jobs.newest(place, None)).items:
            if job.type in kinds or job.environment == "azureml":
                continue
            kinds.add(job.type)
            document = resubmission.document(await jobs.raw(place, job.name), NOW)
            await job_changes.submit(place, document["name"], document["properties"])
            again = await jobs.get(place, document["name"])
            assert (again.type, again.command) == (job.type, job.command)
            assert (again.compute, again.title) == (job.compute, job.title)
            with pytest.raises(Conflict, match="there is a job"):
                await job_changes.submit(place, job.name, document["properties"])
    assert {"Command", "Pipeline", "Sweep"} <= kinds
    await client.aclose()
