"""Services to try the commands on, and the commands themselves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Protocol

import pytest

from amltui.azure import client
from amltui.cli import main
from tests.cli import service
from tests.cli.service import Ended, Service, serving


class Amltui(Protocol):
    """Runs a command in this process."""

    def __call__(self, *arguments: str) -> Ended: ...


@pytest.fixture(scope="session")
def calm_process() -> Iterator[Service]:
    with serving("--scenario", "calm", "--speed", "10") as running:
        yield running


@pytest.fixture(scope="session")
def busy_process() -> Iterator[Service]:
    with serving("--scenario", "busy_night", "--speed", "5") as running:
        yield running


@pytest.fixture
def calm(calm_process: Service) -> Iterator[Service]:
    """One workspace in which time goes ten times as fast; no fault outlives a test."""
    yield calm_process
    calm_process.forget()


@pytest.fixture
def busy(busy_process: Service) -> Iterator[Service]:
    """Five workspaces in three subscriptions, in which time goes five times as fast."""
    yield busy_process
    busy_process.forget()


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without anybody's settings."""
    for name in set(os.environ) - set(service.surroundings({})):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AMLTUI_CONFIG", os.devnull)
    return monkeypatch


@pytest.fixture
def amltui(bare: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Amltui:
    """The command in this process, which does not pause between its attempts."""
    bare.setattr(client, "backoff", lambda attempt, random: 0.0)

    def run(*arguments: str) -> Ended:
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
        return Ended(code, *capsys.readouterr())

    return run


@pytest.fixture
def on_calm(calm: Service, amltui: Amltui, bare: pytest.MonkeyPatch) -> Amltui:
    """The command, pointed at the calm service."""
    return _pointed(amltui, calm, bare)


@pytest.fixture
def on_busy(busy: Service, amltui: Amltui, bare: pytest.MonkeyPatch) -> Amltui:
    return _pointed(amltui, busy, bare)


def _pointed(amltui: Amltui, at: Service, monkeypatch: pytest.MonkeyPatch) -> Amltui:
    for name, value in at.environment.items():
        monkeypatch.setenv(name, value)
    return amltui
