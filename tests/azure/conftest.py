"""What the tests of the client start from."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from hypothesis import settings

from amltui.azure.client import AzureClient
from tests.azure import answers
from tests.stage import Stage

# A busy machine is no reason to fail: what takes too long meets the time-out of the whole test.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture
async def rig() -> AsyncIterator[answers.Rig]:
    """A client of the public cloud whose answers the test plans."""
    made = answers.rig()
    yield made
    await made.client.aclose()


@pytest.fixture
async def azure(stage: Stage) -> AsyncIterator[AzureClient]:
    """A client of the stage's world; its pauses let time pass there."""
    client = await stage.connect()
    client.sleep = stage.advance
    yield client
    await client.aclose()
