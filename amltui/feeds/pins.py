"""Metrics that the user wants first, by experiment, kept from one start to the next."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from amltui.feeds import small_file

MOST = 500
"""Experiments that are remembered: those pinned in last."""


class Pins(Struct):
    """A small file, read before each change, so that two dashboards do not undo each other."""

    where: Callable[[], Path] | None = None
    """Finds the file when it is first needed; None keeps the pins as long as the program runs."""
    _held: dict[str, tuple[str, ...]] | None = None

    def of(self, experiment: str) -> tuple[str, ...]:
        """The names pinned in an experiment, in the order they were pinned."""
        if self._held is None:
            self._held = self._read()
        return self._held.get(experiment, ())

    def toggle(self, experiment: str, name: str) -> bool:
        """Pin a metric, or unpin it; False where that could not be kept for the next start."""
        held = self._read() if self.where is not None else dict(self._held or {})
        before = held.pop(experiment, ())
        after = tuple(each for each in before if each != name)
        if after == before:
            after = (*before, name)
        if after:
            held[experiment] = after
        self._held = dict(list(held.items())[-MOST:])
        return self._write()

    def _read(self) -> dict[str, tuple[str, ...]]:
        """What the file holds; nothing where there is none, or where it is not ours."""
        if self.where is None:
            return {}
        try:
            found = json.loads(self.where().read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(found, dict):
            return {}
        return {
            experiment: tuple(name for name in names if isinstance(name, str))
            for experiment, names in found.items()
            if isinstance(names, list)
        }

    def _write(self) -> bool:
        if self.where is None:
            return True
        try:
            text = json.dumps(self._held, ensure_ascii=False)
            small_file.write(self.where(), text.encode("utf-8", "replace"))
        except OSError:
            return False
        return True
