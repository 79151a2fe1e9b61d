"""Logs of several processes as one, by the times that their lines begin with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge

from msgspec import Struct, field

from amltui.domain.log_stamp import stamp
from amltui.domain.log_text import plain
from amltui.domain.log_window import LogWindow

Place = tuple[int, int]
"""Which source a merged line is of, and its offset there."""
_BEFORE = -1e18
_INKS = (36, 33, 35, 32, 34, 31)


class Source(Struct):
    """One process's log, and the times of its lines as far as they are read."""

    label: str
    window: LogWindow
    times: dict[int, float | None] = field(default_factory=dict)
    """By offset: POSIX seconds; None for a line that begins with no moment."""

    def lines(self) -> Iterator[tuple[float | None, int, int]]:
        """Time, offset and row of every finished line; a line without a time has the one before."""
        window, last = self.window, None
        for row in range(window.finished):
            offset = window.starts[row]
            if offset not in self.times:
                said = stamp(plain(window.text(row)))
                self.times[offset] = said.at.timestamp() if said else None
            own = self.times[offset]
            last = own if own is not None else last
            yield last, offset, row

    @property
    def since(self) -> float | None:
        """From when on all of it is held; None where nothing says when it is."""
        if self.window.base == 0:
            return _BEFORE
        return next((at for at, _, _ in self.lines() if at is not None), None)


class Merged(Struct, frozen=True):
    """All of it as one text."""

    window: LogWindow
    places: tuple[Place, ...]
    """Of each line, where it came from."""
    since: float | None
    """POSIX seconds before which not every process's lines are held; None if all are."""
    timeless: tuple[str, ...]
    """Labels of those left out: none of the lines that are held has a time."""

    def row_of(self, place: Place) -> int | None:
        return self.places.index(place) if place in self.places else None


def merged(sources: Sequence[Source]) -> Merged:
    """Lines in the order of their times; of one time, in the order of the sources."""
    begins = [source.since for source in sources]
    horizon = max((begin for begin in begins if begin is not None), default=_BEFORE)
    timeless = tuple(
        source.label for source, begin in zip(sources, begins, strict=True) if begin is None
    )
    streams = [
        _stream(number, source, horizon)
        for number, source in enumerate(sources)
        if begins[number] is not None
    ]
    places: list[Place] = []
    pieces: list[bytes] = []
    widest = max((len(source.label) for source in sources), default=0)
    for _, number, offset, row in merge(*streams):
        source = sources[number]
        label = f"\x1b[{_INKS[number % len(_INKS)]}m{source.label:>{widest}}│\x1b[m "
        pieces += (label.encode(), _last(source.window.raw(row)), b"\n")
        places.append((number, offset))
    window = LogWindow()
    window.append(b"".join(pieces))
    dropped = len(places) - window.finished
    since = horizon if horizon != _BEFORE else None
    return Merged(window, tuple(places[dropped:]), since, timeless)


def _stream(number: int, source: Source, horizon: float) -> Iterator[tuple[float, int, int, int]]:
    for at, offset, row in source.lines():
        known = _BEFORE if at is None else at
        if known >= horizon:
            yield known, number, offset, row


def _last(raw: bytes) -> bytes:
    """A bar at its last state: the label before it must not be overwritten."""
    states = [state for state in raw.split(b"\r") if state.strip()]
    return states[-1] if states else b""
