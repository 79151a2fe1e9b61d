"""The first error in a log, and which of several processes' errors came first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeVar

from msgspec import Struct

from amltui.domain.log_stamp import stamp
from amltui.domain.log_text import plain
from amltui.domain.log_window import LogWindow

K = TypeVar("K")

_TRACEBACK = "Traceback (most recent call last):"
_PREFIX = re.compile(r"\s?\[?(?:rank|default|stderr)?\d*\]?:\s")
"""What torchrun and the like put before each line: `[rank3]: `."""
_WRONG = re.compile(
    r"\b(?:ERROR|CRITICAL|FATAL|Fatal Python error|Segmentation fault|core dumped|Killed"
    r"|CUDA error|out of memory|No space left on device|command not found"
    r"|(?:exited|exit|failed) with (?:exit )?(?:code|status)(?: code)? [1-9]\d*)\b"
    r"|^(?:\w+\.)*\w*(?:Error|Exception): "
)
_COLLATERAL = re.compile(
    r"ChildFailedError|ProcessGroupNCCL|DistBackendError|[Rr]emote rank|remote process exited"
    r"|Connection (?:reset|closed) by peer|Broken ?Pipe|SIGTERM|Socket Timeout"
    r"|exited with (?:code|status)"
)
"""What one process says when another one has died."""
LONGEST_TRACEBACK = 2000
"""Lines after which a traceback without an end is given up."""


class Finding(Struct, frozen=True):
    """An error in a log."""

    offset: int
    """Of the line that says what is wrong."""
    summary: str
    at: datetime | None = None
    """The last moment that was written before it."""
    is_traceback: bool = False

    @property
    def is_collateral(self) -> bool:
        """Whether it is probably the consequence of an error elsewhere."""
        return _COLLATERAL.search(self.summary) is not None

    @property
    def weight(self) -> tuple[bool, bool, datetime]:
        """Sort key: causes before consequences, tracebacks before remarks, the earliest first."""
        return self.is_collateral, not self.is_traceback, self.at or _NEVER


_NEVER = datetime.max.replace(tzinfo=UTC)


def first_error(window: LogWindow) -> Finding | None:
    """The error that explains most of what is held; of several alike, the first."""
    found: list[Finding] = []
    last: datetime | None = None
    row = 0
    while row < len(window):
        text = plain(window.text(row))
        stamped = stamp(text)
        if stamped is not None:
            last = stamped.at
        if text.rstrip().endswith(_TRACEBACK):
            row = _summary(window, row)
            text = _bare(plain(window.text(row)))
            found.append(Finding(window.starts[row], text.strip(), last, is_traceback=True))
        elif _WRONG.search(text):
            said = text[stamped.length :] if stamped else text
            found.append(Finding(window.starts[row], said.strip(), last))
        row += 1
    return (
        min(enumerate(found), key=lambda pair: (*pair[1].weight[:2], pair[0]))[1] if found else None
    )


def earliest(findings: Iterable[tuple[K, Finding]]) -> tuple[K, Finding] | None:
    """The one that came first, whichever process says so; of two at once, the first given."""
    return min(findings, key=lambda pair: pair[1].weight, default=None)


def _summary(window: LogWindow, row: int) -> int:
    """The line that ends the traceback which begins in a row: `KeyError: 'label'`."""
    last = min(len(window), row + LONGEST_TRACEBACK)
    for at in range(row + 1, last):
        text = _bare(plain(window.text(at)))
        if text and not text.startswith((" ", "\t", "Traceback")):
            return at
    return last - 1


def _bare(text: str) -> str:
    """Without the prefix of a launcher and without a moment."""
    prefix = _PREFIX.match(text)
    if prefix is not None:
        text = text[prefix.end() :]
    stamped = stamp(text)
    return text[stamped.length :] if stamped else text
