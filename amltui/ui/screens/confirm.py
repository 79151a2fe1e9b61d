"""The dialog before anything changes: object, effect, price and request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from rich.segment import Segment
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.strip import Strip

from amltui.domain.health import Health
from amltui.kinds.kind import Cell, Row
from amltui.kinds.plan import Plan, phrase
from amltui.ui.screens.typed import DialogView, TypedDialog
from amltui.ui.widgets.cell_text import wrapped

CUT = 2
"""Lines that a request or a command may take below a form."""
NAMED, REFUSED = 6, 3
"""Rows, and refusals, told one by one; the rest is counted."""


Check = Callable[[Plan], Awaitable[Sequence[str]]]
"""Asks what of a plan only a service knows."""
ASKING = ("asking whether there is room …",)


class Confirm(TypedDialog):
    """Says what will happen; only Enter makes it so, for some things after a phrase."""

    BINDINGS = [
        Binding("enter", "agree", "Confirm"),
        Binding("q", "leave", "Leave", show=False),
        Binding("escape", "dismiss(False)", "Keep as it is"),
        Binding("c", "copy('c')", "Copy the az commands"),
        Binding("C", "copy_requests('C')", "Copy the REST requests"),
        Binding("ctrl+y", "copy", "Copy the az commands", show=False),
        Binding("ctrl+t", "copy_requests", "Copy the REST requests", show=False),
    ]
    DEFAULT_CSS = """
    Confirm { align: center middle; background: $background 40%; }
    Confirm PlanView { width: 90; max-width: 100%; height: auto; background: $surface; }
    """

    def __init__(
        self,
        plan: Plan,
        protected: frozenset[str] = frozenset(),
        *,
        asks: bool = True,
        check: Check | None = None,
    ) -> None:
        super().__init__(phrase(plan.action.name, plan.rows, protected) if asks else "")
        self.plan = plan
        self.asks = asks
        """Whether the phrase of protected workspaces is asked for here."""
        self._check = check

    def compose(self) -> ComposeResult:
        yield PlanView(self.plan, self)

    def on_mount(self) -> None:
        self.ask()

    def ask(self) -> None:
        """Ask what only a service knows of the plan as it is now, and tell it when it answers."""
        if self._check is not None and self.plan.action.check is not None:
            self._asked(self._check)

    @work(group="check", exclusive=True)
    async def _asked(self, check: Check) -> None:
        told = await check(self.plan)
        for view in self.query(PlanView):
            view.tell(view.plan, view.why, told)

    def repaint(self) -> None:
        self.query_one(PlanView).repaint()

    def action_copy_requests(self, letter: str = "") -> None:
        if letter and self.takes(letter):
            return
        count = len(self.plan.requests)
        self.app.copy_to_clipboard("\n".join(self.plan.requests))
        self.notify(f"Copied {count} request{'s' * (count != 1)}; nothing was changed")

    def action_copy(self, letter: str = "") -> None:
        if letter and self.takes(letter):
            return
        count = len(self.plan.commands)
        self.app.copy_to_clipboard("\n".join(self.plan.commands))
        self.notify(f"Copied {count} az command{'s' * (count != 1)}; nothing was changed")


class PlanView(DialogView):
    """The plan in words."""

    def __init__(self, plan: Plan, dialog: TypedDialog | None = None, *, above: int = 0) -> None:
        """`above` are lines that are left for others."""
        super().__init__()
        self._above = above + bool(above)
        self.dialog = dialog
        self.frame_title = f"{plan.action.key}  {plan.question}".strip()
        self.plan = plan
        self.why = ""
        self.checked: Sequence[str] = ASKING if plan.action.check is not None else ()

    def tell(self, plan: Plan, why: str, checked: Sequence[str] | None = None) -> None:
        """Another plan, what is missing before it can be agreed to, what a service said of it."""
        checked = self.checked if checked is None else checked
        if (plan, why, checked) != (self.plan, self.why, self.checked):
            self.plan, self.why, self.checked = plan, why, checked
            self.frame_title = f"{plan.action.key}  {plan.question}".strip()
            self.refresh(layout=True)
            self.call_after_refresh(self.repaint)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self._pieces(width - 2)) + 2

    def lines(self, width: int, height: int) -> list[Strip]:
        ground = self.rich_style
        side = Segment(" ", ground)
        return [
            Strip([side, *self.segments(piece, width - 2, ground), side])
            for piece in self._pieces(width)
        ]

    def _pieces(self, width: int) -> list[Cell]:
        """The lines of the plan, wrapped."""
        return [Cell("")] * self._above + [
            Cell(piece, cell.health if not number else None, cell.dim)
            for cell in words(
                self.plan, self.why, self.dialog.prompt if self.dialog else None, self.checked
            )
            for number, piece in enumerate(self._wrapped(cell, width - 4))
        ]

    def _wrapped(self, cell: Cell, width: int) -> list[str]:
        """Below a form there is little room: long requests are cut, and copied whole."""
        pieces = wrapped(cell.text, width)
        if not (self._above and cell.dim) or len(pieces) <= CUT:
            return pieces
        return [*pieces[: CUT - 1], f"{pieces[CUT - 1]} …"]


def words(
    plan: Plan, why: str = "", prompt: Cell | None = None, checked: Sequence[str] = ()
) -> list[Cell]:
    """What the dialog says, line by line; `why` it cannot be agreed to yet."""
    in_form = prompt is None and plan.action.form is not None
    lines = _one(plan) if len(plan.rows) == 1 else _several(plan)
    if in_form and why:
        # Near the lines to type in: what is below may have no room.
        lines.insert(0, Cell(why, Health.ATTENTION))
    lines += [_sentence(text) for text in checked]
    lines += _refusals(plan)
    if not in_form:
        lines.append(Cell(""))
    lines.append(Cell(short(plan.requests[0]), dim=True))
    if len(plan.rows) == 1:
        lines.append(Cell(plan.commands[0], dim=True))
    else:
        lines.append(Cell(f"… and so on: {len(plan.requests)} requests", dim=True))
    verb = plan.action.title.lower()
    keys = Cell(f"[ Enter {verb} ]   [ Esc keep ]   ^Y copy az   ^T copy REST", dim=bool(why))
    if in_form:
        return [*lines, keys]
    if prompt is None and (asked := wanted(plan)):
        told = Cell(why, Health.ATTENTION if why else None)
        return [*lines, told, Cell(f"{asked}:"), Cell(""), keys]
    if prompt is not None:
        lines += [Cell(""), prompt]
    return [*lines, Cell(""), Cell(f"[ Enter {verb} ]   [ Esc keep ]   c copy az   C copy REST")]


def wanted(plan: Plan) -> str:
    """What has to be typed before it can be agreed to; empty where nothing has."""
    if plan.action.prompt is not None:
        return plan.action.prompt.label
    return f"type {plan.words[0]}" if plan.action.typed else ""


def _one(plan: Plan) -> list[Cell]:
    row = plan.rows[0]
    size = getattr(row.resource, "size", None)
    named = Cell(_name(row) + (f"   {size}" if size else ""))
    return [named, *(_sentence(text) for text in plan.action.effect(row))]


def _several(plan: Plan) -> list[Cell]:
    """One line for each row with what is true of it alone, then what is true of all."""
    effects = [plan.action.effect(row) for row in plan.rows]
    common = [text for text in effects[0] if all(text in effect for effect in effects)]
    lines = []
    for row, effect in list(zip(plan.rows, effects, strict=True))[:NAMED]:
        own = [text for text in effect if text not in common]
        warned = any(text.startswith("! ") for text in own)
        told = " · ".join(text.removeprefix("! ") for text in own)
        lines.append(Cell(f"{_name(row)}   {told}", Health.ATTENTION if warned else None))
    if len(plan.rows) > NAMED:
        lines.append(Cell(f"… and {len(plan.rows) - NAMED} more"))
    lines += [_sentence(text) for text in common]
    if (price := _price(plan)) is not None:
        lines.append(Cell(price))
    return lines


def _refusals(plan: Plan) -> Sequence[Cell]:
    told = [Cell(f"left out: {reason}", Health.ATTENTION) for _, reason in plan.refused[:REFUSED]]
    if len(plan.refused) > REFUSED:
        told.append(Cell(f"… and {len(plan.refused) - REFUSED} more left out", Health.ATTENTION))
    return told


def _name(row: Row[Any]) -> str:
    return f"{row.resource.workspace.name} / {row.title}"


def _sentence(text: str) -> Cell:
    if text.startswith("! "):
        return Cell(text.removeprefix("! "), Health.ATTENTION)
    return Cell(f"· {text}")


def _price(plan: Plan) -> str | None:
    saves = plan.saves
    if not saves:
        return None
    verb = "saves" if saves > 0 else "costs"
    return f"{verb} ~${abs(saves):,.2f}/h in all"


def short(request: str) -> str:
    """`POST …/computes/kim-dev/stop`: the end of a path is what tells requests apart."""
    verb, _, path = request.partition(" ")
    for mark in ("/workspaces/", "/deployments/"):
        _, found, tail = path.partition(mark)
        if found:
            return f"{verb} …{mark}{tail}"
    return request
