"""Where endpoints are called: on this service, with Azure's host name within the path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amltui.emulator.places import Workspace

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

INFERENCE, MODELS = "inference.ml.azure.com", "models.ai.azure.com"


def inference(call: Call, place: Workspace, endpoint: str) -> str:
    """`{service}/scoring/{workspace's guid}/ep1.eastus2.inference.ml.azure.com`"""
    return f"{call.base}/scoring/{place.guid}/{endpoint}.{place.location}.{INFERENCE}"


def models(call: Call, place: Workspace, endpoint: str) -> str:
    """The same for a serverless endpoint."""
    return f"{call.base}/scoring/{place.guid}/{endpoint}.{place.location}.{MODELS}"


def endpoint_of(host: str) -> str:
    """The endpoint that such a host name begins with."""
    return host.partition(".")[0]
