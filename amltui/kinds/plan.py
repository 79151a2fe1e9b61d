"""What an action would do to the chosen rows: said before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from amltui.kinds.kind import Action, Row


@dataclass(frozen=True)
class Plan:
    """One action on some rows: which it will touch, which it cannot, and why."""

    action: Action[Any]
    rows: tuple[Row[Any], ...]
    refused: tuple[tuple[Row[Any], str], ...]

    @classmethod
    def of(cls, action: Action[Any], rows: Sequence[Row[Any]]) -> Plan:
        """Ask every row whether it can be done now."""
        judged = [(row, _refusal(action, row)) for row in rows]
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
