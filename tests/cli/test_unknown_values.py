"""Words that the service may invent tomorrow: passed through, never guessed at."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import pytest

from amltui.azure.client import AzureClient
from amltui.azure.connect import connect
from amltui.cli import session
from amltui.cli.settings import Settings
from amltui.emulator.app import emulator
from tests.cli.conftest import Amltui
from tests.stage import ARM, Stage


class Rewritten(httpx.AsyncBaseTransport):
    """A service that uses other words than ours does."""

    def __init__(self, inner: httpx.AsyncBaseTransport, words: Mapping[str, str]) -> None:
        self.inner = inner
        self.words = words

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.inner.handle_async_request(request)
        text = (await response.aread()).decode()
        for ours, theirs in self.words.items():
            text = text.replace(ours, theirs)
        return httpx.Response(response.status_code, content=text.encode())


@pytest.fixture
def telling(amltui: Amltui, bare: pytest.MonkeyPatch) -> Amltui:
    """The command on a service of which every word that has a meaning is a new one."""
    stage = Stage("calm")
    words = {
        '"Completed"': '"Sublimated"',
        '"Running"': '"Levitating"',
        '"Steady"': '"Hibernating"',
        '"AmlCompute"': '"QuantumCompute"',
        '"Command"': '"Incantation"',
        '"provisioningState":"Succeeded"': '"provisioningState":"Bewitched"',
        '"kind":"Default"': '"kind":"Cauldron"',
    }

    async def there(settings: Settings) -> AzureClient:
        return await connect(
            ARM,
            transport=Rewritten(httpx.ASGITransport(emulator(stage.world)), words),
            credential=stage.credential,
        )

    bare.setattr(session, "connect", there)
    return amltui


def test_a_status_nobody_has_heard_of(telling: Amltui) -> None:
    """A job's new status and type are told as the service wrote them, in JSON and in the table."""
    jobs = telling("jobs", "-o", "json").json
    assert {"Sublimated", "Levitating"} <= {job["status"] for job in jobs}
    assert "Incantation" in {job["type"] for job in jobs}
    assert "Sublimated" in telling("jobs").out


def test_a_compute_nobody_has_heard_of(telling: Amltui) -> None:
    """A compute of a new type with a new state is listed beside the known ones."""
    computes = {each["name"]: each for each in telling("compute", "-o", "json").json}
    assert computes["kim-dev"]["state"] == "Levitating"
    assert computes["cpu-cluster"]["type"] == "QuantumCompute"
    assert {each["provisioning_state"] for each in computes.values()} == {"Bewitched"}
    ended = telling("stop", "kim-dev")
    assert (ended.code, ended.out) == (1, "")
    assert "Levitating" in ended.complaint


def test_a_workspace_nobody_has_heard_of(telling: Amltui) -> None:
    """Kind and provisioning state of a workspace are the service's own words."""
    place = telling("workspaces", "-o", "json").json[0]
    assert (place["kind"], place["provisioning_state"]) == ("Cauldron", "Bewitched")
