"""What the user makes of a list: filter, order, columns and groups, by key and as typed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from msgspec.structs import replace
from textual import on
from textual.binding import Binding
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget

from amltui.domain.health import Health
from amltui.domain.query.complete import Offer
from amltui.domain.query.complete import offer as could_follow
from amltui.domain.query.parse import holds, toggled
from amltui.kinds.arrange import Arrangement
from amltui.kinds.choosing import exists, possible
from amltui.kinds.fields import seen
from amltui.kinds.format import one_line
from amltui.kinds.kind import Cell, Kind, Row
from amltui.ui.in_view import in_view
from amltui.ui.list_words import misunderstood
from amltui.ui.row_source import RowSource
from amltui.ui.widgets.filter_line import FilterLine
from amltui.ui.widgets.resource_table import ResourceTable
from amltui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from amltui.ui.app import Dashboard

PLACEHOLDER = "words to show, !word to hide, field:value · tab completes"
PAUSE = 0.35
"""Seconds without a letter after which the service is asked for what has been typed."""
LOOKED_AT = 1000
"""Rows whose values are offered when a filter is typed."""


class ArrangedPane(Widget):
    """A list with a line for its filter; what it shows of its rows is the pane's own."""

    KIND: ClassVar[Kind[Any]]
    IS_FILTERED: ClassVar[bool] = True
    BINDINGS = [
        Binding("escape", "clear", "Clear filter, then marks", show=False, id="pane.clear"),
    ]

    arrangement: reactive[Arrangement] = reactive(Arrangement())

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        dashboard = self.dashboard
        self.source = RowSource(
            self.KIND,
            dashboard.clock,
            lambda: dashboard.underway.operations.doing,
            lambda: dashboard.watcher.keys,
        )
        self._offered_words: Sequence[str] | None = None
        self._asking: Timer | None = None
        """Until the service is asked for another filter."""

    @property
    def dashboard(self) -> Dashboard:
        return cast("Dashboard", self.app)

    @property
    def table(self) -> ResourceTable:
        return self.query_one(ResourceTable)

    def follow(self) -> None:
        """Start asking, or ask about something else."""
        raise NotImplementedError

    def repaint_rows(self) -> None:
        """Paint again: something outside the answers has changed."""
        raise NotImplementedError

    @property
    def misunderstood(self) -> str:
        """What is wrong with the filter; empty when nothing is."""
        return misunderstood(self.KIND, self.arrangement, self.dashboard.asker)

    @on(ResourceTable.Sorted)
    def _sorted(self, event: ResourceTable.Sorted) -> None:
        event.stop()
        self.arrangement = replace(
            self.arrangement, column=event.column, descending=event.descending
        )

    @on(FilterLine.Typed)
    def _typed(self, event: FilterLine.Typed) -> None:
        event.stop()
        self.arrangement = replace(self.arrangement, text=event.text)

    @on(FilterLine.Offered)
    def _offered(self, event: FilterLine.Offered) -> None:
        event.stop()
        self._offered_words = event.words
        self.say_offer()

    def say_offer(self) -> None:
        """What could be typed next, or what is wrong with the filter once it has been typed."""
        words = self._offered_words
        line, wrong = self.query_one("#offer", TextLine), self.misunderstood
        text = self.arrangement.text
        being_typed = words is not None and self.arrangement.query(self.KIND.fields).end == len(
            text
        )
        complaint = wrong if self.dashboard.session is not None and not being_typed else ""
        line.display = words is not None or bool(complaint)
        line.update([Cell(complaint, Health.ATTENTION) if complaint else "  ".join(words or ())])

    @on(FilterLine.Left)
    def _left_filter(self, event: FilterLine.Left) -> None:
        event.stop()
        self.table.focus()
        if wrong := self.misunderstood:
            self.app.notify(one_line(wrong), severity="warning", markup=False)

    def offer(self, text: str) -> Offer:
        """What could be typed next, given the rows that are known."""
        fields = {field.spec.name: field for field in self.KIND.fields}
        rows = self.source.rows()[:LOOKED_AT]
        return could_follow(
            text,
            [field.spec for field in self.KIND.fields],
            lambda spec: seen(fields[spec.name], rows),
        )

    def watch_arrangement(self) -> None:
        self.repaint_rows()
        if self._asking is not None:
            self._asking.stop()
        session = self.dashboard.session
        query = self.arrangement.query(self.KIND.fields)
        if session is not None and not self.source.asks_the_same(session, query):
            self._asking = self.set_timer(PAUSE, self._ask_anew)

    def _ask_anew(self) -> None:
        """Ask the service for what is meant, once the typing has paused."""
        if in_view(self):
            self.follow()

    # Keys

    async def open_filter(self) -> None:
        """Let the user type which rows are shown. The line is made when it is first wanted."""
        if not self.query(FilterLine):
            await self.mount(FilterLine(PLACEHOLDER, self.offer), before="#offer")
        text = self.arrangement.text
        conditions = self.arrangement.query(self.KIND.fields).conditions
        # Behind a whole condition another one begins; a word can be gone on with.
        is_whole = bool(conditions and conditions[-1].field) and not text.endswith(" ")
        self.query_one(FilterLine).open(f"{text} " if is_whole else text)

    def action_condition(self, condition: str) -> None:
        """Put a condition into the filter, or take it out again."""
        self.arrangement = replace(self.arrangement, text=toggled(self.arrangement.text, condition))

    def action_columns(self) -> None:
        """Choose which columns are shown, and in which order."""
        from amltui.ui.screens.columns import Columns

        usual = [column.title for column in self.KIND.columns]
        shown = self.arrangement.columns or usual
        names = possible(self.KIND, self.source.rows()[:LOOKED_AT])
        dialog = Columns(shown, names, usual, partial(exists, self.KIND))
        self.app.push_screen(dialog, self._columns_chosen)

    def _columns_chosen(self, columns: tuple[str, ...] | None) -> None:
        if columns is not None:
            self.arrangement = replace(self.arrangement, columns=columns)

    def show_groups(self, name: str) -> None:
        """The rows that are shown, put together by a field, with totals."""
        from amltui.kinds.groups import grouped
        from amltui.ui.screens.groups import Groups

        rows = [row for row in self.table.rows if not row.depth]
        now = self.dashboard.clock.now()
        which = "loaded " if self.source.view.more else ""
        title = f"{len(rows):,} {which}{self.KIND.noun[len(rows) != 1]} by {name}"
        groups = [Row(group, now) for group in grouped(self.KIND, name, rows)]
        self.app.push_screen(Groups(title, groups), self._group_chosen)

    def _group_chosen(self, condition: str | None) -> None:
        if condition and not holds(self.arrangement.text, condition):
            self.action_condition(condition)

    def action_clear(self) -> None:
        if self.arrangement.text:
            self.arrangement = replace(self.arrangement, text="")
        else:
            self.table.action_unmark()
