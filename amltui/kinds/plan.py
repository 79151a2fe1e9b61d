"""What an action would do to the chosen rows: said before it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.kinds.kind import Action, Row

Forbids = Callable[[WorkspaceId], str | None]
"""Why nothing may be changed in a workspace; None where it may."""


class Plan(Struct, frozen=True):
    """One action on some rows: which it will touch, which it cannot, and why."""

    action: Action[Any]
    rows: tuple[Row[Any], ...]
    refused: tuple[tuple[Row[Any], str], ...]

    @classmethod
    def of(
        cls, action: Action[Any], rows: Sequence[Row[Any]], forbids: Forbids = lambda _: None
    ) -> Plan:
        """Ask every row whether it can be done now; `forbids` says where nothing may be."""
        judged = [(row, forbids(row.resource.workspace) or _refusal(action, row)) for row in rows]
        return cls(
            action,
            tuple(row for row, reason in judged if reason is None),
            tuple((row, reason) for row, reason in judged if reason is not None),
        )

    @property
    def saves(self) -> float | None:
        """USD per hour, for all rows; None where one of them is unknown."""
        values = [self.action.saves(row.resource) for row in self.rows]
        known = [value for value in values if value is not None]
        return sum(known) if len(known) == len(values) else None

    @property
    def question(self) -> str:
        """`Stop kim-a10?`, `Stop 3?`"""
        if len(self.rows) == 1:
            return f"{self.action.title} {self.rows[0].title}?"
        return f"{self.action.title} {len(self.rows)}?"

    @property
    def words(self) -> tuple[str, ...]:
        """Any of these is typed to agree to what cannot be undone: `train1`, or `delete 3`."""
        if len(self.rows) == 1:
            row = self.rows[0]
            return tuple(dict.fromkeys((row.resource.name, row.title)))
        return (f"{self.action.name} {len(self.rows)}",)

    @property
    def requests(self) -> tuple[str, ...]:
        return tuple(self.action.request(row.resource) for row in self.rows)

    @property
    def commands(self) -> tuple[str, ...]:
        return tuple(self.action.command(row.resource) for row in self.rows)


def _refusal(action: Action[Any], row: Row[Any]) -> str | None:
    if row.pending:
        return f"{row.title} is already {row.pending}"
    reason: str | None = action.refusal(row.resource)
    return reason


class Repairs(Struct, frozen=True):
    """Different actions on different rows, agreed to at once."""

    plans: tuple[Plan, ...]
    worth: Mapping[str, float | None]
    """USD per hour that the end of each saves, by its key, where the action does not know."""

    @classmethod
    def of(
        cls,
        wanted: Sequence[tuple[Action[Any], Row[Any]]],
        worth: Mapping[str, float | None] | None = None,
        forbids: Forbids = lambda _: None,
    ) -> Repairs:
        """Ask every row whether what is wanted of it can be done now."""
        actions = {id(action): action for action, _ in wanted}
        return cls(
            tuple(
                Plan.of(action, [row for each, row in wanted if each is action], forbids)
                for action in actions.values()
            ),
            worth or {},
        )

    @property
    def steps(self) -> tuple[tuple[Plan, Row[Any]], ...]:
        """Each thing that will be done."""
        return tuple((plan, row) for plan in self.plans for row in plan.rows)

    @property
    def refused(self) -> tuple[tuple[Row[Any], str], ...]:
        return tuple(each for plan in self.plans for each in plan.refused)

    @property
    def saves(self) -> tuple[float, int]:
        """USD per hour that are known to be saved, and of how many things it is unknown."""
        told = [self._saved(plan.action, row) for plan, row in self.steps]
        return sum(each for each in told if each is not None), told.count(None)

    def _saved(self, action: Action[Any], row: Row[Any]) -> float | None:
        saved = action.saves(row.resource)
        return self.worth.get(row.resource.key) if saved is None else saved

    @property
    def commands(self) -> tuple[str, ...]:
        return tuple(command for plan in self.plans for command in plan.commands)


def phrase(
    verb: str, rows: Sequence[Row[Any]], protected: frozenset[str], *, always: bool = False
) -> str:
    """What is to be typed before anything happens; empty where Enter is enough.

    For several things at once their number; `always`, and in protected workspaces, the name of the
    one; and the name of every protected workspace.
    """
    places = sorted({row.resource.workspace.name for row in rows} & protected)
    words: list[str] = []
    if len(rows) > 1:
        words = [verb, str(len(rows))]
    elif always or places:
        words = [verb, *(row.resource.name for row in rows)]
    return " ".join([*words, *places])
