"""Bytes of a log file to lines of text that cannot act on a terminal."""

from __future__ import annotations

import codecs
import re
from collections import deque
from dataclasses import dataclass, field

_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor movement
    r"|\x1b[\]PX^_].*?(?:\x07|\x1b\\|$)"  # OSC, DCS, SOS, PM, APC: titles, links, clipboard
    r"|\x1b[ -/]*[0-~]"  # two-character escapes
)
MOST_LINES = 100_000
"""Lines kept; older ones are counted, not kept."""
LONGEST = 10_000
"""Characters of a line without an end after which it is cut, so that no line is unbounded."""


@dataclass
class LogLines:
    """Appends bytes, keeps lines. A `\\r` overwrites its line, as progress bars mean it to."""

    lines: deque[str] = field(default_factory=lambda: deque(maxlen=MOST_LINES))
    dropped: int = 0
    """Lines at the start that are no longer kept."""
    _decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8-sig")("replace")
    )
    _open: str = ""

    def feed(self, data: bytes) -> None:
        """Take what was appended to the file."""
        text = self._open + self._decoder.decode(data)
        *whole, self._open = text.split("\n")
        for line in whole:
            self._append(plain(line))
        while len(self._open) > LONGEST:
            self._append(plain(self._open[:LONGEST]))
            self._open = self._open[LONGEST:]

    def _append(self, line: str) -> None:
        if len(self.lines) == MOST_LINES:
            self.dropped += 1
        self.lines.append(line)

    @property
    def unfinished(self) -> str:
        """The last line, as long as it has no end."""
        return plain(self._open)


def plain(line: str) -> str:
    """A line as it would look once printed, without colours: tabs set, overwritten parts gone."""
    if "\x1b" in line:
        line = _ESCAPES.sub("", line)
    line = line.rstrip("\r")
    if "\r" in line:
        line = line.rpartition("\r")[2]
    return line.expandtabs(8)
