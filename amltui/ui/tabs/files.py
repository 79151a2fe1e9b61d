"""What a run has left: a tree that is asked for as it is opened, a look inside, a copy here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding

from amltui.azure import artifacts
from amltui.azure.errors import AzureError
from amltui.domain.artifact import Artifact
from amltui.domain.job import Job
from amltui.domain.listing import Listing
from amltui.feeds.download import Download, Progress
from amltui.feeds.feed import Feed
from amltui.kinds.artifact import columns, size, tree
from amltui.kinds.format import one_line
from amltui.kinds.kind import Cell, Row
from amltui.ui.freshness import problem
from amltui.ui.session import Session
from amltui.ui.tabs.looking import look
from amltui.ui.tabs.tab import Tab
from amltui.ui.widgets.log_view import LogView
from amltui.ui.widgets.resource_table import ResourceTable

if TYPE_CHECKING:
    from amltui.ui.app import Dashboard

BRISK, ENDED = 15.0, 300.0
"""Seconds between questions for the root while the job runs, and after its end."""
LONG = 12.0


class FilesTab(Tab):
    """Folders are listed when they are opened, files read when they are looked at."""

    TITLE = "Files"
    SHORT = "Files"
    BINDINGS = [
        Binding("right", "open_folder", "Open folder", show=False, id="files.open"),
        Binding("left", "close_folder", "Close folder", show=False, id="files.close"),
        Binding("ctrl+s,D", "download", "Download", id="files.download"),
        Binding("c", "copy", "Copy path", show=False, id="files.copy"),
    ]

    def __init__(self, session: Session, job: Job) -> None:
        super().__init__(session, job)
        self._place = session.azure.workspace(job.workspace)
        self._feed: Feed[Artifact] = Feed(self._root, self._pace, session.store.clock)
        self._listings: dict[str, Listing[Artifact]] = {}
        self._opened: set[str] = set()
        self._trouble = ""
        self._loading = ""
        self._downloading: Progress | None = None

    @property
    def dashboard(self) -> Dashboard:
        return cast("Dashboard", self.app)

    @property
    def table(self) -> ResourceTable:
        return self.query_one(ResourceTable)

    @property
    def view(self) -> LogView:
        return self.query_one(LogView)

    async def _root(self) -> Listing[Artifact]:
        return await artifacts.listed(self._place, self.job.name)

    def _pace(self, listed: Sequence[Artifact]) -> float:
        return ENDED if self.job.ended_for_good else BRISK

    def compose(self) -> ComposeResult:
        table = ResourceTable(columns(self._opened))
        table.frame_title = "files"
        yield table
        view = LogView()
        view.restart("preview", "enter shows the start of a file, and opens a folder")
        view.following = False
        yield view

    def follow(self) -> None:
        self._show()
        self._read()

    def refresh_data(self) -> None:
        """Ask for the root and every open folder now."""
        self._feed.refresh()
        for folder in sorted(self._opened):
            self._list(folder)

    @work(group="feed", exclusive=True)
    async def _read(self) -> None:
        async for snapshot in self._feed.snapshots():
            if snapshot.loaded:
                self._listings[""] = Listing(snapshot.items, snapshot.more)
            self._show()
            self.post_message(self.News())

    @work(group="folders")
    async def _list(self, folder: str) -> None:
        try:
            self._listings[folder] = await artifacts.listed(self._place, self.job.name, folder)
            self._trouble = ""
        except AzureError as error:
            self._trouble = f"{folder}: {error}"
            self._opened.discard(folder)
        self._show()
        self.post_message(self.News())

    def _show(self) -> None:
        snapshot = self._feed.latest
        now = snapshot.at or self.session.store.clock.now()
        listings = {folder: listing.items for folder, listing in self._listings.items()}
        stale = snapshot.error is not None
        rows = [Row(each, now, stale=stale) for each in tree(listings, self._opened)]
        self.table.show(rows, self._why_empty())

    def _why_empty(self) -> str:
        snapshot = self._feed.latest
        if snapshot.error is not None:
            return str(snapshot.error)
        if not snapshot.loaded:
            return "Asking …"
        return "This job has left no files" + ("." if self.job.ended_for_good else " yet.")

    def say(self) -> tuple[Cell, ...]:
        snapshot = self._feed.latest
        told: list[Cell] = []
        if snapshot.error is not None:
            told.append(problem("files", snapshot, self.session.store.clock.now()))
        elif snapshot.loaded:
            told.append(Cell(f"{len(self.table.rows)} files and folders shown"))
        if self._trouble:
            told.append(Cell(one_line(self._trouble), dim=True))
        if (step := self._downloading) is not None:
            told.append(Cell(f"downloading {_share(step)}"))
        if any(listing.more for listing in self._listings.values()):
            told.append(Cell("not all files are listed", dim=True))
        return tuple(told)

    # Opening

    @on(ResourceTable.Highlighted)
    @on(ResourceTable.Viewed)
    @on(ResourceTable.Sorted)
    def _kept(self, event: ResourceTable.Highlighted | ResourceTable.Viewed) -> None:
        event.stop()

    @on(ResourceTable.Opened)
    def _enter(self, event: ResourceTable.Opened) -> None:
        event.stop()
        file: Artifact = event.row.resource
        if not file.is_folder:
            self._look_into(file)
        elif file.path in self._opened:
            self.action_close_folder()
        else:
            self.action_open_folder()

    def action_open_folder(self) -> None:
        row = self.table.cursor_row
        if row is not None and row.resource.is_folder and row.resource.path not in self._opened:
            self._opened.add(row.resource.path)
            self._list(row.resource.path)

    def action_close_folder(self) -> None:
        """The folder under the cursor, or the one that the cursor is in."""
        row = self.table.cursor_row
        if row is None:
            return
        path: str = row.resource.path
        folder = path if path in self._opened else path.rpartition("/")[0]
        if folder in self._opened:
            self._opened.discard(folder)
            keys = [each.resource.path for each in self.table.rows]
            self.table.go_to(keys.index(folder))
            self._show()

    @work(group="preview", exclusive=True)
    async def _look_into(self, file: Artifact) -> None:
        view = self.view
        view.restart(one_line(file.path), "Asking …")
        view.following = False
        room = (max(8, view.size.width - 2), max(4, view.size.height - 2))
        try:
            found = await look(self._place, file, room, letters=self._in_letters)
        except AzureError as error:
            view.say(str(error))
            return
        if found.says:
            view.say(found.says)
            return
        view.feed(found.text if found.text.endswith(b"\n") else found.text + b"\n")
        view.action_top()
        if found.note:
            view.frame_title = f"{one_line(file.path)}: {found.note}"

    @property
    def _in_letters(self) -> bool:
        """Whether pictures have to do without blocks or without colours."""
        display = self.dashboard.shown_as
        return display.ascii or display.colors == "none"

    # Downloading

    def action_copy(self) -> None:
        """The place of the file as azureml:// addresses it."""
        if row := self.table.cursor_row:
            base = f"azureml://datastores/workspaceartifactstore/paths/ExperimentRun/dcid.{self.job.name}"
            self.dashboard.copy_to_clipboard(f"{base}/{row.resource.path}")
            self.dashboard.notify(f"Copied {one_line(row.resource.path)}", markup=False)

    def action_download(self) -> None:
        """What is marked, or what the cursor is on; it goes on when the tab is left."""
        chosen = [row.resource for row in self.table.window.chosen]
        if self._downloading is not None:
            self.dashboard.notify("One download at a time: this one is not over", markup=False)
        elif chosen:
            self._downloading = Progress(chosen[0])
            self.table.action_unmark()
            self.dashboard.run_worker(self._download(chosen), group="download")

    async def _download(self, chosen: Sequence[Artifact]) -> None:
        folder = Path.cwd() / self.job.name
        whole, was_there = 0, 0
        problems: list[str] = []
        try:
            async for step in Download(self._place, chosen, folder).progress():
                self._downloading = step
                if step.problem:
                    problems.append(f"{one_line(step.file.path)}: {one_line(step.problem)}")
                elif step.was_there:
                    was_there += 1
                elif step.path is not None:
                    whole += 1
                self._tell()
        finally:
            self._downloading = None
            self._tell()
        told = [f"{whole} file{'s' * (whole != 1)} in {folder}"]
        told += [f"{was_there} had been there already"] if was_there else []
        told += [f"{len(problems)} not: {problems[0]}"] if problems else []
        self.dashboard.notify(
            "; ".join(told),
            title="Downloaded",
            severity="warning" if problems else "information",
            timeout=LONG,
            markup=False,
        )

    def _tell(self) -> None:
        if self.is_attached:
            self.post_message(self.News())


def _share(step: Progress) -> str:
    of = "" if step.file.size is None else f" of {size(step.file.size)}"
    return f"{one_line(step.file.path)}: {size(step.done)}{of}"
