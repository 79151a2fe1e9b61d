"""The keys that do something here, made from the real bindings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import Binding
from textual.screen import Screen
from textual.strip import Strip

from amltui.ui.widgets.painted import DIM, Painted

GAP = 2
HELP = "help"
"""The action that tells all the other keys: it is always named."""
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
    "colon": ":",
    "full_stop": ".",
    "equals_sign": "=",
    "exclamation_mark": "!",
    "dollar_sign": "$",
    "percent_sign": "%",
    "at": "@",
    "circumflex_accent": "^",
    "ampersand": "&",
    "vertical_line": "|",
    "minus": "-",
    "plus": "+",
    "left": "←",
    "right": "→",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
}


def spoken(key: str) -> str:
    """A key as people write it: `?`, `^P`, `enter`."""
    first = key.partition(",")[0]
    if first.startswith("ctrl+"):
        return f"^{first.removeprefix('ctrl+').upper()}"
    return _SPOKEN.get(first, first)


class Item(Struct, frozen=True):
    """One thing that can be done, and the keys for it."""

    keys: tuple[str, ...]
    words: str
    enabled: bool = True
    group: Binding.Group | None = None
    always: bool = False

    @property
    def text(self) -> str:
        return f"{' '.join(self.keys)} {self.words}"


def packed(items: Sequence[Item], room: int) -> list[Item]:
    """What fits: groups under one word if need be, then the nearest to the focus first.

    What is always named is kept whatever leaves.
    """
    if _width(items) > room:
        items = _grouped(items)
    kept = [item for item in items if item.always]
    for item in items:
        if not item.always and _width([*kept, item]) <= room:
            kept.append(item)
    return [item for item in items if item in kept]


def _width(items: Sequence[Item]) -> int:
    return sum(cell_len(item.text) + GAP for item in items) - GAP


def _grouped(items: Sequence[Item]) -> list[Item]:
    """One item for each group, where its first member stood."""
    merged: dict[object, Item] = {}
    for item in items:
        if item.group is None:
            merged[item.text] = item
            continue
        before = merged.get(item.group)
        keys = (*before.keys, *item.keys) if before else item.keys
        merged[item.group] = Item(keys, item.group.description, group=item.group)
    return list(merged.values())


class KeyBar(Painted):
    """Bindings that are active and shown, the nearest to the focus first."""

    DEFAULT_CSS = "KeyBar { height: 1; color: $text-muted; }"

    def __init__(self) -> None:
        super().__init__()
        self.items: tuple[Item, ...] = ()

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._show)
        self.call_after_refresh(self._show, self.screen)

    def _show(self, screen: Screen[object]) -> None:
        if not self.is_attached:
            return
        items: dict[str, Item] = {}
        barred: Callable[[str], bool] = getattr(self.app, "is_barred", lambda _: False)
        for active in screen.active_bindings.values():
            binding: Binding = active.binding
            if binding.show:
                item = Item(
                    (spoken(binding.key),),
                    binding.description.lower(),
                    active.enabled and not barred(binding.action),
                    binding.group,
                    binding.action == HELP,
                )
                items.setdefault(binding.action, item)
        if tuple(items.values()) != self.items:
            self.items = tuple(items.values())
            self.repaint()

    def lines(self, width: int, height: int) -> list[Strip]:
        ground = self.rich_style
        segments = [Segment(" ", ground)]
        for item in packed(self.items, width - 2):
            if len(segments) > 1:
                segments.append(Segment(" " * GAP, ground))
            look = ground if item.enabled else ground + DIM
            key = look + self.looks.title
            segments += [Segment(" ".join(item.keys), key), Segment(f" {item.words}", look)]
        return [Strip(segments).adjust_cell_length(width, ground)]
