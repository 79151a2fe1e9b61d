"""The line in which a filter is typed: the list follows every letter."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events, on
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from amltui.domain.query.complete import Offer
from amltui.ui.widgets.input_line import InputLine


class FilterLine(InputLine):
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

    class Typed(Message):
        """The filter is this now."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Offered(Message):
        """This could be typed next; None when nothing is typed any more."""

        def __init__(self, words: Sequence[str] | None) -> None:
            super().__init__()
            self.words = words

    class Left(Message):
        """The user is done with the line."""

    def __init__(
        self,
        placeholder: str = "words to show, !word to hide",
        offer: Callable[[str], Offer] = lambda text: Offer(),
    ) -> None:
        super().__init__(placeholder=placeholder, select_on_focus=False)
        self._before: Widget | None = None
        """What had the keyboard when the line was opened."""
        self._offer = offer

    def open(self, text: str) -> None:
        """Take the keyboard at once: the very next key is part of the filter."""
        self._before = self.screen.focused
        self.display = True
        self.value = text
        self.cursor_position = len(text)
        self.screen.set_focus(self)
        self._say_offer()

    async def _on_key(self, event: events.Key) -> None:
        """Acts on Enter before the next key is looked at: that is not part of the filter any more.

        Textual looks for bindings when a key has come back up, and hands the keys behind it to the
        same widget meanwhile.
        """
        if self.screen.focused is not self:
            event.stop()
            event.prevent_default()
            self.app.post_message(events.Key(event.key, event.character))
        elif bound := self._bindings.key_to_bindings.get(event.key):
            event.stop()
            event.prevent_default()
            await self.app.run_action(bound[0].action, self)
        else:
            await super()._on_key(event)

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
        """The very next key is not part of the filter any more."""
        self.screen.set_focus(self._before)
        self.post_message(self.Typed(self.value))
        self.post_message(self.Left())
