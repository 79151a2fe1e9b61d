"""What the tests of the client start from."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.azure import answers


@pytest.fixture
async def rig() -> AsyncIterator[answers.Rig]:
    """A client of the public cloud whose answers the test plans."""
    made = answers.rig()
    yield made
    await made.client.aclose()
