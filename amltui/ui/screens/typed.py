"""Dialogs in which a phrase is typed before anything happens."""

from __future__ import annotations

from textual import events
from textual.screen import ModalScreen

from amltui.domain.health import Health
from amltui.kinds.kind import Cell


class TypedDialog(ModalScreen[bool]):
    """Letters go on with the phrase as far as they fit; any other key keeps its meaning."""

    def __init__(self, phrase: str) -> None:
        super().__init__()
        self.phrase = phrase
        """Empty where Enter is enough."""
        self.typed = ""
        self.seen = False
        """Whether it has been on the screen."""

    def on_mount(self) -> None:
        self.call_after_refresh(self._is_seen)

    def _is_seen(self) -> None:
        self.seen = True

    def on_key(self, event: events.Key) -> None:
        letter = event.character if event.is_printable else None
        if event.key == "backspace" and self.typed:
            self.typed = self.typed[:-1]
        elif self.seen and letter and self.phrase.startswith(self.typed + letter):
            self.typed += letter
        else:
            return
        event.stop()
        event.prevent_default()
        self.repaint()

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
