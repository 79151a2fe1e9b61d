"""Terminals for the dashboards of these tests."""

from __future__ import annotations

import pytest

from tests.ui.deck import WIDE
from tests.ui.frames.screens import Both, Screen, listening
from tests.ui.frames.walk import hurried


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """What the dashboard writes, on a terminal."""
    return listening(monkeypatch, Screen(WIDE))


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> Both:
    """The same with differences and without, each on its own terminal."""
    hurried(monkeypatch)
    return Both.listen(monkeypatch, WIDE)
