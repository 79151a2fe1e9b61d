"""What the program runs in: the terminal's abilities, proxies and certificates."""

from __future__ import annotations

import locale
import os
import shutil
import sys

SMALLEST = (60, 16)
"""Columns and lines in which the dashboard is of use."""


def terminal() -> list[tuple[str, bool | None, str]]:
    """What can be said of it, whether that is right, and how it is; None where none is asked."""
    size = shutil.get_terminal_size()
    around = {"TMUX": "tmux", "STY": "screen", "SSH_CONNECTION": "SSH"}
    inside = [name for variable, name in around.items() if os.environ.get(variable)]
    kind = os.environ.get("TERM") or "not set"
    colours = os.environ.get("COLORTERM") or "not announced"
    encoding = locale.getpreferredencoding(False)
    large = size.columns >= SMALLEST[0] and size.lines >= SMALLEST[1]
    unicode = "UTF" in encoding.upper()
    facts = (
        (
            "terminal",
            kind not in {"not set", "dumb"},
            f"TERM {kind}, COLORTERM {colours}, {', '.join(inside) or 'no multiplexer'}",
        ),
        (
            "size",
            large,
            f"{size.columns}×{size.lines}"
            + ("" if large else f"; the dashboard wants {SMALLEST[0]}×{SMALLEST[1]}"),
        ),
        ("encoding", unicode, encoding + ("" if unicode else "; set LC_ALL to a UTF-8 locale")),
    )
    matters = sys.stdout.isatty()
    return [(what, right if matters else None, told) for what, right, told in facts]


def network() -> list[str]:
    """Variables that decide how the network is reached. Names only: a proxy may hold a password."""
    names = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
    return [name for name in names if os.environ.get(name) or os.environ.get(name.lower())]
