"""The stretch of a log file that is held: its bytes, and where its lines begin."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right

MOST_BYTES = 32 * 1024 * 1024
"""Held at once; what is beyond is dropped at the end that is not looked at."""
KEPT = MOST_BYTES * 3 // 4
"""Held after something was dropped, so that not every line drops another."""
LONGEST = 16 * 1024
"""Bytes of a line without an end after which it is cut, so that no line is unbounded."""
_BOM = b"\xef\xbb\xbf"


class LogWindow:
    """Grows at both ends. Lines are known by their offset in the file, which nothing moves.

    An index costs eight bytes a line and is made of what has been read only: of a file of a
    gigabyte whose last megabyte is held, nobody counts the lines before.
    """

    def __init__(self, base: int = 0) -> None:
        self.base = base
        """Offset of the first byte that is held."""
        self.starts: array[int] = array("q", [0] if base == 0 else [])
        """Offsets at which lines begin; the last may be the end itself."""
        self.data = bytearray()

    @property
    def end(self) -> int:
        """Offset after the last byte that is held."""
        return self.base + len(self.data)

    def __len__(self) -> int:
        """Lines, the unfinished one at the end included."""
        return len(self.starts) - bool(self.starts and self.starts[-1] == self.end)

    @property
    def finished(self) -> int:
        """Lines that have come to their end."""
        return max(0, len(self.starts) - 1)

    def append(self, data: bytes) -> None:
        """Take the bytes after `end`."""
        self.data += data
        if not self.starts and self.data:
            self.starts.append(self._first())
        if self.starts:
            begin = self.starts.pop()
            self.starts.extend(self._lines(begin, self.end))
        if len(self.data) > MOST_BYTES:
            self.keep(KEPT)

    def keep(self, most: int) -> None:
        """Hold the lines of the last so many bytes only."""
        if len(self.data) > most and self.starts:
            at = bisect_left(self.starts, self.end - most)
            self.drop(min(at, len(self.starts) - 1))

    def drop(self, rows: int) -> None:
        """Hold the first lines no longer."""
        if rows >= len(self.starts):
            self.starts.append(self.end)
        del self.data[: self.starts[rows] - self.base]
        self.base = self.starts[rows]
        del self.starts[:rows]

    def prepend(self, data: bytes) -> None:
        """Take the bytes before `base`."""
        self.data[:0] = data
        self.base -= len(data)
        known = self.starts[0] if self.starts else self.end
        begin = 0 if self.base == 0 else self._first()
        if begin < known:
            earlier = array("q", self._lines(begin, known))
            if self.starts and earlier[-1] == known:
                earlier.pop()
            self.starts[:0] = earlier
        if len(self.data) > MOST_BYTES:
            at = bisect_right(self.starts, self.base + KEPT)
            at = min(at, len(self.starts) - 1)
            del self.data[self.starts[at] - self.base :]
            del self.starts[at + 1 :]

    def row(self, offset: int) -> int:
        """The line in which an offset lies, or the nearest that is held."""
        return min(max(0, bisect_right(self.starts, offset) - 1), max(0, len(self) - 1))

    def raw(self, row: int) -> bytes:
        """A line without its end."""
        start = self.starts[row] - self.base
        stop = self.starts[row + 1] - self.base if row + 1 < len(self.starts) else len(self.data)
        line = bytes(self.data[start:stop])
        if start == 0 and self.base == 0:
            line = line.removeprefix(_BOM)
        return line.rstrip(b"\r\n")

    def text(self, row: int) -> str:
        """A line as it was written, escapes and all; what is not UTF-8 is marked."""
        return self.raw(row).decode("utf-8", "replace")

    def _first(self) -> int:
        """Where the first line begins of which all is held; a line too long is begun anywhere."""
        at = self.data.find(b"\n", 0, LONGEST)
        return self.base + at + 1 if at >= 0 else self._whole(self.base)

    def _lines(self, begin: int, stop: int) -> list[int]:
        """Offsets of the lines in [begin, stop], the one at `begin` included."""
        find, base, starts = self.data.find, self.base, [begin]
        at = begin
        while True:
            found = find(b"\n", at - base, min(stop, at + LONGEST) - base)
            if found >= 0:
                at = base + found + 1
            elif at + LONGEST < stop:
                at = self._whole(at + LONGEST)
            else:
                return starts
            starts.append(at)

    def _whole(self, offset: int) -> int:
        """The next offset at which a character of UTF-8 begins."""
        for step in range(4):
            at = offset + step - self.base
            if at >= len(self.data) or self.data[at] & 0xC0 != 0x80:
                return offset + step
        return offset
