"""The line in which a filter is typed: the list follows every letter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import on
from textual.binding import Binding
from textual.message import Message
from textual.widgets import Input

from amltui.domain.query.complete import Offer


class FilterLine(Input):
    """There from the start but hidden, so that no letter typed after `/` goes astray.

    Enter keeps the filter, Esc drops it.
    """

    BINDINGS = [
        Binding("enter", "keep", "Keep filter"),
        Binding("down", "keep", "Keep filter", show=False),
        Binding("tab", "complete", "Complete", show=False),
        Binding("escape", "drop", "Drop filter"),
    ]
    DEFAULT_CSS = """
    FilterLine { display: none; }
    FilterLine, FilterLine:focus {
        height: 1; border: none; padding: 0 1; background: $surface;
    }
    """

    @dataclass
    class Typed(Message):
        """The filter is this now."""

        text: str

    @dataclass
    class Offered(Message):
        """This could be typed next; None when nothing is typed any more."""

        words: Sequence[str] | None

    @dataclass
    class Left(Message):
        """The user is done with the line."""

    def __init__(
        self,
        placeholder: str = "words to show, !word to hide",
        offer: Callable[[str], Offer] = lambda text: Offer(),
    ) -> None:
        super().__init__(placeholder=placeholder, select_on_focus=False)
        self._offer = offer

    def open(self, text: str) -> None:
        """Take the keyboard at once: the very next key is part of the filter."""
        self.display = True
        self.value = text
        self.cursor_position = len(text)
        self.screen.set_focus(self)
        self._say_offer()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))
        self._say_offer()

    def action_keep(self) -> None:
        self._leave()

    def action_complete(self) -> None:
        """The first of what could be typed; Tab goes nowhere else while a filter is typed."""
        if text := self._offer(self.value).text:
            self.value = text
            self.cursor_position = len(text)

    def _say_offer(self) -> None:
        if self.has_focus:
            self.post_message(self.Offered(self._offer(self.value).words))

    def action_drop(self) -> None:
        self.value = ""
        self._leave()

    def on_blur(self) -> None:
        self.display = False
        self.post_message(self.Offered(None))

    def _leave(self) -> None:
        self.post_message(self.Left())
