"""The keys that do something here, made from the real bindings."""

from __future__ import annotations

from textual.binding import Binding
from textual.screen import Screen

from amltui.kinds.kind import Cell
from amltui.ui.widgets.text_line import TextLine

_SPOKEN = {
    "question_mark": "?",
    "slash": "/",
    "asterisk": "*",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "backslash": "\\",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "comma": ",",
    "full_stop": ".",
    "equals_sign": "=",
    "exclamation_mark": "!",
    "dollar_sign": "$",
    "at": "@",
    "circumflex_accent": "^",
}


def spoken(key: str) -> str:
    """A key as people write it: `?`, `^P`, `enter`."""
    first = key.partition(",")[0]
    if first.startswith("ctrl+"):
        return f"^{first.removeprefix('ctrl+').upper()}"
    return _SPOKEN.get(first, first)


class KeyBar(TextLine):
    """Bindings that are active and shown, the nearest to the focus first."""

    DEFAULT_CSS = "KeyBar { dock: bottom; }"

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._show)
        self.call_after_refresh(self._show, self.screen)

    def _show(self, screen: Screen[object]) -> None:
        if not self.is_attached:
            return
        active = [item for item in screen.active_bindings.values() if item.binding.show]
        cells: dict[str, Cell | str] = {}
        for item in active:
            binding: Binding = item.binding
            text = f"{spoken(binding.key)} {binding.description.lower()}"
            cells.setdefault(binding.action, Cell(text, dim=not item.enabled))
        self.update(list(cells.values()))
