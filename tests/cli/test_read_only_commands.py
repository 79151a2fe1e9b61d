"""No command passes `--read-only`: not one of them, and not one that is added later."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from amltui.cli import arguments
from tests.cli.conftest import Amltui

JOB, INSTANCE, CLUSTER, DEPLOYMENT = "resnet50-base", "kim-a10", "gpu-a100", "credit-ep/blue"
PLACES = "--all-workspaces"
CHANGING: dict[str, tuple[str, ...]] = {
    "cancel": (JOB, PLACES),
    "resubmit": (JOB, PLACES),
    "tag": (JOB, "--tags", "a=b", PLACES),
    "untag": (JOB, "--tags", "team", PLACES),
    "rename": (JOB, "--to", "x", PLACES),
    "describe": (JOB, "--to", "x", PLACES),
    "archive": (JOB, PLACES),
    "restore": ("resnet18-smoke", PLACES),
    "delete": ("resnet152-bs512", "--yes", PLACES),
    "start": ("kim-old", PLACES),
    "stop": (INSTANCE, PLACES),
    "restart": (INSTANCE, PLACES),
    "idle-shutdown": (INSTANCE, "--after", "2h", PLACES),
    "schedule": (INSTANCE, "--change", "add stop 0 19 * * 1-5", PLACES),
    "scale": (CLUSTER, "--max", "3", PLACES),
    "scale-down": ("nlp-gpu", PLACES),
    "resize": ("kim-old", "--to", "Standard_DS12_v2", PLACES),
    "delete-compute": (INSTANCE, "--yes", PLACES),
    "traffic": (DEPLOYMENT, "--to", "50", PLACES),
    "scale-deployment": (DEPLOYMENT, "--to", "3", PLACES),
    "delete-deployment": (DEPLOYMENT, "--yes", PLACES),
    "delete-workspace": ("edu-lab", "--yes"),
    "purge-workspace": ("edu-lab", "--yes"),
    "stop-idle": ("--older-than", "1m", PLACES),
    "create-compute": ("cpu-new", "--workspace", "nlp-dev"),
    "create-workspace": ("new-ws", "--region", "eastus2", "--workspace", "nlp-dev"),
}
"""What each command that changes something is told."""
READING = {"jobs", "compute", "models", "endpoints", "workspaces", "job", "metrics", "compare",
           "diff", "logs", "follow", "wait", "watch", "files", "download", "burn", "cost", "idle",
           "quota", "diagnose", "doctor"}  # fmt: skip
ELSEWHERE = {"demo", "emulator", "cache"}
"""What has nothing to do with Azure."""
QUESTIONS = ("/resources", ":query", "/full", "/sample", "/query", "runs:query", "/listnodes",
             "/diagnose", "/search", "/getallowedvmsizesforresize")  # fmt: skip
"""Ends of paths whose POSTs change nothing."""


@pytest.fixture
def changes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What has been sent that changes something."""
    sent: list[str] = []
    send = httpx.AsyncClient.send

    async def noting(self: httpx.AsyncClient, request: httpx.Request, **more: Any) -> Any:
        path = request.url.path.lower()
        if request.method not in {"GET", "HEAD"} and not path.endswith(QUESTIONS):
            sent.append(f"{request.method} {path}")
        return await send(self, request, **more)

    monkeypatch.setattr(httpx.AsyncClient, "send", noting)
    return sent


def test_every_command_is_known_to_read_or_to_change() -> None:
    """A new one has to say here which it does."""
    known = arguments._parser(arguments.COMMANDS)[1]
    assert set(known) == CHANGING.keys() | READING | ELSEWHERE


@pytest.mark.parametrize("command", CHANGING)
def test_nothing_is_sent_when_read_only(command: str, on_busy: Amltui, changes: list[str]) -> None:
    """It fails, and says why, or that there is nothing that it could do."""
    ended = on_busy(command, *CHANGING[command], "--read-only")
    assert changes == []
    assert ended.code != 0, ended
    assert "read-only" in ended.err


def test_what_is_noted_is_what_is_sent(on_busy: Amltui, changes: list[str]) -> None:
    """Without the flag the same command does send something: the list above is no blind eye."""
    assert on_busy("tag", JOB, "--tags", "read=only", PLACES).code == 0
    assert [each.partition(" ")[0] for each in changes] == ["PATCH"]
