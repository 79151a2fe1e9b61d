"""A job as the services have written it: to read, to search, to copy."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding

from amltui.azure import documents
from amltui.azure.documents import Document
from amltui.azure.errors import AzureError
from amltui.domain.job import Job
from amltui.feeds.feed import Feed
from amltui.kinds.format import one_line
from amltui.kinds.kind import Cell
from amltui.ui.freshness import problem
from amltui.ui.session import Session
from amltui.ui.tabs.differing import Against, against, known, worked
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
        Binding("d", "since", "Since it worked", id="json.since"),
        Binding("D", "differing", "Differences", id="json.differing"),
        Binding("c", "copy", "Copy", id="json.copy"),
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
        self._against: Against | None = None
        """The job that differences are told from; None shows the whole document."""

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
        document, snapshot, other = self.document, self._feed.latest, self._against
        if document is None:
            why = str(snapshot.error) if snapshot.error is not None else "Asking …"
            self.view.show("", "JSON", why)
        elif other is not None:
            title = f"{document.title}: - {one_line(other.job.title)}  + this one"
            self.view.show(other.text(self.job, document), title, other.why_not(document))
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
        if self._against is not None:
            told[1] = "what differs, Esc shows all of it"
        return (Cell(" · ".join(told)),)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self._words or self._against) if action == "clear" else True

    def action_other(self) -> None:
        """The same job as the other service has it."""
        self._shown += 1
        self._show()
        self.post_message(self.News())

    def action_copy(self) -> None:
        if text := self.view.text:
            self.app.copy_to_clipboard(text)
            self.notify(f"Copied {self.view.frame_title}, {len(text):,} characters", markup=False)

    def action_since(self) -> None:
        """What is other than in the last run of the experiment that worked."""
        self._compare(None)

    def action_differing(self) -> None:
        """What is other than in a run of the user's choice."""
        from amltui.ui.screens.other_job import OtherJob

        if not (found := known(self.session, self.job)):
            self.notify("No other job is known: the list of jobs has not been read")
            return
        self.app.push_screen(OtherJob(self.job, found), self._compare_if)

    def _compare_if(self, other: Job | None) -> None:
        if other is not None:
            self._compare(other)

    @work(group="against", exclusive=True)
    async def _compare(self, other: Job | None) -> None:
        try:
            other = other or await worked(self.session, self.job)
            if other is None:
                self.notify(
                    f"No run of {one_line(self.job.experiment or 'its experiment')} that completed"
                    " before this one is known: D chooses another",
                    markup=False,
                )
                return
            self._against = Against(other)
            self._show()
            self._against = await against(self.session, other)
        except AzureError as error:
            self._against = None
            self.notify(one_line(str(error)), severity="warning", markup=False)
        self._show()
        self.post_message(self.News())
        self.refresh_bindings()

    def action_search(self) -> None:
        self.query_one(FilterLine).open(self._words)

    def action_clear(self) -> None:
        """First what is searched for, then what it is compared with."""
        if self._words:
            self._look_for("")
        else:
            self._against = None
            self._show()
            self.post_message(self.News())
            self.refresh_bindings()

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
