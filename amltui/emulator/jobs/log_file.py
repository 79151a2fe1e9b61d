"""An append-only file of unbounded length whose bytes are computed where they are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

ROOM = 4
"""Bytes that a line can grow by."""


@dataclass(frozen=True)
class Lines:
    """Endless lines, their widths repeating in a cycle: that makes offsets arithmetic."""

    cycle: int
    """How many lines there are until the widths repeat."""
    render: Callable[[int], bytes]
    """The line of an index; it is padded or cut to its width."""

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """Bytes of each line of the cycle, the line end included.

        They are those of its first appearance, with room for numbers to grow. A list of folders
        needs none of them, and they cost more than all else about a log.
        """
        return tuple(len(self.render(place)) + ROOM for place in range(self.cycle))

    def line(self, index: int) -> bytes:
        width = self.widths[index % len(self.widths)]
        return self.render(index)[: width - 1].ljust(width - 1) + b"\n"

    def offset(self, index: int) -> int:
        """Where a line begins."""
        rounds, rest = divmod(index, len(self.widths))
        return rounds * sum(self.widths) + sum(self.widths[:rest])

    def read(self, start: int, stop: int) -> bytes:
        """The bytes [start, stop)."""
        starts = [0, *accumulate(self.widths)]
        rounds, rest = divmod(start, starts[-1])
        within = next(place for place in range(len(self.widths)) if rest < starts[place + 1])
        index = rounds * len(self.widths) + within
        begin = at = self.offset(index)
        pieces = []
        while at < stop:
            pieces.append(self.line(index))
            at += len(pieces[-1])
            index += 1
        return b"".join(pieces)[start - begin : stop - begin]


@dataclass(frozen=True)
class LogFile:
    """A log: some first lines, endless progress, some last lines, each with its moment."""

    head: Sequence[tuple[float, bytes]] = ()
    body: Lines | None = None
    body_count: Callable[[float], int] = field(default=lambda now: 0)
    """How many progress lines there are at a moment."""
    tail: Sequence[tuple[float, bytes]] = ()
    """Written after the progress has come to its end."""

    def size(self, now: float) -> int:
        head, body, tail = self._sizes(now)
        return head + body + tail

    def read(self, start: int, stop: int, now: float) -> bytes:
        """The bytes [start, stop), as far as they are written."""
        head, body, tail = self._sizes(now)
        pieces = []
        if start < head:
            pieces.append(_written(self.head, now)[start:stop])
        if self.body is not None and start < head + body and stop > head:
            pieces.append(self.body.read(max(0, start - head), min(body, stop - head)))
        if tail and stop > head + body:
            rest = max(0, start - head - body)
            pieces.append(_written(self.tail, now)[rest : stop - head - body])
        return b"".join(pieces)

    def _sizes(self, now: float) -> tuple[int, int, int]:
        head = sum(len(line) for at, line in self.head if at <= now)
        complete = all(at <= now for at, _ in self.head)
        count = self.body_count(now) if complete else 0
        body = self.body.offset(count) if self.body is not None else 0
        tail = sum(len(line) for at, line in self.tail if at <= now) if complete else 0
        return head, body, tail


def _written(lines: Sequence[tuple[float, bytes]], now: float) -> bytes:
    return b"".join(line for at, line in lines if at <= now)
