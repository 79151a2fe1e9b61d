"""The terminal's style as it was last set, and the shortest way to the next one."""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace


class Look(Struct, frozen=True):
    """How a cell is drawn: what SGR and OSC 8 say of it."""

    flags: frozenset[str] = frozenset()
    """Bold, dim, underline …, by their SGR numbers."""
    ink: str = ""
    """The foreground: `38;2;255;0;0`; empty is the terminal's own."""
    ground: str = ""
    link: str = ""
    """What opens the link, in full; empty where there is none."""

    @classmethod
    def of(cls, codes: str, link: str = "") -> Look:
        """From the parameters of an SGR sequence: `1;38;2;255;0;0;48;5;17`."""
        flags: set[str] = set()
        ink = ground = ""
        parts = codes.split(";") if codes else []
        at = 0
        while at < len(parts):
            code = parts[at]
            length = 1
            if code in {"38", "48"}:
                length = 5 if parts[at + 1 : at + 2] == ["2"] else 3
            whole = ";".join(parts[at : at + length])
            number = int(code) if code.isdigit() else -1
            if number == 38 or 30 <= number <= 37 or 90 <= number <= 97:
                ink = whole
            elif number == 48 or 40 <= number <= 47 or 100 <= number <= 107:
                ground = whole
            elif code == "39":
                ink = ""
            elif code == "49":
                ground = ""
            elif code == "0":
                flags, ink, ground = set(), "", ""
            else:
                flags.add(whole)
            at += length
        return cls(frozenset(flags), ink, ground, link)


PLAIN = Look()
_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "7": "27", "9": "29"}
"""What ends a flag without ending the others; the rest are too rare to be relied on."""
_CLOSE = "\x1b]8;;\x1b\\"


class Pen(Struct):
    """Writes what has to be said to get from one look to another."""

    look: Look | None = None
    """None is whatever somebody else has left."""
    _known: dict[tuple[Look | None, Look], str] = field(default_factory=dict)

    def take(self, look: Look) -> str:
        """The sequence that makes the terminal draw like that."""
        said = self._between(self.look, look)
        self.look = look
        return said

    def distance(self, start: Look | None, look: Look) -> int:
        """Bytes from one look to another."""
        return len(self._between(start, look))

    def lift(self) -> str:
        """Close a link; the style stays, for the next frame often begins with it."""
        if self.look is None or not self.look.link:
            return ""
        return self.take(replace(self.look, link=""))

    def _between(self, start: Look | None, look: Look) -> str:
        if look == start:
            return ""
        change = (start, look)
        said = self._known.get(change)
        if said is None:
            if len(self._known) > 10_000:
                self._known.clear()
            said = self._known[change] = _change(*change)
        return said


def _change(old: Look | None, new: Look) -> str:
    anew = ["0", *sorted(new.flags), *filter(None, (new.ink, new.ground))]
    whole = f"\x1b[{';'.join(anew)}m" if len(anew) > 1 else "\x1b[m"
    if old is None:
        return new.link + whole
    link = "" if old.link == new.link else new.link or _CLOSE
    gone = old.flags - new.flags
    if not gone <= _OFF.keys():
        return link + whole
    off = {_OFF[flag] for flag in gone}
    # 22 ends bold and dim alike
    on = new.flags - old.flags | (new.flags & {"1", "2"} if "22" in off else set())
    codes = [*sorted(off), *sorted(on)]
    if old.ink != new.ink:
        codes.append(new.ink or "39")
    if old.ground != new.ground:
        codes.append(new.ground or "49")
    if not codes:
        return link
    partial = f"\x1b[{';'.join(codes)}m"
    return link + min(partial, whole, key=len)
