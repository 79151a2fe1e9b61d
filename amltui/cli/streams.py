"""The standard streams, whatever they were left connected to."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path

_UNWRITABLE = {errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}


def prepare() -> None:
    """Have all three, and let the output take any text.

    What another program reads is UTF-8; a terminal that cannot show a character shows `?`.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # Left closed, its number would go to the next file or socket that is opened.
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            chosen = stream.isatty() or "PYTHONIOENCODING" in os.environ
            encoding = None if chosen else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace")


def is_unwritable(error: OSError) -> bool:
    """Whether this is about the output: its reader has left, or the disk is full."""
    return error.errno in _UNWRITABLE


def abandon_output() -> None:
    """Give stdout up. The interpreter would try to flush it once more at exit, and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
