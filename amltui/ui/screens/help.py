"""Keys, filter syntax and glyphs: made from the bindings that are active."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen, Screen

from amltui.domain.health import Health
from amltui.kinds.kind import Cell, Fact, Kind
from amltui.ui.widgets.facts_view import FactsView
from amltui.ui.widgets.key_bar import spoken

FILTER = (
    Fact("filter", Cell("what can be typed after /", dim=True)),
    Fact("word", "rows that show it, in any column"),
    Fact("two words", "rows that show both"),
    Fact("!word", "rows that do not show it"),
    Fact("/a.b/", "rows that show what the regular expression matches"),
    Fact("field:a,b", "rows whose field is a or b; * is any text"),
    Fact("!field:a", "rows whose field is not a"),
    Fact("field:~a.b", "rows whose field the regular expression matches"),
    Fact('"a:b c"', "in quotes: text, blanks and all"),
)
MEANING = {
    Health.GOOD: "running, on, as it should be",
    Health.BUSY: "in transition",
    Health.WAITING: "queued",
    Health.DONE: "done",
    Health.IDLE: "stopped, cancelled, archived",
    Health.STALLED: "stalled, or older than it should be",
    Health.ATTENTION: "works, but look at it",
    Health.BAD: "failed",
    Health.UNKNOWN: "the service said something unheard of",
}


class Help(ModalScreen[None]):
    """Made from what the screen below really binds."""

    BINDINGS = [Binding("escape,q,question_mark", "dismiss", "Close")]
    DEFAULT_CSS = """
    Help { align: center middle; background: $background 40%; }
    Help FactsView { width: 84; max-width: 100%; height: 90%; background: $surface; }
    """

    def __init__(self, below: Screen[Any], kind: Kind[Any] | None = None) -> None:
        super().__init__()
        gap = Fact("", "")
        fields = _fields(kind) if kind is not None else ()
        self.facts = [*_keys(below), gap, *FILTER, *fields, gap, *_glyphs()]

    def compose(self) -> ComposeResult:
        view = FactsView(full=True)
        view.show(self.facts, "keys here  ·  esc closes")
        yield view


def _keys(screen: Screen[Any]) -> list[Fact]:
    """The nearest to the focus first, what is everywhere last."""
    by_action: dict[tuple[str, str], list[str]] = {}
    for item in screen.active_bindings.values():
        if item.binding.description and not item.binding.system:
            named = (item.binding.action, item.binding.description)
            by_action.setdefault(named, []).append(spoken(item.binding.key))
    return [
        Fact(" ".join(dict.fromkeys(keys)), description)
        for (_, description), keys in by_action.items()
    ]


def _fields(kind: Kind[Any]) -> list[Fact]:
    """What can be asked of this list."""
    return [Fact(field.spec.example, field.spec.about) for field in kind.fields]


def _glyphs() -> list[Fact]:
    return [Fact("", Cell(text, health)) for health, text in MEANING.items()]
