"""A job's log files: one is followed, the others are a key away."""

from __future__ import annotations

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding

from amltui.azure import logs
from amltui.domain.health import Health
from amltui.domain.job import Job
from amltui.domain.listing import Listing
from amltui.domain.log import LogFile
from amltui.feeds.feed import Feed
from amltui.feeds.log_tail import LogTail, Tail
from amltui.kinds.format import age, one_line, size
from amltui.kinds.kind import Cell, Row
from amltui.ui.session import Session
from amltui.ui.tabs.tab import Tab
from amltui.ui.widgets.log_view import LogView
from amltui.ui.widgets.text_line import TextLine

LOOK_AGAIN = 10.0
"""Seconds between looks for further files while the job runs."""
ENDED = 3600.0


class LogsTab(Tab):
    """Follows the chosen file through expired links and lost networks."""

    TITLE = "Logs"
    SHORT = "Logs"
    BINDINGS = [
        Binding("comma", "file(-1)", "Previous file", show=False, id="logs.previous"),
        Binding("full_stop", "file(1)", "Next file", id="logs.next"),
    ]

    def __init__(self, session: Session, job: Job) -> None:
        super().__init__(session, job)
        self._files: tuple[LogFile, ...] = ()
        self._path: str | None = None
        self._tail: LogTail | None = None
        self._last = Tail()
        self._feed: Feed[LogFile] = Feed(self._list, self._pace, session.store.clock)

    def compose(self) -> ComposeResult:
        yield TextLine(id="files")
        yield LogView()

    async def _list(self) -> Listing[LogFile]:
        place = self.session.azure.workspace(self.job.workspace)
        return Listing(await logs.files(place, self.job.name))

    def _pace(self, files: object) -> float:
        return ENDED if self.job.ended_for_good and self._files else LOOK_AGAIN

    def show_job(self, row: Row[Job]) -> None:
        super().show_job(row)
        if self._tail is not None:
            self._tail.final = self.job.ended_for_good

    def follow(self) -> None:
        self._read_files()
        if self._tail is not None:
            self._read(self._tail)

    def refresh_data(self) -> None:
        """Ask now."""
        self._feed.refresh()
        if self._tail is not None:
            self._tail.refresh()

    @work(group="files", exclusive=True)
    async def _read_files(self) -> None:
        view = self.query_one(LogView)
        async for snapshot in self._feed.snapshots():
            self._files = snapshot.items
            if snapshot.error is not None and not self._files:
                view.say(one_line(str(snapshot.error)))
            elif not self._files:
                ended = self.job.ended_for_good
                view.say(
                    "This job left no logs." if ended else "No logs yet: they come with the job."
                )
            elif self._path is None:
                self._open(self._files[0].path)
            self._name_files()

    def _open(self, path: str) -> None:
        self._path = path
        self._last = Tail()
        self.query_one(LogView).restart(path, "Reading …")
        place = self.session.azure.workspace(self.job.workspace)
        self._tail = LogTail(place, self.job.name, path, self.session.store.clock)
        self._tail.final = self.job.ended_for_good
        self._read(self._tail)
        self._name_files()

    @work(group="tail", exclusive=True)
    async def _read(self, tail: LogTail) -> None:
        view = self.query_one(LogView)
        async for piece in tail.tails():
            self._last = piece
            self.post_message(self.News())
            if piece.data:
                view.feed(piece.data)
            elif piece.error is None:
                view.say("The file is empty so far.")
            else:
                view.say(one_line(str(piece.error)))

    def action_file(self, step: int) -> None:
        paths = [file.path for file in self._files]
        if self._path in paths and len(paths) > 1:
            self._open(paths[(paths.index(self._path) + step) % len(paths)])

    def _name_files(self) -> None:
        """The chosen file first: the names of the others may have no room."""
        paths = [file.path for file in self._files]
        if self._path not in paths:
            return
        at = paths.index(self._path)
        others = [Cell(file.name, dim=True) for file in (*self._files[at + 1 :], *self._files[:at])]
        chosen = Cell(f"[{self._files[at].name}]")
        self.query_one("#files", TextLine).update(
            [chosen, *others], [f"file {at + 1} of {len(paths)}"]
        )

    def say(self) -> tuple[Cell, ...]:
        last = self._last
        now = self.session.store.clock.now()
        if last.error is not None:
            known = f", last bytes {age(last.at, now)} ago" if last.at else ""
            return (Cell(f"log: {one_line(str(last.error))}{known}", Health.ATTENTION),)
        if last.at is None or self._tail is None:
            return ()
        read = f"{size(self._tail.read_to)} read"
        if self._tail.final:
            return (Cell(f"{read} · complete"),)
        return (Cell(f"{read} · last bytes {age(last.at, now)} ago"),)
