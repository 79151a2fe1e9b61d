"""Whatever is pasted, it is told what it is about, or that it is nothing known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.target import Target, target

PLACE = WorkspaceId("s-1", "rg", "ws")
WSID = "/subscriptions/s-1/resourcegroups/rg/workspaces/ws"
ID = (
    "/subscriptions/s-1/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws"
)
STUDIO = "https://ml.azure.com"


@pytest.mark.parametrize(
    ("text", "kind", "name", "place"),
    [
        (f"{STUDIO}/runs/gray_pig?wsid={ID}&tid=t", "job", "gray_pig", PLACE),
        (f"{STUDIO}/experiments/id/e-1/runs/gray_pig?wsid={ID}", "job", "gray_pig", PLACE),
        (f"{STUDIO}/experiments/img/runs/gray_pig?wsid={ID}#outputs", "job", "gray_pig", PLACE),
        (f"{STUDIO}/compute/kim-dev/details?wsid={ID}", "compute", "kim-dev", PLACE),
        (f"{STUDIO}/model/resnet:3/details?wsid={ID}", "model", "resnet", PLACE),
        (f"{STUDIO}/endpoints/realtime/fraud/detail?wsid={ID}", "endpoint", "fraud", PLACE),
        (f"{STUDIO}/home?wsid={ID}", "workspace", "ws", PLACE),
        (f"{STUDIO}/compute/list?wsid={ID}", "workspace", "ws", PLACE),
        (f"https://portal.azure.com/#@t.com/resource{ID}/overview", "workspace", "ws", PLACE),
        (f"https://management.azure.com{ID}/jobs/j?api-version=1", "job", "j", PLACE),
        (f"{ID}/jobs/gray_pig", "job", "gray_pig", PLACE),
        (f"{ID.lower()}/computes/c".replace("/providers/microsoft.m", "/providers/Microsoft.M"),
         "compute", "c", PLACE),
        (f"{ID}/models/resnet/versions/3", "model", "resnet", PLACE),
        (f"{ID}/onlineEndpoints/fraud/deployments/blue", "endpoint", "fraud", PLACE),
        (ID, "workspace", "ws", PLACE),
        (f" <{ID}> ", "workspace", "ws", PLACE),
        (f"azureml:/{WSID}/jobs/j/outputs/artifacts", "job", "j", PLACE),
        (f"azureml:/{WSID}/datastores/workspaceartifactstore/paths/ExperimentRun/dcid.j_1/logs",
         "job", "j_1", PLACE),
        (f"azureml:/{WSID}/datastores/blobs/paths/x", "datastore", "blobs", PLACE),
        (f"azureml://eastus2.api.azureml.ms/mlflow/v1.0{ID}?", "workspace", "ws", PLACE),
        (f"azureml://eastus2.api.azureml.ms/mlflow/v1.0{ID}/experiments/e/runs/r-1/artifacts",
         "job", "r-1", PLACE),
        ("azureml://jobs/gray_pig/outputs/artifacts/paths/model", "job", "gray_pig", None),
        ("azureml://locations/eastus/workspaces/g-1/models/resnet/versions/3", "model", "resnet",
         None),
        ("azureml:resnet:3", "model", "resnet", None),
        ("azureml:resnet@latest", "model", "resnet", None),
        ("runs:/r-1/model", "job", "r-1", None),
        ("models:/resnet/3", "model", "resnet", None),
        ("models:/resnet@best", "model", "resnet", None),
        ("http://localhost:5000/#/experiments/4/runs/r-1", "job", "r-1", None),
        ("azureml://registries/hub/models/resnet/versions/3", "registry's model", "resnet of hub",
         None),
        ("az ml job show -n j -w ws -g rg --subscription s-1", "job", "j", PLACE),
        ("$ az ml job stream --name=j", "job", "j", None),
        ("az ml compute show -n c -w ws", "compute", "c", WorkspaceId("", "", "ws")),
        ("az ml online-deployment show -n blue --endpoint-name fraud -g rg", "endpoint", "fraud",
         WorkspaceId("", "rg", "")),
        ("az ml workspace show -n ws -g rg", "workspace", "ws", WorkspaceId("", "rg", "ws")),
        ("gray_pig_knyllgjbkl", "job", "gray_pig_knyllgjbkl", None),
    ],
)  # fmt: skip
def test_it_is_told_what_it_is_about(text, kind, name, place):
    assert target(text) == Target(kind, name, place)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "two words", "https://example.com", "https://[", "azureml:", "azureml://", "/x",
     "/subscriptions/s-1", "job/../x", "é", "az ml job list", "az ml job show -n",
     "az vm show -n x", "az ml job show -n 'x", "runs:/", "models:/../x", "azureml://registries"],
)  # fmt: skip
def test_what_is_about_nothing_known_is_told_so(text):
    assert target(text) is None


@given(st.text(max_size=80) | st.text(max_size=60).map(lambda text: f"https://ml.azure.com/{text}"))
def test_no_text_is_too_strange(text):
    found = target(text)
    assert found is None or found.name
