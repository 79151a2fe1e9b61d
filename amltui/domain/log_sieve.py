"""Which lines of a log match a pattern: found in slices, so that a screen stays alive meanwhile."""

from __future__ import annotations

import re
import time
from array import array
from bisect import bisect_left

from amltui.domain.log_text import plain
from amltui.domain.log_window import LogWindow

LOOKED_AT = 4000
"""Characters of a line that are matched: a pattern may cost the square of them."""
AT_ONCE = 64
"""Lines between two looks at the clock."""


def compiled(pattern: str) -> re.Pattern[str]:
    """A regular expression, or literal text where it is none; capitals make it mind the case."""
    flags = re.NOFLAG if pattern != pattern.lower() else re.IGNORECASE
    try:
        return re.compile(pattern, flags)
    except re.error:
        return re.compile(re.escape(pattern), flags)


class Sieve:
    """Keeps the offsets of matching lines of a window while that grows and shrinks.

    `!` before the pattern keeps the lines that do not match.
    """

    def __init__(self, words: str) -> None:
        self.words = words
        self.inverse = words.startswith("!") and len(words) > 1
        self.pattern = compiled(words[1:] if self.inverse else words)
        self.hits: array[int] = array("q")
        self.open: int | None = None
        """Offset of the unfinished last line, while that matches."""
        self._low = self._high = -1

    def keeps(self, text: str) -> bool:
        """Whether a line passes."""
        return (self.pattern.search(text[:LOOKED_AT]) is None) == self.inverse

    def restart(self) -> None:
        """Nothing of what was sifted is held any more."""
        self.hits, self.open, self._low, self._high = array("q"), None, -1, -1

    def scan(self, window: LogWindow, seconds: float) -> bool:
        """Sift what is new, for about so long; whether all lines of the window are sifted."""
        deadline = time.perf_counter() + seconds
        starts = window.starts
        if not starts:
            return True
        self._cut(starts[0], starts[-1])
        if self._low < 0:  # begin at the end: that is what is looked at
            self._low = self._high = starts[-1]
        row, last = bisect_left(starts, self._high), window.finished
        while row < last:
            stop = min(last, row + AT_ONCE)
            self.hits.extend(self._kept(window, row, stop))
            row, self._high = stop, starts[stop]
            if time.perf_counter() > deadline:
                return False
        ended = starts[-1]
        is_open = ended < window.end and self.keeps(plain(window.text(last)))
        self.open = ended if is_open else None
        row = bisect_left(starts, self._low)
        while row > 0:
            first = max(0, row - AT_ONCE)
            self.hits[:0] = array("q", self._kept(window, first, row))
            row, self._low = first, starts[first]
            if time.perf_counter() > deadline:
                return row == 0
        return True

    def _kept(self, window: LogWindow, first: int, stop: int) -> list[int]:
        return [
            window.starts[row] for row in range(first, stop) if self.keeps(plain(window.text(row)))
        ]

    def _cut(self, first: int, last: int) -> None:
        """Forget what the window has dropped."""
        if self._low < 0:
            return
        if self._high < first or self._low > last:
            self.restart()
            return
        if self._low < first:
            del self.hits[: bisect_left(self.hits, first)]
            self._low = first
        if self._high > last:
            del self.hits[bisect_left(self.hits, last) :]
            self._high = last
