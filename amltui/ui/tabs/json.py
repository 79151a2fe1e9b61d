"""A job as the services have written it: to read, to search, to copy."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding

from amltui.azure import documents
from amltui.azure.documents import Document
from amltui.domain.job import Job
from amltui.feeds.feed import Feed
from amltui.kinds.kind import Cell
from amltui.ui.freshness import problem
from amltui.ui.session import Session
from amltui.ui.tabs.tab import Tab
from amltui.ui.widgets.document_view import DocumentView
from amltui.ui.widgets.filter_line import FilterLine

BRISK, ENDED = 30.0, 300.0
"""Seconds between questions while the job may change, and after its end."""


class JsonTab(Tab):
    """One service's document at a time."""

    TITLE = "JSON"
    SHORT = "JSON"
    BINDINGS = [
        Binding("y", "other", "Other service", id="json.other"),
        Binding("slash", "search", "Search", id="json.search"),
        Binding("c", "copy", "Copy JSON", id="json.copy"),
        Binding("escape", "clear", "Clear search", show=False),
    ]

    def __init__(self, session: Session, job: Job) -> None:
        super().__init__(session, job)
        place = session.azure.workspace(job.workspace)
        self._feed: Feed[Document] = Feed(
            lambda: documents.of_job(place, job.name), self._pace, session.store.clock
        )
        self._shown = 0
        self._words = ""

    def _pace(self, answer: object) -> float:
        return ENDED if self.job.ended_for_good else BRISK

    def compose(self) -> ComposeResult:
        yield FilterLine("what to look for: a regular expression; n and N go on")
        yield DocumentView()

    @property
    def view(self) -> DocumentView:
        return self.query_one(DocumentView)

    def follow(self) -> None:
        self._show()
        self._read()

    def refresh_data(self) -> None:
        """Ask now."""
        self._feed.refresh()

    @work(group="feed", exclusive=True)
    async def _read(self) -> None:
        async for _ in self._feed.snapshots():
            self._show()
            self.post_message(self.News())

    @property
    def document(self) -> Document | None:
        """The one that is shown; None as long as there is no answer."""
        found = self._feed.latest.items
        return found[self._shown % len(found)] if found else None

    def _show(self) -> None:
        document, snapshot = self.document, self._feed.latest
        if document is None:
            why = str(snapshot.error) if snapshot.error is not None else "Asking …"
            self.view.show("", "JSON", why)
        else:
            why = str(document.error) if document.error is not None else ""
            self.view.show(document.text, document.title, why)

    def say(self) -> tuple[Cell, ...]:
        snapshot, document = self._feed.latest, self.document
        if snapshot.error is not None:
            return (problem("JSON", snapshot, self.session.store.clock.now()),)
        if document is None or snapshot.at is None:
            return ()
        read = f"read {snapshot.at.astimezone():%H:%M:%S}"
        told = [document.title, "as it was sent", read]
        return (Cell(" · ".join(told)),)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self._words) if action == "clear" else True

    def action_other(self) -> None:
        """The same job as the other service has it."""
        self._shown += 1
        self._show()
        self.post_message(self.News())

    def action_copy(self) -> None:
        if (document := self.document) is not None and document.text:
            self.app.copy_to_clipboard(document.text)
            self.notify(f"Copied {document.title}, {len(document.text):,} characters", markup=False)

    def action_search(self) -> None:
        self.query_one(FilterLine).open(self._words)

    def action_clear(self) -> None:
        self._look_for("")

    def _look_for(self, words: str) -> None:
        self._words = words
        self.view.search(words)
        self.post_message(self.News())

    @on(FilterLine.Typed)
    def _typed(self, event: FilterLine.Typed) -> None:
        event.stop()
        self._look_for(event.text)

    @on(FilterLine.Left)
    def _left_filter(self, event: FilterLine.Left) -> None:
        event.stop()
        self.view.focus()
