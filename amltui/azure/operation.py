"""A long-running operation, from its acceptance on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from amltui.azure.headers import header

if TYPE_CHECKING:
    from amltui.azure.answer import Answer


class Operation(Struct, frozen=True):
    """Something the service has agreed to do. Without an address it is done already."""

    name: str
    """A verb: start, stop, cancel."""
    target: str
    """The resource's name."""
    status_url: str | None
    """`Azure-AsyncOperation`: the only address that accepted compute operations carry."""
    result_url: str | None
    """`Location`: the only address that a cancelled job's answer carries."""
    retry_after: float | None = None

    @classmethod
    def from_answer(cls, name: str, target: str, answer: Answer) -> Operation:
        status_url = header(answer.headers, "azure-asyncoperation")
        result_url = header(answer.headers, "location")
        if answer.status in {200, 204} and status_url is None:
            result_url = None
        return cls(name, target, status_url, result_url, answer.retry_after)

    @property
    def title(self) -> str:
        """`stop of ci-anna`."""
        return f"{self.name} of {self.target}"
