"""Computes in tests: bodies as clients put them, and the operations that follow."""

from __future__ import annotations

from typing import Any

import httpx

from amltui.emulator.jobs.record import JobRecord
from tests.emulator.lab import WORKSPACE, Lab

COMPUTES = f"{WORKSPACE}/computes"
SIZE = "Standard_DS3_v2"
FAMILY = "standardDSv2Family"


def instance(size: str | None = SIZE, **inner: Any) -> dict[str, Any]:
    return body("ComputeInstance", {"vmSize": size, **inner})


def cluster(least: int = 0, most: int = 4, size: str = SIZE, **inner: Any) -> dict[str, Any]:
    scale = {
        "minNodeCount": least,
        "maxNodeCount": most,
        "nodeIdleTimeBeforeScaleDown": "PT2M",
    }
    return body("AmlCompute", {"vmSize": size, "scaleSettings": scale, **inner})


def body(kind: str, inner: Any = None, **properties: Any) -> dict[str, Any]:
    return {
        "location": "eastus",
        "properties": {"computeType": kind, "properties": inner, **properties},
    }


async def put(lab: Lab, name: str, wanted: Any) -> httpx.Response:
    return await lab.client.put(f"{COMPUTES}/{name}", json=wanted)


async def made(lab: Lab, name: str, wanted: Any) -> dict[str, Any]:
    """The compute as it is when its creation is over."""
    response = await put(lab, name, wanted)
    assert response.status_code == 201, response.text
    assert await outcome(lab, response) == "Succeeded"
    return await get(lab, name)


async def get(lab: Lab, name: str) -> dict[str, Any]:
    found: dict[str, Any] = await lab.get(f"{COMPUTES}/{name}")
    return found


async def inner(lab: Lab, name: str) -> dict[str, Any]:
    """What is of its kind."""
    found: dict[str, Any] = (await get(lab, name))["properties"]["properties"]
    return found


async def post(lab: Lab, name: str, action: str, content: Any = None) -> httpx.Response:
    return await lab.client.post(f"{COMPUTES}/{name}/{action}", json=content)


async def outcome(lab: Lab, response: httpx.Response, seconds: float = 30) -> str:
    """How the operation that an answer leads to ends."""
    url = response.headers["Azure-AsyncOperation"]
    assert "Location" not in response.headers
    assert (await lab.get(url))["status"] == "InProgress"
    lab.pass_time(seconds)
    return str((await lab.get(url))["status"])


def code(response: httpx.Response) -> str:
    """The innermost code of a refusal."""
    error = response.json()["error"]
    assert error["message"]
    for info in error["additionalInfo"]:
        if info["type"] == "InnerError":
            value = info["info"]["value"]
            while value["innerError"]:
                value = value["innerError"]
            return str(value["code"])
    return str(error["code"])


def job(lab: Lab, name: str, compute: str, ran: float = 60.0, nodes: int = 1) -> JobRecord:
    """A job that is created now, takes its nodes after five seconds, and runs after ten."""
    life = (("Queued", 0.0), ("Preparing", 5.0), ("Running", 10.0), ("Completed", 10.0 + ran))
    record = JobRecord(
        name=name,
        workspace=WORKSPACE.lower(),
        created=lab.world.now,
        compute=compute,
        nodes=nodes,
        timeline=life,
    )
    return lab.world.jobs.put(record)
