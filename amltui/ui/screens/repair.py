"""One plan for many things: each with what is done to it, what that saves, and its request."""

from __future__ import annotations

from collections.abc import Iterator

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding
from textual.strip import Strip

from amltui.domain.health import Health
from amltui.kinds.kind import Cell
from amltui.kinds.plan import Repairs, phrase
from amltui.ui.screens.confirm import short
from amltui.ui.screens.typed import DialogView, TypedDialog
from amltui.ui.widgets.cell_text import wrapped


class Repair(TypedDialog):
    """Says everything that will happen; longer plans are scrolled."""

    BINDINGS = [
        Binding("enter", "agree", "Confirm"),
        Binding("q", "leave", "Leave", show=False),
        Binding("escape", "dismiss(False)", "Keep everything as it is"),
        Binding("down", "scroll(1)", "Down", show=False),
        Binding("up", "scroll(-1)", "Up", show=False),
        Binding("pagedown", "scroll(10)", "Page down", show=False),
        Binding("pageup", "scroll(-10)", "Page up", show=False),
        Binding("c", "copy", "Copy the az commands"),
    ]
    DEFAULT_CSS = """
    Repair { align: center middle; background: $background 40%; }
    Repair RepairView { width: 104; max-width: 100%; height: 80%; background: $surface; }
    """

    def __init__(self, repairs: Repairs, protected: frozenset[str] = frozenset()) -> None:
        steps = repairs.steps
        names = [plan.action.name for plan, _ in steps]
        verb = names[0] if len(set(names)) == 1 else "fix"
        super().__init__(
            phrase(
                verb,
                [row for _, row in steps],
                protected,
                always=any(p.action.typed for p, _ in steps),
            )
        )
        self.repairs = repairs
        self.saves = repairs.saves

    def compose(self) -> ComposeResult:
        yield RepairView(self)

    def repaint(self) -> None:
        self.query_one(RepairView).repaint()

    def action_scroll(self, step: int) -> None:
        view = self.query_one(RepairView)
        view.top += step
        view.repaint()

    def action_copy(self) -> None:
        if self.takes("c"):
            return
        commands = self.repairs.commands
        self.app.copy_to_clipboard("\n".join(commands))
        self.notify(f"Copied {len(commands)} az commands; nothing was changed")


class RepairView(DialogView):
    """The plan, its sum and the prompt; only the plan scrolls."""

    def __init__(self, dialog: Repair) -> None:
        super().__init__()
        self.dialog = dialog
        self.top = 0
        self._wide = 0
        self._body: list[Cell] = []
        count = len(dialog.repairs.steps)
        self.frame_title = f"S  Fix {count} thing{'s' * (count != 1)}?"

    def lines(self, width: int, height: int) -> list[Strip]:
        foot = list(_foot(self.dialog))
        if self._wide != width:  # of thousands of things this takes a while, at every letter
            self._wide, self._body = width, list(_body(self.dialog.repairs, width - 2))
        body = self._body
        room = max(1, height - len(foot))
        self.top = min(max(0, self.top), max(0, len(body) - room))
        below = len(body) - room - self.top
        self.frame_note = f"{below} more lines below" if below > 0 else ""
        shown = body[self.top : self.top + room]
        shown += [Cell("")] * (room - len(shown))
        ground = self.rich_style
        side = Segment(" ", ground)
        return [
            Strip([side, *self.segments(cell, width - 2, ground), side]) for cell in [*shown, *foot]
        ]


def _body(repairs: Repairs, width: int) -> Iterator[Cell]:
    for plan, row in repairs.steps:
        resource = row.resource
        yield Cell(f"{plan.action.title}  {resource.workspace.name} / {row.title}", Health.BUSY)
        for sentence in plan.action.effect(row):
            warned = sentence.startswith("! ")
            for piece in wrapped(sentence.removeprefix("! "), width - 4):
                yield Cell(f"  {piece}", Health.ATTENTION if warned else None)
        for text in (short(plan.action.request(resource)), plan.action.command(resource)):
            for piece in wrapped(text, width - 4):
                yield Cell(f"  {piece}", dim=True)
    for _, reason in repairs.refused:
        yield Cell(f"left out: {reason}", Health.ATTENTION)


def _foot(dialog: Repair) -> Iterator[Cell]:
    known, unknown = dialog.saves
    more = f" and what {unknown} of unknown price cost" if unknown else ""
    yield Cell("")
    yield Cell(f"saves ~${known:,.2f}/h retail{more}")
    if dialog.prompt is not None:
        yield dialog.prompt
    yield Cell("[ Enter fix ]   [ Esc keep ]   c copy az commands   ↑↓ scroll")
