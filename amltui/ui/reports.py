"""What is told of the end of actions: each by itself, or what many of them came to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from msgspec import Struct, field

from amltui.azure.errors import AzureError
from amltui.feeds.operations import InFlight
from amltui.kinds.format import one_line

FEW = 3
"""Actions agreed to at once of which each is told when it ends; of more, when all have."""
NAMED = 6


class Report(Struct, frozen=True):
    """One piece of news."""

    text: str
    title: str = ""
    severity: Literal["information", "warning", "error"] = "information"


def report_of(action: InFlight, error: AzureError | None) -> Report:
    """Done, not done, or not known: what went unanswered may have been done all the same."""
    if error is None:
        return Report(one_line(f"{action.name} {action.done}"))
    request = f" (request {error.request_id})" if error.request_id else ""
    why = one_line(f"{error}{request}")
    if error.uncertain:
        title = f"uncertain whether {action.name} was {action.done}"
        return Report(f"{why}. Look before you ask again.", one_line(title), "warning")
    return Report(why, one_line(f"{action.name} was not {action.done}"), "error")


class Batch(Struct):
    """Actions that were agreed to at once."""

    count: int
    over: Callable[[bool], None] = lambda all_done: None
    """Called once, when the last of them has ended."""
    _ends: list[tuple[InFlight, AzureError | None]] = field(default_factory=list)

    def ended(self, action: InFlight, error: AzureError | None) -> None:
        self._ends.append((action, error))
        if self.is_over:
            self.over(all(error is None for _, error in self._ends))

    @property
    def is_long(self) -> bool:
        return self.count > FEW

    @property
    def is_over(self) -> bool:
        return len(self._ends) == self.count

    def reports(self) -> Iterator[Report]:
        """What was done in one line; of what was not, each reason with the names it is for."""
        reasons: dict[tuple[str, bool], list[str]] = {}
        done = [action.name for action, error in self._ends if error is None]
        verb = self._ends[0][0].done
        if done:
            yield Report(f"{_names(done)} {verb}", f"{len(done)} of {self.count} {verb}")
        for action, error in self._ends:
            if error is not None:
                # The service says the name of each, which makes every reason another one.
                why = one_line(str(error)).replace(action.name, "…")
                reasons.setdefault((why, error.uncertain), []).append(action.name)
        for (why, uncertain), names in reasons.items():
            title = f"{len(names)} of {self.count}: "
            title += f"uncertain whether {verb}" if uncertain else f"not {verb}"
            told = f"{_names(names)}: {why}"
            yield Report(told, title, "warning" if uncertain else "error")


def _names(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return one_line(", ".join(names[:NAMED]) + more)
