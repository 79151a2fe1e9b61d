"""`amltui demo`: a world that is made up leaves nothing in the user's own files."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from amltui.cli.arguments import parse
from amltui.cli.commands import demo
from amltui.cli.settings import Settings, state_directory
from amltui.feeds.pins import Pins


def test_what_is_kept_of_a_demo_is_kept_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pins, views and changes go below the user's own, which stay as they are."""
    shown: list[tuple[Settings, Pins]] = []

    def show(connect: Any, settings: Settings, pins: Pins) -> int:
        shown.append((settings, pins))
        return 0

    monkeypatch.setattr(demo.dashboard, "need_terminal", lambda: None)
    monkeypatch.setattr(demo.dashboard, "show", show)
    monkeypatch.setattr(demo.Service, "started", lambda flags: SimpleNamespace(end=lambda: None))
    own = Settings(cache_dir=str(tmp_path))
    assert demo.run(parse(["demo"]), own) == 0
    ((settings, pins),) = shown
    assert state_directory(settings) == tmp_path / "demo"
    assert pins.toggle("vision", "loss")
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]
