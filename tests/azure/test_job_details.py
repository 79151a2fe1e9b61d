"""A job's details from whatever the services sent, and its documents without secrets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amltui.azure import documents, job_details, jobs
from amltui.azure.documents import HIDDEN, Document
from amltui.azure.errors import AzureError
from amltui.azure.job_details import parse, span
from amltui.domain.job_details import Binding, ErrorLine, JobDetails
from tests.stage import Stage

ARM = {
    "properties": {
        "environmentId": "azureml://registries/azureml/environments/acpt/versions/12",
        "inputs": {
            "data": {
                "jobInputType": "uri_folder",
                "uri": "azureml:cifar:3",
                "mode": "ReadOnlyMount",
            },
            "lr": {"jobInputType": "literal", "value": 0.1},
            "odd": None,
        },
        "outputs": {"model": {"jobOutputType": "mlflow_model", "assetName": "net", "uri": None}},
        "distribution": {"distributionType": "PyTorch", "processCountPerInstance": 4},
        "limits": {"timeout": "PT4H"},
        "properties": {"azureml.git.commit": "4f2c1d9", "azureml.git.dirty": "True"},
        "tags": {"mlflow.source.git.branch": "main", "empty": None},
        "services": {
            "Studio": {"endpoint": "https://ml.azure.com/runs/x"},
            "lab": {"jobServiceType": "JupyterLab", "status": "Running", "endpoint": "https://x"},
        },
    }
}
RUN = {
    "outputs": {"model": {"assetId": "azureml://locations/x/models/net/versions/1", "type": "m"}},
    "error": {
        "error": {
            "code": "UserError",
            "message": "it failed",
            "details": [{"code": "OOM", "message": "CUDA out of memory"}],
            "innerError": {"code": "Script", "innerError": {"code": "Exit1", "innerError": None}},
        }
    },
    "currentAttemptId": 2,
    "computeDuration": "1.02:03:04.5",
    "warnings": [{"message": "slow disk"}, None, {}],
}


def test_details_are_read_from_both_services():
    """Inputs, outputs, git, services and the tree of the error."""
    told = parse(ARM, RUN)
    data, lr, odd = told.inputs
    assert data == Binding("data", "uri_folder", "azureml:cifar:3", "ReadOnlyMount")
    assert (lr.uri, odd.uri) == ("0.1", None)
    assert told.outputs == (
        Binding(
            "model",
            "mlflow_model",
            "azureml://locations/x/models/net/versions/1",
            asset="net:new",
        ),
    )
    assert told.distribution == "PyTorch · 4 processes per node"
    assert (told.git.commit, told.git.branch, told.git.dirty) == ("4f2c1d9", "main", True)
    assert [service.name for service in told.services] == ["lab"]
    assert told.errors == (
        ErrorLine(0, "UserError", "it failed"),
        ErrorLine(1, "OOM", "CUDA out of memory"),
        ErrorLine(1, "Script", None),
        ErrorLine(2, "Exit1", None),
    )
    assert (told.attempt, told.warnings, told.timeout) == (2, ("slow disk",), "PT4H")


def test_times_of_dotnet_are_seconds():
    """With days, without, and what is none."""
    assert span("1.02:03:04.5") == 93784.5
    assert span("00:01:02.5853081") == pytest.approx(62.585, abs=0.001)
    assert (span(None), span("soon"), span("1:2:3")) == (None, None, None)


JUNK = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "properties",
                    "inputs",
                    "outputs",
                    "error",
                    "innerError",
                    "details",
                    "services",
                    "a",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JUNK, JUNK)
def test_no_answer_breaks_it(resource: object, run: object):
    """Members of any type, or missing, or null."""
    assert isinstance(parse(resource, run), JobDetails)


def test_what_opens_doors_is_not_shown():
    """Run tokens and signatures of links: what is on a screen is in pictures of it."""
    body = {"token": "abc", "logs": {"a": "https://x/y?sv=1&sig=abc%2B&se=2"}, "tokens": [None]}
    text = Document("run", body).text
    assert "abc" not in text
    assert f"sv=1&sig={HIDDEN}&se=2" in text


async def test_one_service_that_fails_leaves_the_other(stage: Stage):
    """Resource Manager's document stays; without either, the reason is raised."""
    client = await stage.connect()
    place = client.workspace(stage.place)
    job = (await jobs.newest(place, 1)).items[0]
    stage.world.faults.add("Runs_Get", "403", times=10)
    arm, run = (await documents.of_job(place, job.name)).items
    assert '"jobType"' in arm.text
    assert (run.text, run.error is not None) == ("", True)
    told = await job_details.get(place, job)
    assert told.environment is not None
    with pytest.raises(AzureError, match="not found"):
        await documents.of_job(place, "no-such-job")
    await client.aclose()
