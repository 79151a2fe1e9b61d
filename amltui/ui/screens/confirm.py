"""The dialog before anything changes: object, effect, price and request."""

from __future__ import annotations

from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.strip import Strip

from amltui.domain.health import Health
from amltui.kinds.kind import Cell, Row
from amltui.kinds.plan import Plan
from amltui.ui.widgets.painted import Painted

MOST = 8
"""Rows named one by one; the rest is counted."""


class Confirm(ModalScreen[bool]):
    """Says what will happen; only Enter makes it so."""

    BINDINGS = [
        Binding("enter", "answer(True)", "Confirm"),
        Binding("escape,q", "answer(False)", "Keep as it is"),
        Binding("c", "copy", "Copy the az commands"),
    ]
    DEFAULT_CSS = """
    Confirm { align: center middle; background: $background 40%; }
    Confirm PlanView { width: 90; max-width: 100%; height: auto; background: $surface; }
    """

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan

    def compose(self) -> ComposeResult:
        yield PlanView(self.plan)

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)

    def action_copy(self) -> None:
        self.app.copy_to_clipboard("\n".join(self.plan.commands))
        self.notify(f"Copied {len(self.plan.commands)} az command(s); nothing was changed")


class PlanView(Painted):
    """The plan in words."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.framed = True
        self.frame_title = f"{plan.action.key}  {plan.question}"
        self.plan = plan

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self._text()) + 2

    def lines(self, width: int, height: int) -> list[Strip]:
        ground = self.rich_style
        return [self._line(cell, width, ground) for cell in self._text()]

    def _line(self, cell: Cell | str, width: int, ground: Style) -> Strip:
        text = self.segment(cell, width - 2, ground)
        return Strip([Segment(" ", ground), text, Segment(" ", ground)])

    def _text(self) -> list[Cell | str]:
        plan = self.plan
        lines: list[Cell | str] = []
        for row in plan.rows[:MOST]:
            lines.append(_object(row))
            lines += [_sentence(text) for text in plan.action.effect(row)]
        if len(plan.rows) > MOST:
            lines.append(f"… and {len(plan.rows) - MOST} more")
        if (price := _price(plan)) is not None and len(plan.rows) > 1:
            lines.append(price)
        lines += [Cell(f"left out: {reason}", Health.ATTENTION) for _, reason in plan.refused]
        lines.append("")
        for request, command in list(zip(plan.requests, plan.commands, strict=True))[:2]:
            lines += [Cell(_short(request), dim=True), Cell(command, dim=True)]
        if len(plan.rows) > 2:
            lines.append(Cell(f"… {len(plan.rows)} requests in all", dim=True))
        verb = plan.action.title.lower()
        lines += ["", f"[ Enter {verb} ]   [ Esc keep ]   c copy command"]
        return lines


def _object(row: Row[Any]) -> str:
    resource = row.resource
    name, size = getattr(resource, "title", resource.name), getattr(resource, "size", None)
    place = resource.workspace.name
    return f"{place} / {name}" + (f"   {size}" if size else "")


def _sentence(text: str) -> Cell | str:
    if text.startswith("! "):
        return Cell(text.removeprefix("! "), Health.ATTENTION)
    return f"  {text}"


def _price(plan: Plan) -> str | None:
    saves = plan.saves
    if saves is None:
        return None
    verb = "saves" if saves >= 0 else "costs"
    return f"{verb} ~${abs(saves):,.2f}/h in all"


def _short(request: str) -> str:
    """`POST …/computes/kim-dev/stop`: the end of a path is what tells requests apart."""
    verb, _, path = request.partition(" ")
    _, mark, tail = path.partition("/workspaces/")
    return f"{verb} …{mark}{tail}" if mark else request
