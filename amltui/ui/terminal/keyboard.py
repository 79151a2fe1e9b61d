"""Keys as kitty's protocol writes them, also with what was not asked for.

Textual asks for all keys as numbers, with their text. A terminal that tells more, that a key was
held or let go, or what it is on other layouts, would end the program: those are not numbers.
"""

from __future__ import annotations

_LET_GO = ":3"


def asked_for(sequence: str) -> str:
    """The sequence of a key without the rest; empty for one that was let go."""
    if not (sequence.startswith("\x1b[") and ":" in sequence):
        return sequence
    key, *more = sequence[2:-1].split(";")
    if more and more[0].endswith(_LET_GO):
        return ""
    parts = [each.partition(":")[0] for each in (key, *more[:1])]
    return f"\x1b[{';'.join([*parts, *more[1:]])}{sequence[-1]}"
