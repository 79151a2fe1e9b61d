"""A job's log files: one is followed, the others are a key away."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal

from amltui.azure import logs
from amltui.azure.errors import AzureError
from amltui.domain.failure import signature
from amltui.domain.health import Health
from amltui.domain.job import Job
from amltui.domain.listing import Listing
from amltui.domain.log import LogFile, LogKind
from amltui.domain.log_error import Finding
from amltui.domain.log_merge import Merged
from amltui.feeds import first_errors
from amltui.feeds.feed import Feed
from amltui.feeds.first_errors import FirstErrors
from amltui.feeds.log_tail import LogTail, Tail
from amltui.feeds.merged_log import MergedLog
from amltui.feeds.open_log import OpenLog
from amltui.kinds.format import one_line
from amltui.kinds.kind import Cell, Row
from amltui.ui.session import Session
from amltui.ui.tabs import log_words
from amltui.ui.tabs.log_leaving import leave_to_pager, save_as, show_alike
from amltui.ui.tabs.tab import Tab
from amltui.ui.widgets.filter_line import FilterLine
from amltui.ui.widgets.log_list import LogList
from amltui.ui.widgets.log_view import LogView, Part
from amltui.ui.widgets.text_line import TextLine

LOOK_AGAIN = 10.0
"""Seconds between looks for further files while the job runs."""
ENDED = 3600.0
LISTED_FROM = 100
"""Columns from which the files have a list of their own beside the log."""
SEARCHED = 4 * 1024 * 1024
"""Bytes of the end that a search reads on its own; beyond, `N` reads on."""


class LogsTab(Tab):
    """Follows the chosen file through expired links and lost networks."""

    TITLE = "Logs"
    SHORT = "Logs"
    BINDINGS = [
        Binding("slash", "ask('find')", "Find", id="logs.find"),
        Binding("ampersand", "ask('grep')", "Grep", id="logs.grep"),
        Binding("E", "first_error", "First error", id="logs.error"),
        Binding("F", "group", "Jobs that failed alike", show=False, id="logs.group"),
        Binding("L", "curve", "Curves from the log", show=False, id="logs.curve"),
        Binding("enter", "pick", "Files", id="logs.pick"),
        Binding("comma", "file(-1)", "Previous file", show=False, id="logs.previous"),
        Binding("full_stop", "file(1)", "Next file", id="logs.next"),
        Binding("M", "merge", "Merge ranks", id="logs.merge"),
        Binding("c", "copy", "Copy", show=False, id="logs.copy"),
        Binding("ctrl+s", "ask('save')", "Save", id="logs.save"),
        Binding("vertical_line", "pager", "Pager", show=False, id="logs.pager"),
    ]
    DEFAULT_CSS = """
    LogsTab Horizontal { height: 1fr; }
    LogsTab #error { display: none; }
    """

    def __init__(self, session: Session, job: Job) -> None:
        super().__init__(session, job)
        self._files: tuple[LogFile, ...] = ()
        self._path: str | None = None
        self._log: OpenLog | None = None
        self._merged: MergedLog | None = None
        self._shown: Merged | None = None
        self._errors: FirstErrors | None = None
        self._sizes: dict[str, int] = {}
        self._asking = ""
        """What is being typed: find, grep or save."""
        self.doing = ""
        """What is under way besides following."""
        self.refused: Path | None = None
        """Where a log was not saved because something is there."""
        self._feed: Feed[LogFile] = Feed(self._list, self._pace, session.store.clock)

    def compose(self) -> ComposeResult:
        yield TextLine(id="files")
        with Horizontal():
            yield LogView()  # the first to be focused; the list is docked before it
            yield LogList()
        yield TextLine(id="error")
        yield FilterLine()

    def on_mount(self) -> None:
        self._fit()

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        listed = self.app.size.width >= LISTED_FROM
        self.query(LogList).set(display=listed)  # none while the screen comes or goes
        self.query("#files").set(display=not listed)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is typed into a line is no key; one log has nothing to be merged with."""
        if isinstance(self.app.focused, FilterLine):
            return False
        return action != "merge" or len(self._ranks) > 1

    @property
    def _ranks(self) -> list[LogFile]:
        """What the job's own processes have written."""
        return [file for file in self._files if file.kind is LogKind.USER]

    @property
    def view(self) -> LogView:
        return self.query_one(LogView)

    # Files

    async def _list(self) -> Listing[LogFile]:
        place = self.session.azure.workspace(self.job.workspace)
        return Listing(await logs.files(place, self.job.name))

    def _pace(self, files: object) -> float:
        return ENDED if self.job.ended_for_good and self._files else LOOK_AGAIN

    def show_job(self, row: Row[Job]) -> None:
        ended = self.job.ended_for_good
        super().show_job(row)
        for view in self.query(LogView):
            view.began = self.job.started
        if self.job.ended_for_good:
            if self._log is not None:
                self._log.tail.final = True
            if self._merged is not None:
                self._merged.finish()
            if not ended:
                self._feed.refresh()

    def follow(self) -> None:
        self._read_files()
        self._follow()

    def refresh_data(self) -> None:
        """Ask now."""
        self._feed.refresh()
        for log in self._merged.logs if self._merged is not None else [self._log]:
            if log is not None:
                log.tail.refresh()

    @work(group="files", exclusive=True)
    async def _read_files(self) -> None:
        async for snapshot in self._feed.snapshots():
            if self._files != snapshot.items:
                self._files = snapshot.items
                self.refresh_bindings()
            if snapshot.error is not None and not self._files:
                self.view.say(one_line(str(snapshot.error)))
            elif not self._files:
                self.view.say(log_words.no_files(self.job))
            elif self._path is None:
                self._open(self._files[0].path)
                if self.job.health is Health.BAD:
                    self._look_for_errors()
            self._name_files()

    def _open(self, path: str) -> None:
        self._path, self._merged, self._shown = path, None, None
        place = self.session.azure.workspace(self.job.workspace)
        tail = LogTail(place, self.job.name, path, self.session.store.clock)
        tail.final = self.job.ended_for_good
        self._log = OpenLog(tail)
        self.view.file_size = None
        self.view.began = self.job.started
        self.view.show(self._log.window, path, "Reading …")
        self._follow()
        self._name_files()

    def _follow(self) -> None:
        if self._merged is not None:
            self._read_merged(self._merged)
        elif self._log is not None:
            self._read(self._log)

    @work(group="tail", exclusive=True)
    async def _read(self, log: OpenLog) -> None:
        async for piece in log.changes():
            self._show(log, piece)

    def _show(self, log: OpenLog, piece: Tail) -> None:
        view = self.view
        if piece.size is not None:
            view.file_size = self._sizes[log.tail.path] = piece.size
        if piece.error is not None:
            view.say(one_line(str(piece.error)))
        elif piece.size == 0:
            view.say("The file is empty so far." if not log.tail.final else "The file is empty.")
        if piece.anew:
            self.notify(
                "The file is not the same any more: it is read anew.", severity="warning", timeout=6
            )
        self._repaint(log)
        self._name_files()
        self._news()

    def _repaint(self, log: OpenLog) -> None:
        view = self.view
        if view.window is not log.window:
            view.replace(log.window)
        else:
            view.grew()

    def _news(self) -> None:
        title = "all ranks by time" if self._merged is not None else self._path or ""
        if self.view.find is not None:
            title += f"  /{self.view.find.words}  {self.view.matches}"
        self.view.frame_title = title
        self.view.repaint()
        self.post_message(self.News())

    @on(LogView.Told)
    def _told(self, event: LogView.Told) -> None:
        event.stop()
        self._news()

    def action_file(self, step: int) -> None:
        paths = [file.path for file in self._files]
        if self._path in paths and (len(paths) > 1 or self._merged is not None):
            self._open(paths[(paths.index(self._path) + step) % len(paths)])

    def action_pick(self) -> None:
        from amltui.ui.screens.log_picker import LogPicker

        def picked(path: str | None) -> None:
            if path is not None:
                self._open(path)

        if self._files:
            self.app.push_screen(
                LogPicker(self.job.workspace, self._files, self._path, self._sizes), picked
            )

    @on(LogList.Chosen)
    def _chosen(self, event: LogList.Chosen) -> None:
        event.stop()
        self._open(event.path)
        self.view.focus()

    def _name_files(self) -> None:
        """The chosen file first: the names of the others may have no room."""
        self.query_one(LogList).show(self._files, self._path, self._sizes)
        self.query_one("#files", TextLine).update(*log_words.named(self._files, self._path))

    # Parts that are not held

    @on(LogView.Wanted)
    def _wanted(self, event: LogView.Wanted) -> None:
        event.stop()
        if self._merged is not None:
            if event.part in {Part.OLDER, Part.BEGINNING}:
                self._merge_older(self._merged)
        elif self._log is not None and not self.doing:
            if event.part is Part.END:
                self._log.restart()
                self._read(self._log)
            else:
                self._extend(self._log, event.part)

    @work(group="extend", exclusive=True)
    async def _extend(self, log: OpenLog, part: Part) -> None:
        self.doing = (
            "reading the beginning" if part is Part.BEGINNING else f"reading {part.value} lines"
        )
        self._news()
        try:
            match part:
                case Part.OLDER:
                    await log.older()
                case Part.NEWER:
                    await log.newer()
                case _:
                    await log.beginning()
        except AzureError as error:
            self._could_not(self.doing, error)
        finally:
            self.doing = ""
        if log is self._log:
            self._repaint(log)
            if part is Part.BEGINNING:
                self.view.action_top()
            self._news()

    def _could_not(self, doing: str, error: AzureError) -> None:
        self.notify(
            one_line(f"{doing.capitalize()} failed: {error}"), severity="warning", markup=False
        )

    # Finding

    def action_ask(self, what: str) -> None:
        """Open the line for a search, a filter or the name of a file."""
        line, view = self.query_one(FilterLine), self.view
        if what == "save" and self._path is None:
            return
        self._asking = what
        line.placeholder = log_words.PROMPTS[what]
        known = {"find": view.find, "grep": view.grep}.get(what)
        name = log_words.file_name(self.job, self._path or "", merged=self._merged is not None)
        line.open(name if what == "save" else known.words if known else "")
        if what != "save":
            self._reach_back()

    @work(group="extend", exclusive=True)
    async def _reach_back(self) -> None:
        """A search is over the last megabytes, not only over what happened to be on the screen."""
        log = self._log
        if log is None or self._merged is not None:
            return
        with suppress(AzureError):  # the tail meets the same trouble and tells of it
            while log.at_end and log.window.base and len(log.window.data) < SEARCHED:
                await log.older()
                if log is not self._log:
                    return
                self._repaint(log)

    @on(FilterLine.Typed)
    def _typed(self, event: FilterLine.Typed) -> None:
        event.stop()
        if self._asking == "find":
            self.view.search(event.text)
        elif self._asking == "grep":
            self.view.filter(event.text)
        self._news()

    @on(FilterLine.Left)
    def _left(self, event: FilterLine.Left) -> None:
        event.stop()
        name = self.query_one(FilterLine).value
        asking, self._asking = self._asking, ""
        self.view.focus()
        if asking == "save" and name.strip():
            save_as(self, name.strip())

    # Errors

    @work(group="errors", exclusive=True)
    async def _look_for_errors(self, *, go: bool = False) -> None:
        place = self.session.azure.workspace(self.job.workspace)
        clock = self.session.store.clock
        self._errors = await first_errors.look(place, self.job.name, self._files, clock)
        self._sizes |= {
            path: size for path, size in self._errors.sizes.items() if path not in self._sizes
        }
        self._name_files()
        line = self.query_one("#error", TextLine)
        line.update(*log_words.first_error(self._errors, self._files))
        line.display = bool(self._errors.found)
        if go:
            await self._go_to_error()

    def action_first_error(self) -> None:
        """To the error that came first, whichever file it is in."""
        if self._errors is None or self._errors.cause is None or not self.job.ended_for_good:
            self._look_for_errors(go=True)
        else:
            self._go()

    @work(group="errors", exclusive=True)
    async def _go(self) -> None:
        await self._go_to_error()

    async def _go_to_error(self) -> None:
        errors = self._errors
        if errors is None or errors.cause is None:
            self.notify(log_words.no_error(errors), timeout=6, markup=False)
            return
        path, finding = errors.cause
        if self._path != path or self._merged is not None:
            self._open(path)
        log = self._log
        if log is None:
            return
        try:
            await self._hold(log, finding)
        except AzureError as error:
            self._could_not("going to the error", error)
            return
        if log is self._log:
            self._repaint(log)
            self.view.go_to(finding.offset)
            self._news()

    async def _hold(self, log: OpenLog, finding: Finding) -> None:
        """Read until the line is held."""
        await log.begun.wait()
        await log.reach(finding.offset)

    def action_curve(self) -> None:
        """The values that are printed in what is held, as charts."""
        from amltui.ui.screens.log_curve import LogCurve

        charts = getattr(self.app, "charts", None)
        self.app.push_screen(LogCurve(self.view.window, self.job.title, charts))

    def action_group(self) -> None:
        """The jobs that failed like this one, in the list."""
        if self.job.error is None:
            self.notify("The service names no error of this job: there is nothing to look for")
            return
        show_alike(self, signature(self.job.error.summary))

    # Ranks by time

    def action_merge(self) -> None:
        """All ranks as one, and back."""
        if self._merged is not None and self._path is not None:
            self._open(self._path)
            return
        place = self.session.azure.workspace(self.job.workspace)
        clock = self.session.store.clock
        self._merged = MergedLog.of(place, self.job.name, self._ranks, clock)
        if self.job.ended_for_good:
            self._merged.finish()
        self.view.file_size = None
        self.view.show(self._merged.now().window, "all ranks by time", "Reading …")
        self._follow()

    @work(group="tail", exclusive=True)
    async def _read_merged(self, log: MergedLog) -> None:
        async for made in log.changes():
            self._show_merged(made)

    def _show_merged(self, made: Merged) -> None:
        """The reader stays at the line they read, wherever it stands now."""
        view, before = self.view, self._shown
        place = (
            before.places[view.top_row] if before and view.top_row < len(before.places) else None
        )
        row = made.row_of(place) if place is not None else None
        self._shown = made
        view.replace(made.window, None if row is None else made.window.starts[row])
        self._news()

    @work(group="extend", exclusive=True)
    async def _merge_older(self, log: MergedLog) -> None:
        try:
            if await log.older() and log is self._merged:
                self._show_merged(log.now())
        except AzureError as error:
            self._could_not("reading older lines", error)

    # Leaving with it

    def action_copy(self) -> None:
        """The selected lines, or the current one, or all on the screen."""
        text = self.view.selected or self.view.on_screen
        if text:
            self.app.copy_to_clipboard(text)
            count = text.count("\n") + 1
            self.notify(f"Copied {count} line{'s' * (count != 1)}", timeout=4)

    def action_pager(self) -> None:
        leave_to_pager(self)

    @property
    def open_log(self) -> OpenLog | None:
        """The file that is followed; None while ranks are merged."""
        return None if self._merged is not None else self._log

    def say(self) -> tuple[Cell, ...]:
        now = self.session.store.clock.now()
        doing = [Cell(self.doing, Health.BUSY)] if self.doing else []
        if self._merged is not None:
            return (*doing, *log_words.merged_state(self._merged, self._shown))
        if self._log is None:
            return tuple(doing)
        return (*doing, *log_words.state(self._log, self.view, now))
