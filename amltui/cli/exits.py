"""How the program ends: exit codes, and the one sentence that goes with them."""

from __future__ import annotations

import sys

DONE, FAILED, USAGE, NOT_SIGNED_IN, NOT_FOUND = 0, 1, 2, 3, 4
INTERRUPTED, BROKEN_PIPE = 130, 141

_CODES = {
    "NotSignedIn": NOT_SIGNED_IN,
    "NotAllowed": NOT_SIGNED_IN,
    "NotFound": NOT_FOUND,
    "Ambiguous": USAGE,
    "AzureError": FAILED,
}
"""By error class; one that is not here counts as its parent."""


class Usage(Exception):
    """What was asked for makes no sense; `str()` is one sentence that says what would."""


def code_of(error: Exception) -> int:
    """The exit code for an error that has been told to the user."""
    if isinstance(error, Usage):
        return USAGE
    names = (kind.__name__ for kind in type(error).__mro__)
    return next((_CODES[name] for name in names if name in _CODES), FAILED)


def sentence(error: Exception) -> str:
    """An error in one line, with the request id that Azure support asks for."""
    from amltui.kinds.format import one_line

    request_id = getattr(error, "request_id", None)
    text = one_line(str(error)) or type(error).__name__
    return f"{text} (request {one_line(request_id)})" if request_id else text


def say(text: str) -> None:
    """A line for the person at the terminal, if there is one; data goes to stdout instead."""
    try:
        print(f"amltui: {text}", file=sys.stderr, flush=True)
    except OSError:
        pass


def worst(codes: list[int]) -> int:
    """The code of several attempts: any failure counts, and a shared reason is kept."""
    failures = {code for code in codes if code != DONE}
    if not failures:
        return DONE
    return failures.pop() if len(failures) == 1 else FAILED
