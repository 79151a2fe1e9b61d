"""What a tab of a job's screen is."""

from __future__ import annotations

from typing import ClassVar

from textual.message import Message
from textual.widget import Widget

from amltui.domain.job import Job
from amltui.kinds.kind import Cell, Row
from amltui.ui.session import Session


class Tab(Widget):
    """Shown one at a time; follows its own feed from being shown to being hidden."""

    TITLE: ClassVar[str]
    SHORT: ClassVar[str]
    """The title where there is little room."""
    DEFAULT_CSS = "Tab { height: 1fr; layout: vertical; }"

    class News(Message):
        """What `say` tells has changed."""

    def __init__(self, session: Session, job: Job) -> None:
        super().__init__(id=self.TITLE.lower())
        self.session = session
        self.job = job

    def show_job(self, row: Row[Job]) -> None:
        """The job as it is now known."""
        self.job = row.resource

    def say(self) -> tuple[Cell, ...]:
        """What the status line should tell: ages and troubles."""
        return ()

    def on_show(self) -> None:
        self.follow()

    def on_hide(self) -> None:
        self.workers.cancel_node(self)

    def follow(self) -> None:
        """Start asking for what this tab shows."""

    def refresh_data(self) -> None:
        """Ask for it now."""
