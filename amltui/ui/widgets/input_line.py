"""A line to type in."""

from __future__ import annotations

from typing import Any

from textual.widgets import Input


class InputLine(Input):
    """Its cursor stands still: one that blinks writes to the terminal twice a second."""

    def __init__(self, value: str | None = None, **arguments: Any) -> None:
        super().__init__(value, **arguments)
        self.set_reactive(Input.cursor_blink, False)
