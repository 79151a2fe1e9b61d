"""Children with what they reached: two services side by side, of which one may fail."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from amltui.azure import children
from amltui.azure.errors import NotSignedIn
from tests.azure.answers import Reply, Rig

RUNS = {"value": [{"runId": "t1", "status": "Completed"}, {"runId": "t2", "status": "Running"}]}
PARENT = {"run": {"info": {"run_id": "sweep", "experiment_id": "7"}}}


def reached(run_id: str, loss: Any, lr: Any) -> dict[str, Any]:
    data = {"metrics": [{"key": "loss", "value": loss}], "params": [{"key": "lr", "value": lr}]}
    return {"info": {"run_id": run_id}, "data": data}


def answering(rig: Rig, *searches: Reply) -> None:
    rig.service.data_plane()
    rig.service.on("GET", "/children", Reply(200, RUNS))
    rig.service.on("GET", "/runs/get", Reply(200, PARENT))
    rig.service.on("POST", "/runs/search", *searches)


async def test_metrics_and_parameters_come_in_pages_from_mlflow(rig: Rig):
    first = {"runs": [reached("t1", 0.5, "0.1")], "next_page_token": "more"}
    answering(rig, Reply(200, first), Reply(200, {"runs": [reached("t2", "NaN", 0.2)]}))
    listing = await children.of(rig.place, "sweep")
    one, two = listing.items
    assert (one.metrics["loss"].value, one.job.parameters) == (0.5, {"lr": "0.1"})
    assert math.isnan(two.metrics["loss"].value)
    assert two.score("loss") is None
    asked = [json.loads(each.content) for each in rig.service.sent("POST", "/runs/search")]
    assert asked[0]["experiment_ids"] == ["7"]
    assert asked[0]["filter"] == "tags.mlflow.parentRunId = 'sweep'"
    assert asked[1]["page_token"] == "more"


@pytest.mark.parametrize(
    "broken",
    [
        Reply(403, {"error_code": "PERMISSION_DENIED", "message": "No."}),
        Reply(404),
        Reply(200, b'{"runs": ['),
        Reply(400, b"<html>Bad</html>"),
        ConnectionResetError(),
    ],
)
async def test_without_mlflow_there_are_children_and_a_note(rig: Rig, broken: Any):
    answering(rig, broken)
    listing = await children.of(rig.place, "sweep")
    assert [child.name for child in listing.items] == ["t1", "t2"]
    assert not any(child.metrics for child in listing.items)
    assert listing.notes[0].startswith("metrics of the children are missing: ")


@pytest.mark.parametrize(
    "odd",
    [
        None,
        {"runs": None},
        {"runs": [None, {}, {"info": None, "data": {"metrics": {}, "params": [None]}}]},
        {"runs": [{"info": {"run_id": "t1"}, "data": {"metrics": [{"key": None}], "params": 3}}]},
        {"runs": [], "next_page_token": "again"},
    ],
)
async def test_whatever_mlflow_says_the_children_are_there(rig: Rig, odd: Any):
    """Nulls where objects were, and a service that pages in a circle."""
    answering(rig, Reply(200, odd))
    listing = await children.of(rig.place, "sweep")
    assert [child.metrics for child in listing.items] == [{}, {}]
    assert listing.notes == ()
    assert len(rig.service.sent("POST", "/runs/search")) <= 2


async def test_an_expired_sign_in_is_no_note(rig: Rig):
    answering(rig, Reply(401, {"error": {"code": "InvalidAuthenticationToken"}}))
    with pytest.raises(NotSignedIn):
        await children.of(rig.place, "sweep")
