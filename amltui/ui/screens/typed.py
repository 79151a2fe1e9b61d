"""Dialogs in which a phrase is typed before anything happens."""

from __future__ import annotations

from textual import events
from textual.screen import ModalScreen
from textual.strip import Strip

from amltui.domain.health import Health
from amltui.kinds.kind import Cell
from amltui.ui.widgets.painted import Painted


class TypedDialog(ModalScreen[bool]):
    """Letters go on with the phrase as far as they fit; any other key keeps its meaning."""

    def __init__(self, phrase: str) -> None:
        super().__init__()
        self.phrase = phrase
        """Empty where Enter is enough."""
        self.typed = ""
        self.seen = False
        """Whether it was on the screen when the key that is now handled was typed."""
        self._is_painted = False

    def painted(self) -> None:
        """It goes to the terminal in this very frame.

        Keys typed before wait in the queues of the app, of what has the focus and of this screen:
        word that it was seen goes behind them, so that all keys typed from now on count.
        """
        if not self._is_painted:
            self._is_painted = True
            self.app.call_later(self.call_later, self.call_later, self._is_seen)

    def _is_seen(self) -> None:
        self.seen = True

    def _forward_event(self, event: events.Event) -> None:
        """Takes a letter before the key behind it is looked at.

        Textual would queue it for this screen while it already acts on that key: an Enter typed
        at once would find the phrase unfinished, and a `c` of `cancel 3` would copy.
        """
        if isinstance(event, events.Key):
            if event.key == "backspace" and self.typed:
                self.typed = self.typed[:-1]
                self.repaint()
                return
            if event.is_printable and event.character and self.takes(event.character):
                return
        super()._forward_event(event)

    def takes(self, letter: str) -> bool:
        """Whether a letter goes on with the phrase: then it is no key, whatever it is bound to."""
        if not (self.seen and self.phrase.startswith(self.typed + letter)):
            return False
        self.typed += letter
        self.repaint()
        return True

    def action_leave(self) -> None:
        if not self.takes("q"):
            self.dismiss(False)

    def repaint(self) -> None:
        """What was typed has changed."""
        raise NotImplementedError

    def action_agree(self) -> None:
        """An Enter typed before the dialog could be read agrees to nothing."""
        if self.seen and self.typed == self.phrase:
            self.dismiss(True)

    @property
    def prompt(self) -> Cell | None:
        """The line that asks for the phrase."""
        if not self.phrase:
            return None
        return Cell(f"type  {self.phrase}  to confirm:  {self.typed}▌", Health.ATTENTION)


class DialogView(Painted):
    """What such a dialog says."""

    framed = True
    lit = True

    def render_line(self, y: int) -> Strip:
        if isinstance(self.screen, TypedDialog):
            self.screen.painted()
        return super().render_line(y)
