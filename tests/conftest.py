"""What tests of every layer start from; `@pytest.mark.scenario` chooses the world."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest

from amltui.azure.client import AzureClient, WorkspaceClient
from tests.stage import Stage

# A test says how wide its terminal is; pytest's workers have these from their own output.
for size in ("COLUMNS", "LINES"):
    os.environ.pop(size, None)


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Stage:
    """A world in the scenario of the test's mark, `calm` without one."""
    mark = request.node.get_closest_marker("scenario")
    return Stage(mark.args[0] if mark else "calm")


@pytest.fixture
async def azure(stage: Stage) -> AsyncIterator[AzureClient]:
    """A client of the stage's world."""
    client = await stage.connect()
    yield client
    await client.aclose()


@pytest.fixture
def place(stage: Stage, azure: AzureClient) -> WorkspaceClient:
    """The client of the world's first workspace."""
    return azure.workspace(stage.place)
