"""The least that a Textual app can be: the floor that everything is compared with."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static


class Hello(App[None]):
    """Says READY, and counts keys."""

    BINDINGS: ClassVar = [("q", "quit", "Quit")]
    presses = 0

    def compose(self) -> ComposeResult:
        yield Static("READY", id="words")

    def on_key(self, event: events.Key) -> None:
        self.presses += 1
        self.query_one("#words", Static).update(f"READY {self.presses}")


if __name__ == "__main__":
    Hello().run()
